"""スライダーと一覧の説明: slider・steps・choice と、細かい目盛り linear・logarithmic・preferred。

どれも表示の部品ではなく、変えられないデータを返す。ノートブックの部品とページの JSON は、
このデータから作られる。
"""

import math
from dataclasses import dataclass

import numpy as np

from helpers.checks import as_array, check_text, number_between, whole_number

# 1 桁を 24 等分した標準数（E24 系列）。1.0 から 10 まで、ほぼ 10% おきに並ぶ
PREFERRED = (
    *(1.0, 1.1, 1.2, 1.3, 1.5, 1.6, 1.8, 2.0, 2.2, 2.4, 2.7, 3.0),
    *(3.3, 3.6, 3.9, 4.3, 4.7, 5.1, 5.6, 6.2, 6.8, 7.5, 8.2, 9.1),
)


MOST = 10_000  # 1つのスライダーの目盛りの数


@dataclass(frozen=True)
class Control:
    """スライダーまたは一覧1つ。texts は values と同じ順の、画面に出る文字。"""

    label: str
    values: tuple
    texts: tuple
    start: int  # 初めの位置（values の番号）
    kind: str = "range"  # "range"（数）、"steps"（再生できるステップ数）、"list"（一覧）
    marks: tuple = ()  # (位置, 文字): 目盛りの上の印


def slider(label, values, start=None, unit="", marks=None):
    """values のどれかを選ぶスライダーを返す。

    label: 「学習率 lr」のような日本語の名前。values: 有限な数の並び。細かい目盛りは linear・
    logarithmic・preferred で作る。start: 初めの値（None なら先頭）。丸めて等しい目盛りを選ぶ。
    unit: 単位。marks: 目盛りの上に付ける印 {値: 文字}。値にいちばん近い目盛りに付く。
    ValueError: label・unit・印の文字が文字列でない、values が有限な数の並びでない、
        同じに見える値が2つある、start がその中にないとき。

    >>> slider("学習率 lr", [0.1, 0.2, 0.3], 0.1 + 0.2).start
    2
    """
    check_text(label, "label（スライダーの名前）")
    check_text(unit, "unit（単位）")
    values = _finite_numbers(values, label)
    texts = tuple(f"{value:g}".replace("-", "−") + unit for value in values)
    if len(set(texts)) < len(texts):
        twice = next(text for text in texts if texts.count(text) > 1)
        raise ValueError(f"{label}: values に、同じ {twice} に見える値が2つあります。")
    at = 0 if start is None else _position(values, start, label)
    return Control(label, values, texts, at, marks=_marks(values, marks, label))


def steps(last, start=None, every=1, label="ステップ数"):
    """0 から last まで every おきの、▶ で再生できるステップ数のスライダーを返す。

    last: 最後のステップ、1 以上の整数。start: 初めの値（None なら last）。every: 間隔。
    ValueError: label が文字列でない、last・every が 1 以上の整数でない、start が目盛りにない、
        目盛りが 1 万を超えるとき。

    >>> steps(100).values[-1]
    100
    """
    check_text(label, "label（スライダーの名前）")
    last = whole_number(last, "last（最後のステップ）", 1, MOST**2)
    every = whole_number(every, "every（間隔）", math.ceil(last / MOST), last)
    values = (*range(0, last, every), last)
    at = len(values) - 1 if start is None else _position(values, start, label)
    return Control(label, values, tuple(map(str, values)), at, "steps")


def choice(label, options, start=None):
    """options（名前のリスト、または 名前: 値 の辞書）から1つを選ぶ一覧を返す。

    start: 初めに選ばれている名前（None なら先頭）。
    ValueError: label が文字列でない、options が空、リストや辞書でない、同じ名前がある、
        start がその中にないとき。

    >>> choice("手法", ["SGD", "Adam"]).texts
    ('SGD', 'Adam')
    """
    check_text(label, "label（一覧の名前）")
    if not (isinstance(options, (dict, list, tuple)) and options):
        raise ValueError(
            f"{label}: options は名前のリストか、名前: 値 の辞書です。"
            f"受け取ったもの: {options!r:.80}"
        )
    texts = tuple(map(str, options))
    if len(set(texts)) < len(texts):
        raise ValueError(f"{label}: 同じ名前が2つあります。受け取ったもの: {options!r:.80}")
    if not (start is None or (isinstance(start, str) and start in texts)):
        raise ValueError(
            f"{label}: start は {'・'.join(texts):.80} の中から選びます。"
            f"受け取ったもの: {start!r:.80}"
        )
    values = tuple(options.values() if isinstance(options, dict) else options)
    return Control(label, values, texts, 0 if start is None else texts.index(start), "list")


