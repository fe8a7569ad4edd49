"""絵の部品: 曲線・等高線・矢印・経路・曲面・損失曲線。字体と見た目の決まりもここにある。

どの関数も matplotlib の Axes に描き、動かせる部品（線や矢印）を返す。
pyplot は使わない。できた図は show（動かない図）か explore（動く図）に渡す。
"""

import inspect
import io
import math
import textwrap
import warnings

import matplotlib
import matplotlib_fontja  # noqa: F401  読み込むと日本語の字体が登録される
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend_handler import HandlerBase
from matplotlib.markers import MarkerStyle
from matplotlib.patches import FancyArrowPatch
from matplotlib.quiver import Quiver
from PIL import Image

from helpers.checks import (
    as_array,
    check_function,
    evaluate,
    number_between,
    quiet,
    ranges_array,
    real_array,
    whole_number,
)
from helpers.display import css_size
from helpers.functions import Landscape

DPI = 120  # 図 1 インチあたりの画素数。画面での 1.25 倍あり、拡大しても荒れにくい

TAIL = 5  # 競走の頭に続く、太い尾のステップ数

LEGEND_COLUMNS = 5  # 凡例の1段に並べる名前の数

LARGEST = 1e100  # これより大きい数と、対数の軸で 1/LARGEST より小さい数は描かない。目盛りがあふれる

# 色覚によらず見分けられる Okabe–Ito の配色。同じものは全章で同じ色
COLORS = {
    "f": "#0072B2",
    "∇f": "#D55E00",
    "−∇f": "#009E73",
    "path": "#000000",
    "SGD": "#000000",
    "Momentum": "#0072B2",
    "Nesterov": "#56B4E9",
    "AdaGrad": "#009E73",
    "RMSprop": "#E69F00",
    "Adam": "#D55E00",
    "AdaDelta": "#CC79A7",
    "AdamW": "#8C5A2B",
}

matplotlib.rcParams.update(
    {
        "font.family": ["IPAexGothic", "DejaVu Sans"],
        "font.size": 11,
        "axes.titlesize": 12,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.prop_cycle": matplotlib.cycler(
            color=["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
        ),
        "grid.color": "#DDDDDD",
        "figure.facecolor": "#FFFFFF",  # 暗い画面でも読めるよう、透かさない
        "legend.fontsize": 10,
        "legend.framealpha": 0.9,
        "image.cmap": "Blues_r",
        "mathtext.fontset": "cm",
    }
)
warnings.filterwarnings("error", message="Glyph .* missing")  # 字が四角に化けた図は誤り


def subplots(ncols=1, *, width=7.5, height=3.6, projection=None):
    """図と、横に並んだ ncols 個の Axes を返す。ncols = 1 なら Axes は1つ、2 以上なら配列。

    width, height: インチ。projection: "3d" なら左端の Axes が立体になる。
    ValueError: 数や大きさが範囲の外のとき。
    """
    ncols = whole_number(ncols, "ncols", 1, 12)
    width = number_between(width, "width", 1, 50)
    height = number_between(height, "height", 1, 50)
    if not (projection is None or (isinstance(projection, str) and projection == "3d")):
        raise ValueError(f'projection は None か "3d" です。受け取ったもの: {projection!r:.80}')
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = [
        figure.add_subplot(1, ncols, k + 1, projection=projection if k == 0 else None)
        for k in range(ncols)
    ]
    return figure, axes[0] if ncols == 1 else np.array(axes)


def _check_axes(ax, solid=False):
    """ax が平面（solid なら立体）の Axes 1つでなければ ValueError。"""
    if not (isinstance(ax, Axes) and hasattr(ax, "plot_surface") == solid):
        kind, example = ("立体の", 'projection="3d"') if solid else ("平面の", "")
        raise ValueError(
            f"ax には{kind} Axes を1つ渡してください（例: figure, ax = subplots({example})）。"
            f"受け取ったもの: {ax!r:.80}"
        )


def _check_color(color):
    """color が matplotlib の知る色でなければ ValueError。"""
    if not matplotlib.colors.is_color_like(color):
        raise ValueError(
            f'color（色）は "#0072B2" や "black" のような文字列です。受け取ったもの: {color!r:.80}'
        )


