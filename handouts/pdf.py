"""Print the handouts as PDF, with the Chromium that is installed.

python -m handouts.pdf
"""

import logging
import subprocess
import sys
import tempfile

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from handouts.__main__ import BUILD, main
from handouts.chromium import MISSING, OPTIONS, find_chromium
from handouts.search import SEARCH

PATIENCE = 30_000  # ms of the page's own time until its figures must be drawn; most need far less


def print_pages(browser, base=""):
    """Print each page into build/pdf/; its links lead to ../handouts, or to that below base."""
    folder = BUILD / "pdf"
    folder.mkdir(parents=True, exist_ok=True)
    for page in sorted((BUILD / "handouts").glob("*.html")):
        if page.name == SEARCH:
            continue
        target = folder / f"{page.stem}.pdf"
        print_page(browser, page, target)
        lead_to_pages(target, page.parent, f"{base or '..'}/handouts")
        print(f"{target.relative_to(BUILD.parent)}, {target.stat().st_size / 1024:.0f} KiB")


def print_page(browser, page, target):
    """Print one page with bookmarks for its headings; the page's own style numbers the sheets."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *OPTIONS, "--headless", f"--user-data-dir={profile}"]
        command += ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
        command += [f"--virtual-time-budget={PATIENCE}"]
        command += [f"--print-to-pdf={target}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


def lead_to_pages(pdf, folder, place):
    """Let the links of a PDF to files of a folder lead to an address or relative path."""
    logging.getLogger("pypdf").setLevel("ERROR")  # Chromium counts the parts of a PDF wrongly
    writer = PdfWriter(clone_from=pdf)
    for sheet in writer.pages:
        for annotation in sheet.get("/Annots", []):
            action = annotation.get_object().get("/A", {})
            address = str(action.get("/URI", ""))
            if address.startswith(folder.as_uri()):
                moved = address.replace(folder.as_uri(), place, 1)
                action[NameObject("/URI")] = TextStringObject(moved)
    writer.write(pdf)


if __name__ == "__main__":
    browser = find_chromium()
    if browser is None:
        sys.exit(MISSING)
    status = main()
    if status == 0:
        print_pages(browser)
    sys.exit(status)
