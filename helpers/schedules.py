"""学習率スケジュール: ステップ番号 t = 0, 1, 2, … を受け取り、その回の学習率を返す関数を作る。

どれも gradient_descent の lr にそのまま渡せる。t が 0 以上の整数でなければ ValueError。
"""

import math

from helpers.checks import number_between, schedule_of, whole_number


def step_decay(lr, drop=0.1, every=30):
    """ステップ減衰 η_t = lr · drop^⌊t/every⌋ を返す。

    lr: 最初の学習率。drop: 1段ごとの倍率（0 より大きく 1 以下）。every: 1段の長さ（ステップ）。
    ValueError: 値が範囲の外のとき。
    出典: He ほか (2016) "Deep Residual Learning" 4.2節の、決まったステップで 1/10 にする方法。
    """
    lr = number_between(lr, "lr", 0, math.inf)
    drop = number_between(drop, "drop", 0, 1, low_included=False)
    every = whole_number(every, "every", 1)
    return _at_steps(lambda t: lr * drop ** (t // every))


def exponential_decay(lr, rate=0.99):
    """指数減衰 η_t = lr · rate^t を返す。

    lr: 最初の学習率。rate: 1ステップごとの倍率（0 より大きく 1 以下）。
    ValueError: 値が範囲の外のとき。
    出典: Goodfellow ほか『深層学習』8.3.1節（学習率を次第に下げる必要）。
    """
    lr = number_between(lr, "lr", 0, math.inf)
    rate = number_between(rate, "rate", 0, 1, low_included=False)
    return _at_steps(lambda t: lr * rate**t)


def cosine_decay(lr, step_num, lr_min=0.0):
    """コサイン減衰 η_t = lr_min + (lr − lr_min)(1 + cos(π t / step_num)) / 2 を返す。

    lr: 最初の学習率。step_num: lr_min に着くまでのステップ数。その後は lr_min のまま。
    ValueError: 値が範囲の外のとき。
    出典: Loshchilov & Hutter (2017) "SGDR" 式(5)。
    """
    lr = number_between(lr, "lr", 0, math.inf)
    step_num = whole_number(step_num, "step_num", 1)
    lr_min = number_between(lr_min, "lr_min", 0, lr)
    return _at_steps(
        lambda t: lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(t / step_num, 1))) / 2
    )


def warmup(lr, warmup_steps):
    """ウォームアップ η_t = lr · min(1, (t+1) / warmup_steps) を返す。

    lr: 学習率（数）か、ほかのスケジュール。warmup_steps: もとの学習率に着くまでのステップ数。
    ValueError: 値が範囲の外のとき。
    出典: Goyal ほか (2017) "Accurate, Large Minibatch SGD" 2.2節の gradual warmup。
    """
    warmup_steps = whole_number(warmup_steps, "warmup_steps", 1)
    schedule = schedule_of(lr if callable(lr) else number_between(lr, "lr", 0, math.inf))
    return _at_steps(lambda t: schedule(t) * min(1, (t + 1) / warmup_steps))


def _at_steps(schedule):
    """schedule を、ステップ番号 t を確かめてから呼ぶ関数にして返す。"""
    return lambda t: schedule(whole_number(t, "t（ステップ番号）", 0))
