"""数値微分: 導関数・勾配・ヘッセ行列・接線を、関数の値だけから求める。

配列の約束（このパッケージ全体で同じ）:
    点は形 (n,)、点の束は形 (n, *batch)。座標はいつも最初の軸に並ぶ。
    目的関数 f は (n, *batch) を受け取り (*batch) を返す。
刻み幅 h を渡さなければ、ε^p·max(1,|x|)。ε は f の値の型の 1 の隣までの幅（float64 なら 2.2e-16）。
    f が max(1,|x|) くらいの幅でなめらかに変わるところで正しい。それより細かく変わるところ
    （np.sin の x = 1e9、np.log の x = 1e-5 など）では、変わる幅よりずっと小さい h を渡す。
    float32・float16 で計算する f では h が大きくなり、正しい桁は 4 桁・2 桁ほどになる。
"""

import numpy as np

from helpers.checks import (
    EPS,
    Objective,
    check_function,
    evaluate,
    number_between,
    point_array,
    quiet,
    real_array,
)

STACK = 2**18  # vectorized_gradient が f に一度に渡す数の個数の目安（2 MiB）


@quiet
def numerical_gradient(f, x, h=None):
    """f の勾配 ∇f を中心差分で求めて返す。形は x と同じ (n, *batch)、型は float64。

    ∂f/∂x_i ≈ (f(x + h e_i) − f(x − h e_i)) / 2h        誤差 O(h²)

    f: (n, *batch) → (*batch)。2n 回呼ばれ、そのつど x と同じ形の新しい配列を受け取る。
        行列 x に数1つを返す f（損失など）なら、x のどの要素も座標とみて、初めの 1 回のあと、
        要素ごとに 2 回呼ぶ。
    x: 点 (n,) または点の束 (n, *batch)。整数・リスト・タプルでもよい。書き換えない。
    h: 刻み幅。None なら座標ごとに ε^(1/3)·max(1,|x_i|)、数を渡せばその値。
    ValueError: x が実数の配列でない、f(x) の形が違う・実数でない、h が正でないとき。
        f の値の型が粗く、誤差が 1% を超えるとき。
    出典: 『ゼロから作るDeep Learning』4.4節。
    """
    f, x, step, coordinates = _gradient_parts(f, x, h)
    grad, e = np.empty(x.shape), np.zeros(x.shape)
    for i in coordinates:
        e[i] = step(x[i])
        h = e[i]
        grad[i] = (f(x + e) - f(x - e)) / (2 * h)
        e[i] = 0
    f.check_digits(grad, step, x)
    return grad


@quiet
def numerical_derivative(f, x, h=None, method="central"):
    """1変数関数 f の x での微分係数を返す。形は x と同じ。

    central （中心差分）: (f(x+h) − f(x−h)) / 2h   誤差 O(h²)
    forward （前進差分）: (f(x+h) − f(x)) / h      誤差 O(h)
    backward（後退差分）: (f(x) − f(x−h)) / h      誤差 O(h)

    f: 配列を受け取り、同じ形の配列を返す関数。x: 数または任意の形の配列。
    h: 刻み幅。None なら ε^(1/3)·max(1,|x|)（中心差分）、ε^(1/2)·max(1,|x|)（前進・後退差分）。
        f がそれより細かく変わるところ（np.sin の 1e9、np.log の 1e-5 など）では、h を渡す。
    ValueError: x・h・f(x) が実数でない、f(x) の形が違う、method の名前が違うとき。
        f の値の型が粗く、誤差が 1% を超えるとき。
    出典: 『ゼロから作るDeep Learning』4.3節、Press ほか "Numerical Recipes" 5.7節（h の選び方）。
    """
    f, x, step = _derivative_parts(f, x, h, method)
    h = step(x)
    if method == "central":
        slope = (f(x + h) - f(x - h)) / (2 * h)
    elif method == "forward":
        slope = (f(x + h) - f(x.copy())) / h
    else:
        slope = (f(x.copy()) - f(x - h)) / h
    f.check_digits(np.array([slope]), step, x)
    return slope


@quiet
def numerical_hessian(f, x):
    """f のヘッセ行列 H を返す。形は (n, n, *batch)、対称。

    H_ij ≈ (f(x+a+b) − f(x+a−b) − f(x−a+b) + f(x−a−b)) / 4 h_i h_j    a = h_i e_i,  b = h_j e_j

    f, x: 点か点の束。numerical_gradient と同じ。行列 x に数1つを返す f には使えない。
    刻み幅 h_i は ε^(1/4)·max(1,|x_i|)。f は 2n(n+1) 回呼ばれる。
    ValueError: numerical_gradient と同じ。
    出典: Abramowitz & Stegun "Handbook of Mathematical Functions" 25.3節。
    """
    f, x, step = _hessian_parts(f, x)
    h = step(x)
    n, batch = len(x), x.shape[1:]
    hessian = np.empty((n, n, *batch))
    for i in range(n):
        for j in range(i + 1):
            a, b = _along(i, h), _along(j, h)
            difference = f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)
            hessian[i, j] = hessian[j, i] = difference / (4 * h[i] * h[j])
    f.check_digits(hessian, step, x, order=2)
    return hessian


