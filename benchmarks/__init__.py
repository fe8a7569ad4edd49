"""Measurements: the ratios that the course is designed for, side by side in one run."""
