"""The checks of the coding exercises: each mistake is planted and must be called by its name."""

import json
import re
import tomllib

import numpy as np
import pytest

from helpers import check, numerical_derivative, record
from helpers.course import LESSONS
from helpers.exercises import Exercise, Fault, load_exercises, read_faults
from helpers.exercises.judge import Verdict, diagnose
from helpers.exercises.values import brief
from tests.conftest import PROJECT
from tests.data.learner_solutions import RIGHT, VISIBLE, WRONG
from tests.data.more_learner_solutions import SECOND

FRESH = tomllib.loads((PROJECT / "tests/data/fresh_learner_solutions.toml").read_text("utf-8"))
EXERCISES = load_exercises()
FAULTS = [(name, fault) for name, exercise in EXERCISES.items() for fault in exercise.faults]
PLANTED = [(name, fault, change) for name in WRONG for fault, change in WRONG[name].items()]
PLANTED += [(name, fault, change) for name, rows in SECOND.items() for fault, change in rows]
BODIES = [
    (name, verdict, body)
    for table in FRESH.values()
    for name, rows in table.items()
    for verdict, body in rows
]
TASKS = {  # the text of each task, of all notebooks
    cell["id"]: "".join(cell["source"])
    for path in sorted((PROJECT / "notebooks").glob("*.ipynb"))
    for cell in json.loads(path.read_text("utf-8"))["cells"]
    if cell["id"].startswith("exercise")
}


def define(source, name):
    """Run a learner's cell and return its function."""
    cell = {"np": np, "numerical_derivative": numerical_derivative}
    exec(compile(source, "<cell>", "exec"), cell)
    return cell[name]


def with_body(name, body):
    """The task's head with this body."""
    lines = body.strip().replace("\n", "\n    ")
    return define(f"def {name}({', '.join(EXERCISES[name].parameters)}):\n    {lines}", name)


def changed(name, change):
    """The right solution with one piece replaced, or a whole solution."""
    if isinstance(change, str):
        return define(change, name)
    piece, instead = change
    assert RIGHT[name].count(piece) == 1, f"{name}: {piece!r} must occur once"
    return define(RIGHT[name].replace(piece, instead), name)


def equal(a, b):
    """Equal but for rounding; this test's own comparison, so that the grader is no judge of it."""
    if isinstance(b, (tuple, list)):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(b, str):
        return a == b
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.all((abs(a - b) <= 1e-8) | (a == b)))


def passes_the_visible_example(function, name):
    given, expected = VISIBLE[name]
    with np.errstate(all="ignore"):
        try:
            return equal(
                function(*eval(f"({given})", {"np": np})), eval(f"({expected})", {"np": np})
            )
        except Exception:
            return False


def verdict_on(source, name):
    return diagnose(define(source, name), EXERCISES[name])


def test_every_lesson_has_two_exercises():
    lessons = [exercise.lesson for exercise in EXERCISES.values()]
    assert set(lessons) == set(LESSONS)
    assert all(lessons.count(lesson) >= 2 for lesson in LESSONS)
    assert all(name == exercise.name for name, exercise in EXERCISES.items())


def test_a_lesson_without_faults_is_named():
    with pytest.raises(ValueError, match="章 99 のよくある誤りがありません"):
        read_faults("99")


def test_every_exercise_has_a_learners_solution():
    assert RIGHT.keys() == WRONG.keys() == VISIBLE.keys() == SECOND.keys() == EXERCISES.keys()


def test_at_least_two_hundred_faults_are_named_and_planted_by_what_a_learner_wrote():
    written = {(name, fault) for name, fault, _ in [*PLANTED, *BODIES]}
    named = {(name, fault.name) for name, fault in FAULTS}
    assert len(named) == len(FAULTS), "two faults of one name"
    assert len(named & written) >= 300
    for name, exercise in EXERCISES.items():
        assert sum((name, fault.name) in written for fault in exercise.faults) >= 8, name


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=lambda part: getattr(part, "name", part))
def test_each_named_fault_is_told_from_all_others(name, fault):
    verdict = diagnose(fault.wrong(EXERCISES[name].answer), EXERCISES[name])
    assert (verdict.name, verdict.hint) == (fault.name, fault.hint)


@pytest.mark.parametrize(("name", "fault", "change"), PLANTED)
def test_a_planted_mistake_is_called_by_its_name(name, fault, change):
    verdict = diagnose(changed(name, change), EXERCISES[name])
    assert verdict.name == fault
    assert verdict.hint


