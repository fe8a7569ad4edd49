"""How many students does one machine hold? Logs 1, 5, 10 and 20 in at once and measures.

    .venv/bin/python -m classroom.load_test           after `make classroom` once; some minutes
    .venv/bin/python -m classroom.load_test 1 5       other numbers, at most 20

Each student logs in, gets an own copy, runs a whole lesson and moves a slider, over loopback only.
Every step has a time limit. The table goes to the screen and to build/load.json, the plot to
build/load.png.
"""

import json
import os
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil

from classroom import tryout
from classroom.student import Student
from helpers.figures import subplots

LESSON = "notebooks/01_derivative.ipynb"
MOST = 20  # a full load test of a class belongs on the class's own machine
ASKED = (40, 400, 4000)
BUILD = tryout.PROJECT / "build"
MIB = 2**20


def study(student):
    """One student's first minutes: seconds until the own copy is there, and for a slider's move."""
    start = time.monotonic()
    student.log_in()
    logged_in = time.monotonic() - start
    kernel = student.open(LESSON)
    for cell in student.read(LESSON)["cells"]:
        if cell["cell_type"] == "code":
            kernel.run(cell["source"])
    slider = kernel.sliders()[0]
    index = kernel.widgets[slider]["index"]
    places = (index - 1 if index else 1, index)
    moves = [kernel.move(slider, places[step % 2]) for step in range(5)]
    return logged_in, statistics.median(moves)


def processes(hub):
    """Return the hub's process, the proxy and all that the students started."""
    top = psutil.Process(hub.pid)
    return [top, *top.children(recursive=True)]


def cpu(hub):
    """Return the CPU-seconds that a hub and everything under it has used so far."""
    times = [process.cpu_times() for process in processes(hub)]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


def memory(hub):
    """Return the memory of the students' processes in MiB; what they share is counted once.

    Only Linux tells this (pss).
    """
    students = [
        process
        for process in processes(hub)[1:]
        if not any("configurable-http-proxy" in part for part in process.cmdline())
    ]
    return sum(process.memory_full_info().pss for process in students) / MIB


def measure(number):
    """Log `number` students in at once on a fresh hub and return a row of the table."""
    folder = Path(tempfile.mkdtemp(prefix="koubai-notes-load-"))
    folder.chmod(0o755)
    tryout.publish(folder)
    port, password = tryout.free_port(), secrets.token_urlsafe(9)
    hub = tryout.start_hub(folder, port, password)
    students = [Student(f"http://127.0.0.1:{port}", f"s{i:02}", password) for i in range(number)]
    try:
        before, start = cpu(hub), time.monotonic()
        with ThreadPoolExecutor(number) as pool:
            futures = [pool.submit(study, student) for student in students]
        failures = [str(f.exception()) for f in futures if f.exception()]
        done = [f.result() for f in futures if not f.exception()]
        if not done:
            sys.exit("\n".join(["全員が失敗しました。", *failures]))
        return {
            "students": number,
            "login_median_s": statistics.median(login for login, _ in done),
            "all_done_s": time.monotonic() - start,
            "slider_median_ms": 1000 * statistics.median(m for _, m in done),
            "memory_mib_per_student": memory(hub) / number,
            "cpu_s_per_student": (cpu(hub) - before) / number,
            "failures": failures,
        }
    finally:
        for student in students:
            student.close()
        tryout.stop_hub(hub)
        shutil.rmtree(folder)


def law(rows):
    """Fit memory and CPU as straight lines; return what one more student costs: (MiB, CPU-s)."""
    number = np.array([row["students"] for row in rows])
    totals = [
        number * np.array([row[key] for row in rows])
        for key in ("memory_mib_per_student", "cpu_s_per_student")
    ]
    if len(rows) == 1:
        return tuple(float(total[0] / number[0]) for total in totals)
    return tuple(float(np.polyfit(number, total, 1)[0]) for total in totals)


def plot(rows, per_student):
    """Draw the totals and the fitted lines into build/load.png."""
    figure, axes = subplots(2)
    number = np.array([row["students"] for row in rows])
    labels = ("memory_mib_per_student", "メモリ [MiB]"), ("cpu_s_per_student", "CPU [秒]")
    for ax, (key, label), slope in zip(axes, labels, per_student, strict=True):
        total = number * np.array([row[key] for row in rows])
        ax.plot(number, total, "o")
        ax.plot(number, total.mean() + slope * (number - number.mean()))
        ax.set(xlabel="同時にログインした人数", ylabel=label, title=f"1人あたり {slope:.3g}")
    figure.savefig(BUILD / "load.png")


def main():
    """Measure, print the table and the sizes that follow from it."""
    numbers = [int(argument) for argument in sys.argv[1:]] or [1, 5, 10, 20]
    if line := tryout.missing():
        sys.exit(line)
    if max(numbers) > MOST:
        sys.exit(f"{MOST} 人までにしてください。")
    rows = []
    print("人数 ログイン中央値 全員終了 スライダー メモリ/人 CPU/人 失敗 負荷平均")
    for number in numbers:
        load = os.getloadavg()[0]
        row = measure(number) | {"load_average_before": load}
        rows.append(row)
        print(
            f"{number} 人 {row['login_median_s']:.1f} 秒 {row['all_done_s']:.1f} 秒"
            f" {row['slider_median_ms']:.0f} ms {row['memory_mib_per_student']:.0f} MiB"
            f" {row['cpu_s_per_student']:.1f} 秒 {len(row['failures'])} {load:.1f}",
            flush=True,
        )
    per_student = law(rows)
    for students in ASKED:
        print(
            f"{students} 人: メモリ {students * per_student[0] / 1024:.1f} GiB、"
            f"CPU {students * per_student[1]:.0f} 秒"
            f"（全員が2分で始めるには {students * per_student[1] / 120:.1f} コア）"
        )
    BUILD.mkdir(exist_ok=True)
    result = {"cores": os.cpu_count(), "rows": rows, "mib_and_cpu_s_per_student": per_student}
    (BUILD / "load.json").write_text(json.dumps(result, ensure_ascii=False, indent=1))
    plot(rows, per_student)


if __name__ == "__main__":
    main()
