"""The contents manager against the stock one, on any JSON as a notebook file.

Both give the same status and the same content, but for the views of widgets that no kernel has.
"""

import asyncio
import copy
import json
import warnings

import nbformat
from hypothesis import given, settings
from hypothesis import strategies as st
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from nbformat.sign import MemorySignatureStore, NotebookNotary
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tornado.web import HTTPError
from traitlets.config import Configurable

from helpers.contents import Notebooks
from helpers.display import WIDGET_STATE, WIDGET_VIEW

NAMES = ["cells", "data", "metadata", "model_id", "outputs", "source", "state", "widgets"]
KEYS = st.sampled_from([*NAMES, WIDGET_STATE, WIDGET_VIEW, "image/png"]) | st.text(max_size=3)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 5) | st.floats(allow_nan=False) | st.text("ab"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


class NoKernels(Configurable):
    """A server in which nothing runs."""

    @property
    def session_manager(self):
        return self

    async def list_sessions(self):
        return []


def sound():
    """A notebook as JSON data: a figure with a saved state, and one without."""
    views = [{WIDGET_VIEW: {"model_id": name}, "image/png": "AAAA"} for name in ("1", "2")]
    outputs = [new_output("display_data", data=data) for data in views]
    cells = [new_markdown_cell("文"), new_code_cell("図", outputs=outputs)]
    metadata = {"widgets": {WIDGET_STATE: {"state": {"1": {}}}}}
    return json.loads(nbformat.writes(new_notebook(cells=cells, metadata=metadata)))


def places(data, path=()):
    """Yield the paths of all parts of JSON data."""
    yield path
    if isinstance(data, (dict, list)):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(part, (*path, key))


def changed(data, path, new):
    """Return JSON data with the part at a path replaced."""
    if not path:
        return new
    data = copy.deepcopy(data)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = new
    return data


ONE_PART_ODD = st.builds(changed, st.just(sound()), st.sampled_from(list(places(sound()))), ANY)
TWO_PARTS_ODD = ONE_PART_ODD.flatmap(
    lambda data: st.builds(changed, st.just(data), st.sampled_from(list(places(data))), ANY)
)


def opened(kind, folder):
    """Return (status, model) of opening a.ipynb with a kind of manager; signatures in memory."""
    notary = NotebookNotary(store_factory=MemorySignatureStore, secret=b"signed")
    manager = kind(parent=NoKernels(), root_dir=str(folder), notary=notary)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbformat's, about missing ids
        try:
            return 200, asyncio.run(manager.get("a.ipynb"))
        except HTTPError as error:
            return error.status_code, None
        except Exception:
            return 500, None


def without_views(data):
    """Return JSON data without any view of a widget."""
    if isinstance(data, dict):
        return {key: without_views(part) for key, part in data.items() if key != WIDGET_VIEW}
    return [without_views(part) for part in data] if isinstance(data, list) else data


@settings(derandomize=True, deadline=None, max_examples=150)
@given(data=ANY | ONE_PART_ODD | TWO_PARTS_ODD)
def test_any_json_opens_as_in_the_stock_manager(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / "contents"
    folder.mkdir(exist_ok=True)
    (folder / "a.ipynb").write_text(json.dumps(data), encoding="utf-8")
    before = (folder / "a.ipynb").read_bytes()
    stock, ours = opened(AsyncLargeFileManager, folder), opened(Notebooks, folder)
    assert ours[0] == stock[0]
    assert without_views(ours[1]) == without_views(stock[1])
    assert (folder / "a.ipynb").read_bytes() == before


def test_the_views_of_a_sound_notebook_are_removed_unless_their_state_is_saved(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(sound()), encoding="utf-8")
    _, model = opened(Notebooks, tmp_path)
    kept = [WIDGET_VIEW in output["data"] for output in model["content"]["cells"][1]["outputs"]]
    assert kept == [True, False]
