"""コマの列を、等しいものを1度だけ入れた数の並びに詰める。figure.js の unpack が元に戻す。

1つの荷は (見出し, bytes)。見出しは JSON になる辞書、bytes は int16 と int32 の配列の並び。
表（点の配列・操作・背景・字）は荷をまたいで続き、あとの荷は前の荷のものを番号で指す。

    bytes の中身: 配列 1, 2, 4 列のそれぞれについて 長さ・値（列ごと、前の行との差）、
    次に操作の表（OP_COLUMNS 列、列ごとの差）、背景ごとの操作の数と番号、コマごとの操作の数と番号。
"""

import base64

import numpy as np

KINDS = {"path": 0, "markers": 1, "polygons": 2, "text": 3, "image": 4}
OP_COLUMNS = 8  # 種類, 様式, 配列, 使う行数, ほか4つ（種類による）
POINT = 4  # 1点の bytes
PLACES = 50  # 同じ初めの点について、覚えておく場所の数
WIDTHS = (1, 2, 4)  # 配列の列の数


class Pack:
    """同じ図のコマを集める。take で、前の荷のあとに加わったものだけを取り出す。"""

    def __init__(self, strokes, roots=None):
        self.strokes = strokes
        self.roots = roots or {}  # 線の中身 → それを含む長い線と位置。long_lines が作る
        self.arrays = {}  # (列の数, 中身のハッシュ) → 番号
        self.ops = {}  # 操作の行 → 番号
        self.images = {}  # PNG → 番号
        self.sent = dict.fromkeys(("styles", "shapes", "glyphs", "images"), 0)
        self.still_num = 0
        self.first = True
        self._begin()

    def _begin(self):
        """次の荷を空から始める。"""
        self.new_arrays = {width: [] for width in WIDTHS}
        self.order = []  # 新しい配列の列の数を、番号順に
        self.new_ops = []
        self.new_stills, self.axes = [], []
        self.new_frames, self.heads = [], []

    def add(self, key, frame, stills):
        """位置 key（スライダーの番号の組）のコマと、まだ送っていない背景を加える。"""
        for still in stills[self.still_num :]:
            self.new_stills.append([self._op(op) for op in still.ops])
            self.axes.append(still.axes)
        self.still_num = len(stills)
        self.new_frames.append([self._op(op) for op in frame.ops])
        self.heads.append(
            [list(key), frame.still, [list(fact) for fact in frame.facts], frame.error]
        )

    def _op(self, op):
        kind, style, *rest = op
        row = (KINDS[kind], style, *getattr(self, f"_{kind}")(*rest))
        row += (0,) * (OP_COLUMNS - len(row))
        if row not in self.ops:
            self.ops[row] = len(self.ops)
            self.new_ops.append(row)
        return self.ops[row]

    def _path(self, points, codes):
        array, start = self._line(points) if codes is None else (self._array(points), 0)
        return array, len(points), -1 if codes is None else self._array(codes), start

    def _markers(self, points, shape):
        array, start = self._line(points)
        return array, len(points), shape, start

    def _line(self, points):
        """点の列の番号と、何点目からかを返す。それを含むもっと長い列があれば、その番号。"""
        line, start = self.roots.get(points.tobytes(), (points, 0))
        return self._array(line), start

    def _polygons(self, points, counts):
        return self._array(points), len(points), self._array(counts)

    def _text(self, glyphs, at, bars):
        return self._array(glyphs), len(glyphs), *at, self._array(bars) if len(bars) else -1

    def _image(self, box, png):
        return self.images.setdefault(png, len(self.images)), *box

    def _array(self, values):
        """配列の番号を返す。"""
        values = np.ascontiguousarray(values, np.int16)
        width = values.shape[1] if values.ndim == 2 else 1
        key = (width, hash(values.tobytes()), len(values))
        if key not in self.arrays:
            self.arrays[key] = len(self.arrays)
            self.new_arrays[width].append(values.reshape(-1, width))
            self.order.append(width)
        return self.arrays[key]

    def take(self):
        """加わったものを (見出し, bytes) で返す。"""
        shapes = self._outlines("shapes", self.strokes.shape_table)
        glyphs = self._outlines("glyphs", self.strokes.glyph_table)
        body = b"".join(
            [
                *(self._arrays_bytes(width) for width in WIDTHS),
                _columns(np.array(self.new_ops, np.int32).reshape(-1, OP_COLUMNS)),
                _ragged(self.new_stills),
                _ragged(self.new_frames),
            ]
        )
        head = {
            "first": self.first,
            "widths": self.order,
            "ops": len(self.new_ops),
            "axes": self.axes,
            "frames": self.heads,
            "styles": self._news("styles", self.strokes.styles),
            "shapes": shapes,
            "glyphs": glyphs,
            "images": [base64.b64encode(png).decode() for png in self._news("images", self.images)],
        }
        self.first = False
        self._begin()
        return head, body

    def _outlines(self, name, table):
        """新しい字や印の形を、配列の番号の組にして返す。"""
        if len(getattr(self.strokes, name)) == self.sent[name]:
            return []
        new = table()[self.sent[name] :]
        self.sent[name] += len(new)
        return [[self._array(points), self._array(codes)] for points, codes in new]

    def _news(self, name, table):
        """表のうち、まだ送っていないものを返す。"""
        new = list(table)[self.sent[name] :]
        self.sent[name] += len(new)
        return new

    def _arrays_bytes(self, width):
        arrays = self.new_arrays[width]
        lengths = np.array([len(values) for values in arrays], np.int32)
        steps = [
            np.diff(values, axis=0, prepend=np.zeros((1, width), np.int16)) for values in arrays
        ]
        values = np.concatenate(steps) if steps else np.empty((0, width), np.int16)
        return lengths.tobytes() + _even(values.T.astype(np.int16).tobytes())


def long_lines(frames):
    """全コマの線のうち、もっと長い線の一部であるものを、{中身: (長い線, 何点目から)} で返す。"""
    lines = {
        op[2].tobytes(): op[2]
        for frame in frames
        for op in frame.ops
        if op[0] == "markers" or (op[0] == "path" and op[3] is None)
    }
    found, starts = {}, {}  # starts: 初めの 1、2 点 → それが現れる (長い線の中身, 位置)
    for data in sorted(lines, key=len, reverse=True):
        for root, at in starts.get(data[:8], ()):
            if root.startswith(data, at):
                found[data] = (lines[root], at // POINT)
                break
        else:
            for at in range(0, len(data), POINT):
                for key in {data[at : at + POINT], data[at : at + 2 * POINT]}:
                    places = starts.setdefault(key, [])
                    if len(places) < PLACES:
                        places.append((data, at))
    return found


def _columns(rows):
    """表を、列ごとに前の行との差にした bytes で返す。"""
    return np.diff(rows, axis=0, prepend=np.zeros((1, rows.shape[1]), np.int32)).T.tobytes()


def _ragged(lists):
    """長さの違う番号の列の並びを、長さと番号の bytes で返す。"""
    lengths = np.array([len(each) for each in lists], np.int32)
    numbers = np.array([number for each in lists for number in each], np.int32)
    return lengths.tobytes() + numbers.tobytes()


def _even(data):
    """int32 の境にそろうよう、0 を補って返す。"""
    return data + bytes(-len(data) % 4)
