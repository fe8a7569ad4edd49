"""演習の採点 check: 学習者の関数を、見えない入力で試し、正解・未回答・誤りの名前を答える。

誤りの名前は、「その誤りをしたらこう計算する」という関数 Fault.wrong と結果を比べて決める。
演習そのものは、章ごとの lesson_NN.py にある。
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

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
    answer: Callable  # 正しい関数。学習者には見せない
    cases: Callable  # () → 引数の組のリスト。学習者には見せない
    faults: tuple  # Fault の組。先にあるものから試す


@dataclass(frozen=True)
class Verdict:
    """採点の結果。name は 正解・未回答・例外・中断 か、誤りの名前。"""

    name: str
    hint: str = ""

    def __str__(self):
        if self.name in ("正解", "未回答"):
            return f"{self.name}　{self.hint}".rstrip()
        return f"不正解【{self.name}】{self.hint}"


def load_exercises():
    """全部の演習を、名前 → Exercise の辞書で返す。"""
    lessons = [import_module(f"helpers.exercises.lesson_{n:02d}") for n in range(1, 8)]
    return {exercise.name: exercise for lesson in lessons for exercise in lesson.EXERCISES}


def check(function, name=None):
    """学習者の関数を採点し、結果を表示する。何も返さない。

    name: 演習の名前。None なら関数の名前。正解すると、その演習が済みになる
    （name を渡した場合は、見本の解答を試すためなので済みにしない）。
    ValueError: 関数でない、または、その名前の演習がないとき。
    """
    exercises = load_exercises()
    own_name = getattr(function, "__name__", None)
    if not callable(function) or (name or own_name) not in exercises:
        raise ValueError(
            f"check には演習の関数を渡してください。受け取ったもの: {function!r:.80}。"
            f"演習の名前: {'、'.join(exercises)}"
        )
    verdict = diagnose(function, exercises[name or own_name])
    print(verdict)
    if verdict.name == "正解" and name is None:
        mark_done(f"演習 {own_name}")


def diagnose(function, exercise):
    """関数を演習の全部の入力で試し、Verdict を返す。学習者の例外で止まることはない。"""
    results = []
    for given in exercise.cases():
        arguments = copy.deepcopy(given)
        try:
            result = function(*arguments)
        except NotImplementedError:
            result = None
        except KeyboardInterrupt:
            return Verdict("中断", "計算が止められました。終わらない繰り返しがありませんか。")
        except Exception as error:
            hint = f"あなたのコードで {type(error).__name__}: {error}（入力: {describe(given)}）"
            return Verdict("例外", hint)
        if not same(arguments, given):
            return Verdict(
                "引数を書き換えている",
                "呼び出した人の配列が変わりました。x -= … や x[i] = … は元の配列を書き換えます。",
            )
        results.append((given, result))
    return _judge(results, exercise)


def _judge(results, exercise):
    """(引数, 学習者の結果) の並びから Verdict を返す。"""
    if all(result is None for _, result in results):
        return Verdict("未回答", "関数の中身を書いて、return で値を返してください。")
    if all(same(result, exercise.answer(*given)) for given, result in results):
        return Verdict("正解")
    for fault in exercise.faults:
        if all(same(result, fault.wrong(*given)) for given, result in results):
            return Verdict(fault.name, fault.hint)
    for given, result in results:
        expected = exercise.answer(*given)
        if same(result, expected):
            continue
        if form(result) != form(expected):
            hint = f"期待する形: {form(expected)}、返った形: {form(result)}"
            return Verdict("返す値の形が違う", f"{hint}（入力: {describe(given)}）")
        hint = f"入力 {describe(given)} のとき、あなたの値は {brief(result)} です。"
        return Verdict("値が違う", f"{hint}式を1行ずつ手で計算して比べてください。")


def same(a, b):
    """2つの結果が、形も値も（小さな丸めを除いて）同じなら True。関数どうしは問わない。"""
    if callable(a) or callable(b):
        return callable(a) and callable(b)
    if form(a) != form(b):
        return False
    if isinstance(a, (tuple, list)):
        return all(same(p, q) for p, q in zip(a, b, strict=True))
    if form(a) in ("文字列", "なし"):
        return a == b
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9, equal_nan=True))


def form(value):
    """値の種類と形を日本語で返す。"""
    if value is None:
        return "なし"
    if isinstance(value, str):
        return "文字列"
    if isinstance(value, (tuple, list)):
        return f"{len(value)} 個の組（{'、'.join(form(part) for part in value)}）"
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return f"数でないもの（{type(value).__name__}）"
    return "数" if array.ndim == 0 else f"形 {array.shape} の配列"


def brief(value):
    """値を短い文字列で返す。"""
    if callable(value):
        return "関数"
    if isinstance(value, np.ndarray):
        return np.array2string(value, precision=4, separator=", ", threshold=12)
    return f"{value:.6g}" if isinstance(value, float) else f"{value!r:.80}"


def describe(arguments):
    """引数の組を短い文字列で返す。"""
    return ", ".join(brief(argument) for argument in arguments)
