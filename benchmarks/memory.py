"""The cost of importing helpers, and the memory of a kernel by lesson and by live figures."""

import statistics
import subprocess
import sys
import time

import nbformat

from benchmarks.regression import NOTEBOOKS
from benchmarks.report import ROOT, duration, executed, plot, print_table
from tools.execute import code_cells, read

ROUNDS = 9
MODULES = {
    "Python だけ": "pass",
    "numpy": "import numpy",
    "helpers": "import helpers",
    "helpers と図の部品": "from helpers import explore",
}
FIGURES = (0, 1, 4, 16, 64)  # live figures in one kernel
RESIDENT = "import psutil\nprint(psutil.Process().memory_info().rss)"
SETUP = "from benchmarks.three_ways import ours\nkept = []"
MIB = 2**20


def import_seconds():
    """Return the median seconds of a fresh Python that imports each module, taking turns."""
    laps = {name: [] for name in MODULES}
    for _ in range(ROUNDS):
        for name, code in MODULES.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            laps[name].append(time.perf_counter() - start)
    return {name: statistics.median(times) for name, times in laps.items()}


def resident(cells, folder=ROOT):
    """Run cells in one kernel; return its memory in bytes wherever a cell prints it."""
    return [int(c.outputs[-1].text) for c in executed(cells, folder) if c.source.endswith(RESIDENT)]


def by_lesson():
    """Return the memory of an empty kernel, and after running each lesson."""
    last = nbformat.v4.new_code_cell(RESIDENT)
    found = {"空のカーネル": resident([last])[0]}
    for path in NOTEBOOKS:
        found[path.name] = resident([*code_cells(read(path)), last], path.parent)[0]
    return found


def by_figures():
    """Return the memory of a kernel by the number of live figures that it holds."""
    sources = [f"while len(kept) < {n}: kept.append(ours())\n{RESIDENT}" for n in FIGURES]
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
    return dict(zip(FIGURES, resident(cells), strict=True))


def measure():
    """Return seconds of imports, and bytes of kernels."""
    return {"import": import_seconds(), "lessons": by_lesson(), "live figures": by_figures()}


def show(result):
    """Print the tables and draw the growth with the number of live figures."""
    times = result["import"]
    numpy = times["numpy"]
    print_table(
        f"新しい Python で読み込む時間（{ROUNDS} 回の中央値）",
        ["", "時間", "numpy との差", "numpy との比"],
        [
            [name, duration(t), f"{1000 * (t - numpy):+.0f} ms", f"{t / numpy:.2f}"]
            for name, t in times.items()
        ],
    )
    start = result["lessons"]["空のカーネル"]
    print_table(
        "カーネルのメモリ（常駐）",
        ["", "MiB", "空との差"],
        [
            [name, f"{size / MIB:.0f}", f"{(size - start) / MIB:+.0f}"]
            for name, size in [
                *result["lessons"].items(),
                *((f"動く図 {n} 個", size) for n, size in result["live figures"].items()),
            ]
        ],
    )
    sizes = [size / MIB for size in result["live figures"].values()]
    line = {"カーネル": (list(result["live figures"]), sizes)}
    plot("memory", ("1つのカーネルの動く図の数", "MiB", line), scale="linear")
