"""Write what helpers/course.toml knows into the notebooks and the teacher's guide.

    python -m tools.navigation

A lesson says where its heading, goals, time, place in the syllabus and links stand; what they say
comes from here, as do the tables of the index. Each part of a lesson that is missing is named.
"""

import re
import sys
from functools import partial
from pathlib import Path

import nbformat

from helpers.course import INDEX, LESSONS, SYLLABUS, notebooks
from helpers.exercises import load_exercises
from helpers.questions import load_questions, pictures
from helpers.terms import show_terms
from tools.execute import NOTEBOOKS, Refused, read

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "classroom" / "README.md"
LINK = (
    "https://<サーバー>/hub/user-redirect/git-pull?repo=<教材>&branch=main"
    "&targetPath=koubai-notes&urlpath=lab%2Ftree%2Fkoubai-notes%2Fnotebooks%2F"
)


def missing_parts():
    """Return one sentence for each part of the course that is missing."""
    parts = [partial(notebooks, NOTEBOOKS), faults_of_exercises]
    parts += [partial(load, number) for number in LESSONS for load in (pictures_of, show_terms)]
    sentences = []
    for load in parts:
        try:
            load()
        except (AttributeError, ValueError) as missing:
            sentences.append(str(missing))
    files = {INDEX, *(lesson.file for lesson in LESSONS.values())}
    strays = sorted({path.name for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")} - files)
    return sentences + [f"{name} の章が helpers/course.toml にありません。" for name in strays]


def pictures_of(number):
    """Return the picture functions of a lesson's questions."""
    return [getattr(pictures, q.picture) for q in load_questions(number) if q.picture]


def faults_of_exercises():
    """Return the common mistakes of every exercise."""
    return [exercise.faults for exercise in load_exercises().values()]


def of_lesson(lesson):
    """Return the places in a lesson, each as (name, pattern, what stands there)."""
    goals = "\n".join(f"{number}. {goal}" for number, goal in enumerate(lesson.goals, 1))
    items = "、".join(f"{id} {'・'.join(words)}" for id, words in lesson.syllabus.items())
    return [
        ("# 見出し", r"\A# .*", f"# {lesson.number} {lesson.name}"),
        (
            "**学習目標**",
            r"^\*\*学習目標\*\*\n(\n*\d+\. .*)+",
            f"**学習目標**\n\n{goals}",
        ),
        ("**所要時間** 分", r"^\*\*所要時間\*\* \d+分", f"**所要時間** {lesson.minutes}分"),
        (
            "**シラバス上の位置**",
            r"\*\*シラバス上の位置\*\* [^。]*。",
            f"**シラバス上の位置** {items}。",
        ),
        (f"[目次]({INDEX})", rf"^(\[← .*)?\[目次\]\({INDEX}\).*$", links(lesson)),
    ]


def links(lesson):
    """Return the line that leads to the lesson before, the index and the lesson after."""
    lessons = list(LESSONS.values())
    place = lessons.index(lesson)
    parts = [f"[目次]({INDEX})"]
    if place > 0:
        before = lessons[place - 1]
        parts.insert(0, f"[← {before.number} {before.name}]({before.file})")
    if place + 1 < len(lessons):
        after = lessons[place + 1]
        parts.append(f"[{after.number} {after.name} →]({after.file})")
    return "　".join(parts)


def of_index():
    """Return the places in the index, each as (name, pattern, what stands there)."""
    hours = round(sum(lesson.minutes for lesson in LESSONS.values()) / 60)
    lessons = [
        (picture(x), f"**[{x.number} {x.name}]({x.file})**　{x.minutes}分<br>{x.hook}")
        for x in LESSONS.values()
    ]
    return [
        ("全部で約…時間", r"全部で約\d+時間", f"全部で約{hours}時間"),
        table("", "章", rows=lessons),
        table("項目", "名前", "主な語", "章", rows=syllabus_rows()),
    ]


def picture(lesson):
    """Return the picture of a lesson, or nothing if it has none."""
    file = f"cards/{lesson.number}.svg"
    return f"![{lesson.name}]({file})" if (NOTEBOOKS / file).is_file() else ""


def syllabus_rows():
    """Return for each item of the syllabus: item, name, words that lessons name, those lessons."""
    rows = []
    for id, item in SYLLABUS.items():
        named = {number: one.syllabus[id] for number, one in LESSONS.items() if id in one.syllabus}
        words = [word for word in item.keywords if any(word in each for each in named.values())]
        rows.append((id.replace("-", "‑"), item.name, "、".join(words), "、".join(named)))
    return rows


def table(*head, rows):
    """Return the place of a Markdown table that is known by its head."""
    first = f"| {' | '.join(head)} |"
    lines = [first, "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows)]
    return first, re.escape(first) + r"(\n\|.*)*", "\n".join(lines)


def of_guide():
    """Return the places in the teacher's guide, each as (name, pattern, what stands there)."""
    addresses = [LINK + INDEX, *(LINK + lesson.file for lesson in LESSONS.values())]
    plans = [f"### {Path(x.file).stem}\n\n{x.plan.strip()}\n\n" for x in LESSONS.values()]
    return [
        (LINK, rf"(^{re.escape(LINK)}.*\n)+", "".join(f"{address}\n" for address in addresses)),
        ("### 章", r"^### \d\d_[\s\S]*?(?=^## )", "".join(plans)),
    ]


def fill(name, texts, places):
    """Return the texts of a file with what stands in its places.

    ValueError: a place is in none of the texts.
    """
    for place, pattern, content in places:
        literal = content.replace("\\", r"\\")
        found = [re.subn(pattern, literal, text, flags=re.MULTILINE) for text in texts]
        if not any(count for _, count in found):
            raise ValueError(f"{name} に「{place}」の行がありません。")
        texts = [text for text, _ in found]
    return texts


def fill_notebook(path, places):
    """Write into the Markdown cells of a notebook what stands in its places."""
    notebook = read(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    texts = fill(path.name, [cell.source for cell in cells], places)
    for cell, text in zip(cells, texts, strict=True):
        cell.source = text
    write(path, nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n")


def write(path, text):
    """Write a file, if its text is another one, and say so."""
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.relative_to(ROOT)}: 目次に合わせて書き直しました。")


def main():
    """Write all places; return the exit status."""
    faults = missing_parts()
    if not faults:
        try:
            for lesson in LESSONS.values():
                fill_notebook(NOTEBOOKS / lesson.file, of_lesson(lesson))
            fill_notebook(NOTEBOOKS / INDEX, of_index())
            write(GUIDE, *fill(GUIDE.name, [GUIDE.read_text(encoding="utf-8")], of_guide()))
        except (Refused, ValueError) as fault:
            faults = [str(fault)]
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
