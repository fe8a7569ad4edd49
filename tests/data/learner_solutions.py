"""What learners write in the coding exercises: a right solution of each, and the mistakes.

Written independently of helpers/exercises, in a learner's style (loops, work in place on a copy).
A mistake is planted by replacing one piece of the right solution's text: (piece, what is written
instead); a single string is a whole solution of its own.
"""

RIGHT = {
    "central_difference": """
def central_difference(f, x, h):
    right = f(x + h)
    left = f(x - h)
    width = 2 * h
    return (right - left) / width
""",
    "gradient_error": """
def gradient_error(f, df, x):
    errors = []
    for point in x:
        a = float(df(point))
        n = float((f(point + 1e-5) - f(point - 1e-5)) / 2e-5)
        size = max(1, abs(a), abs(n))
        errors.append(abs(a - n) / size)
    return max(errors)
""",
    "gradient_by_hand": """
def gradient_by_hand(x):
    grad = np.zeros(2)
    grad[0] = 2 * x[0] * x[1] / 4
    grad[1] = x[0] * x[0] / 4 + 2 * x[1]
    return grad
""",
    "central_gradient": """
def central_gradient(f, x, h):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in range(x.size):
        tmp = x[i]
        x[i] = tmp + h
        ahead = f(x)
        x[i] = tmp - h
        behind = f(x)
        grad[i] = (ahead - behind) / (2 * h)
        x[i] = tmp
    return grad
""",
    "directional_derivative": """
def directional_derivative(grad, direction):
    dot = 0.0
    square = 0.0
    grad_square = 0.0
    for g, d in zip(grad, direction):
        dot += g * d
        square += d * d
        grad_square += g * g
    return dot / square ** 0.5
""",
    "gd_update": """
def gd_update(x, grad, lr):
    new = np.array(x, dtype=float)
    for i in range(len(new)):
        new[i] -= lr * grad[i]
    return new
""",
    "momentum_update": """
def momentum_update(x, v, grad, lr, alpha):
    new_x, new_v = np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        new_v[i] = alpha * v[i] - lr * grad[i]
        new_x[i] = x[i] + new_v[i]
    return new_x, new_v
""",
    "nesterov_update": """
def nesterov_update(x, v, grad_f, lr, alpha):
    ahead = np.array(x, dtype=float)
    ahead += alpha * v
    g = grad_f(ahead)
    new_v = v.astype(float)
    new_v *= alpha
    new_v -= lr * g
    return x + new_v, new_v
""",
    "adagrad_update": """
def adagrad_update(x, h, grad, lr, eps):
    old = np.array(h, dtype=float)
    h = old.copy()
    x = np.array(x, dtype=float)
    for i, g in enumerate(grad):
        h[i] += g * g
        x[i] -= lr * g / (np.sqrt(h[i]) + eps)
    return x, h
""",
    "stop_rule": """
def stop_rule(grad, step, eps, step_limit):
    total = 0
    for g in grad:
        total += g**2
    norm = total**0.5
    if norm < eps:
        return "勾配"
    elif step >= step_limit:
        return "回数"
    else:
        return "続ける"
""",
    "split_batches": """
def split_batches(data, batch_size):
    batches = []
    start = 0
    while start < len(data):
        batches.append(data[start:start + batch_size])
        start += batch_size
    return batches
""",
    "classify": """
def classify(grad, hessian):
    small = 1e-6
    if sum(g * g for g in grad) ** 0.5 >= 1e-6:
        return "臨界点でない"
    values = np.linalg.eigh(hessian)[0]
    up = down = zero = 0
    for value in values:
        if value >= small:
            up += 1
        elif value <= -small:
            down += 1
        else:
            zero += 1
    if up and down:
        return "鞍点"
    if zero:
        return "判定できない"
    return "極小" if up else "極大"
""",
    "rmsprop_update": """
def rmsprop_update(x, h, grad, lr, rho, eps):
    old = np.array(h, dtype=float)
    h = old.copy()
    x = np.array(x, dtype=float)
    for i, g in enumerate(grad):
        h[i] *= rho
        h[i] += (1 - rho) * g * g
        x[i] -= lr * g / (np.sqrt(h[i]) + eps)
    return x, h
""",
    "initial_std": """
def initial_std(shape, method):
    fan_in, fan_out = shape
    if method == "He":
        variance = 2 / fan_in
    else:
        variance = 1 / fan_in
    return variance ** 0.5
""",
    "normalize_batch": """
def normalize_batch(x, gamma, beta, eps):
    y = np.zeros(x.shape)
    for j in range(x.shape[1]):
        column = x[:, j]
        mean = sum(column) / len(column)
        var = sum((column - mean) ** 2) / len(column)
        y[:, j] = gamma[j] * (column - mean) / np.sqrt(var + eps) + beta[j]
    return y
""",
    "step_decay_rate": """
def step_decay_rate(lr, drop, every, t):
    while t >= every:
        lr *= drop
        t -= every
    return lr
""",
    "largest_stable_lr": """
def largest_stable_lr(hessian):
    H = np.array(hessian, dtype=float)
    values = np.linalg.eig(H)[0].real
    steepest = max(values)
    return 2 / steepest
""",
    "descend": """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = [x.copy()]
    for i in range(step_num):
        x -= lr * grad_f(x)
        x_history.append(x.copy())
    return x, np.array(x_history)
""",
    "adam_update": """
def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    t += 1
    old_m, old_v = m, v
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    mh = m / (1 - beta1**t)
    vh = v / (1 - beta2**t)
    new = x.astype(float)
    new -= lr * mh / (np.sqrt(vh) + eps)
    return new, m, v
""",
    "softmax_loss_grad": """
def softmax_loss_grad(x, t):
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        row = x[i] - np.max(x[i])
        p = np.exp(row)
        p = p / np.sum(p)
        grad[i] = p - t[i]
    return grad / len(x)
""",
    "clip_gradient": """
def clip_gradient(grad, max_norm):
    length = np.linalg.norm(grad)
    out = np.array(grad, dtype=float)
    if length > max_norm:
        out *= max_norm / length
    return out
""",
    "affine_grads": """
def affine_grads(x, W, dout):
    back = np.dot(dout, np.transpose(W))
    weights = np.dot(np.transpose(x), dout)
    bias = np.sum(dout, axis=0)
    return back, weights, bias
""",
    "batch_norm": """
def batch_norm(x, gamma, beta, mean, var, training):
    if training:
        centre, spread = np.mean(x, axis=0), np.var(x, axis=0)
        mean = mean * 0.9 + centre * 0.1
        var = var * 0.9 + spread * 0.1
    else:
        centre, spread = mean, var
    normal = (x - centre) / (spread + 1e-7) ** 0.5
    return normal * gamma + beta, mean, var
""",
    "stop_early": """
def stop_early(losses, patience):
    smallest, best, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < smallest:
            smallest, best, waited = loss, epoch, 0
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
""",
    "quadratic_gradient": """
def quadratic_gradient(A, x):
    return np.dot(A, x) + np.dot(x, A)
""",
    "cosine_rate": """
def cosine_rate(lr, epoch, total):
    turn = epoch / total * np.pi
    return lr * 0.5 * (np.cos(turn) + 1)
""",
}

