"""numerical_derivative, numerical_gradient, numerical_hessian, tangent_line against calculus."""

import tracemalloc

import numpy as np
import pytest

from helpers import (
    numerical_derivative,
    numerical_gradient,
    numerical_hessian,
    tangent_line,
    vectorized_gradient,
)
from helpers.gradient import STACK
from tests.conftest import JAPANESE

both = pytest.mark.parametrize("gradient", [numerical_gradient, vectorized_gradient])


def bowl(x):
    return x[0] ** 2 + x[1] ** 2


# --- derivative -----------------------------------------------------------------------------------


def test_two_x_at_three_prints_the_number_of_the_article():
    assert numerical_derivative(lambda x: 2 * x, 3, h=1e-5) == 2.0000000000131024


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("central", (1.5**3 - 0.5**3) / 1.0),
        ("forward", (1.5**3 - 1.0) / 0.5),
        ("backward", (1.0 - 0.5**3) / 0.5),
    ],
)
def test_each_method_is_its_formula_at_a_wide_h(method, expected):
    assert numerical_derivative(lambda x: x**3, 1, h=0.5, method=method) == expected


@pytest.mark.parametrize(("method", "order"), [("central", 2), ("forward", 1), ("backward", 1)])
def test_halving_h_divides_the_error_by_two_to_the_order(method, order):
    errors = [
        abs(numerical_derivative(np.sin, 1, h=h, method=method) - np.cos(1)) for h in (2e-3, 1e-3)
    ]
    assert errors[0] / errors[1] == pytest.approx(2**order, rel=0.01)


def test_error_sizes_of_sin_at_one():
    error = {
        h: abs(numerical_derivative(np.sin, 1, h=h) - np.cos(1))
        for h in (float(f"1e-{k}") for k in range(1, 13))
    }
    assert error[1e-1] == pytest.approx(9e-4, rel=0.01)
    assert error[1e-5] < 1e-10
    assert 1e-9 < error[1e-10] < 1e-6
    assert 1e-6 <= min(error, key=error.get) <= 1e-4


def test_a_vanishing_h_gives_zero():
    assert numerical_derivative(np.sin, 1, h=1e-50) == 0


@pytest.mark.parametrize(("method", "tolerance"), [("central", 1e-9), ("forward", 1e-6)])
@pytest.mark.parametrize("x", [0, 1e-3, 1, 3, 1e6, 1e13, -1e13])
def test_default_h_serves_every_scale(method, tolerance, x):
    slope = numerical_derivative(lambda t: t**2, x, method=method)
    assert slope == pytest.approx(2 * x, rel=tolerance, abs=tolerance)


def test_kink_of_abs_has_three_answers():
    assert numerical_derivative(abs, 0) == 0
    assert numerical_derivative(abs, 0, method="forward") == 1
    assert numerical_derivative(abs, 0, method="backward") == -1


@pytest.mark.parametrize("method", ["central", "forward", "backward"])
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3, 4)])
def test_derivative_keeps_the_shape_and_the_callers_array(method, shape):
    x = np.linspace(0, 1, int(np.prod(shape))).reshape(shape)
    before = x.copy()

    def rude_exp(t):
        y = np.exp(t)
        if np.ndim(t):
            t[...] = 0
        return y

    slope = numerical_derivative(rude_exp, x, method=method)
    assert slope.shape == shape
    np.testing.assert_allclose(slope, np.exp(before), rtol=1e-7)
    np.testing.assert_array_equal(x, before)


# --- tangent line ---------------------------------------------------------------------------------


def test_tangent_of_parabola_at_three_is_six_t_minus_nine():
    line = tangent_line(lambda x: x**2, 3)
    assert line(0) == pytest.approx(-9)
    np.testing.assert_allclose(line(np.array([1, 3, 5])), [-3, 9, 21], rtol=1e-9)


def test_tangent_of_sin_leaves_the_curve_with_the_square_of_the_distance():
    line = tangent_line(np.sin, 1.0)
    gaps = [np.sin(1 + d) - line(1 + d) for d in (2e-3, 1e-3)]
    assert gaps[1] == pytest.approx(-np.sin(1) / 2 * 1e-6, rel=0.01)
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.01)


