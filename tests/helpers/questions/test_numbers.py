"""The numbers of questions: equations that are so, and descriptions that follow the pictures.

What choices and notes claim is recomputed by the answer keys beside this file.
"""

import inspect
import re
import textwrap

import numpy as np
import pytest

from helpers.course import LESSONS
from helpers.functions import himmelblau
from helpers.questions import load_questions, pictures
from tests.helpers.questions.keys import alt_of, arrows, axes_of, lettered, named_points
from tests.helpers.questions.test_keys import keys
from tests.notebooks import claims

QUESTIONS = [question for lesson in LESSONS for question in load_questions(lesson)]
PICTURES = {question.picture: question for question in QUESTIONS if question.picture}
# What a description says that neither the data nor the code of the picture does.
READ_OFF = {
    "errors_of_two_differences": "100",  # a tenth of h, a hundredth of the error: in the key
    "four_points_on_contours": "2",  # contours that cross
    "directional_derivatives_by_angle": "180 225 270 5 90",  # in the key
    "noise_by_batch_size": "0.2 100",  # a hundredfold batch, a tenth of the noise: in the key
    "four_endings": "10",  # steps until the loss is 0 to the eye: in the key
}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_equations_of_numbers_are_so(question):
    for text in (question.text, *(part for choice in question.choices for part in choice)):
        assert list(claims.false_equations(text)) == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_key_computes_with_the_numbers_of_the_question(question):
    key = keys(question.lesson)[question.id]
    known = {0.0, 1.0} | numbers_in(inspect.getsource(key))
    for name in re.findall(r"\w+", inspect.getsource(key)):  # and those of what it uses
        used = getattr(inspect.getmodule(key), name, None)
        if getattr(used, "__module__", None) == key.__module__:
            known |= numbers_in(inspect.getsource(used))
    missing = [c.text for c in claims.claims(question.text) if not c.is_proven(known)]
    assert missing == []


def numbers_in(source):
    """The numbers of code, those of its Japanese strings left out."""
    code = claims.japanese_strings(textwrap.dedent(source))[1]
    return set(map(float, re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?", code)))


def numbers_of(question):
    """The numbers of a picture: of its code, its points, its arrows, the ends of its curves."""
    found = list(numbers_in(inspect.getsource(getattr(pictures, question.picture))))
    found += [float(number) for point in named_points(question).values() for number in point]
    for start, way in arrows(question).values():
        found += [*np.ravel(start), *np.ravel(way), *np.ravel(start.T + np.transpose(way))]
    for line in axes_of(question).lines:
        x, y = np.array(line.get_data(), dtype=float)
        found += [x[0], x[-1], y[0], y[-1], y.min(), y.max(), x[y.argmin()], len(x) - 1]
        for level in (-0.24, axes_of(question).get_ylim()[0]):  # one is marked, one is the frame
            found += [float((y < level).argmax())]
    found += [1, len(lettered(question)), len(himmelblau.minima), *np.ravel(himmelblau.saddles)]
    found += [float(text.get_text()) for text in axes_of(question).texts if is_number(text)]
    return [abs(number) for number in found]


def is_number(text):
    return re.fullmatch(r"[\d.]+", text.get_text())


@pytest.mark.parametrize("name", PICTURES)
def test_the_numbers_of_a_description_are_those_of_the_picture(name):
    known = numbers_of(PICTURES[name])
    wrong = [c.text for c in claims.claims(alt_of(PICTURES[name])) if not c.is_proven(known)]
    assert sorted(set(wrong)) == sorted(READ_OFF.get(name, "").split())