def check_figure(figure):
    """figure が、画素で描ける図でなければ ValueError。"""
    if not (isinstance(figure, Figure) and isinstance(figure.canvas, FigureCanvasAgg)):
        raise ValueError(
            "figure には subplots() の1つ目の返り値を渡してください。"
            f"受け取ったもの: {figure!r:.80}"
        )


def _shaped(value, name, shape):
    """value を、描けない数を nan にした float64 の配列で返す。

    ValueError: 実数でない、形が shape（-1 はいくつでもよい）でないとき。
    """
    array = real_array(value, name)
    fits = [want in (-1, size) for want, size in zip(shape, array.shape, strict=False)]
    if len(array.shape) != len(shape) or not all(fits):
        wanted = str(shape).replace("-1", "k")
        raise ValueError(f"{name} の形は {wanted} です。受け取った形: {array.shape}")
    return _drawable(array)


def _drawable(array):
    """大きすぎて目盛りを作れない数と inf を、描かない印の nan にして返す。"""
    return np.where(np.abs(array) < LARGEST, array, np.nan)


@quiet
def draw_curve(ax, f, ranges=None, label=None, color=COLORS["f"]):
    """1変数関数のグラフ y = f(x) を描き、その線を返す。

    f: 1変数の地形、または同じ形の配列を返す関数。ranges: (下限, 上限)。地形なら省ける。
    ValueError: ax・f・ranges・color・f(x) が約束と違うとき。
    """
    _check_axes(ax)
    _check_color(color)
    check_function(f)
    ((low, high),) = _ranges(f, ranges if ranges is None else as_array(ranges)[np.newaxis], 1)
    x = np.linspace(low, high, 400)
    y = f(x[np.newaxis]) if isinstance(f, Landscape) else evaluate(f, x, x.shape)
    ax.set(xlim=(low, high), xlabel="$x$", ylabel="$f(x)$")
    (line,) = ax.plot(x, _drawable(y), color=color, label=label, zorder=2)
    return line


def _ranges(f, ranges, n):
    """n 変数関数 f を描く範囲を (n, 2) で返す。ranges が None なら地形 f のもの。"""
    given = getattr(f, "ranges", None) if ranges is None else ranges
    array = _shaped(ranges_array(given), "ranges", (n, 2))
    if np.isnan(array).any():
        raise ValueError(f"ranges（描く範囲）が広すぎます。受け取ったもの: {given!r:.80}")
    return array


@quiet
def _grid(f, ranges, count):
    """範囲を count × count に区切った格子点 (2, count, count) と、そこでの値を返す。"""
    (low0, high0), (low1, high1) = _ranges(f, ranges, 2)
    x = np.array(np.meshgrid(np.linspace(low0, high0, count), np.linspace(low1, high1, count)))
    z = _drawable(evaluate(f, x.copy(), x.shape[1:]))
    if np.isnan(z).all():
        raise ValueError("描く範囲のどこでも、f の値が有限でありません。")
    return x, z


def _levels(z, level_num):
    """値 z の分位点 level_num 個を、小さい順に、等しいものを除いて返す。"""
    return np.unique(np.nanquantile(z, np.linspace(0, 1, level_num)))


def draw_contour(ax, f, ranges=None, level_num=14):
    """2変数関数の等高線を縦横同じ縮尺で描き、極小（★）と鞍点（×）に印を付ける。何も返さない。

    色が濃いほど低い。線は格子点の値の分位点に引くので、値の幅が何桁でも形が見える。
    f: (2, *batch) → (*batch)。ranges: ((下限, 上限), (下限, 上限))。地形なら省ける。
    level_num: 線の数、2 から 256。有限でないところは描かない。
    ValueError: 引数や f(x) が約束と違うとき、f の値がどこも同じか、有限でないとき。
    """
    _check_axes(ax)
    check_function(f)
    x, z = _grid(f, ranges, 201)
    levels = _levels(z, whole_number(level_num, "level_num", 2, 256))
    if len(levels) < 2:
        raise ValueError("描く範囲の f の値がどこも同じか有限でないので、等高線を引けません。")
    ax.contourf(*x, z, levels=levels, norm=matplotlib.colors.BoundaryNorm(levels, 256), alpha=0.55)
    ax.contour(*x, z, levels=levels, colors="#5B7A99", linewidths=0.6, linestyles="solid")
    ax.set(xlim=(x[0].min(), x[0].max()), ylim=(x[1].min(), x[1].max()), aspect="equal")
    ax.set(xlabel="$x_0$", ylabel="$x_1$")
    ax.grid(False)
    mark_points(ax, getattr(f, "minima", ()), "極小", "*")
    mark_points(ax, getattr(f, "saddles", ()), "鞍点", "X")


