"""採点: 学習者の関数を見えない入力で試し、結果 Verdict を返す。

調べる順: 例外、引数の書き換え、未回答、正解、演習ごとの誤り、返す値の形、呼ぶたびに変わる値、
どの演習でも起こる誤り、使っていない引数。どれでもなければ「値が違う」。
"""

import copy
import dis
import itertools
import traceback
from dataclasses import dataclass
from types import CodeType, GeneratorType

import numpy as np

from helpers.checks import accepts
from helpers.exercises.values import brief, close, describe, fit, form, is_many, same

RANDOM_NAMES = {"random", "rng", "default_rng", "shuffle", "permutation", "choice", "sample"}
RANDOM_NAMES |= {"rand", "randn", "randint", "normal", "standard_normal", "uniform"}


@dataclass(frozen=True)
class Verdict:
    """採点の結果。name は 正解・未回答・例外・中断 か、誤りの名前。"""

    name: str
    hint: str = ""

    def __str__(self):
        if self.name in ("正解", "未回答"):
            return f"{self.name}　{self.hint}".rstrip()
        return f"不正解【{self.name}】{self.hint}"


RIGHT = Verdict("正解")

# どの演習でも起こる誤り: (名前, 手がかり, 正しい値 → 誤った値)
CHANGES = (
    ("符号が逆", "足す・引く、引く順番を見直してください。", np.negative),
    ("絶対値をとっている", "値は負にもなります。符号を残してください。", np.abs),
    ("成分の順が逆", "並べる順番を見直してください。", lambda a: np.asarray(a)[::-1]),
    ("軸が逆", "行と列が入れ替わっています。", np.transpose),
    ("2乗のままになっている", "最後の値は、正しい値の2乗です。", np.square),
    ("平方根をとっている", "最後に平方根をとる必要はありません。", np.sqrt),
    ("分子と分母が逆", "返した値は、正しい値の逆数です。", np.reciprocal),
    ("小数を切り捨てている", "整数にせず、float のまま返してください。", np.trunc),
    ("小数を切り捨てている", "整数にせず、float のまま返してください。", np.floor),
    *(
        ("丸めている", "途中でも最後でも、値は丸めません。", lambda a, d=d: np.round(a, d))
        for d in range(7)
    ),
    ("最後の成分が 0 のまま", "繰り返しの回数と、代入する位置を確かめてください。",
     lambda a: _with_zero(a, -1)),
    ("最初の成分が 0 のまま", "繰り返しの回数と、代入する位置を確かめてください。",
     lambda a: _with_zero(a, 0)),
)  # fmt: skip

# 違う場所: (名前, 成分ごとの正誤 → そこだけ違えば True)
PLACES = (
    ("最後の成分だけ違う", lambda ok: not ok[-1] and ok.count(False) == 1),
    ("最初の成分だけ違う", lambda ok: not ok[0] and ok.count(False) == 1),
    ("最初の成分しか合っていない", lambda ok: ok[0] and ok.count(True) == 1),
    ("最後の成分しか合っていない", lambda ok: ok[-1] and ok.count(True) == 1),
)


def _with_zero(array, index):
    array = np.array(array, dtype=np.float64)
    array[index] = 0
    return array


def diagnose(function, exercise):
    """関数を演習の全部の入力で試し、Verdict を返す。学習者の例外で止まることはない。

    まず、入力の配列を全部 float64 にして試す。正解なら、整数の配列やリストのままでも試す。
    """
    cases = exercise.cases()
    verdict = _try_all(function, exercise, [tuple(map(_as_float, given)) for given in cases])
    if verdict != RIGHT:
        return verdict
    for given in cases:
        verdict = _try_all(function, exercise, [given])
        if verdict.name in ("中断", "引数を書き換えている"):
            return verdict
        if verdict != RIGHT:
            kind = "リスト" if any(isinstance(value, list) for value in given) else "整数の配列"
            return Verdict(
                f"{kind}のまま計算している",
                f"float の配列なら正解です。{kind}を渡したときも、計算の前に float の配列に"
                f"なるようにしてください（入力: {describe(given, exercise.parameters)}）。",
            )
    return RIGHT


