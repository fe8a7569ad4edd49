"""The numerical gradient: the book's loop, SciPy, numdifftools and ours, by time and by error."""

import numdifftools
import numpy as np
from scipy import differentiate, optimize

from benchmarks.measure import PATIENCE, medians
from benchmarks.report import duration, plot, print_table
from helpers import numerical_gradient, vectorized_gradient

DIMENSIONS = (2, 10, 100, 1000)
GRIDS = (18, 100, 1000)  # points along each side; 18 × 18 = 324 is the course's gradient field
SUBSET = 1000  # points that stand for a grid on which a way would be too slow
STEP = 1e-4  # the book's h

OURS = "helpers.numerical_gradient"
BESIDE = "helpers.vectorized_gradient"
BOOK = "本の書き方（1点ずつ）"
FLOOR = "下限：f を 2n 回"
FORWARD = "scipy approx_fprime（前進差分）"


def rosenbrock(x):
    """Return the chained Rosenbrock function of points (n, *batch)."""
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2, axis=0)


def exact_gradient(x):
    """Return its gradient by the formula."""
    gap = x[1:] - x[:-1] ** 2
    gradient = np.zeros_like(x)
    gradient[1:] = 200 * gap
    gradient[:-1] -= 400 * x[:-1] * gap + 2 * (1 - x[:-1])
    return gradient


def book(f, point):
    """Differentiate at one point as the book does: move one coordinate at a time, in place."""
    moved = point.copy()
    gradient = np.empty_like(point)
    for i, value in enumerate(point):
        moved[i] = value + STEP
        above = f(moved)
        moved[i] = value - STEP
        below = f(moved)
        moved[i] = value
        gradient[i] = (above - below) / (2 * STEP)
    return gradient


def each_point(gradient):
    """Let a function of one point (n,) take points (n, number) as well."""
    return lambda x: gradient(x) if x.ndim == 1 else np.stack([gradient(p) for p in x.T], axis=1)


def central_jacobian(x):
    """Let SciPy do one plain central difference: as accurate as ours, no search for the step."""
    return differentiate.jacobian(rosenbrock, x, order=2, maxiter=1, initial_step=6e-6).df


def floor(x):
    """Evaluate f as often as a central difference has to."""
    for _ in range(2 * len(x)):
        rosenbrock(x)


WAYS = {
    BOOK: each_point(lambda point: book(rosenbrock, point)),
    "scipy jacobian": lambda x: differentiate.jacobian(rosenbrock, x).df,
    "scipy jacobian（中心差分に設定）": central_jacobian,
    FORWARD: each_point(lambda point: optimize.approx_fprime(point, rosenbrock)),
    "numdifftools.Gradient": each_point(numdifftools.Gradient(rosenbrock)),
    OURS: lambda x: numerical_gradient(rosenbrock, x),
    BESIDE: lambda x: vectorized_gradient(rosenbrock, x),
}
ONE_BY_ONE = (BOOK, FORWARD, "numdifftools.Gradient")  # f need only take one point
STACKING = ("scipy jacobian", "scipy jacobian（中心差分に設定）")  # f must take a stack


def error(gradient, x):
    """Return the largest error, relative to the largest component at the point (at least 1)."""
    exact = exact_gradient(x)
    scale = np.maximum(1, np.abs(exact).max(axis=0))
    return float((np.abs(gradient - exact) / scale).max())


def compare(x, expected):
    """Measure all ways at x; a way expected to need longer than PATIENCE gets a part of x."""
    number = x[0].size
    chosen = np.random.default_rng(0).integers(number, size=SUBSET)
    given = {name: x[:, chosen] if expected.get(name, 0) > PATIENCE else x for name in WAYS}
    ways = {name: (lambda way=way, x=given[name]: way(x)) for name, way in WAYS.items()}
    seconds = medians({**ways, FLOOR: lambda: floor(x)})
    return {
        name: {
            "seconds": time * number / given[name][0].size if name in given else time,
            "error": error(ways[name](), given[name]) if name in given else None,
            "scaled from points": given[name][0].size if given.get(name, x) is not x else None,
        }
        for name, time in seconds.items()
    }


def measure():
    """Return time and error of each way at one point by dimension, and on grids by size."""
    random = np.random.default_rng(0)
    dimensions = {n: compare(random.uniform(-2, 2, n), {}) for n in DIMENSIONS}
    grids, expected = {}, {}
    for side, following in zip(GRIDS, (*GRIDS[1:], 0), strict=True):
        line = np.linspace(-2, 2, side)
        row = compare(np.array(np.meshgrid(line, line)).reshape(2, -1), expected)
        expected = {name: row[name]["seconds"] * (following / side) ** 2 for name in WAYS}
        grids[side**2] = row
    return {"one point, by dimension": dimensions, "grid, by number of points": grids}


def ratios(row):
    """Return the book's and the floor's time against ours, and ours against the fastest peers.

    Only peers as accurate as ours count: first those that ask as little of f as
    numerical_gradient does, then all of them against the faster of ours.
    """
    seconds = {name: measured["seconds"] for name, measured in row.items()}
    error = 10 * row[OURS]["error"]
    accurate = [name for name in ONE_BY_ONE + STACKING if row[name]["error"] <= error]
    modest = min((name for name in accurate if name in ONE_BY_ONE), key=seconds.get)
    fastest = min(accurate, key=seconds.get)
    return (
        f"{seconds[BOOK] / seconds[OURS]:.1f}",
        f"{seconds[OURS] / seconds[FLOOR]:.2f}",
        f"{seconds[OURS] / seconds[modest]:.2f}",
        f"{min(seconds[OURS], seconds[BESIDE]) / seconds[fastest]:.2f}",
        fastest,
    )


def cell(measured):
    """Return time and error for the table; ≈ marks a time scaled from a part of the points."""
    sign = "≈" if measured["scaled from points"] else ""
    wrong = "" if measured["error"] is None else f" ({measured['error']:.0e})"
    return f"{sign}{duration(measured['seconds'])}{wrong}"


def show(result):
    """Print the tables and draw the growth."""
    for (title, rows), unit in zip(result.items(), ("次元", "点"), strict=True):
        named = {f"{size} {unit}": row for size, row in rows.items()}
        print_table(
            f"数値微分の勾配: {title}（かっこ内は最大の相対誤差）",
            ["", *named],
            [[name, *(cell(row[name]) for row in named.values())] for name in (*WAYS, FLOOR)],
        )
        print_table(
            "比（n: numerical_gradient。他は、誤差が n の10倍以内のもののうち最速）",
            [
                "",
                "本 / n",
                "n / 下限",
                "n / 点1つの f でよい他",
                "helpers の速いほう / 他の全部",
                "他の全部で最速のもの",
            ],
            [[size, *ratios(row)] for size, row in named.items()],
        )
    print(f"  ≈: {SUBSET} 点で測り、点の数に比例させた時間。{FORWARD}は精度が低い（誤差 O(h)）。")
    panels = [
        (label, "秒", {name: (list(rows), times(rows, name)) for name in (*WAYS, FLOOR)})
        for label, rows in zip(("次元（1点）", "点の数（2次元）"), result.values(), strict=True)
    ]
    plot("gradient", *panels)


def times(rows, name):
    """Return the seconds of a way at each size."""
    return [row[name]["seconds"] for row in rows.values()]
