"""Plant faults one at a time in a copy of the project and run the tests that should see each.

    python -m tests.mutation.run [WORD]

With a word, only the mutants whose file or name holds it. A mutant is an exact replacement of a
text that stands in its file exactly once; one whose text is gone fails the run, so the list cannot
rot. Exits with 1 if a mutant survives or cannot be planted.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.content import CONTENT
from tests.mutation.live_figures import LIVE
from tests.mutation.mutants import MUTANTS

ROOT = Path(__file__).parents[2]
NEEDED = (
    "etc",
    "handouts",
    "helpers",
    "notebooks",
    "tests",
    "tools",
    "conftest.py",
    "pyproject.toml",
)
TIMEOUT = 300  # seconds for one run of pytest
WORKERS = 2
# Starts twice as fast: of both conftest.py only that of tests/.
WITHOUT_NOTEBOOKS = ("--noconftest", "-p", "tests.conftest", "-o", "addopts=", "-p", "no:nbval")
CAPTURED = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


def copy_project(folder):
    """Copy what the tests need, without caches, and return the folder."""
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    return folder


def run_tests(folder, tests, *options):
    """Run tests in a copy; return pytest's exit code and what it printed."""
    environment = os.environ | {
        "PYTHONPATH": str(folder),  # before the installed helpers, in kernels too
        "PYTHONDONTWRITEBYTECODE": "1",  # a stale .pyc would hide a fault of the same length
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *options]
    if not any(test.endswith(".ipynb") or test.startswith("tests/browser") for test in tests):
        command += WITHOUT_NOTEBOOKS
    done = subprocess.run(
        [*command, *tests], cwd=folder, env=environment, timeout=TIMEOUT, **CAPTURED
    )
    return done.returncode, done.stdout


def planted(text, mutant, file):
    """Return the text of a file with the fault in it."""
    old, new = mutant.old, mutant.new
    if file.suffix == ".ipynb":  # as the source line stands in the file
        old, new = (json.dumps(part, ensure_ascii=False)[1:-1] for part in (old, new))
    if text.count(old) != 1:
        raise ValueError(f"its text stands {text.count(old)} times in {mutant.file}")
    return text.replace(old, new)


def verdict(mutant, folder):
    """Plant one mutant in a copy, run its tests and take it out again; return the outcome."""
    file = folder / mutant.file
    sound = file.read_text(encoding="utf-8")
    try:
        file.write_text(planted(sound, mutant, file), encoding="utf-8")
        code, printed = run_tests(folder, mutant.tests)
    except (ValueError, subprocess.TimeoutExpired) as error:
        return f"ERROR: {error}"
    finally:
        file.write_text(sound, encoding="utf-8")
    if code in (0, 1):
        return "killed" if code else "SURVIVED"
    return f"ERROR: pytest ended with {code}\n{printed[-2000:]}"


def main(words):
    mutants = [
        m
        for m in [*MUTANTS, *CONTENT, *LIVE]
        if all(word in f"{m.file} {m.name}" for word in words)
    ]
    if not mutants:
        print(f"No mutant has {' and '.join(words)} in its name.")
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        folders = queue.Queue()
        for number in range(WORKERS):
            folders.put(copy_project(Path(temporary) / str(number)))
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        code, printed = run_tests(
            Path(temporary) / "0", tests, "-n", str(WORKERS), "--dist", "loadfile"
        )
        if code:
            print(f"The tests fail without any mutant.\n{printed[-4000:]}")
            return 1

        def work(mutant):
            folder, start = folders.get(), time.perf_counter()
            try:
                outcome = verdict(mutant, folder)
            finally:
                folders.put(folder)
            seconds = time.perf_counter() - start
            print(f"{outcome:8} {seconds:5.1f} s  {mutant.file}: {mutant.name}", flush=True)
            return outcome

        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = list(pool.map(work, mutants))
    killed = outcomes.count("killed")
    print(f"{killed} of {len(mutants)} mutants killed")
    return 0 if killed == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
