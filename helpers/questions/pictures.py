"""図を読む問題の絵。関数の名前が、問題の picture の値。どれも (図, 代替テキスト) を返す。"""

import numpy as np

from helpers.descent import gradient_descent
from helpers.figures import (
    add_legend,
    draw_arrows,
    draw_contour,
    draw_curve,
    draw_loss,
    draw_path,
    subplots,
)
from helpers.functions import (
    function_2,
    himmelblau,
    plateau,
    saddle_with_minima,
    sigmoid,
    square,
    valley,
)
from helpers.gradient import numerical_derivative
from helpers.optimizers import SGD, AdaGrad, Momentum, RMSprop
from helpers.schedules import cosine_decay, exponential_decay, step_decay, warmup


def __getattr__(name):
    """問題の picture に、ここにない名前が書かれていたときの知らせ。"""
    raise AttributeError(f"図の関数 {name} が helpers/questions/pictures.py にありません。")


# 折れ線 A から D の色と線。色から答えが分からないように、手法の色とは別にする
LINES = {
    "A": ("#332288", "-"),
    "B": ("#CC3377", "--"),
    "C": ("#664400", "-."),
    "D": ("#6B7A00", ":"),
}


def loss_curves_of_three_rates():
    """3つの学習率の損失の折れ線。"""
    figure, ax = subplots(width=5.5, height=3)
    steps = range(21)
    for name, rate in (("A", 0.05), ("B", 0.4), ("C", 1.02)):
        color, style = LINES[name]
        values = [square([3 * (1 - 2 * rate) ** t]) for t in steps]
        draw_loss(ax, values, name, color).set_linestyle(style)
    ax.set(title="$f(x) = x^2$ の損失", xlim=(0, 20), ylim=(1e-8, 1e3))
    ax.set_xticks(range(0, 21, 5))
    add_legend(figure)
    return figure, "損失の折れ線3本。A はゆっくり下がり、B は速く下がり、C はゆっくり上がる。"


def losses_of_training_and_validation():
    """過学習する学習の、訓練データと検証データの損失。"""
    figure, ax = subplots(width=5.5, height=3)
    epochs = np.arange(41)
    ax.plot(epochs, 1.7 * np.exp(-epochs / 8) + 0.1, "-", color="#332288", label="訓練")
    valid = 1.2 * np.exp(-epochs / 5) + 0.012 * epochs + 0.6
    ax.plot(epochs, valid, "--", color="#CC3377", label="検証")
    ax.set(title="損失", xlabel="エポック", xlim=(0, 40), ylim=(0, 2))
    ax.set_xticks(range(0, 41, 5))
    ax.grid(visible=True, axis="x")
    add_legend(figure)
    return (
        figure,
        "損失の折れ線2本。訓練は下がり続ける。検証は 15 エポックで最小になり、そのあと増える。",
    )


def errors_of_two_differences():
    """sin の x = 1 での前進差分 A と中心差分 B の誤差。"""
    figure, ax = subplots(width=5.5, height=3.6)
    steps = 10.0 ** -np.arange(1, 13)
    for name, method, style in (("A", "forward", "o-"), ("B", "central", "s--")):
        slopes = np.array([numerical_derivative(np.sin, 1, h, method) for h in steps])
        ax.loglog(steps, abs(slopes - np.cos(1)), style, label=name)
    ax.set(title="刻み幅と誤差", xlabel="刻み幅 $h$", ylabel="誤差")
    add_legend(figure)
    return figure, (
        "両対数の折れ線2本。横軸は刻み幅 h、縦軸は誤差。右端から h を 1/10 にするたびに、"
        "A の誤差は約 1/10、B の誤差は約 1/100 になる。A は h が 1e-8、B は 1e-5 のあたりが底で、"
        "それより左では h が小さいほど誤差が増える。"
    )


