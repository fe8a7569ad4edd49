"""07 降下法デモの演習。"""

from types import SimpleNamespace

import numpy as np

from helpers.exercises import Exercise, Fault


def descend(grad_f, init_x, lr, step_num):
    """勾配降下法を行い、最後の点と、通った点すべてを返す。"""
    points = [np.array(init_x, dtype=np.float64)]
    for _ in range(step_num):
        points.append(points[-1] - lr * grad_f(points[-1]))
    return points[-1], np.array(points)


def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    """Adam の1回の更新。t はこれまでに更新した回数。"""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 ** (t + 1))
    v_hat = v / (1 - beta2 ** (t + 1))
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def _adam_but(**changes):
    """changes の名前の行だけを変えた、誤った Adam を返す。"""
    lines = {
        "m": lambda p: p.beta1 * p.old_m + (1 - p.beta1) * p.grad,
        "v": lambda p: p.beta2 * p.old_v + (1 - p.beta2) * p.grad**2,
        "m_hat": lambda p: p.m / (1 - p.beta1 ** (p.t + 1)),
        "v_hat": lambda p: p.v / (1 - p.beta2 ** (p.t + 1)),
        "below": lambda p: np.sqrt(p.v_hat) + p.eps,
        "step": lambda p: -p.lr * p.m_hat / p.below,
        "state": lambda p: (p.m, p.v),
    }

    def update(x, m, v, t, grad, lr, beta1, beta2, eps):
        p = SimpleNamespace(
            old_m=m, old_v=v, t=t, grad=grad, lr=lr, beta1=beta1, beta2=beta2, eps=eps
        )
        for name, line in (lines | changes).items():
            setattr(p, name, line(p))
        return (x + p.step, *p.state)

    return update


def _bowl_slope(x):
    return 2 * x


def _valley_slope(x):
    return np.array([0.1, 2.0]) * x


def _quartic_slope(x):
    return x**3 - 2 * x


def _descend_cases():
    return [
        (_bowl_slope, np.array([-3.0, 4.0]), 0.1, 4),
        (_valley_slope, np.array([-7.0, 2.0]), 0.3, 3),
        (_quartic_slope, np.array([1.0, -0.5, 2.0]), 0.05, 5),
        (_bowl_slope, np.array([1.0]), 0.3, 2),
        (_valley_slope, np.array([-7, 2]), 0.3, 3),
        (_bowl_slope, [-3, 4], 0.1, 3),
    ]


def _history_by(change):
    """正しい道すじを change で変えて返す、誤った降下法を返す。"""

    def wrong(grad_f, init_x, lr, step_num):
        x, x_history = descend(grad_f, init_x, lr, step_num)
        return x, change(x_history)

    return wrong


def _slope_measured_once(grad_f, init_x, lr, step_num):
    first = grad_f(np.array(init_x, dtype=np.float64))
    return descend(lambda x: first, init_x, lr, step_num)


def _adam_update_cases():
    zero = np.zeros(2)
    return [
        (np.array([1.0, 2.0]), zero, zero, 0, np.array([3.0, -4.0]), 0.1, 0.9, 0.999, 0.5),
        (
            np.array([-1.0, 4.0]),
            np.array([0.5, -2.0]),
            np.array([2.0, 6.0]),
            1,
            np.array([1.5, 0.5]),
            0.3,
            0.8,
            0.95,
            1e-8,
        ),
        (np.array([2.0]), np.array([-0.4]), np.array([0.3]), 9, np.array([-0.5]), 1, 0.7, 0.9, 0.2),
        (
            np.array([5, -3, 2]),
            np.array([1, 2, -1]),
            np.array([4, 9, 1]),
            3,
            np.array([2, -1, 0]),
            0.2,
            0.9,
            0.99,
            1.0,
        ),
    ]


