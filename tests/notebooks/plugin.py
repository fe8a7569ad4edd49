"""Pytest plugin that adds to nbval what it leaves out.

nbval executes a notebook again and compares its text, but in its own way (a last `;`, cleared and
updated outputs), it skips pictures and passes cells that were never run. Here each notebook that
nbval collects is collected by subclasses instead, which let the project's executor run it, also
compare pictures, refuse cells without an execution count, and refuse anything on stderr. nbval
already ignores the widget views, which exist in a fresh run only.

Pictures that fail are written to build/regression/<notebook>/<cell id>-<n>-*.png (or .jpeg, .svg).
"""

import base64
import shutil
from itertools import zip_longest
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams

from tests.notebooks.compare import (
    DRAWING,
    KINDS,
    compare,
    compare_drawings,
    decode,
    difference_picture,
)
from tools import positions
from tools.execute import Refused, code_cells, read, run


def pictures(outputs) -> list[tuple[str, str]]:
    """Return the pictures of a cell's outputs, in order, as (kind, data)."""
    shown = [(kind, o.data[kind]) for o in outputs for kind in KINDS if kind in o.get("data", {})]
    return [(kind, "".join(data)) for kind, data in shown]


class CourseCell(IPyNbCell):
    """A code cell whose pictures count as well."""

    def runtest(self):
        result = self.parent.result
        if self.cell_num >= result.done:
            self.raise_cell_error(result.fault, result.detail)
        if self.cell.execution_count is None:
            self.raise_cell_error(f"Cell {self.cell.id} was never executed: run `make notebooks`")
        self.test_outputs = code_cells(result.notebook)[self.cell_num].outputs
        self.compare_positions()
        both = (coalesce_streams(self.test_outputs), coalesce_streams(self.cell.outputs))
        if not self.compare_outputs(*both):
            self.raise_cell_error("Cell outputs differ", "\n".join(self.comparison_traceback))

    def compare_positions(self):
        """A live figure shows at other positions what it showed when they were written."""
        written = positions.read(self.parent.path.name).get(self.cell.id, {})
        now = self.parent.positions.get(self.cell.id, {})
        if faults := list(positions.differences(written, now)):
            self.raise_cell_error("Live figure differs", "\n".join(faults))

    def compare_outputs(self, test, ref, skip_compare=None):
        same = super().compare_outputs(test, ref, skip_compare)
        faults = self.stream_faults(test) + self.picture_faults(pictures(ref), pictures(test))
        self.comparison_traceback += [f"cell {self.cell.id}: {fault}" for fault in faults]
        return same and not faults

    def stream_faults(self, outputs) -> list[str]:
        texts = [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"]
        return [f"writes to stderr: {text}" for text in texts]

    def picture_faults(self, expected: list, actual: list) -> list[str]:
        faults = []
        if len(expected) != len(actual):
            faults.append(f"shows {len(actual)} pictures, expected {len(expected)}")
        for number, (before, after) in enumerate(zip_longest(expected, actual), start=1):
            fault = self.picture_fault(before, after)
            if fault:
                written = self.write_pictures(number, before, after)
                faults.append(f"picture {number}: {fault}; see {written}")
        return faults

    def picture_fault(self, before, after) -> str | None:
        if not (before and after):
            return "is on one side only"
        if before[0] != after[0]:
            return f"is {after[0]}, expected {before[0]}"
        return (compare_drawings if before[0] == DRAWING else compare)(before[1], after[1])

    def write_pictures(self, number: int, expected, actual) -> str:
        """Write the pictures and return their paths, for the message."""
        folder = self.parent.picture_folder
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{self.cell.id}-{number}"
        written, pixels = [], []
        for name, picture in (("expected", expected), ("actual", actual)):
            if picture:
                kind, data = picture
                path = folder / f"{stem}-{name}.{kind.partition('/')[2].partition('+')[0]}"
                path.write_bytes(data.encode() if kind == DRAWING else base64.b64decode(data))
                written.append(path)
                pixels += [] if kind == DRAWING else [decode(data)]
        if len(pixels) == 2 and pixels[0].shape == pixels[1].shape:
            path = folder / f"{stem}-difference.png"
            difference_picture(*pixels).save(path)
            written.append(path)
        return ", ".join(str(path.relative_to(self.config.rootpath)) for path in written)


class CourseNotebook(IPyNbFile):
    """A notebook whose cells are CourseCells, named by their ids."""

    @property
    def picture_folder(self) -> Path:
        return self.config.rootpath / "build" / "regression" / self.path.stem

    def setup(self):
        """Execute the notebook as `make notebooks` does, so that both see the same outputs."""
        shutil.rmtree(self.picture_folder, ignore_errors=True)
        self.setup_sanitize_files()
        self.result = run(self.path, positions.BEFORE)
        self.positions = positions.taken(self.result.notebook) if self.result.notebook else {}

    def collect(self):
        try:
            read(self.path)
        except Refused as refused:
            raise self.CollectError(str(refused)) from None
        for item in super().collect():
            yield CourseCell.from_parent(
                self,
                name=f"{item.name} ({item.cell.id})",
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    """Replace nbval's collector of a notebook by ours."""
    collectors = yield
    return [
        CourseNotebook.from_parent(parent, path=file_path) if type(c) is IPyNbFile else c
        for c in collectors
    ]
