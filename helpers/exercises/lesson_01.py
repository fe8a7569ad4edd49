"""01 微分の演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise
from helpers.exercises.values import formula
from helpers.gradient import numerical_derivative

CUBE, SIN, EXP = formula("x**3 - x"), formula("np.sin(x)"), formula("np.exp(x)")


def central_difference(f, x, h):
    """中心差分。"""
    return (f(x + h) - f(x - h)) / (2 * h)


def _central_difference_cases():
    return [
        (CUBE, 2.0, 0.5),
        (CUBE, -3, 0.25),
        (SIN, 1.0, 0.4),
        (EXP, -1.0, 0.1),
        (formula("1 / x"), 2.5, 1.5),
    ]


def gradient_error(f, df, x):
    """勾配確認: 相対誤差の最大。"""
    a, n = df(x), numerical_derivative(f, x)
    size = np.maximum(1, np.maximum(np.abs(a), np.abs(n)))
    return np.max(np.abs(a - n) / size)


def _gradient_error_cases():
    too_steep = formula("3 * x**2 + 1")
    return [
        (CUBE, too_steep, np.array([0.1, 1.0, 2.0])),
        (SIN, formula("-np.cos(x)"), np.array([-0.5, 1.3, 2.5, 3.0])),
        (SIN, formula("2 * np.cos(x)"), np.array([1.2, 0.4, 1.5])),
        (SIN, formula("2 * np.cos(x)"), np.array([1.5, 1.4])),
        (EXP, formula("np.exp(x) / 2"), np.array([-3.0, -1.0, 0.5])),
        (EXP, EXP, np.array([0.3])),
        (formula("-(x**3)"), formula("-3 * x**2 - 2 * x"), np.array([1.0, 2.0])),
        (CUBE, too_steep, np.array([4, -3, 2, 0])),
    ]


EXERCISES = (
    Exercise(central_difference, _central_difference_cases, returns=("微分係数",)),
    Exercise(gradient_error, _gradient_error_cases, returns=("誤差",)),
)
