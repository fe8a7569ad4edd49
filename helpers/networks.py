"""ニューラルネットワーク: 層（forward と backward）、層を並べた Network、手書き数字のデータ。

文字は『ゼロから作るDeep Learning』と同じ: x は層の入力、dout は層の出力での ∂L/∂y、
backward が返すのは ∂L/∂x。パラメータの勾配は dW, db のように名前に d を付けて層に残る。

配列の約束: ここだけは本と同じく、データは行が1件の (N, D)。N は件数、D は1件の数の個数。
x.T が、ほかの部品の「点の束 (n, *batch)」にあたる。gradient_descent と最適化手法から見た
点は、全パラメータを1列に並べた net.params (n,) で、「座標が最初の軸」はここでも守られる。

型はすべて float64。nan や inf は Network の入り口で断る。層はそのまま通すので、発散した学習も
止まらずに続く。出典: 同書の5〜6章（common/layers.py）。違うところは各 docstring に書く。
"""

import itertools
import math
import warnings
from pathlib import Path

import numpy as np

from helpers.checks import as_array, number_between, quiet, real_array, whole_number
from helpers.functions import sigmoid

WIDTH_LIMIT = 10_000  # 層の幅とクラスの数の上限。W は 800 MB まで


class Layer:
    """層の共通部分。param_names: パラメータの名前。勾配は名前の頭に d を付けて置く。"""

    param_names = ()

    def __getattr__(self, name):
        """まだない属性を尋ねられたとき、どうすればできるかを知らせる。"""
        raise AttributeError(
            f"{type(self).__name__} に {name} はまだありません。forward(x)、backward(dout) の"
            "順に呼びます。勾配（dW など）は backward のあとにできます。"
        )

    def __repr__(self):
        shapes = [
            f"{name}: {'×'.join(map(str, getattr(self, name).shape))}" for name in self.param_names
        ]
        return f"{type(self).__name__}({', '.join(shapes)})"


class Affine(Layer):
    """Affine 層  Y = XW + b。

    δ = ∂L/∂Y とすると  ∂L/∂W = Xᵀδ,  ∂L/∂b = δ の列ごとの和,  ∂L/∂X = δWᵀ。
    W: (D, M)、b: (M,)。ValueError: 形が合わない、実数でないとき。
    torch.nn.Linear の weight は Wᵀ。
    """

    param_names = ("W", "b")

    def __init__(self, W, b):
        self.W, self.b = real_array(W, "W"), real_array(b, "b")
        if self.W.ndim != 2 or self.b.shape != self.W.shape[1:]:
            raise ValueError(
                "W は (D, M)、b は (M,) です（D は入力、M は出力の数）。"
                f"受け取った形: W {self.W.shape}、b {self.b.shape}"
            )

    @quiet
    def forward(self, x):
        """x (N, D) → XW + b (N, M) を返す。"""
        self.x = _rows(x, len(self.W))
        return self.x @ self.W + self.b

    @quiet
    def backward(self, dout):
        """dout (N, M) → ∂L/∂X (N, D)。dW (D, M) と db (M,) を残す。"""
        dout = _slope(dout, (len(self.x), len(self.b)))
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class Relu(Layer):
    """ReLU  y = max(x, 0),  ∂L/∂x = ∂L/∂y （x > 0）、0 （x ≤ 0）。

    x はどんな形でもよい。ValueError: 実数でない、dout の形が違うとき。
    x = 0 での傾きは、torch と同じく 0 とする。
    """

    def forward(self, x):
        """x → max(x, 0)。形は同じ。"""
        self.x = real_array(x, "x")
        return np.maximum(self.x, 0)

    def backward(self, dout):
        """dout → ∂L/∂x。形は同じ。"""
        return np.where(self.x > 0, _slope(dout, self.x.shape), 0)


