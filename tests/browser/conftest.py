"""The installed Chromium for the browser tests, one for each module.

Without one the tests are skipped and say so; where CI is set they fail instead.
"""

import os
import sys
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from handouts.chromium import MISSING, OPTIONS, find_chromium
from tests.browser.jupyterlab import LESSONS, PATIENCE, Lesson, Server
from tests.browser.offline import offline


@pytest.fixture(scope="session")
def chromium_path(pytestconfig):
    """Return the path of the installed Chromium."""
    found = find_chromium()
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    with pytestconfig.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n*** Nothing is proven in a browser. {MISSING} ***", file=sys.stderr, flush=True)
    pytest.skip(MISSING)


@pytest.fixture(scope="module")
def browser(chromium_path):
    # Closed with its module: no other event loop can run in a process while Playwright's does.
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, args=list(OPTIONS))
        yield running
        running.close()


@pytest.fixture
def open_file(browser):
    """Open a file with no network; its page is closed with the test."""
    with ExitStack() as opened:
        yield lambda path, **settings: opened.enter_context(offline(browser, path, **settings))


@pytest.fixture(scope="session")  # one for each worker, which has some of the lessons
def server(chromium_path, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("jupyterlab"))
    try:
        server.trust(*LESSONS)
        yield server
    finally:
        server.stop()


@pytest.fixture
def page(browser, server):
    """A page that reports at its end what went wrong in it, and asks nothing of other hosts."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    faults = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.extend(elsewhere(request.url)))
    yield page
    page.close()
    server.end_sessions()
    assert not faults, "\n".join(faults)


def elsewhere(url):
    host = urlsplit(url).hostname
    return [] if host in (None, "127.0.0.1") else [f"asks another host: {url}"]


@pytest.fixture
def open_lesson(page, server):
    """Return a function that opens a fresh copy of a lesson, or the notebook given."""

    def open_it(name, notebook=None):
        notebook = server.write(name, notebook) if notebook else server.copy(name)
        return Lesson(page, server, name, notebook)

    return open_it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show the pages of a failed test: build/browser/<test>-<n>.png."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser:
        folder = item.config.rootpath / "build" / "browser"
        pages = [page for context in browser.contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            page.screenshot(path=folder / f"{item.name}-{number}.png")
    return report
