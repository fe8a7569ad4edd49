"""03 勾配法の演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise
from helpers.exercises.values import formula

BOWL = formula("np.array([0.1, 2.0]) * x")
QUARTIC = formula("4 * x**3 - 8 * x")


def gd_update(x, grad, lr):
    """勾配降下法の1回の更新。"""
    return x - lr * grad


def _gd_update_cases():
    return [
        (np.array([-3.0, 4.0]), np.array([-6.0, 8.0]), 0.1),
        (np.array([1.5, -2.0, 0.5]), np.array([0.3, -4.0, 1.0]), 0.25),
        (np.array([2.0]), np.array([-5.0]), 0.01),
        (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 1.7),
        (np.array([10, -4]), np.array([3, 2]), 0.5),
    ]


def momentum_update(x, v, grad, lr, alpha):
    """Momentum の1回の更新。"""
    new_v = alpha * v - lr * grad
    new_x = x + new_v
    return new_x, new_v


def _momentum_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([2.0, 4.0]), 0.1, 0.9),
        (np.array([-7.0, 2.0]), np.array([0.0, 0.0]), np.array([-0.7, 4.0]), 0.2, 0.5),
        (np.array([3.0]), np.array([-2.0]), np.array([1.5]), 0.05, 0.8),
        (np.array([3, -5, 1]), np.array([1, 2, -2]), np.array([4, -2, 6]), 0.3, 0.6),
    ]


def nesterov_update(x, v, grad_f, lr, alpha):
    """Nesterov（先の点で勾配を測る形）の1回の更新。"""
    grad = grad_f(x + alpha * v)
    new_v = alpha * v - lr * grad
    new_x = x + new_v
    return new_x, new_v


def _nesterov_update_cases():
    return [
        (np.array([-4.0, 0.9]), np.array([2.0, -1.8]), BOWL, 0.1, 0.9),
        (np.array([1.0, -2.0]), np.array([0.0, 0.0]), QUARTIC, 0.02, 0.5),
        (np.array([2.0]), np.array([-1.0]), QUARTIC, 0.03, 0.8),
        (np.array([3, -5]), np.array([1, 2]), BOWL, 0.3, 0.6),
    ]


def adagrad_update(x, h, grad, lr, eps):
    """AdaGrad の1回の更新。"""
    new_h = h + grad**2
    new_x = x - lr * grad / (np.sqrt(new_h) + eps)
    return new_x, new_h


def _adagrad_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([3.0, -4.0]), 0.1, 0.5),
        (np.array([-1.0, 4.0]), np.array([7.0, 16.0]), np.array([3.0, -3.0]), 0.5, 1e-8),
        (np.array([2.0]), np.array([0.25]), np.array([-0.5]), 1.5, 0.2),
        (np.array([5, -3, 2]), np.array([4, 9, 1]), np.array([2, -1, 0]), 0.3, 1.0),
    ]


def stop_rule(grad, step, eps, step_limit):
    """勾配の規則、回数の規則の順に調べる。"""
    norm = np.linalg.norm(grad)
    if norm < eps:
        return "勾配"
    if step >= step_limit:
        return "回数"
    return "続ける"


def _stop_rule_cases():
    five = np.array([3.0, 4.0])  # 長さがちょうど 5
    return [
        *((five, 5, eps, 100) for eps in (1e-3, 4.999, 5.0, 5.0001)),
        *((five, step, 0.1, 100) for step in (0, 98, 99, 100, 101, 300)),
        (five, 100, 5.0, 100),
        (five, 5, 3.0, 100),
        (five, 100, 5.001, 100),
        (five, 101, 5.001, 100),
        (np.array([3e-4, -4e-4]), 5, 1e-3, 100),
        (np.array([-9.0, 2.0]), 7, 0.1, 100),
        (np.array([5.0, -5.0]), 8, 0.1, 100),
        (np.array([0.08, 0.08]), 9, 0.1, 100),
        (np.array([-0.2, -3.0]), 9, 0.1, 100),
        (np.array([0.05, 3.0]), 9, 0.1, 100),
        (np.array([3.0, 0.05]), 9, 0.1, 100),
        (np.array([0.2, 0.1, -0.2]), 9, 0.29, 100),
        (np.array([0.1, 0.1, 3.0]), 9, 0.5, 100),
        (np.array([0.0, 2.0]), 9, 1.9, 100),
        (np.array([4.0, 0.0]), 9, 2.4, 100),
        (np.array([0.0]), 0, 0.1, 1),
        (np.array([0.3]), 1, 0.2, 1),
        (np.array([3, -4]), 3, 6.0, 10),
    ]


def split_batches(data, batch_size):
    """先頭から batch_size 個ずつに分ける。"""
    n = len(data)
    starts = range(0, n, batch_size)
    return [data[i : i + batch_size] for i in starts]


def _split_batches_cases():
    return [
        (np.arange(10.0), 4),
        (np.arange(12.0), 4),
        (np.arange(9.0), 4),
        (np.arange(11.0), 4),
        (np.array([3.0, -1.0, 5.0]), 8),
        (np.array([3.0, -1.0, 5.0]), 3),
        (np.array([3.0, -1.0, 5.0]), 2),
        (np.arange(5.0), 1),
        (np.arange(22).reshape(11, 2), 3),
    ]


EXERCISES = (
    Exercise(gd_update, _gd_update_cases, returns=("x",)),
    Exercise(momentum_update, _momentum_update_cases, returns=("x", "v")),
    Exercise(nesterov_update, _nesterov_update_cases, returns=("x", "v")),
    Exercise(adagrad_update, _adagrad_update_cases, returns=("x", "h")),
    Exercise(stop_rule, _stop_rule_cases, returns=("言葉",)),
    Exercise(split_batches, _split_batches_cases, returns=("束",), arrays=("束",)),
)
