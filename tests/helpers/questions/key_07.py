"""The answer key of lesson 07; keys.py tells how it is written."""

import re

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
    r"""$5,\ 4,\ 2.7,\ \ldots$"""

    x, first, second = (5, 4, 2.7), 4 - 5, 2.7 - 4  # the two steps are v = -1 and v = -1.3

    def _parameters(self, slope, at):
        """η by the first step, α by the second, whose gradient is taken at a point."""
        eta = -self.first / slope(5)
        return eta, (self.second + eta * slope(at)) / self.first

    def right(self):
        r"""2歩目は $-\alpha - 8\eta = -1.3$ で"""
        eta, alpha = self._parameters(lambda x: 2 * x, 4)
        x, v = [5.0], 0.0
        for _ in range(2):
            v = alpha * v - eta * ((x[-1] + 1e-6) ** 2 - (x[-1] - 1e-6) ** 2) / 2e-6
            x.append(x[-1] + v)
        assert x == pytest.approx(self.x)
        return eta, alpha

    def two_forgotten(self):
        """$x^2$ を微分した 2 を忘れています"""
        return self._parameters(lambda x: x, 4)

    def old_gradient(self):
        """2歩目の勾配も $x = 5$ で測っています"""
        return self._parameters(lambda x: 2 * x, 5)

    def both(self):
        """2歩目にも出発点の勾配を使っています"""
        return self._parameters(lambda x: x, 5)


class Key_07_2(Numbers):
    """$(0, 0)$ から学習率 0.01 の最急降下法で1歩下った点"""

    grad = slopes(himmelblau, np.zeros(2)).round(6)

    def right(self):
        """0.01 を掛けて引きます"""
        return -0.01 * self.grad

    def exchanged(self):
        """それを $x_1$ に使っています"""
        return -0.01 * self.grad[::-1]

    def two_lost(self):
        """2 だけを落とし"""
        return -0.01 * self.grad / 2

    def both(self):
        """偏微分と座標の対応も逆です"""
        return -0.01 * self.grad[::-1] / 2


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
        """写しにはなりますが、整数の配列のままです"""
        return self.end + self.start + self.error + self.start

    def neither(self):
        """渡された配列そのものです"""
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

    def _curvature(self, x):
        return np.abs(np.linalg.eigvalsh(self._hessian(np.array(x)))).max()

    def _end(self, start, rate):
        x = np.array(start)
        with np.errstate(all="ignore"):
            for t in range(1000):
                x = x - rate(t) * slopes(self._f, x)
        return x

    def right(self):
        """曲がりの大きい出発点をウォームアップで離れれば"""
        assert 2 / self._curvature([3, 0.5]) == pytest.approx(0.0408, abs=5e-5)
        assert self._end([1.0, 1.0], lambda t: 0.04) == pytest.approx([3, 0.5], abs=1e-2)
        assert not np.abs(self._end([1.0, 1.5], lambda t: 0.04)).max() < 100
        end = self._end([1.0, 1.5], lambda t: 0.04 * min(1, (t + 1) / 30))
        assert end == pytest.approx([3, 0.5], abs=1e-2)
        return "曲がりが極小より大きいから。初めの"

    def too_late(self):
        """終わりを抑えても間に合いません"""
        end = self._end([1.0, 1.5], lambda t: 0.04 * np.cos(np.pi * t / 2000))
        assert not np.abs(end).max() < 100
        return "曲がりが極小より大きいから。終わりの"

    def smaller(self):
        """「2/曲がり」が 0.04 より小さいのが理由です"""
        assert 2 / self._curvature([1, 1.5]) < 0.04 / 2
        return "曲がりが極小より小さいから。初めの"

    def both(self):
        """終わりを抑える減衰は"""
        return "曲がりが極小より小さいから。終わりの"


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
        return "Momentum で、勢いで近い極小を行き過ぎた"

    def deeper(self):
        """手法は合っています"""
        minima = [[3, 2], [3.584428, -1.848127], [-3.77931, -3.283186], [-2.805118, 3.131313]]
        assert len(minima) == 4
        assert max(map(himmelblau, minima)) < 1e-8
        assert "(3.6, −1.8) の極小" in alt_of(self.question)
        return "Momentum で、より深い極小を選んで進んだ"

    def other_method(self):
        """1歩は勾配とともに短くなります"""
        return "最急降下法で、勢いで近い極小を行き過ぎた"

    def both(self):
        """なめらかに止まった A です"""
        path = self._paths()["A"]
        assert path[-1] == pytest.approx([3, 2], abs=0.01)
        lengths = np.hypot(*np.diff(path, axis=0).T)
        assert lengths[-1] < 1e-3 < lengths[0]
        return "最急降下法で、より深い極小を選んで進んだ"


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
        """初めて中に入ったステップの次です"""
        return next(k for k, d in enumerate(self.distance) if d < 0.01) + 1

    def after_the_last_inside(self):
        """最後に中にいたステップの次で"""
        return max(k for k, d in enumerate(self.distance) if d < 0.01) + 1

    def after_the_start(self):
        """つまり出発点の次です"""
        return next(k for k, d in enumerate(self.distance) if d >= 0.01) + 1


