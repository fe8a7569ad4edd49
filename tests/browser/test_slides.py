"""The slides in a real Chromium: offline, nothing beyond the edge, figures and quizzes alive.

They are built as by `make slides`, into build/; they stay there for a look. Each deck is opened
once, for all tests that use the fixture `deck`; each of these turns to the slide that it needs.
"""

import html
import re
from urllib.parse import unquote

import pytest

from handouts.__main__ import BUILD, NOTEBOOKS, build
from handouts.exporter import page_name
from handouts.slides import CODE_SHOWN
from helpers.course import LESSONS, notebooks
from helpers.questions import load_questions
from tests.browser.axe import violations
from tests.browser.figures import FIGURES, THINNED_LAB, controls_of, drawn, position
from tests.browser.offline import offline, one_worker_each
from tools.execute import read

PATHS = notebooks(NOTEBOOKS)
NAMES = [page_name(path) for path in PATHS]
LESSON_OF = {page_name(lesson.file): number for number, lesson in LESSONS.items()}
LARGEST_PAGE = 3 * 2**20
MAIN_LINE = 35  # slides of a lesson at most, without their appendix

# Show a slide, grade each choice of its questions, and return what it overflows by.
OVERFLOW = """(slide) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  const beyond = () => {
    const kinds = ".scroll, pre, math, table, .picture, .koubai-figure";
    const inside = [...slide.querySelectorAll(`:is(${kinds}):not(aside *)`)];
    const wide = inside.filter((box) => box.scrollWidth > box.clientWidth + 1);
    const high = Math.max(slide.scrollHeight - 720, slide.scrollWidth - 1280);
    return wide.length || high > 0 ? [wide.map((box) => box.className || box.tagName), high] : null;
  };
  const found = [beyond()];
  for (const choice of slide.querySelectorAll(".question input")) {
    choice.checked = true;
    slide.querySelector(".grade-one").click();
    found.push(beyond());
  }
  return found.filter((each) => each);
}"""

# The texts of a slide that are smaller than 22 px, or 20 px in code. Indices are always small.
SMALL = """(slide) => {
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  const indices = "msub, msup, msubsup, mfrac, munder, mover, munderover";
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const unseen = `aside, script, .spoken, .koubai-spoken, :is(${indices})`;
    if (!text || !element.checkVisibility() || element.closest(unseen)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < (element.closest("pre, code") ? 20 : 22) - 0.01) found.push([text, size]);
  }
  return found;
}"""

SIZE = {"width": 1280, "height": 720}


@pytest.fixture(scope="session")
def decks():
    """The folder of the slides."""
    build(PATHS, kind="slides")
    return BUILD / "slides"


@pytest.fixture(scope="module", params=one_worker_each(NAMES))
def deck(request, browser, decks):
    """Slides that all their tests share; in the end they must have asked for nothing more."""
    path = decks / request.param
    with offline(browser, path, viewport=SIZE) as page:
        page.name = request.param
        page.wait_for_function("Reveal.isReady()")
        yield page
        assert page.said == [f"request {path.as_uri()}"]


@pytest.fixture
def open_deck(open_file, decks):
    """Open the slides of a lesson by file name."""

    def open_deck(name):
        page = open_file(decks / name, viewport=SIZE)
        page.wait_for_function("Reveal.isReady()")
        return page

    return open_deck


def slides_of(page):
    """Return all slides, in order."""
    return page.locator(".slides > section > section").all()


def show(page, slide):
    """Turn to a slide."""
    slide.evaluate("(slide) => { const { h, v } = Reveal.getIndices(slide); Reveal.slide(h, v); }")
    assert slide.is_visible()


def test_no_slide_is_empty_or_reaches_beyond_its_edge_or_has_small_letters(deck, decks):
    assert (decks / deck.name).stat().st_size < LARGEST_PAGE
    slides = slides_of(deck)
    assert len(slides) > 2
    for slide in slides:
        name = slide.get_attribute("id")
        overflow = slide.evaluate(OVERFLOW)
        assert not overflow, f"{name}: {overflow}"
        small = slide.evaluate(SMALL)
        assert not small, f"{name}: {small}"
        shown = slide.locator(":is(p:not(.within), h1, h2, pre, figure, legend, summary):visible")
        assert shown.count(), name


def test_the_main_line_is_short_and_the_code_is_below_it(deck):
    assert 2 < deck.evaluate("Reveal.getHorizontalSlides().length") <= MAIN_LINE
    main = deck.locator(".slides > section > section:first-child")
    (path,) = (path for path in PATHS if page_name(path) == deck.name)
    claims = [cell for cell in read(path).cells if CODE_SHOWN in cell.metadata.get("tags", [])]
    assert main.locator(".input").count() == len(claims)


def test_each_section_gives_the_speaker_a_time_a_question_and_an_answer(deck):
    lesson = LESSONS.get(LESSON_OF.get(deck.name))
    found = []
    for slide in slides_of(deck):
        notes = slide.locator("aside.notes").text_content()
        if any(re.match(r"\d+\. ", text) for text in slide.locator("h2").all_text_contents()):
            found.append("")
        if found:
            found[-1] += notes
    assert len(found) == (len(lesson.sections) if lesson else 0)
    for number, notes in enumerate(found, 1):
        assert all(word in notes for word in ("時間: ", "問い: ", "答え:")), (number, notes)


