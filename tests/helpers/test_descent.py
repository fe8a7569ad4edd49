"""gradient_descent against closed forms and the seed's faults; outcome against known endings."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest

import helpers
from helpers import (
    SGD,
    AdaDelta,
    AdaGrad,
    Adam,
    AdamW,
    Momentum,
    Nesterov,
    RMSprop,
    first_step,
    function_2,
    gradient_descent,
    numerical_gradient,
    outcome,
    outcomes,
    plateau,
    quadratic,
    rosenbrock,
    saddle_with_minima,
    sigmoid_squared_loss,
    square,
    step_decay,
    valley,
    warmup,
)
from tests.conftest import JAPANESE

OPTIMIZERS = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam, AdamW)


# --- the contract ---------------------------------------------------------------------------------


def test_example_of_the_book():
    x, x_history = gradient_descent(function_2, [-3.0, 4.0], lr=0.1, step_num=20)
    np.testing.assert_allclose(x, [-0.03459, 0.04612], atol=5e-6)
    closed_form = np.array([-3.0, 4.0]) * 0.8 ** np.arange(21)[:, None]
    np.testing.assert_allclose(x_history, closed_form, rtol=1e-8)


def test_defaults_are_those_of_the_book():
    x, x_history = gradient_descent(lambda x: x[0] ** 2 + x[1] ** 2, np.array([-3.0, 4.0]))
    assert x_history.shape == (101, 2)
    np.testing.assert_allclose(x, np.array([-3, 4]) * 0.98**100, rtol=1e-7)


@pytest.mark.parametrize("shape", [(1,), (2,), (5,), (2, 7), (3, 2, 4)])
@pytest.mark.parametrize("step_num", [0, 1, 6])
def test_history_has_start_and_end_and_the_end_is_x(shape, step_num):
    start = np.random.default_rng(0).uniform(-1, 1, shape)
    x, x_history = gradient_descent(lambda x: np.sum(x**2, axis=0), start, 0.1, step_num)
    assert x.shape == shape
    assert x_history.shape == (step_num + 1, *shape)
    assert x.dtype == x_history.dtype == np.float64
    np.testing.assert_array_equal(x_history[0], start)
    np.testing.assert_array_equal(x_history[-1], x)


def test_seed_fault_the_last_point_is_in_the_history():
    _, x_history = gradient_descent(function_2, [-3.0, 4.0], 0.1, 20)
    assert len(x_history) == 21
    assert np.linalg.norm(x_history[-1]) == pytest.approx(5 * 0.8**20, rel=1e-8)


@pytest.mark.parametrize("optimizer", [None, *(cls() for cls in OPTIMIZERS)])
@pytest.mark.parametrize("step_num", [0, 5])
def test_seed_fault_the_callers_start_is_not_overwritten(optimizer, step_num):
    start = np.array([-3.0, 4.0])
    x, x_history = gradient_descent(function_2, start, 0.1, step_num, optimizer=optimizer)
    np.testing.assert_array_equal(start, [-3, 4])
    assert not np.shares_memory(x, start)
    assert not np.shares_memory(x_history, start)
    assert not np.shares_memory(x, x_history)


@pytest.mark.parametrize("kind", [int, np.int8, np.float16, np.float32, list, tuple])
@pytest.mark.parametrize("exact", [False, True])
def test_seed_fault_a_start_of_any_type_runs_in_float64(kind, exact):
    # The article's code raises for integers, because x -= lr * grad cannot be cast back.
    start = kind([-3, 4]) if kind in (list, tuple) else np.array([-3, 4], dtype=kind)
    grad = function_2.grad if exact else None
    x, _ = gradient_descent(function_2, start, 0.1, 20, grad=grad)
    assert x.dtype == np.float64
    np.testing.assert_allclose(x, np.array([-3, 4]) * 0.8**20, rtol=1e-8)


def test_seed_fault_a_large_rate_diverges_instead_of_freezing():
    x, x_history = gradient_descent(function_2, [-3.0, 4.0], lr=10, step_num=100)
    np.testing.assert_allclose(x, np.array([-3, 4]) * 19.0**100, rtol=1e-3)
    assert (np.diff(np.linalg.norm(x_history, axis=1)) > 0).all()
    assert outcome(function_2, x_history) == "発散"


def test_seed_fault_the_run_that_freezes_with_a_fixed_h_is_named_divergence():
    def seed_gradient(x):
        return numerical_gradient(function_2, x, h=1e-4)

    x, x_history = gradient_descent(
        function_2, [-3.0, 4.0], lr=10, step_num=100, grad=seed_gradient
    )
    np.testing.assert_array_equal(x_history[10:], np.broadcast_to(x, (91, 2)))
    assert np.linalg.norm(x) > 1e13
    np.testing.assert_array_equal(seed_gradient(x), [0, 0])  # what a gradient test would believe
    assert outcome(function_2, x_history) == "発散"


@pytest.mark.parametrize("step_num", [0, 1, 3, 20.0, np.int64(4), np.float32(2)])
def test_step_num_may_be_any_whole_number(step_num):
    assert len(gradient_descent(square, [1.0], 0.1, step_num)[1]) == step_num + 1


def test_no_step_returns_the_start():
    x, x_history = gradient_descent(square, [3], 0.1, 0)
    np.testing.assert_array_equal(x, [3])
    np.testing.assert_array_equal(x_history, [[3]])


# --- what f, grad and the optimizer may do --------------------------------------------------------


def test_f_that_writes_to_its_argument_changes_nothing():
    def rude(x):
        value = np.sum(x**2, axis=0)
        x[...] = 0
        return value

    def rude_grad(x):
        slope = 2 * x
        x[...] = 0
        return slope

    start = np.array([-3.0, 4.0])
    for grad in (None, rude_grad):
        x, x_history = gradient_descent(rude, start, 0.1, 20, grad=grad)
        np.testing.assert_allclose(x, start * 0.8**20, rtol=1e-8)
        np.testing.assert_array_equal(x_history[0], [-3, 4])
    np.testing.assert_array_equal(start, [-3, 4])


def test_grad_that_keeps_one_buffer_and_an_optimizer_that_keeps_it_work():
    buffer = np.empty(1)

    def grad(x):
        return np.multiply(2, x, out=buffer)

    class PreviousGradient:
        def __init__(self):
            self.previous = 0.0

        def update(self, x, grad, lr):
            x, self.previous = x - lr * self.previous, grad
            return x

    x, _ = gradient_descent(square, [1.0], 0.25, 3, optimizer=PreviousGradient(), grad=grad)
    # x: 1, 1, 1 - 0.25 * 2 = 0.5, 0.5 - 0.25 * 2 = 0
    np.testing.assert_allclose(x, [0.0], atol=1e-12)


def test_an_optimizer_that_works_in_place_does_not_rewrite_history():
    class InPlace:
        def update(self, x, grad, lr):
            x -= lr * grad
            return x

    start = np.array([-3.0, 4.0])
    x, x_history = gradient_descent(function_2, start, 0.1, 3, optimizer=InPlace())
    np.testing.assert_allclose(x_history, start * 0.8 ** np.arange(4)[:, None], rtol=1e-8)
    np.testing.assert_array_equal(start, [-3, 4])
    np.testing.assert_array_equal(x, x_history[-1])


def test_anything_with_update_is_an_optimizer():
    sign_descent = SimpleNamespace(update=lambda x, grad, lr: x - lr * np.sign(grad))
    x, _ = gradient_descent(function_2, [-3.0, 4.0], 0.5, 4, optimizer=sign_descent)
    np.testing.assert_allclose(x, [-1, 2])


def test_optimizer_receives_point_gradient_and_rate():
    seen = []

    def update(x, grad, lr):
        seen.append((x.copy(), grad.copy(), float(lr)))
        return x - 1

    gradient_descent(
        square,
        [5.0],
        lambda t: 0.5**t,
        2,
        optimizer=SimpleNamespace(update=update),
        grad=square.grad,
    )
    assert seen == [([5], [10], 1), ([4], [8], 0.5)]


def test_grad_is_used_instead_of_f():
    def never(x):
        raise AssertionError("f is not needed")

    x, _ = gradient_descent(never, [1.0, 2.0], 0.5, 3, grad=lambda x: np.ones_like(x))
    np.testing.assert_allclose(x, [-0.5, 0.5])


def test_grad_may_answer_with_lists_and_integers():
    x, _ = gradient_descent(square, [5], 1, 2, grad=lambda x: [2])
    np.testing.assert_array_equal(x, [1])


def test_mini_batches_of_a_regression():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=1000)
    targets = 3 * inputs + 0.1 * rng.normal(size=1000)
    batches = [b for _ in range(3) for b in np.array_split(rng.permutation(1000), 32)]
    order = iter(batches)

    def mini_batch_gradient(w):
        picked = next(order)
        return np.array([np.mean((w[0] * inputs[picked] - targets[picked]) * inputs[picked])])

    def loss(w):
        return np.mean((w[0] * inputs - targets) ** 2) / 2

    w, history = gradient_descent(loss, [0.0], 0.1, len(batches), grad=mini_batch_gradient)
    assert len(history) == 97
    replayed = 0.0
    for picked in batches:
        slope = np.mean((replayed * inputs[picked] - targets[picked]) * inputs[picked])
        replayed -= 0.1 * slope
    assert w[0] == pytest.approx(replayed, rel=1e-12)
    assert w[0] == pytest.approx(3, abs=0.05)


# --- learning rates -------------------------------------------------------------------------------


def test_schedule_is_asked_for_each_step_from_zero():
    # x is multiplied by 1 - 2/(t+4) = (t+2)/(t+4); the product telescopes to 6/((n+2)(n+3)).
    _, x_history = gradient_descent(square, [1.0], lambda t: 1 / (t + 4), 10, grad=square.grad)
    n = np.arange(11)
    np.testing.assert_allclose(x_history[:, 0], 6 / ((n + 2) * (n + 3)), rtol=1e-12)


def test_schedule_receives_whole_numbers_within_the_run():
    seen = []
    gradient_descent(square, [1.0], lambda t: seen.append(t) or 0.1, 5)
    assert set(seen) == {0, 1, 2, 3, 4}
    assert all(type(t) is int for t in seen)


@pytest.mark.parametrize(
    ("start_shape", "lr_shape", "batch"),
    [
        ((2,), (), ()),
        ((2,), (1,), (1,)),
        ((2,), (5,), (5,)),
        ((2,), (2,), (2,)),
        ((2, 5), (5,), (5,)),
        ((2, 5), (), (5,)),
        ((2, 5), (4, 1), (4, 5)),
        ((2, 1), (4,), (4,)),
        ((2, 3, 1), (4,), (3, 4)),
        ((2, 5), (3, 4, 1), (3, 4, 5)),
    ],
)
@pytest.mark.parametrize("as_schedule", [False, True])
@pytest.mark.parametrize("exact", [False, True])
def test_an_array_of_rates_broadcasts_over_the_batch(
    start_shape, lr_shape, batch, as_schedule, exact
):
    rng = np.random.default_rng(0)
    start, rates = rng.uniform(-1, 1, start_shape), rng.uniform(0, 1, lr_shape)
    start_before, rates_before = start.copy(), rates.copy()
    lr = (lambda t: rates / (t + 1)) if as_schedule else rates
    f = quadratic(1, 2)
    x, x_history = gradient_descent(f, start, lr, 4, grad=f.grad if exact else None)
    assert x_history.shape == (5, 2, *batch)
    factor = np.ones(np.broadcast_shapes(rates.shape, batch))
    a = np.array([1.0, 2.0])
    expected = np.empty((2, *batch))
    for i in range(2):
        factor = np.ones(batch)
        for t in range(4):
            factor = factor * (1 - a[i] * rates / (t + 1 if as_schedule else 1))
        expected[i] = start[i] * factor
    np.testing.assert_allclose(x, expected, rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(start, start_before)
    np.testing.assert_array_equal(rates, rates_before)


def test_a_list_of_rates_is_an_array():
    x, _ = gradient_descent(square, [1.0], [0.1, 0.5], 1)
    np.testing.assert_allclose(x, [[0.8, 0]], atol=1e-9)


@pytest.mark.parametrize("cls", OPTIMIZERS)
@pytest.mark.parametrize("exact", [False, True])
def test_starts_times_learning_rates_equal_the_single_runs(cls, exact):
    starts = np.array([[-1.2, 0.5, 2.0], [1.0, -0.5, 1.0]])
    rates = np.array([1e-4, 3e-4, 5e-4, 1e-3])
    grad = rosenbrock.grad if exact else None
    _, together = gradient_descent(
        rosenbrock, starts[:, :, None], rates, 25, optimizer=cls(), grad=grad
    )
    assert together.shape == (26, 2, 3, 4)
    for i in range(3):
        for j, lr in enumerate(rates):
            _, single = gradient_descent(
                rosenbrock, starts[:, i], lr, 25, optimizer=cls(), grad=grad
            )
            np.testing.assert_allclose(together[:, :, i, j], single, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("lr", [0, 0.0, [0, 0]])
def test_a_zero_rate_stays(lr):
    x, _ = gradient_descent(square, [3.0], lr, 5)
    np.testing.assert_array_equal(x.ravel(), 3)


# --- overflow -------------------------------------------------------------------------------------


@pytest.mark.parametrize("exact", [False, True])
def test_an_overflow_stops_neither_the_others_nor_the_run_and_warns_of_nothing(exact):
    # Warnings are errors in this project's pytest configuration.
    rates = np.array([0.0005, 10.0, 0.001, 1e300])
    grad = rosenbrock.grad if exact else None
    x, x_history = gradient_descent(rosenbrock, [-1.2, 1.0], rates, 200, grad=grad)
    assert np.isfinite(x).all(axis=0).tolist() == [True, False, True, False]
    assert x_history.shape == (201, 2, 4)
    for j in (0, 2):
        alone, _ = gradient_descent(rosenbrock, [-1.2, 1.0], rates[j], 200, grad=grad)
        np.testing.assert_allclose(x[:, j], alone, rtol=1e-9)
    assert outcome(rosenbrock, x_history).tolist() == ["打ち切り", "発散", "打ち切り", "発散"]


@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_every_optimizer_survives_an_overflow(cls):
    x, x_history = gradient_descent(
        rosenbrock, [[-1.2], [1.0]], [0.0005, 1e200], 50, optimizer=cls()
    )
    assert np.isfinite(x[:, 0]).all()
    assert outcome(rosenbrock, x_history)[1] == "発散"


def test_the_callers_warning_settings_are_back_after_a_run():
    before = np.geterr()
    gradient_descent(square, [1.0], 1e300, 5)
    assert np.geterr() == before


# --- state of the optimizer -----------------------------------------------------------------------


@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_one_object_used_twice_gives_the_same_run_twice(cls):
    optimizer = cls()
    before = copy.deepcopy(vars(optimizer))
    first = gradient_descent(valley, [-7.0, 2.0], 0.1, 30, optimizer=optimizer)[1]
    assert vars(optimizer) == before
    second = gradient_descent(valley, [-7.0, 2.0], 0.1, 30, optimizer=optimizer)[1]
    np.testing.assert_array_equal(first, second)
    fresh = gradient_descent(valley, [-7.0, 2.0], 0.1, 30, optimizer=cls())[1]
    np.testing.assert_array_equal(first, fresh)


@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_one_object_serves_runs_of_different_shape(cls):
    optimizer = cls()
    gradient_descent(valley, np.ones((2, 5)), 0.1, 3, optimizer=optimizer)
    x, _ = gradient_descent(plateau, [1.0], 0.1, 3, optimizer=optimizer)
    expected, _ = gradient_descent(plateau, [1.0], 0.1, 3, optimizer=cls())
    np.testing.assert_array_equal(x, expected)


def test_state_inside_containers_does_not_leak_either():
    class Heavy:
        def __init__(self):
            self.state = {"v": np.zeros(1)}

        def update(self, x, grad, lr):
            self.state["v"] *= 0.9
            self.state["v"] -= lr * grad
            return x + self.state["v"]

    optimizer = Heavy()
    first = gradient_descent(square, [1.0], 0.1, 10, optimizer=optimizer)[1]
    np.testing.assert_array_equal(optimizer.state["v"], [0])
    np.testing.assert_array_equal(
        gradient_descent(square, [1.0], 0.1, 10, optimizer=optimizer)[1], first
    )


def test_nothing_leaks_from_a_run_that_failed():
    optimizer = Momentum()
    count = iter(range(100))

    def fails_late(x):
        if next(count) > 9:
            raise RuntimeError
        return x[0] ** 2

    start = np.array([1.0])
    with pytest.raises(RuntimeError):
        gradient_descent(fails_late, start, 0.1, 100, optimizer=optimizer)
    assert vars(optimizer) == vars(Momentum())
    np.testing.assert_array_equal(start, [1])


# --- a scalar f of a matrix -----------------------------------------------------------------------

WEIGHTS = np.array([[0.47355232, 0.9977393, 0.84668094], [0.85557411, 0.03563661, 0.69422093]])


def network_loss(weights):
    """Softmax and cross-entropy of the book's simple network, with weight decay."""
    a = np.array([0.6, 0.9]) @ weights
    return np.log(np.exp(a).sum()) - a[2] + 0.05 * np.sum(weights**2)


