"""The one executor of notebooks: make notebooks, the comparison, pages, slides and benchmarks.

    python -m tools.execute [NAME.ipynb ...]

executes notebooks in place (without a name, all of notebooks/), so that the committed files are the
same wherever they are made: what differs from run to run or from machine to machine is left out,
and a second run changes nothing. A notebook that fails is named and left as it was; the others go
on.
"""

import argparse
import codecs
import json
import re
import subprocess
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell
from nbformat.validator import iter_validate

from helpers.display import WIDGET_VIEW
from tools import positions

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CELL_TIMEOUT = 300  # seconds
CELL_METADATA = {"tags", "slideshow", "jupyter"}
JUPYTER_METADATA = {"source_hidden", "outputs_hidden"}
NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {  # without a version: another patch release of Python is no change
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


class Refused(Exception):
    """A notebook that cannot be used. The message is one sentence that names it, and the cell."""

    def __init__(self, sentence, detail=""):
        super().__init__(sentence, detail)
        self.sentence, self.detail = sentence, detail

    def __str__(self):
        return self.sentence


@dataclass(frozen=True)
class Result:
    """What became of a notebook that was to be executed."""

    name: str  # of its file
    notebook: nbformat.NotebookNode | None  # with its new outputs; None if it could not be read
    done: int  # so many of its code cells ran to their end
    fault: str = ""  # one sentence that names notebook and cell
    detail: str = ""  # the traceback of a cell
    answers: list = field(default_factory=list)  # what the code `after` displayed
    seconds: float = 0.0


def run(path: Path, before: str = "", after: str = "") -> Result:
    """Read and execute a notebook in its folder, without writing it; before, after: as execute."""
    try:
        notebook = read(path)
    except Refused as refused:
        return Result(path.name, None, 0, refused.sentence)
    return execute(notebook, path, before, after)


def execute(notebook, path: Path, before: str = "", after: str = "") -> Result:
    """Execute a notebook as the file `path`: under its name and in its folder.

    before, after: code that the kernel runs before the first and after the last cell. Neither
    counts as a cell; what `after` displays is the result's `answers`.
    """
    start = time.perf_counter()
    answers, fault, detail = [], "", ""
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    try:
        for cell, text in structure_faults(notebook):
            raise Refused(f"{path.name}: セル {cell} {text}")
        answers = run_cells(notebook, path, before, after)
        check_stderr(notebook, path.name)
    except Refused as refused:
        fault, detail = refused.sentence, refused.detail
    except Exception as error:  # of the machine, not of the notebook: no kernel starts, say
        fault = f"{path.name}: 実行できませんでした（{type(error).__name__}: {one_line(error)}）。"
        detail = traceback.format_exc()
    done = sum(cell.execution_count is not None for cell in code_cells(notebook))
    return Result(path.name, notebook, done, fault, detail, answers, time.perf_counter() - start)


def code_cells(notebook) -> list:
    """Return a notebook's code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


# ---- reading ----


def read(path: Path) -> nbformat.NotebookNode:
    """Return a notebook of this course as it is; nbformat.read would invent missing cell ids.

    Refused: it cannot be read, is no notebook of today's format, or is not for Python.
    """
    try:
        data = parse(path.read_bytes())
        check_form(data)
        check_language(data["metadata"])
    except OSError as error:
        raise Refused(f"{path.name}: 読めません（{error.strerror}）。") from None
    except ValueError as error:
        raise Refused(f"{path.name}: {error}") from None
    return nbformat.v4.reads(json.dumps(data))


def parse(raw: bytes):
    """Return what a JSON file holds. ValueError: it is none, with the reason as a sentence."""
    if raw.startswith(codecs.BOM_UTF8):
        raise ValueError(
            "先頭に BOM（見えない印）があります。BOM のない UTF-8 で保存してください。"
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(
            "UTF-8 の文字で書かれていません。ノートブックのファイルか確かめてください。"
        ) from None
    if not text.strip():
        raise ValueError("空です。元の内容に戻してください。")
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False).encode("utf-8")  # half a character has no UTF-8
    except (ValueError, RecursionError) as error:
        if re.search(r"^(<{7}|={7}|>{7})", text, re.MULTILINE):
            raise ValueError(
                "Git の競合の印（<<<<<<<）が残っています。どちらかの内容に直してください。"
            ) from None
        place = f" {error.lineno} 行目で" if isinstance(error, json.JSONDecodeError) else ""
        raise ValueError(
            f"JSON として{place}読めません。ノートブックのファイルか確かめてください。"
        ) from None
    return data


def check_form(data) -> None:
    """ValueError: parsed JSON is no notebook of nbformat 4."""
    if not isinstance(data, dict) or "nbformat" not in data:
        raise ValueError("ノートブックの形をしていません（nbformat がありません）。")
    if data["nbformat"] != 4:
        raise ValueError(
            f"nbformat {data['nbformat']!r:.20} の形式です。JupyterLab で開いて保存し直し、"
            "nbformat 4 にしてください。"
        )
    for error in iter_validate(with_any_id(data), version=4, version_minor=5):
        place = "".join(f"[{part!r}]" for part in error.relative_path)
        raise ValueError(f"ノートブックの形をしていません（{place} {one_line(error.message)}）。")


def with_any_id(data) -> dict:
    """Return a notebook as nbformat 4.5, each cell with a sound id; their faults are told later."""
    cells = data.get("cells")
    if isinstance(cells, list):
        cells = [{**cell, "id": "x"} if isinstance(cell, dict) else cell for cell in cells]
    return {**data, "cells": cells, "nbformat_minor": 5}


def check_language(metadata) -> None:
    """ValueError: a notebook's metadata name no kernel, or one of another language."""
    if "kernelspec" not in metadata:
        raise ValueError(
            "カーネルの指定（kernelspec）がありません。JupyterLab で開き、カーネルに Python 3 を"
            "選んで保存してください。"
        )
    spec, info = metadata["kernelspec"], metadata.get("language_info", {})
    language = str(spec.get("language") or info.get("name") or spec["name"])
    if not language.lower().startswith(("python", "ipython")):
        raise ValueError(f"Python ではなく {language:.40} のノートブックです。")


def structure_faults(notebook) -> list[tuple[str, str]]:
    """Return (cell, fault) for ids that are missing, malformed or used twice, and empty cells."""
    faults = []
    seen = set()
    for number, cell in enumerate(notebook.cells, start=1):
        cell_id = cell.get("id", "")
        if not (isinstance(cell_id, str) and re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell_id)):
            faults.append((f"#{number}", f"に正しい id がありません: {cell_id!r:.80}"))
        elif cell_id in seen:
            faults.append((cell_id, f"と同じ id が、{number} 番目のセルにもあります。"))
        elif cell.cell_type == "code" and not cell.source.strip():
            faults.append((cell_id, "は空のコードのセルです。"))
        seen.add(str(cell_id))
    return faults


