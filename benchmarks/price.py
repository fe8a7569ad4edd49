"""The price of a step: gradient_descent against the same formulas in a bare NumPy loop."""

import numpy as np

from benchmarks.measure import medians
from benchmarks.report import duration, print_table
from helpers import Adam, gradient_descent, outcome, outcomes, valley

START = np.array([-7.0, 2.0])
LR = 0.1
STEPS = 100
CURVATURES = np.array([0.1, 2.0])  # of the valley


def exact(x):
    """Return the valley's gradient by its formula, with no check."""
    return CURVATURES * x


def bare_sgd():
    """Return the history of plain gradient descent, written as a learner would."""
    x = START.copy()
    x_history = np.empty((STEPS + 1, 2))
    x_history[0] = x
    for t in range(STEPS):
        x = x - LR * exact(x)
        x_history[t + 1] = x
    return x_history


def bare_adam():
    """Return the history of Adam, written as in the paper."""
    x, m, v = START.copy(), 0.0, 0.0
    x_history = np.empty((STEPS + 1, 2))
    x_history[0] = x
    for t in range(1, STEPS + 1):
        g = exact(x)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        x = x - LR * m_hat / (v_hat**0.5 + 1e-8)
        x_history[t] = x
    return x_history


def run(optimizer=None, grad=exact):
    """Return the history of gradient_descent with the same settings."""
    return gradient_descent(valley, START, LR, STEPS, optimizer=optimizer, grad=grad)[1]


PAIRS = {  # what is compared: ours, and what it is measured against
    "SGD、厳密な勾配": (run, bare_sgd),
    "Adam、厳密な勾配": (lambda: run(Adam()), bare_adam),
    "全ステップの結末": (
        lambda: outcomes(valley, HISTORY),
        lambda: [outcome(valley, HISTORY[: t + 1]) for t in range(STEPS + 1)],
    ),
}
HISTORY = bare_sgd()


def close(ours, other):
    """Say whether two histories, or two lists of endings, are the same."""
    ours, other = np.asarray(ours), np.asarray(other)
    return (ours == other).all() if ours.dtype.kind == "U" else np.allclose(ours, other, rtol=1e-12)


def measure():
    """Return the seconds of ours and of the other way, and whether both answer the same."""
    result = {}
    for name, (ours, other) in PAIRS.items():
        seconds = medians({"ours": ours, "other": other})
        same = close(ours(), other())
        result[name] = {**seconds, "same": bool(same)}
    return result


def show(result):
    """Print the table."""
    print_table(
        f"{STEPS} ステップの値段（比べる相手: 手で書いたループ、1つずつの outcome）",
        ["", "helpers", "手で書く・1つずつ", "比", "同じ結果"],
        [
            [
                name,
                duration(row["ours"]),
                duration(row["other"]),
                f"{row['ours'] / row['other']:.2f}",
                "はい" if row["same"] else "いいえ",
            ]
            for name, row in result.items()
        ],
    )
