"""04 鞍点の演習。"""

import numpy as np

from helpers.exercises import Exercise, Fault

SMALL = 1e-6  # これより小さい勾配と固有値は 0 とみなす（課題に書いてある）


def classify(grad, hessian):
    """勾配とヘッセ行列から、点を分類する。"""
    if np.linalg.norm(grad) >= SMALL:
        return "臨界点でない"
    return _classify_values(np.linalg.eigvalsh(hessian))


def rmsprop_update(x, h, grad, lr, rho, eps):
    """RMSprop の1回の更新。"""
    h = rho * h + (1 - rho) * grad**2
    return x - lr * grad / (np.sqrt(h) + eps), h


def _classify_values(values, small=SMALL):
    """固有値 values から、臨界点を分類する。"""
    positive, negative = np.any(values > small), np.any(values < -small)
    if positive and negative:
        return "鞍点"
    if np.any(np.abs(values) <= small):
        return "判定できない"
    return "極小" if positive else "極大"


def _classify_cases():
    flat = np.zeros(2)
    return [
        (flat, np.array([[2.0, 0.0], [0.0, 5.0]])),
        (flat, np.array([[-2.0, 0.0], [0.0, -1.0]])),
        (flat, np.array([[2.0, 0.0], [0.0, -3.0]])),
        (flat, np.array([[1.0, 2.0], [2.0, 1.0]])),
        (flat, np.array([[-1.0, -3.0], [-3.0, -2.0]])),
        (flat, np.array([[3.0, 0.0], [0.0, 0.0]])),
        (flat, np.array([[0.0, 0.0], [0.0, -3.0]])),
        (flat, np.zeros((2, 2))),
        (flat, np.array([[4.0, 0.0], [0.0, 1e-9]])),
        (flat, np.array([[4.0, 0.0], [0.0, -1e-9]])),
        (np.array([1e-9, -1e-9]), np.array([[3.0, -1.0], [-1.0, 3.0]])),
        (np.array([0.0, 0.5]), np.array([[3.0, -1.0], [-1.0, 3.0]])),
        (np.array([0.5, -0.5]), np.array([[2.0, 0.0], [0.0, -3.0]])),
        (np.zeros(3), np.diag([2.0, 0.0, -1.0])),
        (np.zeros(3), np.diag([-1.0, -1.0, 5.0])),
        (np.zeros(3), np.diag([-1.0, -1.0, -2.0])),
        (np.zeros(2, dtype=int), np.array([[0, 1], [1, 0]])),
    ]


def _critical(judge):
    """臨界点を judge(ヘッセ行列) で分類する、誤った分類を返す。"""
    return lambda grad, hessian: judge(hessian) if np.linalg.norm(grad) < SMALL else "臨界点でない"


def _by_eigenvalues(judge):
    return _critical(lambda hessian: judge(np.linalg.eigvalsh(hessian)))


def _by_determinant(hessian):
    determinant = np.linalg.det(hessian)
    if abs(determinant) <= SMALL:
        return "判定できない"
    return "極小" if determinant > 0 else "鞍点"


def _zero_as_positive(values):
    if np.all(values >= -SMALL):
        return "極小"
    return "極大" if np.all(values <= SMALL) else "鞍点"


def _zero_as_saddle(values):
    name = _classify_values(values)
    return "鞍点" if name == "判定できない" else name


def _any_zero_is_open(values):
    return "判定できない" if np.any(np.abs(values) <= SMALL) else _classify_values(values)


def _swapped(values):
    name = _classify_values(values)
    return {"極小": "極大", "極大": "極小"}.get(name, name)


def _rmsprop_update_cases():
    return [
        (np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([3.0, -4.0]), 0.1, 0.9, 0.5),
        (np.array([-1.0, 4.0]), np.array([7.0, 16.0]), np.array([3.0, -3.0]), 0.5, 0.99, 1e-8),
        (np.array([2.0]), np.array([0.25]), np.array([-0.5]), 1.5, 0.8, 0.2),
        (np.array([5, -3, 2]), np.array([4, 9, 1]), np.array([2, -1, 0]), 0.3, 0.7, 1.0),
    ]


def _rmsprop(new_h=None, denominator=None, sign=-1, rate=None):
    """新しい h か、分母か、符号か、学習率だけが違う、誤った RMSprop を返す。"""

    def update(x, h, grad, lr, rho, eps):
        new = new_h(h, grad, rho) if new_h else rho * h + (1 - rho) * grad**2
        below = denominator(new, h, eps) if denominator else np.sqrt(new) + eps
        return x + sign * (lr if rate is None else rate) * grad / below, new

    return update


