"""Everything that may be handed in by mistake, handed to every public function and class.

Each case gives a right answer or a ValueError in Japanese; an exception of the learner's own
function passes unchanged. Nothing warns (a warning is an error in this project's pytest), nothing
that the caller holds is changed, and memory stays bounded.
"""

import contextlib
import inspect
import re
import tracemalloc

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from matplotlib.figure import Figure

import helpers
from helpers import (
    COLORS,
    SGD,
    Affine,
    BatchNormalization,
    Dropout,
    Landscape,
    LeakyRelu,
    Network,
    Relu,
    Sigmoid,
    SoftmaxWithLoss,
    Tanh,
    add_legend,
    check,
    choice,
    clip_by_norm,
    cosine_decay,
    draw_arrows,
    draw_contour,
    draw_curve,
    draw_loss,
    draw_path,
    draw_race,
    draw_run,
    draw_surface,
    exam,
    explore,
    exponential_decay,
    first_step,
    function_2,
    gradient_descent,
    linear,
    logarithmic,
    loss_function,
    mark_points,
    minibatch_gradient,
    multi_layer_net,
    numerical_derivative,
    numerical_gradient,
    numerical_hessian,
    one_hot,
    outcome,
    outcomes,
    plateau,
    preferred,
    quadratic,
    quiz,
    random_affine,
    show,
    show_source,
    show_terms,
    sigmoid,
    slider,
    softmax,
    square,
    step_decay,
    steps,
    subplots,
    tangent_line,
    valley,
    vectorized_gradient,
    warmup,
)
from helpers.course import LESSONS
from helpers.exercises import load_exercises
from helpers.figures import Picture
from helpers.questions import load_questions
from tests.conftest import JAPANESE

settings.register_profile("hostile", derandomize=True, deadline=None, database=None)
settings.load_profile("hostile")

OPTIMIZERS = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "AdaDelta", "Adam", "AdamW")


def state(value):
    """What would show that a value was written to."""
    if isinstance(value, np.ndarray):
        return value.tobytes(), value.shape, value.dtype
    return repr(value)


class OwnError(Exception):
    """What the learner's function raises."""


def verdict(call, *arguments):
    """How a call ends: 'answer', 'refused', 'own exception', or the error that should not be."""
    before, settings_before = [state(value) for value in arguments], np.geterr()
    try:
        call(*arguments)
        ending = "answer"
    except OwnError:
        ending = "own exception"
    except Exception as error:  # a warning, too
        ending = f"{type(error).__name__}: {error}"
        if type(error) is ValueError and re.search(JAPANESE, ending) and len(ending) < 500:
            ending = "refused"
    assert [state(value) for value in arguments] == before
    assert np.geterr() == settings_before
    return ending


# --- values ---------------------------------------------------------------------------------------

NEVER = {  # no number and no array of numbers
    "None": None,
    "text": "abc",
    "digits": "1",
    "bytes": b"1",
    "complex": 1j,
    "complex list": [1j, 2],
    "object": object(),
    "object array": np.array([None, 1.0]),
    "text array": np.array(["1", "2"]),
    "ragged": [[1], [1, 2]],
    "endless": [],  # made to hold itself below
    "huge integer": 10**400,
    "masked": np.ma.masked_array([1.0, 2.0], mask=[False, True]),
    "masked number": np.ma.masked_array(1.0, mask=True),
    "masked item": [1.0, np.ma.masked],
    "set": {1.0, 2.0},
    "dict": {0: 1.0},
    "dates": np.array(["2024-01-01"], dtype="M8[D]"),
    "records": np.zeros(2, dtype=[("a", float)]),
    "class": np.ndarray,
}
NEVER["endless"].append(NEVER["endless"])

NUMBERS = {
    str(value): value
    for value in (0, -1, 0.5, 2, 3.0, 1e12, 1e300, 1e308, -1e308, 5e-324, np.nan, np.inf, -np.inf)
}
NUMBERS |= {"0-d": np.array(3.0), "float16": np.float16(3), "uint8": np.uint8(3)}

ARRAYS = {
    "empty": np.empty(0),
    "empty batch": np.empty((2, 0)),
    "lists": [[1, 2], [3, 4]],
    "booleans": [True, False],
    "int8": np.array([3, -4], dtype=np.int8),
    "nan": np.array([np.nan, 1.0]),
    "inf": np.array([np.inf, -np.inf]),
    "huge": np.array([1e308, -1e308]),
    "subnormal": np.array([5e-324, -5e-324]),
    "three": np.array([1.0, 2.0, 3.0]),
    "three by two": np.ones((3, 2)),
    "two by three by four": np.ones((2, 3, 4)),
    "strided": np.arange(8.0)[::4],
}
for array in ARRAYS.values():
    if isinstance(array, np.ndarray):
        array.flags.writeable = False

VALUES = NEVER | NUMBERS | {f"array: {name}": value for name, value in ARRAYS.items()}


# What a parameter takes; it must refuse all else.
def real(value):
    return id(value) in {id(v) for v in (*NUMBERS.values(), *ARRAYS.values())}


def point(value):
    return real(value) and np.ndim(value) > 0 and np.size(value) > 0


def point_of_two(value):
    return point(value) and len(value) == 2


def finite_point_of_two(value):
    return point_of_two(value) and np.isfinite(value).all()


def one_number(value):
    return real(value) and np.ndim(value) == 0


def number(low, high=np.inf, *, without=(), or_none=False):
    def takes(value):
        if not one_number(value):
            return or_none and value is None
        return np.isfinite(value) and low <= float(value) <= high and value not in without

    return takes


def whole(low, high=np.inf):
    return lambda value: number(low, high)(value) and value % 1 == 0


def rate(value):
    return (
        real(value) and np.size(value) > 0 and (np.isfinite(value) & (np.array(value) >= 0)).all()
    )


def rate_of_one_point(value):
    return number(0)(value)


def nothing(value):
    return False


def like_two_numbers(value):
    return real(value) and np.shape(value) == (2,)


# --- places ---------------------------------------------------------------------------------------


def axes(**options):
    return helpers.subplots(**options)[1]


def total(x):
    return np.sum(x, axis=0)


def text(value):
    return isinstance(value, str)