WRONG = {
    "central_difference": {
        "符号が逆": ("right - left", "left - right"),
        "2h でなく h で割っている": ("2 * h", "h"),
        "前進差分になっている": """
def central_difference(f, x, h):
    dy = f(x + h) - f(x)
    return dy / h
""",
        "後退差分になっている": """
def central_difference(f, x, h):
    dy = f(x) - f(x - h)
    return dy / h
""",
        "割り算のかっこがない": ("/ width", "/ 2 * h"),
        "割り算を忘れている": ("(right - left) / width", "right - left"),
        "h の半分だけ動かしている": """
def central_difference(f, x, h):
    h = h / 2
    return (f(x + h) - f(x - h)) / (2 * h)
""",
        "渡された h を使っていない": ("right = f", "h = 1e-4\n    right = f"),
    },
    "gradient_error": {
        "絶対値をとっていない": ("abs(a - n)", "(a - n)"),
        "絶対誤差になっている": ("abs(a - n) / size", "abs(a - n)"),
        "分母の下限 1 がない": ("max(1, abs(a), abs(n))", "max(abs(a), abs(n))"),
        "分母が足し算になっている": ("max(1, abs(a), abs(n))", "abs(a) + abs(n)"),
        "分母の絶対値がない": ("max(1, abs(a), abs(n))", "max(1, a, n)"),
        "平均をとっている": ("max(errors)", "sum(errors) / len(errors)"),
        "最小をとっている": ("max(errors)", "sorted(errors)[0]"),
        "最初の点しか見ていない": ("    return max", "        break\n    return max"),
    },
    "gradient_by_hand": {
        "符号が逆": ("return grad", "return -1 * grad"),
        "成分の順が逆": ("return grad", "return np.array([grad[1], grad[0]])"),
        "掛け算の相手を消している": ("2 * x[0] * x[1] / 4", "2 * x[0] / 4"),
        "指数の 2 を掛けていない": """
def gradient_by_hand(x):
    x0, x1 = x
    return np.array([x0 * x1 / 4, x0**2 / 4 + x1])
""",
        "x0² x1 / 4 を x1 で微分し忘れている": ("x[0] * x[0] / 4 + ", ""),
        "x0 での偏微分を 0 にしている": ("    grad[0] = 2 * x[0] * x[1] / 4\n", ""),
        "成分を足している": ("return grad", "return grad[0] + grad[1]"),
        "リストを返している": ("return grad", "return [grad[0], grad[1]]"),
        "整数の配列のまま計算している": ("np.zeros(2)", "np.zeros_like(x)"),
    },
    "central_gradient": {
        "符号が逆": ("ahead - behind", "behind - ahead"),
        "2h でなく h で割っている": ("(2 * h)", "h"),
        "前進差分になっている": """
def central_gradient(f, x, h):
    grad = []
    for i in range(len(x)):
        moved = np.array(x, dtype=float)
        moved[i] += h
        grad.append((f(moved) - f(x)) / h)
    return np.array(grad)
""",
        "動かした座標を元に戻していない": ("        x[i] = tmp\n", ""),
        "全部の座標を一度に動かしている": """
def central_gradient(f, x, h):
    x = np.array(x, dtype=float)
    return np.ones(len(x)) * (f(x + h) - f(x - h)) / (2 * h)
""",
        "最後の座標を計算していない": ("range(x.size)", "range(x.size - 1)"),
        "渡された h を使っていない": ("    for i", "    h = 1e-4\n    for i"),
        "引数を書き換えている": """
def central_gradient(f, x, h):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x[i] = x[i] + h
        ahead = f(x)
        x[i] = x[i] - 2 * h
        grad[i] = (ahead - f(x)) / (2 * h)
    return grad
""",
        "整数の配列のまま計算している": ("np.array(x, dtype=float)", "np.array(x)"),
        "リストのまま計算している": """
def central_gradient(f, x, h):
    grad = []
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = h
        grad.append((f(x + e) - f(x + (-e))) / (2 * h))
        if isinstance(x, list):
            grad[-1] = 0.0
    return np.array(grad)
""",
        "返す値の形が違う": ("return grad", "return grad[:1]"),
    },
    "directional_derivative": {
        "向きの長さを 1 にしていない": ("dot / square ** 0.5", "dot"),
        "長さの2乗で割っている": ("square ** 0.5", "square"),
        "符号が逆": ("dot +=", "dot -="),
        "絶対値をとっている": ("dot / square ** 0.5", "abs(dot) / square ** 0.5"),
        "余弦だけを返している": ("square ** 0.5", "(square * grad_square) ** 0.5"),
        "勾配の長さで割っている": ("/ square ** 0.5", "/ grad_square ** 0.5"),
        "内積の和をとっていない": """
def directional_derivative(grad, direction):
    u = np.array(direction) / np.sqrt(np.sum(np.array(direction) ** 2))
    return grad * u
""",
        "リストのまま計算している": """
def directional_derivative(grad, direction):
    return (grad * direction).sum() / np.linalg.norm(direction)
""",
    },
    "gd_update": {
        "符号が逆": ("-=", "+="),
        "学習率を掛けていない": ("lr * grad", "grad"),
        "学習率で割っている": ("lr * grad[i]", "grad[i] / lr"),
        "学習率を2回掛けている": ("lr * grad", "lr**2 * grad"),
        "今の点を足していない": ("np.array(x, dtype=float)", "np.zeros(len(x))"),
        "勾配の長さを 1 にしている": ("lr * grad[i]", "lr * grad[i] / (grad @ grad) ** 0.5"),
        "引数を書き換えている": ("np.array(x, dtype=float)", "x"),
        "整数の配列のまま計算している": ("np.array(x, dtype=float)", "x.copy()"),
    },
    "momentum_update": {
        "古い v で進んでいる": ("x[i] + new_v[i]", "x[i] + v[i]"),
        "符号が逆": ("alpha * v[i] - lr", "alpha * v[i] + lr"),
        "学習率を2回掛けている": ("x[i] + new_v", "x[i] + lr * new_v"),
        "学習率を掛けていない": ("- lr * grad", "- grad"),
        "α を掛けていない": ("alpha * v", "v"),
        "勾配に 1−α を掛けている": ("- lr", "- (1 - alpha) * lr"),
        "α と学習率が逆": ("alpha * v[i] - lr * grad", "lr * v[i] - alpha * grad"),
        "torch の形になっている": """
def momentum_update(x, v, grad, lr, alpha):
    b = alpha * v
    b = b + grad
    return x - lr * b, b
""",
        "返す順番が違う": ("return new_x, new_v", "return new_v, new_x"),
        "x だけを返している": ("return new_x, new_v", "return new_x"),
        "引数を書き換えている": """
def momentum_update(x, v, grad, lr, alpha):
    v *= alpha
    v -= lr * grad
    return x + v, v
""",
    },
    "nesterov_update": {
        "今の点で勾配を測っている": ("grad_f(ahead)", "grad_f(x)"),
        "先の点の速度に α がない": ("ahead += alpha * v", "ahead += v"),
        "先の点から進んでいる": ("return x + new_v", "return ahead + new_v"),
        "古い v で進んでいる": ("return x + new_v", "return x + v"),
        "符号が逆": ("new_v -= lr", "new_v += lr"),
        "学習率を2回掛けている": ("return x + new_v", "return x + lr * new_v"),
        "書き直した形になっている": """
def nesterov_update(x, v, grad_f, lr, alpha):
    g = grad_f(x)
    v = alpha * v - lr * g
    x = x + alpha * v
    x = x - lr * g
    return x, v
""",
    },
    "adagrad_update": {
        "ε が平方根の中にある": ("(np.sqrt(h[i]) + eps)", "np.sqrt(h[i] + eps)"),
        "平方根を忘れている": ("np.sqrt(h[i])", "h[i]"),
        "古い h で割っている": ("np.sqrt(h[i])", "np.sqrt(old[i])"),
        "ε を足していない": ("(np.sqrt(h[i]) + eps)", "np.sqrt(h[i])"),
        "符号が逆": ("x[i] -=", "x[i] +="),
        "学習率を掛けていない": ("lr * g", "g"),
        "h をためていない": ("h[i] +=", "h[i] ="),
        "勾配を2乗していない": ("+= g * g", "+= g"),
        "古い h を返している": ("return x, h", "return x, old"),
        "引数を書き換えている": ("h = old.copy()", "pass"),
        "整数の配列のまま計算している": ("x = np.array(x, dtype=float)", "x = x.copy()"),
    },
    "stop_rule": {
        "勾配の符号を外していない": ("norm = total**0.5", "norm = sum(grad)"),
        "長さの2乗を比べている": ("norm = total**0.5", "norm = total"),
        "成分ごとに比べている": ("if norm < eps", "if all(abs(g) < eps for g in grad)"),
        "最初の成分しか見ていない": ("if norm < eps", "if abs(grad[0]) < eps"),
        "絶対値の和を比べている": ("total**0.5", "sum(abs(g) for g in grad)"),
        "上限を1つ過ぎてから止めている": ("step >= step_limit", "step > step_limit"),
        "1回早く止めている": ("step >= step_limit", "step + 1 >= step_limit"),
        "回数の規則を先に調べている": """
def stop_rule(grad, step, eps, step_limit):
    if not step < step_limit:
        return "回数"
    if np.sqrt(sum(grad * grad)) < eps:
        return "勾配"
    return "続ける"
""",
        "両方の規則を求めている": """
def stop_rule(grad, step, eps, step_limit):
    flat = np.sqrt(np.sum(grad**2)) < eps
    late = step >= step_limit
    if flat and late:
        return "勾配"
    return "続ける"
""",
        "回数の規則がない": ("step >= step_limit", "False"),
        "言葉が違う": ('"続ける"', '"継続"'),
        "何も返さない場合がある": ('return "続ける"', "pass"),
    },
    "split_batches": {
        "最後の端数を捨てている": ("start < len(data)", "start + batch_size <= len(data)"),
        "空の束ができている": """
def split_batches(data, batch_size):
    batches = []
    for i in range(len(data) // batch_size + 1):
        batches.append(data[i * batch_size:(i + 1) * batch_size])
    return batches
""",
        "1つずつずらしている": ("start += batch_size", "start += 1"),
        "最後のサンプルを落としている": """
def split_batches(data, batch_size):
    batches, batch = [], []
    for i in range(len(data) - 1):
        batch.append(data[i])
        if len(batch) == batch_size or i == len(data) - 2:
            batches.append(np.array(batch))
            batch = []
    return batches
""",
        "batch_size 個の束に分けている": """
def split_batches(data, batch_size):
    size, extra = divmod(len(data), batch_size)
    batches, start = [], 0
    for k in range(batch_size):
        end = start + size + (1 if k < extra else 0)
        batches.append(data[start:end])
        start = end
    return batches
""",
        "均等に分けている": """
def split_batches(data, batch_size):
    count = (len(data) + batch_size - 1) // batch_size
    size, extra = divmod(len(data), count)
    batches, start = [], 0
    for k in range(count):
        end = start + size + (k < extra)
        batches.append(data[start:end])
        start = end
    return batches
""",
        "最初の束だけを返している": ("    return", "        return"),
        "リストを返している": (
            "data[start:start + batch_size]",
            "list(data[start:start + batch_size])",
        ),
    },
    "classify": {
        "勾配だけで極小としている": ("    if up and down", '    return "極小"\n    if up and down'),
        "勾配を調べていない": (">= 1e-6", "< 0"),
        "0 の固有値を正や負に数えている": """
def classify(grad, hessian):
    if np.linalg.norm(grad) >= 1e-6:
        return "臨界点でない"
    values = sorted(np.linalg.eigvalsh(hessian))
    if values[0] > -1e-6:
        return "極小"
    if values[-1] < 1e-6:
        return "極大"
    return "鞍点"
""",
        "0 の固有値を鞍点としている": ('return "判定できない"', 'return "鞍点"'),
        "0 があると必ず判定できないとしている": ("if up and down", "if up and down and not zero"),
        "0 に近い固有値を 0 とみなしていない": ("small = 1e-6", "small = 1e-15"),
        "対角成分で判定している": ("np.linalg.eigh(hessian)[0]", "np.diagonal(hessian)"),
        "行列式だけで判定している": """
def classify(grad, hessian):
    if np.linalg.norm(grad) >= 1e-6:
        return "臨界点でない"
    det = np.linalg.det(hessian)
    if det > 1e-6:
        return "極小"
    elif det < -1e-6:
        return "鞍点"
    return "判定できない"
""",
        "極小と極大が逆": ("if up else", "if down else"),
    },
    "rmsprop_update": {
        "ρ と 1−ρ が逆": ("    old = ", "    rho = 1 - rho\n    old = "),
        "1−ρ を掛けていない": ("(1 - rho) * g * g", "g * g"),
        "AdaGrad になっている": """
def rmsprop_update(x, h, grad, lr, rho, eps):
    h_new = h + np.square(grad)
    return x - lr / (np.sqrt(h_new) + eps) * grad, h_new
""",
        "勾配を2乗していない": ("(1 - rho) * g * g", "(1 - rho) * g"),
        "ε が平方根の中にある": ("(np.sqrt(h[i]) + eps)", "np.sqrt(h[i] + eps)"),
        "平方根を忘れている": ("np.sqrt(h[i])", "h[i]"),
        "古い h で割っている": ("np.sqrt(h[i])", "np.sqrt(old[i])"),
        "ε を足していない": ("(np.sqrt(h[i]) + eps)", "np.sqrt(h[i])"),
        "符号が逆": ("x[i] -=", "x[i] +="),
        "学習率を掛けていない": ("lr * g", "g"),
        "引数を書き換えている": ("h = old.copy()", "pass"),
        "返す順番が違う": ("return x, h", "return h, x"),
    },
    "initial_std": {
        "平方根を忘れている": ("variance ** 0.5", "variance"),
        "入力と出力の数が逆": ("fan_in, fan_out = shape", "fan_out, fan_in = shape"),
        "He と Xavier が逆": ('method == "He"', 'method == "Xavier"'),
        "いつも He になっている": ("variance = 1 /", "variance = 2 /"),
        "いつも Xavier になっている": ("variance = 2 /", "variance = 1 /"),
        "n まで平方根の外に出ている": """
def initial_std(shape, method):
    top = np.sqrt(2) if method == "He" else 1
    return top / shape[0]
""",
        "論文の Xavier になっている": ("1 / fan_in", "2 / (fan_in + fan_out)"),
        "重みの総数で割っている": ("fan_in, fan_out = shape", "fan_in = shape[0] * shape[1]"),
    },
    "normalize_batch": {
        "平均の向きが逆": """
def normalize_batch(x, gamma, beta, eps):
    rows = []
    for row in x:
        rows.append((row - row.mean()) / np.sqrt(row.var() + eps))
    return np.array(rows) * gamma + beta
""",
        "全体で平均している": """
def normalize_batch(x, gamma, beta, eps):
    x_hat = (x - np.mean(x)) / np.sqrt(np.var(x) + eps)
    return gamma * x_hat + beta
""",
        "n−1 で割った分散になっている": ("** 2) / len(column)", "** 2) / (len(column) - 1)"),
        "平方根を忘れている": ("np.sqrt(var + eps)", "(var + eps)"),
        "ε が平方根の外にある": ("np.sqrt(var + eps)", "(np.sqrt(var) + eps)"),
        "ε を足していない": ("var + eps", "var"),
        "平均を引いていない": ("gamma[j] * (column - mean)", "gamma[j] * column"),
        "γ と β が逆": ("    y =", "    gamma, beta = beta, gamma\n    y ="),
        "γ と β を使っていない": """
def normalize_batch(x, gamma, beta, eps):
    x = x - x.mean(0)
    return x / (np.mean(x**2, axis=0) + eps) ** 0.5
""",
        "β を足してから γ を掛けている": """
def normalize_batch(x, gamma, beta, eps):
    x = x - x.mean(0)
    x_hat = x / (np.mean(x**2, axis=0) + eps) ** 0.5
    return (x_hat + beta) * gamma
""",
        "引数を書き換えている": """
def normalize_batch(x, gamma, beta, eps):
    x -= x.mean(axis=0)
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta
""",
        "整数の配列のまま計算している": ("np.zeros(x.shape)", "np.zeros_like(x)"),
    },
    "step_decay_rate": {
        "割り算を切り捨てていない": """
def step_decay_rate(lr, drop, every, t):
    n = t / every
    return lr * pow(drop, n)
""",
        "1つ遅れている": ("t >= every", "t > every"),
        "1つ早い": ("    while", "    t = t + 1\n    while"),
        "切り上げている": """
def step_decay_rate(lr, drop, every, t):
    n = -(-t // every)
    return lr * drop**n
""",
        "倍率を足し引きしている": ("lr *= drop", "lr -= drop"),
        "倍率を段の数だけ掛け足している": """
def step_decay_rate(lr, drop, every, t):
    n = int(t / every)
    if n == 0:
        return lr
    return lr * drop * n
""",
        "1段しか下げていない": ("while", "if"),
        "毎回下げている": """
def step_decay_rate(lr, drop, every, t):
    for i in range(t):
        lr = lr * drop
    return lr
""",
        "引数の数が違う": ("drop, every, t)", "t)"),
    },
    "largest_stable_lr": {
        "最小の固有値を使っている": ("max(values)", "min(values)"),
        "分子が 1 になっている": ("2 / steepest", "1 / steepest"),
        "分子と分母が逆": ("2 / steepest", "steepest / 2"),
        "最大の固有値そのものを返している": ("2 / steepest", "steepest"),
        "対角成分を使っている": ("max(values)", "max(H[i, i] for i in range(len(H)))"),
        "固有値を足している": ("max(values)", "np.trace(H)"),
        "最も速い学習率になっている": ("max(values)", "max(values) + min(values)"),
        "行列の長さを使っている": ("max(values)", "np.sqrt((H**2).sum())"),
    },
    "descend": {
        "出発点が残っていない": ("[x.copy()]", "[]"),
        "最後の点が残っていない": """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = []
    for i in range(step_num):
        x_history.append(x.copy())
        x -= lr * grad_f(x)
    return x, np.array(x_history)
""",
        "記録した点が後で変わっている": """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history = [x]
    for i in range(step_num):
        x -= lr * grad_f(x)
        x_history.append(x)
    return x, np.array(x_history)
""",
        "座標とステップの軸が逆": ("np.array(x_history)", "np.array(x_history).T"),
        "1回多く更新している": ("range(step_num)", "range(step_num + 1)"),
        "1回足りない": ("range(step_num)", "range(1, step_num)"),
        "符号が逆": ("x -= lr", "x += lr"),
        "学習率を掛けていない": ("lr * grad", "grad"),
        "勾配を出発点でしか測っていない": (
            "lr * grad_f(x)",
            "lr * grad_f(np.array(init_x, dtype=float))",
        ),
        "引数を書き換えている": ("np.array(init_x, dtype=float)", "init_x"),
        "整数の配列のまま計算している": """
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x)
    x_history = np.zeros((step_num + 1, len(x)), dtype=x.dtype)
    x_history[0] = x
    for i in range(step_num):
        x = x - lr * grad_f(x)
        x_history[i + 1] = x
    return x, x_history
""",
        "リストのまま計算している": """
def descend(grad_f, init_x, lr, step_num):
    x = init_x
    x_history = [x]
    for i in range(step_num):
        x = x - lr * grad_f(x)
        x_history.append(x)
    return x, np.array(x_history)
""",
        "リストを返している": ("np.array(x_history)", "x_history"),
        "返す順番が違う": ("return x, np.array(x_history)", "return np.array(x_history), x"),
        "前に呼んだときの値が残っている": """
x_history = []
def descend(grad_f, init_x, lr, step_num):
    x = np.array(init_x, dtype=float)
    x_history.append(x)
    for i in range(step_num):
        x = x - lr * grad_f(x)
        x_history.append(x)
    return x, x_history
""",
    },
    "adam_update": {
        "偏り補正を忘れている": """
def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    m = beta1 * m + grad - beta1 * grad
    v = beta2 * v + grad**2 - beta2 * grad**2
    return x - lr * m / (v**0.5 + eps), m, v
""",
        "v の偏り補正を忘れている": ("v / (1 - beta2**t)", "v"),
        "m の偏り補正を忘れている": ("m / (1 - beta1**t)", "m"),
        "t を 0 から数えている": ("    t += 1\n", ""),
        "ε が平方根の中にある": ("(np.sqrt(vh) + eps)", "np.sqrt(vh + eps)"),
        "ε を補正前の √v に足している": """
def adam_update(x, m, v, t, grad, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad**2 - v)
    lr_t = lr * np.sqrt(1 - beta2 ** (t + 1)) / (1 - beta1 ** (t + 1))
    return x - lr_t * m / (np.sqrt(v) + eps), m, v
""",
        "平方根を忘れている": ("np.sqrt(vh)", "vh"),
        "β と 1−β が逆": (
            "m = m + (1 - beta1) * (grad - m)\n    v = v + (1 - beta2)",
            "m = m + beta1 * (grad - m)\n    v = v + beta2",
        ),
        "β1 と β2 が逆": ("    t += 1", "    beta1, beta2 = beta2, beta1\n    t += 1"),
        "v に勾配の2乗を使っていない": ("grad * grad - v", "grad - v"),
        "m の代わりに今の勾配で進んでいる": ("lr * mh", "lr * grad"),
        "補正した m, v を返している": ("return new, m, v", "return new, mh, vh"),
        "古い m, v を返している": ("return new, m, v", "return new, old_m, old_v"),
        "符号が逆": ("new -=", "new +="),
        "学習率を掛けていない": ("lr * mh", "mh"),
        "返す順番が違う": ("return new, m, v", "return m, v, new"),
        "整数の配列のまま計算している": ("x.astype(float)", "x.copy()"),
    },
    "softmax_loss_grad": {
        "N で割っていない": ("grad / len(x)", "grad"),
        "C で割っている": ("/ len(x)", "/ len(x[0])"),
        "要素の数で割っている": ("/ len(x)", "/ x.size"),
        "符号が逆": ("p - t[i]", "t[i] - p"),
        "t を引いていない": ("p - t[i]", "p"),
        "softmax を通していない": ("p - t[i]", "x[i] - t[i]"),
        "大きな x であふれている": ("x[i] - np.max(x[i])", "x[i]"),
        "softmax の微分を余計に掛けている": ("p - t[i]", "(p - t[i]) * p * (1 - p)"),
        "正解のクラスの成分だけ残している": ("p - t[i]", "t[i] * (p - 1)"),
        "正解のクラスの成分が 0 になっている": ("p - t[i]", "p * (1 - t[i])"),
        "全体で和をとっている": """
def softmax_loss_grad(x, t):
    e = np.exp(x - x.max(axis=1)[:, None])
    return (e / np.sum(e) - t) / x.shape[0]
""",
        "クラスでなく、件数の軸で和をとっている": """
def softmax_loss_grad(x, t):
    e = np.exp(x - np.max(x, axis=1).reshape(-1, 1))
    y = e / e.sum(axis=0)
    return (y - t) / x.shape[0]
""",
        "y − 1 になっている": ("p - t[i]", "p - 1"),
    },
    "clip_gradient": {
        "成分ごとに切っている": """
def clip_gradient(grad, max_norm):
    return np.array([max(-max_norm, min(max_norm, g)) for g in grad.ravel()]).reshape(grad.shape)
""",
        "上だけ切っている": ("out *= max_norm / length", "out = np.minimum(out, max_norm)"),
        "いつも max_norm にしている": ("if length > max_norm:", "if length > 0:"),
        "条件が逆": ("length > max_norm", "length < max_norm"),
        "平方根を忘れている": ("np.linalg.norm(grad)", "np.sum(grad**2)"),
        "絶対値の和で測っている": ("np.linalg.norm(grad)", "abs(grad).sum()"),
        "最大の成分で測っている": ("np.linalg.norm(grad)", "abs(grad).max()"),
        "平均で測っている": ("np.linalg.norm(grad)", "np.sqrt(np.mean(grad**2))"),
        "max_norm を掛け忘れている": ("max_norm / length", "1 / length"),
        "norm で割り忘れている": ("max_norm / length", "max_norm"),
        "割り算が逆": ("max_norm / length", "length / max_norm"),
        "max_norm を引いている": ("out *= max_norm / length", "out -= max_norm"),
        "長さを返している": ("return out", "return min(length, max_norm)"),
        "超えたら 0 にしている": ("out *= max_norm / length", "out *= 0"),
    },
    "affine_grads": {
        "dW が転置になっている": ("np.dot(np.transpose(x), dout)", "np.dot(dout.T, x)"),
        "dW を件数で割っている": ("np.dot(np.transpose(x), dout)", "x.T @ dout / x.shape[0]"),
        "db を平均している": ("np.sum(dout, axis=0)", "np.mean(dout, axis=0)"),
        "db の和の軸が違う": ("np.sum(dout, axis=0)", "np.sum(dout, axis=-1)"),
        "db が1つの数になっている": ("np.sum(dout, axis=0)", "np.sum(dout)"),
        "db が dout のまま": ("np.sum(dout, axis=0)", "dout.copy()"),
        "dx が dout のまま": ("np.dot(dout, np.transpose(W))", "dout * 1.0"),
        "dx と dW の順が逆": ("return back, weights", "return weights, back"),
        "dW に順伝播の出力を使っている": ("np.transpose(x)", "np.transpose(x @ W)"),
    },
    "batch_norm": {
        "更新した移動平均で正規化している": (
            "centre, spread = np.mean(x, axis=0), np.var(x, axis=0)\n"
            "        mean = mean * 0.9 + centre * 0.1\n"
            "        var = var * 0.9 + spread * 0.1\n"
            "    else:\n"
            "        centre, spread = mean, var\n",
            "mean = mean * 0.9 + np.mean(x, axis=0) * 0.1\n"
            "        var = var * 0.9 + np.var(x, axis=0) * 0.1\n"
            "    centre, spread = mean, var\n",
        ),
        "推論でもバッチの平均と分散を使っている": ("if training:", "if len(x):"),
        "移動平均を更新していない": (
            "        mean = mean * 0.9 + centre * 0.1\n        var = var * 0.9 + spread * 0.1\n",
            "",
        ),
        "平方根を忘れている": ("(spread + 1e-7) ** 0.5", "(spread + 1e-7)"),
        "標準偏差の平方根で割っている": ("np.var(x, axis=0)", "np.std(x, axis=0)"),
        "分散を N − 1 で割っている": ("np.var(x, axis=0)", "np.var(x, axis=0, ddof=1)"),
        "平均を引いていない": ("(x - centre)", "x"),
        "gamma を掛けていない": ("normal * gamma", "normal"),
        "beta を足していない": ("normal * gamma + beta", "normal * gamma"),
        "先に beta を足している": ("normal * gamma + beta", "(normal + beta) * gamma"),
    },
    "stop_early": {
        "1エポック遅い": ("waited == patience", "waited > patience"),
        "1エポック早い": ("waited == patience", "waited + 1 >= patience"),
        "同じ値も更新としている": ("loss < smallest", "loss <= smallest"),
        "始めから数えている": ("waited == patience", "epoch == patience"),
        "止めていない": ("            return epoch, best", "            waited = 0"),
        "止まったエポックを使っている": (
            "return epoch, best\n    return len(losses) - 1, best",
            "return epoch, epoch\n    return epoch, epoch",
        ),
        "順が逆": (
            "return epoch, best\n    return len(losses) - 1, best",
            "return best, epoch\n    return best, epoch",
        ),
        "1 から数えている": (
            "return epoch, best\n    return len(losses) - 1, best",
            "return epoch + 1, best + 1\n    return epoch + 1, best + 1",
        ),
        "損失を返している": (
            "return epoch, best\n    return len(losses) - 1, best",
            "return epoch, smallest\n    return epoch, smallest",
        ),
        "通算で数えている": (
            "best, waited = loss, epoch, 0",
            "best, waited = loss, epoch, waited - 1",
        ),
    },
    "quadratic_gradient": {
        "A を対称と決めている": ("np.dot(x, A)", "np.dot(A, x)"),
        "転置した A の2倍を使っている": ("np.dot(A, x)", "np.dot(x, A)"),
        "片方の x だけを微分している": (" + np.dot(x, A)", ""),
        "左の x だけを微分している": ("np.dot(A, x) + ", ""),
        "半分にしている": ("np.dot(A, x) + np.dot(x, A)", "(A @ x + x @ A) * 0.5"),
        "符号が逆": ("np.dot(A, x) + np.dot(x, A)", "-np.dot(A, x) - np.dot(x, A)"),
        "差をとっている": (" + np.dot(x, A)", " - np.dot(x, A)"),
        "f の値を返している": ("np.dot(A, x) + np.dot(x, A)", "np.dot(x, np.dot(A, x))"),
    },
    "cosine_rate": {
        "0 から上がっている": ("(np.cos(turn) + 1)", "(1 - np.cos(turn))"),
        "円周率を掛けていない": (" * np.pi", ""),
        "1周している": (" * np.pi", " * np.pi * 2"),
        "4分の1周で止めている": (" * np.pi", " * np.pi / 2"),
        "半分にしていない": (" * 0.5", ""),
        "1 を足さずに半分にしている": ("(np.cos(turn) + 1)", "np.cos(turn)"),
        "正弦になっている": ("np.cos", "np.sin"),
        "直線で下げている": ("lr * 0.5 * (np.cos(turn) + 1)", "lr - lr * epoch / total"),
        "エポックを 1 から数えている": ("epoch / total", "(epoch + 1) / total"),
        "lr を掛けていない": ("lr * 0.5", "0.5"),
    },
}

