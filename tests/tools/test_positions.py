"""Positions of live figures: what is written is what differs when a figure changes."""

import copy

import pytest

from helpers import subplots
from helpers.live import explore, slider, steps
from tools import positions


@pytest.fixture(scope="module")
def figure():
    """A live figure of a line and a point."""
    _, ax = made = subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))

    def update(a, step_num):
        ax.plot([0, step_num], [0, a])
        ax.plot([a], [5], "o")
        return {"積": a * step_num, "目標": a > 3}

    return explore(made[0], update, a=slider("a", range(1, 9), 2), step_num=steps(10))


def test_the_start_both_ends_and_some_by_lot_are_written(figure):
    written = positions.witnesses(figure)
    assert {"1,10", "0,10", "7,10", "1,0"} <= set(written)
    assert 10 <= len(written) <= 5 + positions.DRAWN
    assert written["7,10"]["facts"] == {"積": "80", "目標": "達成"}
    assert [stroke[0] for stroke in written["1,10"]["strokes"]] == ["path", "markers"]


def test_the_same_figure_is_the_same(figure):
    written, again = positions.witnesses(figure), positions.witnesses(figure)
    assert list(positions.differences(written, again)) == []


def change_fact(shown):
    shown["facts"]["目標"] = "達成"


def change_stroke(shown):
    shown["strokes"][0][2] += positions.NEAR + 1


def drop_stroke(shown):
    del shown["strokes"][1]


def raise_error(shown):
    shown["error"] = "ZeroDivisionError"


@pytest.mark.parametrize("change", [change_fact, change_stroke, drop_stroke, raise_error])
def test_a_change_at_one_position_is_told_with_its_place(figure, change):
    written = positions.witnesses(figure)
    other = copy.deepcopy(written)
    change(other["0,10"])
    (told,) = positions.differences(written, other)
    assert told.startswith("position 0,10")


def test_a_hair_of_a_pixel_is_no_difference(figure):
    written = positions.witnesses(figure)
    other = copy.deepcopy(written)
    other["0,10"]["strokes"][0][2] += positions.NEAR
    assert list(positions.differences(written, other)) == []


def test_a_lost_position_is_told(figure):
    written = positions.witnesses(figure)
    assert list(positions.differences(written, {**written, "9,9": {}}))


def test_what_is_written_is_read_again(figure, monkeypatch, tmp_path):
    monkeypatch.setattr(positions, "FOLDER", tmp_path / "positions")
    written = {"cell": positions.witnesses(figure)}
    positions.write("01_x.ipynb", written)
    assert positions.read("01_x.ipynb") == written
    positions.write("01_x.ipynb", {})
    assert positions.read("01_x.ipynb") == {}
    assert not (tmp_path / "positions" / "01_x.json").exists()