class LeakyRelu(Layer):
    """Leaky ReLU  y = x （x > 0）、cx （x ≤ 0）。傾きは 1 と c。

    slope: c、0 以上 1 以下。x はどんな形でもよい。
    ValueError: 範囲の外、実数でない、dout の形が違うとき。
    出典: Maas ほか (2013)。本にはない。torch.nn.LeakyReLU の negative_slope が slope。
    """

    def __init__(self, slope=0.01):
        self.slope = number_between(slope, "slope", 0, 1)

    def forward(self, x):
        """x → y。形は同じ。"""
        self.x = real_array(x, "x")
        return np.where(self.x > 0, self.x, self.slope * self.x)

    def backward(self, dout):
        """dout → ∂L/∂x。形は同じ。"""
        return _slope(dout, self.x.shape) * np.where(self.x > 0, 1, self.slope)


class Sigmoid(Layer):
    """シグモイド  y = 1 / (1 + e^(−x)),  ∂L/∂x = ∂L/∂y · y(1 − y)。

    x はどんな形でもよい。ValueError: 実数でない、dout の形が違うとき。
    """

    def forward(self, x):
        """x → σ(x)。形は同じ。"""
        self.y = sigmoid(x)
        return self.y

    def backward(self, dout):
        """dout → ∂L/∂x。形は同じ。"""
        return _slope(dout, self.y.shape) * self.y * (1 - self.y)


class Tanh(Layer):
    """双曲線正接  y = tanh x,  ∂L/∂x = ∂L/∂y · (1 − y²)。

    x はどんな形でもよい。ValueError: 実数でない、dout の形が違うとき。
    """

    def forward(self, x):
        """x → tanh x。形は同じ。"""
        self.y = np.tanh(real_array(x, "x"))
        return self.y

    def backward(self, dout):
        """dout → ∂L/∂x。形は同じ。"""
        return _slope(dout, self.y.shape) * (1 - self.y**2)


@quiet
def softmax(x):
    """ソフトマックス y_k = e^(x_k) / Σ_j e^(x_j) を返す。x: (C,) か (N, C)、形は同じ。

    最大値を引いてから計算するので、大きな x でもあふれない。ValueError: 実数の配列でないとき。
    出典: 『ゼロから作るDeep Learning』3.5節。
    """
    x = real_array(x, "x")
    if x.ndim not in (1, 2) or x.size == 0:
        raise ValueError(f"x は (C,) か (N, C) の配列です。受け取った形: {x.shape}")
    return np.exp(_log_softmax(x))


def _log_softmax(x):
    """log softmax(x) = x − log Σ e^x を、あふれないように返す。形は x と同じ。"""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


class SoftmaxWithLoss(Layer):
    """ソフトマックスと交差エントロピー  y = softmax(x),  L = −(1/N) Σ t log y。

    ∂L/∂x = (y − t) / N。x: (N, C)、t: one-hot (N, C)。番号 (N,) は one_hot(t, C) で直す。
    ValueError: x や t の形が違う、t の行が one-hot でないとき。
    本は log(y + 1e-7)。ここは 1e-7 を足さず、torch.nn.functional.cross_entropy と同じ値。
    """

    @quiet
    def forward(self, x, t):
        """x, t (N, C) → 損失 L （数1つ）。"""
        x = _rows(x)
        self.y, self.t = softmax(x), _one_hot_rows(t, x.shape)
        return float(-(self.t * _log_softmax(x)).sum() / len(x))

    @quiet
    def backward(self, dout=1):
        """dout （ふつう 1）→ ∂L/∂x (N, C)。"""
        return _slope(dout, ()) * (self.y - self.t) / len(self.y)


