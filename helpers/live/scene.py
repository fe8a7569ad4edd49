"""図と update から、スライダーの位置ごとの1コマ（動かない背景・動く線・結果の文字）を作る。

update が Axes に足したものが、動くもの。コマを取ったあと消すので、update は描くだけでよい。
"""

import itertools
import time
from dataclasses import dataclass

from matplotlib.colors import to_rgba_array
from matplotlib.ticker import FixedLocator

from helpers.checks import as_array
from helpers.display import CSS_DPI
from helpers.figures import add_legend, settle
from helpers.live.strokes import Strokes

LEGEND_WIDTH = 360  # 凡例がこれより広ければ、狭い画面では何段かに分ける（CSS の画素）
GOAL = "目標"  # この名前の結果は、達成・未達成の印になる


@dataclass(frozen=True)
class Frame:
    """1つの位置のコマ。error は update が起こした例外の文（なければ空）。"""

    still: int  # 背景の番号
    ops: list
    facts: tuple  # (名前, 文字) の組。目標は "達成" か "未達成"
    error: str = ""


@dataclass(frozen=True)
class Still:
    """背景1つ。axes は Axes ごとの、絵の中の枠 (x, y, 幅, 高さ) と両軸の範囲・目盛りの種類。"""

    ops: list
    axes: tuple


class Scene:
    """図 figure の動かない部分と、update が描く動く部分。

    作るときに update を初めの位置で1度呼び、そのときの軸の範囲・目盛り・配置を基準にする。
    update がそれを変えた位置では、背景を描き直す。同じ背景は1度だけ記録する。
    """

    def __init__(self, figure, update, start):
        self.figure = figure
        self.update = update
        self.own = {holder: set(holder.get_children()) for holder in (figure, *figure.axes)}
        self.containers = {ax: len(ax.containers) for ax in figure.axes}
        self.stills = []
        self.known = {}  # 背景の見た目 → 番号
        self.took = 0.0  # 最後の update にかかった秒数
        self._draw_first(start)
        self.strokes = Strokes(figure)

    def _draw_first(self, start):
        """初めの位置で描き、軸の範囲・凡例・配置を決めて固定する。"""
        facts_text(self.update(**start))
        labelled = [h for ax in self.figure.axes for h in ax.get_legend_handles_labels()[1]]
        self.legend = bool(labelled) and not self.figure.legends
        if self.legend:
            add_legend(self.figure)
            self.own[self.figure].update(self.figure.legends)
        settle(self.figure)
        self.figure.set_layout_engine("none")
        for ax in self.figure.axes:
            ax.autoscale(False)
        self.state = {ax: _state(ax) for ax in self.figure.axes}

    def picture(self, values):
        """values の位置で figure を描いたままにし、結果を返す。canvas はその画素を持つ。"""
        self.erase()
        facts = facts_text(self.update(**values))
        if self.legend:
            self._renew_legend()
        self.figure.canvas.draw()
        return facts

    def frame(self, values):
        """values（スライダーの名前 → 値）の位置のコマを返す。update の例外はコマに入る。"""
        self.erase()
        began = time.perf_counter()
        try:
            facts = facts_text(self.update(**values))
        except Exception as error:
            self.erase()
            return Frame(self._still([]), [], (), f"{type(error).__name__}: {error}")
        self.took = time.perf_counter() - began
        moved = self._moved()
        for ax in self.figure.axes:
            ax.apply_aspect()  # 縦横同じ縮尺の枠は、範囲とともに変わる
        still = self._still(moved)
        return Frame(still, self.strokes.record(moved), facts)

    def erase(self):
        """update が足したものを消し、変えた軸の範囲や題名を基準に戻す。"""
        for artist in self._moved():
            artist.remove()
        for ax, count in self.containers.items():
            del ax.containers[count:]
            ax.set_prop_cycle(None)
            if _state(ax) != self.state[ax]:
                _restore(ax, self.state[ax])

    def _moved(self):
        """update が足したものを、重なりの順に返す。"""
        added = [
            artist
            for holder, own in self.own.items()
            for artist in holder.get_children()
            if artist not in own
        ]
        return sorted(added, key=lambda artist: artist.get_zorder())

    def _still(self, moved):
        """今の背景の番号を返す。初めて見る背景なら記録する。"""
        look = (*(_state(ax) for ax in self.figure.axes), _named(self.figure.axes))
        if look not in self.known:
            self.stills.append(self._record_still(moved))
            self.known[look] = len(self.stills) - 1
        return self.known[look]

    def _record_still(self, moved):
        if self.legend:
            self._renew_legend()
        for artist in moved:
            artist.set_visible(False)
        self.figure.canvas.draw()  # 目盛りを決める
        still = still_of(self.figure, self.strokes)
        for artist in moved:
            artist.set_visible(True)
        return still

    def _renew_legend(self):
        """凡例を、今ある名前で作り直す。"""
        for legend in list(self.figure.legends):
            self.own[self.figure].discard(legend)
            legend.remove()
        add_legend(self.figure)
        self.own[self.figure].update(self.figure.legends)