# ---- executing ----


class ThisPython(KernelSpecManager):
    """Knows one kernel, the Python that runs this, whatever kernels the user has installed."""

    def get_kernel_spec(self, kernel_name):
        """Return the kernel of this Python."""
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


def run_cells(notebook, path, before, after) -> list:
    """Run the cells of a notebook, and return what the code `after` displayed.

    Refused: a cell fails, takes too long, or ends the kernel.
    """
    first, last = new_code_cell(before), new_code_cell(after)
    client = NotebookClient(
        nbformat.NotebookNode(cells=[first, *notebook.cells, last], metadata={}),
        km=AsyncKernelManager(kernel_spec_manager=ThisPython()),
        timeout=CELL_TIMEOUT,
        store_widget_state=True,  # or a cell with an Output widget never ends
        record_timing=False,
        force_raise_errors=True,  # no tag lets a cell fail
        skip_cells_with_tag="",  # or lets it out
        resources={"metadata": {"path": str(path.parent)}},
    )
    # The kernel's own log is thrown away; what cells write to stderr comes as messages.
    with client.setup_kernel(cleanup_kc=True, stderr=subprocess.DEVNULL):
        for index, cell in enumerate(client.nb.cells):
            try:
                client.execute_cell(cell, index, store_history=cell not in (first, last))
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                cell.execution_count = None
                detail = str(error) if isinstance(error, CellExecutionError) else ""
                raise Refused(f"{path.name}: セル {cell.id} {reason(error)}", detail) from None
    return last.outputs


def reason(error) -> str:
    """Return how a cell failed, as the end of a sentence."""
    if isinstance(error, CellTimeoutError):
        return f"が {CELL_TIMEOUT} 秒たっても終わりませんでした。"
    if isinstance(error, DeadKernelError):
        return "で Python が止まりました。"
    return f"が失敗しました（{error.ename}: {one_line(error.evalue)}）。"


def check_stderr(notebook, name) -> None:
    """Refused: a cell wrote to stderr."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                text = one_line(output.text)
                raise Refused(f"{name}: セル {cell.id} が stderr に書きました: {text}")


def one_line(text: str) -> str:
    """Return a text on one line, cut if it is long."""
    return f"{' '.join(str(text).split()):.200}"


# ---- writing ----


def clean(notebook) -> None:
    """Remove from an executed notebook all that is volatile."""
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA}
        if "jupyter" in cell.metadata:
            kept = {k: v for k, v in cell.metadata["jupyter"].items() if k in JUPYTER_METADATA}
            cell.metadata["jupyter"] = kept
        if cell.cell_type == "code":
            cell.outputs = join_streams(cell.outputs)
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET_VIEW, None)


def join_streams(outputs: list) -> list:
    """Join neighbouring pieces of one stream: where the kernel cuts it depends on timing."""
    joined = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def update(path: Path) -> Result:
    """Execute one notebook in place; if it fails, leave it as it was."""
    result = run(path, positions.BEFORE)
    if not result.fault:
        figures = positions.taken(result.notebook)
        clean(result.notebook)
        text = nbformat.writes(result.notebook, indent=1, ensure_ascii=False) + "\n"
        try:
            path.write_text(text, encoding="utf-8", newline="\n")
            positions.write(path.name, figures)
        except OSError as error:
            fault = f"{path.name}: 保存できませんでした（{error.strerror}）。"
            return replace(result, fault=fault)
    return result


def main(arguments: list[str] | None = None) -> int:
    """Execute notebooks in place, report on the terminal, and return the exit status."""
    parser = argparse.ArgumentParser(description="Execute notebooks in place.")
    parser.add_argument("names", nargs="*", metavar="NAME.ipynb", help="default: all notebooks")
    names = parser.parse_args(arguments).names
    paths = [p if p.exists() else NOTEBOOKS / p for p in map(Path, names)]
    paths = paths or sorted(NOTEBOOKS.glob("*.ipynb"))
    if not paths:
        parser.error(f"no notebooks in {NOTEBOOKS}")
    failed = False
    with ProcessPoolExecutor() as pool:
        for result in pool.map(update, paths):
            failed |= bool(result.fault)
            word = "FAILED" if result.fault else "ok"
            print(f"{result.name}: {word}, {result.seconds:.1f} s", flush=True)
            for text in filter(None, (result.fault, result.detail)):
                print(text, file=sys.stderr, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