def points_on_a_cubic():
    """3次関数のグラフの上の4点。"""
    figure, ax = subplots(width=5.5, height=3)

    def f(x):
        return x**3 / 3 - x

    draw_curve(ax, f, (-2.3, 2.5))
    for name, x in (("P", -1.0), ("Q", 0.0), ("R", 1.0), ("S", 2.0)):
        _name_point(ax, name, (x, f(x)), shift=(-4, 9))
    ax.set(title="$f$ のグラフと4つの点", ylim=(-2, 2.4))
    return figure, (
        "曲線は左から上がって、点 P (−1, 0.67) で山の頂上になり、点 Q (0, 0) を通って、"
        "点 R (1, −0.67) で谷の底になり、点 S (2, 0.67) を通って上がっていく。"
    )


def arrows_on_labelled_contours():
    """値を書いた同心円の等高線と、中心を向く8本の矢印。"""
    figure, ax = subplots(width=5.5, height=4)

    def f(x):
        return 8 - x[0] ** 2 - x[1] ** 2

    _labelled_contours(ax, f, ((-3.2, 3.2), (-3.2, 3.2)), (0, 2, 4, 6))
    angles = np.arange(8) * np.pi / 4 + np.pi / 8
    points = 2.65 * np.array([np.cos(angles), np.sin(angles)])
    draw_arrows(ax, points, -2 * points, "矢印", "#333333", scale=0.2)
    ax.set_title("$f$ の等高線と矢印")
    return figure, (
        "同心円の等高線。数値は f の値で、内側から外側へ 6、4、2、0 と減り、間隔は外側ほど狭い。"
        "8本の矢印は、外側の点から円の中心へ向かう。"
    )


def four_arrows_at_a_point():
    """楕円の等高線の上の点 P から出る、同じ長さの4本の矢印。"""
    figure, ax = subplots(width=5.5, height=3.8)

    def f(x):
        return x[0] ** 2 / 8 + x[1] ** 2

    _labelled_contours(ax, f, ((-1.5, 6.5), (-2.4, 3.1)), (1, 2, 3, 5, 7))
    point = np.array([4.0, 1.0])
    for name, arrow in (("A", (2, -1)), ("B", (-4, -1)), ("C", (1, 2)), ("D", (-1, -2))):
        unit = np.array(arrow) / np.hypot(*arrow)
        draw_arrows(ax, point, 1.5 * unit, name, "#333333")
        ax.text(*(point + 1.85 * unit), name, ha="center", va="center", fontsize=13)
    _name_point(ax, "P", point, shift=(-8, 5))
    ax.set_title("$f$ の等高線と、点 P から出る矢印")
    return figure, (
        "原点を中心とする横長の楕円の等高線。値は原点に近いほど小さい。"
        "点 P (4, 1) から出る4本の矢印の向きは、A が (2, −1)、B が (−4, −1) で原点を向き、"
        "C が (1, 2)、D が (−1, −2)。"
    )


def directional_derivatives_by_angle():
    """ある点の方向微分を、向きの角度に対して。"""
    figure, ax = subplots(width=5.5, height=3)
    angles = np.arange(361)
    color, _ = LINES["A"]
    ax.plot(angles, 3 * np.cos(np.deg2rad(angles)) + 4 * np.sin(np.deg2rad(angles)), color=color)
    ax.set(title="方向微分", xlabel=r"$\theta$（度）", xlim=(0, 360), ylim=(-6, 6))
    ax.set_xticks(range(0, 361, 45))
    return figure, (
        "角度 0 度から 360 度までの方向微分の曲線。0 度で 3、90 度で 4、180 度で −3、270 度で −4。"
        "最大は 45 度と 90 度の間で 5、最小は 225 度と 270 度の間で −5。"
    )


def steep_coordinate_of_three_methods():
    """細長い谷での、3つの手法の x1 の変化。"""
    figure, ax = subplots(width=5.5, height=3.4)
    for name, lr, optimizer, style in (
        ("A", 1.5, AdaGrad(), "o-"),
        ("B", 0.95, SGD(), "s--"),
        ("C", 0.1, Momentum(), "^-"),
    ):
        _, x_history = gradient_descent(
            valley, [-7, 2], lr, 20, optimizer=optimizer, grad=valley.grad
        )
        ax.plot(x_history[:, 1], style, ms=5, label=name)
    ax.axhline(0, color="#888888", lw=1)
    ax.set(title="$x_1$ の変化", xlabel="ステップ", ylabel="$x_1$", xlim=(0, 20), ylim=(-2.2, 2.2))
    ax.set_xticks(range(0, 21, 5))
    add_legend(figure)
    return figure, (
        "横軸はステップ、縦軸は x1 の折れ線3本。どれも 2 から始まる。"
        "A は 0 をまたがずに 0 へ近づく。"
        "B は1ステップごとに正と負を入れ替えながら、少しずつ小さくなる。"
        "C は何ステップもかけて負になり、また正になる、ゆるやかな波を描く。"
    )


