"""Loaded in the kernel while a handout is built: what figures and quizzes then show in addition.

A page cannot ask a kernel, so it gets all frames of a live figure, and all questions with their
answers. An ordinary run of a notebook never loads this.
"""

from IPython import get_ipython

from handouts.live import live, picture
from handouts.pictures import sharp_webp
from helpers.course import LESSONS
from helpers.display import EXAM, LIVE, QUIZ, css_size
from helpers.exams import PAPERS, SECONDS, Exam, items, lottery
from helpers.figures import Picture
from helpers.live.widget import Explorer
from helpers.questions import pictures
from helpers.quizzes import Quiz


def register():
    """Make the kernel add the handout's data to what it displays."""
    formatter = get_ipython().display_formatter.mimebundle_formatter
    for kind, key, make in (
        (Explorer, LIVE, live),
        (Picture, LIVE, picture),
        (Quiz, QUIZ, lambda quiz: {"questions": [question(view.question) for view in quiz.views]}),
        (Exam, EXAM, exam),
    ):
        formatter.for_type(kind, lambda shown, key=key, make=make: add(shown, key, make))


def add(shown, key, make):
    """Return what an object displays, with the handout's data under the key."""
    bundle = shown._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return {**data, key: make(shown)}, metadata


def question(given):
    """Return a question as JSON data; texts stay Markdown."""
    data = {
        "id": given.id,
        "lesson": given.lesson,
        "label": given.label,
        "item": given.item,
        "text": given.text,
        "choices": [{"text": text, "note": note} for text, note in given.choices],
        "answer": given.answer,
        "again": given.again,
    }
    if given.picture:
        figure, alt = getattr(pictures, given.picture)()
        width, _ = css_size(figure)
        data |= {"picture": sharp_webp(figure), "alt": alt, "width": width}
    return data


def exam(given):
    """Return the mock exam as JSON data: all questions, and in which order each seed draws them."""
    return {
        "seed": given.seed.value,
        "sizes": [list(size) for size in given.size.options],
        "size": given.size.value,
        "seconds": SECONDS,
        "orders": [lottery(given.pool, seed) for seed in range(PAPERS)],
        "items": items(),
        "questions": list(map(question, given.pool)),
        "lessons": [
            {"number": lesson.number, "name": lesson.name}
            for lesson in map(LESSONS.get, given.lessons)
        ],
    }
