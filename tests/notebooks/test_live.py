"""Every live figure of every notebook: all cells are run, then each slider is moved to every place.

After all cells have run, an earlier figure must still show what it showed: a name that a later cell
binds anew would make it out of date.
"""

import ast

import numpy as np
import pytest

from helpers.live.frozen import changed
from helpers.live.widget import Explorer
from tools.execute import NOTEBOOKS, read


def run_cell(source, namespace):
    """Run one cell as a notebook does and return the value of its last line, if that is one."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    if last:
        return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)


def live_figures(path):
    """Run all cells of a notebook; return its live figures by cell id, and its names."""
    namespace = {"__name__": "__main__"}
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    values = {cell.id: run_cell(cell.source, namespace) for cell in cells}
    figures = {id: value for id, value in values.items() if isinstance(value, Explorer)}
    return figures, namespace


def looks(frame):
    """Return all that a frame shows, to be compared."""
    return frame.still, frame.facts, [[np.array(part).tobytes() for part in op] for op in frame.ops]


def hidden(figure):
    """Return the titles and labels of a figure that its edge cuts off or its legend covers."""
    axes = [ax for ax in figure.axes if ax.get_visible()]
    texts = [text for ax in axes for text in (ax.title, ax.xaxis.label, ax.yaxis.label)]
    found = []
    for text in (text for text in texts if text.get_text()):
        box = text.get_window_extent()
        if min(box.min) < -1 or (box.max > figure.bbox.max + 1).any():
            found.append(f"the edge cuts off {text.get_text()!r}")
        if any(box.overlaps(legend.get_window_extent()) for legend in figure.legends):
            found.append(f"the legend covers {text.get_text()!r}")
    return found


def faults(live, names):
    """Move every slider of one live figure; return what went wrong."""
    start = live.start
    first = looks(live.frame(start))
    found = [
        f"reads {name}, which a later cell binds anew" for name in changed(live.written, names)
    ]
    live.scene.picture(live.values(start))
    found += hidden(live.figure)
    for k, (name, control) in enumerate(live.controls.items()):
        seen = set()
        for index, text in enumerate(control.texts):
            frame = live.frame((*start[:k], index, *start[k + 1 :]))
            seen.add(repr(looks(frame)))
            if frame.error:
                found.append(f"{name} = {text}: {frame.error}")
        if len(seen) < 2:
            found.append(f"{name} changes nothing")
    if looks(live.frame(start)) != first:
        found.append("moved and put back, it shows something else than at the start")
    return found


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_every_slider_moves_its_own_figure(path, capsys):
    figures, names = live_figures(path)
    assert figures, "a lesson has at least one live figure"
    found = [f"{cell}: {fault}" for cell, live in figures.items() for fault in faults(live, names)]
    assert not found, "\n".join(found)


def test_the_secant_of_lesson_1_passes_through_its_two_points_for_every_slider():
    live = live_figures(NOTEBOOKS / "01_derivative.ipynb")[0]["tangent-figure"]
    for k, control in enumerate(live.controls.values()):
        for index in range(len(control.values)):
            live.scene.picture(live.values((*live.start[:k], index, *live.start[k + 1 :])))
            parts = {line.get_label(): line for line in live.figure.axes[0].lines}
            x, y = parts["割線"].get_data()
            for end_x, end_y in parts["割線が通る2点"].get_xydata():
                slope = (y[1] - y[0]) / (x[1] - x[0])
                assert y[0] + slope * (end_x - x[0]) == pytest.approx(end_y), (k, index)


CELL = """
figure, ax = subplots(width=3, height=2)
steepness = STEEPNESS

def update(slope):
    ax.plot([0, 1], [0, steepness * slope])

explore(figure, update, slope=slider("傾き", [0, 1], 1))
"""


def test_a_name_that_a_later_cell_binds_anew_is_found():
    names = {}
    exec("from helpers import subplots\nfrom helpers.live import explore, slider", names)
    first = run_cell(CELL.replace("STEEPNESS", "1"), names)
    assert faults(first, names) == []
    second = run_cell(CELL.replace("STEEPNESS", "2"), names)
    assert faults(first, names) == ["reads steepness, which a later cell binds anew"]
    assert faults(second, names) == []


def test_a_slider_without_effect_and_a_figure_with_a_memory_are_found():
    names = {"memory": []}
    exec("from helpers import subplots\nfrom helpers.live import explore, slider", names)
    cell = """
figure, ax = subplots(width=3, height=2)

def update(a, b):
    memory.append(a)
    ax.plot([0, 1], [0, len(memory)])

explore(figure, update, a=slider("a", [0, 1]), b=slider("b", [0, 1]))
"""
    assert "moved and put back, it shows something else than at the start" in faults(
        run_cell(cell, names), names
    )
    still = cell.replace("len(memory)", "a")
    assert faults(run_cell(still, names), names) == ["b changes nothing"]
