"""The eight optimizers against hand calculation, torch.optim and the book.

tests/data/torch_trajectories.json holds trajectories of torch.optim in float64; the script beside
it made them. Where the conventions differ, a test below says how.
"""

import json
from pathlib import Path

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
    exponential_decay,
    gradient_descent,
    step_decay,
    valley,
)
from tests.conftest import JAPANESE

ALL = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, AdaDelta, Adam, AdamW)
RUNS = json.loads(
    Path(__file__).parents[1].joinpath("data/torch_trajectories.json").read_text(encoding="utf-8")
)["runs"]


def named(run):
    name, arguments = run["helpers"]
    return f"{name}-{arguments.get('decay_rate', '')}-{run['landscape']}"


def replay(run, optimizer=None):
    """Our trajectory with the exact gradient, under the settings of torch's run."""
    name, arguments = run["helpers"]
    lr, drop_at = run["lr"], run["lr_tenth_from_step"]
    return gradient_descent(
        getattr(helpers, run["landscape"]),
        run["points"][0],
        lr if drop_at is None else step_decay(lr, drop=0.1, every=drop_at),
        len(run["points"]) - 1,
        optimizer=optimizer or getattr(helpers, name)(**arguments),
        grad=getattr(helpers, run["landscape"]).grad,
    )[1]


CONSTANT = [run for run in RUNS if run["lr_tenth_from_step"] is None]
SCHEDULED = [run for run in RUNS if run["lr_tenth_from_step"] == 20]


# --- the first two steps by hand ------------------------------------------------------------------

# From x = 10 with lr = 0.5; the gradient is 4, then 2 (AdaGrad: 3, then 4). eps = 1 shows where it
# stands. For each: the optimizer, the two gradients, the two steps down.
BY_HAND = {
    "SGD": (SGD(), (4, 2), (2, 1)),
    # v = -2; v = 0.5(-2) - 1 = -2
    "Momentum": (Momentum(0.5), (4, 2), (2, 2)),
    # v = -2, x += 0.5(-2) - 2; v = -2, x += 0.5(-2) - 1
    "Nesterov": (Nesterov(0.5), (4, 2), (3, 2)),
    # h = 9, 25
    "AdaGrad": (AdaGrad(eps=1), (3, 4), (0.5 * 3 / (3 + 1), 0.5 * 4 / (5 + 1))),
    # h = 16/4 = 4; 3 + 4/4 = 4
    "RMSprop": (RMSprop(0.75, eps=1), (4, 2), (0.5 * 4 / (2 + 1), 0.5 * 2 / (2 + 1))),
    # h = 4, step of 4 sqrt(1)/sqrt(5), d = (16/5)/4 = 0.8; h = 4, step of 2 sqrt(1.8)/sqrt(5) = 1.2
    "AdaDelta": (AdaDelta(0.75, eps=1), (4, 2), (0.5 * 4 / 5**0.5, 0.5 * 1.2)),
    # m = 2, v = 4, corrected 4 and 16; m = 2, v = 4, corrected 2/0.75 and 4/0.4375
    "Adam": (
        Adam(0.5, 0.75, eps=1),
        (4, 2),
        (0.5 * 4 / (4 + 1), 0.5 * (8 / 3) / ((64 / 7) ** 0.5 + 1)),
    ),
    # as Adam, after x has shrunk by lr * 0.2 = 0.1 of itself: 1, then 0.1 (10 - 1.4)
    "AdamW": (
        AdamW(0.5, 0.75, eps=1, weight_decay=0.2),
        (4, 2),
        (1 + 0.4, 0.86 + 0.5 * (8 / 3) / ((64 / 7) ** 0.5 + 1)),
    ),
}


def test_every_optimizer_is_calculated_by_hand():
    assert BY_HAND.keys() == {optimizer.__name__ for optimizer in ALL}


