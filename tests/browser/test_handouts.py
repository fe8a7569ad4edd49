"""The handouts in a real Chromium: no network, live figures, quizzes that grade, easy to read.

The pages are built as by `make handouts`, into build/; they stay there for a look. Each is opened
once, for all tests that use the fixture `page`; each of these sets the window as it needs it.
"""

import base64
import html
import io
import re
from urllib.parse import unquote, urljoin, urlsplit

import matplotlib
import numpy as np
import pytest
from PIL import Image

from handouts.__main__ import BUILD, NOTEBOOKS, build
from handouts.exporter import page_name
from helpers.course import LESSONS, notebooks
from helpers.display import CSS_DPI
from helpers.exams import PAPERS, Exam
from helpers.figures import DPI
from helpers.questions import load_questions
from helpers.terms import load_terms
from tests.browser.axe import violations
from tests.browser.figures import FIGURES, THINNED_LAB, controls_of, drawn, position
from tests.browser.offline import offline, one_worker_each
from tests.notebooks.test_live import live_figures

PATHS = {page_name(path): path for path in notebooks(NOTEBOOKS)}
NAMES = list(PATHS)
LESSON_OF = {page_name(lesson.file): number for number, lesson in LESSONS.items()}
EXAM_PAGE = NAMES[-1]
LARGEST_PAGE = 3 * 2**20
LARGEST_FIGURE = 500 * 2**10
# Of 255, the mean difference from Agg where it fits nothing to pixels: at most 3, but for dashes of
# a line that leaves the picture, which begin elsewhere.
SAME_PICTURE = 3.6
UNFOLD = "document.querySelectorAll('details').forEach((fold) => (fold.open = true))"
WIDTHS = (320, 360, 600, 640, 820, 1200, 1280, 1440, 1920)

each_page = pytest.mark.parametrize("name", one_worker_each(NAMES))
two_lessons = pytest.mark.parametrize("name", one_worker_each(NAMES[2:4]))
exam_only = pytest.mark.xdist_group(EXAM_PAGE)


@pytest.fixture(scope="session")
def pages():
    """The folder of the pages."""
    build(PATHS.values())
    return BUILD / "handouts"


@pytest.fixture(scope="module", params=one_worker_each(NAMES))
def page(request, browser, pages):
    """A page that all its tests share; in the end it must have asked for nothing but itself."""
    path = pages / request.param
    with offline(browser, path, has_touch=True) as page:
        page.name = request.param
        yield page
        assert page.said == [f"request {path.as_uri()}"]


@pytest.fixture
def open_page(open_file, pages):
    """Open a page of its own by its file name."""
    return lambda name, width=1440, **settings: open_file(
        pages / name, viewport={"width": width, "height": 900}, **settings
    )


def set_width(page, width):
    """Make the window so wide."""
    page.set_viewport_size({"width": width, "height": 900})


def sideways(page, widths):
    """Return the widths at which the page scrolls sideways, and how wide it is then."""
    found = {}
    for width in widths:
        set_width(page, width)
        reached = page.evaluate("document.documentElement.scrollWidth")
        if reached > width:
            found[width] = reached
    return found


# First, since others open all folds.
def test_solutions_are_folded_and_open_and_exercises_lead_to_the_notebook(page):
    for fold in page.locator("details.solution").all():
        assert not fold.locator("pre").first.is_visible()
        fold.locator("summary").press("Enter")
        assert fold.locator("pre").first.is_visible()
    notes = page.get_by_text("この演習は、ノートブックで解きます").all_text_contents()
    assert len(notes) == page.locator("details.solution").count()
    assert (len(notes) > 0) == (page.name in LESSON_OF)
    assert all(PATHS[page.name].name in note for note in notes)


# ---- the look ----


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, scheme):
    set_width(page, 360 if scheme == "dark" else 1440)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(UNFOLD)
    found = violations(page)
    page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


def test_a_page_never_scrolls_sideways(page):
    page.evaluate(UNFOLD)
    assert not sideways(page, WIDTHS)
    page.evaluate("document.documentElement.style.fontSize = '24px'")
    found = sideways(page, [360])
    page.evaluate("document.documentElement.style.fontSize = ''")
    assert not found, "with large letters"


# The formulas with a bracket before or a mark after them that stands on another line.
PARTED = """() => [...document.querySelectorAll("math[display=inline]")].filter((formula) => {
    const beside = (text, start) => {
        const range = document.createRange();
        range.setStart(text, start);
        range.setEnd(text, start + 1);
        return range.getBoundingClientRect();
    };
    const { previousSibling: before, nextSibling: after } = formula;
    const box = formula.getBoundingClientRect();
    return (/[（「『]$/.test(before?.data) && beside(before, before.length - 1).left > box.left)
        || (/^[、。）」』]/.test(after?.data) && beside(after, 0).left < box.left);
}).map((formula) => formula.textContent)"""


def test_no_line_break_parts_a_formula_from_its_punctuation(page):
    found = {}
    for width in (360, 600, 820, 1280):
        set_width(page, width)
        found[width] = page.evaluate(PARTED)
    assert not any(found.values()), found


def test_a_line_of_text_has_at_most_forty_letters(page):
    set_width(page, 1920)
    widths = page.evaluate(
        """[...document.querySelectorAll(".text > :is(p, ul, ol, blockquote)")].map((text) =>
            text.getBoundingClientRect().width / parseFloat(getComputedStyle(text).fontSize))"""
    )
    assert widths and max(widths) <= 40


