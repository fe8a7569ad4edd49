"""Makes torch_networks.json: layers and small networks of torch in float64, forward and backward.

Run by hand, in an environment of its own (the project does not need torch):
    pip install torch==2.13.0 numpy
    python tests/data/make_torch_networks.py
Nothing of `helpers` takes part. Rows are samples. "W" is the transpose of torch's weight, as in the
book. Every "dout" is the gradient that arrives from above; dx, dW, ... are autograd's.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
RNG = np.random.default_rng(8)


def draw(*shape):
    return torch.tensor(RNG.standard_normal(shape).round(3))


def numbers(**tensors):
    return {name: value.tolist() for name, value in tensors.items()}


def affine():
    x, w, b, dout = draw(5, 4), draw(4, 3), draw(3), draw(5, 3)
    for value in (x, w, b):
        value.requires_grad_()
    y = F.linear(x, w.T, b)
    y.backward(dout)
    return numbers(x=x, W=w, b=b, dout=dout, y=y, dx=x.grad, dW=w.grad, db=b.grad)


def activation(f):
    x, dout = draw(4, 6) * 3, draw(4, 6)
    x[0, 0] = 0.0
    x.requires_grad_()
    y = f(x)
    y.backward(dout)
    return numbers(x=x, dout=dout, y=y, dx=x.grad)


def softmax_with_loss(scale):
    x, labels = draw(6, 5) * scale, torch.tensor([0, 4, 2, 2, 1, 3])
    x.requires_grad_()
    loss = F.cross_entropy(x, labels)
    loss.backward()
    return numbers(x=x, labels=labels, y=F.softmax(x, dim=1), loss=loss, dx=x.grad)


def batch_normalization():
    """Three training batches of unequal size, then one in inference mode."""
    bn = nn.BatchNorm1d(3, eps=1e-5, momentum=0.1)
    with torch.no_grad():
        bn.weight.copy_(draw(3))
        bn.bias.copy_(draw(3))
    steps = []
    for size, training in ((4, True), (7, True), (2, True), (5, False)):
        bn.train(training)
        bn.zero_grad()
        x, dout = (draw(size, 3) * 2 + 5).requires_grad_(), draw(size, 3)
        y = bn(x)
        y.backward(dout)
        step = numbers(
            x=x,
            dout=dout,
            y=y,
            dx=x.grad,
            dgamma=bn.weight.grad,
            dbeta=bn.bias.grad,
            running_mean=bn.running_mean,
            running_var=bn.running_var,
        )
        steps.append({"train_flg": training, **step})
    return {**numbers(gamma=bn.weight, beta=bn.bias), "eps": 1e-5, "torch_momentum": 0.1} | {
        "steps": steps
    }


def dropout(ratio=0.3):
    torch.manual_seed(8)
    x, dout = draw(5, 8), draw(5, 8)
    x.requires_grad_()
    y = F.dropout(x, ratio, training=True)
    y.backward(dout)
    mask = y != 0
    eval_y = F.dropout(x, ratio, training=False)
    return {"ratio": ratio} | numbers(x=x, dout=dout, mask=mask, y=y, dx=x.grad, eval_y=eval_y)


def flat(values):
    """Parameters or gradients of a Sequential in the book's order and shape, as one list."""
    parts = [value.T if value.ndim == 2 else value for value in values]
    return torch.cat([part.reshape(-1) for part in parts]).tolist()


def described(layer):
    """The class of torch and the sizes that ours needs."""
    sizes = {"Linear": ("in_features", "out_features"), "BatchNorm1d": ("num_features",)}
    kind = type(layer).__name__
    return [kind, *(getattr(layer, size) for size in sizes.get(kind, ()))]


def network(name, layers, method, lr, weight_decay=0.0, steps=5, args=None):
    """Loss and gradient at the start, then the parameters along some full-batch steps."""
    net = nn.Sequential(*layers)
    with torch.no_grad():
        for value in net.parameters():
            value.copy_(draw(*value.shape) * 0.7)
    x, labels = draw(8, 6), torch.tensor([0, 1, 2, 3, 3, 2, 1, 0])
    weights = [layer.weight for layer in net if isinstance(layer, nn.Linear)]
    optimizer = getattr(torch.optim, method)(net.parameters(), lr=lr, **(args or {}))

    def loss():
        return F.cross_entropy(net(x), labels) + weight_decay / 2 * sum(
            (weight**2).sum() for weight in weights
        )

    params, losses, grads = [flat(net.parameters())], [], []
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        losses.append(value.item())
        grads.append(flat(p.grad for p in net.parameters()))
        optimizer.step()
        params.append(flat(net.parameters()))
    net.eval()
    return {
        "name": name,
        "layers": [described(layer) for layer in net],
        "optimizer": [method, lr],
        "weight_decay": weight_decay,
        **numbers(x=x, labels=labels),
        "losses": losses,
        "first_grad": grads[0],
        "first_params": params[0],
        "last_params": params[-1],
        "steps": steps,
        "eval_y": net(x).tolist(),
    }


def clipping():
    """clip_grad_norm_ adds 1e-6 to the norm."""
    entries = []
    for grad, max_norm in (([3.0, 4.0], 1.0), ([0.3, 0.4], 1.0), ([1e6, -2e6, 5.0], 2.5)):
        p = torch.zeros(len(grad)).requires_grad_()
        p.grad = torch.tensor(grad)
        nn.utils.clip_grad_norm_([p], max_norm)
        entries.append({"grad": grad, "max_norm": max_norm, "clipped": p.grad.tolist()})
    return entries


def main():
    data = {
        "torch": torch.__version__,
        "Affine": affine(),
        "Relu": activation(F.relu),
        "LeakyRelu": activation(lambda x: F.leaky_relu(x, 0.2)),
        "Sigmoid": activation(torch.sigmoid),
        "Tanh": activation(torch.tanh),
        "SoftmaxWithLoss": [softmax_with_loss(1), softmax_with_loss(400)],
        "BatchNormalization": batch_normalization(),
        "Dropout": dropout(),
        "clip_by_norm": clipping(),
        "networks": [
            network("relu", [nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4)], "SGD", 0.5),
            network(
                "deep, decay",
                [nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 5), nn.Sigmoid(), nn.Linear(5, 4)],
                "Adam",
                0.01,
                weight_decay=0.1,
            ),
            network(
                "batch normalization",
                [nn.Linear(6, 5), nn.BatchNorm1d(5), nn.LeakyReLU(0.01), nn.Linear(5, 4)],
                "SGD",
                0.1,
                args={"momentum": 0.9},
            ),
        ],
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in data.items()]
    text = "{\n" + ",\n".join(lines) + "\n}"
    json.loads(text)
    Path(__file__).with_name("torch_networks.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
