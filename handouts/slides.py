"""Turn an executed notebook into slides for reveal.js, in one page that needs nothing else.

What becomes of a cell stands in its metadata, `slideshow.slide_type`, as in JupyterLab's property
inspector: slide (the next one of the main line), subslide (one below it, in its appendix), - (on
the same slide as the cell before), notes (for the speaker), skip. A slide shows what code makes;
the code is in the appendix, unless the tag slide-code says that it is the claim of its slide.
"""

import copy
import re

from handouts.exporter import ADVICE, LEFT_OUT, HandoutExporter, is_folded
from handouts.reveal import reveal
from helpers.course import LESSONS
from helpers.display import LIVE, QUIZ

CODE_SHOWN = "slide-code"
KINDS = ("slide", "subslide", "-", "notes", "skip")
LINES = 20  # of code on a slide
HEADING = re.compile(r"^## ((?:\d+\. )?)(.*)$", re.MULTILINE)
FOLD = re.compile(r"<details><summary>(.*?)</summary>\n*(.*?)\n*</details>", re.DOTALL)
ASKED = re.compile(r"^> (\*\*(?:予想|操作)\*\* .*)$", re.MULTILINE)


class SlidesExporter(HandoutExporter):
    """Makes the slides. `notebooks`: (file name, title) of all of them, in order."""

    template_name = "slides"

    def __init__(self, notebooks, **options):
        super().__init__(notebooks, **options)
        self.register_filter("stacks", stacks)
        self.register_filter("questions", questions)
        self.register_filter("lacks", lacks)
        self.register_filter("shows_code", shows_code)

    def _init_resources(self, resources):
        return super()._init_resources(resources) | {"reveal": reveal()}

    def linked(self, html):
        """Return a cell's HTML as it is: a slide leads nowhere."""
        return html

    def adapted(self, source):
        """Return a cell's Markdown as the slides have it."""
        return self.summaries(LEFT_OUT.sub("", ADVICE.sub("", source).replace("## 使い方\n", "")))


def stacks(cells, notebook):
    """Return the slides: for each slide of the main line a list of it and its appendix.

    A slide has cells, the heading above it, and for the speaker notes, time, question and answer.
    ValueError: a cell does not say what the slides make of it, or the first begins no slide.
    """
    found, heading = [], ""
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type")
        if kind not in KINDS or not (found or kind in ("slide", "skip")):
            raise ValueError(
                f"セル {cell.id} の slide_type（{kind}）からスライドを作れません。"
                f"{', '.join(KINDS)} のどれかで、初めのセルは slide です。"
            )
        if kind == "skip":
            continue
        own = HEADING.findall(cell.source) if cell.cell_type == "markdown" else []
        if kind == "slide":
            found.append([])
        if kind in ("slide", "subslide"):
            found[-1].append({"cells": [], "notes": [], "within": "" if own else heading})
        heading = own[-1][1] if own else heading
        found[-1][-1]["notes" if kind == "notes" else "cells"].append(cell)
        found[-1][-1]["heading"] = heading
    for slide, answer in zip(every(found), answers(every(found)), strict=True):
        slide |= {"time": time_of(slide, notebook), "asked": asked(slide), "answer": answer}
    return [[part for slide in stack for part in laid_out(slide)] for stack in found]


def every(found):
    """Return the slides of all stacks in one list."""
    return [slide for stack in found for slide in stack]


def laid_out(slide):
    """Return a slide without its code and derivations, and the slides below that have them.

    A quiz becomes a slide for each question.
    """
    (*_, last) = slide["cells"]
    count = len(questions(last))
    if count:
        return [with_question(slide, last, k + 1) for k in range(count)]
    shown, below = [], []
    for cell in slide["cells"]:
        if cell.cell_type == "markdown":
            kept, folds = unfolded(cell)
            shown += [kept]
            below += folds
        else:
            below += code_pieces(cell)
            shown += [cell] if shows_code(cell) or (cell.outputs and not prints_code(cell)) else []
    parts = [slide | {"cells": shown}] if shown else []
    silent = {"notes": [], "within": slide["heading"], "time": "", "asked": [], "answer": ""}
    return parts + [slide | silent | {"cells": [cell]} for cell in below]


