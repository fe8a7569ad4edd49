"""The answer key of lesson 04; keys.py tells how it is written."""

import math

import numpy as np
import pytest

from helpers import numerical_gradient
from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    Words,
    alt_of,
    contour_values,
    lettered,
    named_points,
)


def kind_by_eigenvalues(values):
    if all(v > 0 for v in values):
        return "極小"
    if all(v < 0 for v in values):
        return "極大"
    return "鞍点" if min(values) < 0 < max(values) else "?"


def eigenvalues(a, b, c):
    """Eigenvalues of the matrix [[a, b], [b, c]]."""
    middle, half = (a + c) / 2, math.hypot((a - c) / 2, b)
    return middle - half, middle + half


class Key_04_1(Exactly):
    """$f = x_0^2 + 4x_0x_1 + x_1^2$"""

    def _told(self, values, kind=None):
        low, high = (f"{v:.0f}".replace("-", "−") for v in values)
        return f"固有値は {low} と {high}、{kind or kind_by_eigenvalues(values)}"

    def right(self):
        r"""の固有値は $2 \pm 4$ です"""
        return self._told(eigenvalues(2, 4, 2))

    def diagonal(self):
        """対角成分だけを見ています"""
        return self._told((2, 2))

    def coefficients(self):
        """式の係数を並べた"""
        return self._told(eigenvalues(1, 2, 1))

    def sum_of_eigenvalues(self):
        """固有値の和が正でも極小とは限りません"""
        values = eigenvalues(2, 4, 2)
        return self._told(values, "極小" if sum(values) > 0 else None)


class Key_04_2(Numbers):
    """学習率 0.25 の最急降下法で 10 ステップ更新した"""

    def right(self):
        r"""0.001 \times 2^{10} = 1.024"""
        x1 = 0.001
        for _ in range(10):
            x1 = x1 - 0.25 * -4 * x1
        return x1

    def sign(self):
        r"""$1 - 0.25 \times 4 = 0$ 倍としています"""
        return 0.001 * (1 - 0.25 * 4) ** 10

    def added(self):
        """毎回 0.001 ずつ増えると考えています"""
        return 0.001 * (1 + 10)

    def half_the_slope(self):
        r"""$1 + 0.25 \times 2 = 1.5$ としています"""
        return 0.001 * (1 + 0.25 * 2) ** 10


class Key_04_3(Exactly):
    r"""$f = \frac{1}{3}x_0^3 - x_0 + x_1^2$ の臨界点2つ"""

    def _f(self, x):
        return x[0] ** 3 / 3 - x[0] + x[1] ** 2

    def _kind(self, point):
        """By the values around the point."""
        assert numerical_gradient(self._f, point) == pytest.approx(np.zeros(2), abs=1e-8)
        angles = np.linspace(0, 2 * np.pi, 360)
        ring = 0.01 * np.array([np.cos(angles), np.sin(angles)])
        around = self._f(np.array(point)[:, np.newaxis] + ring)
        rises, falls = (around > self._f(point)).any(), (around < self._f(point)).any()
        return {(True, False): "極小", (False, True): "極大", (True, True): "鞍点"}[rises, falls]

    def _told(self, first, second):
        return f"$(1, 0)$ は{first}、$(-1, 0)$ は{second}"

    def right(self):
        """固有値は $2x_0$ と 2 です"""
        return self._told(self._kind((1.0, 0.0)), self._kind((-1.0, 0.0)))

    def sign(self):
        """の符号を逆にしています"""
        return self._told(*(kind_by_eigenvalues((-2 * x0, 2)) for x0 in (1, -1)))

    def first_coordinate(self):
        """$x_0$ の向きだけを見ています"""
        return self._told(*(kind_by_eigenvalues([2 * x0]) for x0 in (1, -1)))

    def always_a_saddle(self):
        """どの臨界点も鞍点、とは言えません"""
        return self._told("鞍点", "鞍点")


class Key_04_4(Code):
    """ヘッセ行列の固有値で分類する"""

    def observe(self, names):
        """What the code calls a saddle."""
        cases = [(1, -1, 2), (1, -1, -1), (2, 0, 1), (0, -1, -2), (0, 0, 0)]
        kinds = [names["classify"](np.diag(values).astype(float)) for values in cases]
        assert names["classify"](np.diag([1.0, 2.0])) == "極小"
        assert names["classify"](np.diag([-1.0, -2.0])) == "極大"
        return np.array([kind == "鞍点" for kind in kinds])

    def right(self):
        """正の固有値と負の固有値の両方があることが"""
        return [True, True, False, False, False]

    def one_sign_is_enough(self):
        """両方の符号が必要です"""
        return [True, True, True, True, False]

    def product(self):
        """2変数なら正しい判定です"""
        return [True, False, False, False, False]

    def a_negative_one_is_enough(self):
        """負の固有値と 0 だけのときも"""
        return [True, True, False, True, False]


