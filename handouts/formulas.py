"""Typeset TeX as MathML with pandoc, and embed the part of a math font that a page needs."""

import base64
import io
import json
import re
import subprocess
import unicodedata
from importlib.resources import files

import pypandoc
from fontTools import subset
from fontTools.ttLib import TTFont

MARK = re.compile("\ue000(\\d+)\ue001")  # stands for a formula until the page is complete
# A browser shows a lone letter in <mi> by its italic twin: letter → code point.
ITALICS = {
    unicodedata.normalize("NFKC", chr(italic)): italic
    for italic in [*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D71C)]
}


class Formulas:
    """The formulas of one page, typeset all at once: starting pandoc takes its time."""

    def __init__(self):
        self.found = []

    def mark(self, tex, kind):
        """Note a formula of the kind "InlineMath" or "DisplayMath"; return what stands for it."""
        self.found.append((kind, tex.strip()))
        return f"\ue000{len(self.found) - 1}\ue001"

    def typeset(self, html):
        """Return the page with its formulas as MathML."""
        mathml = to_mathml(self.found)
        return MARK.sub(lambda mark: mathml[int(mark[1])], html)


def to_mathml(formulas):
    """Return the MathML of each (kind, tex).

    ValueError: pandoc does not understand a formula.
    """
    paragraphs = [
        {"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]} for kind, tex in formulas
    ]
    empty = json.loads(pandoc("", "--to=json"))
    html = pandoc(json.dumps({**empty, "blocks": paragraphs}), "--from=json", "--mathml")
    converted = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
    for (_, tex), result in zip(formulas, converted, strict=True):
        if not result.startswith("<math"):
            raise ValueError(f"pandoc cannot typeset the formula {tex}")
    return converted


def pandoc(text, *options):
    """Run pandoc on a text and return its output."""
    command = [pypandoc.get_pandoc_path(), *options]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def font_for(html):
    """Return, as a data URI, the font with the characters of all formulas in a page."""
    characters = set("".join(re.findall(r"<math.*?</math>", html, re.DOTALL)))
    font = TTFont(files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf", recalcTimestamp=False)
    options = subset.Options(layout_features=["ssty", "rtlm", "dtls"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    italics = {ITALICS[letter] for letter in characters & set(ITALICS)}
    subsetter.populate(unicodes=set(map(ord, characters)) | italics)
    subsetter.subset(font)
    data = io.BytesIO()
    font.flavor = "woff"
    font.save(data)
    return "data:font/woff;base64," + base64.b64encode(data.getvalue()).decode()
