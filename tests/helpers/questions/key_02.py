"""The answer key of lesson 02; keys.py tells how it is written."""

import contextlib
import io
import math

import numpy as np
import pytest

from helpers import numerical_gradient, numerical_hessian
from tests.helpers.questions.keys import (
    Code,
    Exactly,
    Numbers,
    Words,
    arrows,
    code_of,
    contour_values,
    lines,
    named_points,
)


class Key_02_1(Numbers):
    r"""の、点 $(2, 3)$ での勾配 $\nabla f$"""

    def right(self):
        r"""\nabla f = (2x_0x_1,\ x_0^2 + 3) = (12,\ 7)"""
        grad = numerical_gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[1], [2, 3])
        return grad.round(6)

    def a_term_lost(self):
        """$3x_1$ を定数のように落としています"""
        return 2 * 2 * 3, 2**2

    def both_lost(self):
        """3 も落としています"""
        return 2 * 2, 2**2

    def other_variable_lost(self):
        """$x_0$ での偏微分では、$x_1$ は定数として残ります"""
        return 2 * 2, 2**2 + 3


class Key_02_2(Numbers):
    """ベクトル $(4, 3)$ の向きの方向微分"""

    grad = np.array([6, 8])

    def right(self):
        """4.8 + 4.8 = 9.6"""
        step = 1e-6 * np.array([4, 3]) / 5
        ahead, behind = (np.sum((np.array([3, 4]) + sign * step) ** 2) for sign in (1, -1))
        return round((ahead - behind) / 2e-6, 6)

    def largest(self):
        r"""$\nabla f$ の向きへ進むときの方向微分（最大値）です"""
        return math.hypot(*self.grad)

    def sum_of_both(self):
        """偏微分の和"""
        return self.grad.sum()

    def not_unit(self):
        """$(4, 3)$ のまま内積をとっています"""
        return self.grad @ [4, 3]


class Key_02_3(Numbers):
    """x = np.array([5])"""

    def right(self):
        """整数に切り捨てられて 5 と 4 になり"""
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            exec(code_of(self.question), {"np": np})
        return float(shown.getvalue().strip(" []\n"))

    def rounded(self):
        """4.9999 も 5 に丸められると考えています"""
        return (round(5.0001) ** 2 - round(4.9999) ** 2) / 2e-4

    def not_divided(self):
        """$2h$ で割っていません"""
        return int(5.0001) ** 2 - int(4.9999) ** 2

    def floats(self):
        """正しい微分係数ですが"""
        return round((5.0001**2 - 4.9999**2) / 2e-4, 6)


class Key_02_4(Code):
    """呼び出し元の `x` が変わらない"""

    def observe(self, names):
        """The gradients at two points that are no zeros, and both points after an f that fails."""
        gradient = names["numerical_gradient"]

        def bowl(x):
            return float(np.sum(np.asarray(x, dtype=float) ** 2))

        def stopping(x):
            raise RuntimeError

        whole, point = np.array([3, 4]), np.array([3.0, 4.0])
        seen = [gradient(bowl, point.copy()), gradient(bowl, whole.copy())]
        for start in (whole, point):
            with contextlib.suppress(RuntimeError):
                gradient(stopping, start)
        return np.array([*seen, whole, point]).round(6)

    def right(self):
        """型に左右されず、呼び出し元も変わりません"""
        return np.array([(6, 8), (6, 8), (3, 4), (3, 4)])

    def no_copy_and_whole_numbers(self):
        """写しも作らず"""
        cut = [(3**2 - 2**2) / 2e-4, (4**2 - 3**2) / 2e-4]
        return np.array([(6, 8), cut, (3, 4), (3.0001, 4)])

    def no_copy(self):
        """呼び出し元の配列が書き換わります"""
        return np.array([(6, 8), (6, 8), (3, 4), (3.0001, 4)])

    def whole_numbers(self):
        """型が整数のままです"""
        cut = [(3**2 - 2**2) / 2e-4, (4**2 - 3**2) / 2e-4]
        return np.array([(6, 8), cut, (3, 4), (3, 4)])


class Key_02_5(Code):
    """長さが 1 とは限らない向き"""

    grad, way = np.array([6.0, 8.0]), np.array([1.0, -3.0])

    def observe(self, names):
        return names["directional_derivative"](self.grad, self.way)

    def right(self):
        """向きを自分の長さで割って"""
        return (6 * 1 - 8 * 3) / math.sqrt(1 + 9)

    def length_of_the_gradient(self):
        """勾配の長さで割っています"""
        return (6 * 1 - 8 * 3) / 10

    def sum_of_sizes(self):
        """成分の絶対値の和で割っています"""
        return (6 * 1 - 8 * 3) / (1 + 3)

    def sum_of_sizes_of_the_gradient(self):
        """割るものも、長さの測り方も"""
        return (6 * 1 - 8 * 3) / (6 + 8)


