"""The index and the first cell of each lesson: times, links, and what the syllabus really lists."""

import re

import pytest

from helpers.course import LESSONS
from tools.execute import NOTEBOOKS, read

# E資格シラバス 2026 第1.0版, as transcribed by third parties: item → keywords.
SYLLABUS = {
    "1-1-1": {"勾配"},
    "3-1-4": {"勾配消失", "ReLU", "tanh"},
    "3-2-1": {
        "学習率",
        "最急降下法",
        "ミニバッチ",
        "Pathological Curvature",
        "Momentum",
        "Nesterov Accelerated Gradient",
    },
    "3-2-2": {"連鎖律", "勾配消失", "自動微分", "計算グラフ"},
    "3-2-3": {"AdaGrad", "RMSProp", "Adam"},
    "3-2-4": {"Xavier/Glorot", "Kaiming/He"},
    "3-3-3": {"早期終了", "バッチサイズ", "学習率の調整"},
    "3-7-3": {"Batch Normalization"},
    "3-7-5": {"学習率", "バッチサイズ"},
}


def cell(notebook, cell_id):
    return next(c.source for c in read(NOTEBOOKS / notebook).cells if c.id == cell_id)


def index_rows(cell_id):
    lines = cell("00_index.ipynb", cell_id).replace("‑", "-").splitlines()
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in lines if "|" in line]
    return rows[2:]


def first_sentence(notebook):
    """Return what a lesson's first cell says of its place in the syllabus, background left out."""
    text = cell(notebook, "title").replace("‑", "-")
    return re.search(r"シラバス上の位置\*\* ([^。]*)。", text)[1]


def test_the_index_lists_every_lesson_with_its_time():
    listed = [(name, time) for name, _, time in index_rows("lessons")]
    expected = []
    for number, lesson in LESSONS.items():
        time = re.search(r"所要時間\*\* (\d+分)", cell(lesson.file, "title"))[1]
        expected.append((f"[{number} {lesson.name}]({lesson.file})", time))
    assert listed == expected


def test_the_index_says_of_the_syllabus_only_what_it_lists():
    rows = index_rows("syllabus")
    assert [item for item, *_ in rows] == list(SYLLABUS)
    for item, _, keywords, lessons in rows:
        assert set(keywords.split("、")) <= SYLLABUS[item]
        named = [lesson for lesson in LESSONS if f"{item} " in first_sentence(LESSONS[lesson].file)]
        assert lessons.split("、") == named, item


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_names_only_keywords_of_the_syllabus(lesson):
    parts = re.split(r"(\d-\d-\d) ", first_sentence(LESSONS[lesson].file))[1:]
    assert parts
    for item, names in zip(parts[::2], parts[1::2], strict=True):
        named = {name.strip() for name in re.split("[・、]", names) if name.strip()}
        assert named <= SYLLABUS[item], named - SYLLABUS[item]