def color(value):
    """A grey between "0" and "1", three or four numbers between 0 and 1, or the name of none."""
    if isinstance(value, str):
        return value in ("0", "1", "0.1", "none")
    return real(value) and np.shape(value) in ((3,), (4,)) and all(0 <= v <= 1 for v in value)


def text_or_none(value):
    return value is None or text(value)


def live(slope_of=lambda slope: slope, control=None, **options):
    """A live figure of a line, moved by the slider slope."""
    figure, ax = subplots(width=3, height=2)
    ax.set(xlim=(0, 1), ylim=(0, 2))

    def update(slope):
        ax.plot([0, 1], [0, slope_of(slope)])

    return explore(figure, update, slope=control or slider("傾き", [0, 1, 2], 0), **options)


def choose_last(options):
    """Choose the last option of a list in a live figure; it arrives as it was given."""
    given = []
    figure = live(lambda value: given.append(value) or 0, choice("手法", options))
    assert figure.frame((len(options) - 1,)).error == ""
    assert given[-1] is (list(options.values()) if isinstance(options, dict) else options)[-1]


def finite_numbers(value):
    """Whether a value is a row of finite numbers."""
    sound = point(value) and np.ndim(value) == 1 and np.isfinite(value).all()
    return sound and np.asarray(value).dtype != bool


def none_or_empty(value):
    """Whether a value is None or a dict of nothing."""
    return value is None or (isinstance(value, dict) and not value)


def fact(value):
    """Whether a value can be shown as a fact."""
    return value is None or isinstance(value, str) or (real(value) and np.ndim(value) == 0)


HISTORY = np.array([[3.0, 4.0], [1.0, 2.0]])
SQUARE_RANGES = ((-1, 1), (-1, 1))


def update_of(name, **parameters):
    """Three calls of one optimizer's update, with one of its arguments replaced."""

    def call(value):
        optimizer = getattr(helpers, name)()
        for _ in range(3):
            arguments = {"x": [3.0, 4.0], "grad": [6.0, 8.0], "lr": 0.1} | parameters
            given = {key: value if old is ... else old for key, old in arguments.items()}
            result = optimizer.update(**given)
        assert np.shape(result) == np.shape(given["x"])

    return call


