"""The answer key of lesson 05; keys.py tells how it is written."""

import math

import numpy as np
import pytest

from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    Words,
    lettered,
    lines,
)


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

    def sigmoid_not_transposed(self):
        """転置を忘れ、しかも"""
        return self._by([0.5 + 1.5, -2.0 + 0.7], np.tanh(self.a) * (1 - np.tanh(self.a)))


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

    def variance_of_xavier(self):
        """Xavier の分散を"""
        return 1 / self.n

    def variance(self):
        """$2/n$ は分散です"""
        return 2 / self.n


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
        return r"約分され、勾配が $\sigma - t$ になる"

    def slope_stays(self):
        """損失を替えても、飽和すれば 0 に近づきます"""
        return r"保たれ、勾配が $\sigma - t$ になる"

    def squared(self):
        """差そのものです"""
        return r"約分され、勾配が $(\sigma - t)^2$"

    def squared_and_slope_stays(self):
        """残る勾配も2乗ではありません"""
        return r"保たれ、勾配が $(\sigma - t)^2$"


class _Batch(Numbers):
    """The layer of the stem, by NumPy's own statistics."""

    x, gamma, beta = np.array([1, 3, 5, 7]), 2, 1
    running_mean, running_var, kept = 2, 4, 0.9


class Key_05_10(_Batch):
    """学習のモードで、$x = 7$"""

    def _out(self, spread):
        return self.gamma * (7 - self.x.mean()) / spread + self.beta

    def right(self):
        r"""$2 \times 3/\sqrt{5} + 1$"""
        return self._out(self.x.std())

    def variance(self):
        """分散 5 で割っています"""
        return self._out(self.x.var())

    def inference(self):
        """それは推論のモードです"""
        return self.gamma * (7 - self.running_mean) / math.sqrt(self.running_var) + self.beta

    def unbiased(self):
        """$B - 1 = 3$ で割って"""
        return self._out(self.x.std(ddof=1))


class Key_05_11(_Batch):
    """推論のモードで $x = 7$ を1件だけ"""

    def right(self):
        r"""$2 \times (7 - 2)/\sqrt{4} + 1 = 6$"""
        return self.gamma * (7 - self.running_mean) / math.sqrt(self.running_var) + self.beta

    def variance(self):
        """分散 4 で割っています"""
        return self.gamma * (7 - self.running_mean) / self.running_var + self.beta

    def beta_first(self):
        r"""$\beta$ を足してから"""
        return self.gamma * ((7 - self.running_mean) / math.sqrt(self.running_var) + self.beta)

    def of_its_own(self):
        r"""$\beta$ だけを残しています"""
        return self.gamma * (7 - np.mean([7])) + self.beta


class Key_05_12(_Batch):
    """移動平均の平均"""

    def right(self):
        r"""$0.9 \times 2 + 0.1 \times 4 = 2.2$"""
        return self.running_mean + (1 - self.kept) * (self.x.mean() - self.running_mean)

    def exchanged(self):
        """割合が逆です"""
        return self.running_mean + self.kept * (self.x.mean() - self.running_mean)

    def not_reduced(self):
        """0.1 を掛けるのを忘れています"""
        return self.kept * self.running_mean + self.x.mean()

    def replaced(self):
        """で置き換えています"""
        return self.x.mean()


class Key_05_13(Code):
    """バッチ正規化の推論である"""

    x = np.array([[1.0, 5.0], [3.0, 5.0], [8.0, 2.0]])
    mean, var, gamma, beta = (
        np.array(v) for v in ([2.0, 1.0], [4.0, 9.0], [2.0, 3.0], [1.0, -1.0])
    )

    def observe(self, names):
        return names["infer"](self.x, self.mean, self.var, self.gamma, self.beta)

    def _out(self, centred, spread):
        return np.array([self.gamma * row / spread + self.beta for row in centred])

    def right(self):
        """1件だけでも同じ結果です"""
        return self._out(self.x - self.mean, np.sqrt(self.var + 1e-7))

    def of_the_batch(self):
        """いっしょに入れたデータで"""
        return self._out(self.x - self.x.sum(axis=0) / 3, np.sqrt(self.x.var(axis=0) + 1e-7))

    def variance(self):
        """割るのは標準偏差です"""
        return self._out(self.x - self.mean, self.var + 1e-7)

    def of_the_batch_by_variance(self):
        """統計を使い、分散のまま"""
        return self._out(self.x - self.x.sum(axis=0) / 3, self.x.var(axis=0) + 1e-7)


