"""The package from outside: what `import helpers` costs, and that every public name is usable."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import helpers
from tests.conftest import JAPANESE

CORE = ("checks", "gradient", "descent", "optimizers", "schedules", "functions", "networks")


def fresh_interpreter(code):
    """What the code prints as JSON, in a Python of its own in which warnings are errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_importing_helpers_starts_neither_figures_nor_widgets():
    loaded = fresh_interpreter(
        "import helpers, json, sys\n"
        "helpers.gradient_descent(helpers.valley, [-7, 2], optimizer=helpers.Adam())\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert "helpers.descent" in loaded
    for heavy in ("matplotlib", "matplotlib.pyplot", "ipywidgets", "IPython", "PIL", "tkinter"):
        assert heavy not in loaded


@pytest.mark.parametrize("module", CORE)
def test_the_core_imports_nothing_from_above(module):
    loaded = fresh_interpreter(
        "import sys, types, json\n"
        f"package = types.ModuleType('helpers'); package.__path__ = {list(helpers.__path__)}\n"
        "sys.modules['helpers'] = package\n"
        f"import helpers.{module}\n"
        "print(json.dumps([name for name in sys.modules if name.startswith('helpers.')]))"
    )
    assert {name.removeprefix("helpers.") for name in loaded} <= set(CORE)


def test_every_public_name_can_be_imported():
    missing = fresh_interpreter(
        "import helpers, json\n"
        "from helpers import *\n"
        "print(json.dumps([name for name in helpers.__all__ if name not in globals()]))"
    )
    assert missing == []


def test_the_list_of_names_can_be_read_in_every_encoding_and_has_each_name_once():
    """The lazy loader opens it in the machine's own encoding, and takes the last of two lines."""
    stub = Path(helpers.__file__).with_suffix(".pyi").read_bytes()
    assert stub.isascii()
    names = re.findall(r"^from \.[\w.]+ import (\w+) as \1$", stub.decode(), re.MULTILINE)
    assert sorted(names) == helpers.__all__


def test_completion_offers_what_is_not_loaded_yet():
    offered = fresh_interpreter("import helpers, json\nprint(json.dumps(dir(helpers)))")
    assert {"explore", "quiz", "gradient_descent"} <= set(offered)


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match=JAPANESE):
        _ = helpers.gradient_decent
    with pytest.raises(ImportError):
        from helpers import gradient_decent  # noqa: F401


def test_the_names_of_the_course_are_there():
    promised = (
        "numerical_derivative numerical_gradient numerical_hessian tangent_line "
        "vectorized_gradient "
        "gradient_descent outcome outcomes "
        "SGD Momentum Nesterov AdaGrad RMSprop AdaDelta Adam AdamW "
        "step_decay exponential_decay cosine_decay warmup "
        "function_2 valley saddle saddle_with_minima product monkey_saddle plateau "
        "sigmoid sigmoid_squared_loss sigmoid_cross_entropy square quadratic quartic dimple "
        "rosenbrock beale himmelblau explore "
        "Affine Relu Sigmoid Tanh LeakyRelu SoftmaxWithLoss BatchNormalization Dropout Network"
    )
    assert set(promised.split()) <= set(helpers.__all__)


def documented():
    """Every public function and class, and the public methods of the classes."""
    for name in helpers.__all__:
        thing = getattr(helpers, name)
        if inspect.isroutine(thing) or inspect.isclass(thing):
            yield name, thing
        if inspect.isclass(thing):
            for attribute, method in vars(thing).items():
                if inspect.isfunction(method) and not attribute.startswith("_"):
                    yield f"{name}.{attribute}", method


@pytest.mark.parametrize(("name", "thing"), [pytest.param(*p, id=p[0]) for p in documented()])
def test_docstrings_are_japanese(name, thing):
    assert thing.__doc__, name
    assert re.search(JAPANESE, thing.__doc__), name


@pytest.mark.parametrize("name", ["Momentum", "Nesterov", "AdaGrad", "RMSprop", "AdaDelta", "Adam"])
def test_docstring_of_an_optimizer_has_formula_source_and_torch(name):
    text = getattr(helpers, name).__doc__
    for word in ("←", "出典", "torch", "ValueError"):
        assert word in text


def test_repr_of_a_landscape_is_short_enough_to_read():
    assert helpers.valley.name in repr(helpers.valley)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("gradient", "grad[i] = (f(x + e) - f(x - e)) / (2 * h)\n"),
        ("descent", "x = step(x, slope(x), rate(t))\n"),
        ("optimizers", "return x - lr * grad\n"),
        ("schedules", "lr * drop ** (t // every)"),
    ],
)
def test_the_formula_stands_within_the_first_screen_of_its_file(name, formula):
    code = Path(helpers.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    assert code[: code.index(formula)].count("\n") < 52