PLACES = {
    "numerical_derivative f": (lambda v: numerical_derivative(v, 1.0), nothing),
    "numerical_derivative x": (lambda v: numerical_derivative(np.cbrt, v), real),
    "numerical_derivative h": (
        lambda v: numerical_derivative(np.cbrt, 1.0, v),
        number(0, without=[0], or_none=True),
    ),
    "numerical_derivative method": (
        lambda v: numerical_derivative(np.cbrt, 1.0, method=v),
        nothing,
    ),
    "numerical_gradient f": (lambda v: numerical_gradient(v, [1.0]), nothing),
    "numerical_gradient x": (lambda v: numerical_gradient(total, v), point),
    "numerical_gradient h": (
        lambda v: numerical_gradient(total, [1.0], v),
        number(0, without=[0], or_none=True),
    ),
    "vectorized_gradient f": (lambda v: vectorized_gradient(v, [1.0]), nothing),
    "vectorized_gradient x": (lambda v: vectorized_gradient(total, v), point),
    "vectorized_gradient h": (
        lambda v: vectorized_gradient(total, [1.0], v),
        number(0, without=[0], or_none=True),
    ),
    "numerical_hessian f": (lambda v: numerical_hessian(v, [1.0]), nothing),
    "numerical_hessian x": (lambda v: numerical_hessian(total, v), point),
    "tangent_line f": (lambda v: tangent_line(v, 1.0), nothing),
    "tangent_line x": (lambda v: tangent_line(np.cbrt, v), one_number),
    "tangent_line t": (lambda v: tangent_line(lambda x: 3 * x, 1.0)(v), real),
    "tangent_line x of a steep f": (lambda v: tangent_line(lambda x: 3 * x**3, v)(1), one_number),
    "gradient_descent f": (lambda v: gradient_descent(v, [1.0]), nothing),
    "gradient_descent init_x": (
        lambda v: gradient_descent(function_2, v, step_num=5),
        finite_point_of_two,
    ),
    "gradient_descent lr": (lambda v: gradient_descent(valley, [1.0, 2.0], v, 5), rate),
    "gradient_descent step_num": (
        lambda v: gradient_descent(square, [1.0], 0.1, v, grad=square.grad),
        whole(0, 1e6),
    ),
    "gradient_descent optimizer": (
        lambda v: gradient_descent(square, [1.0], optimizer=v),
        lambda v: v is None,
    ),
    "gradient_descent grad": (
        lambda v: gradient_descent(square, [1.0], grad=v),
        lambda v: v is None,
    ),
    "gradient_descent value of grad": (
        lambda v: gradient_descent(valley, [1.0, 2.0], step_num=5, grad=lambda x: v),
        like_two_numbers,
    ),
    "outcome f": (lambda v: outcome(v, HISTORY), nothing),
    "outcome x_history": (
        lambda v: outcome(total, v),
        lambda v: point(v) and np.ndim(v) > 1,
    ),
    "outcomes f": (lambda v: outcomes(v, HISTORY), nothing),
    "outcomes x_history": (
        lambda v: outcomes(total, v),
        lambda v: point(v) and np.ndim(v) > 1,
    ),
    "first_step reached": (
        first_step,
        lambda v: v is ARRAYS["booleans"],
    ),
    "sigmoid": (sigmoid, real),
    "quadratic a": (lambda v: quadratic(v, 1)([1, 2]), number(0, without=[0])),
    "quadratic b": (lambda v: quadratic(1, v).grad([1, 2]), number(0, without=[0])),
    "Landscape value": (lambda v: Landscape("", v, total, SQUARE_RANGES), nothing),
    "Landscape gradient": (lambda v: Landscape("", total, v, SQUARE_RANGES), nothing),
    "Landscape ranges": (
        lambda v: Landscape("", total, total, v),
        lambda v: v is ARRAYS["lists"],
    ),
    "step_decay lr": (step_decay, number(0)),
    "step_decay drop": (lambda v: step_decay(0.1, v)(99), number(0, 1, without=[0])),
    "step_decay every": (lambda v: step_decay(0.1, every=v)(99), whole(1)),
    "step_decay t": (lambda v: step_decay(0.1)(v), whole(0)),
    "exponential_decay lr": (exponential_decay, number(0)),
    "exponential_decay rate": (lambda v: exponential_decay(0.1, v)(99), number(0, 1, without=[0])),
    "exponential_decay t": (lambda v: exponential_decay(0.1)(v), whole(0)),
    "cosine_decay lr": (lambda v: cosine_decay(v, 10)(3), number(0)),
    "cosine_decay step_num": (lambda v: cosine_decay(0.1, v)(99), whole(1)),
    "cosine_decay lr_min": (lambda v: cosine_decay(0.1, 10, v)(99), number(0, 0.1)),
    "cosine_decay t": (lambda v: cosine_decay(0.1, 10)(v), whole(0)),
    "warmup lr": (lambda v: warmup(v, 10)(3), number(0)),
    "warmup value of lr": (lambda v: warmup(lambda t: v, 10)(3), rate),
    "warmup warmup_steps": (lambda v: warmup(0.1, v)(99), whole(1)),
    "warmup t": (lambda v: warmup(0.1, 10)(v), whole(0)),
    "subplots ncols": (subplots, whole(1, 12)),
    "subplots width": (lambda v: subplots(width=v), number(1, 50)),
    "subplots height": (lambda v: subplots(height=v), number(1, 50)),
    "subplots projection": (lambda v: subplots(projection=v), lambda v: v is None),
    "draw_curve f": (lambda v: draw_curve(axes(), v, (-1, 1)), nothing),
    "draw_curve ranges": (
        lambda v: draw_curve(axes(), np.cbrt, v),
        lambda v: v is ARRAYS["strided"],
    ),
    "draw_curve color": (lambda v: draw_curve(axes(), np.cbrt, (-1, 1), color=v), color),
    "draw_contour f": (lambda v: draw_contour(axes(), v, SQUARE_RANGES), nothing),
    "draw_contour ranges": (
        lambda v: draw_contour(axes(), lambda x: x[0], v),
        lambda v: v is ARRAYS["lists"],
    ),
    "draw_contour level_num": (lambda v: draw_contour(axes(), valley, level_num=v), whole(2, 256)),
    "draw_surface f": (lambda v: draw_surface(axes(projection="3d"), v, SQUARE_RANGES), nothing),
    "draw_surface ranges": (
        lambda v: draw_surface(axes(projection="3d"), lambda x: x[0], v),
        lambda v: v is ARRAYS["lists"],
    ),
    "mark_points points": (
        lambda v: mark_points(axes(), v, "点"),
        lambda v: real(v) and (np.size(v) == 0 or (np.ndim(v) == 2 and np.shape(v)[1] == 2)),
    ),
    "mark_points marker": (
        lambda v: mark_points(axes(), [[0, 0]], "点", v),
        lambda v: text(v) and v == "1",
    ),
    "draw_arrows color": (lambda v: draw_arrows(axes(), [3, 4], [6, 8], "∇f", v), color),
    "draw_arrows x": (
        lambda v: draw_arrows(axes(), v, [6.0, 8.0], "∇f", "k"),
        like_two_numbers,
    ),
    "draw_arrows arrows": (
        lambda v: draw_arrows(axes(), [3.0, 4.0], v, "∇f", "k"),
        like_two_numbers,
    ),
    "draw_arrows scale": (
        lambda v: draw_arrows(axes(), [3, 4], [6, 8], "∇f", "k", v),
        number(0, without=[0]),
    ),
    "draw_path x_history": (
        lambda v: draw_path(axes(), v),
        lambda v: real(v) and np.ndim(v) == 2 and np.shape(v)[1] == 2,
    ),
    "draw_path color": (lambda v: draw_path(axes(), HISTORY, color=v), color),
    "draw_race f": (lambda v: draw_race(axes(), v, {"SGD": HISTORY}, 1), nothing),
    "draw_race histories": (lambda v: draw_race(axes(), valley, v, 0), nothing),
    "draw_race x_history": (
        lambda v: draw_race(axes(), valley, {"SGD": v}, 0),
        lambda v: real(v) and np.ndim(v) == 2 and np.shape(v)[1] == 2 and len(v),
    ),
    "draw_race step": (
        lambda v: draw_race(axes(), valley, {"SGD": HISTORY}, v),
        whole(0, len(HISTORY) - 1),
    ),
    "draw_run x_history": (
        lambda v: draw_run(axes(), v),
        lambda v: real(v) and np.ndim(v) == 2 and np.shape(v)[1] == 2,
    ),
    "draw_run color": (lambda v: draw_run(axes(), HISTORY, color=v), color),
    "draw_loss color": (lambda v: draw_loss(axes(), [1.0, 0.1], color=v), color),
    "draw_loss values": (
        lambda v: draw_loss(axes(), v),
        lambda v: real(v) and np.ndim(v) == 1,
    ),
    "add_legend figure": (add_legend, nothing),
    "show figure": (lambda v: show(v, "図"), nothing),
    "show alt": (lambda v: show(subplots()[0], v), lambda v: isinstance(v, str)),
    "slider label": (lambda v: slider(v, [1, 2]), text),
    "slider values": (
        lambda v: live(control=slider("傾き", v)),
        lambda v: finite_numbers(v) and type(v[0]) is not bool,
    ),
    "slider start": (
        lambda v: live(control=slider("傾き", [1, 2, 3], v)),
        lambda v: v is None or (one_number(v) and v in (1, 2, 3)),
    ),
    "slider unit": (lambda v: slider("傾き", [1, 2], unit=v), text),
    "slider marks": (lambda v: slider("傾き", [1, 2], marks=v), none_or_empty),
    "steps last": (lambda v: steps(v), whole(1, 10_000)),
    "steps start": (
        lambda v: steps(10, v),
        lambda v: v is None or (one_number(v) and any(np.isclose(v, range(11)))),
    ),
    "steps every": (lambda v: steps(10, every=v), whole(1, 10)),
    "steps label": (lambda v: steps(10, label=v), text),
    "linear low": (lambda v: linear(v, 2.5, 0.5), lambda v: one_number(v) and -1e4 < v <= 2),
    "linear step": (lambda v: linear(0, 1, v), lambda v: one_number(v) and 1e-6 < v <= 1),
    "linear also": (lambda v: linear(0, 1, 0.5, also=v), finite_numbers),
    "logarithmic low": (lambda v: logarithmic(v, 9, 5), lambda v: one_number(v) and 0 < v < 9),
    "logarithmic count": (lambda v: logarithmic(1, 9, v), whole(2, 10_000)),
    "preferred high": (lambda v: preferred(0.1, v), lambda v: one_number(v) and 0.1 < v < np.inf),
    "choice label": (lambda v: choice(v, ["SGD"]), text),
    "choice options": (
        lambda v: live(lambda value: 0, choice("手法", v)),
        lambda v: isinstance(v, (list, dict)),
    ),
    "choice name": (lambda v: choose_last(["SGD", v]), lambda v: True),
    "choice value": (lambda v: choose_last({"SGD": 0, "Adam": v}), lambda v: True),
    "choice start": (lambda v: choice("手法", ["SGD"], v), lambda v: v is None),
    "explore figure": (lambda v: explore(v, lambda: None), nothing),
    "explore update": (lambda v: explore(subplots()[0], v), nothing),
    "explore facts": (
        lambda v: explore(subplots()[0], lambda: v),
        none_or_empty,
    ),
    "explore fact": (lambda v: explore(subplots()[0], lambda: {"値": v}), fact),
    "explore goal reached": (
        lambda v: explore(subplots()[0], lambda: {"目標": v}),
        lambda v: type(v) in (bool, np.bool_),
    ),
    "explore alt": (lambda v: live(alt=v), text_or_none),
    "explore goal": (lambda v: live(goal=v), text_or_none),
    "explore predict": (lambda v: live(predict=v), lambda v: v is None),
    "explore drag": (lambda v: live(drag=v), none_or_empty),
    "explore slider": (lambda v: explore(subplots()[0], lambda lr: None, lr=v), nothing),
    "quiz lesson": (quiz, nothing),
    "exam seed": (exam, whole(0, 10**6)),
    "exam count": (
        lambda v: exam(0, v),
        whole(1, sum(len(load_questions(lesson)) for lesson in LESSONS)),
    ),
    "show_source": (show_source, nothing),
    "show_terms lesson": (show_terms, lambda v: v is None),
}
PLACES |= {
    f"{draw.__name__} ax": (lambda v, draw=draw, rest=rest: draw(v, *rest), nothing)
    for draw, rest in (
        (draw_curve, [square]),
        (draw_contour, [valley]),
        (draw_surface, [valley]),
        (mark_points, [[(1, 2)], "点"]),
        (draw_arrows, [[3, 4], [6, 8], "∇f", "k"]),
        (draw_path, [HISTORY]),
        (draw_race, [valley, {"SGD": HISTORY}, 1]),
        (draw_run, [HISTORY]),
        (draw_loss, [[3, 2]]),
    )
}


