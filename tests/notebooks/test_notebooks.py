"""Hygiene of the committed notebooks, and proof that each check goes red on a planted fault.

A check takes a notebook and its folder, and yields (cell id, what is wrong); the cell "-" stands
for the whole notebook.
"""

import ast
import re
from copy import deepcopy
from pathlib import Path
from urllib.parse import unquote, urlsplit

import mistune
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.course import LESSONS as COURSE
from tests.conftest import JAPANESE
from tests.notebooks import claims
from tests.notebooks.compare import KINDS
from tools import execute

LESSONS = sorted(execute.NOTEBOOKS.glob("*.ipynb"))
LONGEST_CELL, LONGEST_FOLDED = 25, 55  # lines of a cell that is seen, and of one that only draws
NEAR = 3  # cells
# Cells that are written from course.toml.
FROM_THE_COURSE = {"title", "goals", "about", "lessons", "syllabus"}
# What the cells of these ids state and no code near by says: counts, angles, what is left to guess.
UNPRINTED = {
    "opening-figure": "2 10 30",  # 01, 03
    "linear": "10",  # 01
    "linear-check": "10 100 2",  # 01
    "difference-order": "4",  # 01
    "rounding-check": "4",  # 01
    "corner-figure": "3",  # 01
    "three": "3",  # 01
    "three-check": "3",  # 01
    "curvature": "0.1",  # 03
    "stop-formula": "2",  # 03
    "momentum-explore": "10^{-3}",  # 03
    "nesterov-check": "10^{-3}",  # 03
    "rmsprop-check": "0.9",  # 03
    "adam-explore": "45",  # 03
    "race": "6",  # 03
    "race-explore": "6",  # 03
    "race-check": "6",  # 03
    "shape-check": "90",  # 04
    "passage-figure": "10",  # 04
    "methods": "6",  # 04
    "methods-turn": "6",  # 04
    "methods-figure": "6",  # 05
    "methods-order": "6",  # 05
    "adaptive-methods": "0.002",  # 05
    "adaptive-formula": "3.16 0.9",  # 05
    "vanish-figure": "3",  # 05
    "vanish-formula": "4",  # 05
    "init-figure": "10^{-5}",  # 05
    "init-formula": "9",  # 05
    "bn-delta-formula": "3",  # 05
    "bn-figure": "3",  # 05
    "scale-figure": "100",  # 05
    "scale-formula": "2",  # 05
    "frozen-why": "10^{13}",  # 06
    "frozen-play": "10^{128}",  # 06
    "bound-check": "10^{-3}",  # 06
    "dimple-conclusion": "20",  # 06
    "adaptive": "2",  # 06
    "adaptive-play": "3",  # 06
    "book-figure": "0.2 5",  # 07
    "endings": "5",  # 07
    "endings-predict": "5 100",  # 07
    "own-conclusion": "2",  # 07
    "exam": "1 100",  # 07
}
MODULES = {"functools", "helpers", "numpy"}
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|Users|tmp|work)(?!\w)|C:\\")
OPT_OUT = re.compile(r"nbval[-_]|PYTEST_VALIDATE|raises-exception|skip-execution", re.IGNORECASE)

parse_markdown = mistune.create_markdown(renderer="ast", plugins=["table", "math"])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [(cell, output) for cell in code_cells(notebook) for output in cell.outputs]


def tokens(tree, *kinds):
    """Yield the markdown tokens of these kinds, at any depth."""
    for token in tree:
        if token["type"] in kinds:
            yield token
        yield from tokens(token.get("children", []), *kinds)