def test_each_slider_moves_the_picture_of_its_slide(deck):
    figures = deck.locator(FIGURES).all()
    assert figures
    for figure in figures:
        if figure.get_attribute("id") == THINNED_LAB:
            continue
        show(deck, figure.locator("xpath=ancestor::section[1]"))
        name = figure.get_attribute("id")
        number = deck.evaluate("JSON.stringify(Reveal.getIndices())")
        for control in controls_of(figure):
            control.focus()
            seen = set()
            for key in ("Home", "End"):
                control.press(key)
                position(figure)
                seen.add((drawn(figure), figure.locator(".koubai-facts").inner_text()))
                assert deck.evaluate("Reveal.getCurrentSlide().scrollHeight") <= 720, name
            assert len(seen) == 2, name
            control.press("ArrowLeft")
            assert deck.evaluate("JSON.stringify(Reveal.getIndices())") == number


def test_every_link_leads_to_a_slide(deck, decks):
    for link in deck.locator(".slides a[href]:not([href^='https:'])").all():
        file, _, anchor = link.get_attribute("href").partition("#")
        text = (decks / (file or deck.name)).read_text(encoding="utf-8")
        assert not anchor or f'id="{html.escape(unquote(anchor))}"' in text, f"{file}#{anchor}"


def test_keys_lead_along_the_main_line_and_down_to_the_appendix(open_deck):
    page = open_deck(NAMES[1])
    here = "Reveal.getCurrentSlide().id"
    first = page.evaluate(here)
    page.keyboard.press("Space")
    assert page.evaluate(here) != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == first
    seen = set()
    while not page.evaluate("Reveal.isLastSlide()"):
        seen.add(page.evaluate(here))
        assert page.evaluate("Reveal.getIndices().v") == 0
        page.keyboard.press("ArrowRight")
    assert len(seen) == page.evaluate("Reveal.getHorizontalSlides().length") - 1
    quiz = page.locator("#quiz")
    show(page, quiz)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(here) == "quiz-questions-1"
    assert "付録 1 / " in page.locator(".slide-number").text_content()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(here) == "quiz"


def test_a_clicker_turns_the_slide_even_while_a_slider_has_the_focus(open_deck):
    page = open_deck(NAMES[2])
    figure = page.locator(FIGURES).first
    show(page, figure.locator("xpath=ancestor::section[1]"))
    here = page.evaluate("Reveal.getCurrentSlide().id")
    figure.locator("input").first.focus()
    page.keyboard.press("PageDown")
    after = page.evaluate("Reveal.getCurrentSlide().id")
    assert after != here
    page.keyboard.press("PageUp")
    assert page.evaluate("Reveal.getCurrentSlide().id") == here


def test_a_quiz_has_a_slide_for_each_question(deck):
    lesson = LESSON_OF.get(deck.name)
    questions = load_questions(lesson) if lesson else []
    shown = deck.locator("form.quiz .question").all()
    assert len(shown) == len(questions)
    for number, (question, fieldset) in enumerate(zip(questions, shown, strict=True), start=1):
        show(deck, fieldset.locator("xpath=ancestor::section[1]"))
        assert fieldset.locator("legend").text_content().startswith(f"問{number}（")
        fieldset.locator(f"input[value='{question.answer}']").check()
        fieldset.locator(".grade-one").click()
        assert fieldset.locator(".verdict strong").text_content() == "正解"
        notes = fieldset.locator("xpath=ancestor::section[1]").locator("aside.notes")
        assert f"正解は {question.answer} です。" in notes.text_content()


def test_the_speakers_view_has_the_notes_with_no_network(open_deck):
    page = open_deck(NAMES[3])
    figure = page.locator("section:has(> aside.notes p):has(.koubai-live)").first
    show(page, figure)
    note = figure.locator("aside.notes p").first
    assert not note.is_visible()
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    words = opened.value.locator(".label, option, h4").all_text_contents()
    assert words[0] == "次のスライド" and not re.search("[A-Za-z]", "".join(words))
    assert opened.value.locator("html").get_attribute("lang") == "ja"
    assert opened.value.title() == "発表者の画面"
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text(note.text_content()).wait_for()
    frames = opened.value.locator("iframe")
    frames.nth(1).wait_for()
    assert frames.count() == 2
    before = page.evaluate("Reveal.getCurrentSlide().id")
    opened.value.keyboard.press("ArrowRight")
    page.wait_for_function("(before) => Reveal.getCurrentSlide().id !== before", arg=before)


def test_notes_are_not_on_the_slides(open_deck):
    page = open_deck(NAMES[3])
    assert page.locator("aside.notes").count() > 10
    assert page.locator("aside.notes:visible").count() == 0


@pytest.mark.parametrize("name", ["passage-figure", "quiz-questions-1"])
def test_axe_finds_no_violation_on_a_slide(open_deck, name):
    page = open_deck(NAMES[4])
    show(page, page.locator(f"#{name}"))
    assert violations(page) == []


def test_without_javascript_a_notice_is_shown(open_file, decks):
    page = open_file(decks / NAMES[1], viewport=SIZE, java_script_enabled=False)
    notice = page.locator("noscript p")
    assert notice.is_visible()
    assert "JavaScript が要ります" in notice.text_content()
