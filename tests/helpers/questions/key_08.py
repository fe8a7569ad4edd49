"""The answer key of lesson 08; keys.py tells how it is written."""

import numpy as np

from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    Words,
    alt_of,
    lettered,
    lines,
)


class Key_08_1(Numbers):
    r"""3クラス分類で、softmax に入れる値が"""

    x, t = np.array([0.3, 2.9, 4.0]), np.array([0, 0, 1])
    y = np.exp(x) / sum(np.exp(x))

    def right(self):
        """$y - t$ です"""

        def loss(x):
            return -np.log(np.exp(x[2]) / np.exp(x).sum())

        steps = 1e-6 * np.eye(3)
        slopes = [(loss(self.x + step) - loss(self.x - step)) / 2e-6 for step in steps]
        assert np.allclose(slopes, self.y - self.t, atol=1e-8)
        return self.y - self.t

    def reversed(self):
        """$t - y$ で、符号が逆です"""
        return self.t - self.y

    def probabilities(self):
        """softmax の出力 $y$ のままです"""
        return self.y

    def no_softmax(self):
        """softmax を通さずに $x - t$ としています"""
        return self.x - self.t


class Key_08_2(Numbers):
    """全結合のネットワーク 64-50-10"""

    weights, biases = 64 * 50 + 50 * 10, 50 + 10

    def right(self):
        """1個に2回ずつです"""
        return 2 * (self.weights + self.biases)

    def once(self):
        """パラメータ1個に1回と数えています"""
        return self.weights + self.biases

    def forward_difference(self):
        """前進差分の回数です"""
        return 1 + self.weights + self.biases

    def without_biases(self):
        """バイアスの 60 個を忘れています"""
        return 2 * self.weights


class Key_08_3(Numbers):
    r"""勾配 $(6,\ 8)$ を、長さの上限 5"""

    grad = np.array([6.0, 8.0])

    def right(self):
        """$5/10$ 倍にします"""
        return self.grad * 5 / np.linalg.norm(self.grad)

    def by_value(self):
        """成分ごとに 5 で切っています"""
        return np.clip(self.grad, -5, 5)

    def by_absolute_sum(self):
        """絶対値の和 14 を長さとしています"""
        return self.grad * 5 / np.abs(self.grad).sum()

    def by_square(self):
        """長さの2乗 100 で割っています"""
        return self.grad * 5 / (self.grad**2).sum()


class Key_08_4(Numbers):
    r"""損失に $\frac{1}{2}\lambda w^2$ を足して学習する"""

    def right(self):
        r"""$2 - 0.1 \times 0.52 = 1.948$"""

        def penalty(w):
            return 0.01 * w**2 / 2

        slope = 0.5 + (penalty(2 + 1e-6) - penalty(2 - 1e-6)) / 2e-6
        return 2 - 0.1 * slope

    def half_forgotten(self):
        r"""減衰の項を $2\lambda w$ としています"""
        return 2 - 0.1 * (0.5 + 2 * 0.01 * 2)

    def l1(self):
        """L1 正則化の"""
        return 2 - 0.1 * (0.5 + 0.01 * np.sign(2))

    def away(self):
        """減衰の項の符号が逆です"""
        return 2 - 0.1 * (0.5 - 0.01 * 2)


class Key_08_5(Code):
    """損失の $W$ についての勾配を返す"""

    rng = np.random.default_rng(0)
    x, W, dout = rng.normal(size=(3, 2)), rng.normal(size=(2, 4)), rng.normal(size=(3, 4))

    def observe(self, names):
        return names["affine_dW"](self.x, self.dout)

    def right(self):
        """形は $W$ と同じ $(D, M)$ です"""

        def loss(W):  # its slope by Y = XW is dout
            return ((self.x @ W) * self.dout).sum()

        slopes = np.zeros((2, 4))
        for at in np.ndindex(2, 4):
            step = np.zeros((2, 4))
            step[at] = 1e-6
            slopes[at] = (loss(self.W + step) - loss(self.W - step)) / 2e-6
        return slopes

    def transposed(self):
        """形が $(M, D)$ で"""
        return self.right().T

    def transposed_and_divided(self):
        """転置になっているうえに"""
        return self.right().T / 3

    def divided_again(self):
        """形は合っていても"""
        return self.right() / 3


