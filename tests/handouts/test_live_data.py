"""A live figure's load for a page: which positions it has, and that nothing is lost on the way."""

import base64
import json
import zlib

import pytest

from handouts.live import grid_counts, live, page_positions, picture, stops
from helpers import choice, explore, linear, show, slider, steps, subplots


def figure_of(drag=None, **controls):
    """A live figure that draws a point for its sliders."""
    made, ax = subplots(width=3, height=2)
    ax.set(xlim=(0, 9), ylim=(0, 9))
    names = list(controls)

    def update(**values):
        ax.plot([len(str(values[names[0]]))], [1], "o")
        return {"値": " ".join(map(str, values.values()))}

    explorer = explore(made, lambda **values: update(**values), **controls)
    explorer.drag = {ax: drag} if drag else {}
    return explorer


def unpacked(data):
    """Return the head of a load."""
    raw = zlib.decompress(base64.b64decode(data["packed"]))
    length = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + length])


def test_there_is_a_frame_for_every_position_with_its_facts_and_the_start_first():
    explorer = figure_of(x=slider("横", range(1, 5), 2), y=slider("縦", range(1, 4), 3))
    data = live(explorer)
    frames = unpacked(data)["frames"]
    assert data["count"] == len(frames) == 4 * 3
    assert frames[0][0] == [1, 2]
    told = {tuple(key): facts for key, _, facts, _ in frames}
    assert told[3, 0] == [["値", "4 1"]]
    assert data["thinned"] == data["fixed"] == []


def test_the_load_is_the_same_when_made_again():
    make = lambda: figure_of(x=slider("横", range(1, 5), 2), m=choice("手法", ["A", "B"]))  # noqa: E731
    assert live(make()) == live(make())


def test_rate_and_steps_stay_fine_and_the_others_are_thinned():
    explorer = figure_of(
        lr=slider("学習率 lr", range(1, 61), 7),
        step_num=steps(100, 30),
        seed=slider("種", range(20), 3),
    )
    positions = page_positions(explorer, 2000)
    assert 1000 <= len(positions) <= 2000
    rates, step_nums, seeds = (set(places) for places in zip(*positions, strict=True))
    assert {0, 6, 59} <= rates
    assert {0, 30, 100} <= step_nums
    assert min(len(rates), len(step_nums)) >= 18
    assert seeds >= {0, 3, 19}


def test_lists_of_names_are_all_kept_while_numbers_can_be_thinned():
    explorer = figure_of(
        method=choice("手法", list("abcdef")),
        lr=slider("学習率 lr", range(1, 61), 7),
        step_num=steps(100, 30),
    )
    positions = page_positions(explorer, 2000)
    assert len({position[0] for position in positions}) == 6


def test_a_point_that_is_dragged_has_a_plane_of_its_own():
    explorer = figure_of(
        drag=("a", "b"),
        a=slider("a", linear(0, 4, 0.05), 1),
        b=slider("b", linear(0, 4, 0.05), 2),
        lr=slider("学習率 lr", range(1, 61), 7),
        step_num=steps(100, 30),
    )
    positions = page_positions(explorer, 2000)
    start = explorer.start
    plane = {position[:2] for position in positions if position[2:] == start[2:]}
    assert len(plane) > 500
    data = live(explorer)
    assert "a" in data["thinned"]


@pytest.mark.parametrize(("count", "kept"), [(1, [4]), (3, [0, 4, 10]), (11, list(range(11)))])
def test_the_stops_that_are_kept_have_both_ends_and_the_start(count, kept):
    assert stops(slider("x", range(11), 4), count) == kept


def test_few_positions_are_all_kept():
    controls = {"a": slider("a", range(9)), "lr": slider("lr", range(9))}
    assert grid_counts(list(controls.values()), list(controls), 2000) == [9, 9]


def test_a_picture_is_a_figure_with_one_position():
    made, ax = subplots(width=3, height=2)
    ax.plot([0, 1], [0, 1])
    data = picture(show(made, "線1本。"))
    assert [frame[0] for frame in unpacked(data)["frames"]] == [[]]
    assert (data["card"]["alt"], data["card"]["controls"]) == ("線1本。", [])
