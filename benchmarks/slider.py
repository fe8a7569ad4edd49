"""From a key press, a drag or ▶ to the changed picture: the live figure beside other ways.

The page is a JupyterLab as `make lab` starts it, in the Chromium that is installed; once directly,
once through a proxy that makes the kernel 150 ms away.
"""

import ast
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from benchmarks.report import executed, print_table
from handouts.chromium import MISSING, OPTIONS, find_chromium
from tests.browser.jupyterlab import Lesson, Server
from tests.browser.proxy import Proxy
from tools.execute import NOTEBOOK_METADATA

PRESSES = 31
PAUSE = 150  # ms between a changed picture and the next press, so that all is quiet again
DRAG = 3000  # ms
AXIS = 90  # positions that an axis of 101 lacks when it is first touched, at the least
DELAY = 0.15  # s, there and back
PATIENCE = 60_000  # ms
WAYS = {
    "ours": "動く図（送ってある位置）",
    "jpeg": "1枚ずつ送る図",
    "redrawn": "interact",
    "empty": "空の往復",
}
SETUP = (
    "%matplotlib inline\nfrom benchmarks.three_ways import empty, in_kernel, jpeg, ours, redrawn"
)
IN_PAGE = """
// From the key's own time until another picture is decoded, or the live figure has painted.
window.stopwatch = cell => new Promise(done => {
    const before = cell.querySelector("img:not(.koubai-fallback img)")?.src;
    const figure = cell.querySelector(".koubai-figure");
    let start;
    const pressed = event => { start = event.timeStamp; };
    cell.addEventListener("keydown", pressed, {capture: true, once: true});
    const observer = new MutationObserver(async changes => {
        if (start === undefined) return;
        if (figure) {
            if (!changes.some(change => change.attributeName === "data-shown")) return;
        } else {
            const image = cell.querySelector("img");
            if (!image || image.src === before) return;
            await image.decode();
        }
        observer.disconnect();
        done(performance.now() - start);
    });
    const attributeFilter = ["src", "data-shown"];
    observer.observe(cell, {subtree: true, childList: true, attributeFilter});
});
// While `ms` pass: frames of the display, those with a new picture, the longest gap between two.
window.counting = async (figure, ms, each) => {
    const begin = performance.now();
    let frames = 0, painted = 0, last = begin, longest = 0;
    const observer = new MutationObserver(() => {
        const now = performance.now();
        painted += 1; longest = Math.max(longest, now - last); last = now;
    });
    observer.observe(figure, {attributeFilter: ["data-shown"]});
    while (performance.now() - begin < ms) {
        await new Promise(requestAnimationFrame);
        frames += 1;
        each?.((performance.now() - begin) / ms, frames);
    }
    observer.disconnect();
    return {frames, painted, longest};
};
// From the next key until so many more positions are there.
window.warming = (figure, more) => new Promise(done => {
    const wanted = Number(figure.dataset.frames) + more;
    let start;
    const pressed = event => { start = event.timeStamp; };
    figure.addEventListener("keydown", pressed, {capture: true, once: true});
    const look = () => {
        if (Number(figure.dataset.frames) >= wanted) done(performance.now() - start);
        else requestAnimationFrame(look);
    };
    look();
});
// A new place of the slider in each frame, to and fro, as the mouse moves it.
window.dragging = (figure, name, ms) => {
    const input = [...figure.querySelectorAll(".koubai-row")]
        .find(row => row.textContent.includes(name)).querySelector("input");
    const last = Number(input.max);
    return counting(figure, ms, (part, frame) => {
        const at = frame % (2 * last);
        input.value = at <= last ? at : 2 * last - at;
        input.dispatchEvent(new Event("input", {bubbles: true}));
    });
};
"""


