"""小テストの問題: 章ごとの NN.toml を読み、形を確かめて Question にする。

問題文・選択肢・解説は Markdown で書く（数式は $…$、コードは `…` か ``` の囲み、空欄は（ア））。
いくつかの問題が同じ前文を持つときは、ファイルの先頭の表 [stems] に前文を置き、その名前で呼ぶ。
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from helpers.course import SYLLABUS, find_lesson

KINDS = ("計算", "穴埋め", "図", "概念")
LEVELS = ("基本", "標準", "発展")


@dataclass(frozen=True)
class Question:
    """四択の問題1つ。choices は (選択肢, 解説) の4組で、誤りの解説は、その誤解を名指しする。

    ValueError: 選択肢が4つでない・同じものがある、解説がない、正解の番号や種類が違うとき。
    """

    id: str  # "06-1" のように 章-番号
    kind: str  # KINDS のどれか
    level: str  # LEVELS のどれか
    section: int  # 読み直す節の番号
    text: str
    choices: tuple  # ((選択肢, 解説), …)
    answer: int  # 正解の番号、1 から 4
    picture: str = ""  # pictures.py の関数の名前。図を読む問題だけ
    item: str = ""  # シラバスの項目の番号。背景知識の問題では空

    def __post_init__(self):
        texts = [text.strip() for text, note in self.choices]
        sections = len(find_lesson(self.lesson).sections)
        faults = {
            f"種類は {KINDS} のどれかです（{self.kind!r}）": self.kind not in KINDS,
            f"難しさは {LEVELS} のどれかです（{self.level!r}）": self.level not in LEVELS,
            f"シラバスに項目 {self.item} はありません": self.item not in ("", *SYLLABUS),
            f"章に節 {self.section} はありません": self.section not in range(1, sections + 1),
            "問題文がありません": not self.text.strip(),
            f"選択肢は4つです（{len(texts)} 個）": len(texts) != 4,
            "同じ選択肢があります": len(set(texts)) != len(texts),
            "空の選択肢があります": not all(texts),
            "解説のない選択肢があります": not all(note.strip() for text, note in self.choices),
            f"正解の番号は 1 から 4 です（{self.answer!r}）": self.answer not in (1, 2, 3, 4),
            "図の問題には picture が要ります": (self.kind == "図") != bool(self.picture),
        }
        for fault, found in faults.items():
            if found:
                raise ValueError(f"問題 {self.id}: {fault}。")

    @property
    def lesson(self):
        """章の番号（"06" など）。"""
        return self.id.split("-")[0]

    @property
    def again(self):
        """読み直す節の、リンク先と名前。"""
        return find_lesson(self.lesson).section(self.section)

    @property
    def label(self):
        """問題の種類と難しさ（"計算・標準" など）。"""
        return f"{self.kind}・{self.level}"


def load_questions(lesson):
    """章 lesson（"01" など）の問題をリストで返す。

    ValueError: 章の番号か、問題の形が違うとき、問題のファイルがないとき。
    """
    find_lesson(lesson)
    file = files(__name__).joinpath(f"{lesson}.toml")
    if not file.is_file():
        raise ValueError(f"章 {lesson} の小テストがありません（helpers/questions/{lesson}.toml）。")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    stems = data.get("stems", {})
    return [
        _question(f"{lesson}-{number}", given, stems)
        for number, given in enumerate(data["questions"], 1)
    ]


def _question(id, given, stems):
    """TOML の表 given と前文 stems から Question を作る。項目が欠けていれば ValueError。"""
    name = given.get("stem")
    if name and name not in stems:
        raise ValueError(f"問題 {id}: 前文 {name!r} が [stems] にありません。")
    try:
        return Question(
            id=id,
            kind=given["kind"],
            level=given["level"],
            section=given["section"],
            text=(stems[name] if name else "") + given["text"],
            choices=tuple((choice["text"], choice["note"]) for choice in given["choices"]),
            answer=given["answer"],
            picture=given.get("picture", ""),
            item=given.get("item", ""),
        )
    except KeyError as missing:
        raise ValueError(f"問題 {id}: 項目 {missing} がありません。") from None
