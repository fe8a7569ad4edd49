"""The mock exam without a browser: what a seed draws, what is asked, graded and kept."""

import asyncio
import re
from collections import Counter
from types import SimpleNamespace

import pytest

from helpers import exam, exams, record
from helpers.course import LESSONS, SYLLABUS
from helpers.display import WIDGET_VIEW
from helpers.exams import BACKGROUND, items, lottery
from helpers.questions import load_questions
from helpers.quizzes import to_html
from tests.conftest import JAPANESE
from tests.helpers.test_quizzes import ALL, marks, plain, question


def sitting(seed=0, count=20, answers=lambda asked: asked.answer, prepare=lambda paper: None):
    """An exam started, answered and graded at once, and what it told before it was graded."""

    async def sit():
        paper = exam(seed, count)
        prepare(paper)
        paper.start()
        for view in paper.views:
            taken = answers(view.question)
            if taken:
                view.buttons[taken - 1].click()
        before = [view.feedback.value for view in paper.views]
        paper.grade()
        return paper, before

    return asyncio.run(sit())


# --- what is drawn --------------------------------------------------------------------------------


def test_one_seed_is_one_exam_and_other_seeds_are_others():
    drawn = [[q.id for q in exam(seed).draw(seed)] for seed in range(10)]
    assert drawn[3] == [q.id for q in exam(3).draw(3)]
    assert len({tuple(ids) for ids in drawn}) == 10
    for ids in drawn:
        assert len(set(ids)) == 20


def test_an_exam_stands_in_the_order_of_the_course_and_a_longer_one_holds_the_shorter():
    place = {q.id: k for k, q in enumerate(ALL)}
    for seed in range(5):
        ids = {n: [q.id for q in exam(seed, n).draw(seed)] for n in (20, 50, len(ALL))}
        assert all(each == sorted(each, key=place.get) for each in ids.values())
        assert set(ids[20]) < set(ids[50]) < set(ids[len(ALL)])


def test_items_are_drawn_in_proportion_to_their_words_in_the_syllabus():
    """Webster's method never is a whole seat off by more than rounding while seats are there."""
    weights = {id: len(item.keywords) for id, item in SYLLABUS.items()} | {"": BACKGROUND}
    pool = [
        question(id=f"01-{place}", item=item)
        for place, item in enumerate(sorted(40 * list(weights)), 1)
    ]
    for seed in range(5):
        for count in (20, 50, 100):
            drawn = Counter(pool[k].item for k in lottery(pool, seed)[:count])
            for item, weight in weights.items():
                assert abs(drawn[item] - count * weight / sum(weights.values())) < 1


def test_an_exam_asks_about_every_item_of_the_syllabus():
    for seed in range(20):
        assert {q.item for q in exam(seed, 50).draw(seed)} == {"", *SYLLABUS}


def test_only_the_chosen_lessons_are_asked_about():
    paper = exam(0, 50)
    for number, button in paper.lessons.items():
        button.value = number in ("01", "03")
    pool = load_questions("01") + load_questions("03")
    assert [q.id for q in paper.draw(0)] == [q.id for q in pool]
    assert f"{len(pool)} 問、" in paper.time_limit.value
    paper.size.value = 20
    assert {q.lesson for q in paper.draw(0)} == {"01", "03"}
    assert len(paper.draw(0)) == 20


def test_an_exam_of_no_lesson_cannot_be_started():
    paper = exam()
    for button in paper.lessons.values():
        assert not paper.start_button.disabled
        button.value = False
    assert paper.start_button.disabled
    paper.lessons["02"].value = True
    assert not paper.start_button.disabled


def test_an_exam_until_a_lesson_asks_nothing_of_later_ones():
    *before, last = LESSONS
    paper = exam(until=before[-1])
    assert list(paper.lessons) == before
    assert {q.lesson for q in paper.pool} == set(before)
    with pytest.raises(ValueError, match="の文字列です"):
        exam(until=int(last))


def test_the_time_of_an_exam_is_that_of_the_real_one():
    paper = exam(count=20)  # 100 questions in 120 minutes
    assert paper.minutes == 24
    assert paper.time_limit.value == "20 問、目安 24 分（1問 72 秒）"
    paper.size.value = 50
    assert paper.time_limit.value == "50 問、目安 60 分（1問 72 秒）"


def test_twenty_fifty_and_all_can_be_chosen_and_another_number_asked_for():
    assert dict(exam().size.options) == {"20 問": 20, "50 問": 50, "すべて": len(ALL)}
    assert dict(exam(count=7).size.options)["7 問"] == 7
    assert exam(count=len(ALL)).size.label == "すべて"


# Pinned for a bank of nine questions in each of seven lessons, so that new ones change nothing.
PINNED = {
    0: "01-2 06-9 02-2 06-3 04-5 07-7 04-3 05-5 01-3 03-5 05-9 07-5 06-8 01-6 05-2 03-3 07-8 "
    "07-4 04-9 02-5",
    99: "02-2 06-3 06-8 03-3 01-5 02-7 03-6 04-2 05-6 05-2 02-6 07-5 04-5 05-3 03-2 03-9 05-8 "
    "04-1 04-3 02-5",
}