def test_the_arrow_keys_turn_the_pages_where_nothing_else_wants_them(open_page):
    page = open_page(NAMES[2])
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{NAMES[3]}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{NAMES[2]}")
    position(page.locator(FIGURES).first)
    controls_of(page.locator(FIGURES).first)[1].focus()
    for key in ("ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    page.locator("header input").press("ArrowLeft")
    page.keyboard.press("Escape")
    page.locator("body").press("Control+ArrowRight")
    page.wait_for_timeout(300)
    assert page.url.endswith(NAMES[2])
    first = open_page(NAMES[0])
    first.locator("body").press("ArrowLeft")
    assert first.url.endswith(NAMES[0])
    assert not [said for said in page.said if not said.startswith("request")]


def test_pictures_of_questions_are_dark_in_the_dark_and_white_on_paper(open_page):
    page = open_page(NAMES[1], color_scheme="dark")
    look = "getComputedStyle(document.querySelector('.question .picture')).filter"
    assert "invert" in page.evaluate(look)
    page.get_by_label("表示").select_option("明")
    assert page.evaluate(look) == "none"
    page.get_by_label("表示").select_option("暗")
    page.emulate_media(color_scheme="light")
    assert "invert" in page.evaluate(look)
    page.emulate_media(media="print")
    assert page.evaluate(look) == "none"


PAPER = "getComputedStyle(document.body).backgroundColor"
REFUSE = "Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } });"


@two_lessons
def test_light_and_dark_are_chosen_for_page_and_figures_and_remembered(open_page, name):
    page = open_page(name, 360, color_scheme="dark")
    theme, figure = page.get_by_label("表示"), page.locator(FIGURES).first
    position(figure)
    dark, paper = drawn(figure), page.evaluate(PAPER)
    theme.select_option("明")
    position(figure)
    light = drawn(figure)
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)" != paper
    assert light != dark
    page.reload()
    assert theme.input_value() == "light" and page.evaluate(PAPER) == "rgb(255, 255, 255)"
    position(figure)
    assert drawn(figure) == light
    page.goto(page.url.replace(name, NAMES[0]))
    assert theme.input_value() == "light" and page.evaluate(PAPER) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="light")
    theme.select_option("暗")
    page.go_back()
    position(figure)
    assert theme.input_value() == "dark" and page.evaluate(PAPER) == paper
    assert drawn(figure) == dark
    theme.select_option("自動")
    position(figure)
    assert drawn(figure) == light, "as the system has it"
    page.emulate_media(color_scheme="dark")
    position(figure)
    assert drawn(figure) == dark, "the system has changed"
    assert not [said for said in page.said if not said.startswith("request")]


def test_a_browser_that_keeps_nothing_shows_what_is_chosen(open_page):
    page = open_page(NAMES[2], first=REFUSE, color_scheme="light")
    page.get_by_label("表示").select_option("暗")
    assert page.evaluate(PAPER) != "rgb(255, 255, 255)"
    page.reload()
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"
    assert page.get_by_label("表示").input_value() == "auto"
    assert not [said for said in page.said if not said.startswith("request")]


# Cards whose picture is cut off, distorted or wider than the card.
ASKEW = """() => [...document.querySelectorAll(".koubai-figure")].flatMap((card) => {
    const canvas = card.querySelector("canvas"), box = canvas.getBoundingClientRect();
    const around = card.getBoundingClientRect();
    const ratio = canvas.width / canvas.height / (box.width / box.height);
    const beyond = Math.max(box.right - around.right, around.left - box.left);
    return Math.abs(ratio - 1) > 0.02 || beyond > 0.5 || box.width < 200 ? [[ratio, beyond]] : [];
})"""


def test_a_picture_fits_its_card_at_every_width(page):
    found = {}
    for width in (320, 360, 640, 1280):
        set_width(page, width)
        page.wait_for_timeout(200)  # two frames of the display, to paint anew
        found[width] = page.evaluate(ASKEW)
    assert not any(found.values()), found


# ---- the text ----


def test_a_page_and_its_figures_are_small(page, pages):
    text = (pages / page.name).read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST_PAGE
    figures = re.findall(r'<figure class="koubai-live".*?</figure>', text, re.DOTALL)
    packed = [len(figure.encode()) for figure in figures if '"kind"' in figure]
    assert max(packed, default=0) < LARGEST_FIGURE


def test_a_page_has_no_formula_left_as_tex_and_a_font_for_the_others(page, pages):
    text = (pages / page.name).read_text(encoding="utf-8")
    body = re.sub(r"<(annotation|script|style|code|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    visible = html.unescape(re.sub(r"<[^>]*>", "", body))
    assert not re.findall(r"\$[^$\n]{1,80}\$|\\[a-z]{3,}", visible)
    assert "data:font/woff;base64," in text


def test_a_page_does_not_tell_to_run_cells(page):
    text = page.locator("main").inner_text()
    assert "すべてのセルを" not in text
    assert "Python も使わずに読めます" in text


def test_every_link_leads_to_something(page, pages):
    here = (pages / page.name).as_uri()
    links = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))"
    )
    for link in sorted(set(links)):
        target = urlsplit(urljoin(here, link))
        if target.scheme == "https":
            continue
        file = pages / target.path.rpartition("/")[2]
        assert file.exists(), link
        if target.fragment:
            anchor = html.escape(unquote(target.fragment).partition("/")[0])
            assert f'id="{anchor}"' in file.read_text(encoding="utf-8"), link


def test_a_page_leads_to_its_neighbours(page):
    at = NAMES.index(page.name)
    for way, neighbours in (("prev", NAMES[:at][-1:]), ("next", NAMES[at + 1 :][:1])):
        links = page.locator(f"a[rel={way}]").all()
        assert [link.get_attribute("href") for link in links] == neighbours