def four_points_in_a_valley():
    """谷の等高線の上の、今の点 P、勾配で進んだ点 Q、速度で進んだ点 R、極小 S。"""
    figure, ax = subplots(width=5.5, height=3)
    draw_contour(ax, lambda x: valley(x), ((-5.2, 1.2), (-1.7, 1.6)), level_num=10)
    start, velocity, drop = np.array([[-4.0, 0.9], [1.8, -1.62], [0.16, -0.72]])
    draw_arrows(ax, start, velocity, r"$\alpha v$", "#0072B2")
    draw_arrows(ax, start, drop, r"$-\eta\nabla f(x)$", "#009E73")
    for name, point, shift in (
        ("P", start, (-10, 6)),
        ("Q", start + drop, (-10, -16)),
        ("R", start + velocity, (10, -6)),
        ("S", (0, 0), (8, 6)),
    ):
        _name_point(ax, name, point, shift)
    ax.set_title("谷の等高線と4つの点")
    add_legend(figure)
    return figure, (
        "細長い谷の等高線。今の点 x は P (−4, 0.9)。"
        "矢印 αv は P から、谷の底を越えた点 R (−2.2, −0.72) へ、"
        "矢印 −η∇f(x) は P から点 Q (−3.84, 0.18) へ向かう。点 S は極小 (0, 0)。"
    )


def passing_a_saddle_from_three_offsets():
    """鞍点のそばを通る3つの実行の f の変化。"""
    figure, ax = subplots(width=5.5, height=3.4)
    for name, offset, style in (("A", 1e-3, "-"), ("B", 1e-6, "--"), ("C", 1e-9, "-.")):
        f = saddle_with_minima
        _, x_history = gradient_descent(f, [1, offset], 0.1, 250, grad=f.grad)
        ax.plot(f(x_history.T), style, lw=2, label=name)
    ax.axhline(-0.24, color="#888888", lw=1, ls=":")
    ax.set(title="$f$ の変化（点線は $f = -0.24$）", xlabel="ステップ", ylabel="$f$")
    ax.set(xlim=(0, 250), ylim=(-0.3, 0.55))
    add_legend(figure)
    return figure, (
        "f の折れ線3本。どれも 0.5 から 0 へ下がり、0 のそばで長く平らになってから、"
        "−0.25 へ下がる。−0.24 を下回るのは、A が 79、B が 152、C が 224 ステップ目。"
    )


def four_points_on_contours():
    """臨界点3つと斜面の点1つを含む等高線。"""
    figure, ax = subplots(width=5.5, height=4.2)

    def f(x):
        return x[0] ** 3 / 3 - x[0] + x[1] ** 3 / 3 - x[1]

    levels = (-1.2, -0.9, -0.5, 0, 0.5, 0.9, 1.2)
    places = [(1, 0.65), (1, 1.6), (0, 1), (0.5, -0.5), (-0.5, 0.5), (0.1, -1), (-1, -1.6)]
    places += [(-1, -1.35), (1, -1.7), (-1.7, 1), (-1, 1.8), (1.8, -1)]
    _labelled_contours(ax, f, ((-1.9, 1.9), (-1.9, 1.9)), levels, places)
    for name, point in (("P", (-1, -1)), ("Q", (0, 0)), ("R", (1, 1)), ("S", (-1, 1))):
        _name_point(ax, name, point)
    ax.set_title("$f$ の等高線と4つの点")
    return figure, (
        "値を書いた等高線。P は輪の等高線に囲まれ、外ほど値が小さい。R は輪の等高線に囲まれ、"
        "外ほど値が大きい。Q では等高線が平行に並び、P の側ほど値が大きい。"
        "S では値 0 の等高線が2本交わり、S から左右へ進むと値が減り、上下へ進むと値が増える。"
    )


