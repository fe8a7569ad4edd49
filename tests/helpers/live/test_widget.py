"""What the kernel sends to a page: the wanted frame first, then its axis, and never unasked."""

import asyncio
import json
import time

import numpy as np
import pytest

from helpers import subplots
from helpers.live import choice, explore, slider, steps
from helpers.live import widget as widget_module


@pytest.fixture
def sent(monkeypatch):
    """The messages that live figures send."""
    messages = []
    monkeypatch.setattr(
        widget_module.Live, "send", lambda self, content, buffers=None: messages.append(content)
    )
    return messages


def live_figure(update=None, drag=False):
    figure, ax = subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    calls = []

    def default(a, b, step_num):
        calls.append((a, b, step_num))
        ax.plot([a], [b], "o")
        return {"和": a + b}

    explorer = explore(
        figure,
        update or default,
        drag={ax: ("a", "b")} if drag else None,
        a=slider("a", range(11), 5),
        b=slider("b", range(11), 5),
        step_num=steps(20, 10),
    )
    return explorer, calls


def positions(messages):
    """The positions sent, in order."""
    return [tuple(f[0]) for m in messages if m["kind"] == "frames" for f in m["head"]["frames"]]


def let_stream(seconds=2.0):
    """Let what was started run to its end."""

    async def wait():
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.01)

    return wait()


def test_nothing_is_sent_before_a_page_is_there(sent):
    explorer, _ = live_figure()
    explorer.sliders["a"].value = 7
    assert sent == []


def test_a_page_gets_the_wanted_frame_alone_and_then_all_axes_nearest_first(sent):
    async def page():
        explorer, _ = live_figure()
        explorer._receive({"kind": "ready"})
        first = list(sent)
        await let_stream()
        return first

    first = asyncio.run(page())
    assert positions(first) == [(5, 5, 10)]
    every = positions(sent)
    assert set(every[1:5]) <= {(4, 5, 10), (6, 5, 10), (3, 5, 10), (7, 5, 10)}
    assert len(every) == len(set(every)) == 1 + 10 + 10 + 20


def test_a_moved_slider_sends_its_place_first_then_its_axis(sent):
    async def page():
        explorer, _ = live_figure()
        explorer._receive({"kind": "ready"})
        await let_stream()
        sent.clear()
        explorer.sliders["a"].index = 0
        explorer.sliders["b"].index = 1
        await let_stream()

    asyncio.run(page())
    every = positions(sent)
    assert every[0] == (0, 1, 10)
    assert {position for position in every if position[0] == 0} >= {
        (0, b, 10) for b in range(11)
    } - {(0, 5, 10)}


def test_the_newest_wish_goes_before_what_was_begun(sent, monkeypatch):
    monkeypatch.setattr(widget_module, "SLICE", 0)

    async def page():
        explorer, _ = live_figure()
        explorer._receive({"kind": "ready"})
        await asyncio.sleep(0.02)
        so_far = len(positions(sent))
        explorer.sliders["step_num"].index = 20
        now = positions(sent)[so_far]
        await let_stream()
        return now

    assert asyncio.run(page()) == (5, 5, 20)


def test_dragging_is_prepared_around_the_point(sent):
    async def page():
        explorer, _ = live_figure(drag=True)
        explorer._receive({"kind": "ready"})
        await let_stream()

    asyncio.run(page())
    assert {(4, 4, 10), (6, 4, 10), (0, 0, 10), (10, 10, 10)} <= set(positions(sent))


def test_a_slow_update_is_not_asked_ahead(sent):
    figure, ax = subplots()
    times = []

    def update(a):
        times.append(a)
        time.sleep(0.06)
        ax.plot([a], [a], "o")

    async def page():
        explorer = explore(figure, update, a=slider("a", range(50)))
        times.clear()
        explorer._receive({"kind": "ready"})
        await let_stream()

    asyncio.run(page())
    assert len(positions(sent)) == 1


def test_an_exception_is_told_at_its_position_only(sent):
    figure, ax = subplots()

    def update(a):
        ax.plot([0, 1 / (a - 3)], [0, 1])

    async def page():
        explorer = explore(figure, update, a=slider("a", range(6)))
        explorer._receive({"kind": "ready"})
        await let_stream()

    asyncio.run(page())
    errors = {tuple(f[0]): f[3] for m in sent if m["kind"] == "frames" for f in m["head"]["frames"]}
    assert errors[(3,)].startswith("ZeroDivisionError")
    assert [key for key, error in errors.items() if error] == [(3,)]


def test_a_page_that_comes_again_gets_everything_anew(sent):
    async def page():
        explorer, _ = live_figure()
        for _ in range(2):
            explorer._receive({"kind": "ready"})
            await let_stream()

    asyncio.run(page())
    firsts = [m for m in sent if m["kind"] == "frames" and m["head"]["first"]]
    assert len(firsts) == 2
    assert len(positions(sent)) == 2 * 41


def test_a_question_is_answered(sent):
    explorer, _ = live_figure()
    explorer._receive({"kind": "ping"})
    assert sent == [{"kind": "pong"}]


def test_heads_are_plain_json(sent):
    async def page():
        explorer, _ = live_figure()
        explorer._receive({"kind": "ready"})
        await let_stream()

    asyncio.run(page())
    json.dumps(sent)


def test_values_may_be_arrays_and_functions():
    figure, ax = subplots()
    explorer = explore(
        figure,
        lambda method, start: ax.plot([0, method(start[0])]) and None,
        method=choice("手法", {"甲": np.sin, "乙": np.cos}),
        start=choice("出発点", {"左": np.array([1.0, 2.0]), "右": np.array([3.0, 4.0])}),
    )
    explorer.sliders["start"].index = 1
    assert explorer.values((1, 1))["start"].tolist() == [3.0, 4.0]


def test_the_output_holds_a_still_a_text_and_the_widget():
    explorer, _ = live_figure()
    data, metadata = explorer._repr_mimebundle_()
    assert set(data) == {
        "application/vnd.jupyter.widget-view+json", "image/png", "text/plain",
    }  # fmt: skip
    assert data["text/plain"] == metadata["image/png"]["alt"] + "\n和 10"
