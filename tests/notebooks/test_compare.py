"""Tests of the picture comparator, and of the plugin that uses it."""

import base64
import io

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from tests.notebooks.compare import DRAWING, block_difference, compare, compare_drawings, decode
from tools.execute import NOTEBOOK_METADATA


def encode(image: Image.Image, image_format: str = "png", **options) -> str:
    buffer = io.BytesIO()
    image.save(buffer, format=image_format, **options)
    return base64.b64encode(buffer.getvalue()).decode()


def to_image(figure: Figure) -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Image.open(buffer)


def descent(lr: float) -> np.ndarray:
    """Return 30 steps of gradient descent on x**2 / 20 + y**2 from (-7, 2)."""
    steps = [np.array([-7.0, 2.0])]
    for _ in range(30):
        x, y = steps[-1]
        steps.append(np.array([x - lr * x / 10, y - lr * 2 * y]))
    return np.array(steps).T


def path_picture(lr: float) -> Image.Image:
    figure = Figure(figsize=(7.5, 3.6), dpi=120)
    axes = figure.subplots()
    x, y = np.meshgrid(np.linspace(-8, 8, 100), np.linspace(-3, 3, 100))
    axes.contour(x, y, x**2 / 20 + y**2, levels=12, colors="0.6", linewidths=0.8)
    axes.plot(*descent(lr), "o-", markersize=4)
    axes.set_aspect("equal")
    return to_image(figure)


def loss_picture(lr: float) -> Image.Image:
    figure = Figure(figsize=(7.5, 3.6), dpi=120)
    x, y = descent(lr)
    figure.subplots().plot(x**2 / 20 + y**2)
    return to_image(figure)


@pytest.mark.parametrize("draw", [path_picture, loss_picture])
@pytest.mark.parametrize(
    "encoding",
    [
        {"image_format": "png", "compress_level": 1},
        {"image_format": "jpeg", "quality": 95, "subsampling": "4:4:4"},
    ],
    ids=["png", "jpeg"],
)
def test_reencoded_picture_passes(draw, encoding):
    image = draw(0.100).convert("RGB")
    expected, actual = encode(image), encode(image, **encoding)
    assert expected != actual
    fault = compare(expected, actual)
    assert fault is None


@pytest.mark.parametrize("draw", [path_picture, loss_picture])
def test_another_learning_rate_fails(draw):
    fault = compare(encode(draw(0.100)), encode(draw(0.101)))
    assert fault.startswith("largest block difference is")


def test_another_size_fails():
    picture, wider = encode(Image.new("RGB", (40, 30))), encode(Image.new("RGB", (41, 30)))
    assert compare(picture, wider) == "size is 41x30 px, expected 40x30 px"


def test_transparent_pixels_count_as_white():
    transparent = encode(Image.new("RGBA", (40, 30), (0, 0, 0, 0)))
    white = encode(Image.new("RGB", (40, 30), "white"))
    assert np.array_equal(decode(transparent), decode(white))


@pytest.mark.parametrize(
    ("left", "top", "share"),
    [(0, 0, 1), (8, 8, 1), (4, 4, 1), (12, 12, 1), (8, 4, 1 / 2)],
    ids=["grid-1", "grid-1-edge", "grid-2", "grid-2-edge", "between"],
)
def test_the_two_grids(left, top, share):
    expected = np.zeros((20, 20, 3))
    actual = expected.copy()
    actual[top : top + 8, left : left + 8] = 100
    assert block_difference(expected, actual) == 100 * share


def drawing(lr: float, size: float = 4) -> str:
    figure = Figure(figsize=(size, 3))
    figure.subplots().plot(*descent(lr), "o-", color="#1f77b4", label="道すじ")
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def test_a_drawing_made_again_passes_although_its_ids_differ():
    first, second = drawing(0.1), drawing(0.1)
    assert first != second
    assert compare_drawings(first, second) is None


@pytest.mark.parametrize(
    "other",
    [
        drawing(0.11),
        drawing(0.1, size=4.1),
        drawing(0.1).replace("#1f77b4", "#1f77b5"),
        drawing(0.1).replace("</svg>", "<circle/></svg>"),
        drawing(0.1).replace("</svg>", "<text>a</text></svg>"),
    ],
    ids=["learning-rate", "size", "colour", "element", "text"],
)
def test_another_drawing_fails(other):
    assert compare_drawings(drawing(0.1), other).startswith("drawing has")
    assert compare_drawings(other, drawing(0.1)).startswith("drawing has")


# The plugin, run by pytest on notebooks that are written here.

RED, BLUE, WIDE = (
    encode(Image.new("RGB", size, colour))
    for size, colour in (((40, 30), "red"), ((40, 30), "blue"), ((50, 30), "red"))
)
RED_JPEG, BLUE_JPEG = (
    encode(Image.new("RGB", (40, 30), colour), "jpeg") for colour in ("red", "blue")
)
CIRCLE, SQUARE = (f"<svg><{name} r='3'/></svg>" for name in ("circle", "rect"))
SETUP = """\
import sys, uuid
from IPython.display import display
def show(picture, kind="image/png"):
    view = "application/vnd.jupyter.widget-view+json"
    model = {"model_id": uuid.uuid4().hex, "version_major": 2, "version_minor": 0}
    display({kind: picture, "text/plain": "図", view: model}, raw=True)
"""