def flat_loss(weights):
    return network_loss(weights.reshape(2, 3))


@pytest.mark.parametrize("cls", OPTIMIZERS)
@pytest.mark.parametrize("lr", [0.1, step_decay(0.1, 0.5, 20)])
def test_a_run_over_a_matrix_is_the_run_over_its_entries(cls, lr):
    before = WEIGHTS.copy()
    weights, history = gradient_descent(network_loss, WEIGHTS, lr, 40, optimizer=cls())
    _, flat = gradient_descent(flat_loss, WEIGHTS.ravel(), lr, 40, optimizer=cls())
    assert weights.shape == (2, 3)
    assert history.shape == (41, 2, 3)
    np.testing.assert_array_equal(history.reshape(41, 6), flat)
    np.testing.assert_array_equal(WEIGHTS, before)
    name = outcome(network_loss, history)
    assert type(name) is str
    assert name == outcome(flat_loss, flat)
    np.testing.assert_array_equal(outcomes(network_loss, history), outcomes(flat_loss, flat))


def test_a_step_over_a_matrix_is_the_books():
    x, _ = gradient_descent(network_loss, WEIGHTS, 0.1, 1)
    y = np.exp([0.6, 0.9] @ WEIGHTS) / np.exp([0.6, 0.9] @ WEIGHTS).sum()
    slope = np.outer([0.6, 0.9], y - [0, 0, 1]) + 0.1 * WEIGHTS
    np.testing.assert_allclose(x, WEIGHTS - 0.1 * slope, rtol=1e-8)