class Key_04_5(Code):
    """標準偏差 `sigma` の正規乱数を座標ごとに独立に足す"""

    x = np.array([[0.0], [3.0]]) * np.ones(50_000)

    def observe(self, names):
        """Mean and spread of the noise of a coordinate that is 0 and one that is 3."""
        noise = names["noisy_grad"](np.zeros_like, self.x, 0.1, np.random.default_rng(0))
        independent = np.corrcoef(np.random.default_rng(0).normal(size=noise.shape))[0, 1]
        assert abs(independent) < 0.02
        return np.array([*noise.mean(axis=1), *noise.std(axis=1)]).round(2) + 0

    def right(self):
        """`x` と同じ形で作ります"""
        return [0, 0, 0.1, 0.1]

    def proportional(self):
        """ノイズの大きさが座標で変わります"""
        return [0, 0, 0, 3 * 0.1]

    def variance(self):
        """分散ではなく標準偏差です"""
        return [0, 0, 0.1**2, 0.1**2]

    def both(self):
        """二重の誤りです"""
        return [0, 0, 0, 3 * 0.1**2]


class Key_04_6(Numbers):
    """C の $d$ はどれか"""

    def _reached(self):
        """The step at which each curve falls below -0.24."""
        reached = {
            name: int((y < -0.24).argmax()) for name, (_, y) in lettered(self.question).items()
        }
        told = "A が {A}、B が {B}、C が {C} ステップ目".format(**reached)
        assert told in alt_of(self.question)
        assert reached["A"] == self._steps(1e-3) and reached["B"] == self._steps(1e-6)
        return reached

    def _steps(self, d):
        """The same from (1, d), by the update written out."""
        x0, x1, count = 1.0, d, 0
        while x0**2 / 2 + x1**4 / 4 - x1**2 / 2 >= -0.24:
            x0, x1, count = 0.9 * x0, x1 - 0.1 * (x1**3 - x1), count + 1
        return count

    def right(self):
        """ずれはもう一度 1/1000 になっています"""
        reached = self._reached()
        gaps = reached["B"] - reached["A"], reached["C"] - reached["B"]
        assert gaps[0] == pytest.approx(gaps[1], abs=1)
        assert self._steps(1e-9) == reached["C"]
        return 1e-9

    def inverse(self):
        """ステップ数がずれに反比例すると考えています"""
        reached = self._reached()
        return 1e-6 * reached["B"] / reached["C"]

    def a_tenth(self):
        """B と C の間隔を 1/10 と読んでいます"""
        return 1e-6 / 10

    def two_gaps(self):
        """間隔2つ分と読んでいます"""
        return 1e-6 / 1000**2


class Key_04_7(Exactly):
    """点 P、Q、R、S のうち、鞍点はどれか"""

    def _f(self, x):
        return x[0] ** 3 / 3 - x[0] + x[1] ** 3 / 3 - x[1]

    def _point(self, wanted):
        """The one point of a kind, by the Hessian diag(2 x0, 2 x1)."""
        for value, place in contour_values(self.question):
            assert self._f(place) == pytest.approx(value, abs=0.03)
        kinds = {}
        for name, point in named_points(self.question).items():
            critical = np.hypot(*numerical_gradient(self._f, point)) < 1e-6
            kinds[name] = kind_by_eigenvalues(2 * point) if critical else "斜面"
        (name,) = (name for name, kind in kinds.items() if kind == wanted)
        return name

    def right(self):
        """左右へ進むと減り、上下へ進むと増えるので、鞍点です"""
        x = named_points(self.question)[self._point("鞍点")]
        right, up = 0.1 * np.eye(2)
        assert self._f(x + right) < self._f(x) > self._f(x - right)
        assert self._f(x + up) > self._f(x) < self._f(x - up)
        return self._point("鞍点")

    def maximum(self):
        """どの向きへ進んでも値が減るので、極大です"""
        return self._point("極大")

    def slope(self):
        """等高線がほぼ平行に並ぶ斜面です"""
        return self._point("斜面")

    def minimum(self):
        """どの向きへ進んでも値が増えるので、極小です"""
        return self._point("極小")


