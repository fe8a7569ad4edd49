"""Build the handouts or the slides: execute the lessons, and write one page for each.

    python -m handouts
    python -m handouts slides

Writes build/handouts/ or build/slides/. Executed notebooks are kept in build/executed/, so that a
lesson runs again only when it or what it uses has changed. The first cell that fails ends the run.
"""

import hashlib
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from handouts.exporter import HandoutExporter, page_name
from handouts.slides import SlidesExporter
from helpers.course import notebooks

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"
EXPORTERS = {"handouts": HandoutExporter, "slides": SlidesExporter}

SET_UP = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import handouts.kernel
handouts.kernel.register()
del sys, handouts
"""


class LessonFailed(Exception):
    """A lesson that could not be executed or typeset; the message names lesson and cell."""


def fingerprint(path):
    """Return a hash of all that the execution of a notebook depends on."""
    used = [*(ROOT / "helpers").rglob("*"), ROOT / "requirements.txt"]
    used += [ROOT / "handouts" / name for name in ("frames.py", "kernel.py", "pictures.py")]
    digest = hashlib.sha256(sys.version.encode())
    for file in [path, *sorted(used)]:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def execute(path, folder):
    """Return the executed notebook with the handout's data, from the folder if unchanged.

    LessonFailed: a cell fails, or writes to stderr.
    """
    kept, now = folder / path.name, fingerprint(path)
    if kept.exists():
        notebook = nbformat.read(kept, 4)
        if notebook.metadata.get("fingerprint") == now:
            return notebook
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(SET_UP))
    started = []
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=300,
        store_widget_state=False,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=lambda cell, cell_index: started.append(cell.id),
    )
    try:
        client.execute(stderr=subprocess.DEVNULL)  # the kernel's own log, not the cells' stderr
    except Exception as error:  # a failing cell, a timeout, a dead kernel: all end the lesson
        cell = started[-1] if started else "(none yet)"
        reason = error.evalue if isinstance(error, CellExecutionError) else error
        raise LessonFailed(f"{path.name}: cell {cell}: {reason}") from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                text = output.get("text") or output.evalue
                raise LessonFailed(f"{path.name}: cell {cell.id}: {text}")
    del notebook.cells[0]
    notebook.metadata = nbformat.from_dict({"fingerprint": now})
    write(kept, nbformat.writes(notebook, indent=1, ensure_ascii=False))
    return notebook


def write_page(page, exporter, notebook, name):
    """Write the page of an executed notebook, unless it is there already.

    LessonFailed: a formula cannot be typeset.
    """
    digest = hashlib.sha256(notebook.metadata.fingerprint.encode())
    digest.update(repr(exporter.notebooks).encode())
    for file in sorted((ROOT / "handouts").rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    made_from = f'<meta name="made-from" content="{digest.hexdigest()}">'
    if page.exists() and made_from in page.read_text(encoding="utf-8"):
        return
    try:
        text = exporter.page(notebook, name)
    except ValueError as error:
        raise LessonFailed(f"{name}: {error}") from None
    write(page, text.replace("</title>", f"</title>\n{made_from}", 1))


def write(path, text):
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)


def title(path):
    """Return the text of a notebook's first heading."""
    first = nbformat.read(path, 4).cells[0].source
    return first.splitlines()[0].removeprefix("# ").strip()


def build(paths, folder=BUILD, kind="handouts"):
    """Build the pages in folder/kind, report on the terminal, and return their paths."""
    paths = sorted(paths)
    exporter = EXPORTERS[kind]([(path.name, title(path)) for path in paths])
    pages = []
    with ProcessPoolExecutor(2) as pool:
        waiting = [pool.submit(timed_execute, path, folder / "executed") for path in paths]
        try:
            for path, executing in zip(paths, waiting, strict=True):
                notebook, seconds = executing.result()
                start = time.perf_counter()
                page = folder / kind / page_name(path)
                write_page(page, exporter, notebook, path.name)
                pages.append(page)
                seconds += time.perf_counter() - start
                size = page.stat().st_size / 1024
                print(f"{path.name}: {page.name}, {size:.0f} KiB, {seconds:.1f} s", flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for page in set((folder / kind).glob("*.html")) - set(pages):
        page.unlink()
    return pages


def timed_execute(path, folder):
    """Return the executed notebook and how many seconds it took."""
    start = time.perf_counter()
    return execute(path, folder), time.perf_counter() - start


def main(kind="handouts"):
    """Build all pages of a kind; return the exit status."""
    try:
        paths = notebooks(NOTEBOOKS)
    except ValueError as missing:
        print(missing, file=sys.stderr)
        return 1
    try:
        build(paths, kind=kind)
    except LessonFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"build/{kind}/index.html を開いてください。")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
