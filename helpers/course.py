"""コースの目次 course.toml を読む。どの章があるかを知りたいものは、すべてここに聞く。"""

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files

INDEX = "00_index.ipynb"  # 案内のノートブック


@dataclass(frozen=True)
class Lesson:
    """章1つ。"""

    number: str  # "06" など。小テスト・演習・用語は、この番号で章を言う
    file: str  # ノートブックの名前
    name: str
    minutes: int  # 所要時間
    hook: str  # 章が答える問い、1文
    sections: list  # 節の見出しのセルの id、1節から順に
    goals: list  # 学習目標
    plan: str  # 90分の授業の例
    syllabus: dict  # シラバスの項目 → その項目のうち、この章が扱う語

    def section(self, number):
        """節 number のリンク先と名前（"03 勾配法 6節" など）を返す。"""
        anchor = self.sections[number - 1]
        return f"{self.file}#cell-id={anchor}", f"{self.number} {self.name} {number}節"


@dataclass(frozen=True)
class SyllabusItem:
    """E資格シラバスの項目1つ。"""

    name: str
    keywords: list


def read_course(text):
    """course.toml の文字列から、{番号: Lesson} と {項目: SyllabusItem} を返す。

    ValueError: 項目が欠けているか余っている、番号が順でない、シラバスにない語があるとき。
    """
    course = tomllib.loads(text)
    syllabus = {
        id: _make(SyllabusItem, given, f"シラバス {id}") for id, given in course["syllabus"].items()
    }
    lessons = {}
    for place, given in enumerate(course["lessons"], 1):
        lesson = _make(Lesson, given, f"章 {given.get('number', place)}")
        _check(lesson, place, syllabus)
        lessons[lesson.number] = lesson
    return lessons, syllabus


def _make(kind, given, name):
    """TOML の表 given から kind を作る。項目が欠けているか余っていれば ValueError。"""
    names = {field.name for field in fields(kind)}
    missing, unknown = sorted(names - given.keys()), sorted(given.keys() - names)
    if missing:
        raise ValueError(f"course.toml の{name}: 項目 {'、'.join(missing)} がありません。")
    if unknown:
        raise ValueError(f"course.toml の{name}: {'、'.join(unknown)} という項目はありません。")
    return kind(**given)


def _check(lesson, place, syllabus):
    """前から place 番目の章を調べる。番号が違うか、シラバスにない語があれば ValueError。"""
    if lesson.number != f"{place:02d}" or not lesson.file.startswith(f"{lesson.number}_"):
        raise ValueError(
            f'course.toml の章 {lesson.number}: {place} 番目の章は、番号が "{place:02d}" で、'
            f"ファイルの名前が {place:02d}_ で始まります（{lesson.file}）。"
        )
    for id, words in lesson.syllabus.items():
        unknown = [w for w in words if id not in syllabus or w not in syllabus[id].keywords]
        if unknown:
            raise ValueError(
                f"course.toml の章 {lesson.number}: {'、'.join(unknown)} は、"
                f"シラバスの項目 {id} の語ではありません。"
            )


LESSONS, SYLLABUS = read_course(
    files("helpers").joinpath("course.toml").read_text(encoding="utf-8")
)


def notebooks(folder):
    """フォルダー folder にある、案内と全部の章のノートブックのパスを、順に返す。

    ValueError: 章のノートブックがないとき。
    """
    paths = [folder / name for name in (INDEX, *(lesson.file for lesson in LESSONS.values()))]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise ValueError(f"ノートブック {'、'.join(missing)} が {folder.name}/ にありません。")
    return paths


def find_lesson(number):
    """番号 number（"01" など）の Lesson を返す。

    ValueError: そういう章がないとき。
    """
    if isinstance(number, str) and number in LESSONS:
        return LESSONS[number]
    first, *_, last = LESSONS
    raise ValueError(f'章は "{first}" から "{last}" の文字列です。受け取ったもの: {number!r}')
