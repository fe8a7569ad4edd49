"""小テスト quiz と模擬試験 exam の見せ方と採点。問題そのものは questions/ にある。"""

import asyncio
import hashlib
import html
import time
from collections import Counter

import ipywidgets as widgets
import mistune

from helpers.checks import whole_number
from helpers.course import LESSONS, find_lesson
from helpers.display import layout_of, live_bundle
from helpers.figures import encode_png, pixels
from helpers.questions import load_questions, pictures
from helpers.record import keep_score, mark_done

START = "開始"
LAST_SEED = 10**6
SECONDS = 72  # 試験は 100 問で 120 分
PAPERS = 100  # 配布資料のページが持つのは、種 0 から 99 の問題

# 行の全体がボタンで、選択肢の文はその上に重なる。色は、明るい画面でも暗い画面でも読める
STYLE = """<style>
.koubai-choice.widget-hbox { display: grid; margin: 3px 0; overflow: visible; }
.koubai-choice > * { grid-area: 1 / 1; margin: 0; }
.koubai-choice > button { width: auto; height: 100%; min-height: 2.4em; padding-left: 1em;
  text-align: left; border-radius: 4px; outline-offset: -2px; }
.koubai-choice > button.jupyter-button:disabled { opacity: 1; }
.koubai-choice > .widget-htmlmath { pointer-events: none; align-self: center; z-index: 1;
  padding: 0 1em 0 4em; }
.koubai-chosen > button { outline: 2px solid #1F77B4; }
.koubai-right > button { outline: 2px solid #22863A; background: #22863A33; }
.koubai-wrong > button { outline: 2px solid #D1344B; background: #D1344B33; }
.koubai-link { color: var(--jp-content-link-color) !important;
  text-decoration: underline !important; }
.koubai-verdict-right { color: #22863A; }
.koubai-verdict-wrong { color: #D1344B; }
</style>"""
MARKS = {"chosen": "●", "right": "✓", "wrong": "✗"}

PROMPT = widgets.Layout(margin="2px 2px 8px")
BLOCK = widgets.Layout(border_top="1px solid #888888", padding="0 0 1em")

to_html = mistune.create_markdown(escape=True, plugins=["math"])


def to_line(text):
    """1段落の Markdown を、前後に余白のない HTML にして返す。"""
    return to_html(text).strip().removeprefix("<p>").removesuffix("</p>")


def quiz(lesson):
    """章 lesson（"01" など）の小テストを返す。セルの最後に置くと表示される。

    ValueError: 章の番号が違うとき。
    """
    return Quiz(lesson)


def exam(seed=0, count=20, until=None):
    """問題から、種 seed で count 問を選んだ模擬試験を返す。同じ種なら同じ問題。

    until: "07" なら、その章までの問題から選ぶ。None なら全章。
    ValueError: seed が 0 以上 100 万以下の整数でない、count が問題の数に合わない、
        章の番号が違うとき。
    """
    return Exam(seed, count, until)


