"""All positions of a live figure as one packed load, so that a page can show it with no kernel."""

import base64
import itertools
import json
import math
import zlib

import numpy as np

from helpers.figures import Picture, settle
from helpers.live.pack import Pack, long_lines
from helpers.live.scene import Frame, still_of
from helpers.live.strokes import Strokes
from helpers.live.widget import picture_card

MOST = 2400  # positions of a figure; a thinned grid has 2,000 and more
FINE, COARSE = 25, 5  # stops that a learning rate or a step count, and another slider, keep first


def live(explorer):
    """Return what the page needs of a live figure: its card, the packed frames, what is missing."""
    positions = page_positions(explorer, MOST)
    frames = [explorer.frame(position) for position in positions]
    pack = Pack(explorer.scene.strokes, long_lines(frames))
    for position, frame in zip(positions, frames, strict=True):
        pack.add(position, frame, explorer.scene.stills)
    offered = [len(set(stops)) for stops in zip(*positions, strict=True)]
    controls = list(explorer.controls.values())
    thinned = [c.label for c, n in zip(controls, offered, strict=True) if 1 < n < len(c.values)]
    fixed = [c.label for c, n in zip(controls, offered, strict=True) if n == 1 < len(c.values)]
    return {
        "card": explorer.card,
        "packed": packed(*pack.take()),
        "count": len(positions),
        "thinned": thinned,
        "fixed": fixed,
    }


def picture(shown: Picture):
    """Return a picture that does not move, as a live figure with one position and no sliders."""
    settle(shown.figure)
    strokes = Strokes(shown.figure)
    still = still_of(shown.figure, strokes)
    pack = Pack(strokes)
    pack.add((), Frame(0, [], ()), [still])
    return {
        "card": picture_card(shown.figure, shown.alt),
        "packed": packed(*pack.take()),
        "count": 1,
        "thinned": [],
        "fixed": [],
    }


def packed(head, body):
    """Return a load as text: the length of the head, head and body, deflated."""
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    data = len(text).to_bytes(4, "little") + text + body
    return base64.b64encode(zlib.compress(data, 9)).decode()


def page_positions(explorer, limit):
    """Return the positions that the page offers, the start first.

    All, if they are no more than the limit; else a grid of fewer stops, in which learning rate and
    step count stay fine, and a finer grid over the two sliders of a point that can be dragged.
    """
    controls = list(explorer.controls.values())
    names = list(explorer.controls)
    start = explorer.start
    counts = grid_counts(controls, names, limit)
    grids = [[stops(c, n) for c, n in zip(controls, counts, strict=True)]]
    for pair in explorer.drag.values():
        dragged = [names.index(name) for name in pair if name is not None]
        if any(counts[k] < len(controls[k].values) for k in dragged):
            each = round((limit / 3) ** (1 / len(dragged)))
            grids.append(
                [
                    stops(control, each) if k in dragged else [start[k]]
                    for k, control in enumerate(controls)
                ]
            )
    every = itertools.chain([start], *(itertools.product(*grid) for grid in grids))
    return list(dict.fromkeys(every))


def grid_counts(controls, names, limit):
    """Return how many stops each slider keeps, so that their product is within the limit."""
    counts = [len(control.values) for control in controls]
    fine = [
        c.kind == "steps" or name.startswith("lr") for c, name in zip(controls, names, strict=True)
    ]
    numbers = [control.kind != "list" for control in controls]
    others = [k for k, number in enumerate(numbers) if number and not fine[k]]
    first = [k for k, number in enumerate(numbers) if number and fine[k]]
    lists = [k for k, number in enumerate(numbers) if not number]
    for group, least in ((others, COARSE), (first, FINE), (others, 1), (first, COARSE), (lists, 1)):
        while math.prod(counts) > limit and any(counts[k] > least for k in group):
            k = max(group, key=lambda k: counts[k] if counts[k] > least else 0)
            counts[k] = least if k in lists else max(least, min(counts[k] - 1, counts[k] * 9 // 10))
    return counts


def stops(control, count):
    """Return the numbers of `count` stops: both ends, the start and even ones between."""
    last = len(control.values) - 1
    if count > last:
        return list(range(last + 1))
    if count == 1:
        return [control.start]
    even = np.linspace(0, last, count).round().astype(int)
    inside = even[1:-1] if count > 2 else even  # the ends stay
    if control.start not in even:
        inside[np.abs(inside - control.start).argmin()] = control.start
    return sorted(set(even.tolist()))