def unfolded(cell):
    """Return a text with its answers unfolded, and its folded derivations as cells of their own."""
    folds = []

    def take(fold):
        title, body = fold.groups()
        if "確認" in title:
            return f"**確認**\n\n{body}"
        folds.append(copied(cell, f"**{title}**\n\n{body}", f"-fold-{len(folds) + 1}"))
        return ""

    return copied(cell, FOLD.sub(take, cell.source).rstrip()), folds


def code_pieces(cell):
    """Return the code of a cell in pieces that fit a slide; none if it is folded or shown above.

    Of a cell that prints a function of helpers, that is the function.
    """
    if shows_code(cell) or is_folded(cell):
        return []
    code = "".join(output.text for output in cell.outputs) if prints_code(cell) else cell.source
    lines, pieces = code.strip().splitlines(), []
    while len(lines) > LINES:
        gaps = [k for k in range(LINES // 2, LINES) if not lines[k].strip()]
        cut = max(gaps, default=LINES)
        pieces.append(lines[:cut])
        lines = lines[cut:]
    cells = [
        copied(cell, "\n".join(piece).strip("\n"), f"-code-{k}")
        for k, piece in enumerate([*pieces, lines], 1)
    ]
    for each in cells:
        each.outputs = []
        each.metadata["tags"] = [CODE_SHOWN]
    return cells


def prints_code(cell):
    """Whether what a cell prints is a function of helpers."""
    return re.search(r"^show_source\(", cell.source, re.MULTILINE) is not None


def copied(cell, source, suffix=""):
    """Return a copy of a cell with another source and a suffix to its id."""
    cell = copy.deepcopy(cell)
    cell.source, cell.id = source, cell.id + suffix
    return cell


def with_question(slide, cell, number):
    """Return a slide that shows one question of a quiz."""
    cell = copy.deepcopy(cell)
    for output in cell.outputs:
        shown = questions(cell)[number - 1 : number]
        output.data[QUIZ] |= {"questions": shown, "first": number}
    return slide | {"cells": [cell], "question": number}


def shows_code(cell):
    """Whether a slide shows a cell's code beside what it makes."""
    return CODE_SHOWN in cell.metadata.get("tags", [])


def questions(cell):
    """Return the questions of a quiz in a cell."""
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [question for each in data if QUIZ in each for question in each[QUIZ]["questions"]]


# ---- for the speaker ----


def time_of(slide, notebook):
    """Return how long the plan of the lesson gives to the section that a slide begins."""
    number = HEADING.search(slide["cells"][0].source)
    plan = next((lesson.plan for lesson in LESSONS.values() if lesson.file == notebook), "")
    for sections, minutes in re.findall(r"([\d・]+)節 (\d+)", plan):
        if number and number[1] and number[1].rstrip(". ") in sections.split("・"):
            return f"{sections}節で {minutes} 分"
    return "授業では省く" if number and number[1] else ""


def asked(slide):
    """Return what a slide asks: its tasks, and what its figures let one predict, with choices."""
    texts = []
    for cell in slide["cells"]:
        texts += ASKED.findall(cell.source) if cell.cell_type == "markdown" else []
        for output in cell.get("outputs", []):
            card = output.get("data", {}).get(LIVE, {}).get("card", {})
            if card.get("predict"):
                question, choices = card["predict"]
                texts.append(" / ".join([question, *choices]))
    return texts


def answers(slides):
    """Return the first paragraph of each answer for the last slide that asks before it."""
    found, answer = [], ""
    for slide in reversed(slides):
        folds = [fold for cell in slide["cells"] for fold in FOLD.findall(cell.source)]
        told = [body.partition("\n\n")[0] for title, body in folds if "確認" in title]
        answer = "\n\n".join(told) or answer
        found.append(answer if asked(slide) else "")
        answer = "" if asked(slide) else answer
    return found[::-1]


def lacks(cell):
    """Return a sentence for each figure of a cell that moves less than in the notebook."""
    return [
        "動かない、または値の少ないスライダーがあります。全部を動かすときは、ノートブックを見せます。"
        for output in cell.get("outputs", [])
        for figure in [output.get("data", {}).get(LIVE, {})]
        if figure.get("fixed") or figure.get("thinned")
    ]