@pytest.mark.parametrize(("name", "expected", "body"), BODIES)
def test_a_mistake_of_the_third_set_gets_its_verdict(name, expected, body):
    assert diagnose(with_body(name, body), EXERCISES[name]).name == expected


def test_few_likely_mistakes_stay_without_a_name():
    second = [fault for rows in SECOND.values() for fault, _ in rows]
    assert len(second) >= 100 and "値が違う" not in second
    for table in FRESH.values():
        verdicts = [verdict for rows in table.values() for verdict, _ in rows]
        assert len(verdicts) >= 60
        assert verdicts.count("値が違う") <= 0.2 * len(verdicts)
        assert "正解" not in verdicts and "未回答" not in verdicts


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_solution_in_a_learners_style_is_right(name):
    assert str(verdict_on(RIGHT[name], name)) == "正解"
    assert passes_the_visible_example(define(RIGHT[name], name), name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_visible_example_alone_does_not_tell_every_mistake(name):
    wrong = [changed(name, change) for change in WRONG[name].values()]
    assert any(passes_the_visible_example(function, name) for function in wrong)


STATED = tomllib.loads((PROJECT / "tests/data/near_misses.toml").read_text("utf-8"))
NEAR = [(name, *change) for name, changes in STATED.items() for change in changes]


def test_the_stated_numbers_of_every_exercise_are_tried():
    assert STATED.keys() == EXERCISES.keys()


@pytest.mark.parametrize(("name", "piece", "instead"), NEAR)
def test_what_misses_a_stated_number_by_little_is_not_right(name, piece, instead):
    assert RIGHT[name].count(piece) == 1
    verdict = diagnose(changed(name, (piece, instead)), EXERCISES[name])
    assert verdict.name not in ("正解", "未回答") and verdict.hint


NUMBERS = ["directional_derivative", "gd_update", "momentum_update", "initial_std", "descend"]


def off_by(value, relative, absolute):
    if isinstance(value, (tuple, list)):
        return tuple(off_by(part, relative, absolute) for part in value)
    return value * (1 + relative) + absolute


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_tolerance_from_both_sides(name, sign):
    right = define(RIGHT[name], name)
    parameters = ", ".join(EXERCISES[name].parameters)

    def verdict(relative, absolute=0.0):
        source = (
            f"lambda {parameters}: off(right({parameters}), {sign * relative}, {sign * absolute})"
        )
        return diagnose(eval(source, {"off": off_by, "right": right}), EXERCISES[name]).name

    assert verdict(0.9e-6) == "正解"
    assert verdict(2.5e-6) == "誤差が大きい" or name in ("momentum_update", "descend")
    assert verdict(2.5e-6) not in ("正解", "未回答")


def test_the_absolute_tolerance_from_both_sides():
    exercise = EXERCISES["gradient_error"]  # one of its answers is zero
    right = define(RIGHT["gradient_error"], "gradient_error")
    assert diagnose(lambda f, df, x: right(f, df, x) + 0.8e-8, exercise).name == "正解"
    assert diagnose(lambda f, df, x: right(f, df, x) + 3e-7, exercise).name == "誤差が大きい"


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "body", ["...", "pass", "raise NotImplementedError", "return ...", '"""説明"""\n    ...']
)
def test_the_stub_is_unanswered(name, body):
    parameters = ", ".join(EXERCISES[name].parameters)
    verdict = verdict_on(f"def {name}({parameters}):\n    {body}", name)
    assert str(verdict).startswith("未回答")


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("body", ["print('途中')", "y = 1", "for i in range(3):\n        pass"])
def test_a_full_function_that_returns_nothing_is_not_called_unanswered(name, body):
    parameters = ", ".join(EXERCISES[name].parameters)
    verdict = verdict_on(f"def {name}({parameters}):\n    {body}", name)
    assert verdict.name == "何も返していない" and "print では返りません" in verdict.hint


@pytest.mark.parametrize("name", EXERCISES)
def test_the_cases_are_made_anew_and_mean_the_same_each_time(name):
    first, second = EXERCISES[name].cases(), EXERCISES[name].cases()
    assert repr([brief(case) for case in first]) == repr([brief(case) for case in second])
    for a, b in zip(first, second, strict=True):
        assert not any(p is q for p, q in zip(a, b, strict=True) if isinstance(p, list))


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_are_short_japanese_and_hold_no_answer(name):
    code = re.sub(r"\s", "", RIGHT[name]).replace("return", "")
    for fault in EXERCISES[name].faults:
        hint = re.sub(r"\s", "", fault.hint)
        assert re.search("[ぁ-ん]", hint) and hint[-1] in "。？" and len(hint) <= 60, hint
        for formula in re.findall(r"[\w.()\[\]*/+\-=]{6,}", hint, re.ASCII):
            assert formula not in code or formula.isidentifier(), hint


