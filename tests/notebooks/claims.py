"""The numbers that prose states, and whether code holds or prints them.

Prose is Markdown, and each Japanese string of the code but those that are printed: titles, labels,
descriptions of pictures. A number is proven by an equal one among the code and its outputs; one of
several digits, or after 約, also by one that rounds to it.
"""

import ast
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import helpers
from tests.conftest import JAPANESE

NUMBER = r"\d+(?:\.\d+)?"
SHOWN = re.compile(
    rf"(?P<mantissa>{NUMBER}) ?(?:\\times|×) ?10\^\{{?(?P<exponent>-?\d+)\}}?"
    r"|(?<![\d.])10\^\{?(?P<power>-?\d+)\}?"
    rf"|(?P<number>{NUMBER}(?:e[-+]?\d+)?)(?P<unit>[万億]| ?\\?%)?"
)
UNITS = {"万": 1e4, "億": 1e8}
# Code blocks, links, headings, list numbers, years, lengths of time, sections, the exam's name.
LEFT_OUT = re.compile(
    r"```.*?```|\[[^\]]*\]\([^)]*\)|『[^』]*』|^#.*?$|^\s*\d+\. "
    r"|\b(?:19|20)\d\d\b(?! *ステップ)|\d+分|[\d.]+ ?節|0\d(?= ?章|、| \|)|\{[^{}]*:[^{}]*\}",
    re.DOTALL | re.MULTILINE,
)
RAISED = re.compile(r"(?<=10)[⁻⁰¹²³⁴-⁹]+")  # plain text writes 10⁻³
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SUBSCRIPT = re.compile(r"_\{?[^{}\s]*$|[A-Za-z]$")
ABOUT = re.compile(r"(?:約|ほぼ|およそ|\\approx|≈)[\s$({\-−]*$")
NEARLY = re.compile(r"[\s$)}]*(?:ステップ|回|倍)?(?:の|に)?(?:あたり|ほど|くらい|前後)")


@dataclass(frozen=True)
class Claim:
    """A number in prose: as it stands there, its values (a share of 100 has two), its digits."""

    text: str
    values: tuple
    digits: int
    about: bool

    def is_proven(self, known):
        """Whether a number among the known ones is, or where that is enough rounds to, this."""
        return any(
            same(number, value)
            or (self._rounds(value) and same(rounded(number, self.digits), value))
            for value in self.values
            for number in known
        )

    def _rounds(self, value):
        return self.about or self.digits > 1 or value % 1 != 0


def same(a, b):
    return abs(a - b) <= 1e-9 * abs(b)


def rounded(number, digits):
    return float(f"{number:.{max(digits, 1) - 1}e}")


def claims(prose):
    """Yield the numbers of a text; subscripts are none."""
    prose = RAISED.sub(lambda found: f"^{{{found[0].translate(PLAIN)}}}", prose)
    text = LEFT_OUT.sub(" ", prose)
    for found in SHOWN.finditer(text):
        before = text[: found.start()][-20:]
        if SUBSCRIPT.search(before):
            continue
        mantissa = found["mantissa"] or found["number"] or "1"
        mantissa = mantissa.partition("e")[0]
        digits = len(mantissa.replace(".", "").lstrip("0"))
        if "." not in mantissa:
            digits = len(mantissa.strip("0"))
        if found["number"]:
            values = [float(found["number"]) * UNITS.get(found["unit"], 1)]
            if "%" in (found["unit"] or ""):
                values.append(values[0] / 100)
        else:
            values = [float(mantissa) * 10.0 ** int(found["exponent"] or found["power"])]
        about = ABOUT.search(before) or NEARLY.match(text, found.end())
        yield Claim(found[0], tuple(values), digits, bool(about))