class QuestionView:
    """問題1つの表示。選択肢の行を押すか、Tab と Enter で答える。"""

    def __init__(self, question, number, on_answer):
        self.question = question
        self.chosen = None
        self.closed = False
        self.on_answer = on_answer
        self.buttons = [
            widgets.Button(description=str(k), tooltip=f"問{number} の選択肢 {k} を選ぶ")
            for k in (1, 2, 3, 4)
        ]
        self.alt = ""
        self.feedback = widgets.HTMLMath()
        self.rows = []
        for k, (button, (text, _)) in enumerate(
            zip(self.buttons, question.choices, strict=True), 1
        ):
            button.on_click(lambda _, k=k: self.choose(k))
            self.rows.append(widgets.HBox([button, widgets.HTMLMath(to_line(text))]))
            self.rows[-1].add_class("koubai-choice")
        prompt = widgets.HTMLMath(
            f"<p><strong>問{number}</strong>（{question.label}）</p>{to_html(question.text)}",
            layout=PROMPT,
        )
        self.box = widgets.VBox([prompt, *self._picture(), *self.rows, self.feedback], layout=BLOCK)

    def _picture(self):
        if not self.question.picture:
            return []
        figure, self.alt = getattr(pictures, self.question.picture)()
        image = widgets.Image(
            value=encode_png(pixels(figure)),
            format="png",
            layout=layout_of(figure),
        )
        told = f'<p style="line-height: 1.5"><small>図: {html.escape(self.alt)}</small></p>'
        return [image, widgets.HTML(told)]

    def choose(self, k):
        """選択肢 k（1 から 4）を選ぶ。採点が済んだあとは、何もしない。"""
        if self.closed:
            return
        self.chosen = k
        self._mark({k: "chosen"})
        self.on_answer(self)

    def _mark(self, marks):
        """行に印を付け、ほかの行の印を消す。marks: 選択肢の番号から MARKS の名前へ。"""
        for k, (row, button) in enumerate(zip(self.rows, self.buttons, strict=True), 1):
            for name in MARKS:
                row.remove_class(f"koubai-{name}")
            button.description = str(k)
            if k in marks:
                row.add_class(f"koubai-{marks[k]}")
                button.description = f"{MARKS[marks[k]]} {k}"

    def explain(self):
        """選んだ答えの正誤と解説を表示する。"""
        name = "right" if self.correct else "wrong"
        word = {"right": "正解", "wrong": "不正解"}[name] if self.chosen else "未回答"
        told = f'<strong class="koubai-verdict-{name}">{word}</strong>'
        if self.chosen:
            self._mark({self.chosen: name})
            told += f"（{self.chosen} を選択）{to_html(self.question.choices[self.chosen - 1][1])}"
        self.feedback.value = f'<div role="status">{told}</div>'

    def close(self):
        """もう答えられないようにして、正誤と解説を表示する。正解でなければ、正解と章も示す。"""
        self.closed = True
        for button in self.buttons:
            button.disabled = True
        self.explain()
        if self.correct:
            return
        right = self.question.answer
        self._mark({right: "right"} | ({self.chosen: "wrong"} if self.chosen else {}))
        text, note = self.question.choices[right - 1]
        self.feedback.value += (
            f"<p>正解は {right} です: {to_line(text)}</p>{to_html(note)}"
            f"<p>読み直す: {_link(self.question.lesson)}</p>"
        )

    @property
    def correct(self):
        """正解を選んでいれば True。"""
        return self.chosen == self.question.answer


class Quiz:
    """小テスト1つ。答えるとすぐに正誤と解説が出る。"""

    def __init__(self, lesson):
        self.lesson = lesson
        self.questions = load_questions(lesson)
        self.views = [
            QuestionView(question, number, self._answered)
            for number, question in enumerate(self.questions, 1)
        ]
        self.score = widgets.HTML(self._score())
        self.box = widgets.VBox([widgets.HTML(STYLE), *(v.box for v in self.views), self.score])

    def _answered(self, view):
        view.explain()
        self.score.value = self._score()
        if all(view.correct for view in self.views):
            mark_done(f"小テスト {self.lesson}")

    def _score(self):
        right = sum(view.correct for view in self.views)
        return f'<p role="status">{len(self.views)} 問中 {right} 問正解</p>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return _bundle(self.box, _as_markdown(self.views), f"小テスト {self.lesson}")


