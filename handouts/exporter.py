"""Turn an executed notebook into one page that needs nothing else."""

import base64
import itertools
import json
import re
from pathlib import Path

from jinja2 import pass_context
from mistune import HTMLRenderer
from mistune.plugins.table import table_in_quote
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

import helpers.live
from handouts import embed
from handouts.formulas import Formulas, font_for
from handouts.words import Words, term_anchor
from helpers.display import EXAM, LIVE, QUIZ

TEMPLATES = Path(__file__).parent / "templates"

LIVE_FOLDER = Path(helpers.live.__file__).parent
FIGURE = {
    "script": (LIVE_FOLDER / "figure.js").read_text(encoding="utf-8"),
    "css": (LIVE_FOLDER / "figure.css").read_text(encoding="utf-8"),
}

# The first advice of a lesson and of the index is about JupyterLab; a page gets another.
ADVICE = re.compile(r"^> はじめに、.*$|(?<=^## 使い方\n)[\s\S]*", re.MULTILINE)
# A page leads to its neighbours, opens solutions and grades in its own way.
LEFT_OUT = re.compile(
    r"^\[← .*$|^\[目次\].*$|^\*\*解答\*\*（下の.*$|^選択肢を押すと、.*$", re.MULTILINE
)
PAGE_ADVICE = (
    "> この資料は、インターネットにつながず、Python も使わずに読めます。図のスライダーは、"
    "マウス・指・矢印キーで動きます。コードを書き換えて試すときは、同じ名前のノートブックを開いて"
    "ください。"
)


def page_name(notebook):
    """Return the name of a notebook's page."""
    stem = Path(notebook).stem
    return "index.html" if stem == "00_index" else f"{stem}.html"


class HandoutExporter(HTMLExporter):
    """Makes the pages. `notebooks`: (file name, title) of all of them, in order."""

    template_name = "handout"

    def __init__(self, notebooks, **options):
        self.notebooks = notebooks
        places = {
            "extra_template_basedirs": [str(TEMPLATES)],
            "extra_template_paths": [str(TEMPLATES)],
        }
        super().__init__(**options, **places)
        self.register_filter("markdown2inline", self.markdown2inline)
        self.register_filter("linked", lambda html: self.linked(html))
        self.register_filter("is_solution", is_solution)
        self.register_filter("is_folded", is_folded)
        self.register_filter("is_exercise", re.compile(r"^check\(", re.MULTILINE).search)
        self.register_filter("page_link", page_link)
        self.register_filter("about", embed.about)
        self.register_filter("base64", lambda text: base64.b64encode(text.encode()).decode())

    @property
    def default_config(self):
        """The order in which a cell's output is looked for something to show."""
        config = Config(
            {
                "NbConvertBase": {"display_data_priority": embed.SHOWN},
                "CoalesceStreamsPreprocessor": {"enabled": True},
                "TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {"notebook-only"}},
            }
        )
        inherited = super().default_config.copy()
        inherited.merge(config)
        return inherited

    def page(self, notebook, path):
        """Return the page of an executed notebook as text; path: where the notebook stands.

        ValueError: a page cannot show what a cell holds; the message names the cell.
        """
        embed.check_outputs(notebook)
        name, self.folder = path.name, path.parent
        self.formulas, self.headings = Formulas(), []
        self.words = Words(page_name)
        names = [each for each, _ in self.notebooks]
        at = names.index(name)
        neighbours = {
            "previous": self.notebooks[at - 1] if at else None,
            "next": self.notebooks[at + 1] if at + 1 < len(names) else None,
        }
        around = {
            key: other and {"file": page_name(other[0]), "title": other[1]}
            for key, other in neighbours.items()
        }
        resources = {
            "title": self.notebooks[at][1],
            "page": page_name(name),
            "notebook": name,
            "pages": [{"file": page_name(each), "title": title} for each, title in self.notebooks],
            "kinds": {"live": LIVE, "quiz": QUIZ, "exam": EXAM},
            "figure": FIGURE,
            "last": page_name(names[-1]),
            **around,
        }
        text, _ = self.from_notebook_node(notebook, resources=resources)
        text = text.replace("<!--contents-->", self.contents())
        about = json.dumps(self.words.about, ensure_ascii=False).replace("</", r"<\/")
        text = text.replace("/*about*/", about)
        text = self.formulas.typeset(text)
        text = re.sub(r"<annotation .*?</annotation>", "", text, flags=re.DOTALL)  # TeX, not shown
        return text.replace("/*font*/", font_for(text))

    def contents(self):
        """Return the sections of the page as HTML."""
        items = "".join(
            f'<li class="level-{level}"><a href="#{anchor}">{text}</a></li>'
            for level, anchor, text in self.headings
        )
        return f"<ol>{items}</ol>"

    @pass_context
    def markdown2html(self, context, source):
        """Return a Markdown text as HTML; formulas are marked, to be typeset later."""
        cell = context.get("cell", {})
        where = f"セル {cell['id']}" if cell else "問題の文"
        self.formulas.where = where
        renderer = LessonRenderer(self.formulas, self.headings, cell, self.folder)
        markdown = MarkdownWithMath(renderer=renderer)
        table_in_quote(markdown)
        return embed.check_html(markdown.render(self.adapted(source)), where)

    def linked(self, html):
        """Return a cell's HTML with links at the lessons and terms that it names."""
        return self.words.linked(html)

    def adapted(self, source):
        """Return a cell's Markdown as the page has it."""
        return self.summaries(LEFT_OUT.sub("", ADVICE.sub(f"\n{PAGE_ADVICE}", source)))

    def summaries(self, source):
        """Mark the formulas in the headings of folds, which are HTML and no Markdown."""
        formula = re.compile(r"\$([^$]+)\$")
        return re.sub(
            r"<summary>.*?</summary>",
            lambda fold: formula.sub(lambda f: self.formulas.mark(f[1], "InlineMath"), fold[0]),
            source,
        )

    def markdown2inline(self, source):
        """Return one paragraph of Markdown without the paragraph around it."""
        text = self.markdown2html({}, source).strip()
        whole = re.fullmatch(r"<p>(.*)</p>", text, re.DOTALL)
        return whole[1] if whole and "<p>" not in whole[1] else text


