"""A JupyterLab as `make lab` starts it, and a lesson in it as the browser tests drive it.

The server works on a copy of notebooks/; nothing is written beside it. Every wait is for a
condition; the time limits only bound what would never come.
"""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import matplotlib
import nbformat
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from tests.browser.figures import TWO_FRAMES
from tests.conftest import PROJECT

LESSONS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))
PATIENCE = 180_000  # ms for one condition; a loaded machine is slow
RUN_PATIENCE = 400_000  # ms for all cells of a lesson
expect.set_options(timeout=PATIENCE)

LIVE_FIGURE = ".koubai-figure"
CONTROL = ".koubai-slider, .koubai-select"
FAULT = ", ".join(
    [
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]',
        '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]',
        ".jp-OutputArea [role=alert]",
        ".jp-OutputArea :text('Error displaying widget')",
        ".jp-OutputArea :text('Loading widget')",
        ".jupyter-widgets-error-widget",
        ".jp-Dialog",
    ]
)


class Server:
    """A running JupyterLab, started with the options of `make lab`."""

    def __init__(self, folder):
        self.root = folder / "root"
        self.progress = folder / "progress.json"
        shutil.copytree(PROJECT / "notebooks" / "cards", self.root / "notebooks" / "cards")
        (folder / "home").mkdir()
        jupyter = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"]
        places = [f"JUPYTER_{name}" for name in jupyter] + ["IPYTHONDIR"]
        places += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG_"))}
        self.environment = {
            **inherited,
            **{name: str(folder / name.lower()) for name in places},
            "HOME": str(folder / "home"),
            "KOUBAI_NOTES_PROGRESS": str(self.progress),
            "MPLCONFIGDIR": matplotlib.get_cachedir(),  # fonts are already known there
        }
        for name in LESSONS:
            self.copy(name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = folder / "server.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*lab_command(), "--no-browser", f"--port={port}", "--port-retries=0"],
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.address = f"http://127.0.0.1:{port}/"
        self.token = self._token(folder / "jupyter_runtime_dir")

    def _token(self, folder):
        """Wait until the server answers, and return the token that it made."""
        for _ in range(300):
            assert self.process.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(self.address, timeout=5).close()
            except OSError:
                try:
                    self.process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            return json.loads(next(folder.glob("jpserver-*.json")).read_text())["token"]
        raise AssertionError(f"no answer\n{self.log.read_text()}")

    def address_of(self, name):
        """Return the address that opens a lesson in JupyterLab."""
        return f"{self.address}lab/tree/notebooks/{name}?reset&token={self.token}"

    def copy(self, name):
        """Lay a lesson as it is committed, trusted by this user; return its content."""
        source = (PROJECT / "notebooks" / name).read_text(encoding="utf-8")
        return self.write(name, nbformat.v4.reads(source))

    def write(self, name, notebook):
        path = self.root / "notebooks" / name
        nbformat.write(notebook, path)
        return notebook

    def trust(self, *names):
        """Trust lessons as if this user had run them: their stored output counts as his own."""
        paths = [str(self.root / "notebooks" / name) for name in names]
        command = [sys.executable, "-m", "jupyter", "trust", *paths]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def ask(self, path, method="GET", token=None):
        """Return status, final address and text of the answer."""
        request = urllib.request.Request(self.address + path, method=method)
        if token:
            request.add_header("Authorization", f"token {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, ""

    def end_sessions(self, name=""):
        """End the kernels of all notebooks whose file has this name; without one, all kernels."""
        for session in json.loads(self.ask("api/sessions", token=self.token)[2]):
            if name in session["path"]:
                self.ask(f"api/sessions/{session['id']}", "DELETE", self.token)

    def stop(self):
        self.end_sessions()
        self.process.terminate()
        self.process.wait(30)


def lab_command():
    """Return the command of `make lab`, with this Python."""
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    options = re.search(r"\$\(VENV_PYTHON\) -m jupyterlab (.*)", makefile).group(1)
    return [sys.executable, "-m", "jupyterlab", *shlex.split(options.replace("$(ARGS)", ""))]


class Lesson:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, server, name, notebook):
        self.page, self.notebook = page, notebook
        self.code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        page.goto(server.address_of(name))
        there = "count => document.querySelectorAll('.jp-Cell').length === count"
        self.wait(there, len(notebook.cells), "all cells to be there")
        self.wait_for_kernel()

    def wait(self, condition, argument, what, timeout=PATIENCE):
        """Wait for a condition in the page and return its value."""
        try:
            return self.page.wait_for_function(
                condition, arg=argument, timeout=timeout
            ).json_value()
        except TooLate:
            raise AssertionError(f"waited in vain for {what}; faults: {self.faults()}") from None

    def menu(self, menu, entry):
        self.page.locator(".lm-MenuBar-item", has_text=menu).click()
        self.page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()

    def run_all(self):
        """Run all cells through the menu and wait until each has run and the kernel is idle."""
        self.menu("編集", "すべてのセルの出力を消去")
        self.wait_for_prompts(r"\[ \]:", PATIENCE)
        self.menu("実行", "すべてのセルを実行")
        self.wait_for_prompts(r"\[\d+\]:", RUN_PATIENCE)
        self.wait_for_kernel()

    def run(self, cell_id):
        """Run one cell as a learner does, and wait until it has run."""
        self.start(cell_id)
        expect(self.cell(cell_id).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
        self.wait_for_kernel()

    def start(self, cell_id, source=None):
        """Start a cell by Shift+Enter, with another source if one is given."""
        self.cell(cell_id).locator(".cm-content").click()
        if source is not None:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")

    def restart_kernel(self):
        self.menu("カーネル", "カーネルを再起動…")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_for_kernel()

    def save(self):
        self.page.keyboard.press("Control+s")
        self.page.wait_for_selector(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)")

    def wait_for_kernel(self):
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("(ipykernel) | アイドル")

    def wait_for_prompts(self, pattern, timeout):
        """Wait until the prompts of all cells match the pattern; folded cells have none."""
        shown = [
            c for c in self.code_cells if not c.metadata.get("jupyter", {}).get("source_hidden")
        ]
        self.wait(
            """([pattern, count]) => {
                const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
                const matches = prompt => new RegExp(`^${pattern}$`).test(prompt.textContent);
                return prompts.filter(matches).length === count;
            }""",
            [pattern, len(shown)],
            f"all prompts to be {pattern}",
            timeout,
        )

    def wait_for_stills(self):
        """Wait until the still pictures of the notebook are there, as before the first run."""
        outputs = [output for cell in self.code_cells for output in cell.outputs]
        self.wait(
            """count => {
                const images = [...document.querySelectorAll(".jp-RenderedImage img")];
                return images.length === count && images.every(image => image.naturalWidth > 100);
            }""",
            sum("image/png" in output.get("data", {}) for output in outputs),
            "the still pictures",
        )

    def faults(self):
        return [text.strip()[:300] for text in self.page.locator(FAULT).all_text_contents()]

    def cell(self, cell_id):
        index = [cell.id for cell in self.notebook.cells].index(cell_id)
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')

    def live_figures(self):
        return [LiveFigure(self, box) for box in self.page.locator(LIVE_FIGURE).all()]


class LiveFigure:
    """A live figure in the page, moved as a learner does."""

    def __init__(self, lesson, box):
        self.lesson, self.page, self.box = lesson, lesson.page, box
        box.wait_for(state="attached")
        self.controls = box.locator(CONTROL).all()
        self.canvas = box.locator("canvas")
        self.notice = box.locator(".koubai-notice")

    def position(self):
        """Return where all controls stand."""
        return [self.place(control)[0] for control in self.controls]

    def place(self, control):
        """Return where a control stands, and its last place; the first is 0."""
        return control.evaluate(
            """control => control.matches("select")
                ? [control.selectedIndex, control.options.length - 1]
                : [Number(control.value), Number(control.max)]"""
        )

    def picture(self, position=None):
        """Wait until a position (that of the controls) is drawn; return all pixels as text."""
        shown = ",".join(map(str, position or self.position()))
        expect(self.box).to_have_attribute("data-shown", shown)
        return self.canvas.evaluate("canvas => canvas.toDataURL()")

    def visit_both_ends(self, control):
        """Move a control to both ends and back by keyboard; the picture follows each time."""
        name = control.evaluate("control => control.labels[0].textContent")
        start, last = self.place(control)
        assert last > 0, f"{name} has one place only"
        at_start = self.picture()
        pictures = {at_start}
        for key, target in [("End", last), ("Home", 0)]:
            if self.place(control)[0] == target:
                continue
            self.press(control, key)
            assert self.place(control)[0] == target, f"{name} does not obey the key {key}"
            pictures.add(self.picture())
        assert len(pictures) > 1, f"{name}: the same picture at both ends"
        self.go(control, start)
        assert self.picture() == at_start, f"{name}: another picture at the start"

    def press(self, control, key):
        """Press a key; the control has moved with the next frame of the display."""
        control.press(key)
        self.page.evaluate(TWO_FRAMES)

    def go(self, control, target):
        """Bring a control to a place by its keys."""
        is_list = control.evaluate("control => control.matches('select')")
        while (at := self.place(control)[0]) != target:
            if is_list:
                key = "ArrowDown" if target > at else "ArrowUp"
            elif abs(target - at) >= 10:
                key = "PageUp" if target > at else "PageDown"
            else:
                key = "ArrowRight" if target > at else "ArrowLeft"
            self.press(control, key)
            moved = self.place(control)[0]
            assert abs(target - moved) < abs(target - at), f"the key {key} is not obeyed"
