"""数値微分: 導関数・勾配・ヘッセ行列・接線を、関数の値だけから求める。

配列の約束（このパッケージ全体で同じ）:
    点は形 (n,)、点の束は形 (n, *batch)。座標はいつも最初の軸に並ぶ。
    目的関数 f は (n, *batch) を受け取り (*batch) を返す。
"""

import functools

import numpy as np

from helpers.checks import check_function, evaluate, number_between, point_array, quiet, real_array

EPS = np.finfo(np.float64).eps  # 2.2e-16: float64 の 1 の隣までの幅
STACK = 2**18  # vectorized_gradient が f に一度に渡す数の個数の目安（2 MiB）


def _step(x, power):
    """刻み幅 ε^power · max(1, |x|) を、x + h が丸めなしで表せる値にして返す。"""
    h = EPS**power * np.maximum(1.0, np.abs(x))
    return (x + h) - x


def _shifted(x, i, h):
    """x の i 番目の座標だけを h ずらした新しい配列を返す。"""
    y = x.copy()
    y[i] += h
    return y


@quiet
def numerical_derivative(f, x, h=None, method="central"):
    """1変数関数 f の x での微分係数を返す。形は x と同じ。

    central （中心差分）: (f(x+h) − f(x−h)) / 2h   誤差 O(h²)
    forward （前進差分）: (f(x+h) − f(x)) / h      誤差 O(h)
    backward（後退差分）: (f(x) − f(x−h)) / h      誤差 O(h)

    f: 配列を受け取り、同じ形の配列を返す関数。x: 数または任意の形の配列。
    h: 刻み幅。None なら ε^(1/3)·max(1,|x|)（中心差分）、ε^(1/2)·max(1,|x|)（前進・後退差分）。
    ValueError: x・h・f(x) が実数でない、f(x) の形が違う、method の名前が違うとき。
    出典: 『ゼロから作るDeep Learning』4.3節、Press ほか "Numerical Recipes" 5.7節（h の選び方）。
    """
    check_function(f)
    x = real_array(x, "x")
    if h is not None:
        h = number_between(h, "h", 0, np.inf, low_included=False)
    if not isinstance(method, str) or method not in ("central", "forward", "backward"):
        raise ValueError(
            f'method は "central"、"forward"、"backward" のどれかです。受け取ったもの: {method!r}'
        )
    if h is None:
        h = _step(x, 1 / 3 if method == "central" else 1 / 2)
    if method == "central":
        return (evaluate(f, x + h, x.shape) - evaluate(f, x - h, x.shape)) / (2 * h)
    if method == "forward":
        return (evaluate(f, x + h, x.shape) - evaluate(f, x.copy(), x.shape)) / h
    return (evaluate(f, x.copy(), x.shape) - evaluate(f, x - h, x.shape)) / h


def _checked_input(f, x, h):
    """勾配を求める f・x・h を確かめ、(float64 の配列 x, 数か None の h) を返す。"""
    check_function(f)
    if h is not None:
        h = number_between(h, "h", 0, np.inf, low_included=False)
    return point_array(x), h


@quiet
def numerical_gradient(f, x, h=None):
    """f の勾配 ∇f を中心差分で求めて返す。形は x と同じ (n, *batch)、型は float64。

    ∂f/∂x_i ≈ (f(x + h e_i) − f(x − h e_i)) / 2h        誤差 O(h²)

    f: (n, *batch) → (*batch)。2n 回呼ばれ、そのつど x と同じ形の新しい配列を受け取る。
    x: 点 (n,) または点の束 (n, *batch)。整数・リスト・タプルでもよい。書き換えない。
    h: 刻み幅。None なら座標ごとに ε^(1/3)·max(1,|x_i|)、数を渡せばその値。
    ValueError: x が実数の配列でない、f(x) の形が違う・実数でない、h が正でないとき。
    出典: 『ゼロから作るDeep Learning』4.4節。
    """
    x, h = _checked_input(f, x, h)
    grad = np.empty_like(x)
    batch = x.shape[1:]
    for i in range(len(x)):
        hi = _step(x[i], 1 / 3) if h is None else h
        grad[i] = evaluate(f, _shifted(x, i, hi), batch) - evaluate(f, _shifted(x, i, -hi), batch)
        grad[i] /= 2 * hi
    return grad


