"""06 学習率の演習。"""

import math

import numpy as np

from helpers.exercises import Exercise, Fault
from helpers.schedules import step_decay


def step_decay_rate(lr, drop, every, t):
    """ステップ減衰。"""
    return step_decay(lr, drop, every)(t)


def largest_stable_lr(hessian):
    """2次関数で勾配降下法が発散しない学習率の上限。"""
    return 2 / np.linalg.eigvalsh(hessian)[-1]


def _step_decay_rate_cases():
    return [(0.1, 0.1, 30, t) for t in (1, 29, 30, 31, 60, 65, 95)] + [(0.4, 0.5, 10, 25)]


def _largest_stable_lr_cases():
    return [
        (np.array([[1.0, 0.0], [0.0, 25.0]]),),
        (np.array([[40.0, 0.0], [0.0, 0.5]]),),
        (np.array([[3.0, 1.0], [1.0, 3.0]]),),
        (np.array([[2.0, -3.0], [-3.0, 6.0]]),),
        (np.array([[4.0]]),),
        (np.array([[5.0, 1.0, 0.0], [1.0, 2.0, -1.0], [0.0, -1.0, 7.0]]),),
        ([[2, 1], [1, 2]],),
    ]


def _over_eigenvalues(rate):
    """固有値から rate(固有値) を返す、誤った上限を返す。"""
    return lambda hessian: rate(np.linalg.eigvalsh(hessian))


EXERCISES = (
    Exercise(
        name="step_decay_rate",
        lesson="06",
        answer=step_decay_rate,
        cases=_step_decay_rate_cases,
        faults=(
            Fault(
                "割り算を切り捨てていない",
                "t / every は小数です。段の数は整数なので、切り捨ててください。",
                lambda lr, drop, every, t: lr * drop ** (t / every),
            ),
            Fault(
                "1つ遅れている",
                "下がるのは t が every に達した回からです。t = 29, 30, 31 で確かめてください。",
                lambda lr, drop, every, t: lr * drop ** ((t - 1) // every),
            ),
            Fault(
                "1つ早い",
                "下がるのは t が every に達した回からです。t = 29, 30, 31 で確かめてください。",
                lambda lr, drop, every, t: lr * drop ** ((t + 1) // every),
            ),
            Fault(
                "切り上げている",
                "最初の every 回は、まだ下げません。",
                lambda lr, drop, every, t: lr * drop ** math.ceil(t / every),
            ),
            Fault(
                "倍率を足し引きしている",
                "drop は1段ごとに掛ける倍率です。段の数だけ繰り返し掛けます。",
                lambda lr, drop, every, t: lr - drop * (t // every),
            ),
            Fault(
                "倍率を段の数だけ掛け足している",
                "2段下がると、倍率は drop の2倍ではなく、drop を2回掛けたものです。",
                lambda lr, drop, every, t: lr * drop * (t // every) if t >= every else lr,
            ),
            Fault(
                "1段しか下げていない",
                "every の2倍、3倍に達したときにも下がります。",
                lambda lr, drop, every, t: lr * drop if t >= every else lr,
            ),
            Fault(
                "毎回下げている",
                "下がるのは every 回ごとです。これは指数減衰です。",
                lambda lr, drop, every, t: lr * drop**t,
            ),
        ),
    ),
    Exercise(
        name="largest_stable_lr",
        lesson="06",
        answer=largest_stable_lr,
        cases=_largest_stable_lr_cases,
        faults=(
            Fault(
                "最小の固有値を使っている",
                "先に発散するのは、曲がりの最も急な向きです。",
                _over_eigenvalues(lambda values: 2 / values[0]),
            ),
            Fault(
                "分子が 1 になっている",
                "その学習率では、最も急な向きの谷底に1歩で着きます。上限はもっと大きいはずです。",
                _over_eigenvalues(lambda values: 1 / values[-1]),
            ),
            Fault(
                "分子と分母が逆",
                "曲がりが急なほど、学習率の上限は小さくなります。",
                _over_eigenvalues(lambda values: values[-1] / 2),
            ),
            Fault(
                "最大の固有値そのものを返している",
                "求めるのは曲がりの急さではなく、それで決まる学習率の上限です。",
                _over_eigenvalues(lambda values: values[-1]),
            ),
            Fault(
                "対角成分を使っている",
                "座標軸に沿った曲がりより、斜めの向きの曲がりのほうが急なことがあります。",
                lambda hessian: 2 / np.max(np.diag(hessian)),
            ),
            Fault(
                "固有値を足している",
                "向きごとに別々に収束か発散かが決まります。最も厳しい向き1つを見ます。",
                _over_eigenvalues(lambda values: 2 / np.sum(values)),
            ),
            Fault(
                "最も速い学習率になっている",
                "それは2次関数で最も速い一定の学習率です。聞いているのは、発散しない上限です。",
                _over_eigenvalues(lambda values: 2 / (values[0] + values[-1])),
            ),
            Fault(
                "行列の長さを使っている",
                "全部の成分の2乗和の平方根は、最大の固有値より大きいことがあります。",
                lambda hessian: 2 / np.linalg.norm(hessian),
            ),
        ),
    ),
)
