"""画面に出すものの約束: 表示データの種類の名前、動く部品の表示データ、絵の幅。"""

CSS_DPI = 96  # 画面に置くときの 1 インチの画素数

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
# 配布資料とスライドを作るときだけ、カーネルが表示データに加えるもの
LIVE = "application/vnd.koubai.live+json"
# ノートブックを実行し直すときだけ、カーネルが動く図の表示データに加えるもの
POSITIONS = "application/vnd.koubai.positions+json"
QUIZ = "application/vnd.koubai.quiz+json"
EXAM = "application/vnd.koubai.exam+json"


def css_size(figure):
    """図を画面に置くときの (幅, 高さ) を、CSS の画素数で返す。"""
    width, height = figure.get_size_inches() * CSS_DPI
    return round(width), round(height)


def layout_of(figure):
    """図の絵を置く部品の layout を返す: css_size の幅で、狭い画面では縮む。"""
    width, _ = css_size(figure)
    return {"width": f"{width}px", "max_width": "100%", "height": "auto"}


def live_bundle(box, fallback):
    """動く部品 box の表示データを返す。fallback: カーネルなしで見せるもの（種類: 内容）。"""
    return {WIDGET_VIEW: box._repr_mimebundle_()[WIDGET_VIEW], **fallback}
