"""The page that searches all pages: their sections and the terms stand in it, nothing is fetched.

All text of the course is smaller than an index of its pairs of letters would be, and a browser goes
through it within milliseconds: so the text itself is what is searched, in any language.
"""

import html
import json
import re
import unicodedata

from jinja2 import Environment, FileSystemLoader

from handouts.exporter import TEMPLATES, page_name
from handouts.words import TERMS, term_anchor
from helpers.course import INDEX

SEARCH = "search.html"
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)
# Questions give answers away, figures and code are no text, terms have entries of their own.
LEFT_OUT = re.compile(
    r"<details class=\"folded\">.*?</details>"
    r"|<(script|style|noscript|form|figure|pre|button)\b.*?</\1>"
    r"|<table>(?:(?!</table>).)*?<tr id=\"term-.*?</table>",
    re.DOTALL,
)
HEADING = re.compile(r"<h[1-3](?: id=\"([^\"]*)\")?>(.*?)</h[1-3]>", re.DOTALL)


def plain(text):
    """Return the text of a piece of HTML on one line, letters in their usual form."""
    letters = html.unescape(re.sub(r"<[^>]*>", "", text))
    return " ".join(unicodedata.normalize("NFC", letters).split())


def sections(page):
    """Return the sections of a page: [id, heading, text] of each."""
    body = LEFT_OUT.sub(" ", MAIN.search(page)[0])
    _, *parts = HEADING.split(body)
    each = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [[anchor or "", plain(heading), plain(text)] for anchor, heading, text in each]


def terms():
    """Return the terms as sections of the index."""
    return [
        [term_anchor(name), f"{name}（{term.reading}、{term.english}）", term.definition]
        for name, term in TERMS.items()
    ]


def search_page(pages):
    """Return the search page. pages: the files of all pages."""
    found = [(page.name, sections(page.read_text(encoding="utf-8"))) for page in pages]
    found = [[file, parts[0][1], parts] for file, parts in found]
    data = [[page_name(INDEX), "用語", terms()], *found]
    entries = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "handout"))
    return environment.get_template("search.html.j2").render(entries=entries)
