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
    lines,
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
    """1回目の更新で、$x$ はいくつ減るか"""

    m, s = (1 - 0.9) * 4, (1 - 0.999) * 4**2

    def right(self):
        r"""0.1 \times 4/\sqrt{16} = 0.1"""
        return 0.1 * (self.m / (1 - 0.9)) / math.sqrt(self.s / (1 - 0.999))

    def not_corrected(self):
        """偏り補正を忘れています"""
        return 0.1 * self.m / math.sqrt(self.s)

    def m_not_corrected(self):
        """$s$ だけを補正し"""
        return 0.1 * self.m / math.sqrt(self.s / (1 - 0.999))

    def s_not_corrected(self):
        """$m$ だけを補正し"""
        return 0.1 * (self.m / (1 - 0.9)) / math.sqrt(self.s)


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

    def uphill_by_the_gradient_of_the_start(self):
        """符号が逆なうえに"""
        return self._path(lambda x, start: x + 0.1 * 2 * start)

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

    def first_and_last_batch_lost(self):
        """最初の束も最後の束も抜けます"""
        return ",".join("0000111100" + "4")

    def last_batch_lost(self):
        """最後のサンプルが使われません"""
        return ",".join("1111111100" + "44")

    def first_batch_lost(self):
        """先頭の位置は 0 からです。最初の束"""
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

    def exchanged_and_not_squared(self):
        """割合が逆で、2乗も忘れています"""
        return self._states(0.1, 0.9, power=1)


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


def adam_states(scale=1):
    """m and s of Adam after each of the two gradients of the stem."""
    m = s = Fraction(0)
    states = []
    for grad in (4 * scale, 2 * scale):
        m = Fraction("0.9") * m + Fraction("0.1") * grad
        s = Fraction("0.999") * s + Fraction("0.001") * grad**2
        states.append((m, s))
    return states


class Key_03_12(Numbers):
    r"""2回目の更新で使う、偏り補正をした $\hat m$"""

    def right(self):
        """1 - 0.9^2 = 0.19"""
        return float(adam_states()[1][0] / (Fraction("0.1") * (1 + Fraction("0.9"))))

    def not_corrected(self):
        """0.56$ のままで"""
        return float(adam_states()[1][0])

    def first_power(self):
        r"""$1 - \beta_1$ で割っています"""
        return float(adam_states()[1][0] * 10)

    def plain_mean(self):
        """ただ平均しています"""
        return np.mean([4, 2])


class Key_03_13(Exactly):
    """損失を 100 倍にすると、勾配は2回とも 100 倍になる"""

    def right(self):
        r"""$\hat m$ も $\sqrt{\hat s}$ も 100 倍になり"""
        first, second = (
            round(float(large_m / m) / math.sqrt(large_s / s))
            for (m, s), (large_m, large_s) in zip(adam_states(), adam_states(100), strict=True)
        )
        return f"1回目は {first} 倍、2回目は {second} 倍"

    def not_normalised(self):
        """最急降下法や Momentum なら"""
        return "1回目は 100 倍、2回目は 100 倍"

    def only_second(self):
        """1回目も、"""
        return "1回目は 100 倍、2回目は 1 倍"

    def only_first(self):
        """2回目の $m$ と"""
        return "1回目は 1 倍、2回目は 100 倍"


class Key_03_14(Code):
    """そのうち `self.alpha` の割合が次に残る"""

    def observe(self, names):
        class State:
            alpha, v = 0.9, 2.0

        state = State()
        x = names["update"](state, 1.0, 3.0, 0.1)
        return np.array([x, state.v])

    def _seen(self, v):
        return np.array([1 + v, v])

    def right(self):
        r"""下りの向き $-\eta\nabla f$ を足します"""
        return self._seen(1.8 - 0.3)

    def all_reduced(self):
        r"""新しい勾配にまで $\alpha$ が掛かっています"""
        return self._seen(1.8 - 0.27)

    def uphill(self):
        """勾配の符号が逆で"""
        return self._seen(1.8 + 0.3)

    def uphill_and_reduced(self):
        """登る向きにたまるうえに"""
        return self._seen(1.8 + 0.27)


