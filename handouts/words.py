"""Lead from the prose of a page to the lessons and the terms of the term table that it names."""

import re

from helpers.course import INDEX, LESSONS
from helpers.terms import load_terms

TERMS = {term.name: term for term in load_terms()}
# No words of their own: what leads elsewhere already, code, headings, tables with their terms.
SILENT = {"a", "code", "pre", "h1", "h2", "h3", "h4", "summary", "table", "script", "style", "svg"}
TAG = re.compile(r"(<[^>]*>)")
NAME = re.compile(r"</?([a-z0-9]+)")
# 勾配 in 勾配降下法 is part of another word; は or を goes on with none.
LETTER = "[0-9A-Za-z_々一-龠ァ-ヶー]"
LONGEST_FIRST = sorted(map(re.escape, TERMS), key=len, reverse=True)
WORD = re.compile(
    rf"(?<!\d)(?P<lesson>{'|'.join(LESSONS)}) ?章"
    rf"|(?<!{LETTER})(?P<term>{'|'.join(LONGEST_FIRST)})(?!{LETTER})"
)


def term_anchor(name):
    """Return the id of a term's row in the term table."""
    return "term-" + name.replace(" ", "_")


class Words:
    """Links of one page. `about`: what the target of each link is, by its address."""

    def __init__(self, page_name):
        self.page_name = page_name
        self.seen = set()
        self.about = {
            page_name(lesson.file): f"{number} {lesson.name}: {lesson.hook}"
            for number, lesson in LESSONS.items()
        }

    def linked(self, html):
        """Return the HTML of a cell, with links at lessons and at a section's first terms."""
        depth, pieces = 0, TAG.split(html)
        for k, piece in enumerate(pieces):
            if piece.startswith("<"):
                name = NAME.match(piece)
                if name and name[1] in SILENT:
                    depth += -1 if piece.startswith("</") else 1
                if piece.startswith(("<h2", "<h3")):
                    self.seen.clear()
            elif depth == 0:
                pieces[k] = WORD.sub(self.link, piece)
        return "".join(pieces)

    def link(self, word):
        """Return a word, with a link unless it is a term that the section has had."""
        if word["lesson"]:
            return f'<a href="{self.page_name(LESSONS[word["lesson"]].file)}">{word[0]}</a>'
        name = word["term"]
        if name in self.seen:
            return word[0]
        self.seen.add(name)
        term = TERMS[name]
        address = f"{self.page_name(INDEX)}#{term_anchor(name)}"
        self.about[address] = f"{name}（{term.reading}、{term.english}）: {term.definition}"
        return f'<a class="term" href="{address}">{name}</a>'
