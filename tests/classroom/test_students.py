"""Two students in a real hub on this machine, through its web pages and its servers' own API."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from playwright.sync_api import sync_playwright

from classroom import tryout
from classroom.student import PATIENCE, Student
from handouts.chromium import MISSING, OPTIONS, find_chromium
from tests.browser.jupyterlab import LIVE_FIGURE, Lesson

LESSON = "notebooks/01_derivative.ipynb"
PASSWORD = "only-for-this-test"


class Classroom:
    """A hub in a folder of its own, which other system users can reach (pytest's they cannot)."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="koubai-notes-classroom-"))
        self.folder.chmod(0o755)
        tryout.publish(self.folder)
        self.port = tryout.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.hub = tryout.start_hub(self.folder, self.port, PASSWORD)

    def close(self):
        tryout.stop_hub(self.hub)
        left = self.processes()
        shutil.rmtree(self.folder)
        assert not left, "processes are left over"

    def processes(self):
        """Return the running processes that belong to this classroom."""
        return [
            process
            for process in psutil.process_iter(["cmdline", "environ"])
            if str(self.folder) in (process.info["environ"] or {}).get("HOME", "")
            or f"--port={self.port}" in (process.info["cmdline"] or [])
            or str(self.folder) in (process.info["environ"] or {}).get("KOUBAI_NOTES_CLASSROOM", "")
        ]

    def server_of(self, student):
        """Return the process of a student's server."""
        for process in self.processes():
            if "jupyterhub.singleuser" in process.info["cmdline"] and (
                process.info["environ"]["JUPYTERHUB_USER"] == student.name
            ):
                return process
        raise LookupError(student.name)


@pytest.fixture(scope="module")
def classroom():
    if line := tryout.missing():
        # Loud, and never on the machine that decides.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"教室を試せません: {line}")
    classroom = Classroom()
    yield classroom
    classroom.close()


@pytest.fixture(scope="module")
def students(classroom):
    students = [Student(classroom.url, name, PASSWORD) for name in ("aoki", "baba")]
    with ThreadPoolExecutor() as pool:
        list(pool.map(Student.log_in, students))
    yield students
    for student in students:
        student.close()


@pytest.fixture(scope="module")
def kernel(students):
    """The first student's lesson, run up to the first slider."""
    kernel = students[0].open(LESSON)
    for cell in students[0].read(LESSON)["cells"]:
        if cell["cell_type"] == "code":
            kernel.run(cell["source"])
        if kernel.sliders():
            return kernel
    raise AssertionError("the lesson has no slider")


def test_a_wrong_password_is_turned_away(classroom):
    stranger = Student(classroom.url, "aoki", "a-wrong-password")
    with pytest.raises(PermissionError):
        stranger.log_in()
    stranger.close()


def test_a_moved_slider_brings_a_new_picture(kernel):
    slider = kernel.sliders()[0]
    first = kernel.widgets[slider]["index"]
    assert kernel.move(slider, first - 1 if first else 1) is not None
    assert kernel.move(slider, first) is not None


def test_a_live_figure_moves_in_a_students_browser(classroom, students):
    if not (chromium := find_chromium()):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    baba = students[1]
    cookies = [
        {"name": cookie.name, "value": cookie.value, "domain": "127.0.0.1", "path": cookie.path}
        for cookie in baba.web.cookies
    ]
    folder = f"{classroom.url}{baba.base}/lab/tree/koubai-notes/notebooks"
    hub = SimpleNamespace(address_of=lambda name: f"{folder}/{name}?reset")
    notebook = nbformat.from_dict(baba.read(LESSON))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.context.add_cookies(cookies)
        page.set_default_timeout(1000 * PATIENCE)
        lesson = Lesson(page, hub, Path(LESSON).name, notebook)
        lesson.menu("実行", "すべてのセルを実行")
        page.wait_for_selector(f"{LIVE_FIGURE}[data-shown]", state="attached")
        figure = lesson.live_figures()[0]
        figure.visit_both_ends(figure.controls[0])
        assert lesson.faults() == []
        browser.close()


def test_progress_is_each_students_own(classroom, kernel):
    where = kernel.run(
        "from helpers import record\nrecord.mark_done('01/1')\nprint(record.progress_file())"
    )
    assert Path(where.strip()).is_relative_to(classroom.folder / "students" / "aoki")
    assert not list((classroom.folder / "students" / "baba").rglob("progress.json"))


def test_the_other_students_server_refuses(students):
    aoki, baba = students
    for method, path in [
        ("GET", f"/api/contents/koubai-notes/{LESSON}"),
        ("GET", f"/files/koubai-notes/{LESSON}"),
        ("GET", "/lab"),
        ("POST", "/api/sessions"),
        ("POST", "/api/terminals"),
    ]:
        assert aoki.request(method, baba.base + path).status_code in (403, 404), path
        if method == "GET":
            assert aoki.request(method, aoki.base + path).status_code == 200, path


def test_a_students_program_reads_no_other_folder_and_writes_no_course(classroom, kernel):
    if not tryout.can_separate(classroom.folder):
        pytest.skip("only root, with a Python that others reach, can give students a system user")
    others = classroom.folder / "students" / "baba" / "koubai-notes" / LESSON
    assert others.exists()
    for attempt in [
        f"open({str(others)!r})",
        f"open({str(classroom.folder / 'hub' / 'jupyterhub.sqlite')!r})",
        f"open({str(classroom.folder / 'course' / 'README.md')!r}, 'w')",
        f"open({str(tryout.PROJECT / 'README.md')!r}, 'a')",
    ]:
        printed = kernel.run(f"try:\n    {attempt}\nexcept OSError as error:\n    print(error)")
        assert "Permission denied" in printed, attempt


def test_a_correction_reaches_every_copy_and_keeps_the_work(classroom, students, tmp_path):
    baba = students[1]
    work = baba.read(LESSON)
    mine = next(cell for cell in work["cells"] if cell["cell_type"] == "code")
    mine["source"] = "# 自分のメモ\n" + mine["source"]
    baba.save(LESSON, work)

    teachers = tmp_path / "teachers"
    subprocess.run(["git", "clone", "-q", classroom.folder / "course", teachers], check=True)
    lesson = teachers / LESSON
    corrected = lesson.read_text(encoding="utf-8").replace("## まとめ", "## まとめ（訂正版）")
    lesson.write_text(corrected, encoding="utf-8")
    tryout.publish(classroom.folder, teachers)
    baba.pull()

    cells = baba.read(LESSON)["cells"]
    assert mine["source"] in [cell["source"] for cell in cells]
    assert any("まとめ（訂正版）" in cell["source"] for cell in cells)


def test_restarting_the_hub_loses_no_session(classroom, students, kernel):
    kernel.run("kept = 42")
    classroom.hub.send_signal(signal.SIGKILL)  # a crash: it tidies nothing up
    classroom.hub.wait()
    classroom.start()
    kernel.connect()
    assert kernel.run("print(kept)").strip() == "42"
    assert students[1].read(LESSON)["cells"]  # still logged in


def test_a_killed_kernel_and_a_killed_server_lose_no_saved_cell(classroom, students, kernel):
    aoki = students[0]
    work = aoki.read(LESSON)
    work["cells"][1]["source"] += "\n# 保存したメモ"
    aoki.save(LESSON, work)

    os.kill(int(kernel.run("import os\nprint(os.getpid())")), signal.SIGKILL)
    assert aoki.read(LESSON)["cells"][1]["source"].endswith("# 保存したメモ")
    assert aoki.open(LESSON).run("print(6 * 7)").strip() == "42"

    classroom.server_of(aoki).kill()
    deadline = time.monotonic() + PATIENCE
    while aoki.request("GET", "/hub/api/users/aoki").json()["servers"]:
        assert time.monotonic() < deadline, "the hub did not notice"
        time.sleep(0.5)
    aoki.log_in()
    assert aoki.read(LESSON)["cells"][1]["source"].endswith("# 保存したメモ")