def of_width_two(value):
    return point(value) and np.ndim(value) == 2 and np.shape(value)[1] == 2


def small_net():
    return Network([Affine(np.eye(2), [0, 0]), BatchNormalization([1, 1], [0, 0]), Relu()])


def backward_of(layer):
    """The layer's backward, after a forward of two numbers."""
    layer.forward([3.0, -4.0])
    return layer.backward


PLACES |= {
    "softmax x": (softmax, lambda v: point(v) and np.ndim(v) < 3),
    "one_hot t": (lambda v: one_hot(v, 2), nothing),
    "one_hot class_num": (lambda v: one_hot([0], v), whole(1, 10_000)),
    "clip_by_norm grad": (lambda v: clip_by_norm(v, 1), lambda v: real(v) and np.ndim(v) > 0),
    "clip_by_norm max_norm": (lambda v: clip_by_norm([3, 4], v), number(0, without=[0])),
    "Affine W": (lambda v: Affine(v, [0, 0]), of_width_two),
    "Affine x": (lambda v: Affine(np.eye(2), [0, 0]).forward(v), of_width_two),
    "Affine b": (lambda v: Affine(np.eye(2), v).forward([[1, 2]]), like_two_numbers),
    "SoftmaxWithLoss x": (lambda v: SoftmaxWithLoss().forward(v, [[0, 1]]), nothing),
    "SoftmaxWithLoss t": (lambda v: SoftmaxWithLoss().forward([[1, 2], [3, 4]], v), nothing),
    "BatchNormalization gamma": (
        lambda v: BatchNormalization(v, [0, 0]).forward([[1, 2], [3, 4]]),
        like_two_numbers,
    ),
    "BatchNormalization momentum": (lambda v: BatchNormalization([1], [0], v), number(0, 1)),
    "BatchNormalization eps": (
        lambda v: BatchNormalization([1], [0], eps=v),
        number(0, without=[0]),
    ),
    "BatchNormalization x": (
        lambda v: BatchNormalization([1, 1], [0, 0]).forward(v),
        of_width_two,
    ),
    "Dropout dropout_ratio": (lambda v: Dropout(v, 0).forward([1]), number(0, 1, without=[1])),
    "Dropout rng": (lambda v: Dropout(0.5, v), lambda v: v is None or whole(0)(v)),
    "LeakyRelu slope": (lambda v: LeakyRelu(v).forward([1, -1]), number(0, 1)),
    "Network layers": (Network, nothing),
    "Network weight_decay_lambda": (
        lambda v: Network([Affine(np.eye(2), [0, 0])], v).gradient([[1, 2], [3, 4]], [0, 1]),
        number(0),
    ),
    "Network.predict x": (lambda v: small_net().predict(v), of_width_two),
    "Network.loss t": (lambda v: small_net().loss([[1, 2], [3, 4]], v), nothing),
    "Network.gradient t": (lambda v: small_net().gradient([[1, 2], [3, 4]], v), nothing),
    "Network.accuracy t": (lambda v: small_net().accuracy([[1, 2], [3, 4]], v), nothing),
    "Network.params": (lambda v: setattr(small_net(), "params", v), nothing),
    "Network.split params": (lambda v: small_net().split(v), nothing),
    "loss_function net": (lambda v: loss_function(v, [[1, 2]], [0]), nothing),
    "minibatch_gradient net": (lambda v: minibatch_gradient(v, [[1, 2]], [0], 1, 0), nothing),
    "minibatch_gradient x": (
        lambda v: minibatch_gradient(small_net(), v, [0, 1, 1], 3, 0)(small_net().params),
        lambda v: of_width_two(v) and len(v) == 3,
    ),
    "minibatch_gradient t": (
        lambda v: minibatch_gradient(small_net(), np.eye(2), v, 2, 0)(small_net().params),
        nothing,
    ),
    "minibatch_gradient batch_size": (
        lambda v: minibatch_gradient(small_net(), np.ones((9, 2)), [1] * 9, v, 0),
        whole(1, 9),
    ),
    "random_affine n_in": (lambda v: random_affine(v, 2, "he", 0), whole(1, 10_000)),
    "random_affine n_out": (lambda v: random_affine(2, v, "he", 0), whole(1, 10_000)),
    "random_affine weight_init_std": (lambda v: random_affine(2, 2, v, 0), number(0)),
    "multi_layer_net sizes": (lambda v: multi_layer_net(v, 0), lambda v: v is ARRAYS["three"]),
    "multi_layer_net activation": (lambda v: multi_layer_net([2, 2, 2], 0, v), nothing),
    "multi_layer_net dropout_ratio": (
        lambda v: multi_layer_net([2, 2, 2], 0, dropout_ratio=v),
        number(0, 1, without=[1]),
    ),
}
for layer in (Relu, LeakyRelu, Sigmoid, Tanh, Dropout):
    PLACES |= {
        f"{layer.__name__} x": (lambda v, layer=layer: layer().forward(v), real),
        f"{layer.__name__} dout": (
            lambda v, layer=layer: backward_of(layer())(v),
            like_two_numbers,
        ),
    }
