"""Root of the test run: makes `pytest notebooks/NAME.ipynb` compare pictures too."""

pytest_plugins = ["pytester", "tests.notebooks.plugin"]