def still_of(figure, strokes):
    """描き終えた図を、背景として strokes に記録して返す。"""
    return Still(strokes.record([figure]), tuple(_frame_of(ax) for ax in figure.axes))


def _state(ax):
    """背景の見た目を決めるもの: 軸の範囲・種類・題名・向き。"""
    names = ["xlim", "ylim", "xscale", "yscale", "xlabel", "ylabel", "title"]
    if hasattr(ax, "get_zlim"):
        names += ["zlim", "zlabel"]
    looks = [(name, getattr(ax, f"get_{name}")()) for name in names]
    if hasattr(ax, "elev"):
        looks += [("view", (ax.elev, ax.azim, ax.roll))]
    return (*looks, ("ticks", (*_fixed_ticks(ax.xaxis), *_fixed_ticks(ax.yaxis))))


def _fixed_ticks(axis):
    """set_xticks などで決めた目盛りの位置。自動の目盛りなら空（範囲から決まる）。"""
    locator = axis.get_major_locator()
    return tuple(map(float, locator.locs)) if isinstance(locator, FixedLocator) else ()


def _restore(ax, state):
    """軸の範囲・種類・題名・向きを state に戻す。"""
    for name, value in state:
        if name == "view":
            ax.view_init(*value)
        elif name != "ticks" and getattr(ax, f"get_{name}")() != value:
            getattr(ax, f"set_{name}")(value)


def _named(axes):
    """凡例に出る名前と色を、その順に返す。"""
    pairs = [zip(*ax.get_legend_handles_labels(), strict=True) for ax in axes]
    return tuple((label, _color(handle)) for each in pairs for handle, label in each)


def _color(handle):
    """線や塗りの色を、比べられる形で返す。"""
    get = getattr(handle, "get_color", None) or getattr(handle, "get_facecolor", None)
    return to_rgba_array(get()).tobytes() if get else b""


def _frame_of(ax):
    """Axes の枠（画素）と、両軸の範囲・種類を返す。立体は座標を選べないので None。"""
    if hasattr(ax, "get_zlim"):
        return None
    box, scale = ax.bbox, CSS_DPI / ax.figure.dpi
    place = (box.x0, ax.figure.bbox.height - box.y1, box.width, box.height)
    pixels = tuple(round(float(value) * scale, 1) for value in place)
    limits = tuple(map(float, (*ax.get_xlim(), *ax.get_ylim())))
    return (*pixels, *limits, ax.get_xscale(), ax.get_yscale())


