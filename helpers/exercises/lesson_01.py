"""01 微分の演習。"""

import numpy as np

from helpers.exercises import Exercise, Fault
from helpers.gradient import numerical_derivative


def central_difference(f, x, h):
    """中心差分。"""
    return (f(x + h) - f(x - h)) / (2 * h)


def gradient_error(f, df, x):
    """勾配確認: 相対誤差の最大。"""
    a, n = df(x), numerical_derivative(f, x)
    return np.max(np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n))))


def _cube(x):
    return x**3 - x


def _central_difference_cases():
    return [
        (_cube, 2.0, 0.5),
        (_cube, -3, 0.25),
        (np.sin, 1.0, 0.4),
        (np.exp, -1.0, 0.1),
        (np.sin, np.array([0.5, 2.0, 4.0]), 0.3),
        (_cube, np.array([1, -2, 5]), 0.5),
    ]


def _too_steep(x):
    return 3 * x**2 + 1


def _falling(x):
    return -(x**3)


def _falls_too_fast(x):
    return -3 * x**2 - 2 * x


def _flipped(x):
    return -np.cos(x)


def _halved(x):
    return np.exp(x) / 2


def _exact(x):
    return np.exp(x)


def _gradient_error_cases():
    return [
        (_cube, _too_steep, np.array([0.1, 1.0, 2.0])),
        (np.sin, _flipped, np.array([-0.5, 1.3, 2.5, 3.0])),
        (np.exp, _halved, np.array([-3.0, -1.0, 0.5])),
        (np.exp, _exact, np.array([0.3, -0.2])),
        (_falling, _falls_too_fast, np.array([1.0, 2.0])),
        (_cube, _too_steep, np.array([4, -3, 2, 0])),
    ]


def _error_by(measure):
    """相対誤差の代わりに measure(a, n) を使う、誤った勾配確認を返す。"""
    return lambda f, df, x: measure(df(x), numerical_derivative(f, x))


def _scale(a, n):
    return np.maximum(1, np.maximum(np.abs(a), np.abs(n)))


EXERCISES = (
    Exercise(
        name="central_difference",
        lesson="01",
        answer=central_difference,
        cases=_central_difference_cases,
        faults=(
            Fault(
                "符号が逆",
                "増える関数の傾きが負になっていませんか。引く順番を見直してください。",
                lambda f, x, h: (f(x - h) - f(x + h)) / (2 * h),
            ),
            Fault(
                "2h でなく h で割っている",
                "2つの点がどれだけ離れているかを数えてください。",
                lambda f, x, h: (f(x + h) - f(x - h)) / h,
            ),
            Fault(
                "前進差分になっている",
                "x そのものでの値は使いません。x をはさむ両側の点を使います。",
                lambda f, x, h: (f(x + h) - f(x)) / h,
            ),
            Fault(
                "後退差分になっている",
                "x そのものでの値は使いません。x をはさむ両側の点を使います。",
                lambda f, x, h: (f(x) - f(x - h)) / h,
            ),
            Fault(
                "割り算のかっこがない",
                "割り算と掛け算は左から順に計算されます。分母全体をかっこで囲んでください。",
                lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h,
            ),
            Fault(
                "割り算を忘れている",
                "返しているのは高さの差です。傾きは、高さの差を横の幅で割ったものです。",
                lambda f, x, h: f(x + h) - f(x - h),
            ),
            Fault(
                "h の半分だけ動かしている",
                "測る点は、x からそれぞれ h ずつ離れた2点です。",
                lambda f, x, h: (f(x + h / 2) - f(x - h / 2)) / h,
            ),
            Fault(
                "渡された h を使っていない",
                "刻み幅を関数の中で決めています。引数の h を使ってください。",
                lambda f, x, h: numerical_derivative(f, x),
            ),
        ),
    ),
    Exercise(
        name="gradient_error",
        lesson="01",
        answer=gradient_error,
        cases=_gradient_error_cases,
        faults=(
            Fault(
                "絶対値をとっていない",
                "数値微分のほうが大きいと、差は負になります。負の大きな誤差も見つけてください。",
                _error_by(lambda a, n: np.max((a - n) / _scale(a, n))),
            ),
            Fault(
                "絶対誤差になっている",
                "値が大きい点では、同じ割合の誤差でも差は大きくなります。大きさで割ってください。",
                _error_by(lambda a, n: np.max(np.abs(a - n))),
            ),
            Fault(
                "分母の下限 1 がない",
                "微分係数が 0 に近い点で、誤差が大きく見えすぎます。分母の候補は3つあります。",
                _error_by(lambda a, n: np.max(np.abs(a - n) / np.maximum(np.abs(a), np.abs(n)))),
            ),
            Fault(
                "分母が足し算になっている",
                "分母は、候補の和ではなく、いちばん大きいものです。",
                _error_by(lambda a, n: np.max(np.abs(a - n) / (np.abs(a) + np.abs(n)))),
            ),
            Fault(
                "分母の絶対値がない",
                "微分係数は負にもなります。大きさを比べる前に符号を外してください。",
                _error_by(lambda a, n: np.max(np.abs(a - n) / np.maximum(1, np.maximum(a, n)))),
            ),
            Fault(
                "平均をとっている",
                "1点だけの大きな誤りが、平均では薄まります。いちばん悪い点を返してください。",
                _error_by(lambda a, n: np.mean(np.abs(a - n) / _scale(a, n))),
            ),
            Fault(
                "最小をとっている",
                "1点でも合えば合格になってしまいます。いちばん悪い点を返してください。",
                _error_by(lambda a, n: np.min(np.abs(a - n) / _scale(a, n))),
            ),
            Fault(
                "最初の点しか見ていない",
                "x には点がいくつも並んでいます。全部の点で比べてください。",
                _error_by(lambda a, n: (np.abs(a - n) / _scale(a, n))[0]),
            ),
        ),
    ),
)