def _as_float(value):
    """整数の配列かリストなら float64 の配列を、そのほかはそのまま返す。"""
    whole = isinstance(value, np.ndarray) and value.dtype.kind in "iu"
    return np.array(value, dtype=np.float64) if whole or isinstance(value, list) else value


def _try_all(function, exercise, cases):
    """関数を入力 cases で試し、Verdict を返す。"""
    names = exercise.parameters
    if not accepts(function, *names):
        return Verdict(
            "引数の数が違う", f"受け取る引数は {', '.join(names)} の {len(names)} 個です。"
        )
    results = []
    for given in cases:
        arguments = copy.deepcopy(given)
        result = _call(function, arguments, lambda given=given: describe(given, names))
        if isinstance(result, Verdict):
            return result
        if not same(arguments, given):
            return Verdict(
                "引数を書き換えている",
                "呼び出した人の配列が変わりました。x -= … や x[i] = … は元の配列を書き換えます。",
            )
        results.append(result)
    if all(result is None or result is ... for result in results):
        return _nothing_returned(function, results)
    return _judge(function, exercise, cases, results)


def _call(function, arguments, describe_input):
    """学習者の関数を呼び、結果の写しを返す。未完成なら ... を、例外か中断なら Verdict を返す。"""
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
            if isinstance(result, GeneratorType):
                result = list(result)
            return copy.deepcopy(result)
    except NotImplementedError:
        return ...
    except KeyboardInterrupt:
        return Verdict("中断", "計算が止められました。終わらない繰り返しがありませんか。")
    except (Exception, SystemExit) as error:
        place = f"{_line(error, function)}入力: {describe_input()}"
        message = f"{type(error).__name__}: {error!s:.200}"
        return Verdict("例外", f"あなたのコードで {message}（{place}）")


def _line(error, function):
    """学習者のコードで例外が起きた行を「3 行目、」の形で返す。分からなければ空。"""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if code and frame.filename == code.co_filename]
    return f"{lines[-1]} 行目、" if lines else ""


def _nothing_returned(function, results):
    """どの入力でも値が返らなかったときの Verdict を返す。"""
    code = getattr(function, "__code__", None)
    if ... in results or not isinstance(code, CodeType) or _is_empty(code):
        return Verdict(
            "未回答", "関数の中身を書いて、return で値を返してください（print では返りません）。"
        )
    return Verdict(
        "何も返していない",
        "どの入力でも return に届きません（print では返りません）。"
        "if の条件や、比べる言葉のつづり・大文字小文字も確かめてください。",
    )


def _is_empty(code):
    """引数も、ほかの名前も使わない関数（... や pass だけ）なら True。"""
    return not any(step.opname.startswith(("LOAD_FAST", "LOAD_GLOBAL", "LOAD_NAME", "STORE"))
                   for step in dis.get_instructions(code))  # fmt: skip


def _judge(function, exercise, cases, results):
    """入力 cases での学習者の結果 results から Verdict を返す。"""
    answers = [exercise.answer(*given) for given in cases]
    fitted = [fit(result, answer) for result, answer in zip(results, answers, strict=True)]
    if _all_same(fitted, answers):
        return _list_returned(exercise, results[0], answers[0]) or RIGHT
    for fault in exercise.faults:
        if _agrees(fault.wrong(exercise.answer), cases, fitted):
            return Verdict(fault.name, fault.hint)
    if _wrong_order(fitted, answers):
        return Verdict("返す順番が違う", "値は合っています。返す順番を確かめてください。")
    wrong_form = _wrong_form(exercise, cases, fitted, answers)
    changing = _changing(function, cases[0], results[0], keep_form=wrong_form is not None)
    return (
        changing
        or wrong_form
        or _general_fault(exercise, fitted, answers)
        or _unused_argument(function, exercise, cases, results)
        or _two_faults(exercise, cases, fitted)
        or _wrong_place(exercise, cases, fitted, answers)
        or _different_value(exercise, cases, fitted, answers)
    )