def cuts_through_a_critical_point():
    """2次関数の臨界点を通る断面2本。"""
    figure, ax = subplots(width=5.5, height=3.4)
    distance = np.linspace(-2, 2, 81)
    for name, curvature in (("A", 2), ("B", 5)):
        color, style = LINES[name]
        ax.plot(distance, curvature / 2 * distance**2, style, color=color, label=name, lw=2)
    ax.set(title="原点を通る断面", xlabel="$s$", ylabel="$f$", xlim=(-2, 2), ylim=(0, 10))
    ax.set_yticks((0, 2, 4, 6, 8, 10))
    add_legend(figure)
    return figure, (
        "横軸が s、縦軸が f の放物線2本。どちらも s = 0 で 0 になり、上に開く。"
        "s が −2 と 2 のとき、A は 4、B は 10。"
    )


def distances_on_the_plateau():
    """平らな裾野を下る3つの手法の、極小までの距離。"""
    figure, ax = subplots(width=5.5, height=3)
    for name, optimizer in (("A", SGD()), ("B", RMSprop()), ("C", Momentum())):
        _, x_history = gradient_descent(
            plateau, [10.0], 0.1, 3000, optimizer=optimizer, grad=plateau.grad
        )
        color, style = LINES[name]
        draw_loss(ax, abs(x_history[:, 0]), name, color).set_linestyle(style)
    ax.set(title="$f(x) = x^2/(1+x^2)$ の極小までの距離", ylabel="$|x|$")
    ax.set(xscale="log", xlim=(1, 3000), ylim=(1e-6, 1e2))
    add_legend(figure)
    return figure, (
        "横軸がステップ（対数）、縦軸が距離（対数）の折れ線3本。"
        "A は 3000 ステップまでほとんど下がらない。"
        "B は 70 ステップ目に枠の下まで落ちるが、すぐ戻って 0.05 で水平になる。"
        "C はずっと長く高いままで、1558 ステップ目に枠の下まで落ちて戻らない。"
    )


def steps_by_learning_rate():
    """2次関数の極小に着くまでのステップ数を、学習率に対して。"""
    figure, ax = subplots(width=5.5, height=3)
    rates = np.round(np.arange(0.02, 0.5, 0.01), 2)
    steps = []
    for rate in rates:
        _, x_history = gradient_descent(lambda x: 2 * x[0] ** 2, [1.0], rate, 400)
        steps.append((abs(x_history[:, 0]) < 1e-3).argmax())
    ax.plot(rates, steps, color=LINES["A"][0])
    ax.set(title="着くまでのステップ数", xlabel=r"$\eta$", xlim=(0, 0.6), ylim=(0, 200))
    ax.axvline(0.5, color="#888888", ls=":", label="_")
    return figure, (
        "学習率とステップ数の曲線。学習率が 0 に近いときと 0.5 に近いときに急に増え、"
        "0.25 で最も少ない。0.5 に点線があり、その右には曲線がない。"
    )


def noise_by_batch_size():
    """ミニバッチの勾配のばらつきを、バッチサイズに対して両対数で。"""
    figure, ax = subplots(width=5.5, height=3)
    sizes = 2.0 ** np.arange(11)
    ax.plot(sizes, 2 / np.sqrt(sizes), color=LINES["A"][0])
    ax.set(title="勾配のばらつき", xlabel="$B$", xscale="log", yscale="log")
    ax.set(xlim=(1, 1000), ylim=(0.02, 5))
    return figure, (
        "バッチサイズと、勾配の標準偏差の直線（両対数の目盛り）。"
        "バッチサイズ 1 で 2、100 で 0.2 と、右へ下がる。"
    )


