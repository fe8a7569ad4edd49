"""勾配降下法の実行 gradient_descent と、その結末の名前 outcome・outcomes。"""

import copy
import inspect
import math

import numpy as np

from helpers.checks import (
    EPS,
    FLOAT64,
    Objective,
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
from helpers.optimizers import SGD, Optimizer

HISTORY_LIMIT = 2**30  # x_history の上限（バイト）
NEAR = 1e-3  # 極小・鞍点に「着いた」とみなす距離（max(1, ‖x‖) に対する比）
FLAT = 1e-7  # これより小さい固有値は 0 とみなす（max(1, |f|) に対する比）
STACK = 2**20  # outcomes が一度に求めるヘッセ行列の数の個数の上限（8 MiB）
FAR = 1e6  # 出発点からこの倍より遠ければ発散（max(1, ‖x₀‖) に対する比）


@quiet
def gradient_descent(f, init_x, lr=0.01, step_num=100, *, optimizer=None, grad=None):
    """勾配降下法 x ← x − η∇f を step_num 回行い、(x, x_history) を返す。

    x: 最後の点 (n, *batch)。x_history: 通った点 (step_num+1, n, *batch)、出発点と最後の点を含む。
    f: (n, *batch) → (*batch)。init_x: 出発点 (n, *batch)、書き換えない。
        行列 x に数1つを返す f（損失など）なら、x 全体が1つの点。lr は数1つ。
    lr: 学習率。0 以上の数、batch に合わせて広がる配列、またはステップ番号 → 学習率の関数。
    optimizer: update(x, grad, lr) → 新しい x を持つもの。None なら SGD()。
        写しを使うので、同じものを何度渡しても前の実行の状態は残らない。
    grad: 数値微分の代わりに使う勾配の関数 (n, *batch) → (n, *batch)。
    値があふれた点は inf・nan のまま続き、束のほかの点を止めない。
    ValueError: 引数や、f・grad・lr・optimizer の返す値が上の約束と違うとき。
    出典: 『ゼロから作るDeep Learning』4.4.1節。
    """
    x, x_history, slope, step, rate = _run_parts(f, init_x, lr, step_num, optimizer, grad)
    for t in range(len(x_history) - 1):
        x = step(x, slope(x), rate(t))
        x_history[t + 1] = x
    return x, x_history


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
    f: (n, *batch) → (*batch)。行列 x に数1つを返す f なら、x 全体が1つの点、結末も1つ。
    x_history: (step_num+1, n, *batch)。
    ValueError: x_history の形や f(x) が約束と違うとき。f を float32・float16 で計算していて、
        丸めで見分けられないとき。
    出典: Goodfellow ほか『深層学習』4.3.1節（ヘッセ行列による判定）、Boyd & Vandenberghe 9.5節。
    """
    x_history = _history_array(f, x_history)
    last = len(x_history) - 1
    (name,) = _endings(f, x_history, np.array([last]))
    return str(name) if name.ndim == 0 else name


@quiet
def outcomes(f, x_history):
    """各ステップまでの実行の結末を、名前の配列 (step_num+1, *batch) で返す。

    t 番目は outcome(f, x_history[:t+1])。1つずつ求めるより速く、動く図に使う。
    f, x_history, ValueError: outcome と同じ。f は1つの点だけを受け取るものでもよい。
    """
    x_history = _history_array(f, x_history)
    return _endings(f, x_history, np.arange(len(x_history)))


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


def _run_parts(f, init_x, lr, step_num, optimizer, grad):
    """gradient_descent の入力を確かめ、ループの部品にして返す。

    返すもの: 出発点 x、x_history、勾配 slope(x)、1回の更新 step(x, g, η)、学習率 rate(t)。
    """
    check_function(f)
    optimizer = _own_optimizer(optimizer)
    if grad is not None:
        check_function(grad, "grad")
    step_num = whole_number(step_num, "step_num", 0)
    rate = schedule_of(lr)
    x = _start(init_x, np.shape(rate(0)))
    if (step_num + 1) * x.nbytes > HISTORY_LIMIT:
        raise ValueError(
            f"step_num = {step_num} では x_history が 1 GiB を超えます。"
            "step_num か点の数を減らしてください。"
        )
    if grad is None and np.ndim(rate(0)):
        evaluate(f, x.copy(), x.shape[1:])  # 学習率の数だけ実行するので、値も実行ごとに要る
    x_history = np.empty((step_num + 1, *x.shape))
    x_history[0] = x
    return x, x_history, _slope_of(f, grad, x.shape), _step_of(optimizer, x.shape), rate


def _slope_of(f, grad, shape):
    """点の勾配を返す関数を返す。grad には点の写しを渡すので、書き換えられても x は変わらない。"""
    if grad is None:
        return lambda x: numerical_gradient(f, x)
    return lambda x: _shaped(call(grad, x.copy(), "grad"), "grad", shape)


def _step_of(optimizer, shape):
    """1回の更新 step(x, g, η) を返す。引数は確かめてあるので、Optimizer なら式をそのまま呼ぶ。

    ほかの optimizer は、受け取った配列を書き換えても、取っておいてもよい。
    """
    if getattr(optimizer.update, "__func__", None) is Optimizer.update:
        return optimizer.step
    name = "optimizer.update"
    return lambda x, g, lr: _shaped(optimizer.update(x, g.copy(), lr), name, shape).copy()


def _shaped(value, name, shape):
    """name が返した value を float64 の配列で返す。形が shape の実数でなければ ValueError。"""
    if type(value) is np.ndarray and value.dtype is FLOAT64 and value.shape == shape:
        return value
    array = real_array(value, f"{name} の返す値")
    if array.shape != shape:
        raise ValueError(
            f"{name} の返す値の形が違います。期待する形: {shape}、受け取った形: {array.shape}"
        )
    return array


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
        shape = np.broadcast_shapes(batch, lr_shape) if lr_shape else batch
    except ValueError:
        raise ValueError(
            f"lr の形 {lr_shape} が、出発点の束の形 {batch} に合いません（init_x の形 {x.shape}）。"
        ) from None
    if n * math.prod(shape) * x.itemsize > HISTORY_LIMIT:
        raise ValueError(f"点の数 {shape} が多すぎて、出発点だけで 1 GiB を超えます。")
    if shape == batch:
        return x.copy()
    added = (1,) * (len(shape) - len(batch))
    return np.broadcast_to(x.reshape(n, *added, *batch), (n, *shape)).copy()


def _history_array(f, x_history):
    """f と x_history を確かめ、x_history を float64 の配列で返す。違えば ValueError。"""
    x_history = real_array(x_history, "x_history")
    if x_history.ndim < 2 or x_history.size == 0:
        raise ValueError(
            "x_history は gradient_descent の2つ目の返り値、形 (step_num+1, n, *batch) です。"
            f"受け取った形: {x_history.shape}"
        )
    check_function(f)
    return x_history


def _endings(f, x_history, steps):
    """ステップ steps までの実行それぞれの結末を返す。(len(steps), *batch)"""
    objective = Objective(f, x_history[0].copy(), x_history.shape[2:], one_number=True)
    if objective.one_number and x_history.ndim > 2:  # 行列に数1つ: どの要素も座標
        shape = x_history.shape[1:]
        return _endings(lambda x: f(x.reshape(shape)), x_history.reshape(len(x_history), -1), steps)
    coarse = objective.is_coarse(x_history[0])
    values = np.stack([objective(x.copy()) for x in x_history])
    diverged = _diverged(values, x_history, steps, objective.eps)
    x = np.where(diverged[:, None], x_history[0], x_history[steps])  # 発散した点では微分しない
    slopes, curvatures = _principal_slopes(f, x, _takes_all_steps(f, x_history, values, steps))
    value = np.abs(values[steps])
    flat = FLAT * (objective.eps / EPS) ** 0.5 * np.maximum(1, value)[:, None]
    up, down = curvatures > flat, curvatures < -flat
    newton = slopes / np.where(up | down, curvatures, np.nan)
    reach = NEAR * np.maximum(1, _norm(x))
    if coarse:
        blur = objective.eps ** (2 / 3) * value / np.abs(curvatures).min(axis=1)
        near = (blur > reach / 2) & (_norm(newton) < reach + blur)
        _check_sharp((near | ~(up | down).all(axis=1)) & ~diverged)
    last_move = _norm(x_history[steps] - x_history[np.maximum(steps - 1, 0)])
    arrived = (_norm(newton) < reach) & (last_move < reach)
    minimum = up.all(axis=1)
    saddle = up.any(axis=1) & down.any(axis=1)
    remaining = np.where(minimum, (slopes * newton).sum(axis=1) / 2, value)
    stalled = _progress(values, steps) <= 0.01 * remaining
    far = _norm(x) > FAR * np.maximum(1, _norm(x_history[:1]))
    return np.select(
        [diverged, arrived & minimum, far, arrived & saddle, stalled],
        ["発散", "収束", "発散", "鞍点", "停滞"],
        "打ち切り",
    )


def _check_sharp(blurred):
    """float32・float16 で計算する f の丸めで、結末を見分けられない点があれば ValueError。"""
    if blurred.any():
        raise ValueError(
            "f を float32 か float16 で計算しているので、丸めに埋もれて、結末を見分けられません。"
            "f の中の float32・float16 を float64 に直してください。"
        )


def _norm(x):
    """座標の軸に沿った長さを返す。(steps, n, *batch) → (steps, *batch)"""
    return np.sqrt((x**2).sum(axis=1))


def _lowest(values, start, stop):
    """区間 start[k] 以上 stop[k] 未満の values の最小値を、k ごとに返す。"""
    beyond = np.concatenate([values, values[-1:]])  # stop は len(values) でもよい
    return np.minimum.reduceat(beyond, np.stack([start, stop], axis=1).ravel())[::2]


def _progress(values, steps):
    """実行の後半のうち、その前半から後半までに f の最小値がどれだけ下がったかを返す。

    形は (len(steps), *batch)。まだ1歩も動いていない実行では nan。
    """
    late, end = steps // 2, steps + 1
    middle = late + (end - late + 1) // 2
    progress = _lowest(values, late, middle) - _lowest(values, middle, end)
    progress[steps == 0] = np.nan
    return progress


def _diverged(values, x_history, steps, eps):
    """値が有限でないか、f が丸め eps より大きくなった実行を True で返す。(len(steps), *batch)"""
    finite = np.isfinite(values) & np.isfinite(x_history).all(axis=1)
    finite = np.logical_and.accumulate(finite)[steps]
    rise = values - values[0]
    middle, end = steps // 2 + 1, steps + 1
    first_highest = np.maximum.accumulate(rise)[middle - 1]
    lowest, highest = _lowest(rise, middle, end), -_lowest(-rise, middle, end)
    above = lowest >= first_highest  # 上がり続けた、または上がって固まった
    swinging = highest > 10 * first_highest  # 振れながら大きくなった
    rose = rise[steps] > max(1e-6, 4 * eps) * np.maximum(1, np.abs(values[0]))
    return ~finite | (rose & (above | swinging))


def _takes_all_steps(f, x_history, values, steps):
    """f が全部の点を (n, step_num+1, *batch) で受け取り、同じ値を返すなら True。"""
    if len(steps) == 1 or len(x_history[0]) * x_history.size > STACK:
        return False
    try:
        together = evaluate(f, np.moveaxis(x_history, 1, 0).copy(), values.shape)
    except Exception:  # 1つの点だけを受け取る f
        return False
    return np.allclose(together, values, rtol=1e-9, atol=1e-12, equal_nan=True)


def _principal_slopes(f, points, together):
    """ヘッセ行列の固有ベクトルの向きに測った勾配と、固有値を返す。どちらも points と同じ形。

    points: (steps, n, *batch)。together: 全部の点を一度に f に渡すなら True。
    """
    if together:
        x = np.moveaxis(points, 0, 1)
        hessian, grad = numerical_hessian(f, x), numerical_gradient(f, x)
    else:
        hessian = np.stack([numerical_hessian(f, x) for x in points], axis=2)
        grad = np.stack([numerical_gradient(f, x) for x in points], axis=1)
    hessian = np.moveaxis(hessian, (0, 1), (-2, -1))
    hessian[~np.isfinite(hessian)] = 0.0  # f の定義域の端では平坦とみなす
    curvatures, directions = np.linalg.eigh(hessian)
    slopes = np.einsum("...ij,...i->...j", directions, np.moveaxis(grad, 0, -1))
    return np.moveaxis(slopes, -1, 1), np.moveaxis(curvatures, -1, 1)
