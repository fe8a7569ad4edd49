"""The handouts' parts: formulas, links, and what a failing lesson leaves behind."""

import base64
import io
import re

import nbformat
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from handouts.__main__ import LessonFailed, build
from handouts.exporter import page_name
from handouts.formulas import font_for, to_mathml
from handouts.pictures import sharp_webp
from handouts.reveal import translated
from handouts.slides import shows_code, stacks
from helpers import draw_path, subplots
from helpers.course import LESSONS
from helpers.figures import pixels
from tools.execute import NOTEBOOK_METADATA


def mathml(tex, kind="InlineMath"):
    (result,) = to_mathml([(kind, tex)])
    return result


def test_formulas_keep_their_order_and_kind():
    first, second = to_mathml([("InlineMath", "a"), ("DisplayMath", "b")])
    assert "<mi>a</mi>" in first and 'display="inline"' in first
    assert "<mi>b</mi>" in second and 'display="block"' in second


def test_a_formula_that_cannot_be_typeset_is_an_error():
    with pytest.raises(ValueError, match=r"\\foo"):
        mathml(r"\foo{x")


def test_the_spacing_of_functions_norms_primes_and_hats_is_corrected():
    assert mathml(r"2x \sin x").count("mspace") == 4  # two, each opened and closed
    assert "mspace" not in mathml(r"\max(1, x)")
    assert "∥" not in re.sub("<annotation.*", "", mathml(r"\|x\|"))
    assert "<msup>" not in mathml("f'(x)")
    assert '<mover accent="true"><mi>m</mi><mo stretchy="false">ˆ</mo>' in mathml(r"\hat m")
    assert 'stretchy="true"' not in mathml(r"\lVert\nabla f(x)\rVert")
    assert "<msup>" not in mathml("(uv)'")
    assert mathml(r"\frac{dy}{du}\frac{du}{dx}").count("mspace") == 2
    assert mathml(r"\left(1 + \cos\frac{t}{T}\right)").count("mspace") == 2
    assert mathml(r"\|g\|\cos\varphi").count("mspace") == 4
    for kind in ("InlineMath", "DisplayMath"):
        assert mathml(r"\lim_{h\to 0}\frac{f}{h}", kind).count("mspace") == 2


def test_the_font_has_the_italic_letters_the_root_and_little_else():
    data = font_for(mathml(r"\sqrt{h} + \alpha + \varepsilon"))
    font = TTFont(io.BytesIO(base64.b64decode(data.split(",")[1])))
    known = font.getBestCmap()
    assert {0x210E, 0x1D6FC, 0x1D700, ord("√"), ord("+")} <= set(known)
    assert 0x1D44E not in known  # the italic a
    variants = font["MATH"].table.MathVariants
    shapes = variants.VertGlyphConstruction[0].MathGlyphVariantRecord
    boxes = [font["glyf"][shape.VariantGlyph] for shape in shapes]
    heights = [box.yMax - box.yMin for box in boxes]
    assert heights == sorted(heights) and 0.8 < heights[0] / 1000 < 1  # of the letter size
    assert [h - shape.AdvanceMeasurement for h, shape in zip(heights, shapes, strict=True)] == (
        pytest.approx([0] * len(shapes), abs=2)
    )
    assert len({box.xMax - box.xMin for box in boxes[:2]}) == 1
    assert len(data) < 60_000


def test_notebooks_become_pages():
    assert page_name("00_index.ipynb") == "index.html"
    assert page_name("notebooks/06_learning_rate.ipynb") == "06_learning_rate.html"


# ---- building ----


def notebook(path, *cells):
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    nbformat.write(new_notebook(cells=list(cells), metadata=NOTEBOOK_METADATA), path)
    return path