def _agrees(function, cases, results):
    """関数の結果がどの入力でも results と同じなら True。例外が起きれば False。"""
    try:
        with np.errstate(all="ignore"):
            return all(
                same(result, function(*copy.deepcopy(given)))
                for given, result in zip(cases, results, strict=True)
            )
    except Exception:
        return False


def _results(function, cases):
    """関数の結果を並べて返す。例外が起きれば空のリスト。"""
    try:
        with np.errstate(all="ignore"):
            return [function(*copy.deepcopy(given)) for given in cases]
    except Exception:
        return []


def _all_same(results, values):
    return len(results) == len(values) and all(map(same, results, values))


def _two_faults(exercise, cases, fitted):
    """演習ごとの誤りが2つ重なっていれば、その Verdict を返す。"""
    for one, other in itertools.permutations(exercise.faults, 2):
        if other.rewrites:
            continue
        both = one + other
        try:
            wrong = both.wrong(exercise.answer)
        except (ValueError, SyntaxError):  # 同じところを変える誤りは重ならない
            continue
        if _agrees(wrong, cases, fitted):
            return Verdict(both.name, both.hint)
    if isinstance(fitted[0], tuple):
        return _fault_of_each_part(exercise, cases, fitted)
    if isinstance(fitted[0], str):
        return None
    for fault in exercise.faults:
        if _agrees(fault.wrong(exercise.answer), cases, list(map(np.negative, fitted))):
            return Verdict(f"{fault.name}・符号が逆", f"誤りが2つあるようです。{fault.hint}")
    return None


def _fault_of_each_part(exercise, cases, fitted):
    """返す値ごとに別の誤りをしていれば、その Verdict を返す。"""
    named = {"正解": exercise.answer} | {f.name: f.wrong(exercise.answer) for f in exercise.faults}
    found = []
    for k, part in enumerate(exercise.returns):
        for name, wrong in named.items():
            if _agrees(lambda *given, f=wrong, k=k: f(*given)[k], cases, [r[k] for r in fitted]):
                found.append(f"{part} は{name}" if name == "正解" else f"{part} は「{name}」")
                break
    if len(found) < len(exercise.returns):
        return None
    return Verdict("・".join(found), "返す値ごとに、式を1つずつ見直してください。")


def _wrong_place(exercise, cases, fitted, answers):
    """違うところが、ある引数、返す値、言葉、成分に限られていれば、その Verdict を返す。"""
    hint = "ほかは合っています。そこの式や条件を見直してください。"
    triples = list(zip(cases, fitted, answers, strict=True))
    wrong = [triple for triple in triples if not same(*triple[1:])]
    for k, name in enumerate(exercise.parameters):
        words = {given[k] for given, _, _ in wrong if isinstance(given[k], str)}
        if len(words) == 1 and any(given[k] not in words for given in cases):
            return Verdict(f"{name} が {words.pop()} のときだけ違う", hint)
    if isinstance(answers[0], tuple):
        bad = {
            name
            for _, result, answer in wrong
            for name, a, b in zip(exercise.returns, result, answer, strict=True)
            if not same(a, b)
        }
        return Verdict(f"{bad.pop()} だけ違う", hint) if len(bad) == 1 else None
    if isinstance(answers[0], str):
        returned, missed = {triple[1] for triple in wrong}, {triple[2] for triple in wrong}
        if len(returned) == 1:
            return Verdict(f"「{returned.pop()}」を返しすぎている", hint)
        return Verdict(f"「{missed.pop()}」が足りない", hint) if len(missed) == 1 else None
    if isinstance(answers[0], np.ndarray):
        oks = [list(map(same, result, answer)) for _, result, answer in wrong]
        for place, holds in PLACES:
            if all(map(holds, oks)):
                return Verdict(place, hint)
    return None


