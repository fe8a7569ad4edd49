"""A live figure of a page, as the tests of handouts and of slides move it."""

import json


def places_of(figure):
    """Return the sliders of a figure, as its page's data tells."""
    return json.loads(figure.locator("script").text_content())["sliders"]


def drawn(figure):
    """Return all that is drawn in a figure, as text."""
    return figure.locator(".picture").evaluate(
        "(picture) => picture.querySelector('img').src + picture.querySelector('svg').innerHTML"
    )


def wait_for_position(figure, controls):
    """Wait until the figure shows what its sliders say."""
    position = 0
    for control, slider in zip(controls, places_of(figure), strict=True):
        value = int(control.input_value()) if control else 0
        position = position * len(slider["options"]) + value
    figure.page.wait_for_function(
        "([figure, position]) => figure.dataset.position === position",
        arg=[figure.element_handle(), str(position)],
    )


def controls_of(figure):
    """Return the input of each slider; None for one that stays at its value."""
    name = figure.get_attribute("data-name")
    return [
        figure.locator(f"#{name}-slider-{k}") if len(slider["options"]) > 1 else None
        for k, slider in enumerate(places_of(figure))
    ]
