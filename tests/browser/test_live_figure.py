"""The live figure in JupyterLab: keys, ▶, fingers, and what may happen to kernels and pages."""

import copy
import os
import re
import signal
from contextlib import contextmanager

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from helpers.live.widget import Live
from tests.browser.jupyterlab import FAULT, LIVE_FIGURE, PATIENCE, Lesson, LiveFigure
from tests.browser.proxy import Proxy
from tools.execute import NOTEBOOK_METADATA

SETUP = "import os\n\nfactor = 1\nprint(os.getpid())"
FIGURE = """
from helpers import subplots
from helpers.live import explore, linear, slider, steps

figure, (left, right) = subplots(2, height=3)
left.set(title="点", xlim=(-2, 2), ylim=(-2, 2))
right.set(title="線", xlim=(0, 40), ylim=(0, 2))


def update(x, y, step_num):
    if y > 1.95:
        raise ArithmeticError("y が大きすぎる")
    left.plot([x], [factor * y], "o", color="#FF0000")
    right.plot([0, step_num], [1, 1])
    return {"和": round(x + y, 2), "目標": x + y > 1.5}


explorer = explore(
    figure,
    update,
    alt="赤い点",
    goal="和を 1.5 より大きく",
    drag={left: ("x", "y")},
    x=slider("横 x", linear(-2, 2, 0.1), 0),
    y=slider("縦 y", linear(-2, 2, 0.1), 0),
    step_num=steps(40, 20),
)
explorer
"""
BUSY = """
from pathlib import Path
from time import sleep

Path("begun").touch()
while not Path("free").exists():
    sleep(0.05)
"""
# The last is empty: where another is run, JupyterLab adds one below.
CELLS = {"setup": SETUP, "figure": FIGURE, "busy": BUSY, "again": "explorer", "end": ""}
START, LAST = 20, 40  # places of each of the three sliders
AXES = 1 + 3 * LAST  # positions that are there when the axes of the start are warm
SILENT = 5000  # ms; the card has 2 s, the rest is for a loaded machine
WAITS = "この位置を計算しています"
NO_ANSWER = "カーネルが答えません"
RESTARTED = "カーネルが再起動したか、止まりました"


def write(server, name, cells=CELLS):
    """Lay a notebook of these cells and return it."""
    made = [new_code_cell(source.strip(), id=cell_id) for cell_id, source in cells.items()]
    return server.write(name, new_notebook(cells=made, metadata=NOTEBOOK_METADATA))


def figure_of(lesson, cell_id="figure"):
    """Return the live figure of a cell, with the axes of its start warm."""
    figure = LiveFigure(lesson, lesson.cell(cell_id).locator(LIVE_FIGURE))
    lesson.wait(
        "([figure, count]) => Number(figure.dataset.frames) >= count",
        [figure.box.element_handle(), AXES],
        "all axes to be warm",
    )
    return figure


def run_figure(lesson):
    """Run the cells of the figure and return it."""
    for cell_id in ("setup", "figure"):
        lesson.run(cell_id)
    return figure_of(lesson)


@pytest.fixture(scope="module")
def lesson(browser, server):
    """The figure in a notebook that the gentle tests share."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    lesson = Lesson(page, server, "shared.ipynb", write(server, "shared.ipynb"))
    run_figure(lesson)
    yield lesson
    page.close()
    server.end_sessions("shared.ipynb")


@pytest.fixture
def figure(lesson):
    """The shared figure at its start."""
    figure = figure_of(lesson)
    put(figure, START, START, START)
    yield figure
    assert lesson.faults() == []


@pytest.fixture
def open_page(browser):
    """Return a function that opens a page of a context of its own."""
    contexts = []

    def open_it(**settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture
def own(server, open_page):
    """A notebook of its own, with a kernel that may be killed."""
    yield Lesson(open_page(), server, "own.ipynb", write(server, "own.ipynb"))
    server.end_sessions("own.ipynb")


def put(figure, *places):
    """Bring the sliders to these places and wait for the picture."""
    for control, place in zip(figure.controls, places, strict=True):
        control.fill(str(place))
    figure.picture(places)


def dot(figure):
    """Return the middle of the red dot in CSS pixels from the canvas's corner, and its width."""
    return figure.canvas.evaluate(
        """canvas => {
            const {width, height} = canvas;
            const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            let count = 0, x = 0, y = 0, left = width, right = 0;
            for (let i = 0; i < data.length; i += 4)
                if (data[i] > 220 && data[i + 1] < 70 && data[i + 2] < 70) {
                    const column = i / 4 % width;
                    count += 1; x += column + 0.5; y += Math.floor(i / 4 / width) + 0.5;
                    left = Math.min(left, column); right = Math.max(right, column + 1);
                }
            const scale = canvas.getBoundingClientRect().width / width;
            return [x / count * scale, y / count * scale, (right - left) * scale];
        }"""
    )


