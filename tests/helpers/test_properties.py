"""Properties that hold for every shape, dtype, scale and batch, tried on generated inputs.

Derandomised: every run tries the same inputs, whatever the clock.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from helpers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    RMSprop,
    cosine_decay,
    exponential_decay,
    gradient_descent,
    himmelblau,
    numerical_derivative,
    numerical_gradient,
    numerical_hessian,
    outcome,
    outcomes,
    quartic,
    rosenbrock,
    step_decay,
    tangent_line,
    warmup,
)

settings.register_profile(
    "derandomised", derandomize=True, deadline=None, database=None, max_examples=60
)
settings.load_profile("derandomised")

shapes = npst.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)
optimizers = st.sampled_from([SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam, AdamW])
rates = st.floats(1e-4, 10)


def numbers(low, high):
    return st.floats(low, high, allow_subnormal=False)


@st.composite
def points(draw, dtype=np.float64, low=-3, high=3, shape=shapes):
    """Points (n, *batch) of moderate size."""
    shape = draw(shape)
    if np.dtype(dtype).kind == "f":
        elements = st.floats(low, high, width=32).filter(lambda v: v == 0 or abs(v) > 1e-3)
        return draw(npst.arrays(np.float64, shape, elements=elements)).astype(dtype)
    return draw(npst.arrays(dtype, shape, elements=st.integers(max(low, 0), high)))


@st.composite
def points_of_one_scale(draw):
    """Points whose coordinates all lie between a half and twice a scale, with either sign."""
    shape = draw(shapes)
    scale = draw(st.sampled_from([1e-3, 1e-1, 1.0, 1e2, 1e6, 1e13]))
    size = draw(npst.arrays(np.float64, shape, elements=numbers(0.5, 2)))
    sign = draw(npst.arrays(np.float64, shape, elements=st.sampled_from([-1.0, 1.0])))
    return scale * size * sign


def weights(x):
    """1, 2, 3, … along the coordinates, to be broadcast over the batch."""
    return np.arange(1.0, len(x) + 1).reshape(-1, *[1] * (x.ndim - 1))


def bowl(x):
    """Half the weighted sum of squares; its gradient is weights(x) * x."""
    return np.sum(weights(x) * x**2, axis=0) / 2


def rotated(x):
    """A function that mixes the coordinates, of products and sums alone."""
    return np.sum(x * x * np.roll(x, 1, axis=0), axis=0) - 2 * x[0] * x[-1]


DTYPES = [np.int8, np.uint8, np.int64, np.float16, np.float32, np.float64]


# --- the numerical gradient -----------------------------------------------------------------------


@given(x=points_of_one_scale())
def test_gradient_is_right_at_every_scale_and_shape(x):
    gradient = numerical_gradient(bowl, x)
    assert gradient.shape == x.shape
    assert gradient.dtype == np.float64
    exact = weights(x) * x
    np.testing.assert_allclose(gradient, exact, rtol=0, atol=1e-7 * np.abs(exact).max())


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_gradient_of_any_dtype_is_that_of_float64_and_the_array_is_not_written(dtype, data):
    x = data.draw(points(dtype))
    before = x.copy()
    gradient = numerical_gradient(bowl, x)
    np.testing.assert_array_equal(gradient, numerical_gradient(bowl, x.astype(np.float64)))
    np.testing.assert_allclose(gradient, weights(x) * x.astype(np.float64), atol=1e-7)
    assert x.dtype == dtype
    np.testing.assert_array_equal(x, before)


@given(x=points())
def test_lists_and_tuples_are_the_arrays(x):
    expected = numerical_gradient(bowl, x)
    np.testing.assert_array_equal(numerical_gradient(bowl, x.tolist()), expected)
    np.testing.assert_array_equal(numerical_gradient(bowl, tuple(x.tolist())), expected)


@given(x=points())
def test_any_memory_layout_gives_the_same(x):
    expected = numerical_gradient(bowl, x)
    np.testing.assert_array_equal(numerical_gradient(bowl, np.asfortranarray(x)), expected)
    np.testing.assert_array_equal(numerical_gradient(bowl, x[::-1][::-1]), expected)


@given(x=points())
def test_gradient_of_a_batch_is_its_single_gradients(x):
    together = numerical_gradient(rotated, x)
    for where in np.ndindex(*x.shape[1:]):
        single = numerical_gradient(rotated, x[:, *where])
        np.testing.assert_allclose(together[:, *where], single, rtol=1e-9, atol=1e-9)


@given(x=points(), fails_at=st.integers(0, 7))
def test_f_gets_2n_fresh_arrays_and_may_write_or_raise(x, fails_at):
    before = x.copy()
    seen = []

    def f(given):
        assert given.shape == before.shape
        assert not any(np.shares_memory(given, other) for other in (x, *seen))
        seen.append(given)
        value = bowl(given)
        given[...] = np.nan
        if len(seen) == fails_at:
            raise LookupError
        return value

    try:
        np.testing.assert_allclose(numerical_gradient(f, x), weights(x) * x, atol=1e-7)
        assert len(seen) == 2 * len(x)
    except LookupError:
        assert len(seen) == fails_at
    np.testing.assert_array_equal(x, before)


@given(
    x=points(),
    slope=st.lists(st.integers(-5, 5), min_size=4, max_size=4),
    h=st.sampled_from([None, 2.0**-10, 0.5]),
)
def test_gradient_of_a_linear_function_is_its_slope(x, slope, h):
    slope = np.array(slope[: len(x)], dtype=float)
    gradient = numerical_gradient(lambda x: np.tensordot(slope, x, 1), x, h)
    expected = np.broadcast_to(slope.reshape(-1, *[1] * (x.ndim - 1)), x.shape)
    np.testing.assert_allclose(gradient, expected, atol=1e-8)


@given(x=points(shape=st.tuples(st.integers(1, 4))))
def test_hessian_is_symmetric_and_that_of_calculus(x):
    hessian = numerical_hessian(rotated, x)
    n = len(x)
    exact = np.zeros((n, n))
    for i in range(n):  # the term x_i^2 x_(i-1)
        j = (i - 1) % n
        exact[i, i] += 2 * x[j]
        exact[i, j] += 2 * x[i]
        exact[j, i] += 2 * x[i]
    if n == 1:
        exact[0, 0] = 6 * x[0]
    exact[0, -1] -= 2
    exact[-1, 0] -= 2
    np.testing.assert_array_equal(hessian, hessian.T)
    np.testing.assert_allclose(hessian, exact, atol=1e-5)


@given(x=npst.arrays(np.float64, npst.array_shapes(min_dims=0), elements=numbers(-3, 3)))
def test_derivative_is_elementwise(x):
    before = x.copy()
    np.testing.assert_allclose(numerical_derivative(np.sin, x), np.cos(x), atol=1e-9)
    np.testing.assert_array_equal(x, before)


@given(x=numbers(-3, 3), distance=numbers(-0.5, 0.5))
def test_tangent_differs_from_the_curve_by_at_most_half_the_square(x, distance):
    gap = np.sin(x + distance) - tangent_line(np.sin, x)(x + distance)
    assert abs(gap) <= distance**2 / 2 + 1e-9


# --- gradient descent -----------------------------------------------------------------------------


@given(
    x=points(),
    lr=st.floats(0, 0.4),
    step_num=st.integers(0, 12),
    exact=st.booleans(),
)
def test_descent_on_a_bowl_is_the_closed_form(x, lr, step_num, exact):
    before = x.copy()
    grad = (lambda x: weights(x) * x) if exact else None
    end, x_history = gradient_descent(bowl, x, lr, step_num, grad=grad)
    assert x_history.shape == (step_num + 1, *x.shape)
    np.testing.assert_array_equal(x_history[0], x)
    np.testing.assert_array_equal(x_history[-1], end)
    np.testing.assert_array_equal(x, before)
    for t in range(step_num + 1):
        np.testing.assert_allclose(x_history[t], (1 - lr * weights(x)) ** t * x, atol=1e-6)


@settings(max_examples=40)
@given(
    f=st.sampled_from([rosenbrock, himmelblau, quartic]),
    cls=optimizers,
    exact=st.booleans(),
    scheduled=st.booleans(),
    data=st.data(),
)
def test_starts_times_rates_are_the_single_runs(f, cls, exact, scheduled, data):
    n = len(f.ranges)
    starts = data.draw(npst.arrays(np.float64, (n, 3, 1), elements=numbers(-1.5, 1.5)))
    lr = np.array(data.draw(st.lists(numbers(1e-5, 1e-3), min_size=2, max_size=2)))
    grad = f.grad if exact else None

    def rate(lr):
        return (lambda t: lr * 0.9**t) if scheduled else lr

    optimizer = cls()
    _, together = gradient_descent(f, starts, rate(lr), 8, optimizer=optimizer, grad=grad)
    assert together.shape == (9, n, 3, 2)
    for i in range(3):
        for j in range(2):
            _, single = gradient_descent(
                f, starts[:, i, 0], rate(lr[j]), 8, optimizer=optimizer, grad=grad
            )
            np.testing.assert_allclose(together[:, :, i, j], single, rtol=1e-9, atol=1e-9)


@given(cls=optimizers, x=points(), lr=numbers(1e-4, 0.5))
def test_one_object_gives_the_same_run_twice(cls, x, lr):
    optimizer = cls()
    first, second = (
        gradient_descent(bowl, x, lr, 5, optimizer=optimizer, grad=lambda x: weights(x) * x)[1]
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert vars(optimizer) == vars(cls())


@given(cls=optimizers, x=points(), lr=numbers(1e-4, 0.5))
def test_every_optimizer_treats_every_coordinate_alone(cls, x, lr):
    run = gradient_descent(bowl, x, lr, 5, optimizer=cls(), grad=lambda x: weights(x) * x)[1]
    for i in range(len(x)):
        alone = gradient_descent(
            bowl, x[i : i + 1], lr, 5, optimizer=cls(), grad=lambda x, i=i: (i + 1) * x
        )[1]
        np.testing.assert_allclose(run[:, i : i + 1], alone, rtol=1e-9, atol=1e-9)


@given(cls=optimizers, x=points(), lr=numbers(1e-4, 0.5))
def test_every_optimizer_mirrors_a_mirrored_start(cls, x, lr):
    def run(start):
        return gradient_descent(bowl, start, lr, 5, optimizer=cls(), grad=lambda x: weights(x) * x)[
            1
        ]

    np.testing.assert_array_equal(run(-x), -run(x))


@settings(max_examples=30)
@given(
    starts=npst.arrays(np.float64, (2, 5), elements=numbers(-4, 4)),
    lr=st.sampled_from([1e-3, 0.01, 0.03, 0.1]),
    step_num=st.integers(0, 60),
)
def test_outcome_of_a_batch_is_its_single_outcomes(starts, lr, step_num):
    _, x_history = gradient_descent(himmelblau, starts, lr, step_num, grad=himmelblau.grad)
    names = outcome(himmelblau, x_history)
    assert names.shape == (5,)
    assert set(names) <= {"収束", "発散", "停滞", "鞍点", "打ち切り"}
    for i in range(5):
        assert outcome(himmelblau, x_history[:, :, i]) == names[i]


def of_one_point(x):
    """Himmelblau's function for one point: it refuses a batch."""
    a, b = x
    assert np.ndim(a) == 0
    return (a**2 + b - 11) ** 2 + (a + b**2 - 7) ** 2