class Key_08_6(Code):
    """推論のための移動平均を更新する"""

    x, old = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([10.0, -1.0])
    mean = np.array([2.0, 4.0])

    def observe(self, names):
        return names["update_mean"](self.old, self.x)

    def right(self):
        """過去を 0.9、今のバッチを 0.1 の割合で混ぜます"""
        return self.old + 0.1 * (self.mean - self.old)

    def exchanged(self):
        """割合が逆で"""
        return self.old + 0.9 * (self.mean - self.old)

    def too_much(self):
        """今のバッチの割合を忘れ"""
        return 0.9 * self.old + self.mean

    def nothing_forgotten(self):
        """過去を減らさずに"""
        return self.old + 0.9 * self.mean


class Key_08_7(Code):
    """勾配の長さが `max_norm` を超えるときだけ"""

    long, short = np.array([3.0, 4.0]), np.array([0.3, 0.4])

    def observe(self, names):
        return np.concatenate([names["clip"](grad, 2.0) for grad in (self.long, self.short)])

    def right(self):
        """超えていなければ 1 倍です"""
        return np.concatenate([self.long * 2 / 5, self.short])

    def stretched(self):
        """大小も分数も逆です"""
        return np.concatenate([self.long * 5 / 2, self.short])

    def reversed(self):
        """大小が逆です"""
        return np.concatenate([self.long, self.short * 2 / 0.5])

    def fraction(self):
        """分数が逆です"""
        return np.concatenate([self.long, self.short * 0.5 / 2])


class Key_08_8(Exactly):
    """学習のモードのまま1件だけを通した"""

    gamma, beta = 2.0, 3.0

    def right(self):
        r"""$\gamma \times 0 + \beta$ が残ります"""
        for x in (np.array([1.5]), np.array([-4.0])):
            x_hat = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
            assert self.gamma * x_hat + self.beta == self.beta
        return r"どの入力でも $\beta$"

    def inference(self):
        """移動平均を使うのは推論のモードです"""
        return r"移動平均で正規化した値の $\gamma$ 倍に $\beta$ を足したもの"

    def wrong_parameter(self):
        r"""それに掛かる $\gamma$ は残りません"""
        return r"どの入力でも $\gamma$"

    def nothing_taken_away(self):
        """1件でも平均は引かれます"""
        return r"入力の $\gamma$ 倍に $\beta$ を足したもの"


class Key_08_9(Words):
    """17 エポック目で早期終了した"""

    def right(self):
        """選ぶのに使っていないデータで測ります"""
        losses = [1 / k if k <= 12 else 1 / 12 + 0.01 * (k - 12) for k in range(1, 17 + 1)]
        best = 1 + int(np.argmin(losses))
        assert 17 - best == 5
        return f"{best} エポック目のものと、テスト"

    def last(self):
        """過学習が進んだ後のものです"""
        return "17 エポック目のものと、テスト"

    def biased(self):
        """成績は良すぎる側に偏ります"""
        return "12 エポック目のものと、検証"

    def both(self):
        """止める時を選ぶのに使ったデータでもありません"""
        return "17 エポック目のものと、検証"


class Key_08_10(Numbers):
    """検証の損失が 10 エポック続けて最小を更新しなければ止める"""

    def _run(self):
        """The epoch at which it stops, and the best one."""
        epochs, losses = lines(self.question)["検証"]
        best = 0
        for k in range(len(epochs)):
            if losses[k] < losses[best]:
                best = k
            if k - best == 10:
                return epochs[k], epochs[best]

    def right(self):
        """検証の損失が最小のエポックです"""
        return self._run()[1]

    def stopped(self):
        """止まったエポックです"""
        return self._run()[0]

    def training(self):
        """訓練の損失が最小のエポックです"""
        epochs, losses = lines(self.question)["訓練"]
        return epochs[np.argmin(losses)]

    def patience(self):
        """エポックの番号と取り違えています"""
        return 10