def japanese_strings(source):
    """The Japanese strings of code that it does not print, and the code without any such string."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # another check reports it
        return [], source
    printed = {
        part
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "print"
        for part in ast.walk(call)
    }
    strings, rest = [], source.encode()
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(JAPANESE, node.value):
                start = starts[node.lineno - 1] + node.col_offset
                end = starts[node.end_lineno - 1] + node.end_col_offset
                rest = rest[:start] + b" " * (end - start) + rest[end:]
                if node not in printed:
                    strings.append(node.value)
    return strings, rest.decode()


def known_numbers(cells):
    """The numbers that code cells hold or print, and those of what they use of `helpers`."""
    texts = []
    for cell in cells:
        if cell.cell_type == "code":
            code = re.sub(r"#.*", "", japanese_strings(cell.source)[1])
            texts += [code, *(defined(name) for name in set(re.findall(r"\w+", code)))]
            texts += [printed(output) for output in cell.outputs]
    text = re.sub(r"(?<=\d)_(?=\d)", "", "\n".join(texts))
    found = re.findall(r"(?<![\w.])\d+(?:\.\d*)?(?:e[-+]?\d+)?", text)
    powers = re.findall(r"(?<![\d.])10(?:\.0)?\*\*(-?\d+)", text)
    return {0.0} | {float(number) for number in found} | {10.0 ** int(power) for power in powers}


def printed(output):
    """What an output shows as text, without the description of its picture."""
    text = output.get("text", output.get("data", {}).get("text/plain", ""))
    for shown in output.get("metadata", {}).values():
        if isinstance(shown, dict) and shown.get("alt"):
            text = text.replace(shown["alt"], "")
    return text


@cache
def definitions():
    """The source of what each module of `helpers` defines, by name."""
    found = {}
    for file in sorted(Path(helpers.__file__).parent.glob("functions.py")):
        source = file.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            targets = getattr(node, "targets", [node])
            for target in targets:
                name = getattr(target, "name", getattr(target, "id", None))
                if name and not isinstance(node, (ast.Import, ast.ImportFrom)):
                    found[name] = ast.get_source_segment(source, node)
    return found


def defined(name):
    """The code of a name of `helpers` and of the private ones it uses, without Japanese strings.

    Empty for other names.
    """
    source = definitions().get(name, "")
    if not source:
        return ""
    code = japanese_strings(source)[1]
    parts = set(re.findall(r"\b_[a-z]\w*", code)) - {name}
    return "\n".join([code, *(defined(part) for part in parts)])


# --- equations of numbers -------------------------------------------------------------------------

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
EQUALS = re.compile(r"(=|\\approx|≈|\\to)")
TEX = (
    (r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\sqrt\{([^{}]*)\}", r"((\1)**0.5)"),
    (r"\\lceil(.*?)\\rceil", r"ceil(\1)"),
    (r"\\lfloor(.*?)\\rfloor", r"floor(\1)"),
    (r"\^\{([^{}]*)\}", r"**(\1)"),
)


def evaluated(tex):
    """The number that a piece of TeX is, and the half unit of its last digit; or None."""
    text = re.sub(r"\\[,;!]|\\(left|right|displaystyle)\b|\\quad.*", " ", tex).replace("−", "-")
    text = re.sub(r"^[^=]*\\text\{[^}]*\}", "", text).strip(" .,、&")
    known = None
    while known != text:  # from the inside
        known = text
        for pattern, code in TEX:
            text = re.sub(pattern, code, text)
    text = re.sub(r"\\times|\\cdot", "*", text).replace("^", "**")
    text = re.sub(r"[{}]", "", text)
    if re.sub(r"ceil|floor|[\d.+\-*/() ]", "", text) or re.search(r"[\d)] *[(a-z]|\d +\d", text):
        return None  # letters, or a product without a sign
    if not re.search(r"\d", text):
        return None
    try:
        value = float(eval(text, {"ceil": math.ceil, "floor": math.floor}))
    except (SyntaxError, TypeError, ZeroDivisionError):
        return None
    decimals = re.fullmatch(r"-?\d+\.(\d+)", text)
    scientific = re.fullmatch(r"-?\d+(?:\.(\d+))?\s*\*\s*10\*\*\(?(-?\d+)\)?", text)
    if scientific:
        return value, 0.5 * 10.0 ** (int(scientific[2]) - len(scientific[1] or ""))
    return value, 0.5 * 10.0 ** -len(decimals[1]) if decimals else 0.0


def false_equations(text):
    """Yield what formulas of a text say of numbers alone and what is not so, as a = b.

    A decimal number is taken as rounded; after ≈, the last digit may be off by one.
    """
    for formula in FORMULA.finditer(text):
        pieces = EQUALS.split(formula[1] or formula[2])
        for left, sign, right in zip(pieces[::2], pieces[1::2], pieces[2::2], strict=False):
            a, b = evaluated(left), evaluated(right)
            if a is None or b is None or sign == "\\to":
                continue
            slack = max(a[1], b[1]) * (1 if sign == "=" else 2)
            if sign != "=" and not slack:
                slack = 0.5 * max(abs(a[0]), abs(b[0])) * 10.0**-1
            if abs(a[0] - b[0]) > slack + 1e-9 * abs(b[0]):
                yield f"{left.strip()} {sign} {right.strip()}"