def test_a_page_is_the_same_when_built_again_and_links_lead_to_pages(tmp_path):
    path = notebook(
        tmp_path / "01_test.ipynb",
        new_markdown_cell("# 01 試し\n\n[次](02_next.ipynb#cell-id=x) $x$\n\n## 節\n\n### 項"),
        new_markdown_cell("## 次の節"),
        new_code_cell("print(1 + 1)"),
    )
    (page,) = build([path], tmp_path / "build")
    first = page.read_bytes()
    text = first.decode()
    assert '<a href="02_next.html#cell-id=x">' in text
    assert re.findall('<h[23] id="(.*?)"', text) == ["cell-0-1", "cell-0-2", "cell-1-1"]
    assert 'id="cell-id=cell-2"' in text
    assert "<pre>2\n</pre>" in text
    assert "<title>01 試し｜勾配ノート</title>" in text
    build([path], tmp_path / "build")  # finds all done
    assert page.read_bytes() == first
    page.unlink()
    (tmp_path / "build" / "executed" / path.name).unlink()
    build([path], tmp_path / "build")
    assert page.read_bytes() == first


SHOWS = """\
import matplotlib.pyplot as plt
from IPython.display import HTML, SVG, Image, Math, display
plt.plot([0, 1])
plt.show()
display(Image("local.png"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9'/></svg>"))
display(HTML("<table><tr><td>表の値</td></tr></table>"))
display(Math(r"\\frac{a}{b}"))
"""


def red(size=(4, 3)):
    """A small picture as base64."""
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, "png")
    return base64.b64encode(data.getvalue()).decode()


def test_every_kind_of_picture_is_embedded(tmp_path):
    (tmp_path / "local.png").write_bytes(base64.b64decode(red()))
    words = "![貼った絵](attachment:image.png) ![絵](local.png) <kbd>Shift</kbd>"
    tag = '<img alt="大きさ" src="attachment:%E5%9B%B3.png" width="8">'
    pasted = new_markdown_cell(
        f"{words}\n\n{tag}",
        attachments={"image.png": {"image/png": red()}, "図.png": {"image/png": red((8, 6))}},
    )
    path = notebook(
        tmp_path / "01_test.ipynb", new_markdown_cell("# 試し"), pasted, new_code_cell(SHOWS)
    )
    (page,) = build([path], tmp_path / "build")
    text = page.read_text(encoding="utf-8")
    shown = {
        alt: source
        for img in re.findall("<img [^>]*>", text)
        for alt in re.findall('alt="(.*?)"', img)
        for source in re.findall('src="(.*?)"', img)
    }
    assert shown["貼った絵"] == shown["絵"] == f"data:image/png;base64,{red()}"
    assert shown["大きさ"] == f"data:image/png;base64,{red((8, 6))}"
    assert all(source.startswith("data:image/") for source in shown.values())
    assert "<kbd>Shift</kbd>" in text
    assert text.count(f"data:image/png;base64,{red()}") == 3
    assert "data:image/svg+xml;base64," in text
    assert "<td>表の値</td>" in text
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in text
    for bare in ("Figure size", "IPython.core", "attachment:"):
        assert bare not in text, bare
    assert len(re.findall('<img [^>]*src="data:image/png', text)) == 5


def display(source):
    return new_code_cell(f"from IPython.display import *\n{source}")


BROKEN = {
    "error": (
        new_code_cell("1 / 0"),
        "cell-1 が失敗しました（ZeroDivisionError: division by zero）",
    ),
    "stderr": (
        new_code_cell("import sys\nprint('失敗', file=sys.stderr)"),
        "cell-1 が stderr に書きました: 失敗",
    ),
    "formula": (new_markdown_cell(r"$\foo$"), r"cell-1 の数式を組めません: \foo"),
    "attachment": (new_markdown_cell("![図](attachment:a.png)"), "cell-1 の絵 attachment:a.png が"),
    "file": (new_markdown_cell("![図](a.png)"), "cell-1 の絵 a.png がありません"),
    "network": (new_markdown_cell('<video src="https://a.example/b">'), "cell-1 の <video src="),
    "widget": (new_code_cell("import ipywidgets\nipywidgets.IntSlider()"), "cell-1 の出力（"),
    "script": (display("Javascript('1')"), "cell-1 の出力（application/javascript）"),
    "url": (display("Image(url='https://a.example/b.png')"), "cell-1 の出力 の <img src=https://a"),
    "frame": (display("IFrame('https://a.example', 9, 9)"), "cell-1 の出力 の <iframe>"),
    "figure": (
        new_code_cell(
            "from helpers import subplots\nfigure, ax = subplots(width=2, height=2)\nfigure"
        ),
        "cell-1 の出力（描かれていない図）",
    ),
}


