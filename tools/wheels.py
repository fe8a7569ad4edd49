"""Resolve every pin to a wheel, for each Python and system that the course promises.

    python -m tools.wheels

Needs uv (`pip install uv`) and the network, and builds nothing: a pin without a wheel would ask a
learner for a compiler. Prints how many packages each combination installs; ends with status 1 where
a wheel is missing or something unpinned would come along.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.pins import FILES, parts

PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
SYSTEMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "macOS arm64": "aarch64-apple-darwin",
    "Windows": "x86_64-pc-windows-msvc",
}
RESOLVE = "uv pip compile --only-binary :all: --no-header --no-annotate --quiet".split()


def installed(pins, python, system):
    """Return the packages that these pins install there, as a number or as what is wrong."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch, "requirements.txt")
        path.write_text("\n".join(pins), encoding="utf-8")
        target = ["--python-version", python, "--python-platform", system]
        done = subprocess.run([*RESOLVE, *target, path], capture_output=True, text=True)
    if done.returncode:
        return done.stderr.strip()
    packages = done.stdout.split("\n")[:-1]
    pinned = {pin.split(" ;")[0] for pin in pins}
    unpinned = sorted(set(packages) - pinned)
    return "not pinned: " + ", ".join(unpinned) if unpinned else len(packages)


def main():
    """Print the table, and below it what is wrong."""
    pins = [pin for name in FILES for pin in parts(name)[1]]
    faults = []
    print("Python", *SYSTEMS, sep=" | ")
    for python in PYTHONS:
        row = {name: installed(pins, python, system) for name, system in SYSTEMS.items()}
        faults += [
            f"{python}, {on}: {found}" for on, found in row.items() if isinstance(found, str)
        ]
        cells = ["no" if isinstance(found, str) else found for found in row.values()]
        print(python, *cells, sep=" | ", flush=True)
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
