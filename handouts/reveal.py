"""reveal.js as the package sphinx-revealjs has it, with the speaker's view in Japanese."""

from importlib.util import find_spec
from pathlib import Path

NOTES = {
    'lang=\\"en\\"': 'lang=\\"ja\\"',
    "reveal.js - Speaker View": "発表者の画面",
    "Loading speaker view...": "発表者の画面を開いています。",
    ">Upcoming<": ">次のスライド<",
    ">Time <": ">経過時間 <",
    "Click to Reset": "押すと 0 に戻る",
    "0:00 AM": "0:00",
    "'en-US', { hour12: true,": "'ja-JP', { hour12: false,",
    "Pacing – Time to finish current slide": "このスライドの残り時間",
    ">Notes<": ">話すこと<",
    "'Layout'": "'配置'",
    "'Default'": "'標準'",
    "'Wide'": "'横長'",
    "'Tall'": "'縦長'",
    "'Notes only'": "'話すことだけ'",
    "Cross origin error.<br>The speaker window can only be opened from the same origin.": (
        "発表者の画面は、スライドのページで S キーを押して開いてください。"
    ),
    "Error connecting to main window.<br>Please try closing and reopening the speaker view.": (
        "スライドとつながりません。この画面を閉じて、もう一度 S キーを押してください。"
    ),
    "Speaker view popup failed to open.": "発表者の画面を開けません。",
    " Please make sure popups are allowed and reopen the speaker view.": (
        "ブラウザの設定でポップアップを許して、もう一度 S キーを押してください。"
    ),
    "method: 'next' }": "method: 'right' }",  # the next slide of the main line
}
SCRIPT = {
    '"previous slide"': '"前のスライド"',
    '"next slide"': '"次のスライド"',
    '"above slide"': '"上のスライド"',
    '"below slide"': '"下のスライド"',
}


def reveal():
    """Return style, script and speaker's view. ValueError: a text to translate is not there."""
    folder = Path(find_spec("sphinx_revealjs").origin).parent / "_static" / "revealjs"
    css, script, notes = (
        (folder / file).read_text(encoding="utf-8")
        for file in ("dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")
    )
    return {"css": css, "script": translated(script, SCRIPT), "notes": translated(notes, NOTES)}


def translated(text, words):
    """Return a text in which the values of a dict replace its keys, which must be there."""
    for english, japanese in words.items():
        if english not in text:
            raise ValueError(
                f"reveal.js に「{english}」がありません。handouts/reveal.py を直します。"
            )
        text = text.replace(english, japanese)
    return text
