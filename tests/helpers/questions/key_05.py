"""The answer key of lesson 05; keys.py tells how it is written."""

import math

import numpy as np
import pytest

from tests.helpers.questions.keys import Code, Exactly, Numbers, Words, lettered


def slope(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


class Key_05_1(Numbers):
    """$x = 3$ から学習率 0.5 の最急降下法で1歩進む"""

    grad = slope(lambda x: x**2 / (1 + x**2), 3.0)

    def right(self):
        r"""3 - 0.5 \times 0.06 = 2.97"""
        return 3 - 0.5 * self.grad

    def rate_forgotten(self):
        """学習率 0.5 を掛け忘れ"""
        return 3 - self.grad

    def square_forgotten(self):
        """分母の2乗を忘れ"""
        return 3 - 0.5 * 2 * 3 / (1 + 3**2)

    def sign(self):
        """符号が逆です"""
        return 3 + 0.5 * self.grad


class Key_05_2(Numbers):
    """勾配がいつも $g = 0.02$ だったとする"""

    def _speed(self, step_num):
        v = 0.0
        for _ in range(step_num):
            v = 0.9 * v - 0.1 * 0.02
        return abs(v)

    def right(self):
        r"""1/(1-\alpha) = 10"""
        return self._speed(1000)

    def no_velocity(self):
        r"""今回の勾配の分 $\eta g$ だけです"""
        return self._speed(1)

    def two_steps(self):
        r"""2歩目の $\eta g\,(1 + 0.9)$ で止めています"""
        return self._speed(2)

    def present_step_lost(self):
        """今回の分の 1 を数え忘れています"""
        return self._speed(1000) - self._speed(1)


class Key_05_3(Numbers):
    """シグモイドの層を5つ重ねた"""

    largest = round(max(slope(sigmoid, a / 100) for a in range(-500, 501)), 9)

    def right(self):
        """(1/4)^5 = 1/1024"""
        return self.largest**5

    def output_for_slope(self):
        """を微分と取り違え"""
        return sigmoid(0) ** 5

    def divided(self):
        """$1/4$ を5で割っています"""
        return self.largest / 5

    def slope_of_another(self):
        """微分の最大が 1 なのは tanh や ReLU です"""
        return round(max(slope(math.tanh, a / 100) for a in range(-500, 501)), 6) ** 5


class Key_05_4(Numbers):
    """$x = 6$ に対する出力 $y$ はいくつか"""

    x = np.array([2, 2, 6, 6])
    mean = x.sum() / 4
    variance = ((x - mean) ** 2).sum() / 4

    def right(self):
        r"""y = 3 \times 1 - 1 = 2"""
        return 3 * (6 - self.mean) / math.sqrt(self.variance) - 1

    def not_scaled(self):
        """正規化した値"""
        return (6 - self.mean) / math.sqrt(self.variance)

    def variance_for_deviation(self):
        """分散 4 で割っています"""
        return 3 * (6 - self.mean) / self.variance - 1

    def shifted_first(self):
        r"""先に $\beta$ を足してから"""
        return 3 * ((6 - self.mean) / math.sqrt(self.variance) - 1)


class Key_05_5(Code):
    """tanh の層が"""

    a = np.array([[0.3, -1.2], [0.8, 0.1]])
    W = np.array([[0.5, -2.0], [1.5, 0.7]])  # of the next layer, whose outputs are summed up

    def observe(self, names):
        return names["back"](np.ones((2, 2)), self.W, np.tanh(self.a))

    def right(self):
        """tanh の微分は、出力だけで書けます"""
        delta = np.empty((2, 2))
        for place in np.ndindex(2, 2):
            step = np.zeros((2, 2))
            step[place] = 1e-6
            up, down = ((np.tanh(self.a + sign * step) @ self.W).sum() for sign in (1, -1))
            delta[place] = (up - down) / 2e-6
        return delta.round(8)

    def _by(self, sums, slopes):
        """The deltas of sums over the weights of the next layer, times slopes."""
        return np.array(sums) * slopes

    def not_transposed(self):
        """重みを転置していません"""
        return self._by([0.5 + 1.5, -2.0 + 0.7], 1 - np.tanh(self.a) ** 2)

    def sigmoid(self):
        """$z(1-z)$ はシグモイドの微分です"""
        return self._by([0.5 - 2.0, 1.5 + 0.7], np.tanh(self.a) * (1 - np.tanh(self.a)))

    def tanh_twice(self):
        """もう一度 tanh に通しています"""
        return self._by([0.5 - 2.0, 1.5 + 0.7], 1 - np.tanh(np.tanh(self.a)) ** 2)


class Key_05_6(Code):
    """He の初期値で作る"""

    n, m = 200, 50

    def observe(self, names):
        """The standard deviation of the weights, as a multiple of the noise that they are."""
        weights = names["init_weight"](self.n, self.m, np.random.default_rng(0))
        return (weights / np.random.default_rng(0).normal(size=(self.n, self.m))).mean()

    def right(self):
        r"""He の標準偏差は $\sqrt{2/n}$ です"""
        rng = np.random.default_rng(0)  # through ten ReLU layers, the values keep their size
        z = rng.normal(size=(400, self.n))
        size = (z**2).mean()
        for _ in range(10):
            z = np.maximum(0, z @ (math.sqrt(2 / self.n) * rng.normal(size=(self.n, self.n))))
        assert 0.4 < (z**2).mean() / size < 2.5
        return math.sqrt(2 / self.n)

    def xavier(self):
        """これは Xavier"""
        return math.sqrt(1 / self.n)

    def outputs(self):
        """出力の数で割っています"""
        return math.sqrt(2 / self.m)

    def n_outside_the_root(self):
        """`n` が平方根の外に出ています"""
        return math.sqrt(2) / self.n


class Key_05_7(Exactly):
    """平らな裾野のある"""

    def _runs(self):
        """|x| of 3000 steps on x²/(1+x²) from 10 at the rate 0.1, by each method."""
        runs = {}
        for name in ("GD", "Momentum", "RMSprop"):
            x, v, h, distance = 10.0, 0.0, 0.0, [10.0]
            for _ in range(3000):
                g = 2 * x / (1 + x**2) ** 2
                v = 0.9 * v - 0.1 * g
                h = 0.9 * h + 0.1 * g**2
                x += {"GD": -0.1 * g, "Momentum": v}.get(name, -0.1 * g / (math.sqrt(h) + 1e-8))
                distance.append(abs(x))
            runs[name] = distance
        return runs

    def _told(self, exchange=""):
        """The assignment, with the methods of the curves named in `exchange` passed around."""
        runs, methods = self._runs(), {}
        for letter, (_, distance) in lettered(self.question).items():
            (methods[letter],) = (
                name for name, run in runs.items() if np.allclose(distance, run, 1e-3, 1e-3)
            )
        shown = dict(zip(exchange, exchange[1:] + exchange[:1], strict=True))
        return "、".join(f"{name} は {methods[shown.get(name, name)]}" for name in "ABC")

    def right(self):
        r"""極小のそばで $\eta/2 = 0.05$ の往復を続けます"""
        runs = self._runs()
        assert runs["RMSprop"][-1] == pytest.approx(0.1 / 2, rel=1e-3)
        assert runs["Momentum"][-1] < 1e-6
        assert runs["GD"][-1] > 9
        return self._told()

    def which_is_out_first(self):
        """先に抜ける B です"""
        return self._told("BC")

    def momentum_last(self):
        """GD より後に残ることはありません"""
        return self._told("AC")

    def rmsprop_last(self):
        """RMSprop は最後まで動かない手法ではありません"""
        return self._told("AB")


class Key_05_8(Words):
    """極小のまわりを同じ幅で往復し続けている"""

    def _width(self, lr, eps=1e-8, decay=1.0):
        """How far RMSprop swings on x² in the end."""
        x, h, passed = 1.0, 0.0, []
        for t in range(3000):
            g = 2 * x
            h = 0.9 * h + 0.1 * g**2
            x -= lr * decay**t * g / (math.sqrt(h) + eps)
            passed.append(abs(x))
        return max(passed[-20:])

    def right(self):
        r"""$0.1 \times 0.99^t$ のように下げると"""
        assert self._width(0.1, decay=0.99) < 1e-6
        return "学習率を少しずつ下げ"

    def raise_the_rate(self):
        """かえって広がります"""
        assert self._width(0.2) == pytest.approx(2 * self._width(0.1), rel=0.01)
        return "学習率を上げ"

    def wait(self):
        """待っても収まりません"""
        assert self._width(0.1) == pytest.approx(0.05, rel=0.1)
        return "ステップ数を増やし"

    def smaller_epsilon(self):
        """小さくしても1歩は学習率くらいのまま"""
        assert self._width(0.1, eps=1e-12) == pytest.approx(self._width(0.1), rel=0.01)
        return "分母の ε を小さくし"


class Key_05_9(Words):
    """シグモイドの出力"""

    def right(self):
        """2乗誤差の勾配"""
        w, t = -6.0, 1

        def entropy(w):
            return -t * math.log(sigmoid(w)) - (1 - t) * math.log(1 - sigmoid(w))

        assert slope(entropy, w) == pytest.approx(sigmoid(w) - t, abs=1e-6)
        squared = slope(lambda w: (sigmoid(w) - t) ** 2 / 2, w)
        assert squared == pytest.approx((sigmoid(w) - t) * slope(sigmoid, w), abs=1e-8)
        return r"勾配が $\sigma - t$ になる"

    def slope_stays(self):
        """損失を替えても、飽和すれば 0 に近づきます"""
        return "$1/4$ に保たれる"

    def bounded(self):
        """上限があるのは2乗誤差で"""
        return "損失の値に上限があり"

    def leaves_saturation(self):
        """損失は出力を変えません"""
        return "出力が飽和から抜ける"
