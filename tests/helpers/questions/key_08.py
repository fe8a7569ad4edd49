"""The answer key of lesson 08; keys.py tells how it is written."""

import numpy as np

from tests.helpers.questions.keys import Code, Exactly, Numbers, Words, lines


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
        """$W$ の転置になっています"""
        return self.right().T

    def no_fit(self):
        """形が合いません"""
        return ValueError

    def divided_again(self):
        """もう一度割っています"""
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
        """割合の和が 1 を超え"""
        return 0.9 * self.old + self.mean

    def halves(self):
        """過去と今を半分ずつ混ぜています"""
        return self.old + 0.5 * (self.mean - self.old)


class Key_08_7(Code):
    """勾配の長さが `max_norm` を超えるときだけ"""

    long, short = np.array([3.0, 4.0]), np.array([0.3, 0.4])

    def observe(self, names):
        return np.concatenate([names["clip"](grad, 2.0) for grad in (self.long, self.short)])

    def right(self):
        """超えていなければ 1 倍です"""
        return np.concatenate([self.long * 2 / 5, self.short])

    def stretched(self):
        """短い勾配まで `max_norm` に伸ばしています"""
        return np.concatenate([self.long * 2 / 5, self.short * 2 / 0.5])

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
