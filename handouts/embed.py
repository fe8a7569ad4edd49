"""What a page can show of a notebook without fetching anything; the rest is refused by its cell."""

import base64
import mimetypes
import re
from html.parser import HTMLParser
from urllib.parse import unquote

from helpers.display import EXAM, LIVE, QUIZ

# The kinds of data that a page can show; of an output with several, the first.
SHOWN = [LIVE, QUIZ, EXAM, "text/markdown", "text/html", "image/svg+xml"]
SHOWN += ["text/latex", "image/png", "image/jpeg", "image/gif", "text/plain"]
RUNNING = {"script", "iframe", "object", "embed", "link", "base", "meta", "frame"}  # elements
FETCHING = {"src", "srcset", "poster", "background", "xlink:href"}  # attributes
FETCHING_STYLE = re.compile(r"url\(\s*['\"]?(?!data:|#)|@import", re.IGNORECASE)
IMG = re.compile(r"(<img\b[^>]*?\bsrc=\")([^\"]+)(\")")


def check_outputs(notebook):
    """ValueError: a cell's output has nothing that a page can show, or fetches something."""
    for cell in notebook.cells:
        if "notebook-only" in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            check_data(output.get("data", {}), f"セル {cell.id} の出力")


def check_data(data, where):
    """ValueError: an output's data cannot be shown; `where` begins the sentence."""
    shown = [kind for kind in SHOWN if kind in data]
    others = sorted(set(data) - set(SHOWN))
    bare = data.get("text/plain", "").startswith("<Figure size ")
    if shown in ([], ["text/plain"]) and (others or bare):
        kind = "、".join(others) or "描かれていない図"
        raise ValueError(f"{where}（{kind}）は、ページに載せられません。図なら show で出します。")
    if shown[:1] == ["text/html"]:
        check_html(data["text/html"], where)


def check_html(html, where):
    """Return HTML. ValueError: it would run or fetch something; `where` begins the sentence."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    if reader.found:
        raise ValueError(
            f"{where} の {reader.found[0]:.80} は、ページに載せられません。ページは何も読み込まず、"
            "置かれたものだけを見せます。"
        )
    return html


class Reader(HTMLParser):
    """Notes in `found` what in a piece of HTML would run or fetch something."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.in_style = False

    def handle_starttag(self, tag, attrs):
        """Note an element that runs something, and attributes that fetch something."""
        self.in_style = tag == "style"
        if tag in RUNNING:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            value = value or ""
            fetches = name in FETCHING and not value.strip().startswith(("data:", "#"))
            runs = name.startswith("on") or value.strip().lower().startswith("javascript:")
            if fetches or runs or (name == "style" and FETCHING_STYLE.search(value)):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data):
        """Note a style sheet that fetches something."""
        if self.in_style and (found := FETCHING_STYLE.search(data)):
            self.found.append(f"<style> {found[0]}")

    def handle_endtag(self, tag):
        """A style sheet ends."""
        self.in_style = False


def embedded(source, cell, folder):
    """Return a picture as a data URI: an attachment of the cell, or a file in the folder.

    ValueError: there is no such picture.
    """
    if source.startswith("data:"):
        return source
    name = unquote(source)
    if name.startswith("attachment:"):
        bundle = cell.get("attachments", {}).get(name.removeprefix("attachment:"), {})
        for kind, data in bundle.items():
            return f"data:{kind};base64,{data}"
    else:
        file = folder / name
        kind, _ = mimetypes.guess_type(file)
        if file.is_file() and (kind or "").startswith("image/"):
            return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"
    raise ValueError(f"セル {cell.get('id', '')} の絵 {source:.80} がありません。")


def embed_tags(html, cell, folder):
    """Return raw HTML with the pictures of its <img> elements embedded."""
    return IMG.sub(lambda img: f"{img[1]}{embedded(img[2], cell, folder)}{img[3]}", html)


def about(output, kind):
    """Return (alternative text, the attributes of the size as HTML) of an output's picture."""
    told = output.metadata.get(kind, {})
    text = output.data.get("text/plain", "")
    alt = told.get("alt") or ("図" if text.startswith("<") else text)
    size = [f' {side}="{told[side]:g}"' for side in ("width", "height") if side in told]
    return alt, "".join(size)
