"""Tests of the command that executes notebooks in place."""

import nbformat
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
