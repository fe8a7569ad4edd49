"""The quiz and the mock exam of a page in Chromium, on a page made of a few questions only.

No lesson is executed for it, so that faults planted in the page's own code are seen within seconds.
"""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from handouts.exporter import EXAM, QUIZ, HandoutExporter
from handouts.kernel import question
from helpers.course import LESSONS
from helpers.questions import load_questions
from tools.execute import NOTEBOOKS

NAME = LESSONS["02"].file
ASKED = [q for lesson in ("01", "02") for q in load_questions(lesson) if not q.picture][:8]
PAPER = [1, 4, 7]  # of seed 1; that of seed 0 is all questions


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A page with a quiz and an exam of eight questions."""
    asked = [question(each) for each in ASKED]
    lessons = [
        {"number": each.number, "name": each.name, "file": each.file} for each in LESSONS.values()
    ]
    paper = {"seed": 1, "papers": [[*range(8)], PAPER], "questions": asked, "lessons": lessons}
    cells = [new_markdown_cell("# 題", id="title")]
    for name, kind, data in (("quiz", QUIZ, {"questions": asked}), ("exam", EXAM, paper)):
        shown = new_output("display_data", data={kind: data, "text/plain": name})
        cells.append(new_code_cell("x", id=name, outputs=[shown], execution_count=1))
    files = [(lesson.file, lesson.name) for lesson in LESSONS.values()]
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(
        HandoutExporter(files).page(new_notebook(cells=cells), NOTEBOOKS / NAME), encoding="utf-8"
    )
    return file


@pytest.fixture
def page(open_file, page_file):
    return open_file(page_file)


def words(text):
    return "".join(text.split())


def test_a_quiz_tells_right_from_wrong_and_counts(page):
    shown = page.locator("form.quiz .question").all()
    assert len(shown) == 8
    score = page.locator("form.quiz .score")
    for number, (given, asked) in enumerate(zip(shown, ASKED, strict=True)):
        wrong = asked.answer % 4 + 1
        for choice, word in ((wrong, "不正解"), (asked.answer, "正解")):
            assert score.text_content() == f"8 問中 {number} 問正解"
            given.locator(f"input[value='{choice}']").check()
            given.locator(".grade-one").click()
            strong = given.locator(".verdict strong").first
            assert strong.text_content() == word
            assert strong.get_attribute("class") == ("right" if word == "正解" else "wrong")
            assert f"（{choice} を選択）" in given.locator(".verdict").text_content()
            told = words(given.locator(".verdict").text_content())
            note = re.sub(r"\$.*?\$", "|", asked.choices[choice - 1][1])
            assert all(piece in told for piece in re.findall(r"[ぁ-んァ-ヶ一-龠ー、。]+", note))
    assert score.text_content() == "8 問中 8 問正解"
    assert page.said == [f"request {page.url}"]


def begin(page):
    page.locator(".exam .begin").click()
    return [each for each in page.locator(".exam .question").all() if each.is_visible()]


def test_an_exam_draws_the_paper_of_its_seed_numbered_from_one(page):
    assert page.locator(".exam .question:visible").count() == 0
    assert not page.locator(".exam .grade").is_visible()
    for seed, paper in ((1, PAPER), (0, range(8))):
        page.locator(".exam .seed").fill(str(seed))
        drawn = begin(page)
        assert [each.get_attribute("data-id") for each in drawn] == [ASKED[k].id for k in paper]
        numbers = [each.locator(".number").text_content() for each in drawn]
        assert numbers == [str(k + 1) for k in range(len(drawn))]
    page.locator(".exam .seed").fill("2")  # a paper that is not there
    assert len(begin(page)) == 8


def test_an_exam_counts_right_wrong_and_unanswered_by_lesson(page):
    right, wrong, unanswered = begin(page)
    for each, shift in ((right, 0), (wrong, 1)):
        answer = int(each.get_attribute("data-answer"))
        each.locator(f"input[value='{(answer + shift - 1) % 4 + 1}']").check()
        assert each.locator(".verdict").text_content() == ""
    page.locator(".exam .grade").click()
    result = page.locator(".exam .result")
    assert "得点 1 / 3" in result.text_content()
    verdicts = [each.locator(".verdict strong").first for each in (right, wrong, unanswered)]
    assert [each.text_content() for each in verdicts] == ["正解", "不正解", "未回答"]
    for each in (unanswered,):
        told = each.locator(".verdict").text_content()
        assert f"正解は {each.get_attribute('data-answer')} です" in told
        note = each.locator(".answers li").nth(int(each.get_attribute("data-answer")) - 1)
        assert words(note.text_content()) in words(told)
    rows = [row.text_content() for row in result.locator("tr").all()[1:]]
    assert [words(row) for row in rows] == [
        f"01{LESSONS['01'].name}1/201{LESSONS['01'].name}",
        f"02{LESSONS['02'].name}0/102{LESSONS['02'].name}",
    ]
    links = [link.get_attribute("href") for link in result.locator("a").all()]
    assert links == ["01_derivative.html", "02_gradient_field.html"]


def test_the_clock_of_an_exam_goes_by_seconds_and_stops_when_graded(page):
    page.clock.install()
    begin(page)
    clock = page.locator(".exam .clock")
    assert clock.text_content() == "経過時間 00:00"
    page.clock.run_for(75_000)
    assert clock.text_content() == "経過時間 01:15"
    page.locator(".exam .grade").click()
    page.clock.run_for(5_000)
    assert clock.text_content() == "経過時間 01:15"
    begin(page)
    assert clock.text_content() == "経過時間 00:00"
    assert page.locator(".exam .result").text_content() == ""
