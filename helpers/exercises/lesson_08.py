"""08 ネットワークの学習の演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise


def softmax_loss_grad(x, t):
    """softmax と交差エントロピーの損失（平均）の、x についての勾配。"""
    exp = np.exp(x - x.max(axis=1, keepdims=True))
    y = exp / exp.sum(axis=1, keepdims=True)
    return (y - t) / len(x)


def _softmax_loss_grad_cases():
    x = np.array([[0.3, 2.9, 4.0], [1.0, -2.0, 0.5], [2.0, 2.0, -1.0], [-0.7, 0.1, 1.6]])
    t = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    return [
        (x, t),
        (x[:1], t[:1]),
        (x[1:3], t[1:3]),
        (x[:2, :2] * 3, np.array([[0, 1], [1, 0]])),
        (np.array([[1000.0, 1001.0, 998.0], [0.0, 5.0, 3.0]]), t[:2]),
        (np.array([[1, 3, 2], [-2, 0, 4]]), t[1:3]),
    ]


def clip_gradient(grad, max_norm):
    """長さが max_norm を超えるときだけ、向きを変えずに max_norm に縮めた勾配。"""
    norm = np.sqrt(np.sum(grad**2))
    return grad * (max_norm / norm) if norm > max_norm else grad * 1.0


def _clip_gradient_cases():
    a = np.array
    return [
        (a([3.0, 4.0]), 1),
        (a([3.0, -4.0]), 2.5),
        (a([0.3, 0.4]), 1),
        (a([6.0, 8.0]), 10),
        (a([6.0, 8.0]), 9.99),
        (a([1.0, -2.0, 2.0, 4.0]), 3),
        (a([0.0, 0.0, 0.0]), 2),
        (a([-12, 5]), 6.5),
        (a([[1.0, 2.0], [2.0, 4.0]]), 2),
    ]


EXERCISES = (
    Exercise(softmax_loss_grad, _softmax_loss_grad_cases, returns=("勾配",)),
    Exercise(clip_gradient, _clip_gradient_cases, returns=("勾配",)),
)
