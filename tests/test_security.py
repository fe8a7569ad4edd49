"""Secure by default: nothing loads code from elsewhere, pins are exact, the server stays private.

Each check is also shown to go red on a planted fault.
"""

import json
import re
import shlex

import pytest

from tests.conftest import PROJECT

CODE = sorted(
    path
    for folder in ("helpers", "handouts", "etc")
    for path in (PROJECT / folder).rglob("*")
    if path.suffix in {".py", ".j2", ".js", ".css", ".html", ".json", ".toml", ".csv"}
)
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
REQUIREMENTS = sorted(
    path
    for path in [*PROJECT.glob("requirements.txt"), *PROJECT.glob("*/requirements.txt")]
    if path.parent.name != ".venv"
)

REMOTE = r"""["'(\s]*(?:https?:)?//"""
LOADS = re.compile(
    rf"""\bsrc(?:set)?\s*[=:]{REMOTE}|<link\b[^>]*\bhref\s*={REMOTE}|\burl\({REMOTE}|@import{REMOTE}
    |\bfrom\s+["'](?:https?:)?//|\b(?:import|importScripts|fetch|Worker|WebSocket)\({REMOTE}
    |\bimport\s+["'](?:https?:)?//
    |^\s*(?:from|import)\s+(?:urllib\.request|http\.client|requests|httpx|aiohttp|ftplib|socket)\b
    |\bpip3?\s+install\b|\bmicropip\b|^\s*[!%]\s*(?:curl|wget|load_ext)\b""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
PRIVATE = re.compile(
    r"""(?<![\w.])/(?:home|Users|root|tmp|work|mnt)/\w|\b[A-Z]:\\\\?\w
    |\btoken["']?\s*[=:]\s*["']?[0-9a-f]{16,}|\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0):\d+
    |\b(?:ghp|gho|github_pat|glpat|hf|sk)[-_][A-Za-z0-9]{16,}|-----BEGIN\s[A-Z ]*PRIVATE""",
    re.VERBOSE,
)
PIN = re.compile(r"[A-Za-z0-9._-]+(?:\[[\w,-]+\])?==[0-9][\w.!+]*(?:\s*;\s*\S.*)?")
OPENS = re.compile(
    r"token\b|password|auth|allow_(?:origin|remote|unauthenticated)|xsrf|--ip=(?!127\.0\.0\.1(?:\s|$))",
    re.IGNORECASE,
)


def text_of(notebook):
    """Return the text of a notebook's cells and output; pictures are left out."""
    texts = [json.dumps(notebook["metadata"])]
    for cell in notebook["cells"]:
        texts += ["".join(cell["source"]), json.dumps(cell["metadata"])]
        for output in cell.get("outputs", []):
            texts.append("".join(output.get("text", [])))
            data = output.get("data", {}).items()
            texts += [str("".join(value)) for mime, value in data if "image/" not in mime]
    return "\n".join(texts)


def unpinned(text):
    """Return the lines of a requirements file that install something unpinned."""
    lines = [re.sub(r"(^|\s)#.*", "", line).strip() for line in text.splitlines()]
    ours = {"-e .", "./etc", "-r ../requirements.txt"}
    return [line for line in lines if line and line not in ours and not PIN.fullmatch(line)]


def lab_options(makefile):
    """Return the options with which `make lab` starts the server, and ARGS with nothing in it."""
    text = makefile.replace("\\\n", " ")
    assert re.search(r"^ARGS \?=[ \t]*$", text, re.MULTILINE), "ARGS is not empty"
    (command,) = re.findall(r"^\t.*-m jupyterlab\s(.*)$", text, re.MULTILINE)
    return " ".join(shlex.split(command.replace("$(ARGS)", "")))


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_code_loads_nothing_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert not LOADS.search(text)
    assert not PRIVATE.search(text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_load_nothing_and_tell_nothing_of_the_machine(path):
    text = text_of(json.loads(path.read_text(encoding="utf-8")))
    assert not LOADS.search(text)
    assert not PRIVATE.search(text)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_requirement_is_pinned_exactly(path):
    assert unpinned(path.read_text(encoding="utf-8")) == []


def test_make_lab_is_for_this_machine_and_asks_for_its_token():
    options = lab_options((PROJECT / "Makefile").read_text(encoding="utf-8"))
    assert "--ip=127.0.0.1" in options.split()
    assert not OPENS.search(options)


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://example.org/a.js">',
        "<img src=//example.org/a.png>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        "src: url(https://example.org/a.woff2)",
        '@import "https://example.org/a.css";',
        'import x from "https://example.org/a.js";',
        'await import("https://example.org/a.js")',
        'fetch("https://example.org")',
        "import requests",
        "from urllib.request import urlopen",
        "%pip install thing",
    ],
)
def test_code_from_elsewhere_is_found(text):
    assert LOADS.search(f"x\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        'open("/home/someone/a.csv")',
        r"C:\Users\someone",
        "File /tmp/ipykernel_1/2.py",
        "http://127.0.0.1:8888/lab",
        "?token=0123456789abcdef0123",
        'token = "0123456789abcdef0123"',
    ],
)
def test_a_trace_of_the_machine_is_found(text):
    assert PRIVATE.search(f"x {text}")


def test_text_that_only_looks_alike_is_no_fault():
    for text in ("[本](https://example.org)", "w / b", "x = a //b", "目標/tmp", "src = [1, 2]"):
        assert not LOADS.search(text)
        assert not PRIVATE.search(text)


@pytest.mark.parametrize(
    "line", ["numpy", "numpy>=2", "numpy==2.*", "numpy~=2.4", "-e git+x", "./a"]
)
def test_a_loose_requirement_is_found(line):
    assert unpinned(f"# why\n-e .\n{line}  # note\n") == [line]


@pytest.mark.parametrize(
    "option",
    [
        "--ip=0.0.0.0",
        "--ip=127.0.0.11",
        "--IdentityProvider.token=''",
        "--ServerApp.token=",
        "--ServerApp.disable_check_xsrf=True",
        "--ServerApp.allow_origin='*'",
    ],
)
def test_an_open_server_is_found(option):
    makefile = f"ARGS ?=\n\nlab:\n\t@python -m jupyterlab --allow-root {option} $(ARGS)\n"
    assert OPENS.search(lab_options(makefile))