class Key_05_14(Code):
    """Xavier（Glorot）の初期値を一様乱数で"""

    n, m = 300, 100

    def observe(self, names):
        """The logarithm of the variance of the weights as a multiple of 2/(n + m)."""
        W = names["init"](self.n, self.m, np.random.default_rng(0))
        assert abs(W).max() == pytest.approx(W.max(), rel=0.01)
        return round(np.log(W.var() * (self.n + self.m) / 2), 1)

    def _of_bound(self, a):
        return round(np.log(a**2 / 3 * (self.n + self.m) / 2), 1)

    def right(self):
        r"""を解くと"""
        return 0.0

    def deviation(self):
        """標準偏差を、そのまま"""
        return self._of_bound(math.sqrt(2 / (self.n + self.m)))

    def variance(self):
        """分散を、そのまま"""
        return self._of_bound(2 / (self.n + self.m))

    def no_root(self):
        """$a^2$ の値です"""
        return self._of_bound(6 / (self.n + self.m))


class Key_05_15(Code):
    """LeakyReLU（$x > 0$ なら"""

    x, dout = np.array([2.0, -3.0, 0.5]), np.array([5.0, 7.0, -2.0])

    def observe(self, names):
        return names["leaky_relu_backward"](self.x, self.dout, 0.1)

    def right(self):
        """死んだままになりにくくなります"""

        def loss(x):
            return sum(d * (v if v > 0 else 0.1 * v) for d, v in zip(self.dout, x, strict=True))

        steps = 1e-6 * np.eye(3)
        return np.round([(loss(self.x + e) - loss(self.x - e)) / 2e-6 for e in steps], 6)

    def slope_only(self):
        """微分だけを返しています"""
        return np.array([1, 0.1, 1])

    def exchanged(self):
        r"""$\alpha$ が掛かるのは、$x$ が負の所です"""
        return np.array([0.5, 7, -0.2])

    def exchanged_slope_only(self):
        """正と負が逆で、"""
        return np.array([0.1, 1, 0.1])


class Key_05_16(Exactly):
    """3つの活性化関数の微分"""

    def _names(self):
        """The activation of each letter, by the shape of its slope."""
        found = {}
        for letter, (x, y) in lines(self.question).items():
            if len(np.unique(y)) == 2:
                assert set(np.unique(y)) == {0.1, 1.0} and y[x > 0].min() == 1
                found[letter] = "LeakyReLU"
            else:
                peak = y.max()
                assert x[y.argmax()] == pytest.approx(0, abs=0.02)
                name = {0.25: "シグモイド", 1.0: "tanh"}[round(peak, 3)]
                activation = {"シグモイド": sigmoid, "tanh": np.tanh}[name]
                assert y[::80] == pytest.approx([slope(activation, v) for v in x[::80]], abs=1e-6)
                found[letter] = name
        return found

    def _told(self, exchange=""):
        """The assignment, with the activations of some letters passed around."""
        names = self._names()
        given = dict(names)
        for letter, other in zip(exchange, exchange[1:] + exchange[:1], strict=True):
            given[letter] = names[other]
        return "、".join(
            f"{letter} は{'' if name == 'シグモイド' else ' '}{name}"
            for letter, name in given.items()
        )

    def right(self):
        """0.1 と 1 の段の C が"""
        return self._told()

    def maximum(self):
        """最大が 1 で両端が 0 に近い"""
        return self._told("AB")

    def first_and_last(self):
        """2つの値だけをとるので"""
        return self._told("AC")

    def steps(self):
        """なめらかな山です"""
        return self._told("BC")
