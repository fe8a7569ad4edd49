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
    r"""$x = 3$ から RMSprop"""

    grad = slope(lambda x: x**2 / (1 + x**2), 3.0)
    h = 0.9 * 0 + 0.1 * grad**2

    def right(self):
        r"""0.01/\sqrt{0.1} \approx 0.0316"""
        assert 3 - 0.01 / math.sqrt(0.1) == pytest.approx(3 - 0.0316, abs=1e-4)
        return 3 - 0.01 * self.grad / math.sqrt(self.h)

    def coefficient_forgotten(self):
        """0.1 を掛け忘れ"""
        return 3 - 0.01 * self.grad / math.sqrt(self.grad**2)

    def root_forgotten(self):
        """1歩が大きくなってしまいます"""
        return 3 - 0.01 * self.grad / self.h

    def both(self):
        """二重の誤りです"""
        return 3 - 0.01 * self.grad / self.grad**2


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

    def both(self):
        """二重の誤りです"""
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

    def outputs(self):
        """出力の数で割っています"""
        return math.sqrt(2 / self.m)

    def both(self):
        """二重の誤りです"""
        return math.sqrt(1 / self.m)


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

    def all_exchanged(self):
        """最後まで平らなまま動かない A が最急降下法です"""
        return self._told("ACB")


class Key_05_8(Words):
    """極小のまわりを同じ幅で往復し続けている"""

    def _width(self, lr, steepness=1.0, decay=1.0, step_num=3000):
        """How far RMSprop swings on a parabola in the end."""
        x, h, passed = 1.0, 0.0, []
        for t in range(step_num):
            g = 2 * steepness * x
            h = 0.9 * h + 0.1 * g**2
            x -= lr * decay**t * g / (math.sqrt(h) + 1e-8)
            passed.append(abs(x))
        return max(passed[-20:])

    def _told(self, by_rate, lowered):
        first, then = (
            "学習率" if by_rate else "勾配",
            "学習率を下げて" if lowered else "そのまま長く",
        )
        return f"幅は{first}に比例する。{then}"

    def right(self):
        r"""$0.1 \times 0.99^t$ のように下げると"""
        assert self._width(0.1, decay=0.99) < 1e-6
        assert self._width(0.2) == pytest.approx(2 * self._width(0.1), rel=0.01)
        return self._told(True, True)

    def wait(self):
        """待っても幅は変わりません"""
        assert self._width(0.1, step_num=6000) == pytest.approx(self._width(0.1), rel=0.1)
        return self._told(True, False)

    def by_the_gradient(self):
        """勾配が小さくなっても幅は縮みません"""
        assert self._width(0.1, steepness=0.1) == pytest.approx(self._width(0.1), rel=0.01)
        return self._told(False, True)

    def both(self):
        """二重の誤りです"""
        return self._told(False, False)


class Key_05_9(Exactly):
    """シグモイドの出力"""

    w, t = -2.0, 1

    def _squared(self, s):
        return (s - self.t) ** 2 / 2

    def _entropy(self, s):
        return -self.t * math.log(s) - (1 - self.t) * math.log(1 - s)

    def _told(self, squared, entropy):
        """The formulas that have the values of two derivatives at w."""
        s, ds = sigmoid(self.w), slope(sigmoid, self.w)
        forms = {
            r"$(\sigma-t)\,\sigma'$": (s - self.t) * ds,
            r"$\sigma-t$": s - self.t,
            r"$(\sigma-t)/\sigma'$": (s - self.t) / ds,
        }
        first, second = (
            next(form for form, value in forms.items() if value == pytest.approx(given, rel=1e-6))
            for given in (squared, entropy)
        )
        return f"2乗誤差は {first}、交差エントロピーは {second}"

    def _by_weight(self, loss):
        return slope(lambda w: loss(sigmoid(w)), self.w)

    def _by_output(self, loss):
        return slope(loss, sigmoid(self.w))

    def right(self):
        """が約分されて残りません"""
        return self._told(self._by_weight(self._squared), self._by_weight(self._entropy))

    def entropy_by_output(self):
        """2乗誤差は合っています"""
        return self._told(self._by_weight(self._squared), self._by_output(self._entropy))

    def squared_by_output(self):
        """交差エントロピーは合っています"""
        return self._told(self._by_output(self._squared), self._by_weight(self._entropy))

    def both(self):
        """二重の誤りです"""
        return self._told(self._by_output(self._squared), self._by_output(self._entropy))


