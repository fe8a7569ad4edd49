"""06 学習率の演習: 正しい関数と、見えない入力。"""

import math  # noqa: F401  よくある誤りの式が使う

import numpy as np

from helpers.exercises import Exercise


def step_decay_rate(lr, drop, every, t):
    """ステップ減衰。"""
    k = t // every
    return lr * drop**k


def _step_decay_rate_cases():
    counts = (0, 1, 15, 16, 29, 30, 31, 45, 46, 59, 60, 61, 89, 90, 91, 95)
    return [
        *((0.1, 0.1, 30, t) for t in counts),
        *((0.4, 0.5, 10, t) for t in (9, 10, 25, 99, 100)),
        *((0.8, 0.7, 1, t) for t in (0, 1, 3)),
    ]


def largest_stable_lr(hessian):
    """2次関数で勾配降下法が発散しない学習率の上限。"""
    values = np.linalg.eigvalsh(hessian)
    return 2 / np.max(values)


def _largest_stable_lr_cases():
    return [
        (np.array([[1.0, 0.0], [0.0, 25.0]]),),
        (np.array([[40.0, 0.0], [0.0, 0.5]]),),
        (np.array([[3.0, 1.0], [1.0, 3.0]]),),
        (np.array([[2.0, -3.0], [-3.0, 6.0]]),),
        (np.array([[4.0]]),),
        (np.array([[5.0, 1.0, 0.0], [1.0, 2.0, -1.0], [0.0, -1.0, 7.0]]),),
        (np.diag([0.2, 0.5, 0.1]),),
        ([[2, 1], [1, 2]],),
    ]


def cosine_rate(lr, epoch, total):
    """余弦の形に 0 まで下げた、エポック epoch の学習率。"""
    return lr / 2 * (1 + np.cos(np.pi * epoch / total))


def _cosine_rate_cases():
    return [
        (0.1, 0, 100),
        (0.1, 50, 100),
        (0.4, 25, 100),
        (0.4, 90, 120),
        (2.0, 30, 30),
        (1, 2, 3),
    ]


EXERCISES = (
    Exercise(step_decay_rate, _step_decay_rate_cases, returns=("学習率",)),
    Exercise(largest_stable_lr, _largest_stable_lr_cases, returns=("上限",)),
    Exercise(cosine_rate, _cosine_rate_cases, returns=("学習率",)),
)