def test_the_table_of_contents_follows_the_reader(page):
    set_width(page, 1440)
    heading = page.locator("main h2").nth(1)
    heading.evaluate("(heading) => heading.scrollIntoView()")
    page.wait_for_function(
        "(text) => document.querySelector('.contents [aria-current=true]')?.textContent === text",
        arg=heading.text_content(),
    )


def test_the_contents_have_all_lessons_and_the_sections_of_this_page(page):
    links = page.locator(".contents a").evaluate_all(
        "(all) => all.map((a) => a.attributes.href.value)"
    )
    headings = page.locator("main :is(h2, h3)").evaluate_all("(all) => all.map((one) => one.id)")
    assert [link for link in links if not link.startswith("#")] == NAMES
    assert [link for link in links if link.startswith("#")] == [f"#{id}" for id in headings]
    here = page.locator(".contents [aria-current=page]")
    assert here.get_attribute("href") == page.name


def test_the_contents_stay_beside_the_figures_which_may_be_1100_px_wide(page):
    for width in (1280, 1920):
        set_width(page, width)
        assert page.locator(".contents ul").is_visible()
        widths = []
        for card in page.locator(".koubai-figure").all():
            card.scroll_into_view_if_needed()
            box, beside = card.bounding_box(), page.locator(".contents").bounding_box()
            assert beside["x"] >= 0 and beside["x"] + beside["width"] < box["x"]
            assert beside["y"] < 150 and beside["y"] + beside["height"] <= 901
            widths.append(box["width"])
        assert max(widths, default=1100) == (1100 if width == 1920 else pytest.approx(930, abs=60))


BELOW_THE_MENU = """(id) => {
  const { top } = document.getElementById(id).getBoundingClientRect();
  const { bottom } = document.querySelector(".contents summary").getBoundingClientRect();
  return bottom < top && top < 200;
}"""


def test_on_a_phone_the_contents_are_a_menu_at_the_top(page):
    set_width(page, 360)
    menu, list_ = page.locator(".contents summary"), page.locator(".contents details > ul")
    heading = page.locator("main h2").nth(2)
    for way in ("choose", "Escape", "beside"):
        page.evaluate("scrollTo(0, 3000)")
        assert menu.bounding_box()["y"] < 1 and not list_.is_visible()
        menu.click()
        box = list_.bounding_box()
        assert box["x"] == 0 and box["width"] == 360 and box["y"] + box["height"] <= 900
        on_top = "(at) => !!document.elementFromPoint(180, at).closest('.contents')"
        assert page.evaluate(on_top, box["y"] + box["height"] / 2)
        if way == "choose":
            page.locator(f".contents a[href='#{heading.get_attribute('id')}']").click()
            page.wait_for_function(BELOW_THE_MENU, arg=heading.get_attribute("id"))
        elif way == "Escape":
            menu.press("Escape")
        else:
            page.mouse.click(20, 895)
        assert not list_.is_visible()


def test_each_heading_leads_to_itself(page):
    headings = page.locator("main :is(h2, h3)").all()
    assert headings
    for heading in headings:
        link = heading.locator(".anchor")
        assert link.get_attribute("href") == f"#{heading.get_attribute('id')}"
    set_width(page, 1280)
    opacity = "(link) => getComputedStyle(link).opacity"
    link = headings[0].locator(".anchor")
    page.mouse.move(0, 0)
    assert link.evaluate(opacity) == "0"
    headings[0].hover()
    assert link.evaluate(opacity) == "1"
    page.keyboard.press("Tab")  # from now on the focus is shown
    page.mouse.move(0, 0)
    link.focus()
    assert link.evaluate(opacity) == "1"


@two_lessons
def test_code_is_copied(open_page, name):
    page = open_page(name)
    page.evaluate("document.body.append(document.createElement('textarea'))")
    box = page.locator(".input:visible").nth(1)
    box.locator(".copy").click()
    assert "コピーしました" in box.locator(".copy").text_content()
    page.locator("textarea").press("Control+V")
    assert page.locator("textarea").input_value() == box.locator("pre").text_content().strip()
    assert box.locator(".copy").text_content() == "コピー"


def test_code_that_may_not_be_copied_is_selected(open_page):
    page = open_page(NAMES[2], first="delete Navigator.prototype.clipboard;")
    box = page.locator(".input:visible").first
    box.locator(".copy").press("Enter")
    assert page.evaluate("getSelection().toString()") == box.locator("pre").text_content().strip()


def test_terms_and_lessons_in_the_prose_lead_to_what_they_are(page):
    terms = page.locator("main .term").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert set(terms) <= {term.name for term in load_terms()}
    assert len(terms) > (5 if page.name in LESSON_OF else 0)
    left = page.locator("main .text").evaluate_all(
        """(cells) => cells.flatMap((cell) => {
            const rest = cell.cloneNode(true);
            const silent = "a, code, pre, h2, h3, summary, table";
            rest.querySelectorAll(silent).forEach((one) => one.remove());
            return rest.textContent.match(/0\\d ?章/g) ?? [];
        })"""
    )
    assert left == []


def test_a_section_links_a_term_once_and_no_part_of_a_word(page):
    sections = page.evaluate(
        """() => {
            const sections = [[]];
            for (const one of document.querySelectorAll("main :is(h2, h3, .text .term)"))
                if (one.matches("h2, h3")) sections.push([]);
                else {
                    const { previousSibling: before, nextSibling: after } = one;
                    const sides = [before?.data?.at(-1) ?? "", after?.data?.[0] ?? ""];
                    sections.at(-1).push([one.textContent, ...sides]);
                }
            return sections;
        }"""
    )
    for links in sections:
        names = [name for name, _, _ in links]
        assert len(set(names)) == len(names)
        around = "".join(before + after for _, before, after in links)
        assert not re.search("[A-Za-z0-9一-龠ァ-ヶー]", around), links


