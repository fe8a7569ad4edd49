"""Tests of the command that executes notebooks in place."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import execute


def write(path, *cells):
    cells = [new_markdown_cell("# 題", id="title"), *cells]
    nbformat.write(new_notebook(cells=cells, metadata=execute.NOTEBOOK_METADATA), path)
    return path


def test_second_run_changes_nothing(tmp_path):
    widget = "import ipywidgets\nprint('値')\nipywidgets.IntSlider()"
    metadata = {
        "tags": ["a"],
        "execution": {"shell.execute_reply": "2020-01-01T00:00:00Z"},
        "jupyter": {"source_hidden": True, "other": 1},
    }
    path = write(tmp_path / "a.ipynb", new_code_cell(widget, id="widget", metadata=metadata))

    assert execute.main([str(path)]) == 0
    first = path.read_bytes()
    assert execute.main([str(path)]) == 0
    assert path.read_bytes() == first

    cell = execute.read(path).cells[1]
    stream, result = cell.outputs
    assert cell.id == "widget" and cell.execution_count == 1
    assert cell.metadata == {"tags": ["a"], "jupyter": {"source_hidden": True}}
    assert stream.text == "値\n"
    assert list(result.data) == ["text/plain"]
    assert execute.read(path).metadata == execute.NOTEBOOK_METADATA


def test_failing_notebook_is_named_and_left_as_it_was(tmp_path, capfd):
    path = write(tmp_path / "a.ipynb", new_code_cell("1 / 0", id="division"))
    before = path.read_bytes()
    assert execute.main([str(path)]) == 1
    assert path.read_bytes() == before
    message = capfd.readouterr().err
    assert (
        "a.ipynb: セル division が失敗しました（ZeroDivisionError: division by zero）。" in message
    )
    assert "Traceback" in message


def test_missing_id_is_refused_and_not_invented(tmp_path, capfd):
    path = write(tmp_path / "a.ipynb", new_code_cell("1", id="one"))
    path.write_text(path.read_text(encoding="utf-8").replace('"id": "one",', ""), encoding="utf-8")
    before = path.read_bytes()
    assert execute.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "a.ipynb: セル #2 に正しい id がありません" in capfd.readouterr().err


def test_neighbouring_pieces_of_a_stream_are_joined():
    def piece(name, text):
        return nbformat.v4.new_output("stream", name=name, text=text)

    picture = nbformat.v4.new_output("display_data")
    pieces = [piece("stdout", "a"), piece("stdout", "b"), picture, piece("stdout", "c")]
    joined = execute.join_streams(pieces)
    assert [output.get("text") for output in joined] == ["ab", None, "c"]


def test_interact_and_output_widgets_run(tmp_path):
    captured = "out = ipywidgets.Output()\nwith out:\n    print('中')\n    out.clear_output()"
    path = write(
        tmp_path / "a.ipynb",
        new_code_cell(
            "import ipywidgets\nipywidgets.interact(lambda x: print(x), x=(0, 3));", id="interact"
        ),
        new_code_cell(f"{captured}\nout", id="output"),
        new_code_cell("print('後')", id="after"),
    )
    assert execute.main([str(path)]) == 0
    _, *cells = execute.read(path).cells
    assert [list(o.get("data", {"stream": 0})) for c in cells for o in c.outputs] == [
        ["text/plain"],
        ["text/plain"],
        ["stream"],
    ]


def test_what_is_cleared_updated_or_ends_with_a_semicolon_compares_equal(pytester):
    cells = [
        new_code_cell("x = 1", id="first"),
        new_code_cell("x + 1;", id="semicolon"),
        new_code_cell(
            "from IPython.display import clear_output, display\n"
            "for k in range(3):\n    clear_output(wait=True)\n    print(k)",
            id="cleared",
        ),
        new_code_cell("shown = display('前', display_id=True)", id="shown"),
        new_code_cell("shown.update('後')", id="updated"),
    ]
    path = write(pytester.path / "lesson.ipynb", *cells)
    assert execute.main([str(path)]) == 0
    stored = {cell.id: cell.get("outputs") for cell in execute.read(path).cells}
    assert stored["semicolon"] == stored["updated"] == []
    assert [output.text for output in stored["cleared"]] == ["2\n"]
    assert [output.data for output in stored["shown"]] == [{"text/plain": "'後'"}]

    run = pytester.inline_run("--nbval", "-ptests.notebooks.plugin", "--color=no")
    run.assertoutcome(passed=5)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import os\nos._exit(1)", "a.ipynb: セル bad で Python が止まりました。"),
        (
            "import sys\nprint('注意', file=sys.stderr)",
            "a.ipynb: セル bad が stderr に書きました: 注意",
        ),
        ("input()", "a.ipynb: セル bad が失敗しました（StdinNotImplementedError: "),
    ],
    ids=["dead", "stderr", "input"],
)
def test_what_ends_a_cell_is_told_in_one_sentence(tmp_path, source, sentence):
    tags = {"tags": ["raises-exception", "skip-execution"]}
    path = write(tmp_path / "a.ipynb", new_code_cell(source, id="bad", metadata=tags))
    result = execute.run(path)
    assert result.fault.startswith(sentence)
    assert "\n" not in result.fault


def test_a_cell_that_never_ends_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT", 1)
    path = write(tmp_path / "a.ipynb", new_code_cell("while True: pass", id="endless"))
    assert execute.run(path).fault == "a.ipynb: セル endless が 1 秒たっても終わりませんでした。"


def test_code_before_and_after_the_cells_is_no_cell(tmp_path):
    path = write(tmp_path / "a.ipynb", new_code_cell("y = x + 1", id="one"))
    result = execute.run(path, before="x = 1", after="print(y)")
    assert [cell.id for cell in result.notebook.cells] == ["title", "one"]
    assert result.notebook.cells[1].execution_count == result.done == 1
    assert [answer.text for answer in result.answers] == ["2\n"]


def sound(**changes):
    """A notebook as JSON data, with changes."""
    notebook = new_notebook(
        cells=[new_markdown_cell("# 題", id="title")], metadata=execute.NOTEBOOK_METADATA
    )
    return {**json.loads(nbformat.writes(notebook)), **changes}


def text(**changes):
    return json.dumps(sound(**changes)).encode()


MARKS = b'{\n<<<<<<< HEAD\n "nbformat": 4\n=======\n "nbformat": 4\n>>>>>>> theirs\n}'
ODD = {
    "bom.ipynb": (b"\xef\xbb\xbf" + text(), "BOM"),
    "marks.ipynb": (MARKS, "競合"),
    "list.ipynb": (b"[1, 2]", "ノートブックの形をしていません"),
    "number.ipynb": (b"1", "ノートブックの形をしていません"),
    "old.ipynb": (text(nbformat=3, worksheets=[]), "nbformat 3"),
    "new.ipynb": (text(nbformat=5), "nbformat 5"),
    "no_cells.ipynb": (text(cells=None), "['cells']"),
    "odd_cell.ipynb": (text(cells=[1]), "['cells'][0]"),
    "odd_source.ipynb": (
        text(cells=[{"cell_type": "code", "metadata": {}, "source": 1, "outputs": []}]),
        "['cells'][0]",
    ),
    "no_kernel.ipynb": (text(metadata={}), "kernelspec"),
    "other.ipynb": (
        text(metadata={"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}),
        "Python ではなく R",
    ),
    "empty.ipynb": (b"", "空です"),
    "binary.ipynb": (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"),
    "cut.ipynb": (text()[:50], "JSON"),
    "deep.ipynb": (b"[" * 100_000, "JSON"),
    "half.ipynb": (text(cells=[]).replace(b"[]", b'["\\ud800"]'), "JSON"),
    "no_id.ipynb": (
        text(cells=[{"cell_type": "markdown", "metadata": {}, "source": ""}]),
        "セル #1 に正しい id がありません",
    ),
}


def test_odd_files_are_named_in_one_sentence_and_the_others_go_on(tmp_path, capfd):
    for name, (content, _) in ODD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "nothing.ipynb").symlink_to(tmp_path / "gone")
    good = write(tmp_path / "z.ipynb", new_code_cell("print(1)", id="one"))
    paths = sorted(map(str, tmp_path.iterdir()))

    assert execute.main(paths) == 1
    assert execute.read(good).cells[1].outputs[0].text == "1\n"
    told = dict(line.split(": ", 1) for line in capfd.readouterr().err.splitlines())
    assert told.keys() == {*ODD, "folder.ipynb", "nothing.ipynb"}
    for name, (content, reason) in ODD.items():
        assert reason in told[name], name
        assert re.search("[ぁ-ん]", told[name])
        assert (tmp_path / name).read_bytes() == content


def test_a_notebook_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def refuse(self, *args, **options):
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.ipynb")
    monkeypatch.setattr(type(path), "write_text", refuse)
    assert execute.update(path).fault.startswith("a.ipynb: 保存できませんでした（")
