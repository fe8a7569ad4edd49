"""入力の検査: 関数が受け取ったものを入り口で一度だけ確かめ、違えば日本語で知らせる。"""

import inspect
import math

import numpy as np

FLOAT64 = np.dtype(np.float64)
EPS = float(np.finfo(np.float64).eps)  # 2.2e-16: float64 の 1 の隣までの幅

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
    if type(value) is np.ndarray and value.dtype is FLOAT64:
        return value
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


def fraction(value, name):
    """value が 0 以上 1 未満の数なら float で返す。違えば ValueError。"""
    value = number_between(value, name, 0, 1)
    if value == 1:
        raise ValueError(f"{name} は 1 より小さい数です。受け取ったもの: 1（過去を忘れません）")
    return value


def whole_number(value, name, low, high=math.inf):
    """value が low 以上 high 以下の整数なら int で返す。違えば ValueError。"""
    if type(value) is int and low <= value <= high and value < 2**63:
        return value
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
    """学習率 lr を、ステップ番号 t → 学習率 の関数にして返す。数や配列なら t によらない。"""
    if not callable(lr):
        rate = _number_or_array(rate_array(lr))
        return lambda t: rate
    check_function(lr, "lr")
    hint = "ステップ番号 t を受け取るものを、step_decay(0.1) のように作って渡します。"
    return lambda t: _number_or_array(rate_array(call(lr, t, "lr", hint)))


def _number_or_array(rate):
    """学習率の配列 rate を、数1つなら float にして返す。配列のままより、掛け算が速い。"""
    return rate if rate.ndim else float(rate)


def update_arguments(optimizer, x, grad, lr):
    """更新の引数を確かめ、(float64 の配列 x, grad, 学習率) で返す。違えば ValueError。

    optimizer の状態は、配列なら、どれも x と同じ形でなければならない。
    """
    x, grad, lr = real_array(x, "x"), real_array(grad, "grad"), rate_array(lr)
    if grad.shape != x.shape:
        raise ValueError(f"grad は x と同じ形です。x の形: {x.shape}、grad の形: {grad.shape}")
    if lr.ndim and not _broadcasts(lr.shape, x.shape[1:]):
        raise ValueError(f"lr の形 {lr.shape} が x の束の形 {x.shape[1:]} に合いません。")
    for name, state in vars(optimizer).items():
        if isinstance(state, np.ndarray) and state.shape != x.shape:
            raise ValueError(
                f"この {type(optimizer).__name__} の {name} は形 {state.shape} の点のもので、"
                f"形 {x.shape} の点には使えません。新しく作ってください。"
            )
    return x, grad, _number_or_array(lr)


def _broadcasts(shape, to):
    """形 shape の配列が、形 to に広がるなら True。"""
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def evaluate(f, x, shape):
    """f(x) を、形 shape の float64 の新しい配列か数で返す。違えば ValueError。"""
    return fitted(value_array(call(f, x)), x.shape, shape)


def value_array(value):
    """f の値 value を、型を変えずに実数の配列で返す。実数でなければ ValueError。"""
    array = as_array(value)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"f(x) は実数を返さなければなりません。受け取ったもの: {value!r:.80}"
            f"（型 {type(value).__name__}）。return の書き忘れがないか確かめてください。"
        )
    return array


def fitted(array, x_shape, shape):
    """f の値 array を float64 の新しい配列で返す。形が shape でなければ ValueError。"""
    if array.shape != shape:
        of_points = (
            "座標は最初の軸なので、x[0] や np.sum(..., axis=0) を使い、"
            "点1つにつき数を1つ返してください。"
        )
        of_numbers = "1変数の関数は、x のそれぞれの数に数を1つ、x と同じ形で返してください。"
        raise ValueError(
            f"f(x) の形が違います。期待する形: {shape}、受け取った形: {array.shape}。"
            f"x の形は {x_shape} です。{of_numbers if x_shape == shape else of_points}"
        )
    return array.astype(np.float64)[()]


class Objective:
    """微分する関数 f。最初の値から、値の形と型の細かさ eps を知り、値を確かめて返す。

    最初の値は、次の呼び出しで返す。だから、調べるために f を呼ぶ回数は増えない。
    """

    def __init__(self, f, first, shape, *, one_number=False):
        """first: 最初に呼ぶ点。shape: 値の形。one_number: 配列 x に数1つを返してもよいなら真。"""
        check_function(f)
        value = value_array(call(f, first))
        self.f = f
        self.one_number = one_number and value.ndim == 0
        self.shape = () if self.one_number else shape
        self.known = fitted(value, first.shape, self.shape)
        self.size = None
        self.eps = EPS
        if value.dtype.kind == "f" and value.dtype.itemsize < 8:
            self.eps = float(np.finfo(value.dtype).eps)

    def __call__(self, x):
        """f(x) を、確かめた形の float64 の新しい配列か数で返す。"""
        if self.known is not None:
            value, self.known = self.known, None
            return value
        value = self.f(x)
        if self.shape == () and type(value) in (float, np.float64):
            return value
        return fitted(value_array(value), x.shape, self.shape)

    def is_coarse(self, x):
        """f が float32 や float16 で計算するなら True。eps をその型のものにし、最初の値は忘れる。

        値が float64 でも、x の両側に少し離れた値まですべて float32 で表せるなら、そう見なす。
        """
        if self.eps == EPS and _fits(self.known, np.float32):
            for distance in (0.003, 0.06):
                shift = distance * np.maximum(1, np.abs(x))
                around = [evaluate(self.f, x + d, self.shape) for d in (shift, -shift)]
                if not np.array_equal(*around, equal_nan=True):
                    for dtype in (np.float32, np.float16):
                        if all(_fits(value, dtype) for value in (self.known, *around)):
                            self.eps = float(np.finfo(dtype).eps)
                    break
        if self.eps == EPS:
            return False
        self.size, self.known = np.abs(self.known), None
        return True

    def check_digits(self, slopes, step, x, order=1):
        """is_coarse な f の値の丸めによる誤差 ε|f|/h^order が 1% を超えるなら ValueError。

        slopes: order 階の微分（座標の軸が最初）。step: 座標 → 刻み幅 h。
        """
        if self.size is None:
            return
        error = self.eps * self.size / step(x) ** order
        digits = "float16" if self.eps > 1e-4 else "float32"
        lost = error > 0.01 * np.maximum(1, np.abs(slopes).max(axis=tuple(range(order))))
        if lost.any() or (digits == "float16" and np.isinf(error).any()):
            raise ValueError(
                f"f を {digits} で計算していて、値が {np.max(self.size):.2g} もあるので、"
                f"丸めに埋もれて微分できません（誤差 {np.nanmax(error):.1g}）。"
                f"f の中の {digits} を float64 に直すか、f から大きな定数を引いてください。"
            )


def _fits(value, dtype):
    """value のどの数も dtype で表せるなら True。"""
    return np.count_nonzero(value.astype(dtype) != value) == 0
