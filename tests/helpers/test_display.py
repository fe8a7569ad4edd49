"""What is agreed about showing things: the names that JupyterLab knows, sizes, the live bundle."""

import ipywidgets as widgets

from helpers import subplots
from helpers.display import WIDGET_STATE, WIDGET_VIEW, css_size, layout_of, live_bundle


def test_a_live_thing_is_a_widget_or_else_its_fallback():
    box = widgets.HTML()
    bundle = live_bundle(box, {"text/plain": "文"})
    assert bundle == {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 0,
            "model_id": box.model_id,
        },
        "text/plain": "文",
    }
    assert WIDGET_VIEW in bundle


def test_the_state_of_widgets_is_saved_under_the_name_that_ipywidgets_has():
    assert WIDGET_STATE == "application/vnd.jupyter.widget-state+json"


def test_an_inch_has_96_css_pixels():
    figure, _ = subplots(width=5.5, height=2.5)
    assert css_size(figure) == (528, 240)
    assert layout_of(figure) == {"width": "528px", "max_width": "100%", "height": "auto"}