@pytest.mark.parametrize("seed", PINNED)
def test_a_seed_draws_the_same_paper_for_ever(seed):
    pool = [
        question(id=f"0{lesson}-{number}", item=["", "1-1-1", "3-2-1"][number % 3])
        for lesson in range(1, 8)
        for number in range(1, 10)
    ]
    drawn = lottery(pool, seed)
    assert sorted(drawn) == list(range(len(pool)))
    assert " ".join(pool[k].id for k in drawn[:20]) == PINNED[seed]


def test_the_learner_can_change_the_seed():
    async def sit():
        paper = exam(0, 7)
        paper.seed.value = 7
        paper.start_button.click()
        ids = [view.question.id for view in paper.views]
        paper.grade_button.click()
        return ids

    assert asyncio.run(sit()) == [q.id for q in exam(7, 7).draw(7)]


@pytest.mark.parametrize(
    ("seed", "count"), [(-1, 20), (0.5, 20), ("a", 20), (0, 0), (0, 10_000), (0, 2.5)]
)
def test_a_wrong_seed_or_count_is_an_error_in_japanese(seed, count):
    with pytest.raises(ValueError, match=JAPANESE):
        exam(seed, count)


# --- grading --------------------------------------------------------------------------------------


def test_all_right_is_full_marks_without_anything_to_read_or_take_again():
    paper, before = sitting()
    assert "得点 20 / 20" in paper.result.value
    assert "<a " not in paper.result.value
    assert before == [""] * 20
    assert all(plain(view.feedback.value).startswith("正解（") for view in paper.views)
    assert paper.again_button.disabled


def row_of(paper, number):
    """The row of a lesson in the result."""
    (row,) = re.findall(rf"<tr><td>{number} .*?</tr>", paper.result.value)
    return row


def test_marks_by_lesson_add_up_and_a_miss_links_to_its_section():
    missed = {"02", "06"}
    paper, _ = sitting(
        count=50,
        answers=lambda asked: asked.answer % 4 + 1 if asked.lesson in missed else asked.answer,
    )
    counts = Counter(view.question.lesson for view in paper.views)
    total = sum(count for lesson, count in counts.items() if lesson not in missed)
    assert f"得点 {total} / 50" in paper.result.value
    for number, lesson in LESSONS.items():
        right = 0 if number in missed else counts[number]
        row = f"<td>{number} {lesson.name}</td><td>{right} / {counts[number]}</td>"
        assert row in paper.result.value
        sections = {q.section for q in paper.missed if q.lesson == number}
        assert bool(sections) == (number in missed)
        assert paper.result.value.count(f'href="{lesson.file}#cell-id=') == len(sections)
        for section in sections:
            place = f"{lesson.file}#cell-id={lesson.sections[section - 1]}"
            assert f'href="{place}" target="_blank">{number} {lesson.name} {section}節<' in row_of(
                paper, number
            )


def test_marks_by_item_of_the_syllabus_add_up():
    paper, _ = sitting(
        count=50,
        answers=lambda asked: asked.answer % 4 + 1 if asked.item == "3-2-1" else asked.answer,
    )
    counts = Counter(view.question.item for view in paper.views)
    for id, name in items().items():
        right = 0 if id == "3-2-1" else counts[id]
        assert f"<td>{name}</td><td>{right} / {counts[id]}</td>" in paper.result.value
    assert items()["3-2-3"] == "3-2-3 適応的な学習率を持つアルゴリズム"


def test_an_unanswered_question_is_a_miss_that_tells_the_answer():
    paper, _ = sitting(count=20, answers=lambda asked: None)
    assert "得点 0 / 20" in paper.result.value
    for view in paper.views:
        right = view.question.answer
        told = plain(view.feedback.value)
        assert told.startswith(f"未回答正解は {right} です: ")
        assert plain(to_html(view.question.choices[right - 1][1])) in told
        assert [name for name, *_ in marks(view) if "✓" in name] == [f"✓ {right}"]
        assert "✗" not in str(marks(view))
        assert f'href="{view.question.again[0]}"' in view.feedback.value
    assert paper.result.value.count("<a ") == len({v.question.again for v in paper.views})


def test_a_lesson_and_an_item_without_a_question_have_no_row():
    paper, _ = sitting(count=3)
    lessons, asked = (
        {getattr(v.question, name) for v in paper.views} for name in ("lesson", "item")
    )
    assert paper.result.value.count("<tr>") == 2 + len(lessons) + len(asked)


def test_grading_asks_when_questions_are_unanswered():
    async def sit():
        paper = exam(0, 7)
        paper.start()
        for k in (0, 1, 3, 4, 6):
            paper.views[k].buttons[0].click()
        paper.grade_button.click()
        assert paper.result.value == ""
        assert "まだ答えていない問題: 3、6。" in paper.unanswered.value
        paper.views[2].buttons[0].click()  # goes on: the question is gone
        assert paper.unanswered.value == ""
        paper.grade_button.click()
        assert "まだ答えていない問題: 6。" in paper.unanswered.value
        assert paper.result.value == ""
        paper.grade_button.click()
        assert "/ 7" in paper.result.value
        assert paper.unanswered.value == ""

    asyncio.run(sit())


