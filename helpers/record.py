"""学習の進み具合: 済んだ小テストと演習を、学習者の手元のファイルに覚える。

ノートブックには何も書かない。ファイルの場所は環境変数 KOUBAI_NOTES_PROGRESS で変えられる。
"""

import json
import os
from pathlib import Path

from platformdirs import user_data_path


def progress_file():
    """進み具合のファイルの場所を返す。"""
    given = os.environ.get("KOUBAI_NOTES_PROGRESS")
    return Path(given) if given else user_data_path("koubai-notes") / "progress.json"


def done():
    """済んだ項目の名前の集合を返す。ファイルがない、または壊れているときは空。"""
    try:
        names = json.loads(progress_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def mark_done(name):
    """項目 name を済みにする。ファイルに書けないときは、学習を止めずに続ける。"""
    names = done()
    if name in names:
        return
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(sorted(names | {name}), ensure_ascii=False), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        print(f"進み具合を保存できませんでした（{error}）。学習はそのまま続けられます。")


def reset():
    """進み具合をすべて消す。ファイルを消せないときは、そう表示して続ける。"""
    try:
        progress_file().unlink(missing_ok=True)
    except OSError as error:
        print(f"進み具合を消せませんでした（{error}）。")
