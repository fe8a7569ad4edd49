"""勾配降下法の実行 gradient_descent と、その結末の名前 outcome。"""

import copy
import inspect
import math

import numpy as np

from helpers.checks import (
    accepts,
    as_array,
    call,
    check_function,
    evaluate,
    point_array,
    quiet,
    real_array,
    schedule_of,
    whole_number,
)
from helpers.gradient import numerical_gradient, numerical_hessian
from helpers.optimizers import SGD

HISTORY_LIMIT = 2**30  # x_history の上限（バイト）
NEAR = 1e-3  # 極小・鞍点に「着いた」とみなす距離（max(1, ‖x‖) に対する比）
FLAT = 1e-7  # これより小さい固有値は 0 とみなす（max(1, |f|) に対する比）
FAR = 1e6  # 出発点からこの倍より遠ければ発散（max(1, ‖x₀‖) に対する比）


def gradient_descent(f, init_x, lr=0.01, step_num=100, *, optimizer=None, grad=None):
    """勾配降下法 x ← x − η∇f を step_num 回行い、(x, x_history) を返す。

    x: 最後の点 (n, *batch)。x_history: 通った点 (step_num+1, n, *batch)、出発点と最後の点を含む。
    f: (n, *batch) → (*batch)。init_x: 出発点 (n, *batch)、書き換えない。
    lr: 学習率。0 以上の数、batch に合わせて広がる配列、またはステップ番号 → 学習率の関数。
    optimizer: update(x, grad, lr) → 新しい x を持つもの。None なら SGD()。
        写しを使うので、同じものを何度渡しても前の実行の状態は残らない。
    grad: 数値微分の代わりに使う勾配の関数 (n, *batch) → (n, *batch)。
    値があふれた点は inf・nan のまま続き、束のほかの点を止めない。
    ValueError: 引数や、f・grad・lr・optimizer の返す値が上の約束と違うとき。
    出典: 『ゼロから作るDeep Learning』4.4.1節。
    """
    check_function(f)
    optimizer = _own_optimizer(optimizer)
    if grad is not None:
        check_function(grad, "grad")
    step_num = whole_number(step_num, "step_num", 0)
    schedule = schedule_of(lr)
    x = _start(init_x, schedule(0).shape)
    if (step_num + 1) * x.nbytes > HISTORY_LIMIT:
        raise ValueError(
            f"step_num = {step_num} では x_history が 1 GiB を超えます。"
            "step_num か点の数を減らしてください。"
        )
    x_history = np.empty((step_num + 1, *x.shape))
    x_history[0] = x
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for t in range(step_num):
            g = numerical_gradient(f, x) if grad is None else _slope(grad, x)
            x = _same_shape(optimizer.update(x, g, schedule(t)), x, "optimizer.update")
            x_history[t + 1] = x
    return x, x_history


def _own_optimizer(optimizer):
    """この実行だけで使う optimizer の写しを返す。"""
    if optimizer is None:
        return SGD()
    if isinstance(optimizer, (type, dict, set)) or not callable(getattr(optimizer, "update", None)):
        raise ValueError(
            "optimizer には update(x, grad, lr) を持つものを、SGD() や Adam() のように"
            f"かっこを付けて渡してください。受け取ったもの: {optimizer!r:.80}"
        )
    if not accepts(optimizer.update, "x", "grad", "lr"):
        raise ValueError(
            "optimizer の update は、x, grad, lr の3つを受け取り、新しい x を返すものです"
            "（本の update(params, grads) とは違います）。"
            f"受け取ったもの: update{inspect.signature(optimizer.update)}"
        )
    try:
        return copy.deepcopy(optimizer)
    except TypeError as error:
        raise ValueError(f"optimizer の写しを作れません（{error}）。") from None


def _start(init_x, lr_shape):
    """出発点を、学習率の形にも合わせて広げた新しい配列で返す。"""
    x = point_array(init_x, "init_x")
    if not np.isfinite(x).all():
        raise ValueError(
            f"init_x に nan か inf があります: {init_x!r:.80}。有限な数にしてください。"
        )
    n, batch = len(x), x.shape[1:]
    try:
        shape = np.broadcast_shapes(batch, lr_shape)
    except ValueError:
        raise ValueError(
            f"lr の形 {lr_shape} が、出発点の束の形 {batch} に合いません（init_x の形 {x.shape}）。"
        ) from None
    if n * math.prod(shape) * x.itemsize > HISTORY_LIMIT:
        raise ValueError(f"点の数 {shape} が多すぎて、出発点だけで 1 GiB を超えます。")
    added = (1,) * (len(shape) - len(batch))
    return np.broadcast_to(x.reshape(n, *added, *batch), (n, *shape)).copy()


def _same_shape(value, x, name):
    """name が返した value を float64 の新しい配列で返す。x と形が違えば ValueError。"""
    array = real_array(value, f"{name} の返す値")
    if array.shape != x.shape:
        raise ValueError(
            f"{name} の返す値の形が違います。期待する形: {x.shape}、受け取った形: {array.shape}"
        )
    return array.copy()


def _slope(grad, x):
    """関数 grad による勾配を返す。写しを渡すので、grad が引数を書き換えても x は変わらない。"""
    return _same_shape(call(grad, x.copy(), "grad"), x, "grad")