class Key_04_8(Words):
    """負の固有値の向きの初めのずれを"""

    def _steps(self, d):
        """Steps until the offset in the direction of the eigenvalue -1 is 0.1, from d."""
        count = 0
        while d < 0.1:
            d, count = d - 0.1 * -d, count + 1
        return count

    def _told(self, leaves, count):
        first = "出発点から離れ、要る" if leaves else "出発点で収束し、離れるときの"
        return f"{first}ステップ数は ${count}$"

    def right(self):
        """離れるまでの数は、ずれの対数で増えます"""
        counts = np.array([self._steps(10.0**-k) for k in (3, 6, 9, 12)])
        assert np.diff(counts) == pytest.approx(3 * math.log(10) / math.log(1.1), abs=1)
        return self._told(True, r"\log(1/d)")

    def inverse(self):
        """離れることは合っています"""
        assert self._steps(1e-6) < 3 * self._steps(1e-3)
        return self._told(True, "1/d")

    def converges(self):
        """鞍点に収束するのは特別な出発点だけです"""
        return self._told(False, r"\log(1/d)")

    def both(self):
        """二重の誤りです"""
        return self._told(False, "1/d")


class Key_04_9(Words):
    r"""対称行列 $\frac{1}{2}(A + A^{\top})$ の固有値がすべて正になる確率"""

    def _share(self, n):
        """The share of matrices of the question whose eigenvalues are all positive."""
        matrices = np.random.default_rng(0).normal(size=(100_000, n, n))
        values = np.linalg.eigvalsh((matrices + matrices.swapaxes(1, 2)) / 2)
        return (values > 0).all(axis=1).mean()

    def right(self):
        """$n = 3$ で約 0.025"""
        assert self._share(3) == pytest.approx(0.025, abs=0.0015)
        assert all(self._share(n) < 0.5**n for n in (2, 3, 4))
        return "より小さく、高次元の臨界点は鞍点が多い"

    def independent(self):
        """$n = 2$ では 1/4 ではなく約 0.146 です"""
        assert self._share(2) == pytest.approx((2 - math.sqrt(2)) / 4, abs=0.004)
        assert round((2 - math.sqrt(2)) / 4, 3) == 0.146
        return "に等しく、固有値の符号は互いに独立"

    def alike(self):
        """固有値がそろいやすい、と逆に考えています"""
        return "より大きく、高次元の臨界点は極小が多い"

    def one_half(self):
        """極小と極大の割合が等しいのは正しい"""
        return "$n$ によらず 1/2 で"


def function(x):
    return x[0] ** 2 / 2 + x[1] ** 4 / 4 - x[1] ** 2 / 2


class Key_04_10(Numbers):
    """からニュートン法で1歩進めた"""

    g = numerical_gradient(function, np.array([1, 0.2]))[1]
    curvature = (function([1, 0.201]) - 2 * function([1, 0.2]) + function([1, 0.199])) / 1e-6

    def right(self):
        """に引き寄せられます"""
        x1 = 0.2 - self.g / self.curvature
        assert abs(x1) < 0.2
        return x1

    def absolute(self):
        """ニュートン法は負の固有値のまま割るので"""
        return 0.2 - self.g / abs(self.curvature)

    def multiplied(self):
        """逆行列ではなく"""
        return 0.2 - self.g * self.curvature

    def both(self):
        """二重の誤りです"""
        return 0.2 - self.g * abs(self.curvature)


class Key_04_11(Code):
    """ニュートン法の1歩を書く"""

    def observe(self, names):
        """How far the step from 0 goes; H = [[2, 1], [1, 3]], g = (3, 4)."""
        H = np.array([[2.0, 1.0], [1.0, 3.0]])
        return -names["newton_step"](np.zeros(2), np.array([3.0, 4.0]), H)

    def right(self):
        """連立方程式"""
        assert (2 * 1 + 1 * 1, 1 * 1 + 3 * 1) == (3, 4)
        return [1, 1]

    def multiplied(self):
        """曲がりの急な向きほど大きく進んで"""
        return [2 * 3 + 1 * 4, 1 * 3 + 3 * 4]

    def diagonal(self):
        """対角成分だけで割っています"""
        return [3 / 2, 4 / 3]

    def both(self):
        """二重の誤りです"""
        return [2 * 3, 3 * 4]


