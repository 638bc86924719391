"""What a module in TypeScript or JavaScript plainly exports: ``serverless.ts``, ``file(x.js)``."""

from __future__ import annotations

from pathlib import Path as File

from checkrein import files
from checkrein.errors import InputError
from checkrein.model.values import Open
from checkrein.notation import decode
from checkrein.read.serverless.evaluation import Evaluation, Function, finished
from checkrein.read.serverless.sources import Absent, Found
from checkrein.read.serverless.written import Written


def configuration(root: File, folder: str, path: str, text: str | None) -> Written | None:
    """Return the configuration that a service file exports, None where it exports none.

    Raise InputError where what it exports is made in a way that only running tells.
    """
    evaluation = Evaluation(root, folder)
    found = evaluation.exported(path, _source(root, path) if text is None else text.encode())
    if isinstance(found.value, dict) and "default" in found.value:
        found = found.value["default"]
    if isinstance(found.value, Function):
        found = evaluation.call(found, [])
    if isinstance(found.value, Open):
        line = found.place.line
        sentence = f"line {line}: {found.value.reason}; write the configuration as an object"
        raise InputError(sentence, found.place.path, line)
    return finished(found) if isinstance(found.value, dict) and found.value else None


def exported(root: File, folder: str, path: str, keys: list[str]) -> Found:
    """Return what stands below some keys of a module's exports; functions on the way are called."""
    evaluation = Evaluation(root, folder)
    found = evaluation.exported(path, _source(root, path))
    for key in ["", *keys]:
        if key and isinstance(found.value, Open):
            return found
        below = found.get(key) if key else found
        if below is None:
            return Absent(f"nothing stands at {'.'.join(keys)} of {path}")
        found = evaluation.call(below, []) if isinstance(below.value, Function) else below
    return finished(found)


def _source(root: File, path: str) -> bytes:
    try:
        return decode(files.content(root / path), path).encode()
    except OSError as error:
        raise InputError(f"the file cannot be opened ({error.strerror})", path) from None


