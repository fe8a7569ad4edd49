"""The search page in Chromium: what it finds stands where it leads, and nothing is fetched."""

import json
import re

import pytest

from handouts.__main__ import BUILD, NOTEBOOKS, build
from handouts.search import SEARCH
from helpers.course import LESSONS, notebooks
from tests.browser.axe import violations

LARGEST = 300 * 2**10
# The text from the target of a link to the next heading or the next row.
TEXT = """(id) => {
    const start = id ? document.getElementById(id) : document.querySelector("h1");
    if (start.matches("tr")) return start.textContent;
    const range = document.createRange();
    range.setStartBefore(start);
    const later = [...document.querySelectorAll("main :is(h2, h3)")].find(
        (one) => start.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    range.setEndBefore(later ?? document.querySelector("footer"));
    return range.toString();
}"""


@pytest.fixture(scope="module")
def folder():
    """The folder of the pages."""
    build(notebooks(NOTEBOOKS))
    return BUILD / "handouts"


@pytest.fixture
def page(open_file, folder):
    """The search page; in the end it must have asked for nothing but pages."""
    page = open_file(folder / SEARCH, viewport={"width": 360, "height": 800})
    yield page
    assert all(re.fullmatch(r"request file://\S+\.html\S*", said) for said in page.said)


def found(page, query):
    """Search, and return the headings and addresses of the results."""
    page.get_by_label("さがす語").fill(query)
    links = page.locator(".results a")
    return links.all_text_contents(), links.evaluate_all("(all) => all.map((a) => a.href)")


def test_the_search_page_is_small(folder):
    assert (folder / SEARCH).stat().st_size < LARGEST


@pytest.mark.parametrize("query", ["鞍点", "Adam", "学習率 発散", "ａｄａｍ", "連鎖律 計算グラフ"])
def test_what_is_found_stands_where_the_link_leads(page, query):
    headings, links = found(page, query)
    assert 2 <= len(links) <= 40 and len(set(links)) == len(links)
    assert page.locator(".results mark").count() >= len(links)
    words = ["adam"] if query == "ａｄａｍ" else query.lower().split()
    for link in [*links[:4], links[-1]]:
        page.goto(link)
        text = page.evaluate(
            TEXT,
            link.partition("#")[2] and page.evaluate("decodeURIComponent(location.hash.slice(1))"),
        )
        assert all(word in text.lower() for word in words), link


def test_the_best_results_come_first(page):
    headings, links = found(page, "鞍点")
    assert headings[0].startswith("鞍点（あんてん")
    assert any("04_saddle_point.html" in link for link in links[:5])
    assert found(page, "あんてん")[0][0].startswith("鞍点（")
    assert found(page, "saddle point")[0][0].startswith("鞍点（")


def test_words_that_are_nowhere_together_and_words_that_are_nowhere(page):
    count = page.locator(".count")
    headings, _ = found(page, "鞍点 いろはにほへと")
    assert headings and "すべての語がある節はありません" in count.text_content()
    headings, _ = found(page, "学習率スケジューラ")
    assert "学習率スケジュール" in headings[0], "by pairs of letters"
    assert found(page, "いろはにほへと") == ([], []) and count.text_content() == "0 件"
    assert found(page, "a.*(b")[0] == []
    assert found(page, " ") == ([], []) and count.text_content() == ""


def test_each_page_leads_to_the_search_and_back(page, folder):
    for name in (
        "index.html",
        *(lesson.file.replace("ipynb", "html") for lesson in LESSONS.values()),
    ):
        assert 'action="search.html"' in (folder / name).read_text(encoding="utf-8")
    page.goto((folder / "04_saddle_point.html").as_uri())
    page.get_by_label("検索").fill("学習率 発散")
    page.get_by_label("検索").press("Enter")
    page.wait_for_url(f"**/{SEARCH}?q=*")
    first = page.locator(".results a").first
    found(page, "鞍点")
    headings = page.locator(".results a").all_text_contents()
    first.click()
    page.wait_for_url("**#*")
    page.go_back()
    assert page.locator(".results a").all_text_contents() == headings


def test_the_data_of_the_search_hold_no_answer_of_a_question(folder):
    text = (folder / SEARCH).read_text(encoding="utf-8")
    entries = json.loads(re.search('id="entries">(.*?)</script>', text)[1])
    assert len(entries) == 2 + len(LESSONS)
    assert "正解と解説" not in text and "答え合わせ" not in text


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light"), (1920, "dark")])
def test_axe_finds_no_violation_and_nothing_is_too_wide(page, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    found(page, "学習率")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
