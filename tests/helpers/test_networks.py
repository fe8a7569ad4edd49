"""Layers and networks against torch, central differences and hand calculation.

tests/data/torch_networks.json holds values of torch in float64; the script beside it made them.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import pytest

from helpers import (
    SGD,
    Adam,
    Affine,
    BatchNormalization,
    Dropout,
    LeakyRelu,
    Momentum,
    Network,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
    Tanh,
    clip_by_norm,
    gradient_descent,
    load_digits,
    loss_function,
    minibatch_gradient,
    multi_layer_net,
    numerical_gradient,
    one_hot,
    random_affine,
    softmax,
)

TORCH = json.loads(
    Path(__file__).parents[1].joinpath("data/torch_networks.json").read_text(encoding="utf-8")
)
CLOSE = {"rtol": 1e-12, "atol": 1e-14}


def arrays(entry, *names):
    return [np.array(entry[name]) for name in names]


class Numbers:
    """A generator whose random() is known: those numbers that are given."""

    def __init__(self, numbers):
        self.numbers = np.array(numbers, dtype=float)

    def random(self, shape):
        return self.numbers.reshape(shape)


def layers():
    """One layer of each kind for inputs (6, 4), and how it is called; each with its own state."""
    rng = np.random.default_rng(3)
    gamma, beta = rng.standard_normal(4), rng.standard_normal(4)
    dropout = Dropout(0.3)
    dropout.rng = Numbers(rng.random((6, 4)))
    resting = BatchNormalization(gamma, beta)
    resting.running_mean, resting.running_var = np.array([1, 2, 3, 4]), np.array([4, 3, 2, 1])
    return {
        "Affine": (Affine(rng.standard_normal((4, 3)), rng.standard_normal(3)), ()),
        "Relu": (Relu(), ()),
        "LeakyRelu": (LeakyRelu(0.2), ()),
        "Sigmoid": (Sigmoid(), ()),
        "Tanh": (Tanh(), ()),
        "BatchNormalization": (BatchNormalization(gamma, beta), (True,)),
        "BatchNormalization-inference": (resting, (False,)),
        "Dropout": (dropout, (True,)),
        "Dropout-inference": (Dropout(0.3), (False,)),
    }


def random_net(seed=0, **options):
    """A small net with all that a net can have, and data for it."""
    rng = np.random.default_rng(seed)
    net = multi_layer_net([5, 7, 6, 3], rng, **options)
    return net, rng.standard_normal((8, 5)), rng.integers(0, 3, 8)


# --- every layer against central differences ------------------------------------------------------


@pytest.mark.parametrize("name", layers())
def test_backward_of_a_layer_is_the_gradient_of_its_forward(name):
    layer, mode = layers()[name]
    rng = np.random.default_rng(5)
    x = rng.standard_normal((6, 4))
    dout = rng.standard_normal(layer.forward(x, *mode).shape)
    dx = layer.backward(dout)

    def change(attribute):
        """The loss sum(dout * y) as a function of one array of the layer, laid out flat."""

        def loss(values):
            if attribute == "x":
                return (dout * layer.forward(values.reshape(x.shape), *mode)).sum()
            kept = getattr(layer, attribute)
            setattr(layer, attribute, values.reshape(kept.shape))
            value = (dout * layer.forward(x, *mode)).sum()
            setattr(layer, attribute, kept)
            return value

        return loss

    slopes = {"x": dx} | {name: getattr(layer, "d" + name) for name in layer.param_names}
    starts = {"x": x} | {name: getattr(layer, name) for name in layer.param_names}
    for attribute, slope in slopes.items():
        expected = numerical_gradient(change(attribute), starts[attribute].ravel(), h=1e-5)
        assert slope.shape == starts[attribute].shape
        assert np.allclose(slope.ravel(), expected, rtol=0, atol=1e-9), attribute


def test_backward_of_the_loss_is_the_gradient_of_its_forward():
    rng = np.random.default_rng(5)
    x, t = rng.standard_normal((6, 4)), one_hot([0, 3, 1, 1, 2, 0], 4)
    layer = SoftmaxWithLoss()
    layer.forward(x, t)
    slope = layer.backward()
    expected = numerical_gradient(
        lambda values: layer.forward(values.reshape(6, 4), t), x.ravel(), h=1e-5
    )
    assert np.allclose(slope.ravel(), expected, rtol=0, atol=1e-10)
    assert np.allclose(slope.sum(axis=1), 0, atol=1e-16)
    assert np.allclose(layer.backward(2), 2 * slope)


# --- torch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("Relu", Relu()),
        ("LeakyRelu", LeakyRelu(0.2)),
        ("Sigmoid", Sigmoid()),
        ("Tanh", Tanh()),
    ],
)
def test_activation_is_torchs_also_at_zero(name, layer):
    x, dout, y, dx = arrays(TORCH[name], "x", "dout", "y", "dx")
    assert x[0, 0] == 0
    assert np.allclose(layer.forward(x), y, **CLOSE)
    assert np.allclose(layer.backward(dout), dx, **CLOSE)


def test_affine_is_torchs():
    x, W, b, dout, y = arrays(TORCH["Affine"], "x", "W", "b", "dout", "y")
    layer = Affine(W, b)
    assert np.allclose(layer.forward(x), y, **CLOSE)
    assert np.allclose(layer.backward(dout), TORCH["Affine"]["dx"], **CLOSE)
    assert np.allclose(layer.dW, TORCH["Affine"]["dW"], **CLOSE)
    assert np.allclose(layer.db, TORCH["Affine"]["db"], **CLOSE)


@pytest.mark.parametrize("entry", TORCH["SoftmaxWithLoss"], ids=["ordinary", "huge"])
def test_softmax_with_loss_is_torchs_also_where_a_naive_one_overflows(entry):
    x, labels, y, dx = arrays(entry, "x", "labels", "y", "dx")
    layer = SoftmaxWithLoss()
    assert layer.forward(x, one_hot(labels, 5)) == pytest.approx(entry["loss"], rel=1e-13)
    assert np.allclose(layer.y, y, **CLOSE)
    assert np.allclose(softmax(x), y, **CLOSE)
    assert np.allclose(layer.backward(), dx, **CLOSE)


def test_batch_normalization_is_torchs_step_by_step():
    entry = TORCH["BatchNormalization"]
    gamma, beta = arrays(entry, "gamma", "beta")
    layer = BatchNormalization(gamma, beta, 1 - entry["torch_momentum"], entry["eps"])
    mean, var = np.zeros(3), np.ones(3)
    for step in entry["steps"]:
        x, dout = arrays(step, "x", "dout")
        if not step["train_flg"]:  # torch averages N/(N-1) times the variance that we average
            layer.running_var = np.array(step["running_var"])
        assert np.allclose(layer.forward(x, step["train_flg"]), step["y"], **CLOSE)
        assert np.allclose(layer.backward(dout), step["dx"], **CLOSE)
        assert np.allclose(layer.dgamma, step["dgamma"], **CLOSE)
        assert np.allclose(layer.dbeta, step["dbeta"], **CLOSE)
        assert np.allclose(layer.running_mean, step["running_mean"], **CLOSE)
        if step["train_flg"]:
            n = len(x)
            var = 0.9 * var + 0.1 * x.var(axis=0) * n / (n - 1)
            assert np.allclose(var, step["running_var"], **CLOSE)
            mean = 0.9 * mean + 0.1 * x.mean(axis=0)
            assert np.allclose(mean, step["running_mean"], **CLOSE)


def test_running_variance_is_the_average_of_the_batches_variances():
    layer = BatchNormalization(np.ones(3), np.zeros(3))
    expected = np.ones(3)
    for step in TORCH["BatchNormalization"]["steps"][:3]:
        layer.forward(step["x"])
        expected = 0.9 * expected + 0.1 * np.var(step["x"], axis=0)
        assert np.allclose(layer.running_var, expected, **CLOSE)
    layer.forward(step["x"], train_flg=False)
    assert np.allclose(layer.running_var, expected, **CLOSE)  # inference learns nothing


def test_dropout_with_a_given_mask_is_torchs_but_for_the_place_of_the_factor():
    entry = TORCH["Dropout"]
    keep = 1 - entry["ratio"]
    x, dout, mask = arrays(entry, "x", "dout", "mask")
    assert 0 < mask.mean() < 1
    layer = Dropout(entry["ratio"])
    layer.rng = Numbers(mask)  # 1 is above the ratio and stays, 0 falls
    assert np.allclose(layer.forward(x) / keep, entry["y"], **CLOSE)
    assert np.allclose(layer.backward(dout) / keep, entry["dx"], **CLOSE)
    assert np.allclose(layer.forward(x, train_flg=False) / keep, entry["eval_y"], **CLOSE)
    assert np.allclose(layer.backward(dout), keep * dout, **CLOSE)


LAYERS_OF_TORCH = {
    "Linear": lambda n, m: Affine(np.zeros((n, m)), np.zeros(m)),
    "BatchNorm1d": lambda n: BatchNormalization(np.ones(n), np.zeros(n)),
    "ReLU": Relu,
    "LeakyReLU": LeakyRelu,
    "Sigmoid": Sigmoid,
    "Tanh": Tanh,
}


@pytest.mark.parametrize("entry", TORCH["networks"], ids=lambda entry: entry["name"])
def test_a_network_trains_as_torchs_does(entry):
    x, t = arrays(entry, "x", "labels")
    net = Network(
        [LAYERS_OF_TORCH[kind](*sizes) for kind, *sizes in entry["layers"]], entry["weight_decay"]
    )
    net.params = entry["first_params"]
    assert np.allclose(net.gradient(x, t), entry["first_grad"], rtol=1e-10, atol=1e-14)

    name, lr = entry["optimizer"]
    optimizer = {"Adam": Adam()}.get(name, SGD())
    if entry["name"] == "batch normalization":
        optimizer = Momentum(0.9)

    def grad(params):
        net.params = params
        return net.gradient(x, t)

    loss = loss_function(net, x, t, train_flg=True)
    params, history = gradient_descent(
        loss, entry["first_params"], lr, entry["steps"], optimizer=optimizer, grad=grad
    )
    losses = [loss(point) for point in history[:-1]]
    assert np.allclose(losses, entry["losses"], rtol=1e-10)
    assert np.allclose(params, entry["last_params"], rtol=1e-7, atol=1e-9)
    if entry["name"] != "batch normalization":  # see above: torch's running variance is another
        net.params = params
        assert np.allclose(net.predict(x), entry["eval_y"], rtol=1e-7, atol=1e-9)


def test_clipping_is_torchs_but_for_its_1e_6():
    for entry in TORCH["clip_by_norm"]:
        ours = clip_by_norm(entry["grad"], entry["max_norm"])
        assert np.allclose(ours, entry["clipped"], rtol=2e-6, atol=0)


# --- by hand --------------------------------------------------------------------------------------


def test_gradient_of_the_logits_is_y_minus_t():
    layer = SoftmaxWithLoss()
    layer.forward([[0.3, 2.9, 4.0]], [[0, 0, 1]])
    assert layer.backward().round(3).tolist() == [[0.018, 0.245, -0.263]]
    assert softmax([0.3, 2.9, 4.0]).round(3).tolist() == [0.018, 0.245, 0.737]


def test_a_loss_of_equal_logits_is_log_of_the_number_of_classes():
    assert SoftmaxWithLoss().forward(np.zeros((4, 10)), one_hot([0, 3, 9, 9], 10)) == pytest.approx(
        math.log(10)
    )


def test_batch_normalization_by_hand():
    layer = BatchNormalization([2.0], [1.0], momentum=0.75, eps=1e-12)
    # mean 3, deviation 2
    assert np.allclose(layer.forward([[1.0], [5.0]]), [[-1], [3]])
    assert np.allclose(layer.running_mean, 0.25 * 3)
    assert np.allclose(layer.running_var, 0.75 + 0.25 * 4)
    assert np.allclose(layer.forward([[0.75]], train_flg=False), [[1.0]])


def test_a_bias_before_batch_normalization_has_no_gradient():
    net, x, t = random_net(batch_norm=True)
    net.gradient(x, t)
    affine, last = net.layers[0], net.layers[-1]
    assert np.allclose(affine.db, 0, atol=1e-15)
    assert abs(affine.dW).max() > 1e-3 and abs(last.db).max() > 1e-3


def test_dropout_drops_the_share_that_it_says_and_is_seeded():
    x = np.ones((200, 500))
    layer = Dropout(0.3, 0)
    y = layer.forward(x)
    assert set(np.unique(y)) == {0, 1}
    assert abs((y == 0).mean() - 0.3) < 0.005
    assert not np.array_equal(layer.forward(x), y)
    assert np.array_equal(Dropout(0.3, np.random.default_rng(0)).forward(x), y)
    assert np.allclose(layer.forward(x, train_flg=False), 0.7)


def test_clipping_by_hand():
    assert np.allclose(clip_by_norm([3, 4], 1), [0.6, 0.8])
    assert np.allclose(clip_by_norm([0.3, 0.4], 1), [0.3, 0.4])
    assert np.array_equal(clip_by_norm([0, 0], 1), [0, 0])
    assert np.allclose(clip_by_norm([[3, 0.3], [4, 0.4]], 1), [[0.6, 0.3], [0.8, 0.4]])
    # squares of these overflow and underflow
    assert np.allclose(clip_by_norm([3e200, 4e200], 1), [0.6, 0.8])
    assert np.allclose(clip_by_norm([3e-200, 4e-200], 1e-200) * 1e200, [0.6, 0.8])


def test_clipping_saves_the_step_from_a_cliff():
    slope = 20 * 1.2**19 * (1.2**20 - 0.5)
    assert 1.2 - 0.01 * slope == pytest.approx(-240.6, abs=0.05)
    w, _ = gradient_descent(
        lambda w: 0.5 * (w[0] ** 20 - 0.5) ** 2,
        [1.2],
        0.01,
        1000,
        grad=lambda w: clip_by_norm(20 * w**19 * (w**20 - 0.5), 1),
    )
    assert w[0] == pytest.approx(0.5 ** (1 / 20), abs=1e-6)  # 0.965936


@pytest.mark.parametrize(
    ("init", "std"), [("xavier", 0.1), ("he", 0.02**0.5), (0.01, 0.01), (0, 0)]
)
def test_initial_weights_have_the_deviation_of_the_formula(init, std):
    layer = random_affine(100, 900, init, 0)
    assert layer.W.shape == (100, 900)
    assert layer.W.std() == pytest.approx(std, rel=0.01)
    assert abs(layer.W.mean()) <= 0.01 * std
    assert np.array_equal(layer.b, np.zeros(900))
    assert np.array_equal(layer.W, random_affine(100, 900, init, np.random.default_rng(0)).W)


# --- the whole network ----------------------------------------------------------------------------


def test_the_whole_network_agrees_with_7520_central_differences():
    (x, t), _ = load_digits()
    x, t = x[:20], t[:20]
    net = multi_layer_net([64, 50, 10], 0)
    calls = 0

    def loss(params):
        nonlocal calls
        calls += 1
        return loss_function(net, x, t)(params)

    params = net.params
    assert params.shape == (3760,)
    slope = net.gradient(x, t)
    assert abs(slope - numerical_gradient(loss, params, h=1e-5)).max() <= 1.2e-10
    assert calls == 7520


@pytest.mark.parametrize("activation", [Relu, Sigmoid, Tanh, LeakyRelu])
def test_a_net_with_batch_normalization_and_weight_decay_agrees_with_differences(activation):
    net, x, t = random_net(
        activation=activation, weight_init_std="xavier", batch_norm=True, weight_decay_lambda=0.1
    )
    params = net.params
    slope = net.gradient(x, t)
    expected = numerical_gradient(loss_function(net, x, t, train_flg=True), params, h=1e-5)
    assert np.allclose(slope, expected, rtol=0, atol=1e-8)


def test_a_net_with_dropout_agrees_with_differences_where_the_mask_is_given():
    net, x, t = random_net(dropout_ratio=0.4)
    for layer, width in zip(net.layers[2::3], (7, 6), strict=True):
        layer.rng = Numbers(np.random.default_rng(1).random((8, width)))
    slope = net.gradient(x, t)
    expected = numerical_gradient(loss_function(net, x, t, train_flg=True), net.params, h=1e-5)
    assert np.allclose(slope, expected, rtol=0, atol=1e-9)


def test_weight_decay_pulls_at_weights_alone():
    plain, x, t = random_net(batch_norm=True)
    decaying, _, _ = random_net(batch_norm=True, weight_decay_lambda=0.01)
    pull = decaying.split(decaying.gradient(x, t) - plain.gradient(x, t))
    for part, param in zip(pull, plain.split(plain.params), strict=True):
        assert np.allclose(part, 0.01 * param if param.ndim == 2 else 0, atol=1e-15)
    weights = sum((part**2).sum() for part in plain.split(plain.params) if part.ndim == 2)
    assert decaying.loss(x, t, train_flg=True) - plain.loss(x, t, train_flg=True) == pytest.approx(
        0.01 / 2 * weights
    )


def test_weight_decay_by_hand():
    # w = 2, gradient 0.5, lr 0.1, lambda 0.01: 2 - 0.1 (0.5 + 0.01 * 2)
    net = Network([Affine([[2.0, 0.0]], [0.0, 0.0])], weight_decay_lambda=0.01)
    slope = net.gradient([[1.0]], [0])
    y = softmax([2.0, 0.0])
    assert slope[0] == pytest.approx(y[0] - 1 + 0.02)


def test_params_come_back_as_they_were_set():
    net, x, t = random_net(batch_norm=True)
    values = np.arange(net.params.size, dtype=float)
    net.params = values
    assert np.array_equal(net.params, values)
    assert [part.shape for part in net.split(values)] == [
        *[(5, 7), (7,), (7,), (7,)],
        *[(7, 6), (6,), (6,), (6,)],
        *[(6, 3), (3,)],
    ]
    assert np.array_equal(net.layers[0].W.ravel(), values[:35])
    values[:] = 0  # the net keeps its own copy, and hands out copies
    net.params[:] = 0
    assert net.layers[0].W[0, 1] == 1


def test_gradient_descent_trains_a_net_on_digits():
    (x, t), (x_test, t_test) = load_digits()
    net = multi_layer_net([64, 50, 10], 0)
    params, history = gradient_descent(
        loss_function(net, x, t),
        net.params,
        0.01,
        130,
        optimizer=Adam(),
        grad=minibatch_gradient(net, x, t, 100, 1),
    )
    net.params = params
    assert history.shape == (131, 3760)
    assert net.loss(x, t) < 0.1
    assert net.accuracy(x_test, t_test) > 0.93
    net.params = history[0]
    assert net.loss(x, t) > 2


def test_minibatches_pass_every_sample_once_an_epoch():
    seen = []

    class Spy(Network):
        def gradient(self, x, t):
            seen.append(x[:, 0].tolist())
            assert np.array_equal(x[:, 0] % 3, t)
            return super().gradient(x, t)

    x = np.arange(10.0)[:, None]
    net = Spy([Affine(np.ones((1, 3)), np.zeros(3))])
    grad = minibatch_gradient(net, x, np.arange(10) % 3, 4, 0)
    for _ in range(6):
        grad(net.params)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    for epoch in (seen[:3], seen[3:]):
        assert sorted(number for batch in epoch for number in batch) == x[:, 0].tolist()
    assert seen[:3] != seen[3:]


def test_a_diverged_run_goes_on_without_a_warning():
    (x, t), _ = load_digits()
    net = multi_layer_net([64, 20, 20, 10], 0)
    params, _ = gradient_descent(
        loss_function(net, x, t), net.params, 1e80, 6, grad=minibatch_gradient(net, x, t, 100, 0)
    )
    net.params = params
    assert not math.isfinite(net.loss(x, t))
    assert 0 <= net.accuracy(x, t) < 0.3


def test_prediction_is_in_inference_mode_unless_told_otherwise():
    net, x, t = random_net(batch_norm=True, dropout_ratio=0.5)
    assert np.array_equal(net.predict(x), net.predict(x))
    assert net.predict(x[:1]).shape == (1, 3)  # and no warning
    assert not np.array_equal(net.predict(x, train_flg=True), net.predict(x, train_flg=True))


def test_accuracy_by_hand():
    net = Network([Affine(np.eye(3), np.zeros(3))])
    assert net.accuracy(np.eye(3)[[0, 1, 2, 2]], [0, 1, 2, 0]) == 0.75


def test_nets_and_layers_print_short():
    net = multi_layer_net([64, 50, 10], 0)
    assert repr(net) == (
        "Network: Affine(W: 64×50, b: 50) → Relu() → Affine(W: 50×10, b: 10)（パラメータ 3760 個）"
    )


def test_multi_layer_net_lays_the_layers_in_the_books_order():
    def kinds(**options):
        return [type(layer).__name__ for layer in multi_layer_net([4, 3, 2], 0, **options).layers]

    assert kinds() == ["Affine", "Relu", "Affine"]
    assert kinds(batch_norm=True, dropout_ratio=0.5, activation=Tanh) == [
        *["Affine", "BatchNormalization", "Tanh", "Dropout"],
        "Affine",
    ]


def test_everything_is_float64_and_nothing_of_the_callers_is_changed():
    x, W, dout = np.arange(6).reshape(3, 2), np.ones((2, 2), np.float32), np.ones((3, 2), int)
    before = [x.copy(), W.copy(), dout.copy()]
    layer = Affine(W, [0, 0])
    net = Network([layer, BatchNormalization([1, 1], [0, 0]), Relu(), Dropout(0.5, 0)])
    assert layer.forward(x).dtype == layer.backward(dout).dtype == np.float64
    slope = net.gradient(x, [0, 1, 1])
    net.params = net.params - slope
    assert slope.dtype == net.params.dtype == net.predict(x).dtype == np.float64
    for now, then in zip((x, W, dout), before, strict=True):
        assert now.dtype == then.dtype and np.array_equal(now, then)


# --- the digits -----------------------------------------------------------------------------------


def test_digits_are_those_of_the_source():
    (x, t), (x_test, t_test) = load_digits()
    assert (x.shape, t.shape, x_test.shape, t_test.shape) == (
        (1297, 64),
        (1297,),
        (500, 64),
        (500,),
    )
    every = np.vstack([x, x_test])
    assert every.min() == 0 and every.max() == 1
    assert np.array_equal(every * 16, (every * 16).round())
    assert np.flatnonzero(x.std(axis=0) == 0).tolist() == [0, 32, 39]
    # counts of the digits in the source's test part, as its documentation gives them
    assert np.bincount(np.r_[t, t_test]).tolist() == [
        *[178, 182, 177, 183, 181],
        *[182, 181, 179, 174, 180],
    ]


# --- what is refused ------------------------------------------------------------------------------

X, T = np.ones((4, 3)), np.array([0, 1, 2, 1])


def net_of_three():
    return Network([Affine(np.eye(3), np.zeros(3)), Relu()])


def after_forward(layer, x=X):
    layer.forward(x)
    return layer


REFUSED = {
    "one sample without its axis": (lambda: net_of_three().predict(X[0]), r"x\[None, :\]"),
    "no sample": (lambda: net_of_three().predict(X[:0]), r"\(0, 3\)"),
    "columns for rows": (lambda: net_of_three().predict(X.T), r"x\.T.*|\(N, 3\)"),
    "transposed": (lambda: net_of_three().predict(np.ones((3, 7))), r"x\.T"),
    "wrong width": (lambda: net_of_three().predict(np.ones((4, 5))), r"\(N, 3\).*\(4, 5\)"),
    "pictures not laid flat": (lambda: net_of_three().predict(np.ones((4, 8, 8))), r"\(4, 8, 8\)"),
    "text": (lambda: net_of_three().predict("x"), "実数"),
    "nan": (lambda: net_of_three().predict([[1, 2, np.nan]]), r"1 個.*x\[0, 2\]"),
    "inf": (lambda: net_of_three().gradient(X * np.inf, T), "12 個"),
    "nan in the loss": (lambda: net_of_three().loss(X * np.nan, T), "nan"),
    "nan in the accuracy": (lambda: net_of_three().accuracy(X * np.nan, T), "nan"),
    "a label too large": (lambda: net_of_three().loss(X, [0, 1, 2, 3]), "0 から 2.*: 3"),
    "a label too small": (lambda: net_of_three().gradient(X, [0, 1, 2, -1]), ": -1"),
    "labels counted from one": (lambda: one_hot([1, 2, 3], 3), "0 から数え"),
    "one-hot for labels": (lambda: net_of_three().loss(X, one_hot(T, 3)), "argmax"),
    "one-hot for labels in accuracy": (lambda: net_of_three().accuracy(X, np.eye(4)), "argmax"),
    "one-hot twice": (lambda: one_hot(np.eye(3, dtype=int), 3), "argmax"),
    "labels for one-hot": (lambda: SoftmaxWithLoss().forward(X, T), r"one_hot\(t, 3\)"),
    "one-hot of another size": (lambda: SoftmaxWithLoss().forward(X, np.eye(4)), r"\(4, 4\)"),
    "no one-hot": (lambda: SoftmaxWithLoss().forward(X, X), "one-hot"),
    "halves": (lambda: SoftmaxWithLoss().forward(X[:, :2], X[:, :2] / 2), "one-hot"),
    "labels with fractions": (lambda: one_hot([0.0, 1.0], 3), "float64"),
    "a single label": (lambda: one_hot(2, 3), r"\(\)"),
    "labels too few": (lambda: net_of_three().loss(X, T[:2]), "4 件.*2 件"),
    "labels too few for batches": (
        lambda: minibatch_gradient(net_of_three(), X, T[:2], 2, 0),
        "件数",
    ),
    "a batch larger than all": (
        lambda: minibatch_gradient(net_of_three(), X, T, 5, 0),
        "batch_size",
    ),
    "no batch": (lambda: minibatch_gradient(net_of_three(), X, T, 0, 0), "batch_size"),
    "W without its b": (lambda: Affine(np.eye(3), np.zeros(2)), r"\(3, 3\).*\(2,\)"),
    "flat W": (lambda: Affine(np.ones(3), np.zeros(3)), "W"),
    "gamma without its beta": (lambda: BatchNormalization([1, 1], [0]), "gamma"),
    "a momentum above one": (lambda: BatchNormalization([1], [0], 1.5), "momentum"),
    "no epsilon": (lambda: BatchNormalization([1], [0], eps=0), "eps"),
    "wrong width of BN": (lambda: BatchNormalization([1, 1], [0, 0]).forward(X), r"\(N, 2\)"),
    "a column for dout": (lambda: after_forward(Relu()).backward(np.ones((4, 1))), r"\(4, 1\)"),
    "dout of Affine": (
        lambda: after_forward(Affine(np.ones((3, 2)), np.zeros(2))).backward(X),
        r"\(4, 2\).*\(4, 3\)",
    ),
    "dout of BN": (
        lambda: after_forward(BatchNormalization(np.ones(3), np.zeros(3))).backward(X[0]),
        "dout",
    ),
    "dout of Dropout": (lambda: after_forward(Dropout(0.5, 0)).backward(X[0]), "dout"),
    "dout of Sigmoid": (lambda: after_forward(Sigmoid()).backward(1), "dout"),
    "dout of Tanh": (lambda: after_forward(Tanh()).backward(1), "dout"),
    "dout of LeakyRelu": (lambda: after_forward(LeakyRelu()).backward(1), "dout"),
    "all dropped": (lambda: Dropout(1.0), "dropout_ratio"),
    "a percentage": (lambda: Dropout(30), "dropout_ratio"),
    "a slope above one": (lambda: LeakyRelu(2), "slope"),
    "no seed": (lambda: Dropout(0.5, "zero"), "rng"),
    "an initialisation unknown": (lambda: random_affine(3, 3, "uniform", 0), "xavier"),
    "a negative deviation": (lambda: random_affine(3, 3, -1, 0), "weight_init_std"),
    "a net of layers alone": (lambda: loss_function([Relu()], X, T), "Network"),
    "no net": (lambda: minibatch_gradient(None, X, T, 2, 0), "Network"),
    "far too many classes": (lambda: one_hot(T, 10**9), "class_num"),
    "a width far too large": (lambda: random_affine(3, 10**9, 1, 0), "n_out"),
    "no input": (lambda: random_affine(0, 3, 1, 0), "n_in"),
    "params too few": (lambda: setattr(net_of_three(), "params", np.ones(11)), r"\(12,\).*\(11,\)"),
    "a decay below zero": (lambda: Network([Relu()], -1), "weight_decay_lambda"),
    "no list": (lambda: Network(Relu()), "リスト"),
    "no layer": (lambda: Network([]), "リスト"),
    "a class for a layer": (lambda: Network([Relu]), r"Relu\(\)"),
    "a function for a layer": (lambda: Network([np.tanh]), "forward"),
    "the loss as a layer": (lambda: Network([SoftmaxWithLoss()]), "最後"),
    "one layer twice": (lambda: Network([Relu()] * 2), "2回"),
    "a single width": (lambda: multi_layer_net([64], 0), "sizes"),
    "a made activation": (lambda: multi_layer_net([4, 3, 2], 0, Relu()), "かっこ"),
    "softmax of a number": (lambda: softmax(1.0), r"\(C,\)"),
    "softmax of nothing": (lambda: softmax([]), r"\(0,\)"),
    "a limit of zero": (lambda: clip_by_norm([1, 2], 0), "max_norm"),
    "a number to clip": (lambda: clip_by_norm(3.0, 1), "座標"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_japanese(name):
    wrong, text = REFUSED[name]
    with pytest.raises(ValueError, match=text) as caught:
        wrong()
    assert any(letter in "をがはのにですます" for letter in str(caught.value))


def test_backward_before_forward_says_so():
    layer = Affine(np.eye(3), np.zeros(3))
    for use in (lambda: layer.backward(X), lambda: layer.dW, lambda: Relu().backward(X)):
        with pytest.raises(AttributeError, match="forward"):
            use()


def test_a_batch_of_one_in_training_is_beta_and_warns_why():
    layer = BatchNormalization([2.0, 3.0], [0.5, -0.5])
    with pytest.warns(UserWarning, match=r"β.*train_flg=False"):
        y = layer.forward([[7.0, -9.0]])
    assert np.array_equal(y, [[0.5, -0.5]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.forward([[7.0, -9.0]], train_flg=False)
        layer.forward([[7.0, -9.0], [1.0, 2.0]])


def test_layers_let_nan_pass_so_that_a_diverged_run_goes_on():
    for layer, mode in layers().values():
        assert np.isnan(layer.forward(np.full((6, 4), np.nan), *mode)).any()
    assert math.isnan(SoftmaxWithLoss().forward(X * np.nan, one_hot(T, 3)))
