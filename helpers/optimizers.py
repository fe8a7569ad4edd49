"""最適化手法8つ: 1回の更新 update(x, grad, lr) → 新しい x。式は、どれも step にある。

文字は本の式と同じ: η は lr、g は grad、状態は v（速度）、h（勾配の2乗の和）、m（勾配の平均）。
ε はすべて平方根の外に置く（AdaDelta だけは、論文の定義により平方根の中）。
"""

from helpers.checks import fraction, number_between, quiet, update_arguments


class Optimizer:
    """最適化手法の土台。手法は、状態と、1回の更新の式 step を持つ。"""

    @quiet
    def update(self, x, grad, lr):
        """引数を確かめてから、step で更新した x を返す。

        x と grad: 同じ形 (n, *batch)。lr: 数か (*batch) に広がる配列。どれも書き換えない。
        整数やリストは float64 の配列にしてから使う。ValueError: 実数でない、形が合わないとき。
        """
        return self.step(*update_arguments(self, x, grad, lr))


class SGD(Optimizer):
    """勾配降下法 x ← x − ηg。

    出典: 『ゼロから作るDeep Learning』6.1.2節。torch.optim.SGD と同じ。
    """

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        return x - lr * grad


class Momentum(Optimizer):
    """Momentum  v ← αv − ηg,  x ← x + v。

    momentum: α、0 以上 1 未満。ValueError: 範囲の外のとき。
    出典: 『ゼロから作るDeep Learning』6.1.4節、Polyak (1964)。
    torch は b ← μb + g, x ← x − ηb。η が一定のときだけ同じ点を通る（v = −ηb）。
    """

    def __init__(self, momentum=0.9):
        self.momentum = fraction(momentum, "momentum")
        self.v = 0.0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.v = self.momentum * self.v - lr * grad
        return x + self.v


class Nesterov(Optimizer):
    """Nesterov の加速勾配法  v ← αv − ηg,  x ← x + αv − ηg。

    momentum: α、0 以上 1 未満。ValueError: 範囲の外のとき。
    「先の点 x + αv で勾配を測る」元の式を、先の点を x と書き直した形。
    出典: Nesterov (1983)、Sutskever ほか (2013)。書き直しは、本の common/optimizer.py のうち
    x のあとで v を更新する版と同じ。v を先に更新する版は、項 α²v が新しい v になり、違う点を通る。
    torch.optim.SGD(nesterov=True) とは、η が一定のときだけ同じ点を通る。
    """

    def __init__(self, momentum=0.9):
        self.momentum = fraction(momentum, "momentum")
        self.v = 0.0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.v = self.momentum * self.v - lr * grad
        return x + self.momentum * self.v - lr * grad


class AdaGrad(Optimizer):
    """AdaGrad  h ← h + g²,  x ← x − η g / (√h + ε)。

    eps: ε、0 以上。ValueError: 範囲の外のとき。
    出典: Duchi ほか (2011)、『ゼロから作るDeep Learning』6.1.5節。
    ε は本が 1e-7、torch が 1e-10。
    """

    def __init__(self, eps=1e-10):
        self.eps = number_between(eps, "eps", 0, float("inf"))
        self.h = 0.0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.h = self.h + grad**2
        return x - lr * grad / (self.h**0.5 + self.eps)


class RMSprop(Optimizer):
    """RMSprop  h ← ρh + (1−ρ)g²,  x ← x − η g / (√h + ε)。

    decay_rate: ρ、0 以上 1 未満。eps: ε、0 以上。ValueError: 範囲の外のとき。
    出典: Tieleman & Hinton (2012) 講義 6e（ρ = 0.9）。本と torch の既定値は ρ = 0.99。
    ε は本が 1e-7、torch が 1e-8。
    """

    def __init__(self, decay_rate=0.9, eps=1e-8):
        self.decay_rate = fraction(decay_rate, "decay_rate")
        self.eps = number_between(eps, "eps", 0, float("inf"))
        self.h = 0.0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.h = self.decay_rate * self.h + (1 - self.decay_rate) * grad**2
        return x - lr * grad / (self.h**0.5 + self.eps)


class AdaDelta(Optimizer):
    """AdaDelta  h ← ρh + (1−ρ)g²,  Δ = g √(d + ε) / √(h + ε),  d ← ρd + (1−ρ)Δ²,  x ← x − ηΔ。

    decay_rate: ρ、0 以上 1 未満。eps: ε、0 より大きい数（ε = 0 では1歩も動かない）。
    ValueError: 範囲の外のとき。
    出典: Zeiler (2012) Algorithm 1（ρ = 0.95, ε = 1e-6, η = 1）。torch の既定値は ρ = 0.9。
    """

    def __init__(self, decay_rate=0.95, eps=1e-6):
        self.decay_rate = fraction(decay_rate, "decay_rate")
        self.eps = number_between(eps, "eps", 0, float("inf"), low_included=False)
        self.h = 0.0
        self.d = 0.0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.h = self.decay_rate * self.h + (1 - self.decay_rate) * grad**2
        delta = grad * (self.d + self.eps) ** 0.5 / (self.h + self.eps) ** 0.5
        self.d = self.decay_rate * self.d + (1 - self.decay_rate) * delta**2
        return x - lr * delta


class Adam(Optimizer):
    """Adam  m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²,  x ← x − η m̂ / (√v̂ + ε)。

    偏り補正 m̂ = m / (1−β₁ᵗ),  v̂ = v / (1−β₂ᵗ)。t は 1 から数える。
    beta1, beta2: 0 以上 1 未満。eps: ε、0 以上。ValueError: 範囲の外のとき。
    出典: Kingma & Ba (2015) Algorithm 1。torch.optim.Adam と同じ。
    本の実装は補正を η に掛け、ε を補正前の √v に足すので、1e-5 ほど違う点を通る。
    """

    def __init__(self, beta1=0.9, beta2=0.999, eps=1e-8):
        self.beta1 = fraction(beta1, "beta1")
        self.beta2 = fraction(beta2, "beta2")
        self.eps = number_between(eps, "eps", 0, float("inf"))
        self.m = 0.0
        self.v = 0.0
        self.t = 0

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * grad
        self.v = self.beta2 * self.v + (1 - self.beta2) * grad**2
        m_hat = self.m / (1 - self.beta1**self.t)
        v_hat = self.v / (1 - self.beta2**self.t)
        return x - lr * m_hat / (v_hat**0.5 + self.eps)


class AdamW(Adam):
    """AdamW  x ← x − ηλx のあと、Adam の更新をする。

    weight_decay: λ、0 以上。beta1, beta2, eps: Adam と同じ。ValueError: 範囲の外のとき。
    出典: Loshchilov & Hutter (2019)、torch.optim.AdamW と同じ。本にはない。
    論文の Algorithm 2 は学習率を α と倍率 η に分け、減衰の項には α を掛けない。
    """

    def __init__(self, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        super().__init__(beta1, beta2, eps)
        self.weight_decay = number_between(weight_decay, "weight_decay", 0, float("inf"))

    def step(self, x, grad, lr):
        """更新後の x を返す。"""
        return super().step(x - lr * self.weight_decay * x, grad, lr)
