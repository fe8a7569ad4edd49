"""The numbers of lessons 2 to 7 that the lessons print, recomputed from the core alone.

"Steps" is the number of updates after which the condition holds for the first time. Long runs use
the exact gradient, and runs that differ only in the rate or the start are one batch.
"""

import numpy as np
import pytest

from helpers import (
    AdaGrad,
    Adam,
    Momentum,
    Nesterov,
    RMSprop,
    beale,
    dimple,
    exponential_decay,
    function_2,
    gradient_descent,
    himmelblau,
    numerical_gradient,
    numerical_hessian,
    plateau,
    quadratic,
    quartic,
    rosenbrock,
    saddle,
    saddle_with_minima,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_squared_loss,
    square,
    valley,
)


def run(f, start, lr, step_num, optimizer=None):
    return gradient_descent(f, start, lr, step_num, optimizer=optimizer, grad=f.grad)[1]


def first(condition):
    """Index of the first True along axis 0, -1 where there is none."""
    return np.where(condition.any(axis=0), condition.argmax(axis=0), -1).tolist()


def distance(x_history, target):
    """Distance to target, shape (step_num+1, *batch)."""
    coordinates_last = np.moveaxis(x_history, 1, -1)
    return np.linalg.norm(coordinates_last - np.array(target), axis=-1)


def bound(f, minimum):
    """2 / (largest eigenvalue of the Hessian at the minimum)."""
    return 2 / np.linalg.eigvalsh(numerical_hessian(f, minimum)).max()


# --- lesson 2 -------------------------------------------------------------------------------------


def test_gradient_of_function_2_at_3_4():
    np.testing.assert_allclose(numerical_gradient(function_2, [3, 4]), [6, 8], rtol=1e-9)


def test_field_has_324_points():
    side = np.arange(-2, 2.5, 0.25)
    assert (side[0], side[-1]) == (-2, 2.25)
    field = np.array(np.meshgrid(side, side))
    assert field[0].size == 324
    np.testing.assert_allclose(numerical_gradient(function_2, field), 2 * field, atol=1e-9)


def test_descent_direction_and_direction_to_the_minimum_are_64_degrees_apart():
    x = np.array([-7.0, 2.0])
    down, home = -numerical_gradient(valley, x), -x
    angle = np.arccos(down @ home / np.linalg.norm(down) / np.linalg.norm(home))
    assert np.degrees(angle) == pytest.approx(64, abs=0.5)


# --- lesson 3: the valley from (-7, 2) until the distance is below 1e-3 ---------------------------

START = [-7.0, 2.0]


def test_valley_has_condition_number_20():
    eigenvalues = np.linalg.eigvalsh(numerical_hessian(valley, [0, 0]))
    np.testing.assert_allclose(eigenvalues, [0.1, 2], rtol=1e-6)


def test_steps_of_gradient_descent_in_the_valley():
    x_history = run(valley, START, [0.1, 0.5, 0.95, 0.99], 1000)
    assert first(distance(x_history, [0, 0]) < 1e-3) == [881, 173, 89, 377]


def test_at_rate_1_it_swings_between_plus_and_minus_2_for_ever():
    x_history = run(valley, START, 1.0, 1000)
    np.testing.assert_array_equal(x_history[:, 1], 2.0 * (-1.0) ** np.arange(1001))


def test_at_rate_1_1_it_diverges():
    assert np.abs(run(valley, START, 1.1, 200)[-1]).max() > 1e15


@pytest.mark.parametrize(
    ("steps", "lr", "optimizer"),
    [
        (160, 0.1, Momentum()),
        (26, 1.336, Momentum(0.403)),
        (98, 0.1, Nesterov()),
        (69, 1.5, AdaGrad()),
        (144, 0.3, Adam()),
        (-1, 0.1, RMSprop()),
        (415, exponential_decay(0.1, 0.99), RMSprop()),
    ],
    ids=["momentum", "momentum tuned", "nesterov", "adagrad", "adam", "rmsprop", "rmsprop decayed"],
)
def test_steps_of_the_methods_in_the_valley(steps, lr, optimizer):
    x_history = run(valley, START, lr, 1000, optimizer)
    assert first(distance(x_history, [0, 0]) < 1e-3) == steps


def test_tuned_momentum_is_polyaks_optimum():
    small, large = 0.1**0.5, 2**0.5
    assert 4 / (small + large) ** 2 == pytest.approx(1.336, abs=5e-4)
    assert ((large - small) / (large + small)) ** 2 == pytest.approx(0.403, abs=5e-4)


def test_adam_rebounds_above_1e_3():
    assert distance(run(valley, START, 0.3, 400, Adam()), [0, 0])[145:].max() > 1e-3


def test_rmsprop_chatters_at_half_its_rate():
    x_history = run(valley, START, 0.1, 2000, RMSprop())
    np.testing.assert_allclose(np.abs(x_history[-10:]), 0.05, atol=1e-4)