def markdown(notebook, *kinds):
    """Yield (cell, token) for the markdown tokens of these kinds."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for token in tokens(parse_markdown(cell.source), *kinds):
                yield cell, token


def text_of(token) -> str:
    leaves = tokens(token.get("children", []), "text", "codespan")
    return "".join(leaf["raw"] for leaf in leaves)


def check_format(notebook, folder):
    faults = execute.structure_faults(notebook)
    yield from faults
    if not faults:  # validate would repair ids
        try:
            nbformat.validate(notebook)
        except nbformat.ValidationError as error:
            yield "-", f"is no valid notebook: {error.message}"


def check_executed_in_order(notebook, folder):
    for number, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != number:
            yield cell.id, f"has execution count {cell.execution_count}, expected {number}"


def check_outputs_are_clean(notebook, folder):
    for cell, output in outputs(notebook):
        if output.output_type == "error":
            yield cell.id, f"ends with an error: {output.ename}"
        if output.output_type == "stream" and output.name == "stderr":
            yield cell.id, f"writes to stderr: {output.text!r}"


def check_outputs_are_compared(notebook, folder):
    for cell in code_cells(notebook):
        found = OPT_OUT.search("\n".join([cell.source, *cell.metadata.get("tags", [])]))
        if found:
            yield cell.id, f"opts out of the regression: {found.group()}"


def check_no_machine_path(notebook, folder):
    texts = [(cell, cell.source) for cell in notebook.cells]
    for cell, output in outputs(notebook):
        texts.append((cell, str(output.get("metadata", "")) + output.get("text", "")))
        data = output.get("data", {}).items()
        texts += [(cell, str(value)) for mime, value in data if not mime.startswith("image/")]
    for cell, text in texts:
        found = MACHINE_PATH.search(text)
        if found:
            yield cell.id, f"holds a path of one machine: {found.group()}"


def check_no_volatile_metadata(notebook, folder):
    cleaned = deepcopy(notebook)
    execute.clean(cleaned)
    if notebook.metadata != cleaned.metadata:
        yield "-", "has notebook metadata that `make notebooks` does not write"
    for cell, kept in zip(notebook.cells, cleaned.cells, strict=True):
        if cell.metadata != kept.metadata or cell.get("outputs") != kept.get("outputs"):
            yield cell.id, "has metadata or outputs that `make notebooks` removes"


def check_links(notebook, folder):
    """Links to other places of the course resolve; the fragment is #cell-id=ID.

    JupyterLab 4.6 follows a heading's anchor neither to another notebook nor, when it is
    Japanese, within one. It follows cell ids everywhere, and so does the exported page.
    """
    for cell, token in markdown(notebook, "link"):
        url = urlsplit(unquote(token["attrs"]["url"]))
        if url.scheme in ("http", "https", "mailto"):
            continue
        target = folder / url.path
        if url.scheme or url.path.startswith("/") or not target.exists():
            yield cell.id, f"links to what is not there: {url.geturl()}"
        elif url.fragment:
            linked = execute.read(target) if url.path else notebook
            if url.fragment not in {f"cell-id={c.get('id')}" for c in linked.cells}:
                yield cell.id, f"links to no #cell-id=ID of the notebook: {url.geturl()}"


def check_markdown_images(notebook, folder):
    for cell, token in markdown(notebook, "image"):
        url = unquote(token["attrs"]["url"])
        if not text_of(token).strip():
            yield cell.id, f"has an image without alt text: {url}"
        if urlsplit(url).scheme or url.startswith("/") or not (folder / url).is_file():
            yield cell.id, f"has an image that is no file beside the notebooks: {url}"
    for cell, token in markdown(notebook, "block_html", "inline_html"):
        if "<img" in token["raw"].lower():
            yield cell.id, "has an <img> tag; write ![alt](file)"


def check_output_images(notebook, folder):
    for cell, output in outputs(notebook):
        data = output.get("data", {})
        for mime in data:
            if not mime.startswith("image/"):
                continue
            alt = output.metadata.get(mime, {}).get("alt", "")
            if mime not in KINDS:
                yield cell.id, f"shows {mime}; only {', '.join(KINDS)} are compared"
            elif not re.search(JAPANESE, alt):
                yield cell.id, f"shows a picture without Japanese alt text: {alt!r}"
            elif not data.get("text/plain", "").startswith(alt):
                yield cell.id, "shows a picture whose text/plain is not its alt text"


def check_imports(notebook, folder):
    for cell in code_cells(notebook):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            yield cell.id, f"is not plain Python: {error.msg}"
            continue
        names = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names.append("." * node.level + (node.module or ""))
        for name in names:
            if name.split(".")[0] not in MODULES:
                yield cell.id, f"imports {name}; a lesson imports helpers, numpy and functools only"


@pytest.mark.parametrize("lesson", COURSE.values(), ids=COURSE)
def test_the_sections_of_the_course_are_the_numbered_headings(lesson):
    notebook = execute.read(execute.NOTEBOOKS / lesson.file)
    found = [
        (cell.id, number)
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for number in re.findall(r"^## (\d+)\. ", cell.source, re.MULTILINE)
    ]
    assert found == [(id, str(number)) for number, id in enumerate(lesson.sections, 1)]


def sections(cells):
    """Split cells at their h2 headings."""
    parts = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            parts.append([])
        parts[-1].append(cell)
    return parts


def check_numbers_in_prose(notebook, folder):
    """A number in prose or in a description must stand in the code, or be printed, near by.

    Near is the same section; for a number of one digit, three cells before and after. A section
    may repeat a number of several digits that another section both states and proves; the summary
    speaks of all sections. The examples of the exercises are run by the tests of the exercises.
    """
    proven, missing = set(), []
    for section in sections(notebook.cells):
        known = claims.known_numbers(section)
        for place, cell in enumerate(section):
            near = claims.known_numbers(section[max(0, place - NEAR) : place + NEAR + 1])
            if cell.get("id") == "summary":
                known = near = claims.known_numbers(notebook.cells)
            for claim in stated(cell):
                several = claim.digits > 1
                if claim.is_proven(known if several else near):
                    proven |= {claim.text} if several else set()
                elif claim.text not in UNPRINTED.get(cell.id, "").split():
                    missing.append((cell.id, claim.text))
    for cell_id, number in missing:
        if number not in proven:
            yield cell_id, f"states {number}, which nothing prints"


def stated(cell):
    """The numbers that a cell states, in its Markdown or in the Japanese strings of its code."""
    if cell.get("id", "").startswith("exercise") or cell.get("id") in FROM_THE_COURSE:
        return []
    if cell.cell_type == "markdown":
        return list(claims.claims(cell.source))
    strings, _ = claims.japanese_strings(cell.source)
    return [claim for string in strings for claim in claims.claims(string)]


def check_equations(notebook, folder):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for equation in claims.false_equations(cell.source):
                yield cell.id, f"states what is not so: {equation}"


def check_length_of_cells(notebook, folder):
    for cell in code_cells(notebook):
        lines = len(cell.source.splitlines())
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        most = LONGEST_FOLDED if folded else LONGEST_CELL
        if lines > most:
            yield cell.id, f"has {lines} lines of code, at most {most} are allowed"


def check_title(notebook, folder):
    titles = [c for c, token in markdown(notebook, "heading") if token["attrs"]["level"] == 1]
    if len(titles) != 1 or titles[0] is not notebook.cells[0]:
        yield notebook.cells[0].id, "must be markdown and hold the notebook's one h1"


def check_slides(notebook, folder):
    """Each cell says what the slides make of it, and the first begins a section."""
    kinds = {"slide", "subslide", "-", "notes", "skip"}
    for cell in notebook.cells:
        if cell.metadata.get("slideshow", {}).get("slide_type") not in kinds:
            yield cell.id, f"has none of the slide types {sorted(kinds)}"
    if notebook.cells[0].metadata.get("slideshow", {}).get("slide_type") != "slide":
        yield notebook.cells[0].id, "must begin a slide"


CHECKS = [
    check_format,
    check_executed_in_order,
    check_outputs_are_clean,
    check_outputs_are_compared,
    check_no_machine_path,
    check_no_volatile_metadata,
    check_links,
    check_markdown_images,
    check_output_images,
    check_imports,
    check_length_of_cells,
    check_numbers_in_prose,
    check_equations,
    check_title,
    check_slides,
]


def faults_of(notebook, folder: Path) -> list[str]:
    return [f"cell {cell} {text}" for check in CHECKS for cell, text in check(notebook, folder)]


def test_there_are_notebooks():
    assert LESSONS, f"no notebooks in {execute.NOTEBOOKS}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_notebook(path):
    faults = faults_of(execute.read(path), path.parent)
    assert not faults, "\n".join(f"{path.name}: {fault}" for fault in faults)


TITLE = """\
# 微分