@contextmanager
def lab(browser, delay=0):
    """Run a JupyterLab in a temporary folder, `delay` seconds away; give it and a page."""
    with tempfile.TemporaryDirectory(prefix="koubai-notes-bench-") as folder:
        server = Server(Path(folder))
        direct = server.address
        proxy = Proxy(int(direct.rsplit(":", 1)[1].strip("/")), delay / 2) if delay else None
        try:
            if proxy:
                server.address = f"http://127.0.0.1:{proxy.port}/"
            with sync_playwright() as playwright:
                running = playwright.chromium.launch(executable_path=browser, args=list(OPTIONS))
                page = running.new_page(viewport={"width": 1280, "height": 1600})
                page.add_init_script(IN_PAGE)
                yield server, page
                running.close()
        finally:
            server.address = direct
            server.stop()
            if proxy:
                proxy.stop()


class Bench:
    """A notebook with a figure in each way, and the hand that moves them."""

    def __init__(self, server, page, ways):
        sources = [SETUP, *(f"{way}()" for way in ways)]
        notebook = new_notebook(cells=list(map(new_code_cell, sources)), metadata=NOTEBOOK_METADATA)
        self.server, self.page = server, page
        self.lesson = Lesson(page, server, "slider.ipynb", server.write("slider.ipynb", notebook))
        self.lesson.run_all()
        cells = zip(ways, notebook.cells[1:], strict=True)
        self.cells = {way: self.lesson.cell(cell.id) for way, cell in cells}
        self.figure = self.cells["ours"].locator(".koubai-figure")
        self.warm(1)

    def warm(self, more):
        """Wait until so many more positions are there, and none has come for a while."""
        before = self.positions()
        self.page.wait_for_function(
            "([figure, count]) => Number(figure.dataset.frames) >= count",
            arg=[self.figure.element_handle(), before + more],
            timeout=PATIENCE,
        )
        while True:
            self.page.wait_for_timeout(700)
            if (now := self.positions()) == before:
                return
            before = now

    def positions(self):
        """Return how many positions of the live figure the page has."""
        return int(self.figure.get_attribute("data-frames") or 0)

    def press(self, way, key, number=0):
        """Press a key on a slider of a figure; return the milliseconds until its picture."""
        handles = self.cells[way].locator(".koubai-slider, .noUi-handle")
        handles.nth(number).focus()
        self.cells[way].evaluate("cell => { window.watched = stopwatch(cell); }")
        self.page.keyboard.press(key)
        taken = self.page.evaluate("watched")
        self.page.wait_for_timeout(PAUSE)
        return taken

    def presses(self, ways):
        """Press to and fro on each figure in turn; return the milliseconds of each way."""
        times = {way: [] for way in ways}
        for k in range(PRESSES):
            for way in ways:
                times[way].append(self.press(way, "ArrowLeft" if k % 2 else "ArrowRight"))
        return times

    def first_touches(self):
        """Return the milliseconds of first touches of an axis, and until 100 places are warm."""
        touches, warm = [], []
        for _ in range(7):
            self.press("ours", "ArrowRight", 0)  # another rate: the axis of its steps is cold
            self.page.wait_for_timeout(700)
            self.figure.evaluate(f"figure => {{ window.warmed = warming(figure, {AXIS}); }}")
            touches.append(self.press("ours", "ArrowLeft", 1))
            warm.append(self.page.evaluate("warmed"))
            self.warm(0)
        return touches, warm

    def drag(self):
        """Drag the warm slider of the steps; return the counts and the kernel's share of a core."""
        kernel = kernel_of(self.server)
        used, start = sum(kernel.cpu_times()[:2]), time.perf_counter()
        counts = self.figure.evaluate(f"figure => dragging(figure, 'ステップ数', {DRAG})")
        share = (sum(kernel.cpu_times()[:2]) - used) / (time.perf_counter() - start)
        return counts | {"kernel": share}

    def play(self):
        """Play the steps at one a frame; return the counts."""
        self.figure.locator(".koubai-slider").nth(1).press("Home")
        speed = self.figure.get_by_role("button", name="再生の速さ")
        while "×3" not in speed.inner_text():
            speed.click()
        self.page.wait_for_timeout(300)
        return self.figure.evaluate(
            """figure => {
                figure.querySelector("[aria-label=再生]").click();
                return counting(figure, 1400);
            }"""
        )