@pytest.mark.parametrize(
    ("value", "lr", "optimizer"),
    [
        (0.0007, 1.5, AdaGrad()),
        (0.013, 0.95, None),
        (0.048, 0.1, Momentum()),
        (0.102, 0.3, Adam()),
    ],
    ids=["adagrad", "sgd", "momentum", "adam"],
)
def test_value_after_30_steps_of_the_books_settings(value, lr, optimizer):
    decimals = 4 if value < 0.001 else 3
    assert round(float(valley(run(valley, START, lr, 30, optimizer)[-1])), decimals) == value


# --- lesson 4: the saddle between two minima ------------------------------------------------------


def steps_past_the_saddle(x_history):
    return first(saddle_with_minima(np.moveaxis(x_history, 1, 0)) < -0.24)


def test_steps_past_the_saddle_grow_with_the_logarithm_of_the_offset():
    x_history = run(saddle_with_minima, [[1.0] * 3, [1e-3, 1e-6, 1e-9]], 0.1, 400)
    assert steps_past_the_saddle(x_history) == [79, 152, 224]


METHODS = {
    "momentum": (52, Momentum),
    "nesterov": (46, Nesterov),
    "adagrad": (50, AdaGrad),
    "adam": (10, Adam),
    "rmsprop": (7, RMSprop),
}


@pytest.mark.parametrize(("steps", "cls"), METHODS.values(), ids=METHODS)
def test_steps_of_the_methods_past_the_saddle(steps, cls):
    x_history = run(saddle_with_minima, [1.0, 1e-6], 0.1, 400, cls())
    assert steps_past_the_saddle(x_history) == steps


@pytest.mark.parametrize("cls", [None, *(cls for _, cls in METHODS.values())])
def test_from_the_axis_no_method_ever_leaves(cls):
    x_history = run(saddle_with_minima, [1.0, 0.0], 0.1, 2000, cls and cls())
    np.testing.assert_array_equal(x_history[:, 1], 0)


def test_noise_frees_gradient_descent_in_about_60_to_120_steps():
    rng = np.random.default_rng(0)
    _, x_history = gradient_descent(
        saddle_with_minima,
        np.tile([[1.0], [0.0]], 500),
        0.1,
        400,
        grad=lambda x: saddle_with_minima.grad(x) + 0.01 * rng.normal(size=x.shape),
    )
    steps = steps_past_the_saddle(x_history)
    assert min(steps) > 50
    assert 60 <= np.percentile(steps, 5)
    assert np.percentile(steps, 95) <= 120


def test_the_minima_lie_at_plus_and_minus_1_with_value_minus_a_quarter():
    x_history = run(saddle_with_minima, [[1.0, 1.0], [1e-3, -1e-3]], 0.1, 1000)
    np.testing.assert_allclose(x_history[-1], [[0, 0], [1, -1]], atol=1e-12)
    np.testing.assert_allclose(saddle_with_minima(x_history[-1]), -0.25)


def test_the_pure_saddle_is_unbounded_below():
    values = saddle(np.moveaxis(run(saddle, [1.0, 1e-6], 0.1, 300), 1, 0))
    assert values[-1] < -1e20


# --- lesson 5 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "optimizer"),
    [
        (13046, None),
        (1401, Momentum()),
        (857, AdaGrad()),
        (138, Adam()),
        (65, RMSprop()),
    ],
    ids=["gradient descent", "momentum", "adagrad", "adam", "rmsprop"],
)
def test_steps_off_the_plateau(steps, optimizer):
    x_history = run(plateau, [10.0], 0.1, steps + 100, optimizer)
    assert first(np.abs(x_history[:, 0]) < 1e-3) == steps


@pytest.mark.parametrize(
    ("steps", "loss"), [(22134, sigmoid_squared_loss), (21, sigmoid_cross_entropy)]
)
def test_steps_out_of_a_saturated_sigmoid(steps, loss):
    x_history = run(loss, [10.0], 1, steps + 10)
    assert first(sigmoid(x_history[:, 0]) < 0.1) == steps


def test_a_product_of_ten_sigmoid_derivatives_is_at_most_9_5e_7():
    a = np.linspace(-5, 5, 1001)
    largest = (sigmoid(a) * sigmoid(-a)).max()
    assert largest**10 == pytest.approx(9.5e-7, rel=0.01)


# --- lesson 6 -------------------------------------------------------------------------------------


def test_steps_on_x_squared():
    rates = [0.01, 0.99, 0.1, 0.9, 0.3, 0.7, 0.5, 1.0, 1.1]
    x_history = run(square, [3.0], rates, 1000)[:, 0]
    assert first(np.abs(x_history) < 1e-6) == [739, 739, 67, 67, 17, 17, 1, -1, -1]
    np.testing.assert_array_equal(x_history[:, 7], 3 * (-1.0) ** np.arange(1001))
    assert abs(x_history[-1, 8]) > 1e70


def test_bound_of_the_quadratic_is_0_08():
    f = quadratic(1, 25)
    assert bound(f, [0, 0]) == pytest.approx(0.08, rel=1e-6)
    below, at, above = run(f, [1.0, 1.0], [0.0799, 0.08, 0.0801], 5000)[-1, 1]
    assert abs(below) < 1e-5
    assert abs(at) == pytest.approx(1, rel=1e-9)
    assert abs(above) > 1e5


