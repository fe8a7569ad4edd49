"""06 学習率の演習。"""

from helpers.exercises import Exercise, Fault
from helpers.schedules import step_decay as right_step_decay


def _step_decay_cases():
    return [(0.1, 0.1, 30, t) for t in (0, 29, 30, 31, 60, 65, 95)] + [(0.4, 0.5, 10, 25)]


EXERCISES = (
    Exercise(
        name="step_decay_rate",
        lesson="06",
        answer=lambda lr, drop, every, t: right_step_decay(lr, drop, every)(t),
        cases=_step_decay_cases,
        faults=(
            Fault(
                "割り算を切り捨てていない",
                "t / every は小数です。段の数は整数なので、切り捨てる割り算 // を使います。",
                lambda lr, drop, every, t: lr * drop ** (t / every),
            ),
            Fault(
                "1つずれている",
                "下がるのは t が every に達した回からです。t = 29, 30, 31 で確かめてください。",
                lambda lr, drop, every, t: lr * drop ** ((t - 1) // every),
            ),
            Fault(
                "倍率を足し引きしている",
                "drop は1段ごとに掛ける倍率です。段の数だけ繰り返し掛けます。",
                lambda lr, drop, every, t: lr - drop * (t // every),
            ),
        ),
    ),
)
