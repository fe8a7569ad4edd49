"""模擬試験 exam の出題と採点。問題と用紙の見せ方は quizzes.py にある。"""

import asyncio
import hashlib
import time
from collections import Counter

import ipywidgets as widgets

from helpers.checks import whole_number
from helpers.course import LESSONS, SYLLABUS, find_lesson
from helpers.questions import load_questions
from helpers.quizzes import STYLE, Sheet, bundle, link_again, row
from helpers.record import keep_score, told_scores

SIZES = (20, 50)  # 選べる問題の数。ほかに「すべて」がある
SECONDS = 72  # 試験は 100 問で 120 分
LAST_SEED = 10**6
PAPERS = 100  # 配布資料のページが持つのは、種 0 から 99 の順番
BACKGROUND = 5  # 背景知識の重み。シラバスの項目の重みは、その語の数
START, GRADE = "開始", "採点"


def exam(seed=0, count=20, until=None):
    """種 seed で count 問を選ぶ模擬試験を返す。種・数・章は、画面で変えられる。

    until: "07" なら、その章までの問題から選ぶ。None なら全章。
    ValueError: seed が 0 以上 100 万以下の整数でない、count が問題の数に合わない、
        章の番号が違うとき。
    """
    return Exam(seed, count, until)


def lottery(pool, seed):
    """問題のリスト pool の番号を、種 seed の出題の順に並べて返す。

    シラバスの項目ごとの問題の数が、いつも項目の語の数にほぼ比例する（サン・ラグ方式）。
    試験は、この順のはじめから選ぶ。配布資料のページも、この順を持つ。
    """

    def lot(k):
        return hashlib.sha256(f"{pool[k].id}/{seed}".encode()).digest()

    weights = {"": BACKGROUND} | {id: len(item.keywords) for id, item in SYLLABUS.items()}
    taken = Counter()
    turns = []
    for k in sorted(range(len(pool)), key=lot):
        item = pool[k].item
        turns.append(((taken[item] + 0.5) / weights[item], k))
        taken[item] += 1
    turns.sort(key=lambda turn: turn[0])
    return [k for _, k in turns]