# --- gradient -------------------------------------------------------------------------------------


@both
def test_gradient_of_the_book(gradient):
    np.testing.assert_allclose(gradient(bowl, [3, 4]), [6, 8], rtol=1e-9)
    np.testing.assert_allclose(gradient(bowl, [0, 2]), [0, 4], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gradient(bowl, [3, 0]), [6, 0], rtol=1e-9, atol=1e-9)


@both
def test_gradient_divides_by_two_h(gradient):
    result = gradient(lambda x: x[0] ** 3 + x[1], [1, 0], h=0.5)
    np.testing.assert_array_equal(result, [3.25, 1])


@both
def test_gradient_of_a_mixed_function_against_calculus(gradient):
    x = np.array([0.3, -1.2, 2.0])
    result = gradient(lambda x: np.exp(x[0]) * np.sin(x[1]) * x[2] ** 2, x)
    exact = np.exp(0.3) * np.array([4 * np.sin(-1.2), 4 * np.cos(-1.2), 4 * np.sin(-1.2)])
    np.testing.assert_allclose(result, exact, rtol=1e-8)


@both
@pytest.mark.parametrize("kind", [int, np.int8, np.uint8, np.float16, np.float32, np.float64])
def test_seed_fault_an_array_of_any_dtype_gives_the_float64_gradient(gradient, kind):
    # The article's code gives [25000 35000] for integers, 5.989 for float32 and 0 for float16.
    x = np.array([3, 4], dtype=kind)
    result = gradient(bowl, x)
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, [6, 8], rtol=1e-9)
    assert x.dtype == np.dtype(kind)
    np.testing.assert_array_equal(x, [3, 4])


@both
@pytest.mark.parametrize("x", [[3, 4], (3, 4), [3.0, 4], (np.float32(3), np.int8(4))])
def test_lists_and_tuples_are_points(gradient, x):
    before = repr(x)
    np.testing.assert_allclose(gradient(bowl, x), [6, 8], rtol=1e-9)
    assert repr(x) == before


@both
@pytest.mark.parametrize("scale", [1e-3, 1, 1e3, 1e13])
def test_seed_fault_no_gradient_is_lost_at_any_scale(gradient, scale):
    x = scale * np.array([3.0, 4.0])
    np.testing.assert_allclose(gradient(bowl, x), 2 * x, rtol=1e-8)


@pytest.mark.parametrize("x", [0.1, 1.0, 3.3, -7.7, 12345.678, 1e13])
def test_default_h_is_a_step_between_floats_so_that_a_slope_of_one_is_exact(x):
    assert numerical_gradient(lambda x: x[0], [x])[0] == 1
    assert numerical_derivative(lambda x: x, x) == 1


@both
def test_a_given_h_is_used_as_given_even_where_it_is_too_small(gradient):
    np.testing.assert_array_equal(gradient(bowl, [1e13, 1e12], h=1e-4), [0, 0])


@both
@pytest.mark.parametrize("h", [1, np.uint8(1), np.float32(1), np.array(1.0)])
def test_h_may_be_any_kind_of_number(gradient, h):
    np.testing.assert_array_equal(gradient(bowl, [3, 4], h=h), [6, 8])


@pytest.mark.parametrize("shape", [(2,), (1, 1), (3, 4), (2, 3, 5), (1, 7)])
def test_f_is_called_2n_times_with_fresh_arrays_of_the_shape_of_x(shape):
    x = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    seen = []

    def f(points):
        assert not any(np.shares_memory(points, other) for other in [x, *seen])
        assert points.shape == shape
        assert points.dtype == np.float64
        seen.append(points)
        return np.sum(points**2, axis=0)

    np.testing.assert_allclose(numerical_gradient(f, x), 2 * x, atol=1e-9)
    assert len(seen) == 2 * shape[0]


