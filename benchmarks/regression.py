"""What comparing costs: `pytest notebooks/NAME.ipynb` against executing the notebook alone."""

import statistics
import subprocess
import sys
import time

from benchmarks.report import ROOT, duration, plot, print_table
from tests.notebooks.compare import compare
from tests.notebooks.plugin import pictures
from tools.execute import read, run

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def pytest(*arguments):
    """Run pytest as the README says; return its seconds and whether all passed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *map(str, arguments)], cwd=ROOT, capture_output=True
    )
    return time.perf_counter() - start, done.returncode == 0


def all_pictures(notebook):
    """Return all pictures of a notebook, in order."""
    return [picture for cell in notebook.cells for picture in pictures(cell.get("outputs", []))]


def compare_both(path):
    """Measure pytest's start, the execution alone and the comparing run of a notebook, in turn."""
    startup, _ = pytest("--collect-only", path)
    executed = run(path)
    whole, passed = pytest(path)
    stored = read(path)
    start = time.perf_counter()
    for before, after in zip(all_pictures(stored), all_pictures(executed.notebook), strict=True):
        compare(before, after)
    return {
        "cells": sum(cell.cell_type == "code" for cell in stored.cells),
        "pictures": len(all_pictures(stored)),
        "execute": executed.seconds,
        "pytest": whole,
        "difference": whole - executed.seconds,
        "startup": startup,
        "comparing pictures": time.perf_counter() - start,
        "passed": passed,
    }


def measure():
    """Return the seconds of each notebook."""
    return {path.name: compare_both(path) for path in NOTEBOOKS}


def show(result):
    """Print the table and draw how both ways grow."""
    counts = ("cells", "pictures")
    times = ("execute", "pytest", "difference", "startup", "comparing pictures")
    total = {key: sum(row[key] for row in result.values()) for key in (*counts, *times)}
    total["passed"] = all(row["passed"] for row in result.values())
    print_table(
        "回帰テスト: pytest notebooks/… と、同じノートブックの実行だけ（1回ずつ、交互に）",
        ["", "セル", "図", "実行だけ", "pytest", "差", "うち起動", "うち図の比較", "結果"],
        [
            [
                name,
                *(str(row[key]) for key in counts),
                *(f"{row[key]:.1f} 秒" for key in times),
                "一致" if row["passed"] else "不一致",
            ]
            for name, row in {**result, "合計": total}.items()
        ],
    )
    middle = statistics.median(row["startup"] for row in result.values())
    print(f"  pytest の起動の中央値 {duration(middle)}。make test では1回だけかかる。")
    lines = {"実行だけ": "execute", "pytest": "pytest"}
    by_size = sorted(result.values(), key=lambda row: row["cells"])
    cells = [row["cells"] for row in by_size]
    points = {label: (cells, [row[key] for row in by_size]) for label, key in lines.items()}
    plot("regression", ("コードのセルの数", "秒", points), scale="linear")