def mark_points(ax, points, label, marker="o"):
    """点の並び（各点は座標のタプル）に印を付ける。何も返さない。

    ValueError: 点が2つの座標の組でないとき、marker が matplotlib の印の名前でないとき。
    """
    _check_axes(ax)
    if not (isinstance(marker, str) and marker in MarkerStyle.markers):
        raise ValueError(
            f'marker（印）は "o"、"s"、"*"、"X" などです。受け取ったもの: {marker!r:.80}'
        )
    if real_array(points, "points").size:
        ax.plot(
            *_shaped(points, "points", (-1, 2)).T,
            marker,
            markersize=13 if marker == "*" else 9,
            color="#E69F00",
            markeredgecolor="#000000",
            label=label,
            zorder=3,
        )


@quiet
def draw_arrows(ax, x, arrows, label, color, scale=1.0):
    """点 x から矢印を描き、quiver を返す。矢印の先まで入るように軸の範囲を広げる。

    x, arrows: 形 (2, *batch)。label: 凡例に出す名前。「∇f（最急上昇）」のように符号まで書く。
    scale: 矢印の長さの倍率（1 ならデータと同じ縮尺）。有限でない矢印は描かない。
    ValueError: ax・x・arrows・color・scale が約束と違うとき。
    """
    _check_axes(ax)
    _check_color(color)
    x = real_array(x, "x")
    x = _shaped(x, "x", (2, *x.shape[1:]))
    arrows = _shaped(arrows, "arrows", x.shape).reshape(2, -1)
    x = x.reshape(2, -1)
    scale = number_between(scale, "scale", 0, np.inf, low_included=False)
    ends = np.concatenate([x, x + scale * arrows], axis=1)
    ends = ends[:, np.isfinite(ends).all(axis=0)]
    for set_limits, get_limits, end in (
        (ax.set_xlim, ax.get_xlim, ends[0]),
        (ax.set_ylim, ax.get_ylim, ends[1]),
    ):
        low, high = get_limits()
        set_limits(min([low, *end]), max([high, *end]))
    return ax.quiver(
        *x,
        *arrows,
        angles="xy",
        scale_units="xy",
        scale=1 / scale,
        color=color,
        label=label,
        zorder=4,
    )


def draw_path(ax, x_history, label=None, color=COLORS["path"]):
    """降下の道すじを点と線で描き、その線を返す。動かすときは line.set_data(*x_history.T)。

    x_history: 形 (step_num+1, 2)。
    ValueError: ax・x_history・color が約束と違うとき。
    """
    _check_axes(ax)
    _check_color(color)
    x_history = _shaped(x_history, "x_history", (-1, 2))
    (line,) = ax.plot(*x_history.T, "o-", color=color, label=label, markersize=4, lw=1.2, zorder=5)
    return line


