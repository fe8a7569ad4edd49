"""Typeset TeX as MathML with pandoc, and embed the part of a math font that a page needs."""

import base64
import io
import json
import re
import subprocess
import unicodedata
from html import unescape
from importlib.util import find_spec
from pathlib import Path

import pypandoc
from fontTools import subset
from fontTools.ttLib import TTFont

MARK = re.compile("\ue000(\\d+)\ue001")  # stands for a formula until the page is complete
# A browser shows a lone letter in <mi> by its italic twin: letter → code point.
ITALICS = {
    unicodedata.normalize("NFKC", chr(italic)): italic
    for italic in [*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D71C)]
}

THIN = '<mspace width="0.167em"></mspace>'
# What pandoc writes otherwise than a reader expects: pattern → replacement.
CORRECTIONS = {
    # sin, log, max: a thin space on both sides, but none before a parenthesis
    r"(</m(?:i|n|sup|sub|frac|row)>)<mrow>(<mi[^>]*>\w+</mi>)<mo>&#8289;</mo></mrow>": (
        rf"\1<mrow>{THIN}\2<mo>&#8289;</mo></mrow>"
    ),
    r"(?<!<msub>|<msup>)(<mrow>(?:<mspace[^>]*></mspace>)?<mi[^>]*>\w+</mi>)<mo>&#8289;</mo></mrow>"
    r"(?=<m[infs])": rf"\1{THIN}</mrow>",
    # ‖x‖ written with \|: no space between bar and x
    r"<mo[^>]*>∥</mo>": '<mo stretchy="false" lspace="0" rspace="0">‖</mo>',
    # x̂: a hat of its own width
    r'<mo accent="true">': '<mo accent="true" stretchy="false">',
    # f′: the font's prime is raised already
    r"<msup>(<mi>\w</mi>)<mo>([′″‴])</mo></msup>": (
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>'
    ),
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
    return list(map(corrected, converted))


def corrected(mathml):
    """Return a formula with the corrections made."""
    for pattern, replacement in CORRECTIONS.items():
        mathml = re.sub(pattern, replacement, mathml)
    return mathml


def pandoc(text, *options):
    """Run pandoc on a text and return its output."""
    command = [pypandoc.get_pandoc_path(), *options]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def font_for(html):
    """Return, as a data URI, the font with the characters of all formulas in a page."""
    formulas = re.sub(r"<annotation.*?</annotation>", "", html, flags=re.DOTALL)
    formulas = "".join(re.findall(r"<math.*?</math>", formulas, re.DOTALL))
    characters = set(unescape(re.sub(r"<[^>]*>", "", formulas)))
    place = Path(find_spec("ziamath").origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    font = TTFont(place, recalcTimestamp=False)
    options = subset.Options(layout_features=["ssty", "rtlm", "dtls"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    characters.add("√")  # which no formula writes: it comes with <msqrt>
    italics = {ITALICS[letter] for letter in characters & set(ITALICS)}
    subsetter.populate(unicodes=set(map(ord, characters)) | italics)
    subsetter.subset(font)
    data = io.BytesIO()
    font.flavor = "woff"
    font.save(data)
    return "data:font/woff;base64," + base64.b64encode(data.getvalue()).decode()