class BatchNormalization(Layer):
    """バッチ正規化  x̂ = (x − m_B) / √(σ_B² + ε),  y = γx̂ + β。

    学習では m_B, σ_B² はバッチの平均と分散（列ごと、N で割る）。推論では、学習中の移動平均
    running ← ρ·running + (1 − ρ)·m_B （σ_B² も同じ）を使う。
    gamma, beta: (D,)。momentum: ρ、0 以上 1 以下。eps: ε、0 より大きい数。
    ValueError: 形や範囲が違うとき。警告: 学習でバッチが1件のとき。
    出典: Ioffe & Szegedy (2015)。torch の momentum は 1 − ρ、running_var は N/(N−1) 倍した分散を
    平均する。本は ε = 1e-6、running_var の初めは 0。ここは torch と同じ 1e-5 と 1。
    """

    param_names = ("gamma", "beta")

    def __init__(self, gamma, beta, momentum=0.9, eps=1e-5):
        self.gamma, self.beta = real_array(gamma, "gamma"), real_array(beta, "beta")
        if self.gamma.ndim != 1 or self.beta.shape != self.gamma.shape:
            raise ValueError(
                "gamma と beta は同じ形 (D,) です。"
                f"受け取った形: gamma {self.gamma.shape}、beta {self.beta.shape}"
            )
        self.momentum = number_between(momentum, "momentum", 0, 1)
        self.eps = number_between(eps, "eps", 0, math.inf, low_included=False)
        self.running_mean = np.zeros_like(self.gamma)
        self.running_var = np.ones_like(self.gamma)

    @quiet
    def forward(self, x, train_flg=True):
        """x (N, D) → y (N, D)。train_flg: 学習なら True、推論なら False。"""
        x = _rows(x, len(self.gamma))
        self.train_flg = train_flg
        if train_flg:
            _warn_if_alone(x)
            mean, var = x.mean(axis=0), x.var(axis=0)
            keep = self.momentum
            self.running_mean = keep * self.running_mean + (1 - keep) * mean
            self.running_var = keep * self.running_var + (1 - keep) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean) / self.std
        return self.gamma * self.x_hat + self.beta

    @quiet
    def backward(self, dout):
        """dout (N, D) → ∂L/∂x (N, D)。dgamma, dbeta (D,) を残す。

        d = γ·dout とすると、学習では (d − d の平均 − x̂·(d x̂ の平均)) / √(σ_B² + ε)。
        推論では平均も分散も定数なので d / √(running_var + ε)。
        """
        dout = _slope(dout, self.x_hat.shape)
        self.dgamma = (dout * self.x_hat).sum(axis=0)
        self.dbeta = dout.sum(axis=0)
        d = self.gamma * dout
        if self.train_flg:
            d = d - d.mean(axis=0) - self.x_hat * (d * self.x_hat).mean(axis=0)
        return d / self.std


class Dropout(Layer):
    """ドロップアウト: 学習では割合 p の要素を 0 にし、推論では全要素を (1 − p) 倍する。

    dropout_ratio: p、0 以上 1 未満。
    rng: 乱数の種か np.random.default_rng(種)。None なら毎回違う乱数。
    x はどんな形でもよい。ValueError: 範囲の外、実数でない、dout の形が違うとき。
    出典: Srivastava ほか (2014)、本の6.4.3節。torch は学習で 1/(1 − p) 倍し、推論では何もしない。
    """

    def __init__(self, dropout_ratio=0.5, rng=None):
        self.dropout_ratio = number_between(dropout_ratio, "dropout_ratio", 0, 1)
        if self.dropout_ratio == 1:
            raise ValueError("dropout_ratio は 1 より小さい数です（1 では、すべてが消えます）。")
        self.rng = _generator(rng)

    @quiet
    def forward(self, x, train_flg=True):
        """x → y。形は同じ。train_flg: 学習なら True、推論なら False。"""
        x = real_array(x, "x")
        if train_flg:
            self.mask = self.rng.random(x.shape) > self.dropout_ratio
        else:
            self.mask = np.full(x.shape, 1 - self.dropout_ratio)
        return x * self.mask

    @quiet
    def backward(self, dout):
        """dout → ∂L/∂x。形は同じ。"""
        return _slope(dout, self.mask.shape) * self.mask


