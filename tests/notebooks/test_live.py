"""Every live figure of every notebook: all cells are run, then each slider is moved to every place.

After all cells have run, an earlier figure must still move its own parts: a name that a later cell
uses again would make it draw into the wrong figure.
"""

import ast

import pytest

from helpers.explorer import Explorer
from tools.execute import NOTEBOOKS, read


def run_cell(source, namespace):
    """Run one cell as a notebook does and return the value of its last line, if that is one."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    if last:
        return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace)


def live_figures(path):
    """Run all cells of a notebook and return its live figures by cell id."""
    namespace = {"__name__": "__main__"}
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    values = {cell.id: run_cell(cell.source, namespace) for cell in cells}
    return {cell_id: value for cell_id, value in values.items() if isinstance(value, Explorer)}


def places(slider):
    """Return the values that a slider is moved to: all of them, or both ends."""
    if hasattr(slider, "options"):
        return [value for _, value in slider._options_full]
    return [slider.min, slider.max]


def faults(live):
    """Move every slider of one live figure; return what went wrong."""
    start = live.image.value
    found = []
    for name, slider in live.sliders.items():
        home, pictures = slider.value, set()
        for value in places(slider):
            slider.value = value
            pictures.add(live.image.value)
            if live.message.value:
                found.append(f"{name} = {value}: {live.message.value}")
        if len(pictures) < 2:
            found.append(f"{name} does not change the picture")
        slider.value = home
        if live.image.value != start:
            found.append(f"{name} moved and put back gives another picture than at the start")
    return found


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_every_slider_moves_its_own_figure(path, capsys):
    figures = live_figures(path)
    assert figures, "a lesson has at least one live figure"
    found = [f"{cell}: {fault}" for cell, live in figures.items() for fault in faults(live)]
    assert not found, "\n".join(found)


def test_the_secant_of_lesson_1_passes_through_its_two_points_for_every_slider():
    live = live_figures(NOTEBOOKS / "01_derivative.ipynb")["tangent-figure"]
    for name, slider in live.sliders.items():
        for value in places(slider):
            slider.value = value
            parts = {part.get_label(): part for part in live.moving}
            x, y = parts["割線"].get_data()
            for end_x, end_y in parts["割線が通る2点"].get_xydata():
                slope = (y[1] - y[0]) / (x[1] - x[0])
                assert y[0] + slope * (end_x - x[0]) == pytest.approx(end_y), (name, value)


def test_a_figure_that_draws_into_another_is_found():
    cell = """
figure, ax = subplots(width=3, height=2)
(line,) = ax.plot([0, 1], [0, 1])

def update(slope):
    line.set_data([0, 1], [0, slope])
    return [line]

explore(figure, update, slope=slider("傾き", [0, 1], 1))
"""
    namespace = {}
    exec("from helpers import explore, slider, subplots", namespace)
    first, second = run_cell(cell, namespace), run_cell(cell, namespace)
    assert faults(first)
    assert faults(second) == []
