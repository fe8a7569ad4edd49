"""The checks of the coding exercises: each mistake is planted and must be called by its name."""

import itertools
import re

import numpy as np
import pytest

from helpers import check, record
from helpers.course import LESSONS
from helpers.exercises import Exercise, Fault, Verdict, _as_float, brief, diagnose, fit, same
from helpers.exercises import load_exercises as load
from tests.data.learner_solutions import RIGHT, VISIBLE, WRONG

EXERCISES = load()
PLANTED = [(name, fault) for name, faults in WRONG.items() for fault in faults]


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    """No test writes to the home folder."""
    monkeypatch.setenv("KOUBAI_NOTES_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def define(source, name):
    """Run a learner's cell and return its function."""
    cell = {"np": np}
    exec(compile(source, "<cell>", "exec"), cell)
    return cell[name]


def planted(name, fault):
    change = WRONG[name][fault]
    if isinstance(change, str):
        return define(change, name)
    piece, instead = change
    assert RIGHT[name].count(piece) == 1, f"{name}: {piece!r} must occur once"
    return define(RIGHT[name].replace(piece, instead), name)


def passes_the_visible_example(function, name):
    given, expected = VISIBLE[name]
    with np.errstate(all="ignore"):
        try:
            result = function(*eval(f"({given})", {"np": np}))
        except Exception:
            return False
    expected = eval(expected, {"np": np})
    return same(fit(result, expected), expected)


def verdict_on(source, name):
    return diagnose(define(source, name), EXERCISES[name])


def test_every_lesson_has_two_exercises_and_the_course_fifteen():
    lessons = [exercise.lesson for exercise in EXERCISES.values()]
    assert all(lessons.count(lesson) >= 2 for lesson in LESSONS)
    assert len(lessons) >= 15
    assert all(name == exercise.name for name, exercise in EXERCISES.items())


def test_every_exercise_has_a_learners_solution_and_every_fault_is_planted():
    assert RIGHT.keys() == WRONG.keys() == VISIBLE.keys() == EXERCISES.keys()
    for name, exercise in EXERCISES.items():
        assert {fault.name for fault in exercise.faults} <= WRONG[name].keys()
    assert len(PLANTED) >= 60


@pytest.mark.parametrize(("name", "fault"), PLANTED)
def test_a_planted_mistake_is_called_by_its_name(name, fault):
    verdict = diagnose(planted(name, fault), EXERCISES[name])
    assert verdict.name == fault
    assert verdict.hint


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_solution_in_a_learners_style_is_right(name):
    assert str(verdict_on(RIGHT[name], name)) == "正解"
    assert passes_the_visible_example(define(RIGHT[name], name), name)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_visible_example_alone_does_not_tell_every_mistake(name):
    passing = [f for f in WRONG[name] if passes_the_visible_example(planted(name, f), name)]
    assert passing, f"{name}: no planted solution passes the visible example"


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize(
    "body", ["...", "pass", "raise NotImplementedError", "return ...", "print('途中')"]
)
def test_the_stub_is_unanswered(name, body):
    parameters = ", ".join(EXERCISES[name].parameters)
    verdict = verdict_on(f"def {name}({parameters}):\n    {body}", name)
    assert str(verdict).startswith("未回答")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_faults_are_told_apart_by_the_hidden_cases(name):
    exercise = EXERCISES[name]
    cases = [tuple(map(_as_float, given)) for given in exercise.cases()]
    functions = {"正解": exercise.answer} | {fault.name: fault.wrong for fault in exercise.faults}
    assert len(functions) == 1 + len(exercise.faults), "two faults of one name"
    with np.errstate(all="ignore"):
        results = {key: [f(*given) for given in cases] for key, f in functions.items()}
    for one, other in itertools.combinations(results, 2):
        pairs = zip(results[one], results[other], strict=True)
        assert not all(same(fit(a, b), b) for a, b in pairs), f"{one} and {other} look the same"


@pytest.mark.parametrize("name", EXERCISES)
def test_the_cases_are_made_anew_and_mean_the_same_each_time(name):
    first, second = EXERCISES[name].cases(), EXERCISES[name].cases()
    assert all(map(same, first, second))
    for a, b in zip(first, second, strict=True):
        assert not any(p is q for p, q in zip(a, b, strict=True) if isinstance(p, list))


@pytest.mark.parametrize("name", EXERCISES)
def test_hints_are_short_japanese_and_hold_no_answer(name):
    code = re.sub(r"\s", "", RIGHT[name]).replace("return", "")
    for fault in EXERCISES[name].faults:
        hint = re.sub(r"\s", "", fault.hint)
        assert re.search("[ぁ-ん]", hint) and hint.endswith("。") and len(hint) <= 60
        for formula in re.findall(r"[\w.()\[\]*/+\-=]{6,}", hint, re.ASCII):
            assert formula not in code or formula.isidentifier()


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
    assert "f = 関数 _cube, x = 2, h = 0.5" in verdict.hint


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
        ("directional_derivative", "n = np.linalg.norm(direction)\n    return np.array(1.0) * "
         "(np.array(grad) @ direction / n)"),
        ("split_batches", "for i in range(0, len(data), batch_size):\n"
         "        yield data[i:i + batch_size]"),
        ("split_batches", "n = batch_size\n"
         "    return tuple(data[i:i + n] for i in range(0, len(data), n))"),
    ],
)  # fmt: skip
def test_harmless_differences_are_right(name, source):
    parameters = ", ".join(EXERCISES[name].parameters)
    assert str(verdict_on(f"def {name}({parameters}):\n    {source}", name)) == "正解"


def test_an_unnamed_mistake_shows_input_and_the_learners_value_but_not_the_answer():
    text = str(verdict_on("def gd_update(x, grad, lr):\n    return x * 0 + 7", "gd_update"))
    assert text.startswith("不正解【値が違う】")
    assert "x = [-3., 4.], grad = [-6., 8.], lr = 0.1" in text
    assert "[7., 7.]" in text and "-2.4" not in text


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


def test_one_name_for_two_mistakes_on_one_case_goes_to_the_first():
    faults = (Fault("一", "い。", lambda x: 1), Fault("二", "ろ。", lambda x: 1))
    exercise = Exercise("f", "01", lambda x: 2, lambda: [(0,)], faults)
    assert diagnose(lambda x: 1, exercise) == Verdict("一", "い。")


def test_own_right_answer_is_remembered(capsys, progress_file):
    check(define(RIGHT["gd_update"], "gd_update"))
    assert capsys.readouterr().out == "正解\n"
    assert record.done() == {"演習 gd_update"}
    assert progress_file.exists()


@pytest.mark.parametrize("source", ["def gd_update(x, grad, lr):\n    ...", RIGHT["descend"]])
def test_nothing_is_remembered_for_a_wrong_answer(source, capsys, progress_file):
    name = "gd_update"
    check(define(source.replace("descend", name), name))
    assert "正解\n" != capsys.readouterr().out
    assert not progress_file.exists()


def test_the_model_answer_is_not_remembered(capsys, progress_file):
    answer = define(RIGHT["gd_update"].replace("gd_update", "gd_update_answer"), "gd_update_answer")
    check(answer, "gd_update")
    assert capsys.readouterr().out == "正解\n"
    assert not progress_file.exists()


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
