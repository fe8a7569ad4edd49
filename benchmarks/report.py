"""Cells to measure; tables for the terminal, and plots and JSON for build/."""

import json
import unicodedata
from pathlib import Path

from nbformat.v4 import new_notebook

from helpers import add_legend, subplots
from tools.execute import execute

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"


def executed(cells, folder=ROOT):
    """Run cells in one kernel, in a folder, and return them with their outputs."""
    result = execute(new_notebook(cells=cells), Path(folder) / "benchmark.ipynb")
    if result.fault:
        raise RuntimeError(f"{result.fault}\n{result.detail}")
    return result.notebook.cells


def print_table(title, headers, rows):
    """Print a table; the first column is aligned to the left, the others to the right."""
    rows = [headers, *rows]
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for row in rows:
        cells = [
            text + " " * (width - columns(text)) if k == 0 else " " * (width - columns(text)) + text
            for k, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(["", *cells]), flush=True)


def columns(text):
    """Return how many columns of a terminal a text takes; a Japanese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def duration(seconds):
    """Return a time with three digits and its unit."""
    for unit, size in (("秒", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 else f"{seconds:.0f} 秒"
    return f"{seconds * 1e6:.3g} µs"


def plot(name, *panels, scale="log"):
    """Draw panels of lines side by side into build/bench-NAME.png.

    A panel is (x label, y label, {line's name: (x, y)}).
    """
    figure, axes = subplots(len(panels), width=6 * len(panels), height=5)
    for ax, (xlabel, ylabel, lines) in zip(
        [axes] if len(panels) == 1 else axes, panels, strict=True
    ):
        for k, (label, (x, y)) in enumerate(lines.items()):
            ax.plot(x, y, "o-" if k < 6 else "s--", label=label, markersize=4)
        ax.set(xlabel=xlabel, ylabel=ylabel, xscale=scale, yscale=scale)
    add_legend(figure)
    save(figure, name)


def save(figure, name):
    """Write a figure to build/bench-NAME.png."""
    BUILD.mkdir(exist_ok=True)
    figure.savefig(BUILD / f"bench-{name}.png")


def write_json(result):
    """Write all that was measured to build/bench.json."""
    BUILD.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (BUILD / "bench.json").write_text(text + "\n", encoding="utf-8")