@pytest.mark.parametrize(
    ("lr", "step_num", "name"), [(1, 200, "収束"), (0.1, 10, "打ち切り"), (30, 200, "発散")]
)
def test_a_run_over_a_matrix_has_one_ending(lr, step_num, name):
    assert outcome(network_loss, gradient_descent(network_loss, WEIGHTS, lr, step_num)[1]) == name


def test_many_rates_want_an_f_that_answers_for_each_run():
    with pytest.raises(ValueError, match=r"\(3,\).*" + JAPANESE):
        gradient_descent(network_loss, WEIGHTS, [0.1, 0.2, 0.3])


# --- f that computes in float32 or float16 --------------------------------------------------------


def coarse_valley(dtype, offset, as_float):
    def f(x):
        a, b = (np.asarray(x[i], dtype) for i in (0, 1))
        value = dtype(offset) + (a - dtype(3)) ** 2 + dtype(10) * (b - dtype(4)) ** 2
        return np.float64(value) if as_float else value

    return f


@pytest.mark.parametrize("as_float", [False, True])
@pytest.mark.parametrize("offset", [0, 1, 100, 1e3, 1e4, 1e6])
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_nothing_false_is_said_of_a_coarse_f(dtype, offset, as_float):
    f = coarse_valley(dtype, offset, as_float)
    exact = lambda x: (x[0] - 3) ** 2 + 10 * (x[1] - 4) ** 2  # noqa: E731
    for start in ([0.0, 0.0], [2.5, 4.2]):
        for step_num in (5, 200):
            try:
                x, x_history = gradient_descent(f, start, 0.03, step_num)
            except ValueError as error:
                assert "float64" in str(error)
                continue
            truth, true_history = gradient_descent(exact, start, 0.03, step_num)
            if np.isinf(f(x)) or (as_float and dtype is np.float16 and offset >= 100):
                continue  # nothing but a constant, as far as float64 can tell
            np.testing.assert_allclose(x, truth, atol=0.05)
            try:
                name = outcome(f, x_history)
            except ValueError as error:
                assert "float64" in str(error)
                continue
            assert name == outcome(exact, true_history), (start, step_num)