def test_what_a_page_cannot_show_is_named_by_cell_and_the_others_go_on(tmp_path):
    paths = {
        name: notebook(tmp_path / f"{name}.ipynb", new_markdown_cell("# 試し"), cell)
        for name, (cell, _) in BROKEN.items()
    }
    (tmp_path / "marks.ipynb").write_text("{\n<<<<<<< HEAD\n}", encoding="utf-8")
    untitled = notebook(tmp_path / "untitled.ipynb", new_code_cell("1"))
    good = notebook(tmp_path / "z.ipynb", new_markdown_cell("# よい"))
    stale = tmp_path / "build" / "handouts" / "error.html"
    stale.parent.mkdir(parents=True)
    stale.touch()
    with pytest.raises(LessonFailed) as failure:
        build([*paths.values(), tmp_path / "marks.ipynb", untitled, good], tmp_path / "build")
    told = str(failure.value)
    for name, (_, reason) in BROKEN.items():
        assert f"{name}.ipynb: セル {reason}" in told
    assert "marks.ipynb: Git の競合" in told and "untitled.ipynb: 最初のセルに題" in told
    left = sorted(page.name for page in (tmp_path / "build").rglob("*.html*"))
    assert left == ["search.html", "z.html"]


# ---- slides ----


def slide_cell(kind, source="", tags=()):
    cell = new_code_cell(source) if source.startswith("print") else new_markdown_cell(source)
    cell.metadata = nbformat.from_dict({"slideshow": {"slide_type": kind}, "tags": list(tags)})
    return cell


NOTEBOOK = LESSONS["04"].file


def test_cells_become_slides_by_their_metadata():
    cells = [
        slide_cell("slide", "# 題"),
        slide_cell("slide", "## 1. 節"),
        slide_cell("-", "続き"),
        slide_cell("notes", "話すこと"),
        slide_cell("skip", "## 見せない節"),
        slide_cell("subslide", "下"),
        slide_cell("slide", "次"),
    ]
    (title,), (first, below), (second,) = stacks(cells, NOTEBOOK)
    assert [cell.source for cell in title["cells"]] == ["# 題"]
    assert [cell.source for cell in first["cells"]] == ["## 1. 節", "続き"]
    assert [cell.source for cell in first["notes"]] == ["話すこと"]
    assert [cell.source for cell in below["cells"]] == ["下"]
    assert [slide["within"] for slide in (title, first, below, second)] == ["", "", "節", "節"]


def test_code_and_derivations_are_below_their_slide():
    folded = "文\n\n<details><summary>式で確かめる（$x$）</summary>\n\n式\n\n</details>"
    long = "\n".join(["print(1)"] * 15 + [""] + ["print(2)"] * 15)
    code = slide_cell("-", long)
    code.outputs = [nbformat.v4.new_output("stream", text="1\n2\n")]
    ((main, *below),) = stacks(
        [slide_cell("slide", "# 題"), slide_cell("-", folded), code], NOTEBOOK
    )
    assert [cell.source for cell in main["cells"]] == ["# 題", "文", long]
    assert not shows_code(main["cells"][-1]) and main["cells"][-1].outputs
    sources = [cell.source for slide in below for cell in slide["cells"]]
    assert sources[0] == "**式で確かめる（$x$）**\n\n式"
    assert "\n\n".join(sources[1:]) == long and len(sources) == 3
    assert all(
        shows_code(cell) and not cell.outputs for slide in below[1:] for cell in slide["cells"]
    )
    assert len({cell.id for slide in (main, *below) for cell in slide["cells"]}) == 6


