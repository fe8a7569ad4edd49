"""The answer key of lesson 07; keys.py tells how it is written."""

import numpy as np
import pytest

from tests.helpers.questions.keys import Code, Exactly, Numbers, Words, alt_of, lettered


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def slopes(f, x):
    """The gradient by central differences, written out."""
    steps = 1e-5 * np.eye(2)
    return np.array([(f(x + step) - f(x - step)) / 2e-5 for step in steps])


class Key_07_1(Numbers):
    r"""$5,\ {-4},\ 3.2,\ {-2.56},\ \ldots$"""

    def right(self):
        r"""1 - 2\eta = -0.8"""
        x, eta = [5.0], (1 + 0.8) / 2
        for _ in range(3):
            x.append(x[-1] - eta * 2 * x[-1])
        assert x == pytest.approx([5, -4, 3.2, -2.56])
        return eta

    def sign(self):
        """符号を見落とし"""
        return (1 - 0.8) / 2

    def two_forgotten(self):
        r"""$1 - \eta = -0.8$ を解いています"""
        return 1 + 0.8

    def factor_for_rate(self):
        """倍率の大きさ 0.8 を、そのまま学習率と読んでいます"""
        return abs(-4 / 5)


class Key_07_2(Numbers):
    """$(0, 0)$ から学習率 0.01 の最急降下法で1歩下った点"""

    grad = slopes(himmelblau, np.zeros(2)).round(6)

    def right(self):
        """0.01 を掛けて引きます"""
        return -0.01 * self.grad

    def uphill(self):
        """勾配 $(-14, -22)$ の向きに進んでいます"""
        return 0.01 * self.grad

    def uphill_and_two_lost(self):
        """勾配の向きに進み、2乗を"""
        return 0.01 * self.grad / 2

    def two_lost(self):
        """2乗を微分して出る 2 を落とし、勾配を"""
        return -0.01 * self.grad / 2


class Key_07_3(Code):
    """呼んだ側の `init_x` を書き換えず"""

    def observe(self, names):
        """Two steps on x² from a point of floats, and from one of whole numbers; what becomes of
        both.
        """
        seen = []
        for start in (np.array([3.0, -4.0]), np.array([3, -4])):
            try:
                x = names["descend"](lambda x: 2 * x, start, 0.1, 2)
            except TypeError:
                x = [np.nan, np.nan]
            seen += [*x, *start]
        return seen

    end, start, error = [1.92, -2.56], [3, -4], [np.nan, np.nan]

    def right(self):
        """が呼んだ側に及びません"""
        return self.end + self.start + self.end + self.start

    def no_copy_of_floats(self):
        """もとが float の配列なら写しを作りません"""
        return self.end + self.end + self.end + self.start

    def whole_numbers(self):
        """写しにはなりますが"""
        return self.end + self.start + self.error + self.start

    def no_copy_and_whole_numbers(self):
        """写しも作らず"""
        return self.end + self.end + self.error + self.start


class Key_07_4(Words):
    """極小での上限が $2/L = 0.0408$ の Beale 関数"""

    def _f(self, x):
        y = x[1]
        parts = ((1.5, 1), (2.25, 2), (2.625, 3))
        return sum((c - x[0] + x[0] * y**power) ** 2 for c, power in parts)

    def _hessian(self, x):
        steps = 1e-4 * np.eye(2)
        columns = [(slopes(self._f, x + e) - slopes(self._f, x - e)) / 2e-4 for e in steps]
        return np.array(columns)

    def _end(self, start, lr):
        x = np.array(start)
        with np.errstate(all="ignore"):
            for _ in range(3000):
                x = x - lr * slopes(self._f, x)
        return x

    def right(self):
        """その場の曲がりで測った「2/曲がり」は"""
        largest = np.linalg.eigvalsh(self._hessian(np.array([3, 0.5]))).max()
        assert 2 / largest == pytest.approx(0.0408, abs=5e-5)
        assert 2 / np.linalg.eigvalsh(self._hessian(np.array([1, 1.5]))).max() < 0.04 / 2
        assert self._end([1.0, 1.0], 0.04) == pytest.approx([3, 0.5], abs=1e-2)
        assert not np.abs(self._end([1.0, 1.5], 0.04)).max() < 100
        return "途中はもっと急だから"

    def errors(self):
        """厳密な勾配を使っても発散します"""
        return "数値微分の誤差"

    def no_gradient(self):
        """そこでは勾配も曲がりも大きく"""
        assert np.hypot(*slopes(self._f, np.array([1, 1.5]))) > 10
        return "勾配がほぼ 0"

    def too_slow(self):
        """0.01 に下げると、$(1, 1.5)$ からも収束します"""
        assert self._end([1.0, 1.5], 0.01) == pytest.approx([3, 0.5], abs=0.2)
        return "小さすぎて"


