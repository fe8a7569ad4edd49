"""update が読む名前を、図を描いたときのまま保つ。あとで書き換えられた名前も教える。

ノートブックでは、同じ名前（figure や left など）が次のセルで別のものになる。図がそのとき別の図に
描いたり、古い曲線の上に新しい接線を引いたりしないよう、名前の写しを update に持たせる。
"""

import dis
import types

import numpy as np
from matplotlib.artist import Artist


def freeze(update):
    """update と、それが使う同じ名前空間の関数を、名前の写しを読むものにして返す。"""
    if not isinstance(update, types.FunctionType):
        return update
    names = dict(update.__globals__)
    for name in _reachable(update):
        if _is_own(names.get(name), update):
            names[name] = _rebuilt(names[name], names)
    return _rebuilt(update, names)


def read_names(update):
    """update が読む、描くもの（Axes など）と読み込んだ部品のほかの、名前 → 値 を返す。"""
    if not isinstance(update, types.FunctionType):
        return {}
    found = {name: update.__globals__[name] for name in _reachable(update)}
    return {
        name: value
        for name, value in found.items()
        if not isinstance(value, (Artist, types.ModuleType))
    }


def foreign_axes(update, figure):
    """update が読む名前のうち、図 figure でない図の Axes の名前を返す。"""
    if not isinstance(update, types.FunctionType):
        return []
    return [
        name
        for name in _reachable(update)
        if isinstance(value := update.__globals__[name], Artist)
        and getattr(value, "figure", figure) not in (figure, None)
    ]


def changed(then, now):
    """名前 → 値 の then のうち、now では別のものになった名前を返す。"""
    return [name for name, value in then.items() if not _alike(value, now.get(name))]


def _reachable(update):
    """update から直接・間接に読まれる、名前空間にある名前を、見つけた順に返す。"""
    found, waiting = {}, [update]
    while waiting:
        for name in _names(waiting.pop().__code__):
            if name in update.__globals__ and name not in found:
                found[name] = True
                if _is_own(update.__globals__[name], update):
                    waiting.append(update.__globals__[name])
    return list(found)


def _names(code):
    """code と、その中の関数が読む、名前空間の名前（f.grad の grad のような属性の名前を除く）。"""
    read = [each.argval for each in dis.get_instructions(code) if each.opname == "LOAD_GLOBAL"]
    inner = [const for const in code.co_consts if isinstance(const, types.CodeType)]
    return [*read, *(name for each in inner for name in _names(each))]


def _is_own(value, update):
    """value が、update と同じ名前空間で書かれた関数なら True。"""
    return isinstance(value, types.FunctionType) and value.__globals__ is update.__globals__


def _rebuilt(function, names):
    """function と同じで、名前を names から読む関数を返す。"""
    made = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _alike(a, b):
    """a と b が同じものか、中身の等しい関数・配列・値なら True。"""
    if a is b:
        return True
    if isinstance(a, types.FunctionType) and isinstance(b, types.FunctionType):
        return _body(a.__code__) == _body(b.__code__) and a.__defaults__ == b.__defaults__
    if type(a) is not type(b):
        return False
    try:
        return bool(np.all(a == b)) and np.shape(a) == np.shape(b)
    except (TypeError, ValueError):
        return False


def _body(code):
    """関数の中身: 命令・名前・定数（行番号とファイル名を除く）。"""
    inner = [_body(each) if isinstance(each, types.CodeType) else each for each in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, repr(inner)
