"""Times scans that know what an earlier scan kept, beside one that knows nothing.

    make bench-cache                      our example
    make bench-cache FOLDER=../some-app   another application

Whole processes, the ways in turn so that a busy machine slows all alike; on a copy, with a key of
its own, with the modules that Python compiled as a user has them. Each kind of edit is timed by
itself, of one file after another, from the application as it was, of which all is known. The
budget is a share of the processor's time without a cache, larger for an edit that changes what the
code does; on the wall of a quiet machine every kind is asked to stay below ``ASKED`` on DVSA.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from checkrein.cache import VARIABLE, store
from checkrein.model import Summary
from checkrein.pipeline.reading import read

RUNS = 10
LOG = {
    ".py": "print({})",
    ".js": "console.log({})",
    ".mjs": "console.log({})",
    ".ts": "console.log({})",
}
FIELD = {".py": "event['field{}']"}  # else event.field
WRITE = {
    ".py": "__import__('boto3').resource('dynamodb').Table('T').put_item(Item={{'a{0}': {1}}})",
    ".js": "new (require('aws-sdk').DynamoDB.DocumentClient)().put({{Item: {{a{0}: {1}}}}})",
}
HANDLER = re.compile(
    r"^(?:(?:async )?def \w+\(event\b.*:|.*\(event\b.*\{)[ \t]*\n(?P<indent>[ \t]+)", re.MULTILINE
)
LOCAL = re.compile(r"^[ \t]+(?:const |let |var )?(\w+) = ", re.MULTILINE)
SAME, OTHER = 0.4, 0.75  # budgets: where the code does the same, where it does not
ASKED = 300  # ms
Edit = Callable[[str, str, int], str]  # of a text, the ending of its file's name, a number


def _remark(text: str, suffix: str, number: int) -> str:
    return f"{'#' if suffix in REMARKED else '//'} changed {number}\n{text}"


def _constant(text: str, suffix: str, number: int) -> str:
    return _in_handler(text, LOG[suffix].format(number))


def _name(text: str, suffix: str, number: int) -> str:
    """Give a local another name, one that stands in no text and is no attribute or keyword."""
    for name in dict.fromkeys(LOCAL.findall(text)):
        if not re.search(rf"[\"'`.]{name}\b|\b{name}([\"'`:]|=[^= ])", text):
            return re.sub(rf"\b{name}\b", f"{name}{number}", text)
    return _remark(text, suffix, number)


def _field(text: str, suffix: str, number: int) -> str:
    return _in_handler(text, LOG[suffix].format(_of_event(suffix, number)))


def _write(text: str, suffix: str, number: int) -> str:
    how = WRITE.get(suffix, WRITE[".js"])
    return _in_handler(text, how.format(number, _of_event(suffix, number)))


def _of_event(suffix: str, number: int) -> str:
    return FIELD.get(suffix, "event.field{}").format(number)


def _in_handler(text: str, line: str) -> str:
    """Put a line first into the first function of an event; below all, where none is found."""
    found = HANDLER.search(text)
    at = found.start("indent") if found else len(text)
    return f"{text[:at]}{found['indent'] if found else ''}{line}\n{text[at:]}"


REMARKED = (".py", ".yaml", ".yml", ".template")
EDITS: dict[str, tuple[Edit, float]] = {
    "remark on top": (_remark, SAME),
    "constant in a log": (_constant, SAME),
    "another local name": (_name, SAME),
    "log of a field": (_field, OTHER),
    "write of an attribute": (_write, OTHER),
}
TEMPLATE = "line of a template"
BUDGETS = {"again": 0.25, TEMPLATE: 1.0} | {name: budget for name, (_, budget) in EDITS.items()}


def main() -> int:
    """Time each way and print a table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/wild-rydes").resolve()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "app"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(store.FOLDER))
        os.environ["XDG_CACHE_HOME"] = name
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _print(copy, _timed(copy))
    return 0


def _timed(copy: Path) -> dict[str, list[tuple[float, float]]]:
    code, templates = sources(copy)
    scan = [sys.executable, "-m", "checkrein", "scan", str(copy)]
    ways: dict[str, Callable[[int], list[tuple[float, float]]]] = {
        "no cache": lambda _: [_run([*scan, "--no-cache"])],
        "first": lambda _: [_first(scan, copy)],
        "again": lambda _: [_run(scan)],
    }
    for name, (edit, _) in EDITS.items() if code else ():
        ways[name] = partial(_edited, scan, code, edit)
    if templates:
        ways[TEMPLATE] = partial(_edited, scan, templates, _remark)
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for number in range(RUNS + 1):
        for way, timed in ways.items():
            found[way] += timed(number)
    return {way: runs[1:] for way, runs in found.items()}  # the first fills the disk's cache


def _first(scan: list[str], copy: Path) -> tuple[float, float]:
    shutil.rmtree(copy / store.FOLDER, ignore_errors=True)
    return _run(scan)


def _edited(
    scan: list[str], files: Sequence[Path], edit: Edit, number: int
) -> list[tuple[float, float]]:
    """Time a scan after an edit of one of some files; afterwards all is as it was, and known."""
    file = files[number % len(files)]
    text = file.read_text(encoding="utf-8")
    file.write_text(edit(text, file.suffix, number), encoding="utf-8")
    timed = _run(scan)
    file.write_text(text, encoding="utf-8")
    _run(scan)
    return [timed]


def sources(copy: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of code, and the templates that may have a remark."""
    os.environ[VARIABLE] = "off"
    facts = read([copy], lambda _: None)
    del os.environ[VARIABLE]
    templates = {name for name in facts.templates.roots if Path(name).suffix in REMARKED}
    named = {name for fact in facts.code if isinstance(fact, Summary) for name in fact.files}
    code = [name for name in sorted(named - templates) if Path(name).suffix in LOG]
    return [copy / name for name in code], [copy / name for name in sorted(templates)]


def _run(command: list[str]) -> tuple[float, float]:
    """Return the seconds on the wall and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _print(copy: Path, found: dict[str, list[tuple[float, float]]]) -> None:
    kept = sum(file.stat().st_size for file in (copy / store.FOLDER).iterdir()) / 1e6
    heads = ("wall ms", "least", "cpu ms", "least", "ratio", "budget")
    print(f"{'':22}{''.join(f'{head:>9}' for head in heads)}   ({kept:.1f} MB are kept)")
    base = min(cpu for _, cpu in found["no cache"])
    for way, runs in found.items():
        walls, cpus = zip(*runs, strict=True)
        times = (median(walls), min(walls), median(cpus), min(cpus))
        ratio, budget = min(cpus) / base, BUDGETS.get(way)
        said = f"{budget:9.2f}{'' if ratio <= budget else '  TOO SLOW'}" if budget else ""
        print(f"{way:22}{''.join(f'{1000 * each:9.0f}' for each in times)}{ratio:9.2f}{said}")
    for way in (*EDITS, TEMPLATE):
        if way in found:
            waited = [1000 * wall for wall, _ in found[way]]
            said = f"least {min(waited):.0f} ms, median {median(waited):.0f}"
            print(f"a scan after a {way}: {said}; asked for, of DVSA: {ASKED}")


if __name__ == "__main__":
    sys.exit(main())
