"""A class on JupyterHub; README.md is the guide for teachers."""