class Exam:
    """模擬試験。「開始」で問題と時計が現れ、「採点」で得点と解説が出る。"""

    def __init__(self, seed, count, until=None):
        chosen = list(LESSONS)
        self.range = "全章" if until is None else f"{until} 章まで"
        if until is not None:
            chosen = chosen[: chosen.index(find_lesson(until).number) + 1]
        self.pool = [q for lesson in chosen for q in load_questions(lesson)]
        self.count = whole_number(count, "count", 1)
        if self.count > len(self.pool):
            raise ValueError(f"count は {len(self.pool)} 以下です。受け取ったもの: {count}")
        self.seed = widgets.BoundedIntText(
            whole_number(seed, "seed", 0, LAST_SEED), min=0, max=LAST_SEED, description="問題の種"
        )
        self.start_button = widgets.Button(description=START)
        self.warning = widgets.HTML()
        self.grade_button = widgets.Button(description="採点", disabled=True)
        self.clock = widgets.HTML()
        self.result = widgets.HTML()
        self.paper = widgets.VBox()
        self.views = []
        self.ticking = None
        self.start_button.on_click(lambda _: self.ask_and_start())
        self.grade_button.on_click(lambda _: self.grade())
        time_limit = widgets.HTML(f"目安 {self.minutes} 分（1問 {SECONDS} 秒）")
        controls = widgets.HBox([self.seed, self.start_button, time_limit, self.warning])
        self.box = widgets.VBox(
            [
                widgets.HTML(STYLE),
                controls,
                self.clock,
                self.paper,
                self.grade_button,
                self.result,
            ]
        )

    @property
    def minutes(self):
        """時間の目安（分）。過ぎても、続けられる。"""
        return round(self.count * SECONDS / 60)

    def draw(self, seed):
        """種 seed の問題を、章の順に並べて返す。"""
        return [self.pool[k] for k in draw_paper(self.pool, seed, self.count)]

    def ask_and_start(self):
        """始める。採点していない答えがあれば確かめ、もう一度押されたら始める。"""
        answered = any(view.chosen and not view.closed for view in self.views)
        if answered and self.start_button.description == START:
            self.start_button.description = "捨てて開始"
            self.warning.value = (
                '<span role="status">まだ採点していない答えが消えます。'
                "よければ、もう一度押します。</span>"
            )
        else:
            self.start()

    def _keep(self, view=None):
        """「捨てて開始」をやめて、ふつうの「開始」に戻す。"""
        self.start_button.description = START
        self.warning.value = ""

    def start(self):
        """問題を並べ、時計を始める。"""
        self._keep()
        self.views = [
            QuestionView(question, number, self._keep)
            for number, question in enumerate(self.draw(self.seed.value), 1)
        ]
        self.paper.children = [view.box for view in self.views]
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
        """時計を止め、得点・章ごとの得点・読み直す章を表示して、得点を覚える。"""
        self._stop_clock()
        self._keep()
        self.grade_button.disabled = True
        for view in self.views:
            view.close()
        right = sum(view.correct for view in self.views)
        rows = "".join(self._row(lesson) for lesson in LESSONS)
        self.result.value = (
            f'<div role="status"><p><strong>得点 {right} / {len(self.views)}</strong></p>'
            f"<table><tr><th>章</th><th>得点</th><th>読み直す</th></tr>{rows}</table></div>"
        )
        keep_score(right, len(self.views))

    def _row(self, lesson):
        """章1つの得点の行を返す。その章の問題がなければ空。"""
        views = [view for view in self.views if view.question.lesson == lesson]
        if not views:
            return ""
        name = f"{lesson} {LESSONS[lesson].name}"
        right = sum(view.correct for view in views)
        again = _link(lesson) if right < len(views) else ""
        return f"<tr><td>{name}</td><td>{right} / {len(views)}</td><td>{again}</td></tr>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = f"{self.range}の {len(self.pool)} 問から {self.count} 問を選ぶ模擬試験です。"
        return _bundle(self.box, text, "模擬試験")


def draw_paper(pool, seed, count):
    """問題のリスト pool から、種 seed で count 問を選び、その番号を小さい順に返す。

    どの章からも、ほぼ同じ数だけ選ぶ。配布資料のページも、ここで選んだ番号を持つ。
    """

    def lot(k):
        return hashlib.sha256(f"{pool[k].id}/{seed}".encode()).digest()

    taken = Counter()
    rounds = []
    for k in sorted(range(len(pool)), key=lot):
        rounds.append((taken[pool[k].lesson], k))  # その章の何問目か
        taken[pool[k].lesson] += 1
    rounds.sort(key=lambda pair: pair[0])
    return sorted(k for _, k in rounds[:count])


def _link(lesson):
    """章 lesson のノートブックへのリンクを返す。"""
    name = f"{lesson} {LESSONS[lesson].name}"
    return f'<a class="koubai-link" href="{LESSONS[lesson].file}" target="_blank">{name}</a>'


def _as_markdown(views):
    """カーネルなしで読む人のために、問題と選択肢だけの Markdown を返す。"""
    blocks = []
    for number, view in enumerate(views, 1):
        question = view.question
        blocks.append(f"**問{number}**（{question.label}）{question.text.strip()}")
        blocks += [f"図: {view.alt}"] if view.alt else []
        blocks += [f"{k}. {text}" for k, (text, _) in enumerate(question.choices, 1)]
    return "\n\n".join(blocks)


def _bundle(box, markdown, name):
    """生きた部品・Markdown・平文をまとめた表示データを返す。"""
    plain = f"{name}（ノートブックで実行すると解答できます）"
    return live_bundle(box, {"text/markdown": markdown, "text/plain": plain})