def test_the_run_that_was_found_to_stand_still_arrives():
    f = coarse_valley(np.float32, 1000, as_float=False)
    x, x_history = gradient_descent(f, [0.0, 0.0], 0.03, 400)
    np.testing.assert_allclose(x, [3, 4], atol=0.01)
    with pytest.raises(ValueError, match="float32"):
        outcome(f, x_history)


def test_a_coarse_run_that_is_clear_is_named():
    f = coarse_valley(np.float32, 0, as_float=False)
    for lr, step_num, name in ((0.03, 400, "収束"), (0.03, 10, "打ち切り"), (0.11, 30, "発散")):
        assert outcome(f, gradient_descent(f, [0.0, 0.0], lr, step_num)[1]) == name


# --- first_step -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reached", "step"),
    [
        ([False, True, False, True], 1),
        ([True], 0),
        ([False, False], None),
        (np.empty(0, bool), None),
    ],
)
def test_first_step_is_the_first_that_holds_or_none(reached, step):
    assert first_step(reached) == step


@pytest.mark.parametrize(
    "reached", [[0, 1], [[True]], True, None, "abc", [], [[True], []]], ids=repr
)
def test_first_step_wants_one_row_of_truth_values(reached):
    with pytest.raises(ValueError, match="reached.*" + JAPANESE):
        first_step(reached)