def _list_returned(exercise, result, answer):
    """課題が配列と書いたところでリストを返していれば、その Verdict を返す。"""
    if len(exercise.returns) == 1:
        result, answer = [result], [answer]
    parts = zip(exercise.returns, result, answer, strict=True)
    if any(_gives_list(part, right) for name, part, right in parts if name in exercise.arrays):
        return Verdict(
            "リストを返している", "値は合っています。リストや組ではなく、配列で返してください。"
        )
    return None


def _gives_list(result, answer):
    """配列を返すところで、リストや組を返していれば True。"""
    if is_many(answer):
        return any(map(_gives_list, result, answer))
    return is_many(result)


def _wrong_order(fitted, answers):
    """正しい値を、別の順番で返していれば True。"""
    return isinstance(answers[0], tuple) and any(
        _all_same(fitted, [tuple(answer[i] for i in order) for answer in answers])
        for order in itertools.permutations(range(len(answers[0])))
    )


def _wrong_form(exercise, cases, fitted, answers):
    """返した値の種類か数か形が違えば、その Verdict を返す。"""
    words = list(dict.fromkeys(answer for answer in answers if isinstance(answer, str)))
    for given, result, answer in zip(cases, fitted, answers, strict=True):
        shown = describe(given, exercise.parameters)
        if result is None or result is ...:
            return Verdict("何も返さない場合がある", f"return に届かない入力があります: {shown}")
        if words and not (isinstance(result, str) and result in words):
            return Verdict(
                "言葉が違う",
                f"返す言葉は {'・'.join(words)} のどれかです（返ったもの: {brief(result)}）。",
            )
        if form(result) == form(answer):
            continue
        if isinstance(answer, tuple) and not (is_many(result) and len(result) == len(answer)):
            return _wrong_count(exercise, fitted, answers)
        hint = f"期待する形: {_named_form(exercise, answer)}。返った形: {form(result)}"
        return Verdict("返す値の形が違う", f"{hint}（入力: {shown}）。")
    return None


def _named_form(exercise, answer):
    """正しい値の形を、返す値の名前とともに返す。"""
    if len(exercise.returns) == 1:
        return form(answer)
    pairs = zip(exercise.returns, answer, strict=True)
    return "、".join(f"{name} は{form(part)}" for name, part in pairs)


def _wrong_count(exercise, fitted, answers):
    """返す値の数が違うときの Verdict を返す。"""
    wanted = f"返すのは {'、'.join(exercise.returns)} の {len(exercise.returns)} つです。"
    for k, name in enumerate(exercise.returns):
        parts = [answer[k] for answer in answers]
        if _all_same(list(map(fit, fitted, parts)), parts):
            return Verdict(f"{name} だけを返している", f"{wanted}{name} の値は合っています。")
    return Verdict("返す値の数が違う", f"{wanted}返ったのは {form(fitted[0])}です。")


def _changing(function, given, result, keep_form):
    """同じ入力で呼び直した値が変われば、その Verdict を返す。

    keep_form: 真なら、形まで変わるときに限る（形の誤りを先に知らせるため）。
    """
    again = _call(function, copy.deepcopy(given), str)
    if same(again, result) or (keep_form and form(again) == form(result)):
        return None
    if _names(getattr(function, "__code__", None)) & RANDOM_NAMES:
        return Verdict(
            "乱数を使っている",
            "同じ入力でも、呼ぶたびに値が変わります。この課題の答えは入力だけで決まります。",
        )
    return Verdict(
        "前に呼んだときの値が残っている",
        "同じ入力でも、呼ぶたびに値が変わります。使う変数は関数の中で作ってください。",
    )


def _names(code):
    """コードと、その中の関数が使う名前の集合を返す。"""
    if not isinstance(code, CodeType):
        return set()
    return set(code.co_names).union(*map(_names, code.co_consts))


