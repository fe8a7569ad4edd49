"""03 勾配法の演習。"""

import math

import numpy as np

from helpers.exercises import Exercise, Fault


def gd_update(x, grad, lr):
    """勾配降下法の1回の更新。"""
    return x - lr * grad


def momentum_update(x, v, grad, lr, alpha):
    """Momentum の1回の更新。"""
    v = alpha * v - lr * grad
    return x + v, v


def nesterov_update(x, v, grad_f, lr, alpha):
    """Nesterov（先の点で勾配を測る形）の1回の更新。"""
    v = alpha * v - lr * grad_f(x + alpha * v)
    return x + v, v


def adagrad_update(x, h, grad, lr, eps):
    """AdaGrad の1回の更新。"""
    h = h + grad**2
    return x - lr * grad / (np.sqrt(h) + eps), h


def stop_rule(grad, step, eps, step_limit):
    """勾配の規則、回数の規則の順に調べる。"""
    if np.linalg.norm(grad) < eps:
        return "勾配"
    return "回数" if step >= step_limit else "続ける"


def split_batches(data, batch_size):
    """先頭から batch_size 個ずつに分ける。"""
    return [data[start : start + batch_size] for start in range(0, len(data), batch_size)]


def _gd_update_cases():
    return [
        (np.array([-3.0, 4.0]), np.array([-6.0, 8.0]), 0.1),
        (np.array([1.5, -2.0, 0.5]), np.array([0.3, -4.0, 1.0]), 0.25),
        (np.array([2.0]), np.array([-5.0]), 0.01),
        (np.array([10, -4]), np.array([3, 2]), 0.5),
        (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 0.7),
    ]


def _momentum_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([2.0, 4.0]), 0.1, 0.9),
        (np.array([-7.0, 2.0]), np.array([0.0, 0.0]), np.array([-0.7, 4.0]), 0.2, 0.5),
        (np.array([3.0]), np.array([-2.0]), np.array([1.5]), 0.05, 0.8),
        (np.array([3, -5, 1]), np.array([1, 2, -2]), np.array([4, -2, 6]), 0.3, 0.6),
    ]


def _bowl_slope(x):
    return np.array([0.1, 2.0]) * x


def _quartic_slope(x):
    return 4 * x**3 - 8 * x


def _nesterov_update_cases():
    return [
        (np.array([-4.0, 0.9]), np.array([2.0, -1.8]), _bowl_slope, 0.1, 0.9),
        (np.array([1.0, -2.0]), np.array([0.0, 0.0]), _quartic_slope, 0.02, 0.5),
        (np.array([2.0]), np.array([-1.0]), _quartic_slope, 0.03, 0.8),
        (np.array([3, -5]), np.array([1, 2]), _bowl_slope, 0.3, 0.6),
    ]


def _adagrad_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([3.0, -4.0]), 0.1, 0.5),
        (np.array([-1.0, 4.0]), np.array([7.0, 16.0]), np.array([3.0, -3.0]), 0.5, 1e-8),
        (np.array([2.0]), np.array([0.25]), np.array([-0.5]), 1.5, 0.2),
        (np.array([5, -3, 2]), np.array([4, 9, 1]), np.array([2, -1, 0]), 0.3, 1.0),
    ]


def _adagrad_step(denominator, sign=-1, rate=None):
    """x + sign·rate·g / denominator(新しい h, 古い h, ε) とする、誤った AdaGrad を返す。"""

    def update(x, h, grad, lr, eps):
        new_h = h + grad**2
        size = lr if rate is None else rate
        return x + sign * size * grad / denominator(new_h, h, eps), new_h

    return update


def _stop_rule_cases():
    return [
        (np.array([3.0, 4.0]), 5, 1e-3, 100),
        (np.array([3e-4, -4e-4]), 5, 1e-3, 100),
        (np.array([-9.0, 2.0]), 7, 0.1, 100),
        (np.array([5.0, -5.0]), 8, 0.1, 100),
        (np.array([0.08, 0.08]), 9, 0.1, 100),
        (np.array([0.05, 3.0]), 9, 0.1, 100),
        (np.array([0.2, 0.1, -0.2]), 9, 0.29, 100),
        (np.array([3.0, 4.0]), 99, 0.1, 100),
        (np.array([3.0, 4.0]), 100, 0.1, 100),
        (np.array([3.0, 4.0]), 101, 0.1, 100),
        (np.array([0.01, 0.0]), 100, 0.1, 100),
        (np.array([0, 0]), 0, 0.1, 10),
        (np.array([3, -4]), 3, 6.0, 10),
    ]


