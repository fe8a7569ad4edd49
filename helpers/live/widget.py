"""ノートブックの動く図: 求められたコマを先に、続けてそのスライダーのほかの位置を、ページに送る。"""

import asyncio
import base64
import html
import itertools
import time
import weakref
from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from IPython import get_ipython

from helpers.display import css_size, live_bundle
from helpers.figures import encode_png, picture_bundle
from helpers.live.frozen import changed, read_names
from helpers.live.pack import Pack
from helpers.live.scene import Scene, panels

HERE = Path(__file__).parent
SLICE = 0.02  # 続けて送る間、ページの知らせを見る間隔（秒）
SLOW = 0.05  # update にこれより長くかかる図では、先回りして送らない（秒）
AROUND = 400  # 引っぱれる2つのスライダーのまわりで、先回りする位置の数

FALLBACK = """<div class="koubai-fallback">{picture}
<p>動く図の部品（anywidget）を読み込んでいます。このまま変わらないときは、この画面では図を動かせません。
JupyterLab で開くと動きます。</p></div>"""


class Live(anywidget.AnyWidget):
    """ページの側（figure.js）と話す部品。"""

    _esm = (HERE / "figure.js").read_text(encoding="utf-8")
    _css = (HERE / "figure.css").read_text(encoding="utf-8")
    sliders = traitlets.List().tag(sync=True, **widgets.widget_serialization)
    card = traitlets.Dict().tag(sync=True)


class Explorer:
    """動く図1つ。sliders は名前 → ipywidgets の部品で、その値を変えると図が動く。"""

    def __init__(self, figure, update, controls, alt, words, drag):
        self.controls = controls
        self.names = list(controls)
        self.written = read_names(update)
        self.scene = Scene(figure, update, self.values(self.start))
        self.facts = self.scene.picture(self.values(self.start))
        self.png = encode_png(np.asarray(figure.canvas.buffer_rgba()))
        self.figure, self.alt, self.drag = figure, alt, drag
        self.card = describe(self.scene, controls, alt, drag) | words
        self.sliders = {name: as_widget(control) for name, control in controls.items()}
        self.live = Live(sliders=list(self.sliders.values()), card=self.card)
        self.live.on_msg(lambda _, message, buffers: self._receive(message))
        picture = f'<img src="data:image/png;base64,{base64.b64encode(self.png).decode()}" '
        picture += f'alt="{html.escape(alt)}" style="max-width:100%">'
        fallback = widgets.HTML(FALLBACK.format(picture=picture))
        self.box = widgets.VBox([fallback, self.live])
        self.box.add_class("koubai-box")
        self.pack, self.known = None, set()
        self.turn, self.stream = 0, None
        for k, slider in enumerate(self.sliders.values()):
            slider.observe(lambda change, k=k: self._moved(k), "index")
        _watch_cells(self)

    @property
    def start(self):
        """初めの位置（スライダーの番号の組）。"""
        return tuple(control.start for control in self.controls.values())

    @property
    def position(self):
        """今の位置（スライダーの番号の組）。"""
        return tuple(slider.index for slider in self.sliders.values())

    def values(self, position):
        """位置を、update に渡す 名前 → 値 にして返す。"""
        chosen = zip(self.controls.items(), position, strict=True)
        return {name: control.values[k] for (name, control), k in chosen}

    def frame(self, position):
        """位置のコマを返す。"""
        return self.scene.frame(self.values(position))

    # ページとのやりとり

    def _receive(self, message):
        if message.get("kind") == "ready":  # ページが現れた。前に送ったものは、もうないかもしれない
            self.pack, self.known = Pack(self.scene.strokes), set()
            self._start(list(range(len(self.names))))
            self.check_names()
        elif message.get("kind") == "ping":
            self.live.send({"kind": "pong"})

    def _moved(self, k):
        if self.pack:
            self._start([k])

    def _start(self, axes):
        """今の位置をすぐに送り、続けて axes のスライダーのほかの位置を送り始める。"""
        self.turn += 1
        if self.position not in self.known:
            self._add(self.position)
            self._flush()
        if self.scene.took < SLOW:
            self.stream = asyncio.get_running_loop().create_task(self._stream(axes, self.turn))

    def _add(self, position):
        """位置のコマを、次の荷に入れる。"""
        self.pack.add(position, self.frame(position), self.scene.stills)
        self.known.add(position)

    def _flush(self):
        """荷を送る。"""
        head, body = self.pack.take()
        self.live.send({"kind": "frames", "head": head}, [body])

    async def _stream(self, axes, turn):
        """axes の位置を、今の位置に近い順に、少しずつ送る。新しい動きがあれば、やめる。"""
        waiting = [position for position in self.ahead(axes) if position not in self.known]
        while waiting:
            await asyncio.sleep(0.001)  # この間に、ページからの知らせを受け取る
            if turn != self.turn:
                return
            batch, began = [], time.perf_counter()
            while waiting and (not batch or time.perf_counter() < began + SLICE):
                batch.append(waiting.pop(0))
                self._add(batch[-1])
            self._flush()

    def ahead(self, axes):
        """先に送る位置: axes の各スライダーを動かした位置と、引っぱれる点のまわり。近い順。"""
        at = self.position
        lists = [[(*at[:k], i, *at[k + 1 :]) for i in self._nearest(k)] for k in axes]
        for names in self.drag.values():
            pair = [self.names.index(name) for name in names if name is not None]
            if len(pair) == 2 and set(pair) & set(axes):
                lists.append(self._around(pair))
        return list(dict.fromkeys(itertools.chain.from_iterable(lists)))

    def _nearest(self, k):
        """スライダー k の番号を、今の番号に近い順に返す。"""
        at = self.position[k]
        return sorted(range(len(self.controls[self.names[k]].values)), key=lambda i: abs(i - at))

    def _around(self, pair):
        """2つのスライダー pair の番号の組を、今の組に近い順に AROUND 個、位置にして返す。"""
        at = self.position
        first, second = pair
        cells = itertools.product(self._nearest(first)[:AROUND], self._nearest(second)[:AROUND])
        near = sorted(cells, key=lambda c: max(abs(c[0] - at[first]), abs(c[1] - at[second])))
        return [
            tuple({first: i, second: j}.get(k, index) for k, index in enumerate(at))
            for i, j in near[:AROUND]
        ]

    def check_names(self):
        """update の読む名前が、図を描いたときと違うものになっていれば、ページに知らせる。"""
        shell = get_ipython()
        names = changed(self.written, shell.user_ns) if shell else []
        text = (
            f"{'・'.join(names)} が変わりました。この図は前のままです。"
            "図のセルをもう一度実行すると、新しくなります。"
            if names
            else ""
        )
        if text != getattr(self, "told", ""):
            self.told = text
            self.live.send({"kind": "stale", "text": text})

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = picture_bundle(self.figure, self.png, self.alt)
        data["text/plain"] += "".join(f"\n{label} {text}" for label, text in self.facts)
        return live_bundle(self.box, data), metadata