# --- outcome --------------------------------------------------------------------------------------


def ending(f, start, lr, step_num, optimizer=None):
    return outcome(f, gradient_descent(f, start, lr, step_num, optimizer=optimizer, grad=f.grad)[1])


@pytest.mark.parametrize(
    ("name", "f", "start", "lr", "step_num"),
    [
        ("収束", "function_2", [-3, 4], 0.1, 100),
        ("収束", "valley", [-7, 2], 0.5, 400),
        ("収束", "valley", [0, 0], 0.5, 3),
        ("収束", "himmelblau", [0, 0], 0.01, 500),
        ("収束", "quartic", [2], 0.05, 200),
        ("収束", "dimple", [5], 0.1, 500),
        ("収束", "saddle_with_minima", [1, 1e-6], 0.1, 400),
        ("発散", "square", [3], 1.1, 20),
        ("発散", "square", [3], 1.001, 50),
        ("発散", "square", [3], 1.1, 10_000),
        ("発散", "valley", [-7, 2], 1.1, 50),
        ("発散", "beale", [1, 1.5], 0.04, 10),
        ("発散", "saddle", [1, 1e-6], 0.1, 200),
        ("発散", "product", [1, -2], 0.1, 300),
        ("停滞", "plateau", [10], 0.1, 1000),
        ("停滞", "sigmoid_squared_loss", [10], 1, 1000),
        ("停滞", "square", [3], 1, 100),
        ("停滞", "valley", [-7, 2], 1, 200),
        ("停滞", "rosenbrock", [-1.2, 1], 0.003, 5000),
        ("停滞", "square", [3], 0, 100),
        ("鞍点", "saddle_with_minima", [1, 0], 0.1, 400),
        ("鞍点", "saddle", [1, 0], 0.1, 400),
        ("鞍点", "product", [1, 1], 0.1, 400),
        ("鞍点", "beale", [0, 1], 0.01, 10),
        ("打ち切り", "function_2", [-3, 4], 0.1, 20),
        ("打ち切り", "valley", [-7, 2], 0.1, 30),
        ("打ち切り", "rosenbrock", [-1.2, 1], 0.001, 2000),
        ("打ち切り", "square", [3], 0.1, 1),
        ("打ち切り", "square", [3], 0.1, 0),
        ("打ち切り", "sigmoid_cross_entropy", [10], 1, 5),
    ],
)
def test_name_of_the_ending(name, f, start, lr, step_num):
    given = ending(getattr(helpers, f), start, lr, step_num)
    assert given == name
    assert type(given) is str


