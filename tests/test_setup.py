"""Setting the project up: pins, path file, wheels, and a Makefile that keeps error texts.

No network: wheels are built by the hatchling that is installed, make gets a stand-in for Python;
whether each pin has a wheel is a question for `python -m tools.wheels`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import JAPANESE, PROJECT
from tools.editable import path_line

FOLDERS = ("handouts", "classroom", "tests", "benchmarks")
FILES = ["requirements.txt", *(f"{folder}/requirements.txt" for folder in FOLDERS)]
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
SETTINGS = tomllib.loads((PROJECT / "etc" / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
SYSTEMS = {
    "Linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macOS": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "Windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
NAMES = ("花子 の ノート", "デスクトップ", "koubai notes")


def lines(name):
    return (PROJECT / name).read_text(encoding="utf-8").splitlines()


def pinned(python, system):
    """Return the version of each package that the five files install there."""
    target = {"python_version": python, "python_full_version": f"{python}.7"} | SYSTEMS[system]
    found = {}
    for name in FILES:
        for line in lines(name):
            if re.match("[A-Za-z]", line):
                pin = Requirement(line)
                if pin.marker is None or pin.marker.evaluate(target):
                    found.setdefault(pin.name.lower(), set()).add(str(pin.specifier)[2:])
    assert all(len(versions) == 1 for versions in found.values()), found
    return {name: Version(*versions) for name, versions in found.items()}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_pins_hold_what_pyproject_needs(python, system):
    pins = pinned(python, system)
    groups = METADATA["dependency-groups"].values()
    for need in map(Requirement, chain(METADATA["project"]["dependencies"], *groups)):
        assert pins[need.name.lower()] in need.specifier
    # No older NumPy or contourpy has a wheel for Python 3.15, no newer one runs on 3.11.
    assert (pins["numpy"] >= Version("2.5")) == (python != "3.11")
    assert (pins["contourpy"] >= Version("1.4")) == (python != "3.11")


@pytest.mark.parametrize("name", FILES)
def test_a_requirements_file_can_be_read_everywhere_and_says_how_it_is_renewed(name):
    text = (PROJECT / name).read_bytes().decode("ascii")  # pip on Windows reads it as cp932
    head = text[: re.search("^[^#]", text, re.MULTILINE).start()]
    assert "`python -m tools.pins --upgrade`" in head


def test_every_build_uses_the_same_hatchling():
    wanted = METADATA["build-system"]["requires"]
    assert SETTINGS["build-system"]["requires"] == wanted
    assert wanted[0] in METADATA["dependency-groups"]["tests"]
    assert wanted[0] in lines("tests/requirements.txt")


# --- what is built


def copy_of_the_project(folder):
    """Copy what a build reads, below a folder of any name."""
    folder.mkdir(parents=True)
    for name in ("helpers", "tools", "etc", "pyproject.toml", "README.md"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    return folder


def build(kind, source, out):
    """Build a wheel as pip does, but here; return its files by name."""
    out.mkdir()
    code = f"import hatchling.build as b, sys; b.build_{kind}(sys.argv[1])"
    command = [sys.executable, "-c", code, out]
    done = subprocess.run(command, cwd=source, env=os.environ | {"PYTHONUTF8": "1"})
    assert done.returncode == 0
    (wheel,) = out.glob("*.whl")
    with ZipFile(wheel) as files:
        return {name: files.read(name) for name in files.namelist()}


def test_the_wheel_leaves_the_jupyterlab_of_others_alone(tmp_path):
    files = build("wheel", copy_of_the_project(tmp_path / "project"), tmp_path / "out")
    code = {
        path.relative_to(PROJECT).as_posix(): path.read_bytes()
        for path in (PROJECT / "helpers").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name: files[name] for name in files if ".dist-info/" not in name} == code


@pytest.mark.parametrize("name", NAMES)
def test_an_editable_install_adds_its_path_file_and_nothing_else(tmp_path, name):
    project = copy_of_the_project(tmp_path / name)
    files = build("editable", project, tmp_path / "out")
    (added,) = (name for name in files if ".dist-info/" not in name)
    assert added.endswith(".pth")
    assert path_added(files[added], "ascii", tmp_path) == str(project)


def path_added(content, encoding, folder):
    """Return what Python puts on sys.path that reads such a path file in that encoding."""
    (line,) = content.decode(encoding).splitlines()
    code = "import sys; line = sys.argv[1]; old = len(sys.path)\n"  # as site.addpackage does
    code += "exec(line) if line.startswith('import ') else sys.path.append(line)\n"
    code += "sys.stdout.buffer.write('\\0'.join(sys.path[old:]).encode())"
    command = [sys.executable, "-X", "utf8", "-S", "-c", code, line]
    return subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "shift_jis", "utf-8"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("python", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_a_path_file_is_read_alike_in_every_locale(tmp_path, python, name, encoding):
    content = path_line(str(tmp_path / name), python).encode()
    assert path_added(content, encoding, tmp_path) == str(tmp_path / name)


def test_from_python_3_15_on_a_path_file_holds_no_code():
    assert path_line("/花子", (3, 15)) == "/花子"
    assert path_line("/hanako", (3, 11)) == "/hanako"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no C locale")
def test_this_python_starts_in_the_c_locale(tmp_path):
    """The reader itself, not a copy of what it does: `site` under LC_ALL=C."""
    folder = tmp_path / NAMES[0]
    folder.mkdir()
    (tmp_path / "x.pth").write_text(path_line(str(folder)), encoding="utf-8")
    code = "import site, sys; site.addsitedir(sys.argv[1]); print(ascii(sys.path[-1]))"
    command = [sys.executable, "-I", "-c", code, tmp_path]
    environment = os.environ | {"LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == ascii(str(folder)), done.stderr


def test_the_settings_are_a_package_that_only_the_requirements_install(tmp_path):
    files = build("wheel", copy_of_the_project(tmp_path / "p") / "etc", tmp_path / "out")
    placed = {
        name.split(".data/data/")[1]: content
        for name, content in files.items()
        if ".dist-info/" not in name
    }
    source = PROJECT / "etc" / "jupyter"
    assert placed == {
        f"etc/jupyter/{path.relative_to(source).as_posix()}": path.read_bytes()
        for path in source.rglob("*")
        if path.is_file()
    }
    overrides = placed["etc/jupyter/labconfig/default_setting_overrides.json"]
    assert b'"ja_JP"' in overrides
    assert lines("requirements.txt")[-2:] == ["./etc", "-e ."]
    # pip installs it after the package, whose older versions take the same files away.
    assert SETTINGS["project"]["dependencies"] == [METADATA["project"]["name"]]


def test_this_environment_has_the_settings():
    path = Path(sys.prefix, "etc", "jupyter", "labconfig", "default_setting_overrides.json")
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "ja_JP"}
    kernels = settings["@jupyterlab/apputils-extension:kernels-settings"]
    assert kernels == {"commsOverSubshells": "disabled"}


# --- the Makefile

make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
TEXT = "the cause of it all"
# A stand-in for Python that does each step of a set-up, but for the one that FAIL names.
STAND_IN = f"""#!/bin/sh
step() {{
    echo "$1" >>"$LOG"
    if [ "$FAIL" = "$1" ]; then echo "{TEXT}" >&2; exit 1; fi
}}
case "$*" in
*version_info*2*) step start; echo 3.12 ;;
*"import pip"*) step damaged ;;
*"-m venv"*) step venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
*"pip install"*handouts*) step handouts ;;
*"pip install"*) step pip-utf8-mode-$PYTHONUTF8 ;;
*font_manager*) step fonts ;;
esac
"""
STEPS = ["start", "venv", "pip-utf8-mode-1", "fonts"]


def set_up(folder, *targets, fail="", python=None, environment=()):
    """Run make in a folder with the stand-in (or a real Python), as its result and its steps."""
    for name in ("Makefile", *FILES, "pyproject.toml", "etc/pyproject.toml", "tools/editable.py"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(PROJECT / name, folder / name)
    stand_in, log = folder / "stand in", folder / "log.txt"
    stand_in.write_text(STAND_IN, encoding="utf-8")
    stand_in.chmod(0o755)
    log.write_text("")
    environment = {"HOME": folder, "LC_ALL": "C", "LOG": log, "FAIL": fail} | dict(environment)
    environment = {"PATH": os.environ["PATH"]} | {k: str(v) for k, v in environment.items()}
    command = ["make", f"PYTHON={python or stand_in}", *targets]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60)
    done.stderr = done.stderr.decode(errors="replace")
    return done, log.read_text().split()


@make
def test_a_set_up_runs_each_step_once_below_a_folder_with_blanks(tmp_path):
    folder = tmp_path / NAMES[0]
    done, steps = set_up(folder, "setup")
    assert (done.returncode, done.stderr) == (0, "")
    assert steps == STEPS
    done, steps = set_up(folder, "setup")
    assert steps[0] == "damaged"  # it looks, and the stamp's name is right


@make
@pytest.mark.parametrize("step", [*STEPS, "handouts"])
def test_no_step_of_a_set_up_throws_an_error_text_away(tmp_path, step):
    done, steps = set_up(tmp_path / NAMES[0], "handouts", fail=step)
    assert steps[-1] == step
    assert done.returncode
    assert TEXT in done.stderr
    assert not (tmp_path / NAMES[0] / ".venv" / ".ready-for-handouts").exists()


@make
def test_a_broken_environment_says_what_is_wrong_with_it(tmp_path):
    set_up(tmp_path / NAMES[0], "setup")
    done, steps = set_up(tmp_path / NAMES[0], "setup", fail="damaged")
    assert TEXT in done.stderr
    assert steps == ["damaged", *STEPS]  # and it is made anew
    assert done.returncode == 0


DISCARDS = re.compile(r"2>\s*/dev/null|&>|2>&-|--silent\b|\|\| *true\b|-qq\b|DEVNULL|2>&1 *>")


def test_the_makefile_discards_no_error_text():
    assert not DISCARDS.search((PROJECT / "Makefile").read_text(encoding="utf-8"))


@make
@pytest.mark.parametrize("which", ["folder", "home"])
def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_installed(tmp_path, which):
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "x") + "花子".encode("shift_jis")))
    try:
        odd.mkdir()
    except OSError as error:
        pytest.skip(f"this file system has only names in UTF-8: {error}")
    folder = odd if which == "folder" else tmp_path / "project"
    done, _ = set_up(folder, "setup", python=sys.executable, environment={"HOME": odd})
    (line,) = done.stderr.splitlines()
    assert "UTF-8 ではありません" in line
    assert done.returncode
    assert not (folder / ".venv").exists()


@make
def test_a_folder_named_in_utf_8_is_taken_in_a_shift_jis_locale(tmp_path):
    """There ~ and \\ are no ASCII, and every name of a folder is decoded wrongly."""
    locale = ["localedef", "--no-warnings=ascii", "-f", "SHIFT_JIS", "-i", "ja_JP"]
    if shutil.which("localedef") is None:
        pytest.skip("there is no localedef")
    made = subprocess.run([*locale, tmp_path / "ja_JP.sjis"], capture_output=True, text=True)
    if not (tmp_path / "ja_JP.sjis").exists():
        pytest.skip(f"no Shift_JIS locale can be made: {made.stderr}")
    environment = {"LC_ALL": "ja_JP.sjis", "LOCPATH": tmp_path}
    folder = tmp_path / NAMES[0]
    done, _ = set_up(folder, "setup", "-n", python=sys.executable, environment=environment)
    assert (done.returncode, done.stderr) == (0, "")


@make
@pytest.mark.parametrize("python", ["no-such-python", "no such python"])
def test_a_python_that_is_not_there_is_named_in_one_japanese_line(tmp_path, python):
    done, steps = set_up(tmp_path / NAMES[0], "setup", python=python)
    (line,) = done.stderr.splitlines()
    assert python in line
    assert re.search(JAPANESE, line)
    assert (done.returncode, steps) == (2, [])


# --- what a host of the repository reads


def test_one_version_number_stands_everywhere():
    version = METADATA["project"]["version"]
    assert f"\nversion: {version}\n" in (PROJECT / "CITATION.cff").read_text("utf-8")
    (newest, *_) = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest == version


@pytest.mark.parametrize("file", sorted((PROJECT / ".github" / "workflows").glob("*.yml")), ids=str)
def test_a_workflow_runs_what_the_readme_says_and_nothing_else(file):
    commands = re.findall(r"run: (.*)", file.read_text(encoding="utf-8"))
    assert commands
    assert all(re.search(r"^make \w+|\.ci/run$", command) for command in commands)


def test_tests_of_one_group_run_on_one_worker(pytester):
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.xdist_group("group")
        @pytest.mark.parametrize("k", range(6))
        def test(k):
            pass
        """
    )
    options = ("-v", "-n", "2", "--dist", "loadgroup", "-p", "no:nbval")
    lines = pytester.runpytest_subprocess(*options).outlines
    passed = [line.split()[0] for line in lines if "PASSED" in line]
    assert len(passed) == 6 and len(set(passed)) == 1
