"""The faults that are planted, each with the tests that should see it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One fault: an exact text of a file, what it becomes, and the tests that must then fail."""

    file: str
    name: str
    old: str
    new: str
    tests: tuple


def in_file(file, *faults, tests):
    """The mutants of one file, given as (name, old, new), that the same tests should see."""
    return [Mutant(file, name, old, new, tests) for name, old, new in faults]


def unit(*names):
    return tuple(f"tests/helpers/test_{name}.py" for name in names)


def live(notebook):
    test = "tests/notebooks/test_live.py::test_every_slider_moves_its_own_figure"
    return (f"{test}[{notebook}.ipynb]",)


UPDATE = "        return x - lr * grad / (self.h**0.5 + self.eps)\n"
ROOT = "        return x - lr * grad / (self.h + self.eps) ** 0.5\n"

MUTANTS = [
    *in_file(
        "helpers/checks.py",
        (
            "a masked array is a number",
            "if any(isinstance(part, np.ma.Masked",
            "if any(0 and isinstance(part, np.ma.Masked",
        ),
        ("a schedule may answer a negative rate", "(rate >= 0)).all()", "(rate >= -1)).all()"),
        ("a fraction is a whole number", " and array % 1 == 0:\n", ":\n"),
        ("f may return any shape", "    if array.shape != shape:\n", "    if array.size < 0:\n"),
        (
            "a wrong call of f stays a TypeError",
            "        if accepts(f, x):\n",
            "        if True:\n",
        ),
        tests=("tests/helpers/test_hostile.py",),
    ),
    *in_file(
        "helpers/checks.py",
        ("float32 behind a float passes for float64", "_fits(self.known, np.float32):", "False:"),
        ("a constant is float16", "if not np.array_equal(*around, equal_nan=True):", "if True:"),
        (
            "short values at one point are enough",
            "for value in (self.known, *around)",
            "for value in (self.known,)",
        ),
        tests=unit("gradient"),
    ),
    *in_file(
        "helpers/gradient.py",
        (
            "h for 2h in the gradient",
            "f(x - e)) / (2 * h)\n        e[i] = 0",
            "f(x - e)) / h\n        e[i] = 0",
        ),
        ("the shift stays in the gradient", "        e[i] = 0\n", ""),
        (
            "h for 2h in the derivative",
            "(f(x + h) - f(x - h)) / (2 * h)",
            "(f(x + h) - f(x - h)) / h",
        ),
        (
            "backward and forward exchanged",
            "(f(x + h) - f(x.copy())) / h",
            "(f(x.copy()) - f(x - h)) / h",
        ),
        (
            "h of the other kind of difference",
            '1 / 3 if method == "central" else 1 / 2',
            '1 / 2 if method == "central" else 1 / 3',
        ),
        ("h does not scale with x", "width * np.maximum(1.0, abs(x))", "width"),
        ("the point of a forward difference is written", "- f(x.copy())) / h", "- f(x)) / h"),
        ("sign in the Hessian", "+ f(x - a - b)", "- f(x - a - b)"),
        (
            "steps of the Hessian confused",
            "difference / (4 * h[i] * h[j])",
            "difference / (4 * h[i] * h[i])",
        ),
        ("a value of many entries moved serves one", "    f.known = None  #", "    pass  #"),
        (
            "only the first row of a matrix is differentiated",
            "np.ndindex(x.shape)",
            "np.ndindex(1, *x.shape[1:])",
        ),
        (
            "a coarse f keeps the step of float64",
            "return _step_of(None, power, f.eps)",
            "return _step_of(None, power)",
        ),
        (
            "a Hessian lost in rounding is told",
            "    f.check_digits(hessian, step, x, order=2)\n",
            "",
        ),
        ("a gradient lost in rounding is told", "    f.check_digits(grad, step, x)\n", ""),
        (
            "h for 2h side by side",
            "_values_beside(f, x, i, -h)) / (2 * h)",
            "_values_beside(f, x, i, -h)) / h",
        ),
        ("the shift of another coordinate", "copies[i, ..., range(len(i))]", "copies[0, ..., :]"),
        ("all shifted points at once", "min(n, 1 + n * x.size // STACK)", "1"),
        (
            "the tangent does not pass through the point",
            "lambda t: y + slope",
            "lambda t: slope",
        ),
        tests=unit("gradient"),
    ),
    *in_file(
        "helpers/descent.py",
        ("the last point is lost", "x_history[t + 1] = x", "x_history[t] = x"),
        ("the schedule is a step ahead", "slope(x), rate(t))", "slope(x), rate(t + 1))"),
        ("state leaks into the next run", "return copy.deepcopy(optimizer)", "return optimizer"),
        ("the gradient function may write x", "call(grad, x.copy(), ", "call(grad, x, "),
        ("no step is the step 0", "if reached.any() else None", "if reached.any() else 0"),
        (
            "minimum and saddle exchanged",
            "arrived & minimum, far, arrived & saddle",
            "arrived & saddle, far, arrived & minimum",
        ),
        ("passing a minimum counts as convergence", " & (last_move < reach)", ""),
        (
            "the slope alone decides on convergence",
            "(_norm(newton) < reach)",
            "(_norm(slopes) < reach)",
        ),
        (
            "a rise that is over counts as divergence",
            "rose & (above | swinging)",
            "(above | swinging)",
        ),
        ("a far minimum is a divergence", "arrived & minimum, far, ", "far, far, "),
        ("nothing is far", "far = _norm(x) > FAR", "far = _norm(x) < 0"),
        ("swinging is no divergence", "(above | swinging)", "above"),
        ("any slow run stands still", "<= 0.01 * remaining", "<= remaining"),
        ("no run stands still", "<= 0.01 * remaining", "< 0 * remaining"),
        (
            "what came back was never lost",
            "np.logical_and.accumulate(finite)[steps]",
            "finite[steps]",
        ),
        ("an early quarter is a late one", "(end - late + 1) // 2", "(end - late) // 2"),
        (
            "any f takes all steps",
            "return np.allclose(together, values, rtol",
            "return True or np.allclose(together, values, rtol",
        ),
        ("a matrix is a batch", "objective.one_number and x_history.ndim > 2", "False"),
        ("many rates for an f of one number", "if grad is None and np.ndim(rate(0)):", "if False:"),
        ("rounding passes for an ending", "    if blurred.any():\n", "    if False:\n"),
        tests=unit("descent"),
    ),
    *in_file(
        "helpers/optimizers.py",
        ("sign of SGD", "        return x - lr * grad\n", "        return x + lr * grad\n"),
        (
            "sign of Momentum",
            "lr * grad\n        return x + self.v\n",
            "lr * grad\n        return x - self.v\n",
        ),
        (
            "Nesterov is Momentum",
            "return x + self.momentum * self.v - lr * grad",
            "return x + self.v",
        ),
        ("AdaGrad forgets", "self.h = self.h + grad**2", "self.h = grad**2"),
        (
            "epsilon inside the root of AdaGrad",
            "self.h + grad**2\n" + UPDATE,
            "self.h + grad**2\n" + ROOT,
        ),
        (
            "epsilon inside the root of RMSprop",
            "(1 - self.decay_rate) * grad**2\n" + UPDATE,
            "(1 - self.decay_rate) * grad**2\n" + ROOT,
        ),
        (
            "decay of RMSprop exchanged",
            "self.decay_rate * self.h + (1 - self.decay_rate) * grad**2\n" + UPDATE,
            "(1 - self.decay_rate) * self.h + self.decay_rate * grad**2\n" + UPDATE,
        ),
        ("AdaDelta remembers gradients for steps", "* delta**2", "* grad**2"),
        ("no bias correction of m", "self.m / (1 - self.beta1**self.t)", "self.m"),
        ("no bias correction of v", "self.v / (1 - self.beta2**self.t)", "self.v"),
        ("epsilon inside the root of Adam", "(v_hat**0.5 + self.eps)", "(v_hat + self.eps) ** 0.5"),
        (
            "defaults of Adam exchanged",
            "    def __init__(self, beta1=0.9, beta2=0.999, eps=1e-8):\n",
            "    def __init__(self, beta1=0.999, beta2=0.9, eps=1e-8):\n",
        ),
        (
            "AdamW is Adam with L2",
            "super().step(x - lr * self.weight_decay * x, grad, lr)",
            "super().step(x, grad + self.weight_decay * x, lr)",
        ),
        tests=unit("optimizers"),
    ),
    *in_file(
        "helpers/checks.py",
        ("state of another shape is used", "state.shape != x.shape:", "state.shape == ():"),
        (
            "a gradient of another shape is used",
            "if grad.shape != x.shape:",
            "if grad.ndim != x.ndim:",
        ),
        tests=("tests/helpers/test_hostile.py",),
    ),
    *in_file(
        "helpers/schedules.py",
        ("step decay drops a step early", "drop ** (t // every)", "drop ** ((t + 1) // every)"),
        ("exponential decay starts late", "lr * rate**t)\n", "lr * rate ** max(t - 1, 0))\n"),
        ("cosine upside down", "(1 + math.cos(", "(1 - math.cos("),
        ("cosine rises again", "min(t / step_num, 1)", "t / step_num"),
        (
            "warmup starts at 0",
            "schedule(t) * min(1, (t + 1) / warmup_steps)",
            "schedule(t) * min(1, t / warmup_steps)",
        ),
        tests=unit("schedules"),
    ),
    *in_file(
        "helpers/networks.py",
        ("dW without the transpose", "self.dW = self.x.T @ dout", "self.dW = (dout.T @ self.x)"),
        ("db is a mean", "self.db = dout.sum(axis=0)", "self.db = dout.mean(axis=0)"),
        ("slope of ReLU at 0", "np.where(self.x > 0, _slope", "np.where(self.x >= 0, _slope"),
        (
            "the leak of the wrong side",
            "np.where(self.x > 0, 1, self.slope)",
            "np.where(self.x > 0, self.slope, 1)",
        ),
        ("slope of the sigmoid", "* self.y * (1 - self.y)", "* self.y * (1 + self.y)"),
        ("slope of tanh", "* (1 - self.y**2)", "* (1 - self.y)"),
        ("softmax overflows", "x = x - x.max(axis=-1, keepdims=True)", "x = x * 1.0"),
        ("the loss is a sum", "_log_softmax(x)).sum() / len(x)", "_log_softmax(x)).sum()"),
        ("the slope of the loss is a sum", "(self.y - self.t) / len(self.y)", "(self.y - self.t)"),
        (
            "BN's variance divides by N - 1",
            "x.mean(axis=0), x.var(axis=0)",
            "x.mean(axis=0), x.var(axis=0, ddof=min(1, len(x) - 1))",
        ),
        ("BN's old and new exchanged", "keep = self.momentum", "keep = 1 - self.momentum"),
        (
            "BN infers from the batch",
            "        if train_flg:\n            _warn",
            "        if 1:\n            _warn",
        ),
        ("BN's slope forgets the mean", "d - d.mean(axis=0) - self", "d - self"),
        (
            "BN's slope forgets the variance",
            " - self.x_hat * (d * self.x_hat).mean(axis=0)",
            "",
        ),
        (
            "BN's slope in inference as in training",
            "        if self.train_flg:\n",
            "        if True:\n",
        ),
        (
            "dropout keeps what it should drop",
            "self.rng.random(x.shape) > self",
            "self.rng.random(x.shape) < self",
        ),
        (
            "dropout at rest multiplies by the ratio",
            "np.full(x.shape, 1 - self.dropout_ratio)",
            "np.full(x.shape, self.dropout_ratio)",
        ),
        (
            "half of the weight decay",
            "grad + self.weight_decay_lambda",
            "grad + 0.5 * self.weight_decay_lambda",
        ),
        ("biases decay too", 'if name == "W":', 'if name in "Wb":'),
        ("layers forward for backward", "in reversed(self.layers)", "in self.layers"),
        ("a net shares memory with its params", "name, part.copy()", "name, part"),
        (
            "predict drops out",
            "predict(self, x, train_flg=False)",
            "predict(self, x, train_flg=True)",
        ),
        ("batches are never shuffled anew", "order = rng.permutation(n)", "order = np.arange(n)"),
        (
            "short gradients are stretched",
            "max_norm / np.maximum(norm, max_norm)",
            "max_norm / norm",
        ),
        (
            "clipping overflows",
            "np.hypot.reduce(grad, axis=0)",
            "(grad**2).sum(axis=0) ** 0.5",
        ),
        ("He is Xavier", '"he": 2 / n_in', '"he": 1 / n_in'),
        ("the deviation is the variance", "std = math.sqrt(variances", "std = (variances"),
        ("labels from -1", "(labels < 0) | (labels", "(labels < -1) | (labels"),
        ("a label too large", "(labels >= class_num)", "(labels > class_num)"),
        ("pixels stay 0 to 16", 'data["X"] / 16', 'data["X"] / 1.0'),
        ("nan is let in", "np.argwhere(~np.isfinite(x))", "np.argwhere(np.isinf(x))"),
        ("inf is let in", "np.argwhere(~np.isfinite(x))", "np.argwhere(np.isnan(x))"),
        ("any rows are one-hot", "(t.sum(axis=1) == 1).all()", "(t.sum(axis=1) >= 0).all()"),
        (
            "a batch of one is silent",
            "    if len(x) == 1:\n        warn",
            "    if len(x) == 0:\n        warn",
        ),
        ("dout is stretched", "    if dout.shape != shape:\n", "    if dout.ndim > len(shape):\n"),
        (
            "a layer stands twice",
            "id(layer) for layer in layers}) < len",
            "id(layer) for layer in layers}) < 0 * len",
        ),
        tests=unit("networks"),
    ),
    *in_file(
        "helpers/functions.py",
        (
            "slope of the valley",
            "np.array([x[0] / 10, 2 * x[1]])",
            "np.array([x[0] / 20, 2 * x[1]])",
        ),
        ("coordinates of a slope exchanged", "np.array([x[1], x[0]])", "np.array([x[0], x[1]])"),
        ("a saddle that is none", "(3.385154, 0.073852)", "(3.385154, 0.173852)"),
        ("sigmoid mirrored", "np.logaddexp(0, -real_array", "np.logaddexp(0, real_array"),
        tests=unit("functions"),
    ),
    *in_file(
        "helpers/figures.py",
        ("another scale for each axis", 'aspect="equal")', 'aspect="auto")'),
        (
            "arrows are cut off",
            "set_limits(min([low, *end]), max([high, *end]))",
            "set_limits(low, high)",
        ),
        ("loss on a linear axis", 'ax.set(yscale="log"', 'ax.set(yscale="linear"'),
        (
            "a missing glyph is a warning",
            'warnings.filterwarnings("error", message="Glyph',
            'warnings.filterwarnings("ignore", message="Glyph',
        ),
        (
            "a picture without description",
            "if not (isinstance(alt, str) and alt.strip()):",
            "if alt is None:",
        ),
        ("scale of the arrows upside down", "scale=1 / scale", "scale=scale"),
        (
            "minimum and saddle marked alike",
            'getattr(f, "saddles", ()), "鞍点", "X")',
            'getattr(f, "minima", ()), "鞍点", "X")',
        ),
        tests=unit("figures"),
    ),
    *in_file(
        "helpers/contents.py",
        ("no lesson keeps its live figures", 'return session["kernel"]["id"]', "return None"),
        ("a lesson without kernel keeps them", "if kernel_id else {}", "if kernel_id else None"),
        ("a restarted kernel keeps them", 'return reply["content"]["comms"]', "return None"),
        ("a busy kernel loses them", "            return None\n", "            return {}\n"),
        tests=unit("contents"),
    ),
    *in_file(
        "helpers/quizzes.py",
        (
            "every answer is right",
            "return self.chosen == self.question.answer",
            "return self.chosen is not None",
        ),
        (
            "the note of another choice",
            "self.question.choices[self.chosen - 1][1]",
            "self.question.choices[right - 1][1]",
        ),
        (
            "one right answer is a quiz done",
            "if all(view.correct for view in self.views):",
            "if any(view.correct for view in self.views):",
        ),
        tests=unit("quizzes"),
    ),
    *in_file(
        "helpers/questions/01.toml",
        (
            "answer key of a number",
            "前進差分で求めた値はどれか。\n'''\nanswer = 4",
            "前進差分で求めた値はどれか。\n'''\nanswer = 3",
        ),
        (
            "answer key of a concept",
            "「誤差逆伝播法」の説明として、正しいものはどれか。\n'''\nanswer = 1",
            "「誤差逆伝播法」の説明として、正しいものはどれか。\n'''\nanswer = 2",
        ),
        tests=("tests/helpers/questions/test_keys.py",),
    ),
    *in_file(
        "helpers/exercises/lesson_03.py",
        (
            "model answer with the wrong sign",
            "    new_v = alpha * v - lr * grad\n    new_x = x + new_v\n"
            "    return new_x, new_v\n\n\ndef _mom",
            "    new_v = alpha * v + lr * grad\n"
            "    new_x = x + new_v\n    return new_x, new_v\n\n\ndef _mom",
        ),
        (
            "no case of a gradient just shorter than ε",
            "(1e-3, 4.999, 5.0, 5.0001)",
            "(1e-3, 4.999, 5.0)",
        ),
        ("no case of one step over the limit", "(0, 98, 99, 100, 101, 300)", "(0, 98, 99, 100)"),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/exercises/lesson_03.toml",
        ("fault named after another", '"平方根を忘れている" =', '"平方根を忘れた" ='),
        ("fault that is no fault", "norm < eps → norm**2 < eps", "norm < eps → eps > norm"),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/exercises/lesson_04.py",
        (
            "an eigenvalue of exactly 1e-6 is zero",
            "np.any(values >= 1e-6)",
            "np.any(values > 1e-6)",
        ),
        ("a gradient of exactly 1e-6 is zero", "(grad) >= 1e-6", "(grad) > 1e-6"),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/exercises/__init__.py",
        (
            "the model answer counts as the learner's",
            "if verdict == RIGHT and name is None:",
            "if verdict == RIGHT:",
        ),
        ("an edit that fits twice", "body.count(piece) == 1", "body.count(piece)"),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/exercises/judge.py",
        (
            "written arguments are not seen",
            "        if not same(arguments, given):\n",
            "        if False:\n",
        ),
        (
            "a stub is wrong, not unanswered",
            "    except NotImplementedError:\n        return ...\n",
            "",
        ),
        ("a full function is called unanswered", "or _is_empty(code):", "or True:"),
        (
            "randomness is told before the shape",
            "keep_form=wrong_form is not None",
            "keep_form=False",
        ),
        ("randomness is called a value left over", "& RANDOM_NAMES:", "& set():"),
        (
            "one returned part has no name",
            'return Verdict(f"{name} だけを返している"',
            'continue\n            return Verdict(f"{name} だけを返している"',
        ),
        (
            "an unused argument is not seen",
            "or _unused_argument(function, exercise, cases, results)",
            "or None",
        ),
        ("two faults at once are not seen", "or _two_faults(exercise, cases, fitted)", "or None"),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/exercises/values.py",
        ("the grader forgives too much", "rtol=1e-6", "rtol=1e-5"),
        ("the grader forgives too little", "rtol=1e-6", "rtol=1e-7"),
        ("the grader forgives too much near zero", "atol=1e-8", "atol=1e-6"),
        ("the grader forgives too little near zero", "atol=1e-8", "atol=1e-9"),
        ("an array without axes is no word", "    result = unwrap(result)\n", ""),
        ("a hidden function without its formula", "    function.formula = text\n", ""),
        tests=unit("exercises"),
    ),
    *in_file(
        "helpers/course.py",
        (
            "a word outside of the syllabus",
            "if id not in syllabus or w not in syllabus[id].keywords]",
            "if id not in syllabus]",
        ),
        ("a lesson out of its order", 'if lesson.number != f"{place:02d}" or', "if"),
        (
            "a missing notebook is not named",
            '    if missing:\n        raise ValueError(f"ノ',
            '    if 0:\n        raise ValueError(f"ノ',
        ),
        tests=unit("course"),
    ),
    *in_file(
        "helpers/course.toml",
        ("a keyword that the syllabus lacks", 'keywords = ["早期', 'keywords = ["L2", "早期'),
        tests=unit("course"),
    ),
    *in_file(
        "helpers/terms.csv",
        ("a term explained too late", "曲線の上の2点を通る直線,01", "曲線の上の2点を通る直線,02"),
        tests=unit("terms"),
    ),
    *in_file(
        "helpers/terms.py",
        ("a table of other lessons", "if lesson in term.lessons", "if lesson not in term.lessons"),
        ("a bar breaks the table", r'cell.replace("|", r"\|")', "cell"),
        tests=unit("terms"),
    ),
    *in_file(
        "helpers/record.py",
        (
            "the last thing done replaces all",
            "_save({**_load(), name: True})",
            "_save({name: True})",
        ),
        ("a damaged file stops the learner", "except (OSError, ValueError):", "except OSError:"),
        tests=unit("record"),
    ),
    *in_file(
        "helpers/progress.py",
        ("one press deletes all", 'if self.reset_button.description == "すべて消す":', "if False:"),
        tests=unit("record"),
    ),
    *in_file(
        "notebooks/01_derivative.ipynb",
        (
            "the tangent is drawn mirrored",
            "left.plot(t, tangent_line(f, x)(t),",
            "left.plot(t, tangent_line(f, x)(-t),",
        ),
        tests=("notebooks/01_derivative.ipynb",),
    ),
    *in_file(
        "notebooks/01_derivative.ipynb",
        (
            "a slider wired to a constant",
            "numerical_derivative(f, x), secant_slope(x, h)\n",
            "numerical_derivative(f, x), secant_slope(x, 1)\n",
        ),
        tests=("notebooks/01_derivative.ipynb",),
    ),
    *in_file(
        "notebooks/02_gradient_field.ipynb",
        (
            "legend of the gradient for its negative",
            'names = ["∇f（最急上昇）", "−∇f（最急降下）"]',
            'names = ["−∇f（最急降下）", "∇f（最急上昇）"]',
        ),
        (
            "an arrow of the other sign",
            'draw_arrows(left, point, grad, "∇f',
            'draw_arrows(left, point, -grad, "∇f',
        ),
        (
            "legend of one arrow",
            'draw_arrows(left, point, -grad, "−∇f（',
            'draw_arrows(left, point, -grad, "∇f（',
        ),
        tests=("notebooks/02_gradient_field.ipynb",),
    ),
    *in_file(
        "notebooks/03_gradient_method.ipynb",
        (
            "axes exchanged",
            "draw_run(left, x_history[: step_num + 1, :, k]",
            "draw_run(left, x_history[: step_num + 1, ::-1, k]",
        ),
        (
            "learning rate 0.11",
            "gradient_descent(function_2, start, lr=0.1, step_num=3)",
            "gradient_descent(function_2, start, lr=0.11, step_num=3)",
        ),
        tests=("notebooks/03_gradient_method.ipynb",),
    ),
    *in_file(
        "notebooks/05_plateau.ipynb",
        (
            "a slider wired to its neighbour",
            "flat_history[: step_num + 1, 0, flat_rates.index(lr)]",
            "flat_history[: step_num + 1, 0, flat_rates.index(lr) - 1]",
        ),
        tests=("notebooks/05_plateau.ipynb",),
    ),
    *in_file(
        "notebooks/06_learning_rate.ipynb",
        ("another start of a slider", "bound_rates, 0.1,", "bound_rates, 0.2,"),
        tests=("notebooks/06_learning_rate.ipynb",),
    ),
    *in_file(
        "notebooks/04_saddle_point.ipynb",
        (
            "a slider without effect",
            "i, j = offsets.index(offset), lrs.index(lr)",
            "i, j = offsets.index(offset), 8",
        ),
        tests=live("04_saddle_point"),
    ),
]
