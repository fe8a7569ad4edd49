"""The live figure: what a slider does to the picture, and what the notebook is given to show."""

import io

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

from helpers import choice, draw_path, draw_surface, explore, function_2, slider, subplots
from helpers.display import WIDGET_VIEW
from helpers.figures import pixels


def moving_line(slope_to_line=lambda slope: slope, **sliders):
    figure, ax = subplots(width=4, height=3)
    ax.set(xlim=(0, 1), ylim=(-3, 3), title="直線")
    (line,) = ax.plot([0, 1], [0, 0])

    def update(slope):
        line.set_data([0, 1], [0, slope_to_line(slope)])
        return [line]

    return explore(figure, update, slope=slider("傾き", [-2, 0, 1, 2], 1), **sliders), figure, ax


def decoded(picture):
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=float)


def test_a_slider_shows_the_picture_of_its_value():
    live, figure, ax = moving_line()
    live.sliders["slope"].value = -2
    shown = decoded(live.image.value)
    ax.lines[0].set_animated(False)  # the same figure, drawn whole
    whole = pixels(figure)[..., :3].astype(float)
    assert np.abs(shown - whole).mean() < 0.5


def test_both_ends_and_back_give_the_first_picture_again():
    live, _, _ = moving_line()
    first = live.image.value
    for value in (-2, 2):
        live.sliders["slope"].value = value
        assert live.image.value != first
    live.sliders["slope"].value = 1
    assert live.image.value == first


def test_no_ghost_of_the_start_position_remains():
    live, _, _ = moving_line()
    live.sliders["slope"].value = -2
    blue = decoded(live.image.value)
    is_line = (blue[..., 2] > 140) & (blue[..., 0] < 60)
    height = is_line.shape[0]
    assert is_line[height // 2 :].any()
    assert not is_line[: height // 2 - 12].any()


def test_the_unmoving_part_is_drawn_once(monkeypatch):
    live, figure, _ = moving_line()
    draws = []
    monkeypatch.setattr(figure.canvas, "draw", lambda: draws.append(1))
    for value in (0, 1, 2, -2):
        live.sliders["slope"].value = value
    assert draws == []


def test_an_error_in_update_is_shown_under_the_figure_and_goes_away():
    def break_at_two(slope):
        return 1 / 0 if slope == 2 else slope

    live, _, _ = moving_line(break_at_two)
    before = live.image.value
    live.sliders["slope"].value = 2
    assert "ZeroDivisionError" in live.message.value
    assert "slope = 2" in live.message.value
    assert "描けませんでした" in live.message.value
    assert live.image.value == before
    live.sliders["slope"].value = 0
    assert live.message.value == ""


def test_text_of_an_error_cannot_become_markup():
    def raise_markup(slope):
        if slope == 2:
            raise ValueError("<img src=x>")
        return slope

    live, _, _ = moving_line(raise_markup)
    live.sliders["slope"].value = 2
    assert "<img" not in live.message.value


def test_nan_from_update_leaves_the_figure_usable():
    live, _, _ = moving_line(lambda slope: np.nan if slope == 2 else slope)
    live.sliders["slope"].value = 2
    assert live.message.value == ""
    live.sliders["slope"].value = 0
    assert live.message.value == ""


def test_the_bundle_has_the_live_figure_its_picture_and_its_description_but_no_html():
    live, _, _ = moving_line(alt="傾きが変わる直線。")
    data, metadata = live._repr_mimebundle_()
    assert set(data) == {WIDGET_VIEW, "image/png", "text/plain"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == "傾きが変わる直線。"
    assert Image.open(io.BytesIO(data["image/png"])).format == "PNG"
    assert metadata["image/png"]["width"] == 4 * 96


def test_the_description_is_made_from_title_and_sliders_when_none_is_given():
    live, _, _ = moving_line()
    assert live.alt == "動かせる図: 直線。スライダー: 傾き。"


def test_no_output_widget_is_used():
    live, _, _ = moving_line()
    assert not any(isinstance(part, widgets.Output) for part in live.box.children)


def test_rotating_a_surface_redraws_it_and_the_path_stays_on_it():
    figure, ax = subplots(width=4, height=4, projection="3d")
    draw_surface(ax, function_2)
    (path,) = ax.plot([3, 1], [3, 1], [18, 2])

    def update(azim, step):
        path.set_data_3d([3, step], [3, step], [18, 2 * step**2])
        if ax.azim == azim:
            return [path]
        ax.view_init(azim=azim)
        return [path, ax]

    live = explore(
        figure, update, azim=slider("向き", [-60, 0, 60], -60), step=slider("位置", [0, 1, 2], 1)
    )
    first = live.image.value
    live.sliders["azim"].value = 60
    turned = live.image.value
    live.sliders["step"].value = 2
    assert len({first, turned, live.image.value}) == 3
    live.sliders["step"].value = 1
    assert live.image.value == turned
    live.sliders["azim"].value = -60
    assert live.image.value == first
    assert live.message.value == ""


def test_widgets_and_abbreviations_of_ipywidgets_serve_as_sliders():
    figure, ax = subplots(width=4, height=3)
    line = draw_path(ax, [[0, 0], [1, 1]])

    def update(lr, step_num, method):
        line.set_data([0, lr], [0, step_num])
        return [line]

    live = explore(
        figure,
        update,
        lr=(0.0, 1.0, 0.1),
        step_num=widgets.IntSlider(3, 0, 9, description="ステップ数"),
        method=choice("手法", ["SGD", "Adam"]),
    )
    assert live.sliders["lr"].description == "lr"
    assert live.sliders["step_num"].description == "ステップ数"
    assert live.sliders["method"].value == "SGD"


@pytest.mark.parametrize(
    "fault",
    [
        lambda figure: explore(figure, "update"),
        lambda figure: explore(figure, lambda: None),
        lambda figure: explore(figure, lambda lr: [], lr=object()),
        lambda figure: slider("学習率 lr", []),
        lambda figure: slider("学習率 lr", [0.1, 0.2], 0.3),
    ],
)
def test_a_wrong_call_is_explained_in_japanese(fault):
    with pytest.raises(ValueError, match=r"[ぁ-ん]"):
        fault(subplots()[0])


def test_slider_readout_has_the_unit():
    labels = [label for label, _ in slider("向き", [0, 30.5], unit="°").options]
    assert labels == ["0°", "30.5°"]
