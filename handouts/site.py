"""Put pages, slides, PDFs and notebooks into build/site/, a folder that any web server can serve.

python -m handouts.site [BASE]   BASE: the address that it will have; with it a sitemap is written

All links are relative, so the folder also works below another path and opened as files.
"""

import base64
import io
import re
import shutil
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader

from handouts import pdf
from handouts.__main__ import BUILD, NOTEBOOKS, main
from handouts.chromium import MISSING, find_chromium
from handouts.exporter import FIGURE, TEMPLATES, page_name
from helpers.course import LESSONS

PROJECT = NOTEBOOKS.parent
HERO = "figure-opening-figure"  # the live figure that opens the index
LICENCE = 13  # the name ID of a font's licence


def build(base=""):
    """Write build/site/ from the pages and slides that stand in build/."""
    site = BUILD / "site"
    shutil.rmtree(site, ignore_errors=True)
    for kind in ("handouts", "slides", "pdf"):
        if (BUILD / kind).exists():
            shutil.copytree(BUILD / kind, site / kind)
    shutil.make_archive(site / "notebooks", "zip", PROJECT, "notebooks")
    given = {
        "figure": FIGURE,
        "hero": hero(site / "handouts" / "index.html"),
        "lessons": [card(lesson, site) for lesson in LESSONS.values()],
        "hours": round(sum(lesson.minutes for lesson in LESSONS.values()) / 60),
        "has_pdf": (site / "pdf").exists(),
        "version": tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"][
            "version"
        ],
        "licences": licences(site / "handouts"),
        "base": base.rstrip("/"),
    }
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    for name in ("index.html", "about.html", "404.html"):
        text = environment.get_template(f"site/{name}.j2").render(given)
        (site / name).write_text(text, encoding="utf-8", newline="\n")
    if base:
        pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
        addresses = [f"{given['base']}/{page}" for page in pages]
        (site / "sitemap.txt").write_text("\n".join(addresses) + "\n", encoding="utf-8")
    return site


def hero(page):
    """Return the live figure that opens a page, as HTML."""
    text = page.read_text(encoding="utf-8")
    return re.search(rf'<figure class="koubai-live" id="{HERO}">.*?</figure>', text, re.DOTALL)[0]


def card(lesson, site):
    """Return what the front page shows of a lesson."""
    page = page_name(lesson.file)
    return {
        "number": lesson.number,
        "name": lesson.name,
        "minutes": lesson.minutes,
        "hook": lesson.hook,
        "page": f"handouts/{page}",
        "slides": f"slides/{page}",
        "pdf": f"pdf/{Path(page).stem}.pdf",
        "picture": (NOTEBOOKS / "cards" / f"{lesson.number}.svg").read_text(encoding="utf-8"),
    }


def licences(pages):
    """Return the licences of what the site holds: (what, under which, text)."""
    return [
        ("勾配ノートのコード", "MIT", (PROJECT / "LICENSE").read_text("utf-8")),
        (
            "勾配ノートの文章・図・問題",
            "CC BY 4.0",
            (PROJECT / "LICENSE-CONTENT").read_text("utf-8"),
        ),
        ("数式のフォント STIX Two Math の一部", "SIL OFL 1.1", font_licence(pages)),
        ("スライドの reveal.js", "MIT", licence_of("sphinx-revealjs", "revealjs/LICENSE")),
        (
            "図の中の文字（IPAex ゴシックの輪郭）",
            "IPA フォントライセンス v1.0",
            licence_of("matplotlib-fontja", "IPA_Font_License_Agreement_v1.0.txt"),
        ),
        (
            "08 章の手書き数字のデータ",
            "CC BY 4.0",
            (PROJECT / "helpers" / "data" / "README.md").read_text("utf-8"),
        ),
    ]


def font_licence(pages):
    """Return the licence that the font in the first page with formulas names."""
    for page in sorted(pages.glob("*.html")):
        found = re.search(r'data:font/woff;base64,([^"]+)"', page.read_text(encoding="utf-8"))
        if found:
            font = TTFont(io.BytesIO(base64.b64decode(found[1])))
            names = [font["name"].getDebugName(number) for number in (0, LICENCE, LICENCE + 1)]
            return "\n".join(names)
    raise ValueError("no page has the font")


def licence_of(package, ending):
    """Return the text of the licence file that a package carries under this name."""
    (file,) = {
        file.read_text(encoding="utf-8")
        for file in distribution(package).files
        if file.as_posix().endswith(ending)
    }
    return file


if __name__ == "__main__":
    base = "".join(sys.argv[1:])
    status = main() or main("slides")
    if status == 0:
        browser = find_chromium()
        if browser:
            pdf.print_pages(browser, base.rstrip("/"))
        else:
            print(f"PDF は作りません。{MISSING}", file=sys.stderr)
        print(f"{build(base).relative_to(PROJECT)}/index.html を開いてください。")
    sys.exit(status)
