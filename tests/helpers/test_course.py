"""The one table of contents: what it refuses, and that it says what the lessons say."""

import re
from importlib.resources import files

import pytest

from helpers.course import LESSONS, SYLLABUS, find_lesson, notebooks, read_course

TEXT = files("helpers").joinpath("course.toml").read_text(encoding="utf-8")

# E資格シラバス 2026 第1.0版, as transcribed by third parties: item → keywords.
TRANSCRIBED = {
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
    "3-7-3": {
        "Batch Normalization",
        "Layer Normalization",
        "Instance Normalization",
        "Group Normalization",
    },
    "3-7-5": {"学習率", "バッチサイズ"},
}


def test_the_syllabus_is_the_transcribed_one():
    assert {id: set(item.keywords) for id, item in SYLLABUS.items()} == TRANSCRIBED


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_a_lesson_promises_little_and_asks_one_question(lesson):
    assert 1 <= len(lesson.goals) <= 3
    assert lesson.hook.count("。") == 1 and lesson.hook.endswith("か。")
    assert lesson.minutes % 10 == 0
    assert lesson.syllabus


@pytest.mark.parametrize(
    "field", ["number", "file", "name", "minutes", "hook", "sections", "goals", "plan"]
)
def test_a_missing_item_is_named_with_its_lesson(field):
    start = TEXT.index('number = "02"')
    cut = re.sub(rf"(?ms)^{field} = (\[\n.*?^\]|'''.*?'''|[^\n]*)\n", "", TEXT[start:], count=1)
    with pytest.raises(ValueError, match=rf"^course.toml の章 0?2: 項目 {field} がありません。$"):
        read_course(TEXT[:start] + cut)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"02"', '"03"', '2 番目の章は、番号が "02" で'),
        ('"02_gradient_field.ipynb"', '"gradient_field.ipynb"', "02_ で始まります"),
        ('3-2-1 = ["Pathological Curvature"]', '3-2-1 = ["AdaDelta"]', "AdaDelta は、"),
        ('3-2-1 = ["Pathological Curvature"]', '9-9-9 = ["勾配"]', "9-9-9 の語ではありません"),
        ('name = "勾配場"', 'name = "勾配場"\ncolour = "red"', "colour という項目はありません"),
    ],
)
def test_a_wrong_item_is_named_with_its_lesson(old, new, sentence):
    assert TEXT.count(old) == 1
    with pytest.raises(ValueError, match=f"^course.toml の章 0[23]: .*{sentence}"):
        read_course(TEXT.replace(old, new))


@pytest.mark.parametrize("number", ["1", "99", "", 1, None, ["01"]])
def test_an_unknown_lesson_is_told_which_there_are(number):
    last = max(LESSONS)
    with pytest.raises(ValueError, match=f'^章は "01" から "{last}" の文字列です。受け取ったもの'):
        find_lesson(number)


def test_a_lesson_without_its_notebook_is_named(tmp_path):
    for lesson in LESSONS.values():
        (tmp_path / lesson.file).touch()
    (tmp_path / "00_index.ipynb").touch()
    (tmp_path / "my_own.ipynb").touch()
    assert [path.name for path in notebooks(tmp_path)][1:] == [x.file for x in LESSONS.values()]
    (tmp_path / LESSONS["02"].file).unlink()
    with pytest.raises(ValueError, match=r"^ノートブック 02_gradient_field\.ipynb が "):
        notebooks(tmp_path)