def of_a_target(x):
    """Would broadcast a stack of three points (3, 3) against its target without a word."""
    return np.sum((x - np.array([1.0, -2.0, 3.0])) ** 2, axis=0) - x[0] ** 2 * x[2] / 9


@st.composite
def runs(draw):
    """An f and a history: a descent that converges, swings, strays or stands, or any walk."""
    n, f = draw(
        st.sampled_from(
            [(2, himmelblau), (2, rosenbrock), (1, quartic), (2, of_one_point), (3, of_a_target)]
        )
    )
    batch = (
        () if f is of_one_point or f is of_a_target else draw(st.sampled_from([(), (3,), (2, 2)]))
    )
    start = draw(npst.arrays(np.float64, (n, *batch), elements=numbers(-3, 3)))
    step_num = draw(st.integers(0, 40))
    if draw(st.booleans()):
        lr = draw(st.sampled_from([0.0, 1e-3, 0.01, 0.03, 0.1, 1.0]))
        optimizer = draw(optimizers)()
        return f, gradient_descent(f, start, lr, step_num, optimizer=optimizer)[1]
    steps = draw(npst.arrays(np.float64, (step_num, n, *batch), elements=numbers(-1, 1)))
    return f, np.concatenate([start[None], start + np.cumsum(steps, axis=0)])