@quiet
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
    return quiet(lambda t: y + slope * (real_array(t, "t") - x))


@quiet
def vectorized_gradient(f, x, h=None):
    """ずらした点を並べて f に一度に渡し、numerical_gradient と同じ ∇f を速く求めて返す。

    座標が多いほど速くなる。座標が 2 つなら numerical_gradient のほうが少し速い。

    f: (n, *batch, k) → (*batch, k)。束を受け取る関数に限る。np.sum(x**2) のように
        点1つのための f は、エラーになるか、違う値になる。
    x, h: numerical_gradient と同じ。f に渡す配列は、x の大きさか、およそ 2 MiB まで。
    ValueError: numerical_gradient と同じ。float64 で計算しない f にも。
    出典: 『ゼロから作るDeep Learning』4.4節。
    """
    check_function(f)
    x, step = point_array(x), _step_of(h, 1 / 3)
    grad = np.empty_like(x)
    n = len(x)
    for i in np.array_split(range(n), min(n, 1 + n * x.size // STACK)):
        h = step(x[i])
        grad[i] = (_values_beside(f, x, i, h) - _values_beside(f, x, i, -h)) / (2 * h)
    return grad


def _values_beside(f, x, i, h):
    """x の写しを最後の軸に並べ、k 番目の座標 i[k] を h だけずらして、f の値を返す。"""
    copies = np.repeat(x[..., None], len(i), axis=-1)
    copies[i, ..., range(len(i))] += h
    objective = Objective(f, copies, copies.shape[1:])
    if objective.eps > EPS:
        raise ValueError(
            "vectorized_gradient の f は float64 で計算するものです。"
            "f の中の float32・float16 を直すか、numerical_gradient を使ってください。"
        )
    return np.moveaxis(objective.known, -1, 0)


def _along(i, h):
    """座標 i だけが h[i]、ほかは 0 の配列を返す。"""
    e = np.zeros(h.shape)
    e[i] = h[i]
    return e


def _step_of(h, power, eps=EPS):
    """座標 x → 刻み幅 の関数を返す。h が None なら、x + h が丸めなしで表せる値にする。"""
    if h is not None:
        h = number_between(h, "h", 0, np.inf, low_included=False)
        return lambda x: h
    width = eps**power
    return lambda x: (x + width * np.maximum(1.0, abs(x))) - x


def _gradient_parts(f, x, h):
    """numerical_gradient の入力を確かめ、(Objective, x, 座標 → 刻み幅, 座標の番号) にして返す。"""
    x = point_array(x)
    first = x.copy()
    first[0] += _step_of(h, 1 / 3)(x[0])
    f = Objective(f, first, x.shape[1:], one_number=True)
    step = _step_for(f, x, h, 1 / 3)
    if not f.one_number or x.ndim == 1:
        return f, x, step, range(len(x))
    f.known = None  # 行 x[0] の全部をずらした値は、要素ごとの勾配には使えない
    return f, x, step, np.ndindex(x.shape)


def _derivative_parts(f, x, h, method):
    """numerical_derivative の入力を確かめ、(Objective, x, 座標 → 刻み幅) にして返す。"""
    check_function(f)
    x = real_array(x, "x")
    if not isinstance(method, str) or method not in ("central", "forward", "backward"):
        raise ValueError(
            f'method は "central"、"forward"、"backward" のどれかです。受け取ったもの: {method!r}'
        )
    power = 1 / 3 if method == "central" else 1 / 2
    step = _step_of(h, power)
    f = Objective(f, x.copy() if method == "backward" else x + step(x), x.shape)
    step = _step_for(f, x, h, power)
    return f, x, step


def _hessian_parts(f, x):
    """numerical_hessian の入力を確かめ、(Objective, x, 座標 → 刻み幅) にして返す。"""
    x = point_array(x)
    first = x.copy()
    first[0] += 2 * _step_of(None, 1 / 4)(x[0])
    f = Objective(f, first, x.shape[1:])
    step = _step_for(f, x, None, 1 / 4)
    return f, x, step


def _step_for(f, x, h, power):
    """f の値の型に合う、座標 → 刻み幅 の関数を返す。h を渡されたら、それを使う。"""
    if h is None and f.is_coarse(x):
        return _step_of(None, power, f.eps)
    return _step_of(h, power)