def test_only_one_coordinate_moves_at_a_time_and_by_h():
    seen = []
    numerical_gradient(lambda x: seen.append(x) or 0.0, [1, 2], h=0.25)
    moves = sorted(tuple(x - [1, 2]) for x in seen)
    assert moves == [(-0.25, 0), (0, -0.25), (0, 0.25), (0.25, 0)]


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda x: np.sum(x**2), [6, 8]),
        (lambda x: np.sum((x - np.array([1, 2])) ** 2), [4, 4]),
        (lambda x: x @ np.array([2, 3]), [2, 3]),
        (lambda x: x[0], [1, 0]),  # a view of the argument
        (lambda x: float(x[1]), [0, 1]),
        (lambda x: x[1:2].reshape(()), [0, 1]),
        (lambda x: np.float32(7), [0, 0]),
        (lambda x: 7, [0, 0]),
    ],
)
def test_f_written_for_one_point_works(f, exact):
    np.testing.assert_allclose(numerical_gradient(f, [3, 4]), exact, rtol=1e-9)


@both
def test_f_that_returns_a_view_works_on_a_batch(gradient):
    result = gradient(lambda x: x[0], np.ones((2, 5)))
    np.testing.assert_allclose(result, [[1] * 5, [0] * 5])


def test_f_that_answers_in_one_buffer_works():
    buffer = np.empty(3)

    def f(x):
        return np.sum(x**2, axis=0, out=buffer)

    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(numerical_gradient(f, x), 2 * x, atol=1e-9)


def test_f_that_writes_to_its_argument_changes_neither_x_nor_the_gradient():
    def rude(x):
        value = np.sum(x**2)
        x[:] = 0
        return value

    x = np.array([3.0, 4.0])
    np.testing.assert_allclose(numerical_gradient(rude, x), [6, 8], rtol=1e-9)
    np.testing.assert_array_equal(x, [3, 4])


@both
def test_a_read_only_array_is_fine(gradient):
    x = np.array([3.0, 4.0])
    x.flags.writeable = False
    np.testing.assert_allclose(gradient(bowl, x), [6, 8], rtol=1e-9)


@pytest.mark.parametrize("calls_before", range(4))
def test_an_exception_of_f_passes_unchanged_and_leaves_x_alone(calls_before):
    mine = ZeroDivisionError("mine")
    count = iter(range(4))

    def f(x):
        if next(count) == calls_before:
            raise mine
        return 0.0

    x = np.array([3.0, 4.0])
    with pytest.raises(ZeroDivisionError) as caught:
        numerical_gradient(f, x)
    assert caught.value is mine
    np.testing.assert_array_equal(x, [3, 4])


@both
@pytest.mark.parametrize("batch", [(4,), (2, 3), (2, 1, 3)])
def test_gradient_of_a_batch_is_the_gradients_of_its_points(gradient, batch):
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, (2, *batch))

    def f(x):
        return np.sin(x[0]) * x[1] ** 3

    together = gradient(f, x)
    assert together.shape == x.shape
    for where in np.ndindex(*batch):
        point = x[:, *where]
        np.testing.assert_allclose(together[:, *where], gradient(f, point), atol=1e-9)


def test_a_million_points_need_about_four_times_their_memory():
    x = np.ones((2, 1_000_000))
    tracemalloc.start()
    try:
        numerical_gradient(bowl, x)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4.6 * x.nbytes


@pytest.mark.parametrize("shape", [(1,), (2,), (1500,), (40, 3, 100), (3, 200_000)])
def test_shifted_points_lie_side_by_side_in_few_calls_that_stay_small(shape):
    x = np.random.default_rng(0).uniform(-2, 2, shape)
    weights = 1.0 + np.arange(shape[0]) % 7
    seen = []

    def f(points):
        assert not any(np.shares_memory(points, other) for other in [x, *seen])
        seen.append(points)
        return np.tensordot(weights, points**2, 1)

    before = x.copy()
    exact = (2 * weights * x.T).T
    np.testing.assert_allclose(vectorized_gradient(f, x), exact, atol=1e-6)
    np.testing.assert_array_equal(x, before)
    sizes = [points.size for points in seen]
    assert max(sizes) <= max(STACK, x.size)
    assert sum(points.shape[-1] for points in seen) == 2 * shape[0]
    assert len(seen) <= 2 + 4 * sum(sizes) / STACK


def test_side_by_side_an_f_that_writes_to_its_argument_changes_nothing():
    def rude(points):
        value = np.sum(points**2, axis=0)
        points[:] = 0
        return value

    x = np.array([3.0, 4.0])
    np.testing.assert_allclose(vectorized_gradient(rude, x), [6, 8], rtol=1e-9)
    np.testing.assert_array_equal(x, [3, 4])


