"""The term table: well formed, used by the lessons in its own spelling, and defined in time."""

import re

import pytest

from helpers.course import LESSONS
from helpers.terms import load_terms, show_terms
from tools.execute import NOTEBOOKS, read

# The course's form, and spellings of the same thing that it must not use.
RIVALS = {
    "Momentum": ("モーメンタム", "モメンタム", "慣性項"),
    "Adam": ("アダム", "ADAM"),
    "AdaGrad": ("Adagrad", "アダグラッド"),
    "AdaDelta": ("Adadelta",),
    "Nesterov": ("ネステロフ",),
    "学習率": ("学習係数", "学習レート", "ラーニングレート"),
    "最急降下法": ("最急勾配法",),
    "ヘッセ行列": ("ヘシアン", "ヘッシアン", "ヘッセ行列式"),
    "ヤコビ行列": ("ヤコビアン",),
    "ミニバッチ": ("ミニ・バッチ", "小バッチ"),
    "プラトー": ("プラトゥ", "プラトウ"),
    "局所最適": ("ローカルミニマム", "局所解"),
    "鞍点": ("あん点", "サドルポイント"),
}


def prose():
    """Return the markdown of each lesson by its number, without title, links and formulas."""
    lessons = {}
    for lesson in LESSONS.values():
        notebook = read(NOTEBOOKS / lesson.file)
        cells = [c.source for c in notebook.cells if c.cell_type == "markdown"][1:]
        lessons[lesson.number] = re.sub(r"\$+[^$]*\$+|\[[^]]*\]\([^)]*\)", "", "\n".join(cells))
    return lessons


def plain_tex(tex):
    """TeX with everything gone that changes the look only; fractions are written with a slash."""
    tex = re.sub(r"\\[dt]frac", r"\\frac", tex)
    tex = re.sub(r"\\[lr]Vert", r"\\|", tex)
    tex = re.sub(r"\\[,;!: ]|\\(left|right|displaystyle)\b|\\q?quad\b|\s", "", tex)

    def fraction(found):
        over, under = (f"({part})" if re.search("[+-]", part) else part for part in found.groups())
        return f"{over}/{under}"

    known = None
    while known != tex:  # from the inside
        known = tex
        tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", fraction, tex)
        tex = re.sub(r"(?<!\\frac)(?<!\})\{([^{}]*)\}", r"⟨\1⟩", tex)
    return re.sub("[{}⟨⟩]", "", tex)


def formulas(lesson):
    """The formulas of the Markdown of a lesson."""
    cells = read(NOTEBOOKS / LESSONS[lesson].file).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return [plain_tex(a or b) for a, b in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL)]


TERMS = load_terms()


def test_no_term_stands_twice():
    names = [term.name for term in TERMS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_row_is_complete(term):
    assert re.fullmatch("[ぁ-んー0-9]+", term.reading)
    assert term.english.isascii() and term.english
    assert 5 <= len(term.definition) <= 60
    assert all(lesson in LESSONS for lesson in term.lessons)


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_rival_spelling_is_used(lesson):
    rivals = [rival for spellings in RIVALS.values() for rival in spellings]
    assert [rival for rival in rivals if rival in prose()[lesson]] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_explained_in_the_first_lesson_that_uses_it(term):
    users = [lesson for lesson, text in prose().items() if term.name in text]
    assert users[0] == term.lessons[0]


@pytest.mark.parametrize("term", [t for t in TERMS if t.symbol], ids=lambda term: term.name)
def test_the_symbol_of_a_term_is_what_its_lessons_write(term):
    whole = re.escape(plain_tex(term.symbol))
    whole = rf"(?<![A-Za-z\\]){whole}" if whole[0].isalpha() else whole
    whole = rf"{whole}(?!\^)" + ("(?![A-Za-z])" if whole[-1].isalpha() else "")
    assert any(
        re.search(whole, formula) for lesson in term.lessons for formula in formulas(lesson)
    ), f"{term.symbol} stands in no formula of {'・'.join(term.lessons)}"


def test_the_table_of_a_lesson_has_its_rows_only():
    bundle = show_terms("04")._repr_mimebundle_()
    rows = bundle["text/markdown"].splitlines()[2:]
    assert len(rows) == sum("04" in term.lessons for term in TERMS)
    assert all("04" in row.split("|")[-2] for row in rows)


def test_a_bar_in_a_formula_does_not_break_the_table():
    for row in show_terms()._repr_mimebundle_()["text/markdown"].splitlines():
        assert len(re.findall(r"(?<!\\)\|", row)) == 7


def test_an_unknown_lesson_is_refused():
    with pytest.raises(ValueError, match="章"):
        show_terms("6")