class Key_08_11(Numbers):
    """割合 $p = 0.3$ の要素を 0 にするドロップアウト"""

    def right(self):
        """推論では全部を 0.7 倍します"""
        kept = np.random.default_rng(0).random(1_000_000) > 0.3
        assert abs((2.0 * kept).mean() - 1.4) < 0.01
        return 2.0 * (1 - 0.3)

    def inverted(self):
        """推論で何もしないのは"""
        return 2.0

    def ratio(self):
        """消す割合 $p$ を掛けています"""
        return 2.0 * 0.3

    def wrong_time(self):
        """それは学習のときに行う方式です"""
        return 2.0 / (1 - 0.3)


class _Net:
    """The net of the stem."""

    rng = np.random.default_rng(0)
    X, T = rng.normal(size=(100, 64)), np.eye(10)[rng.integers(10, size=100)]
    W1, b1 = rng.normal(size=(64, 50)) / 8, rng.normal(size=50)
    W2, b2 = rng.normal(size=(50, 10)) / 8, rng.normal(size=10)

    @classmethod
    def loss_of_logits(cls, logits):
        exps = np.exp(logits)
        return -np.log((exps / exps.sum(axis=1, keepdims=True))[cls.T > 0]).mean()

    @classmethod
    def hidden(cls, b1):
        return np.maximum(cls.X @ cls.W1 + b1, 0)

    @classmethod
    def outputs(cls):
        exps = np.exp(cls.hidden(cls.b1) @ cls.W2 + cls.b2)
        return exps / exps.sum(axis=1, keepdims=True)


def slopes(f, x):
    """The slopes of f by every number of x, by central differences."""
    grad = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[at] = 1e-5
        grad[at] = (f(x + step) - f(x - step)) / 2e-5
    return grad.round(9)


class Key_08_12(Exactly):
    """損失を $ZW_2 + b_2$ で微分した"""

    def _formula(self, value):
        """The choice that has this value."""
        Y, T, N = _Net.outputs(), _Net.T, len(_Net.X)
        formulas = {
            "$Y - T$": Y - T,
            "$T - Y$": T - Y,
            r"$\dfrac{T - Y}{N}$": (T - Y) / N,
            r"$\dfrac{Y - T}{N}$": (Y - T) / N,
        }
        (name,) = (name for name, each in formulas.items() if np.allclose(each, value, 1e-4, 1e-6))
        return name

    def right(self):
        """平均なので $N$ で割ります"""
        logits = _Net.hidden(_Net.b1) @ _Net.W2 + _Net.b2
        return self._formula(slopes(_Net.loss_of_logits, logits))

    def sum_of_losses(self):
        """損失は $N$ 件の平均なので"""
        logits = _Net.hidden(_Net.b1) @ _Net.W2 + _Net.b2
        return self._formula(slopes(lambda x: 100 * _Net.loss_of_logits(x), logits))

    def reversed_sum(self):
        """$N$ で割るのも忘れています"""
        logits = _Net.hidden(_Net.b1) @ _Net.W2 + _Net.b2
        return self._formula(slopes(lambda x: -100 * _Net.loss_of_logits(x), logits))

    def reversed(self):
        """正解のクラスの値を増やすと損失は減る"""
        logits = _Net.hidden(_Net.b1) @ _Net.W2 + _Net.b2
        return self._formula(slopes(lambda x: -_Net.loss_of_logits(x), logits))


class Key_08_13(Numbers):
    r"""$\delta$（損失を $XW_1 + b_1$ で微分したもの）の形"""

    def right(self):
        """$XW_1 + b_1$ と同じ形です"""
        return _Net.hidden(_Net.b1).shape

    def exchanged(self):
        """行と列が逆です"""
        return _Net.hidden(_Net.b1).T.shape

    def of_the_weights(self):
        """勾配の形であって"""
        return _Net.W1.shape

    def of_the_weights_exchanged(self):
        """$W_1$ の転置の形です"""
        return _Net.W1.T.shape


