"""A figure keeps the names that it was drawn with, and knows which have changed since."""

import types

import numpy as np
import pytest

from helpers import subplots
from helpers.live.frozen import changed, foreign_axes, freeze, read_names

NOTEBOOK = """
import numpy as np
def f(x):
    return x ** 2
def slope(x):
    return (f(x + 1) - f(x)) / 1
rates = np.array([0.1, 0.2])
def update(x):
    return slope(x) + rates[0]
"""


@pytest.fixture
def notebook():
    """The names of a notebook, as the kernel holds them."""
    names = {}
    exec(NOTEBOOK, names)
    return names


def run(names, cell):
    exec(cell, names)


def test_a_frozen_update_does_not_see_what_is_bound_later(notebook):
    frozen = freeze(notebook["update"])
    before = frozen(3)
    run(notebook, "def f(x):\n    return 0 * x\nrates = np.array([9.0])")
    assert frozen(3) == before == 7.1
    assert notebook["update"](3) == 9.0


def test_what_update_reads_through_other_functions_is_known(notebook):
    names = read_names(notebook["update"])
    assert set(names) == {"f", "slope", "rates"}


def test_a_changed_function_two_calls_away_is_named(notebook):
    then = read_names(notebook["update"])
    run(notebook, "def f(x):\n    return x ** 3")
    assert changed(then, notebook) == ["f"]


@pytest.mark.parametrize(
    "cell",
    [
        NOTEBOOK,  # the same cells once more
        "\n\n# a comment\ndef f(x):\n    return x ** 2",
        "rates = np.array([0.1, 0.2])",
        "unrelated = 5",
    ],
)
def test_running_the_same_again_changes_nothing(notebook, cell):
    then = read_names(notebook["update"])
    run(notebook, cell)
    assert changed(then, notebook) == []


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("rates = np.array([0.1, 0.3])", "rates"),
        ("rates = [0.1, 0.2]", "rates"),
        ("del rates", "rates"),
        ("def f(x, p=3):\n    return x ** 2", "f"),
        ("def slope(x):\n    return (f(x + 1) - f(x)) / 2", "slope"),
    ],
)
def test_another_value_is_named(notebook, cell, name):
    then = read_names(notebook["update"])
    run(notebook, cell)
    assert changed(then, notebook) == [name]


def test_axes_are_not_watched_but_those_of_another_figure_are_refused():
    first, left = subplots()
    second, right = subplots()
    update = types.FunctionType(
        compile("lambda x: left.plot([0, x])", "", "eval").co_consts[0], {"left": left}
    )
    assert read_names(update) == {}
    assert foreign_axes(update, first) == []
    assert foreign_axes(update, second) == ["left"]
    assert right


def test_defaults_and_keyword_defaults_are_kept():
    def update(x, a=2, *, b=3):
        return x + a + b

    assert freeze(update)(1) == 6


def test_what_is_no_plain_function_is_left_alone():
    assert freeze(np.sin) is np.sin
    assert read_names(np.sin) == {}


def test_an_attribute_is_no_name_that_update_reads():
    names = {"grad": 1, "f": types.SimpleNamespace(grad=2)}
    exec("def update(a):\n    return a + f.grad", names)
    assert read_names(names["update"]) == {"f": names["f"]}
    assert freeze(names["update"])(3) == 5
