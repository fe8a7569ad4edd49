"""入力の検査: 関数が受け取ったものを入り口で一度だけ確かめ、違えば日本語で知らせる。"""

import inspect
import math

import numpy as np

# @quiet を付けた関数では、あふれた値が警告なしに inf・nan のまま続く
quiet = np.errstate(over="ignore", invalid="ignore", divide="ignore")


def as_array(value):
    """value を配列にして返す。実数の配列にできないものは、型 object の配列になる。"""
    parts = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(part, np.ma.MaskedArray) for part in parts):
        return np.asarray(None)
    try:
        return np.asarray(value)
    except ValueError:
        return np.asarray(None)


def real_array(value, name):
    """value を float64 の配列で返す（float64 なら写さない）。実数でなければ ValueError。"""
    array = as_array(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} は実数の配列でなければなりません。"
            f"受け取ったもの: {value!r:.80}（型 {type(value).__name__}）。"
            "数値のリストか（マスクのない）np.array で渡してください。"
        )
    return array.astype(np.float64, copy=False)


def point_array(x, name="x"):
    """x を形 (n, *batch) の float64 の配列で返す。座標の軸がなければ ValueError。"""
    x = real_array(x, name)
    if x.ndim == 0:
        raise ValueError(
            f"{name} は座標を並べた配列 (n,) か (n, *batch) でなければなりません。受け取ったもの: "
            f"ただの数 {x}。1変数なら [{x}] と書くか、numerical_derivative を使ってください。"
        )
    if x.size == 0:
        raise ValueError(f"{name} が空の配列です（形 {x.shape}）。座標を1つ以上入れてください。")
    return x


def number_between(value, name, low, high, *, low_included=True):
    """value が low 以上 high 以下の有限な数なら float で返す。違えば ValueError。

    low_included が偽なら、low そのものは許さない。
    """
    array = as_array(value)
    if array.dtype.kind in "iuf" and array.ndim == 0 and math.isfinite(array):
        number = float(array)
        if low <= number <= high and (low_included or number != low):
            return number
    lower = f"{low} 以上" if low_included else f"{low} より大きい"
    upper = "有限な数" if math.isinf(high) else f"{high} 以下の数"
    raise ValueError(f"{name} は {lower}、{upper}1つです。受け取ったもの: {value!r:.80}")


def whole_number(value, name, low, high=math.inf):
    """value が low 以上 high 以下の整数なら int で返す。違えば ValueError。"""
    array = as_array(value)
    if array.dtype.kind in "iuf" and array.ndim == 0 and math.isfinite(array) and array % 1 == 0:
        if low <= int(array) <= high:
            return int(array)
    upper = "" if math.isinf(high) else f"、{high} 以下"
    raise ValueError(f"{name} は {low} 以上{upper}の整数です。受け取ったもの: {value!r:.80}")


def rate_array(lr):
    """学習率を float64 の配列で返す。0 以上の有限な数でなければ ValueError。"""
    rate = real_array(lr, "lr（学習率）")
    if rate.size == 0 or not (np.isfinite(rate) & (rate >= 0)).all():
        raise ValueError(f"lr（学習率）は 0 以上の有限な数です。受け取ったもの: {lr!r:.80}")
    return rate


def check_text(value, name):
    """value が文字列でなければ ValueError。"""
    if not isinstance(value, str):
        raise ValueError(
            f'{name} は文字列です。引用符 "…" で囲んで渡してください。受け取ったもの: {value!r:.80}'
        )


def check_function(f, name="f"):
    """f が呼び出せない、またはクラスなら ValueError。"""
    if not callable(f) or isinstance(f, type):
        raise ValueError(f"{name} には関数を渡してください。受け取ったもの: {f!r:.80}")


def ranges_array(ranges):
    """描く範囲を、座標ごとの (下限, 上限) を並べた配列 (n, 2) で返す。違えば ValueError。"""
    array = as_array(ranges)
    real = array.dtype.kind in "iuf" and array.ndim == 2 and array.shape[1] == 2
    if not (real and len(array) and np.isfinite(array).all() and (array[:, 0] < array[:, 1]).all()):
        raise ValueError(
            "ranges（描く範囲）は、1変数なら (-2, 2)、2変数なら ((-2, 2), (-1, 3)) のように、"
            f"下限を先に書いた有限な数の組です。受け取ったもの: {ranges!r:.80}"
        )
    return array


def accepts(f, /, *arguments, **named):
    """f をこの引数で呼べるなら True。引数の分からない組み込みの関数も True。"""
    try:
        inspect.signature(f).bind(*arguments, **named)
    except TypeError:
        return False
    except ValueError:
        pass
    return True


def call(f, x, name="f", hint="座標は1つの配列 x にまとめ、x[0]、x[1] と書きます。"):
    """f(x) を返す。f の例外はそのまま通す。引数1つで呼べない関数なら ValueError。

    hint: そのエラーの終わりに書く、直し方。
    """
    try:
        return f(x)
    except TypeError:
        if accepts(f, x):
            raise
        raise ValueError(
            f"{name} は引数を1つだけ受け取る関数でなければなりません。受け取ったもの: "
            f"{name}{inspect.signature(f)}。{hint}"
        ) from None


def schedule_of(lr):
    """学習率 lr を、ステップ番号 t → 学習率の配列 の関数にして返す。数や配列なら t によらない。"""
    if not callable(lr):
        rate = rate_array(lr)
        return lambda t: rate
    check_function(lr, "lr")
    hint = "ステップ番号 t を受け取るものを、step_decay(0.1) のように作って渡します。"
    return lambda t: rate_array(call(lr, t, "lr", hint))


def evaluate(f, x, shape):
    """f(x) を float64 の新しい配列で返す。形が shape の実数でなければ ValueError。"""
    value = call(f, x)
    array = as_array(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"f(x) は実数を返さなければなりません。受け取ったもの: {value!r:.80}"
            f"（型 {type(value).__name__}）。return の書き忘れがないか確かめてください。"
        )
    if array.shape != shape:
        of_points = (
            "座標は最初の軸なので、x[0] や np.sum(..., axis=0) を使い、"
            "点1つにつき数を1つ返してください。"
        )
        of_numbers = "1変数の関数は、x のそれぞれの数に数を1つ、x と同じ形で返してください。"
        raise ValueError(
            f"f(x) の形が違います。期待する形: {shape}、受け取った形: {array.shape}。"
            f"x の形は {x.shape} です。{of_numbers if x.shape == shape else of_points}"
        )
    return array.astype(np.float64)
