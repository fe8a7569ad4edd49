"""演習の採点 check: 学習者の関数を、見えない入力で試し、正解・未回答・誤りの名前を答える。

    lesson_NN.py     章ごとの演習: 正しい関数と、見えない入力
    lesson_NN.toml   章ごとの、よくある誤り: 名前、正しい関数のどこが違うか、手がかり
    judge.py         採点。誤りの名前は、「その誤りをしたらこうなる」関数と結果を比べて決める
    values.py        値の比べ方と表し方

章は course.toml にある順。新しい章には、この2つのファイルを置く。
"""

import inspect
import textwrap
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from helpers.course import LESSONS
from helpers.exercises.judge import RIGHT, diagnose
from helpers.exercises.values import brief
from helpers.record import mark_done

FOLDER = Path(__file__).parent


@cache
def _source(function):
    """関数の1行目と、説明文（docstring）より後の中身を返す。"""
    head, body = inspect.getsource(function).split('"""\n', 1)
    return head.splitlines()[0], body


@lru_cache(maxsize=1024)
def _changed(answer, changes):
    """関数 answer の中身を changes のとおりに変えた関数を返す。一節が合わなければ ValueError。"""
    signature, body = _source(answer)
    for change in changes:
        piece, arrow, instead = (part.strip() for part in change.partition("→"))
        if not arrow:
            body = textwrap.indent(piece, "    ")
        elif body.count(piece) == 1:
            body = body.replace(piece, instead)
        else:
            raise ValueError(
                f"{answer.__name__} の誤り「{change}」: 矢印の左は、正しい関数の中に"
                f"ちょうど1回現れなければなりません（{body.count(piece)} 回）。"
            )
    scope = {}
    exec(f"{signature}\n{body}", answer.__globals__, scope)
    return scope[answer.__name__]


@dataclass(frozen=True)
class Fault:
    """よくある誤り1つ。"""

    name: str  # 誤りの名前（「符号が逆」など）
    changes: tuple  # 「正しい一節 → 誤り」を並べたもの。→ がなければ、関数の中身の全部
    hint: str  # 直し方の手がかり。答えは書かない

    @property
    def rewrites(self):
        """一節でなく、関数の中身の全部を変える誤りなら True。"""
        return not all("→" in change for change in self.changes)

    def wrong(self, answer):
        """正しい関数 answer をこの誤りのとおりに変えた関数を返す。"""
        return _changed(answer, self.changes)

    def __add__(self, other):
        """2つの誤りを一度にした誤りを返す。"""
        return Fault(
            f"{self.name}・{other.name}",
            self.changes + other.changes,
            f"誤りが2つあるようです。{self.hint}{other.hint}",
        )


@dataclass(frozen=True)
class Exercise:
    """演習1つ。"""

    answer: Callable  # 正しい関数。名前と引数は課題と同じ。学習者には見せない
    cases: Callable  # () → 引数の組のリスト。学習者には見せない
    returns: tuple  # 返す値の名前
    arrays: tuple = ()  # returns のうち、課題がはっきり「配列」と書いたもの。リストは認めない

    @property
    def name(self):
        """学習者が書く関数の名前。"""
        return self.answer.__name__

    @property
    def lesson(self):
        """章の番号（"06" など）。"""
        return self.answer.__module__.rpartition("_")[2]

    @property
    def parameters(self):
        """引数の名前のリスト。"""
        return list(inspect.signature(self.answer).parameters)

    @property
    def faults(self):
        """よくある誤り Fault の組。先にあるものから試す。"""
        faults = read_faults(self.lesson)
        if self.name not in faults:
            raise ValueError(
                f"演習 {self.name} のよくある誤りがありません"
                f"（helpers/exercises/lesson_{self.lesson}.toml）。"
            )
        return faults[self.name]


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


@cache
def read_faults(lesson):
    """章 lesson（"06" など）のよくある誤りを、演習の名前 → Fault の組の辞書で返す。

    ValueError: そのファイルがないとき。
    """
    path = FOLDER / f"lesson_{lesson}.toml"
    if not path.exists():
        raise ValueError(
            f"章 {lesson} のよくある誤りがありません（helpers/exercises/{path.name}）。"
        )
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        exercise: tuple(Fault(name, tuple(row[:-1]), row[-1]) for name, row in table.items())
        for exercise, table in tables.items()
    }


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
