"""The answer key of lesson 06; keys.py tells how it is written."""

import math

import numpy as np
import pytest

from helpers import numerical_gradient
from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    Words,
    lettered,
    lines,
    numbers,
)


class Key_06_1(Numbers):
    """学習率が初めて 0.02 より小さくなるエポック"""

    def _first(self, rate, below=0.02):
        """The first epoch whose rate is below."""
        return next(epoch for epoch in range(1000) if rate(epoch) < below)

    def right(self):
        r"""0.4 \times 0.5^5 = 0.0125"""
        rates = [0.4] * (19 + 1)
        while rates[-1] >= 0.02:
            rates += [rates[-1] / 2] * 20
        return rates.index(rates[-1])

    def subtracted(self):
        """0.2 ずつ引いています"""
        return self._first(lambda epoch: 0.4 - 0.2 * (epoch // 20))

    def rounded_down(self):
        """を切り捨てています"""
        assert 0.4 * 0.5**4 > 0.02
        return 20 * math.floor(math.log2(0.4 / 0.02))

    def counted_twice(self):
        """初めの 20 エポックを2回数えています"""
        return self._first(lambda epoch: 0.4 * 0.5 ** (max(0, epoch - 20) // 20))


class Key_06_2(Numbers):
    r"""どの出発点からも極小に収束する $\eta$ の上限"""

    def right(self):
        """2/L = 2/20 = 0.1"""
        low, high = 0.01, 2.0
        for _ in range(30):
            middle = (low + high) / 2
            x = np.array([1.0, 1.0])
            for _ in range(2000):
                x = x - middle * np.array([2, 20]) * x if np.abs(x).max() < 10 else x
            low, high = (middle, high) if np.abs(x).max() < 1e-2 else (low, middle)
        assert low == pytest.approx(2 / 20, abs=1e-3)
        return 2 / 20

    def coefficient(self):
        """係数 10 を固有値と取り違えています"""
        return 2 / 10

    def smallest_eigenvalue(self):
        """最小の固有値 2 を使っています"""
        return 2 / 2

    def one_step_to_the_bottom(self):
        """急な向きが1歩で谷底に着く学習率です"""
        return 1 / 20


class Key_06_3(Numbers):
    """折れ線 C の学習率はどれか"""

    def _rate(self, name):
        """The one rate of the choices that draws a curve."""
        steps, loss = lettered(self.question)[name]
        rates = [numbers(text)[0][0] for text, _ in self.question.choices]
        (rate,) = (r for r in rates if np.allclose(loss, (3 * (1 - 2 * r) ** steps) ** 2))
        return rate

    def right(self):
        r"""1 - 2 \times 1.02 = -1.04"""
        loss = lettered(self.question)["C"][1]
        assert (np.diff(loss) > 0).all()
        return self._rate("C")

    def falling(self):
        """増減を逆に読んでいます"""
        assert (np.diff(lettered(self.question)["A"][1]) < 0).all()
        return self._rate("A")

    def fastest(self):
        """損失は最も速く下がります"""
        ends = {name: loss[5] for name, (_, loss) in lettered(self.question).items()}
        assert min(ends, key=ends.get) == "B"
        return self._rate("B")

    def swinging(self):
        """符号は毎回変わりますが"""
        assert -1 < 1 - 2 * 0.98 < 0
        return 0.98


class Key_06_4(Code):
    """最初の `warmup_steps` 回の更新で"""

    def observe(self, names):
        return [names["warmup"](0.8, 4, t) for t in range(8)]

    def right(self):
        """そのあとは `min` が 1 で止めます"""
        return [0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8, 0.8]

    def starts_at_zero(self):
        """1回目の学習率が 0 になり"""
        return [0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8]

    def larger_of_both(self):
        """のあとは際限なく増えます"""
        return [0.8, 0.8, 0.8, 0.8, 1.0, 1.2, 1.4, 1.6]

    def both(self):
        """二重の誤りです"""
        return [0.8, 0.8, 0.8, 0.8, 0.8, 1.0, 1.2, 1.4]


class Key_06_5(Numbers):
    """$w$ の分散はどの値に近づくか"""

    def right(self):
        """V = 0.16/0.64 = 0.25"""
        variance = 0.0
        for _ in range(1000):
            variance = (1 - 0.4) ** 2 * variance + 0.4**2
        return variance

    def square_dropped(self):
        r"""$(1-\eta)^2$ を $1 - 2\eta$ と略し"""
        variance = 0.0
        for _ in range(1000):
            variance = (1 - 2 * 0.4) * variance + 0.4**2
        return variance

    def one_step(self):
        r"""1回に加わるノイズの分散 $\eta^2$ だけです"""
        return 0.4**2

    def mean_for_variance(self):
        """ノイズの平均が 0 でも"""
        return 0


class Key_06_6(Words):
    r"""最急降下法の学習率 $\eta$ と、曲がり $\lambda > 0$"""

    def _end(self, lr, start, step_num=2000):
        """Where descent ends on a tilted double well; its minima are near -1 and 1."""
        x = start
        for _ in range(step_num):
            x = x - lr * (4 * x**3 - 4 * x + 0.3)
        return x

    def right(self):
        r"""1歩の倍率 $|1 - \eta\lambda|$ が 1 を超え"""
        deep = self._end(0.01, -1.0)
        curvature = 12 * deep**2 - 4
        assert abs(self._end(0.95 * 2 / curvature, deep + 1e-3) - deep) < 1e-6
        assert abs(self._end(1.05 * 2 / curvature, deep + 1e-3) - deep) > 1e-2
        return r"$\eta > 2/\lambda$ なら"

    def deepest(self):
        """浅い極小の側から出発すれば、浅い極小に着きます"""
        assert self._end(0.001, 0.9, 20_000) > 0.9  # the shallow one
        return "最も深い極小に着く"

    def everywhere(self):
        r"""$2/\lambda$ は極小のそばの条件です"""
        assert self._end(0.1, 1.0) != pytest.approx(self._end(0.1, -1.0))
        return "どこから始めてもそこに着く"

    def speed_only(self):
        """狭いくぼみに留まれません"""
        return "速さだけが変わり行き先は同じ"


class Key_06_7(Exactly):
    r"""\left(1 + \cos\dfrac{\pi t}{T}\right)"""

    def _curve(self, rate):
        """The name of the curve of a schedule."""
        curves = lettered(self.question)
        (name,) = (n for n, (t, rates) in curves.items() if np.allclose(rates, [*map(rate, t)]))
        return name

    def right(self):
        r"""$t = 50$ で $\cos$ が 0 になり"""
        return self._curve(lambda t: 0.1 / 2 * (1 + math.cos(math.pi * t / 100)))

    def steps(self):
        """ステップ減衰"""
        return self._curve(lambda t: 0.1 * 0.5 ** (t // 25))

    def exponential(self):
        """指数減衰"""
        assert 0.1 * 0.95**50 < 0.05
        return self._curve(lambda t: 0.1 * 0.95**t)

    def warmup(self):
        """初めに上がるのはウォームアップです"""
        return self._curve(lambda t: 0.1 * min(1, (t + 1) / 20))


class Key_06_8(Code):
    """でもほぼ正しく返したい（float64）"""

    def observe(self, names):
        """The slope at 0 plus 1, or nan; those at 1 and 1e13 as multiples of the true ones."""
        slope = names["slope"]
        near, far = slope(lambda x: x**2, 1.0) / 2, slope(lambda x: x**2, 1e13) / 2e13
        try:
            least = slope(lambda x: x**2, 0.0) + 1
        except ZeroDivisionError:
            least = math.nan
        return np.round([least, near, far], 3)

    def right(self):
        """`x` が大きいと $h$ も同じ割合で広がり"""
        return [1, 1, 1]

    def smaller_of_both(self):
        """大きな `x` でも $h$ は `1e-5` のまま広がりません"""
        return [math.nan, 1, 0]

    def too_small(self):
        """隣の数との隙間より狭く、差が 0 になります"""
        return [1, 0, 0]

    def both(self):
        """二重の誤りです"""
        return [math.nan, 0, 0]


class Key_06_9(Words):
    """この結末の判断はどれが正しいか"""

    def _stop(self):
        """The point at which the run of the question stands still, and its last true gradient."""
        x = np.array([1.0, 1.0])
        for _ in range(100):
            x = x - 10 * numerical_gradient(lambda x: x[0] ** 2 + x[1] ** 2, x, 1e-4)
        return x

    def right(self):
        """正確に計算すれば遠ざかり続けます"""
        x = self._stop()
        assert 3e12 < abs(x[0]) < 3e13
        assert (x[0] + 1e-4) ** 2 - (x[0] - 1e-4) ** 2 == 0
        assert abs(1 - 10 * 2) > 1
        return r"発散。$x \pm h$ が丸められ"

    def overflow(self):
        r"""float64 の上限 $10^{308}$ の手前です"""
        assert round(math.log10(1e13**2)) == 26
        assert 1e25 < self._stop()[0] ** 2 < 1e27
        assert 1e307 < np.finfo(float).max < 1e309
        return "発散。$f$ が大きくなりすぎ"

    def both(self):
        """二重の誤りです"""
        return "停滞。$f$ が大きくなりすぎ"

    def flat(self):
        """停滞は、平らな場所で進まないことです"""
        return r"停滞。$x \pm h$ が丸められ"


class Key_06_10(Words):
    """座標ごとの実効学習率"""

    def _rates(self, keep, add):
        """The effective rates of two coordinates whose gradients become small."""
        h, rates = np.zeros(2), []
        for t in range(40):
            h = keep * h + add * (np.array([1.0, 3.0]) * (1 if t < 20 else 0.1)) ** 2
            rates.append(0.1 / (np.sqrt(h) + 1e-8))
        return np.array(rates)

    def right(self):
        """AdaGrad の $h_i$ は増える一方です"""
        assert (np.diff(self._rates(1, 1), axis=0) < 0).all()
        assert (np.diff(self._rates(0.9, 0.1)[20:], axis=0) > 0).all()
        return "AdaGrad では下がる一方、RMSprop では上がりもする"

    def comes_back(self):
        """戻りうるのは、移動平均を使う RMSprop です"""
        return "元の大きさに戻る"

    def one_for_all(self):
        """勾配の大きい座標ほど、実効学習率は小さくなります"""
        for rates in (self._rates(1, 1), self._rates(0.9, 0.1)):
            assert (rates[:, 1] < rates[:, 0]).all()
        return "座標によらず同じ"

    def independent_of_eta(self):
        r"""実効学習率は $\eta$ に比例します"""
        return r"元の $\eta$ によらない"


class Key_06_11(Numbers):
    r"""$t = 35$ の学習率はどれか"""

    def _cosine(self, r):
        return 0.2 * math.cos(math.pi / 2 * r) ** 2  # half of 1 + cos is a square

    def right(self):
        """減衰が進んだ割合は"""
        assert round(math.cos(math.pi / 4), 3) == 0.707
        return self._cosine((35 - 10) / (110 - 10))

    def whole_time(self):
        """ウォームアップの分を引かずに"""
        assert round(math.cos(7 * math.pi / 22), 3) == 0.541
        return self._cosine(35 / 110)

    def straight(self):
        """直線よりゆるやかに下がります"""
        return 0.2 * (110 - 35) / (110 - 10)

    def both(self):
        """二重の誤りです"""
        return 0.2 * (110 - 35) / 110


class Key_06_12(Code):
    """減衰の進んだ割合 `r`（$t = w$ で 0、$t = T$ で 1）"""

    def observe(self, names):
        """How much of 0.2 has gone at three times of a straight fall."""
        return [0.2 * names["progress"](t, 10, 110) for t in (10, 60, 110)]

    def right(self):
        """ウォームアップの終わりから数えます"""
        return [0, 0.1, 0.2]

    def whole_divisor(self):
        """分子は合っています"""
        return [0, 0.2 * 50 / 110, 0.2 * 100 / 110]

    def whole_numerator(self):
        """分母は合っています"""
        return [0.02, 0.12, 0.22]

    def both(self):
        """二重の誤りです"""
        return [0.2 * 10 / 110, 0.2 * 60 / 110, 0.2]


class Key_06_13(Code):
    """減衰の進んだ割合 `r`（0 から 1）から"""

    def observe(self, names):
        return [names["rate"](0.2, (t - 10) / (110 - 10)) for t in (10, 35, 60, 85, 110)]

    def right(self):
        """学習率は `lr` から 0 まで下がります"""
        return [0.2 * math.cos(math.pi * r / 2) ** 2 for r in (0, 0.25, 0.5, 0.75, 1)]

    def whole_period(self):
        """1周期にしています"""
        return [0.2, 0.1, 0, 0.1, 0.2]

    def sine(self):
        """正弦は 0 から始まります"""
        high = 0.1 + 0.1 * math.sqrt(0.5)
        return [0.1, high, 0.2, high, 0.1]

    def both(self):
        """二重の誤りです"""
        return [0.1, 0.2, 0.1, 0, 0.1]


class Key_06_14(Numbers):
    """図は $x$ の変化である"""

    def _factor(self):
        x = lettered(self.question)["P"][1]
        return (x[1:] / x[:-1]).mean()

    def right(self):
        """を解きます"""
        a = (1 - self._factor()) / (2 * 0.3)
        x = [lettered(self.question)["P"][1][0]]
        for _ in range(6):
            x.append(x[-1] - 0.3 * numerical_gradient(lambda x: a * x[0] ** 2, [x[-1]])[0])
        assert lettered(self.question)["P"][1] == pytest.approx(x)
        return a

    def sign_dropped(self):
        """符号の入れ替わりを見ずに"""
        return (1 - abs(self._factor())) / (2 * 0.3)

    def second_derivative(self):
        """5 は2階微分の値です"""
        return (1 - self._factor()) / 0.3

    def both(self):
        """二重の誤りです"""
        return (1 - abs(self._factor())) / 0.3


class Key_06_15(Words):
    """発散しない学習率の上限と、その半分の学習率でも"""

    def _after(self, lr, step_num=60):
        """What is left of the steep coordinate and of the flat one; L = 10, ℓ = 0.1."""
        return abs(1 - lr * 10) ** step_num, abs(1 - lr * 0.1) ** step_num

    def _told(self, limit, slow):
        return rf"上限は $2/{limit}$、遅いのは ${slow}$"

    def right(self):
        """急な向きが学習率を抑え"""
        assert self._after(1.01 * 2 / 10)[0] > 1
        steep, flat = self._after(1 / 10)
        assert steep < 1e-9 < 0.5 < flat
        return self._told("L", r"\ell")

    def steep_is_slow(self):
        """遅さの原因ではありません"""
        return self._told("L", "L")

    def limit_of_the_flat(self):
        """急な向きが発散します"""
        assert self._after(0.99 * 2 / 0.1)[0] > 1
        return self._told(r"\ell", r"\ell")

    def both(self):
        """二重の誤りです"""
        return self._told(r"\ell", "L")


class Key_06_16(Code):
    """の各値に達するたびに"""

    def observe(self, names):
        epochs = (29, 30, 31, 60, 61, 80, 81)
        return [names["multi_step"](0.8, 0.5, [30, 60, 80], t) for t in epochs]

    def right(self):
        """達した値の個数が"""
        return [0.8, 0.4, 0.4, 0.2, 0.2, 0.1, 0.1]

    def one_late(self):
        """等しい場合も含めます"""
        return [0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1]

    def one_drop(self):
        """2つ目からは下がらなくなります"""
        return [0.8, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4]

    def both(self):
        """二重の誤りです"""
        return [0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.4]


class _Schedule(Code):
    """A schedule with a start of 0.8 over nine epochs; `call` names it and its other numbers."""

    call = ()

    def observe(self, names):
        name, *others = self.call
        return np.array([names[name](0.8, epoch, *others) for epoch in range(9)])


class Key_06_17(_Schedule):
    """`half` エポックごとに半分になる"""

    call = "exponential_decay", 4

    def right(self):
        """0.5 が1回掛かります"""
        return 0.8 / 2 ** (np.arange(9) / 4)

    def times(self):
        """`half` が大きいほど速く"""
        return 0.8 / 16 ** np.arange(9)

    def straight(self):
        """`half` の2倍のエポックで"""
        return 0.8 - 0.1 * np.arange(9)

    def straight_times(self):
        """しかも `half` を掛けています"""
        return 0.8 - 1.6 * np.arange(9)


class Key_06_18(Numbers):
    r"""$f(x) = \frac{1}{2}Lx^2$ の極小に着くまで"""

    def _read(self):
        """The fastest rate of the picture, and the edge beyond which the steps grow without end."""
        rates, steps = lines(self.question)["_child0"]
        for rate, count in zip(rates, steps, strict=True):
            x, passed = 1.0, 0
            while abs(x) >= 1e-3:
                x, passed = x - rate * 4 * x, passed + 1
            assert passed == count
        return rates[steps.argmin()], round(rates[-1], 1)

    def right(self):
        r"""境目は $2/L = 0.5$ です"""
        fastest, edge = self._read()
        assert 1 / fastest == pytest.approx(2 / edge)
        return 2 / edge

    def edge_as_fastest(self):
        """境目 0.5 を、$1/L$ と"""
        return 1 / self._read()[1]

    def fastest_as_edge(self):
        """0.25 を、$2/L$ と"""
        return 2 / self._read()[0]

    def twice(self):
        """$1/(2L)$ と読んでいます"""
        return 1 / (2 * self._read()[1])
