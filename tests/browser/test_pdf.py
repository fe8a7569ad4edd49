"""A page printed by the installed Chromium: A4, sheets that are numbered, headings as bookmarks."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pypdf import PdfReader

from handouts.exporter import HandoutExporter
from handouts.pdf import print_page
from helpers.course import LESSONS
from tools.execute import NOTEBOOKS

NAME = LESSONS["02"].file
LINES = "\n".join(f"x = {number}" for number in range(50))


@pytest.fixture(scope="module")
def printed(chromium_path, tmp_path_factory):
    """A page with three sections, the second of them with code that needs a sheet of its own."""
    cells = [
        new_markdown_cell("# 題", id="title"),
        new_markdown_cell("## 1. はじめの節\n\n" + 30 * "文。\n\n", id="first"),
        new_code_cell(LINES, id="code", execution_count=1),
        new_markdown_cell("## 2. 次の節\n\n### 演習1. 小さな節", id="second"),
    ]
    folder = tmp_path_factory.mktemp("pdf")
    page = folder / "page.html"
    exporter = HandoutExporter([(NAME, "題")])
    text = exporter.page(new_notebook(cells=cells), NOTEBOOKS / NAME)
    page.write_text(text, encoding="utf-8")
    print_page(chromium_path, page, folder / "page.pdf")
    return PdfReader(folder / "page.pdf")


def titles(outline):
    """The bookmarks as nested lists of titles."""
    return [titles(each) if isinstance(each, list) else each.title for each in outline]


def test_headings_are_bookmarks(printed):
    assert titles(printed.outline) == ["題", ["1. はじめの節", "2. 次の節", ["演習1. 小さな節"]]]


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