def test_what_a_term_is_is_told_to_the_pointer_and_to_the_focus(open_page):
    page = open_page(NAMES[4], 1280)
    about, link = page.locator("#about"), page.locator(".term").filter(has_text="鞍点").first
    assert link.get_attribute("href") == "index.html#term-鞍点"
    (saddle,) = (term for term in load_terms() if term.name == "鞍点")
    assert not about.is_visible()
    link.hover()
    assert saddle.definition in about.text_content() and saddle.reading in about.text_content()
    box, word = about.bounding_box(), link.bounding_box()
    assert (
        abs(box["y"] - word["y"] - word["height"]) < 12
        or abs(box["y"] + box["height"] - word["y"]) < 12
    )
    about.hover()
    assert about.is_visible(), "the pointer may go there"
    page.mouse.move(1, 1)
    assert not about.is_visible()
    link.focus()
    assert saddle.definition in about.text_content() and about.is_visible()
    assert link.get_attribute("aria-describedby") == "about"
    page.keyboard.press("Escape")
    assert not about.is_visible()
    lesson = page.locator("main a[href='06_learning_rate.html']").first
    lesson.focus()
    assert LESSONS["06"].hook in about.text_content()
    link.press("Enter")
    page.wait_for_url("**/index.html#*")
    row = page.locator("tr:target")
    assert row.locator("td").first.text_content() == "鞍点"
    assert 0 <= row.bounding_box()["y"] < 600


def test_the_first_tap_tells_what_a_term_is_and_the_second_leads_there(open_page):
    page = open_page(NAMES[4], 360, has_touch=True)
    for link in page.locator(".term").all()[:6]:
        link.tap()
        box = page.locator("#about").bounding_box()
        assert 0 <= box["x"] and box["x"] + box["width"] <= 360
        page.locator("#about").tap()
        assert not page.locator("#about").is_visible()
    assert page.url.endswith(NAMES[4])
    link.tap()
    link.tap()
    page.wait_for_url("**/index.html#*")


# ---- live figures ----


def test_each_slider_moves_the_picture_by_keyboard(page):
    set_width(page, 1440)
    figures = page.locator(FIGURES).all()
    assert figures
    for figure in figures:
        if figure.get_attribute("id") == THINNED_LAB:
            continue
        for k, control in enumerate(controls_of(figure)):
            seen = set()
            control.focus()
            for key in ("Home", "End"):
                control.press(key)
                at = position(figure)
                seen.add((drawn(figure), figure.locator(".koubai-facts").inner_text()))
            assert len(seen) == 2, f"{figure.get_attribute('id')}: slider {k}"
            control.press("ArrowLeft")
            assert position(figure)[k] < at[k], "a page that lacks the next position goes on"
            assert figure.locator(".koubai-notice").inner_text() == ""


@two_lessons
def test_each_slider_follows_the_mouse_and_the_finger(open_page, name):
    page = open_page(name, 360, has_touch=True)
    for figure in page.locator(FIGURES).all():
        for control in figure.locator(".koubai-slider").all():
            control.scroll_into_view_if_needed()
            box = control.bounding_box()
            middle = box["y"] + box["height"] / 2
            ends = {"min": box["x"] + 2, "max": box["x"] + box["width"] - 2}
            for hand in ("mouse", "finger"):
                for end, at in ends.items():
                    if hand == "finger":
                        page.touchscreen.tap(at, middle)
                    else:
                        page.mouse.move(box["x"] + box["width"] / 2, middle)
                        page.mouse.down()
                        page.mouse.move(at, middle, steps=5)
                        page.mouse.up()
                    position(figure)
                    assert control.input_value() == control.get_attribute(end), hand
    assert not [said for said in page.said if not said.startswith("request")]


@two_lessons
def test_a_point_is_dragged_and_steps_are_played(open_page, name):
    page = open_page(name, 1280)
    for figure in page.locator(f"{FIGURES}:has(.koubai-drag)").all():
        figure.scroll_into_view_if_needed()
        before, box = position(figure), figure.locator("canvas").bounding_box()
        page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
        page.mouse.up()
        assert position(figure) != before
    for figure in page.locator(f"{FIGURES}:has(.koubai-steps)").all():
        steps = figure.locator(".koubai-steps .koubai-slider")
        steps.press("Home")
        figure.get_by_role("button", name="再生", exact=True).click()
        page.wait_for_function(
            "(steps) => Number(steps.value) >= 3 || steps.value === steps.max",
            arg=steps.element_handle(),
        )
    assert not [said for said in page.said if not said.startswith("request")]


def reopen(page, fragment=""):
    """Open the page anew with a fragment of its address, and wait for its figures."""
    address = page.url.partition("#")[0]
    page.goto("about:blank")
    page.goto(address + fragment)
    page.wait_for_function("!document.querySelector('.koubai-live:not(.is-live)')")