class Key_03_15(Code):
    """Nesterov の加速勾配法"""

    def observe(self, names):
        return np.array(names["step"](1.0, 0.5, lambda x: x**2, 0.8, 0.1))

    def _seen(self, point):
        v = 0.4 - 0.1 * point**2
        return np.array([1 + v, v])

    def right(self):
        r"""勾配を見る前に決まっている分"""
        return self._seen(1.4)

    def backwards(self):
        """速度で戻った点"""
        return self._seen(0.6)

    def whole_velocity(self):
        """速度がそのまま残ると"""
        return self._seen(1.5)

    def where_it_was(self):
        """ひとつ前にいた点"""
        return self._seen(0.5)


class Key_03_16(Code):
    """AdaGrad の更新である"""

    def observe(self, names):
        class State:
            h = 5.0

        return names["update"](State(), 1.0, 2.0, 0.1)

    def right(self):
        """たまった $g^2$ の平方根で割ります"""
        return 1 - 0.2 / (3 + 1e-7)

    def multiplied(self):
        """掛けています。勾配が"""
        return 1 - 0.2 * (3 + 1e-7)

    def no_root(self):
        """平方根を忘れています。歩幅が"""
        return 1 - 0.2 / (9 + 1e-7)

    def no_root_and_multiplied(self):
        """平方根を忘れたうえに"""
        return 1 - 0.2 * (9 + 1e-7)


class Key_03_17(Code):
    """Adam の偏り補正である"""

    def observe(self, names):
        """The factor of m = 1, for the first three updates."""

        class State:
            m, beta1 = 1.0, 0.9

        seen = []
        for State.t in (1, 2, 3):
            seen.append(names["corrected"](State()))
        return np.array(seen)

    def right(self):
        r"""重みの和"""
        return np.array([1 / sum(0.1 * 0.9**k for k in range(t)) for t in (1, 2, 3)])

    def times(self):
        """$t$ 乗でなく $t$ 倍です"""
        return np.array([1 / 0.1, 1 / -0.8, 1 / -1.7])

    def weight_of_the_start(self):
        r"""残っている重み $\beta_1^t$"""
        return np.array([1 / 0.9, 1 / 0.81, 1 / 0.729])

    def times_and_not_from_one(self):
        """1 から引くのも"""
        return np.array([1 / 0.9, 1 / 1.8, 1 / 2.7])


class Key_03_18(Code):
    """Adam の更新の後半である"""

    def observe(self, names):
        return names["move"](1.0, 5.0, 3.0, 4.0**2, 0.1)

    def right(self):
        r"""速度の役をする"""
        return 1 - 0.3 / (4 + 1e-8)

    def no_velocity(self):
        """これは RMSprop で"""
        return 1 - 0.5 / (4 + 1e-8)

    def no_velocity_and_no_root(self):
        """今回の勾配だけで進み、平方根も"""
        return 1 - 0.5 / (16 + 1e-8)

    def no_root(self):
        r"""平方根を忘れています。$\hat s$"""
        return 1 - 0.3 / (16 + 1e-8)


class Key_03_19(Numbers):
    """ばらつきを $B = 25$ のときの半分にする"""

    def _power(self):
        """The slope of the curve on its scales."""
        ((size, spread),) = lines(self.question).values()
        return np.polyfit(np.log(size), np.log(spread), 1)[0]

    def right(self):
        r"""半分にするには4倍の 100"""
        power = self._power()
        assert power == pytest.approx(-0.5, abs=0.01)
        assert 100**-0.5 == 1 / 10
        return 25 * 2 ** round(-1 / power)

    def root(self):
        r"""$\sqrt{2}$ 倍にしています"""
        return round(25 * math.sqrt(2))

    def inverse(self):
        """ばらつきが $1/B$ に比例すると"""
        return 25 * 2

    def squared(self):
        """25 の2乗です"""
        return 25**2