def slopes_of_three_activations():
    """3つの活性化関数の微分。"""
    figure, ax = subplots(width=5.5, height=3)
    x = np.linspace(-4, 4, 801)
    curves = (
        ("A", 1 - np.tanh(x) ** 2),
        ("B", sigmoid(x) * (1 - sigmoid(x))),
        ("C", np.where(x > 0, 1.0, 0.1)),
    )
    for name, y in curves:
        color, style = LINES[name]
        ax.plot(x, y, style, color=color, label=name, lw=2)
    ax.set(title="活性化関数の微分", xlabel="$x$", xlim=(-4, 4), ylim=(-0.1, 1.3))
    add_legend(figure)
    return figure, (
        "x が −4 から 4 までの曲線3本。A は x = 0 で 1 の山で、両端では 0 に近い。"
        "B は x = 0 で 0.25 の低い山。C は、x が負なら 0.1、正なら 1 の段。"
    )


def sizes_through_relu_layers():
    """2つの初期値での、ReLU の層の出力の2乗の平均。"""
    figure, ax = subplots(width=5.5, height=3.4)
    layers = np.arange(7)
    for name, factor, marker in (("A", 1, "o"), ("B", 1 / 4, "s")):
        color, style = LINES[name]
        ax.semilogy(layers, factor**layers, style, marker=marker, color=color, label=name)
    ax.set(title="出力の2乗の平均", xlabel="層", ylabel="$z^2$ の平均", ylim=(1e-4, 10))
    ax.set_yticks([1, 1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 1024, 1 / 4096])
    ax.set_yticklabels(["1", "1/4", "1/16", "1/64", "1/256", "1/1024", "1/4096"])
    ax.minorticks_off()
    add_legend(figure)
    return figure, (
        "横軸が層 0 から 6、縦軸が2乗の平均（対数）の折れ線2本。どちらも 1 から始まる。"
        "A は水平。B はまっすぐ下がり、層 1 で 1/4、層 2 で 1/16、層 6 で 1/4096 になる。"
    )


def four_schedules():
    """4つの学習率スケジュールの折れ線。"""
    figure, ax = subplots(width=5.5, height=3)
    schedules = {
        "A": step_decay(0.1, drop=0.5, every=25),
        "B": cosine_decay(0.1, 100),
        "C": exponential_decay(0.1, rate=0.95),
        "D": warmup(0.1, 20),
    }
    for name, schedule in schedules.items():
        color, style = LINES[name]
        ax.plot([schedule(t) for t in range(100)], style, color=color, label=name, lw=2)
    ax.set(title="学習率スケジュール", xlabel="$t$", ylabel=r"$\eta_t$", xlim=(0, 100))
    add_legend(figure)
    return figure, (
        "横軸がステップ 0 から 100、縦軸が学習率の折れ線4本。"
        "A は 25 ステップごとに段になって下がる。"
        "B は初めと終わりがゆるやかで、中ほどで速く下がり、100 で 0 に着く。"
        "C は初めに速く下がり、しだいにゆるやかになる。"
        "D は 20 ステップまでまっすぐ上がり、そのあと水平になる。"
    )


def points_of_a_swinging_descent():
    """極小をまたぎながら近づく実行の x の変化。"""
    figure, ax = subplots(width=5.5, height=3.4)
    color, style = LINES["A"]
    points = 4 * (-0.5) ** np.arange(7)
    ax.plot(points, style, marker="o", color=color, label="P")
    ax.axhline(0, color="#888888", lw=1)
    ax.set(title="$x$ の変化", xlabel="ステップ", ylabel="$x$", xlim=(0, 6), ylim=(-3, 5))
    ax.set_yticks(range(-3, 6))
    return figure, (
        "横軸はステップ、縦軸は x の折れ線。"
        "x は 4 から始まり、−2、1、−0.5 と、正と負を入れ替えながら小さくなる。"
    )


