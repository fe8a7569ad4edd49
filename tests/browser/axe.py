"""axe-core, the checker of accessibility, in a page of the browser tests."""

from importlib.resources import files

SCRIPT = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page):
    """Return what axe finds in a page as it is now: a line for each element, 3 for each rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    rules = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
        for rule in rules
        for node in rule["nodes"][:3]
    ]