@pytest.mark.parametrize(
    "f", [lambda x: np.sum(x**2), lambda x: np.sum((x.T - np.ones(2)) ** 2), lambda x: 7]
)
def test_side_by_side_an_f_for_one_point_is_refused(f):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        vectorized_gradient(f, [3, 4])
    assert "期待する形: (2,)、受け取った形: ()" in str(caught.value)


# --- Hessian --------------------------------------------------------------------------------------


def test_hessian_of_a_quadratic_form_is_its_matrix():
    a = np.array([[2.0, -1, 0.5], [-1, 3, 4], [0.5, 4, -5]])
    hessian = numerical_hessian(lambda x: x @ a @ x / 2, [1, -2, 3])
    np.testing.assert_allclose(hessian, a, atol=1e-6)
    np.testing.assert_array_equal(hessian, hessian.T)


def test_hessian_against_calculus_where_the_third_derivatives_differ():
    x, y = 0.7, -0.4
    hessian = numerical_hessian(lambda p: np.exp(p[0]) * np.sin(p[1]), [x, y])
    exact = np.exp(x) * np.array([[np.sin(y), np.cos(y)], [np.cos(y), -np.sin(y)]])
    np.testing.assert_allclose(hessian, exact, atol=1e-6)


@pytest.mark.parametrize("scale", [1e-3, 1, 1e6, 1e13])
def test_hessian_at_every_scale(scale):
    hessian = numerical_hessian(lambda x: x[0] ** 2 + 3 * x[0] * x[1], scale * np.array([1.0, 2]))
    np.testing.assert_allclose(hessian, [[2, 3], [3, 0]], atol=1e-6)


def test_hessian_of_a_batch():
    x = np.random.default_rng(1).uniform(-1, 1, (2, 3, 4))
    before = x.copy()
    hessian = numerical_hessian(lambda x: x[0] ** 3 * x[1], x)
    exact = np.array([[6 * x[0] * x[1], 3 * x[0] ** 2], [3 * x[0] ** 2, 0 * x[0]]])
    assert hessian.shape == (2, 2, 3, 4)
    np.testing.assert_allclose(hessian, exact, atol=1e-6)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_hessian_calls_f_2n_times_n_plus_1_with_fresh_arrays(n):
    x = np.arange(1.0, n + 1)
    seen = []

    def f(point):
        assert point.shape == (n,)
        assert not any(np.shares_memory(point, other) for other in [x, *seen])
        seen.append(point)
        return np.sum(point**2)

    numerical_hessian(f, x)
    assert len(seen) == 2 * n * (n + 1)


# --- a scalar f of a matrix -----------------------------------------------------------------------

# The book's simple network: weights, one input, its right answer and the gradient of the loss.
WEIGHTS = np.array([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]])
INPUT, ANSWER = np.array([0.6, 0.9]), np.array([0.0, 0.0, 1.0])
BOOKS_GRADIENT = [[0.219248, 0.143562, -0.362810], [0.328871, 0.215344, -0.544215]]


def cross_entropy(weights):
    a = INPUT @ weights
    return -np.log(np.exp(a) / np.exp(a).sum()) @ ANSWER


def test_gradient_of_a_loss_of_a_matrix_is_the_books():
    gradient = numerical_gradient(cross_entropy, WEIGHTS)
    np.testing.assert_allclose(gradient, BOOKS_GRADIENT, atol=5e-7)
    y = np.exp(INPUT @ WEIGHTS) / np.exp(INPUT @ WEIGHTS).sum()
    np.testing.assert_allclose(gradient, np.outer(INPUT, y - ANSWER), rtol=1e-8)
    flat = numerical_gradient(lambda w: cross_entropy(w.reshape(2, 3)), WEIGHTS.ravel())
    np.testing.assert_array_equal(gradient.ravel(), flat)


