"""The scene: what update draws is a frame and is gone afterwards, whatever update does."""

import numpy as np
import pytest

from helpers import subplots, valley
from helpers.display import CSS_DPI
from helpers.figures import draw_contour
from helpers.live.scene import LEGEND_WIDTH, Scene, facts_text, panels


def scene_of(update, ncols=1, draw=lambda axes: None, **start):
    figure, axes = subplots(ncols)
    draw(axes)
    return Scene(figure, lambda **values: update(axes, **values), start), axes


def line(ax, a):
    ax.plot([0, 1], [0, a], label="線")
    return {"傾き": a}


def kinds(frame):
    return [op[0] for op in frame.ops]


def test_what_update_draws_is_erased_before_the_next_position():
    scene, ax = scene_of(line, a=1)
    first = scene.frame({"a": 1})
    for _ in range(5):
        again = scene.frame({"a": 1})
    assert kinds(first) == kinds(again) == ["path"]
    assert len(ax.lines) == 1
    scene.erase()
    assert not ax.lines


def test_every_kind_of_artist_is_erased():
    def update(ax, a):
        ax.plot([0, 1], [0, a])
        ax.fill_between([0, 1], [0, a])
        ax.scatter([0, 1], [0, a])
        ax.bar([0, 1], [a, a])
        ax.quiver([0], [0], [a], [1])
        ax.text(0.5, 0.5, f"$x_{a}$")
        ax.imshow(np.eye(3), extent=(0, 1, 0, 1), aspect="auto")
        ax.axhline(a)
        ax.annotate("点", (0, 0), (0.5, a), arrowprops={"arrowstyle": "->"})
        ax.errorbar([0], [a], yerr=[1])

    scene, ax = scene_of(update, a=1)
    scene.erase()
    own = (len(ax.get_children()), len(ax.containers))
    for a in (1, 2, 1):
        scene.frame({"a": a})
    scene.erase()
    assert (len(ax.get_children()), len(ax.containers)) == own
    assert {"image", "text", "markers", "polygons", "path"} <= set(kinds(scene.frame({"a": 1})))


def test_a_frame_depends_on_its_position_alone():
    def update(ax, a):
        if a > 1:
            ax.set(xlim=(0, 10 * a), title=f"遠く {a}", yscale="log")
        ax.plot([1, 5], [1, a])

    scene, _ = scene_of(update, draw=lambda ax: ax.set(xlim=(0, 6), ylim=(0.5, 9)), a=1)
    alone = scene.frame({"a": 1})
    scene.frame({"a": 3})
    after = scene.frame({"a": 1})
    assert alone.still == after.still
    for then, now in zip(alone.ops, after.ops, strict=True):
        np.testing.assert_array_equal(then[2], now[2])


def test_a_changed_limit_or_title_has_a_background_of_its_own_and_only_one():
    def update(ax, a):
        ax.set(xlim=(0, a), title=f"範囲 {a}")

    scene, _ = scene_of(update, a=1)
    stills = [scene.frame({"a": a}).still for a in (1, 2, 1, 2, 3)]
    assert stills[0] == stills[2]
    assert stills[1] == stills[3]
    assert len(set(stills)) == 3 == len(scene.stills)


def test_a_turned_surface_has_a_new_background():
    figure, ax = subplots(projection="3d")
    scene = Scene(figure, lambda angle: ax.view_init(30, angle), {"angle": 0})
    assert scene.frame({"angle": 0}).still != scene.frame({"angle": 45}).still


def test_a_line_in_space_turns_with_its_surface_also_when_the_background_is_known():
    figure, ax = subplots(projection="3d")

    def update(angle):
        ax.view_init(30, angle)
        ax.plot([0, 1], [0, 1], [0, 1])

    scene = Scene(figure, update, {"angle": 0})
    points = [scene.frame({"angle": angle}).ops[0][2] for angle in (0, 60, 0)]
    assert np.array_equal(points[0], points[2])
    assert not np.array_equal(points[0], points[1])


def test_an_exception_belongs_to_its_position_and_leaves_nothing_behind():
    def update(ax, a):
        ax.plot([0, 1], [0, a])
        if a == 2:
            raise ZeroDivisionError("わざと")

    scene, _ = scene_of(update, a=1)
    assert scene.frame({"a": 2}).error == "ZeroDivisionError: わざと"
    assert scene.frame({"a": 2}).ops == []
    good = scene.frame({"a": 1})
    assert (good.error, kinds(good)) == ("", ["path"])


def test_an_exception_at_the_start_comes_out():
    with pytest.raises(ZeroDivisionError):
        scene_of(lambda ax, a: 1 / a, a=0)


def test_labels_of_moved_lines_stand_in_the_legend():
    scene, _ = scene_of(line, a=1)
    assert [text.get_text() for text in scene.figure.legends[0].get_texts()] == ["線"]


def test_another_set_of_labels_is_another_background():
    def update(ax, name):
        ax.plot([0, 1], [0, 1], label=name)

    scene, _ = scene_of(update, name="甲")
    assert scene.frame({"name": "甲"}).still != scene.frame({"name": "乙"}).still


def test_another_colour_of_a_label_is_another_legend():
    def update(ax, color):
        ax.plot([0, 1], [0, 1], label="線", color=color)

    scene, _ = scene_of(update, color="black")
    for color in ("black", "red", "black"):
        scene.frame({"color": color})
    assert len(scene.stills) == 2
    assert scene.frame({"color": "red"}).still == 1


