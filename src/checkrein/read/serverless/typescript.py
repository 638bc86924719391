"""What a module in TypeScript or JavaScript plainly exports: ``serverless.ts``, ``file(x.js)``."""

from __future__ import annotations

from pathlib import Path as File

from checkrein.errors import InputError
from checkrein.model.values import Open
from checkrein.read.serverless.program.evaluation import Evaluation
from checkrein.read.serverless.program.things import Function, finished
from checkrein.read.serverless.sources import Absent, Found
from checkrein.read.serverless.written import Written

PASSED = Open("an argument that the framework passes")


def configuration(root: File, folder: str, path: str, text: str | None) -> Written | None:
    """Return the configuration that a service file exports, None where it exports none.

    Raise InputError where what it exports is made in a way that only running tells.
    """
    run = Evaluation(root, folder)
    found = run.modules.exported(run, path, text)
    found = found.get("default") or found
    found = _called(run, found)
    if isinstance(found.value, Open):
        line = found.place.line
        sentence = f"the configuration is {found.value.reason}; write it as an object"
        raise InputError(sentence, found.place.path, line)
    return finished(found) if isinstance(found.value, dict) and found.value else None


def exported(run: Evaluation, path: str, keys: list[str]) -> Found:
    """Return what stands below some keys of a module's exports; functions on the way are called."""
    found = _called(run, run.modules.exported(run, path))
    for key in keys:
        if isinstance(found.value, Open):
            return found
        below = found.get(key)
        if below is None:
            return Absent(f"nothing stands at {'.'.join(keys)} of {path}")
        found = _called(run, below)
    return finished(found)


def _called(run: Evaluation, found: Written) -> Written:
    return run.call(found, [], PASSED) if isinstance(found.value, Function) else found
