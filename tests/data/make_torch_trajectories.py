"""Makes torch_trajectories.json: 40 steps of torch.optim in float64 on three landscapes.

Run by hand, in an environment of its own (the project does not need torch):
    pip install torch==2.13.0 numpy
    python tests/data/make_torch_trajectories.py
The landscapes are written out here and differentiated by autograd, so that nothing of `helpers`
takes part. "helpers" in each entry names our class and the arguments that mean the same as "args".
"""

import json
from pathlib import Path

import torch

STEPS = 40


def valley(x):
    return x[0] ** 2 / 20 + x[1] ** 2


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def himmelblau(x):
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


LANDSCAPES = {
    "valley": (valley, [-7.0, 2.0]),
    "rosenbrock": (rosenbrock, [-1.2, 1.0]),
    "himmelblau": (himmelblau, [0.0, 0.0]),
}

# our class and arguments, torch's class and arguments, learning rates on the three landscapes
METHODS = [
    ("SGD", {}, "SGD", {}, (0.9, 0.001, 0.01)),
    ("Momentum", {"momentum": 0.9}, "SGD", {"momentum": 0.9}, (0.1, 0.0005, 0.005)),
    (
        "Nesterov",
        {"momentum": 0.8},
        "SGD",
        {"momentum": 0.8, "nesterov": True},
        (0.1, 0.0005, 0.005),
    ),
    ("AdaGrad", {"eps": 1e-10}, "Adagrad", {"eps": 1e-10}, (1.5, 0.1, 0.5)),
    (
        "RMSprop",
        {"decay_rate": 0.9, "eps": 1e-8},
        "RMSprop",
        {"alpha": 0.9, "eps": 1e-8},
        (0.1, 0.01, 0.1),
    ),
    (
        "RMSprop",
        {"decay_rate": 0.99, "eps": 1e-8},
        "RMSprop",
        {"alpha": 0.99, "eps": 1e-8},
        (0.1, 0.01, 0.1),
    ),
    (
        "AdaDelta",
        {"decay_rate": 0.95, "eps": 1e-6},
        "Adadelta",
        {"rho": 0.95, "eps": 1e-6},
        (1.0, 1.0, 5.0),
    ),
    (
        "Adam",
        {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
        "Adam",
        {"betas": (0.9, 0.999), "eps": 1e-8},
        (0.3, 0.05, 0.3),
    ),
    (
        "AdamW",
        {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.1},
        "AdamW",
        {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1},
        (0.3, 0.05, 0.3),
    ),
]


def trajectory(landscape, method, args, lr, drop_at=None):
    """The points, start included. From step drop_at on the learning rate is a tenth."""
    f, start = LANDSCAPES[landscape]
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, method)([x], lr=lr, **args)
    points = [x.tolist()]
    for step in range(STEPS):
        if step == drop_at:
            optimizer.param_groups[0]["lr"] = lr / 10
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
        points.append(x.tolist())
    return points


def main():
    runs = []
    for ours, our_args, theirs, args, rates in METHODS:
        for landscape, lr in zip(LANDSCAPES, rates, strict=True):
            runs.append((ours, our_args, theirs, args, landscape, lr, None))
    for ours, our_args, theirs, args, rates in METHODS:
        runs.append((ours, our_args, theirs, args, "valley", rates[0], 20))
    entries = []
    for ours, our_args, theirs, args, landscape, lr, drop_at in runs:
        head = {
            "helpers": [ours, our_args],
            "torch": [theirs, args],
            "landscape": landscape,
            "lr": lr,
            "lr_tenth_from_step": drop_at,
        }
        points = trajectory(landscape, theirs, args, lr, drop_at)
        lines = ",\n".join(json.dumps(point) for point in points)
        entries.append(f'{json.dumps(head)[:-1]}, "points": [\n{lines}]}}')
    text = f'{{"torch": "{torch.__version__}", "runs": [\n' + ",\n".join(entries) + "\n]}\n"
    json.loads(text)
    Path(__file__).with_name("torch_trajectories.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
