"""絵の部品: 曲線・等高線・矢印・経路・曲面・損失曲線。字体と見た目の決まりもここにある。

どの関数も matplotlib の Axes に描き、動かせる部品（線や矢印）を返す。
pyplot は使わない。できた図は show（動かない図）か explore（動く図）に渡す。
"""

import inspect
import io
import re
import warnings

import matplotlib
import matplotlib_fontja  # noqa: F401  読み込むと日本語の字体が登録される
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from helpers.checks import check_function, point_array
from helpers.functions import Landscape

DPI = 120  # 図 1 インチあたりの画素数
CSS_DPI = 96  # 画面に置くときの 1 インチ。画素はその 1.25 倍あり、拡大しても荒れにくい

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
    """
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = [
        figure.add_subplot(1, ncols, k + 1, projection=projection if k == 0 else None)
        for k in range(ncols)
    ]
    return figure, axes[0] if ncols == 1 else np.array(axes)


def draw_curve(ax, f, ranges=None, **style):
    """1変数関数のグラフ y = f(x) を描き、その線を返す。

    f: 1変数の地形、または同じ形の配列を返す関数。ranges: (下限, 上限)。地形なら省ける。
    """
    check_function(f)
    low, high = ranges or f.ranges[0]
    x = np.linspace(low, high, 400)
    y = f(x[np.newaxis]) if isinstance(f, Landscape) else f(x)
    ax.set(xlim=(low, high), xlabel="$x$", ylabel="$f(x)$")
    (line,) = ax.plot(x, y, **{"color": COLORS["f"], "zorder": 2, **style})
    return line


def _grid(f, ranges, count):
    """範囲を count × count に区切った格子点 (2, count, count) と、そこでの値を返す。"""
    (low0, high0), (low1, high1) = ranges or f.ranges
    x = np.array(np.meshgrid(np.linspace(low0, high0, count), np.linspace(low1, high1, count)))
    return x, f(x)


def draw_contour(ax, f, ranges=None, level_num=14):
    """2変数関数の等高線を縦横同じ縮尺で描き、極小（★）と鞍点（×）に印を付ける。何も返さない。

    色が濃いほど低い。線は格子点の値の分位点に引くので、値の幅が何桁でも形が見える。
    f: (2, *batch) → (*batch)。ranges: ((下限, 上限), (下限, 上限))。地形なら省ける。
    """
    check_function(f)
    x, z = _grid(f, ranges, 201)
    levels = np.unique(np.quantile(z, np.linspace(0, 1, level_num)))
    ax.contourf(*x, z, levels=levels, norm=matplotlib.colors.BoundaryNorm(levels, 256), alpha=0.55)
    ax.contour(*x, z, levels=levels, colors="#5B7A99", linewidths=0.6, linestyles="solid")
    ax.set(xlim=(x[0].min(), x[0].max()), ylim=(x[1].min(), x[1].max()), aspect="equal")
    ax.set(xlabel="$x_0$", ylabel="$x_1$")
    ax.grid(False)
    mark_points(ax, getattr(f, "minima", ()), "極小", "*")
    mark_points(ax, getattr(f, "saddles", ()), "鞍点", "X")


def mark_points(ax, points, label, marker="o"):
    """点の並び（各点は座標のタプル）に印を付ける。範囲の外の点は描かない。何も返さない。"""
    if len(points):
        ax.plot(
            *np.transpose(points),
            marker,
            markersize=13 if marker == "*" else 9,
            color="#E69F00",
            markeredgecolor="#000000",
            label=label,
            zorder=3,
        )


def draw_arrows(ax, x, arrows, label, color, scale=1.0):
    """点 x から矢印を描き、quiver を返す。矢印の先まで入るように軸の範囲を広げる。

    x, arrows: 形 (2, *batch)。label: 凡例に出す名前。「∇f（最急上昇）」のように符号まで書く。
    scale: 矢印の長さの倍率（1 ならデータと同じ縮尺）。
    """
    x, arrows = point_array(x, "x"), point_array(arrows, "arrows")
    x, arrows = x.reshape(2, -1), arrows.reshape(2, -1)
    ends = np.concatenate([x, x + scale * arrows], axis=1)
    for set_limits, get_limits, end in (
        (ax.set_xlim, ax.get_xlim, ends[0]),
        (ax.set_ylim, ax.get_ylim, ends[1]),
    ):
        low, high = get_limits()
        set_limits(min(low, end.min()), max(high, end.max()))
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
    """
    (line,) = ax.plot(
        *np.transpose(x_history), "o-", color=color, label=label, markersize=4, lw=1.2, zorder=5
    )
    return line


def draw_loss(ax, values, label=None, color=COLORS["path"]):
    """ステップごとの値 f を縦軸対数の折れ線で描き、その線を返す。動かすときは line.set_data。

    values: 形 (step_num+1,)、正の数。
    """
    (line,) = ax.plot(np.arange(len(values)), values, color=color, label=label, lw=1.8)
    ax.set(yscale="log", xlabel="ステップ", ylabel="$f$")
    return line


def add_legend(figure):
    """図の中の名前をまとめた凡例を、図の下に置く。動く部品に隠れない。何も返さない。"""
    named = {}
    for ax in figure.axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=4)


def draw_surface(ax, f, ranges=None):
    """2変数関数の曲面を立体の Axes に描き、その曲面を返す。f, ranges: draw_contour と同じ。"""
    check_function(f)
    x, z = _grid(f, ranges, 61)
    ax.set(xlabel="$x_0$", ylabel="$x_1$", zlabel="$f$")
    return ax.plot_surface(*x, z, cmap="viridis", alpha=0.7, rcount=40, ccount=40, linewidth=0)


def pixels(figure):
    """図を描き、その画素 (高さ, 幅, 4) を返す。図の canvas とメモリを共有する。"""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


def encode_png(rgba):
    """画素 (高さ, 幅, 4) を、256 色の PNG にして bytes で返す。見た目は変わらず、大きさは 1/3。"""
    colors = Image.fromarray(rgba).convert("RGB")
    picture = colors.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    return _saved(picture, "png", optimize=True)


def encode_jpeg(rgba):
    """画素 (高さ, 幅, 4) を、色のにじみの少ない JPEG にして bytes で返す。PNG より数倍速い。"""
    return _saved(Image.fromarray(rgba).convert("RGB"), "jpeg", quality=90, subsampling=0)


def _saved(image, kind, **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def picture_bundle(figure, png, alt):
    """動かない図の表示データと付帯情報（大きさ・代替テキスト）を返す。"""
    width, height = (round(inches * CSS_DPI) for inches in figure.get_size_inches())
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
    """図を、代替テキスト alt（絵を見ない人への日本語の説明）を付けて表示できるものにして返す。"""
    if not (isinstance(alt, str) and alt.strip()):
        raise ValueError(f"alt には図の説明を日本語の文で渡してください。受け取ったもの: {alt!r}")
    return Picture(figure, alt)


def show_source(*objects):
    """helpers の関数やクラスの中身（説明文を除いたコード）を表示する。"""
    for thing in objects:
        print(re.sub(r'\n +""".*?"""', "", inspect.getsource(thing), flags=re.DOTALL))
