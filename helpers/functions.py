"""地形: この教材に出てくる関数。式・厳密な勾配・極小・鞍点・描く範囲をひとまとめに持つ。

どの地形 f も、f(x) は (n, *batch) → (*batch)、f.grad(x) は (n, *batch) → (n, *batch)。
出典は各地形に書く。書いていないものは、この教材のための関数。
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.checks import (
    check_function,
    number_between,
    point_array,
    quiet,
    ranges_array,
    real_array,
)


@dataclass(frozen=True)
class Landscape:
    """関数ひとつと、その見どころ。f(x) は値 (*batch)、f.grad(x) は厳密な勾配 (n, *batch) を返す。

    ValueError: 式や範囲が約束と違うとき、x が実数の配列でない、座標の数が違うとき。
    """

    name: str  # 日本語の名前
    value: Callable  # (n, *batch) → (*batch)
    gradient: Callable  # (n, *batch) → (n, *batch)
    ranges: tuple  # 描く範囲。座標ごとに (下限, 上限)
    minima: tuple = ()  # 極小の点
    saddles: tuple = ()  # 鞍点

    def __post_init__(self):
        check_function(self.value, "value")
        check_function(self.gradient, "gradient")
        ranges_array(self.ranges)

    @quiet
    def __call__(self, x):
        """値 (*batch) を返す。"""
        return self.value(self._points(x))

    @quiet
    def grad(self, x):
        """厳密な勾配 ∇f を x と同じ形 (n, *batch) で返す。"""
        return self.gradient(self._points(x))

    def _points(self, x):
        if not (type(x) is np.ndarray and x.dtype == np.float64 and x.ndim):
            x = point_array(x)
        if len(x) != len(self.ranges):
            raise ValueError(
                f"{self.name}は座標が {len(self.ranges)} 個の関数です。受け取った形: {x.shape}"
                "（最初の軸が座標）。"
            )
        return x


@quiet
def sigmoid(a):
    """シグモイド関数 σ(a) = 1 / (1 + e^(−a)) を返す。形は a と同じ。大きな |a| でもあふれない。"""
    return np.exp(-np.logaddexp(0, -real_array(a, "a")))


def quadratic(a, b):
    """2次関数 ½(a·x0² + b·x1²) の地形を返す。a, b（正の数）はヘッセ行列の固有値。

    ValueError: a, b が正の数でないとき。
    """
    a = number_between(a, "a", 0, np.inf, low_included=False)
    b = number_between(b, "b", 0, np.inf, low_included=False)
    return Landscape(
        name="2次関数",
        value=lambda x: (a * x[0] ** 2 + b * x[1] ** 2) / 2,
        gradient=lambda x: np.array([a * x[0], b * x[1]]),
        ranges=((-8, 8), (-3, 3)),
        minima=((0, 0),),
    )


# 『ゼロから作るDeep Learning』4.4節
function_2 = Landscape(
    name="お椀（function_2）",
    value=lambda x: x[0] ** 2 + x[1] ** 2,
    gradient=lambda x: np.array([2 * x[0], 2 * x[1]]),
    ranges=((-4.5, 4.5), (-4.5, 4.5)),
    minima=((0, 0),),
)

# 『ゼロから作るDeep Learning』6.1.3節。固有値 0.1 と 2、条件数 20
valley = Landscape(
    name="細長い谷",
    value=lambda x: x[0] ** 2 / 20 + x[1] ** 2,
    gradient=lambda x: np.array([x[0] / 10, 2 * x[1]]),
    ranges=((-8, 8), (-3, 3)),
    minima=((0, 0),),
)

saddle = Landscape(
    name="鞍（下に限りがない）",
    value=lambda x: x[0] ** 2 - x[1] ** 2,
    gradient=lambda x: np.array([2 * x[0], -2 * x[1]]),
    ranges=((-2, 2), (-2, 2)),
    saddles=((0, 0),),
)

saddle_with_minima = Landscape(
    name="極小が2つある鞍",
    value=lambda x: x[0] ** 2 / 2 + x[1] ** 4 / 4 - x[1] ** 2 / 2,
    gradient=lambda x: np.array([x[0], x[1] ** 3 - x[1]]),
    ranges=((-1.5, 1.5), (-1.5, 1.5)),
    minima=((0, 1), (0, -1)),
    saddles=((0, 0),),
)

product = Landscape(
    name="積",
    value=lambda x: x[0] * x[1],
    gradient=lambda x: np.array([x[1], x[0]]),
    ranges=((-2, 2), (-2, 2)),
    saddles=((0, 0),),
)

monkey_saddle = Landscape(
    name="猿の腰掛け",
    value=lambda x: x[0] ** 3 - 3 * x[0] * x[1] ** 2,
    gradient=lambda x: np.array([3 * x[0] ** 2 - 3 * x[1] ** 2, -6 * x[0] * x[1]]),
    ranges=((-1.5, 1.5), (-1.5, 1.5)),
    saddles=((0, 0),),
)

plateau = Landscape(
    name="平らな裾野",
    value=lambda x: x[0] ** 2 / (1 + x[0] ** 2),
    gradient=lambda x: 2 * x / (1 + x**2) ** 2,
    ranges=((-12, 12),),
    minima=((0,),),
)

sigmoid_squared_loss = Landscape(
    name="シグモイドの2乗誤差（正解 0）",
    value=lambda w: sigmoid(w[0]) ** 2 / 2,
    gradient=lambda w: sigmoid(w) ** 2 * sigmoid(-w),
    ranges=((-12, 12),),
)

sigmoid_cross_entropy = Landscape(
    name="シグモイドの交差エントロピー誤差（正解 0）",
    value=lambda w: np.logaddexp(0, w[0]),
    gradient=sigmoid,
    ranges=((-12, 12),),
)

square = Landscape(
    name="放物線",
    value=lambda x: x[0] ** 2,
    gradient=lambda x: 2 * x,
    ranges=((-3.5, 3.5),),
    minima=((0,),),
)

quartic = Landscape(
    name="谷が2つある4次関数",
    value=lambda x: x[0] ** 4 - 4 * x[0] ** 2 + x[0],
    gradient=lambda x: 4 * x**3 - 8 * x + 1,
    ranges=((-2.4, 2.4),),
    minima=((-1.4729976,), (1.3469974,)),
)

dimple = Landscape(
    name="狭いくぼみのある椀",
    value=lambda x: 0.05 * x[0] ** 2 - 0.6 * np.exp(-((x[0] - 4) ** 2) / 0.18),
    gradient=lambda x: 0.1 * x + 0.6 * np.exp(-((x - 4) ** 2) / 0.18) * 2 * (x - 4) / 0.18,
    ranges=((-7, 7),),
    minima=((0,), (3.9396986,)),
)

# Rosenbrock (1960)
rosenbrock = Landscape(
    name="Rosenbrock 関数",
    value=lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
    gradient=lambda x: np.array(
        [
            -2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2),
            200 * (x[1] - x[0] ** 2),
        ]
    ),
    ranges=((-2, 2), (-1, 3)),
    minima=((1, 1),),
)


def _beale_terms(x):
    """Beale 関数の3つの残差 c − x0 + x0·x1^k (k = 1, 2, 3) を返す。"""
    return [c - x[0] + x[0] * x[1] ** k for c, k in ((1.5, 1), (2.25, 2), (2.625, 3))]


# Beale (1958)
beale = Landscape(
    name="Beale 関数",
    value=lambda x: sum(r**2 for r in _beale_terms(x)),
    gradient=lambda x: np.array(
        [
            sum(2 * r * (x[1] ** k - 1) for k, r in enumerate(_beale_terms(x), 1)),
            sum(2 * r * k * x[0] * x[1] ** (k - 1) for k, r in enumerate(_beale_terms(x), 1)),
        ]
    ),
    ranges=((-1, 4.5), (-2, 2)),
    minima=((3, 0.5),),
    saddles=((0, 1),),
)

# Himmelblau (1972)
himmelblau = Landscape(
    name="Himmelblau 関数",
    value=lambda x: (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2,
    gradient=lambda x: np.array(
        [
            4 * x[0] * (x[0] ** 2 + x[1] - 11) + 2 * (x[0] + x[1] ** 2 - 7),
            2 * (x[0] ** 2 + x[1] - 11) + 4 * x[1] * (x[0] + x[1] ** 2 - 7),
        ]
    ),
    ranges=((-5, 5), (-5, 5)),
    minima=((3, 2), (-2.805118, 3.131313), (-3.779310, -3.283186), (3.584428, -1.848127)),
    saddles=(
        (0.086678, 2.884255),
        (3.385154, 0.073852),
        (-3.073026, -0.081353),
        (-0.127961, -1.953715),
    ),
)
