"""The answer keys of lessons 01 to 04, recomputed by other means than the questions.

A number: the right choice must show the recomputed one, and each wrong choice the number that the
misconception named in its note leads to. Code: the blank（ア）is filled with each choice in turn,
and only the right one may pass. A figure: the answer is read from the data of the picture itself.
"""

import contextlib
import io
import math
import re
from fractions import Fraction

import numpy as np
import pytest
from matplotlib.text import Annotation

from helpers import numerical_gradient
from helpers.questions import pictures
from tests.unit.answer_keys import (
    assert_only_the_right_code_passes,
    axes_of,
    code_of,
    lines,
    questions,
    right_choice,
)

QUESTIONS = questions("01", "02", "03", "04")
# No number to recompute and no code to run; a reader of the course has to judge these. The right
# choice of each, by a phrase that no other choice has.
CONCEPTS = {
    "01-8": "出力から入力へ戻る自動微分",
    "03-10": "傾きがほぼ 0",
    "04-8": "ほとんどの出発点から離れる",
}
CHECKED = set()


def checks(name, words):
    """The test below recomputes the answer of question `name`, whose text holds `words`."""
    CHECKED.add(name)

    def register(test):
        def run():
            assert words in QUESTIONS[name].text
            test(QUESTIONS[name])

        return run

    return register


def assert_choices(question, right, *wrong):
    """The choices are exactly the recomputed right one and those of the misconceptions."""
    assert right_choice(question) == right
    assert sorted(text for text, _ in question.choices) == sorted([right, *wrong])
    assert len({right, *wrong}) == 4


def named_points(question):
    """The points of the picture by the names written beside them."""
    notes = [note for note in axes_of(question).texts if isinstance(note, Annotation)]
    return {note.get_text(): np.array(note.xy, dtype=float) for note in notes}


def arrows(question):
    """The arrows of the picture by their labels, as (start, arrow)."""
    found = {}
    for arrow in axes_of(question).collections:
        if hasattr(arrow, "U"):
            found[arrow.get_label()] = (arrow.XY.T, np.array([arrow.U, arrow.V]))
    return found


def contour_values(question):
    """The values written on the contours of the picture with a place where each is written."""
    ax = axes_of(question)
    ax.figure.canvas.draw()
    return [
        (float(text.get_text()), np.array(text.get_position()))
        for text in ax.texts
        if re.fullmatch(r"-?[\d.]+", text.get_text())
    ]


# --- lesson 1 -------------------------------------------------------------------------------------


@checks("01-1", "前進差分")
def test_01_1(question):
    x, h = Fraction(3), Fraction(1, 10)
    rise = (x + h) ** 2 - x**2
    assert_choices(
        question,
        f"{float(rise / h):.1f}",
        f"{float(rise):.2f}",  # not divided by h
        f"{float((x**2 - (x - h) ** 2) / h):.1f}",  # backward
        f"{float(2 * x):.1f}",  # central, exact
    )


@checks("01-2", "1次近似")
def test_01_2(question):
    a, step = Fraction(2), Fraction(1, 10)
    value, slope = a**3 - a, 3 * a**2 - 1
    assert_choices(
        question,
        f"{float(value + slope * step):g}",
        f"{float(value + step):g}",  # slope taken as 1
        f"{float((a + step) ** 3 - (a + step)):g}",  # the curve itself
        f"{float(value + slope):g}",  # step forgotten
    )


@checks("01-3", "計算グラフ")
def test_01_3(question):
    x = 2
    by_u, by_v = 3 * x * 2 * x, x**2 * 3
    assert by_u + by_v == 9 * x**2  # y = 3x³
    assert_choices(question, str(by_u + by_v), str(by_u), str(by_v), str(by_u * by_v))


@checks("01-4", "中心差分")
def test_01_4(question):
    def passes(code):
        diff = code["numerical_diff"]
        exact_up_to_quadratics = diff(lambda x: 3 * x**2 - x, 2.0) - 11
        return abs(exact_up_to_quadratics) < 1e-8 and abs(diff(np.sin, 1.0) - np.cos(1)) < 1e-8

    assert_only_the_right_code_passes(question, passes)


