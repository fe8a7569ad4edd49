"""The answer keys of lessons 5 to 7, recomputed in plain Python and NumPy, without the core.

A number in the right choice is computed anew and is in no wrong choice; a choice of code is run in
the blank; a picture is matched with runs made here. CONCEPTS names the rest.
"""

import math
import re

import numpy as np
import pytest

from tests.unit.answer_keys import (
    assert_only_the_right_code_passes,
    filled,
    lines,
    questions,
    right_choice,
    wrong_choices,
)

QUESTIONS = questions("05", "06", "07")
# The right choice of each concept question, by a phrase that no other choice has.
CONCEPTS = {
    "05-8": "学習率を少しずつ下げ",
    "05-9": r"勾配が $\sigma - t$ になる",
    "06-6": r"$\eta > 2/\lambda$ なら",
    "06-9": "発散",
    "06-10": "AdaGrad では下がる一方",
    "07-4": "極小のそばの条件",
    "07-9": "手法ごとに学習率を選び、いくつかの関数",
}


def right(id):
    """The text of the right choice."""
    return right_choice(QUESTIONS[id])


def wrong(id):
    """The texts of the wrong choices."""
    return wrong_choices(QUESTIONS[id])


def numbers(text):
    """The numbers in a choice, each with the half unit of its last digit (0 for a fraction)."""
    found = []
    for shown in re.findall(r"[-+]?\d+(?:\.\d+)?(?:/\d+)?", text):
        value, _, divisor = shown.partition("/")
        decimals = len(value.partition(".")[2])
        half_unit = 0 if divisor or not decimals else 0.5 * 10**-decimals
        found.append((float(value) / float(divisor or 1), half_unit))
    return found


def agrees(text, truth):
    """Whether the numbers in a choice are those of truth, rounded as shown."""
    shown = numbers(text)
    truth = np.atleast_1d(truth).tolist()
    return len(shown) == len(truth) and all(
        abs(value - true) <= half_unit + 1e-7 * abs(true)
        for (value, half_unit), true in zip(shown, truth, strict=True)
    )


def check_numbers(id, truth, misconceptions):
    """The right choice shows truth, the wrong ones what the misconceptions lead to, all apart."""
    assert agrees(right(id), truth), f"{id}: {right(id)} is not {truth}"
    for value in misconceptions:
        found = [text for text in wrong(id) if agrees(text, value)]
        assert len(found) == 1, f"{id}: {found} for {value}"
    assert len({tuple(numbers(text)) for text, _ in QUESTIONS[id].choices}) == 4
    assert not any(agrees(text, truth) for text in wrong(id))


def curves(id):
    """The curves of the picture that are named by a letter."""
    return {name: xy for name, xy in lines(QUESTIONS[id]).items() if re.fullmatch("[A-Z]", name)}


