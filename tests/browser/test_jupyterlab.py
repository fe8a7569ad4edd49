"""The course in the real JupyterLab, in the real browser: lessons, sliders, quizzes, exercises."""

import ast
import json
import re
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import expect

from helpers.exams import Exam
from helpers.questions import load_questions
from tests.browser.jupyterlab import LESSONS, LIVE_FIGURE, PROJECT, Lesson
from tests.browser.offline import one_worker_each


def explore_calls(notebook):
    """Return the calls of explore in a notebook's code."""
    trees = [ast.parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    return [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "explore"
    ]


def test_the_server_is_for_this_machine_and_its_token_only(server):
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(server.process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}
    assert len(server.token) >= 32
    for path in ("lab", "lab/tree/notebooks/00_index.ipynb", "files/notebooks/00_index.ipynb"):
        assert urlsplit(server.ask(path)[1]).path == "/login"
    for path in ("api/contents", "api/sessions", "api/kernels?token=" + "0" * 48):
        assert server.ask(path)[0] == 403
    assert server.ask("api/contents", token=server.token)[0] == 200


def test_the_index_opens_in_japanese_without_a_click(page, server):
    page.goto(f"{server.address}?token={server.token}")
    expect(page.locator(".jp-Notebook")).to_be_visible()
    expect(page.locator(".lm-MenuBar-item").first).to_have_text("ファイル")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current", has_text="00_index")).to_be_visible()
    expect(page.locator(".jp-Notebook h1")).to_be_visible()
    expect(page.locator("#jp-main-statusbar")).to_contain_text("(ipykernel) | アイドル")
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)


@pytest.mark.parametrize("name", one_worker_each(LESSONS))
def test_lesson(open_lesson, name):
    lesson = open_lesson(name)
    lesson.wait_for_stills()
    assert lesson.faults() == []

    lesson.run_all()
    assert lesson.faults() == []
    calls = explore_calls(lesson.notebook)
    figures = lesson.live_figures()
    assert len(figures) == len(calls) > 0
    controls = [control for figure in figures for control in figure.controls]
    words = {"alt", "goal", "predict", "drag"}
    assert len(controls) == sum(k.arg not in words for call in calls for k in call.keywords)
    for figure in figures:
        for control in figure.controls:
            figure.visit_both_ends(control)
    assert lesson.faults() == []


def test_a_restart_in_the_middle_and_all_cells_again(open_lesson):
    lesson = open_lesson("01_derivative.ipynb")
    lesson.menu("実行", "すべてのセルを実行")
    lesson.page.wait_for_selector(LIVE_FIGURE, state="attached")
    lesson.menu("カーネル", "カーネルを再起動…")
    lesson.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lesson.page.locator(".jp-Dialog")).to_have_count(0)
    lesson.run_all()
    assert lesson.faults() == []
    figures = lesson.live_figures()
    assert len(figures) == len(explore_calls(lesson.notebook))
    figures[0].visit_both_ends(figures[0].controls[-1])


def test_a_lesson_that_was_run_and_saved_can_be_opened_again(page, server, open_lesson):
    name = "01_derivative.ipynb"
    lesson = open_lesson(name)
    lesson.run_all()
    page.keyboard.press("Control+s")
    page.wait_for_selector(".lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)")
    path = f"notebooks/{name}"
    assert (server.root / path).stat().st_size < 1.1 * (PROJECT / path).stat().st_size
    count = len(explore_calls(lesson.notebook))

    again = Lesson(page, server, name, lesson.notebook)  # the kernel is still there
    expect(page.locator(LIVE_FIGURE)).to_have_count(count)
    figure = again.live_figures()[0]
    figure.visit_both_ends(figure.controls[0])

    again.menu("カーネル", "カーネルを再起動…")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| アイドル")
    again = Lesson(page, server, name, lesson.notebook)
    again.wait_for_stills()
    assert again.faults() == []

    server.end_sessions()
    again = Lesson(page, server, name, lesson.notebook)
    again.wait_for_stills()
    assert again.faults() == []
    again.run_all()
    expect(page.locator(LIVE_FIGURE)).to_have_count(count)
    assert again.faults() == []


def plain_words(note):
    """Return the longest piece of an explanation that is neither formula nor code."""
    return max(re.split(r"\$[^$]*\$|`[^`]*`|\n", note), key=len).strip()