class Key_05_10(Code):
    """正規化に使う分散を求める"""

    x = np.array([[1.0, 2.0], [3.0, 8.0]])

    def observe(self, names):
        return names["batch_variance"](self.x)

    def right(self):
        """正規化では $N$ で割る分散を使います"""
        normalized = (self.x - [2, 5]) / np.sqrt([1, 9])
        assert ((normalized**2).sum(axis=0) / 2 == 1).all()
        return [1, 9]

    def rows(self):
        """Layer Normalization の分散です"""
        return [0.5**2, 2.5**2]

    def unbiased(self):
        """で割る不偏分散です"""
        return [2 * 1**2, 2 * 3**2]

    def both(self):
        """二重の誤りです"""
        return [2 * 0.5**2, 2 * 2.5**2]


class Key_05_11(Code):
    """学習時の出力を求める"""

    def observe(self, names):
        """Mean and deviation of the outputs of 1, 5, 9 and 13; mean 7, variance 20."""
        y = names["forward"](np.array([1.0, 5.0, 9.0, 13.0]), 7.0, 20.0, 3.0, -2.0, 0.0)
        return [y.mean(), y.std()]

    def right(self):
        r"""平均を引き、標準偏差で割ってから"""
        return [-2, 3]

    def shifted_first(self):
        r"""出力の平均が $\beta$ になりません"""
        return [3 * -2, 3]

    def variance_for_deviation(self):
        """標準偏差ではなく、分散で割っています"""
        return [-2, 3 / math.sqrt(20)]

    def both(self):
        """二重の誤りです"""
        return [3 * -2, 3 / math.sqrt(20)]


class Key_05_12(Code):
    """推論では1件だけでも通せるように"""

    def observe(self, names):
        """The output for 7 alone and with 3; mean 4, variance 9 while it was trained."""
        normalize = names["normalize_at_test"]
        alone = normalize(np.array([[7.0]]), 4.0, 9.0, 1e-6)
        return np.round([alone[0, 0], normalize(np.array([[7.0], [3.0]]), 4.0, 9.0, 1e-6)[0, 0]], 3)

    def right(self):
        """出力が一緒に通す他の件によりません"""
        return [(7 - 4) / 3, (7 - 4) / 3]

    def batch_mean(self):
        """1件のときは差がいつも 0 になります"""
        return np.round([0, (7 - 5) / 3], 3)

    def batch_variance(self):
        """`eps` の平方根だけで割ることになります"""
        return [(7 - 4) / 1e-3, (7 - 4) / 2]

    def as_in_training(self):
        """学習時の式のままです"""
        return [0, (7 - 5) / 2]


class Key_05_13(Code):
    r"""損失の $\gamma$ についての勾配を返す"""

    x = np.array([[1.0, 2.0], [3.0, 8.0]])
    dout = np.array([[0.5, -1.0], [2.0, 4.0]])

    def _x_hat(self):
        return (self.x - [2, 5]) / [1, 3]

    def observe(self, names):
        return names["grad_gamma"](self.dout, self.x, self._x_hat())

    def right(self):
        """どのサンプルにも使われます"""

        def loss(gamma):
            return (self.dout * (gamma * self._x_hat() + 0.7)).sum()

        ways = np.eye(2)
        return [loss(1.0 + way) - loss(1.0) for way in ways]

    def not_normalized(self):
        """正規化する前の値ではありません"""
        return [0.5 * 1 + 2 * 3, -1 * 2 + 4 * 8]

    def over_features(self):
        r"""$\gamma$ の形と合いません"""
        return [0.5 * -1 + -1 * -1, 2 * 1 + 4 * 1]

    def both(self):
        """二重の誤りです"""
        return [0.5 * 1 + -1 * 2, 2 * 3 + 4 * 8]