@pytest.mark.parametrize("kind", [float, int])
@pytest.mark.parametrize("name", BY_HAND)
def test_two_steps_by_hand(name, kind):
    optimizer, gradients, steps = BY_HAND[name]
    optimizer = type(optimizer)(**{k: v for k, v in vars(optimizer).items() if k not in "vhmdt"})
    first = np.array([10, -10, 10], dtype=kind)  # an integer array must not truncate the state
    g1, g2 = (np.array([g, -g, g], dtype=kind) for g in gradients)
    copies = first.copy(), g1.copy(), g2.copy()
    second = optimizer.update(first, g1, 0.5)
    third = optimizer.update(second, g2, 0.5)
    down = np.array([1, -1, 1])
    np.testing.assert_allclose(second, first - down * steps[0], rtol=1e-14)
    np.testing.assert_allclose(third, first - down * sum(steps), rtol=1e-14)
    for array, copy in zip((first, g1, g2), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("cls", ALL)
def test_an_integer_point_does_not_truncate_the_state(cls):
    whole, real, of_whole, of_real = np.array([3, -4]), np.array([3.0, -4.0]), cls(), cls()
    for gradient in ([0.3, -0.7], [0.6, 0.2]):
        following = of_real.update(real, np.array(gradient), 0.1)
        np.testing.assert_array_equal(of_whole.update(whole, np.array(gradient), 0.1), following)


def test_state_is_named_as_in_the_formula():
    x, g = np.array([10.0]), np.array([4.0])
    for name, expected in {
        "Momentum": {"v": -2},
        "Nesterov": {"v": -2},
        "AdaGrad": {"h": 16},
        "RMSprop": {"h": 4},
        "AdaDelta": {"h": 4, "d": 0.8},
        "Adam": {"m": 2, "v": 4},
        "AdamW": {"m": 2, "v": 4},
    }.items():
        optimizer = BY_HAND[name][0]
        optimizer.update(x, g, 0.5)
        for letter, value in expected.items():
            np.testing.assert_allclose(getattr(optimizer, letter), [value])


def test_defaults_are_those_of_the_papers():
    public = {cls: {k: v for k, v in vars(cls()).items() if k not in "vhmdt"} for cls in ALL}
    assert public == {
        SGD: {},
        Momentum: {"momentum": 0.9},
        Nesterov: {"momentum": 0.9},
        AdaGrad: {"eps": 1e-10},
        RMSprop: {"decay_rate": 0.9, "eps": 1e-8},
        AdaDelta: {"decay_rate": 0.95, "eps": 1e-6},
        Adam: {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        AdamW: {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
    }


@pytest.mark.parametrize("cls", [AdaGrad, RMSprop, Adam])
def test_first_step_is_lr_whatever_the_size_of_the_gradient(cls):
    for size in (1e-3, 1, 1e6):
        optimizer = cls(eps=1e-12)
        step = optimizer.update(np.zeros(2), np.array([size, -size]), 0.1)
        scale = 1 / np.sqrt(0.1) if cls is RMSprop else 1  # h starts at a tenth of the square
        np.testing.assert_allclose(step, [-0.1 * scale, 0.1 * scale], rtol=1e-6)


@pytest.mark.parametrize(("cls", "h"), [(AdaGrad, 1), (RMSprop, 0.1), (Adam, 1), (AdamW, 1)])
def test_epsilon_stands_outside_the_root(cls, h):
    # With g = eps the step is lr / (sqrt(h) + 1); inside the root it would be about lr * 1e-4.
    step = cls(eps=1e-8).update(np.zeros(1), np.array([1e-8]), 1.0)
    np.testing.assert_allclose(step, -1 / (np.sqrt(h) + 1), rtol=1e-9)


@pytest.mark.parametrize("cls", ALL)
def test_a_zero_gradient_moves_nothing_and_warns_of_nothing(cls):
    optimizer = cls(weight_decay=0) if cls is AdamW else cls()
    x = np.array([1.0, 2.0])
    for _ in range(3):
        np.testing.assert_array_equal(optimizer.update(x, np.zeros(2), 0.1), x)


# --- torch ----------------------------------------------------------------------------------------


def test_every_optimizer_is_compared_with_torch_on_three_landscapes_for_40_steps():
    seen = {(run["helpers"][0], run["landscape"]) for run in CONSTANT}
    landscapes = ("valley", "rosenbrock", "himmelblau")
    assert seen == {(cls.__name__, landscape) for cls in ALL for landscape in landscapes}
    assert {len(run["points"]) for run in RUNS} == {41}


@pytest.mark.parametrize("run", CONSTANT, ids=named)
def test_trajectory_is_that_of_torch_at_constant_rate(run):
    np.testing.assert_allclose(replay(run), run["points"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("run", CONSTANT, ids=named)
def test_trajectory_with_the_numerical_gradient_stays_close_to_torch(run):
    name, arguments = run["helpers"]
    _, x_history = gradient_descent(
        getattr(helpers, run["landscape"]),
        run["points"][0],
        run["lr"],
        5,
        optimizer=getattr(helpers, name)(**arguments),
    )
    np.testing.assert_allclose(x_history, run["points"][:6], rtol=1e-5, atol=1e-5)


WITH_VELOCITY = ("Momentum", "Nesterov")


@pytest.mark.parametrize(
    "run", [r for r in SCHEDULED if r["helpers"][0] not in WITH_VELOCITY], ids=named
)
def test_trajectory_is_that_of_torch_under_a_schedule_too(run):
    np.testing.assert_allclose(replay(run), run["points"], rtol=1e-9, atol=1e-9)


class TorchMomentum:
    """torch's form: b <- mu b + g, x <- x - lr b; with nesterov x <- x - lr (g + mu b)."""

    def __init__(self, momentum, nesterov):
        self.momentum, self.nesterov, self.b = momentum, nesterov, 0.0

    def update(self, x, grad, lr):
        self.b = self.momentum * self.b + grad
        return x - lr * (grad + self.momentum * self.b if self.nesterov else self.b)


@pytest.mark.parametrize(
    "run", [r for r in SCHEDULED if r["helpers"][0] in WITH_VELOCITY], ids=named
)
def test_momentum_leaves_torch_when_the_rate_changes_and_only_then(run):
    # Ours (the book's) keeps the old rate inside v; torch's velocity knows no rate.
    ours, points = replay(run), np.array(run["points"])
    np.testing.assert_allclose(ours[:21], points[:21], rtol=1e-9, atol=1e-9)
    assert np.abs(ours - points)[21:].max() > 0.1
    name, arguments = run["helpers"]
    form = TorchMomentum(arguments["momentum"], nesterov=name == "Nesterov")
    np.testing.assert_allclose(replay(run, form), points, rtol=1e-9, atol=1e-9)


def test_defaults_of_rmsprop_and_adadelta_are_not_torchs():
    for name, torchs_default, ours in (("RMSprop", 0.99, RMSprop()), ("AdaDelta", 0.9, AdaDelta())):
        run = next(run for run in CONSTANT if run["helpers"][0] == name)
        theirs = type(ours)(decay_rate=torchs_default, eps=ours.eps)
        assert np.abs(replay(run, ours) - replay(run, theirs)).max() > 0.01


# --- the book -------------------------------------------------------------------------------------


class BookAdam:
    """common/optimizer.py of the book: the correction goes into the rate, eps to the raw v."""

    def __init__(self):
        self.t, self.m, self.v = 0, 0.0, 0.0

    def update(self, x, grad, lr):
        self.t += 1
        lr_t = lr * np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
        self.m = self.m + 0.1 * (grad - self.m)
        self.v = self.v + 0.001 * (grad**2 - self.v)
        return x - lr_t * self.m / (np.sqrt(self.v) + 1e-7)


def test_adam_of_the_book_passes_about_1e_5_beside_the_papers():
    paper, book = (
        gradient_descent(valley, [-7, 2], 0.3, 30, optimizer=optimizer, grad=valley.grad)[1]
        for optimizer in (Adam(), BookAdam())
    )
    assert 1e-6 < np.abs(paper - book).max() < 1e-4


class BookNesterov:
    """common/optimizer.py of the book, first v, then the point with the old v."""

    def __init__(self):
        self.v = 0.0

    def update(self, x, grad, lr):
        x = x + 0.9 * 0.9 * self.v - (1 + 0.9) * lr * grad
        self.v = 0.9 * self.v - lr * grad
        return x


@pytest.mark.parametrize("lr", [0.1, exponential_decay(0.1, 0.9)])
def test_nesterov_is_the_books(lr):
    ours, book = (
        gradient_descent(valley, [-7, 2], lr, 40, optimizer=optimizer, grad=valley.grad)[1]
        for optimizer in (Nesterov(), BookNesterov())
    )
    np.testing.assert_allclose(ours, book, rtol=1e-9, atol=1e-9)


def test_nesterov_measures_the_gradient_at_the_point_ahead():
    # Sutskever's form: v <- a v - lr g(y + a v), y <- y + v. Ours holds x = y + a v.
    y, v, ahead = np.array([-7.0, 2.0]), np.zeros(2), [np.array([-7.0, 2.0])]
    for _ in range(40):
        v = 0.9 * v - 0.1 * valley.grad(y + 0.9 * v)
        y = y + v
        ahead.append(y + 0.9 * v)
    ours = gradient_descent(valley, [-7, 2], 0.1, 40, optimizer=Nesterov(), grad=valley.grad)[1]
    np.testing.assert_allclose(ours, ahead, rtol=1e-9, atol=1e-9)


def test_adamw_without_decay_is_adam():
    adam, adamw = (
        gradient_descent(valley, [-7, 2], 0.3, 40, optimizer=optimizer, grad=valley.grad)[1]
        for optimizer in (Adam(), AdamW(weight_decay=0))
    )
    np.testing.assert_array_equal(adam, adamw)


# --- bad input ------------------------------------------------------------------------------------

NO_NUMBER = ["0.9", None, np.nan, np.inf, -0.1, 1j, [0.9, 0.9], np.ma.masked_array(0.9, mask=True)]
FRACTIONS = [
    (Momentum, "momentum"),
    (Nesterov, "momentum"),
    (RMSprop, "decay_rate"),
    (AdaDelta, "decay_rate"),
    (Adam, "beta1"),
    (Adam, "beta2"),
    (AdamW, "beta1"),
    (AdamW, "beta2"),
]
POSITIVE = [
    (AdaGrad, "eps"),
    (RMSprop, "eps"),
    (AdaDelta, "eps"),
    (Adam, "eps"),
    (AdamW, "eps"),
    (AdamW, "weight_decay"),
]


@pytest.mark.parametrize("value", [*NO_NUMBER, 1, 1.5], ids=repr)
@pytest.mark.parametrize(("cls", "name"), FRACTIONS)
def test_a_memory_outside_zero_to_one_is_refused(cls, name, value):
    with pytest.raises(ValueError, match=name + ".*" + JAPANESE):
        cls(**{name: value})


@pytest.mark.parametrize("value", NO_NUMBER, ids=repr)
@pytest.mark.parametrize(("cls", "name"), POSITIVE)
def test_a_negative_or_senseless_constant_is_refused(cls, name, value):
    with pytest.raises(ValueError, match=name + ".*" + JAPANESE):
        cls(**{name: value})


def test_adadelta_without_epsilon_would_never_move_and_is_refused():
    with pytest.raises(ValueError, match="eps.*" + JAPANESE):
        AdaDelta(eps=0)


@pytest.mark.parametrize(("cls", "name"), FRACTIONS)
def test_zero_memory_is_allowed(cls, name):
    assert np.isfinite(cls(**{name: 0}).update(np.ones(2), np.ones(2), 0.1)).all()
