"""Print the handouts as PDF, with the Chromium that is installed.

python -m handouts.pdf
"""

import subprocess
import sys
import tempfile

from handouts.__main__ import BUILD, main
from handouts.chromium import MISSING, OPTIONS, find_chromium
from handouts.search import SEARCH


def print_pages(browser):
    """Print each page into build/pdf/."""
    folder = BUILD / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    for page in sorted((BUILD / "handouts").glob("*.html")):
        if page.name == SEARCH:
            continue
        target = folder / f"{page.stem}.pdf"
        print_page(browser, page, target)
        print(f"{target.relative_to(BUILD.parent)}, {target.stat().st_size / 1024:.0f} KiB")


def print_page(browser, page, target):
    """Print one page with bookmarks for its headings; the page's own style numbers the sheets."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *OPTIONS, "--headless", f"--user-data-dir={profile}"]
        command += ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
        command += [f"--print-to-pdf={target}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    browser = find_chromium()
    if browser is None:
        sys.exit(MISSING)
    status = main()
    if status == 0:
        print_pages(browser)
    sys.exit(status)
