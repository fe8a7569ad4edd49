"""A live figure of a page, as the tests of handouts and of slides move it."""

# In a page the laboratory has few of its many places: not each list leads to another picture.
THINNED_LAB = "figure-lab-explore"
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
FIGURES = ".koubai-live:has(.koubai-slider, .koubai-select)"


def controls_of(figure):
    """Return the sliders and lists of a figure that can be moved in its page."""
    kinds = ".koubai-controls :is(.koubai-slider, .koubai-select):enabled"
    return figure.locator(kinds).all()


def drawn(figure):
    """Return the picture as it is drawn, as text."""
    return figure.locator("canvas").evaluate("(canvas) => canvas.toDataURL()")


def position(figure):
    """Wait until the figure shows what its sliders say; return the numbers of their places."""
    # A key moves a slider with the next frame of the display: until then it shows the old place.
    figure.page.evaluate(TWO_FRAMES)
    return figure.page.wait_for_function(
        """(figure) => {
            const kinds = ".koubai-controls :is(.koubai-slider, .koubai-select)";
            const places = [...figure.querySelectorAll(kinds)].map((control) =>
                control.matches("select") ? control.selectedIndex : Number(control.value));
            const card = figure.querySelector(".koubai-figure");
            return card?.dataset.shown === places.join() && places;
        }""",
        arg=figure.element_handle(),
    ).json_value()
