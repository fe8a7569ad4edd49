"""Every choice and every note of every question, against the answer keys key_NN.py beside it."""

import importlib
import inspect

import pytest

from helpers.course import LESSONS
from helpers.questions import load_questions
from tests.helpers.questions.keys import Code, Words

QUESTIONS = {q.id: q for lesson in LESSONS for q in load_questions(lesson)}
GIVEN = {name for base in (Words, Code) for name in vars(base)}


def keys(lesson):
    """The keys of a lesson by the ids of their questions."""
    module = importlib.import_module(f"tests.helpers.questions.key_{lesson}")
    classes = {name: each for name, each in vars(module).items() if name.startswith("Key_")}
    return {name[4:].replace("_", "-"): each for name, each in classes.items()}


def methods(key):
    """The methods of a key that recompute a choice, by their names."""
    found = inspect.getmembers(key, inspect.ismethod)
    return {name: method for name, method in found if name not in GIVEN and name[0] != "_"}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_question_has_a_key(lesson):
    assert list(keys(lesson)) == [q.id for q in load_questions(lesson)]


@pytest.mark.parametrize("id", QUESTIONS)
def test_each_choice_is_what_its_note_leads_to(id):
    question = QUESTIONS[id]
    made = keys(question.lesson)[id]
    assert made.__doc__ in question.text
    key = made(question)
    assert "right" in methods(key)
    assert len(methods(key)) == 4
    for name, method in methods(key).items():
        value = method()
        by_note = [k for k, (_, note) in enumerate(question.choices, 1) if method.__doc__ in note]
        by_choice = [
            k for k, (text, _) in enumerate(question.choices, 1) if key.matches(text, value)
        ]
        assert len(by_note) == 1, f"{name}: {method.__doc__!r} is in the notes {by_note}"
        assert by_choice == by_note, f"{name}: {value} is of the choices {by_choice}"
        assert (by_note == [question.answer]) == (name == "right"), name
