"""`make classroom`: a JupyterHub on this machine alone, for trying out; Ctrl+C stops all of it.

What it writes is in build/classroom: the course as a git repository, a folder per student, and the
hub's own files.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
PROXY = HERE / "node_modules" / ".bin" / "configurable-http-proxy"
MISSING = {
    "node": "Node.js がありません。Node.js 18 以上と npm を入れてください。",
    "git": "git がありません。git を入れてください。",
}


def missing():
    """Return one line about what has to be installed first, or None."""
    for command, line in MISSING.items():
        if shutil.which(command) is None:
            return line
    return (
        None
        if PROXY.exists()
        else "プロキシがありません。make classroom で入ります（npm が要ります）。"
    )


def publish(folder, source=PROJECT):
    """Commit the files of source as they are now to folder/course, which students copy from."""
    course = folder / "course"
    git = ["git", f"--git-dir={course / '.git'}", f"--work-tree={source}"]
    if not (course / ".git").exists():
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", course], check=True)
    git += ["-c", "user.name=koubai-notes", "-c", "user.email=koubai-notes@localhost"]
    subprocess.run([*git, "add", "--all"], check=True, cwd=source)
    commit = [*git, "commit", "--quiet", "--allow-empty", "--message=教材"]
    subprocess.run(commit, check=True, cwd=source)
    # Without this, git refuses to copy from the folder of another user.
    safe = f"[safe]\n\tdirectory = {course}\n\tdirectory = {course / '.git'}\n"
    (folder / "gitconfig").write_text(safe, encoding="utf-8")


def can_separate(folder):
    """Tell whether students can get a system user each: this takes root, and a Python in reach."""
    places = [folder.resolve(), Path(sys.executable), Path(sys.executable).resolve()]
    return os.geteuid() == 0 and all(
        parent.stat().st_mode & 0o001 for place in places for parent in place.parents
    )


def free_port():
    """Return the first of three free ports in a row."""
    for port in range(8000, 9000, 3):
        try:
            for offset in range(3):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port + offset))
        except OSError:
            continue
        return port
    raise OSError("no free port between 8000 and 9000")


def start_hub(folder, port, password):
    """Start the hub with its proxy, wait until it answers, and return its process."""
    (folder / "students").mkdir(parents=True, exist_ok=True)
    (folder / "hub").mkdir(mode=0o700, exist_ok=True)
    log = folder / "hub" / "hub.log"
    environment = {
        "KOUBAI_NOTES_CLASSROOM": str(folder),
        "KOUBAI_NOTES_COURSE": str(folder / "course"),
        "KOUBAI_NOTES_PASSWORD": password,
        "KOUBAI_NOTES_PORT": str(port),
        "KOUBAI_NOTES_PROXY": str(PROXY),
        "KOUBAI_NOTES_SEPARATE": "yes" if can_separate(folder) else "",
    }
    with log.open("a") as output:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", f"--config={HERE / 'tryout_config.py'}"],
            cwd=log.parent,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C reaches only this launcher, which stops the hub
        )
    deadline = time.monotonic() + 60
    while hub.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/hub/health", timeout=5).close()
            return hub
        except OSError:
            time.sleep(0.2)
    stop_hub(hub)
    raise RuntimeError(f"the hub did not start; see {log}")


def stop_hub(hub):
    """Stop the hub; it stops its proxy and the students' servers first."""
    hub.terminate()
    try:
        hub.wait(30)
    except subprocess.TimeoutExpired:
        hub.kill()


def main(folder=PROJECT / "build" / "classroom"):
    """Run the try-out until Ctrl+C."""
    if line := missing():
        print(line, file=sys.stderr)
        return 1
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)
    password, port = secrets.token_urlsafe(9), free_port()
    publish(folder)
    hub = start_hub(folder, port, password)
    try:
        url = f"http://127.0.0.1:{port}"
        print(f"\n教室を開きました: {url}\n名前は何でも、パスワードは {password} です。")
        if not can_separate(folder):
            print("この試用では、学生どうしのファイルは分けられていません（classroom/README.md）。")
        print("終えるときは Ctrl+C を押します。\n", flush=True)
        if "--no-browser" not in sys.argv:
            webbrowser.open(url)
        return hub.wait()
    except KeyboardInterrupt:
        print("\n教室を閉じています…", flush=True)
        return 0
    finally:
        stop_hub(hub)


if __name__ == "__main__":
    sys.exit(main())