class Key_04_12(Code):
    """に引き寄せられないように"""

    e = np.array([[6, 2, -3], [2, 3, 6], [3, -6, 2]]) / 7  # orthonormal
    values = np.array([-2.0, 1.0, 5.0])
    parts = np.array([2.0, 3.0, 10.0])  # of g, in the directions e
    H = sum(v * np.outer(e, e) for v, e in zip(values, e, strict=True))

    def observe(self, names):
        """The step, in the directions of the eigenvectors, whatever their signs."""
        return self.e @ -names["saddle_free_step"](np.zeros(3), self.parts @ self.e, self.H)

    def _untransposed(self, values):
        """The same with Q, as the eigensolver orients it, in place of its transpose."""
        Q = np.linalg.eigh(self.H)[1]
        rows = np.array([row @ (self.parts @ self.e) for row in Q])
        return self.e @ sum(Q[:, k] * rows[k] / values[k] for k in range(3))

    def right(self):
        """どの向きにも $f$ の下がる側へ進みます"""
        return [2 / 2, 3 / 1, 10 / 5]

    def signed(self):
        """もとのニュートン法です"""
        return [2 / -2, 3 / 1, 10 / 5]

    def not_transposed(self):
        """別の向きに分けています"""
        return self._untransposed([2, 1, 5])

    def both(self):
        """二重の誤りです"""
        return self._untransposed([-2, 1, 5])


class Key_04_13(Code):
    """最も急に下がる向きの単位ベクトル"""

    e = np.array([[2, 3, 6], [3, -6, 2], [6, 2, -3]]) / 7  # orthonormal
    values = np.array([-4.0, 1.0, 5.0])

    def observe(self, names):
        """The curvature of f along the direction."""
        u = names["escape_direction"](self._hessian())
        return u @ self._hessian() @ u

    def _hessian(self):
        return sum(v * np.outer(e, e) for v, e in zip(self.values, self.e, strict=True))

    def _row(self, k):
        row = np.linalg.eigh(self._hessian())[1][k]
        return sum(v * (row @ e) ** 2 for v, e in zip(self.values, self.e, strict=True))

    def right(self):
        """2次の近似で最も急に下がります"""
        rng = np.random.default_rng(0)
        for u in rng.normal(size=(1000, 3)):
            assert u @ self._hessian() @ u / (u @ u) >= -4 - 1e-9
        return -4

    def row(self):
        """固有ベクトルは `Q` の列です"""
        return self._row(0)

    def flattest(self):
        """曲がりの最も小さい向きです"""
        return 1

    def both(self):
        """二重の誤りです"""
        return self._row(1)


class Key_04_14(Exactly):
    """は、原点が臨界点で $f(0, 0) = 0$ である"""

    def _curvatures(self):
        """The second derivatives of the two cuts, from the curves."""
        found = {}
        for name, (s, y) in lettered(self.question).items():
            found[name] = np.polyfit(s, y, 2)[0] * 2
        return found["A"], found["B"]

    def _told(self, b):
        low, high = eigenvalues(self._curvatures()[0], b, self._curvatures()[0])
        kind = kind_by_eigenvalues((low, high))
        return f"{low:.3g} と {high:.3g}、{kind}".replace("-", "−")

    def right(self):
        r"""固有値は $2 \pm 3$ です"""
        axis, diagonal = self._curvatures()
        return self._told(diagonal - axis)

    def axes_only(self):
        """軸の向きの A だけを見ています"""
        return self._told(0)

    def not_of_length_one(self):
        """単位ベクトルにせずに"""
        axis, diagonal = self._curvatures()
        return self._told((diagonal - 2 * axis) / 2)

    def read_as_entry(self):
        """そのまま対角の外の成分"""
        return self._told(self._curvatures()[1])


class Key_04_15(Code):
    """ステップ数を見積もる"""

    def observe(self, names):
        return np.array([names["steps_to_leave"](d, 0.1, 2.0) for d in (1e-2, 1e-6)])

    def right(self):
        """を解きます"""
        counts = []
        for d in (1e-2, 1e-6):
            x, count = d, 0
            while x < 1:
                x, count = x + 0.1 * 2 * x, count + 1
            counts.append(count)
        return np.array(counts)

    def added_by_the_rate(self):
        """増える分を"""
        return np.array([500, 5_000_000])

    def factor(self):
        r"""1歩の倍率を $\eta\mu$ としています"""
        return np.ceil([math.log(1e2) / math.log(0.2), math.log(1e6) / math.log(0.2)])

    def added(self):
        """足し算ではなく、掛け算で"""
        return np.array([84, 833_334])
