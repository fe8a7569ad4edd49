"""The site: every link leads to something, no other host is asked, licences go with the files."""

import base64
import html
import io
import re
import zipfile
from urllib.parse import unquote, urlsplit

import pytest
from fontTools.ttLib import TTFont

from handouts import site as handouts_site
from handouts.__main__ import NOTEBOOKS, build
from handouts.exporter import page_name
from handouts.search import SEARCH
from helpers.course import LESSONS, notebooks
from tests.conftest import PROJECT

ADDRESS = re.compile(r'(?:href|src)="([^"]*)"')
# What stands in scripts, in code and in the text of a licence is no link of the page.
NO_LINKS = re.compile(r"<script\b.*?</script>|<pre\b.*?</pre>", re.DOTALL)


pytestmark = pytest.mark.xdist_group("site")  # as tests/browser/test_front_page.py: one folder


@pytest.fixture(scope="module")
def site():
    """The site, made from the pages as they are built before the tests."""
    paths = notebooks(NOTEBOOKS)
    build(paths)
    build(paths, kind="slides")
    return handouts_site.build("https://example.org/notes/")


@pytest.fixture(scope="module")
def texts(site):
    return {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def test_the_site_has_all_its_parts(site):
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    own = {"index.html", "about.html", "404.html", "notebooks.zip", "sitemap.txt"}
    own.add(f"handouts/{SEARCH}")
    pages = {page_name(path) for path in notebooks(NOTEBOOKS)}
    assert own | {f"{kind}/{page}" for kind in ("handouts", "slides") for page in pages} <= names
    with zipfile.ZipFile(site / "notebooks.zip") as packed:
        assert {f"notebooks/{lesson.file}" for lesson in LESSONS.values()} <= set(packed.namelist())


def test_every_link_of_the_site_leads_to_something(site, texts):
    for path, text in texts.items():
        for link in set(ADDRESS.findall(NO_LINKS.sub("", text))):
            target = urlsplit(html.unescape(link))
            if target.scheme in ("data", "https") or path.name == "404.html":
                continue
            assert not target.scheme and not target.path.startswith("/"), f"{path.name}: {link}"
            file = (path.parent / unquote(target.path)).resolve() if target.path else path
            assert file.exists(), f"{path.name}: {link}"
            if target.fragment and file in texts:
                anchor = html.escape(unquote(target.fragment))
                assert f'id="{anchor}"' in texts[file], f"{path.name}: {link}"


def test_the_pages_of_the_site_itself_ask_no_other_host(site, texts):
    for name in ("index.html", "about.html", "404.html"):
        for address in ADDRESS.findall(NO_LINKS.sub("", texts[site / name])):
            assert urlsplit(address).hostname in (None, "example.org"), f"{name}: {address}"


def test_the_front_page_shows_each_lesson_and_a_live_figure(site, texts):
    text = texts[site / "index.html"]
    for lesson in LESSONS.values():
        assert lesson.hook in text and f"{lesson.minutes} 分" in text
    assert text.count('class="koubai-live"') == 1
    assert "export function show" in text


def test_the_sitemap_has_every_page_below_its_base(site, texts):
    lines = (site / "sitemap.txt").read_text(encoding="utf-8").split()
    assert len(lines) == len(texts)
    assert all(line.startswith("https://example.org/notes/") for line in lines)


def test_the_font_of_the_pages_carries_its_licence(site, texts):
    pages = [text for path, text in texts.items() if path.parent.name == "handouts"]
    pages = [text for text in pages if "<math" in text]
    assert len(pages) > len(LESSONS)
    for text in pages:
        (data,) = re.findall(r'data:font/woff;base64,([^"]+)"', text)
        names = TTFont(io.BytesIO(base64.b64decode(data)))["name"]
        assert "Open Font License" in names.getDebugName(13)
        assert "OFL" in names.getDebugName(14)
        assert "STIX Fonts Project Authors" in names.getDebugName(0)


def test_the_licences_of_all_that_the_site_holds_are_in_it(site, texts):
    about = html.unescape(texts[site / "about.html"])
    for phrase in (
        (PROJECT / "LICENSE").read_text("utf-8"),
        (PROJECT / "LICENSE-CONTENT").read_text("utf-8"),
        "Open Font License",
        "Hakim El Hattab",  # reveal.js
        "IPA Font License Agreement v1.0",
        "10.24432/C50P49",
    ):
        assert phrase in about
    slides = next(text for path, text in texts.items() if path.parent.name == "slides")
    assert "reveal.js" in slides and "MIT" in slides