def test_rate_10_with_a_fixed_h_freezes_and_without_it_does_not():
    x, x_history = gradient_descent(
        function_2, [-3.0, 4.0], 10, 100, grad=lambda x: numerical_gradient(function_2, x, h=1e-4)
    )
    assert [f"{c:.1e}" for c in x] == ["-2.6e+13", "-1.3e+12"]
    np.testing.assert_array_equal(numerical_gradient(function_2, x_history[10], h=1e-4), [0, 0])
    assert (x_history[9] != x_history[10]).any()
    x, _ = gradient_descent(function_2, [-3.0, 4.0], 10, 100)
    assert [f"{c:.1e}" for c in x] == ["-2.3e+128", "3.0e+128"]


def test_bounds_of_the_two_minima_of_the_quartic():
    assert bound(quartic, [1.3469974]) == pytest.approx(0.145, abs=5e-4)
    assert bound(quartic, [-1.4729976]) == pytest.approx(0.111, abs=5e-4)


def test_the_basin_of_the_start_decides_for_every_small_rate():
    top = min(np.roots([4, 0, -8, 1]), key=abs)  # the maximum between the minima
    starts = np.linspace(-2, 2, 41)
    x_history = run(quartic, starts[None, :, None], [0.001, 0.003, 0.01, 0.03, 0.1], 5000)
    expected = np.where(starts < top, -1.473, 1.347)[:, None]
    np.testing.assert_allclose(x_history[-1, 0], np.broadcast_to(expected, (41, 5)), atol=5e-4)


def test_only_a_large_rate_leaves_the_dimple():
    assert numerical_gradient(dimple, [3.9397])[0] == pytest.approx(0, abs=1e-4)
    assert bound(dimple, [3.9396986]) == pytest.approx(0.314, abs=5e-4)
    starts = np.linspace(4.5, 6, 31)[None, :, None]
    small = run(dimple, starts, [0.01, 0.1, 0.2, 0.3, 0.31], 2000)[-1, 0]
    np.testing.assert_allclose(small, 3.9397, atol=1e-4)
    large = run(dimple, starts, [0.8, 1, 2, 4, 8, 10], 2000)[-1, 0]
    np.testing.assert_allclose(large, 0, atol=1e-6)


def test_noisy_quadratic_has_the_stationary_variance():
    rng = np.random.default_rng(0)
    rates = np.array([0.1, 0.5, 1.0])
    _, x_history = gradient_descent(
        lambda w: w[0] ** 2 / 2,
        np.zeros((1, 2000, 1)),
        rates,
        300,
        grad=lambda w: w + rng.normal(size=w.shape),
    )
    np.testing.assert_allclose(x_history[100:, 0].var(axis=(0, 1)), rates / (2 - rates), rtol=0.03)


def test_bound_of_rosenbrock():
    assert bound(rosenbrock, [1, 1]) == pytest.approx(0.0019968, abs=5e-8)


def test_steps_of_gradient_descent_on_rosenbrock():
    near = distance(run(rosenbrock, [-1.2, 1.0], [0.001, 0.0019, 0.003], 12_000), [1, 1]) < 0.01
    assert first(near) == [11329, 5934, -1]


@pytest.mark.parametrize(
    ("steps", "lr", "optimizer"),
    [(1027, 0.001, Momentum()), (972, 0.1, Adam())],
    ids=["momentum", "adam"],
)
def test_steps_of_momentum_and_adam_on_rosenbrock(steps, lr, optimizer):
    x_history = run(rosenbrock, [-1.2, 1.0], lr, 1200, optimizer)
    assert first(distance(x_history, [1, 1]) < 0.01) == steps


# --- lesson 7 -------------------------------------------------------------------------------------


def test_demo_of_the_seed():
    start = np.array([-3.0, 4.0])
    x, x_history = gradient_descent(function_2, start, 0.1, 20)
    assert np.round(x, 5).tolist() == [-0.03459, 0.04612]
    assert len(x_history) == 21
    np.testing.assert_allclose(x_history[1:] / x_history[:-1], 0.8, rtol=1e-8)


def test_beale_from_1_1():
    assert bound(beale, [3, 0.5]) == pytest.approx(0.0408, abs=5e-5)
    x_history = run(beale, [1.0, 1.0], 0.04, 400)
    assert first(distance(x_history, [3, 0.5]) < 0.01) == 298


def test_beale_from_1_1_5_diverges_at_step_5_below_the_bound_of_the_minimum():
    x_history = run(beale, [1.0, 1.5], 0.04, 10)
    assert first(np.linalg.norm(x_history, axis=1) > 1e3) == 5
    assert not np.isfinite(x_history[-1]).all()


@pytest.mark.parametrize(
    ("end", "optimizer"), [([3, 2], None), ([3.58, -1.85], Momentum())], ids=["gd", "momentum"]
)
def test_himmelblau_from_the_origin(end, optimizer):
    x_history = run(himmelblau, [0.0, 0.0], 0.01, 500, optimizer)
    np.testing.assert_allclose(x_history[-1], end, atol=5e-3)