def code_cell(cell_id: str, source: str, *outputs, count: int | None = 1):
    return new_code_cell(source, id=cell_id, outputs=list(outputs), execution_count=count)


def shown(picture: str, text: str = "図", kind: str = "image/png"):
    return new_output("display_data", data={kind: picture, "text/plain": text})


def printed(text: str):
    return new_output("stream", name="stdout", text=text)


def run_plugin(pytester, *cells) -> dict[str, tuple[str, str]]:
    """Run a notebook of these cells; return outcome and message of each by its id."""
    notebook = new_notebook(cells=[code_cell("setup", SETUP), *cells], metadata=NOTEBOOK_METADATA)
    nbformat.write(notebook, pytester.path / "lesson.ipynb")
    run = pytester.inline_run("--nbval", "-ptests.notebooks.plugin", "--color=no")
    reports = [r for r in run.getreports("pytest_runtest_logreport") if r.when == "call"]
    return {r.nodeid.split("(")[1].rstrip(")"): (r.outcome, r.longreprtext) for r in reports}


def test_plugin_passes_a_notebook_that_matches(pytester):
    outcomes = run_plugin(
        pytester,
        code_cell("jpeg", f"show('{RED_JPEG}', 'image/jpeg')", shown(RED_JPEG, kind="image/jpeg")),
        code_cell("svg", f'show("{CIRCLE}", "image/svg+xml")', shown(CIRCLE, kind="image/svg+xml")),
        code_cell("picture", f"show('{RED}')", shown(RED)),
        code_cell("text", "print('f(3) = 0.9')", printed("f(3) = 0.9\n")),
    )
    assert outcomes == dict.fromkeys(["setup", "jpeg", "svg", "picture", "text"], ("passed", ""))
    assert not (pytester.path / "build").exists()


def test_plugin_fails_every_fault(pytester):
    show_red, error = f"show('{RED}')", new_output("error", ename="E", evalue="", traceback=[])
    warning = new_output("stream", name="stderr", text="careful")
    faults = {
        "other-picture": (code_cell("other-picture", show_red, shown(BLUE)), "picture 1: largest"),
        "other-jpeg": (
            code_cell(
                "other-jpeg",
                f"show('{RED_JPEG}', 'image/jpeg')",
                shown(BLUE_JPEG, kind="image/jpeg"),
            ),
            "picture 1: largest",
        ),
        "other-svg": (
            code_cell(
                "other-svg", f'show("{SQUARE}", "image/svg+xml")', shown(CIRCLE, kind=DRAWING)
            ),
            "picture 1: drawing has 'rect",
        ),
        "other-kind": (
            code_cell("other-kind", show_red, shown(CIRCLE, kind=DRAWING)),
            "is image/png",
        ),
        "other-size": (code_cell("other-size", show_red, shown(WIDE)), "expected 50x30 px"),
        "missing": (code_cell("missing", "pass", shown(RED)), "shows 0 pictures, expected 1"),
        "additional": (code_cell("additional", show_red), "shows 1 pictures, expected 0"),
        "other-alt": (code_cell("other-alt", show_red, shown(RED, "画")), "mismatch 'text/plain'"),
        "other-number": (code_cell("other-number", "print(1)", printed("2\n")), "mismatch 'stdout"),
        "never-run": (code_cell("never-run", "1 + 1", count=None), "was never executed"),
        "stderr": (
            code_cell("stderr", "print('careful', end='', file=sys.stderr)", warning),
            "writes to stderr: careful",
        ),
        "error": (code_cell("error", "1 / 0", error), "ZeroDivisionError"),
    }
    outcomes = run_plugin(pytester, *(cell for cell, _ in faults.values()))
    assert outcomes.pop("setup") == ("passed", "")
    assert outcomes.keys() == faults.keys()
    for cell_id, (_, message) in faults.items():
        outcome, text = outcomes[cell_id]
        assert outcome == "failed", cell_id
        assert message in text, cell_id

    folder = pytester.path / "build" / "regression" / "lesson"
    assert sorted(path.name for path in folder.iterdir()) == [
        "additional-1-actual.png",
        "missing-1-expected.png",
        "other-jpeg-1-actual.jpeg",
        "other-jpeg-1-difference.png",
        "other-jpeg-1-expected.jpeg",
        "other-kind-1-actual.png",
        "other-kind-1-expected.svg",
        "other-picture-1-actual.png",
        "other-picture-1-difference.png",
        "other-picture-1-expected.png",
        "other-size-1-actual.png",
        "other-size-1-expected.png",
        "other-svg-1-actual.svg",
        "other-svg-1-expected.svg",
    ]
    assert "build/regression/lesson/other-picture-1-actual.png" in outcomes["other-picture"][1]