def kernel_of(server):
    """Return the process of the server's kernel."""
    children = psutil.Process(server.process.pid).children(recursive=True)
    (kernel,) = [child for child in children if "ipykernel" in " ".join(child.cmdline())]
    return kernel


def near(browser):
    """Measure all ways with the kernel on this machine."""
    with lab(browser) as (server, page):
        bench = Bench(server, page, WAYS)
        result = {"presses": bench.presses(WAYS)}
        result["first touch"], result["warm"] = bench.first_touches()
        return result | {"drag": bench.drag(), "play": bench.play()}


def far(browser):
    """Measure the live figure and the one of pictures with the kernel far away."""
    ways = ["ours", "jpeg"]
    with lab(browser, DELAY) as (server, page):
        return {"presses": Bench(server, page, ways).presses(ways)}


def in_kernel():
    """Return what three_ways.in_kernel measures, in a kernel without a browser."""
    (cell,) = executed([new_code_cell(f"{SETUP}\nprint(in_kernel())")])
    texts = [o.text for o in cell.outputs if o.output_type == "stream"]
    return ast.literal_eval(texts[-1])


def measure():
    """Return what was measured in the kernel and, if there is a browser, in the page."""
    browser = find_chromium()
    if browser is None:
        print(MISSING)
        return {"kernel": in_kernel()}
    return {"kernel": in_kernel(), "near": near(browser), "far": far(browser)}


def show(result):
    """Print the tables, each figure beside its goal."""
    rows = []
    if "near" in result:
        rows = rows_of_page(result["near"], result["far"])
    kernel = result["kernel"]
    for name, label, goal in (
        ("capture", "1コマを作る時間", 0.3),
        ("bytes", "1コマの大きさ", 0.03),
    ):
        ours, other = kernel[name]["strokes"], kernel[name]["jpeg"]
        rows.append([f"{label} ÷ JPEG", f"{ours / other:.3f}", f"≤ {goal}"])
    print_table("動く図", ["", "測った値", "目標"], rows)


def rows_of_page(near, far):
    """Return the rows (what, measured, goal) of the page."""
    middle = {way: float(np.median(times)) for way, times in near["presses"].items()}
    away = {way: float(np.median(times)) for way, times in far["presses"].items()}
    rows = [
        [f"キー → {label}", milliseconds(near["presses"][way]), ""] for way, label in WAYS.items()
    ]
    rows[0][2] = "≤ 16.7 ms"
    ours, empty = middle["ours"], middle["empty"]
    share = near["drag"]["painted"] / near["drag"]["frames"]
    played = near["play"]["painted"] / min(near["play"]["frames"], 100)
    return [
        *rows,
        ["動く図 ÷ 空の往復", f"{ours / empty:.2f}", "≤ 0.4"],
        ["interact ÷ 動く図", f"{middle['redrawn'] / ours:.0f}", "≥ 25"],
        ["150 ms 先の動く図 ÷ 近くの動く図", f"{away['ours'] / ours:.2f}", "≤ 1.2"],
        ["150 ms 先で1枚ずつ送る図", milliseconds(far["presses"]["jpeg"]), ""],
        [
            "初めての目盛り ÷ 空の往復",
            f"{float(np.median(near['first touch'])) / empty:.2f}",
            "≤ 1.3（update を除く）",
        ],
        ["100 の位置が届くまで", milliseconds(near["warm"]), "≤ 1000 ms"],
        ["引っぱる間に新しい絵のあるフレーム", f"{share:.0%}", "≥ 90%"],
        ["その間のカーネルの CPU", f"{near['drag']['kernel']:.1%}", "≤ 5%"],
        ["▶ の間に新しい絵のあるフレーム", f"{played:.0%}", "≥ 90%"],
        ["▶ のいちばん長い間", f"{near['play']['longest']:.0f} ms", "≤ 50 ms"],
    ]


def milliseconds(times):
    """Return median and quartiles as text."""
    low, middle, high = np.percentile(times, [25, 50, 75])
    return f"{middle:.1f} ms（{low:.1f}–{high:.1f}）"
