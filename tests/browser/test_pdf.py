"""A page printed by the installed Chromium: A4, sheets that are numbered, headings as bookmarks."""

import base64
import re
import unicodedata

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from handouts.exporter import HandoutExporter
from handouts.kernel import question
from handouts.live import live
from handouts.pdf import lead_to_pages, print_page
from helpers import subplots
from helpers.course import LESSONS
from helpers.display import LIVE, QUIZ
from helpers.live import choice, explore, linear, slider, steps
from helpers.questions import load_questions
from tools.execute import NOTEBOOKS

NAME = LESSONS["02"].file
LINES = "\n".join(f"x = {number}" for number in range(50))
QUESTION = load_questions("02")[0]


def live_figure():
    """A live figure of which a learning rate from 0 to 8 is the second slider; it starts at 3."""
    figure, ax = subplots(width=3, height=2)

    def update(method, lr, step_num):
        ax.plot([0, 1], [0, lr])
        return {"結果": f"{method}{lr:g}{step_num}"}

    explorer = explore(
        figure,
        update,
        method=choice("手法", ["甲", "乙"]),
        lr=slider("学習率", linear(0, 8, 1), 3),
        step_num=steps(4, 2),
    )
    data, metadata = explorer._repr_mimebundle_()
    png = base64.b64encode(data["image/png"]).decode()
    data |= {"image/png": png, LIVE: live(explorer)}
    return new_output("display_data", data=data, metadata=metadata)


@pytest.fixture(scope="module")
def file(chromium_path, tmp_path_factory):
    """A printed page; its code needs a sheet of its own."""
    quiz = new_output("display_data", data={QUIZ: {"questions": [question(QUESTION)]}})
    solution = new_code_cell("answer = 42", id="solution", execution_count=4)
    solution.metadata.jupyter = {"source_hidden": True, "outputs_hidden": True}
    cells = [
        new_markdown_cell("# 題", id="title"),
        new_markdown_cell("## 1. はじめの節\n\n" + 30 * "文。\n\n", id="first"),
        new_code_cell(LINES, id="code", execution_count=1),
        new_code_cell("explore()", id="live", execution_count=2, outputs=[live_figure()]),
        new_code_cell("quiz()", id="quiz", execution_count=3, outputs=[quiz]),
        new_markdown_cell(
            "## 2. 次の節\n\n### 演習1. 小さな節\n\n[次](03_next.ipynb)", id="second"
        ),
        solution,
    ]
    folder = tmp_path_factory.mktemp("紙 の pdf")
    page = folder / "handouts" / "page.html"
    page.parent.mkdir()
    exporter = HandoutExporter([(NAME, "題")])
    text = exporter.page(new_notebook(cells=cells), NOTEBOOKS / NAME)
    page.write_text(text, encoding="utf-8")
    print_page(chromium_path, page, folder / "page.pdf")
    return folder / "page.pdf"


@pytest.fixture
def printed(file):
    """The sheets as they are printed."""
    return PdfReader(file)


def text_of(printed):
    """The words of all sheets in their usual letters, without the blanks between them."""
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def addresses(printed):
    """Where the links of all sheets lead."""
    notes = [note.get_object() for sheet in printed.pages for note in sheet.get("/Annots", [])]
    return {str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})}


def titles(outline):
    """The bookmarks as nested lists of titles."""
    return [titles(each) if isinstance(each, list) else each.title for each in outline]


def test_headings_are_bookmarks(printed):
    appendix = ["付録. 正解と解答", ["小テストの正解と解説", "演習の解答"]]
    sections = ["1. はじめの節", "2. 次の節", ["演習1. 小さな節"], *appendix]
    assert titles(printed.outline) == ["題", sections]


def test_sheets_are_a4_and_numbered(printed):
    count = len(printed.pages)
    assert count >= 3
    for number, sheet in enumerate(printed.pages, 1):
        width, height = (float(length) * 25.4 / 72 for length in sheet.mediabox[2:])
        assert (width, height) == pytest.approx((210, 297), abs=0.5)
        assert f"{number} / {count}" in sheet.extract_text()


def test_code_is_not_split_between_sheets(printed):
    texts = [sheet.extract_text() for sheet in printed.pages]
    (first,) = (k for k, text in enumerate(texts) if "x = 0\n" in text)
    assert "x = 30" in texts[first] and "x = 49" in texts[first]


def test_a_live_figure_stands_at_three_places_with_what_it_says(printed):
    text = text_of(printed)
    for lr in (0, 3, 8):
        assert f"手法:甲、学習率:{lr}、ステップ数:2" in text
        assert f"結果甲{lr}2" in text
    assert text.count("結果") == 3
    widths = [image.image.width for sheet in printed.pages for image in sheet.images]
    assert sum(width > 1200 for width in widths) == 3  # sharp: 11.5 cm


def test_answers_and_solutions_stand_at_the_end_alone(printed):
    before, after = text_of(printed).rsplit("付録.正解と解答", 1)
    right = f"正解は{QUESTION.answer}です"
    assert "問1(" in after and right in after
    assert "answer=42" in after and "演習1.小さな節" in after
    assert right not in before and "answer=42" not in before


def test_links_lead_to_the_pages_and_to_no_path_of_this_machine(file, printed, tmp_path):
    folder = file.parent / "handouts"
    assert all(address.startswith(folder.as_uri()) for address in addresses(printed))
    for place in ("../handouts", "https://example.org/notes/handouts"):
        copy = tmp_path / "copy.pdf"
        copy.write_bytes(file.read_bytes())
        lead_to_pages(copy, folder, place)
        moved = PdfReader(copy)
        assert addresses(moved) == {f"{place}/02_gradient_field.html", f"{place}/03_next.html"}
        assert titles(moved.outline) == titles(printed.outline)