def draw_run(ax, x_history, label=None, color=COLORS["path"]):
    """道すじを draw_path で描く。軸の範囲を出て戻らない道は、出るところで切り、矢印で終える。

    軸の範囲は先に決めておく。x_history, ValueError: draw_path と同じ。
    """
    _check_axes(ax)
    _check_color(color)
    x_history = _shaped(x_history, "x_history", (-1, 2))
    seen = (ax.transScale + ax.transLimits).transform(x_history)  # 軸の枠を 0 から 1 とした位置
    inside = np.flatnonzero(((seen >= 0) & (seen <= 1)).all(axis=1))
    last = inside[-1] if len(inside) else len(seen) - 1
    if last + 1 < len(seen) and np.isfinite(seen[last + 1]).all():
        way = seen[last + 1] - seen[last]
        room = np.where(way > 0, 1 - seen[last], seen[last])  # 枠の端までの距離
        with np.errstate(divide="ignore", invalid="ignore"):
            edge = seen[last] + way * np.nanmin(room / np.abs(way))
        ends = {"xytext": seen[last], "xycoords": ax.transAxes, "textcoords": ax.transAxes}
        arrow = {"arrowstyle": "-|>", "color": color, "lw": 2, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", edge, **ends, arrowprops=arrow | {"mutation_scale": 16}, zorder=6)
    return draw_path(ax, x_history[: last + 1], label, color)


@quiet
def draw_race(ax, f, histories, step):
    """競走の step ステップ目を描き、順位の辞書（動く図の結果）を返す。

    通った道は細い線、終わりの TAIL ステップは太い線、今の点は丸。範囲の外へは draw_run と同じ。
    f: (2, *batch) → (*batch)。histories: {手法の名前: x_history (step_num+1, 2)}、色は COLORS。
    step: 0 から、いちばん短い x_history の最後のステップまで。
    返すもの: {"1位 AdaGrad": 0.000713, ...}、f の小さい順。同じ値は同じ順位、あふれた値は ∞。
    ValueError: 引数や f(x) が約束と違うとき。
    """
    _check_axes(ax)
    check_function(f)
    runs = _race_runs(histories)
    step = whole_number(step, "step", 0, min(map(len, runs.values())) - 1)
    points = np.array([run[step] for run in runs.values()]).T
    values = evaluate(f, points, points.shape[1:])
    values = dict(zip(runs, np.where(np.isfinite(values), values, np.inf).tolist(), strict=True))
    ranks = {name: 1 + sum(v < values[name] for v in values.values()) for name in runs}
    for name, run in runs.items():
        line = draw_run(ax, run[: step + 1], color=COLORS.get(name, COLORS["path"]))
        line.set(marker="", lw=1, alpha=0.5)
        color, seen, on_top = line.get_color(), line.get_xydata(), 20 - ranks[name]
        ax.plot(*seen[-TAIL - 1 :].T, color=color, lw=2.5, label=name, zorder=on_top)
        if len(seen) > step:
            ax.plot(*seen[-1:].T, "o", color=color, ms=9, mec="#FFFFFF", zorder=on_top)
    first = sorted(runs, key=ranks.get)
    return {f"{ranks[name]}位 {name}": float(f"{values[name]:.3g}") for name in first}


def _race_runs(histories):
    """histories を {名前: (step_num+1, 2)} にして返す。違えば ValueError。"""
    if not (isinstance(histories, dict) and histories and all(map(_is_name, histories))):
        raise ValueError(
            'histories は {"SGD": x_history, ...} のような、手法の名前と履歴の辞書です。'
            f"受け取ったもの: {histories!r:.80}"
        )
    runs = {name: _shaped(run, f"{name} の x_history", (-1, 2)) for name, run in histories.items()}
    if empty := [name for name, run in runs.items() if not len(run)]:
        raise ValueError(f"{empty[0]} の x_history に点がありません。出発点も入れてください。")
    return runs


def _is_name(name):
    return isinstance(name, str) and bool(name.strip())


def draw_loss(ax, values, label=None, color=COLORS["path"]):
    """ステップごとの値 f を縦軸対数の折れ線で描き、その線を返す。動かすときは line.set_data。

    values: 形 (step_num+1,)、正の数。0 以下の値と有限でない値は描かない。
    ValueError: ax・values・color が約束と違うとき。
    """
    _check_axes(ax)
    _check_color(color)
    values = _shaped(values, "values", (-1,))
    if len(values) and (values <= 0).all():
        raise ValueError("values に正の数がありません。縦軸は対数なので、0 以下の値は描けません。")
    values[values < 1 / LARGEST] = np.nan
    (line,) = ax.plot(np.arange(len(values)), values, color=color, label=label, lw=1.8)
    ax.set(yscale="log", xlabel="ステップ", ylabel="$f$")
    return line


def add_legend(figure):
    """図の中の名前をまとめた凡例を、図の下に置く。動く部品に隠れない。何も返さない。

    ValueError: figure が図でないとき。
    """
    check_figure(figure)
    named = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    rows = math.ceil(len(named) / LEGEND_COLUMNS)
    figure.legend(
        named.values(),
        named.keys(),
        loc="outside lower center",
        ncols=math.ceil(len(named) / max(1, rows)),
        handler_map={Quiver: ArrowHandle()},
    )


class ArrowHandle(HandlerBase):
    """凡例の中の矢印。"""

    def create_artists(self, legend, handle, x0, y0, width, height, fontsize, trans):
        """矢印1本を返す。"""
        y, color = y0 + height / 2, handle.get_facecolor()[0]
        arrow = FancyArrowPatch((x0, y), (x0 + width, y), arrowstyle="-|>", shrinkA=0, shrinkB=0)
        arrow.set(mutation_scale=fontsize, lw=2, color=color, transform=trans)
        return [arrow]


def draw_surface(ax, f, ranges=None):
    """2変数関数の曲面を立体の Axes に描き、その曲面を返す。f, ranges: draw_contour と同じ。

    色も draw_contour と同じで、濃いほど低い。
    ValueError: ax が立体でないとき、f・ranges・f(x) が約束と違うとき。
    """
    _check_axes(ax, solid=True)
    check_function(f)
    x, z = _grid(f, ranges, 61)
    levels = _levels(z, 14)
    norm = matplotlib.colors.BoundaryNorm(levels, 256) if len(levels) > 1 else None
    ax.set(xlabel="$x_0$", ylabel="$x_1$", zlabel="$f$")
    ax.set_box_aspect(None, zoom=1.1)
    look = {"cmap": matplotlib.rcParams["image.cmap"], "norm": norm, "alpha": 0.7, "linewidth": 0}
    return ax.plot_surface(*x, z, rcount=30, ccount=30, **look)


def pixels(figure):
    """図を描き、その画素 (高さ, 幅, 4) を返す。図の canvas とメモリを共有する。"""
    settle(figure)
    return np.asarray(figure.canvas.buffer_rgba())


def settle(figure):
    """図を、配置が決まるまで描く。縦横同じ縮尺の枠に2行の凡例が付くと、1度では決まらない。"""
    for _ in range(3 if isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine) else 1):
        figure.canvas.draw()