class Key_07_5(Words):
    """A と B の一方は最急降下法、もう一方は Momentum である"""

    def _paths(self):
        """The paths of the picture, which are those of both methods."""
        paths = {letter: np.transpose(line) for letter, line in lettered(self.question).items()}
        for letter, alpha in (("A", 0), ("B", 0.9)):
            x, v = np.zeros(2), np.zeros(2)
            path = [x]
            for _ in range(100):
                v = alpha * v - 0.01 * slopes(himmelblau, x)
                x = x + v
                path.append(x)
            assert np.allclose(paths[letter], path, atol=1e-3)
        return paths

    def right(self):
        """$(3, 2)$ の付近でも速度が残っていて"""
        path = self._paths()["B"]
        near = np.hypot(*(path - [3, 2]).T)
        closest = near.argmin()
        assert near[closest] < 0.5
        assert np.hypot(*(path[closest + 1] - path[closest])) > 1
        assert path[-1] == pytest.approx([3.58, -1.85], abs=0.1)
        return "Momentum で、速度が残り近い極小を行き過ぎた"

    def deeper(self):
        """4つの極小はどれも $f = 0$ で、深さは同じです"""
        assert himmelblau([3, 2]) == 0
        assert himmelblau([3.584428, -1.848127]) < 1e-9
        assert "(3.6, −1.8) の極小" in alt_of(self.question)
        return "より深い極小を選んで進んだ"

    def too_large_a_rate(self):
        """約 82.3 で、$2/L$ は約 0.024 です"""
        hessian = np.array([[12 * 3**2 + 4 * 2 - 42, 4 * 5], [4 * 5, 12 * 2**2 + 4 * 3 - 26]])
        largest = np.linalg.eigvalsh(hessian).max()
        assert (round(largest, 1), round(2 / largest, 3)) == (82.3, 0.024)
        return "最急降下法で、学習率が $2/L$ を超えて振動した"

    def saddle(self):
        """なめらかに止まった A です"""
        path = self._paths()["A"]
        assert path[-1] == pytest.approx([3, 2], abs=0.01)
        lengths = np.hypot(*np.diff(path, axis=0).T)
        assert lengths[-1] < 1e-3 < lengths[0]
        return "最急降下法で、途中の鞍点に引かれて曲がった"


class Key_07_6(Code):
    """そのあと一度も出なくなった"""

    distance = (5, 0.5, 0.001, 0.3, 0.002, 0.2, 0.1, 0.004, 0.001)

    def observe(self, names):
        return names["settled"](self.distance)

    def right(self):
        """最後に外にいたステップの次からは、ずっと中にいます"""
        outside = [k for k, d in enumerate(self.distance) if d >= 0.01]
        return max(outside) + 1

    def after_the_first_inside(self):
        """初めて中に入った次のステップです"""
        return next(k for k, d in enumerate(self.distance) if d < 0.01) + 1

    def after_the_last_inside(self):
        """記録の終わりを越えて"""
        return len(self.distance)

    def after_the_start(self):
        """つまり出発点の次です"""
        return next(k for k, d in enumerate(self.distance) if d >= 0.01) + 1


class Key_07_7(Numbers):
    """通った点を1行に1つずつ残した `x_history` の形"""

    def _shape(self):
        x = np.array([1.0, 2.0])
        x_history = [x]
        for _ in range(50):
            x = x - 0.1 * 2 * x
            x_history.append(x)
        return np.array(x_history).shape

    def right(self):
        """更新で着いた 50 個を足して 51 個です"""
        return self._shape()

    def number_of_updates(self):
        """更新の回数と点の数を混同しています"""
        return 50, 2

    def transposed(self):
        """行と列が逆です"""
        return self._shape()[::-1]

    def both_ends_added(self):
        """50 個に、出発点と最後の点を足しています"""
        return 50 + 2, 2


