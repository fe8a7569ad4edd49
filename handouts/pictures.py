"""Pictures of figures for the pages: with two pixels for each CSS pixel, and yet small."""

import base64
import io
from contextlib import contextmanager

import numpy as np
from PIL import Image

from helpers.display import CSS_DPI
from helpers.figures import DPI, encode_png, pixels

SHARPNESS = 2  # pixels for each CSS pixel: as sharp as the vectors beside them on a fine screen
LOSSY = 50  # WebP quality: no loss is seen at this fineness, and many shades become smaller


@contextmanager
def sharp(figure):
    """Draw a figure sharply and give its pixels (height, width, 4), which share its memory."""
    figure.dpi = SHARPNESS * CSS_DPI
    try:
        yield pixels(figure)
    finally:
        figure.dpi = DPI
        pixels(figure)


def sharp_webp(figure):
    """Return a figure as WebP in base64: of 256 colours or with loss, whichever is smaller."""
    with sharp(figure) as shared:
        rgba = np.array(shared)
    few_colours = Image.open(io.BytesIO(encode_png(rgba)))
    exact = save_webp(few_colours, lossless=True)
    lossy = save_webp(Image.fromarray(rgba), quality=LOSSY)
    return base64.b64encode(min(exact, lossy, key=len)).decode()


def save_webp(image, **options):
    """Return an image as the bytes of a WebP file."""
    data = io.BytesIO()
    image.convert("RGB").save(data, "webp", method=6, **options)
    return data.getvalue()
