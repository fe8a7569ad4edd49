"""動く図 explore: スライダーを動かすと、動く部品だけを描き直して画像を差し替える。

動かない背景は一度だけ描いて取っておく。matplotlib の FuncAnimation(blit=True) と同じ約束で、
update は部品（線・矢印・文字）を set_data などで動かし、動かした部品を返す。
"""

import html
import inspect

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from helpers.checks import accepts, as_array, check_function, check_text
from helpers.display import layout_of, live_bundle
from helpers.figures import (
    check_figure,
    encode_jpeg,
    encode_png,
    picture_bundle,
    pixels,
)

# 目には見えず、読み上げソフトだけが読む文（Image は代替テキストを持てない）
SPOKEN_ONLY = '<span style="position:absolute;width:1px;height:1px;overflow:hidden">{}</span>'


def slider(label, values, start=None, unit=""):
    """values のどれかを選ぶスライダーを返す。矢印キーでも動く。

    label: 「学習率 lr」のような日本語の名前。values: 有限な数の並び。
    start: 初めの値（None なら先頭）。unit: 単位。
    ValueError: label・unit が文字列でない、values が有限な数でない、start がその中にないとき。
    """
    check_text(label, "label（スライダーの名前）")
    check_text(unit, "unit（単位）")
    values = _finite_numbers(values, label)
    start = values[0] if start is None else start
    number = as_array(start)
    if number.dtype.kind not in "iuf" or number.ndim or start not in values:
        raise ValueError(
            f"{label}: start は values = {values!r:.80} の中から選びます。"
            f"受け取ったもの: {start!r:.80}"
        )
    return widgets.SelectionSlider(
        options=[(f"{value:g}{unit}", value) for value in values],
        value=values[values.index(start)],
        description=label,
        style={"description_width": "10em"},
        layout=widgets.Layout(width="95%", max_width="36em"),
    )


def _finite_numbers(values, label):
    """values をリストで返す。有限な数の並びでなければ ValueError。"""
    array = as_array(values)
    numbers = array.dtype.kind in "iuf" and array.ndim == 1 and array.size
    if not (numbers and np.isfinite(array).all()):
        raise ValueError(
            f"{label}: values は、[0.1, 0.5, 1] のような有限な数の並びです。"
            f"受け取ったもの: {values!r:.80}"
        )
    return list(values)


def choice(label, options):
    """options（名前のリスト、または 名前: 値 の辞書）から1つを選ぶ一覧を返す。

    ValueError: label が文字列でない、options が空、リストや辞書でない、値に None があるとき。
    """
    check_text(label, "label（一覧の名前）")
    if not (isinstance(options, (dict, list, tuple)) and options):
        raise ValueError(
            f"{label}: options は名前のリストか、名前: 値 の辞書です。"
            f"受け取ったもの: {options!r:.80}"
        )
    values = options.values() if isinstance(options, dict) else options
    if any(value is None for value in values):
        raise ValueError(
            f"{label}: None は「どれも選んでいない」の意味なので、選べる値になりません。"
            f"ほかの値にしてください。受け取ったもの: {options!r:.80}"
        )
    return widgets.Dropdown(
        options=[(str(name), value) for name, value in zip(options, values, strict=True)],
        equals=lambda a, b: a is b or np.array_equal(a, b),
        description=label,
        style={"description_width": "10em"},
        layout=widgets.Layout(width="95%", max_width="24em"),
    )


def explore(figure, update, *, alt=None, **sliders):
    """スライダーで動く図を返す。セルの最後に置くと、スライダーと図が表示される。

    figure: subplots で作り、動かない部分を描き終えた図。
    update: スライダーの値を名前付きで受け取り、部品を動かし、動かした部品の列を返す関数。
        立体の向きを変えたときは、その Axes も返す（背景から描き直す）。
    alt: 絵を見ない人への説明。None なら題名とスライダーの名前から作る。
    sliders: slider・choice の返り値、ipywidgets の部品、または略記 (下限, 上限, 刻み)。
    ValueError: figure が図でない、update がスライダーの値を受け取る関数でない、部品の列を返さない、
        スライダーを作れない、alt が文字列でないとき。
    """
    return Explorer(figure, update, alt, sliders)


