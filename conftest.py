"""Root of the test run: makes `pytest notebooks/NAME.ipynb` compare pictures too."""

import pytest

pytest_plugins = ["pytester", "tests.notebooks.plugin"]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    """Keep each file on one worker, a notebook above all; tests may divide their file further.

    The group "site" is whole: its two files use one folder.
    """
    for item in items:
        if pytest.mark.xdist_group("site").mark not in item.iter_markers():
            item.add_marker(pytest.mark.xdist_group(item.path.name))
