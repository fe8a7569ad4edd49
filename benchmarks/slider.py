"""From a key press on a slider to the changed picture: ours, `interact`, and the empty round trip.

The page is a JupyterLab as `make lab` starts it, in the Chromium that is installed.
"""

import ast
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from benchmarks.report import executed, plot, print_table, save
from handouts.chromium import MISSING, OPTIONS, find_chromium
from helpers import add_legend, subplots
from tests.browser.jupyterlab import Lesson, Server
from tools.execute import NOTEBOOK_METADATA

PRESSES = 41
PAUSE = 150  # ms between a changed picture and the next press, so that all is quiet again
WAYS = {"ours": "explore", "redrawn": "interact", "empty": "空の往復"}
STAGES = {
    "update": "update（降下30ステップ）",
    "restore": "背景を戻す",
    "draw": "部品を描く",
    "encode": "JPEG にする",
    "send": "送る",
}
SETUP = "%matplotlib inline\nfrom benchmarks.three_ways import empty, in_kernel, ours, redrawn"
STOPWATCH = """
// Start at the key's own time; stop when another picture is decoded, and in the frame showing it.
window.stopwatch = cell => new Promise(done => {
    const before = cell.querySelector("img").src;
    let start;
    const pressed = event => { start = event.timeStamp; };
    cell.addEventListener("keydown", pressed, {capture: true, once: true});
    const observer = new MutationObserver(async () => {
        const image = cell.querySelector("img");
        if (!image || image.src === before) return;
        observer.disconnect();
        await image.decode();
        const decoded = performance.now() - start;
        requestAnimationFrame(() => done([decoded, performance.now() - start]));
    });
    observer.observe(cell, {subtree: true, childList: true, attributeFilter: ["src"]});
});
"""


@contextmanager
def lab(browser):
    """Run a JupyterLab in a temporary folder; give it and a page of the browser."""
    with tempfile.TemporaryDirectory(prefix="koubai-notes-bench-") as folder:
        server = Server(Path(folder))
        try:
            with sync_playwright() as playwright:
                running = playwright.chromium.launch(executable_path=browser, args=list(OPTIONS))
                page = running.new_page(viewport={"width": 1280, "height": 1600})
                page.add_init_script(STOPWATCH)
                yield server, page
                running.close()
        finally:
            server.stop()


def in_browser(browser):
    """Press a key on each slider in turn; return the milliseconds of each way's presses."""
    sources = [SETUP, *(f"{way}()" for way in WAYS)]
    notebook = new_notebook(cells=list(map(new_code_cell, sources)), metadata=NOTEBOOK_METADATA)
    presses = {way: [] for way in WAYS}
    with lab(browser) as (server, page):
        lesson = Lesson(page, server, "slider.ipynb", server.write("slider.ipynb", notebook))
        lesson.run_all()
        cells = {
            way: lesson.cell(cell.id) for way, cell in zip(WAYS, notebook.cells[1:], strict=True)
        }
        for k in range(PRESSES):
            for way, cell in cells.items():
                handle = cell.locator(".noUi-handle")
                handle.focus()
                cell.evaluate("cell => { window.watched = stopwatch(cell); }")
                handle.press("ArrowLeft" if k % 2 else "ArrowRight")
                presses[way].append(page.evaluate("watched"))
                page.wait_for_timeout(PAUSE)
    return {
        way: dict(zip(("decoded", "shown"), zip(*both, strict=True), strict=True))
        for way, both in presses.items()
    }


def in_kernel():
    """Return what three_ways.in_kernel measures, in a kernel without a browser."""
    (cell,) = executed([new_code_cell(f"{SETUP}\nprint(in_kernel())")])
    texts = [o.text for o in cell.outputs if o.output_type == "stream"]
    return ast.literal_eval(texts[-1])


def measure():
    """Return milliseconds in the kernel and, if there is a browser, in the page."""
    browser = find_chromium()
    if browser is None:
        print(MISSING)
    return {"kernel": in_kernel(), "page": in_browser(browser) if browser else None}


def show(result):
    """Print the tables and draw the presses and the growth with the picture's size."""
    if result["page"]:
        show_page(result["page"])
    kernel = result["kernel"]
    print_table(
        "そのうちカーネルの中だけの時間（ブラウザなし）",
        ["", *WAYS.values(), "interact / explore"],
        [
            [
                "中央値",
                *(f"{kernel[way]:.2f} ms" for way in WAYS),
                f"{kernel['redrawn'] / kernel['ours']:.0f}",
            ]
        ],
    )
    stages = kernel["stages"]
    print_table(
        "explore の内わけ（図の幅ごと）",
        ["", *(f"{width:g} インチ" for width in stages)],
        [
            [label, *(f"{row[stage]:.2f} ms" for row in stages.values())]
            for stage, label in STAGES.items()
        ],
    )
    lines = {
        label: (list(stages), [row[stage] for row in stages.values()])
        for stage, label in STAGES.items()
    }
    plot("slider-kernel", ("図の幅（インチ）", "ms", lines), scale="linear")


def show_page(page):
    """Print the table of the presses in the page and draw them all."""
    floor = {end: statistics.median(page["empty"][end]) for end in ("decoded", "shown")}
    ours = {end: statistics.median(page["ours"][end]) for end in floor}
    rows = []
    for way, label in WAYS.items():
        row = [label]
        for end, times in page[way].items():
            low, middle, high = np.percentile(times, [25, 50, 75])
            row += [f"{middle:.0f} ms ({low:.0f}–{high:.0f})"]
            row += [f"{middle / ours[end]:.2f}", f"{middle / floor[end]:.2f}"]
        rows.append(row)
    ratios = ["/ explore", "/ 空の往復"]
    print_table(
        f"JupyterLab で、キーを押してから図が変わるまで（{PRESSES} 回の中央値、かっこ内は四分位）",
        ["", "新しい図の復号まで", *ratios, "映るフレームまで", *ratios],
        rows,
    )
    figure, ax = subplots(width=7.5, height=3.6)
    for k, way in enumerate(WAYS):
        times = np.sort(page[way]["shown"])
        ax.plot(times, np.linspace(0, 100, PRESSES), label=WAYS[way], color=f"C{k}")
    ax.set(
        xlabel="キーを押してから映るまで（ms）", ylabel="ここまでに映った割合（%）", xlim=(0, None)
    )
    add_legend(figure)
    save(figure, "slider")
