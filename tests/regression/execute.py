"""Execute notebooks in place, so that the committed files are the same wherever they are made.

    python -m tests.regression.execute [NAME.ipynb ...]

Without a name, all of notebooks/. What differs from run to run or from machine to machine is
left out of the file, and a second run changes nothing. A notebook that fails is left as it was.
"""

import argparse
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
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
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook as it is; nbformat.read would invent the cell ids that are missing."""
    return nbformat.v4.reads(path.read_text(encoding="utf-8"))


def structure_faults(notebook) -> list[tuple[str, str]]:
    """Return (cell, fault) for ids that are missing, malformed or used twice, and empty cells."""
    faults = []
    seen = set()
    for number, cell in enumerate(notebook.cells, start=1):
        cell_id = cell.get("id", "")
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell_id):
            faults.append((f"number {number}", f"has no valid id: {cell_id!r}"))
        elif cell_id in seen:
            faults.append((cell_id, f"is the id of two cells (again at number {number})"))
        elif cell.cell_type == "code" and not cell.source.strip():
            faults.append((cell_id, "is an empty code cell"))
        seen.add(cell_id)
    return faults


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


def execute(path: Path) -> str | None:
    """Execute one notebook in place; return what went wrong, or None."""
    notebook = read(path)
    faults = structure_faults(notebook)
    if faults:
        return "\n".join(f"{path.name}: cell {cell} {fault}" for cell, fault in faults)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    started = []
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=lambda cell, cell_index: started.append(cell.id),
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own log, not the cells' stderr
    except Exception as error:  # a failing cell, a timeout, a dead kernel: all end the notebook
        return f"{path.name}: cell {started[-1] if started else '(none yet)'} failed\n{error}"
    clean(notebook)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return None


def timed_execute(path: Path) -> bool:
    """Execute one notebook, report on the terminal, and return whether it went well."""
    start = time.perf_counter()
    fault = execute(path)
    seconds = time.perf_counter() - start
    print(f"{path.name}: {'FAILED' if fault else 'ok'}, {seconds:.1f} s", flush=True)
    if fault:
        print(fault, file=sys.stderr, flush=True)
    return fault is None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Execute notebooks in place.")
    parser.add_argument("names", nargs="*", metavar="NAME.ipynb", help="default: all notebooks")
    names = parser.parse_args(arguments).names
    paths = [p if p.exists() else NOTEBOOKS / p for p in map(Path, names)]
    paths = paths or sorted(NOTEBOOKS.glob("*.ipynb"))
    missing = [str(path) for path in paths if not path.exists()]
    if missing or not paths:
        parser.error(f"no such notebook: {', '.join(missing) or NOTEBOOKS / '*.ipynb'}")
    with ProcessPoolExecutor() as pool:
        return 0 if all(list(pool.map(timed_execute, paths))) else 1


if __name__ == "__main__":
    sys.exit(main())
