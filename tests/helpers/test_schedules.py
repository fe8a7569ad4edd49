"""The learning-rate schedules against hand-calculated rates."""

import numpy as np
import pytest

from helpers import (
    cosine_decay,
    exponential_decay,
    gradient_descent,
    square,
    step_decay,
    warmup,
)
from tests.conftest import JAPANESE


def rates(schedule, steps):
    return [schedule(t) for t in range(steps)]


def test_a_tenth_every_thirty_epochs_is_a_thousandth_at_65():
    schedule = step_decay(0.1, drop=0.1, every=30)
    assert schedule(65) == pytest.approx(0.001)
    expected = [0.1] * 30 + [0.01] * 30 + [0.001] * 30
    assert rates(schedule, 90) == pytest.approx(expected)
    assert rates(step_decay(0.1), 90) == pytest.approx(expected)


def test_step_decay_halves_every_two_steps():
    assert rates(step_decay(8, 0.5, 2), 7) == [8, 8, 4, 4, 2, 2, 1]


def test_exponential_decay_multiplies_at_each_step():
    assert rates(exponential_decay(8, 0.5), 4) == [8, 4, 2, 1]
    assert exponential_decay(0.1)(100) == pytest.approx(0.1 * 0.99**100)


def test_cosine_decay_goes_down_half_a_wave():
    schedule = cosine_decay(1, 6)
    root = np.sqrt(3) / 2
    expected = [1, (1 + root) / 2, 0.75, 0.5, 0.25, (1 - root) / 2, 0]
    assert rates(schedule, 7) == pytest.approx(expected, abs=1e-15)


def test_cosine_decay_ends_at_lr_min_and_stays():
    schedule = cosine_decay(0.5, 10, lr_min=0.1)
    assert schedule(0) == 0.5
    assert schedule(5) == pytest.approx(0.3)
    assert [schedule(t) for t in (10, 11, 20, 1000)] == pytest.approx([0.1] * 4)


def test_warmup_starts_above_zero_and_arrives():
    assert rates(warmup(0.8, 4), 6) == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
    assert rates(warmup(0.8, 1), 3) == [0.8] * 3


def test_warmup_of_a_schedule_is_the_product():
    schedule = warmup(step_decay(8, 0.5, 2), 4)
    assert rates(schedule, 7) == pytest.approx([2, 4, 3, 4, 2, 2, 1])


def test_warmup_of_an_array_of_rates():
    schedule = warmup(lambda t: np.array([1.0, 10.0]), 2)
    np.testing.assert_allclose(rates(schedule, 3), [[0.5, 5], [1, 10], [1, 10]])


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (step_decay(0.25, 0.5, 1), 0.5 * 0.75 * 0.875),
        (exponential_decay(0.25, 0.5), 0.5 * 0.75 * 0.875),
        (cosine_decay(0.25, 2), 0.5 * 0.75 * 1),
        (warmup(0.25, 2), 0.75 * 0.5 * 0.5),
    ],
)
def test_as_lr_of_gradient_descent_on_x_squared(schedule, expected):
    # x is multiplied by 1 - 2 lr at each of the steps t = 0, 1, 2
    x, _ = gradient_descent(square, [1.0], schedule, 3)
    assert x[0] == pytest.approx(expected, rel=1e-9)


BAD_NUMBER = ["0.1", None, np.nan, np.inf, -0.1, 1j, [0.1, 0.2]]


@pytest.mark.parametrize("lr", BAD_NUMBER)
@pytest.mark.parametrize(
    "make",
    [step_decay, exponential_decay, lambda lr: cosine_decay(lr, 10), lambda lr: warmup(lr, 10)],
    ids=["step", "exponential", "cosine", "warmup"],
)
def test_a_senseless_rate_is_refused(make, lr):
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        make(lr)
    assert "lr" in str(caught.value)


@pytest.mark.parametrize("factor", [*BAD_NUMBER, 0, 1.5])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("drop", lambda factor: step_decay(0.1, drop=factor)),
        ("rate", lambda factor: exponential_decay(0.1, rate=factor)),
    ],
)
def test_a_factor_outside_zero_to_one_is_refused(name, make, factor):
    with pytest.raises(ValueError, match=name + ".*" + JAPANESE):
        make(factor)


@pytest.mark.parametrize("steps", [0, -1, 2.5, np.nan, np.inf, "10", None, True, np.True_, [10]])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("every", lambda steps: step_decay(0.1, every=steps)),
        ("step_num", lambda steps: cosine_decay(0.1, steps)),
        ("warmup_steps", lambda steps: warmup(0.1, steps)),
    ],
)
def test_a_length_that_is_no_positive_integer_is_refused(name, make, steps):
    with pytest.raises(ValueError, match=name + ".*" + JAPANESE):
        make(steps)


@pytest.mark.parametrize("lr_min", [*BAD_NUMBER, 0.2])
def test_the_last_rate_of_the_cosine_lies_between_zero_and_the_first(lr_min):
    with pytest.raises(ValueError, match="lr_min.*" + JAPANESE):
        cosine_decay(0.1, 10, lr_min)


@pytest.mark.parametrize("answer", ["0.1", None, np.nan, np.inf, -1, 1j, [0.1, "a"], {}])
@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: warmup(s, 5)], ids=["bare", "warmup"])
@pytest.mark.parametrize("at", [0, 2])
def test_a_schedule_that_answers_nonsense_is_refused_by_gradient_descent(wrap, answer, at):
    start = np.array([1.0])
    with pytest.raises(ValueError, match="学習率"):
        gradient_descent(square, start, wrap(lambda t: answer if t == at else 0.1), 3)
    np.testing.assert_array_equal(start, [1])


def test_an_exception_of_a_schedule_passes_unchanged():
    with pytest.raises(ZeroDivisionError):
        gradient_descent(square, [1.0], lambda t: 1 / t, 3)