class Key_08_14(Code):
    """損失の `b1` についての勾配"""

    def observe(self, names):
        net = _Net
        Z = net.hidden(net.b1)
        return names["grad_b1"](net.X, net.W1, net.b1, Z, net.W2, net.outputs(), net.T)

    def _back(self, factor):
        net = _Net
        Z = net.hidden(net.b1)
        back = np.einsum("no,ho->nh", net.outputs() - net.T, net.W2) / 100
        return (back * factor(Z)).sum(axis=0)

    def right(self):
        """ReLU が通した所だけを残します"""
        return slopes(lambda b1: _Net.loss_of_logits(_Net.hidden(b1) @ _Net.W2 + _Net.b2), _Net.b1)

    def by_the_output(self):
        """微分は 0 か 1 です"""
        return self._back(lambda Z: Z)

    def not_divided(self):
        """和が件数だけ大きくなります"""
        return self._back(lambda Z: np.where(Z > 0, 100, 0))

    def both(self):
        """$N$ で割る前の差を戻し、"""
        return self._back(lambda Z: 100 * Z)


class Key_08_15(Code):
    """ReLU の層である"""

    x, dout = np.array([-2.0, 3.0, 4.0, -1.0]), np.array([0.5, -0.7, 0.9, -0.3])

    def observe(self, names):
        layer = names["Relu"]()
        layer.forward(self.x)
        return layer.backward(self.dout)

    def right(self):
        """勾配をそのまま通します"""
        return slopes(lambda x: (np.maximum(x, 0) * self.dout).sum(), self.x)

    def by_the_gradient(self):
        """流れてきた勾配の符号で"""
        return np.maximum(self.dout, 0)

    def forward_again(self):
        """順伝播をもう一度しています"""
        return np.maximum(self.x, 0)

    def exchanged(self):
        """入力と勾配の役割が逆です"""
        return np.where(self.dout > 0, self.x, 0)


class Key_08_16(Code):
    """シグモイドの層である"""

    x, dout = np.array([-1.0, 0.5, 2.0]), np.array([1.0, -2.0, 3.0])

    def observe(self, names):
        layer = names["Sigmoid"]()
        layer.forward(self.x)
        return layer.backward(self.dout)

    def right(self):
        """順伝播の出力から計算できます"""
        return slopes(lambda x: (self.dout / (1 + np.exp(-x))).sum(), self.x)

    def tanh_of_input(self):
        """しかも出力でなく入力を"""
        return self.dout - self.dout * self.x**2

    def of_input(self):
        r"""の $\sigma$ は出力です"""
        return self.dout * self.x - self.dout * self.x**2

    def tanh(self):
        """tanh の微分の形です。"""
        return self.dout - self.dout / (1 + np.exp(-self.x)) ** 2


class Key_08_17(Code):
    """指数関数があふれないようにした softmax"""

    x = np.array([[1000.0, 1001.0, 0.0], [3.0, 1.0, 2.0]])

    def observe(self, names):
        return names["softmax"](self.x)

    def _softmax(self, x):
        with np.errstate(all="ignore"):
            return np.array([np.exp(row) / np.exp(row).sum() for row in x])

    def right(self):
        """最大を引けば、指数は 0 以下です"""
        first = np.exp([-1.0, 0.0, -1001.0])
        return np.array([first / first.sum(), self._softmax(self.x)[1]])

    def by_column(self):
        """列ごとに違う数を"""
        return self._softmax(self.x - [1000, 1001, 2])

    def smallest(self):
        """大きな値は大きいままで"""
        return self._softmax(self.x - [[0], [1]])

    def smallest_of_column(self):
        """列ごとに、しかも最小"""
        return self._softmax(self.x - [3, 1, 0])


class Key_08_18(Code):
    """Layer Normalization で、$(N, D)$ の"""

    x = np.array([[1.0, 2.0, 6.0], [4.0, 4.0, 10.0]])

    def observe(self, names):
        return names["layer_norm"](self.x)

    def _normal(self, x, power):
        spread = x.std(axis=0) ** (2 if power == 1 else 1)
        return (x - x.mean(axis=0)) / np.sqrt(spread + 1e-7)

    def right(self):
        """バッチの大きさによりません"""
        return self._normal(self.x.T, 1).T

    def batch(self):
        """それはバッチ正規化です"""
        return self._normal(self.x, 1)

    def deviation(self):
        """その平方根で割っています"""
        return self._normal(self.x.T, 0.5).T

    def batch_and_deviation(self):
        """件数の向きに平均し、分散の代わりに"""
        return self._normal(self.x, 0.5)


