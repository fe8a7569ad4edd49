"""The answer key of lesson 03; keys.py tells how it is written."""

import math
from fractions import Fraction

import numpy as np
import pytest

from helpers import numerical_gradient
from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    arrows,
    lettered,
    named_points,
)


class Key_03_1(Numbers):
    """バッチサイズ 64 のミニバッチで 3 エポック学習する"""

    def right(self):
        r"""16 \times 3 = 48"""
        return sum(1 for epoch in range(3) for start in range(0, 1000, 64))

    def rest_dropped(self):
        """を切り捨てています"""
        return 1000 // 64 * 3

    def epochs_joined(self):
        """3 エポック分をつなげて"""
        return math.ceil(3 * 1000 / 64)

    def one_by_one(self):
        """サンプル1個ごとに更新する"""
        return 3 * 1000


class Key_03_2(Numbers):
    r"""$\alpha = 0.9$、$\eta = 0.1$ のとき、2回更新したあとの $x$"""

    def _x(self, keep, grad_of_start=False):
        x, v = Fraction(1), Fraction(0)
        grad = 2 * x
        for _ in range(2):
            grad = grad if grad_of_start else 2 * x
            v = keep * v - Fraction("0.1") * grad
            x = x + v
        return float(x)

    def right(self):
        """x = 0.46"""
        return self._x(Fraction("0.9"))

    def no_velocity(self):
        """速度をためない最急降下法の値です"""
        return self._x(0)

    def alpha_forgotten(self):
        r"""前の速度へ $\alpha$ を掛け忘れています"""
        return self._x(1)

    def old_gradient(self):
        """2回目にも出発点の勾配 2 を使っています"""
        return self._x(Fraction("0.9"), grad_of_start=True)


class Key_03_3(Numbers):
    """勾配 $g$ が1回目に 3、2回目に 4 のとき"""

    def right(self):
        r"""4/\sqrt{25} = 0.8"""
        return 4 / math.sqrt(3**2 + 4**2)

    def not_divided(self):
        """最急降下法の値です"""
        return 4

    def forgets(self):
        """今回の $g^2$ だけで割っています"""
        return 4 / math.sqrt(4**2)

    def no_root(self):
        """平方根を忘れ"""
        return 4 / (3**2 + 4**2)


class Key_03_4(Numbers):
    """1回目の勾配が $g = 4$ のとき、1回目の更新で"""

    m, v = (1 - 0.9) * 4, (1 - 0.999) * 4**2

    def right(self):
        r"""0.1 \times 4/\sqrt{16} = 0.1"""
        return 0.1 * (self.m / (1 - 0.9)) / math.sqrt(self.v / (1 - 0.999))

    def not_corrected(self):
        """偏り補正を忘れています"""
        return 0.1 * self.m / math.sqrt(self.v)

    def not_divided(self):
        r"""$\sqrt{\hat v}$ で割っていません"""
        return 0.1 * 4

    def v_not_corrected(self):
        """$m$ だけを補正し"""
        return 0.1 * (self.m / (1 - 0.9)) / math.sqrt(self.v)


class Key_03_5(Code):
    """最急降下法で、通った点をすべて残す"""

    def observe(self, names):
        f, start = (lambda x: x[0] ** 2 + x[1] ** 2), [-3.0, 4.0]
        x, x_history = names["gradient_descent"](f, np.array(start), 0.1, 3)
        return np.array([*x_history, x])

    def _path(self, move):
        points = [np.array([-3.0, 4.0])]
        for _ in range(3):
            points.append(move(points[-1], points[0]))
        return np.array([*points, points[-1]])

    def right(self):
        """更新式"""
        return self._path(lambda x, start: 0.8 * x)

    def uphill(self):
        """足すと登ります"""
        return self._path(lambda x, start: 1.2 * x)

    def divided_by_the_rate(self):
        """学習率で割っています"""
        return self._path(lambda x, start: x - 2 * x / 0.1)

    def gradient_of_the_start(self):
        """いつも出発点の勾配を使っています"""
        return self._path(lambda x, start: x - 0.1 * 2 * start)


class Key_03_6(Code):
    """最後の余りも捨てないように"""

    def observe(self, names):
        """How often each of ten samples is used, and the sizes of the batches."""
        batches = list(names["minibatches"](10, 4, np.random.default_rng(0)))
        order = np.random.default_rng(0).permutation(10).tolist()
        used = [sample for batch in batches for sample in batch.tolist()]
        return ",".join([*(str(used.count(s)) for s in order), *map(str, map(len, batches))])

    def right(self):
        """最後の束は、スライスが余りの分だけを取り出します"""
        return ",".join("1111111111" + "442")

    def overlapping(self):
        """束どうしが重なってしまいます"""
        return ",".join("1222100000" + "44")

    def last_batch_lost(self):
        """最後のサンプルが使われません"""
        return ",".join("1111111100" + "44")

    def first_batch_lost(self):
        """最初の束が抜けてしまいます"""
        return ",".join("0000111111" + "42")


class Key_03_7(Code):
    """RMSprop の更新である"""

    grads = ((3.0, 4.0), (-1.0, 2.0))

    def observe(self, names):
        """The state after each of two updates."""

        class State:
            rho, h = 0.9, np.zeros(2)

        state, seen = State(), []
        for grad in self.grads:
            x = names["update"](state, np.zeros(2), np.array(grad), 0.5)
            if (state.h > 0).all():
                assert x == pytest.approx(-0.5 * np.array(grad) / (state.h**0.5 + 1e-7))
            seen.append(state.h)
        return np.array(seen)

    def _states(self, old, new, power=2):
        h, seen = np.zeros(2), []
        for grad in self.grads:
            h = old * h + new * np.array(grad) ** power
            seen.append(h)
        return np.array(seen)

    def right(self):
        r"""古い $h$ を $\rho$ 倍に減らし"""
        return self._states(0.9, 0.1)

    def exchanged(self):
        r"""$\rho$ と $1 - \rho$ が逆です"""
        return self._states(0.1, 0.9)

    def not_squared(self):
        """勾配を2乗していません"""
        return self._states(0.9, 0.1, power=1)

    def nothing_forgotten(self):
        """AdaGrad のように、増えるだけになります"""
        return self._states(1, 0.1)


