"""小テスト quiz と、問題の用紙の見せ方。問題は questions/ に、模擬試験は exams.py にある。"""

import html

import ipywidgets as widgets
import mistune

from helpers.display import layout_of, live_bundle
from helpers.figures import encode_png, pixels
from helpers.questions import load_questions, pictures
from helpers.record import mark_done

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
.koubai-row.widget-hbox { flex-flow: row wrap; align-items: center; }
.koubai-link { color: var(--jp-content-link-color) !important;
  text-decoration: underline !important; }
.koubai-verdict-right { color: #22863A; }
.koubai-verdict-wrong { color: #D1344B; }
</style>"""
MARKS = {"chosen": "●", "right": "✓", "wrong": "✗"}

PROMPT = widgets.Layout(margin="2px 2px 8px")
BLOCK = widgets.Layout(border_top="1px solid #888888", padding="0 0 1em")
NUMBER = widgets.Layout(width="3.5em")

to_html = mistune.create_markdown(escape=True, plugins=["math"])


def to_line(text):
    """1段落の Markdown を、前後に余白のない HTML にして返す。"""
    return to_html(text).strip().removeprefix("<p>").removesuffix("</p>")


def quiz(lesson):
    """章 lesson（"01" など）の小テストを返す。セルの最後に置くと表示される。

    ValueError: 章の番号が違うとき。
    """
    return Quiz(lesson)


class QuestionView:
    """問題1つの表示。選択肢の行を押すか、Tab と Enter で答える。"""

    def __init__(self, question, number, on_answer):
        self.question = question
        self.number = number
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
        """もう答えられないようにして、正誤と解説を表示する。正解でなければ、正解と読み直す節も示す。"""
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
            f"<p>読み直す: {link_again(self.question)}</p>"
        )

    @property
    def correct(self):
        """正解を選んでいれば True。"""
        return self.chosen == self.question.answer


class Sheet:
    """問題を並べた用紙。番号のボタンは、答えたかどうかを示し、押すとその問題に移る。"""

    def __init__(self, questions, on_answer):
        self.views = [
            QuestionView(question, number, self._answered)
            for number, question in enumerate(questions, 1)
        ]
        self.on_answer = on_answer
        self.shown = 0  # 「1問ずつ」で見せている問題
        self.single = widgets.Checkbox(description="1問ずつ", indent=False)
        self.single.layout.width = "auto"
        self.single.observe(lambda _: self._lay_out(), "value")
        self.numbers = [
            widgets.Button(description=f"{n}", tooltip=f"問{n} に移る", layout=NUMBER)
            for n in range(1, len(questions) + 1)
        ]
        for k, button in enumerate(self.numbers):
            button.on_click(lambda _, k=k: self.go(k))
        self.list = widgets.VBox()
        self.box = widgets.VBox([row(self.single, *self.numbers), self.list])
        self._lay_out()

    def go(self, k):
        """前から k 番目（0 から）の問題に移る。"""
        self.shown = k
        self._lay_out()
        self.views[k].buttons[0].focus()

    def _lay_out(self):
        views = [self.views[self.shown]] if self.single.value else self.views
        self.list.children = [view.box for view in views]

    def _answered(self, view):
        self.numbers[view.number - 1].description = f"{MARKS['chosen']} {view.number}"
        self.on_answer(view)


class Quiz:
    """小テスト1つ。答えるとすぐに正誤と解説が出る。"""

    def __init__(self, lesson):
        self.lesson = lesson
        self.sheet = Sheet(load_questions(lesson), self._answered)
        self.views = self.sheet.views
        self.score = widgets.HTML(self._score())
        self.box = widgets.VBox([widgets.HTML(STYLE), self.sheet.box, self.score])

    def _answered(self, view):
        view.explain()
        self.score.value = self._score()
        if all(view.correct for view in self.views):
            mark_done(f"小テスト {self.lesson}")

    def _score(self):
        right = sum(view.correct for view in self.views)
        return f'<p role="status">{len(self.views)} 問中 {right} 問正解</p>'

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self.box, as_markdown(self.views), f"小テスト {self.lesson}")


def row(*parts):
    """部品 parts を横に並べ、幅が足りなければ折り返す。"""
    box = widgets.HBox(parts)
    box.add_class("koubai-row")
    return box


def link_again(question):
    """問題 question の、読み直す節へのリンクを返す。"""
    href, name = question.again
    return f'<a class="koubai-link" href="{href}" target="_blank">{name}</a>'


def as_markdown(views):
    """カーネルなしで読む人のために、問題と選択肢だけの Markdown を返す。"""
    blocks = []
    for number, view in enumerate(views, 1):
        question = view.question
        blocks.append(f"**問{number}**（{question.label}）{question.text.strip()}")
        blocks += [f"図: {view.alt}"] if view.alt else []
        blocks += [f"{k}. {text}" for k, (text, _) in enumerate(question.choices, 1)]
    return "\n\n".join(blocks)


def bundle(box, markdown, name):
    """生きた部品・Markdown・平文をまとめた表示データを返す。"""
    plain = f"{name}（ノートブックで実行すると解答できます）"
    return live_bundle(box, {"text/markdown": markdown, "text/plain": plain})