class _Axes(Numbers):
    """Counts over a tensor of the shape of the stem, by NumPy's own reductions."""

    x = np.zeros((8, 16, 4, 4))

    def _used(self, *axes):
        """How many values one mean over these axes uses, and how many means there are."""
        means = self.x.mean(axis=axes).size
        return self.x.size // means, means

    def _groups(self):
        means = self.x.reshape(8, 4, 4, 4, 4).mean(axis=(2, 3, 4)).size
        return self.x.size // means, means


class Key_08_19(_Axes):
    """Batch Normalization で、1つの平均"""

    def right(self):
        r"""8 \times 4 \times 4 = 128"""
        return self._used(0, 2, 3)[0]

    def instance(self):
        """それは Instance Normalization です"""
        return self._used(2, 3)[0]

    def layer(self):
        """それは Layer Normalization です"""
        return self._used(1, 2, 3)[0]

    def group(self):
        """Group Normalization の数です"""
        return self._groups()[0]


class Key_08_20(_Axes):
    """Layer Normalization で、1つの平均"""

    def right(self):
        r"""16 \times 4 \times 4 = 256"""
        return self._used(1, 2, 3)[0]

    def batch(self):
        """それは Batch Normalization です"""
        return self._used(0, 2, 3)[0]

    def group(self):
        """Group Normalization の数です"""
        return self._groups()[0]

    def instance(self):
        """それは Instance Normalization です"""
        return self._used(2, 3)[0]


class Key_08_21(_Axes):
    """Group Normalization（グループは4つ）"""

    def right(self):
        """8 件で 32 個です"""
        return self._groups()[1]

    def of_one_sample(self):
        """グループの数だけ"""
        return self._groups()[1] / 8

    def values(self):
        """問われているのは平均の個数です"""
        return self._groups()[0]

    def instance(self):
        """それは Instance Normalization です"""
        return self._used(2, 3)[1]


class Key_08_22(Numbers):
    """10 クラスの分類で、重みの初期値が小さすぎ"""

    def right(self):
        """学習が進まないと"""
        return -np.log(1 / 10)

    def no_logarithm(self):
        """対数をとっていません"""
        return 1 / 10

    def base_ten(self):
        """底が 10 の対数です"""
        return -np.log10(1 / 10)

    def base_two(self):
        """底が 2 の対数です"""
        return -np.log2(1 / 10)


class Key_08_23(Code):
    """残した要素の期待値が変わらないように"""

    def observe(self, names):
        """The mean of what comes out of ones, to two digits."""
        return round(names["dropout"](np.ones(10**6), 0.3, np.random.default_rng(0)).mean(), 2)

    def right(self):
        """推論では何もしなくて済みます"""
        return 1.0

    def smaller(self):
        """学習中に直さない方式の推論"""
        return round(0.7 * 0.7, 2)

    def share_lost(self):
        """消す割合で割っています"""
        return round(0.7 / 0.3, 2)

    def smaller_by_share_lost(self):
        """消す割合を掛けて"""
        return round(0.7 * 0.3, 2)


class Key_08_24(Code):
    """検証の損失が `patience` エポック続けて"""

    losses = (9, 8, 7, 6, 5, 5, 6, 7, 8, 9, 9, 9)

    def observe(self, names):
        return np.array(names["early_stopping"](self.losses, 2))

    def right(self):
        """最小を最後に更新してからの回数が"""
        best = int(np.argmin(self.losses))
        return np.array([best + 2, best])

    def one_late(self):
        """更新のなかった回数がちょうど"""
        best = int(np.argmin(self.losses))
        return np.array([best + 3, best])

    def from_the_start(self):
        """更新が続いている間も"""
        return np.array([2, 2])

    def from_the_start_and_late(self):
        """しかも1エポック遅れます"""
        return np.array([3, 3])


class Key_08_25(Code):
    r"""損失に $\frac{1}{2}\lambda\|w\|^2$ を足して学習する最急降下法"""

    w, grad = np.array([2.0, -3.0]), np.array([0.5, 0.25])

    def observe(self, names):
        return names["update"](self.w, self.grad, 0.1, 0.01)

    def _step(self, penalty):
        return self.w - 0.1 * (self.grad + slopes(penalty, self.w))

    def right(self):
        """重みに比例して"""
        return self._step(lambda w: 0.01 * (w**2).sum() / 2)

    def away(self):
        """重みが 0 から離れていきます"""
        return self._step(lambda w: -0.01 * (w**2).sum() / 2)

    def l1(self):
        """大きさによらず"""
        return self._step(lambda w: 0.01 * abs(w).sum())

    def l1_away(self):
        """L1 正則化の形で"""
        return self._step(lambda w: -0.01 * abs(w).sum())


