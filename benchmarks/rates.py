"""Many learning rates at once: one vectorised run against a loop of single runs."""

import numpy as np

from benchmarks.measure import medians
from benchmarks.report import duration, plot, print_table
from helpers import gradient_descent, valley

NUMBERS = (1, 4, 40, 400, 4000)
LONGEST_LOOP = 400  # single runs that are timed; more are reckoned in proportion
START = [-7.0, 2.0]
STEPS = 100


def together(rates):
    """Return where each rate ends, from one run of all; (2, number)."""
    return gradient_descent(valley, START, rates, STEPS)[0]


def one_by_one(rates):
    """Return where each rate ends, from a run for each; (2, number)."""
    return np.stack([gradient_descent(valley, START, rate, STEPS)[0] for rate in rates], axis=1)


def compare(number):
    """Measure both ways with so many rates, and how far their ends differ."""
    rates = np.linspace(0.01, 0.9, number)
    part = rates[:: max(1, number // LONGEST_LOOP)]
    times = medians({"together": lambda: together(rates), "loop": lambda: one_by_one(part)})
    return {
        "together": times["together"],
        "loop": times["loop"] * number / len(part),
        "loop scaled from runs": len(part) if len(part) < number else None,
        "largest difference": float(np.abs(together(part) - one_by_one(part)).max()),
    }


def measure():
    """Return seconds by the number of rates."""
    return {number: compare(number) for number in NUMBERS}


def show(result):
    """Print the table and draw the growth."""
    print_table(
        f"学習率をまとめて {STEPS} ステップ（≈: {LONGEST_LOOP} 個で測り、数に比例させた時間）",
        ["学習率の数", "まとめて1回", "1つずつ", "比", "結果の差"],
        [
            [
                str(number),
                duration(row["together"]),
                ("≈" if row["loop scaled from runs"] else "") + duration(row["loop"]),
                f"{row['loop'] / row['together']:.1f}",
                f"{row['largest difference']:.0e}",
            ]
            for number, row in result.items()
        ],
    )
    lines = {"まとめて1回": "together", "1つずつ": "loop"}
    plot(
        "rates",
        (
            "学習率の数",
            "秒",
            {
                label: (list(result), [row[key] for row in result.values()])
                for label, key in lines.items()
            },
        ),
    )