def test_a_function_that_is_printed_is_code():
    shown = slide_cell("slide", "print(1)")
    shown.source = "show_source(f)"
    shown.outputs = [nbformat.v4.new_output("stream", text="def f():\n    return 1\n\n")]
    ((slide,),) = stacks([shown], NOTEBOOK)
    assert [cell.source for cell in slide["cells"]] == ["def f():\n    return 1"]


def test_the_speaker_has_time_question_and_answer():
    answer = "<details><summary><strong>確認</strong></summary>\n\n答え。\n\n続き。\n\n</details>"
    cells = [
        slide_cell("slide", "## 1. 節\n\n> **操作** 動かしてください。"),
        slide_cell("slide", "> **予想** 何が起こるでしょう。"),
        slide_cell("slide", answer),
        slide_cell("slide", "## 9. 節"),
    ]
    ((first,), (asking,), (telling,), (last,)) = stacks(cells, NOTEBOOK)
    assert first["time"] == "1・2節で 20 分" and last["time"] == "授業では省く"
    assert asking["time"] == telling["time"] == ""
    assert first["asked"] == ["**操作** 動かしてください。"] and first["answer"] == ""
    assert asking["asked"] == ["**予想** 何が起こるでしょう。"] and asking["answer"] == "答え。"
    assert telling["answer"] == "" and "<details>" not in telling["cells"][0].source


def test_a_picture_has_two_pixels_for_each_css_pixel_and_its_figure_is_as_before():
    figure, ax = subplots(width=3, height=2)
    draw_path(ax, np.array([[0, 0], [1, 1]]))
    pixels(figure)
    figure.set_layout_engine("none")
    before = pixels(figure).copy()
    picture = Image.open(io.BytesIO(base64.b64decode(sharp_webp(figure))))
    assert picture.size == (2 * 3 * 96, 2 * 2 * 96)
    np.testing.assert_array_equal(figure.canvas.buffer_rgba(), before)
    small = np.asarray(picture.convert("L").resize(before.shape[1::-1], Image.Resampling.BOX))
    assert np.corrcoef(small.ravel(), before[..., :3].mean(axis=-1).ravel())[0, 1] > 0.8


def test_slides_show_what_code_makes_and_the_code_where_a_tag_says_so(tmp_path):
    path = notebook(
        tmp_path / "01_test.ipynb",
        slide_cell("slide", "# 題\n\n> はじめに、上から順に実行してください。"),
        slide_cell("slide", "print('下に' * 2)"),
        slide_cell("slide", "print('ここに' * 2)", tags=["slide-code"]),
        slide_cell("skip", "print('飛ばす')"),
    )
    (page,) = build([path], tmp_path / "build", "slides")
    _, first, second = re.findall(
        "<section>(.*?)</section></section>", page.read_text("utf-8"), re.DOTALL
    )
    first, second = (
        [re.sub("<[^>]*>", "", slide) for slide in stack.split("</section>")]
        for stack in (first, second)
    )
    assert len(first) == 2 and len(second) == 1
    assert "下に下に" in first[0] and "'下に'" not in first[0] and "'下に'" in first[1]
    assert "ここにここに" in second[0] and "'ここに'" in second[0]
    text = page.read_text("utf-8")
    assert "飛ばす" not in text and "メニューの" not in text


@pytest.mark.parametrize(
    ("kinds", "cell"), [((None,), 0), (("slide", "page"), 1), (("subslide",), 0)]
)
def test_a_cell_of_which_no_slide_can_be_made_is_named(kinds, cell):
    cells = [slide_cell(kind, "文") if kind else new_markdown_cell("文") for kind in kinds]
    with pytest.raises(ValueError, match=f"セル {cells[cell].id} の slide_type"):
        stacks(cells, NOTEBOOK)


def test_a_text_of_reveal_js_that_is_gone_is_named():
    assert translated("Notes and Time", {"Notes": "話すこと"}) == "話すこと and Time"
    with pytest.raises(ValueError, match="「Notes」がありません"):
        translated("Speaker", {"Notes": "話すこと"})