EXERCISES = (
    Exercise(
        name="classify",
        lesson="04",
        answer=classify,
        cases=_classify_cases,
        faults=(
            Fault(
                "勾配だけで極小としている",
                "∇f = 0 は、鞍点や極大でも成り立ちます。曲がり方も調べてください。",
                _critical(lambda hessian: "極小"),
            ),
            Fault(
                "勾配を調べていない",
                "固有値で分類できるのは臨界点だけです。傾いている点は先に除いてください。",
                lambda grad, hessian: _classify_values(np.linalg.eigvalsh(hessian)),
            ),
            Fault(
                "0 の固有値を正や負に数えている",
                "固有値 0 の向きでは2次の曲がりがなく、上下は固有値だけでは決まりません。",
                _by_eigenvalues(_zero_as_positive),
            ),
            Fault(
                "0 の固有値を鞍点としている",
                "鞍点と言えるのは、正と負の固有値が両方あるときです。",
                _by_eigenvalues(_zero_as_saddle),
            ),
            Fault(
                "0 があると必ず判定できないとしている",
                "固有値に正と負が両方あれば、0 が混ざっていても上下は決まります。",
                _by_eigenvalues(_any_zero_is_open),
            ),
            Fault(
                "0 に近い固有値を 0 とみなしていない",
                "丸め誤差で 1e-9 のような固有値が出ます。符号の前に、大きさを確かめてください。",
                _by_eigenvalues(lambda values: _classify_values(values, small=0)),
            ),
            Fault(
                "対角成分で判定している",
                "座標軸に沿った曲がり方だけでは決まりません。斜めの向きも含めて調べる量があります。",
                _critical(lambda hessian: _classify_values(np.diag(hessian))),
            ),
            Fault(
                "行列式だけで判定している",
                "行列式は固有値の積です。負が2つでも正になるので、1つずつの符号が要ります。",
                _critical(_by_determinant),
            ),
            Fault(
                "極小と極大が逆",
                "固有値が正なら、その向きに上へ曲がっています。底と頂上のどちらですか。",
                _by_eigenvalues(_swapped),
            ),
        ),
    ),
    Exercise(
        name="rmsprop_update",
        lesson="04",
        answer=rmsprop_update,
        cases=_rmsprop_update_cases,
        faults=(
            Fault(
                "ρ と 1−ρ が逆",
                "ρ は、過去をどれだけ残すかの割合です。どちらに掛けますか。",
                _rmsprop(lambda h, g, rho: (1 - rho) * h + rho * g**2),
            ),
            Fault(
                "1−ρ を掛けていない",
                "h は平均なので、2つの重みを足すと 1 になります。",
                _rmsprop(lambda h, g, rho: rho * h + g**2),
            ),
            Fault(
                "AdaGrad になっている",
                "古い h を忘れていません。RMSprop では、過去の h は少しずつ減ります。",
                _rmsprop(lambda h, g, rho: h + g**2),
            ),
            Fault(
                "勾配を2乗していない",
                "h は勾配の2乗の平均です。勾配が負でも h は負になりません。",
                _rmsprop(lambda h, g, rho: rho * h + (1 - rho) * g),
            ),
            Fault(
                "ε が平方根の中にある",
                "ε は、平方根をとった後の数に足します。かっこの位置を見直してください。",
                _rmsprop(denominator=lambda new, old, eps: np.sqrt(new + eps)),
            ),
            Fault(
                "平方根を忘れている",
                "h は2乗の平均です。割るのは、2乗する前の大きさに戻した数です。",
                _rmsprop(denominator=lambda new, old, eps: new + eps),
            ),
            Fault(
                "古い h で割っている",
                "先に h を更新し、新しい h で割ってください。",
                _rmsprop(denominator=lambda new, old, eps: np.sqrt(old) + eps),
            ),
            Fault(
                "ε を足していない",
                "勾配が 0 のままの座標で、0 で割ることになります。",
                _rmsprop(denominator=lambda new, old, eps: np.sqrt(new)),
            ),
            Fault(
                "符号が逆",
                "関数を小さくするには、勾配と逆の向きに進みます。",
                _rmsprop(sign=1),
            ),
            Fault(
                "学習率を掛けていない",
                "割った後の歩幅に、学習率を掛けてください。",
                _rmsprop(rate=1),
            ),
        ),
    ),
)
