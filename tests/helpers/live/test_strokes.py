"""The recorded strokes against places computed by hand from the axes' own limits."""

import io

import numpy as np
import pytest
from PIL import Image

from helpers import subplots
from helpers.live.strokes import GAP, Strokes


@pytest.fixture
def plain():
    """A figure whose Axes fills it, 0…10 across and 0…5 up, 720 × 346 CSS pixels."""
    figure, ax = subplots()
    figure.set_layout_engine("none")
    ax.set_position([0, 0, 1, 1])
    ax.set(xlim=(0, 10), ylim=(0, 5))
    figure.canvas.draw()
    return ax, Strokes(figure)


def places(x, y):
    """Tenths of a CSS pixel from the upper left corner."""
    return np.column_stack([np.asarray(x) * 720.0, 345.6 * (10 - 2 * np.asarray(y))])


def test_a_line_goes_through_its_points(plain):
    ax, strokes = plain
    x, y = [1, 2.5, 9], [0.5, 4, 2]
    ((kind, _, points, codes),) = strokes.record(ax.plot(x, y))
    assert (kind, codes) == ("path", None)
    np.testing.assert_allclose(points, places(x, y), atol=0.51)


def test_a_gap_in_a_line_stays_a_gap(plain):
    ax, strokes = plain
    ((_, _, points, _),) = strokes.record(ax.plot([1, 2, np.nan, 3], [1, 1, 1, 1]))
    assert points[2, 0] == GAP
    assert (points[[0, 1, 3], 0] != GAP).all()


def test_a_line_far_outside_is_clipped_and_keeps_its_direction(plain):
    ax, strokes = plain
    ((_, _, points, _),) = strokes.record(ax.plot([0, 1e9], [0, 0.5e9]))
    inside = points[points[:, 0] != GAP].astype(float)
    assert np.abs(inside).max() < 32767
    dx, dy = inside[-1] - inside[0]
    assert dy / dx == pytest.approx(-345.6 * 2 * 0.5 / 720, abs=0.01)


def test_markers_stand_at_their_points_and_not_at_infinity(plain):
    ax, strokes = plain
    ops = strokes.record(ax.plot([1, np.nan, 3, 1e12], [1, 1, 2, 1], "o"))
    (points,) = [op[2] for op in ops if op[0] == "markers"]
    np.testing.assert_allclose(points, places([1, 3], [1, 2]), atol=0.51)
    assert len(strokes.shape_table()) == 1


def test_width_colour_dash_and_clip_are_those_of_the_line(plain):
    ax, strokes = plain
    strokes.record(ax.plot([1, 2], [1, 2], "--", color="#0072B2", lw=3, alpha=0.5))
    ((stroke, fill, width, cap, join, dash, clips),) = strokes.styles
    assert (stroke, fill) == ("#0072b280", None)
    assert width == pytest.approx(3 * 96 / 72)
    assert dash[1:] == pytest.approx([3.7 * 4, 1.6 * 4])  # matplotlib's dash, in line widths
    assert (cap, join) == ("butt", "round")
    assert clips == ((0, 0, 7200, 3456),)


def test_filled_polygons_of_one_style_are_one_operation(plain):
    ax, strokes = plain
    collection = ax.quiver([1, 2, 3], [1, 1, 1], [1, 1, 1], [0, 1, 2])
    ops = strokes.record([collection])
    assert [op[0] for op in ops] == ["polygons"]
    assert len(ops[0][3]) == 3
    assert ops[0][3].sum() == len(ops[0][2])


def test_text_is_glyphs_each_kept_once_and_japanese_has_its_own(plain):
    ax, strokes = plain
    ops = strokes.record([ax.text(5, 2.5, "勾配勾配"), ax.text(5, 1, "$x_0^{2}$")])
    first, second = ops
    assert len(first[2]) == 4
    assert len(set(first[2][:, 0])) == 2
    assert len(second[2]) == 3
    assert second[2][1, 3] < second[2][0, 3]  # the index is smaller than its letter
    assert len(strokes.glyph_table()) == 5
    np.testing.assert_allclose(first[3][:2], places([5], [2.5])[0], atol=1)


def test_a_missing_glyph_is_an_error(plain):
    ax, strokes = plain
    with pytest.raises(UserWarning, match="missing"):
        strokes.record([ax.text(1, 1, "\U0001f9ff")])


def test_an_image_stands_upright_in_its_place(plain):
    ax, strokes = plain
    shown = np.zeros((2, 2))
    shown[0, 0] = 1  # with origin="upper", the upper left quarter is the light one
    image = ax.imshow(shown, cmap="gray", extent=(0, 10, 0, 5), aspect="auto", interpolation="none")
    ((_, _, (x, y, width, height), png),) = strokes.record([image])
    assert (x, y) == pytest.approx((0, 0), abs=10)
    assert (width, height) == pytest.approx((7200, 3456), abs=20)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
    rows, columns = np.array(pixels.shape) // 4
    assert pixels[rows, columns] > 200 > 50 > pixels[3 * rows, columns]
    assert pixels[rows, 3 * columns] < 50


def test_open_lines_of_a_collection_are_not_closed(plain):
    ax, strokes = plain
    ops = strokes.record([ax.hlines([1, 2], 0, 5), ax.vlines([1], 0, 5)])
    assert [(op[0], len(op[2])) for op in ops] == [("path", 2)] * 3
