"""The quiz and the mock exam of a page in Chromium, on a page made of a few questions only.

No lesson is executed for it, so that faults planted in the page's own code are seen within seconds.
"""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from handouts.exporter import EXAM, QUIZ, HandoutExporter
from handouts.kernel import question
from helpers.course import LESSONS
from helpers.exams import items
from helpers.questions import load_questions
from tools.execute import NOTEBOOKS

NAME = list(LESSONS.values())[-1].file  # the page that has the exam
ASKED = [  # six of the first lesson, two of the second
    asked
    for lesson, count in (("01", 6), ("02", 2))
    for asked in [each for each in load_questions(lesson) if not each.picture][:count]
]
ORDERS = [[5, 0, 3, 1, 2, 4, 6, 7], [7, 1, 4, 6, 0, 2, 3, 5]]  # of the seeds 0 and 1
PAPER = [1, 4, 7]  # the first three of seed 1


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A page with a quiz and an exam of eight questions."""
    asked = [question(each) for each in ASKED]
    lessons = [{"number": each.number, "name": each.name} for each in LESSONS.values()]
    paper = {
        "seed": 1,
        "seconds": 72,
        "sizes": [["3 問", 3], ["すべて", 8]],
        "size": 3,
        "orders": ORDERS,
        "questions": asked,
        "lessons": lessons,
        "items": items(),
    }
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


def grade(page):
    """Grade, whether or not all is answered."""
    page.locator(".exam .grade").click()
    if page.locator(".exam .unanswered").text_content():
        page.locator(".exam .grade").click()


def ids(drawn):
    return [each.get_attribute("data-id") for each in drawn]


def test_an_exam_draws_the_paper_of_its_seed_numbered_from_one(page):
    assert page.locator(".exam .question:visible").count() == 0
    assert not page.locator(".exam .grade").is_visible()
    for seed, paper in ((1, PAPER), (0, [0, 3, 5])):
        page.locator(".exam .seed").fill(str(seed))
        drawn = begin(page)
        assert ids(drawn) == [ASKED[k].id for k in paper]
        numbers = [each.locator(".number").text_content() for each in drawn]
        assert numbers == [str(k + 1) for k in range(len(drawn))]
    page.locator(".exam .seed").fill("2")  # a paper that is not there
    assert ids(begin(page)) == ids(drawn)


def test_an_exam_asks_as_many_questions_of_the_lessons_that_are_chosen(page):
    limit = page.locator(".exam .limit")
    assert limit.text_content() == "3 問、目安 4 分（1問 72 秒）"
    page.locator(".exam .size").select_option("すべて")
    assert limit.text_content() == "8 問、目安 10 分（1問 72 秒）"
    assert len(begin(page)) == 8
    page.locator(".exam .lesson[value='01']").uncheck()
    second = [asked.id for asked in ASKED if asked.lesson == "02"]
    assert ids(begin(page)) == second
    page.locator(".exam .size").select_option("3 問")
    first = [ASKED[k] for k in ORDERS[1] if ASKED[k].lesson == "02"][:3]
    assert set(ids(begin(page))) == {asked.id for asked in first}
    for box in page.locator(".exam .lesson").all():
        box.set_checked(False)
    before = ids(begin(page))
    assert "章を1つ以上" in page.locator(".exam .warning").text_content()
    assert set(before) == {asked.id for asked in first}


def test_what_was_missed_is_taken_again_alone(page):
    again = page.locator(".exam .begin-again")
    assert again.is_disabled()
    drawn = begin(page)
    names = ids(drawn)
    for each, shift in zip(drawn, (0, 1, 2), strict=True):
        answer = int(each.get_attribute("data-answer"))
        each.locator(f"input[value='{(answer + shift - 1) % 4 + 1}']").check()
    page.locator(".exam .grade").click()
    again.click()
    left = [each for each in page.locator(".exam .question").all() if each.is_visible()]
    assert ids(left) == names[1:]
    assert page.locator(".exam input[type=radio]:checked").count() == 0
    for each in left:
        each.locator(f"input[value='{each.get_attribute('data-answer')}']").check()
    page.locator(".exam .grade").click()
    assert "得点 2 / 2" in page.locator(".exam .result").text_content()
    assert again.is_disabled()
    assert page.locator(".exam .kept").text_content() == "最高 1 / 3、これまで 1 / 3"
    page.reload()
    assert page.locator(".exam .kept").text_content() == "最高 1 / 3、これまで 1 / 3"


def test_grading_asks_when_questions_are_unanswered(page):
    drawn = begin(page)
    drawn[1].locator("input").first.check()
    page.locator(".exam .grade").click()
    asked, result = page.locator(".exam .unanswered"), page.locator(".exam .result")
    assert asked.text_content() == "まだ答えていない問題: 1、3。よければ、もう一度押します。"
    assert result.text_content() == ""
    drawn[0].locator("input").first.check()
    assert asked.text_content() == ""
    page.locator(".exam .grade").click()
    assert asked.text_content().startswith("まだ答えていない問題: 3。")
    page.locator(".exam .grade").click()
    assert "/ 3" in result.text_content()


@pytest.mark.parametrize("form", ["quiz", "exam"])
def test_the_numbers_tell_what_is_answered_and_lead_to_their_questions(page, form):
    if form == "exam":
        begin(page)
    questions = [each for each in page.locator(f".{form} .question").all() if each.is_visible()]
    numbers = page.locator(f".{form} .numbers button")
    assert numbers.all_text_contents() == [str(k + 1) for k in range(len(questions))]
    questions[1].locator("input").nth(2).check()
    assert numbers.all_text_contents()[:3] == ["1", "● 2", "3"]
    assert numbers.nth(1).get_attribute("aria-label") == "問2 に移る（解答済み）"
    numbers.nth(2).click()
    assert all(each.is_visible() for each in questions)
    assert questions[2].locator("input").first.evaluate("input => input === document.activeElement")
    page.locator(f".{form} .single").check()
    assert [each.is_visible() for each in questions][:3] == [False, False, True]
    numbers.first.click()
    assert [each.is_visible() for each in questions][:3] == [True, False, False]
    assert numbers.first.get_attribute("aria-current") == "true"
    page.locator(f".{form} .single").uncheck()
    assert all(each.is_visible() for each in questions)


def test_an_exam_counts_right_wrong_and_unanswered_by_lesson(page):
    right, wrong, unanswered = begin(page)
    for each, shift in ((right, 0), (wrong, 1)):
        answer = int(each.get_attribute("data-answer"))
        each.locator(f"input[value='{(answer + shift - 1) % 4 + 1}']").check()
        assert each.locator(".verdict").text_content() == ""
    grade(page)
    result = page.locator(".exam .result")
    assert "得点 1 / 3" in result.text_content()
    verdicts = [each.locator(".verdict strong").first for each in (right, wrong, unanswered)]
    assert [each.text_content() for each in verdicts] == ["正解", "不正解", "未回答"]
    for each in (unanswered,):
        told = each.locator(".verdict").text_content()
        assert f"正解は {each.get_attribute('data-answer')} です" in told
        note = each.locator(".answers li").nth(int(each.get_attribute("data-answer")) - 1)
        assert words(note.text_content()) in words(told)
    by_lesson, by_item = (
        [words(row.text_content()) for row in table.locator("tr").all()[1:]]
        for table in result.locator("table").all()
    )
    assert by_lesson == [
        words(f"01{LESSONS['01'].name}1/2{ASKED[PAPER[1]].again[1]}"),
        words(f"02{LESSONS['02'].name}0/1{ASKED[PAPER[2]].again[1]}"),
    ]
    asked = [ASKED[k].item for k in PAPER]
    assert by_item == [
        words(f"{name}{int(asked[0] == id)}/{asked.count(id)}")
        for id, name in items().items()
        if id in asked
    ]
    links = [link.get_attribute("href") for link in result.locator("a").all()]
    missed = [ASKED[k].again[0] for k in PAPER[1:]]
    assert links == [place.replace(".ipynb", ".html") for place in missed]


def test_the_clock_of_an_exam_goes_by_seconds_and_stops_when_graded(page):
    page.clock.install()
    begin(page)
    clock = page.locator(".exam .clock")
    assert clock.text_content() == "経過時間 00:00"
    page.clock.run_for(75_000)
    assert clock.text_content() == "経過時間 01:15"
    grade(page)
    page.clock.run_for(5_000)
    assert clock.text_content() == "経過時間 01:15"
    begin(page)
    assert clock.text_content() == "経過時間 00:00"
    assert page.locator(".exam .result").text_content() == ""