class Exam:
    """模擬試験。「開始」で問題と時計が現れ、「採点」で得点と解説が出る。"""

    def __init__(self, seed, count, until=None):
        numbers = list(LESSONS)
        if until is not None:
            numbers = numbers[: numbers.index(find_lesson(until).number) + 1]
        self.pool = [q for number in numbers for q in load_questions(number)]
        count = whole_number(count, "count", 1)
        if count > len(self.pool):
            raise ValueError(f"count は {len(self.pool)} 以下です。受け取ったもの: {count}")
        self.seed = widgets.BoundedIntText(
            whole_number(seed, "seed", 0, LAST_SEED), min=0, max=LAST_SEED, description="問題の種"
        )
        sizes = [(f"{size} 問", size) for size in sorted({*SIZES, count}) if size < len(self.pool)]
        self.size = widgets.Dropdown(
            options=[*sizes, ("すべて", len(self.pool))], value=count, description="問題の数"
        )
        self.lessons = {number: _lesson_button(LESSONS[number]) for number in numbers}
        self.start_button = widgets.Button(description=START)
        self.again_button = widgets.Button(description="間違えた問題だけ", disabled=True)
        self.grade_button = widgets.Button(description=GRADE, disabled=True)
        self.time_limit, self.warning, self.unanswered = (widgets.HTML() for _ in range(3))
        self.clock, self.result, self.kept = (widgets.HTML() for _ in range(3))
        self.paper = widgets.VBox()
        self.views = []
        self.missed = []  # 採点した試験で、間違えた問題
        self.again = False  # 間違えた問題だけの試験か。その得点は覚えない
        self.ticking = None
        self._listen()
        self.box = widgets.VBox(
            [
                widgets.HTML(STYLE),
                row(widgets.Label("出題する章"), *self.lessons.values()),
                row(self.seed, self.size, self.time_limit),
                row(self.start_button, self.again_button, self.warning),
                self.kept,
                self.result,
                self.clock,
                self.paper,
                row(self.grade_button, self.unanswered),
            ]
        )

    def _listen(self):
        """部品が押されたときの動きを決め、はじめの表示にする。"""
        self.start_button.on_click(lambda _: self._unless_lost(self.start_button, self.start))
        self.again_button.on_click(lambda _: self._unless_lost(self.again_button, self.start_again))
        self.grade_button.on_click(lambda _: self._unless_unanswered())
        for control in (self.size, *self.lessons.values()):
            control.observe(lambda _: self._tell_time(), "value")
        self._tell_time()
        self._tell_scores()

    @property
    def minutes(self):
        """時間の目安（分）。過ぎても、続けられる。"""
        return round(len(self.draw(self.seed.value)) * SECONDS / 60)

    def draw(self, seed):
        """種 seed で、選ばれている章から選ばれている数の問題を、章の順に並べて返す。"""
        chosen = [number for number, button in self.lessons.items() if button.value]
        drawn = [k for k in lottery(self.pool, seed) if self.pool[k].lesson in chosen]
        return [self.pool[k] for k in sorted(drawn[: self.size.value])]

    def _tell_time(self):
        count = len(self.draw(self.seed.value))
        self.time_limit.value = f"{count} 問、目安 {self.minutes} 分（1問 {SECONDS} 秒）"
        self.start_button.disabled = count == 0

    def _tell_scores(self):
        told = told_scores()
        self.kept.value = f"<p>{told}</p>" if told else ""

    def _unless_lost(self, button, begin):
        """採点していない答えがなければ begin を呼ぶ。あれば確かめ、もう一度押されたら呼ぶ。"""
        answered = any(view.chosen and not view.closed for view in self.views)
        if answered and self.warning.value != _lost(button):
            self.warning.value = _lost(button)
        else:
            begin()

    def _unless_unanswered(self):
        """採点する。答えていない問題があれば確かめ、もう一度押されたら採点する。"""
        left = [view.number for view in self.views if not view.chosen]
        told = f"まだ答えていない問題: {'、'.join(map(str, left))}。よければ、もう一度押します。"
        told = f'<span role="status">{told}</span>'
        if left and self.unanswered.value != told:
            self.unanswered.value = told
        else:
            self.grade()

    def _keep(self, view=None):
        """確かめるのをやめて、ふつうの表示に戻す。"""
        self.warning.value = self.unanswered.value = ""

    def start(self):
        """選ばれている章・数・種の問題を並べ、時計を始める。"""
        self.again = False
        self._lay_out(self.draw(self.seed.value))

    def start_again(self):
        """前の試験で間違えた問題だけを並べ、時計を始める。"""
        self.again = True
        self._lay_out(self.missed)

    def _lay_out(self, questions):
        self._keep()
        sheet = Sheet(questions, self._keep)
        self.views = sheet.views
        self.paper.children = [sheet.box]
        self.result.value = ""
        self.grade_button.disabled = False
        self._stop_clock()
        self.ticking = asyncio.get_running_loop().create_task(self._tick())

    async def _tick(self):
        begin = time.monotonic()
        while True:
            minutes, seconds = divmod(int(time.monotonic() - begin), 60)
            self.clock.value = f"経過時間 {minutes:02d}:{seconds:02d}"
            await asyncio.sleep(1)

    def _stop_clock(self):
        if self.ticking:
            self.ticking.cancel()

    def grade(self):
        """時計を止め、得点・章と項目ごとの得点・読み直す節を表示する。得点は、全体の試験だけ覚える。"""
        self._stop_clock()
        self._keep()
        self.grade_button.disabled = True
        for view in self.views:
            view.close()
        right = sum(view.correct for view in self.views)
        self.missed = [view.question for view in self.views if not view.correct]
        self.again_button.disabled = not self.missed
        self.result.value = (
            f'<div role="status"><p><strong>得点 {right} / {len(self.views)}</strong></p>'
            f"<table><tr><th>章</th><th>得点</th><th>読み直す</th></tr>{self._by_lesson()}</table>"
            f"<table><tr><th>シラバスの項目</th><th>得点</th></tr>{self._by_item()}</table></div>"
        )
        if not self.again:
            keep_score(right, len(self.views))
        self._tell_scores()
        self.start_button.focus()  # 得点が見えるところまで、画面を戻す

    def _by_lesson(self):
        rows = ""
        for number, lesson in LESSONS.items():
            marks = [v.correct for v in self.views if v.question.lesson == number]
            if marks:
                score = f"{sum(marks)} / {len(marks)}"
                missed = [q for q in self.missed if q.lesson == number]
                again = "<br>".join(dict.fromkeys(map(link_again, missed)))
                rows += f"<tr><td>{number} {lesson.name}</td><td>{score}</td><td>{again}</td></tr>"
        return rows

    def _by_item(self):
        rows = ""
        for id, name in items().items():
            marks = [v.correct for v in self.views if v.question.item == id]
            if marks:
                rows += f"<tr><td>{name}</td><td>{sum(marks)} / {len(marks)}</td></tr>"
        return rows

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = f"{len(self.pool)} 問から {self.size.value} 問を選ぶ模擬試験です。"
        return bundle(self.box, text, "模擬試験")


def items():
    """シラバスの項目の番号から名前への dict を返す。最後は、背景知識。"""
    return {id: f"{id} {item.name}" for id, item in SYLLABUS.items()} | {"": "背景知識"}


def _lesson_button(lesson):
    """章 lesson を出題するかどうかのボタンを、押された形で返す。"""
    return widgets.ToggleButton(
        True,
        description=lesson.number,
        tooltip=f"{lesson.number} {lesson.name} を出題する",
        layout=widgets.Layout(width="auto"),
    )


def _lost(button):
    return (
        '<span role="status">まだ採点していない答えが消えます。'
        f"よければ、もう一度「{button.description}」を押します。</span>"
    )
