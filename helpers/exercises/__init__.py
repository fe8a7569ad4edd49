"""演習の採点 check: 学習者の関数を、見えない入力で試し、正解・未回答・誤りの名前を答える。

誤りの名前は、「その誤りをしたらこう計算する」という関数 Fault.wrong と結果を比べて決める。
どの演習でも起こる誤り（引数の書き換え、整数の配列など）は、このファイルが調べる。
演習そのものは、章ごとの lesson_NN.py にある。
"""

import copy
import inspect
import itertools
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import GeneratorType

import numpy as np

from helpers.checks import accepts, as_array
from helpers.course import LESSONS
from helpers.record import mark_done


@dataclass(frozen=True)
class Fault:
    """よくある誤り1つ。"""

    name: str  # 誤りの名前（「符号が逆」など）
    hint: str  # 直し方の手がかり。答えは書かない
    wrong: Callable  # この誤りをした関数


@dataclass(frozen=True)
class Exercise:
    """演習1つ。"""

    name: str  # 学習者が書く関数の名前
    lesson: str  # 章の番号（"06" など）
    answer: Callable  # 正しい関数。引数の名前は課題と同じ。学習者には見せない
    cases: Callable  # () → 引数の組のリスト。学習者には見せない
    faults: tuple  # Fault の組。先にあるものから試す

    @property
    def parameters(self):
        """引数の名前のリスト。"""
        return list(inspect.signature(self.answer).parameters)


@dataclass(frozen=True)
class Verdict:
    """採点の結果。name は 正解・未回答・例外・中断 か、誤りの名前。"""

    name: str
    hint: str = ""

    def __str__(self):
        if self.name in ("正解", "未回答"):
            return f"{self.name}　{self.hint}".rstrip()
        return f"不正解【{self.name}】{self.hint}"


RIGHT = Verdict("正解")


def load_exercises():
    """全部の演習を、名前 → Exercise の辞書で返す。

    ValueError: 演習のファイルがない章があるとき。
    """
    return {exercise.name: exercise for lesson in LESSONS for exercise in _exercises(lesson)}


def _exercises(lesson):
    """章 lesson（"01" など）の演習の組を返す。ファイルがなければ ValueError。"""
    name = f"lesson_{lesson}"
    if find_spec(f"helpers.exercises.{name}") is None:
        raise ValueError(f"章 {lesson} の演習がありません（helpers/exercises/{name}.py）。")
    return import_module(f"helpers.exercises.{name}").EXERCISES


def check(function, name=None):
    """学習者の関数を採点し、結果を表示する。何も返さず、例外も出さない。

    name: 演習の名前。None なら関数の名前。正解すると、その演習が済みになる
    （name を渡した場合は、見本の解答を試すためなので済みにしない）。
    """
    exercises = load_exercises()
    if not callable(function):
        print(
            "check には関数の名前だけを、かっこを付けずに渡してください。"
            f"受け取ったもの: {brief(function)}"
        )
        return
    key = getattr(function, "__name__", None) if name is None else name
    if not (isinstance(key, str) and key in exercises):
        print(f"{key!s:.80} という演習はありません。演習の名前: {'、'.join(exercises)}")
        return
    verdict = diagnose(function, exercises[key])
    print(verdict)
    if verdict == RIGHT and name is None:
        mark_done(f"演習 {key}")


def diagnose(function, exercise):
    """関数を演習の全部の入力で試し、Verdict を返す。学習者の例外で止まることはない。

    まず、入力の配列を全部 float64 にして試す。正解なら、整数の配列やリストのままでも試す。
    """
    cases = exercise.cases()
    verdict = _try_all(function, exercise, [tuple(map(_as_float, given)) for given in cases])
    if verdict != RIGHT:
        return verdict
    for given in cases:
        verdict = _try_all(function, exercise, [given])
        if verdict.name in ("中断", "引数を書き換えている"):
            return verdict
        if verdict != RIGHT:
            kind = "リスト" if any(isinstance(value, list) for value in given) else "整数の配列"
            return Verdict(
                f"{kind}のまま計算している",
                f"float の配列なら正解です。{kind}を渡したときも、計算の前に float の配列に"
                f"なるようにしてください（入力: {describe(given, exercise.parameters)}）。",
            )
    return RIGHT