class Key_07_8(Exactly):
    """「打ち切り」はどれか"""

    def _run(self, ending):
        """The one run with an ending, by its loss alone."""
        endings = {}
        assert len(lettered(self.question)) == 4
        for name, (_, loss) in lettered(self.question).items():
            assert len(loss) == 60 + 1
            if loss[-1] > loss[0]:
                endings[name] = "発散"
            elif loss[-1] < 1e-3:
                endings[name] = "収束"
            else:
                endings[name] = "打ち切り" if loss[-1] < 0.99 * loss[-11] else "停滞"
        (name,) = (name for name, found in endings.items() if found == ending)
        return name

    def right(self):
        """終わりでもまだ下がっている途中です"""
        loss = lettered(self.question)["D"][1]
        assert loss[-1] == pytest.approx(0.5, abs=0.05)
        assert "終わりでも 0.5 ほど" in alt_of(self.question)
        return self._run("打ち切り")

    def stagnant(self):
        """停滞です"""
        loss = lettered(self.question)["A"][1]
        assert np.abs(loss - 0.96).max() < 0.005
        assert "A は 0.96 で" in alt_of(self.question)
        return self._run("停滞")

    def divergent(self):
        """発散です"""
        loss = lettered(self.question)["B"][1]
        assert (loss[0], loss[-1]) == pytest.approx((0.5, 1.65), abs=0.005)
        assert "B は 0.5 から 1.65 まで" in alt_of(self.question)
        return self._run("発散")

    def convergent(self):
        """動きも止まっているので、収束です"""
        loss = lettered(self.question)["C"][1]
        assert loss[0] == pytest.approx(2) and 1e-3 < loss[10] < 0.1
        assert "C は 2 から始まり、10 ステップほど" in alt_of(self.question)
        return self._run("収束")


class Key_07_9(Words):
    """実験のしかたとして最も適切なもの"""

    def right(self):
        """関数によって順位が入れ替わるので"""
        return "手法ごとに学習率を選び、いくつかの関数で"

    def one_rate(self):
        """手法ごとにちょうどよい学習率の桁が違います"""
        return "同じ学習率にし、いくつかの関数で"

    def one_function(self):
        """1つの関数では決まりません"""
        return "手法ごとに学習率を選び、1つの関数だけで"

    def one_rate_and_one_function(self):
        """1つの手法に有利なだけ"""
        return "同じ学習率にし、1つの関数だけで"


class _Run(Numbers):
    """The run of the stem, by the update written out."""

    def _points(self, lr=0.1, slope=2, count=60):
        points = [np.array([-3.0, 4.0])]
        for _ in range(count):
            points.append(points[-1] - lr * slope * points[-1])
        return np.array(points)


class Key_07_10(_Run):
    """20 回更新した点"""

    def right(self):
        """$0.8^{20}$ 倍の点です"""
        return self._points()[20]

    def one_less(self):
        """19 回分です。出発点"""
        return self._points()[19]

    def two_lost(self):
        """1歩の倍率を $1 - 0.1 = 0.9$ と"""
        return self._points(slope=1)[20]

    def two_lost_and_one_less(self):
        """しかも 19 回分です"""
        return self._points(slope=1)[19]


class Key_07_11(_Run):
    """距離が初めて 0.01 より小さくなる"""

    def _first(self, sizes):
        assert 500 == 5 / 0.01 and round(np.log(500), 2) == 6.21 and round(np.log(0.8), 3) == -0.223
        return int((sizes < 0.01).argmax())

    def _distances(self, slope=2):
        return np.hypot(*self._points(slope=slope).T)

    def right(self):
        """出発点の距離は 5"""
        return self._first(self._distances())

    def cut(self):
        """まだ届きません"""
        return self._first(self._distances()) - 1

    def loss(self):
        """損失が 0.01 より小さくなる回"""
        return self._first(self._distances() ** 2)

    def two_lost(self):
        """1歩の倍率を 0.9 と"""
        return self._first(self._distances(slope=1))


class Key_07_12(_Run):
    """まったく同じ距離で終わる学習率"""

    def _with_factor(self, factor):
        """The rate whose steps multiply by this."""
        rate = round((1 - factor) / 2, 3)
        assert self._points(rate, count=1)[1] == pytest.approx(factor * self._points()[0])
        return rate

    def right(self):
        """符号が毎回変わるだけで"""
        ends = [np.hypot(*self._points(lr)[20]) for lr in (0.1, 0.9)]
        assert ends[0] == pytest.approx(ends[1])
        return self._with_factor(-0.8)

    def faster(self):
        """倍率は 0.6 で"""
        return self._with_factor(0.6)

    def one_step(self):
        """1歩で極小に着きます"""
        return self._with_factor(0.0)

    def diverges(self):
        """倍率は −1.2 で"""
        return self._with_factor(-1.2)