@checks("01-5", "自動微分")
def test_01_5(question):
    def passes(code):
        x = code["Dual"](3.0, 1.0)
        five_x = code["Dual"](5.0, 0.0) * x
        cube = x * x * x
        return (five_x.v, five_x.d, cube.v, cube.d) == (15, 5, 27, 27)

    assert_only_the_right_code_passes(question, passes)


@checks("01-6", "刻み幅")
def test_01_6(question):
    curves = lines(question)
    order = {}
    for name, (steps, errors) in curves.items():
        coarse = steps >= 1e-4
        order[name] = np.polyfit(np.log10(steps[coarse]), np.log10(errors[coarse]), 1)[0]
    assert order["A"] == pytest.approx(1, abs=0.05)  # O(h): forward
    assert order["B"] == pytest.approx(2, abs=0.05)  # O(h²): central
    for steps, errors in curves.values():  # left of the bottom: at most a few times ε/h
        left = steps <= 1e-9
        assert (errors[left] < 10 * np.finfo(float).eps / steps[left]).all()
        assert errors[steps.argmin()] > 1e3 * errors.min()
    assert right_choice(question) == "B が中心差分で、左側で増えるのは丸め誤差"


@checks("01-7", "微分係数が最も小さい")
def test_01_7(question):
    points = named_points(question)
    ((x, y),) = lines(question)["_child0"][np.newaxis]
    slopes = {name: np.interp(point[0], x, np.gradient(y, x)) for name, point in points.items()}
    for point in points.values():
        assert np.interp(point[0], x, y) == pytest.approx(point[1], abs=1e-3)
    assert_choices(question, min(slopes, key=slopes.get), *sorted(set("PQRS") - {"Q"}))
    heights = {name: point[1] for name, point in points.items()}
    assert min(heights, key=heights.get) == "R"
    assert max(slopes, key=lambda name: abs(slopes[name])) == "S"


@checks("01-9", "|x|")
def test_01_9(question):
    for h in (1, 1e-1, 1e-5, 1e-10):
        assert abs(0 + h) - abs(0 - h) == 0
        assert (abs(0 + h) / h, -abs(0 - h) / h) == (1, -1)
    assert right_choice(question).startswith("微分係数はなく、左右の値が打ち消し合って 0")


# --- lesson 2 -------------------------------------------------------------------------------------


@checks("02-1", "勾配 $\\nabla f$")
def test_02_1(question):
    a, b = 2, 3
    grad = numerical_gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[1], [a, b])
    assert_choices(
        question,
        "$({:.0f},\\ {:.0f})$".format(*grad),
        f"$({2 * a * b},\\ {a**2})$",  # 3x1 lost
        "$({1:.0f},\\ {0:.0f})$".format(*grad),  # swapped
        f"$({2 * a},\\ {a**2 + 3})$",  # x1 differentiated too
    )


@checks("02-2", "方向微分")
def test_02_2(question):
    grad, way = (6, 8), (4, 3)
    length = math.hypot(*way)
    product = grad[0] * way[0] + grad[1] * way[1]
    s = 1e-6
    measured = ((3 + s * 4 / length) ** 2 + (4 + s * 3 / length) ** 2 - 25) / s
    assert measured == pytest.approx(product / length, abs=1e-4)
    assert_choices(
        question,
        f"{product / length:.1f}",
        f"{math.hypot(*grad):.0f}",  # length of the gradient
        f"{sum(grad)}",
        f"{product}",  # not divided by the length
    )


@checks("02-3", "np.array([5])")
def test_02_3(question):
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(code_of(question), {"np": np})
    assert_choices(
        question,
        f"`{shown.getvalue().strip()}`",
        f"`[{5**2 - 5**2}]`",  # both rounded to 5
        f"`[{5**2 - 4**2}]`",  # not divided by 2h
        f"`[{2 * 5}]`",  # as if float
    )


@checks("02-4", "呼び出し元")
def test_02_4(question):
    def bowl(x):
        return float(np.sum(np.asarray(x, dtype=float) ** 2))

    def passes(code):
        gradient = code["numerical_gradient"]

        def stopping(x):
            raise RuntimeError

        whole, point = np.array([3, 4]), np.array([3.0, 4.0])
        for start in (whole, point):
            if not np.allclose(gradient(bowl, start), [6, 8], atol=1e-6):
                return False
        with contextlib.suppress(RuntimeError):
            gradient(stopping, point)
        return whole.tolist() == [3, 4] and point.tolist() == [3.0, 4.0]

    assert_only_the_right_code_passes(question, passes)