@pytest.mark.parametrize("shape", [(2, 3), (3, 1), (1, 4), (2, 3, 2)])
def test_a_scalar_f_is_called_twice_per_entry_after_one_call_that_tells(shape):
    x = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    seen = []

    def f(points):
        assert points.shape == shape
        assert not any(np.shares_memory(points, other) for other in [x, *seen])
        seen.append(points.copy())
        points[...] = np.nan
        return float(np.sum(np.sin(seen[-1])))

    np.testing.assert_allclose(numerical_gradient(f, x), np.cos(x), rtol=1e-8)
    assert len(seen) == 2 * x.size + 1
    assert all(np.count_nonzero(points != x) == 1 for points in seen[1:])


def test_an_f_that_sums_over_its_batch_has_the_gradients_of_the_batch():
    x = np.random.default_rng(0).uniform(-2, 2, (2, 5))
    batch = numerical_gradient(lambda x: np.sum(x**3, axis=0), x)
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x**3), x), batch, rtol=1e-7)


# --- f that computes in float32 or float16 --------------------------------------------------------

RETURNS = {"as it is": lambda value: value, "as float": lambda value: np.float64(value)}


def coarse_valley(dtype, offset, returns):
    """offset + (x0 - 3)^2 + 10 (x1 - 4)^2, every step of it in the dtype."""

    def f(x):
        a, b = (np.asarray(x[i], dtype) for i in (0, 1))
        return returns(dtype(offset) + (a - dtype(3)) ** 2 + dtype(10) * (b - dtype(4)) ** 2)

    return f


OFFSETS = {"float16": (0, 1, 10, 1e3), "float32": (0, 1, 10, 1e3, 1e4, 1e6)}


@pytest.mark.parametrize("returns", RETURNS.values(), ids=RETURNS)
@pytest.mark.parametrize(
    ("name", "offset"), [(name, offset) for name, some in OFFSETS.items() for offset in some]
)
@pytest.mark.parametrize("batch", [(), (4,)])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_a_coarse_f_has_a_right_gradient_or_an_error(name, offset, returns, batch):
    f = coarse_valley(getattr(np, name), offset, returns)
    answers = 0
    for seed in range(10):
        x = np.random.default_rng(seed).uniform(-5, 5, (2, *batch))
        exact = np.stack([2 * (x[0] - 3), 20 * (x[1] - 4)])
        try:
            gradient = numerical_gradient(f, x)
        except ValueError as error:
            assert name in str(error)
            assert "float64" in str(error)
        else:
            answers += 1
            assert np.abs(gradient - exact).max() < 0.05 * np.maximum(1, np.abs(exact)).max()
    if name == "float32":
        assert answers == 10 if offset <= 1e3 else offset > 1e4 or answers < 10


@pytest.mark.parametrize("returns", RETURNS.values(), ids=RETURNS)
@pytest.mark.parametrize(
    ("name", "offset"), [(name, offset) for name, some in OFFSETS.items() for offset in some]
)
@pytest.mark.parametrize("batch", [(), (4,)])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_a_coarse_f_has_a_right_hessian_or_an_error(name, offset, returns, batch):
    f = coarse_valley(getattr(np, name), offset, returns)
    answers = 0
    for seed in range(10):
        x = np.random.default_rng(seed).uniform(-5, 5, (2, *batch))
        try:
            hessian = np.moveaxis(numerical_hessian(f, x), (0, 1), (-2, -1))
        except ValueError as error:
            assert name in str(error)
        else:
            answers += 1
            np.testing.assert_allclose(
                hessian, np.broadcast_to(np.diag([2, 20]), (*batch, 2, 2)), atol=1
            )
    if name == "float32":
        assert answers == 10 if offset <= 10 else offset < 1e4 or answers == 0


@pytest.mark.parametrize("offset", [1, 1e2, 1e4, 1e6])
@pytest.mark.parametrize("batch", [(), (3,)])
def test_an_offset_costs_a_float64_f_no_more_than_its_rounding(offset, batch):
    f = lambda x: offset + (x[0] - 3) ** 2 + 10 * (x[1] - 4) ** 2  # noqa: E731
    x = np.random.default_rng(0).uniform(-5, 5, (2, *batch))
    exact = np.stack([2 * (x[0] - 3), 20 * (x[1] - 4)])
    np.testing.assert_allclose(numerical_gradient(f, x), exact, rtol=1e-7, atol=4e-11 * offset)
    hessian = np.moveaxis(numerical_hessian(f, x), (0, 1), (-2, -1))
    expected = np.broadcast_to(np.diag([2.0, 20.0]), (*batch, 2, 2))
    np.testing.assert_allclose(hessian, expected, atol=1e-5 + 3e-8 * offset)