for name in OPTIMIZERS:
    PLACES |= {
        f"{name}.update x": (update_of(name, x=...), like_two_numbers),
        f"{name}.update grad": (update_of(name, grad=...), like_two_numbers),
        f"{name}.update lr": (update_of(name, lr=...), rate_of_one_point),
        f"{name}.update x and grad": (update_of(name, x=..., grad=...), real),
    }
    for parameter in inspect.signature(getattr(helpers, name)).parameters:
        takes = number(0, 1, without=[1])
        if parameter in ("eps", "weight_decay"):
            takes = number(0, without=[0] if name == "AdaDelta" else [])
        PLACES[f"{name} {parameter}"] = (
            lambda v, name=name, parameter=parameter: getattr(helpers, name)(**{parameter: v}),
            takes,
        )


@pytest.mark.parametrize(("call", "takes"), PLACES.values(), ids=PLACES)
def test_a_value_is_taken_where_it_makes_sense_and_refused_elsewhere(call, takes, capsys):
    endings = {name: verdict(call, value) for name, value in VALUES.items()}
    assert endings == {n: "answer" if takes(value) else "refused" for n, value in VALUES.items()}
    assert capsys.readouterr().err == ""


def test_every_public_function_and_class_is_tried():
    landscapes = {f for f in helpers.__all__ if isinstance(getattr(helpers, f), Landscape)}
    given_nothing = {"COLORS", "load_digits", "show_progress"}
    for name in set(helpers.__all__) - landscapes - given_nothing:
        assert name in globals() or name in OPTIMIZERS, name


# --- functions ------------------------------------------------------------------------------------


def raises(x):
    raise OwnError


def raises_type_error(x):
    raise OwnTypeError


class OwnTypeError(OwnError, TypeError):
    """An error of the learner's that looks like a wrong call."""


def prints(x):
    print("途中")
    return np.sum(x**2, axis=0)


def writes(x):
    value = np.sum(x**2, axis=0)
    x[...] = np.nan
    return value


