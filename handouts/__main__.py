"""Build the handouts or the slides: execute the lessons, and write one page for each.

    python -m handouts
    python -m handouts slides

Writes build/handouts/ or build/slides/. Executed notebooks are kept in build/executed/, so that a
lesson runs again only when it or what it uses has changed. A lesson that fails is named and has no
page; the others go on.
"""

import hashlib
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat

from handouts.exporter import FIGURE, HandoutExporter, page_name
from handouts.search import SEARCH, search_page
from handouts.slides import SlidesExporter
from helpers.course import notebooks
from tools import execute as executor
from tools.execute import NOTEBOOKS, Refused

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"}
EXPORTERS = {"handouts": HandoutExporter, "slides": SlidesExporter}

SET_UP = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import handouts.kernel
handouts.kernel.register()
del sys, handouts
"""


class LessonFailed(Exception):
    """Lessons that have no page; the message names each and its cell."""


def fingerprint(path):
    """Return a hash of all that the execution of a notebook depends on."""
    used = [*(ROOT / "helpers").rglob("*"), ROOT / "requirements.txt", Path(executor.__file__)]
    used += [ROOT / "handouts" / name for name in ("kernel.py", "live.py", "pictures.py")]
    used += [file for file in path.parent.iterdir() if file.suffix in PICTURES]
    digest = hashlib.sha256(sys.version.encode())
    for file in [path, *sorted(used)]:
        if file.is_file() and file.suffix not in (".pyc", ".js", ".css"):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def execute(path, folder):
    """Return the executed notebook with the handout's data, from the folder if unchanged.

    Refused: it cannot be read, a cell fails, or writes to stderr.
    """
    kept, now = folder / path.name, fingerprint(path)
    if kept.exists():
        notebook = nbformat.read(kept, 4)
        if notebook.metadata.get("fingerprint") == now:
            return notebook
    result = executor.run(path, before=SET_UP)
    if result.fault:
        raise Refused(result.fault, result.detail)
    result.notebook.metadata = nbformat.from_dict({"fingerprint": now})
    write(kept, nbformat.writes(result.notebook, indent=1, ensure_ascii=False))
    return result.notebook


def write_page(page, exporter, notebook, path):
    """Write the page of the executed notebook of a path, unless it is there already.

    Refused: the page cannot show what a cell holds.
    """
    digest = hashlib.sha256(notebook.metadata.fingerprint.encode())
    digest.update(repr([exporter.notebooks, FIGURE]).encode())
    for file in sorted((ROOT / "handouts").rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    made_from = f'<meta name="made-from" content="{digest.hexdigest()}">'
    if page.exists() and made_from in page.read_text(encoding="utf-8"):
        return
    try:
        text = exporter.page(notebook, path)
    except ValueError as error:
        raise Refused(f"{path.name}: {error}") from None
    except Exception as error:  # an odd notebook that no check foresaw stops no other
        sentence = f"{path.name}: ページにできませんでした（{type(error).__name__}: {error}）。"
        raise Refused(sentence, traceback.format_exc()) from None
    write(page, text.replace("</title>", f"</title>\n{made_from}", 1))


def write(path, text):
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)


def title(path):
    """Return the text of a notebook's first heading. Refused: there is none, or no notebook."""
    cells = executor.read(path).cells
    if not (cells and cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")):
        raise Refused(f"{path.name}: 最初のセルに題がありません。「# 題」で始めてください。")
    return cells[0].source.splitlines()[0].removeprefix("# ").strip()


def titles_of(paths):
    """Return the titles by path, and the refusals of those that have none."""
    titles, refused = {}, []
    for path in sorted(paths):
        try:
            titles[path] = title(path)
        except Refused as refusal:
            refused.append(refusal)
    return titles, refused


def build(paths, folder=BUILD, kind="handouts"):
    """Build the pages in folder/kind, report on the terminal, and return their paths.

    LessonFailed: some have no page; all the others are built.
    """
    titles, refused = titles_of(paths)
    exporter = EXPORTERS[kind]([(path.name, title) for path, title in titles.items()])
    pages = []
    with ProcessPoolExecutor(2) as pool:
        waiting = {path: pool.submit(timed_execute, path, folder / "executed") for path in titles}
        for path, executing in waiting.items():
            page = folder / kind / page_name(path)
            try:
                notebook, seconds = executing.result()
                start = time.perf_counter()
                write_page(page, exporter, notebook, path)
            except Refused as refusal:
                refused.append(refusal)
                print(f"{path.name}: FAILED", flush=True)
                continue
            pages.append(page)
            seconds += time.perf_counter() - start
            size = page.stat().st_size / 1024
            print(f"{path.name}: {page.name}, {size:.0f} KiB, {seconds:.1f} s", flush=True)
    search = folder / kind / SEARCH
    for page in set((folder / kind).glob("*.html")) - {*pages, search}:
        page.unlink()
    if kind == "handouts" and pages:
        text = search_page(pages)
        if not (search.exists() and search.read_text(encoding="utf-8") == text):
            write(search, text)
    if refused:
        raise LessonFailed("\n".join(f"{each}\n{each.detail}".strip() for each in refused))
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