@each_page
def test_a_link_leads_to_the_setting_of_a_figure(open_page, name):
    page = open_page(name, 1280)
    reopen(page)
    figures = page.locator(FIGURES).all()
    assert figures
    for figure, keys in zip(
        figures, [("End", "Home"), ("Home", "End")] * len(figures), strict=False
    ):
        move(figure, keys[0])
        link, then, picture = figure.locator(".koubai-link"), position(figure), drawn(figure)
        at = page.evaluate("scrollY")
        link.press("Enter")
        page.wait_for_function("(link) => link.textContent", arg=link.element_handle())
        assert page.evaluate("scrollY") == at, "the figure stays where it is"
        fragment = link.get_attribute("href").partition("#")[2]
        assert page.url.partition("#")[2] == fragment
        move(figure, keys[1])
        assert position(figure) != then
        page.evaluate("location.hash = ''")
        page.evaluate("(fragment) => (location.hash = fragment)", fragment)
        assert position(figure) == then and drawn(figure) == picture
        assert 0 <= figure.bounding_box()["y"] < 500
    reopen(page, f"#{fragment}")
    assert position(figure) == then and drawn(figure) == picture
    assert 0 <= figure.bounding_box()["y"] < 500
    assert not [said for said in page.said if not said.startswith("request")]


def move(figure, key):
    """Press a key on each slider and list of a figure."""
    for control in controls_of(figure):
        control.press(key)


def test_a_link_to_no_setting_leaves_the_figures_as_they_are(open_page):
    page = open_page(NAMES[2])
    reopen(page)
    start = [position(figure) for figure in page.locator(FIGURES).all()]
    id = page.locator(FIGURES).first.get_attribute("id")
    for fragment in (
        "#%E3",
        f"#{id}/",
        f"#{id}/no/such/thing/here/at/all",
        "#figure-none/1",
        f"#{id}",
    ):
        reopen(page, fragment)
        assert [position(figure) for figure in page.locator(FIGURES).all()] == start, fragment
    assert not [said for said in page.said if not said.startswith("request")]


@each_page
def test_a_figure_shows_what_the_notebook_shows(open_page, name, capsys):
    page = open_page(name, device_scale_factor=DPI / CSS_DPI)
    # At the size of Agg's pixels, so that nothing is scaled.
    page.add_style_tag(content=".looked-at .koubai-stage { width: var(--width) !important }")
    found = []
    for cell, live in live_figures(PATHS[name])[0].items():
        figure = page.locator(f"#figure-{cell}")
        figure.evaluate(
            "(figure, width) => { figure.classList.add('looked-at'); figure.style = width; }",
            f"--width: {live.card['width']}px",
        )
        page.wait_for_timeout(200)  # two frames of the display, to paint anew
        for key in (None, "Home", "End"):
            for control in controls_of(figure) if key else []:
                control.press(key)
            values = live.values(position(figure))
            difference = compare(live, values, figure)
            if difference > SAME_PICTURE:
                found.append(f"{cell} at {values}: {difference:.1f}")
        figure.evaluate("(figure) => figure.classList.remove('looked-at')")
    assert not found, "\n".join(found)


def compare(live, values, figure):
    """Return the mean difference of the notebook's figure and of the page's."""
    with matplotlib.rc_context({"text.hinting": "none", "path.snap": False}):
        live.scene.picture(values)
    expected = np.asarray(live.figure.canvas.buffer_rgba())[..., :3].astype(float)
    data = base64.b64decode(drawn(figure).partition(",")[2])
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
    rows, columns = (min(sides) for sides in zip(pixels.shape[:2], expected.shape[:2], strict=True))
    return np.abs(pixels[:rows, :columns] - expected[:rows, :columns]).mean()


# ---- quizzes and the mock exam ----

# Grade each choice of a question, the right one last: what the page then says and marks.
ANSWERS = """(question) => {
  const rows = [...question.querySelectorAll(".choice")];
  const answer = Number(question.dataset.answer);
  const others = [1, 2, 3, 4].filter((k) => k !== answer);
  return [...others, answer].map((k) => {
    rows[k - 1].querySelector("input").click();
    const before = question.querySelector(".verdict").textContent;
    question.querySelector(".grade-one").click();
    const verdict = question.querySelector(".verdict");
    return {
      choice: k,
      before,
      word: verdict.querySelector("strong").textContent,
      said: verdict.textContent.replace(/\\s/g, ""),
      marks: rows.map((row) => row.querySelector(".mark").textContent),
      colours: rows.map((row) => getComputedStyle(row.querySelector(".mark")).color),
      right: rows[answer - 1].querySelector(".text").textContent.replace(/\\s/g, ""),
      links: [...verdict.querySelectorAll("a")].map((link) => link.getAttribute("href")),
    };
  });
}"""
MARKS = {True: "✓ 正解", False: "✗ 不正解"}


def words(note):
    """Return the pieces of an explanation that a page shows as they are: no formulas, no code."""
    return re.findall(r"[ぁ-んァ-ヶ一-龠ー、。]+", re.sub(r"\$.*?\$|`.*?`", "|", note))


def test_a_quiz_grades_each_choice_with_its_explanation(page):
    lesson = LESSON_OF.get(page.name)
    questions = load_questions(lesson) if lesson else []
    shown = page.locator("form.quiz .question").all()
    assert len(shown) == len(questions)
    for question, fieldset in zip(questions, shown, strict=True):
        notes = [note for _, note in question.choices]
        for told in fieldset.evaluate(ANSWERS):
            k, answer = told["choice"], question.answer
            correct = k == answer
            assert told["before"] == "", "another choice takes the verdict away"
            assert told["word"] == ("正解" if correct else "不正解")
            assert [mark for mark in told["marks"] if mark] == [
                MARKS[n == answer] for n in (1, 2, 3, 4) if n in (k, answer)
            ]
            assert told["marks"][k - 1] == MARKS[correct]
            assert told["marks"][answer - 1] == MARKS[True]
            assert correct or told["colours"][k - 1] != told["colours"][answer - 1]
            expected = [k] if correct else [k, answer]
            for piece in (piece for n in expected for piece in words(notes[n - 1])):
                assert piece in told["said"]
            assert (f"正解は{answer}です:{told['right']}" in told["said"]) != correct
            again = question.again[0].replace(".ipynb", ".html")
            assert told["links"] == ([] if correct else [again])
    if questions:
        score = f"{len(questions)} 問中 {len(questions)} 問正解"
        assert page.locator("form.quiz .score").text_content() == score