def as_widget(control):
    """スライダーや一覧の説明を、ipywidgets の部品にして返す。"""
    kind = widgets.Dropdown if control.kind == "list" else widgets.SelectionSlider
    options = list(zip(control.texts, control.values, strict=True))
    # 値が配列や関数のこともあるので、等しいかどうかは同じものかで決める
    return kind(
        options=options,
        index=control.start,
        equals=lambda a, b: a is b or bool(np.all(a == b)),
        description=control.label,
    )


def picture_card(figure, alt):
    """スライダーのない図について、ページが組み立てるのに要るものを、JSON になる辞書で返す。"""
    width, height = css_size(figure)
    return {
        "width": width,
        "height": height,
        "alt": alt,
        "goal": "",
        "predict": None,
        "panels": panels(figure),
        "controls": [],
        "drag": [],
    }


def describe(scene, controls, alt, drag):
    """ページが動く図を組み立てるのに要るものを、JSON になる辞書で返す。"""
    names = list(controls)
    return picture_card(scene.figure, alt) | {
        "controls": [
            {
                "name": name,
                "label": control.label,
                "kind": control.kind,
                "texts": list(control.texts),
                "marks": [list(mark) for mark in control.marks],
                "start": control.start,
            }
            for name, control in controls.items()
        ],
        "drag": [
            {
                "axes": scene.figure.axes.index(ax),
                "sliders": [name if name is None else names.index(name) for name in given],
                "values": [name and list(controls[name].values) for name in given],
            }
            for ax, given in drag.items()
        ],
    }


def _watch_cells(explorer):
    """セルが実行されるたびに、explorer の読む名前を確かめる。図が要らなくなれば、やめる。"""
    shell = get_ipython()
    if shell is None:
        return
    weak = weakref.ref(explorer)

    def look(result=None):
        if (alive := weak()) is None:
            shell.events.unregister("post_run_cell", look)
        elif alive.pack:
            alive.check_names()

    shell.events.register("post_run_cell", look)
