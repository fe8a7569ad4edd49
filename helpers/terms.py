"""用語表: terms.csv の用語を、章ごとに、または全部まとめて表にする。"""

import csv
from dataclasses import dataclass
from importlib.resources import files

from helpers.course import find_lesson


@dataclass(frozen=True)
class Term:
    """用語1つ。lessons は、その用語を説明する章の番号の組（("02", "04") など）。"""

    name: str
    reading: str
    english: str
    symbol: str  # TeX、$ なし。ないときは空
    definition: str
    lessons: tuple


def load_terms():
    """用語表の全部の行を Term のリストで返す。"""
    text = files("helpers").joinpath("terms.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    return [Term(*texts, tuple(lessons.split())) for *texts, lessons in rows]


class TermTable:
    """用語の表。ノートブックのセルの最後に置くと表示される。"""

    def __init__(self, terms):
        self.terms = terms

    def _repr_mimebundle_(self, include=None, exclude=None):
        rows = ["| 用語 | 読み | English | 記号 | 意味 | 章 |", "|---|---|---|---|---|---|"]
        for term in self.terms:
            symbol = f"${term.symbol}$" if term.symbol else ""
            lessons = "・".join(term.lessons)
            cells = (term.name, term.reading, term.english, symbol, term.definition, lessons)
            rows.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
        names = "、".join(term.name for term in self.terms)
        return {"text/markdown": "\n".join(rows), "text/plain": f"用語表: {names}"}


def show_terms(lesson=None):
    """章 lesson（"01" など）の用語表を返す。None なら全部。

    ValueError: 章の番号が違うとき、その章の用語がないとき。
    """
    if lesson is None:
        return TermTable(load_terms())
    find_lesson(lesson)
    terms = [term for term in load_terms() if lesson in term.lessons]
    if not terms:
        raise ValueError(f"章 {lesson} の用語がありません（helpers/terms.csv）。")
    return TermTable(terms)
