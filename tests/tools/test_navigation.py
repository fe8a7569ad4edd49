"""A new lesson is a notebook, an entry and its questions, exercises and terms, in a scratch copy.

The copy holds all that `make notebooks` reads before it executes anything. Each part that is left
out is named in one sentence, and the whole lesson is linked from everywhere.
"""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from helpers.course import LESSONS
from tests.conftest import PROJECT

LAST = list(LESSONS.values())[-1]
NEW = f"{len(LESSONS) + 1:02d}"

ENTRY = f"""
[[lessons]]
number = "{NEW}"
file = "{NEW}_toy.ipynb"
name = "おもちゃ"
minutes = 60
hook = "おもちゃの問いはこれでしょうか。"
sections = ["first", "second"]
goals = ["式 $\\\\eta$ を読める。", "もう1つできる。"]
plan = "開く 5 → 1・2節 85"
[lessons.syllabus]
3-2-1 = ["学習率", "ミニバッチ"]
3-3-3 = ["早期終了"]
"""
QUESTIONS = """
[[questions]]
kind = "図"
level = "標準"
section = 1
text = "どれか。"
picture = "toy"
answer = 1
choices = [
    { text = "a", note = "n" }, { text = "b", note = "n" },
    { text = "c", note = "n" }, { text = "d", note = "n" },
]
"""
EXERCISES = """
from helpers.exercises import Exercise


def toy(x):
    '''おもちゃ。'''
    return x


EXERCISES = (Exercise(toy, lambda: [(1.0,)], returns=("値",)),)
"""
FAULTS = """
[toy]
"符号が逆" = ["return x → return -x", "符号は合っていますか。"]
"""
TERM = f"おもちゃ,おもちゃ,toy,,手で動かすもの。ここだけの用語,{NEW}\n"
PICTURE = "\n\ndef toy():\n    return subplots()[0], '絵'\n"
PROSE = f"""# 00 仮

問いです。

**学習目標**

1. まだない。

**所要時間** 0分（仮）　**シラバス上の位置** まだない。鞍点は背景知識。

[目次](00_index.ipynb)

[← 前の章の図](01_derivative.ipynb#cell-id=a) はそのまま、{LAST.file} も。"""


@pytest.fixture
def scratch(tmp_path):
    """A copy of the course with a new lesson in it."""
    for name in ("helpers", "notebooks", "tools"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=ignored)
    (tmp_path / "classroom").mkdir()
    shutil.copy(PROJECT / "classroom" / "README.md", tmp_path / "classroom")
    helpers = tmp_path / "helpers"
    (helpers / "questions" / f"{NEW}.toml").write_text(QUESTIONS, encoding="utf-8")
    (helpers / "exercises" / f"lesson_{NEW}.py").write_text(EXERCISES, encoding="utf-8")
    (helpers / "exercises" / f"lesson_{NEW}.toml").write_text(FAULTS, encoding="utf-8")
    append(helpers / "course.toml", ENTRY)
    append(helpers / "terms.csv", TERM)
    append(helpers / "questions" / "pictures.py", PICTURE)
    kept = nbformat.read(tmp_path / "notebooks" / LAST.file, 4).metadata
    toy = new_notebook(cells=[new_markdown_cell(PROSE)], metadata=kept)
    nbformat.write(toy, lesson(tmp_path))
    return tmp_path


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8", newline="\n")


def lesson(folder):
    return folder / "notebooks" / f"{NEW}_toy.ipynb"


