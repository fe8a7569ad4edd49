"""07 降下法デモの演習: 正しい関数と、見えない入力。"""

import numpy as np

from helpers.exercises import Exercise
from helpers.exercises.values import formula


def descend(grad_f, init_x, lr, step_num):
    """勾配降下法を行い、最後の点と、通った点すべてを返す。"""
    x = np.array(init_x, dtype=np.float64)
    x_history = [x]
    for _ in range(step_num):
        x = x - lr * grad_f(x)
        x_history.append(x)
    return x, np.array(x_history)


def _descend_cases():
    bowl, valley = formula("2 * x"), formula("np.array([0.1, 2.0]) * x")
    return [
        (bowl, np.array([-3.0, 4.0]), 0.1, 4),
        (valley, np.array([-7.0, 2.0]), 0.3, 3),
        (formula("x**3 - 2 * x"), np.array([1.0, -0.5, 2.0]), 0.05, 5),
        (bowl, np.array([1.0]), 0.3, 2),
        (bowl, np.array([1.0, 2.0]), 0.2, 1),
        (valley, np.array([-7, 2]), 0.3, 3),
        (bowl, [-3, 4], 0.1, 3),
    ]


def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    """Adam の1回の更新。t はこれまでに更新した回数。"""
    new_m = beta1 * m + (1 - beta1) * grad
    new_v = beta2 * v + (1 - beta2) * grad**2
    m_hat = new_m / (1 - beta1 ** (t + 1))
    v_hat = new_v / (1 - beta2 ** (t + 1))
    new_x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return new_x, new_m, new_v


def _adam_update_cases():
    a, zero = np.array, np.zeros(2)
    return [
        (a([1.0, 2.0]), zero, zero, 0, a([3.0, -4.0]), 0.1, 0.9, 0.999, 0.5),
        (a([-1.0, 4.0]), a([0.5, -2.0]), a([2.0, 6.0]), 1, a([1.5, 0.5]), 0.3, 0.8, 0.95, 1e-8),
        (a([2.0]), a([-0.4]), a([0.3]), 9, a([-0.5]), 1, 0.7, 0.9, 0.2),
        (a([5, -3, 2]), a([1, 2, -1]), a([4, 9, 1]), 3, a([2, -1, 0]), 0.2, 0.9, 0.99, 1.0),
    ]


EXERCISES = (
    Exercise(descend, _descend_cases, returns=("x", "x_history"), arrays=("x_history",)),
    Exercise(adam_update, _adam_update_cases, returns=("x", "m", "v")),
)