def _general_fault(exercise, fitted, answers):
    """どの演習でも起こる誤りなら、その Verdict を返す。"""
    if isinstance(answers[0], str):
        return _wrong_words(fitted, answers)
    if not isinstance(answers[0], tuple):
        return _general_change(fitted, answers)
    columns = zip(exercise.returns, zip(*fitted, strict=True), zip(*answers, strict=True),
                  strict=True)  # fmt: skip
    wrong = [(name, a, b) for name, a, b in columns if not _all_same(a, b)]
    if len(wrong) == 1:
        ((name, results, values),) = wrong
        verdict = _general_change(results, values)
        return verdict and Verdict(f"{name}: {verdict.name}", f"ほかは合っています。{verdict.hint}")
    return None


def _wrong_words(results, answers):
    """返す言葉の誤りが、いつも同じか取り違えなら、その Verdict を返す。"""
    if len(set(results)) == 1:
        return Verdict(
            "いつも同じ言葉を返している", f"どの入力でも {brief(results[0])} が返りました。"
        )
    pairs = set(zip(answers, results, strict=True))
    if len(pairs) == len(set(answers)) == len(set(results)):
        return Verdict(
            "言葉が逆", "分け方は合っています。どの場合にどの言葉を返すか見直してください。"
        )
    return None


def _general_change(results, answers):
    """結果が正しい値を一様に変えたものなら、その Verdict を返す。"""
    for name, hint, change in CHANGES:
        if _all_same(results, _results(change, [(answer,) for answer in answers])):
            return Verdict(name, hint)
    if is_many(answers[0]):
        return None
    values, right = (np.hstack([np.ravel(part) for part in parts]) for parts in (results, answers))
    if not np.isfinite(values).all():
        return Verdict(
            "nan か inf になる場合がある", "0 で割るか、負の数の平方根を計算しています。"
        )
    if len(values) > 1 and close(values, values[0]):
        return Verdict("いつも同じ値を返している", "入力が変わっても値が変わりません。")
    if close(values, right, rtol=1e-2, atol=1e-5):
        return Verdict("誤差が大きい", "値が少しだけ違います。余計な小さい数や丸めはありませんか。")
    ratios = values[right != 0] / right[right != 0]
    if len(ratios) > 1 and close(ratios, ratios[0]) and close(values[right == 0], 0):
        return Verdict(
            "一定の倍率だけ違う", "どの入力でも同じ倍率です。掛ける数と割る数を確かめてください。"
        )
    return None


def _unused_argument(function, exercise, cases, results):
    """ある引数を変えても結果が変わらなければ、その Verdict を返す。"""
    for k, name in enumerate(exercise.parameters):
        changed = [(*given[:k], _another(given[k], cases, k), *given[k + 1 :]) for given in cases]
        moved = _results(exercise.answer, changed)
        if not moved or _all_same(moved, _results(exercise.answer, cases)):
            continue
        if _all_same(_results(function, changed), results):
            return Verdict(
                f"{name} を使っていない", f"引数 {name} を変えても、結果が変わりません。"
            )
    return None


def _another(value, cases, k):
    """引数 value の代わりに渡す、種類の同じ別の値を返す。"""
    if callable(value) or isinstance(value, str):
        others = [given[k] for given in cases if given[k] != value]
        return others[0] if others else value
    if isinstance(value, (int, tuple)):
        return value + 1 if isinstance(value, int) else tuple(part + 1 for part in value)
    value = np.asarray(value)
    return value * 1.25 + 0.125 * np.cos(np.arange(value.size)).reshape(value.shape)


def _different_value(exercise, cases, fitted, answers):
    """名前の付かない誤りの Verdict を返す。入力と、学習者の値を1つ見せる。"""
    triples = list(zip(cases, fitted, answers, strict=True))
    wrong = [(given, result) for given, result, answer in triples if not same(result, answer)]
    given, result = wrong[0]
    right = len(cases) - len(wrong)
    return Verdict(
        "値が違う",
        (f"{len(cases)} 通りの入力のうち {right} 通りは合っています。" if right else "")
        + f"入力が {describe(given, exercise.parameters)} のとき、"
        + f"あなたの値は {brief(result)} です。この入力で、式を1行ずつ手で計算して比べてください。",
    )
