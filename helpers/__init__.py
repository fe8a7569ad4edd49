"""勾配ノートの部品。`from helpers import gradient_descent` のように使う。

どの部品がどのファイルにあるかは __init__.pyi が言い、部品は、初めて使うときに読み込まれる。
絵とウィジェットの部品を使わなければ、matplotlib と ipywidgets は始まらない。
"""

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name):
    """部品 name を読み込んで返す。ない名前は AttributeError。"""
    if name not in __all__:
        raise AttributeError(f"helpers に {name} はありません。")
    return _load(name)
