"""The settings for one server, for Kubernetes and for Binder, as far as they can be checked here.

Not run: TLJH and Kubernetes themselves, the chart's own schema (it is in no package), and docker.
"""

import asyncio
import importlib
import json
import re
import subprocess
import sys
from importlib.metadata import distribution
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from jupyterhub.app import JupyterHub
from jupyterhub.spawner import Spawner
from systemdspawner import SystemdSpawner
from traitlets.config import PyFileConfigLoader

from tests.conftest import PROJECT

CLASSROOM = PROJECT / "classroom"
LESSONS = sorted(path.name for path in (PROJECT / "notebooks").glob("*.ipynb"))


@pytest.fixture
def config():
    return PyFileConfigLoader("jupyterhub_config.py", path=str(CLASSROOM)).load_config()


def test_every_setting_of_the_server_exists(config):
    classes = {cls.__name__: cls for cls in (JupyterHub, Spawner, SystemdSpawner)}
    for name, settings in config.items():
        unknown = set(settings) - set(classes[name].class_trait_names(config=True))
        assert not unknown, f"{name}: {unknown}"


def test_every_setting_of_the_students_server_exists(config):
    for option in config.Spawner.args:
        name, trait = re.match(r"--(\w+)\.(\w+)=", option).groups()
        module = {
            "MappingKernelManager": "jupyter_server.services.kernels.kernelmanager",
            "ServerApp": "jupyter_server.serverapp",
        }[name]
        assert trait in getattr(importlib.import_module(module), name).class_trait_names()


def test_systemd_gets_the_limits_and_the_read_only_course(config, monkeypatch):
    """There is no systemd here: only what the spawner would hand to it is checked."""
    handed = {}

    class Handed(Exception):
        pass

    async def start(unit, *args, properties, **options):
        handed.update(properties)
        raise Handed

    async def no(unit):
        return False

    systemd = "systemdspawner.systemdspawner.systemd"
    monkeypatch.setattr(f"{systemd}.start_transient_service", start)
    monkeypatch.setattr(f"{systemd}.service_running", no)
    monkeypatch.setattr(f"{systemd}.service_failed", no)
    monkeypatch.setattr(f"{systemd}.get_systemd_version", lambda: 252)
    monkeypatch.setattr(SystemdSpawner, "get_env", lambda self: {})
    monkeypatch.setattr(SystemdSpawner, "get_args", lambda self: [])
    config.SystemdSpawner.username_template = "root"  # some user that exists
    spawner = SystemdSpawner(config=config, user=SimpleNamespace(name="aoki", id=1))
    with pytest.raises(Handed):
        asyncio.run(spawner.start())
    assert handed["MemoryMax"] == 2 * 2**30
    assert handed["CPUQuota"] == "100%"
    assert handed["ReadOnlyDirectories"] == ["/srv/koubai-notes"]
    assert handed["NoNewPrivileges"] == handed["PrivateTmp"] == "yes"


# The keys of the chart's version 4 that values.yaml uses, written down by hand.
CHART_KEYS = """
hub: concurrentSpawnLimit activeServerLimit resources config templateVars extraConfig
proxy: https chp
singleuser: image memory cpu storage startTimeout defaultUrl extraFiles
cull: enabled timeout every concurrency
scheduling: userScheduler podPriority userPlaceholder
prePuller: hook continuous
"""


def test_the_values_for_kubernetes_use_known_keys_and_hold_a_thousand_students():
    values = yaml.safe_load((CLASSROOM / "values.yaml").read_text(encoding="utf-8"))
    known = dict(line.split(": ") for line in CHART_KEYS.strip().splitlines())
    for name, settings in values.items():
        assert set(settings) <= set(known[name].split()), name
    student = values["singleuser"]
    assert student["memory"] == {"guarantee": "384M", "limit": "2G"}
    students = 1000
    assert values["hub"]["activeServerLimit"] >= students
    nodes, cores, gigabytes = 14, 8, 32  # as the file's head says
    assert nodes * cores >= students * student["cpu"]["guarantee"]
    assert nodes * gigabytes * 0.9 >= students * 0.384


def test_the_start_page_opens_the_own_copy_everywhere(config):
    values = yaml.safe_load((CLASSROOM / "values.yaml").read_text(encoding="utf-8"))
    for url in (config.Spawner.default_url, values["singleuser"]["defaultUrl"]):
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        assert path == "/git-pull"
        assert query["targetPath"] == ["koubai-notes"]
        assert query["urlpath"] == ["lab/tree/koubai-notes/notebooks/00_index.ipynb"]


def test_the_guide_links_and_plans_every_lesson():
    guide = (CLASSROOM / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"%2Fnotebooks%2F(\w+\.ipynb)", guide)
    assert linked == LESSONS
    plans = dict(re.findall(r"^### (\w+)\n\n(.+)$", guide, re.MULTILINE))
    assert [f"{name}.ipynb" for name in plans] == LESSONS[1:]
    for name, plan in plans.items():
        assert sum(int(minutes) for minutes in re.findall(r" (\d+)(?: →|$)", plan)) == 90, name
        lesson = (PROJECT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")
        for sections in re.findall(r"([\d・]+)節", plan):
            for number in sections.split("・"):
                assert f"## {number}. " in lesson, (name, number)


def test_binder_installs_the_pinned_environment_and_an_editable_helpers():
    """The Dockerfile that Binder's own tool makes: Python, install order, nothing unpinned."""
    tool = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    user = ["--user-id=1000", "--user-name=jovyan"]
    made = subprocess.run([*tool, *user, PROJECT], capture_output=True, text=True, check=True)
    dockerfile = made.stdout + made.stderr
    assert "python=3.12" in dockerfile
    installs = re.findall(r"pip install .*", dockerfile)
    assert installs == ['pip install --no-cache-dir -r ".binder/requirements.txt"']
    # `-e .` in requirements.txt means the folder that pip runs in: the copied course.
    steps = ["WORKDIR ${REPO_DIR}", "src/ ${REPO_DIR}/", installs[0]]
    assert sorted(steps, key=dockerfile.index) == steps
    assert "--chown=1000:1000 src/ ${REPO_DIR}/" in dockerfile  # learners may save
    binder = (PROJECT / ".binder" / "requirements.txt").read_text(encoding="utf-8")
    assert "-r ../requirements.txt" in binder.splitlines()
    requirements = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert requirements.splitlines()[-1] == "-e ."


def test_edits_to_helpers_are_seen():
    installed = json.loads(distribution("koubai-notes").read_text("direct_url.json"))
    assert installed["dir_info"]["editable"]