class Network:
    """層のリスト layers を順に通し、最後に SoftmaxWithLoss で損失を測るネットワーク。

    損失 L = 交差エントロピー + ½λΣW²。λ は weight_decay_lambda、0 以上。b, γ, β は減衰させない。
    x: データ (N, D)、有限な数。t: 正解の番号 (N,)、0 から C−1。
    params: 全パラメータを層の順（W, b, …）に1列に並べた (n,)。代入もできる。
        params, _ = gradient_descent(loss_function(net, x, t), net.params, optimizer=Adam(),
                                     grad=minibatch_gradient(net, x, t, 100, rng))
        net.params = params  # 最後の点を net に入れる
    ValueError: 層のリストでない、形が合わない、nan や inf がある、t が番号でないとき。
    出典: 『ゼロから作るDeep Learning』5.7節、6.4.2節（λ）。
    """

    def __init__(self, layers, weight_decay_lambda=0.0):
        self.layers = _layer_list(layers)
        self.last_layer = SoftmaxWithLoss()
        self.weight_decay_lambda = number_between(
            weight_decay_lambda, "weight_decay_lambda", 0, math.inf
        )

    @quiet
    def predict(self, x, train_flg=False):
        """x (N, D) → 最後の層の出力（ソフトマックスの前）(N, C)。"""
        x = _finite(_rows(x))
        for layer in self.layers:
            if isinstance(layer, (BatchNormalization, Dropout)):
                x = layer.forward(x, train_flg)
            else:
                x = layer.forward(x)
        return x

    @quiet
    def loss(self, x, t, train_flg=False):
        """x (N, D) と番号 t (N,) → 損失 L （数1つ）。"""
        y = self.predict(x, train_flg)
        weights = [layer.W for layer in self.layers if "W" in _names(layer)]
        decay = self.weight_decay_lambda / 2 * sum((W**2).sum() for W in weights)
        return self.last_layer.forward(y, _one_hot_of(t, y)) + float(decay)

    def accuracy(self, x, t):
        """x (N, D) と番号 t (N,) → 正解率（推論のモードで測る）。"""
        y = self.predict(x)
        return float((y.argmax(axis=1) == _one_hot_of(t, y).argmax(axis=1)).mean())

    @quiet
    def gradient(self, x, t):
        """誤差逆伝播法による ∂L/∂params (n,)。x (N, D)、番号 t (N,)。学習のモードで測る。"""
        self.loss(x, t, train_flg=True)
        dout = self.last_layer.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        grads = [np.empty(0)]
        for layer, name in self._slots():
            grad = getattr(layer, "d" + name)
            if name == "W":
                grad = grad + self.weight_decay_lambda * layer.W
            grads.append(grad.ravel())
        return np.concatenate(grads)

    @property
    def params(self):
        """全パラメータを1列に並べた新しい配列 (n,)。"""
        parts = [getattr(layer, name).ravel() for layer, name in self._slots()]
        return np.concatenate([np.empty(0), *parts])

    @params.setter
    def params(self, params):
        for (layer, name), part in zip(self._slots(), self.split(params), strict=True):
            setattr(layer, name, part.copy())

    def split(self, params):
        """params と同じ並びの1列 (n,) を、W (D, M)、b (M,)、… に分けたリストで返す。"""
        params = real_array(params, "params")
        shapes = [getattr(layer, name).shape for layer, name in self._slots()]
        ends = np.cumsum([math.prod(shape) for shape in shapes], dtype=int)
        if params.shape != (sum(ends[-1:]),):
            raise ValueError(
                f"params は、このネットワークでは形 ({sum(ends[-1:])},) です。"
                f"受け取った形: {params.shape}"
            )
        parts = np.split(params, ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=False)]

    def _slots(self):
        """(層, パラメータの名前) を層の順に並べて返す。"""
        return [(layer, name) for layer in self.layers for name in _names(layer)]

    def __repr__(self):
        layers = " → ".join(map(repr, self.layers))
        return f"Network: {layers}（パラメータ {self.params.size} 個）"


def loss_function(net, x, t, train_flg=False):
    """params (n,) を net に入れて損失 net.loss(x, t) を返す関数。gradient_descent の f に渡す。

    net: Network。x, t, train_flg: net.loss と同じ。ValueError: net が Network でないとき。
    """
    _check_network(net)

    def loss(params):
        net.params = params
        return net.loss(x, t, train_flg)

    return loss