# The example that the notebook shows for each exercise: arguments and result, as Python text.
VISIBLE = {
    "central_difference": ("lambda x: x**2, 3, 0.1", "6"),
    "gradient_error": ("lambda x: x**2, lambda x: 3 * x, np.array([1.0, 2.0])", "1 / 3"),
    "gradient_by_hand": ("np.array([2.0, 1.0]),", "np.array([1.0, 3.0])"),
    "central_gradient": (
        "lambda x: x[0]**2 + x[1]**2, np.array([3.0, 4.0]), 0.01",
        "np.array([6, 8.])",
    ),
    "directional_derivative": ("np.array([6.0, 8.0]), np.array([1.0, 0.0])", "6"),
    "gd_update": ("np.array([-3.0, 4.0]), np.array([-6.0, 8.0]), 0.1", "np.array([-2.4, 3.2])"),
    "momentum_update": (
        "np.array([1.0, 2.0]), np.zeros(2), np.array([2.0, 4.0]), 0.1, 0.9",
        "np.array([0.8, 1.6]), np.array([-0.2, -0.4])",
    ),
    "nesterov_update": (
        "np.array([1.0, 2.0]), np.zeros(2), lambda x: 2 * x, 0.1, 0.9",
        "np.array([0.8, 1.6]), np.array([-0.2, -0.4])",
    ),
    "adagrad_update": (
        "np.array([1.0, 2.0]), np.zeros(2), np.array([3.0, -4.0]), 0.1, 0",
        "np.array([0.9, 2.1]), np.array([9.0, 16.0])",
    ),
    "stop_rule": ("np.array([3.0, 4.0]), 10, 0.1, 100", "'続ける'"),
    "split_batches": ("np.arange(6), 3", "[np.array([0, 1, 2]), np.array([3, 4, 5])]"),
    "classify": ("np.zeros(2), np.array([[2.0, 0.0], [0.0, -2.0]])", "'鞍点'"),
    "rmsprop_update": (
        "np.array([1.0, 2.0]), np.zeros(2), np.array([3.0, -4.0]), 0.1, 0.75, 0",
        "np.array([0.8, 2.2]), np.array([2.25, 4.0])",
    ),
    "initial_std": ("(50, 50), 'He'", "0.2"),
    "normalize_batch": (
        "np.array([[1.0, 2.0], [3.0, 6.0]]), np.ones(2), np.zeros(2), 0",
        "np.array([[-1.0, -1.0], [1.0, 1.0]])",
    ),
    "step_decay_rate": ("0.1, 0.1, 30, 65", "0.001"),
    "largest_stable_lr": ("np.array([[1.0, 0.0], [0.0, 25.0]]),", "0.08"),
    "descend": (
        "lambda x: 2 * x, np.array([-3.0, 4.0]), 0.1, 2",
        "np.array([-1.92, 2.56]), np.array([[-3.0, 4.0], [-2.4, 3.2], [-1.92, 2.56]])",
    ),
    "adam_update": (
        "np.array([1.0, 2.0]), np.zeros(2), np.zeros(2), 0, np.array([3.0, -4.0]),"
        " 0.1, 0.9, 0.999, 0",
        "np.array([0.9, 2.1]), np.array([0.3, -0.4]), np.array([0.009, 0.016])",
    ),
    "softmax_loss_grad": (
        "np.array([[0.0, 0.0]]), np.array([[1, 0]])",
        "np.array([[-0.5, 0.5]])",
    ),
    "clip_gradient": ("np.array([3.0, 4.0]), 1", "np.array([0.6, 0.8])"),
    "affine_grads": (
        "np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[3.0, 4.0]])",
        "(np.array([[3.0, 8.0]]), np.array([[3.0, 4.0], [6.0, 8.0]]), np.array([3.0, 4.0]))",
    ),
    "batch_norm": (
        "np.array([[0.0], [2.0]]), np.array([3.0]), np.array([1.0]), np.array([0.0]), "
        "np.array([1.0]), False",
        "(np.array([[1.0], [6.9999997]]), np.array([0.0]), np.array([1.0]))",
    ),
    "stop_early": ("np.array([5.0, 3.0, 4.0, 3.5]), 2", "(3, 1)"),
    "quadratic_gradient": (
        "np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([3.0, 1.0])",
        "np.array([6.0, 4.0])",
    ),
    "cosine_rate": ("0.1, 50, 100", "0.05"),
}