def encode_png(rgba):
    """画素 (高さ, 幅, 4) を、256 色の PNG にして bytes で返す。見た目は変わらず、大きさは 1/3。"""
    colors = Image.fromarray(rgba).convert("RGB")
    picture = colors.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    data = io.BytesIO()
    picture.save(data, "png", optimize=True)
    return data.getvalue()


def picture_bundle(figure, png, alt):
    """動かない図の表示データと付帯情報（大きさ・代替テキスト）を返す。"""
    width, height = css_size(figure)
    size = {"width": width, "height": height, "alt": alt}
    return {"image/png": png, "text/plain": alt}, {"image/png": size}


class Picture:
    """動かない図。ノートブックのセルの最後に置くと表示される。"""

    def __init__(self, figure, alt):
        self.figure = figure
        self.alt = alt
        self.png = encode_png(pixels(figure))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return picture_bundle(self.figure, self.png, self.alt)


def show(figure, alt):
    """図を、代替テキスト alt（絵を見ない人への日本語の説明）を付けて表示できるものにして返す。

    ValueError: figure が図でない、alt が文でないとき。
    """
    check_figure(figure)
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"alt には図の説明を日本語の文で渡してください。受け取ったもの: {alt!r}")
    return Picture(figure, alt)


def show_source(*objects):
    """helpers の関数やクラスのコードを、書いてあるとおりに表示する。

    ValueError: 関数やクラスでないとき。
    """
    for thing in objects:
        try:
            code = inspect.getsource(thing)
        except (TypeError, OSError):
            given = f"{thing!r:.80}"
            raise ValueError(f"関数かクラスを渡してください。受け取ったもの: {given}") from None
        print(textwrap.dedent(code))
