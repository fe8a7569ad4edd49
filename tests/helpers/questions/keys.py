"""How the answer keys are written; the key of lesson NN stands beside this file, in key_NN.py.

A key is a class, Key_01_4 for question 01-4, whose docstring is a phrase of the question. Each of
its four methods recomputes, by other means than the question, what one choice shows: `right` the
true thing, the others what the misconception leads to that the note of a wrong choice names. Their
docstrings are words of that note. test_keys.py compares them all, so that neither two choices nor
two notes can be exchanged.
"""

import re

import numpy as np
from matplotlib.text import Annotation

from helpers import numerical_gradient
from helpers.questions import pictures


class Words:
    """A key whose methods return words that the choice must hold."""

    def __init__(self, question):
        self.question = question

    def matches(self, choice, value):
        """Whether the text of a choice shows what a method returned."""
        return value in choice


class Exactly(Words):
    """A key whose methods return the whole text of the choice."""

    def matches(self, choice, value):
        return value == choice


class Numbers(Words):
    """A key whose methods return the number, or the numbers, that the choice shows, unrounded."""

    def matches(self, choice, value):
        shown, true = numbers(choice), np.ravel(value)
        return len(shown) == len(true) and all(
            abs(number - each) <= half_unit + 1e-7 * abs(each)
            for (number, half_unit), each in zip(shown, true, strict=True)
        )


class Code(Words):
    """A key whose methods return what the code does with the choice in its blank（ア）.

    `observe` is given what the code defines; the methods return what it then sees, or the kind of
    error that the code raises.
    """

    def observe(self, names):
        raise NotImplementedError

    def matches(self, choice, value):
        with np.errstate(all="ignore"):
            try:
                seen = self.observe(filled(self.question, choice))
            except (ArithmeticError, IndexError, TypeError, ValueError) as error:
                return value is type(error)
        if isinstance(value, type):
            return False
        seen, value = np.asarray(seen), np.asarray(value)
        if seen.dtype.kind in "US" or value.dtype.kind in "US":
            return seen.tolist() == value.tolist()
        return seen.shape == value.shape and np.allclose(seen, value, 1e-6, 1e-9, equal_nan=True)


def numbers(text):
    """The numbers in a text, each with the half unit of its last digit (0 for a whole one)."""
    text = text.replace("−", "-")
    text = re.sub(r"([\d.]+) \\times 10\^\{(-?\d+)\}", r"\1e\2", text)
    text = re.sub(r"10\^\{(-?\d+)\}", r"1e\1", text)
    found = []
    for shown in re.findall(r"[-+]?\d+(?:\.\d+)?(?:e-?\d+|/\d+)?", text):
        value, _, divisor = shown.partition("/")
        mantissa, _, exponent = value.partition("e")
        decimals = len(mantissa.partition(".")[2])
        rounded = decimals or (exponent and mantissa != "1")
        half_unit = 0.5 * 10.0 ** (int(exponent or 0) - decimals) if rounded else 0
        found.append((float(value) / float(divisor or 1), half_unit))
    return found


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


def axes_of(question):
    """The axes of the picture of a question."""
    figure, _ = getattr(pictures, question.picture)()
    (ax,) = figure.axes
    return ax


def alt_of(question):
    """The description of the picture of a question."""
    return getattr(pictures, question.picture)()[1]


def lines(question):
    """The curves of the picture by their names in the legend, as arrays (x, y)."""
    return {line.get_label(): np.array(line.get_data()) for line in axes_of(question).lines}


def lettered(question):
    """The curves of the picture that are named by a letter."""
    return {name: xy for name, xy in lines(question).items() if re.fullmatch("[A-Z]", name)}


def named_points(question):
    """The points of the picture by the names written beside them."""
    notes = [note for note in axes_of(question).texts if isinstance(note, Annotation)]
    return {note.get_text(): np.array(note.xy, dtype=float) for note in notes}


def arrows(question):
    """The arrows of the picture by their labels, as (start, arrow)."""
    found = {}
    for arrow in axes_of(question).collections:
        if hasattr(arrow, "U"):
            found[arrow.get_label()] = (arrow.XY.T, np.array([arrow.U, arrow.V]))
    return found


def contour_values(question):
    """The values written on the contours of the picture with a place where each is written."""
    ax = axes_of(question)
    ax.figure.canvas.draw()
    return [
        (float(text.get_text()), np.array(text.get_position()))
        for text in ax.texts
        if re.fullmatch(r"-?[\d.]+", text.get_text())
    ]