@checks("02-5", "長さが 1 とは限らない")
def test_02_5(question):
    def passes(code):
        slope = code["directional_derivative"]
        pairs = [((6, 8), (4, 3), 9.6), ((1, 1), (0, -5), -1), ((2, 0), (1, 1), math.sqrt(2))]
        return all(
            math.isclose(slope(np.array(grad), np.array(way)), truth) for grad, way, truth in pairs
        )

    assert_only_the_right_code_passes(question, passes)


@checks("02-6", "矢印の説明")
def test_02_6(question):
    values = sorted(contour_values(question), key=lambda pair: np.hypot(*pair[1]))
    assert [value for value, _ in values] == sorted((v for v, _ in values), reverse=True)
    ((points, ways),) = arrows(question).values()
    inward = (points * ways).sum(axis=0) / np.hypot(*points) / np.hypot(*ways)
    assert inward == pytest.approx(-np.ones(8))  # to the centre, where f is larger: uphill
    assert right_choice(question) == "∇f で、f が最も増える向き"


@checks("02-7", "\\frac{1}{8}x_0^2")
def test_02_7(question):
    point = named_points(question)["P"]
    grad = numerical_gradient(lambda x: x[0] ** 2 / 8 + x[1] ** 2, point)
    ways = {}
    for name, (start, way) in arrows(question).items():
        assert start.ravel() == pytest.approx(point)
        ways[name] = way.ravel() / np.hypot(*way.ravel())
    cosines = {name: way @ grad / np.hypot(*grad) for name, way in ways.items()}
    assert cosines["D"] == pytest.approx(-1)
    assert cosines["C"] == pytest.approx(1)
    assert cosines["A"] == pytest.approx(0, abs=1e-9)
    assert ways["B"] == pytest.approx(-point / np.hypot(*point))
    assert cosines["B"] > -0.8  # far enough from D to be told apart
    assert_choices(question, min(cosines, key=cosines.get), "A", "B", "C")
    for value, place in contour_values(question):
        assert place[0] ** 2 / 8 + place[1] ** 2 == pytest.approx(value, rel=0.02)


@checks("02-8", "等高線の関係")
def test_02_8(question):
    point = np.array([4.0, 1.0])

    def f(x):
        return x[0] ** 2 / 8 + x[1] ** 2

    grad = numerical_gradient(f, point)
    along = np.array([2, -1]) / math.sqrt(5)  # tangent of the ellipse through (4, 1)
    assert f(point + 1e-4 * along) == pytest.approx(f(point), abs=1e-7)
    assert grad @ along == pytest.approx(0, abs=1e-8)
    gap = 1 / np.hypot(*grad)  # distance between contours whose values differ by 1
    assert gap < 1 / np.hypot(*numerical_gradient(f, point / 2))  # denser where ∇f is longer
    far, near = numerical_gradient(f, [2.9, 0]), numerical_gradient(f, [0, 1])
    assert np.hypot(*far) < np.hypot(*near)  # not the distance to the minimum
    assert right_choice(question) == "∇f は等高線に直交し、等高線が混んでいるところほど長い"


@checks("02-9", "ヤコビ行列")
def test_02_9(question):
    def g(x):
        return np.array([x[0] + 2 * x[1], x[1] * x[2]])

    x, h = np.array([1.0, 2.0, 3.0]), 1e-6
    columns = [(g(x + h * e) - g(x - h * e)) / (2 * h) for e in np.eye(3)]
    jacobian = np.array(columns).T  # J[i, j] = ∂g_i/∂x_j
    assert jacobian == pytest.approx(np.array([[1, 2, 0], [0, 3, 2]]), abs=1e-6)
    rows, cols = jacobian.shape
    assert right_choice(question) == f"{rows} 行 {cols} 列で、1階の偏微分が並ぶ"


# --- lesson 3 -------------------------------------------------------------------------------------