def minibatch_gradient(net, x, t, batch_size, rng):
    """params (n,) を net に入れ、次のミニバッチでの勾配 (n,) を返す関数。grad に渡す。

    1エポックごとに並べ替え、先頭から batch_size 件ずつ使う（最後は余りの件数）。
    net: Network。x: (N, D)、t: 番号 (N,)。batch_size: 1 以上 N 以下。
    rng: 乱数の種か np.random.default_rng(種)。
    ValueError: 値が範囲の外、x と t の件数が違うとき。
    本の train_neuralnet.py は、毎回 np.random.choice で選ぶ（1エポックに重なりと漏れがある）。
    """
    _check_network(net)
    x, t = _rows(x), as_array(t)
    if t.shape[:1] != x.shape[:1]:
        raise ValueError(f"x と t の件数が違います。x の形: {x.shape}、t の形: {t.shape}")
    batches = _batches(len(x), whole_number(batch_size, "batch_size", 1, len(x)), _generator(rng))

    def grad(params):
        net.params = params
        chosen = next(batches)
        return net.gradient(x[chosen], t[chosen])

    return grad


def _batches(n, batch_size, rng):
    """0 から n−1 の番号を、並べ替えて batch_size 個ずつ、限りなく返す。"""
    while True:
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            yield order[start : start + batch_size]


@quiet
def clip_by_norm(grad, max_norm):
    """勾配クリッピング g ← g · min(1, max_norm / ‖g‖)。長さだけを縮め、向きは変えない。

    grad: (n,)、または束 (n, *batch) （点ごとに縮める）。max_norm: 0 より大きい数。
    ValueError: 実数の配列でない、max_norm が正でないとき。
    出典: Pascanu ほか (2013)、『ゼロから作るDeep Learning ❷』6.1.4節。
    torch と ❷ は ‖g‖ に 1e-6 を足すので、長さが 1e-6 ほど短い。
    """
    grad = real_array(grad, "grad")
    if grad.ndim == 0:
        raise ValueError(f"grad は座標を並べた配列 (n,) です。受け取ったもの: ただの数 {grad}")
    max_norm = number_between(max_norm, "max_norm", 0, math.inf, low_included=False)
    norm = np.hypot.reduce(grad, axis=0)  # 2乗があふれる大きさの勾配でも、長さを正しく測る
    return grad * (max_norm / np.maximum(norm, max_norm))


@quiet
def random_affine(n_in, n_out, weight_init_std, rng):
    """W の要素を平均 0 の正規分布、b を 0 にした Affine 層を返す。

    weight_init_std: 標準偏差。"xavier" なら √(1/n_in)、"he" なら √(2/n_in)、または 0 以上の数。
    rng: 乱数の種か np.random.default_rng(種)。ValueError: 値が範囲の外のとき。
    出典: 本の6.2節、Glorot & Bengio (2010)（論文と torch は √(2/(n_in + n_out))）、He ほか (2015)。
    """
    n_in = whole_number(n_in, "n_in", 1, WIDTH_LIMIT)
    n_out = whole_number(n_out, "n_out", 1, WIDTH_LIMIT)
    if isinstance(weight_init_std, str):
        variances = {"xavier": 1 / n_in, "he": 2 / n_in}
        if weight_init_std not in variances:
            raise ValueError(
                'weight_init_std は "xavier"、"he"、または 0 以上の数です。'
                f"受け取ったもの: {weight_init_std!r:.80}"
            )
        std = math.sqrt(variances[weight_init_std])
    else:
        std = number_between(weight_init_std, "weight_init_std", 0, math.inf)
    return Affine(std * _generator(rng).standard_normal((n_in, n_out)), np.zeros(n_out))