def test_what_was_missed_can_be_taken_again_alone():
    wrong = []

    def some_wrong(asked):
        wrong.extend([asked.id] if len(wrong) < 3 else [])
        return asked.answer % 4 + 1 if asked.id in wrong else asked.answer

    async def sit():
        paper = exam(0, 7)
        assert paper.again_button.disabled
        paper.start()
        for view in paper.views:
            view.buttons[some_wrong(view.question) - 1].click()
        paper.grade()
        paper.again_button.click()
        assert [view.question.id for view in paper.views] == wrong
        assert not any(view.chosen for view in paper.views)
        assert paper.result.value == ""
        for view in paper.views[1:]:
            view.buttons[view.question.answer - 1].click()
        paper.grade()
        assert "得点 2 / 3" in paper.result.value
        paper.again_button.click()
        assert [view.question.id for view in paper.views] == wrong[:1]
        paper._stop_clock()
        assert record.scores()["all"] == [(4, 7)], "of what was taken again, no score is kept"
        paper.start()
        paper.grade()
        assert record.scores()["all"] == [(4, 7), (0, 7)]

    asyncio.run(sit())


def test_a_graded_exam_leaves_its_score_and_is_not_done():
    assert record.scores() == {}
    sitting(count=7)
    assert record.scores() == {"best": (7, 7), "all": [(7, 7)]}
    paper, _ = sitting(count=7, answers=lambda asked: None)
    assert record.scores() == {"best": (7, 7), "all": [(7, 7), (0, 7)]}
    assert record.done() == set()
    assert paper.kept.value == exam().kept.value == "<p>最高 7 / 7、これまで 7 / 7 → 0 / 7</p>"


# --- the clock, and what may be lost -----------------------------------------------------------


class Time:
    """A clock that goes on by the seconds given, one for each look, while nobody waits."""

    def __init__(self, *seconds):
        self.seconds = list(seconds)

    def monotonic(self):
        return self.seconds.pop(0)


def test_the_clock_shows_minutes_and_seconds_since_the_start(monkeypatch):
    shown = []

    async def stop_after_three(seconds):
        assert seconds == 1
        shown.append(paper.clock.value)
        if len(shown) == 3:
            raise asyncio.CancelledError

    paper = exam(0, 7)
    monkeypatch.setattr(exams, "time", Time(1000.5, 1000.9, 1059.4, 1000.5 + 3661))
    monkeypatch.setattr(exams, "asyncio", SimpleNamespace(sleep=stop_after_three))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(paper._tick())
    assert shown == ["経過時間 00:00", "経過時間 00:58", "経過時間 61:01"]


def test_the_clock_stops_when_graded_and_when_begun_anew_and_stays_readable():
    async def sit():
        paper = exam(0, 7)
        paper.start()
        await asyncio.sleep(0)
        shown = paper.clock.value
        running = paper.ticking
        paper.start()  # again: the old clock ends, a new one runs
        assert running is not paper.ticking
        paper.grade()
        await asyncio.sleep(0)  # in which a task that was cancelled ends
        assert running.cancelled()
        assert paper.ticking.cancelled()
        assert paper.clock.value == shown
        return shown

    assert asyncio.run(sit()) == "経過時間 00:00"


def test_begin_asks_before_it_throws_answers_away():
    async def sit():
        paper = exam(0, 7)
        paper.start_button.click()
        first = paper.views
        paper.seed.value = 1
        paper.start_button.click()  # nothing answered: nothing lost
        second = paper.views
        assert second is not first

        second[3].buttons[0].click()
        paper.start_button.click()
        assert paper.views is second
        assert "消えます。よければ、もう一度「開始」" in paper.warning.value
        second[4].buttons[0].click()  # goes on with the paper: the question is gone
        assert paper.warning.value == ""
        paper.start_button.click()
        assert paper.views is second
        paper.start_button.click()
        third = paper.views
        assert third is not second
        assert paper.warning.value == ""

        third[0].buttons[0].click()
        paper.start_button.click()
        assert paper.warning.value
        paper.grade()
        assert paper.warning.value == ""
        assert paper.grade_button.disabled
        paper.start_button.click()  # graded, the score is kept: nothing to lose
        assert paper.views is not third
        assert not paper.grade_button.disabled
        assert paper.result.value == ""
        assert all(not view.chosen and not view.feedback.value for view in paper.views)

    asyncio.run(sit())


def test_an_exam_that_is_shown_twice_gives_the_same_text():
    first, second = (exam()._repr_mimebundle_() for _ in range(2))
    assert first["text/markdown"] == second["text/markdown"]
    assert first["text/plain"] == second["text/plain"]
    assert WIDGET_VIEW in first
