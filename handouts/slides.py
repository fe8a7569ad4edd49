"""Turn an executed notebook into slides for reveal.js, in one page that needs nothing else.

What becomes of a cell stands in its metadata, `slideshow.slide_type`, as in JupyterLab's property
inspector: slide (a new section), subslide (a new slide in it), - (on the same slide as the cell
before), notes (for the speaker), skip. The tag slide-output-only leaves out a cell's code.
"""

import copy
import re
from importlib.util import find_spec
from pathlib import Path

from handouts.exporter import ADVICE, LEFT_OUT, HandoutExporter
from helpers.display import LIVE, QUIZ

OUTPUT_ONLY = "slide-output-only"
KINDS = ("slide", "subslide", "-", "notes", "skip")
GOAL = re.compile(r"\*\*目標\d?\*\*: [^。\n]+。")
HEADING = re.compile(r"^## (?:\d+\. )?(.*)$", re.MULTILINE)


class SlidesExporter(HandoutExporter):
    """Makes the slides. `notebooks`: (file name, title) of all of them, in order."""

    template_name = "slides"

    def __init__(self, notebooks, **options):
        super().__init__(notebooks, **options)
        self.register_filter("sections", sections)
        self.register_filter("questions", questions)
        self.register_filter("spoken", spoken)
        self.register_filter("shows_code", shows_code)

    def _init_resources(self, resources):
        return super()._init_resources(resources) | {"reveal": reveal()}

    def linked(self, html):
        """Return a cell's HTML as it is: a slide leads nowhere."""
        return html

    def adapted(self, source):
        """Return a cell's Markdown as the slides have it."""
        return self.summaries(LEFT_OUT.sub("", ADVICE.sub("", source).replace("## 使い方\n", "")))


def sections(cells):
    """Return the slides of each section: cells, notes, heading above, goals for a figure.

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
        if kind == "slide":
            found.append([])
            heading = ""
        if kind in ("slide", "subslide"):
            found[-1].append({"cells": [], "notes": [], "within": heading})
        if kind == "notes":
            found[-1][-1]["notes"].append(cell)
        else:
            found[-1][-1]["cells"].append(cell)
        heading = "".join(HEADING.findall(cell.source)[-1:]) or heading
    for slides in found:
        repeat_goals(slides)
    return [[part for slide in slides for part in one_question_each(slide)] for slides in found]


def repeat_goals(slides):
    """Give the goals that a slide sets to a later slide of the section, the one with the figure."""
    goals = []
    for slide in slides:
        alive = any(is_live(cell) for cell in slide["cells"])
        set_here = [goal for cell in slide["cells"] for goal in GOAL.findall(cell.source)]
        slide["goals"] = goals if alive and not set_here else []
        goals = [] if alive else set_here or goals


def is_live(cell):
    """Whether a cell shows a live figure."""
    return any(moves(output) for output in cell.get("outputs", []))


def moves(output):
    """Whether an output is a live figure with something to move."""
    return bool(output.get("data", {}).get(LIVE, {}).get("card", {}).get("controls"))


def one_question_each(slide):
    """Return a slide, or for one with a quiz a slide for each question."""
    (*_, last) = slide["cells"]
    count = len(questions(last))
    return [with_question(slide, last, k + 1) for k in range(count)] or [slide]


def with_question(slide, cell, number):
    """Return a slide that shows one question of a quiz."""
    cell = copy.deepcopy(cell)
    for output in cell.outputs:
        shown = questions(cell)[number - 1 : number]
        output.data[QUIZ] |= {"questions": shown, "first": number}
    return {**slide, "cells": [cell], "question": number}


def shows_code(cell):
    """Whether a slide shows a cell's code: not with a figure or a quiz, nor if a tag says so."""
    shown = [kind for output in cell.outputs for kind in output.get("data", {})]
    alive = (LIVE, QUIZ)
    pictured = [kind for kind in shown if kind in alive or kind.startswith("image/")]
    return not pictured and OUTPUT_ONLY not in cell.metadata.get("tags", [])


def questions(cell):
    """Return the questions of a quiz in a cell."""
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [question for each in data if QUIZ in each for question in each[QUIZ]["questions"]]


def spoken(cell):
    """Return what the speaker may say of the figures of a cell: what they show, what they lack."""
    texts = []
    for output in cell.get("outputs", []):
        texts += [about["alt"] for about in output.get("metadata", {}).values() if "alt" in about]
        figure = output.get("data", {}).get(LIVE, {})
        if figure.get("fixed") or figure.get("thinned"):
            texts.append(
                "動かない、または値の少ないスライダーがあります。全部を動かすときは、ノートブックを見せます。"
            )
    return texts


def reveal():
    """Return reveal.js, from the package sphinx-revealjs: its style, script and speaker's view."""
    folder = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    files = {"css": "dist/reveal.css", "script": "dist/reveal.js", "notes": "plugin/notes/notes.js"}
    return {name: (folder / file).read_text(encoding="utf-8") for name, file in files.items()}
