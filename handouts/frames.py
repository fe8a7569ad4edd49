"""Draw a live figure for every position of its sliders, so that a page can show it with no kernel.

The unmoving part is one picture. The moved parts are SVG, drawn by matplotlib; a part that looks
the same at two positions is stored once, and so is every letter.
"""

import base64
import hashlib
import io
import itertools
import json
import math
import re
import xml.etree.ElementTree as ET
import zlib
from xml.sax.saxutils import quoteattr

import ipywidgets as widgets
import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from handouts.pictures import sharp_webp
from helpers.explorer import draw_part
from helpers.figures import DPI

MOST_FRAMES = 200
# With more positions than that, the page varies these first, and few values of each; the sliders
# that are then too many keep their start value. The page says so.
VARIED_FIRST = ("lr", "step_num", "method")
FEW = 5
SVG_DPI = 72  # matplotlib's SVG renderer knows no other


def frames(explorer):
    """Return all that the page needs, as JSON data: sliders, backgrounds and the packed frames."""
    positions = {name: options(widget) for name, widget in explorer.sliders.items()}
    start = {name: widget.value for name, widget in explorer.sliders.items()}
    kept = reduce_positions(positions, start)
    recorder = Recorder(explorer)
    for values in itertools.product(*([value for _, value in kept[name]] for name in kept)):
        recorder.record(dict(zip(kept, values, strict=True)))
    explorer.move(**start)
    return {
        "sliders": [
            {
                "name": name,
                "label": explorer.sliders[name].description,
                "kind": "list" if is_list(explorer.sliders[name]) else "range",
                "options": [label for label, _ in kept[name]],
                "start": [same(value, start[name]) for _, value in kept[name]].index(True),
                "thinned": 1 < len(kept[name]) < len(positions[name]),
                "fixed": len(kept[name]) == 1 < len(positions[name]),
            }
            for name in kept
        ],
        **recorder.result(start),
    }


def is_list(widget):
    """Whether the widget chooses among names; else it moves along an axis."""
    return not hasattr(widget, "readout")


def options(widget):
    """Return (label, value) for every position of a widget."""
    if hasattr(widget, "_options_full"):
        return list(widget._options_full)
    if isinstance(widget, widgets.Checkbox):
        return [("いいえ", False), ("はい", True)]
    if isinstance(widget, (widgets.IntSlider, widgets.FloatSlider)):
        count = round((widget.max - widget.min) / widget.step)
        values = [widget.min + k * widget.step for k in range(count + 1)]
        values = [round(value, 10) for value in values]
        return [(format(value, widget.readout_format), value) for value in values]
    raise ValueError(f"no positions known for {type(widget).__name__} ({widget.description})")


def same(a, b):
    """Whether two option values are the same position."""
    return a is b or bool(np.all(a == b))


def reduce_positions(positions, start):
    """Return the positions that the page offers: all, or few of the most telling sliders."""
    if math.prod(map(len, positions.values())) <= MOST_FRAMES:
        return positions
    kept = {
        name: [option for option in offered if same(option[1], start[name])][:1]
        for name, offered in positions.items()
    }
    first = [name for name in VARIED_FIRST if name in positions]
    for name in [*first, *(name for name in positions if name not in first)]:
        offered = positions[name]
        # Names are all offered or none; of numbers, the ends, the start and some between.
        if len(offered) > FEW and isinstance(offered[0][1], (int, float)):
            at = offered.index(kept[name][0])
            even = np.linspace(0, len(offered) - 1, FEW).round().astype(int)
            if at not in even:
                between = even[1:-1]
                between[np.abs(between - at).argmin()] = at
            offered = [offered[k] for k in even]
        others = math.prod(len(other) for key, other in kept.items() if key != name)
        if others * len(offered) <= MOST_FRAMES:
            kept[name] = offered
    return kept


