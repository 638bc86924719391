"""Install each wheel of a folder in an environment of its own, and have all scan the same.

    .venv/bin/python tools/prove_dist.py build/dist examples/wild-rydes

Prints of each wheel which build it is, the bytes that a scan writes and the best of some times;
fails where two wheels tell different things, where an installation runs another build than its
wheel says, or where pip, given all of them, takes the pure one although another fits.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

RUNS = 5
PURE = "-none-any.whl"
BUILD = "import checkrein.code as code; print(code.__file__.endswith('.py'))"


def main() -> int:
    """Install, scan, compare."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("wheels", type=Path)
    asked.add_argument("folders", nargs="+", type=Path)
    given = asked.parse_args()
    wheels = sorted(given.wheels.resolve().glob("*.whl"))
    folders = [folder.resolve() for folder in given.folders]
    with TemporaryDirectory() as name:
        place = Path(name)
        taken = _taken(given.wheels.resolve(), place / "taken")
        print(f"pip takes {taken}")
        told = [_scanned(wheel, place / wheel.stem, folders) for wheel in wheels]
    fitting = taken.endswith(PURE) == all(wheel.name.endswith(PURE) for wheel in wheels)
    return 0 if fitting and len({*told}) == 1 else 1


def _taken(wheels: Path, place: Path) -> str:
    """Return the wheel that pip takes where it may choose."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--find-links", wheels, "-d", place, "checkrein"], check=True)
    return next(place.iterdir()).name


def _scanned(wheel: Path, place: Path, folders: list[Path]) -> str:
    """Install a wheel with what it needs; return a digest of what its scans tell."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True)
    ran = subprocess.run([python, "-c", BUILD], check=True, capture_output=True, text=True)
    if (ran.stdout == "True\n") is not wheel.name.endswith(PURE):
        raise SystemExit(f"{wheel.name} is installed, and something else runs")
    digest = hashlib.sha256()
    for folder in folders:
        scan: list[str | Path] = [
            place / "bin" / "checkrein",
            "scan",
            folder,
            "--no-cache",
            "--all",
        ]
        told = place / "told.json"
        _run(
            [*scan, "--persona", "auditor", "--facts", "--format", f"json={told}"]
        )  # the modules are compiled too, as Python does
        digest.update(told.read_bytes())
        best = min(_run(scan) for _ in range(RUNS))
        size = told.stat().st_size
        print(f"{wheel.name:56} {folder.name:20} {size:9} bytes {1000 * best:6.0f} ms")
    return digest.hexdigest()


def _run(command: list[str | Path]) -> float:
    """Return the seconds that a scan takes; findings are no failure here."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, env=known, check=False)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(f"{command[0]} ended with {done.returncode}")
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
