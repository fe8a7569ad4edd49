"""Measure what the course is designed for, and print tables.

    python -m benchmarks [slider] [gradient] [price] [rates] [regression] [memory]

Without a name, all parts. Also writes build/bench.json and build/bench-*.png.
"""

import argparse
import os
import platform
import time
from importlib import import_module
from importlib.metadata import version

from benchmarks.report import write_json

PARTS = ("slider", "gradient", "price", "rates", "regression", "memory")
PACKAGES = ("numpy", "scipy", "numdifftools", "matplotlib", "ipywidgets", "jupyterlab")


def machine():
    """Return what the times depend on."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def load():
    """Return how many processes want the cores, this one's included; None where nobody counts."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def main():
    """Measure and show each part that was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; default: all"
    )
    asked = parser.parse_args().parts or PARTS
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    result = {"machine": machine(), "load average at the start of": {}}
    print("、".join(f"{name} {value}" for name, value in result["machine"].items()))
    for name in asked:
        part = import_module(f"benchmarks.{name}")
        start = time.perf_counter()
        busy = result["load average at the start of"][name] = load()
        result[name] = part.measure()
        part.show(result[name])
        seconds = time.perf_counter() - start
        print(f"  {name}: {seconds:.0f} 秒で測りました。始めの負荷平均 {busy}", flush=True)
        write_json(result)
    print("\nbuild/bench.json と build/bench-*.png に書きました。")


if __name__ == "__main__":
    main()