class _ThreeCurves(Exactly):
    """Which of three names belongs to which curve, by how far it has fallen at its lower end."""

    names = ()  # from the curve that falls least

    def _order(self):
        """The letters from the curve that falls least to the one that falls most."""
        falls = {name: np.log(y.max() / y.min()) for name, (_, y) in lines(self.question).items()}
        return sorted(falls, key=falls.get)

    def _told(self, *order):
        """The choice that gives the curves, from the least fall, these names."""
        named = dict(zip(self._order(), order, strict=True))
        return "、".join(
            f"{letter} は{'' if each == 'シグモイド' else ' '}{each}"
            for letter, each in sorted(named.items())
        )


class Key_08_26(_ThreeCurves):
    r"""各層の逆伝播の $\delta$ の長さ"""

    def right(self):
        """1層ごとに大きく減ります"""
        least, middle, most = (lines(self.question)[name][1] for name in self._order())
        assert len(most) == 10
        assert most[0] < 0.25**9  # nine layers of slopes of at most 0.25, weights that keep lengths
        assert 0.5 < least[0] < 2
        assert most[0] < middle[0] < least[0]
        return self._told("ReLU", "tanh", "シグモイド")

    def middle_and_last(self):
        """tanh は最大 1 です"""
        return self._told("ReLU", "シグモイド", "tanh")

    def first_and_middle(self):
        """値が 0 から離れた所で"""
        return self._told("tanh", "ReLU", "シグモイド")

    def reversed(self):
        """減り方の順が逆です"""
        return self._told("シグモイド", "tanh", "ReLU")


def two_layers():
    """What the set gives: a, z, W2 and the slope of the loss by y."""
    a, W2, slope = np.array([3.0, -1.0]), np.array([[1.0, 2], [3, -1]]), np.array([1.0, -2])
    assert a.shape == slope.shape == (2,)
    return a, np.where(a > 0, a, 0), W2, slope


class Key_08_27(Numbers):
    r"""$\dfrac{\partial L}{\partial W_2}$ はどれか"""

    def right(self):
        r"""$z^\top\delta$ で"""
        _, z, W2, slope = two_layers()
        return slopes(lambda W: (z @ W) @ slope, W2)

    def before_relu(self):
        """ReLU を通す前の $a$ を使っています"""
        a, _, _, slope = two_layers()
        return np.outer(a, slope)

    def transposed(self):
        r"""転置した $\delta^\top z$ になっています"""
        _, z, _, slope = two_layers()
        return np.outer(slope, z)

    def both(self):
        """ReLU の前の値を使い、転置も逆です"""
        a, _, _, slope = two_layers()
        return np.outer(slope, a)


class Key_08_28(Numbers):
    r"""$\dfrac{\partial L}{\partial a}$ はどれか"""

    def right(self):
        r"""$a \le 0$ だった2番目を 0 にします"""
        a, _, W2, slope = two_layers()
        return slopes(lambda a: (np.maximum(a, 0) @ W2) @ slope, a)

    def no_relu(self):
        """ReLU の微分を掛けていません"""
        _, z, W2, slope = two_layers()
        return slopes(lambda z: (z @ W2) @ slope, z)

    def not_transposed(self):
        """ReLU の微分は掛けていますが"""
        _, _, W2, slope = two_layers()
        return (slope @ W2)[0], 0

    def both(self):
        """ReLU も素通りしています"""
        _, _, W2, slope = two_layers()
        return slope @ W2