FUNCTIONS = {  # of a point (2,), the answer or what is wrong
    "good": (lambda x: x[0] ** 2 + x[1] ** 2, "answer"),
    "prints": (prints, "answer"),
    "writes to its argument": (writes, "answer"),
    "one more argument that may be left out": (lambda x, a=2: x[0] ** a, "answer"),
    "any arguments": (lambda *a, **k: a[0][0], "answer"),
    "returns an integer": (lambda x: 3, "answer"),
    "returns an array of no dimension": (lambda x: np.array(3), "answer"),
    "returns inf": (lambda x: np.inf, "answer"),
    "returns nan": (lambda x: np.nan, "answer"),
    "overflows": (lambda x: (x[0] * 1e200) ** 2 - (x[1] * 1e200) ** 2, "answer"),
    "divides by zero": (lambda x: x[0] / (0 * x[1]), "answer"),
    "logarithm of a negative number": (lambda x: np.log(-abs(x[0])), "answer"),
    "raises": (raises, "own exception"),
    "raises a type error": (raises_type_error, "own exception"),
    "returns nothing": (lambda x: None, "refused"),
    "returns text": (lambda x: "1", "refused"),
    "returns a complex number": (lambda x: 1j, "refused"),
    "returns the point": (lambda x: x, "refused"),
    "returns a masked number": (lambda x: np.ma.masked, "refused"),
    "returns a generator": (lambda x: (value for value in x), "refused"),
    "returns a function": (lambda x: np.sum, "refused"),
    "returns a huge integer": (lambda x: 10**400, "refused"),
    "takes nothing": (lambda: 1.0, "refused"),
    "takes the coordinates": (lambda x, y: x**2 + y**2, "refused"),
    "takes keyword-only arguments": (lambda *, x: 1.0, "refused"),
    "has a keyword-only argument more": (lambda x, *, a: 1.0, "refused"),
}
START = np.array([3.0, 4.0])
USES = {
    "numerical_gradient": lambda f: numerical_gradient(f, START),
    "numerical_hessian": lambda f: numerical_hessian(f, START),
    "gradient_descent": lambda f: gradient_descent(f, START, 0.1, 3),
    "outcome": lambda f: outcome(f, HISTORY),
    "outcomes": lambda f: outcomes(f, HISTORY),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize(("f", "ending"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_of_a_point_is_used_or_its_fault_is_named(use, f, ending, capsys):
    assert verdict(use, f) == ending
    np.testing.assert_array_equal(START, [3, 4])
    np.testing.assert_array_equal(HISTORY, [[3, 4], [1, 2]])
    assert capsys.readouterr().out.strip("途中\n") == ""


NOT_A_RATE = {
    "takes nothing": lambda: 0.1,
    "takes the point too": lambda t, x: 0.1,
    "a schedule that was not made": cosine_decay,
    "a class": SGD,
}


@pytest.mark.parametrize("lr", NOT_A_RATE.values(), ids=NOT_A_RATE)
def test_a_learning_rate_that_is_no_schedule_is_refused(lr):
    assert verdict(lambda lr: gradient_descent(square, [1.0], lr), lr) == "refused"
    assert verdict(lambda lr: warmup(lr, 5)(0), lr) == "refused"


class AsInTheBook:
    def update(self, params, grads):
        for key in params:
            params[key] -= 0.1 * grads[key]


def test_an_optimizer_with_the_update_of_the_book_is_told_what_differs():
    with pytest.raises(ValueError, match=r"x, grad, lr.*update\(params, grads\)"):
        gradient_descent(square, [1.0], optimizer=AsInTheBook())


@pytest.mark.parametrize("f", [lambda x: 3.0, lambda x: np.sum(x**2)])
def test_a_function_of_numbers_is_not_told_about_coordinates(f):
    with pytest.raises(ValueError, match="x と同じ形") as caught:
        numerical_derivative(f, [1.0, 2.0])
    assert "座標" not in str(caught.value)


@pytest.mark.parametrize("draw", [draw_contour, draw_curve, draw_path, draw_loss])
def test_what_is_flat_is_not_drawn_in_space(draw):
    given = HISTORY if draw is draw_path else np.ones(3) if draw is draw_loss else valley
    assert verdict(lambda value: draw(axes(projection="3d"), value), given) == "refused"


def test_an_arrow_is_not_drawn_in_space():
    ax = axes(projection="3d")
    assert verdict(lambda x: draw_arrows(ax, x, [6.0, 8.0], "∇f", "k"), [3.0, 4.0]) == "refused"


ONE_NUMBER_FOR_ALL = {"an integer", "an array of no dimension", "inf", "nan"}


@pytest.mark.parametrize(("f", "ending"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_of_many_points_is_used_or_its_fault_is_named(f, ending, request, capsys):
    name = request.node.callspec.id.removeprefix("returns ")
    ending = "refused" if name in ONE_NUMBER_FOR_ALL else ending
    assert verdict(lambda f: vectorized_gradient(f, START), f) == ending
    np.testing.assert_array_equal(START, [3, 4])


OF_A_NUMBER = {
    "good": (np.cbrt, "answer"),
    "inf": (lambda x: x * np.inf, "answer"),
    "raises": (raises, "own exception"),
    "nothing": (lambda x: None, "refused"),
    "text": (lambda x: "1", "refused"),
    "too many values": (lambda x: [1.0, 2.0], "refused"),
    "takes nothing": (lambda: 1.0, "refused"),
    "takes two": (lambda x, h: 1.0, "refused"),
    "takes keyword-only arguments": (lambda *, x: 1.0, "refused"),
}
USES_OF_A_NUMBER = {
    "central": lambda f: numerical_derivative(f, 3.0),
    "forward": lambda f: numerical_derivative(f, 3.0, method="forward"),
    "backward": lambda f: numerical_derivative(f, 3.0, method="backward"),
    "tangent_line": lambda f: tangent_line(f, 3.0)(4.0),
    "draw_curve": lambda f: draw_curve(axes(), f, (-1, 1)),
    "warmup": lambda f: warmup(f if f is not np.cbrt else lambda t: 0.1, 5)(3),
}


@pytest.mark.parametrize("use", USES_OF_A_NUMBER)
@pytest.mark.parametrize("fault", OF_A_NUMBER)
def test_a_function_of_a_number_is_used_or_its_fault_is_named(use, fault):
    f, ending = OF_A_NUMBER[fault]
    if use == "warmup" and fault == "inf":
        ending = "refused"  # no learning rate
    if use == "warmup" and fault == "too many values":
        ending = "answer"  # an array of learning rates
    assert verdict(USES_OF_A_NUMBER[use], f) == ending


@pytest.mark.parametrize("fault", ["nothing", "text", "takes nothing", "takes two", "raises"])
def test_a_surface_is_drawn_of_a_function_of_two_coordinates_only(fault):
    f, ending = OF_A_NUMBER[fault]
    assert verdict(lambda f: draw_contour(axes(), f, SQUARE_RANGES), f) == ending
    assert verdict(lambda f: draw_surface(axes(projection="3d"), f, SQUARE_RANGES), f) == ending


@pytest.mark.parametrize("draw", [draw_curve, draw_contour, draw_surface])
def test_a_plain_function_without_ranges_is_refused_in_japanese(draw):
    ax = axes(projection="3d" if draw is draw_surface else None)
    assert verdict(lambda f: draw(ax, f), total) == "refused"


def test_a_landscape_of_one_coordinate_is_no_surface_and_one_of_two_no_curve():
    assert verdict(lambda f: draw_contour(axes(), f), plateau) == "refused"
    assert verdict(lambda f: draw_surface(axes(projection="3d"), f), plateau) == "refused"
    assert verdict(lambda f: draw_curve(axes(), f), valley) == "refused"


# --- optimizers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_of_lists_is_that_of_arrays(name):
    of_lists, of_arrays = getattr(helpers, name)(), getattr(helpers, name)()
    for g in ([6, 8], [3, -1]):
        result = of_lists.update([3, 4], g, 0.1)
        np.testing.assert_array_equal(
            result, of_arrays.update(np.array([3.0, 4.0]), np.array(g, dtype=float), 0.1)
        )


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "SGD"])
def test_an_optimizer_that_has_served_one_point_refuses_one_of_another_shape(name):
    optimizer = getattr(helpers, name)()
    optimizer.update([3.0], [6.0], 0.1)
    before = repr(vars(optimizer))
    assert verdict(lambda x: optimizer.update(x, x, 0.1), [3.0, 4.0]) == "refused"
    assert repr(vars(optimizer)) == before


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_takes_a_rate_for_each_run_of_a_batch_and_no_other_array(name):
    x = np.ones((2, 5))
    assert getattr(helpers, name)().update(x, x, np.full(5, 0.1)).shape == (2, 5)
    for shape in ((2,), (2, 5), (3, 5), (0,)):
        optimizer = getattr(helpers, name)()
        assert verdict(lambda lr, o=optimizer: o.update(x, x, lr), np.full(shape, 0.1)) == "refused"


class HoldsAGenerator:
    def __init__(self):
        self.batches = (k for k in range(3))

    def update(self, x, grad, lr):
        return x


def test_an_optimizer_that_cannot_be_copied_is_refused():
    assert verdict(lambda o: gradient_descent(square, [1.0], optimizer=o), HoldsAGenerator()) == (
        "refused"
    )


# --- every float there is -------------------------------------------------------------------------

floats = st.floats(allow_nan=True, allow_infinity=True, allow_subnormal=True, width=64)
any_array = npst.arrays(
    st.sampled_from([np.float64, np.float32, np.float16]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    elements=st.floats(width=16, allow_subnormal=True) | st.sampled_from([0.0, 65504.0]),
)


@given(x=npst.arrays(np.float64, 2, elements=floats))
def test_the_slope_of_a_linear_function_is_right_wherever_it_can_be_measured(x):
    gradient = numerical_gradient(lambda x: 3 * x[0] - 2 * x[1], x)
    assert gradient.shape == (2,)
    if np.abs(x).max() < 1e300:
        other = np.abs(x[::-1]) / np.maximum(1, np.abs(x))  # drowns the difference, if it is larger
        np.testing.assert_allclose(gradient, [3, -2], atol=1e-9 * (1 + other.max()))


@given(x=npst.arrays(np.float64, 2, elements=floats))
def test_every_landscape_has_a_value_and_a_slope_at_every_float(x):
    for f in (getattr(helpers, name) for name in helpers.__all__):
        if isinstance(f, Landscape):
            point = x[: len(f.ranges)]
            assert np.shape(f(point)) == ()
            assert f.grad(point).shape == point.shape


@given(x=any_array)
def test_every_array_is_a_place_for_a_derivative(x):
    assert numerical_derivative(np.cbrt, x).shape == x.shape
    assert np.shape(sigmoid(x)) == x.shape


@given(a=floats)
def test_sigmoid_and_its_mirror_add_up_to_one(a):
    if not np.isnan(a):
        assert sigmoid(a) + sigmoid(-a) == pytest.approx(1)


@pytest.mark.parametrize("a", [-40.0, -100.0, -700.0])
def test_sigmoid_keeps_its_digits_far_out(a):
    assert sigmoid(a) == pytest.approx(np.exp(a), rel=1e-12)


@settings(max_examples=40)
@given(
    name=st.sampled_from(OPTIMIZERS),
    start=npst.arrays(np.float64, 2, elements=floats),
    lr=st.floats(),
    step_num=st.integers(-2, 20) | st.floats(),
)
def test_any_run_ends_or_is_refused(name, start, lr, step_num):
    optimizer = getattr(helpers, name)()
    sound = np.isfinite(start).all() and 0 <= lr < np.inf
    sound = sound and np.isfinite(step_num) and step_num >= 0 and step_num % 1 == 0
    if sound and step_num > 1000:
        return  # many steps are another test's

    def call(start):
        x, x_history = gradient_descent(valley, start, lr, step_num, optimizer=optimizer)
        assert outcome(valley, x_history) in {"収束", "発散", "停滞", "鞍点", "打ち切り"}

    assert verdict(call, start) == ("answer" if sound else "refused")


@settings(max_examples=60)
@given(x_history=any_array)
def test_any_array_is_a_history_or_is_refused(x_history):
    sound = x_history.ndim > 1 and x_history.size > 0
    for name in (outcome, outcomes):
        assert verdict(lambda h: name(total, h), x_history) == ("answer" if sound else "refused")  # noqa: B023


@given(t=st.integers() | floats)
def test_a_schedule_answers_every_step_that_there_is(t):
    sound = np.isfinite(t) and t >= 0 and t % 1 == 0 if abs(t) < 2**63 else None
    for schedule in (step_decay(1), exponential_decay(1), cosine_decay(1, 9), warmup(1, 9)):
        ending = verdict(schedule, t)
        assert sound is None or ending == ("answer" if sound else "refused")


# --- pictures -------------------------------------------------------------------------------------

EXTREMES = [0.0, 5e-324, 1e-99, 1e-101, 1e99, 1e101, 1e300, 1e308, np.inf, -np.inf, np.nan]


@pytest.mark.parametrize("value", EXTREMES, ids=str)
def test_a_picture_of_any_number_can_be_drawn(value):
    figure, (left, middle, right, last) = subplots(4, height=2)
    draw_contour(left, valley)
    for ax in (left, middle):
        draw_path(ax, [[0, 0], [value, -value], [1, 1]], "経路")
        draw_arrows(ax, [[0, value], [0, 0]], [[value, 1], [1, value]], "∇f", COLORS["∇f"])
        mark_points(ax, [(value, 1)], "点")
    draw_loss(right, [1, value, 2], "損失")
    draw_curve(last, lambda x: x * value, (1, 2), label="曲線")
    add_legend(figure)
    assert isinstance(show(figure, "図。"), Picture)


@pytest.mark.parametrize("value", EXTREMES, ids=str)
def test_a_surface_that_is_in_part_of_any_height_can_be_drawn(value):
    def step(x):
        return np.where(x[0] > 0, value, x[0] + x[1])

    figure, ax = subplots(width=3, height=2, projection="3d")
    draw_surface(ax, step, SQUARE_RANGES)
    show(figure, "曲面。")
    figure, ax = subplots(width=3, height=2)
    draw_contour(ax, step, SQUARE_RANGES)
    show(figure, "等高線。")


def test_what_cannot_be_drawn_is_said():
    flat, nowhere = lambda x: 0 * x[0], lambda x: np.nan * x[0]
    assert verdict(lambda f: draw_contour(axes(), f, SQUARE_RANGES), flat) == "refused"
    assert verdict(lambda f: draw_contour(axes(), f, SQUARE_RANGES), nowhere) == "refused"
    assert verdict(lambda v: draw_loss(axes(), v), [0.0, -1.0]) == "refused"


# --- live figures, questions, exercises -----------------------------------------------------------


@pytest.mark.parametrize("value", EXTREMES, ids=str)
def test_a_slider_that_leads_to_any_number_moves_on(value):
    figure = live(lambda slope: value if slope == 1 else slope)
    first = figure.frame((0,))
    for place in (1, 2, 0):
        assert figure.frame((place,)).error == ""
    np.testing.assert_array_equal(figure.frame((0,)).ops[0][2], first.ops[0][2])


@pytest.mark.parametrize("value", ["a", None, 1j, [1, 2, 3]], ids=str)
def test_a_slider_that_leads_to_no_number_says_so_and_moves_on(value):
    figure = live(lambda slope: value if slope == 1 else slope, choice("傾き", [0, 1, 2]))
    first = figure.frame((0,))
    figure.frame((1,))
    assert figure.frame((0,)).error == ""
    np.testing.assert_array_equal(figure.frame((0,)).ops[0][2], first.ops[0][2])


UPDATES = {
    "the sliders": (lambda lr, step_num: None, "answer"),
    "in another order": (lambda step_num, lr: None, "answer"),
    "keyword-only": (lambda *, lr, step_num: None, "answer"),
    "one more that may be left out": (lambda lr, step_num, color="k": None, "answer"),
    "any": (lambda **values: None, "answer"),
    "its own exception": (lambda lr, step_num: raises_type_error(lr), "own exception"),
    "nothing": (lambda: [], "refused"),
    "one is missing": (lambda lr: None, "refused"),
    "another name": (lambda lr, steps: None, "refused"),
    "one more": (lambda lr, step_num, color: None, "refused"),
    "no names": (lambda *values: None, "refused"),
}


@pytest.mark.parametrize(("update", "ending"), UPDATES.values(), ids=UPDATES)
def test_an_update_takes_the_sliders_by_name(update, ending):
    figure, sliders = subplots()[0], {"lr": slider("学習率", [0.1]), "step_num": steps(9)}
    assert verdict(lambda u: explore(figure, u, **sliders), update) == ending


@pytest.mark.parametrize("given", [(0, 9), (0, 1, 0.1), [0, 1], range(3)], ids=str)
def test_what_is_no_description_of_a_slider_is_refused(given):
    assert verdict(lambda v: live(control=v), given) == "refused"


@pytest.mark.parametrize("kind", ["IntSlider", "VBox", "Layout", "Button", "Image"])
def test_a_widget_is_no_description_of_a_slider(kind):
    assert verdict(lambda w: live(control=w), getattr(widgets, kind)()) == "refused"


def test_a_figure_that_cannot_be_kept_as_pixels_is_refused():
    assert verdict(lambda f: explore(f, lambda: None), Figure()) == "refused"
    assert verdict(lambda f: show(f, "図"), Figure()) == "refused"


@pytest.mark.parametrize("lesson", ["", "8", "../01", ("01",)], ids=repr)
def test_a_quiz_of_no_lesson_is_refused(lesson):
    assert verdict(quiz, lesson) == "refused"


def test_an_exam_never_has_another_seed_than_was_asked_for():
    assert exam(10**6).seed.value == 10**6
    assert verdict(exam, 2_000_000) == "refused"


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_check_answers_whatever_it_is_given_and_never_raises(value, capsys):
    before = state(value)
    check(value)
    assert re.search(JAPANESE, capsys.readouterr().out)
    assert state(value) == before


@pytest.mark.parametrize("name", VALUES.values(), ids=VALUES)
def test_check_says_which_exercises_there_are_whatever_name_it_is_given(name, capsys):
    check(total, name)
    assert "という演習はありません。演習の名前: " in capsys.readouterr().out


@pytest.mark.parametrize("result", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("name", ["gd_update", "momentum_update", "split_batches"])
def test_check_names_the_fault_of_any_result(name, result, capsys):
    check(lambda a, b, c, d=0, e=0: result, name)
    assert re.match("不正解【|未回答", capsys.readouterr().out)


def test_check_sees_an_argument_that_was_made_to_hold_itself(capsys):
    answer = load_exercises()["directional_derivative"].answer

    def writes_to_lists(grad, direction):
        result = answer(grad, direction)
        if isinstance(grad, list):
            grad.append(grad)
        return result

    check(writes_to_lists, "directional_derivative")
    assert "引数を書き換えている" in capsys.readouterr().out


@pytest.mark.parametrize("f", [f for f, _ in FUNCTIONS.values()], ids=FUNCTIONS)
def test_check_names_the_fault_of_any_function(f, capsys):
    assert check(f, "gd_update") is None
    assert re.match("不正解【|未回答", capsys.readouterr().out.replace("途中\n", ""))


# --- memory ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def at_most_one_gib():
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 2**30
    finally:
        tracemalloc.stop()


def test_a_gradient_at_a_million_points_stays_under_one_gib():
    with at_most_one_gib():
        numerical_gradient(function_2, np.ones((2, 10**6)))


def test_a_gradient_in_ten_thousand_dimensions_stays_under_one_gib():
    with at_most_one_gib():
        numerical_gradient(total, np.ones(10**4))


def test_side_by_side_ten_thousand_dimensions_and_a_million_points_stay_under_one_gib():
    with at_most_one_gib():
        vectorized_gradient(total, np.ones(10**4))
        vectorized_gradient(function_2, np.ones((2, 10**6)))


@pytest.mark.parametrize(
    ("start", "lr", "step_num"),
    [
        (np.ones(2), 0.1, 10**9),
        (np.ones(2), 0.1, 1e300),
        (np.ones((2, 10**5)), 0.1, 10**4),
        (np.ones((2, 10**5, 1)), np.full(10**5, 0.1), 0),
        (np.ones(10**4), 0.1, 10**5),
    ],
    ids=["steps", "1e300 steps", "points and steps", "points and rates", "coordinates and steps"],
)
def test_a_run_too_large_is_refused_before_it_takes_memory(start, lr, step_num):
    with at_most_one_gib():
        assert verdict(lambda x: gradient_descent(total, x, lr, step_num), start) == "refused"


def test_a_long_run_of_many_points_stays_under_one_gib():
    with at_most_one_gib():
        _, x_history = gradient_descent(valley, np.ones((2, 10**5)), 0.1, 100, grad=valley.grad)
        assert x_history.shape == (101, 2, 10**5)