@pytest.mark.parametrize(
    ("name", "lr", "optimizer"),
    [
        ("収束", 0.1, Momentum()),
        ("収束", 0.1, Nesterov()),
        ("収束", 1.5, AdaGrad()),
        ("収束", 0.3, Adam()),
        ("停滞", 0.1, RMSprop()),  # chatters at 0.05 for ever
        ("発散", 2.0, Momentum()),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_name_of_the_ending_of_each_optimizer_in_the_valley(name, lr, optimizer):
    assert ending(valley, [-7, 2], lr, 500, optimizer) == name


def test_five_endings_in_one_batch():
    # Saddle with minima: the start, the rate and the ending of each run.
    runs = [
        ((1, 1e-3), 0.1, "収束"),
        ((1, 2), 10, "発散"),
        ((0, 1.4), 1.1, "停滞"),  # leaps to and fro over a minimum, whose bound is 2/L = 1
        ((1, 0), 0.1, "鞍点"),
        ((1, 0.5), 0.001, "打ち切り"),
    ]
    starts = np.array([start for start, _, _ in runs]).T
    rates = np.array([lr for _, lr, _ in runs])
    _, x_history = gradient_descent(
        saddle_with_minima, starts, rates, 300, grad=saddle_with_minima.grad
    )
    before = x_history.copy()
    names = outcome(saddle_with_minima, x_history)
    assert names.tolist() == [name for _, _, name in runs]
    np.testing.assert_array_equal(x_history, before)
    cube = outcome(saddle_with_minima, x_history.reshape(301, 2, 5, 1))
    assert cube.shape == (5, 1)
    for i in range(5):
        assert outcome(saddle_with_minima, x_history[:, :, i]) == names[i]


def test_a_leap_to_and_fro_is_a_standstill_whichever_side_it_ends_on():
    # It ends in turn at y = 0.815 (f = -0.222) and 1.116 (f = -0.235), for ever.
    names = [ending(saddle_with_minima, [0, 0.9], 1.1, step_num) for step_num in range(290, 300)]
    assert names == ["停滞"] * 10


def test_noise_around_a_minimum_is_no_divergence():
    rng = np.random.default_rng(0)
    _, x_history = gradient_descent(
        square, np.zeros((1, 2000)), 0.1, 300, grad=lambda x: 2 * x + rng.normal(size=x.shape)
    )
    assert "発散" not in outcome(square, x_history)


def test_a_tiny_gradient_alone_is_no_convergence():
    for f, start, lr in ((sigmoid_squared_loss, [-15.0], 1), (plateau, [300.0], 0.1)):
        x, x_history = gradient_descent(f, start, lr, 200, grad=f.grad)
        assert np.abs(f.grad(x)).max() < 1e-6
        assert outcome(f, x_history) != "収束"


def test_a_large_gradient_alone_is_no_failure():
    steep = quadratic(1e8, 1e8)
    _, x_history = gradient_descent(steep, [1.0, 1.0], 5e-9, 30, grad=steep.grad)
    x_history[-1] = 1e-6  # a slope of 100, a millionth beside the minimum
    x_history[-2] = 1e-6
    assert np.linalg.norm(steep.grad(x_history[-1])) > 100
    assert outcome(steep, x_history) == "収束"


def test_distance_to_a_tilted_minimum_counts_not_the_slope():
    rng = np.random.default_rng(0)
    axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))  # columns: directions of curvature
    curvature = np.array([0.01, 1, 1e4])

    def tilted(x):
        return np.tensordot(curvature, np.tensordot(axes.T, x, 1) ** 2, 1) / 2

    at_rest = {"steep, close": 5e-4 * axes[:, 2], "gentle, far": 0.1 * axes[:, 0]}
    names = {where: outcome(tilted, [point] * 3) for where, point in at_rest.items()}
    assert names["steep, close"] == "収束"  # slope 5
    assert names["gentle, far"] == "停滞"  # slope 0.001


def test_a_swing_that_grows_is_divergence_though_it_passes_the_minimum_again_and_again():
    t = np.arange(42)
    x_history = (1.2**t * np.cos(t))[:, None]
    values = square(x_history.T)
    assert values[21:].min() < values[:21].max()
    assert outcome(square, x_history) == "発散"


def test_a_rise_that_is_over_is_no_divergence():
    assert outcome(square, [[1.0], [3.0], [2.0]]) == "打ち切り"


def test_progress_is_measured_against_what_is_left_to_gain():
    raised = lambda x: x[0] ** 2 + 100  # noqa: E731
    _, x_history = gradient_descent(raised, [0.5], 0.01, 50)
    assert outcome(raised, x_history) == "打ち切り"


def test_a_coordinate_without_influence_does_not_hide_progress():
    trough = lambda x: x[0] ** 2  # noqa: E731
    _, x_history = gradient_descent(trough, [3.0, 5.0], 0.01, 20)
    assert outcome(trough, x_history) == "打ち切り"


def test_a_maximum_is_no_convergence():
    hill = lambda x: -np.sum(x**2, axis=0)  # noqa: E731
    assert outcome(hill, np.zeros((5, 2))) not in ("収束", "鞍点")