def _as_float(value):
    """整数の配列かリストなら float64 の配列を、そのほかはそのまま返す。"""
    whole = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
    return np.array(value, dtype=np.float64) if whole or isinstance(value, list) else value


def _try_all(function, exercise, cases):
    """関数を入力 cases で試し、Verdict を返す。"""
    names = exercise.parameters
    if not accepts(function, *names):
        return Verdict(
            "引数の数が違う", f"受け取る引数は {', '.join(names)} の {len(names)} 個です。"
        )
    results = []
    for given in cases:
        arguments = copy.deepcopy(given)
        result = _call(function, arguments, lambda given=given: describe(given, names))
        if isinstance(result, Verdict):
            return result
        if not same(arguments, given):
            return Verdict(
                "引数を書き換えている",
                "呼び出した人の配列が変わりました。x -= … や x[i] = … は元の配列を書き換えます。",
            )
        results.append(result)
    if all(result is None for result in results):
        return Verdict(
            "未回答", "関数の中身を書いて、return で値を返してください（print では返りません）。"
        )
    verdict = _judge(exercise, cases, results)
    if verdict.name in ("値が違う", "返す値の形が違う"):
        again = _call(function, copy.deepcopy(cases[0]), str)
        if not same(again, results[0]):
            return Verdict(
                "前に呼んだときの値が残っている",
                "同じ入力でも、呼ぶたびに値が変わります。使う変数は関数の中で作ってください。",
            )
    return verdict


def _call(function, arguments, describe_input):
    """学習者の関数を呼び、結果の写しを返す。例外か中断なら Verdict を返す。"""
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
            if isinstance(result, GeneratorType):
                result = list(result)
            return None if result is ... else copy.deepcopy(result)
    except NotImplementedError:
        return None
    except KeyboardInterrupt:
        return Verdict("中断", "計算が止められました。終わらない繰り返しがありませんか。")
    except (Exception, SystemExit) as error:
        place = f"{_line(error, function)}入力: {describe_input()}"
        message = f"{type(error).__name__}: {error!s:.200}"
        return Verdict("例外", f"あなたのコードで {message}（{place}）")


def _line(error, function):
    """学習者のコードで例外が起きた行を「3 行目、」の形で返す。分からなければ空。"""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if code and frame.filename == code.co_filename]
    return f"{lines[-1]} 行目、" if lines else ""


def _judge(exercise, cases, results):
    """入力 cases での学習者の結果 results から Verdict を返す。"""
    answers = [exercise.answer(*given) for given in cases]
    fitted = [fit(result, answer) for result, answer in zip(results, answers, strict=True)]

    def all_same(values):
        return all(same(result, value) for result, value in zip(fitted, values, strict=True))

    if all_same(answers):
        if any(map(_gives_list, results, answers)):
            return Verdict(
                "リストを返している", "値は合っています。リストや組ではなく、配列で返してください。"
            )
        return RIGHT
    with np.errstate(all="ignore"):
        for fault in exercise.faults:
            if all_same([fault.wrong(*given) for given in cases]):
                return Verdict(fault.name, fault.hint)
    if isinstance(answers[0], tuple):
        for order in itertools.permutations(range(len(answers[0]))):
            if all_same([tuple(answer[i] for i in order) for answer in answers]):
                return Verdict("返す順番が違う", "値は合っています。返す順番を確かめてください。")
    words = list(dict.fromkeys(answer for answer in answers if isinstance(answer, str)))
    for given, result, answer in zip(cases, fitted, answers, strict=True):
        if not same(result, answer):
            return _describe_difference(describe(given, exercise.parameters), result, answer, words)
    return RIGHT


