"""What the recomputation of the answer keys shares: questions, the code in them, their pictures."""

import re

import numpy as np

from helpers import numerical_gradient
from helpers.questions import load_questions, pictures


def questions(*lessons):
    """The questions of the lessons by their ids."""
    return {q.id: q for lesson in lessons for q in load_questions(lesson)}


def right_choice(question):
    return question.choices[question.answer - 1][0]


def wrong_choices(question):
    return [text for text, _ in question.choices if text != right_choice(question)]


def code_of(question):
    """The one code block of a question."""
    (code,) = re.findall(r"```python\n(.*?)```", question.text, re.DOTALL)
    return code


def filled(question, choice):
    """What the code of a question defines with the choice in its blank（ア）."""
    code = code_of(question)
    assert code.count("（ア）") == 1
    given = {"__builtins__": __builtins__, "np": np, "numerical_gradient": numerical_gradient}
    names = dict(given)
    exec(code.replace("（ア）", choice.strip("`")), names)
    return {name: value for name, value in names.items() if value is not given.get(name)}


def assert_only_the_right_code_passes(question, passes):
    """Run the code with each choice in the blank; passes(names that it defines) judges it."""
    for choice, _ in question.choices:
        names = filled(question, choice)
        with np.errstate(all="ignore"):
            try:
                passed = passes(names)
            except (ArithmeticError, IndexError, TypeError, ValueError):
                passed = False
        assert passed == (choice == right_choice(question)), choice


def axes_of(question):
    """The axes of the picture of a question."""
    figure, _ = getattr(pictures, question.picture)()
    (ax,) = figure.axes
    return ax


def lines(question):
    """The curves of the picture by their names in the legend, as arrays (x, y)."""
    return {line.get_label(): np.array(line.get_data()) for line in axes_of(question).lines}
