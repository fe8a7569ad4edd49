"""Kernel-side cost of one slider change: our live figure against redrawing through `interact`.

    python benchmarks/slider_cost.py

One kernel draws the same two-panel figure (contour with arrow and path, loss curve) both ways and
moves the learning rate to and fro. Printed: the median of each in milliseconds, and their ratio.
"""

import nbformat
from nbclient import NotebookClient

SETUP = """
import statistics
import time

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from helpers import (
    COLORS, draw_arrows, draw_contour, draw_loss, draw_path, explore, gradient_descent, slider,
    subplots, valley,
)

%matplotlib inline
RATES = [0.1, 0.5]


def draw_all(left, right, lr):
    x, x_history = gradient_descent(valley, [-7.0, 2.0], lr, 30)
    draw_contour(left, valley)
    path = draw_path(left, x_history)
    arrow = draw_arrows(left, x[:, None], -valley.grad(x)[:, None], "−∇f", COLORS["−∇f"])
    loss = draw_loss(right, valley(x_history.T))
    right.set(xlim=(0, 30), ylim=(1e-6, 10))
    return path, arrow, loss


def median_ms(widget, count):
    times = []
    for k in range(count):
        start = time.perf_counter()
        widget.value = RATES[k % 2]
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)
"""

OURS = """
figure, (left, right) = subplots(2)
path, arrow, loss = draw_all(left, right, 0.5)


def update(lr):
    x, x_history = gradient_descent(valley, [-7.0, 2.0], lr, 30)
    path.set_data(*x_history.T)
    arrow.set_offsets(x)
    arrow.set_UVC(*-valley.grad(x))
    loss.set_data(range(31), valley(x_history.T))
    return [path, arrow, loss]


live = explore(figure, update, lr=slider("学習率 lr", RATES, 0.5))
ours = median_ms(live.sliders["lr"], 101)
"""

INTERACT = """
def redraw(lr):
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.6), dpi=120, layout="constrained")
    draw_all(left, right, lr)
    plt.show()


rate = ipywidgets.SelectionSlider(options=RATES, value=0.5)
shown = ipywidgets.interactive(redraw, lr=rate)
whole = median_ms(rate, 21)
"""

REPORT = """
print(f"explore {ours:6.1f} ms   interact {whole:6.1f} ms   ratio {whole / ours:5.1f}")
"""


def main():
    """Measure both ways in one kernel and print the line that it reports."""
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, OURS, INTERACT, REPORT)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", timeout=300).execute()
    print(notebook.cells[-1].outputs[0]["text"], end="")


if __name__ == "__main__":
    main()
