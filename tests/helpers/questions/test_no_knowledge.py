"""The bank against a solver who knows nothing: neither likeness nor length nor place helps."""

from collections import Counter
from difflib import SequenceMatcher

import pytest

from helpers.course import LESSONS, SYLLABUS
from helpers.questions import LEVELS, load_questions

ALL = [question for lesson in LESSONS for question in load_questions(lesson)]


def likeness(texts, k):
    """How like a choice is to the other three."""
    others = texts[:k] + texts[k + 1 :]
    return sum(
        SequenceMatcher(None, *pair, autojunk=False).ratio()
        for other in others
        for pair in ((texts[k], other), (other, texts[k]))  # the ratio depends on the order
    )


SOLVERS = {
    "most like the others": likeness,
    "least like the others": lambda texts, k: -likeness(texts, k),
    "longest": lambda texts, k: len(texts[k]),
    "shortest": lambda texts, k: -len(texts[k]),
    **{f"number {place + 1}": lambda texts, k, place=place: k == place for place in range(4)},
}


def share(questions, solver):
    """The share that a solver gets right; of equally good choices it draws one."""
    right = 0
    for question in questions:
        texts = [text for text, _ in question.choices]
        values = [round(solver(texts, k), 9) for k in range(4)]
        best = [k for k, value in enumerate(values, 1) if value == max(values)]
        right += (question.answer in best) / len(best)
    return right / len(questions)


@pytest.mark.parametrize("name", SOLVERS)
def test_nothing_but_knowledge_finds_the_right_choice(name):
    assert share(ALL, SOLVERS[name]) <= 0.32


@pytest.mark.parametrize("name", SOLVERS)
def test_nothing_but_knowledge_fills_the_blank(name):
    assert share([q for q in ALL if q.kind == "穴埋め"], SOLVERS[name]) <= 0.40


def test_a_solver_that_is_right_is_seen_to_be_right():
    """One-edit variants of the right choice, which the first solver finds."""
    odd = ["x + y", "x - y", "x + z", "w + y"]
    assert max(range(4), key=lambda k: likeness(odd, k)) == 0


def test_the_bank_is_as_deep_as_the_exam():
    kinds = Counter(q.kind for q in ALL)
    assert len(ALL) >= 120
    assert kinds["穴埋め"] >= 40
    assert kinds["計算"] >= 30
    assert kinds["図"] >= 20


def test_every_item_of_the_syllabus_is_asked_about():
    counts = Counter(q.item for q in ALL)
    assert min(counts[item] for item in SYLLABUS) >= 2


def test_every_level_is_there_and_none_is_most_of_all():
    counts = Counter(q.level for q in ALL)
    assert set(counts) == set(LEVELS)
    assert counts["基本"] <= len(ALL) / 4
    assert counts["発展"] >= len(ALL) / 8


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_a_set_of_questions_about_one_thing(lesson):
    firsts = Counter(q.text.strip().splitlines()[0] for q in load_questions(lesson))
    assert max(firsts.values()) >= 3