def test_strokes_stand_in_the_frame_of_their_range_also_where_it_is_known():
    def update(ax, width):
        ax.set(xlim=(0, width), ylim=(0, 1))
        ax.plot([0, width], [0, 1])

    scene, _ = scene_of(update, draw=lambda ax: ax.set(aspect="equal"), width=1)
    wide, square = scene.frame({"width": 4}), scene.frame({"width": 1})
    again = scene.frame({"width": 4})
    assert wide.still == again.still != square.still
    np.testing.assert_array_equal(wide.ops[0][2], again.ops[0][2])


def test_the_order_of_drawing_is_that_of_zorder():
    def update(ax, a):
        ax.plot([0, 1], [0, 1], zorder=5)
        ax.fill([0, 1, 1], [0, 0, 1], zorder=1)

    scene, _ = scene_of(update, a=1)
    scene.erase()
    scene.update(a=1)
    assert [artist.get_zorder() for artist in scene._moved()] == [1, 5]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, ()),
        ({}, ()),
        ({"結末": "収束"}, (("結末", "収束"),)),
        ({"距離": 0.0123456}, (("距離", "0.01235"),)),
        ({"距離": np.float64(-2.5e-7)}, (("距離", "−2.5e−07"),)),
        ({"歩数": np.int64(1200)}, (("歩数", "1200"),)),
        ({"f": np.array(3.0)}, (("f", "3"),)),
        (
            {"f": np.inf, "g": -np.inf, "h": np.nan},
            (("f", "∞"), ("g", "−∞"), ("h", "計算できない")),
        ),
        ({"目標": np.bool_(True)}, (("目標", "達成"),)),
        ({"目標": False}, (("目標", "未達成"),)),
        ({"届いた": True}, (("届いた", "はい"),)),
        ({"ステップ": None}, (("ステップ", "なし"),)),
    ],
)
def test_facts_are_read_as_text(given, shown):
    assert facts_text(given) == shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1, 2], "辞書で return"),
        ("収束", "辞書で return"),
        ({1: 2}, "結果の名前は文字列"),
        ({"距離": [1, 2]}, "文字・数・真偽"),
        ({"距離": np.zeros(2)}, "文字・数・真偽"),
        ({"目標": "達成"}, "真偽（True か False）"),
        ({"目標": 1}, "真偽（True か False）"),
    ],
)
def test_facts_that_cannot_be_shown_are_refused(given, told):
    with pytest.raises(ValueError) as caught:
        facts_text(given)
    assert told in str(caught.value)


def test_panels_side_by_side_may_stand_below_each_other():
    scene, _ = scene_of(lambda axes: axes[0].plot([0, 1], label="線") and None, ncols=2)
    left, right, legend = panels(scene.figure)
    assert left[2] == right[0]
    assert legend[1] >= left[3] - 8


def test_one_panel_stands_above_its_legend():
    scene, _ = scene_of(line, a=1)
    (_, top, _, bottom), (_, legend_top, _, legend_bottom) = panels(scene.figure)
    assert top < bottom <= legend_top + 8 < legend_bottom


@pytest.mark.parametrize(("count", "length"), [(4, 12), (4, 1), (7, 8), (2, 30)])
def test_a_wide_legend_is_parted_between_its_names(count, length):
    def update(ax, a):
        for k in range(count):
            ax.plot([0, a], [0, k], label=f"{k}" + "名" * length)

    scene, _ = scene_of(update, a=1)
    legend = scene.figure.legends[0]
    pixel = scene.figure.dpi / CSS_DPI
    strips = panels(scene.figure)[1:]
    widths = [right - left for left, _, right, _ in strips]
    whole = legend.get_window_extent()
    assert sum(widths) == pytest.approx(whole.width / pixel, abs=0.5)
    columns = 4 if count > 2 else 2
    assert max(widths) <= LEGEND_WIDTH or len(strips) == columns
    assert (len(strips) == 1) == (whole.width / pixel <= LEGEND_WIDTH)
    for text in legend.get_texts():
        box = text.get_window_extent()
        inside = [
            left * pixel <= box.x0 and box.x1 <= right * pixel for left, _, right, _ in strips
        ]
        assert sum(inside) == 1, text.get_text()


def test_a_legend_without_names_is_one_panel():
    figure, ax = subplots()
    figure.legend([], [])
    figure.canvas.draw()
    assert len(panels(figure)) == 2


def test_a_contour_behind_is_recorded_once():
    scene, _ = scene_of(line, draw=lambda ax: draw_contour(ax, valley), a=1)
    for a in range(5):
        scene.frame({"a": a})
    assert len(scene.stills) == 1
    assert len(scene.stills[0].ops) > 10


def test_a_wide_map_with_a_legend_of_two_rows_leaves_room_for_its_title_and_labels():
    figure, ax = subplots(height=3.7)
    draw_contour(ax, valley)
    ax.set_title("題")

    def update(a):
        for k in range(7):
            ax.plot([0, a], [0, k / 7], label=f"線{k}")
        return {}

    Scene(figure, update, {"a": 1})
    assert ax.title.get_window_extent().y1 <= figure.bbox.height
    label, (legend,) = ax.xaxis.label.get_window_extent(), figure.legends
    assert legend.get_window_extent().y1 <= label.y0