@pytest.mark.parametrize("offset", [1e4, 1e6])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_float16_lost_in_its_offset_is_refused(offset):
    with pytest.raises(ValueError, match="float16"):
        numerical_gradient(coarse_valley(np.float16, offset, RETURNS["as it is"]), [0.0, 0.0])


@pytest.mark.parametrize("returns", RETURNS.values(), ids=RETURNS)
def test_the_gradient_that_was_found_wrong(returns):
    f = coarse_valley(np.float32, 1000, returns)
    np.testing.assert_allclose(numerical_gradient(f, [0.0, 0.0]), [-6, -80], rtol=1e-3)
    np.testing.assert_allclose(numerical_hessian(f, [30.0, 40.0]), [[2, 0], [0, 20]], atol=0.2)


@pytest.mark.parametrize("returns", RETURNS.values(), ids=RETURNS)
@pytest.mark.parametrize("method", ["central", "forward", "backward"])
@pytest.mark.parametrize(("dtype", "digits"), [(np.float32, 3e-3), (np.float16, 0.1)])
def test_a_coarse_f_has_a_right_derivative_or_an_error(dtype, digits, method, returns):
    for x in (np.array(0.7), np.linspace(-1, 1, 7)):
        f = lambda x: returns(np.sin(x.astype(dtype)))  # noqa: E731
        try:
            slope = numerical_derivative(f, x, method=method)
        except ValueError as error:
            assert dtype is np.float16, error
        else:
            np.testing.assert_allclose(slope, np.cos(x), atol=digits)


def test_vectorized_gradient_refuses_a_coarse_f():
    with pytest.raises(ValueError, match="float64"):
        vectorized_gradient(coarse_valley(np.float32, 0, RETURNS["as it is"]), [0.0, 0.0])


def test_a_given_h_is_used_for_a_coarse_f_too():
    f = coarse_valley(np.float32, 0, RETURNS["as it is"])
    np.testing.assert_array_equal(numerical_gradient(f, [1.0, 2.0], h=0.5), [-4, -40])


@pytest.mark.parametrize(
    ("f", "x", "exact"),
    [
        (lambda x: x[1] ** 3, [0.0, 2.0], [0, 12]),
        (lambda x: np.maximum(0, x[0]), [-0.002, 1.0], [0, 0]),
        (lambda x: np.maximum(0, -x[0]), [0.002, 1.0], [0, 0]),
        (lambda x: np.maximum(0, x[0] - 0.05), [0.0, 1.0], [0, 0]),
        (lambda x: 0.0, [0.0, 1.0], [0, 0]),
        (lambda x: 1e30, [0.0, 1.0], [0, 0]),
    ],
)
def test_an_f_whose_values_happen_to_be_short_keeps_its_small_step(f, x, exact):
    np.testing.assert_allclose(numerical_gradient(f, x), exact, atol=1e-8)


# --- bad input ------------------------------------------------------------------------------------

NOT_A_POINT = {
    "text": "abc",
    "list of text": ["1", "2"],
    "None": None,
    "complex": [1 + 2j, 3],
    "ragged": [[1, 2], [3]],
    "dict": {"x": 1},
    "masked": np.ma.masked_array([1.0, 2.0], mask=[False, True]),
    "dates": np.array(["2024-01-01"], dtype="M8[D]"),
}
BAD_VALUE = {
    "None": lambda x: None,
    "text": lambda x: "abc",
    "complex": lambda x: 1j,
    "vector": lambda x: x,
    "one-element vector": lambda x: np.array([1.0]),
    "ragged": lambda x: [[1], [1, 2]],
    "function": lambda x: np.sum,
}
OF_POINTS = {
    "gradient": numerical_gradient,
    "gradient side by side": vectorized_gradient,
    "hessian": numerical_hessian,
}
OF_NUMBERS = {"derivative": numerical_derivative, "tangent": tangent_line}
ALL = OF_POINTS | OF_NUMBERS


