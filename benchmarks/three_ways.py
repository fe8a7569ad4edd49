"""One figure behind one slider, in three ways; imported by the kernel that is measured.

`ours` moves artists through `explore`; `redrawn` draws all anew through ipywidgets' `interact` and
the inline backend; `empty` draws nothing: it swaps two pictures that are ready, which is the round
trip from the slider to the kernel and back alone.
"""

import statistics
import time

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np

from helpers import (
    COLORS,
    draw_arrows,
    draw_contour,
    draw_loss,
    draw_path,
    explore,
    gradient_descent,
    slider,
    subplots,
    valley,
)
from helpers.explorer import draw_part
from helpers.figures import encode_jpeg

RATES = [0.1, 0.5]
START = [-7.0, 2.0]
STEPS = 30
CHANGES = 51
WIDTHS = [3.75, 7.5, 11.25, 15.0]  # inches; the course's figures have 7.5


def draw_all(left, right, lr):
    """Draw contour, path, arrow and loss curve; return the three that move."""
    x, x_history = gradient_descent(valley, START, lr, STEPS)
    draw_contour(left, valley)
    path = draw_path(left, x_history)
    arrow = draw_arrows(left, x[:, None], -valley.grad(x)[:, None], "−∇f", COLORS["−∇f"])
    loss = draw_loss(right, valley(x_history.T))
    right.set(xlim=(0, STEPS), ylim=(1e-6, 10))
    return path, arrow, loss


def ours(width=7.5):
    """Return the live figure of the course."""
    figure, (left, right) = subplots(2, width=width, height=0.48 * width)
    path, arrow, loss = draw_all(left, right, RATES[0])

    def update(lr):
        x, x_history = gradient_descent(valley, START, lr, STEPS)
        path.set_data(*x_history.T)
        arrow.set_offsets(x)
        arrow.set_UVC(*-valley.grad(x))
        loss.set_data(range(STEPS + 1), valley(x_history.T))
        return [path, arrow, loss]

    return explore(figure, update, lr=slider("学習率 lr", RATES))


def redrawn():
    """Return the same figure through `interact`'s machinery."""

    def redraw(lr):
        _, axes = plt.subplots(1, 2, figsize=(7.5, 3.6), dpi=120, layout="constrained")
        draw_all(*axes, lr)
        plt.show()

    return ipywidgets.interactive(redraw, lr=slider("学習率 lr", RATES))


def empty():
    """Return a slider that swaps two pictures of the live figure, drawn beforehand."""
    live = ours()
    pictures = {}
    for rate in reversed(RATES):
        live.sliders["lr"].value = rate
        pictures[rate] = live.image.value
    image = ipywidgets.Image(value=pictures[RATES[0]], format="jpeg", layout=live.image.layout)
    rate = slider("学習率 lr", RATES)
    rate.observe(lambda change: setattr(image, "value", pictures[change.new]), "value")
    return ipywidgets.VBox([rate, image])


def milliseconds(widget, count):
    """Return the median time of a change of a slider, which goes to and fro."""
    times = []
    for k in range(count):
        start = time.perf_counter()
        widget.value = RATES[(k + 1) % 2]
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def stages(live):
    """Return the median milliseconds of each stage of a change of a live figure."""
    canvas = live.figure.canvas
    laps = {"update": [], "restore": [], "draw": [], "encode": [], "send": []}
    for k in range(CHANGES):
        marks = [time.perf_counter()]
        live.update(lr=RATES[k % 2])
        marks.append(time.perf_counter())
        canvas.restore_region(live.background)
        marks.append(time.perf_counter())
        for part in live.moving:
            draw_part(part, canvas.get_renderer())
        marks.append(time.perf_counter())
        picture = encode_jpeg(np.asarray(canvas.buffer_rgba()))
        marks.append(time.perf_counter())
        live.image.value = picture
        marks.append(time.perf_counter())
        for times, lap in zip(laps.values(), np.diff(marks), strict=True):
            times.append(1000 * float(lap))
    return {stage: statistics.median(times) for stage, times in laps.items()}


def in_kernel():
    """Return the milliseconds of each way, and of each stage of ours by the width in inches."""
    return {
        "ours": milliseconds(ours().sliders["lr"], CHANGES),
        "redrawn": milliseconds(redrawn().children[0], 11),
        "empty": milliseconds(empty().children[0], CHANGES),
        "stages": {width: stages(ours(width)) for width in WIDTHS},
    }
