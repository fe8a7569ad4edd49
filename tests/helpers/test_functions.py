"""The landscapes against formulas written out a second time, differentiated by a complex step.

The complex step f'(x) = Im f(x + ih) / h has no difference of close numbers and is exact to the
last digits, so neither the value nor the gradient in `helpers` can confirm itself.
"""

import dataclasses

import numpy as np
import pytest

import helpers
from helpers import Landscape, numerical_gradient, numerical_hessian, quadratic, sigmoid
from tests.conftest import JAPANESE

TRUTH = {
    "function_2": lambda x, y: x * x + y * y,
    "valley": lambda x, y: 0.05 * x * x + y * y,
    "saddle": lambda x, y: (x + y) * (x - y),
    "saddle_with_minima": lambda x, y: x * x / 2 + y * y * (y * y - 2) / 4,
    "product": lambda x, y: x * y,
    "monkey_saddle": lambda x, y: x * (x * x - 3 * y * y),
    "plateau": lambda x: 1 - 1 / (1 + x * x),
    "sigmoid_squared_loss": lambda w: 0.5 / (1 + np.exp(-w)) ** 2,
    "sigmoid_cross_entropy": lambda w: -np.log(1 - 1 / (1 + np.exp(-w))),
    "square": lambda x: x * x,
    "quartic": lambda x: ((x * x - 4) * x + 1) * x,
    "dimple": lambda x: x * x / 20 - 0.6 * np.exp(-(x - 4) * (x - 4) / 0.18),
    "rosenbrock": lambda x, y: (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
    "beale": lambda x, y: (
        (1.5 - x * (1 - y)) ** 2
        + (2.25 - x * (1 - y * y)) ** 2
        + (2.625 - x * (1 - y * y * y)) ** 2
    ),
    "himmelblau": lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    "quadratic(1, 25)": lambda x, y: 0.5 * x * x + 12.5 * y * y,
}
LANDSCAPES = {
    name: quadratic(1, 25) if name == "quadratic(1, 25)" else getattr(helpers, name)
    for name in TRUTH
}

# At points worth looking at, by hand
HESSIANS = {
    "valley": ((-7, 2), [[0.1, 0], [0, 2]]),
    "saddle": ((1, 1), [[2, 0], [0, -2]]),
    "saddle_with_minima": ((0, 1), [[1, 0], [0, 2]]),
    "product": ((3, 1), [[0, 1], [1, 0]]),
    "monkey_saddle": ((0, 0), [[0, 0], [0, 0]]),
    "plateau": ((0,), [[2]]),
    "square": ((3,), [[2]]),
    "quartic": ((1,), [[4]]),
    "rosenbrock": ((1, 1), [[802, -400], [-400, 200]]),
    "beale": ((0, 1), [[0, 27.75], [27.75, 0]]),
    "himmelblau": ((3, 2), [[74, 20], [20, 34]]),
    "quadratic(1, 25)": ((0, 0), [[1, 0], [0, 25]]),
}


def by_complex_step(name, x):
    """The gradient of the second formula at the points x, shape (n, *batch)."""
    shifts = 1e-30j * np.eye(len(x))
    return np.array(
        [TRUTH[name](*(x.T + shift).T).imag / 1e-30 for shift in shifts]  # x.T: coordinates last
    )


def by_differences_of_it(name, point):
    """The Hessian of the second formula at one point, good to about 1e-8."""
    point = np.asarray(point, dtype=float)
    return np.array(
        [
            by_complex_step(name, point + 1e-5 * e) - by_complex_step(name, point - 1e-5 * e)
            for e in np.eye(len(point))
        ]
    ) / (2 * 1e-5)


def grid(landscape, per_side=9):
    """Points over the whole range that is drawn, shape (n, *batch)."""
    return np.array(
        np.meshgrid(*(np.linspace(low, high, per_side) for low, high in landscape.ranges))
    )


def test_no_landscape_is_without_a_second_formula():
    public = {n for n in helpers.__all__ if isinstance(vars(helpers).get(n), Landscape)}
    assert public == TRUTH.keys() - {"quadratic(1, 25)"}


@pytest.mark.parametrize("name", TRUTH)
def test_value_is_the_second_formula(name):
    f = LANDSCAPES[name]
    x = grid(f)
    np.testing.assert_allclose(f(x), TRUTH[name](*x), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", TRUTH)
def test_exact_gradient_is_exact(name):
    f = LANDSCAPES[name]
    x = grid(f)
    assert f.grad(x).shape == x.shape
    np.testing.assert_allclose(f.grad(x), by_complex_step(name, x), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", TRUTH)
def test_numerical_gradient_agrees_with_the_exact_one(name):
    f = LANDSCAPES[name]
    x = grid(f)
    size = np.abs(by_complex_step(name, x)).max()
    np.testing.assert_allclose(
        numerical_gradient(f, x), by_complex_step(name, x), rtol=1e-7, atol=1e-9 * (1 + size)
    )


@pytest.mark.parametrize("name", TRUTH)
def test_numerical_hessian_agrees_with_the_second_formula(name):
    f = LANDSCAPES[name]
    x = np.array([0.4 * low + 0.6 * high for low, high in f.ranges])
    expected = by_differences_of_it(name, x)
    np.testing.assert_allclose(numerical_hessian(f, x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", HESSIANS)
def test_numerical_hessian_agrees_with_the_hand_calculation(name):
    point, expected = HESSIANS[name]
    np.testing.assert_allclose(
        numerical_hessian(LANDSCAPES[name], point), expected, rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("name", TRUTH)
def test_minima_and_saddles_are_critical_to_the_digits_given(name):
    f = LANDSCAPES[name]
    for point in (*f.minima, *f.saddles):
        gradient = by_complex_step(name, np.array(point, dtype=float))
        curvature = np.abs(np.linalg.eigvalsh(by_differences_of_it(name, point))).max()
        assert np.linalg.norm(gradient) <= 1e-6 * curvature + 1e-15  # six decimals and more
        np.testing.assert_allclose(f.grad(point), gradient, atol=1e-9)


@pytest.mark.parametrize("name", TRUTH)
def test_minima_bend_upwards_in_every_direction(name):
    for point in LANDSCAPES[name].minima:
        assert np.linalg.eigvalsh(by_differences_of_it(name, point)).min() > 0.01


@pytest.mark.parametrize("name", [name for name in TRUTH if name != "monkey_saddle"])
def test_saddles_bend_both_ways(name):
    for point in LANDSCAPES[name].saddles:
        low, high = np.linalg.eigvalsh(by_differences_of_it(name, point))
        assert low < -0.01
        assert high > 0.01


def test_monkey_saddle_is_flat_to_second_order_and_goes_up_and_down_three_times():
    f = helpers.monkey_saddle
    assert f.saddles == ((0, 0),)
    angle = np.arange(6) * np.pi / 3
    np.testing.assert_allclose(f([np.cos(angle), np.sin(angle)]), [1, -1] * 3, atol=1e-12)


def test_the_places_that_the_lessons_speak_of():
    assert helpers.saddle_with_minima([0, 1]) == helpers.saddle_with_minima([0, -1]) == -0.25
    assert sorted(helpers.saddle_with_minima.minima) == [(0, -1), (0, 1)]
    assert helpers.saddle.minima == ()
    assert sorted(helpers.quartic.minima) == [
        (pytest.approx(-1.473, abs=5e-4),),
        (pytest.approx(1.347, abs=5e-4),),
    ]
    assert (pytest.approx(3.9397, abs=5e-5),) in helpers.dimple.minima
    assert helpers.rosenbrock.minima == ((1, 1),)
    assert helpers.beale.minima == ((3, 0.5),)
    assert (3, 2) in helpers.himmelblau.minima
    assert (len(helpers.himmelblau.minima), len(helpers.himmelblau.saddles)) == (4, 4)
    assert all(helpers.himmelblau(point) < 1e-9 for point in helpers.himmelblau.minima)


@pytest.mark.parametrize("name", TRUTH)
def test_every_named_place_lies_in_the_drawn_range(name):
    f = LANDSCAPES[name]
    for point in (*f.minima, *f.saddles):
        assert all(low < c < high for c, (low, high) in zip(point, f.ranges, strict=True))


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("batch", [(), (1,), (5,), (2, 3, 4)])
def test_a_batch_is_its_points_and_nothing_is_written(name, batch):
    f = LANDSCAPES[name]
    x = np.random.default_rng(0).uniform(-2, 2, (len(f.ranges), *batch))
    x.flags.writeable = False
    assert np.shape(f(x)) == batch
    for where in np.ndindex(*batch):
        np.testing.assert_allclose(f(x)[where], f(x[:, *where]), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(
            f.grad(x)[:, *where], f.grad(x[:, *where]), rtol=1e-12, atol=1e-12
        )


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("kind", [list, tuple, np.int8, np.uint8, np.float16, np.float32])
def test_any_real_type_gives_the_float64_result(name, kind):
    f = LANDSCAPES[name]
    exact = np.array([3.0, 2.0][: len(f.ranges)])
    x = kind(exact) if kind in (list, tuple) else exact.astype(kind)
    assert f(x) == f(exact)
    assert f.grad(x).dtype == np.float64
    np.testing.assert_array_equal(f.grad(x), f.grad(exact))


@pytest.mark.parametrize("name", TRUTH)
def test_name_is_japanese(name):
    f = LANDSCAPES[name]
    assert any("ぁ" <= c <= "ヶ" or "一" <= c <= "龠" for c in f.name)


def test_a_landscape_cannot_be_changed_by_accident():
    with pytest.raises(dataclasses.FrozenInstanceError):
        helpers.valley.minima = ()


# --- sigmoid --------------------------------------------------------------------------------------


def test_sigmoid_is_the_logistic_function():
    a = np.linspace(-20, 20, 41)
    np.testing.assert_allclose(sigmoid(a), 1 / (1 + np.exp(-a)), rtol=1e-7, atol=1e-15)
    assert sigmoid(0) == 0.5
    assert sigmoid(np.log(3)) == pytest.approx(0.75)
    assert sigmoid([[0, 0]]).shape == (1, 2)


def test_sigmoid_never_overflows():
    np.testing.assert_array_equal(sigmoid([-1e300, -800, 800, 1e300]), [0, 0, 1, 1])


@pytest.mark.parametrize("a", ["1", None, 1j, [1, "2"], [[1], [1, 2]]])
def test_sigmoid_of_no_number_is_refused(a):
    with pytest.raises(ValueError, match=JAPANESE):
        sigmoid(a)


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRUTH)
@pytest.mark.parametrize("call", ["__call__", "grad"])
@pytest.mark.parametrize(
    "x",
    [
        "abc",
        None,
        3.0,
        [],
        [1 + 1j, 2],
        [[1, 2], [3]],
        ["1", "2"],
        [1, 2, 3],
        np.ones((3, 2)),
        np.ma.masked_array([1.0, 2.0], mask=[True, False]),
    ],
    ids=str,
)
def test_what_is_no_point_of_the_landscape_is_refused(name, call, x):
    with pytest.raises(ValueError, match=JAPANESE):
        getattr(LANDSCAPES[name], call)(x)


def test_wrong_number_of_coordinates_is_named():
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        helpers.valley(np.ones((3, 4)))
    assert "2" in str(caught.value)
    assert "(3, 4)" in str(caught.value)


@pytest.mark.parametrize(
    "bad", ["1", None, np.nan, np.inf, 0, -1, 1j, [1, 2]], ids=lambda bad: repr(bad)
)
@pytest.mark.parametrize("position", [0, 1])
def test_quadratic_needs_two_positive_numbers(bad, position):
    arguments = [1, 25]
    arguments[position] = bad
    with pytest.raises(ValueError, match=JAPANESE):
        quadratic(*arguments)
