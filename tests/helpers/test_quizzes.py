"""Quiz and mock exam without a browser: what is validated, shown, graded and kept.

The answer keys themselves are recomputed in questions/test_keys.py.
"""

import asyncio
import json
import re
from collections import Counter
from types import SimpleNamespace

import pytest

import helpers.questions
from helpers import exam, quiz, quizzes, record
from helpers.course import LESSONS
from helpers.display import WIDGET_VIEW
from helpers.questions import KINDS, Question, load_questions, pictures
from helpers.quizzes import QuestionView, draw_paper, to_html, to_line
from tests.conftest import JAPANESE

ALL = [question for lesson in LESSONS for question in load_questions(lesson)]


def question(**changed):
    given = {
        "id": "01-1",
        "kind": "計算",
        "level": "基本",
        "text": "$1 + 1$ はどれか。",
        "choices": (
            ("1", "足していません。"),
            ("2", "正しい和です。"),
            ("3", "多いです。"),
            ("4", "掛けて2倍です。"),
        ),
        "answer": 2,
    }
    return Question(**(given | changed))


def choices(*texts):
    return tuple((text, "解説です。") for text in texts)


def text_of(box):
    """All that a learner reads in a box of widgets."""
    own = getattr(box, "value", "") or getattr(box, "description", "")
    own = own if isinstance(own, str) else ""
    return own + "".join(text_of(child) for child in getattr(box, "children", ()))


def plain(shown):
    return re.sub(r"<[^>]+>", "", shown)


# --- validation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"kind": "作文"}, "種類"),
        ({"level": "難"}, "難しさ"),
        ({"item": "9-9-9"}, "シラバスに項目 9-9-9"),
        ({"text": "  "}, "問題文"),
        ({"choices": choices("1", "2", "3")}, "3 個"),
        ({"choices": choices("1", "2", "3", "4", "5")}, "5 個"),
        ({"choices": choices("1", "2", "2 ", "4")}, "同じ選択肢"),
        ({"choices": choices("1", "2", " ", "4")}, "空の選択肢"),
        ({"choices": (*choices("1", "2", "3"), ("4", " "))}, "解説のない"),
        ({"answer": 0}, "1 から 4"),
        ({"answer": 5}, "1 から 4"),
        ({"answer": "2"}, "1 から 4"),
        ({"kind": "図"}, "picture"),
        ({"picture": "points_on_a_cubic"}, "picture"),
    ],
)
def test_a_faulty_question_is_named_with_its_fault(changed, fault):
    with pytest.raises(ValueError, match=rf"問題 01-1: .*{fault}"):
        question(**changed)