class Key_05_14(Code):
    """ReLU の層の逆伝播を書く"""

    x, dout = [2.0, 3.0, -1.0, -4.0], [5.0, -7.0, 6.0, -8.0]

    def observe(self, names):
        return names["relu_backward"](np.array(self.dout), np.array(self.x))

    def right(self):
        """入力が正なら 1、負なら 0 です"""
        return [d * slope(lambda a: max(0, a), x) for x, d in zip(self.x, self.dout, strict=True)]

    def sign_of_the_gradient(self):
        """勾配の符号で通すかどうかを決めています"""
        return [5, 0, 6, 0]

    def value(self):
        """掛けるのは微分（0 か 1）です"""
        return [5 * 2, -7 * 3, 0, 0]

    def both(self):
        """二重の誤りです"""
        return [5**2, 0, 6**2, 0]


class Key_05_15(Code):
    """Glorot の初期値は"""

    n, m = 50, 200

    def observe(self, names):
        """The standard deviation of the weights, as a multiple of the noise that they are."""
        weights = names["init_weight"](self.n, self.m, np.random.default_rng(0))
        return (weights / np.random.default_rng(0).normal(size=(self.n, self.m))).mean()

    def right(self):
        """引数の標準偏差はその平方根です"""
        return (1 / ((50 + 200) / 2)) ** 0.5

    def variance(self):
        """この引数は標準偏差です"""
        return 1 / ((50 + 200) / 2)

    def mean_of_variances(self):
        """2つの分散の平均です"""
        return ((1 / 50 + 1 / 200) / 2) ** 0.5

    def both(self):
        """二重の誤りです"""
        return (1 / 50 + 1 / 200) / 2


class Key_05_16(Exactly):
    """B の重みの分散はどれか"""

    def _factor(self, name):
        """By what the curve is multiplied from layer to layer, as one over it."""
        sizes = lettered(self.question)[name][1]
        (factor,) = set((sizes[:-1] / sizes[1:]).round(6))
        return factor

    def _told(self, divisor):
        """The variance 1/(divisor n)."""
        return f"$1/({divisor:g}n)$" if divisor != 1 else "$1/n$"

    def right(self):
        """重みの分は $n$ 個で 1/2 倍です"""
        assert self._factor("A") == 1
        rng = np.random.default_rng(0)
        for name, variance in (("A", 2 / 800), ("B", 1 / (2 * 800))):
            z = np.maximum(0, rng.normal(size=(800, 800)))
            after = np.maximum(0, z @ rng.normal(0, math.sqrt(variance), (800, 800)))
            ratio = (z**2).mean() / (after**2).mean()
            assert ratio == pytest.approx(self._factor(name), rel=0.03)
        return self._told(self._factor("B") / 2)

    def relu_only(self):
        """ReLU が半分を 0 にする分だけを見ています"""
        return self._told(2 / 2)

    def without_relu(self):
        """ReLU がないときの値です"""
        return self._told(self._factor("B"))

    def deviation(self):
        """縦軸を標準偏差と読み"""
        return self._told(self._factor("B") ** 2 / 2)


class _Batch(Numbers):
    """The layer of the stem, by NumPy's own statistics."""

    x, gamma, beta = np.array([1, 3, 5, 7]), 2, 1
    running_mean, running_var, kept = 2, 4, 0.9


class Key_05_17(_Batch):
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


class Key_05_18(_Batch):
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


class Key_05_19(_Batch):
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


class Key_05_20(Code):
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


class Key_05_21(Exactly):
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