def descended(question):
    """The function of the set, `grad_f` and the rate: lr = 0.1, as its code defines them."""
    names = {"np": np, "grad_f": lambda x: 2 * x}
    exec(re.findall(r"```py\n(.*?)```", question.text, re.DOTALL)[0], names)
    assert "学習率 `lr` は 0.1" in question.text
    return names["descend"], names["grad_f"]


class Key_07_7(Numbers):
    """の、最初の要素の値と、要素の個数の組"""

    x0, factor = np.array([-3.0, 4.0]), 1 - 2 * 0.1

    def right(self):
        """リストの要素は、どれもその配列です"""
        descend, grad_f = descended(self.question)
        _, x_history = descend(grad_f, self.x0.copy(), 0.1, 2)
        assert np.allclose(x_history[0], self.x0 * self.factor**2)
        return *x_history[0], len(x_history)

    def one_more(self):
        """最後の更新のあとは記録しません"""
        return *(self.x0 * self.factor**2), 2 + 1

    def copies(self):
        """`append` は写しを作らないので"""
        return *self.x0, 2

    def mended(self):
        """直したあとの `x_history` です"""
        return *self.x0, 2 + 1


class Key_07_8(Words):
    """`step_num` + 1 個の点を、通った順に残したい"""

    def matches(self, choice, value):
        """Whether two steps on x² from 1, written as a choice says, leave these points; 0.1."""
        x = 1.0
        x_history = [x] if "[x]" in choice else []
        for _ in range(2):
            for line in re.findall("更新|記録", choice):
                if line == "更新":
                    x = x - 0.1 * 2 * x
                else:
                    x_history.append(x)
        return x_history == pytest.approx(value)

    def right(self):
        """出発点を先に入れ"""
        return [1, 0.8, 0.64]

    def no_end(self):
        """最後の更新のあとの点が残りません"""
        return [1, 0.8]

    def no_start(self):
        """最後の点は残りますが、出発点が残りません"""
        return [0.8, 0.64]

    def start_twice(self):
        """出発点が2回入り"""
        return [1, 1, 0.8]


class Key_07_9(Numbers):
    """次を実行したときの `a[0]` と `b[0]` の組"""

    def right(self):
        r"""$5 \times 0.8^3 = 2.56$"""
        descend, grad_f = descended(self.question)
        start = np.array([5.0, 0.0])
        a, _ = descend(grad_f, start, 0.1, 2)
        b, _ = descend(grad_f, start, 0.1, 1)
        return a[0], b[0]

    def copies(self):
        """1回ごとに `start` から下り直し"""
        return 5 * 0.8**2, 5 * 0.8

    def only_the_start(self):
        """2回目の実行で変わります"""
        return 5 * 0.8**2, 5 * 0.8**3

    def only_the_end(self):
        """しかし2回目は、書き換わった `start` から下ります"""
        return 5 * 0.8, 5 * 0.8


