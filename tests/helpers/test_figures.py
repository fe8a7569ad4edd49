"""The parts of a picture: what is drawn where, in which font, with which description."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

from helpers import (
    COLORS,
    Momentum,
    add_legend,
    beale,
    draw_arrows,
    draw_contour,
    draw_curve,
    draw_loss,
    draw_path,
    draw_race,
    draw_run,
    draw_surface,
    function_2,
    himmelblau,
    quartic,
    rosenbrock,
    saddle,
    show,
    show_source,
    square,
    step_decay,
    subplots,
    tangent_line,
    valley,
)


def test_arrows_are_never_cut_off_at_the_edge():
    figure, ax = subplots()
    ax.set(xlim=(-1, 1), ylim=(-1, 1))
    draw_arrows(ax, [[0.9], [-0.9]], [[3.0], [-2.0]], "∇f（最急上昇）", COLORS["∇f"])
    assert ax.get_xlim()[1] >= 3.9
    assert ax.get_ylim()[0] <= -2.9


def test_an_arrow_is_as_long_as_its_vector_times_the_scale():
    figure, ax = subplots()
    arrow = draw_arrows(ax, [[1.0], [2.0]], [[3.0], [-4.0]], "∇f", COLORS["∇f"], scale=0.5)
    assert (arrow.angles, arrow.scale_units) == ("xy", "xy")
    assert arrow.scale == 2  # data units of the vector to one data unit of the arrow
    assert ax.get_xlim()[1] == 2.5


@pytest.mark.parametrize("f", [function_2, saddle, rosenbrock, beale, himmelblau])
def test_a_contour_has_equal_aspect_and_many_visible_lines(f):
    figure, ax = subplots()
    draw_contour(ax, f)
    assert ax.get_aspect() == 1
    drawn = [paths for paths in ax.collections[-1].get_paths() if len(paths.vertices)]
    assert len(drawn) >= 8


def test_a_surface_has_the_colours_of_the_contour_darker_where_it_is_lower():
    figure, (left, right) = subplots(2, projection="3d")
    surface = draw_surface(left, saddle)
    draw_contour(right, saddle)
    contour = right.collections[0]
    assert surface.cmap.name == contour.cmap.name
    step = np.ptp(contour.levels) / len(contour.levels)
    np.testing.assert_allclose(surface.norm.boundaries, contour.levels, atol=step / 2)
    heights = np.linspace(-3.9, 3.9, 50)
    light = surface.to_rgba(heights)[:, :3].sum(axis=1)
    assert (np.diff(light) >= 0).all() and light[-1] > light[0] + 1


def test_a_surface_of_one_height_is_drawn():
    figure, ax = subplots(projection="3d")
    draw_surface(ax, lambda x: 0 * x[0] + 3, ((-1, 1), (-1, 1)))
    figure.canvas.draw()


def test_minima_and_saddles_are_named_in_the_legend():
    figure, ax = subplots()
    draw_contour(ax, himmelblau)
    add_legend(figure)
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["極小", "鞍点"]
    minima, saddles = ax.lines
    np.testing.assert_array_equal(minima.get_xydata(), himmelblau.minima)
    np.testing.assert_array_equal(saddles.get_xydata(), himmelblau.saddles)


def test_a_curve_takes_landscapes_and_plain_functions():
    figure, ax = subplots()
    line = draw_curve(ax, quartic)
    x, y = line.get_data()
    assert y == pytest.approx(x**4 - 4 * x**2 + x)
    x, y = draw_curve(ax, tangent_line(np.sin, 0.0), (-1, 1)).get_data()
    assert y == pytest.approx(x, abs=1e-9)


def test_path_and_loss_hold_what_they_are_given():
    figure, (left, right) = subplots(2)
    path = draw_path(left, [[3, 4], [1, 2]])
    loss = draw_loss(right, [25, 5])
    assert np.array_equal(path.get_xydata(), [[3, 4], [1, 2]])
    assert np.array_equal(loss.get_ydata(), [25, 5])
    assert right.get_yscale() == "log"


def test_a_run_that_leaves_the_axes_for_good_ends_in_an_arrow_at_the_edge():
    figure, ax = subplots()
    ax.set(xlim=(0, 10), ylim=(1, 100), yscale="log")
    path = draw_run(ax, [[5, 10], [12, 10], [5, 10], [5, 1000], [5, 1e200]])
    assert path.get_xydata().tolist() == [[5, 10], [12, 10], [5, 10]]  # it came back once
    (arrow,) = ax.texts
    assert arrow.xyann == pytest.approx([0.5, 0.5])
    assert arrow.xy == pytest.approx([0.5, 1])


def test_a_run_within_the_axes_is_a_path():
    figure, ax = subplots()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    path = draw_run(ax, [[5, 1], [12, 1], [0, 10]])
    assert path.get_xydata().tolist() == [[5, 1], [12, 1], [0, 10]]
    assert not ax.texts


def raced(step, **histories):
    """Axes with a race on x0²/20 + x1², and the ranking."""
    figure, ax = subplots()
    ax.set(xlim=(-10, 10), ylim=(-10, 10))
    return ax, draw_race(ax, valley, histories, step)


def test_a_race_ranks_by_f_at_the_step_and_equal_values_alike():
    histories = {"SGD": [[4, 2], [0, 2], [0, 0]], "Adam": [[4, 2], [0, 1], [2, 0]]}
    assert list(raced(0, **histories)[1].items()) == [("1位 SGD", 4.8), ("1位 Adam", 4.8)]
    assert list(raced(1, **histories)[1].items()) == [("1位 Adam", 1.0), ("2位 SGD", 4.0)]
    assert list(raced(2, **histories)[1].items()) == [("1位 SGD", 0.0), ("2位 Adam", 0.2)]


def test_a_race_draws_way_tail_and_head_of_each_method_in_its_colour():
    way = np.linspace([9, 9], [1, 1], 30)
    ax, _ = raced(20, Adam=way)
    path, tail, head = ax.lines
    assert path.get_xydata() == pytest.approx(way[:21])
    assert tail.get_xydata() == pytest.approx(way[15:21])
    assert head.get_xydata() == pytest.approx(way[20:21])
    assert {line.get_color() for line in ax.lines} == {COLORS["Adam"]}
    assert [line.get_label() for line in ax.lines if line.get_label()[0] != "_"] == ["Adam"]


@pytest.mark.parametrize("name", ["", " ", 3, None])
def test_a_runner_has_a_name(name):
    with pytest.raises(ValueError, match="手法の名前と履歴の辞書です"):
        raced(0) if name is None else draw_race(subplots()[1], valley, {name: [[1, 2]]}, 0)


def test_the_first_of_a_race_lies_on_top():
    ax, _ = raced(1, SGD=[[4, 2], [0, 1]], Adam=[[4, 2], [0, 2]])
    assert max(ax.lines, key=lambda line: line.get_zorder()).get_color() == COLORS["SGD"]


def test_a_run_that_leaves_the_race_is_last_and_ends_in_an_arrow():
    ax, ranking = raced(2, SGD=[[4, 2], [4, 99], [np.inf, np.nan]], Adam=[[4, 2]] * 3)
    assert list(ranking.items()) == [("1位 Adam", 4.8), ("2位 SGD", np.inf)]
    heads = [line for line in ax.lines if line.get_marker() == "o"]
    assert [head.get_color() for head in heads] == [COLORS["Adam"]]
    assert len(ax.texts) == 1


def test_a_missing_glyph_is_an_error():
    code = """