def multi_layer_net(
    sizes,
    rng,
    activation=Relu,
    weight_init_std="he",
    batch_norm=False,
    dropout_ratio=0.0,
    weight_decay_lambda=0.0,
):
    """全結合のネットワーク Affine → (BN) → 活性化関数 → (Dropout) → … → Affine を返す。

    sizes: 層の幅。[64, 50, 10] なら入力 64、隠れ層 50、出力 10。activation: Relu のようなクラス。
    weight_init_std, rng: random_affine と同じ。batch_norm: True なら BatchNormalization をはさむ。
    dropout_ratio: 0 なら Dropout をはさまない。weight_decay_lambda: Network と同じ。
    ValueError: 値が範囲の外のとき。出典: 本の common/multi_layer_net_extend.py。
    """
    rng = _generator(rng)
    dropout_ratio = number_between(dropout_ratio, "dropout_ratio", 0, 1)
    widths = as_array(sizes)
    if widths.ndim != 1 or len(widths) < 2:
        raise ValueError(
            f"sizes は [64, 50, 10] のように幅を2つ以上並べます。受け取ったもの: {sizes!r:.80}"
        )
    if not (isinstance(activation, type) and hasattr(activation, "forward")):
        raise ValueError(
            "activation には Relu のようなクラスを、かっこを付けずに渡してください。"
            f"受け取ったもの: {activation!r:.80}"
        )
    layers = []
    for n_in, n_out in itertools.pairwise(widths[:-1]):
        layers.append(random_affine(n_in, n_out, weight_init_std, rng))
        if batch_norm:
            layers.append(BatchNormalization(np.ones(n_out), np.zeros(n_out)))
        layers.append(activation())
        if dropout_ratio:
            layers.append(Dropout(dropout_ratio, rng))
    layers.append(random_affine(widths[-2], widths[-1], weight_init_std, rng))
    return Network(layers, weight_decay_lambda)


def one_hot(t, class_num):
    """番号 t (N,) を one-hot (N, class_num) で返す。t: 0 から class_num−1 の整数。

    ValueError: t が番号の1次元配列でない（one-hot など）、範囲の外のとき。
    """
    class_num = whole_number(class_num, "class_num", 1, WIDTH_LIMIT)
    labels = as_array(t)
    if labels.ndim == 2:
        raise ValueError(
            f"t は番号を並べた (N,) です。受け取った形: {labels.shape}。"
            "one-hot なら np.argmax(t, axis=1) で番号に直してください。"
        )
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            "t は整数の番号を並べた (N,) です。"
            f"受け取ったもの: 型 {labels.dtype}、形 {labels.shape}"
        )
    wrong = labels[(labels < 0) | (labels >= class_num)]
    if wrong.size:
        raise ValueError(
            f"t の番号は 0 から {class_num - 1} です（クラスは {class_num} 個）。"
            f"範囲の外のもの: {wrong[0]}。番号は 0 から数えてください。"
        )
    rows = np.zeros((len(labels), class_num))
    rows[np.arange(len(labels)), labels] = 1
    return rows


def load_digits():
    """手書き数字 8×8 を (x_train, t_train), (x_test, t_test) で返す。

    x: 画素の濃さ 0〜1 (N, 64)、もとの 0〜16 を 16 で割ったもの。t: 数字 0〜9 の番号 (N,)。
    1797 枚を default_rng(0).permutation で並べ替え、はじめの 500 枚をテスト、残りの 1297 枚を
    訓練に使う。
    出典: Alpaydin & Kaynak (1998) "Optical Recognition of Handwritten Digits"、UCI Machine Learning
    Repository、DOI 10.24432/C50P49、CC BY 4.0（helpers/data/README.md）。
    """
    with np.load(Path(__file__).parent / "data" / "digits.npz") as data:
        x, t = data["X"] / 16, data["y"].astype(int)
    order = np.random.default_rng(0).permutation(len(x))
    test, train = order[:500], order[500:]
    return (x[train], t[train]), (x[test], t[test])


# --- 入力の検査 -----------------------------------------------------------------------------------


def _rows(x, width=None):
    """x を、行が1件の float64 の配列 (N, D) で返す。D が width でなければ ValueError。"""
    x = real_array(x, "x")
    if x.ndim != 2 or x.size == 0:
        hint = "1件だけなら x[None, :] と書きます。" if x.ndim == 1 else ""
        raise ValueError(f"x は行が1件のデータ (N, D) です。受け取った形: {x.shape}。{hint}")
    if width is not None and x.shape[1] != width:
        hint = (
            "行と列が逆なら x.T です。" if len(x) == width else "前の層の出力の数と揃えてください。"
        )
        raise ValueError(
            f"x の形が違います。期待する形: (N, {width})、受け取った形: {x.shape}。{hint}"
        )
    return x


