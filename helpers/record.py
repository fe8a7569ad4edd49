"""学習の進み具合: 済んだ小テストと演習、模擬試験の得点を、学習者の手元のファイルに覚える。

ノートブックには何も書かない。ファイルの場所は環境変数 KOUBAI_NOTES_PROGRESS で変えられる。
"""

import json
import os
from pathlib import Path

from platformdirs import user_data_path

EXAM = "模擬試験"
KEPT = 10  # 覚えておく得点の数


def progress_file():
    """進み具合のファイルの場所を返す。"""
    given = os.environ.get("KOUBAI_NOTES_PROGRESS")
    return Path(given) if given else user_data_path("koubai-notes") / "progress.json"


def done():
    """済んだ小テストと演習の名前の集合を返す。ファイルがない、または壊れているときは空。"""
    return {name for name, kept in _load().items() if kept is True and name != EXAM}


def mark_done(name):
    """項目 name を済みにする。ファイルに書けないときは、学習を止めずに続ける。"""
    if name not in done():
        _save({**_load(), name: True})


def scores():
    """模擬試験の得点（点, 問題の数）を返す。まだなら空の dict。

    "all" は古い順の最近 KEPT 回、"best" は最高（割合で比べ、同じなら新しいほう）。
    """
    kept = _load().get(EXAM)
    pairs = kept if isinstance(kept, dict) else {}
    every, best = pairs.get("all", [pairs.get("last")]), pairs.get("best")  # 前は last だけだった
    if isinstance(every, list) and every and all(map(_is_score, [*every, best])):
        return {"best": tuple(best), "all": [tuple(pair) for pair in every]}
    return {}


def told_scores():
    """模擬試験の得点を1行で返す。まだなら空の文字列。"""
    kept = scores()
    if not kept:
        return ""
    best, *every = (f"{right} / {count}" for right, count in (kept["best"], *kept["all"]))
    return f"最高 {best}、これまで {' → '.join(every)}"


def keep_score(right, count):
    """模擬試験の得点 right / count を覚える。"""
    kept = scores()
    best = kept.get("best", (0, count))
    if right * best[1] >= best[0] * count:
        best = (right, count)
    every = [*kept.get("all", []), (right, count)][-KEPT:]
    _save({**_load(), EXAM: {"best": best, "all": every}})


def reset():
    """進み具合をすべて消す。ファイルを消せないときは、そう表示して続ける。"""
    try:
        progress_file().unlink(missing_ok=True)
    except OSError as error:
        print(f"進み具合を消せませんでした（{error}）。")


def _load():
    """ファイルの中身を、名前から、済み（True）か得点への dict で返す。読めないときは空。"""
    try:
        kept = json.loads(progress_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if isinstance(kept, list):  # 得点を覚えなかったころの、済んだ名前のリスト
        kept = {name: True for name in kept if isinstance(name, str)}
    return kept if isinstance(kept, dict) else {}


def _save(kept):
    """kept をファイルに書く。書けないときは、そう表示して続ける。"""
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(kept, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        print(f"進み具合を保存できませんでした（{error}）。学習はそのまま続けられます。")


def _is_score(pair):
    """pair が得点の組（点, 問題の数）なら True。"""
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(number) is int for number in pair)
        and 0 <= pair[0] <= pair[1]
        and pair[1] > 0
    )