def two_paths_on_himmelblau():
    """Himmelblau 関数を同じ出発点から下る、2つの手法の道すじ。"""
    figure, ax = subplots(width=5.5, height=4.4)
    draw_contour(ax, himmelblau)
    runs = (("A", SGD(), "o"), ("B", Momentum(), "s"))
    for name, optimizer, marker in runs:
        _, x_history = gradient_descent(
            himmelblau, [0, 0], 0.01, 100, optimizer=optimizer, grad=himmelblau.grad
        )
        color, style = LINES[name]
        draw_path(ax, x_history, name, color).set(linestyle=style, marker=marker)
    ax.set(title="Himmelblau 関数を $(0, 0)$ から下る道すじ")
    add_legend(figure)
    return figure, (
        "極小が4つある等高線の上を、(0, 0) から右上へ出る道すじ2本。"
        "A は1歩がしだいに短くなり、(3, 2) の極小へなめらかに着く。"
        "B は1歩が長く、(3, 2) の上を回って折り返し、鞍点 (3.4, 0.1) の左を下って、"
        "(3.6, −1.8) の極小のまわりを回りながら近づく。"
    )


def gradient_norms_of_four_runs():
    """4つの実行の勾配の長さ。"""
    figure, ax = subplots(width=5.5, height=3.4)
    steps = np.arange(41)
    for name, end in (("A", 0.03), ("B", 0.4), ("C", 0.1), ("D", 1.0)):
        color, style = LINES[name]
        norms = 3 * (end / 3) ** (steps / 40)
        ax.semilogy(steps, norms, style, color=color, label=name, lw=2)
    ax.set(title="勾配の長さ", xlabel="ステップ", ylabel=r"$\|\nabla f\|$")
    ax.set(xlim=(0, 40), ylim=(0.01, 10))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.grid(visible=True, which="minor", axis="y", lw=0.4)
    add_legend(figure)
    return figure, (
        "横軸がステップ、縦軸が勾配の長さ（対数）の折れ線4本。どれも 3 から始まり、"
        "ステップ 40 では、A が 0.03、B が 0.4、C が 0.1、D が 1 になる。"
    )


def four_endings():
    """結末の違う4つの実行の損失。"""

    def wide_plain(x):
        return 1 - 1 / (1 + x[0] ** 2 + x[1] ** 2)

    figure, ax = subplots(width=5.5, height=3)
    runs = (
        ("A", wide_plain, [4, 3], 0.1),
        ("B", function_2, [0.5, 0.5], 1.005),
        ("C", function_2, [1, 1], 0.1),
        ("D", valley, [-6, 0.5], 0.1),
    )
    for name, f, init_x, lr in runs:
        _, x_history = gradient_descent(f, init_x, lr, 60)
        color, style = LINES[name]
        ax.plot(f(x_history.T), style, color=color, label=name, lw=2)
    ax.set(title="4つの実行の損失", xlabel="ステップ", ylabel="$f$", xlim=(0, 60), ylim=(-0.1, 2.2))
    add_legend(figure)
    return figure, (
        "ステップ 60 までの損失の折れ線4本。A は 0.96 で初めから終わりまで水平。"
        "B は 0.5 から 1.65 まで上がり続ける。"
        "C は 2 から始まり、10 ステップほどで 0 に着いて水平になる。"
        "D は 2 から下がり、60 ステップの終わりでも 0.5 ほどで、まだ下がっている。"
    )


def cells_of_four_normalisations():
    """4つの正規化が、左上のマスの平均と分散を計算するマス。"""
    figure, ax = subplots(width=5.5, height=2)
    samples, channels = 3, 4
    used = {"A": (1, 4), "B": (3, 1), "C": (1, 2), "D": (1, 1)}  # 上から、左からいくつ塗るか
    for k, (name, (rows, columns)) in enumerate(used.items()):
        left = k * (channels + 1.5)
        n, c = np.indices((samples, channels)).reshape(2, -1)
        ax.plot(left + c, n, "s", ms=16, mfc="#FFFFFF", mec="#333333")
        n, c = np.indices((rows, columns)).reshape(2, -1)
        ax.plot(left + c, n, "s", ms=16, mfc="#332288", mec="#333333", label=name)
        ax.text(left + 1.5, -1.1, name, ha="center", va="center", fontsize=13)
    ax.set(aspect="equal", xlabel="$C$", ylabel="$N$", xticks=[], yticks=[])
    ax.set(xlim=(-0.8, left + channels - 0.2), ylim=(samples - 0.2, -1.7))
    ax.grid(False)
    return figure, (
        "縦が N で 3 行、横が C で 4 列のマスが4組。塗ったマスは、A が上の行の 4 マス、"
        "B が左の列の 3 マス、C が上の行の左の 2 マス、D が左上の 1 マス。"
    )