def test_a_fault_that_does_not_fit_its_answer_says_so():
    fault = Fault("無い一節", ("no such piece → x",), "手がかり。")
    with pytest.raises(ValueError, match="ちょうど1回現れなければなりません（0 回）"):
        fault.wrong(EXERCISES["gd_update"].answer)


@pytest.mark.parametrize("name", EXERCISES)
def test_hidden_functions_are_shown_by_their_formula(name):
    for case in EXERCISES[name].cases():
        for f in filter(callable, case):
            shown = brief(f)
            assert re.match(r"lambda x: [^_]+$", shown) and len(shown) < 60
            again = eval(shown, {"np": np})  # a learner may paste it
            x = next(value for value in case if isinstance(value, (float, list, np.ndarray)))
            x = np.array(x, dtype=float)
            assert np.array_equal(again(x), f(x))


@pytest.mark.parametrize("name", EXERCISES)
def test_a_hidden_input_is_of_a_kind_that_the_task_mentions(name):
    task = TASKS[f"exercise-{name.replace('_', '-')}"]
    values = [value for case in EXERCISES[name].cases() for value in case]
    for value in values:
        if isinstance(value, list):
            assert "リストのこともあ" in task
        elif isinstance(value, np.ndarray):
            assert "配列" in task or "array" in task
            assert value.dtype.kind == "f" or "整数の配列" in TASKS["exercises"]
    assert "書き換えないで" in TASKS["exercises"]
    if name == "central_difference":
        assert not any(isinstance(value, np.ndarray) for value in values)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_list_is_refused_only_where_the_task_says_array(name):
    task = (
        TASKS[f"exercise-{name.replace('_', '-')}"]
        + TASKS[f"exercise-{name.replace('_', '-')}-stub"]
    )
    assert not EXERCISES[name].arrays or re.search("の配列です|配列のリストで|配列で返", task)


def test_hidden_cases_hold_integers_lists_and_negative_numbers():
    values = [v for e in EXERCISES.values() for case in e.cases() for v in case]
    arrays = [v for v in values if isinstance(v, np.ndarray)]
    assert any(v.dtype.kind == "i" for v in arrays)
    assert any(isinstance(v, list) for v in values)
    assert any(v.size and v.min() < 0 for v in arrays)
    assert any(v.ndim == 2 and v.shape[0] != v.shape[1] for v in arrays)


def test_an_error_of_the_learner_is_shown_as_theirs_with_line_and_input():
    source = "def central_difference(f, x, h):\n    y = f(x)\n    return y / (h - h)\n"
    verdict = verdict_on(source, "central_difference")
    assert verdict.name == "例外"
    assert "あなたのコードで ZeroDivisionError" in verdict.hint
    assert "3 行目" in verdict.hint
    assert "f = lambda x: x**3 - x, x = 2, h = 0.5" in verdict.hint


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("return gd_update(x, grad, lr)", "RecursionError"),
        ("raise SystemExit", "SystemExit"),
        ("return x.no_such_name", "AttributeError"),
        ("return undefined - lr", "NameError"),
        ("yield 1 / 0", "ZeroDivisionError"),
        ("raise ValueError('長い' * 10000)", "ValueError"),
    ],
)
def test_no_error_of_the_learner_gets_out(body, word, capsys):
    check(define(f"def gd_update(x, grad, lr):\n    {body}", "gd_update"))
    printed = capsys.readouterr().out
    assert printed.startswith("不正解【例外】") and word in printed and len(printed) < 500


def test_an_endless_loop_can_be_interrupted():
    source = (
        "def gd_update(x, grad, lr):\n    raise KeyboardInterrupt"  # what stopping the cell raises
    )
    verdict = diagnose(define(source, "gd_update"), EXERCISES["gd_update"])
    assert verdict.name == "中断"


@pytest.mark.parametrize(
    "result",
    [
        "x",
        "1j",
        "'文字'",
        "{}",
        "object()",
        "[[1], [1, 2]]",
        "np.array([None, 1])",
        "lambda: 0",
        "np.array(3)",
        "(x, x, x)",
        "True",
        "x[:0]",
        "np",
        "gd_update",
    ],
)
@pytest.mark.parametrize("name", EXERCISES)
def test_any_result_gets_a_verdict(name, result):
    names = EXERCISES[name].parameters
    source = f"def {name}({', '.join(names)}):\n    gd_update = x = {names[0]}\n    return {result}"
    if names[0] == "x":
        source = source.replace("gd_update = x = x", "gd_update = x")
    verdict = verdict_on(source, name)
    assert verdict.name not in ("正解", "未回答") and verdict.hint