def written(folder, monkeypatch, text):
    (folder / "01.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(helpers.questions, "files", lambda package: folder)


GOOD = """
[[questions]]
kind = "概念"
level = "標準"
text = "どれか。"
answer = 1
choices = [
    { text = "a", note = "n" }, { text = "b", note = "n" },
    { text = "c", note = "n" }, { text = "d", note = "n" },
]
"""


@pytest.mark.parametrize("missing", ["kind", "level", "text", "answer", "choices"])
def test_a_missing_item_is_reported_with_the_question(missing, tmp_path, monkeypatch):
    second = re.sub(rf"(?ms)^{missing} = (\[.*?^\]|[^\n]*)\n", "", GOOD)
    assert second != GOOD
    written(tmp_path, monkeypatch, GOOD + second)
    with pytest.raises(ValueError, match=f"問題 01-2: 項目 '{missing}' がありません"):
        load_questions("01")


def test_questions_of_a_set_share_the_text_before_them(tmp_path, monkeypatch):
    stem = '[stems]\nnet = "2層のネットワークがある。"\n'
    written(tmp_path, monkeypatch, stem + 2 * GOOD.replace("answer", 'stem = "net"\nanswer') + GOOD)
    texts = [each.text for each in load_questions("01")]
    assert texts == [*2 * ["2層のネットワークがある。どれか。"], "どれか。"]


def test_an_unknown_text_before_a_set_is_reported_with_the_question(tmp_path, monkeypatch):
    written(tmp_path, monkeypatch, GOOD.replace("answer", 'stem = "net"\nanswer'))
    with pytest.raises(ValueError, match="問題 01-1: 前文 'net' が"):
        load_questions("01")


def test_a_choice_without_a_note_is_reported_with_the_question(tmp_path, monkeypatch):
    written(tmp_path, monkeypatch, GOOD.replace('"c", note = "n"', '"c"'))
    with pytest.raises(ValueError, match="問題 01-1: 項目 'note' がありません"):
        quiz("01")


@pytest.mark.parametrize("lesson", ["1", "99", 1, None, "../01"])
def test_an_unknown_lesson_is_an_error_in_japanese(lesson):
    with pytest.raises(ValueError, match=JAPANESE):
        quiz(lesson)


# --- quiz -----------------------------------------------------------------------------------------


def test_answering_shows_the_verdict_and_the_note_of_the_choice_taken():
    one = QuestionView(question(), 1, lambda view: view.explain())
    assert one.feedback.value == ""
    one.buttons[3].click()
    assert plain(one.feedback.value).strip() == "不正解（4 を選択）掛けて2倍です。"
    assert "正しい和" not in one.feedback.value
    one.buttons[1].click()  # a learner may try again
    assert plain(one.feedback.value).strip() == "正解（2 を選択）正しい和です。"
    assert one.correct


def marks(view):
    """What the rows of a question show beside the choices: the number, the mark, the colour."""
    classes = [set(row._dom_classes) - {"koubai-choice"} for row in view.rows]
    return [
        (button.description, *sorted(added))
        for button, added in zip(view.buttons, classes, strict=True)
    ]


def test_a_tick_and_green_are_for_the_right_choice_only():
    one = QuestionView(question(), 1, lambda view: view.explain())
    assert marks(one) == [("1",), ("2",), ("3",), ("4",)]
    one.choose(4)
    assert marks(one) == [("1",), ("2",), ("3",), ("✗ 4", "koubai-wrong")]
    assert '"koubai-verdict-wrong">不正解<' in one.feedback.value
    one.choose(2)
    assert marks(one) == [("1",), ("✓ 2", "koubai-right"), ("3",), ("4",)]
    assert '"koubai-verdict-right">正解<' in one.feedback.value


def test_an_exam_marks_what_is_chosen_and_tells_right_from_wrong_when_graded():
    one = QuestionView(question(), 1, lambda view: None)
    one.choose(1)
    one.choose(4)
    assert marks(one) == [("1",), ("2",), ("3",), ("● 4", "koubai-chosen")]
    one.close()
    assert marks(one) == [("1",), ("✓ 2", "koubai-right"), ("3",), ("✗ 4", "koubai-wrong")]
    told = one.feedback.value
    assert plain(told).split() == [
        "不正解（4",
        "を選択）掛けて2倍です。",
        "正解は",
        "2",
        "です:",
        "2正しい和です。",
        "読み直す:",
        "01",
        "微分",
    ]
    assert 'href="01_derivative.ipynb"' in told
    one.choose(2)  # graded is graded
    assert not one.correct
    assert one.feedback.value == told
    assert all(button.disabled for button in one.buttons)


def test_a_right_answer_of_an_exam_tells_its_own_note_only():
    one = QuestionView(question(), 1, lambda view: None)
    one.choose(2)
    one.close()
    assert marks(one) == [("1",), ("✓ 2", "koubai-right"), ("3",), ("4",)]
    assert plain(one.feedback.value).strip() == "正解（2 を選択）正しい和です。"


def test_the_whole_row_of_a_choice_is_its_button():
    for shown in (quiz("01"), exam()):
        assert "<style>" in shown.box.children[0].value
    one = quiz("01").views[0]
    for row, button in zip(one.rows, one.buttons, strict=True):
        assert row.children[0] is button
        assert "koubai-choice" in row._dom_classes
    rules = re.sub(r"\s+", " ", quizzes.STYLE)
    assert ".koubai-choice > * { grid-area: 1 / 1;" in rules  # the text lies over the button
    assert ".koubai-choice > .widget-htmlmath { pointer-events: none;" in rules


def test_every_button_says_which_question_and_choice_it_is():
    for number, view in enumerate(quiz("01").views, 1):
        tips = [button.tooltip for button in view.buttons]
        assert tips == [f"問{number} の選択肢 {k} を選ぶ" for k in (1, 2, 3, 4)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_progress_is_kept_only_once_all_answers_are_right(lesson, progress):
    given = quiz(lesson)
    count = len(given.views)
    for number, view in enumerate(given.views):
        assert f"{count} 問中 {number} 問正解" in given.score.value
        view.buttons[view.question.answer % 4].click()
        assert not view.correct
        view.buttons[view.question.answer - 1].click()
        assert (f"小テスト {lesson}" in record.done()) == (number == count - 1)
    assert f"{count} 問中 {count} 問正解" in given.score.value
    assert json.loads(progress.read_text(encoding="utf-8")) == {f"小テスト {lesson}": True}


def test_a_quiz_shown_twice_gives_the_same_text_and_picture():
    first, second = (quiz("02")._repr_mimebundle_() for _ in range(2))
    assert set(first) == {WIDGET_VIEW, "text/markdown", "text/plain"}
    assert first["text/markdown"] == second["text/markdown"]
    assert first["text/plain"] == second["text/plain"]
    images = [
        [
            child.value
            for view in quiz("02").views
            for child in view.box.children
            if child.has_trait("format")
        ]
        for _ in range(2)
    ]
    assert images[0] == images[1]
    assert len(images[0]) == 2


@pytest.mark.parametrize("lesson", LESSONS)
def test_without_a_kernel_the_questions_are_readable_and_no_answer_is_told(lesson):
    shown = quiz(lesson)._repr_mimebundle_()["text/markdown"]
    for number, asked in enumerate(load_questions(lesson), 1):
        assert f"**問{number}**（{asked.label}）{asked.text.strip()}" in shown
        for k, (text, note) in enumerate(asked.choices, 1):
            assert f"{k}. {text}" in shown
            assert note not in shown
    assert not re.search("不正解|正解は|✓", shown)


def test_a_picture_comes_with_words_for_those_who_do_not_see_it():
    for asked in ALL:
        if asked.picture:
            figure, alt = getattr(pictures, asked.picture)()
            shown = QuestionView(asked, 1, None)
            assert alt in plain(text_of(shown.box)).replace("&lt;", "<").replace("&gt;", ">")
            assert len(alt) >= 30
            assert figure.get_size_inches()[0] == 5.5  # the width at which it is shown


def test_markdown_formulas_and_code_become_html():
    shown = to_html("$x^2$ と `a < b`\n\n```python\nx = （ア）\n```")
    assert r"\(x^2\)" in shown
    assert "<code>a &lt; b</code>" in shown
    assert '<pre><code class="language-python">x = （ア）' in shown
    assert to_line("$x$ は `y`") == r'<span class="math">\(x\)</span> は <code>y</code>'
    assert "<script>" not in to_html("<script>alert(1)</script>")


# --- exam -----------------------------------------------------------------------------------------


def sitting(seed=0, count=20, answers=lambda asked: asked.answer):
    """An exam started, answered and graded at once, and what it told before it was graded."""

    async def sit():
        paper = exam(seed, count)
        paper.start()
        for view in paper.views:
            taken = answers(view.question)
            if taken:
                view.buttons[taken - 1].click()
        before = [view.feedback.value for view in paper.views]
        paper.grade()
        return paper, before

    return asyncio.run(sit())


def test_one_seed_is_one_exam_and_other_seeds_are_others():
    drawn = [[q.id for q in exam(seed).draw(seed)] for seed in range(10)]
    assert drawn[3] == [q.id for q in exam(3).draw(3)]
    assert len({tuple(ids) for ids in drawn}) == 10
    for ids in drawn:
        assert len(set(ids)) == 20


def test_an_exam_asks_about_every_lesson_in_the_order_of_the_course():
    place = {q.id: k for k, q in enumerate(ALL)}
    for seed in range(20):
        drawn = exam().draw(seed)
        counts = Counter(q.lesson for q in drawn)
        assert set(counts) == set(LESSONS)
        assert max(counts.values()) - min(counts.values()) <= 1
        assert [place[q.id] for q in drawn] == sorted(place[q.id] for q in drawn)


def test_an_exam_until_a_lesson_asks_nothing_of_later_ones():
    *before, last = LESSONS
    for seed in range(20):
        lessons = {q.lesson for q in exam(seed, 20, until=before[-1]).draw(seed)}
        assert lessons == set(before)
    with pytest.raises(ValueError, match="の文字列です"):
        exam(until=int(last))


def test_the_time_of_an_exam_is_that_of_the_real_one():
    assert exam(count=20).minutes == 24  # 100 questions in 120 minutes
    assert "目安 24 分" in exam().box.children[1].children[2].value


# Pinned for a bank of nine questions in each of seven lessons, so that new ones change nothing.
PINNED = {
    0: "01-1 01-2 01-3 02-1 02-2 02-4 03-3 03-4 03-5 04-3 04-5 04-9 05-5 05-9 06-1 06-3 06-9 "
    "07-4 07-5 07-7",
    99: "01-4 01-5 02-2 02-6 02-7 03-3 03-6 03-7 04-1 04-2 04-3 05-2 05-6 05-7 06-1 06-3 06-8 "
    "07-1 07-4 07-5",
}


@pytest.mark.parametrize("seed", PINNED)
def test_a_seed_draws_the_same_paper_for_ever(seed):
    pool = [question(id=f"0{lesson}-{number}") for lesson in range(1, 8) for number in range(1, 10)]
    drawn = draw_paper(pool, seed, 20)
    assert " ".join(pool[k].id for k in drawn) == PINNED[seed]


def test_the_learner_can_change_the_seed():
    async def sit():
        paper = exam(0, 7)
        paper.seed.value = 7
        paper.start_button.click()
        ids = [view.question.id for view in paper.views]
        paper.grade_button.click()
        return ids

    assert asyncio.run(sit()) == [q.id for q in exam(7, 7).draw(7)]


def test_all_right_is_full_marks_without_anything_to_read_again():
    paper, before = sitting()
    assert "得点 20 / 20" in paper.result.value
    assert "<a " not in paper.result.value
    assert before == [""] * 20
    assert all(plain(view.feedback.value).startswith("正解（") for view in paper.views)


def test_marks_by_lesson_add_up_and_a_miss_links_to_its_lesson():
    missed = {"02", "06"}
    paper, _ = sitting(
        count=2 * len(LESSONS),
        answers=lambda asked: asked.answer % 4 + 1 if asked.lesson in missed else asked.answer,
    )
    counts = Counter(view.question.lesson for view in paper.views)
    total = sum(count for lesson, count in counts.items() if lesson not in missed)
    assert f"得点 {total} / {2 * len(LESSONS)}" in paper.result.value
    for number, lesson in LESSONS.items():
        right = 0 if number in missed else counts[number]
        row = f"<td>{number} {lesson.name}</td><td>{right} / {counts[number]}</td>"
        assert row in paper.result.value
        assert (f'href="{lesson.file}"' in paper.result.value) == (number in missed)


def test_an_unanswered_question_is_a_miss_that_tells_the_answer():
    paper, _ = sitting(count=len(LESSONS), answers=lambda asked: None)
    assert f"得点 0 / {len(LESSONS)}" in paper.result.value
    for view in paper.views:
        right = view.question.answer
        told = plain(view.feedback.value)
        assert told.startswith(f"未回答正解は {right} です: ")
        assert plain(to_html(view.question.choices[right - 1][1])) in told
        assert [name for name, *_ in marks(view) if "✓" in name] == [f"✓ {right}"]
        assert "✗" not in str(marks(view))
        assert f'href="{LESSONS[view.question.lesson].file}"' in view.feedback.value
    assert paper.result.value.count("<a ") == len(LESSONS)


def test_a_miss_is_counted_in_no_lesson_but_its_own_and_an_empty_lesson_has_no_row():
    paper, _ = sitting(count=3)
    assert paper.result.value.count("<tr>") == 1 + len({v.question.lesson for v in paper.views})


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
    monkeypatch.setattr(quizzes, "time", Time(1000.5, 1000.9, 1059.4, 1000.5 + 3661))
    monkeypatch.setattr(quizzes, "asyncio", SimpleNamespace(sleep=stop_after_three))
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
        assert paper.start_button.description == "捨てて開始"
        assert "消えます" in paper.warning.value
        second[4].buttons[0].click()  # goes on with the paper: the question is gone
        assert paper.start_button.description == "開始"
        assert paper.warning.value == ""
        paper.start_button.click()
        assert paper.views is second
        paper.start_button.click()
        third = paper.views
        assert third is not second
        assert paper.start_button.description == "開始"
        assert paper.warning.value == ""

        third[0].buttons[0].click()
        paper.start_button.click()
        paper.grade_button.click()
        assert paper.start_button.description == "開始"
        assert paper.grade_button.disabled
        paper.start_button.click()  # graded, the score is kept: nothing to lose
        assert paper.views is not third
        assert not paper.grade_button.disabled
        assert paper.result.value == ""
        assert all(not view.chosen and not view.feedback.value for view in paper.views)

    asyncio.run(sit())


def test_a_graded_exam_leaves_its_score_and_is_not_done():
    assert record.scores() == {}
    sitting(count=7)
    assert record.scores() == {"best": (7, 7), "last": (7, 7)}
    sitting(count=7, answers=lambda asked: None)
    assert record.scores() == {"best": (7, 7), "last": (0, 7)}
    assert record.done() == set()


@pytest.mark.parametrize(
    ("seed", "count"), [(-1, 20), (0.5, 20), ("a", 20), (0, 0), (0, 10_000), (0, 2.5)]
)
def test_a_wrong_seed_or_count_is_an_error_in_japanese(seed, count):
    with pytest.raises(ValueError, match=JAPANESE):
        exam(seed, count)


def test_an_exam_that_is_shown_twice_gives_the_same_text():
    first, second = (exam()._repr_mimebundle_() for _ in range(2))
    assert first["text/markdown"] == second["text/markdown"]
    assert first["text/plain"] == second["text/plain"]
    assert WIDGET_VIEW in first


# --- all questions --------------------------------------------------------------------------------


def test_there_are_enough_questions_of_every_kind():
    counts = Counter(q.lesson for q in ALL)
    assert min(counts[lesson] for lesson in LESSONS) >= 5
    assert len(ALL) >= 50
    for lesson in LESSONS:
        assert {q.kind for q in load_questions(lesson)} == set(KINDS)


def test_ids_follow_the_order_and_no_two_questions_are_equal():
    for lesson in LESSONS:
        ids = [q.id for q in load_questions(lesson)]
        assert ids == [f"{lesson}-{number}" for number in range(1, len(ids) + 1)]
    assert len({(q.text.strip(), q.picture) for q in ALL}) == len(ALL)


def test_the_place_of_the_right_choice_tells_nothing():
    places = [q.answer for q in ALL]
    for place in (1, 2, 3, 4):
        assert 0.15 <= places.count(place) / len(places) <= 0.35
    for lesson in LESSONS:
        given = [q.answer for q in load_questions(lesson)]
        runs = [given[k : k + 3] for k in range(len(given) - 2)]
        assert all(len(set(run)) > 1 for run in runs), lesson


def test_the_length_of_the_right_choice_tells_nothing():
    def longest(asked):
        lengths = [len(text) for text, _ in asked.choices]
        right = lengths.pop(asked.answer - 1)
        return right > max(lengths)

    assert sum(map(longest, ALL)) / len(ALL) <= 0.45


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.id)
def test_a_question_is_complete_and_in_japanese(asked):
    for _, note in asked.choices:
        assert len(note) >= 10
        assert re.search(JAPANESE, note)
        assert note.strip().endswith(("。", "）"))
    assert len({note for _, note in asked.choices}) == 4
    assert re.search(JAPANESE, asked.text)
    if asked.kind == "穴埋め":
        assert "（ア）" in re.search(r"```python\n(.*?)```", asked.text, re.DOTALL)[1]
        assert all(re.fullmatch("`[^`]+`", text) for text, _ in asked.choices)
    for text in (asked.text, *(part for choice in asked.choices for part in choice)):
        assert re.sub("```.*?```|`[^`]*`", "", text, flags=re.DOTALL).count("$") % 2 == 0
        assert "モーメンタム" not in text
        assert "モメンタム" not in text