@pytest.mark.parametrize("function", ALL.values(), ids=ALL)
@pytest.mark.parametrize("x", NOT_A_POINT.values(), ids=NOT_A_POINT)
def test_x_that_is_no_real_array_is_refused(function, x):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        function(lambda x: np.sum(x), x)
    assert "x" in str(caught.value)


@pytest.mark.parametrize("function", OF_POINTS.values(), ids=OF_POINTS)
@pytest.mark.parametrize("x", [3, 3.5, np.float64(3), np.array(3.0)])
def test_a_bare_number_is_no_point_and_the_error_says_what_to_write(function, x):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        function(bowl, x)
    assert "(n,)" in str(caught.value)
    assert f"[{float(x)}]" in str(caught.value)


@pytest.mark.parametrize("function", OF_POINTS.values(), ids=OF_POINTS)
@pytest.mark.parametrize("x", [[], np.empty((2, 0)), np.empty((0, 3))], ids=["[]", "2,0", "0,3"])
def test_an_empty_array_is_refused(function, x):
    with pytest.raises(ValueError, match="空"):
        function(bowl, x)


def test_tangent_line_wants_one_number():
    with pytest.raises(ValueError, match=JAPANESE + r".*\(2,\)"):
        tangent_line(np.sin, [1, 2])


@pytest.mark.parametrize("function", ALL.values(), ids=ALL)
@pytest.mark.parametrize("f", [3, "sin", None, np.ones(2)])
def test_f_that_is_no_function_is_refused(function, f):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        function(f, 1.0 if function in OF_NUMBERS.values() else [1.0])
    assert repr(f) in str(caught.value)


@pytest.mark.parametrize("function", ALL.values(), ids=ALL)
@pytest.mark.parametrize("f", BAD_VALUE.values(), ids=BAD_VALUE)
def test_f_that_returns_no_number_is_refused(function, f):
    x = np.array([1.0, 2.0]) if function in OF_POINTS.values() else np.array(1.0)
    if f is BAD_VALUE["vector"] and x.ndim == 0:
        f = BAD_VALUE["one-element vector"]
    before = x.copy()
    with pytest.raises(ValueError, match=JAPANESE):
        function(f, x)
    np.testing.assert_array_equal(x, before)


def test_a_hessian_of_a_matrix_is_refused_and_the_shapes_are_named():
    with pytest.raises(ValueError, match=r"期待する形: \(5,\)、受け取った形: \(\)"):
        numerical_hessian(lambda x: np.sum(x**2), np.ones((2, 5)))


@pytest.mark.parametrize("function", [numerical_gradient, numerical_hessian])
@pytest.mark.parametrize(
    ("f", "received"),
    [
        (lambda x: x**2, "(2, 5)"),
        (lambda x: np.sum(x**2, axis=1), "(2,)"),
        (lambda x: np.sum(x**2, axis=0, keepdims=True), "(1, 5)"),
    ],
)
def test_wrong_shape_names_expected_and_received(function, f, received):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        function(f, np.ones((2, 5)))
    assert f"期待する形: (5,)、受け取った形: {received}" in str(caught.value)


@pytest.mark.parametrize(
    "function", [numerical_derivative, numerical_gradient, vectorized_gradient]
)
@pytest.mark.parametrize("h", [0, -1e-4, np.nan, np.inf, "1e-4", [1e-4, 1e-4], 1j])
def test_h_must_be_a_positive_number(function, h):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        function(lambda x: np.sum(x), [1.0], h=h)
    assert "h" in str(caught.value)


@pytest.mark.parametrize("method", ["middle", "Central", None, 2])
def test_an_unknown_method_names_the_three(method):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        numerical_derivative(np.sin, 1, method=method)
    for word in (repr(method), "central", "forward", "backward"):
        assert word in str(caught.value)


@pytest.mark.parametrize("function", ALL.values(), ids=ALL)
def test_every_function_lets_an_exception_of_f_pass(function):
    mine = KeyError("mine")

    def f(x):
        raise mine

    with pytest.raises(KeyError) as caught:
        function(f, 1.0 if function in OF_NUMBERS.values() else [1.0])
    assert caught.value is mine