@settings(max_examples=150)
@given(run=runs())
def test_outcomes_are_the_outcome_of_each_beginning_of_the_run(run):
    f, x_history = run
    before = x_history.copy()
    names = outcomes(f, x_history)
    assert names.shape == (len(x_history), *x_history.shape[2:])
    for t, name in enumerate(names):
        np.testing.assert_array_equal(name, outcome(f, x_history[: t + 1]))
    np.testing.assert_array_equal(x_history, before)


@settings(max_examples=30)
@given(
    start=npst.arrays(np.float64, 2, elements=numbers(-4, 4)),
    lr=st.sampled_from([0.003, 0.01]),
)
def test_a_run_named_converged_lies_at_a_minimum(start, lr):
    x, x_history = gradient_descent(himmelblau, start, lr, 200, grad=himmelblau.grad)
    if outcome(himmelblau, x_history) == "収束":
        assert min(np.linalg.norm(x - minimum) for minimum in himmelblau.minima) < 0.01


# --- schedules ------------------------------------------------------------------------------------


@st.composite
def falling(draw):
    """A schedule that never rises, with its first and last rate."""
    lr = draw(rates)
    kind = draw(st.sampled_from(["step", "exponential", "cosine"]))
    if kind == "step":
        return step_decay(lr, draw(st.floats(0.01, 1)), draw(st.integers(1, 50))), lr
    if kind == "exponential":
        return exponential_decay(lr, draw(st.floats(0.01, 1))), lr
    lr_min = lr * draw(st.floats(0, 1))
    return cosine_decay(lr, draw(st.integers(1, 50)), lr_min), lr


