"""図を線の列として記録する matplotlib の描画先。

記録は操作の列で、1つの操作は (種類, 様式, 配列…)。座標は 0.1 画素の int16、y は下向き。
画素は図の dpi によらず CSS の画素（1 インチ = 96）で、図の左上が (0, 0)。

    ("path", 様式, 点 (k, 2), 符号 (k,) か None)   点の x が GAP なら、そこで線が切れる
    ("markers", 様式, 点 (k, 2), 印の番号)
    ("polygons", 様式, 点 (k, 2), 点の数 (m,))
    ("text", 様式, 字 (k, 4), (x, y, 角度), 横棒 (m, 4))   字は 番号・x・y・大きさ
    ("image", 様式, (x, y, 幅, 高さ), PNG の bytes)
"""

import io

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from PIL import Image

from helpers.display import CSS_DPI

TENTH = 10  # 1 画素は 10 単位
GAP = -32768  # 線の切れ目。int16 のいちばん小さい数
FAR = 3200.0  # これより遠い点（画素）は切り取る。int16 に入らない
MARGIN = 100.0  # 切り取るとき、図の外に残す幅（画素）
CLOSED = {Path.MOVETO, Path.LINETO, Path.CLOSEPOLY}


class Strokes(RendererBase):
    """描かれたものを ops に記録する。様式・印・字の形は、どの記録にも共通の表に1度だけ入る。"""

    def __init__(self, figure):
        super().__init__()
        self.figure = figure
        self.scale = CSS_DPI / figure.dpi
        self.agg = figure.canvas.get_renderer()  # 文字の幅だけを尋ねる
        self.ops = []
        self.styles = {}  # 様式 → 番号
        self.shapes = {}  # 印の形 (点, 符号) の bytes → 番号
        self.glyphs = {}  # 字の名前 → 番号
        self.outlines = {"": ([], [])}  # 字の名前 → 形。空だと mathtext が別の辞書に取り替える
        self.texts = {}  # (文字列, 字体) → 字の列

    def record(self, artists):
        """artists を描いた操作の列を返す。"""
        self.ops = []
        for ax in self.figure.axes:
            if hasattr(ax, "get_proj"):
                ax.M = ax.get_proj()  # 向きが変わっても、matplotlib は draw までは前のまま
        for artist in artists:
            if hasattr(artist, "do_3d_projection"):
                artist.do_3d_projection()
            artist.draw(self)
        return [_joined(op) if op[0] == "polygons" else op for op in self.ops]

    # matplotlib が描画先に尋ねること

    def get_canvas_width_height(self):
        """図の大きさ（matplotlib の画素）。"""
        return self.figure.bbox.size

    def flipy(self):
        """座標は matplotlib のまま受け取り、_tenths で下向きにする。"""
        return False

    def points_to_pixels(self, points):
        """ポイントを matplotlib の画素にする。"""
        return points * self.figure.dpi / 72

    def get_image_magnification(self):
        """画像を何倍で作るか。"""
        return 1.0

    def get_text_width_height_descent(self, s, prop, ismath):
        """文字列の幅・高さ・下げ幅。配置を Agg の図とそろえる。"""
        return self.agg.get_text_width_height_descent(s, prop, ismath)

    # 描く

    def draw_path(self, gc, path, transform, rgbFace=None):
        """折れ線・曲線・塗りつぶし。"""
        self.ops.append(("path", self._style(gc, rgbFace), *self._path(path, transform)))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        """同じ印をいくつもの点に。"""
        points = trans.transform(path.vertices)
        if path.codes is not None:  # 曲線では、通る点だけに付く
            points = points[np.isin(path.codes, (Path.MOVETO, Path.LINETO))]
        near = np.isfinite(points).all(axis=1) & (np.abs(points) < FAR).all(axis=1)
        shape = self._shape(marker_trans.transform_path(marker_path))
        self.ops.append(("markers", self._style(gc, rgbFace), self._tenths(points[near]), shape))

    def draw_path_collection(
        self, gc, master_transform, paths, all_transforms, offsets, offset_trans,
        facecolors, edgecolors, linewidths, linestyles, antialiaseds, urls, offset_position,
        *, hatchcolors=None,
    ):  # fmt: skip
        """多角形や曲線の集まり。同じ様式の多角形が続けば、1つの操作にまとめる。"""
        ids = list(self._iter_collection_raw_paths(master_transform, paths, all_transforms))
        every = self._iter_collection(
            gc, ids, offsets, offset_trans, facecolors, edgecolors, linewidths, linestyles,
            antialiaseds, urls, offset_position,
            hatchcolors=() if hatchcolors is None else hatchcolors,
        )  # fmt: skip
        for dx, dy, (path, transform), own, face in every:
            style = self._style(own, face)
            if _is_polygon(path, own):
                corners = path.vertices if path.codes is None else path.vertices[:-1]
                points = transform.transform(corners) + np.array([dx, dy])
                self._polygon(style, self._tenths(np.clip(np.nan_to_num(points), -FAR, FAR)))
            else:
                moved = transform.frozen().translate(dx, dy)
                self.ops.append(("path", style, *self._path(path, moved)))

    def _polygon(self, style, points):
        last = self.ops[-1] if self.ops else ("",)
        if last[0] == "polygons" and last[1] == style:
            last[2].append(points)
        else:
            self.ops.append(("polygons", style, [points]))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """文字。字の形は表に入れ、ここには並べ方だけを記録する。"""
        key = (s, prop, bool(ismath))
        if key not in self.texts:
            self.texts[key] = self._layout(s, prop, bool(ismath))
        glyphs, bars = self.texts[key]
        ((x, y),) = self._tenths(np.array([[x, y]]))
        at = (int(x), int(y), round(TENTH * angle))
        self.ops.append(("text", self._style(gc, gc.get_rgb(), text=True), glyphs, at, bars))

    def draw_image(self, gc, x, y, im, transform=None):
        """画素の絵。PNG にして置く。"""
        data = io.BytesIO()
        Image.fromarray(im[::-1]).save(data, "png")
        height, width = im.shape[:2]
        ((left, top), (right, bottom)) = self._tenths(
            np.array([[x, y + height], [x + width, y]], float)
        )
        box = (int(left), int(top), int(right - left), int(bottom - top))
        self.ops.append(("image", self._style(gc, None), box, data.getvalue()))

    # 表

    def _style(self, gc, face, text=False):
        """線の色・塗りの色・太さ・端・角・破線・切り抜きの番号を返す。"""
        alpha = gc.get_alpha()
        offset, dashes = gc.get_dashes()
        pixels = self.scale * self.points_to_pixels(1)
        width = 0 if text else round(gc.get_linewidth() * pixels, 2)
        clip = gc.get_clip_rectangle()
        path, transform = gc.get_clip_path()
        boxes = [clip, path and path.get_extents(transform)]
        forced = alpha if gc.get_forced_alpha() else None
        style = (
            _hex(gc.get_rgb(), forced) if width else None,
            _hex(face, forced),
            width,
            {"projecting": "square"}.get(gc.get_capstyle(), str(gc.get_capstyle())),
            str(gc.get_joinstyle()),
            None
            if dashes is None
            else tuple(round(float(d) * pixels, 2) for d in (offset, *dashes)),
            tuple(self._box(box) for box in boxes if box is not None),
        )
        return self.styles.setdefault(style, len(self.styles))

    def _box(self, box):
        ((left, top), (right, bottom)) = self._tenths(
            np.clip([[box.x0, box.y1], [box.x1, box.y0]], -FAR, FAR)
        )
        return (int(left), int(top), int(right) - int(left), int(bottom) - int(top))

    def _tenths(self, points):
        """matplotlib の画素の点を、下向きの 0.1 画素の int16 にして返す。nan は GAP。"""
        height = self.figure.bbox.height
        flipped = np.column_stack([points[:, 0], height - points[:, 1]]) * (TENTH * self.scale)
        return np.where(np.isfinite(flipped), np.rint(flipped), GAP).astype(np.int16)

    def _path(self, path, transform):
        """path を (点, 符号) にして返す。直線だけなら符号は None で、切れ目は GAP。"""
        points = transform.transform(path.vertices)
        if path.codes is None:
            if (np.abs(np.nan_to_num(points)) > FAR).any():
                points = self._clipped(points)
            return self._tenths(points), None
        points = np.clip(np.nan_to_num(points), -FAR, FAR)
        return self._tenths(points), np.asarray(path.codes, np.int16)

    def _clipped(self, points):
        """遠くへ去る折れ線を、図のまわりで切り取って返す。切れ目には nan を入れる。"""
        width, height = self.figure.bbox.size
        window = (-MARGIN, -MARGIN, width + MARGIN, height + MARGIN)
        clipped = Path(points).cleaned(clip=window, remove_nans=True)
        kept = clipped.codes != Path.STOP
        begins = np.flatnonzero(clipped.codes[kept] == Path.MOVETO)[1:]
        return np.insert(clipped.vertices[kept], begins, np.nan, axis=0)

    def _shape(self, path):
        """印の形の番号を返す。単位は 0.01 画素。"""
        points = np.rint(path.vertices * (100 * self.scale) * (1, -1)).astype(np.int16)
        codes = _codes(path)
        return self.shapes.setdefault((points.tobytes(), codes.tobytes()), len(self.shapes))

    def _layout(self, s, prop, ismath):
        """文字列を、字の列 (番号, x, y, 大きさ) と横棒 (x, y, 幅, 高さ) にして返す。"""
        size = self.scale * self.points_to_pixels(prop.get_size_in_points())
        if ismath:
            info, _, bars = text_to_path.get_glyphs_mathtext(prop, s, glyph_map=self.outlines)
        else:
            font = text_to_path._get_font(prop)
            info, _, bars = text_to_path.get_glyphs_with_font(font, s, glyph_map=self.outlines)
        unit = TENTH * size / text_to_path.FONT_SCALE
        glyphs = [
            (
                self.glyphs.setdefault(name, len(self.glyphs)),
                round(float(x) * unit),
                round(-float(y) * unit),
                round(TENTH * size * scale),
            )
            for name, x, y, scale in info
            if len(self.outlines[name][0])
        ]
        boxes = [
            (*np.min(corners[:4], axis=0), *np.ptp(corners[:4], axis=0)) for corners, _ in bars
        ]
        boxes = np.rint(np.array(boxes).reshape(-1, 4) * unit * (1, -1, 1, -1)).astype(np.int16)
        return np.array(glyphs, np.int16).reshape(-1, 4), boxes

    def shape_table(self):
        """印の形 (点, 符号) を番号順に返す。"""
        return [
            (np.frombuffer(points, np.int16).reshape(-1, 2), np.frombuffer(codes, np.int16))
            for points, codes in self.shapes
        ]

    def glyph_table(self):
        """字の形 (点, 符号) を番号順に返す。単位は字の大きさの 1/1000。"""
        unit = 1000 / text_to_path.FONT_SCALE * np.array([1, -1])
        return [
            (np.rint(self.outlines[name][0] * unit).astype(np.int16),
             np.asarray(self.outlines[name][1], np.int16))
            for name in self.glyphs
        ]  # fmt: skip


