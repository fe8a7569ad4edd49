"""The answer key of lesson 01; keys.py tells how it is written."""

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
    lines,
    named_points,
)


class Key_01_1(Numbers):
    """刻み幅 $h = 0.1$ の前進差分"""

    def right(self):
        r"""\frac{9.61 - 9}{0.1}"""
        return (3.1**2 - 3**2) / 0.1

    def not_divided_by_h(self):
        """刻み幅 $h$ で割るのを忘れています"""
        return 3.1**2 - 3**2

    def backward(self):
        """後退差分です"""
        return (3**2 - 2.9**2) / 0.1

    def central(self):
        """中心差分の値でもあります"""
        assert (3.1**2 - 2.9**2) / 0.2 == pytest.approx(2 * 3)
        return 2 * 3


class Key_01_2(Numbers):
    """$f(x) = x^3 - x$ を $x = 2$ での接線で置き換える"""

    value, slope = 2**3 - 2, 3 * 2**2 - 1

    def right(self):
        r"""6 + 11 \times 0.1"""
        return self.value + self.slope * 0.1

    def step_added(self):
        """ずれ 0.1 をそのまま足しています"""
        return self.value + 0.1

    def curve(self):
        """曲線そのものの値です"""
        return 2.1**3 - 2.1

    def slope_added(self):
        """傾き 11 をそのまま足しています"""
        return self.value + self.slope


class Key_01_3(Numbers):
    """$u = x^2$、$v = 3x$、$y = uv$"""

    by_u, by_v = 3 * 2 * 2 * 2, 2**2 * 3

    def right(self):
        r"""24 + 12 = 36"""
        return 9 * 2**2  # y = 3x³

    def u_forgotten(self):
        r"""$u$ を通る道を忘れています"""
        return self.by_v

    def v_forgotten(self):
        r"""$v$ を通る道を忘れています"""
        return self.by_u

    def paths_multiplied(self):
        """2つの道の微分を掛けています"""
        return self.by_u * self.by_v


class Key_01_4(Code):
    """中心差分で微分係数を求める関数"""

    def observe(self, names):
        slopes = [
            names["numerical_diff"](f, x) for f, x in ((lambda x: 3 * x**2 - x, 2.0), (np.sin, 1.0))
        ]
        return np.array(slopes)

    true = np.array([11, np.cos(1)])

    def right(self):
        """差を $2h$ で割ります"""
        return self.true

    def sign_and_divided_by_h(self):
        """引く順が逆なうえに"""
        return -2 * self.true

    def sign(self):
        """符号が逆になります"""
        return -self.true

    def divided_by_h(self):
        """これでは2倍の値になります"""
        return 2 * self.true


class Key_01_5(Code):
    """積の微分になるように"""

    def observe(self, names):
        u, v = names["Dual"](3.0, 7.0), names["Dual"](5.0, 11.0)
        product = u * v
        return [product.v, product.d]

    def right(self):
        """(uv)' = u'v + uv'"""
        return [15, 7 * 5 + 3 * 11]

    def like_with_like(self):
        """値どうし、微分どうしを掛けています"""
        return [15, 3 * 5 + 7 * 11]

    def quotient(self):
        """商の微分の分子と混同しています"""
        return [15, 7 * 5 - 3 * 11]

    def like_with_like_and_quotient(self):
        """掛ける組を取り違えたうえに"""
        return [15, 3 * 5 - 7 * 11]