def test_a_quiz_is_answered_by_keyboard_and_by_pressing_anywhere_in_a_row(open_page):
    page = open_page(NAMES[1], 1440)
    question = page.locator(".question").first
    question.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "（2 を選択）" in question.locator(".verdict").text_content()
    row = question.locator(".choice").nth(3)
    box = row.bounding_box()
    for x in (3, box["width"] - 3):
        question.locator("input").first.check()
        row.click(position={"x": x, "y": box["height"] / 2})
        assert question.locator("input").nth(3).is_checked()


def exam_page(open_page, seed):
    """Open the mock exam and start it."""
    page = open_page(EXAM_PAGE)
    begin(page, seed)
    return page


def begin(page, seed):
    """Start the exam on show again."""
    page.locator(".exam .seed").fill(str(seed))
    page.locator(".exam .begin").press("Enter")


def answer(page, wrong=()):
    """Answer all questions on show, those of the lessons `wrong` by a wrong choice."""
    page.evaluate(
        """(wrong) => {
            for (const question of document.querySelectorAll(".exam .question:not([hidden])")) {
                const right = Number(question.dataset.answer);
                const choice = wrong.includes(question.dataset.lesson) ? (right % 4) + 1 : right;
                question.querySelectorAll("input")[choice - 1].click();
            }
        }""",
        list(wrong),
    )


def drawn_questions(page):
    """Return the ids of the exam's questions on show."""
    shown = page.locator(".exam .question:visible").all()
    return [question.get_attribute("data-id") for question in shown]


@exam_only
def test_the_exam_draws_the_same_questions_as_in_the_notebook(open_page):
    page = open_page(EXAM_PAGE)
    assert drawn_questions(page) == []
    for seed in (0, 7, PAPERS - 1):
        begin(page, seed)
        asked = [question.id for question in Exam(seed, 20).draw(seed)]
        assert drawn_questions(page) == asked
    begin(page, PAPERS)  # a paper that the page has not
    assert drawn_questions(page) == asked


@exam_only
def test_the_exam_counts_the_score_by_lesson_and_names_the_lessons_to_read_again(open_page):
    page = exam_page(open_page, 1)
    ids = drawn_questions(page)
    answer(page, wrong=["03"])
    assert "経過時間" in page.locator(".clock").text_content()
    page.locator(".exam .grade").press("Enter")
    missed = sum(question.startswith("03") for question in ids)
    assert missed
    result = page.locator(".exam .result")
    assert f"得点 {len(ids) - missed} / {len(ids)}" in result.text_content()
    links = {link.get_attribute("href") for link in result.locator("a").all()}
    places = {q.again[0] for q in Exam(1, 20).draw(1) if q.lesson == "03"}
    assert links == {place.replace(".ipynb", ".html") for place in places}
    assert f"0 / {missed}" in result.text_content()


@exam_only
def test_after_a_miss_the_exam_tells_both_notes_the_right_choice_and_where_to_read(open_page):
    page = exam_page(open_page, 4)
    answer(page, wrong=["02", "05"])
    page.locator(".exam .grade").press("Enter")
    for question in Exam(4, 20).draw(4):
        shown = page.locator(f'.exam [data-id="{question.id}"]')
        verdict = shown.locator(".verdict")
        said = re.sub(r"\s", "", verdict.text_content())
        wrong = question.lesson in ("02", "05")
        for k in {question.answer, question.answer % 4 + 1 if wrong else question.answer}:
            for piece in words(question.choices[k - 1][1]):
                assert piece in said
        links = [link.get_attribute("href") for link in verdict.locator("a").all()]
        assert links == ([question.again[0].replace(".ipynb", ".html")] if wrong else [])
        assert shown.locator(".choice.wrong").count() == wrong
        assert shown.locator(".choice.right .mark").text_content() == "✓ 正解"
        assert shown.locator("input:enabled").count() == 0


@exam_only
def test_begin_asks_before_it_throws_answers_away(open_page):
    page = exam_page(open_page, 1)
    start, warning = page.locator(".exam .begin"), page.locator(".exam .warning")
    shown = drawn_questions(page)
    begin(page, 2)  # nothing was answered: it begins at once
    assert drawn_questions(page) != shown
    answer(page)
    shown, checked = drawn_questions(page), page.locator(".exam input[type=radio]:checked")
    begin(page, 3)
    assert drawn_questions(page) == shown
    assert checked.count() == len(shown)
    assert "答えが消えます" in warning.text_content()
    page.locator(".exam .question:visible input").first.click()
    assert warning.text_content() == ""
    start.press("Enter")
    assert "もう一度「開始」" in warning.text_content()
    start.press("Enter")
    assert checked.count() == 0
    assert warning.text_content() == ""
    answer(page)
    page.locator(".exam .grade").press("Enter")
    begin(page, 2)  # they are graded: nothing is lost
    assert checked.count() == 0


@exam_only
def test_an_empty_exam_can_be_graded_and_begun_again(open_page):
    page = exam_page(open_page, 2)
    page.locator(".exam .grade").click()
    assert "まだ答えていない問題: 1、2、" in page.locator(".exam .unanswered").text_content()
    page.locator(".exam .grade").click()
    assert "得点 0 /" in page.locator(".exam .result").text_content()
    verdict = page.locator(".exam .verdict:visible").first
    assert verdict.text_content().startswith("未回答")
    assert "正解は" in verdict.text_content()
    page.locator(".exam .begin").click()
    assert page.locator(".exam .result").text_content() == ""
    assert page.locator(".exam .verdict:visible strong").count() == 0