def _joined(op):
    """多角形の並びを、点をつなげた1つの配列と、点の数の配列にする。"""
    kind, style, polygons = op
    return kind, style, np.concatenate(polygons), np.array([len(p) for p in polygons], np.int16)


def _is_polygon(path, gc):
    """path が、直線だけの1つの輪なら True。縁を描かない塗りは、閉じていなくても輪と同じ。"""
    if path.codes is None:
        return gc.get_linewidth() == 0
    first, last = path.codes[[0, -1]]
    between = path.codes[1:-1]
    return first == Path.MOVETO and last == Path.CLOSEPOLY and bool((between == Path.LINETO).all())


def _codes(path):
    """path の符号。None なら、線で結ぶ符号を作って返す。"""
    if path.codes is not None:
        return np.asarray(path.codes, np.int16)
    return np.array([Path.MOVETO] + [Path.LINETO] * (len(path.vertices) - 1), np.int16)


def _hex(color, alpha):
    """色を "#rrggbbaa" にして返す。透明なら None。alpha は、あれば色の透明度に代わる。"""
    if color is None:
        return None
    red, green, blue, *own = color
    parts = (red, green, blue, alpha if alpha is not None else own[0] if own else 1)
    text = "#" + "".join(f"{round(255 * float(part)):02x}" for part in parts)
    return None if text.endswith("00") else text