def facts_text(facts):
    """update の返り値 {名前: 文字・数・真偽} を、画面に出す (名前, 文字) の組にして返す。

    返り値がなければ空。ValueError: 辞書でない、名前が文字列でない、値が文字・数・真偽でないとき。
    """
    if facts is None:
        return ()
    if not isinstance(facts, dict):
        raise ValueError(
            '結果は {"結末": "収束", "距離": 0.01} のような辞書で return してください。'
            f"受け取ったもの: {facts!r:.80}"
        )
    return tuple((_label(label), _fact(label, value)) for label, value in facts.items())


def _label(label):
    if not isinstance(label, str):
        raise ValueError(f"結果の名前は文字列です。受け取ったもの: {label!r:.80}")
    return label


def _fact(label, value):
    """値1つを文字にする。数は有効数字4桁、真偽は はい・いいえ（目標なら 達成・未達成）。"""
    array = as_array(value)
    if label == GOAL and (array.dtype != bool or array.ndim):
        raise ValueError(f"{GOAL} は真偽（True か False）です。受け取ったもの: {value!r:.80}")
    if isinstance(value, str):
        return str(value)
    if value is None:
        return "なし"
    if array.ndim == 0 and array.dtype == bool:
        words = ("達成", "未達成") if label == GOAL else ("はい", "いいえ")
        return words[0] if array else words[1]
    if array.ndim == 0 and array.dtype.kind in "iuf":
        text = str(array) if array.dtype.kind in "iu" else f"{float(array):.4g}"
        special = {"nan": "計算できない", "inf": "∞", "-inf": "−∞"}
        return special.get(text, text.replace("-", "−"))
    raise ValueError(f"結果「{label}」は文字・数・真偽のどれかです。受け取ったもの: {value!r:.80}")


def panels(figure):
    """狭い画面で上下に並べられる部分の枠 (左, 上, 右, 下) を CSS の画素で返す。なければ空。

    横に並んだ Axes の、題名や目盛りまで含めた枠が重ならなければ、その間で分ける。凡例は最後で、
    広ければ名前と名前の間で分ける。
    """
    renderer = figure.canvas.get_renderer()
    boxes = sorted((ax.get_tightbbox(renderer) for ax in figure.axes), key=lambda box: box.x0)
    gaps = [(left.x1, right.x0) for left, right in itertools.pairwise(boxes)]
    if any(end > begin for end, begin in gaps):
        return []
    edges = [0, *((end + begin) / 2 for end, begin in gaps), figure.bbox.width]
    strips = [
        (x0, box.y0, x1, box.y1)
        for box, (x0, x1) in zip(boxes, itertools.pairwise(edges), strict=True)
    ]
    for legend in figure.legends:
        strips += _legend_strips(legend, LEGEND_WIDTH * figure.dpi / CSS_DPI)
    return [_strip(figure, *strip) for strip in strips]


def _legend_strips(legend, widest):
    """凡例の枠を、幅が widest（matplotlib の画素）を超えないように、列の間で分けて返す。"""
    left, bottom, right, top = legend.get_window_extent().extents
    begins = sorted(text.get_window_extent().x0 for text in legend.get_texts())
    size = legend.prop.get_size_in_points() * legend.figure.dpi / 72
    before = size * (legend.handlelength + legend.handletextpad + legend.columnspacing / 2)
    cuts = [x - before for last, x in itertools.pairwise(begins) if x - last > size]
    edges = [left]
    for cut, end in itertools.pairwise([*cuts, right]):
        if end - edges[-1] > widest:
            edges.append(cut)
    return [(a, bottom, b, top) for a, b in itertools.pairwise([*edges, right])]


def _strip(figure, x0, y0, x1, y1, pad=4):
    """matplotlib の画素の枠を、上下に pad だけ広げ、CSS の画素の (左, 上, 右, 下) にして返す。"""
    top, bottom = figure.bbox.height - y1 - pad, figure.bbox.height - y0 + pad
    corners = (x0, max(0, top), x1, min(figure.bbox.height, bottom))
    return tuple(round(float(value) * CSS_DPI / figure.dpi, 1) for value in corners)