def test_a_result_that_is_changed_afterwards_counts_as_it_was_returned():
    source = """
buffer = np.zeros(10)
def gd_update(x, grad, lr):
    buffer[:] = 0
    buffer[:len(x)] = x - lr * grad
    return buffer[:len(x)]
"""
    assert verdict_on(source, "gd_update").name == "正解"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("momentum_update", "v = alpha * v - lr * grad\n    return [x + v, v]"),
        ("momentum_update", "v = alpha * v - lr * grad\n    return np.array([x + v, v])"),
        ("directional_derivative", "return np.array(grad) @ direction / np.linalg.norm(direction)"),
        (
            "directional_derivative",
            "n = np.linalg.norm(direction)\n    return np.array(1.0) * "
            "(np.array(grad) @ direction / n)",
        ),
        (
            "stop_rule",
            "n = np.linalg.norm(grad)\n"
            "    return np.select([n < eps, step >= step_limit], ['勾配', '回数'], '続ける')",
        ),
        (
            "stop_rule",
            "n = np.linalg.norm(grad)\n    return np.where(n < eps, '勾配', "
            "np.where(step >= step_limit, '回数', '続ける'))",
        ),
        ("gd_update", "return [a - lr * b for a, b in zip(x, grad)]"),
        ("gd_update", "return tuple(a - lr * b for a, b in zip(x, grad))"),
        (
            "momentum_update",
            "v = [alpha * a - lr * b for a, b in zip(v, grad)]\n"
            "    return [a + b for a, b in zip(x, v)], v",
        ),
        (
            "central_gradient",
            "g = []\n    for i in range(len(x)):\n        e = np.zeros(len(x))\n"
            "        e[i] = h\n        a, b = np.array(x) + e, np.array(x) - e\n"
            "        g.append((f(a) - f(b)) / (2 * h))\n"
            "    return g",
        ),
        ("step_decay_rate", "return np.array(lr * drop ** (t // every))"),
        ("initial_std", "return np.array(np.sqrt({'He': 2, 'Xavier': 1}[method] / shape[0]))"),
        ("central_difference", "return np.array((f(x + h) - f(x - h)) / (2 * h))"),
        (
            "descend",
            "x = [float(v) for v in init_x]\n    path = [x]\n    for _ in range(step_num):\n"
            "        x = list(np.array(x) - lr * grad_f(np.array(x)))\n        path.append(x)\n"
            "    return x, np.array(path)",
        ),
        (
            "split_batches",
            "for i in range(0, len(data), batch_size):\n        yield data[i:i + batch_size]",
        ),
        (
            "split_batches",
            "n = batch_size\n    return tuple(data[i:i + n] for i in range(0, len(data), n))",
        ),
    ],
)
def test_harmless_differences_are_right(name, source):
    parameters = ", ".join(EXERCISES[name].parameters)
    assert str(verdict_on(f"def {name}({parameters}):\n    {source}", name)) == "正解"


def test_an_unnamed_mistake_shows_input_and_the_learners_value_but_not_the_answer():
    text = str(verdict_on("def gd_update(x, grad, lr):\n    return 7 * lr * x * grad", "gd_update"))
    assert text.startswith("不正解【値が違う】")
    assert "x = [-3., 4.], grad = [-6., 8.], lr = 0.1" in text
    assert "[12.6, 22.4]" in text and "-2.4" not in text