def _slope(dout, shape):
    """dout を float64 の配列で返す。forward の返した形 shape でなければ ValueError。"""
    dout = real_array(dout, "dout")
    if dout.shape != shape:
        raise ValueError(
            "dout は forward が返したものと同じ形です。"
            f"期待する形: {shape}、受け取った形: {dout.shape}"
        )
    return dout


def _finite(x):
    """x に nan や inf がなければそのまま返す。あれば ValueError。"""
    bad = np.argwhere(~np.isfinite(x))
    if len(bad):
        row, column = bad[0]
        raise ValueError(
            f"x に nan か inf が {len(bad)} 個あります（初めは x[{row}, {column}]）。"
            "欠けた値を埋めるか、その行を除いてください。"
        )
    return x


def _one_hot_rows(t, shape):
    """t を one-hot の配列 shape = (N, C) で返す。違えば ValueError。"""
    t = real_array(t, "t")
    if t.ndim == 1:
        raise ValueError(
            f"t は one-hot {shape} です。受け取った形: {t.shape}。"
            f"番号なら one_hot(t, {shape[1]}) で直してください。"
        )
    if t.shape != shape:
        raise ValueError(f"t は x と同じ形 {shape} です。受け取った形: {t.shape}")
    if not (((t == 0) | (t == 1)).all() and (t.sum(axis=1) == 1).all()):
        raise ValueError("t の各行は one-hot（1 が1つ、ほかは 0）です。違う行があります。")
    return t


def _one_hot_of(t, y):
    """番号 t (N,) を、出力 y (N, C) に合う one-hot (N, C) で返す。違えば ValueError。"""
    t = one_hot(t, y.shape[1])
    if len(t) != len(y):
        raise ValueError(f"x と t の件数が違います。x は {len(y)} 件、t は {len(t)} 件です。")
    return t


def _names(layer):
    """層のパラメータの名前。なければ ()。"""
    return getattr(layer, "param_names", ())


def _layer_list(layers):
    """layers を、forward と backward を持つ別々の層のリストで返す。違えば ValueError。"""
    if not isinstance(layers, (list, tuple)) or not layers:
        raise ValueError(
            "layers は層を並べたリストです（例: [Affine(W, b), Relu()]）。"
            f"受け取ったもの: {layers!r:.80}"
        )
    for layer in layers:
        if isinstance(layer, type):
            raise ValueError(f"層は {layer.__name__}() のようにかっこを付けて作ります。")
        if isinstance(layer, SoftmaxWithLoss):
            raise ValueError(
                "SoftmaxWithLoss は Network が最後に付けます。layers から除いてください。"
            )
        if not (hasattr(layer, "forward") and hasattr(layer, "backward")):
            raise ValueError(
                f"層は forward と backward を持つものです。受け取ったもの: {layer!r:.80}"
            )
    if len({id(layer) for layer in layers}) < len(layers):
        raise ValueError(
            "同じ層が2回あります。層は forward の値を覚えるので、1つずつ作ってください"
            "（[Relu()] * 2 は同じ Relu です）。"
        )
    return list(layers)


def _generator(rng):
    """rng を乱数の生成器で返す。生成器ならそのもの、種ならその種の生成器。違えば ValueError。"""
    if rng is None or isinstance(rng, np.random.Generator):
        return np.random.default_rng(rng)
    try:
        return np.random.default_rng(whole_number(rng, "rng", 0))
    except ValueError:
        raise ValueError(
            "rng は乱数の種（0 以上の整数）か np.random.default_rng(種) です。"
            f"受け取ったもの: {rng!r:.80}"
        ) from None


def _check_network(net):
    """net が Network でなければ ValueError。"""
    if not isinstance(net, Network):
        raise ValueError(f"net は Network([層, …]) です。受け取ったもの: {net!r:.80}")


def _warn_if_alone(x):
    """学習のモードでバッチが1件なら、何が起きるかを警告する。"""
    if len(x) == 1:
        warnings.warn(
            "バッチが1件です。平均は x そのもの、分散は 0 なので x̂ = 0 となり、出力は x によらず"
            " β になります。バッチを2件以上にするか、推論なら train_flg=False にしてください。",
            stacklevel=3,
        )