class Key_01_6(Exactly):
    """前進差分と中心差分で微分し"""

    def _order(self, name, h):
        """By what a tenth of h divides the error of a curve, as a power of ten."""
        steps, errors = lines(self.question)[name]
        chosen = steps >= h
        return np.polyfit(np.log10(steps[chosen]), np.log10(errors[chosen]), 1)[0]

    def _central(self):
        """The curve whose error is O(h²), and the other one, of O(h)."""
        assert self._order("A", 1e-4) == pytest.approx(1, abs=0.05)
        assert self._order("B", 1e-4) == pytest.approx(2, abs=0.05)
        return "B", "A"

    def _rise(self):
        """What rises on the left, ε/h at most a few times, and what falls as h does."""
        for steps, errors in lines(self.question).values():
            left = steps <= 1e-9
            assert (errors[left] < 10 * np.finfo(float).eps / steps[left]).all()
            assert errors[steps.argmin()] > 1e3 * errors.min()
        return "丸め誤差", "打ち切り誤差"

    def right(self):
        r"""左側では $\varepsilon/h$ の丸め誤差が増えます"""
        curves = lines(self.question).items()
        bottoms = {name: steps[errors.argmin()] for name, (steps, errors) in curves}
        assert bottoms == pytest.approx({"A": 1e-8, "B": 1e-5})
        assert "A は h が 1e-8、B は 1e-5 のあたりが底" in alt_of(self.question)
        return f"{self._central()[0]} が中心差分で、左側で増えるのは{self._rise()[0]}"

    def slopes_confused(self):
        """右側の傾きを逆に読んでいます"""
        return f"{self._central()[1]} が中心差分で、左側で増えるのは{self._rise()[0]}"

    def both(self):
        """中心差分は、誤差が $O(h^2)$ で減る B です"""
        return f"{self._central()[1]} が中心差分で、左側で増えるのは{self._rise()[1]}"

    def truncation(self):
        """左側で増えるのは、$h$ で割られる丸め誤差です"""
        return f"{self._central()[0]} が中心差分で、左側で増えるのは{self._rise()[1]}"


class Key_01_7(Exactly):
    """微分係数が最も小さい点"""

    def _slopes(self):
        points = named_points(self.question)
        ((x, y),) = lines(self.question)["_child0"][np.newaxis]
        for point in points.values():
            assert np.interp(point[0], x, y) == pytest.approx(point[1], abs=1e-3)
        return {name: np.interp(p[0], x, np.gradient(y, x)) for name, p in points.items()}

    def _heights(self):
        return {name: point[1] for name, point in named_points(self.question).items()}

    def right(self):
        """微分係数は −1 です"""
        slopes = self._slopes()
        name = min(slopes, key=slopes.get)
        assert slopes[name] == pytest.approx(-1, abs=1e-3)
        return name

    def flat(self):
        """山の頂上では接線が水平で"""
        slopes, heights = self._slopes(), self._heights()
        flat = [name for name in slopes if abs(slopes[name]) < 1e-3]
        return max(flat, key=heights.get)

    def lowest_value(self):
        """$f$ の値が最も小さい点です"""
        heights = self._heights()
        name = min(heights, key=heights.get)
        assert self._slopes()[name] == pytest.approx(0, abs=1e-3)
        return name

    def steepest(self):
        """微分係数は +3、つまり最大です"""
        slopes = self._slopes()
        name = max(slopes, key=lambda name: abs(slopes[name]))
        assert slopes[name] == pytest.approx(3, abs=1e-2)
        return name


class Key_01_8(Exactly):
    """「誤差逆伝播法」の説明"""

    def _told(self, backwards, once):
        way = "出力から入力へ" if backwards else "入力から出力へ"
        return f"{way}微分を送り、{'1回で全部の微分が求まる' if once else '入力の数だけ繰り返す'}"

    def right(self):
        """リバースモード"""
        W, x = np.random.default_rng(0).normal(size=(4, 3)), np.ones(3)
        backwards = np.ones(4) @ W  # one product from the one output to all inputs
        forwards = [(W @ way).sum() for way in np.eye(3)]  # one product for each input
        assert backwards == pytest.approx(forwards)
        assert backwards == pytest.approx(numerical_gradient(lambda x: (W @ x).sum(), x))
        return self._told(backwards=True, once=True)

    def forward_mode(self):
        """フォワードモード"""
        return self._told(backwards=False, once=False)

    def repeated(self):
        """途中の値を共有して"""
        return self._told(backwards=True, once=False)

    def forward_once(self):
        """1つの入力についての微分だけです"""
        return self._told(backwards=False, once=True)