def pid_of(lesson):
    return int(lesson.cell("setup").locator(".jp-OutputArea-output").text_content())


@contextmanager
def frozen(lesson):
    """Stop the process of the kernel meanwhile: nothing that it would have to do is done."""
    os.kill(pid_of(lesson), signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid_of(lesson), signal.SIGCONT)


@contextmanager
def busy(lesson, server):
    """Let the kernel run a cell meanwhile."""
    begun, free = (server.root / "notebooks" / name for name in ("begun", "free"))
    for file in (begun, free):
        file.unlink(missing_ok=True)
    lesson.start("busy")
    while not begun.exists():  # a page says [*] before the kernel has the cell
        lesson.page.wait_for_timeout(20)
    try:
        yield
    finally:
        free.touch()
    lesson.wait_for_kernel()


# ---- What a learner does ------------------------------------------------------------------------


def test_keys_move_the_picture_without_an_answer_of_the_kernel(lesson, figure):
    x, y, _ = figure.controls
    with frozen(lesson):
        places = {}
        for key, place in [
            *[("End", LAST), ("Home", 0), ("PageUp", 10)],
            *[("PageUp", 20), ("PageUp", 30), ("ArrowLeft", 29)],
        ]:
            x.press(key)
            figure.picture([place, START, START])
            places[place] = dot(figure)
    step = (places[30][0] - places[10][0]) / 20
    assert step > 5
    for place in (20, 29):
        assert places[place][0] == pytest.approx(places[10][0] + step * (place - 10), abs=0.5)
    expect(x).to_have_attribute("aria-valuetext", "0.9")
    x.press("PageDown")
    y.press("ArrowUp")
    figure.picture([19, 21, START])
    assert dot(figure)[1] < places[30][1] - 1


def test_play_pause_step_speed_and_the_end_of_the_run(figure):
    steps = figure.controls[2]
    play, stop = (figure.box.get_by_role("button", name=n, exact=True) for n in ("再生", "止める"))
    speed = figure.box.get_by_role("button", name=re.compile("^再生の速さ"))
    expect(speed).to_have_text("×1")
    steps.press("Home")
    for name, place in [("1つ進める", 1), ("1つ進める", 2), ("1つ戻す", 1)]:
        figure.box.get_by_role("button", name=name).click()
        figure.picture([START, START, place])

    play.click()
    expect(figure.box).to_have_attribute("data-shown", re.compile(r"^20,20,([2-9]|\d\d)$"))
    stop.click()
    expect(play).to_be_visible()
    paused = figure.position()
    steps.press(" ")
    expect(stop).to_be_visible()
    expect(figure.box).not_to_have_attribute("data-shown", ",".join(map(str, paused)))
    steps.press(" ")
    expect(play).to_be_visible()

    speed.click()
    expect(speed).to_have_text("×3")
    steps.press("End")
    figure.picture([START, START, LAST])
    figure.box.evaluate(
        """figure => {
            window.seen = [];
            new MutationObserver(() => seen.push(Number(figure.dataset.shown.split(",")[2])))
                .observe(figure, {attributeFilter: ["data-shown"]});
        }"""
    )
    play.click()  # at the end: from the beginning
    expect(stop).to_be_visible()
    expect(play).to_be_visible()
    figure.picture([START, START, LAST])
    assert figure.page.evaluate("seen") == list(range(LAST + 1))
    steps.press("Home")  # a hand on the slider stops the run
    play.click()
    steps.press("ArrowRight")
    expect(play).to_be_visible()
    speed.click()
    expect(speed).to_have_text("×¼")
    speed.click()
    expect(speed).to_have_text("×1")


def test_play_is_slow_where_motion_is_to_be_reduced(lesson, figure):
    speed = figure.box.get_by_role("button", name=re.compile("^再生の速さ"))
    try:
        lesson.page.emulate_media(reduced_motion="reduce")
        lesson.run("figure")
        expect(speed).to_have_text("×¼")
    finally:
        lesson.page.emulate_media(reduced_motion="no-preference")
        lesson.run("figure")
    expect(speed).to_have_text("×1")
    figure_of(lesson)