class Explorer:
    """動く図1つ。slider の値は sliders、差し替わる画像は image、エラーの文は message にある。"""

    def __init__(self, figure, update, alt, sliders):
        check_figure(figure)
        check_function(update, "update")
        if alt is not None:
            check_text(alt, "alt（図の説明）")
        self.figure = figure
        self.update = update
        self.sliders = {name: _as_widget(name, given) for name, given in sliders.items()}
        _check_parameters(update, self.sliders)
        self.alt = alt or _describe(figure, self.sliders)
        self.moving = []
        start = self.render()
        self.png = encode_png(start)
        self.image = widgets.Image(
            value=encode_jpeg(start),
            format="jpeg",
            layout=layout_of(figure),
        )
        self.message = widgets.HTML()
        spoken = widgets.HTML(SPOKEN_ONLY.format(html.escape(self.alt)))
        self.box = widgets.VBox([*self.sliders.values(), spoken, self.image, self.message])
        for widget in self.sliders.values():
            widget.observe(self._on_change, "value")

    def render(self):
        """今のスライダーの値で部品を動かし、図の画素 (高さ, 幅, 4) を返す。"""
        self.move(**{name: widget.value for name, widget in self.sliders.items()})
        canvas = self.figure.canvas
        canvas.restore_region(self.background)
        for part in self.moving:
            draw_part(part, canvas.get_renderer())
        return np.asarray(canvas.buffer_rgba())

    def move(self, **values):
        """スライダーの値 values で部品を動かし、要るときは背景 background を描き直す。"""
        moved = self.update(**values)
        if not (isinstance(moved, (list, tuple)) and all(isinstance(p, Artist) for p in moved)):
            raise ValueError(
                "update は動かした部品の列を return してください（例: return [line]）。"
                f"受け取ったもの: {moved!r:.80}"
            )
        new = [part for part in moved if part not in self.moving and not isinstance(part, Axes)]
        if new or not self.moving or any(isinstance(part, Axes) for part in moved):
            for part in new:
                part.set_animated(True)
            self.moving = sorted([*self.moving, *new], key=lambda part: part.get_zorder())
            pixels(self.figure)
            self.figure.set_layout_engine("none")  # 背景と部品がずれないよう、配置を固定する
            self.background = self.figure.canvas.copy_from_bbox(self.figure.bbox)

    def _on_change(self, change):
        """スライダーが動いたときの処理。update の例外は、図の下に表示する。"""
        try:
            self.image.value = encode_jpeg(self.render())
            self.message.value = ""
        except Exception as error:
            values = ", ".join(f"{name} = {w.value}" for name, w in self.sliders.items())
            self.message.value = (
                '<div role="alert" style="color:#B00020;background:#FFFFFF;padding:0.5em">'
                f"この値では図を描けませんでした（{html.escape(values)}）。<br>"
                f"<code>{html.escape(f'{type(error).__name__}: {error}')}</code></div>"
            )

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = picture_bundle(self.figure, self.png, self.alt)
        return live_bundle(self.box, data), metadata


def draw_part(part, renderer):
    """動く部品1つを描く。"""
    if hasattr(part, "do_3d_projection"):
        part.do_3d_projection()
    part.draw(renderer)


def _as_widget(name, given):
    """値を選べる部品はそのまま、略記は ipywidgets の約束に従って部品にして返す。"""
    widget = widgets.interactive.widget_from_abbrev(given) if _is_range(given) else given
    if not (isinstance(widget, widgets.ValueWidget) and widget.has_trait("description")):
        raise ValueError(
            f"{name} からスライダーを作れません。slider(...)・choice(...) か (下限, 上限, 刻み) を"
            f"渡してください。受け取ったもの: {given!r:.80}"
        )
    widget.description = widget.description or name
    return widget


def _is_range(given):
    """given が略記 (下限, 上限) か (下限, 上限, 刻み) なら True。"""
    array = as_array(given)
    numbers = array.dtype.kind in "iuf" and array.shape in ((2,), (3,))
    sound = numbers and np.isfinite(array).all() and array[0] < array[1] and (array[2:] > 0).all()
    return bool(sound and isinstance(given, tuple))


def _check_parameters(update, sliders):
    """update が、スライダーの値を名前付きで受け取れなければ ValueError。"""
    if not accepts(update, **sliders):
        raise ValueError(
            "update の引数は、スライダーと同じ名前にしてください"
            f"（{', '.join(sliders) or '引数なし'}）。"
            f"受け取ったもの: update{inspect.signature(update)}"
        )


def _describe(figure, sliders):
    """図の題名とスライダーの名前から説明の文を作る。"""
    titles = "・".join(ax.get_title() for ax in figure.axes if ax.get_title())
    labels = "・".join(widget.description for widget in sliders.values())
    return f"動かせる図: {titles or '題名なし'}。スライダー: {labels}。"
