"""02 勾配場の演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise
from helpers.exercises.values import formula

TWO = formula("x[0]**2 * x[1] + x[1]**3")
THREE = formula("x[0]**3 * x[2] - 2 * x[1]**3 + x[1] * x[2]")


def gradient_by_hand(x):
    """f(x) = x0² x1 / 4 + x1² の勾配。"""
    return np.array([x[0] * x[1] / 2, x[0] ** 2 / 4 + 2 * x[1]])


def _gradient_by_hand_cases():
    points = [[2.0, 1.0], [-3.0, 4.0], [0.5, -2.0], [-1.0, -1.5], [0.0, 3.0]]
    return [(np.array(point),) for point in points] + [(np.array([3, 5]),)]


def central_gradient(f, x, h):
    """中心差分による勾配。"""
    grad = np.zeros(len(x))
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = h
        grad[i] = (f(x + e) - f(x - e)) / (2 * h)
    return grad


def _central_gradient_cases():
    return [
        (TWO, np.array([3.0, -4.0]), 0.5),
        (THREE, np.array([1.0, -2.0, 0.5]), 0.25),
        (formula("np.exp(x[0])"), np.array([0.5]), 0.5),
        (formula("x[0]**2 * x[1] - x[2]**3 * x[3] + x[4]**3"), np.arange(1.0, 6.0), 2.0),
        (TWO, np.array([3, 4]), 0.5),
        (THREE, [1, 2, -1], 0.1),
    ]


def directional_derivative(grad, direction):
    """勾配 grad の点での、向き direction の方向微分。"""
    return np.dot(grad, direction) / np.linalg.norm(direction)


def _directional_derivative_cases():
    return [
        (np.array([6.0, 8.0]), np.array([0.6, 0.8])),
        (np.array([6.0, 8.0]), np.array([-3.0, 1.0])),
        (np.array([-1.5, 2.0]), np.array([0.0, -4.0])),
        (np.array([5.0, -2.0]), np.array([0.1, 0.2])),
        (np.array([1.0, -2.0, 3.0]), np.array([2.0, 2.0, -1.0])),
        (np.array([7, -4]), np.array([1, 1])),
        ([6, 8], [5, 12]),
    ]


def quadratic_gradient(A, x):
    """f(x) = x^T A x の勾配。A は対称とは限らない。"""
    return (A + A.T) @ x


def _quadratic_gradient_cases():
    a = np.array
    return [
        (a([[1.0, 3.0], [1.0, 2.0]]), a([1.0, 2.0])),
        (a([[0.5, -2.0], [4.0, 1.5]]), a([-3.0, 0.25])),
        (a([[1.0, 2.0, 0.0], [-1.0, 3.0, 5.0], [0.5, 0.0, -2.0]]), a([1.0, -1.0, 2.0])),
        (a([[2, -1], [3, 0]]), a([4, -5])),
    ]


EXERCISES = (
    Exercise(gradient_by_hand, _gradient_by_hand_cases, returns=("勾配",), arrays=("勾配",)),
    Exercise(central_gradient, _central_gradient_cases, returns=("勾配",)),
    Exercise(directional_derivative, _directional_derivative_cases, returns=("方向微分",)),
    Exercise(quadratic_gradient, _quadratic_gradient_cases, returns=("勾配",)),
)