from helpers import show, subplots
figure, ax = subplots(width=3, height=2)
ax.set_title("\\u1200")  # Ethiopic: not in the fonts of the course
show(figure, "表示できない文字。")
"""
    # Outside of pytest, in which every warning is an error.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "UserWarning: Glyph" in done.stderr.splitlines()[-1]


def test_all_characters_of_the_course_are_in_the_fonts():
    figure, ax = subplots(width=3, height=2)
    ax.set_title("勾配∇f −∇f ηαβεσκλ ‖·‖ x₀ x₁ x² ≤ ≥ ≈ × ± → ★ ①（）「」")
    assert show(figure, "記号の一覧。").png


def test_the_same_figure_gives_the_same_bytes():
    def picture():
        figure, ax = subplots()
        draw_curve(ax, square)
        return show(figure, "放物線。").png

    assert picture() == picture()


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_picture_without_description_is_refused(alt):
    with pytest.raises(ValueError, match="説明"):
        show(subplots()[0], alt)


def test_show_source_prints_the_code_as_it_stands_from_the_margin(capsys):
    show_source(Momentum.step, step_decay)
    first, second = capsys.readouterr().out.split("\n\n", 1)
    assert first == (
        "def step(self, x, grad, lr):\n"
        '    """更新後の x を返す。"""\n'
        "    self.v = self.momentum * self.v - lr * grad\n"
        "    return x + self.v"
    )
    assert second == inspect.getsource(step_decay) + "\n"