EXERCISES = (
    Exercise(
        name="descend",
        lesson="07",
        answer=descend,
        cases=_descend_cases,
        faults=(
            Fault(
                "出発点が残っていない",
                "x_history の最初の点は、1歩も動いていない点です。いつ記録していますか。",
                _history_by(lambda x_history: x_history[1:]),
            ),
            Fault(
                "最後の点が残っていない",
                "x_history の最後の点は、返す x と同じ点です。いつ記録していますか。",
                _history_by(lambda x_history: x_history[:-1]),
            ),
            Fault(
                "記録した点が後で変わっている",
                "x_history の点がどれも同じです。同じ配列を入れ続けると、全部が一緒に変わります。",
                _history_by(lambda x_history: np.repeat(x_history[-1:], len(x_history), axis=0)),
            ),
            Fault(
                "座標とステップの軸が逆",
                "x_history の最初の軸はステップ、2つ目の軸が座標です。",
                _history_by(np.transpose),
            ),
            Fault(
                "1回多く更新している",
                "通った点は step_num + 1 個ですが、更新は何回ですか。",
                lambda grad_f, init_x, lr, step_num: descend(grad_f, init_x, lr, step_num + 1),
            ),
            Fault(
                "1回足りない",
                "更新は step_num 回、通った点は出発点を含めて step_num + 1 個です。",
                lambda grad_f, init_x, lr, step_num: descend(grad_f, init_x, lr, step_num - 1),
            ),
            Fault(
                "符号が逆",
                "∇f は最も増える向きです。登っていませんか。",
                lambda grad_f, init_x, lr, step_num: descend(grad_f, init_x, -lr, step_num),
            ),
            Fault(
                "学習率を掛けていない",
                "1歩の長さは、勾配の何倍かを学習率で決めます。",
                lambda grad_f, init_x, lr, step_num: descend(grad_f, init_x, 1, step_num),
            ),
            Fault(
                "勾配を出発点でしか測っていない",
                "勾配は、1歩ごとに今の点で測り直します。",
                _slope_measured_once,
            ),
        ),
    ),
    Exercise(
        name="adam_update",
        lesson="07",
        answer=adam_update,
        cases=_adam_update_cases,
        faults=(
            Fault(
                "偏り補正を忘れている",
                "m と v は 0 から始まるので、初めは小さすぎます。割って直してください。",
                _adam_but(m_hat=lambda p: p.m, v_hat=lambda p: p.v),
            ),
            Fault(
                "v の偏り補正を忘れている",
                "m だけでなく、v も初めは小さすぎます。",
                _adam_but(v_hat=lambda p: p.v),
            ),
            Fault(
                "m の偏り補正を忘れている",
                "v だけでなく、m も初めは小さすぎます。",
                _adam_but(m_hat=lambda p: p.m),
            ),
            Fault(
                "t を 0 から数えている",
                "t は済んだ更新の回数です。偏り補正では、今回の更新も数えます。",
                lambda x, m, v, t, *rest: adam_update(x, m, v, t - 1, *rest),
            ),
            Fault(
                "ε が平方根の中にある",
                "ε は、平方根をとった後の数に足します。かっこの位置を見直してください。",
                _adam_but(below=lambda p: np.sqrt(p.v_hat + p.eps)),
            ),
            Fault(
                "ε を補正前の √v に足している",
                "それは本の実装の形です。論文の形では、補正した後の平方根に ε を足します。",
                _adam_but(
                    below=lambda p: (np.sqrt(p.v) + p.eps) / (1 - p.beta2 ** (p.t + 1)) ** 0.5
                ),
            ),
            Fault(
                "平方根を忘れている",
                "v は勾配の2乗の平均です。割るのは、2乗する前の大きさに戻した数です。",
                _adam_but(below=lambda p: p.v_hat + p.eps),
            ),
            Fault(
                "β と 1−β が逆",
                "β は、過去をどれだけ残すかの割合です。どちらに掛けますか。",
                _adam_but(
                    m=lambda p: (1 - p.beta1) * p.old_m + p.beta1 * p.grad,
                    v=lambda p: (1 - p.beta2) * p.old_v + p.beta2 * p.grad**2,
                ),
            ),
            Fault(
                "β1 と β2 が逆",
                "β1 は勾配の平均 m に、β2 は2乗の平均 v に使います。",
                lambda x, m, v, t, grad, lr, beta1, beta2, eps: adam_update(
                    x, m, v, t, grad, lr, beta2, beta1, eps
                ),
            ),
            Fault(
                "v に勾配の2乗を使っていない",
                "v は勾配の2乗の平均です。勾配が負でも v は負になりません。",
                _adam_but(v=lambda p: p.beta2 * p.old_v + (1 - p.beta2) * p.grad),
            ),
            Fault(
                "m の代わりに今の勾配で進んでいる",
                "進む向きは、今の勾配ではなく、補正した勾配の平均です。",
                _adam_but(m_hat=lambda p: p.grad),
            ),
            Fault(
                "補正した m, v を返している",
                "補正は進むときだけに使います。次の更新に渡すのは補正前の値です。",
                _adam_but(state=lambda p: (p.m_hat, p.v_hat)),
            ),
            Fault(
                "古い m, v を返している",
                "次の更新のために、新しい m と v を返してください。",
                _adam_but(state=lambda p: (p.old_m, p.old_v)),
            ),
            Fault(
                "符号が逆",
                "関数を小さくするには、勾配の平均と逆の向きに進みます。",
                _adam_but(step=lambda p: p.lr * p.m_hat / p.below),
            ),
            Fault(
                "学習率を掛けていない",
                "割った後の歩幅に、学習率を掛けてください。",
                _adam_but(step=lambda p: -p.m_hat / p.below),
            ),
        ),
    ),
)
