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


def affine_grads(x, W, dout):
    """Affine 層 x @ W + b の、x・W・b についての損失の勾配。"""
    dx = dout @ W.T
    dW = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db


def _affine_grads_cases():
    a = np.array
    x = a([[1.0, 2.0], [0.5, -1.0], [3.0, -2.0]])
    W = a([[2.0, -1.0], [0.5, 4.0]])
    dout = a([[0.1, -0.4], [0.7, 0.3], [-0.2, 0.6]])
    return [
        (x, W, dout),
        (x[:1], W, dout[:1]),
        (x, a([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]), a([[1.0, 0, 2], [-1, 0.5, 0], [0, 3, -2]])),
        (a([[1, 2], [3, -1]]), a([[2, 0], [1, -3]]), a([[1, -1], [2, 5]])),
    ]


def batch_norm(x, gamma, beta, mean, var, training):
    """バッチ正規化の出力と、更新した移動平均（平均と分散）。"""
    m, s = mean, var
    if training:
        m, s = x.mean(axis=0), x.var(axis=0)
        mean, var = 0.9 * mean + 0.1 * m, 0.9 * var + 0.1 * s
    return gamma * (x - m) / np.sqrt(s + 1e-7) + beta, mean, var


def _batch_norm_cases():
    a = np.array
    x = a([[1.0, 5.0], [3.0, -1.0], [8.0, 2.0]])
    gamma, beta, mean, var = a([2.0, 3.0]), a([1.0, -1.0]), a([0.5, 1.0]), a([4.0, 9.0])
    return [
        (x, gamma, beta, mean, var, True),
        (x, gamma, beta, mean, var, False),
        (x[:2], a([-1.0, 0.5]), a([0.0, 4.0]), a([10.0, -3.0]), a([0.25, 2.0]), True),
        (x[:1], gamma, beta, a([10.0, -3.0]), a([0.25, 2.0]), False),
        (a([[2, 0], [4, 6]]), a([1, 2]), a([0, 1]), a([1, 1]), a([1, 4]), True),
        *(  # 分散が小さく、足す数がはっきり効く
            (x / [3e3, 1.0], gamma, beta, mean, a([1e-6, 2.0]), training)
            for training in (True, False)
        ),
        (a([[0.5, 2.0], [0.5, 3.0]]), gamma, beta, mean, var, True),
    ]


def stop_early(losses, patience):
    """止まるエポックと、検証の損失が最小だったエポック。"""
    best = 0
    for epoch in range(len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


def _stop_early_cases():
    a = np.array
    return [
        (a([9.0, 7.0, 6.0, 6.5, 6.2, 6.1, 5.0]), 3),
        (a([9.0, 7.0, 6.0, 6.5, 6.2, 5.0, 8.0, 7.0, 6.0]), 3),
        (a([5.0, 4.0, 4.0, 3.0, 3.0, 3.0, 2.0]), 2),
        (a([3.0, 2.0, 1.0]), 2),
        *((a([1.0, 2.0, 3.0]), patience) for patience in (1, 2, 3)),
        *((a([2.0, 1.5, 1.5, 1.5, 1.4, 1.6]), patience) for patience in (2, 3, 9)),
        (a([0.7]), 1),
        (a([1.0, 2.0, 3.0, 0.5]), 1),
        (a([4, 6, 5, 3, 4, 4, 4, 2]), 4),
        (a([8.0, 9.0, 7.0, 9.0, 8.5, 6.0, 9.0, 9.5, 9.7]), 3),
    ]


EXERCISES = (
    Exercise(softmax_loss_grad, _softmax_loss_grad_cases, returns=("勾配",)),
    Exercise(clip_gradient, _clip_gradient_cases, returns=("勾配",)),
    Exercise(affine_grads, _affine_grads_cases, returns=("dx", "dW", "db")),
    Exercise(batch_norm, _batch_norm_cases, returns=("y", "平均", "分散")),
    Exercise(stop_early, _stop_early_cases, returns=("止まるエポック", "使うエポック")),
)
