"""05 プラトーの演習。"""

import numpy as np

from helpers.exercises import Exercise, Fault


def initial_std(shape, method):
    """重みの初期値の標準偏差。本の式: Xavier は √(1/n)、He は √(2/n)、n は入力の数。"""
    return np.sqrt({"Xavier": 1, "He": 2}[method] / shape[0])


def normalize_batch(x, gamma, beta, eps):
    """バッチ正規化の順伝播。"""
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def _initial_std_cases():
    shapes = [(100, 50), (784, 100), (3, 7), (20, 20)]
    return [(shape, method) for shape in shapes for method in ("He", "Xavier")]


def _normalize_batch_cases():
    x = np.array([[1.0, 2.0, -3.0], [3.0, 6.0, 0.5], [4.0, -2.0, 1.0], [-1.0, 0.0, 2.5]])
    gamma, beta = np.array([1.5, -2.0, 0.5]), np.array([0.3, 1.0, -4.0])
    return [
        (x, gamma, beta, 0.5),
        (x[:3], gamma, beta, 1e-7),
        (x[:, :2] * 10, np.array([2.0, 3.0]), np.array([-1.0, 5.0]), 2.0),
        (np.array([[1, 20, 3], [4, 5, 6]]), np.array([2, 1, 3]), np.array([0, 1, 2]), 0.1),
    ]


def _normalized(scale, axis=0):
    """scale(x) で割る、誤ったバッチ正規化を返す。"""

    def forward(x, gamma, beta, eps):
        return gamma * (x - x.mean(axis=axis, keepdims=True)) / scale(x, eps) + beta

    return forward


EXERCISES = (
    Exercise(
        name="initial_std",
        lesson="05",
        answer=initial_std,
        cases=_initial_std_cases,
        faults=(
            Fault(
                "平方根を忘れている",
                "それは分散です。標準偏差にしてください。",
                lambda shape, method: initial_std(shape, method) ** 2,
            ),
            Fault(
                "入力と出力の数が逆",
                "x @ W と計算するとき、W の行の数と列の数は、それぞれ何の数ですか。",
                lambda shape, method: initial_std(shape[::-1], method),
            ),
            Fault(
                "He と Xavier が逆",
                "ReLU は入力の半分を 0 にします。その分を補うのはどちらですか。",
                lambda shape, method: initial_std(shape, "He" if method == "Xavier" else "Xavier"),
            ),
            Fault(
                "いつも He になっている",
                'method が "Xavier" のときの式も要ります。',
                lambda shape, method: initial_std(shape, "He"),
            ),
            Fault(
                "いつも Xavier になっている",
                'method が "He" のときの式も要ります。',
                lambda shape, method: initial_std(shape, "Xavier"),
            ),
            Fault(
                "n まで平方根の外に出ている",
                "平方根をとるのは、割り算をした後の数です。",
                lambda shape, method: np.sqrt(2 if method == "He" else 1) / shape[0],
            ),
            Fault(
                "論文の Xavier になっている",
                "入力と出力の両方を使うのは Glorot & Bengio の式です。ここでは本の式を使います。",
                lambda shape, method: (
                    np.sqrt(2 / sum(shape)) if method == "Xavier" else initial_std(shape, "He")
                ),
            ),
            Fault(
                "重みの総数で割っている",
                "n は、ニューロン1つに入ってくる値の数です。重み全部の数ではありません。",
                lambda shape, method: initial_std((shape[0] * shape[1],), method),
            ),
        ),
    ),
    Exercise(
        name="normalize_batch",
        lesson="05",
        answer=normalize_batch,
        cases=_normalize_batch_cases,
        faults=(
            Fault(
                "平均の向きが逆",
                "サンプルごとではなく、列（ニューロン）ごとに、サンプル全部で平均します。",
                _normalized(lambda x, eps: np.sqrt(x.var(axis=1, keepdims=True) + eps), axis=1),
            ),
            Fault(
                "全体で平均している",
                "列（ニューロン）ごとに、別々の平均と分散を使います。",
                _normalized(lambda x, eps: np.sqrt(x.var() + eps), axis=None),
            ),
            Fault(
                "n−1 で割った分散になっている",
                "バッチ正規化の分散は、サンプル数 N で割ります。",
                _normalized(lambda x, eps: np.sqrt(x.var(axis=0, ddof=1) + eps)),
            ),
            Fault(
                "平方根を忘れている",
                "割るのは分散ではなく、標準偏差です。",
                _normalized(lambda x, eps: x.var(axis=0) + eps),
            ),
            Fault(
                "ε が平方根の外にある",
                "最適化手法とは違い、バッチ正規化の ε は分散に足してから平方根をとります。",
                _normalized(lambda x, eps: np.sqrt(x.var(axis=0)) + eps),
            ),
            Fault(
                "ε を足していない",
                "全部のサンプルが同じ値の列で、0 で割ることになります。",
                _normalized(lambda x, eps: np.sqrt(x.var(axis=0))),
            ),
            Fault(
                "平均を引いていない",
                "割る前に、平均を 0 にそろえてください。",
                lambda x, gamma, beta, eps: gamma * x / np.sqrt(x.var(axis=0) + eps) + beta,
            ),
            Fault(
                "γ と β が逆",
                "γ は広がりを、β は中心を決めます。",
                lambda x, gamma, beta, eps: normalize_batch(x, beta, gamma, eps),
            ),
            Fault(
                "γ と β を使っていない",
                "正規化した値を、最後に広げてずらします。",
                lambda x, gamma, beta, eps: normalize_batch(x, 1, 0, eps),
            ),
            Fault(
                "β を足してから γ を掛けている",
                "先に広げ、後でずらします。かっこの位置を見直してください。",
                lambda x, gamma, beta, eps: gamma * (normalize_batch(x, 1, 0, eps) + beta),
            ),
        ),
    ),
)