def test_a_run_that_passes_the_minimum_at_speed_has_not_converged():
    x_history = np.array([[3.0], [1.5], [0.0]])
    assert outcome(square, x_history) == "打ち切り"


def test_outcome_survives_inf_and_nan_without_a_warning():
    x_history = np.array([[[1.0, 1, 1]], [[np.inf, np.nan, 0.1]], [[np.nan, np.nan, 1e-9]]])
    assert outcome(square, x_history).tolist()[:2] == ["発散", "発散"]


def test_a_list_is_a_history():
    assert outcome(square, [[0.0], [0.0]]) == "収束"


def test_a_run_that_was_once_beyond_all_numbers_has_diverged_though_it_came_back():
    assert outcome(square, [[3.0], [np.inf], [0.0], [0.0]]) == "発散"
    assert outcomes(square, [[3.0], [np.nan], [0.0], [0.0]]).tolist()[1:] == ["発散"] * 3


def test_progress_is_what_the_last_quarter_of_the_run_won():
    assert outcome(square, [[3.0], [3.0], [3.0], [2.0], [2.0]]) == "停滞"
    assert outcome(square, [[3.0], [3.0], [2.0], [2.0], [1.9]]) == "打ち切り"


def test_outcomes_follow_a_run_from_its_first_step():
    _, x_history = gradient_descent(square, [3.0], 0.3, 20, grad=square.grad)
    names = outcomes(square, x_history)
    assert names.tolist() == ["打ち切り"] * 10 + ["収束"] * 11  # the last move 1.8 · 0.4ᵗ⁻¹ < 10⁻³


def test_outcomes_call_f_on_all_points_together_where_it_takes_them():
    calls = []
    _, x_history = gradient_descent(valley, [-7.0, 2.0], 0.1, 100)
    outcomes(lambda x: calls.append(x.shape) or valley(x), x_history)
    # Each point once for its value; together once to see that it is the same, 12 times for the
    # Hessian, 4 for the gradient.
    assert calls == [(2,)] * 101 + [(2, 101)] * 17


# --- bad input ------------------------------------------------------------------------------------


class NoUpdate:
    pass


class Returns:
    def __init__(self, value):
        self.value = value

    def update(self, x, grad, lr):
        return self.value


BAD_ARGUMENTS = {
    "f text": ({"f": "x**2"}, ["f", "'x**2'"]),
    "f None": ({"f": None}, ["f", "None"]),
    "f None value": ({"f": lambda x: None}, ["f(x)", "None"]),
    "f text value": ({"f": lambda x: "1"}, ["f(x)", "'1'"]),
    "f complex value": ({"f": lambda x: 1j}, ["f(x)"]),
    "f vector": ({"f": lambda x: x**2}, ["()", "(2,)"]),
    "f ragged": ({"f": lambda x: [1, [2, 3]]}, ["f(x)"]),
    "start text": ({"init_x": "abc"}, ["init_x", "'abc'"]),
    "start None": ({"init_x": None}, ["init_x", "None"]),
    "start number": ({"init_x": 3.0}, ["init_x", "(n,)", "3.0"]),
    "start empty": ({"init_x": []}, ["init_x", "(0,)"]),
    "start nan": ({"init_x": [np.nan, 1]}, ["init_x", "nan"]),
    "start inf": ({"init_x": [1, np.inf]}, ["init_x", "inf"]),
    "start complex": ({"init_x": [1j, 1]}, ["init_x"]),
    "start ragged": ({"init_x": [[1], [1, 2]]}, ["init_x"]),
    "start strings": ({"init_x": ["1", "2"]}, ["init_x"]),
    "start masked": ({"init_x": np.ma.masked_array([1.0, 2], mask=[0, 1])}, ["init_x", "マスク"]),
    "lr nan": ({"lr": np.nan}, ["lr", "nan"]),
    "lr inf": ({"lr": np.inf}, ["lr", "inf"]),
    "lr negative": ({"lr": -0.1}, ["lr", "-0.1"]),
    "lr text": ({"lr": "0.1"}, ["lr", "'0.1'"]),
    "lr None": ({"lr": None}, ["lr", "None"]),
    "lr complex": ({"lr": 1j}, ["lr"]),
    "lr part nan": ({"lr": [0.1, np.nan]}, ["lr", "nan"]),
    "lr ragged": ({"lr": [[0.1], [0.1, 0.2]]}, ["lr"]),
    "lr masked": ({"lr": np.ma.masked_array([0.1, 0.2], mask=[0, 1])}, ["lr"]),
    "lr shape": ({"init_x": np.ones((2, 3)), "lr": np.ones(4)}, ["lr", "(4,)", "(3,)"]),
    "steps negative": ({"step_num": -1}, ["step_num", "-1"]),
    "steps fractional": ({"step_num": 2.5}, ["step_num", "2.5"]),
    "steps bool": ({"step_num": True}, ["step_num", "True"]),
    "steps numpy bool": ({"step_num": np.True_}, ["step_num", "True"]),
    "steps nan": ({"step_num": np.nan}, ["step_num", "nan"]),
    "steps inf": ({"step_num": np.inf}, ["step_num", "inf"]),
    "steps text": ({"step_num": "100"}, ["step_num", "'100'"]),
    "steps None": ({"step_num": None}, ["step_num", "None"]),
    "steps list": ({"step_num": [10]}, ["step_num", "[10]"]),
    "steps huge": ({"step_num": 10**12}, ["step_num", "1000000000000"]),
    "steps huger": ({"step_num": 1e300}, ["step_num"]),
    "optimizer text": ({"optimizer": "Adam"}, ["optimizer", "'Adam'", "update"]),
    "optimizer class": ({"optimizer": Adam}, ["optimizer", "Adam", "()"]),
    "optimizer without update": ({"optimizer": NoUpdate()}, ["optimizer", "update", "NoUpdate"]),
    "optimizer number": ({"optimizer": 0.9}, ["optimizer", "0.9"]),
    "optimizer dict": ({"optimizer": {"momentum": 0.9}}, ["optimizer", "update"]),
    "update None": ({"optimizer": Returns(None)}, ["update", "None"]),
    "update text": ({"optimizer": Returns("x")}, ["update", "'x'"]),
    "update shape": ({"optimizer": Returns(np.ones(3))}, ["update", "(2,)", "(3,)"]),
    "update scalar": ({"optimizer": Returns(1.0)}, ["update", "(2,)", "()"]),
    "grad number": ({"grad": 3}, ["grad", "3"]),
    "grad None value": ({"grad": lambda x: None}, ["grad", "None"]),
    "grad shape": ({"grad": lambda x: 1.0}, ["grad", "(2,)", "()"]),
    "grad complex": ({"grad": lambda x: 1j * x}, ["grad"]),
    "schedule text": ({"lr": lambda t: "0.1"}, ["lr", "'0.1'"]),
    "schedule None": ({"lr": lambda t: None}, ["lr", "None"]),
    "schedule nan": ({"lr": lambda t: np.nan}, ["lr", "nan"]),
    "schedule late nan": ({"lr": lambda t: 0.1 if t < 2 else np.nan}, ["lr", "nan"]),
    "schedule negative": ({"lr": lambda t: 0.1 - t}, ["lr", "-0.9"]),
    "schedule itself": ({"lr": lambda t: step_decay}, ["lr"]),
    "schedule warmed text": ({"lr": warmup(lambda t: "0.1", 5)}, ["lr", "'0.1'"]),
}


