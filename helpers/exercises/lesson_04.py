"""04 鞍点の演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise


def classify(grad, hessian):
    """勾配とヘッセ行列から、点を分類する。"""
    if np.linalg.norm(grad) >= 1e-6:
        return "臨界点でない"
    values = np.linalg.eigvalsh(hessian)
    positive, negative = np.any(values >= 1e-6), np.any(values <= -1e-6)
    zero = np.any(np.abs(values) < 1e-6)
    if positive and negative:
        return "鞍点"
    if zero:
        return "判定できない"
    return "極小" if positive else "極大"


def _classify_cases():
    flat, bowl = np.zeros(2), np.array([[3.0, -1.0], [-1.0, 3.0]])
    grads = [[0.0, 0.5], [-0.5, 0.0], [1e-9, -1e-9], [0.9e-6, 0.0], [1e-6, 0.0], [-1.1e-6, 0.0]]
    grads += [[0.8e-6, 0.8e-6], [0.8e-6, -0.4e-6], [5e-4, 0.0], [1e-5, 0.0], [3e-7, 0.0]]
    diagonals = [[2, 5], [-2, -1], [2, -3], [5, -3], [3, 0], [0, -3], [0, 0], [4, 1e-9], [4, -1e-9]]
    for sign in (1, -1):
        diagonals += [[4.0, sign * size] for size in (0.9e-6, 1e-6, 1.1e-6, 5e-4, 1e-5, 3e-7)]
    diagonals += [
        [2, 0, -1],
        [-1, -1, 5],
        [-1, -1, -2],
        [1, 2, 3],
        [2, 1, 0],
        [0, -1, -2],
        [3, 3, -1],
    ]
    diagonals += [[-3, -3, 1, 1], [-1, -2, -1, -3]]
    return [
        *((np.array(grad), bowl) for grad in grads),
        *((np.zeros(len(values)), np.diag(np.array(values, dtype=float))) for values in diagonals),
        (flat, np.array([[1.0, 2.0], [2.0, 1.0]])),
        (flat, np.array([[2.0, 1.0], [1.0, 2.0]])),
        (flat, np.array([[-1.0, -3.0], [-3.0, -2.0]])),
        (flat, np.array([[-3.0, 1.0], [1.0, -3.0]])),
        (np.array([0.5, -0.5]), np.array([[2.0, 0.0], [0.0, -3.0]])),
        (np.zeros(2, dtype=int), np.array([[0, 1], [1, 0]])),
    ]


def rmsprop_update(x, h, grad, lr, rho, eps):
    """RMSprop の1回の更新。"""
    new_h = rho * h + (1 - rho) * grad**2
    new_x = x - lr * grad / (np.sqrt(new_h) + eps)
    return new_x, new_h


def _rmsprop_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([3.0, -4.0]), 0.1, 0.9, 0.5),
        (np.array([-1.0, 4.0]), np.array([7.0, 16.0]), np.array([3.0, -3.0]), 0.5, 0.99, 1e-8),
        (np.array([2.0]), np.array([0.25]), np.array([-0.5]), 1.5, 0.8, 0.2),
        (np.array([5, -3, 2]), np.array([4, 9, 1]), np.array([2, -1, 0]), 0.3, 0.7, 1.0),
    ]


EXERCISES = (
    Exercise(classify, _classify_cases, returns=("言葉",)),
    Exercise(rmsprop_update, _rmsprop_update_cases, returns=("x", "h")),
)
