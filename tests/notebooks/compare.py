"""Compare two pictures the way a reader would: does any small region look different?

The measure is the largest mean difference over blocks of 8x8 pixels, on two grids half a block
apart. A difference over the whole picture would drown one moved marker in the white around it,
and a difference per pixel would report every re-encoded edge. Drawings (SVG) are compared by their
elements instead: names, texts and attributes must be equal, numbers within half a unit.
"""

import base64
import io
import re
from itertools import zip_longest
from xml.etree import ElementTree

import numpy as np
from PIL import Image

BLOCK = 8
THRESHOLD = 8.0  # of 255
DRAWING = "image/svg+xml"
KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp", DRAWING)
HALF_UNIT = 0.5  # of a drawing
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


def decode(picture: str) -> np.ndarray:
    """Return a base64 image as floats (height, width, 3) in 0..255, laid on white."""
    rgba = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"), dtype=float)


def block_difference(expected: np.ndarray, actual: np.ndarray) -> float:
    """Return the largest mean absolute difference of any block, for pictures of one size."""
    pixels = np.abs(expected - actual).mean(axis=2)
    height, width = pixels.shape
    largest = 0.0
    for offset in (0, BLOCK // 2):
        padding = [(offset, -(size + offset) % BLOCK) for size in (height, width)]
        padded = np.pad(pixels, padding)
        rows, columns = padded.shape
        blocks = padded.reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK).mean(axis=(1, 3))
        largest = max(largest, blocks.max())
    return float(largest)


def compare(expected: str, actual: str) -> str | None:
    """Compare two base64 images; return what is wrong, or None when they agree."""
    before, after = decode(expected), decode(actual)
    if before.shape != after.shape:
        (old_height, old_width, _), (new_height, new_width, _) = before.shape, after.shape
        return f"size is {new_width}x{new_height} px, expected {old_width}x{old_height} px"
    largest = block_difference(before, after)
    if largest > THRESHOLD:
        return f"largest block difference is {largest:.1f} of 255, allowed {THRESHOLD:.1f}"
    return None


def drawing_parts(drawing: str) -> list[str]:
    """Return what an SVG file holds, in order; ids are numbered, for matplotlib draws them by lot.

    Dates and the program's name are left out.
    """
    ids, parts = {}, []
    for element in ElementTree.fromstring(drawing).iter():
        name = element.tag.rpartition("}")[2]
        if name in ("metadata", "date", "RDF", "Work", "creator", "Agent", "title", "type"):
            continue
        for key, value in sorted(element.attrib.items()):
            named = [value] if key == "id" else re.findall(r"(?<=url\(#)[\w-]+", value)
            named += [value[1:]] if key.endswith("href") and value[0] == "#" else []
            for identifier in named:
                value = value.replace(identifier, f"id{ids.setdefault(identifier, len(ids))}")
            parts.append(f"{name} {key.rpartition('}')[2]} {value}")
        parts.append(f"{name} {(element.text or '').strip()}")
    return parts


def compare_drawings(expected: str, actual: str) -> str | None:
    """Compare two SVG files; return what is wrong, or None when they agree."""
    for before, after in zip_longest(drawing_parts(expected), drawing_parts(actual), fillvalue=""):
        numbers = [list(map(float, NUMBER.findall(part))) for part in (before, after)]
        words = [NUMBER.sub("0", part) for part in (before, after)]
        near = words[0] == words[1] and np.allclose(*numbers, rtol=0, atol=HALF_UNIT)
        if not near:
            return f"drawing has {after[:80]!r}, expected {before[:80]!r}"
    return None


def difference_picture(expected: np.ndarray, actual: np.ndarray) -> Image.Image:
    """Return a grey picture of where two pictures of one size differ; black where they agree."""
    pixels = np.abs(expected - actual).max(axis=2)
    return Image.fromarray((pixels * 255 / max(pixels.max(), 1)).astype(np.uint8))