def tab_to(page, name):
    """Go on by Tab to the button with this title or text."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = "[document.activeElement.title, document.activeElement.textContent]"
        if name in page.evaluate(focus):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def choose(page, number, choice):
    """Go on by Tab to a choice of a question and choose it by Enter."""
    tab_to(page, f"問{number} の選択肢 {choice} を選ぶ")
    page.keyboard.press("Enter")


def test_a_quiz_and_an_exercise_by_keyboard(page, server, open_lesson):
    server.progress.unlink(missing_ok=True)
    lesson = open_lesson("01_derivative.ipynb")
    lesson.run_all()

    cell = lesson.cell("quiz-questions")
    cell.locator("button").first.focus()
    page.keyboard.press("Shift+Tab")
    questions = load_questions("01")
    for number, question in enumerate(questions, start=1):
        told = cell.get_by_title(f"問{number} の選択肢 1 を選ぶ").locator("xpath=../..")
        told = told.locator("[role=status]")
        first = 1 if question.answer != 1 else 2
        for choice in sorted([first, question.answer]):
            choose(page, number, choice)
            word = "正解" if choice == question.answer else "不正解"
            expect(told).to_have_text(re.compile(f"^{word}（{choice} を選択）"))
            expect(told).to_contain_text(plain_words(question.choices[choice - 1][1]))
        if question.answer < first:  # answered right, then wrong: go back
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Enter")
            expect(told).to_have_text(re.compile("^正解"))
    expect(cell).to_contain_text(f"{len(questions)} 問中 {len(questions)} 問正解")

    result = lesson.cell("exercise-central-difference-check").locator(".jp-OutputArea-output")
    expect(result).to_have_text(re.compile("^未回答"))
    for body, told in (
        ("(f(x + h) - f(x)) / h", "^不正解【前進差分になっている】"),
        ("(f(x + h) - f(x - h)) / h", "^不正解【2h でなく h で割っている】"),
        ("(f(x + h) - f(x - h)) / (2 * h)", r"^正解\s*$"),
    ):
        lesson.cell("exercise-central-difference-stub").locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(f"def central_difference(f, x, h): return {body}")
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        expect(result).to_have_text(re.compile(told))
    assert lesson.faults() == []
    assert set(json.loads(server.progress.read_text())) == {
        "小テスト 01",
        "演習 central_difference",
    }


def test_the_mock_exam_by_keyboard(page, open_lesson):
    lesson = open_lesson("07_descent_demo.ipynb")
    (source,) = [cell for cell in lesson.code_cells if "exam(" in cell.source]
    exam = eval(source.source.splitlines()[-1], {"exam": Exam})
    questions = exam.draw(exam.seed.value)
    cell = lesson.cell(source.id)
    cell.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    cell.get_by_role("button", name="開始").focus()
    page.keyboard.press("Enter")
    expect(cell.get_by_title(re.compile("^問.* を選ぶ$"))).to_have_count(4 * len(questions))
    clock = cell.get_by_text(re.compile("^経過時間"))
    begin = clock.text_content()
    missed = {0, 1, len(questions) - 1}
    box = cell.locator(".koubai-choice .widget-htmlmath").first.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + box["height"] / 2)  # the text of a choice
    expect(cell.locator(".koubai-choice").get_by_text("● 1", exact=True)).to_have_count(1)
    cell.get_by_role("button", name="開始").focus()
    for k, question in enumerate(questions):
        choose(page, k + 1, question.answer % 4 + 1 if k in missed else question.answer)
    expect(clock).not_to_have_text(begin)
    tab_to(page, "採点")
    chosen = cell.locator(".koubai-choice").get_by_text(re.compile("^●"))
    expect(chosen).to_have_count(len(questions))
    page.keyboard.press("Enter")
    score = f"得点 {len(questions) - len(missed)} / {len(questions)}"
    expect(cell.get_by_text(score, exact=True)).to_be_visible()
    told = cell.locator(".widget-htmlmath [role=status] > strong")
    expect(told).to_have_text(["不正解" if k in missed else "正解" for k in range(len(questions))])
    sections = {questions[k].again for k in missed}
    links = cell.locator("a[href*='.ipynb#']")  # one for each miss, and each section in the table
    expect(links).to_have_count(len(missed) + len(sections))
    assert lesson.faults() == []
