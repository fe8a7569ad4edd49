"""The front page of the site in Chromium: what a reader did in the pages, and the colours."""

import pytest

from handouts import site
from handouts.__main__ import NOTEBOOKS, build
from helpers.course import LESSONS, notebooks
from tests.browser.axe import violations

pytestmark = pytest.mark.xdist_group("site")  # as tests/handouts/test_site.py: one folder


@pytest.fixture(scope="module")
def front():
    """The front page."""
    build(notebooks(NOTEBOOKS))
    return site.build() / "index.html"


def test_the_front_page_tells_what_was_done_and_leads_back(open_file, front):
    page = open_file(front)
    marks = page.locator(".done")
    assert set(marks.all_text_contents()) == {""} and marks.count() == len(LESSONS)
    page.get_by_role("link", name=LESSONS["02"].name).click()
    page.wait_for_url("**/02_*")  # the questions are listed at once, so not in the page before
    questions = page.locator("form.quiz .question").all()
    for question in questions:
        choice = int(question.get_attribute("data-answer")) - 1
        question.locator(".choice").nth(choice).click()
        question.locator(".grade-one").click()
        if question is questions[0]:
            page.goto(front.as_uri())
            assert marks.nth(1).text_content() == f"小テスト 1 / {len(questions)} 問正解"
            page.go_back()
    page.goto(front.as_uri())
    done = f"✓ 小テスト {len(questions)} / {len(questions)} 問正解"
    assert [text for text in marks.all_text_contents() if text] == [done]
    page.locator(".resume a").click()
    page.wait_for_url("**/02_*")
    page.goto(front.as_uri())
    for _ in range(2):
        page.locator(".forget").click()
    page.wait_for_function("!document.querySelector('.resume a')")
    assert set(marks.all_text_contents()) == {""}
    assert not [said for said in page.said if not said.startswith("request")]


def test_the_front_page_is_dark_as_chosen_in_a_page(open_file, front):
    page = open_file(front, color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.get_by_label("表示").select_option("暗")
    page.get_by_role("link", name=LESSONS["01"].name).click()
    page.wait_for_url("**/01_*")
    assert page.get_by_label("表示").input_value() == "dark"
    page.get_by_label("表示").select_option("明")
    page.go_back()
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "about.html", "404.html"])
def test_axe_finds_no_violation(open_file, front, name, scheme):
    page = open_file(front.with_name(name), color_scheme=scheme)
    if name == "index.html":
        page.wait_for_selector(".koubai-live.is-live")
    assert not violations(page)
