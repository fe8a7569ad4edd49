"""Everything that explore can be given wrong has its Japanese error; its examples run."""

import doctest

import pytest

import helpers.live
from helpers import subplots
from helpers.live import choice, explore, slider


def test_the_examples_of_the_docstrings_run():
    for module in (helpers.live, helpers.live.controls):
        found = doctest.testmod(module)
        assert found.attempted >= 4
        assert found.failed == 0


def draws(a):
    return {"a": a}


FIGURE, (LEFT, RIGHT) = subplots(2)
OTHER, OTHER_AX = subplots()
SOLID, SOLID_AX = subplots(projection="3d")
A = slider("a", [1, 2])


def draws_elsewhere(a):
    OTHER_AX.plot([0, a])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: explore(None, draws, a=A), "figure には subplots()"),
        (lambda: explore(LEFT, draws, a=A), "figure には subplots()"),
        (lambda: explore(FIGURE, None, a=A), "update には関数"),
        (lambda: explore(FIGURE, draws, alt=3, a=A), "alt（図の説明）"),
        (lambda: explore(FIGURE, draws, goal=True, a=A), "goal（目標）"),
        (lambda: explore(FIGURE, draws, predict="いくつ？", a=A), "predict は"),
        (lambda: explore(FIGURE, draws, predict=("いくつ？", ["1つ"]), a=A), "predict は"),
        (lambda: explore(FIGURE, draws, predict=("いくつ？", "12"), a=A), "predict は"),
        (lambda: explore(FIGURE, draws, predict=(3, ["1", "2"]), a=A), "predict は"),
        (lambda: explore(FIGURE, draws, a=[1, 2]), "slider(...)・steps(...)・choice(...)"),
        (lambda: explore(FIGURE, draws, a=(0, 1, 0.1)), "slider(...)・steps(...)・choice(...)"),
        (lambda: explore(FIGURE, draws, b=A), "スライダーと同じ名前"),
        (lambda: explore(FIGURE, draws, a=A, b=A), "スライダーと同じ名前"),
        (lambda: explore(FIGURE, draws), "スライダーと同じ名前"),
        (lambda: explore(FIGURE, lambda a: [LEFT], a=A), "辞書で return"),
        (lambda: explore(FIGURE, lambda a: {"目標": "達成"}, a=A), "真偽"),
        (lambda: explore(FIGURE, draws_elsewhere, a=A), "OTHER_AX は"),
        (lambda: explore(FIGURE, draws, drag=LEFT, a=A), "drag は"),
        (lambda: explore(FIGURE, draws, drag={OTHER_AX: "a"}, a=A), "この図の平面の Axes"),
        (lambda: explore(SOLID, draws, drag={SOLID_AX: "a"}, a=A), "この図の平面の Axes"),
        (lambda: explore(FIGURE, draws, drag={"左": "a"}, a=A), "この図の平面の Axes"),
        (lambda: explore(FIGURE, draws, drag={LEFT: "b"}, a=A), "数のスライダーの名前"),
        (lambda: explore(FIGURE, draws, drag={LEFT: ("a", "b")}, a=A), "数のスライダーの名前"),
        (lambda: explore(FIGURE, draws, drag={LEFT: (None, None)}, a=A), "数のスライダーの名前"),
        (lambda: explore(FIGURE, draws, drag={LEFT: 5}, a=A), "数のスライダーの名前"),
        (
            lambda: explore(FIGURE, draws, drag={LEFT: "a"}, a=choice("a", ["1", "2"])),
            "数のスライダーの名前",
        ),
    ],
)
def test_what_explore_cannot_use_is_refused_in_japanese(make, told):
    with pytest.raises(ValueError) as caught:
        make()
    assert told in str(caught.value)


def test_an_exception_of_update_at_the_start_comes_out_as_it_is():
    with pytest.raises(ZeroDivisionError):
        explore(FIGURE, lambda a: {"a": 1 / (a - 1)}, a=A)


def test_nothing_returned_means_no_facts():
    explorer = explore(FIGURE, lambda a: None, a=A)
    assert explorer.frame((0,)).facts == ()


def test_the_card_describes_everything_that_the_page_needs():
    explorer = explore(FIGURE, draws, goal="a を 2 に", drag={LEFT: "a"}, a=A)
    card = explorer.card
    assert (card["goal"], card["width"], card["height"]) == ("a を 2 に", 720, 346)
    assert card["controls"] == [
        {"name": "a", "label": "a", "kind": "range", "texts": ["1", "2"], "marks": [], "start": 0}
    ]
    assert card["drag"] == [{"axes": 0, "sliders": [0, None], "values": [[1, 2], None]}]
