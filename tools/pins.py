"""Write the pins of the five requirements files from the needs that pyproject.toml names.

    python -m tools.pins              keeps every version that still fits
    python -m tools.pins --upgrade    takes the newest of all; `-P numpy` of one (options of uv)

Needs uv (`pip install uv`) and the network. A version that has left a Python behind stays for that
Python alone, so each Python gets the newest release that is made for it. Afterwards run
`python -m tools.wheels`, `make notebooks` and `make test`: figures are compared picture by picture.
"""

import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).parents[1]
COMPILE = (
    "uv pip compile --universal --fork-strategy requires-python --python-version 3.11 "
    "--no-header --no-annotate --quiet"
).split()

# Each file and those that are installed beneath it: what they pin is not pinned once more.
FILES = {
    "requirements.txt": [],
    "handouts/requirements.txt": ["requirements.txt"],
    "classroom/requirements.txt": ["requirements.txt"],
}
FILES["tests/requirements.txt"] = list(FILES)
FILES["benchmarks/requirements.txt"] = list(FILES)


def parts(name):
    """Return a requirements file's comments, its pins, and what stands below them, as lines."""
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    head = list(takewhile(lambda line: line.startswith("#"), lines))
    pins = list(takewhile(bool, lines[len(head) :]))
    return head, pins, lines[len(head) + len(pins) :]


def write(name, options):
    """Compile one file anew; the versions that it and the files before it hold are kept."""
    head, old, tail = parts(name)
    earlier = [pin for other in list(FILES)[: list(FILES).index(name)] for pin in parts(other)[1]]
    folder = Path(name).parent.name
    needs = ["--group", folder] if folder else ["pyproject.toml"]
    with TemporaryDirectory() as scratch:
        kept, out = Path(scratch, "constraints.txt"), Path(scratch, "requirements.txt")
        kept.write_text("\n".join(earlier), encoding="utf-8")
        out.write_text("\n".join(old), encoding="utf-8")
        command = [*COMPILE, *options, "--constraints", kept, "--output-file", out, *needs]
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE)
        pins = out.read_text(encoding="utf-8").splitlines()
    beneath = {pin for other in FILES[name] for pin in parts(other)[1]}
    lines = [*head, *(pin for pin in pins if pin not in beneath), *tail]
    (PROJECT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in FILES:
        write(name, sys.argv[1:])
