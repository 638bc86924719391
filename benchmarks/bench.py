"""Times a scan beside cfn-lint and Checkov on the same folder, in one run; prints ratios.

    make bench                      our example
    make bench FOLDER=../some-app   another application, in whatever notation; cfn-lint reads one

The peers are installed into environments of their own below the user's cache folder, once; they are
no dependencies of checkrein. Times are the best of three whole processes, memory the largest of
the process and its children, both as the system counts them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from tempfile import TemporaryFile

from msgspec import Struct

from checkrein.read.discovery import find_templates
from checkrein.read.notations import SERVERLESS, TERRAFORM, notation

RUNS = 3
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "checkrein-bench"
MEGABYTE = 1024  # ru_maxrss counts kilobytes
TRACE = b"Traceback (most recent call last)"
FRAMEWORKS = {"": "cloudformation", SERVERLESS: "serverless", TERRAFORM: "terraform"}  # Checkov's
PEERS = {"cfn-lint": "cfn-lint==1.*", "checkov": "checkov==3.*"}


class Cost(Struct, frozen=True):
    """What one program cost: wall-clock seconds, processor seconds, megabytes."""

    wall: float
    cpu: float
    memory: float
    crashed: bool = False  # then its figures say nothing


def main() -> int:
    """Run every program on the folder and print a table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/wild-rydes").resolve()
    templates, _ = find_templates(folder)
    print(f"{folder.name}: {len(templates)} templates, best of {RUNS}")
    other = {path: notation(path) for path in templates}
    paths = [str(folder / path) for path in templates if not other[path]]
    frameworks = [name for name in FRAMEWORKS if name in other.values()]
    asked = ["--framework", *(FRAMEWORKS[name] for name in frameworks), "--quiet"]
    asked.append("--skip-download")  # of addresses: where there is no network it tells a trace
    commands = {
        "checkrein": [sys.executable, "-m", "checkrein", "scan", str(folder), "--no-cache"],
        "checkov": [_peer("checkov"), "-d", str(folder), *asked],
    }
    if paths:
        commands["cfn-lint"] = [_peer("cfn-lint"), *paths]
    ours = _cost(commands["checkrein"])
    for name, command in commands.items():
        cost = ours if name == "checkrein" else _cost(command)
        ratio = "crashed" if cost.crashed else f"{cost.wall / ours.wall:6.1f} x"
        print(f"{name:10} {cost.wall:7.2f} s {cost.cpu:7.2f} s cpu {cost.memory:6.0f} MB {ratio}")
    return 0


def _peer(name: str) -> str:
    """Return a peer's program, installing it where it is not yet."""
    home = CACHE / name
    program = home / "bin" / name
    if not program.exists():
        print(f"installing {name} into {home}")
        venv.create(home, with_pip=True, clear=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", PEERS[name]]
        subprocess.run(pip, check=True)
    return str(program)


def _cost(command: list[str]) -> Cost:
    return min((_once(command) for _ in range(RUNS)), key=lambda cost: cost.wall)


def _once(command: list[str]) -> Cost:
    began = time.perf_counter()
    with TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = 0  # findings are no failure here
        said.seek(0)
        crashed = TRACE in said.read()
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, usage.ru_maxrss / MEGABYTE, crashed)


if __name__ == "__main__":
    sys.exit(main())
