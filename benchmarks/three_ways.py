"""One figure behind the same sliders, in four ways; imported by the kernel that is measured.

`ours` is the live figure of the course. `jpeg` draws the same moved parts over a kept background
and sends a picture; `redrawn` draws all anew through ipywidgets' `interact` and the inline backend;
`empty` draws nothing: it swaps two pictures that are ready, which is the round trip from the slider
to the kernel and back alone.
"""

import io
import statistics
import time

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from helpers import (
    COLORS,
    draw_arrows,
    draw_contour,
    draw_loss,
    draw_path,
    explore,
    gradient_descent,
    preferred,
    slider,
    steps,
    subplots,
    valley,
)
from helpers.live.pack import Pack
from helpers.live.widget import as_widget

START = [-7.0, 2.0]
STEPS = 30
RATES = preferred(0.01, 1)
CHANGES = 51


def draw_still(left, right):
    """Draw what does not move."""
    draw_contour(left, valley)
    right.set(xlim=(0, 100), ylim=(1e-6, 10))


def draw_moved(left, right, lr, step_num=STEPS):
    """Draw path, arrow and loss curve of a run; return them."""
    x, x_history = gradient_descent(valley, START, lr, step_num, grad=valley.grad)
    path = draw_path(left, x_history)
    arrow = draw_arrows(left, x[:, None], -valley.grad(x)[:, None], "−∇f", COLORS["−∇f"])
    return [path, arrow, draw_loss(right, valley(x_history.T))]


def rate():
    """Return the slider of the learning rate."""
    return slider("学習率 lr", RATES, 0.1)


def ours(width=7.5):
    """Return the live figure of the course."""
    figure, axes = subplots(2, width=width, height=0.48 * width)
    draw_still(*axes)

    def update(lr, step_num):
        draw_moved(*axes, lr, step_num)
        return {"学習率": lr}

    return explore(figure, update, lr=rate(), step_num=steps(100, STEPS))


class Jpeg:
    """The same figure as a picture that the kernel sends at each change."""

    def __init__(self):
        self.figure, self.axes = subplots(2)
        draw_still(*self.axes)
        moved = draw_moved(*self.axes, 0.1)
        self.figure.canvas.draw()
        self.figure.set_layout_engine("none")
        for artist in moved:
            artist.remove()
        self.figure.canvas.draw()
        self.background = self.figure.canvas.copy_from_bbox(self.figure.bbox)
        self.slider = as_widget(rate())
        self.image = ipywidgets.Image(value=self.picture(0.1), format="jpeg")
        self.slider.observe(self._moved, "value")
        self.box = ipywidgets.VBox([self.slider, self.image])

    def _moved(self, change):
        self.image.value = self.picture(change.new)

    def picture(self, lr):
        """Return the picture for a rate."""
        return self.captured(draw_moved(*self.axes, lr))

    def captured(self, moved):
        """Draw artists over the background, remove them, and return the picture."""
        canvas = self.figure.canvas
        canvas.restore_region(self.background)
        for artist in moved:
            artist.draw(canvas.get_renderer())
            artist.remove()
        data = io.BytesIO()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image.save(data, "jpeg", quality=90, subsampling=0)
        return data.getvalue()


def jpeg():
    """Return the figure that sends pictures."""
    return Jpeg().box


def redrawn():
    """Return the same figure through `interact`'s machinery."""

    def redraw(lr):
        _, axes = plt.subplots(1, 2, figsize=(7.5, 3.6), dpi=120, layout="constrained")
        draw_still(*axes)
        draw_moved(*axes, lr)
        plt.show()

    return ipywidgets.interactive(redraw, lr=as_widget(rate()))


def empty():
    """Return a slider that swaps two pictures, drawn beforehand."""
    drawn = Jpeg()
    pictures = [drawn.picture(0.1), drawn.picture(0.2)]
    image = ipywidgets.Image(value=pictures[0], format="jpeg")
    widget = as_widget(rate())
    widget.observe(lambda change: setattr(image, "value", pictures[change.new % 2]), "index")
    return ipywidgets.VBox([widget, image])


def in_kernel():
    """Return the milliseconds of a frame's capture and of a picture's, and the bytes of both."""
    live, picture = ours(), Jpeg()
    pack = Pack(live.scene.strokes)
    pack.add(live.start, live.frame(live.start), live.scene.stills)
    pack.take()
    laps, sizes = {"strokes": [], "jpeg": []}, {"strokes": [], "jpeg": []}
    for k in range(CHANGES):
        values = live.values((k % len(RATES), STEPS + k))
        live.scene.erase()
        live.scene.update(**values)
        moved = live.scene._moved()
        start = time.perf_counter()
        live.scene.strokes.record(moved)
        laps["strokes"].append(time.perf_counter() - start)
        pack.add((k,), live.scene.frame(values), live.scene.stills)
        sizes["strokes"].append(len(pack.take()[1]))
        artists = draw_moved(*picture.axes, **values)
        start = time.perf_counter()
        data = picture.captured(artists)
        laps["jpeg"].append(time.perf_counter() - start)
        sizes["jpeg"].append(len(data))
    return {
        "capture": {way: 1000 * statistics.median(times) for way, times in laps.items()},
        "bytes": {way: statistics.median(counts) for way, counts in sizes.items()},
    }