def navigate(folder):
    """Run what `make notebooks` runs first; return its exit code, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.navigation"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def markdown(path):
    """All prose of a notebook."""
    cells = nbformat.read(path, 4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_a_whole_lesson_is_linked_from_everywhere(scratch):
    before = contents(scratch)
    assert navigate(scratch)[::2] == (0, "")
    after = contents(scratch)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        f"notebooks/{NEW}_toy.ipynb",
        f"notebooks/{LAST.file}",
        "notebooks/00_index.ipynb",
        "classroom/README.md",
    }
    assert markdown(lesson(scratch)).splitlines() == [
        f"# {NEW} おもちゃ",
        "",
        "問いです。",
        "",
        "**学習目標**",
        "",
        r"1. 式 $\eta$ を読める。",
        "2. もう1つできる。",
        "",
        "**所要時間** 60分（仮）　**シラバス上の位置** 3-2-1 学習率・ミニバッチ、3-3-3 早期終了。"
        "鞍点は背景知識。",
        "",
        f"[← {LAST.number} {LAST.name}]({LAST.file})　[目次](00_index.ipynb)",
        "",
        f"[← 前の章の図](01_derivative.ipynb#cell-id=a) はそのまま、{LAST.file} も。",
    ]
    assert f"　[{NEW} おもちゃ →]({NEW}_toy.ipynb)" in markdown(scratch / "notebooks" / LAST.file)
    index = markdown(scratch / "notebooks" / "00_index.ipynb")
    row = f"|  | **[{NEW} おもちゃ]({NEW}_toy.ipynb)**　60分<br>おもちゃの問いはこれでしょうか。 |"
    assert row in index  # without a picture, since it has none
    assert f"\n| ![{LAST.name}](cards/{LAST.number}.svg) | **[{LAST.number} {LAST.name}]" in index
    hours = round((sum(one.minutes for one in LESSONS.values()) + 60) / 60)
    assert f"全部で約{hours}時間。" in index
    (row,) = [line for line in index.splitlines() if line.startswith("| 3‑3‑3 ")]
    assert "早期終了、バッチサイズ" in row and row.endswith(f"、{NEW} |")
    guide = (scratch / "classroom" / "README.md").read_text(encoding="utf-8")
    assert f"%2Fnotebooks%2F{NEW}_toy.ipynb\n```" in guide
    assert f"### {NEW}_toy\n\n開く 5 → 1・2節 85\n\n## " in guide
    assert navigate(scratch) == (0, "", "")  # a second run changes nothing
    assert contents(scratch) == after


def without(path, text):
    whole = path.read_text(encoding="utf-8")
    assert whole.count(text) == 1
    path.write_text(whole.replace(text, ""), encoding="utf-8")


LEFT_OUT = {
    "notebook": (
        lambda folder: lesson(folder).unlink(),
        f"ノートブック {NEW}_toy.ipynb が notebooks/ にありません。",
    ),
    "entry": (
        lambda folder: without(folder / "helpers" / "course.toml", ENTRY),
        f"{NEW}_toy.ipynb の章が helpers/course.toml にありません。",
    ),
    "questions": (
        lambda folder: (folder / "helpers" / "questions" / f"{NEW}.toml").unlink(),
        f"章 {NEW} の小テストがありません（helpers/questions/{NEW}.toml）。",
    ),
    "exercises": (
        lambda folder: (folder / "helpers" / "exercises" / f"lesson_{NEW}.py").unlink(),
        f"章 {NEW} の演習がありません（helpers/exercises/lesson_{NEW}.py）。",
    ),
    "faults of the exercises": (
        lambda folder: (folder / "helpers" / "exercises" / f"lesson_{NEW}.toml").unlink(),
        f"章 {NEW} のよくある誤りがありません（helpers/exercises/lesson_{NEW}.toml）。",
    ),
    "faults of one exercise": (
        lambda folder: without(folder / "helpers" / "exercises" / f"lesson_{NEW}.toml", FAULTS),
        f"演習 toy のよくある誤りがありません（helpers/exercises/lesson_{NEW}.toml）。",
    ),
    "terms": (
        lambda folder: without(folder / "helpers" / "terms.csv", TERM),
        f"章 {NEW} の用語がありません（helpers/terms.csv）。",
    ),
    "picture": (
        lambda folder: without(folder / "helpers" / "questions" / "pictures.py", PICTURE),
        "図の関数 toy が helpers/questions/pictures.py にありません。",
    ),
    "place of the goals": (
        lambda folder: without(lesson(folder), "**学習目標**"),
        f"{NEW}_toy.ipynb に「**学習目標**」の行がありません。",
    ),
}


@pytest.mark.parametrize("part", LEFT_OUT)
def test_a_part_that_is_left_out_is_named_in_one_sentence(scratch, part):
    leave_out, sentence = LEFT_OUT[part]
    leave_out(scratch)
    code, _, said = navigate(scratch)
    assert (code, said) == (1, f"{sentence}\n")


def test_the_committed_course_is_as_its_table_of_contents_says(scratch):
    """What stands in the tree is what `make notebooks` would write."""
    for part in ("notebook", "entry", "questions", "exercises", "terms", "picture"):
        LEFT_OUT[part][0](scratch)
    assert navigate(scratch) == (0, "", "")