def _stop_by(size, over=lambda step, step_limit: step >= step_limit):
    """size(grad) を ε と比べる、誤った停止の規則を返す。"""

    def rule(grad, step, eps, step_limit):
        if size(grad) < eps:
            return "勾配"
        return "回数" if over(step, step_limit) else "続ける"

    return rule


def _count_first(grad, step, eps, step_limit):
    if step >= step_limit:
        return "回数"
    return "勾配" if np.linalg.norm(grad) < eps else "続ける"


def _both_needed(grad, step, eps, step_limit):
    if np.linalg.norm(grad) < eps and step >= step_limit:
        return "勾配"
    return "続ける"


def _split_batches_cases():
    return [
        (np.arange(10.0), 4),
        (np.arange(12.0), 4),
        (np.array([3.0, -1.0, 5.0]), 8),
        (np.arange(7.0), 1),
        (np.arange(22).reshape(11, 2), 3),
    ]


def _starts(batches_from):
    """束の先頭の番号 batches_from(n, batch_size) から分ける、誤った分け方を返す。"""
    return lambda data, batch_size: [
        data[start : start + batch_size] for start in batches_from(len(data), batch_size)
    ]


EXERCISES = (
    Exercise(
        name="gd_update",
        lesson="03",
        answer=gd_update,
        cases=_gd_update_cases,
        faults=(
            Fault(
                "符号が逆",
                "∇f は最も増える向きです。関数を小さくするには、どちらへ進みますか。",
                lambda x, grad, lr: x + lr * grad,
            ),
            Fault(
                "学習率を掛けていない",
                "1歩の長さは、勾配の何倍かを学習率で決めます。",
                lambda x, grad, lr: x - grad,
            ),
            Fault(
                "学習率で割っている",
                "学習率を大きくすると、1歩は長くなるはずです。",
                lambda x, grad, lr: x - grad / lr,
            ),
            Fault(
                "学習率を2回掛けている",
                "学習率が現れるのは、式の中で1か所だけです。",
                lambda x, grad, lr: x - lr * lr * grad,
            ),
            Fault(
                "今の点を足していない",
                "返しているのは移動だけです。出発した点に移動を加えてください。",
                lambda x, grad, lr: -lr * grad,
            ),
            Fault(
                "勾配の長さを 1 にしている",
                "勾配は、そのまま使います。坂が急なほど1歩は長くなります。",
                lambda x, grad, lr: x - lr * grad / np.linalg.norm(grad),
            ),
        ),
    ),
    Exercise(
        name="momentum_update",
        lesson="03",
        answer=momentum_update,
        cases=_momentum_update_cases,
        faults=(
            Fault(
                "古い v で進んでいる",
                "先に速度を更新し、新しい速度で点を動かしてください。",
                lambda x, v, grad, lr, alpha: (x + v, alpha * v - lr * grad),
            ),
            Fault(
                "符号が逆",
                "速度は、勾配と逆の向きに加速します。",
                lambda x, v, grad, lr, alpha: (
                    x + alpha * v + lr * grad,
                    alpha * v + lr * grad,
                ),
            ),
            Fault(
                "学習率を2回掛けている",
                "学習率は速度の式にもう入っています。点を動かすときには掛けません。",
                lambda x, v, grad, lr, alpha: (
                    x + lr * (alpha * v - lr * grad),
                    alpha * v - lr * grad,
                ),
            ),
            Fault(
                "学習率を掛けていない",
                "勾配がそのまま速度に加わっています。",
                lambda x, v, grad, lr, alpha: (x + alpha * v - grad, alpha * v - grad),
            ),
            Fault(
                "α を掛けていない",
                "速度は、前の速度の一部だけを残します。このままでは摩擦がなく、いつまでも止まりません。",
                lambda x, v, grad, lr, alpha: (x + v - lr * grad, v - lr * grad),
            ),
            Fault(
                "勾配に 1−α を掛けている",
                "本の Momentum は平均ではありません。勾配に掛けるのは学習率だけです。",
                lambda x, v, grad, lr, alpha: (
                    x + alpha * v - (1 - alpha) * lr * grad,
                    alpha * v - (1 - alpha) * lr * grad,
                ),
            ),
            Fault(
                "α と学習率が逆",
                "前の速度に掛けるのは摩擦の係数、勾配に掛けるのは学習率です。",
                lambda x, v, grad, lr, alpha: (
                    x + lr * v - alpha * grad,
                    lr * v - alpha * grad,
                ),
            ),
            Fault(
                "torch の形になっている",
                "torch は速度に学習率を入れません。本の形では、速度の式の中で掛けます。",
                lambda x, v, grad, lr, alpha: (
                    x - lr * (alpha * v + grad),
                    alpha * v + grad,
                ),
            ),
        ),
    ),
    Exercise(
        name="nesterov_update",
        lesson="03",
        answer=nesterov_update,
        cases=_nesterov_update_cases,
        faults=(
            Fault(
                "今の点で勾配を測っている",
                "これは Momentum です。Nesterov は、速度で進んだ先の点で勾配を測ります。",
                lambda x, v, grad_f, lr, alpha: momentum_update(x, v, grad_f(x), lr, alpha),
            ),
            Fault(
                "先の点の速度に α がない",
                "先の点は、摩擦を掛けた速度で進んだところです。",
                lambda x, v, grad_f, lr, alpha: momentum_update(x, v, grad_f(x + v), lr, alpha),
            ),
            Fault(
                "先の点から進んでいる",
                "先の点は勾配を測るためだけに使います。進み始めるのは今の点からです。",
                lambda x, v, grad_f, lr, alpha: (
                    alpha * v + nesterov_update(x, v, grad_f, lr, alpha)[0],
                    nesterov_update(x, v, grad_f, lr, alpha)[1],
                ),
            ),
            Fault(
                "古い v で進んでいる",
                "先に速度を更新し、新しい速度で点を動かしてください。",
                lambda x, v, grad_f, lr, alpha: (
                    x + v,
                    nesterov_update(x, v, grad_f, lr, alpha)[1],
                ),
            ),
            Fault(
                "符号が逆",
                "速度は、勾配と逆の向きに加速します。",
                lambda x, v, grad_f, lr, alpha: nesterov_update(x, v, grad_f, -lr, alpha),
            ),
            Fault(
                "学習率を2回掛けている",
                "学習率は速度の式にもう入っています。点を動かすときには掛けません。",
                lambda x, v, grad_f, lr, alpha: (
                    x + lr * nesterov_update(x, v, grad_f, lr, alpha)[1],
                    nesterov_update(x, v, grad_f, lr, alpha)[1],
                ),
            ),
            Fault(
                "書き直した形になっている",
                "それは x を「先の点」と読み替えた形です。この演習の x は今の点です。",
                lambda x, v, grad_f, lr, alpha: (
                    x + alpha * (alpha * v - lr * grad_f(x)) - lr * grad_f(x),
                    alpha * v - lr * grad_f(x),
                ),
            ),
        ),
    ),
    Exercise(
        name="adagrad_update",
        lesson="03",
        answer=adagrad_update,
        cases=_adagrad_update_cases,
        faults=(
            Fault(
                "ε が平方根の中にある",
                "ε は、平方根をとった後の数に足します。かっこの位置を見直してください。",
                _adagrad_step(lambda new, old, eps: np.sqrt(new + eps)),
            ),
            Fault(
                "平方根を忘れている",
                "h は勾配の2乗の和です。割るのは、2乗する前の大きさに戻した数です。",
                _adagrad_step(lambda new, old, eps: new + eps),
            ),
            Fault(
                "古い h で割っている",
                "先に h を更新し、新しい h で割ってください。",
                _adagrad_step(lambda new, old, eps: np.sqrt(old) + eps),
            ),
            Fault(
                "ε を足していない",
                "勾配が 0 の座標で、0 で割ることになります。",
                _adagrad_step(lambda new, old, eps: np.sqrt(new)),
            ),
            Fault(
                "符号が逆",
                "関数を小さくするには、勾配と逆の向きに進みます。",
                _adagrad_step(lambda new, old, eps: np.sqrt(new) + eps, sign=1),
            ),
            Fault(
                "学習率を掛けていない",
                "割った後の歩幅に、学習率を掛けてください。",
                _adagrad_step(lambda new, old, eps: np.sqrt(new) + eps, rate=1),
            ),
            Fault(
                "h をためていない",
                "h は最初からの2乗の和です。前の h を捨てないでください。",
                lambda x, h, grad, lr, eps: (
                    x - lr * grad / (np.sqrt(grad**2) + eps),
                    grad**2,
                ),
            ),
            Fault(
                "勾配を2乗していない",
                "h に足すのは勾配の2乗です。負の勾配でも h は減りません。",
                lambda x, h, grad, lr, eps: (
                    x - lr * grad / (np.sqrt(h + grad) + eps),
                    h + grad,
                ),
            ),
            Fault(
                "古い h を返している",
                "次の更新のために、新しい h を返してください。",
                lambda x, h, grad, lr, eps: (adagrad_update(x, h, grad, lr, eps)[0], h),
            ),
        ),
    ),
    Exercise(
        name="stop_rule",
        lesson="03",
        answer=stop_rule,
        cases=_stop_rule_cases,
        faults=(
            Fault(
                "勾配の符号を外していない",
                "負の大きな勾配も ε より小さい数です。和ではなく、長さを比べてください。",
                _stop_by(np.sum),
            ),
            Fault(
                "長さの2乗を比べている",
                "2乗の和は長さの2乗です。ε と比べる前に平方根をとってください。",
                _stop_by(lambda grad: np.sum(grad**2)),
            ),
            Fault(
                "成分ごとに比べている",
                "どの成分も ε より小さくても、長さは ε より大きいことがあります。",
                _stop_by(lambda grad: np.max(np.abs(grad))),
            ),
            Fault(
                "最初の成分しか見ていない",
                "1つの座標で平らでも、ほかの座標では急かもしれません。",
                _stop_by(lambda grad: abs(grad[0])),
            ),
            Fault(
                "絶対値の和を比べている",
                "斜めの向きでは、成分の絶対値の和は長さより大きくなります。",
                _stop_by(lambda grad: np.sum(np.abs(grad))),
            ),
            Fault(
                "1つずれている",
                "step は、もう済んだ回数です。上限ちょうどになったらどうしますか。",
                _stop_by(np.linalg.norm, over=lambda step, step_limit: step > step_limit),
            ),
            Fault(
                "1回早く止めている",
                "step は、もう済んだ回数です。上限の1回前では、まだ続けます。",
                _stop_by(np.linalg.norm, over=lambda step, step_limit: step >= step_limit - 1),
            ),
            Fault(
                "回数の規則を先に調べている",
                "両方が成り立つときは、勾配の規則を優先します。",
                _count_first,
            ),
            Fault(
                "両方の規則を求めている",
                "どちらか一方が成り立てば止めます。",
                _both_needed,
            ),
            Fault(
                "回数の規則がない",
                "収束しないと、いつまでも止まりません。",
                _stop_by(np.linalg.norm, over=lambda step, step_limit: False),
            ),
        ),
    ),
    Exercise(
        name="split_batches",
        lesson="03",
        answer=split_batches,
        cases=_split_batches_cases,
        faults=(
            Fault(
                "最後の端数を捨てている",
                "割り切れないとき、残りのサンプルも1つの束になります。",
                _starts(lambda n, size: range(0, n - size + 1, size)),
            ),
            Fault(
                "空の束ができている",
                "ちょうど割り切れるとき、最後に要素のない束ができていませんか。",
                _starts(lambda n, size: range(0, n // size * size + 1, size)),
            ),
            Fault(
                "1つずつずらしている",
                "同じサンプルが2つの束に入っています。次の束の先頭はどこですか。",
                _starts(lambda n, size: range(n)),
            ),
            Fault(
                "最後のサンプルを落としている",
                "最後の1個がどの束にも入っていません。繰り返しの終わりを確かめてください。",
                lambda data, batch_size: split_batches(data[:-1], batch_size),
            ),
            Fault(
                "batch_size 個の束に分けている",
                "batch_size は束の数ではなく、1つの束に入れるサンプルの数です。",
                lambda data, batch_size: np.array_split(data, batch_size),
            ),
            Fault(
                "均等に分けている",
                "最後の束のほかは、ちょうど batch_size 個ずつにしてください。",
                lambda data, batch_size: np.array_split(data, math.ceil(len(data) / batch_size)),
            ),
            Fault(
                "最初の束だけを返している",
                "全部のサンプルを使い切るまで繰り返してください。",
                lambda data, batch_size: [data[:batch_size]],
            ),
        ),
    ),
)