class Key_03_8(Exactly):
    """図は $x_1$ の変化である"""

    def _methods(self):
        """Which method draws which curve, by the updates of f's steep coordinate written out."""
        _, start = -7, 2
        x, v, momentum = start, 0.0, [start]
        y, h, adagrad = start, 0.0, [start]
        for _ in range(20):
            v = 0.9 * v - 0.1 * 2 * x
            x = x + v
            momentum.append(x)
            h += (2 * y) ** 2
            y -= 1.5 * 2 * y / math.sqrt(h)
            adagrad.append(y)
        sgd = [start * (1 - 2 * 0.95) ** t for t in range(21)]
        runs = {"SGD": sgd, "Momentum": momentum, "AdaGrad": adagrad}
        curves = lettered(self.question)
        assert list(curves) == ["A", "B", "C"]
        return {
            name: method
            for name, (_, y) in curves.items()
            for method, run in runs.items()
            if np.allclose(y, run, atol=1e-6)
        }

    def _told(self, exchange=""):
        """The assignment, with the methods of the curves named in `exchange` passed around."""
        methods = self._methods()
        shown = dict(zip(exchange, exchange[1:] + exchange[:1], strict=True))
        return "、".join(f"{name} は {methods[shown.get(name, name)]}" for name in "ABC")

    def right(self):
        """速度で行き過ぎて戻る C が Momentum です"""
        signs = {
            name: (np.diff(np.sign(y)) != 0).sum()
            for name, (_, y) in lettered(self.question).items()
        }
        assert signs["A"] == 0 and signs["B"] == 20 and 0 < signs["C"] < 5
        return self._told()

    def never_changing_sign(self):
        """A は変わりません"""
        return self._told("ABC")

    def overshooting(self):
        """B は合っています"""
        return self._told("AC")

    def wave(self):
        """A は合っています"""
        return self._told("BC")


class Key_03_9(Exactly):
    """Nesterov の加速勾配法"""

    def _point(self, place):
        """The name of the point at a place."""
        points = named_points(self.question)
        (name,) = (name for name, point in points.items() if np.allclose(point, place))
        return name

    def _parts(self):
        """The present point, and the arrows of velocity and gradient."""
        ways = {name: way.ravel() for name, (_, way) in arrows(self.question).items()}
        x = named_points(self.question)["P"]
        velocity, drop = ways[r"$\alpha v$"], ways[r"$-\eta\nabla f(x)$"]
        grad = numerical_gradient(lambda x: x[0] ** 2 / 20 + x[1] ** 2, x)
        assert drop == pytest.approx(-0.4 * grad)
        return x, velocity, drop

    def right(self):
        r"""速度で進んだ先の点 $x + \alpha v$ です"""
        x, velocity, _ = self._parts()
        return self._point(x + velocity)

    def present_point(self):
        """今の点で測るのは Momentum です"""
        return self._point(self._parts()[0])

    def gradient_step(self):
        """今の点の勾配で1歩進んだ点です"""
        x, _, drop = self._parts()
        return self._point(x + drop)

    def minimum(self):
        """極小の場所は、学習中には分かりません"""
        return self._point((0, 0))


class Key_03_10(Numbers):
    r"""$\|\nabla f(x)\| < 10^{-4}$ になったので止めた"""

    def right(self):
        """最も緩い向きでは"""
        rng = np.random.default_rng(0)
        x = rng.normal(size=(2, 10_000)) * [[1e-5], [1e-2]]
        stopped = np.hypot(10 * x[0], 0.01 * x[1]) < 1e-4
        farthest = np.hypot(*x[:, stopped]).max()
        assert 0.9 * 1e-4 / 0.01 < farthest < 1e-4 / 0.01
        return 1e-4 / 0.01

    def gradient_for_distance(self):
        """勾配の大きさを、そのまま距離と読んでいます"""
        return 1e-4

    def steepest_direction(self):
        """最も急な向きの曲がり方 10 で割っています"""
        return 1e-4 / 10

    def multiplied(self):
        """最も緩い向きの曲がり方 0.01 を掛けています"""
        return 1e-4 * 0.01


class Key_03_11(Numbers):
    """バッチサイズ $B$ を 4 倍にした"""

    def _spread(self):
        """The standard deviation of the mean of four times as many samples, to the old one."""
        rng = np.random.default_rng(0)
        old, new = (rng.normal(size=(20_000, size)).mean(axis=1).std() for size in (8, 4 * 8))
        assert new / old == pytest.approx(1 / 2, abs=0.01)
        return 1 / 2

    def _updates(self):
        return (960 // (4 * 8)) / (960 // 8)

    def matches(self, choice, value):
        """A choice that names no number of updates says that they stay."""
        return super().matches(choice + ("1" if "変わらない" in choice else ""), value)

    def right(self):
        """更新回数は $1/B$ に比例します"""
        return self._spread(), self._updates()

    def variance_and_updates(self):
        """更新回数は、束の数なので減ります"""
        return self._spread() ** 2, 1

    def updates(self):
        """更新は1束に1回です"""
        return self._spread(), 1

    def variance(self):
        """1/4 になるのは分散です"""
        return self._spread() ** 2, self._updates()