@pytest.mark.parametrize(("arguments", "words"), BAD_ARGUMENTS.values(), ids=BAD_ARGUMENTS)
def test_a_mistake_is_named_in_japanese_and_changes_nothing(arguments, words):
    f = lambda x: np.sum(x**2, axis=0)  # noqa: E731
    arguments = {"f": f, "init_x": np.array([-3.0, 4.0]), "lr": 0.1, "step_num": 5} | arguments
    before = repr(arguments)
    with pytest.raises(ValueError, match=JAPANESE) as caught:
        gradient_descent(**arguments)
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value)) < 400
    assert repr(arguments) == before


@pytest.mark.parametrize("where", ["f", "grad", "lr", "optimizer"])
def test_an_exception_of_the_learner_passes_unchanged(where):
    mine = LookupError("mine")

    def raises(*arguments):
        raise mine

    arguments = {"f": square, "init_x": [1.0], "step_num": 3}
    arguments[where] = SimpleNamespace(update=raises) if where == "optimizer" else raises
    with pytest.raises(LookupError) as caught:
        gradient_descent(**arguments)
    assert caught.value is mine


@pytest.mark.parametrize(
    "x_history",
    [None, "abc", [1.0, 2.0], 3.0, np.empty((0, 2)), [[1, 2], [3]], np.ones((3, 2)) * 1j],
    ids=repr,
)
def test_what_is_no_history_is_refused(x_history):
    with pytest.raises(ValueError, match="x_history.*" + JAPANESE):
        outcome(function_2, x_history)


def test_the_pair_of_gradient_descent_is_no_history():
    with pytest.raises(ValueError, match="x_history.*" + JAPANESE):
        outcome(function_2, gradient_descent(function_2, [1.0, 2.0]))


@pytest.mark.parametrize(
    "f", [3, None, "f", lambda x: None, lambda x: "1", lambda x: x, lambda x: 1j, plateau]
)
def test_outcome_refuses_a_wrong_f(f):
    with pytest.raises(ValueError, match=JAPANESE):
        outcome(f, np.ones((3, 2)))


def test_outcome_lets_an_exception_of_f_pass():
    def f(x):
        raise LookupError

    with pytest.raises(LookupError):
        outcome(f, np.ones((3, 2)))


def test_a_minimum_a_million_times_as_far_away_as_the_start_is_a_convergence():
    x_history = gradient_descent(lambda x: (x[0] - 3e7) ** 2, [0.0], 0.3, 60)[1]
    assert x_history[-1] == pytest.approx(3e7)
    assert outcome(lambda x: (x[0] - 3e7) ** 2, x_history) == "収束"