def activations_through_ten_layers():
    """幅 200 の ReLU の層を 10 重ねたときの、出力の大きさ。"""
    figure, ax = subplots(width=5.5, height=3.4)
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(200, 200))
    for name, std in (("A", 0.14), ("B", 0.1), ("C", 0.06)):
        z, sizes = inputs, [1.0]
        for _ in range(10):
            z = np.maximum(z @ rng.normal(0, std, (200, 200)), 0)
            sizes.append(np.sqrt((z**2).mean()))
        color, style = LINES[name]
        ax.semilogy(sizes, style, marker="o", ms=4, color=color, label=name, lw=2)
    ax.set(title="出力の大きさ（0 は入力）", xlabel="層", ylim=(0.001, 100), xlim=(0, 10.2))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.grid(visible=True, which="minor", axis="y", lw=0.4)
    add_legend(figure)
    return figure, (
        "横軸が層、縦軸が出力の大きさ（対数）の折れ線3本。どれも 1 から始まる。"
        "A は層ごとに大きくなる。B はほぼ水平。C は層ごとに同じ割合で小さくなり、"
        "10 層で約 0.007 になる。"
    )


def deltas_of_ten_layers():
    """10 層のネットワークの、各層の δ の長さ。出力に近い 10 層を 1 とした比。"""
    figure, ax = subplots(width=5.5, height=3)
    n = 100
    for name, f, slope, variance in (
        ("A", lambda a: np.maximum(a, 0), lambda z: z > 0, 2),
        ("B", np.tanh, lambda z: 1 - z**2, 1),
        ("C", sigmoid, lambda z: z * (1 - z), 1),
    ):
        rng = np.random.default_rng(0)
        weights = [rng.normal(size=(n, n)) * np.sqrt(variance / n) for _ in range(10)]
        outputs = [rng.normal(size=(200, n))]
        for W in weights:
            outputs.append(f(outputs[-1] @ W))
        delta, sizes = rng.normal(size=(200, n)), []
        for W, z in zip(weights[::-1], outputs[::-1], strict=False):
            delta = delta * slope(z)
            sizes.insert(0, np.linalg.norm(delta))
            delta = delta @ W.T
        color, style = LINES[name]
        ax.plot(range(1, 11), np.array(sizes) / sizes[-1], style, color=color, label=name, lw=2)
    ax.set(title="δ の長さ（10 層を 1 とした比）", xlabel="層", yscale="log", xlim=(1, 10))
    add_legend(figure)
    return figure, (
        "層の番号と、δ の長さの比（対数の目盛り）の折れ線3本。3本とも 10 層の 1 から始まり、"
        "前の層へ戻るほど、A はほぼ水平、B はゆるく下がり、C は急に下がる。"
    )


def _name_point(ax, name, point, shift=(6, 6)):
    """点に黒い印と名前を付ける。shift: 名前の位置のずれ（ポイント）。"""
    ax.plot(*point, "o", color="#000000", ms=7, zorder=6)
    ax.annotate(name, point, shift, textcoords="offset points", fontsize=13, zorder=7)


def _labelled_contours(ax, f, ranges, levels, places=None):
    """f の等高線に値を書く。色が濃いほど低い。places: 値を書く位置。None なら自動。"""
    (low0, high0), (low1, high1) = ranges
    x = np.array(np.meshgrid(np.linspace(low0, high0, 201), np.linspace(low1, high1, 201)))
    z = f(x)
    ax.contourf(*x, z, levels=[z.min() - 1, *levels, z.max() + 1], alpha=0.35)
    lines = ax.contour(*x, z, levels=levels, colors="#5B7A99", linewidths=1, linestyles="solid")
    ax.clabel(lines, fmt="%g", fontsize=10, colors="#1F3A57", manual=places or False)
    ax.set(xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
    ax.grid(False)
