"""進み具合の表 show_progress: どの章の小テストと演習が済んだか、模擬試験は何点かを見せる。"""

import ipywidgets as widgets

from helpers import record
from helpers.course import LESSONS
from helpers.display import live_bundle
from helpers.exercises import load_exercises


def show_progress():
    """進み具合の表と、消すボタンを返す。セルの最後に置くと表示される。"""
    return Progress()


class Progress:
    """進み具合。「更新」で読み直し、「すべて消す」は、もう一度押すと消す。"""

    def __init__(self):
        self.table = widgets.HTML()
        self.refresh_button = widgets.Button(description="更新")
        self.reset_button = widgets.Button(description="すべて消す")
        self.refresh_button.on_click(lambda _: self.refresh())
        self.reset_button.on_click(lambda _: self.reset())
        self.box = widgets.VBox(
            [self.table, widgets.HBox([self.refresh_button, self.reset_button])]
        )
        self.refresh()

    def refresh(self):
        """ファイルを読み直して表を描き直す。"""
        done = record.done()
        rows = "".join(_row(lesson, done) for lesson in LESSONS)
        told = record.told_scores()
        self.table.value = (
            f"<table><tr><th>章</th><th>小テスト</th><th>演習</th></tr>{rows}</table>"
            f"<p>模擬試験: {told or 'まだ'}</p>"
        )
        self.reset_button.description = "すべて消す"

    def reset(self):
        """1度目は確かめ、2度目で進み具合を消す。"""
        if self.reset_button.description == "すべて消す":
            self.reset_button.description = "本当に消す"
            return
        record.reset()
        self.refresh()

    def _repr_mimebundle_(self, include=None, exclude=None):
        told = "進み具合（ノートブックで実行すると表示されます）"
        return live_bundle(self.box, {"text/markdown": told, "text/plain": told})


def _row(lesson, done):
    """章1つの行を HTML で返す。"""
    names = [name for name, e in load_exercises().items() if e.lesson == lesson]
    finished = sum(f"演習 {name}" in done for name in names)
    quiz = "済" if f"小テスト {lesson}" in done else "まだ"
    return (
        f"<tr><td>{lesson} {LESSONS[lesson].name}</td><td>{quiz}</td>"
        f"<td>{finished} / {len(names)}</td></tr>"
    )