def first_step(reached):
    """条件を初めて満たしたステップ番号を返す。一度も満たさなければ None。

    reached: 形 (step_num+1,) の真偽の配列。例: np.linalg.norm(x_history, axis=1) < 1e-3
    ValueError: 真偽の1次元配列でないとき。
    """
    reached = as_array(reached)
    if reached.dtype != bool or reached.ndim != 1:
        raise ValueError(
            "reached は真偽の1次元配列です（例: abs(x_history[:, 0]) < 1e-3）。"
            f"受け取ったもの: 型 {reached.dtype}、形 {reached.shape}"
        )
    return int(reached.argmax()) if reached.any() else None


@quiet
def outcome(f, x_history):
    """実行の結末を 収束・発散・停滞・鞍点・打ち切り の1つで返す。束なら名前の配列 (*batch)。

    発散: 値が有限でない、極小でもない遠くへ去った、または後半の f が前半より大きくなった。
    収束: ヘッセ行列の固有値がすべて正の極小のそばで、動きも止まった。
    鞍点: 固有値の符号が正負両方の臨界点のそばで、動きも止まった。
    停滞: 極小でも鞍点でもないのに、終わりごろ f が残りの 1% も下がらなかった（平坦な領域・振動）。
        残りは、まわりが下に凸なら極小までの落差の見積もり、ほかは |f|（最小値が 0 の損失を想定）。
    打ち切り: まだ下がっている途中で終わった。

    「そば」は勾配の大きさではなく、H⁻¹∇f（極小・鞍点までの距離の見積もり）で測る。
    x や f の大きさが 1 よりずっと小さい問題は、1 くらいになる単位に直してから渡す。
    f: (n, *batch) → (*batch)。x_history: (step_num+1, n, *batch)。
    ValueError: x_history の形や f(x) が約束と違うとき。
    出典: Goodfellow ほか『深層学習』4.3.1節（ヘッセ行列による判定）、Boyd & Vandenberghe 9.5節。
    """
    x_history = real_array(x_history, "x_history")
    if x_history.ndim < 2 or x_history.size == 0:
        raise ValueError(
            "x_history は gradient_descent の2つ目の返り値、形 (step_num+1, n, *batch) です。"
            f"受け取った形: {x_history.shape}"
        )
    check_function(f)
    batch = x_history.shape[2:]
    values = np.stack([evaluate(f, x.copy(), batch) for x in x_history])
    diverged = _diverged(values, x_history)
    x = np.where(diverged, x_history[0], x_history[-1])  # 発散した点では微分しない
    slopes, curvatures = _principal_slopes(f, x)
    flat = FLAT * np.maximum(1, np.abs(values[-1]))
    newton = slopes / np.where(np.abs(curvatures) > flat, curvatures, np.nan)
    reach = NEAR * np.maximum(1, _norm(x))
    last_move = _norm(x_history[-1] - x_history[-2:][0])
    arrived = (_norm(newton) < reach) & (last_move < reach)
    minimum = (curvatures > flat).all(axis=0)
    saddle = (curvatures > flat).any(axis=0) & (curvatures < -flat).any(axis=0)
    remaining = np.where(minimum, (slopes * newton).sum(axis=0) / 2, np.abs(values[-1]))
    stalled = len(values) > 1 and _progress(values) <= 0.01 * remaining
    far = _norm(x) > FAR * np.maximum(1, _norm(x_history[0]))
    names = np.select(
        [diverged, arrived & minimum, far, arrived & saddle, np.broadcast_to(stalled, batch)],
        ["発散", "収束", "発散", "鞍点", "停滞"],
        "打ち切り",
    )
    return str(names) if names.ndim == 0 else names


def _norm(x):
    """座標の軸に沿った長さを返す。(n, *batch) → (*batch)"""
    return np.sqrt((x**2).sum(axis=0))


def _progress(values):
    """実行の後半のうち、その前半から後半までに f の最小値がどれだけ下がったかを返す。(*batch)"""
    late = values[(len(values) - 1) // 2 :]
    middle = (len(late) + 1) // 2
    return late[:middle].min(axis=0) - late[middle:].min(axis=0)


def _diverged(values, x_history):
    """値が有限でないか、f が大きくなった実行を True で返す。(*batch)"""
    finite = np.isfinite(values).all(axis=0) & np.isfinite(x_history).all(axis=(0, 1))
    if len(values) == 1:
        return ~finite
    rise = values - values[0]
    first, second = np.split(rise, [(len(rise) + 1) // 2])
    above = second.min(axis=0) >= first.max(axis=0)  # 上がり続けた、または上がって固まった
    swinging = second.max(axis=0) > 10 * first.max(axis=0)  # 振れながら大きくなった
    rose = rise[-1] > 1e-6 * np.maximum(1, np.abs(values[0]))
    return ~finite | (rose & (above | swinging))


def _principal_slopes(f, x):
    """ヘッセ行列の固有ベクトルの向きに測った勾配と、固有値を返す。どちらも (n, *batch)。"""
    hessian = np.moveaxis(numerical_hessian(f, x), (0, 1), (-2, -1))
    hessian[~np.isfinite(hessian)] = 0.0  # f の定義域の端では平坦とみなす
    curvatures, directions = np.linalg.eigh(hessian)
    grad = np.moveaxis(numerical_gradient(f, x), 0, -1)
    slopes = np.einsum("...ij,...i->...j", directions, grad)
    return np.moveaxis(slopes, -1, 0), np.moveaxis(curvatures, -1, 0)
