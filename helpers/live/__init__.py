"""動く図 explore と、そのスライダー slider・steps・choice。

update は描くだけでよい。描いたものは次の位置の前に消える。返した結果は、図の上に文字で出る。
"""

import inspect

from matplotlib.axes import Axes

from helpers.checks import accepts, check_function, check_text
from helpers.figures import check_figure
from helpers.live.controls import Control, choice, linear, logarithmic, preferred, slider, steps
from helpers.live.frozen import foreign_axes, freeze
from helpers.live.widget import Explorer

__all__ = ["choice", "explore", "linear", "logarithmic", "preferred", "slider", "steps"]


def explore(figure, update, *, alt=None, goal=None, predict=None, drag=None, **sliders):
    """スライダーで動く図を返す。セルの最後に置くと、目標・スライダー・結果・図が表示される。

    figure: subplots で作り、動かない部分を描き終えた図。
    update: スライダーの値を名前付きで受け取り、動く部分を描く関数。描いたものは、次の位置の前に
        消える。{"距離": 0.01, "目標": True} のように返した結果は、図の上に文字で出る。
        軸の範囲や題名も変えられる（その位置の背景を描き直す）。前の呼び出しを覚えてはいけない。
    alt: 絵を見ない人への説明。None なら題名とスライダーの名前から作る。
    goal: 目標の文。update の結果「目標」（真偽）が、達成・未達成の印になる。
    predict: 動かす前に選ぶ予想 (問い, [選択肢, …])。選択肢が空なら、数を書く欄。採点しない。
    drag: 図の中で引っぱれる点 {Axes: (横のスライダーの名前, 縦のスライダーの名前)}。
        横だけなら {Axes: 名前}。
    sliders: slider・steps・choice の返り値。名前は update の引数と同じ。
    ValueError: figure が図でない、update がスライダーの値を受け取る関数でない、
        辞書でないものを返す、別の図の Axes に描く、alt・goal が文字列でない、predict が組でない、
        drag の Axes や名前がこの図にないとき。
        初めの位置で update が起こした例外は、そのまま出る。

    >>> from helpers import subplots
    >>> figure, ax = subplots()
    >>> def update(a):
    ...     ax.plot([0, 1], [0, a])
    ...     return {"傾き": a}
    >>> explore(figure, update, a=slider("傾き a", [1, 2, 3])).values((2,))
    {'a': 3}
    """
    check_figure(figure)
    check_function(update, "update")
    for value, name in ((alt, "alt（図の説明）"), (goal, "goal（目標）")):
        if value is not None:
            check_text(value, name)
    _check_controls(sliders)
    if not accepts(update, **sliders):
        raise ValueError(
            "update の引数は、スライダーと同じ名前にしてください"
            f"（{', '.join(sliders) or '引数なし'}）。"
            f"受け取ったもの: update{inspect.signature(update)}"
        )
    if names := foreign_axes(update, figure):
        raise ValueError(
            f"update が読む {'・'.join(names)} は、ここに渡した figure とは別の図のものです。"
            "subplots のセルから実行し直してください。"
        )
    words = {"goal": goal or "", "predict": _checked_predict(predict)}
    drag = _checked_drag(drag, figure, sliders)
    alt = alt or _describe(figure, sliders)
    return Explorer(figure, freeze(update), sliders, alt, words, drag)


def _check_controls(sliders):
    """スライダーがすべて slider・steps・choice の返り値でなければ ValueError。"""
    for name, given in sliders.items():
        if not isinstance(given, Control):
            raise ValueError(
                f"{name} には slider(...)・steps(...)・choice(...) のどれかを渡してください。"
                f"受け取ったもの: {given!r:.80}"
            )


def _checked_predict(predict):
    """予想を [問い, [選択肢, …]] にして返す。なければ None。違えば ValueError。"""
    if predict is None:
        return None
    pair = predict if isinstance(predict, tuple) and len(predict) == 2 else (None, None)
    question, options = pair
    texts = isinstance(options, (list, tuple)) and all(isinstance(o, str) for o in options)
    if not isinstance(question, str) or not texts or len(options) == 1 or len(options) > 4:
        raise ValueError(
            'predict は ("接線が水平になる x はいくつ？", ["1つ", "2つ"]) のような、問いと'
            f"2 から 4 個の選択肢（数を書かせるなら空）の組です。受け取ったもの: {predict!r:.80}"
        )
    return [question, list(options)]


def _checked_drag(drag, figure, sliders):
    """drag を {Axes: (横の名前か None, 縦の名前か None)} にして返す。違えば ValueError。"""
    if drag is None:
        return {}
    if not isinstance(drag, dict):
        raise ValueError(
            f'drag は {{ax: ("x0", "x1")}} のような辞書です。受け取ったもの: {drag!r:.80}'
        )
    checked = {}
    for ax, names in drag.items():
        if not isinstance(ax, Axes) or ax not in figure.axes or hasattr(ax, "get_zlim"):
            raise ValueError(f"drag の鍵は、この図の平面の Axes です。受け取ったもの: {ax!r:.80}")
        pair = tuple(names) if isinstance(names, (tuple, list)) else (names, None)
        known = [name for name in pair if name in sliders and sliders[name].kind != "list"]
        if len(pair) != 2 or not known or len(known) + pair.count(None) != 2:
            numbers = [name for name, control in sliders.items() if control.kind != "list"]
            raise ValueError(
                "drag の値は、数のスライダーの名前（横、縦の順の組か、横だけの1つ）です。"
                f"選べる名前: {'・'.join(numbers) or 'なし'}。受け取ったもの: {names!r:.80}"
            )
        checked[ax] = pair
    return checked


def _describe(figure, sliders):
    """図の題名とスライダーの名前から説明の文を作る。"""
    titles = "・".join(ax.get_title() for ax in figure.axes if ax.get_title())
    labels = "・".join(control.label for control in sliders.values())
    return f"動かせる図: {titles or '題名なし'}。スライダー: {labels or 'なし'}。"