def _describe_difference(given, result, answer, words):
    """名前のない誤りの Verdict を返す。given: 入力の説明、words: 返してよい言葉。"""
    if result is None:
        return Verdict("何も返さない場合がある", f"return に届かない入力があります: {given}")
    if words and not (isinstance(result, str) and result in words):
        return Verdict(
            "言葉が違う",
            f"返す言葉は {'・'.join(words)} のどれかです（返ったもの: {brief(result)}）。",
        )
    if form(result) != form(answer):
        hint = f"期待する形: {form(answer)}、返った形: {form(result)}（入力: {given}）"
        return Verdict("返す値の形が違う", hint)
    return Verdict(
        "値が違う",
        f"入力が {given} のとき、あなたの値は {brief(result)} です。"
        "式を1行ずつ手で計算して比べてください。",
    )


def fit(result, answer):
    """結果を、正しい結果 answer と比べられる種類（配列か組）にそろえて返す。"""
    if isinstance(answer, np.ndarray) and isinstance(result, (list, tuple)):
        array = as_array(result)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else result
    if isinstance(answer, (list, tuple)) and isinstance(result, (list, tuple, np.ndarray)):
        parts = list(np.atleast_1d(result)) if isinstance(result, np.ndarray) else list(result)
        if len(parts) == len(answer):
            return tuple(map(fit, parts, answer))
    return result


def _gives_list(result, answer):
    """配列を返すところで、リストや組を返していれば True。"""
    if isinstance(answer, np.ndarray):
        return isinstance(result, (list, tuple))
    return isinstance(answer, (list, tuple)) and any(map(_gives_list, result, answer))


def same(a, b):
    """2つの結果が、形も値も（小さな丸めを除いて）同じなら True。関数どうしは問わない。"""
    if callable(a) or callable(b):
        return callable(a) and callable(b)
    if form(a) != form(b):
        return False
    if form(a).startswith(("なし", "数でないもの")):
        return True
    if isinstance(a, (tuple, list)):
        return all(map(same, a, b))
    if isinstance(a, str):
        return a == b
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True))


def form(value):
    """値の種類と形を日本語で返す。"""
    if value is None:
        return "なし"
    if isinstance(value, str):
        return "文字列"
    if _holds_itself(value):
        return "数でないもの（自分自身を含むリスト）"
    if isinstance(value, (tuple, list)):
        return f"{len(value)} 個の組（{'、'.join(map(form, value))}）"
    array = as_array(value)
    if array.dtype.kind not in "biuf":
        return f"数でないもの（{type(value).__name__}）"
    return "数" if array.ndim == 0 else f"形 {array.shape} の配列"


def _holds_itself(value, outer=()):
    """リストや組が、いくつか内側に自分自身を含んでいれば True。"""
    if not isinstance(value, (tuple, list)):
        return False
    outer = (*outer, id(value))
    return any(id(part) in outer or _holds_itself(part, outer) for part in value)


def brief(value):
    """値を短い文字列で返す。"""
    if callable(value):
        name = getattr(value, "__name__", "<lambda>")
        return "関数" if name == "<lambda>" else f"関数 {name}"
    if isinstance(value, np.ndarray):
        text = np.array2string(
            value, precision=4, separator=", ", threshold=12, suppress_small=True
        )
        return " ".join(text.split())
    if isinstance(value, (tuple, list)) and not _holds_itself(value):
        left, right = "()" if isinstance(value, tuple) else "[]"
        return left + ", ".join(map(brief, value[:6])) + (", …" if value[6:] else "") + right
    if isinstance(value, np.generic):
        value = value.item()
    return f"{value:.6g}" if isinstance(value, float) else f"{value!r:.80}"


def describe(arguments, names):
    """引数の組を「x = 3, h = 0.1」のような短い文字列で返す。"""
    return ", ".join(
        f"{name} = {brief(value)}" for name, value in zip(names, arguments, strict=True)
    )
