"""What JupyterLab is given when a lesson is opened: live figures only where a kernel has them."""

import asyncio
import json

import nbformat
import pytest
from nbformat.sign import MemorySignatureStore, NotebookNotary
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from traitlets.config import Configurable
from traitlets.utils.importstring import import_item

from helpers.contents import Notebooks
from helpers.display import WIDGET_STATE, WIDGET_VIEW
from tests.conftest import PROJECT

SETTINGS = PROJECT / "etc" / "jupyter" / "jupyter_server_config.json"
FIGURE = {WIDGET_VIEW: {"model_id": "1"}, "image/png": "AAAA", "text/plain": "図"}
STILL = {"image/png": "AAAA", "text/plain": "図"}


class Server(Configurable):
    """A server with a kernel for each running notebook, given as {path: ids of its widgets}.

    A kernel whose widgets are None is busy and does not answer.
    """

    def __init__(self, running):
        self.session_manager = self.kernel_manager = self
        self.running = running
        self.channels = 0

    async def list_sessions(self):
        return [{"path": path, "kernel": {"id": f"kernel of {path}"}} for path in self.running]

    def get_kernel(self, kernel_id):
        self.widgets = self.running[kernel_id.removeprefix("kernel of ")]
        return self

    def client(self):
        return self

    def start_channels(self, **channels):
        self.channels += 1

    def stop_channels(self):
        self.channels -= 1

    async def comm_info(self, target_name, reply, timeout):
        if self.widgets is None:
            raise TimeoutError
        assert (target_name, reply) == ("jupyter.widget", True)
        return {"content": {"comms": {name: {"target_name": target_name} for name in self.widgets}}}


def contents_manager(folder, server):
    """A manager with its signatures in memory: a real one keeps a file open until it ends."""
    notary = NotebookNotary(store_factory=MemorySignatureStore, secret=b"signed")
    return Notebooks(parent=server, root_dir=str(folder), notary=notary)


def opened(folder, path, running, figure=FIGURE, saved=()):
    """Save a lesson that was run, and return (what opening it gives, what the file holds).

    Its widgets with the ids in saved are stored in its metadata, with all their state.
    """
    outputs = [new_output("display_data", data=figure), new_output("stream", text="1")]
    cells = [new_markdown_cell("文"), new_code_cell("figure", outputs=outputs)]
    file = folder / "lessons" / "01.ipynb"
    file.parent.mkdir()
    state = {WIDGET_STATE: {"state": {name: {} for name in saved}}}
    metadata = {"widgets": state} if saved else {}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), file)
    server = Server(running)
    model = asyncio.run(contents_manager(folder, server).get(path))
    assert server.channels == 0
    shown = [cell["outputs"][0]["data"] for cell in model["content"]["cells"][1:]]
    kept = [cell["outputs"][0]["data"] for cell in nbformat.read(file, 4)["cells"][1:]]
    return shown[0], kept[0]


@pytest.mark.parametrize("running", [{}, {"lessons/02.ipynb": ["1"], "01.ipynb": ["1"]}])
def test_without_its_kernel_a_lesson_opens_with_still_pictures(tmp_path, running):
    shown, kept = opened(tmp_path, "/lessons/01.ipynb", running)
    assert shown == STILL
    assert kept == FIGURE


@pytest.mark.parametrize("widgets", [[], ["2"]])
def test_a_kernel_that_was_restarted_has_no_figure_to_show(tmp_path, widgets):
    shown, kept = opened(tmp_path, "lessons/01.ipynb", {"lessons/01.ipynb": widgets})
    assert shown == STILL
    assert kept == FIGURE


def test_a_figure_whose_state_is_saved_needs_no_kernel(tmp_path):
    shown, kept = opened(tmp_path, "lessons/01.ipynb", {}, saved=["0", "1"])
    assert shown == kept == FIGURE


@pytest.mark.parametrize("view", ["1", ["1"], {"model_id": ["1"]}, {}])
def test_a_notebook_with_a_broken_view_can_be_opened(tmp_path, view):
    shown, kept = opened(tmp_path, "lessons/01.ipynb", {}, {WIDGET_VIEW: view, "text/plain": "図"})
    assert shown == {"text/plain": "図"}


def test_a_busy_kernel_keeps_its_figures(tmp_path):
    shown, kept = opened(tmp_path, "lessons/01.ipynb", {"lessons/01.ipynb": None})
    assert shown == kept == FIGURE


@pytest.mark.parametrize("path", ["lessons/01.ipynb", "/lessons/01.ipynb"])
def test_with_its_kernel_a_lesson_opens_with_live_figures(tmp_path, path):
    shown, kept = opened(tmp_path, path, {"lessons/02.ipynb": [], "lessons/01.ipynb": ["1", "2"]})
    assert shown == kept == FIGURE


def test_folders_and_files_are_given_as_they_are(tmp_path):
    (tmp_path / "a.txt").write_text("文", encoding="utf-8")
    manager = contents_manager(tmp_path, Server({}))
    assert asyncio.run(manager.get("a.txt"))["content"] == "文"
    assert [entry["name"] for entry in asyncio.run(manager.get(""))["content"]] == ["a.txt"]
    assert asyncio.run(manager.get("a.txt", content=False))["content"] is None


def test_the_server_is_told_to_use_it():
    settings = json.loads(SETTINGS.read_text())
    assert import_item(settings["ServerApp"]["contents_manager_class"]) is Notebooks
