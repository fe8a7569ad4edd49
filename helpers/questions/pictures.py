"""図を読む問題の絵。関数の名前が、問題の picture の値。どれも (図, 代替テキスト) を返す。"""

from helpers.figures import add_legend, draw_loss, subplots
from helpers.functions import square


def loss_curves_of_three_rates():
    """3つの学習率の損失の折れ線。"""
    figure, ax = subplots(width=5.5, height=3)
    steps = range(21)
    curves = (("A", 0.05, "#0072B2"), ("B", 0.4, "#D55E00"), ("C", 1.02, "#009E73"))
    for name, rate, color in curves:
        draw_loss(ax, [square([3 * (1 - 2 * rate) ** t]) for t in steps], name, color)
    ax.set(title="$f(x) = x^2$ の損失", xlim=(0, 20), ylim=(1e-8, 1e3))
    add_legend(figure)
    return figure, "損失の折れ線3本。A はゆっくり下がり、B は速く下がり、C はゆっくり上がる。"
