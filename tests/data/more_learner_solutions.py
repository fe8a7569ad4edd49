"""A second set of wrong solutions, written as learners would before the checks were extended.

By it a test measures how many likely mistakes get a name. Each entry is the verdict that a teacher
expects and the solution: (piece, instead) of the right solution in learner_solutions, or a text.
"""

SECOND = {
    "central_difference": [
        ("差のかっこがない", ("(right - left) / width", "right - left / width")),
        ("前進差分を 2h で割っている", ("left = f(x - h)", "left = f(x)")),
        ("h で割るのを忘れている", ("width = 2 * h", "width = 2")),
        ("引き算が足し算になっている", ("right - left", "right + left")),
        ("差をとる前に f に渡している", ("(right - left)", "f((x + h) - (x - h))")),
        ("割らずに掛けている", ("/ width", "* width")),
        (
            "2h ずつ動かしている",
            """
def central_difference(f, x, h):
    return (f(x + 2 * h) - f(x - 2 * h)) / (2 * h)
""",
        ),
        (
            "2階の差分になっている",
            """
def central_difference(f, x, h):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2
""",
        ),
        (
            "丸めている",
            ("return (right - left) / width", "return round((right - left) / width, 2)"),
        ),
    ],
    "gradient_error": [
        ("位置を返している", ("return max(errors)", "return int(np.argmax(errors))")),
        ("分母が n だけになっている", ("size = max(1, abs(a), abs(n))", "size = abs(n)")),
        ("分母が a だけになっている", ("size = max(1, abs(a), abs(n))", "size = abs(a)")),
        ("分母の候補に n がない", ("max(1, abs(a), abs(n))", "max(1, abs(a))")),
        ("足し合わせている", ("max(errors)", "sum(errors)")),
        ("分母が最小になっている", ("max(1, abs(a), abs(n))", "min(1, abs(a), abs(n))")),
        ("差をとる前に絶対値をとっている", ("abs(a - n)", "abs(abs(a) - abs(n))")),
        ("差を2乗している", ("abs(a - n)", "(a - n) ** 2")),
    ],
    "gradient_by_hand": [
        (
            "4 で割っていない",
            """
def gradient_by_hand(x):
    return np.array([2 * x[0] * x[1], x[0] ** 2 + 2 * x[1]])
""",
        ),
        ("x0² の指数の 2 を掛けていない", ("2 * x[0] * x[1] / 4", "x[0] * x[1] / 4")),
        ("x1² の指数の 2 を掛けていない", ("+ 2 * x[1]", "+ x[1]")),
        ("x1² を x0 でも微分している", ("x[1] / 4\n", "x[1] / 4 + 2 * x[1]\n")),
        ("x1² を微分し忘れている", ("x[0] / 4 + 2 * x[1]", "x[0] / 4")),
        ("x1² を微分していない", ("+ 2 * x[1]", "+ x[1] ** 2")),
        ("関数の値を返している", ("return grad", "return x[0] ** 2 * x[1] / 4 + x[1] ** 2")),
    ],
    "central_gradient": [
        ("割り算のかっこがない", ("/ (2 * h)", "/ 2 * h")),
        ("差のかっこがない", ("(ahead - behind) / (2 * h)", "ahead - behind / (2 * h)")),
        ("前進差分を 2h で割っている", ("x[i] = tmp - h", "x[i] = tmp")),
        (
            "最初の座標しか計算していない",
            ("        x[i] = tmp\n", "        x[i] = tmp\n        break\n"),
        ),
        ("最初の座標を計算していない", ("range(x.size)", "range(1, x.size)")),
        (
            "1 だけ動かしている",
            """
def central_gradient(f, x, h):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = 1
        grad[i] = (f(x + e) - f(x - e)) / (2 * h)
    return grad
""",
        ),
        ("割り算を忘れている", ("(ahead - behind) / (2 * h)", "ahead - behind")),
    ],
    "directional_derivative": [
        ("成分の絶対値の和で割っている", ("square ** 0.5", "sum(abs(d) for d in direction)")),
        ("成分の和で割っている", ("square ** 0.5", "sum(direction)")),
        ("座標の数で割っている", ("square ** 0.5", "len(direction)")),
        ("長さを掛けている", ("dot / square", "dot * square")),
        ("勾配の長さを返している", ("dot / square ** 0.5", "grad_square ** 0.5")),
        (
            "最初の2つの座標しか使っていない",
            """
def directional_derivative(grad, direction):
    n = (direction[0] ** 2 + direction[1] ** 2) ** 0.5
    return (grad[0] * direction[0] + grad[1] * direction[1]) / n
""",
        ),
    ],
    "gd_update": [
        (
            "全体に学習率を掛けている",
            """
def gd_update(x, grad, lr):
    return lr * (x - grad)
""",
        ),
        ("勾配の代わりに x を使っている", ("lr * grad[i]", "lr * x[i]")),
        ("勾配を2乗している", ("grad[i]", "grad[i] ** 2")),
        ("勾配の符号だけを使っている", ("grad[i]", "np.sign(grad[i])")),
        ("勾配の成分を足している", ("lr * grad[i]", "lr * sum(grad)")),
        ("lr を使っていない", ("lr * grad[i]", "0.01 * grad[i]")),
    ],
    "momentum_update": [
        (
            "v の符号が逆",
            """
def momentum_update(x, v, grad, lr, alpha):
    v = alpha * v + lr * grad
    return x - v, v
""",
        ),
        ("x から v を引いている", ("x[i] + new_v[i]", "x[i] - new_v[i]")),
        ("進むときにも α を掛けている", ("x[i] + new_v[i]", "x[i] + alpha * new_v[i]")),
        ("速度で動かしていない", ("x[i] + new_v[i]", "x[i] - lr * grad[i]")),
        ("α を全体に掛けている", ("alpha * v[i] - lr * grad[i]", "alpha * (v[i] - lr * grad[i])")),
        ("α と 1−α が逆", ("alpha * v", "(1 - alpha) * v")),
        ("前の速度を捨てている", ("alpha * v[i] - lr", "-lr")),
        ("古い v を返している", ("return new_x, new_v", "return new_x, v")),
        (
            "移動平均の形になっている",
            """
def momentum_update(x, v, grad, lr, alpha):
    v = alpha * v + (1 - alpha) * grad
    return x - lr * v, v
""",
        ),
    ],
    "nesterov_update": [
        ("先の点が反対側になっている", ("ahead += alpha * v", "ahead -= alpha * v")),
        ("先の点に学習率を使っている", ("ahead += alpha * v", "ahead += lr * v")),
        ("速度に α を掛けていない", ("    new_v *= alpha\n", "")),
        ("進むときにも α を掛けている", ("return x + new_v", "return x + alpha * new_v")),
        ("速度で動かしていない", ("return x + new_v", "return x - lr * g")),
        ("勾配を測ってから先に進めている", ("g = grad_f(ahead)", "g = grad_f(x) + alpha * v")),
        ("古い v を返している", ("return x + new_v, new_v", "return x + new_v, v")),
        ("学習率を掛けていない", ("lr * g", "g")),
    ],
    "adagrad_update": [
        (
            "分母のかっこがない（x -= の形）",
            ("lr * g / (np.sqrt(h[i]) + eps)", "lr * g / np.sqrt(h[i]) + eps"),
        ),
        ("2乗でなく絶対値を足している", ("g * g", "abs(g)")),
        ("勾配を掛けていない", ("lr * g /", "lr /")),
        (
            "座標ごとに分けていない",
            """
def adagrad_update(x, h, grad, lr, eps):
    h = h + np.sum(grad ** 2)
    return x - lr * grad / (np.sqrt(h) + eps), h
""",
        ),
        ("割らずに掛けている", ("lr * g / (", "lr * g * (")),
        ("h で割っていない", (" / (np.sqrt(h[i]) + eps)", "")),
        ("h だけを返している", ("return x, h", "return h")),
        ("足してから2乗している", ("h[i] += g * g", "h[i] = (h[i] + g) ** 2")),
    ],
    "stop_rule": [
        ("ε ちょうどで止めている", ("norm < eps", "norm <= eps")),
        ("上限ちょうどのときしか止めていない", ("step >= step_limit", "step == step_limit")),
        ("どれか1つの成分で止めている", ("norm < eps", "any(abs(g) < eps for g in grad)")),
        (
            "言葉が逆",
            """
def stop_rule(grad, step, eps, step_limit):
    if np.linalg.norm(grad) < eps:
        return "回数"
    if step >= step_limit:
        return "勾配"
    return "続ける"
""",
        ),
        ("勾配の不等号が逆", ("norm < eps", "norm > eps")),
        ("最大の成分の符号を外していない", ("norm < eps", "max(grad) < eps")),
        ("成分の平均を比べている", ("norm = total**0.5", "norm = (total / len(grad)) ** 0.5")),
    ],
    "split_batches": [
        (
            "端数を前の束に足している",
            (
                "    return batches",
                """    if len(data) % batch_size and len(batches) > 1:
        rest = batches.pop()
        batches[-1] = np.concatenate([batches[-1], rest])
    return batches""",
            ),
        ),
        (
            "1個ずつ足りない",
            ("data[start:start + batch_size]", "data[start:start + batch_size - 1]"),
        ),
        (
            "1個ずつ重なっている",
            ("data[start:start + batch_size]", "data[start:start + batch_size + 1]"),
        ),
        ("先頭を飛ばしている", ("start = 0", "start = 1")),
        (
            "乱数を使っている",
            ("    batches = []", "    data = np.random.permutation(data)\n    batches = []"),
        ),
        (
            "飛び飛びに取っている",
            """
def split_batches(data, batch_size):
    n = -(-len(data) // batch_size)
    return [data[i::n] for i in range(n)]
""",
        ),
        ("最後の1個だけの束を落としている", ("start < len(data)", "start < len(data) - 1")),
    ],
    "classify": [
        (
            "勾配がちょうど 0 かを調べている",
            ("sum(g * g for g in grad) ** 0.5 >= 1e-6", "np.any(grad != 0)"),
        ),
        (
            "勾配の成分を足している",
            ("sum(g * g for g in grad) ** 0.5 >= 1e-6", "abs(sum(grad)) >= 1e-6"),
        ),
        (
            "固有値の和で判定している",
            """
def classify(grad, hessian):
    if np.linalg.norm(grad) >= 1e-6:
        return "臨界点でない"
    total = np.trace(hessian)
    if abs(total) < 1e-6:
        return "判定できない"
    return "極小" if total > 0 else "極大"
""",
        ),
        (
            "正が1つでもあれば極小としている",
            ("    if up and down", '    if up:\n        return "極小"\n    if up and down'),
        ),
        (
            "2変数の判定法を使っている",
            """
def classify(grad, hessian):
    if np.linalg.norm(grad) >= 1e-6:
        return "臨界点でない"
    det = np.linalg.det(hessian)
    if det < -1e-6:
        return "鞍点"
    if det <= 1e-6:
        return "判定できない"
    return "極小" if hessian[0, 0] > 0 else "極大"
""",
        ),
        ("0 とみなす大きさが違う", ("small = 1e-6", "small = 1e-3")),
    ],
    "rmsprop_update": [
        (
            "分母のかっこがない（x -= の形）",
            ("lr * g / (np.sqrt(h[i]) + eps)", "lr * g / np.sqrt(h[i]) + eps"),
        ),
        ("古い h を返している", ("return x, h", "return x, old")),
        ("x だけを返している", ("return x, h", "return x")),
        ("1−ρ のかっこがない", ("(1 - rho) * g * g", "1 - rho * g * g")),
        ("rho を使っていない", ("    old =", "    rho = 0.99\n    old =")),
        (
            "混ぜてから2乗している",
            """
def rmsprop_update(x, h, grad, lr, rho, eps):
    h = (rho * h + (1 - rho) * grad) ** 2
    return x - lr * grad / (np.sqrt(h) + eps), h
""",
        ),
        ("平方根を返している", ("return x, h", "return x, np.sqrt(h)")),
    ],
    "initial_std": [
        (
            "何も返していない",
            """
def initial_std(shape, method):
    if method == "he":
        return np.sqrt(2 / shape[0])
    if method == "xavier":
        return np.sqrt(1 / shape[0])
""",
        ),
        (
            "返す値の形が違う",
            """
def initial_std(shape, method):
    n = shape[0]
    std = np.sqrt(2 / n) if method == "He" else np.sqrt(1 / n)
    return std * np.random.randn(*shape)
""",
        ),
        (
            "2 が平方根の外にある",
            """
def initial_std(shape, method):
    n = shape[0]
    return 2 / np.sqrt(n) if method == "He" else 1 / np.sqrt(n)
""",
        ),
        ("分子と分母が逆", ("variance ** 0.5", "(1 / variance) ** 0.5")),
        ("一様分布の端になっている", ("variance ** 0.5", "(3 * variance) ** 0.5")),
        ("入力と出力の数を足している", ("fan_in, fan_out = shape", "fan_in = sum(shape)")),
        (
            "n を使っていない",
            """
def initial_std(shape, method):
    return 0.01
""",
        ),
    ],
    "normalize_batch": [
        (
            "全部の列に1つの分散を使っている",
            ("var = sum((column - mean) ** 2) / len(column)", "var = np.var(x)"),
        ),
        ("全体の平均で分散も求めている", ("mean = sum(column) / len(column)", "mean = np.mean(x)")),
        (
            "分母のかっこがない（1行で書いた形）",
            ("/ np.sqrt(var + eps) +", "/ np.sqrt(var) + eps +"),
        ),
        ("平均を引かずに2乗している", ("(column - mean) ** 2)", "column ** 2)")),
        ("差のかっこがない", ("gamma[j] * (column - mean) / ", "gamma[j] * column - mean / ")),
        ("最後の列を計算していない", ("range(x.shape[1])", "range(x.shape[1] - 1)")),
        ("γ を掛けていない", ("gamma[j] * (", "(")),
        ("β を足していない", (" + beta[j]", "")),
        (
            "分散を n で割っていない",
            ("sum((column - mean) ** 2) / len(column)", "sum((column - mean) ** 2)"),
        ),
    ],
    "step_decay_rate": [
        (
            "累乗のかっこがない",
            """
def step_decay_rate(lr, drop, every, t):
    return lr * drop ** t // every
""",
        ),
        (
            "余りを使っている",
            """
def step_decay_rate(lr, drop, every, t):
    return lr * drop ** (t % every)
""",
        ),
        (
            "四捨五入している",
            """
def step_decay_rate(lr, drop, every, t):
    return lr * drop ** round(t / every)
""",
        ),
        (
            "lr まで累乗している",
            """
def step_decay_rate(lr, drop, every, t):
    return (lr * drop) ** (t // every)
""",
        ),
        ("割っている", ("lr *= drop", "lr /= drop")),
        (
            "ちょうどのときだけ下げている",
            """
def step_decay_rate(lr, drop, every, t):
    if t > 0 and t % every == 0:
        lr = lr * drop
    return lr
""",
        ),
        ("倍率を 1−drop にしている", ("lr *= drop", "lr *= 1 - drop")),
    ],
    "largest_stable_lr": [
        ("行列式を使っている", ("max(values)", "np.linalg.det(H)")),
        ("対角成分を使っている", ("max(values)", "H.max()")),
        ("並べ替えずに最初の固有値を使っている", ("max(values)", "values[0]")),
        ("固有値の平均を使っている", ("max(values)", "np.mean(values)")),
        ("平方根をとっている", ("return 2 / steepest", "return (2 / steepest) ** 0.5")),
        ("返す値の形が違う", ("return 2 / steepest", "return 2 / values")),
        ("条件数を返している", ("return 2 / steepest", "return steepest / min(values)")),
    ],
    "descend": [
        (
            "最後の行が 0 のまま",
            """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = np.zeros((step_num + 1, len(x)))
    for i in range(step_num):
        x_history[i] = x
        x = x - lr * grad_f(x)
    return x, x_history
""",
        ),
        (
            "最初の行が 0 のまま",
            """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = np.zeros((step_num + 1, len(x)))
    for i in range(step_num):
        x = x - lr * grad_f(x)
        x_history[i + 1] = x
    return x, x_history
""",
        ),
        ("x が最後の点でない", ("return x, np", "return x_history[-2], np")),
        (
            "出発点が2回入り、最後の点がない",
            """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = [x.copy()]
    for i in range(step_num):
        x_history.append(x.copy())
        x -= lr * grad_f(x)
    return x, np.array(x_history)
""",
        ),
        ("x だけを返している", ("return x, np.array(x_history)", "return x")),
        ("勾配を記録している", ("x_history.append(x.copy())", "x_history.append(grad_f(x))")),
        ("点をつなげて1列にしている", ("np.array(x_history)", "np.concatenate(x_history)")),
    ],
    "adam_update": [
        (
            "t + 1 のかっこがない",
            """
def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad ** 2
    m_hat = m / (1 - beta1 ** t + 1)
    v_hat = v / (1 - beta2 ** t + 1)
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
""",
        ),
        (
            "t を掛けている",
            ("beta1**t)\n    vh = v / (1 - beta2**t)", "beta1 * t)\n    vh = v / (1 - beta2 * t)"),
        ),
        (
            "分母のかっこがない（x -= の形）",
            ("lr * mh / (np.sqrt(vh) + eps)", "lr * mh / np.sqrt(vh) + eps"),
        ),
        ("m の 1−β1 を忘れている", ("m = m + (1 - beta1) * (grad - m)", "m = beta1 * m + grad")),
        (
            "v の 1−β2 を忘れている",
            ("v = v + (1 - beta2) * (grad * grad - v)", "v = beta2 * v + grad ** 2"),
        ),
        (
            "補正で掛けている",
            """
def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad ** 2
    m_hat = m * (1 - beta1 ** (t + 1))
    v_hat = v * (1 - beta2 ** (t + 1))
    return x - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
""",
        ),
        ("x だけを返している", ("return new, m, v", "return new")),
        (
            "補正の β1 と β2 が逆",
            (
                "1 - beta1**t)\n    vh = v / (1 - beta2**t",
                "1 - beta2**t)\n    vh = v / (1 - beta1**t",
            ),
        ),
        ("古い m で進んでいる", ("mh = m / ", "mh = old_m / ")),
    ],
    "softmax_loss_grad": [
        ("符号が逆で、N で割っていない", ("grad / len(x)", "-len(x) * grad / len(x)")),
        (
            "損失を返している",
            ("return grad / len(x)", "return -np.sum(t * np.log(grad + t)) / len(x)"),
        ),
        ("確率を返している", ("p - t[i]\n    return grad / len(x)", "p\n    return grad")),
        ("2乗誤差の勾配になっている", ("p - t[i]", "2 * (p - t[i])")),
    ],
    "clip_gradient": [
        ("和の絶対値で測っている", ("np.linalg.norm(grad)", "abs(np.sum(grad))")),
        ("2回縮めている", ("max_norm / length", "(max_norm / length) ** 2")),
        ("符号が変わっている", ("max_norm / length", "-max_norm / length")),
        (
            "超えないとき 0 にしている",
            ("    return out", "    else:\n        out *= 0\n    return out"),
        ),
    ],
    "affine_grads": [
        ("db に余分な軸がある", ("axis=0)", "axis=0, keepdims=True)")),
        ("dW の件を足していない", ("np.dot(np.transpose(x), dout)", "np.outer(x[0], dout[0])")),
    ],
    "batch_norm": [
        ("小さい数を足していない", ("(spread + 1e-7)", "spread")),
        ("小さい数を平方根の外で足している", ("(spread + 1e-7) ** 0.5", "(spread**0.5 + 1e-7)")),
        (
            "全部の列で1つの平均と分散を使っている",
            ("np.mean(x, axis=0), np.var(x, axis=0)", "np.mean(x), np.var(x)"),
        ),
        ("移動平均に標準偏差を入れている", ("spread * 0.1", "spread**0.5 * 0.1")),
        (
            "推論でも移動平均を更新している",
            (
                "        centre, spread = mean, var",
                "        centre, spread = mean, var\n"
                "        mean = mean * 0.9 + x.mean(axis=0) * 0.1\n"
                "        var = var * 0.9 + x.var(axis=0) * 0.1",
            ),
        ),
        ("gamma と beta が逆", ("normal * gamma + beta", "normal * beta + gamma")),
        ("beta を引いている", ("gamma + beta", "gamma - beta")),
        ("移動平均の分散を更新していない", ("        var = var * 0.9 + spread * 0.1\n", "")),
    ],
    "stop_early": [
        ("1回更新がないだけで止めている", ("waited == patience", "waited == 1")),
        ("最初の損失と比べている", ("loss < smallest", "epoch == 0 or loss < losses[0]")),
        (
            "全部の中の最小を使っている",
            ("            return epoch, best", "            return epoch, int(np.argmin(losses))"),
        ),
    ],
    "quadratic_gradient": [
        ("2倍している", ("np.dot(A, x) + np.dot(x, A)", "2 * (A @ x + x @ A)")),
        ("行列を返している", ("np.dot(A, x) + np.dot(x, A)", "A.T + A")),
    ],
    "cosine_rate": [
        ("1 を足していない", ("lr * 0.5 * (np.cos(turn) + 1)", "lr * np.cos(turn)")),
    ],
}