def slope(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


# --- numbers --------------------------------------------------------------------------------------


def one_step_on_the_plateau():
    return 3 - 0.5 * slope(lambda x: x**2 / (1 + x**2), 3.0)


def speed_under_a_constant_gradient():
    v = 0.0
    for _ in range(1000):
        v = 0.9 * v - 0.1 * 0.02
    return abs(v)


def largest_product_of_five_slopes():
    return max(slope(sigmoid, a / 100) for a in range(-500, 501)) ** 5


def normalised_output():
    x = [2, 2, 6, 6]
    mean = sum(x) / 4
    std = math.sqrt(sum((value - mean) ** 2 for value in x) / 4)
    return 3 * (6 - mean) / std - 1


def rate_at_epoch_50():
    lr = 0.4
    for epoch in range(1, 51):
        lr *= 0.5 if epoch % 20 == 0 else 1
    return lr


def largest_stable_rate():
    def converges(lr):
        x0, x1 = 1.0, 1.0
        for _ in range(1000):
            x0, x1 = x0 - lr * slope(lambda x: x**2, x0), x1 - lr * slope(lambda x: 10 * x**2, x1)
            if abs(x0) + abs(x1) > 10:
                return False
        return abs(x0) + abs(x1) < 0.1

    low, high = 0.01, 2.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if converges(middle) else (low, middle)
    return round(low, 3)


def stationary_variance():
    variance = 0.0
    for _ in range(1000):
        variance = (1 - 0.4) ** 2 * variance + 0.4**2
    return variance


def rate_of_a_history():
    def history(lr):
        x = [5.0]
        for _ in range(3):
            x.append(x[-1] - lr * 2 * x[-1])
        return x

    (lr,) = (k / 100 for k in range(1, 300) if np.allclose(history(k / 100), [5, -4, 3.2, -2.56]))
    return lr


def himmelblau(x0, x1):
    return (x0**2 + x1 - 11) ** 2 + (x0 + x1**2 - 7) ** 2


def himmelblau_slopes(x0, x1):
    return np.array(
        [slope(lambda t: himmelblau(t, x1), x0), slope(lambda t: himmelblau(x0, t), x1)]
    )


def one_step_on_himmelblau():
    return -0.01 * himmelblau_slopes(0.0, 0.0)


def shape_of_a_history():
    x = np.array([1.0, 2.0])
    x_history = [x]
    for _ in range(50):
        x = x - 0.1 * 2 * x
        x_history.append(x)
    return np.array(x_history).shape


# The right number, and the numbers that the misconceptions of the wrong choices lead to.
NUMBERS = {
    "05-1": (one_step_on_the_plateau, [3 - 0.06, 3 - 0.5 * 0.6, 3 + 0.5 * 0.06]),
    "05-2": (speed_under_a_constant_gradient, [0.002, 0.002 * 1.9, 0.002 * 0.9 / 0.1]),
    "05-3": (largest_product_of_five_slopes, [sigmoid(0) ** 5, 1 / 4 / 5, 1]),
    "05-4": (normalised_output, [(6 - 4) / 2, 3 * (6 - 4) / 4 - 1, 3 * (1 - 1)]),
    "06-1": (rate_at_epoch_50, [0.4 * 0.5, 0.4 * 0.5**3, 0.4 * 0.5 * 2]),
    "06-2": (largest_stable_rate, [2 / 10, 2 / 2, 1 / 20]),
    "06-5": (stationary_variance, [0.4 / 2, 0.4**2, 0]),
    "07-1": (rate_of_a_history, [(1 - 0.8) / 2, 1 + 0.8, 0.8]),
    "07-2": (one_step_on_himmelblau, [(-0.14, -0.22), (0.22, 0.14), (0.07, 0.11)]),
    "07-7": (shape_of_a_history, [(50, 2), (2, 51), (52, 2)]),
}


@pytest.mark.parametrize("id", NUMBERS)
def test_number(id):
    truth, misconceptions = NUMBERS[id]
    check_numbers(id, truth(), misconceptions)


# --- code -----------------------------------------------------------------------------------------


def delta_of_a_tanh_layer(back):
    """The deltas of one layer, of a net whose last layer sums up."""
    a, W_next = np.array([[0.3, -1.2], [0.8, 0.1]]), np.array([[0.5, -2.0], [1.5, 0.7]])
    return back(np.ones((2, 2)), W_next, np.tanh(a))


def true_delta():
    a, W_next = np.array([[0.3, -1.2], [0.8, 0.1]]), np.array([[0.5, -2.0], [1.5, 0.7]])
    delta = np.empty((2, 2))
    for place in np.ndindex(2, 2):
        step = np.zeros((2, 2))
        step[place] = 1e-6
        up, down = ((np.tanh(a + sign * step) @ W_next).sum() for sign in (1, -1))
        delta[place] = (up - down) / 2e-6
    return delta


def weight_spread(init_weight):
    """n · variance of a weight: the values pass a ReLU layer undamped where it is 2."""
    n, m = 200, 50
    one = init_weight(n, m, np.random.default_rng(0)) / np.random.default_rng(0).normal(size=(n, m))
    return n * one.mean() ** 2


def warmup_rates(warmup):
    return [warmup(0.8, 4, t) for t in range(7)]


def slopes_near_and_far(slope):
    return [1 + slope(lambda x: x**2, x) for x in (0.0, 1.0, 1e13)]


def start_left_alone(descend):
    results = []
    for start in (np.array([3.0, -4.0]), np.array([3, -4])):
        x = descend(lambda x: 2 * x, start, 0.1, 2)
        results += [*x, *start]
    return results


def settled_steps(settled):
    return [settled([5, 0.5, 0.001, 0.3, 0.002, 0.2, 0.1, 0.004, 0.001]), settled([2, 1, 0.001])]


CODE = {
    "05-5": (delta_of_a_tanh_layer, true_delta()),
    "05-6": (weight_spread, 2.0),
    "06-4": (warmup_rates, [0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8]),
    "06-8": (slopes_near_and_far, [1, 3, 1 + 2e13]),
    "07-3": (start_left_alone, [1.92, -2.56, 3, -4, 1.92, -2.56, 3, -4]),
    "07-6": (settled_steps, [7, 2]),
}


@pytest.mark.parametrize("id", CODE)
def test_code(id):
    observe, truth = CODE[id]

    def passes(names):
        (function,) = names.values()
        seen = np.asarray(observe(function), dtype=float)
        return seen.shape == np.shape(truth) and np.allclose(seen, truth, rtol=1e-6)

    assert_only_the_right_code_passes(QUESTIONS[id], passes)


def test_he_keeps_the_size_through_relu_layers():
    (init_weight,) = filled(QUESTIONS["05-6"], right("05-6")).values()
    rng = np.random.default_rng(0)
    z = rng.normal(size=(200, 200))
    size = (z**2).mean()
    for _ in range(5):
        z = np.maximum(0, z @ init_weight(200, 200, rng))
    assert 0.5 < (z**2).mean() / size < 2


# --- pictures -------------------------------------------------------------------------------------


def plateau_run(name):
    """|x| of 3000 steps on x²/(1+x²) from 10 at the rate 0.1."""
    x, v, h, distance = 10.0, 0.0, 0.0, [10.0]
    for _ in range(3000):
        g = 2 * x / (1 + x**2) ** 2
        if name == "GD":
            x -= 0.1 * g
        elif name == "Momentum":
            v = 0.9 * v - 0.1 * g
            x += v
        else:
            h = 0.9 * h + 0.1 * g**2
            x -= 0.1 * g / (math.sqrt(h) + 1e-8)
        distance.append(abs(x))
    return distance


def test_methods_on_the_plateau():
    runs = {name: plateau_run(name) for name in ("GD", "Momentum", "RMSprop")}
    pairs = []
    for letter, (_, distance) in curves("05-7").items():
        (name,) = (n for n, run in runs.items() if np.allclose(distance, run, rtol=1e-3, atol=1e-3))
        pairs.append(f"{letter} は {name}")
    assert right("05-7") == "、".join(pairs)
    assert runs["RMSprop"][-1] == pytest.approx(0.05, rel=1e-3)
    assert runs["Momentum"][-1] < 1e-6
    assert runs["GD"][-1] > 9


def test_rates_of_the_loss_curves():
    steps, loss = curves("06-3")["C"]
    factor = math.sqrt(loss[1] / loss[0])
    assert np.allclose(loss, loss[0] * factor ** (2 * steps))

    def makes_c(text):
        ((lr, _),) = numbers(text)
        return math.isclose(abs(1 - 2 * lr), factor)

    assert makes_c(right("06-3"))
    assert not any(makes_c(text) for text in wrong("06-3"))


def test_cosine_among_the_schedules():
    cosine = [0.05 * (1 + math.cos(math.pi * t / 100)) for t in range(100)]
    names = [name for name, (_, rates) in curves("06-7").items() if np.allclose(rates, cosine)]
    assert names == [right("06-7")]


def test_momentum_passes_the_near_minimum_of_himmelblau():
    runs = {}
    for name, alpha in (("最急降下法", 0), ("Momentum", 0.9)):
        x, v = np.zeros(2), np.zeros(2)
        path = [x]
        for _ in range(100):
            v = alpha * v - 0.01 * himmelblau_slopes(*x)
            x = x + v
            path.append(x)
        runs[name] = np.array(path)
    paths = {letter: np.transpose(line) for letter, line in curves("07-5").items()}
    assert np.allclose(paths["A"], runs["最急降下法"], atol=1e-3)
    assert np.allclose(paths["B"], runs["Momentum"], atol=1e-3)
    near = np.hypot(*(paths["B"] - [3, 2]).T)
    closest = near.argmin()
    assert near[closest] < 0.5
    assert np.hypot(*(paths["B"][closest + 1] - paths["B"][closest])) > 1
    assert np.allclose(paths["A"][-1], [3, 2], atol=0.01)
    assert np.allclose(paths["B"][-1], [3.58, -1.85], atol=0.1)
    assert himmelblau(3, 2) == 0
    assert himmelblau(3.584428, -1.848127) < 1e-9
    assert right("07-5").startswith("Momentum")
    assert "行き過ぎた" in right("07-5")


def test_only_one_run_is_still_falling():
    falling = [
        name
        for name, (_, loss) in curves("07-8").items()
        if loss[-1] > 0.01 and loss[-1] < 0.99 * loss[-11]
    ]
    assert falling == [right("07-8")]


# --- concepts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", CONCEPTS)
def test_concept(id):
    assert CONCEPTS[id] in right(id)
    assert not any(CONCEPTS[id] in text for text in wrong(id))


def test_every_question_is_covered():
    of_pictures = {"05-7", "06-3", "06-7", "07-5", "07-8"}
    kinds = {"計算": set(NUMBERS), "穴埋め": set(CODE), "図": of_pictures, "概念": set(CONCEPTS)}
    for kind, covered in kinds.items():
        assert covered == {id for id in QUESTIONS if QUESTIONS[id].kind == kind}