@exam_only
def test_the_best_and_the_last_scores_are_kept(open_page):
    page = exam_page(open_page, 1)
    kept = page.locator(".exam .kept")
    assert kept.text_content() == ""
    asked = len(drawn_questions(page))
    good = asked - sum(question.startswith("03") for question in drawn_questions(page))
    for wrong in (["03"], list(LESSONS)):
        begin(page, 1)
        answer(page, wrong)
        page.locator(".exam .grade").press("Enter")
    page.reload()
    assert kept.text_content() == f"最高 {good} / {asked}、これまで {good} / {asked} → 0 / {asked}"
    for spoilt in (
        "[",
        "null",
        '{"best": "3", "last": [1, 2]}',
        '{"best": [9, 3], "all": [[0, 3]]}',
        '{"best": [2, 3], "all": []}',
    ):
        page.evaluate("(text) => localStorage.setItem('koubai-notes/模擬試験', text)", spoilt)
        page.reload()
        assert kept.text_content() == ""
        begin(page, 1)
        assert len(drawn_questions(page)) == asked


@exam_only
def test_a_browser_that_keeps_nothing_grades_as_well(open_page):
    page = open_page(EXAM_PAGE, first=REFUSE)
    begin(page, 1)
    answer(page)
    page.locator(".exam .grade").press("Enter")
    asked = len(drawn_questions(page))
    assert f"得点 {asked} / {asked}" in page.locator(".exam .result").text_content()
    assert not [said for said in page.said if not said.startswith("request")]


# ---- what is kept ----

FIRST = "figure-opening-figure"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('koubai-notes/'))"


def grade(question, right):
    """Answer a question rightly or wrongly and grade it."""
    key = int(question.get_attribute("data-answer"))
    question.locator(".choice").nth(key - 1 if right else key % 4).click()
    question.locator(".grade-one").click()


def verdicts(page):
    """Return what the quiz says of each question."""
    said = page.locator("form.quiz .verdict").all_text_contents()
    return said, page.locator("form.quiz .score").text_content()


def test_the_answers_of_a_quiz_are_kept_until_they_are_thrown_away(open_page):
    page = open_page(NAMES[2])
    questions = page.locator("form.quiz .question").all()
    empty = verdicts(page)
    grade(questions[0], right=True)
    grade(questions[1], right=False)
    grade(questions[2], right=True)
    questions[2].locator(".choice").first.click()  # another choice takes the verdict back
    questions[2].locator(".choice").nth(1).click()
    questions[3].locator(".choice").first.click()  # chosen, not graded
    before = verdicts(page)
    page.reload()
    assert verdicts(page) == before != empty
    assert page.locator("form.quiz input:checked").count() == 2
    other = open_page(NAMES[3])
    assert other.locator("form.quiz input:checked").count() == 0
    forget = page.locator(".forget")
    forget.click()
    assert forget.text_content() == "本当に消す" and page.evaluate(KEPT)
    with page.expect_navigation():
        forget.click()
    assert verdicts(page) == empty and page.evaluate(KEPT) == []
    assert page.locator("form.quiz input:checked").count() == 0


def test_what_was_expected_of_a_figure_is_kept_until_it_is_thrown_away(open_page):
    page = open_page(NAMES[2])
    choices = page.locator(".koubai-live .koubai-predict:has(button)")
    numbers = page.locator(".koubai-live .koubai-number")
    pressed = page.locator(".koubai-predict [aria-pressed=true]")
    picked = []
    for each in choices.all()[:2]:
        each.locator("button").nth(1).click()
        picked.append(each.locator("button").nth(1).text_content())
    for number in numbers.all():
        number.fill("1.5")
    page.reload()
    page.wait_for_function("!document.querySelector('.koubai-live:not(.is-live)')")
    assert pressed.all_text_contents() == picked and len(picked) == 2
    assert all(number.input_value() == "1.5" for number in numbers.all())
    page.goto(page.url.replace(NAMES[2], NAMES[3]))
    page.wait_for_function("!document.querySelector('.koubai-live:not(.is-live)')")
    assert pressed.count() == 0, "another page has figures of its own"
    page.goto(page.url.replace(NAMES[3], NAMES[2]))
    for _ in range(2):
        page.locator(".forget").click()
    page.wait_for_function("!document.querySelector('.koubai-predict [aria-pressed=true]')")
    assert page.evaluate(KEPT) == []
    assert not [said for said in page.said if not said.startswith("request")]


@pytest.mark.parametrize(
    "spoilt", ["[", "null", "3", '{"answers": 3}', '{"answers": {"01-1": "x"}}']
)
def test_something_strange_that_is_kept_breaks_no_page(open_page, spoilt):
    page = open_page(NAMES[2])
    keep = "([name, text]) => localStorage.setItem(`koubai-notes/${name}`, text)"
    for name in (NAMES[2], NAMES[0]):
        page.goto(page.url.rpartition("/")[0] + f"/{name}")
        for kept in ("小テスト/02", "場所", "表示", "模擬試験", f"予想/{name}/{FIRST}"):
            page.evaluate(keep, [kept, spoilt])
        page.reload()
        assert page.locator("input:checked, .resume a").count() == 0
        page.locator(".forget").click()
        assert page.locator(".forget").text_content() == "本当に消す"
    assert not [said for said in page.said if not said.startswith("request")]


