"""What live figures show away from their start: facts and strokes at chosen positions.

`make notebooks` writes them, one file a lesson, in tests/notebooks/positions/; the regression run
compares them. The kernel adds them to a figure's output while these two execute a notebook
(BEFORE), and both take them out again: a committed notebook holds the start position alone.
"""

import json
from pathlib import Path

import numpy as np

from helpers.display import POSITIONS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "notebooks" / "positions"
DRAWN = 10  # positions by lot, beside the start and both ends of each slider
NEAR = 2  # px that a stroke may move from machine to machine
BEFORE = f"""\
import sys
sys.path.insert(0, {str(ROOT)!r})
import tools.positions
tools.positions.register()
del sys, tools
"""


def register():
    """Make the kernel add the positions to what a live figure displays."""
    from IPython import get_ipython

    from helpers.live.widget import Explorer

    formatter = get_ipython().display_formatter.mimebundle_formatter
    formatter.for_type(Explorer, with_positions)


def with_positions(explorer):
    """Return what a live figure displays, with its positions."""
    data, metadata = explorer._repr_mimebundle_()
    return {**data, POSITIONS: witnesses(explorer)}, metadata


def witnesses(explorer):
    """Return {position: what is shown there} for the start, the ends and some drawn by lot."""
    counts = [len(control.values) for control in explorer.controls.values()]
    start = explorer.start
    chosen = [start]
    for k, count in enumerate(counts):
        chosen += [(*start[:k], end, *start[k + 1 :]) for end in (0, count - 1)]
    rng = np.random.default_rng(0)
    chosen += [tuple(int(rng.integers(count)) for count in counts) for _ in range(DRAWN)]
    return {",".join(map(str, at)): shown(explorer.frame(at)) for at in dict.fromkeys(chosen)}


def shown(frame):
    """Return the facts and the strokes of a frame, as plain JSON."""
    facts = {label: text for label, text in frame.facts}
    return {"facts": facts, "strokes": list(map(stroke, frame.ops)), "error": frame.error}


def stroke(op):
    """Return a stroke as its kind, its number of points, and its ends and middle in pixels."""
    kind, _, points, *rest = op
    if kind == "text":
        points = np.array([rest[0][:2]])
    elif kind == "image":
        points = np.array([points]).reshape(2, 2)
    inside = points[np.abs(points).max(axis=1) < 20000] / 10
    if not len(inside):
        return [kind, len(points)]
    places = [*inside[0], *inside[-1], *np.median(inside, axis=0)]
    return [kind, len(points), *(round(float(value)) for value in places)]


def differences(expected, actual):
    """Yield in what the positions of a figure differ from those that were written."""
    for at in expected.keys() | actual.keys():
        if at not in actual or at not in expected:
            yield f"position {at} is on one side only"
            continue
        before, after = expected[at], actual[at]
        for part in ("facts", "error"):
            if before[part] != after[part]:
                yield f"position {at}: {part} {after[part]}, expected {before[part]}"
        if not same_strokes(before["strokes"], after["strokes"]):
            yield f"position {at}: strokes {after['strokes']}, expected {before['strokes']}"


def same_strokes(before, after):
    """Whether two lists of strokes are the same within a few pixels."""
    if [stroke[:2] for stroke in before] != [stroke[:2] for stroke in after]:
        return False
    pairs = zip(before, after, strict=True)
    return all(np.abs(np.subtract(a[2:], b[2:])).max(initial=0) <= NEAR for a, b in pairs)


def taken(notebook):
    """Take the positions out of an executed notebook; return them as {cell id: positions}."""
    outputs = [(cell.id, o) for cell in notebook.cells for o in cell.get("outputs", [])]
    return {id: o.data.pop(POSITIONS) for id, o in outputs if POSITIONS in o.get("data", {})}


def path_of(name):
    """Return the file of a notebook's positions."""
    return FOLDER / f"{Path(name).stem}.json"


def read(name):
    """Return the positions that were written for a notebook; none if there is no file."""
    path = path_of(name)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(name, figures):
    """Write the positions of a notebook's figures, a line each; no file if there are none."""
    path = path_of(name)
    if not figures:
        path.unlink(missing_ok=True)
        return
    blocks = []
    for cell, positions in figures.items():
        lines = [f"{compact(at)}:{compact(what)}" for at, what in positions.items()]
        blocks.append(f"{compact(cell)}:{{\n" + ",\n".join(lines) + "\n}")
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8", newline="\n")


def compact(value):
    """Return a value as JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