class Recorder:
    """Collects the frames of one live figure."""

    def __init__(self, explorer):
        self.explorer = explorer
        self.canvas = explorer.figure.canvas
        self.background = None
        self.backgrounds = {}  # content hash → WebP in base64
        self.definitions = Definitions()
        self.drawings = {}  # part → {SVG: number}
        self.frames = []  # per frame: values, background number, {part: drawing number}

    def record(self, values):
        """Move the figure to the values and keep what it shows."""
        self.explorer.move(**values)
        if self.background is not self.explorer.background:
            self.background = self.explorer.background
            self.shown = self._keep_background()
        drawn = {}
        figure = self.explorer.figure
        figure.dpi = SVG_DPI
        try:
            for part in self.explorer.moving:
                known = self.drawings.setdefault(part, {})
                drawn[part] = known.setdefault(self._draw(part), len(known))
        finally:
            figure.dpi = DPI
        self.frames.append((values, self.shown, drawn))

    def _keep_background(self):
        """Return the number of the present background, a known one if it looks the same."""
        self.canvas.restore_region(self.background)
        rgba = np.array(self.canvas.buffer_rgba())
        key = hashlib.sha256(rgba.tobytes()).hexdigest()
        if key not in self.backgrounds:
            self.backgrounds[key] = sharp_webp(self.explorer.figure)
        return list(self.backgrounds).index(key)

    def _draw(self, part):
        """Return a part as SVG."""
        width, height = self.explorer.figure.bbox.size
        with matplotlib.rc_context({"svg.hashsalt": "handout", "svg.fonttype": "path"}):
            text = io.StringIO()
            renderer = CompactRenderer(width, height, text, image_dpi=DPI)
            draw_part(part, renderer)
            renderer.finalize()
        drawing = self.definitions.extract(text.getvalue())
        if isinstance(part, Text) and part.get_text():
            return f"<g aria-label={quoteattr(part.get_text())}>{drawing}</g>"
        return drawing

    def result(self, start):
        """Return the frames as JSON data; `first` is all of the one with the start values."""
        parts = list(self.drawings)
        drawings = [list(self.drawings[part]) for part in parts]
        # A part that moved for the first time later on is still in the earlier background.
        frames = [
            [shown, *(drawn.get(part, -1) for part in parts)] for _, shown, drawn in self.frames
        ]
        text = json.dumps(
            {
                "definitions": self.definitions.svg(),
                "drawings": drawings,
                "frames": frames,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        (first,) = (
            frame
            for frame, (values, *_) in zip(frames, self.frames, strict=True)
            if all(same(values[name], start[name]) for name in start)
        )
        drawn = [drawing[k] for drawing, k in zip(drawings, first[1:], strict=True) if k >= 0]
        width, height = (inches * SVG_DPI for inches in self.explorer.figure.get_size_inches())
        return {
            "viewBox": f"0 0 {width:g} {height:g}",
            "first": {"background": first[0], "svg": self.definitions.complete("".join(drawn))},
            "backgrounds": list(self.backgrounds.values()),
            "packed": base64.b64encode(zlib.compress(text.encode(), 9)).decode(),
        }


class CompactRenderer(RendererSVG):
    """matplotlib's SVG renderer; a line's markers are SVG markers, not an element for each."""

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        """Draw markers at the points of a path."""
        shape = self._convert_path(
            marker_path, marker_trans + Affine2D().scale(1, -1), simplify=False
        )
        style = self._get_style(gc, rgbFace)
        oid = self._make_id("marker", (shape, style))
        points = [
            vertices[-2:]
            for vertices, _ in path.iter_segments(self._make_flip_transform(trans), simplify=False)
            if len(vertices) and np.isfinite(vertices[-2:]).all() and abs(vertices[-2:]).max() < 1e5
        ]
        if not points:
            return
        self.writer.start("defs")
        self.writer.start("marker", id=oid, markerUnits="userSpaceOnUse", style="overflow: visible")
        self.writer.element("path", d=shape, style=style)
        self.writer.end("marker")
        self.writer.end("defs")
        which = "marker" if len(points) > 1 else "marker-start"
        if len(points) == 1:
            points = 2 * points  # markers need a line, however short
        line = " ".join(f"{'L' if k else 'M'} {x:f} {y:f}" for k, (x, y) in enumerate(points))
        self.writer.element(
            "path",
            d=line,
            style=f"fill: none; {which}: url(#{oid})",
            **self._get_clip_attrs(gc),
        )


class Definitions:
    """What the drawings of one figure refer to (letters, clip paths, markers), each kept once.

    Short ids start with @, for which the page puts the name of the figure.
    """

    def __init__(self):
        self.known = {}  # matplotlib's id → (short id, SVG)

    def extract(self, text):
        """Take the definitions out of an SVG file, and return the rest of it, made short."""
        root = ET.fromstring(text)
        self._strip(root)
        for child in list(root):
            if child.tag == "metadata":
                root.remove(child)
        return "".join(self._as_text(child) for child in root)

    def svg(self):
        """Return all definitions."""
        return "".join(definition for _, definition in self.known.values())

    def complete(self, drawing):
        """Return a drawing with the definitions that it needs."""
        needed = set(re.findall(r"#(@\w+)", drawing))
        kept = "".join(svg for short, svg in self.known.values() if short in needed)
        return f"<defs>{kept}</defs>{drawing}"

    def _strip(self, element):
        """Remove namespaces, groups' ids and definitions from an element, and keep the latter."""
        for child in list(element):
            child.tag = child.tag.rpartition("}")[2]
            child.tail = child.text = None
            if child.tag == "defs":
                element.remove(child)
                for definition in child:
                    self._keep(definition)
                continue
            child.attrib.pop("id", None)
            self._strip(child)
            if child.tag == "g" and not len(child):
                element.remove(child)

    def _keep(self, definition):
        oid = definition.get("id")
        if oid and oid not in self.known:
            short = f"@{len(self.known):x}"
            definition.tag = definition.tag.rpartition("}")[2]
            self._strip(definition)
            definition.set("id", short)
            self.known[oid] = (short, self._as_text(definition))

    def _as_text(self, element):
        """Return an element as text, with short ids and coordinates rounded to 0.1."""
        for each in element.iter():
            for key, value in list(each.attrib.items()):
                if key.endswith("}href"):
                    del each.attrib[key]
                    each.set("href", re.sub(r"^#.+", self._short, value))
                elif key == "d":
                    each.set(key, compact_path(value))
                elif key in ("x", "y"):
                    each.set(key, shorten(value))
                elif key == "transform":
                    each.set(key, re.sub(r"translate\(.*?\)", compact_numbers, value))
                else:
                    each.set(key, re.sub(r"(?<=url\()#[\w-]+", self._short, value))
        return ET.tostring(element, encoding="unicode")

    def _short(self, reference):
        return "#" + self.known[reference[0][1:]][0]


def compact_path(path):
    """Return an SVG path with coordinates rounded to 0.1, lines from point to point as steps.

    Neighbouring frames then pack together well: their lines start alike.
    """
    tokens = path.split()
    if not set(filter(str.isalpha, tokens)) <= {"M", "L"}:
        return " ".join(token if token.isalpha() else shorten(token) for token in tokens)
    parts, x, y = [], 0, 0
    for command, to_x, to_y in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=True):
        to_x, to_y = round(float(to_x), 1), round(float(to_y), 1)
        if command == "M":
            parts.append(f"M{shorten(to_x)} {shorten(to_y)}")
        else:
            parts.append(f"l{shorten(to_x - x)} {shorten(to_y - y)}")
        x, y = to_x, to_y
    return "".join(parts)


def compact_numbers(match):
    """Return the text of a match with its numbers rounded to 0.1."""
    return re.sub(r"-?[\d.]+", lambda number: shorten(number[0]), match[0])


def shorten(number):
    """Return a number as text with at most one decimal."""
    return f"{round(float(number), 1) + 0:g}"