@checks("03-1", "バッチサイズ 64")
def test_03_1(question):
    updates = sum(1 for epoch in range(3) for start in range(0, 1000, 64))
    assert_choices(
        question,
        f"{updates} 回",
        f"{1000 // 64 * 3} 回",  # remainder dropped
        f"{math.ceil(1000 * 3 / 64)} 回",  # epochs joined
        f"{1000 * 3} 回",  # batch size 1
    )


@checks("03-2", "Momentum")
def test_03_2(question):
    alpha, lr = Fraction(9, 10), Fraction(1, 10)

    def two_steps(keep, same_grad=False):
        x, v = Fraction(1), Fraction(0)
        grad = 2 * x
        for _ in range(2):
            grad = grad if same_grad else 2 * x
            v = keep * v - lr * grad
            x = x + v
        return f"{float(x):.2f}"

    assert_choices(
        question,
        two_steps(alpha),
        two_steps(0),  # SGD
        two_steps(1),  # α forgotten
        two_steps(alpha, same_grad=True),
    )


@checks("03-3", "AdaGrad")
def test_03_3(question):
    h = 3**2 + 4**2
    assert_choices(
        question,
        f"{4 / math.sqrt(h):g}",
        "4",  # SGD
        f"{4 / math.sqrt(4**2):g}",  # only this step's square
        f"{4 / h:g}",  # no root
    )


@checks("03-4", "Adam")
def test_03_4(question):
    lr, g, beta1, beta2 = 0.1, 4, 0.9, 0.999
    m, v = (1 - beta1) * g, (1 - beta2) * g**2
    m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)
    assert_choices(
        question,
        f"{lr * m_hat / math.sqrt(v_hat):.3g}",
        f"{lr * m / math.sqrt(v):.3f}",  # no bias correction
        f"{lr * g:.1f}",  # SGD
        f"{lr * m_hat / math.sqrt(v):.2f}",  # v not corrected
    )


@checks("03-5", "最急降下法")
def test_03_5(question):
    def passes(code):
        x, x_history = code["gradient_descent"](lambda x: x[0] ** 2 + x[1] ** 2, [-3, 4], 0.1, 3)
        truth = np.array([0.8**k * np.array([-3, 4]) for k in range(4)])
        return np.allclose(x_history, truth) and np.allclose(x, truth[-1])

    assert_only_the_right_code_passes(question, passes)


@checks("03-6", "最後の余り")
def test_03_6(question):
    def passes(code):
        for count, size in ((10, 4), (8, 4), (3, 5)):
            batches = list(code["minibatches"](count, size, np.random.default_rng(0)))
            if sorted(np.concatenate(batches).tolist()) != list(range(count)):
                return False
            if [len(batch) for batch in batches[:-1]] != [size] * (len(batches) - 1):
                return False
        return True

    assert_only_the_right_code_passes(question, passes)


@checks("03-7", "RMSprop")
def test_03_7(question):
    class State:
        rho, h = 0.9, 0.0

    def passes(code):
        state, x, h = State(), np.array([1.0, -2.0]), 0
        for grad in (np.array([3.0, 4.0]), np.array([-1.0, 2.0])):
            h = 0.9 * h + 0.1 * grad * grad
            truth = x - 0.5 * grad / (h**0.5 + 1e-7)
            x = code["update"](state, x, grad, 0.5)
            if not np.allclose(x, truth):
                return False
        return True

    assert_only_the_right_code_passes(question, passes)


@checks("03-8", "x_1$ の変化")
def test_03_8(question):
    curves = {name: y for name, (_, y) in lines(question).items() if name in "ABC"}
    sgd = [2 * (1 - 2 * 0.95) ** t for t in range(21)]
    x, v, momentum = 2.0, 0.0, [2.0]
    for _ in range(20):
        v = 0.9 * v - 0.1 * 2 * x
        x = x + v
        momentum.append(x)
    x, h, adagrad = 2.0, 0.0, [2.0]
    for _ in range(20):
        h += (2 * x) ** 2
        x -= 1.5 * 2 * x / math.sqrt(h)
        adagrad.append(x)
    methods = {"SGD": sgd, "Momentum": momentum, "AdaGrad": adagrad}
    answer = {
        curve: name
        for name, truth in methods.items()
        for curve, y in curves.items()
        if np.allclose(y, truth, atol=1e-6)
    }
    assert right_choice(question) == "、".join(f"{k} は {answer[k]}" for k in "ABC")
    assert (np.diff(np.sign(curves["B"])) != 0).all()  # and the features that the notes name
    assert (curves["A"] > 0).all()
    assert 0 < (np.diff(np.sign(curves["C"])) != 0).sum() < 5