class Key_02_6(Exactly):
    """同じ矢印を値 4 の等高線の上に描くと"""

    def _uphill(self):
        """Whether the arrows lead to larger values."""
        values = sorted(contour_values(self.question), key=lambda pair: np.hypot(*pair[1]))
        assert [value for value, _ in values] == [6, 4, 2, 0]
        ((points, ways),) = arrows(self.question).values()
        inward = (points * ways).sum(axis=0) / np.hypot(*points) / np.hypot(*ways)
        assert inward == pytest.approx(-np.ones(8))
        return True

    def _shorter_inside(self):
        """Whether the contours, 2 apart in value, are farther apart inside: a smaller slope."""
        places = dict(contour_values(self.question))
        radii = np.array([np.hypot(*places[value]) for value in (0, 2, 4, 6)])
        gaps = radii[:-1] - radii[1:]
        assert (np.diff(gaps) > 0).all()
        ((points, _),) = arrows(self.question).values()
        assert (np.hypot(*points) > radii[2]).all()
        return True

    def _told(self, uphill, shorter):
        sign, length = "" if uphill else "-", "短く" if shorter else "長く"
        return rf"${sign}\nabla f$ で、{length}なる"

    def right(self):
        """勾配は短くなります"""
        return self._told(self._uphill(), self._shorter_inside())

    def sign(self):
        """長さは合っています"""
        return self._told(not self._uphill(), self._shorter_inside())

    def length(self):
        """向きは合っています"""
        return self._told(self._uphill(), not self._shorter_inside())

    def both(self):
        """向きも長さも逆です"""
        return self._told(not self._uphill(), not self._shorter_inside())


class Key_02_7(Exactly):
    r"""点 P での $-\nabla f$ の向きの矢印"""

    def _named(self, wanted):
        """The one arrow with a direction."""
        named = named_points(self.question)["P"]
        found = []
        for name, (start, way) in arrows(self.question).items():
            assert start.ravel() == pytest.approx(named)
            if np.allclose(way.ravel() / np.hypot(*way.ravel()), wanted / np.hypot(*wanted)):
                found.append(name)
        (name,) = found
        return name

    def _grad(self):
        for value, place in contour_values(self.question):
            assert place[0] ** 2 / 8 + place[1] ** 2 == pytest.approx(value, rel=0.02)
        point = named_points(self.question)["P"]
        return numerical_gradient(lambda x: x[0] ** 2 / 8 + x[1] ** 2, point)

    def right(self):
        r"""-\nabla f = (-1, -2)"""
        assert self._grad() == pytest.approx([1, 2])
        return self._named(-self._grad())

    def along(self):
        """等高線に沿う向きで"""
        return self._named(self._grad()[::-1] * [1, -1])

    def to_the_minimum(self):
        """極小（原点）への向きです"""
        to_minimum = -named_points(self.question)["P"]
        cosine = to_minimum @ -self._grad() / np.hypot(*to_minimum) / np.hypot(*self._grad())
        assert cosine < 0.8  # far enough from the right one to be told apart
        return self._named(to_minimum)

    def uphill(self):
        """外側へ向かうので ∇f です"""
        return self._named(self._grad())


class Key_02_8(Words):
    """勾配と等高線の関係"""

    def _f(self, x):
        return x[0] ** 2 / 8 + x[1] ** 2

    def _slope(self, point):
        return np.hypot(*numerical_gradient(self._f, point))

    def right(self):
        """短い距離で値が大きく変わります"""
        assert 1 / self._slope([4, 1]) < 1 / self._slope([2, 0.5])  # gap for a difference of 1
        return "直交し、等高線が混んでいるところほど長い"

    def sparse(self):
        """まばらなところは"""
        return "直交し、等高線がまばらなところほど長い"

    def along(self):
        """等高線に沿うと値が変わらず"""
        along = np.array([2, -1]) / math.sqrt(5)
        grad = numerical_gradient(self._f, [4, 1])
        assert grad @ along == pytest.approx(0, abs=1e-8)
        return "沿い、等高線が混んでいるところほど長い"

    def along_and_sparse(self):
        """向きも長さも逆です"""
        return "沿い、等高線がまばらなところほど長い"


class Key_02_9(Exactly):
    """入力が 3 個、出力が 2 個"""

    def _shape(self):
        """Rows and columns of J[i, j] = ∂g_i/∂x_j."""

        def g(x):
            return np.array([x[0] + 2 * x[1], x[1] * x[2]])

        x, h = np.array([1.0, 2.0, 3.0]), 1e-6
        columns = [(g(x + h * e) - g(x - h * e)) / (2 * h) for e in np.eye(3)]
        jacobian = np.array(columns).T
        assert jacobian == pytest.approx(np.array([[1, 2, 0], [0, 3, 2]]), abs=1e-6)
        return jacobian.shape

    def _told(self, shape, order):
        return f"{shape[0]} 行 {shape[1]} 列で、{order}階の偏微分が並ぶ"

    def right(self):
        """1つの行が、1つの出力の勾配です"""
        return self._told(self._shape(), 1)

    def transposed(self):
        """行の数は出力の数です"""
        return self._told(self._shape()[::-1], 1)

    def both(self):
        """また、2階の偏微分が並ぶのはヘッセ行列です"""
        return self._told(self._shape()[::-1], 2)

    def hessian(self):
        """形は合っていますが"""
        return self._told(self._shape(), 2)