class Key_08_29(Numbers):
    r"""負の側の傾きが 0.1 の Leaky ReLU を使い"""

    def _by_sign_of_the_slope(self, dz):
        return np.where(dz > 0, dz, 0.1 * dz)

    def right(self):
        """$a$ が負だった2番目を 0.1 倍にします"""
        a, _, W2, slope = two_layers()
        return slopes(lambda a: (np.maximum(a, 0.1 * a) @ W2) @ slope, a)

    def sign_of_the_slope(self):
        """傾き 0.1 を、届いた微分が負の側に掛けています"""
        _, _, W2, slope = two_layers()
        return self._by_sign_of_the_slope(W2 @ slope)

    def not_transposed(self):
        """傾き 0.1 の場所は合っていますが"""
        _, _, W2, slope = two_layers()
        first, second = slope @ W2
        return first, 0.1 * second

    def both(self):
        """傾き 0.1 も、届いた微分の符号で掛けています"""
        _, _, W2, slope = two_layers()
        return self._by_sign_of_the_slope(slope @ W2)


def the_batch():
    """What the set gives: the batch, γ, β, the running mean and variance."""
    batch = (1, 1, 5, 5)
    assert len(batch) == 4
    return np.array(batch), 2, 1, 4, 0.25


class Key_08_30(Numbers):
    """学習のモードでの、値 5 の出力"""

    def _output(self, divisor):
        x, gamma, beta, _, _ = the_batch()
        return gamma * (5 - sum(x) / 4) / divisor + beta

    def _squares(self):
        x = the_batch()[0]
        return sum((x - sum(x) / 4) ** 2)

    def right(self):
        """平均 3、分散 4 なので"""
        return self._output((self._squares() / 4) ** 0.5)

    def unbiased(self):
        """分散を $n - 1 = 3$ で割っています"""
        return self._output((self._squares() / 3) ** 0.5)

    def no_root(self):
        """分散 4 の平方根をとらずに"""
        return self._output(self._squares() / 4)

    def both(self):
        """平方根もとらずに使っています"""
        return self._output(self._squares() / 3)


class Key_08_31(Numbers):
    """推論のモードでの、値 5 の出力"""

    def _output(self, mean, variance):
        _, gamma, beta, _, _ = the_batch()
        return gamma * (5 - mean) / variance**0.5 + beta

    def right(self):
        """移動平均だけを使い"""
        _, _, _, mean, variance = the_batch()
        return self._output(mean, variance)

    def training(self):
        """それは学習のモードです"""
        x = the_batch()[0]
        return self._output(x.mean(), x.var())

    def mean_of_the_batch(self):
        """平均だけ、このバッチの 3 を使っています"""
        x, _, _, _, variance = the_batch()
        return self._output(x.mean(), variance)

    def variance_of_the_batch(self):
        """分散だけ、このバッチの 4 を使っています"""
        x, _, _, mean, _ = the_batch()
        return self._output(mean, x.var())


class Key_08_32(Words):
    """直前の Affine のバイアスを 1 増やすと"""

    def right(self):
        """バッチの平均も 1 増えて打ち消します"""
        x, gamma, beta, mean, variance = the_batch()

        def training(x):
            return gamma * (x - x.mean()) / x.std() + beta

        def inference(x):
            return gamma * (x - mean) / variance**0.5 + beta

        assert np.allclose(training(x), training(x + 1))
        assert not np.isclose(inference(x), inference(x + 1)).any()
        return "学習のモードでは変わらず、推論のモードでは変わる"

    def neither(self):
        """1 増えた分が残ります"""
        return "学習のモードでは変わらず、推論のモードでも変わらない"

    def reversed(self):
        """入力とともに動くのはバッチの平均で"""
        return "学習のモードでは変わり、推論のモードでは変わらない"

    def both(self):
        """バッチの平均を引くのでバイアスが消えます"""
        return "学習のモードでは変わり、推論のモードでも変わる"


class Key_08_33(Code):
    """Group Normalization である"""

    x = np.random.default_rng(0).normal(2, 3, size=(2, 6, 2, 3))

    def observe(self, names):
        return names["group_norm"](self.x, 2)

    def _normalised(self, groups):
        """Each sample's channels of each group, by their mean and variance."""
        y = np.zeros(self.x.shape)
        for sample in range(len(self.x)):
            for group in groups:
                part = self.x[sample, list(group)]
                y[sample, list(group)] = (part - part.mean()) / np.sqrt(part.var() + 1e-5)
        return y

    def right(self):
        """その中の `C // G` チャンネルと縦横について"""
        return self._normalised([(0, 1, 2), (3, 4, 5)])

    def every_other(self):
        """`G` 個おきのチャンネルを集めています"""
        return self._normalised([(0, 2, 4), (1, 3, 5)])

    def over_groups(self):
        """グループの軸について平均し"""
        return self._normalised([(0, 3), (1, 4), (2, 5)])

    def sizes(self):
        """`C // G` 個のグループになっています"""
        return self._normalised([(0, 1), (2, 3), (4, 5)])


