"""Root of the test run: makes `pytest notebooks/NAME.ipynb` compare pictures too."""

import pytest

pytest_plugins = ["pytester", "tests.notebooks.plugin"]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """Keep each file on one worker, a notebook above all; tests may divide their file further."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.name))
