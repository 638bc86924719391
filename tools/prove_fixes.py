"""Apply all fixes to copies of applications, and prove what a fix promises; print the figures.

    .venv/bin/python tools/prove_fixes.py FOLDER… [--each] [--lint cfn-lint]

For every folder (with ``--each``, every folder in it), safe fixes and then all: a scan of the copy
finds what the proof found; a second run changes nothing; only what a fix names differs, in the
values and in the files; cfn-lint, if it is given, finds no error that it had not found before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkrein import pipeline
from checkrein.compare import Asked
from checkrein.model import Outcome, Persona
from checkrein.model.mended import Mended, Why
from checkrein.model.result import Result
from checkrein.notation import parse
from checkrein.pipeline import alternatives
from checkrein.report.fix import diff
from checkrein.write import CannotEdit
from checkrein.write.edits import located

Keys = tuple[str | int, ...]
SERVERLESS = ("resources",)  # below which the Serverless Framework keeps a template


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--each", action="store_true", help="take every folder in these")
    asked.add_argument("--lint", help="the cfn-lint command")
    asked.add_argument("--persona", choices=("regular", "auditor"), default="regular")
    given = asked.parse_args()
    folders = [
        inner
        for folder in given.folders
        for inner in (sorted(folder.iterdir()) if given.each else [folder])
        if inner.is_dir()
    ]
    total: Counter[str] = Counter()
    for folder in folders:
        for unsafe in (False, True):
            total += prove(folder, given.lint, Persona(given.persona), unsafe=unsafe)
    print(", ".join(f"{number} {what}" for what, number in total.items()))
    return 1 if any(what.isupper() for what in total) else 0


def prove(folder: Path, lint: str | None, persona: Persona, *, unsafe: bool) -> Counter[str]:
    """Fix a copy of one folder; count what was done, and in capitals what was broken."""
    wanted = pipeline.Wanted(persona)
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / folder.name
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        began = time.perf_counter()
        found = alternatives.fix((copy,), Asked(unsafe), wanted=wanted)
        seconds = time.perf_counter() - began
        before = linted(lint, copy, found)
        alternatives.put(found)
        faults = Counter(
            {
                "NOT AS PROVED": said(pipeline.scan((copy,), wanted=wanted)) != said(found.after),
                "CHANGED TWICE": bool(
                    alternatives.fix((copy,), Asked(unsafe), wanted=wanted).files
                ),
                "UNNAMED CHANGES": len(list(unnamed(found))),
                "NEW ERRORS": sum((linted(lint, copy, found) - before).values()),
            }
        )
        for error in linted(lint, copy, found) - before:
            print("   new error:", *error)
        for path in unnamed(found):
            print("   not named by a fix:", *path)
    kind = "all" if unsafe else "safe"
    done: Counter[str] = Counter(
        {
            f"{kind} runs": 1,
            f"{kind} mended": len(found.done),
            f"{kind} files": len(found.files),
            f"{kind} lines": sum(line[:1] in "+-" for line in diff(found).splitlines()),
            **Counter(f"{kind} left: {mend.why}" for mend in found.left),
        }
    )
    shown = ", ".join(f"{number} {what}" for what, number in (done + faults).items())
    if found.done or found.left:
        print(f"{folder.name}: {shown} ({seconds:.1f} s)", flush=True)
    for mend in found.left:
        if mend.why in {Why.REFUSED, Why.CANNOT}:
            print(f"   {mend.why}: {mend.check} {mend.subject}: {mend.fix.title}: {mend.reason}")
    return done + faults


def said(result: Result) -> Counter[tuple[str, str]]:
    """Return what fails, by check and fingerprint."""
    return Counter(
        (verdict.check, finding.fingerprint)
        for verdict in result.verdicts
        if verdict.outcome is Outcome.FAIL
        for finding in verdict.findings
    )


def unnamed(found: Mended) -> Iterator[tuple[str, Keys]]:
    """Yield the paths of values that differ though no change names them; of HCL, its law tells."""
    named: dict[str, list[Keys]] = {}
    for file, path in _named(found):
        named.setdefault(file, []).append(path)
    for file, (before, after) in found.files.items():
        if file.endswith((".tf", ".tofu")):
            continue
        for path in different(parse(before, file).value, parse(after, file).value):
            inner = path[1:] if path[:1] == SERVERLESS else path
            if not any(
                inner[: len(n)] == n or n[: len(inner)] == inner for n in named.get(file, [])
            ):
                yield file, path


def _named(found: Mended) -> Iterator[tuple[str, Keys]]:
    for change in (change for mend in found.done for change in mend.fix.changes):
        for result in (found.before, found.after):
            try:
                stack, path = located(change.resource, change.path, result.app)
            except CannotEdit:
                continue
            yield stack.source, path[:2] if change.operation == "add" else path


def different(one: Any, other: Any, path: Keys = ()) -> Iterator[Keys]:
    """Yield the paths at which two values differ; a list that lost or won items as a whole."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if key not in one or key not in other:
                yield (*path, key)
            else:
                yield from different(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from different(left, right, (*path, index))
    elif one != other:
        yield path


def linted(lint: str | None, folder: Path, found: Mended) -> Counter[tuple[str, str, str]]:
    """Return cfn-lint's errors in the files that change."""
    if not lint or not found.files:
        return Counter()
    run = [lint, "--format", "json", "--ignore-checks", "W", "I", "--", *found.files]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False)
    errors = json.loads(done.stdout or "[]")
    return Counter(  # what may stand somewhere grows with what fixes add: no part of the error
        (error["Filename"], error["Rule"]["Id"], error["Message"].partition(" is not one of ")[0])
        for error in errors
        if error["Level"] == "Error"
    )


if __name__ == "__main__":
    sys.exit(main())
