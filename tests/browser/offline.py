"""A page opened from its file, with no network, and how its tests are shared out among workers."""

from contextlib import contextmanager

import pytest


@contextmanager
def offline(browser, path, first="", **settings):
    """Give a file's page with no network, and with the list of what it asked for and said.

    first: a script that runs before those of the page.
    """
    context = browser.new_context(**settings)
    try:
        context.set_default_timeout(15_000)
        context.set_offline(True)
        context.add_init_script(first)
        page = context.new_page()
        page.said = []
        page.on("request", lambda request: page.said.append(f"request {request.url}"))
        page.on("console", lambda message: page.said.append(f"console {message.text}"))
        page.on("pageerror", lambda error: page.said.append(f"error {error}"))
        page.goto(path.as_uri())
        yield page
    finally:
        context.close()


def one_worker_each(names):
    """Return the names as parameters: all tests of a module with the same name on one worker."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]