@pytest.mark.parametrize(
    ("name", "body", "verdict", "words"),
    [
        (
            "rmsprop_update",
            "h = rho * h + (1 - rho) * grad**2\n    return x - lr * grad / (np.sqrt(h) + eps)",
            "x だけを返している",
            "x、h の 2 つ",
        ),
        ("rmsprop_update", "return x - grad", "返す値の数が違う", "形 (2,) の配列"),
        ("rmsprop_update", "return list(x - grad)", "返す値の数が違う", "形 (2,) の配列"),
        (
            "descend",
            "return np.zeros((step_num + 1, 2))",
            "返す値の数が違う",
            "x、x_history の 2 つ",
        ),
        ("initial_std", "return np.random.randn(*shape)", "返す値の形が違う", "期待する形: 数1つ"),
        ("initial_std", "return np.random.randn() / shape[0]", "乱数を使っている", "呼ぶたびに"),
        (
            "initial_std",
            "return np.random.default_rng().normal()",
            "乱数を使っている",
            "呼ぶたびに",
        ),
        (
            "split_batches",
            "data = data.copy()\n    np.random.shuffle(data)\n    return [data[i:i + batch_size]"
            " for i in range(0, len(data), batch_size)]",
            "乱数を使っている",
            "入力だけで決まり",
        ),
        (
            "initial_std",
            "if method == 'he':\n        return (2 / shape[0]) ** 0.5\n"
            "    if method == 'xavier':\n        return (1 / shape[0]) ** 0.5",
            "何も返していない",
            "大文字小文字",
        ),
        (
            "initial_std",
            "if method == 'he':\n        return (2 / shape[0]) ** 0.5\n"
            "    return (1 / shape[0]) ** 0.5",
            "いつも Xavier になっている",
            "大文字",
        ),
        ("stop_rule", "return '止める'", "言葉が違う", "続ける・勾配・回数"),
        ("stop_rule", "return ['勾配']", "言葉が違う", "['勾配']"),
        ("classify", "return '鞍点'", "いつも同じ言葉を返している", "鞍点"),
        ("split_batches", "return data", "返す値の形が違う", "数1つ"),
        ("adam_update", "return x, m, v, t", "返す値の数が違う", "x、m、v の 3 つ"),
        (
            "gd_update",
            "return x[:1] - lr * grad[:1]",
            "返す値の形が違う",
            "返った形: 形 (1,) の配列",
        ),
    ],
)
def test_no_verdict_misleads(name, body, verdict, words):
    parameters = ", ".join(EXERCISES[name].parameters)
    found = verdict_on(f"def {name}({parameters}):\n    {body}", name)
    assert found.name == verdict and words in found.hint


def test_a_value_that_stays_between_calls_is_no_randomness():
    source = "seen = []\ndef initial_std(shape, method):\n    seen.append(1)\n    return len(seen)"
    assert verdict_on(source, "initial_std").name == "前に呼んだときの値が残っている"


def test_a_function_with_default_or_renamed_parameters_is_accepted():
    text = "def gd_update(a, b, c=0.1, d=None):\n    return a - c * b"
    assert verdict_on(text, "gd_update").name == "正解"


def test_a_keyword_only_parameter_is_named_as_a_wrong_number():
    verdict = verdict_on("def gd_update(x, grad, *, lr):\n    return x", "gd_update")
    assert verdict.name == "引数の数が違う" and "x, grad, lr" in verdict.hint


def test_inputs_are_shown_readably():
    assert brief(np.array([[1, 2], [3, 4]])) == "[[1, 2], [3, 4]]"
    assert brief((np.float64(0.1), np.True_, "He")) == "(0.1, True, 'He')"
    assert brief([1, 2.5]) == "[1, 2.5]"
    assert brief(np.sin) == "関数 sin" and brief(lambda: 0) == "関数"
    assert len(brief(np.arange(1000.0))) < 80 and len(brief(list(range(1000)))) < 80


def test_one_name_for_two_mistakes_on_one_case_goes_to_the_first(monkeypatch):
    faults = (Fault("一", ("return x - grad",), "い。"), Fault("二", ("lr * grad → grad",), "ろ。"))
    monkeypatch.setattr(Exercise, "faults", faults)
    assert diagnose(lambda x, grad, lr: x - grad, EXERCISES["gd_update"]) == Verdict("一", "い。")


def test_own_right_answer_is_remembered(capsys, progress):
    check(define(RIGHT["gd_update"], "gd_update"))
    assert capsys.readouterr().out == "正解\n"
    assert record.done() == {"演習 gd_update"}
    assert progress.exists()


@pytest.mark.parametrize("source", ["def gd_update(x, grad, lr):\n    ...", RIGHT["descend"]])
def test_nothing_is_remembered_for_a_wrong_answer(source, capsys, progress):
    name = "gd_update"
    check(define(source.replace("descend", name), name))
    assert "正解\n" != capsys.readouterr().out
    assert not progress.exists()


def test_the_model_answer_is_not_remembered(capsys, progress):
    answer = define(RIGHT["gd_update"].replace("gd_update", "gd_update_answer"), "gd_update_answer")
    check(answer, "gd_update")
    assert capsys.readouterr().out == "正解\n"
    assert not progress.exists()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ((np.array([1.0, 2.0]),), "かっこを付けずに"),
        ((None,), "かっこを付けずに"),
        ((lambda x: x,), "<lambda> という演習はありません"),
        ((len,), "len という演習はありません"),
        ((np.sum, "no_such_name"), "no_such_name という演習はありません"),
    ],
)
def test_check_called_wrongly_explains_itself_without_a_traceback(given, word, capsys):
    check(*given)
    assert word in capsys.readouterr().out