def test_a_point_is_dragged_by_the_mouse(figure):
    figure.canvas.scroll_into_view_if_needed()
    box = figure.canvas.bounding_box()
    x, y, _ = dot(figure)
    mouse = figure.page.mouse
    mouse.move(box["x"] + x, box["y"] + y)
    mouse.down()
    for part in (0.5, 1):
        mouse.move(box["x"] + x + 100 * part, box["y"] + y - 60 * part)
    mouse.up()
    mouse.move(box["x"] + 5, box["y"] + 5)  # released: nothing follows
    right, up, still = figure.position()
    figure.picture()
    assert (right, up) > (START, START) and still == START
    assert dot(figure)[:2] == pytest.approx([x + 100, y - 60], abs=4)  # half a place


def test_a_point_is_dragged_by_a_finger_that_elsewhere_scrolls(figure):
    figure.canvas.scroll_into_view_if_needed()
    x, y, _ = dot(figure)
    finger = figure.page.context.new_cdp_session(figure.page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    try:
        for aside in (60, 0):
            assert figure.position() == [START] * 3, "moved by a finger that touched no point"
            box = figure.canvas.bounding_box()  # where it stands after scrolling
            left, top = box["x"] + x + aside, box["y"] + y
            touch("touchStart", (left, top))
            for part in (0.25, 0.5, 0.75, 1):
                touch("touchMove", (left - 80 * part, top + 60 * part))
            touch("touchEnd")
    finally:
        finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        finger.detach()
    figure.picture()
    assert dot(figure)[:2] == pytest.approx([x - 80, y + 60], abs=4)


def test_facts_and_goal_follow_and_are_announced_after_a_pause(figure):
    facts, badge = figure.box.locator(".koubai-facts"), figure.box.locator(".koubai-badge")
    spoken = figure.box.locator("[aria-live=polite]")
    expect(figure.box.locator(".koubai-goal")).to_have_text("目標: 和を 1.5 より大きく")
    expect(facts).to_have_text("和0")
    expect(badge).to_have_text("未達成")
    expect(spoken).to_have_text("和 0、目標 未達成")
    figure.box.evaluate(
        """figure => {
            window.said = [];
            const spoken = figure.querySelector("[aria-live]");
            new MutationObserver(() => said.push(spoken.textContent))
                .observe(spoken, {childList: true, characterData: true, subtree: true});
        }"""
    )
    for _ in range(16):
        figure.controls[0].press("ArrowRight")
    expect(facts).to_have_text("和1.6")
    expect(badge).to_have_text("✓ 達成")
    expect(spoken).to_have_text("和 1.6、目標 達成")
    assert len(figure.page.evaluate("said")) < 8, "announced while it moved"
    expect(figure.canvas).to_have_role("img")
    expect(figure.canvas).to_have_accessible_name("赤い点")


def test_200_fast_moves_end_with_the_picture_of_the_last_value(figure):
    put(figure, START, START, 3)
    figure.box.evaluate(
        """async figure => {
            const [x, y] = figure.querySelectorAll(".koubai-slider");
            for (let k = 1; k <= 200; k++) {
                const input = k % 2 ? x : y;
                input.value = k * 7 % 39;
                input.dispatchEvent(new Event("input", {bubbles: true}));
                if (k % 3 === 0) await new Promise(requestAnimationFrame);
            }
        }"""
    )
    last = [199 * 7 % 39, 200 * 7 % 39, 3]
    at_end = figure.picture(last)
    assert figure.position() == last
    put(figure, START, START, START)
    put(figure, *last)
    assert figure.picture() == at_end
    expect(figure.notice).to_be_empty()


def test_an_exception_is_told_at_its_position_only(figure):
    y = figure.controls[1]
    y.press("End")
    expect(figure.notice).to_have_text(
        "この位置では図を描けませんでした。ArithmeticError: y が大きすぎる"
    )
    expect(figure.box.locator(".koubai-facts")).to_be_empty()
    y.press("ArrowLeft")
    figure.picture([START, LAST - 1, START])
    expect(figure.notice).to_be_empty()
    expect(figure.box.locator(".koubai-facts")).to_have_text("和1.9")


def test_full_screen_and_back(figure):
    button = figure.box.get_by_role("button", name="全画面にする")
    button.click()
    lesson = figure.lesson
    lesson.wait("figure => document.fullscreenElement === figure", figure.box.element_handle(), "")
    box = figure.box.bounding_box()
    assert (box["width"], box["height"]) == (1280, 900)
    figure.controls[0].press("ArrowRight")
    figure.picture([START + 1, START, START])
    figure.box.get_by_role("button", name="全画面を終える").click()
    lesson.wait("() => !document.fullscreenElement", None, "the end of the full screen")
    expect(button).to_be_visible()


# ---- Windows and themes -------------------------------------------------------------------------


def test_card_and_picture_follow_the_theme(lesson, figure):
    paper = "canvas => [...canvas.getContext('2d').getImageData(3, 3, 1, 1).data].slice(0, 3)"
    assert figure.canvas.evaluate(paper) == [255, 255, 255]
    try:
        set_theme(lesson, "JupyterLab ダーク")
        lesson.wait(
            f"canvas => ({paper})(canvas).every(v => v < 60)",
            figure.canvas.element_handle(),
            "dark paper",
        )
        expect(figure.box).to_have_css("color", re.compile(r"rgba?\(255, 255, 255"))
        background = figure.box.evaluate("box => getComputedStyle(box).backgroundColor")
        assert max(map(int, re.findall(r"\d+", background)[:3])) < 60
        assert dot(figure)[2] > 5
    finally:
        set_theme(lesson, "JupyterLab ライト")
    lesson.wait(
        f"canvas => ({paper})(canvas).every(v => v === 255)",
        figure.canvas.element_handle(),
        "white paper",
    )


def set_theme(lesson, name):
    """Choose a theme in the menu."""
    lesson.page.locator(".lm-MenuBar-item", has_text="設定").click()
    entry = lesson.page.locator(".lm-Menu-itemLabel")
    entry.filter(has_text=re.compile("^テーマ$")).hover()
    entry.filter(has_text=re.compile(f"^{name}$")).click()


def test_a_resized_window_and_a_zoom_leave_a_sharp_whole_picture(lesson, figure):
    page = lesson.page
    devtools = page.context.new_cdp_session(page)

    def shape(width, height, zoom):
        devtools.send(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": zoom, "mobile": False},
        )
        lesson.wait(
            """([canvas, zoom]) => {
                const box = canvas.getBoundingClientRect(), pixels = canvas.width / box.width;
                return Math.abs(pixels - Math.max(1.25, zoom)) < 0.02
                    && Math.abs(canvas.height / box.height - pixels) < 0.02;
            }""",
            [figure.canvas.element_handle(), zoom],
            f"a sharp picture at {width} pixels and {zoom}",
        )
        return whole(figure)

    try:
        wide = shape(1280, 900, 1)
        assert shape(1000, 900, 1) < wide
        assert shape(1280, 900, 2) == wide  # on another screen: as wide, with more pixels
        assert shape(640, 450, 2) < wide  # zoom 200 % of the same window
    finally:
        devtools.send("Emulation.clearDeviceMetricsOverride")
        devtools.detach()
    lesson.wait(
        "([canvas, width]) => canvas.getBoundingClientRect().width === width",
        [figure.canvas.element_handle(), wide],
        "the first width again",
    )


def whole(figure):
    """Assert that nothing of the card is cut off; return the picture's width."""
    box, canvas = figure.box.bounding_box(), figure.canvas.bounding_box()
    assert box["x"] <= canvas["x"] and canvas["x"] + canvas["width"] <= box["x"] + box["width"]
    cut = figure.box.evaluate(
        """box => {
            const output = box.closest(".jp-OutputArea-output"), cut = [];
            if (output.scrollWidth > output.clientWidth + 1) cut.push("output");
            const {left, right} = box.getBoundingClientRect();
            for (const each of box.querySelectorAll("*:not(option, .koubai-spoken)")) {
                const part = each.getBoundingClientRect();
                const out = part.left < left - 0.5 || part.right > right + 0.5;
                if (part.width && out) cut.push(each.className);
            }
            return cut;
        }"""
    )
    assert cut == []
    return canvas["width"]


def test_on_a_phone_the_panels_stand_below_each_other(lesson, figure):
    page = lesson.page
    page.keyboard.press("Control+b")  # the files' side bar
    try:
        page.set_viewport_size({"width": 390, "height": 844})
        lesson.wait(
            "canvas => canvas.clientHeight > canvas.clientWidth",
            figure.canvas.element_handle(),
            "the panels to stand below each other",
        )
        width, (x, y, _) = whole(figure), dot(figure)
        figure.controls[0].press("PageUp")
        figure.picture([START + 10, START, START])
        assert dot(figure)[0] > x + 0.15 * width
        assert dot(figure)[1] == pytest.approx(y, abs=0.5)
    finally:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.keyboard.press("Control+b")


# ---- Kernels ------------------------------------------------------------------------------------


def test_a_busy_kernel(lesson, figure, server):
    x, _, steps = figure.controls
    with busy(lesson, server):
        steps.press("ArrowRight")
        figure.picture([START, START, START + 1])
        expect(figure.notice).to_have_text(re.compile(NO_ANSWER), timeout=SILENT)
        x.press("ArrowRight")
        expect(figure.notice).to_have_text(re.compile(WAITS), timeout=SILENT)
        expect(figure.notice).to_have_text(re.compile(NO_ANSWER), timeout=SILENT)
        expect(figure.box).to_have_attribute("data-shown", "20,20,21")
    figure.picture([START + 1, START, START + 1])
    expect(figure.notice).to_be_empty()


def test_a_position_that_waits_tells_that_nobody_answers(lesson, figure, server):
    with busy(lesson, server):
        figure.controls[2].press("Home")
        figure.controls[0].press("Home")  # not there for this number of steps
        expect(figure.notice).to_have_text(re.compile(f"^{WAITS}"), timeout=SILENT)
        expect(figure.notice).to_have_text(re.compile(NO_ANSWER), timeout=SILENT)
    figure.picture([0, START, 0])
    expect(figure.notice).to_be_empty()


def test_a_restarted_kernel(own):
    figure = run_figure(own)
    own.restart_kernel()
    for key, place in [("ArrowRight", 21), ("End", LAST)]:
        figure.controls[0].press(key)
        figure.picture([place, START, START])
        expect(figure.notice).to_have_text(re.compile(RESTARTED), timeout=SILENT)
    figure.controls[2].press("ArrowRight")  # cold, and never to come
    expect(figure.notice).to_have_text(re.compile(RESTARTED))
    assert own.faults() == []
    run_figure(own)
    expect(figure.notice).to_be_empty()


def test_a_killed_kernel(own):
    figure = run_figure(own)
    os.kill(pid_of(own), signal.SIGKILL)
    figure.controls[0].press("ArrowRight")
    figure.picture([START + 1, START, START])
    expect(figure.notice).to_have_text(re.compile("カーネル"), timeout=SILENT)
    own.page.locator(".jp-Dialog .jp-mod-accept").click()  # JupyterLab's own word about it
    figure.controls[0].press("End")
    figure.picture([LAST, START, START])
    expect(figure.notice).to_have_text(re.compile("カーネル"), timeout=SILENT)
    own.wait_for_kernel()
    run_figure(own)
    expect(figure.notice).to_be_empty()


def test_two_views_of_one_figure(lesson, figure):
    lesson.run("again")
    try:
        other = figure_of(lesson, "again")
        for one, two in ((figure, other), (other, figure)):
            one.controls[0].press("ArrowRight")
            assert one.picture() == two.picture(one.position())
        ids = lesson.page.locator(".koubai-figure [id]").evaluate_all("all => all.map(e => e.id)")
        assert len(ids) == len(set(ids)) == 6
    finally:
        lesson.menu("編集", "すべてのセルの出力を消去")
        lesson.run("setup")
        lesson.run("figure")


def test_two_tabs_on_one_notebook(lesson, figure, server, open_page):
    put(figure, 25, START, START)
    lesson.save()
    tab = Lesson(open_page(), server, "shared.ipynb", lesson.notebook)
    other = figure_of(tab)
    assert other.position() == [25, START, START]
    for one, two in ((figure, other), (other, figure)):
        one.controls[1].press("ArrowUp")
        two.picture(one.position())
        one.picture()
    assert figure.position() == other.position() == [25, START + 2, START]
    assert tab.faults() == lesson.faults() == []


def test_saved_closed_and_reopened_with_and_without_its_kernel(own, server):
    figure = run_figure(own)
    figure.controls[0].press("End")
    figure.picture([LAST, START, START])
    own.save()

    again = Lesson(own.page, server, "own.ipynb", own.notebook)  # the kernel is still there
    figure = figure_of(again)
    figure.picture([LAST, START, START])  # where it was left
    figure.controls[0].press("Home")
    figure.picture([0, START, START])

    server.end_sessions("own.ipynb")
    again = Lesson(own.page, server, "own.ipynb", own.notebook)
    still = again.cell("figure").locator("img")
    expect(still).to_be_visible()
    assert still.evaluate("image => image.naturalWidth") > 100
    assert again.faults() == []
    run_figure(again)


def test_the_card_says_that_a_name_above_was_bound_anew(lesson, figure):
    text = "factor が変わりました。この図は前のままです。"
    try:
        lesson.start("setup", SETUP.replace("factor = 1", "factor = -1"))
        expect(figure.notice).to_have_text(re.compile(text))
        before = dot(figure)
        figure.controls[1].press("PageUp")
        figure.picture([START, 30, START])
        assert dot(figure)[1] < before[1] - 5  # as it was drawn: up
        lesson.run("figure")
        figure = figure_of(lesson)
        expect(figure.notice).to_be_empty()
        figure.controls[1].press("PageUp")
        figure.picture([START, 30, START])
        assert dot(figure)[1] > before[1] + 5  # as the new cell says: down
    finally:
        lesson.start("setup", SETUP)
        expect(figure.notice).to_have_text(re.compile(text))
    lesson.run("figure")
    expect(figure_of(lesson).notice).to_be_empty()


def test_where_anywidget_is_not_served_the_still_and_a_sentence_are_seen(own, server):
    own.page.route("**/lab/extensions/anywidget/**", lambda route: route.abort())
    see_the_still(Lesson(own.page, server, "own.ipynb", own.notebook))


def test_where_the_script_fails_the_still_and_a_sentence_are_seen(own):
    own.start("setup", f"{SETUP}\nfrom helpers.live.widget import Live\nLive._esm = 'throw 1'")
    see_the_still(own, run=["figure"])


def see_the_still(lesson, run=("setup", "figure")):
    for cell_id in run:
        lesson.run(cell_id)
    cell = lesson.cell("figure")
    expect(cell.get_by_text("この画面では図を動かせません")).to_be_visible()
    still = cell.get_by_alt_text("赤い点")
    expect(still).to_be_visible()
    assert still.evaluate("image => image.naturalWidth") > 100
    expect(cell.locator(LIVE_FIGURE)).to_have_count(0)


def test_a_kernel_150_ms_away(server, open_page):
    notebook = write(server, "far.ipynb")
    far = copy.copy(server)
    proxy = Proxy(int(server.address.rsplit(":", 1)[1].strip("/")), 0.075)
    far.address = f"http://127.0.0.1:{proxy.port}/"
    try:
        lesson = Lesson(open_page(), far, "far.ipynb", notebook)
        figure = run_figure(lesson)
        with frozen(lesson):
            figure.controls[0].press("End")
            figure.picture([LAST, START, START])
        for key in ("ArrowRight", "ArrowLeft", "PageUp"):  # cold at first
            figure.controls[2].press(key)
            figure.picture()
        expect(figure.notice).to_be_empty()
        assert lesson.faults() == []
    finally:
        server.end_sessions("far.ipynb")
        proxy.stop()


def test_a_slow_update_answers_with_the_last_wish_only(own, server):
    slow = FIGURE.replace(
        "def update(x, y, step_num):", "def update(x, y, step_num):\n    sleep(0.2)"
    )
    own.start("setup", f"{SETUP}\nfrom time import sleep")
    own.start("figure", slow.strip())
    box = own.cell("figure").locator(LIVE_FIGURE)
    expect(box).to_be_visible()
    figure = LiveFigure(own, box)
    figure.picture([START, START, START])
    for _ in range(12):
        figure.controls[0].press("ArrowRight")
    figure.picture([START + 12, START, START])
    assert int(figure.box.get_attribute("data-frames")) < 12, "places that nobody waits for"
    assert own.page.locator(FAULT).count() == 0


LATE = """async (source) => {
    const file = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { initialize, render } = (await import(file)).default();
    let receive;
    const card = { alt: "", controls: [], drag: [], panels: [], goal: "", width: 1, height: 1 };
    const model = {
        get: (name) => name === "card" ? card : [],
        on: (kind, listener) => { receive = listener; },
        send() {},
    };
    await initialize({ model });
    render({ model, el: document.body });
    const tables = { widths: [], ops: 0, axes: [], styles: [], shapes: [], glyphs: [], images: [] };
    const head = { ...tables, first: false, frames: [[[], 3, [], ""]] };
    receive({ kind: "frames", head }, [new DataView(new ArrayBuffer(4))]);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return document.querySelector(".koubai-figure").dataset.frames;
}"""


def test_a_page_that_opens_late_waits_for_the_load_that_begins_anew(browser):
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    assert page.evaluate(LATE, Live._esm) == "0"  # the load refers to a background sent before
    assert not faults
    page.close()
