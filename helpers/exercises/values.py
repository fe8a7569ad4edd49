"""採点で使う値のこと: 種類をそろえる、比べる、学習者に読める文字列にする。"""

import numpy as np

from helpers.checks import as_array


def formula(text):
    """Python の式 text を x で計算する関数を返す。採点の結果には、この式が表示される。"""
    function = eval(f"lambda x: {text}", {"np": np})
    function.formula = text
    return function


def is_many(value):
    """リストか組なら True。"""
    return isinstance(value, (list, tuple))


def unwrap(value):
    """軸のない配列（np.select の結果など）なら中の値を、そのほかはそのまま返す。"""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def fit(result, answer):
    """結果を、正しい結果 answer と比べられる種類（配列か組）にそろえて返す。"""
    result = unwrap(result)
    if isinstance(answer, np.ndarray) and is_many(result):
        array = as_array(result)
        return array.astype(np.float64) if array.dtype.kind in "biuf" else result
    if not is_many(answer):
        return result
    if isinstance(answer, tuple) and _is_one_array(result, answer):
        return np.array(result, dtype=np.float64)
    if isinstance(result, np.ndarray) or is_many(result):
        parts = list(result)
        if len(parts) == len(answer):
            parts = map(fit, parts, answer)
        return tuple(parts)
    return result


def _is_one_array(result, answer):
    """配列をいくつか返すところで、数の並びを1つだけ返していれば True。"""
    array = as_array(result)
    return array.dtype.kind in "biuf" and array.ndim == 1 and np.ndim(answer[0]) > 0


def same(a, b):
    """2つの結果が、形も値も（小さな丸めを除いて）同じなら True。関数どうしは問わない。"""
    if callable(a) or callable(b):
        return callable(a) and callable(b)
    if form(a) != form(b):
        return False
    if form(a).startswith(("なし", "数でないもの")):
        return True
    if is_many(a):
        return all(map(same, a, b))
    if isinstance(a, str):
        return a == b
    return close(a, b)


def close(a, b, rtol=1e-6, atol=1e-8):
    """形の同じ2つの数か配列の差が、どの成分でも atol + rtol·|b| 以内なら True。"""
    return bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))


def form(value):
    """値の種類と形を日本語で返す。"""
    if value is None:
        return "なし"
    if isinstance(value, str):
        return "文字列"
    if _holds_itself(value):
        return "数でないもの（自分自身を含むリスト）"
    if is_many(value):
        forms = list(map(form, value))
        if forms and forms.count(forms[0]) == len(forms) > 2:
            return f"{len(value)} 個の値（どれも{forms[0]}）"
        return f"{len(value)} 個の値（{'、'.join(forms)}）" if forms else "空のリスト"
    array = as_array(value)
    if array.dtype.kind not in "biuf":
        return f"数でないもの（{type(value).__name__}）"
    return "数1つ" if array.ndim == 0 else f"形 {array.shape} の配列"


def _holds_itself(value, outer=()):
    """リストや組が、いくつか内側に自分自身を含んでいれば True。"""
    if not is_many(value):
        return False
    outer = (*outer, id(value))
    return any(id(part) in outer or _holds_itself(part, outer) for part in value)


def brief(value):
    """値を短い文字列で返す。"""
    if callable(value):
        if hasattr(value, "formula"):
            return f"lambda x: {value.formula}"
        name = getattr(value, "__name__", "<lambda>")
        return "関数" if name == "<lambda>" else f"関数 {name}"
    if isinstance(value, np.ndarray):
        text = np.array2string(
            value, precision=4, separator=", ", threshold=12, suppress_small=_is_plain(value)
        )
        return " ".join(text.split())
    if is_many(value) and not _holds_itself(value):
        left, right = "()" if isinstance(value, tuple) else "[]"
        return left + ", ".join(map(brief, value[:6])) + (", …" if value[6:] else "") + right
    if isinstance(value, np.generic):
        value = value.item()
    return f"{value:.6g}" if isinstance(value, float) else f"{value!r:.80}"


def _is_plain(array):
    """小さすぎて 0 と表示される成分がなければ True。"""
    if array.dtype.kind != "f":
        return True
    size = np.abs(np.asarray(array))
    return not ((size > 0) & (size < 1e-4)).any()


def describe(arguments, names):
    """引数の組を「x = 3, h = 0.1」のような短い文字列で返す。"""
    return ", ".join(
        f"{name} = {brief(value)}" for name, value in zip(names, arguments, strict=True)
    )