def test_the_index_leads_back_to_the_section_that_was_read(open_page):
    page = open_page(NAMES[0])
    assert page.locator(".resume a").count() == 0
    page.goto(page.url.replace(NAMES[0], NAMES[2]))
    heading = page.locator("main h2").nth(3)
    heading.evaluate("(heading) => heading.scrollIntoView()")
    text = heading.text_content()
    page.wait_for_function(
        "(text) => document.querySelector('.contents [aria-current=true]')?.textContent === text",
        arg=text,
    )
    page.goto(page.url.replace(NAMES[2], NAMES[0]))
    assert text in page.locator(".resume a").text_content()
    page.locator(".resume a").click()
    page.wait_for_url(f"**/{NAMES[2]}#*")
    assert 0 <= page.locator("main h2").nth(3).bounding_box()["y"] < 150


def test_a_quiz_is_graded_where_nothing_is_kept(open_page):
    page = open_page(NAMES[2], first=REFUSE)
    grade(page.locator("form.quiz .question").first, right=True)
    assert page.locator(".verdict strong").text_content() == "正解"
    choice = page.locator(".koubai-live .koubai-predict button").first
    choice.click()
    assert choice.get_attribute("aria-pressed") == "true"
    for _ in range(2):
        page.locator(".forget").click()
    assert not [said for said in page.said if not said.startswith("request")]


# ---- other browsers, saved pages ----


@each_page
def test_without_javascript_all_can_be_read_and_nothing_is_dead(open_page, name):
    page = open_page(name, java_script_enabled=False)
    for picture in page.locator("figure img").all():
        assert len(picture.get_attribute("alt")) > 5
        assert picture.bounding_box()["width"] > 100
    for fold in page.locator("details:not(.contents *)").all():
        fold.locator("summary").click()
        assert fold.locator("summary + *").is_visible()
    dead = "button:visible, select:visible, input[type=number]:visible"
    assert page.locator(dead).count() == 0
    assert page.locator("noscript p").is_visible()
    assert page.get_by_text("「答え合わせ」を押します").locator("visible=true").count() == 0


def test_a_browser_that_cannot_unpack_the_figures_says_so(open_page):
    page = open_page(NAMES[2], first="delete window.DecompressionStream;")
    figures = page.locator(".koubai-live").all()
    assert figures
    for figure in figures:
        assert figure.get_by_text("このブラウザでは図を動かせません").is_visible()
        assert figure.locator("input").count() == 0
        assert figure.locator("img").is_visible()
    page.locator(".question .choice").first.click()
    page.locator(".grade-one").first.click()
    assert page.locator(".verdict strong").count() == 1
    assert not [said for said in page.said if not said.startswith("request")]


def test_a_figure_whose_data_are_damaged_keeps_its_still_and_stops_no_other(
    open_page, tmp_path, pages
):
    text = (pages / NAMES[2]).read_text(encoding="utf-8")
    damaged = re.sub(r'"packed": "[^"]{9}', '"packed": "AAAAAAAAA', text, count=1)
    assert damaged != text
    (pages / "damaged.html").write_text(damaged, encoding="utf-8")
    try:
        page = open_page("damaged.html")
        page.wait_for_function("document.querySelectorAll('.koubai-live.is-live').length > 1")
        first = page.locator(".koubai-live").first
        assert first.locator("img").is_visible()
        assert first.get_by_text("このブラウザでは図を動かせません").is_visible()
    finally:
        (pages / "damaged.html").unlink()


@pytest.mark.parametrize("name", one_worker_each([NAMES[2], EXAM_PAGE]))
def test_a_page_that_was_saved_while_it_was_used_works_as_the_original(
    open_page, open_file, tmp_path, name
):
    page = open_page(name)
    at_start = []
    for figure in page.locator(FIGURES).all()[:4]:
        position(figure)
        at_start.append(drawn(figure))
        control = controls_of(figure)[0]
        for key in ("End", "Home"):
            control.press(key)
            position(figure)
    page.locator(".quiz .choice").first.click()
    page.locator(".quiz .grade-one").first.click()
    if name == EXAM_PAGE:
        begin(page, 1)
        answer(page)
        page.locator(".exam .grade").press("Enter")
    # As browsers save a page, one of them with what was filled in.
    page.evaluate(
        """() => document.querySelectorAll("input").forEach((input) => {
            if (input.checked) input.setAttribute("checked", "");
            else if (input.type === "range") input.setAttribute("value", input.value);
        })"""
    )
    saved = tmp_path / name
    saved.write_text("<!DOCTYPE html>" + page.evaluate("document.documentElement.outerHTML"))

    again = open_file(saved, viewport={"width": 1440, "height": 900})
    fresh = open_page(name)
    count = "(kind) => document.querySelectorAll(kind).length"
    for opened in (again, fresh):
        opened.wait_for_function(
            "(count) => document.querySelectorAll('.is-live').length === count",
            arg=fresh.locator(".koubai-live").count(),
        )
    for kind in (".koubai-figure", "input", ".koubai-spoken", "canvas", "input:checked"):
        assert again.evaluate(count, kind) == fresh.evaluate(count, kind), kind
    ids = again.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(set(ids)) == len(ids)
    for figure, picture in zip(again.locator(FIGURES).all(), at_start, strict=False):
        position(figure)
        assert drawn(figure) == picture
        control = controls_of(figure)[0]
        control.press("End")
        position(figure)
    assert again.locator(".verdict strong, .mark:not(:empty), .result *").count() == 0
    if name == EXAM_PAGE:
        assert drawn_questions(again) == []
        begin(again, 1)
        assert drawn_questions(again) == drawn_questions(page)
        assert again.locator(".exam input:enabled:visible").count() > 0
    assert not [said for said in again.said if not said.startswith("request")]
