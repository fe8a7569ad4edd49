"""02 勾配場の演習。"""

import numpy as np

from helpers.exercises import Exercise, Fault


def gradient_by_hand(x):
    """f(x) = x0² x1 / 4 + x1² の勾配。"""
    return np.array([x[0] * x[1] / 2, x[0] ** 2 / 4 + 2 * x[1]])


def central_gradient(f, x, h):
    """中心差分による勾配。"""
    steps = h * np.eye(len(x))
    return np.array([(f(x + step) - f(x - step)) / (2 * h) for step in steps])


def directional_derivative(grad, direction):
    """勾配 grad の点での、向き direction の方向微分。"""
    return np.sum(np.multiply(grad, direction)) / np.linalg.norm(direction)


def _gradient_by_hand_cases():
    points = [[2.0, 1.0], [-3.0, 4.0], [0.5, -2.0], [-1.0, -1.5]]
    return [(np.array(point),) for point in points] + [(np.array([3, 5]),), ([-1, 3],)]


def _two(x):
    return x[0] ** 2 * x[1] + x[1] ** 3


def _three(x):
    return x[0] ** 3 * x[2] - 2 * x[1] ** 3 + x[1] * x[2]


def _one(x):
    return np.exp(x[0])


def _central_gradient_cases():
    return [
        (_two, np.array([3.0, -4.0]), 0.5),
        (_three, np.array([1.0, -2.0, 0.5]), 0.25),
        (_one, np.array([0.5]), 0.5),
        (_two, np.array([3, 4]), 0.5),
        (_three, [1, 2, -1], 0.1),
    ]


def _gradient_left_moved(f, x, h):
    """前の座標を x − h に動かしたまま、次の座標へ進む勾配。"""
    y, grad = np.array(x, dtype=np.float64), np.zeros(len(x))
    for i in range(len(x)):
        y[i] += h
        ahead = f(y)
        y[i] -= 2 * h
        grad[i] = (ahead - f(y)) / (2 * h)
    return grad


def _without_last(f, x, h):
    grad = central_gradient(f, x, h)
    grad[-1] = 0
    return grad


def _directional_derivative_cases():
    return [
        (np.array([6.0, 8.0]), np.array([0.6, 0.8])),
        (np.array([6.0, 8.0]), np.array([-3.0, 1.0])),
        (np.array([-1.5, 2.0]), np.array([0.0, -4.0])),
        (np.array([1.0, -2.0, 3.0]), np.array([2.0, 2.0, -1.0])),
        (np.array([7, -4]), np.array([1, 1])),
        ([6, 8], [5, 12]),
    ]


EXERCISES = (
    Exercise(
        name="gradient_by_hand",
        lesson="02",
        answer=gradient_by_hand,
        cases=_gradient_by_hand_cases,
        faults=(
            Fault(
                "符号が逆",
                "返しているのは最急降下の向き −∇f です。∇f を返してください。",
                lambda x: -gradient_by_hand(x),
            ),
            Fault(
                "成分の順が逆",
                "0 番目の成分は x0 での偏微分、1 番目は x1 での偏微分です。",
                lambda x: gradient_by_hand(x)[::-1],
            ),
            Fault(
                "掛け算の相手を消している",
                "x0 で偏微分するとき、x1 は定数です。定数倍は微分しても残ります。",
                lambda x: np.array([x[0] / 2, x[0] ** 2 / 4 + 2 * x[1]]),
            ),
            Fault(
                "指数の 2 を掛けていない",
                "2乗を微分すると、指数が前に出ます。",
                lambda x: np.array([x[0] * x[1] / 4, x[0] ** 2 / 4 + x[1]]),
            ),
            Fault(
                "x0² x1 / 4 を x1 で微分し忘れている",
                "x1 はこの関数に2回現れます。両方の項を x1 で偏微分してください。",
                lambda x: np.array([x[0] * x[1] / 2, 2 * x[1]]),
            ),
            Fault(
                "x0 での偏微分を 0 にしている",
                "x1² を x0 で偏微分すると 0 ですが、x0² x1 / 4 は x0 を含むので残ります。",
                lambda x: np.array([0, x[0] ** 2 / 4 + 2 * x[1]]),
            ),
            Fault(
                "成分を足している",
                "勾配は数1つではなく、偏微分を並べたベクトルです。",
                lambda x: np.sum(gradient_by_hand(x)),
            ),
        ),
    ),
    Exercise(
        name="central_gradient",
        lesson="02",
        answer=central_gradient,
        cases=_central_gradient_cases,
        faults=(
            Fault(
                "符号が逆",
                "返しているのは −∇f です。引く順番を見直してください。",
                lambda f, x, h: -central_gradient(f, x, h),
            ),
            Fault(
                "2h でなく h で割っている",
                "2つの点がどれだけ離れているかを数えてください。",
                lambda f, x, h: 2 * central_gradient(f, x, h),
            ),
            Fault(
                "前進差分になっている",
                "x そのものでの値は使いません。x をはさむ両側の点を使います。",
                lambda f, x, h: np.array([(f(x + e) - f(x)) / h for e in h * np.eye(len(x))]),
            ),
            Fault(
                "動かした座標を元に戻していない",
                "次の座標に進む前に、前の座標は x の値に戻っていなければなりません。",
                _gradient_left_moved,
            ),
            Fault(
                "全部の座標を一度に動かしている",
                "偏微分では、動かす座標は1つだけです。ほかの座標は止めておきます。",
                lambda f, x, h: np.full(len(x), (f(np.add(x, h)) - f(np.subtract(x, h))) / (2 * h)),
            ),
            Fault(
                "最後の座標を計算していない",
                "最後の成分が 0 のままです。繰り返しの回数を確かめてください。",
                _without_last,
            ),
            Fault(
                "渡された h を使っていない",
                "刻み幅を関数の中で決めています。引数の h を使ってください。",
                lambda f, x, h: central_gradient(f, x, 1e-5),
            ),
        ),
    ),
    Exercise(
        name="directional_derivative",
        lesson="02",
        answer=directional_derivative,
        cases=_directional_derivative_cases,
        faults=(
            Fault(
                "向きの長さを 1 にしていない",
                "方向微分は、長さ 1 の向きでの増え方です。direction の長さはいくつでしょう。",
                np.dot,
            ),
            Fault(
                "長さの2乗で割っている",
                "内積 u・u は長さの2乗です。長さにするには平方根が要ります。",
                lambda grad, direction: np.dot(grad, direction) / np.dot(direction, direction),
            ),
            Fault(
                "符号が逆",
                "∇f の向きに進むと f は増えるので、値は正になるはずです。",
                lambda grad, direction: -directional_derivative(grad, direction),
            ),
            Fault(
                "絶対値をとっている",
                "下る向きでは負になります。符号を残してください。",
                lambda grad, direction: abs(directional_derivative(grad, direction)),
            ),
            Fault(
                "余弦だけを返している",
                "勾配まで長さ 1 にしています。勾配の長さは坂の急さなので、残してください。",
                lambda grad, direction: (
                    directional_derivative(grad, direction) / np.linalg.norm(grad)
                ),
            ),
            Fault(
                "勾配の長さで割っている",
                "長さ 1 にするのは、勾配ではなく進む向きのほうです。",
                lambda grad, direction: np.dot(grad, direction) / np.linalg.norm(grad),
            ),
            Fault(
                "内積の和をとっていない",
                "成分ごとの積を足し合わせて、数1つにしてください。",
                lambda grad, direction: np.multiply(grad, direction) / np.linalg.norm(direction),
            ),
        ),
    ),
)