class Key_07_10(Words):
    """「停滞」と「打ち切り」の組"""

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

    def _pair(self, stagnant, unfinished):
        return f"停滞は {self._run(stagnant)}、打ち切りは {self._run(unfinished)}"

    def right(self):
        """D は終わりでもまだ下がっている途中です"""
        unfinished, stagnant = (lettered(self.question)[name][1] for name in "DA")
        assert unfinished[-1] == pytest.approx(0.5, abs=0.05)
        assert np.abs(stagnant - 0.96).max() < 0.005
        alt = alt_of(self.question)
        assert "終わりでも 0.5 ほど" in alt and "A は 0.96 で" in alt
        return self._pair("停滞", "打ち切り")

    def divergent(self):
        """ステップが尽きたのではなく発散です"""
        loss = lettered(self.question)["B"][1]
        assert (loss[0], loss[-1]) == pytest.approx((0.5, 1.65), abs=0.005)
        assert "B は 0.5 から 1.65 まで" in alt_of(self.question)
        return self._pair("停滞", "発散")

    def convergent(self):
        """C は水平でも、最小値 0 に着いているので収束です"""
        loss = lettered(self.question)["C"][1]
        assert loss[0] == pytest.approx(2) and 1e-3 < loss[10] < 0.1
        assert "C は 2 から始まり、10 ステップほど" in alt_of(self.question)
        return self._pair("収束", "打ち切り")

    def both(self):
        """C は最小値 0 に着いて動かないので収束"""
        return self._pair("収束", "発散")


class Key_07_11(Words):
    """実験のしかたとして最も適切なもの"""

    def right(self):
        """近くに入ってもまだ落ち着いていません"""
        return "手法ごとに選び、極小の近くから出なくなった"

    def first_time(self):
        """通り過ぎる途中でたまたま近くに入った時も"""
        return "手法ごとに選び、極小の近くに初めて入った"

    def one_rate(self):
        """その値が合う手法だけが有利です"""
        return "どの手法も同じにし、極小の近くから出なくなった"

    def both(self):
        """公平に見えて公平ではなく"""
        return "どの手法も同じにし、極小の近くに初めて入った"


class Key_07_12(Exactly):
    """$f$ が最も大きく減るのはどれか"""

    rates = (("A", 1), ("B", 0.1), ("C", 0.5), ("D", 0.01))

    def _most(self, value):
        """The run with the largest value(η, ‖∇f‖) at step 40."""
        ends = {name: norms[40] for name, (_, norms) in lettered(self.question).items()}
        assert len(ends) == 4
        found = {name: value(rate, ends[name]) for name, rate in self.rates}
        best, second = sorted(found.values())[:-3:-1]
        assert best > 1.2 * second
        return max(found, key=found.get)

    def right(self):
        r"""$0.1 \times 0.4^2 = 0.016$ が最大です"""

        def drop(rate, norm):
            """Of f = λx²/2, whose gradient shrinks from 3 to this in 40 steps."""
            bend = (1 - (norm / 3) ** (1 / 40)) / rate
            assert rate < 0.1 * 2 / bend
            x = norm / bend
            return bend / 2 * (x**2 - (x - rate * norm) ** 2)

        return self._most(drop)

    def rate(self):
        """学習率だけで選んでいます"""
        return self._most(lambda rate, norm: rate)

    def length(self):
        """坂の傾きをもう一度掛けます"""
        return self._most(lambda rate, norm: rate * norm)

    def norm(self):
        """勾配の長さだけで選んでいます"""
        return self._most(lambda rate, norm: norm)


class Key_07_13(Code):
    """Adam の偏り補正をする"""

    def observe(self, names):
        return [names["corrected"](np.array(0.5), 0.9, t) for t in (0, 1, 2)]

    def right(self):
        """今回を含めて `t + 1` 回混ぜたので"""
        weights = [0.1 * 0.9**k for k in range(3)]  # of the gradients, the newest first
        return [0.5 / sum(weights[: t + 1]) for t in (0, 1, 2)]

    def late(self):
        """最初の回に 0 で割ります"""
        return [np.inf, 0.5 / (1 - 0.9), 0.5 / (1 - 0.9 * 0.9)]

    def power(self):
        """回数は合いますが"""
        return [0.5 / 0.1, 0.5 / 0.1 / 0.1, 0.5 / 0.1 / 0.1 / 0.1]

    def both(self):
        """回数も今回の分を数えていません"""
        return [0.5, 0.5 / 0.1, 0.5 / 0.1 / 0.1]


class _Run(Numbers):
    """The run of the stem, by the update written out."""

    def _points(self, lr=0.1, slope=2, count=60):
        points = [np.array([-3.0, 4.0])]
        for _ in range(count):
            points.append(points[-1] - lr * slope * points[-1])
        return np.array(points)


class Key_07_14(_Run):
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


class Key_07_15(_Run):
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


class Key_07_16(_Run):
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
