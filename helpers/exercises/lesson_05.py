"""05 プラトーの演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise


def initial_std(shape, method):
    """重みの初期値の標準偏差。本の式: Xavier は √(1/n)、He は √(2/n)、n は入力の数。"""
    n = shape[0]
    return np.sqrt(2 / n) if method == "He" else np.sqrt(1 / n)


def _initial_std_cases():
    shapes = [(100, 50), (784, 100), (3, 7), (20, 20), (1, 4)]
    return [(shape, method) for shape in shapes for method in ("He", "Xavier")]


def normalize_batch(x, gamma, beta, eps):
    """バッチ正規化の順伝播。"""
    mean = x.mean(axis=0)
    var = ((x - mean) ** 2).mean(axis=0)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta


def _normalize_batch_cases():
    x = np.array([[1.0, 2.0, -3.0], [3.0, 6.0, 0.5], [4.0, -2.0, 1.0], [-1.0, 0.0, 2.5]])
    gamma, beta = np.array([1.5, -2.0, 0.5]), np.array([0.3, 1.0, -4.0])
    return [
        (x, gamma, beta, 0.5),
        (x[:3], gamma, beta, 1e-7),
        (x[:, :2] * 10, np.array([2.0, 3.0]), np.array([-1.0, 5.0]), 2.0),
        (x[:2], gamma, beta, 1.0),
        (np.array([[1, 20, 3], [4, 5, 6]]), np.array([2, 1, 3]), np.array([0, 1, 2]), 0.1),
    ]


EXERCISES = (
    Exercise(initial_std, _initial_std_cases, returns=("標準偏差",)),
    Exercise(normalize_batch, _normalize_batch_cases, returns=("y",), arrays=("y",)),
)