@quiet
def vectorized_gradient(f, x, h=None):
    """ずらした点を並べて f に一度に渡し、numerical_gradient と同じ ∇f を速く求めて返す。

    座標が多いほど速くなる。座標が 2 つなら numerical_gradient のほうが少し速い。

    f: (n, *batch, k) → (*batch, k)。束を受け取る関数に限る。np.sum(x**2) のように
        点1つのための f は、エラーになるか、違う値になる。
    x, h: numerical_gradient と同じ。f に渡す配列は、x の大きさか、およそ 2 MiB まで。
    ValueError: numerical_gradient と同じ。
    出典: 『ゼロから作るDeep Learning』4.4節。
    """
    x, h = _checked_input(f, x, h)
    grad = np.empty_like(x)
    n = len(x)
    for i in np.array_split(range(n), min(n, 1 + n * x.size // STACK)):
        hi = _step(x[i], 1 / 3) if h is None else h
        above, below = _values_beside(f, x, i, hi), _values_beside(f, x, i, -hi)
        grad[i] = (above - below) / (2 * hi)
    return grad


def _values_beside(f, x, i, h):
    """x の写しを最後の軸に並べ、k 番目の座標 i[k] を h だけずらして、f の値を返す。"""
    copies = np.repeat(x[..., None], len(i), axis=-1)
    copies[i, ..., range(len(i))] += h
    return np.moveaxis(evaluate(f, copies, copies.shape[1:]), -1, 0)


@quiet
def numerical_hessian(f, x):
    """f のヘッセ行列 H を返す。形は (n, n, *batch)、対称。

    H_ij ≈ (f(+h_i, +h_j) − f(+h_i, −h_j) − f(−h_i, +h_j) + f(−h_i, −h_j)) / 4 h_i h_j

    f, x: numerical_gradient と同じ。刻み幅は ε^(1/4)·max(1,|x_i|)。f は 2n(n+1) 回呼ばれる。
    ValueError: numerical_gradient と同じ。
    出典: Abramowitz & Stegun "Handbook of Mathematical Functions" 25.3節。
    """
    check_function(f)
    x = point_array(x)
    n, batch = len(x), x.shape[1:]
    h = _step(x, 1 / 4)
    hessian = np.empty((n, n, *batch))

    def f_at(i, hi, j, hj):
        return evaluate(f, _shifted(_shifted(x, i, hi), j, hj), batch)

    for i in range(n):
        for j in range(i + 1):
            difference = (
                f_at(i, h[i], j, h[j])
                - f_at(i, h[i], j, -h[j])
                - f_at(i, -h[i], j, h[j])
                + f_at(i, -h[i], j, -h[j])
            )
            hessian[i, j] = hessian[j, i] = difference / (4 * h[i] * h[j])
    return hessian


def _quiet_line(make_line):
    """make_line とその返す関数を、あふれても警告を出さないものにして返す。"""

    @functools.wraps(make_line)
    @quiet
    def make_quiet_line(f, x):
        return quiet(make_line(f, x))

    return make_quiet_line


@_quiet_line
def tangent_line(f, x):
    """1変数関数 f の点 x での接線 t ↦ f(x) + f'(x)(t − x) を、関数として返す。

    f: numerical_derivative と同じ。x: 数。
    ValueError: x が数1つでないとき、f(x) が実数でないとき。
    出典: 『ゼロから作るDeep Learning』4.3節。
    """
    x = real_array(x, "x")
    if x.ndim:
        raise ValueError(f"x は数1つでなければなりません。受け取った形: {x.shape}")
    slope = numerical_derivative(f, x)
    y = evaluate(f, x.copy(), ())
    return lambda t: y + slope * (real_array(t, "t") - x)
