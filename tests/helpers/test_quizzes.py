"""Questions and quizzes without a browser: what is validated, shown, graded and kept.

The answer keys themselves are recomputed in questions/test_keys.py.
"""

import json
import re
from collections import Counter

import pytest

import helpers.questions
from helpers import exam, quiz, quizzes, record
from helpers.course import LESSONS
from helpers.display import WIDGET_VIEW
from helpers.questions import KINDS, Question, load_questions, pictures
from helpers.quizzes import QuestionView, Sheet, to_html, to_line
from tests.conftest import JAPANESE

ALL = [question for lesson in LESSONS for question in load_questions(lesson)]


def question(**changed):
    given = {
        "id": "01-1",
        "kind": "計算",
        "level": "基本",
        "section": 1,
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
        ({"section": 0}, "節 0 はありません"),
        ({"section": 9}, "節 9 はありません"),
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
section = 1
text = "どれか。"
answer = 1
choices = [
    { text = "a", note = "n" }, { text = "b", note = "n" },
    { text = "c", note = "n" }, { text = "d", note = "n" },
]
"""


@pytest.mark.parametrize("missing", ["kind", "level", "section", "text", "answer", "choices"])
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
        "1節",
    ]
    assert 'href="01_derivative.ipynb#cell-id=tangent"' in told
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
    assert len(images[0]) == 3


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


# --- sheet ----------------------------------------------------------------------------------------


def on_show(sheet):
    return [view.number for view in sheet.views if view.box in sheet.list.children]


def test_a_sheet_shows_all_questions_or_one_at_a_time_and_goes_to_a_number():
    sheet = Sheet(load_questions("02"), lambda view: None)
    everything = list(range(1, len(sheet.views) + 1))
    assert on_show(sheet) == everything
    sheet.numbers[4].click()
    assert on_show(sheet) == everything
    sheet.single.value = True
    assert on_show(sheet) == [5]
    sheet.numbers[1].click()
    assert on_show(sheet) == [2]
    sheet.single.value = False
    assert on_show(sheet) == everything


def test_the_numbers_of_a_sheet_tell_which_questions_are_answered():
    told = []
    sheet = Sheet(load_questions("02"), told.append)
    sheet.views[2].buttons[0].click()
    sheet.views[0].buttons[3].click()
    assert [button.description for button in sheet.numbers[:4]] == ["● 1", "2", "● 3", "4"]
    assert told == [sheet.views[2], sheet.views[0]]
    assert [button.tooltip for button in sheet.numbers[:2]] == ["問1 に移る", "問2 に移る"]


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