class Key_08_34(Words):
    """次の2つを満たす正規化の組"""

    def _kind(self, name):
        """Whether a normalisation depends on other samples, and leaves a cell's mean at 0."""
        cells = {(round(n), round(c)) for c, n in self._cells()[name]}
        x = np.random.default_rng(0).normal(1, 2, size=(3, 4, 5, 5))
        mean = np.mean([x[cell] for cell in cells])
        x[1:] += 1
        return np.mean([x[cell] for cell in cells]) != mean, np.isclose(x[0, 0].mean(), mean)

    def _cells(self):
        """The filled cells as (column, row) from the left upper one of their own picture."""
        found = {name: np.transpose(xy) for name, xy in lettered(self.question).items()}
        return {name: cells - cells.min(axis=0) for name, cells in found.items()}

    def right(self):
        """複数のチャンネルにまたがって平均します"""
        good = [name for name in self._cells() if self._kind(name) == (False, False)]
        sizes = [len(self._cells()[name]) for name in good]
        assert sizes == [4, 2]  # all channels, half of them: Layer, Group
        return " と ".join(good)

    def instance(self):
        """D は左上のマスだけの平均を引くので"""
        assert self._kind("A") == (False, False) and self._kind("D") == (False, True)
        return "A と D"

    def batch(self):
        """B は、同じバッチのほかのデータも使います"""
        assert self._kind("C") == (False, False) and self._kind("B") == (True, False)
        return "B と C"

    def both(self):
        """Batch はほかのデータで変わり"""
        assert len(self._cells()["B"]) == 3 and len(self._cells()["D"]) == 1
        return "B と D"


class Key_08_35(Numbers):
    r"""C の $\sigma$ はどれか"""

    def _factor(self, name):
        sizes = lettered(self.question)[name][1]
        assert len(sizes) == 10 + 1
        return (sizes[-1] / sizes[0]) ** (1 / 10)

    def right(self):
        r"""$\sqrt{200\sigma^2/2} = 0.6$ を解きます"""
        assert abs(self._factor("C") - 0.6) < 0.01
        assert abs(self._factor("B") - (200 * 0.1**2 / 2) ** 0.5) < 0.01
        last = lettered(self.question)["C"][1][-1]
        assert round(last, 3) == 0.007 and "約 0.007" in alt_of(self.question)
        return 0.6 / (200 / 2) ** 0.5

    def no_half(self):
        r"""$\sqrt{200\sigma^2} = 0.6$ を解いています"""
        return 0.6 / 200**0.5

    def no_root(self):
        """平方根を忘れ、"""
        return (0.6 / (200 / 2)) ** 0.5

    def both(self):
        """ReLU の半分も平方根も忘れ"""
        return (0.6 / 200) ** 0.5


class Key_08_36(Code):
    """softmax と交差エントロピーの層の逆伝播である"""

    x = np.array([[0.3, 2.9, 4.0], [1.0, 0.5, -1.0]])
    t = np.array([2, 0])

    def _y(self, x):
        return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    def observe(self, names):
        return names["backward"](self._y(self.x), self.t)

    def right(self):
        """$(y - t)/N$ です"""
        return slopes(lambda x: -sum(np.log(self._y(x)[k, self.t[k]]) for k in (0, 1)) / 2, self.x)

    def sign(self):
        """$y + t$ になっています"""
        return (self._y(self.x) + np.eye(3)[self.t]) / 2

    def every_row(self):
        """`t` に現れるクラス全部から引いています"""
        return (self._y(self.x) - np.array([1, 0, 1])) / 2

    def both(self):
        """選ぶ要素も符号も違います"""
        return (self._y(self.x) + np.array([1, 0, 1])) / 2