@checks("03-9", "Nesterov")
def test_03_9(question):
    points = named_points(question)
    ways = {name: way.ravel() for name, (_, way) in arrows(question).items()}
    assert points["P"] + ways[r"$\alpha v$"] == pytest.approx(points["R"])
    assert points["P"] + ways[r"$-\eta\nabla f(x)$"] == pytest.approx(points["Q"])
    grad = numerical_gradient(lambda x: x[0] ** 2 / 20 + x[1] ** 2, points["P"])
    assert ways[r"$-\eta\nabla f(x)$"] == pytest.approx(-0.4 * grad)
    assert points["S"] == pytest.approx([0, 0])
    assert_choices(question, "R", "P", "Q", "S")  # R = x + αv by the definition


@checks("03-11", "バッチサイズ $B$ を 4 倍")
def test_03_11(question):
    rng = np.random.default_rng(0)
    small, large = (rng.normal(size=(20000, size)).mean(axis=1).std() for size in (8, 32))
    noise, updates = Fraction(round(100 * large / small), 100), Fraction(960 // 32, 960 // 8)
    assert round(1 / noise, 1) == 2
    assert right_choice(question) == f"ばらつきは 1/{round(1 / noise)}、更新回数は {updates}"


# --- lesson 4 -------------------------------------------------------------------------------------


def kind_by_eigenvalues(values):
    if all(v > 0 for v in values):
        return "極小"
    if all(v < 0 for v in values):
        return "極大"
    return "鞍点" if min(values) < 0 < max(values) else "?"


def eigenvalues(a, b, c):
    """Eigenvalues of the matrix [[a, b], [b, c]]."""
    middle, half = (a + c) / 2, math.hypot((a - c) / 2, b)
    return middle - half, middle + half


@checks("04-1", "4x_0x_1")
def test_04_1(question):
    def written(values, kind=None):
        low, high = (f"{v:.0f}".replace("-", "−") for v in values)
        return f"固有値は {low} と {high}、{kind or kind_by_eigenvalues(values)}"

    right = eigenvalues(2, 4, 2)
    assert_choices(
        question,
        written(right),
        written((2, 2)),  # the diagonal only
        written(eigenvalues(1, 2, 1)),  # coefficients instead of second derivatives
        written(right, "極小"),  # by their sum
    )


@checks("04-2", "10 ステップ")
def test_04_2(question):
    x1, lr = Fraction(1, 1000), Fraction(1, 4)
    for _ in range(10):
        x1 = x1 - lr * (-4 * x1)
    assert_choices(
        question,
        f"{float(x1):g}",
        f"{0.001 * (1 - 0.25 * 4) ** 10:g}",  # sign
        f"{0.001 * (1 + 10 * 0.25 * 4):g}",  # added instead of multiplied
        f"{0.001 * (1 + 0.25 * 2) ** 10:.3f}",  # 2 x1² differentiated to 2 x1
    )


@checks("04-3", "臨界点2つ")
def test_04_3(question):
    def f(x):
        return x[0] ** 3 / 3 - x[0] + x[1] ** 2

    def kind(point):
        assert numerical_gradient(f, point) == pytest.approx(np.zeros(2), abs=1e-8)
        angles = np.linspace(0, 2 * np.pi, 360)
        around = f(
            np.array(point)[:, np.newaxis] + 0.01 * np.array([np.cos(angles), np.sin(angles)])
        )
        rises, falls = (around > f(point)).any(), (around < f(point)).any()
        return {(True, False): "極小", (False, True): "極大", (True, True): "鞍点"}[rises, falls]

    def written(first, second):
        return f"$(1, 0)$ は{first}、$(-1, 0)$ は{second}"

    assert_choices(
        question,
        written(kind((1.0, 0.0)), kind((-1.0, 0.0))),
        written("鞍点", "極小"),
        written("極小", "極大"),
        written("鞍点", "鞍点"),
    )


@checks("04-4", "分類する")
def test_04_4(question):
    cases = {
        (1, 2, 3): "極小",
        (-1, -2, -3): "極大",
        (1, -1, 2): "鞍点",
        (1, -1, -1): "鞍点",
        (2, 0, 1): "固有値だけでは決まらない",
        (0, -1, -2): "固有値だけでは決まらない",
        (0, 0, 0): "固有値だけでは決まらない",
    }

    def passes(code):
        return all(code["classify"](np.diag(v).astype(float)) == kind for v, kind in cases.items())

    assert_only_the_right_code_passes(question, passes)


@checks("04-5", "正規乱数")
def test_04_5(question):
    def passes(code):
        for x in (np.ones((2, 50_000)), np.zeros((2, 50_000))):
            noise = code["noisy_grad"](np.zeros_like, x, 0.1, np.random.default_rng(0))
            correlation = np.corrcoef(noise)[0, 1]
            if not (abs(noise.mean()) < 2e-3 and abs(noise.std() - 0.1) < 2e-3):
                return False
            if not abs(correlation) < 0.02:
                return False
        return True

    assert_only_the_right_code_passes(question, passes)


@checks("04-6", "C の $d$")
def test_04_6(question):
    curves = lines(question)
    reached = {name: int((curves[name][1] < -0.24).argmax()) for name in "ABC"}

    def steps(d):
        """Steps from (1, d), by the update written out."""
        x0, x1, count = 1.0, d, 0
        while x0**2 / 2 + x1**4 / 4 - x1**2 / 2 >= -0.24:
            x0, x1, count = 0.9 * x0, x1 - 0.1 * (x1**3 - x1), count + 1
        return count

    assert (reached["A"], reached["B"]) == (steps(1e-3), steps(1e-6))
    exponents = {"$7 \\times 10^{-7}$": 7e-7, "$10^{-7}$": 1e-7, "$10^{-9}$": 1e-9}
    exponents["$10^{-12}$"] = 1e-12
    fits = [text for text, d in exponents.items() if steps(d) == reached["C"]]
    assert fits == [right_choice(question)]
    assert 1e-6 * reached["B"] / reached["C"] == pytest.approx(7e-7, rel=0.05)  # if ∝ 1/d
    assert_choices(question, fits[0], *(set(exponents) - set(fits)))
    _, alt = pictures.passing_a_saddle_from_three_offsets()
    assert all(str(count) in alt for count in reached.values())


@checks("04-7", "鞍点はどれか")
def test_04_7(question):
    def f(x):
        return x[0] ** 3 / 3 - x[0] + x[1] ** 3 / 3 - x[1]

    kinds = {}
    for name, point in named_points(question).items():
        critical = np.hypot(*numerical_gradient(f, point)) < 1e-6
        kinds[name] = kind_by_eigenvalues(2 * point) if critical else "斜面"  # H = diag(2x0, 2x1)
    assert kinds == {"P": "極大", "Q": "斜面", "R": "極小", "S": "鞍点"}
    assert_choices(question, "S", "P", "Q", "R")
    values = contour_values(question)
    assert len(values) > 8
    for value, place in values:
        assert f(place) == pytest.approx(value, abs=0.03)


@checks("04-9", "固有値がすべて正になる確率")
def test_04_9(question):
    rng = np.random.default_rng(0)
    for n in (2, 3, 4):
        matrices = rng.normal(size=(20_000, n, n))
        values = np.linalg.eigvalsh((matrices + matrices.swapaxes(1, 2)) / 2)
        assert (values > 0).all(axis=1).mean() < 0.5**n - 0.05
    assert right_choice(question).startswith("$p$ は $(1/2)^n$ より小さく")


# --- coverage -------------------------------------------------------------------------------------


def test_every_question_is_recomputed_or_a_concept():
    assert CHECKED | CONCEPTS.keys() == QUESTIONS.keys()
    assert not CHECKED & CONCEPTS.keys()
    assert all(QUESTIONS[name].kind == "概念" for name in CONCEPTS)


@pytest.mark.parametrize("name", CONCEPTS)
def test_the_key_of_a_concept_is_the_choice_with_its_phrase(name):
    matching = [text for text, _ in QUESTIONS[name].choices if CONCEPTS[name] in text]
    assert matching == [right_choice(QUESTIONS[name])]
