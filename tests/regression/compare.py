"""Compare two pictures the way a reader would: does any small region look different?

The measure is the largest mean difference over blocks of 8x8 pixels, on two grids half a block
apart. A difference over the whole picture would drown one moved marker in the white around it,
and a difference per pixel would report every re-encoded edge.
"""

import base64
import io

import numpy as np
from PIL import Image

BLOCK = 8
THRESHOLD = 8.0  # of 255


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


def difference_picture(expected: np.ndarray, actual: np.ndarray) -> Image.Image:
    """Return a grey picture of where two pictures of one size differ; black where they agree."""
    pixels = np.abs(expected - actual).max(axis=2)
    return Image.fromarray((pixels * 255 / max(pixels.max(), 1)).astype(np.uint8))