次は[勾配](next.ipynb#cell-id=field)、[次の次](next.ipynb)、[図](#cell-id=picture)、[JDLA](https://www.jdla.org/)。

![式の図](picture.png)
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with what the sound notebook points to."""
    (tmp_path / "picture.png").touch()
    cells = [new_markdown_cell("# 勾配", id="field")]
    following = new_notebook(cells=cells, metadata=execute.NOTEBOOK_METADATA)
    nbformat.write(following, tmp_path / "next.ipynb")
    return tmp_path


def metadata_of(kind):
    return nbformat.from_dict({"slideshow": {"slide_type": kind}})


@pytest.fixture
def sound():
    """A notebook without a fault: a title, a printed number, a picture."""
    stream = new_output("stream", text="0.9\n")
    picture = new_output(
        "display_data",
        data={"image/png": "aGk=", "text/plain": "放物線の図"},
        metadata={"image/png": {"alt": "放物線の図"}},
    )
    source = "import numpy as np\nfrom helpers.gradient import numerical_gradient"
    cells = [
        new_markdown_cell(TITLE, id="title"),
        new_code_cell(source, id="number", outputs=[stream], execution_count=1),
        new_code_cell("show()", id="picture", outputs=[picture], execution_count=2),
    ]
    for each in cells:
        each.metadata = metadata_of("slide")
    notebook = new_notebook(cells=cells)
    execute.clean(notebook)
    return notebook


def test_sound_notebook_has_no_fault(sound, folder):
    assert faults_of(sound, folder) == []


def prose(text):
    """Plant text at the end of the title cell."""
    return lambda notebook: notebook.cells[0].update(source=f"{TITLE}\n{text}\n")


def cell(index, **changes):
    """Plant changes in a cell."""
    return lambda notebook: notebook.cells[index].update(changes)


def metadata(index=1, **changes):
    """Plant changes in a cell's metadata."""
    return lambda notebook: notebook.cells[index].metadata.update(changes)


def output(index, **changes):
    """Plant changes in the only output of a cell."""
    return lambda notebook: notebook.cells[index].outputs[0].update(nbformat.from_dict(changes))


def picture(alt, text="放物線の図", mime="image/png"):
    return output(2, data={mime: "aGk=", "text/plain": text}, metadata={mime: {"alt": alt}})


def claim(text, code=""):
    """Plant a cell with a text at the end, and code before it."""

    def plant(notebook):
        notebook.cells[1].source += f"\n{code.replace(' ', chr(10))}"
        added = new_markdown_cell(text, id="claim", metadata=metadata_of("subslide"))
        notebook.cells.append(added)

    return plant


PLANTED = [
    ("#2 に正しい id がありません: ''", lambda notebook: notebook.cells[1].pop("id")),
    ("#2 に正しい id がありません: 'a b'", cell(1, id="a b")),
    ("title と同じ id が、2 番目のセルにもあります", cell(1, id="title")),
    ("- is no valid notebook", cell(1, attachments={})),
    ("number has execution count None, expected 1", cell(1, execution_count=None)),
    ("picture has execution count 3, expected 2", cell(2, execution_count=3)),
    (
        "picture ends with an error: ValueError",
        cell(2, outputs=[new_output("error", ename="ValueError", evalue="", traceback=[])]),
    ),
    ("number writes to stderr", output(1, name="stderr")),
    ("number opts out of the regression: NBVAL_", cell(1, source="# NBVAL_IGNORE_OUTPUT")),
    ("number opts out of the regression: nbval-", metadata(tags=["nbval-skip"])),
    ("number holds a path of one machine: /home", cell(1, source="open('/home/me/a.csv')")),
    ("number holds a path of one machine: /root", output(1, text="/root/.venv/lib")),
    ("number holds a path of one machine: /Users", output(1, text="file:///Users/me")),
    ("number holds a path of one machine: C:", output(1, text="C:\\Users\\me")),
    ("title holds a path of one machine: /tmp", prose("`/tmp/a`")),
    ("picture holds a path of one machine: /work", picture("図", text="図 /work/a")),
    ("- has notebook metadata", lambda notebook: notebook.metadata.update(widgets={})),
    ("- has notebook metadata", lambda notebook: notebook.metadata.kernelspec.update(name="x")),
    ("number has metadata or outputs that", metadata(execution={})),
    ("picture has metadata or outputs that", output(2, data={execute.WIDGET_VIEW: {}})),
    ("number has none of the slide types", metadata(slideshow={})),
    ("title must begin a slide", metadata(0, slideshow={"slide_type": "subslide"})),
    ("title links to what is not there: no.ipynb", prose("[x](no.ipynb)")),
    ("title links to what is not there: /a", prose("[x](/a)")),
    ("title links to no #cell-id=ID of the notebook: #微分", prose("[x](#微分)")),
    ("title links to no #cell-id=ID of the notebook: next", prose("[x](next.ipynb#cell-id=x)")),
    ("title has an image without alt text: picture.png", prose("![](picture.png)")),
    ("title has an image that is no file", prose("![図](no.png)")),
    ("title has an image that is no file", prose("![図](https://example.org/a.png)")),
    ("title has an <img> tag", prose('<img src="picture.png">')),
    ("picture shows image/x-icon", picture("放物線の図", mime="image/x-icon")),
    ("picture shows a picture without Japanese alt text: ''", picture("")),
    ("picture shows a picture without Japanese alt text: 'Fig'", picture("Fig", text="Fig")),
    ("picture shows a picture whose text/plain is not", picture("別の図")),
    ("number imports os", cell(1, source="import os")),
    ("number imports matplotlib.pyplot", cell(1, source="from matplotlib.pyplot import plot")),
    ("number is not plain Python", cell(1, source="%matplotlib inline")),
    ("number has 26 lines", cell(1, source="x = 1\n" * 26)),
    ("number は空のコードのセルです", cell(1, source="")),
    ("claim states 0.81, which nothing prints", claim("誤差は 0.81 です。")),
    ("claim states 0.8, which nothing prints", claim("誤差は 0.8 です。")),
    ("claim states 4, which nothing prints", claim("極小は4つです。")),
    ("claim states 10^{-8}, which nothing prints", claim("$h = 10^{-8}$ がよい。")),
    ("claim states 10^{-8}, which nothing prints", claim("10⁻⁸ より小さく")),
    ("claim states 3 \\times 10^4, which nothing prints", claim(r"約 $3 \times 10^4$ です。")),
    ("claim states 5, which nothing prints", claim("$$f(x) = \\frac{x^2}{5}, x^9$$", code="9 2")),
    ("claim states 7, which nothing prints", claim("$$f(x) = x^7$$")),
    ("picture states 3, which nothing prints", cell(2, source='show(alt="3本の線の図")')),
    ("claim states what is not so: 3 - 0.9 = 2.2", claim("$y = 3 - 0.9 = 2.2$", code="3 2 2.2")),
    ("title must be markdown and hold the notebook's one h1", cell(0, source="## 微分")),
    ("title must be markdown and hold the notebook's one h1", prose("# もう一つ")),
]


@pytest.mark.parametrize(("message", "plant"), PLANTED, ids=[message for message, _ in PLANTED])
def test_planted_fault_is_found(sound, folder, message, plant):
    plant(sound)
    faults = faults_of(sound, folder)
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"cell {message}")