@given(schedule=falling())
def test_decays_start_at_lr_never_rise_and_never_fall_below_zero(schedule):
    schedule, lr = schedule
    seen = np.array([schedule(t) for t in range(120)])
    assert seen[0] == pytest.approx(lr)
    assert (np.diff(seen) <= 1e-15 * lr).all()
    assert (seen >= 0).all()


@given(schedule=falling(), steps=st.integers(1, 50))
def test_warmup_never_exceeds_its_schedule_and_then_is_it(schedule, steps):
    schedule, _ = schedule
    warm = warmup(schedule, steps)
    for t in range(100):
        assert 0 <= warm(t) <= schedule(t)
        if t >= steps - 1:
            assert warm(t) == schedule(t)


@given(lr=rates, steps=st.integers(1, 50))
def test_warmup_of_a_number_rises_evenly(lr, steps):
    warm = warmup(lr, steps)
    np.testing.assert_allclose(np.diff([0, *map(warm, range(steps))]), lr / steps, rtol=1e-9)


@settings(max_examples=30)
@given(schedule=falling(), x=points())
def test_every_schedule_is_an_lr_of_gradient_descent(schedule, x):
    schedule, _ = schedule
    end, _ = gradient_descent(bowl, x, schedule, 10, grad=lambda x: np.ones_like(x))
    np.testing.assert_allclose(end, x - sum(schedule(t) for t in range(10)), rtol=1e-9, atol=1e-9)