class LessonRenderer(IPythonRenderer):
    """Renders the Markdown of one cell."""

    def __init__(self, formulas, headings, cell, folder):
        super().__init__(escape=False)
        self.formulas = formulas
        self.headings = headings
        self.cell = cell
        self.folder = folder

    def image(self, text, url, title=None):
        """Embed a picture."""
        return HTMLRenderer.image(self, text, embed.embedded(url, self.cell, self.folder), title)

    def block_html(self, html):
        """Embed the pictures of raw HTML."""
        return super().block_html(embed.embed_tags(html, self.cell, self.folder))

    def inline_html(self, html):
        """Embed the pictures of raw HTML."""
        return super().inline_html(embed.embed_tags(html, self.cell, self.folder))

    def block_math(self, body):
        """Mark a formula on its own line."""
        return self.formulas.mark(body, "DisplayMath")

    def inline_math(self, body):
        """Mark a formula in a line; at a comma with a space, the line may break."""
        parts = re.split(r"(?<=,)\\(?:;|quad\b|qquad\b|\s)", body)
        if any(part.count("{") != part.count("}") for part in parts):
            parts = [body]
        return " ".join(self.formulas.mark(part, "InlineMath") for part in parts)

    def latex_environment(self, name, body):
        """Mark an environment, a formula on its own line."""
        return self.formulas.mark(f"\\begin{{{name}}}{body}\\end{{{name}}}", "DisplayMath")

    def heading(self, text, level, **attrs):
        """Give a heading an id and a link to itself, and note it for the table of contents.

        The number in the id counts the headings of the cell: those of other cells may change.
        """
        if level == 1:
            return f"<h1>{text}</h1>\n"
        taken = [anchor for _, anchor, _ in self.headings]
        names = (f"{self.cell.get('id', '')}-{number}" for number in itertools.count(1))
        anchor = next(name for name in names if name not in taken)
        self.headings.append((level, anchor, re.sub(r"</?a\b[^>]*>", "", text)))
        link = f'<a class="anchor" href="#{anchor}" aria-label="この見出しへのリンク"></a>'
        return f'<h{level} id="{anchor}">{text}{link}</h{level}>\n'

    def link(self, text, url, title=None):
        """Lead from page to page instead of from notebook to notebook."""
        if url.partition("#")[0].endswith(".ipynb"):
            url = page_link(url)
        return super().link(text, url, title)

    def table(self, text):
        """Put a table into a box in which it can scroll sideways."""
        text = text.replace("<th></th>", "<td></td>")
        if "<th>用語</th>" in text:
            text = re.sub(
                r"<tr>(?=\s*<td>(.*?)</td>)", lambda row: f'<tr id="{term_anchor(row[1])}">', text
            )
        return f'<div class="scroll" role="group" aria-label="表"><table>{text}</table></div>\n'


def is_solution(cell):
    """Whether a cell holds the answer of an exercise: a learner's notebook folds it, output too."""
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


def is_folded(cell):
    """Whether a cell's code is folded, as what only draws is; its output is not."""
    return cell.metadata.get("jupyter", {}).get("source_hidden", False) and not is_solution(cell)


def page_link(place):
    """Return an address in a notebook as that in its page."""
    file, _, anchor = place.partition("#")
    return page_name(file) + (f"#{anchor}" if anchor else "")
