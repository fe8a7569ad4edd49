"""Regression of the notebooks: execute them again, compare text and pictures, check hygiene."""