class Key_01_9(Words):
    """中心差分を計算すると、0 が返った"""

    def _central(self, h):
        return (abs(0 + h) - abs(0 - h)) / (2 * h)

    def right(self):
        """左右の傾きが違い"""
        assert all(abs(h) / h != -abs(-h) / h for h in (1, 1e-5))
        return "打ち消し合って 0 になった"

    def a_value_is_a_proof(self):
        """証拠になりません"""
        return "微分できる証拠である"

    def slope_one(self):
        """$h$ をどれだけ小さくしても 0 のままです"""
        assert {self._central(h) for h in (1, 1e-2, 1e-5, 1e-10)} == {0}
        return "微分係数は 1 で"

    def rounding(self):
        """$h = 1$ のような大きな刻み幅でも 0 になります"""
        assert self._central(1) == 0
        return "丸め誤差で 0 になった"


def graph(x):
    """y of the graph of the stem."""
    a = x[0] + x[1]
    return (a * x[1]) ** 2


class Key_01_10(Numbers):
    r"""$x_0 = 1$、$x_1 = 2$ での"""

    upper, a, x1 = 2 * (1 + 2) * 2, 1 + 2, 2

    def right(self):
        r"""12 \times (2 + 3) = 60"""
        return numerical_gradient(graph, [1, 2]).round(4)[1]

    def by_the_sum(self):
        """$x_1$ は $b$ に直接も入ります"""
        return self.upper * self.x1

    def direct(self):
        """$b$ に直接入る道"""
        return self.upper * self.a

    def multiplied(self):
        """2つの道を掛け"""
        return self.upper * self.x1 * self.a


class Key_01_11(Numbers):
    """前向きの自動微分で"""

    def _slope_of_b(self, way):
        """How b changes along a way, by a difference."""
        b = [(1 + s * way[0] + 2 + s * way[1]) * (2 + s * way[1]) for s in (1e-6, -1e-6)]
        return round((b[0] - b[1]) / 2e-6, 4)

    def right(self):
        r"""$1 \times x_1 + a \times 0 = 2$"""
        return self._slope_of_b((1, 0))

    def both_ones(self):
        """1 にするのは、微分する変数だけです"""
        return self._slope_of_b((1, 0)) + (1 + 2)

    def value(self):
        """値と微分の組を運びます"""
        return (1 + 2) * 2

    def of_y(self):
        """もう掛けています"""
        return numerical_gradient(graph, [1, 2]).round(4)[0]


class Key_01_12(Code):
    """逆伝播で、$y$ の偏微分を2つとも返す"""

    def observe(self, names):
        return np.array(names["backward"](1.0, 2.0))

    def right(self):
        """直接の道の $a$ と"""
        return numerical_gradient(graph, [1, 2]).round(4)

    def upper_lost(self):
        """`db` を掛けていません"""
        return np.array([24, 3 + 2])

    def multiplied(self):
        """2つの道を掛けています"""
        return np.array([24, 12 * 3 * 2])

    def multiplied_and_upper_lost(self):
        """2つの道を掛けたうえに"""
        return np.array([24, 3 * 2])


class Key_01_13(Code):
    """勾配確認で、数値微分"""

    pairs = (((3, 4), (3, 4)), ((3, 4), (4, 3)), ((6, 8), (3, 4)))

    def observe(self, names):
        return np.array([names["relative_error"](*map(np.array, pair)) for pair in self.pairs])

    def right(self):
        """差のベクトルの長さです"""
        return np.array([0, math.sqrt(2) / 10, 5 / 15])

    def added(self):
        """2つが等しいときに"""
        return np.array([1, math.sqrt(7**2 + 7**2) / 10, 1])

    def lengths(self):
        """長さだけを比べています"""
        return np.array([0, 0, 5 / 15])

    def lengths_added(self):
        """長さを足しているので"""
        return np.ones(3)
