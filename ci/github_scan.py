"""The action's scan: annotations, a summary of the step and a SARIF file, by what the inputs say.

Everything comes by the environment, so that no input is ever part of a command's text:
``CHECKREIN_PATHS`` (one a line), ``CHECKREIN_FAIL_ON``, ``CHECKREIN_FORMAT``, ``RUNNER_TEMP`` and
``GITHUB_OUTPUT``. Exits with 0 whatever is found; ``code`` in the outputs is the scan's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

LEVELS = ("low", "medium", "high", "critical")
NEVER = "never"
FORMS = ("github", "text", "markdown", "json")
# Not ``python -m``, which would import from the folder that is scanned.
CHECKREIN = (str(Path(sys.executable).with_name("checkrein")),)
FINDINGS = 1  # the exit code where findings are all that is wrong


def paths(environment: Mapping[str, str]) -> list[str]:
    """Return the folders that are asked for, none of which can be taken for an option."""
    lines = [line.strip() for line in environment.get("CHECKREIN_PATHS", "").splitlines()]
    return [f"./{line}" if line.startswith("-") else line for line in lines if line] or ["."]


def chosen(
    environment: Mapping[str, str], name: str, words: tuple[str, ...], otherwise: str
) -> str:
    """Return an input that must be one of some words; say so and stop where it is not."""
    word = environment.get(name, "").strip() or otherwise
    if word not in words:
        asked = name.removeprefix("CHECKREIN_").lower().replace("_", "-")
        raise SystemExit(f"::error::{asked} must be one of {', '.join(words)}")
    return word


def main() -> int:
    environment = os.environ
    fail_on = chosen(environment, "CHECKREIN_FAIL_ON", (*LEVELS, NEVER), "high")
    form = chosen(environment, "CHECKREIN_FORMAT", FORMS, "github")
    temporary = Path(environment.get("RUNNER_TEMP") or ".")
    sarif = temporary / "checkrein.sarif"
    summary = temporary / "checkrein-summary.md"
    level = "critical" if fail_on == NEVER else fail_on
    beside = [] if form == "github" else [f"--format=markdown={summary}"]
    command = [*CHECKREIN, "scan", *paths(environment)]
    command += [f"--fail-on={level}", f"--format=sarif={sarif}", f"--format={form}", *beside]
    code = subprocess.run(command, check=False).returncode
    step = environment.get("GITHUB_STEP_SUMMARY")
    if beside and step and summary.exists():
        with Path(step).open("ab") as file:
            file.write(summary.read_bytes())
    if fail_on == NEVER and code == FINDINGS:
        code = 0
    with Path(environment["GITHUB_OUTPUT"]).open("a") as file:
        file.write(f"code={code}\nsarif={sarif if sarif.exists() else ''}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
