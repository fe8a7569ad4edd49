"""Typeset TeX as MathML with pandoc, and embed the part of a math font that a page needs."""

import base64
import copy
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
WITH_PUNCTUATION = re.compile(f"[（「『]+{MARK.pattern}[、。）」』]*|{MARK.pattern}[、。）」』]+")
# A browser shows a lone letter in <mi> by its italic twin: letter → code point.
ITALICS = {
    unicodedata.normalize("NFKC", chr(italic)): italic
    for italic in [*range(0x1D434, 0x1D468), 0x210E, *range(0x1D6E2, 0x1D716)]
}

LOW_ROOT = 920  # thousandths of the letter size: the height of a √ over one letter with a hat
THIN = '<mspace width="0.167em"></mspace>'
FUNCTION = r'<mi mathvariant="normal">\w{2,}</mi>'
# What pandoc writes otherwise than a reader expects: pattern → replacement.
CORRECTIONS = {
    # sin, log, max: a thin space on both sides, but none before a parenthesis
    r'(</m(?:i|n|sup|sub|frac|row)>|form="postfix">[^<]*</mo>)'
    rf"<mrow>({FUNCTION})<mo>&#8289;</mo></mrow>": rf"\1<mrow>{THIN}\2<mo>&#8289;</mo></mrow>",
    rf"(?<!<msub>|<msup>)(<mrow>(?:<mspace[^>]*></mspace>)?{FUNCTION})<mo>&#8289;</mo></mrow>"
    r"(?=<m[infs])": rf"\1{THIN}</mrow>",
    # the same within \left and \right, and lim with what stands below it
    rf"(?<!<msub>|<msup>)(?<!<munder>)({FUNCTION})(?=<m(?:i|n|frac|su|sqrt))": rf"\1{THIN}",
    rf"(<(msub|munder)>(?:<mrow>)?{FUNCTION}(?:(?!</\2>).)*</\2>)(?=<mfrac>)": rf"\1{THIN}",
    # ‖x‖: no space between bar and x, and bars as high as a letter
    r"<mo[^>]*>[∥‖]</mo>": '<mo stretchy="false" lspace="0" rspace="0">‖</mo>',
    # x̂: a hat of a letter's size, close to it
    r'<mover>((?:(?!<mover>).)*?)<mo accent="true">\u0302</mo></mover>': (
        r'<mover accent="true">\1<mo stretchy="false">ˆ</mo></mover>'
    ),
    # f′, (uv)′: the font's prime is raised already
    r"<msup>(<mi>\w</mi>|<mo[^>]*>\)</mo>)<mo>([′″‴])</mo></msup>": (
        r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>'
    ),
    # a product of fractions
    "</mfrac><mfrac>": f"</mfrac>{THIN}<mfrac>",
}


class Untypeset(ValueError):
    """A formula, the one at a position, that pandoc does not understand."""

    def __init__(self, position, tex):
        super().__init__(tex)
        self.position = position


class Formulas:
    """The formulas of one page, typeset all at once: starting pandoc takes its time."""

    def __init__(self):
        self.found = []
        self.where = ""  # what is being rendered
        self.places = []

    def mark(self, tex, kind):
        """Note a formula of the kind "InlineMath" or "DisplayMath"; return what stands for it."""
        self.found.append((kind, tex.strip()))
        self.places.append(self.where)
        return f"\ue000{len(self.found) - 1}\ue001"

    def typeset(self, html):
        """Return the page with its formulas as MathML; no line breaks beside their punctuation.

        ValueError: a formula cannot be typeset; the message says where it stands.
        """
        try:
            mathml = to_mathml(self.found)
        except Untypeset as error:
            raise ValueError(f"{self.places[error.position]} の数式を組めません: {error}") from None
        html = WITH_PUNCTUATION.sub(r'<span style="white-space: nowrap">\g<0></span>', html)
        return MARK.sub(lambda mark: mathml[int(mark[1])], html)


def to_mathml(formulas):
    """Return the MathML of each (kind, tex).

    Untypeset: pandoc does not understand a formula.
    """
    paragraphs = [
        {"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]} for kind, tex in formulas
    ]
    empty = json.loads(pandoc("", "--to=json"))
    html = pandoc(json.dumps({**empty, "blocks": paragraphs}), "--from=json", "--mathml")
    converted = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
    for position, result in enumerate(converted):
        if not result.startswith("<math"):
            raise Untypeset(position, formulas[position][1])
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
    fit_roots(font)
    options = subset.Options(
        layout_features=["ssty", "rtlm", "dtls"],
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],  # 13 and 14: its licence, which goes with it
    )
    subsetter = subset.Subsetter(options)
    characters.add("√")  # which no formula writes: it comes with <msqrt>
    italics = {ITALICS[letter] for letter in characters & set(ITALICS)}
    subsetter.populate(unicodes=set(map(ord, characters)) | italics)
    subsetter.subset(font)
    data = io.BytesIO()
    font.flavor = "woff"
    font.save(data)
    return "data:font/woff;base64," + base64.b64encode(data.getvalue()).decode()


def fit_roots(font):
    """Add a low √ for one letter, and make the tall shapes as wide as the small ones.

    Chromium aligns a root at its top, so that one too high hangs below its line, and keeps room for
    the widest shape.
    """
    root = font.getBestCmap()[ord("√")]
    variants = font["MATH"].table.MathVariants
    shapes = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(root)]
    shapes.GlyphAssembly = None
    low, *tall, usual = shapes.MathGlyphVariantRecord  # the tallest, never needed, gives its place
    usual.AdvanceMeasurement = low.AdvanceMeasurement
    font["glyf"][usual.VariantGlyph] = copy.deepcopy(font["glyf"][root])
    font["hmtx"][usual.VariantGlyph] = font["hmtx"][root]
    shapes.MathGlyphVariantRecord = [low, usual, *tall]
    font["glyf"][root].coordinates.scale((1, LOW_ROOT / low.AdvanceMeasurement))
    low.AdvanceMeasurement = LOW_ROOT
    width, _ = font["hmtx"][root]
    for shape in shapes.MathGlyphVariantRecord:
        advance, left = font["hmtx"][shape.VariantGlyph]
        font["glyf"][shape.VariantGlyph].coordinates.scale((width / advance, 1))
        font["hmtx"][shape.VariantGlyph] = (width, round(left * width / advance))