class _Quadratic(Numbers):
    """The matrix and the point of the stem."""

    A, x = np.array([[1, 3], [1, 2]]), np.array([1, 2])

    def _f(self, x):
        return sum(self.A[i, j] * x[i] * x[j] for i in (0, 1) for j in (0, 1))


class Key_02_10(_Quadratic):
    r"""$f(x) = x^\top A x$ の勾配"""

    def right(self):
        r"""と $A^\top x = (3, 7)$ を足します"""
        return numerical_gradient(self._f, self.x).round(6)

    def symmetric(self):
        """$A$ が対称のときだけ"""
        return 2 * self.A @ self.x

    def transposed(self):
        r"""$2A^\top x$ です"""
        return 2 * self.x @ self.A

    def one_side(self):
        """もう片方の $x$"""
        return self.A @ self.x


class Key_02_11(_Quadratic):
    r"""$f(x) = x^\top A x$ のヘッセ行列"""

    def right(self):
        """ヘッセ行列は対称になります"""
        return numerical_hessian(self._f, self.x).round(4)

    def doubled(self):
        """ヘッセ行列ではありえません"""
        return 2 * self.A

    def plain(self):
        """$A$ のままです"""
        return self.A

    def symmetric_part(self):
        """2階微分なので、その2倍です"""
        return (self.A + self.A.T) / 2


class Key_02_12(_Quadratic):
    """$g(x) = Ax$ のヤコビ行列"""

    def right(self):
        r"""$\partial(Ax)/\partial x = A$"""
        rows = [numerical_gradient(lambda x, i=i: (self.A @ x)[i], self.x) for i in (0, 1)]
        return np.round(rows, 6)

    def transposed(self):
        """転置しています"""
        return self.right().T

    def with_x(self):
        """微分すると $x$ は残りません"""
        return self.A * self.x

    def of_the_quadratic(self):
        """$g$ は1次式です"""
        return numerical_hessian(self._f, self.x).round(4)


class Key_02_13(Code):
    r"""対称とは限らない行列 `A`"""

    A, x = np.array([[2.0, -1.0, 0.0], [4.0, 1.0, 3.0], [0.5, 0.0, 1.0]]), np.array([1.0, 2, -1])

    def observe(self, names):
        return names["grad_quadratic"](self.A, self.x)

    def _sides(self):
        return np.einsum("ij,j->i", self.A, self.x), np.einsum("ij,i->j", self.A, self.x)

    def right(self):
        """左右から入る"""
        slopes = numerical_gradient(lambda x: x @ self.A @ x, self.x)
        assert slopes == pytest.approx(sum(self._sides()))
        return sum(self._sides())

    def one_side(self):
        """2度入る $x$ の片方も"""
        return self._sides()[0]

    def symmetric(self):
        """`A` が対称のときだけ"""
        return 2 * self._sides()[0]

    def halved(self):
        """微分して出る 2 を忘れています"""
        return sum(self._sides()) / 2


class Key_02_14(Numbers):
    r"""$x_0$ 軸から測った角度 $\theta$ の向きの方向微分"""

    def _curve(self):
        ((angles, slopes),) = lines(self.question).values()
        return angles, slopes

    def _along(self, angle):
        angles, slopes = self._curve()
        return np.interp(angle, angles, slopes)

    def right(self):
        r"""$\theta = 0$ の値 3 が"""
        angles, slopes = self._curve()
        grad = np.array([self._along(0), self._along(90)])
        assert 45 < angles[slopes.argmax()] < 90 and 225 < angles[slopes.argmin()] < 270
        assert (slopes.max(), slopes.min()) == pytest.approx((5, -5), rel=1e-3)
        assert slopes.max() == pytest.approx(np.hypot(*grad), rel=1e-3)
        top = np.deg2rad(angles[slopes.argmax()])
        assert grad / 5 == pytest.approx([np.cos(top), np.sin(top)], abs=0.02)
        return grad.round(3)

    def exchanged(self):
        """成分が逆です"""
        return np.round([self._along(90), self._along(0)], 3)

    def downhill(self):
        """最小になる向きです"""
        return np.round([self._along(180), self._along(270)], 3)

    def along_the_contour(self):
        """方向微分が 0 になる向き"""
        return np.round([self._along(270), self._along(0)], 3)
