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
        if noise.std() > 0:
            independent = np.corrcoef(np.random.default_rng(0).normal(size=noise.shape))[0, 1]
            assert abs(independent) < 0.02
        return np.array([*noise.mean(axis=1), *noise.std(axis=1)]).round(2) + 0

    def right(self):
        """`x` と同じ形で作ります"""
        return [0, 0, 0.1, 0.1]

    def exchanged(self):
        """平均と標準偏差の順が逆です"""
        return [0.1, 0.1, 0, 0]

    def exchanged_variance(self):
        """順が逆なうえに"""
        return [0.1**2, 0.1**2, 0, 0]

    def variance(self):
        """分散ではなく標準偏差です"""
        return [0, 0, 0.1**2, 0.1**2]


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
    """負の固有値を持つ鞍点のそばで、小さな学習率"""

    def _ends(self, eta=0.1):
        """The offset in the direction of the eigenvalue -1 over 200 steps, near no minimum."""
        x1 = 1e-12 * (1 + eta) ** np.arange(200)
        return x1

    def right(self):
        """はじめは進みが遅くなります"""
        x1 = self._ends()
        assert (np.diff(np.diff(x1)) > 0).all() and x1[50] < 1e-9 < x1[150]
        return "時間をかけて鞍点を離れる"

    def converges(self):
        """ごく一部（面積 0）です"""
        return "時間をかけて鞍点に収束する"

    def at_once(self):
        """ずれが育つまで進めません"""
        return "すぐに鞍点を離れる"

    def converges_at_once(self):
        """下りの向きが残っています"""
        return "すぐに鞍点に収束する"


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


class _Newton(Numbers):
    """The point of the stem and what is known there."""

    x = np.array([1, 0.1])
    grad = np.array([2, -0.2])
    values = np.array([2, -2])

    def _checked(self):
        assert numerical_gradient(lambda x: x[0] ** 2 - x[1] ** 2, self.x) == pytest.approx(
            self.grad
        )
        return self.x


class Key_04_10(_Newton):
    """ニュートン法 $x"""

    def right(self):
        """つまり鞍点に着いてしまいます"""
        return self._checked() - self.grad / self.values

    def absolute(self):
        """固有値の絶対値で割っています"""
        return self.x - self.grad / abs(self.values)

    def added(self):
        """足しています。$H"""
        return self.x + self.grad / self.values

    def first_added(self):
        """符号だけが逆です"""
        return self.x + np.array([1, -1]) * self.grad / self.values


class Key_04_11(_Newton):
    """固有値を絶対値に替えた $|H|$"""

    def right(self):
        """下る向きに離れます"""
        return self._checked() - self.grad / abs(self.values)

    def not_absolute(self):
        """絶対値にしていません"""
        return self.x - self.grad / self.values

    def first_added(self):
        """$x_0$ の向きで足しています"""
        return self.x + np.array([1, -1]) * self.grad / abs(self.values)

    def not_divided(self):
        """学習率 1 の最急降下法です"""
        return self.x - 1 * self.grad


class Key_04_12(_Newton):
    """学習率 0.1 の最急降下法の1歩"""

    def right(self):
        r"""1 + 0.1 \times 2 = 1.2$ 倍です"""
        return self._checked() - 0.1 * self.grad

    def both_shrink(self):
        """$x_1$ の向きも縮めています"""
        return self.x * 0.8

    def added(self):
        """これでは登ります"""
        return self.x + 0.1 * self.grad

    def both_grow(self):
        """$x_0$ の向きで登っています"""
        return self.x * 1.2


class Key_04_13(Code):
    """ヘッセ行列の固有値を絶対値に替えたニュートン法"""

    turn = np.linalg.qr([[1.0, 2, 0], [0, 1, 3], [2, 0, 1]])[0]
    hessian = turn @ np.diag([-2.0, 5.0, 1.0]) @ turn.T
    x, grad = np.array([1.0, 2.0, 0.0]), np.array([3.0, -1.0, 2.0])

    def observe(self, names):
        return names["step"](self.x, self.grad, self.hessian)

    def _step(self, change):
        """By the matrix whose eigenvalues are changed."""
        values, vectors = np.linalg.eigh(self.hessian)
        pairs = zip(values, vectors.T, strict=True)
        changed = sum(np.outer(v, v) * change(value) for value, v in pairs)
        return self.x - np.linalg.solve(changed, self.grad)

    def _not_transposed(self, change):
        values, vectors = np.linalg.eigh(self.hessian)
        rows = zip(values, vectors, vectors.T, strict=True)
        return self.x - sum(row @ self.grad / change(value) * v for value, row, v in rows)

    def right(self):
        """曲がりの大きさで割ります"""
        return self._step(abs)

    def not_transposed(self):
        """転置を忘れています"""
        return self._not_transposed(abs)

    def newton(self):
        """ただのニュートン法で"""
        return self.x - np.linalg.solve(self.hessian, self.grad)

    def newton_not_transposed(self):
        """転置も絶対値も忘れています"""
        return self._not_transposed(float)


class Key_04_14(Code):
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