def linear(low, high, step, also=()):
    """low から high まで step おきの値をタプルで返す。also の値も、大きさの順に入る。

    ValueError: 有限な数でない、low < high でない、step が正でない、目盛りが 1 万を超えるとき。

    >>> linear(0, 0.3, 0.1)
    (0.0, 0.1, 0.2, 0.3)
    """
    low, high = _ends(low, high, -math.inf)
    width = number_between(high - low, "high − low（幅）", 0, math.inf, low_included=False)
    step = number_between(step, "step（間隔）", width / MOST, width)
    values = low + step * np.arange(round(width / step) + 1)
    return _merged(np.where(abs(values) < step / 2, 0.0, values), also)  # 丸め誤差の 4e-16 は 0


def logarithmic(low, high, count, also=()):
    """low から high まで、比が一定の count 個の値（有効数字3桁）をタプルで返す。also の値も入る。

    ValueError: 正の有限な数でない、low < high でない、count が 2 以上の整数でないとき。

    >>> logarithmic(0.01, 1, 3, also=[0.5])
    (0.01, 0.1, 0.5, 1.0)
    """
    low, high = _ends(low, high, 0)
    count = whole_number(count, "count（個数）", 2, MOST)
    return _merged([float(f"{value:.3g}") for value in np.geomspace(low, high, count)], also)


def preferred(low, high, also=()):
    """low から high までの標準数（1, 1.1, 1.2, 1.3, 1.5, …）をタプルで返す。also の値も入る。

    1 桁に 24 個、ほぼ 10% おき。ValueError: 正の有限な数でない、low < high でないとき。
    出典: IEC 60063（E24 系列）。

    >>> preferred(0.1, 0.2, also=[0.14])
    (0.1, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2)
    """
    low, high = _ends(low, high, 0)
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [float(f"{number}e{decade}") for decade in decades for number in PREFERRED]
    return _merged([value for value in values if low <= value <= high], [low, high, *also])


def _ends(low, high, least):
    """範囲の両端を float で返す。least より大きく、low < high でなければ ValueError。"""
    low = number_between(low, "low（下限）", least, math.inf, low_included=False)
    return low, number_between(high, "high（上限）", low, math.inf, low_included=False)


def _merged(values, also):
    """values と also を、丸めの範囲で等しいものを除き、小さい順のタプルで返す。"""
    extra = () if isinstance(also, tuple) and not also else _finite_numbers(also, "also")
    return tuple(sorted({float(f"{value:.12g}") for value in (*values, *extra)}))


def _finite_numbers(values, label):
    """values をタプルで返す。有限な数の並びでなければ ValueError。"""
    array = as_array(values)
    numbers = array.dtype.kind in "iuf" and array.ndim == 1 and 0 < array.size <= MOST
    if not (numbers and np.isfinite(array).all()):
        raise ValueError(
            f"{label}: values は、[0.1, 0.5, 1] のような有限な数の並びです。"
            f"受け取ったもの: {values!r:.80}"
        )
    return tuple(array.tolist())


def _position(values, start, label):
    """start と丸めの範囲で等しい値の番号を返す。なければ ValueError。"""
    number = as_array(start)
    if number.dtype.kind in "iuf" and number.ndim == 0:
        near = np.flatnonzero(np.isclose(values, float(number), rtol=1e-9, atol=1e-12))
        if len(near):
            return int(near[0])
    raise ValueError(
        f"{label}: start は values = {values!r:.80} の中から選びます。受け取ったもの: {start!r:.80}"
    )


def _marks(values, marks, label):
    """印 {値: 文字} を (位置, 文字) の組にして返す。値や文字がおかしければ ValueError。"""
    if marks is None:
        return ()
    if not isinstance(marks, dict):
        raise ValueError(f"{label}: marks は {{値: 文字}} です。受け取ったもの: {marks!r:.80}")
    found = []
    for value, text in marks.items():
        value = number_between(value, f"{label} の marks の値", min(values), max(values))
        check_text(text, f"{label} の marks の文字")
        found.append((int(np.abs(np.array(values) - value).argmin()), text))
    return tuple(found)
