"""The law of mending: any fixes of an app, made together, mean just what each of them says."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import pipeline
from checkrein.model import App, Change
from checkrein.notation import parse, splice
from checkrein.write import CannotEdit, edits, settle
from checkrein.write.edits import located
from checkrein.write.intrinsics import written

EXAMPLE = Path(__file__).parents[2] / "examples/wild-rydes"
GONE = object()


def flow(text: str) -> str:
    return str(yaml.safe_dump(parse(text).value, default_flow_style=True, sort_keys=False))


def as_json(text: str) -> str:
    return json.dumps(parse(text).value, indent=2)


NOTATIONS: dict[str, Callable[[str], str]] = {"block": str, "flow": flow, "json": as_json}
ADDED = [
    Change("template/Logs", (), "add", {"Type": "T", "Properties": {"A": [{"B": 1}]}}),
    Change("template/Rides", ("A", "B", "C"), "set", "yes"),
    Change("template/Rides", ("A", "B", "D", 0, "E"), "set", {"x": [1, {"y": "2"}]}),
    Change("template/Rides", ("A", "F"), "append", "z"),
    Change("template/Rides", ("DeletionPolicy",), "set", "Retain"),
    Change("template/Globals/Function", ("Tracing",), "set", "Active"),
    Change("template/Globals/HttpApi", ("Auth", "X"), "set", value=True),
    Change("template/ShowRide", ("Policies",), "append", "AWSXrayWriteOnlyAccess"),
]


@cache
def app(notation: str) -> tuple[App, dict[str, str], list[tuple[Change, ...]]]:
    """Return the example in a notation: what is known of it, its templates, and all fixes."""
    with tempfile.TemporaryDirectory() as folder:
        texts = {
            file.name: NOTATIONS[notation](file.read_text()) for file in EXAMPLE.glob("*.yaml")
        }
        for name, text in texts.items():
            (Path(folder) / name).write_text(text)
        (Path(folder) / "functions").symlink_to(EXAMPLE / "functions")
        result = pipeline.scan((Path(folder),))
    fixes = [f.fix.changes for f in result.findings if f.fix and f.fix.changes]
    return result.app, texts, [*fixes, *((change,) for change in ADDED)]


def meant(document: Any, changes: list[tuple[tuple[str | int, ...], Change]]) -> Any:
    """Apply changes in the plainest way: places first, then all at once."""
    value = copy.deepcopy(document)
    for path, change in sorted(changes, key=lambda each: each[1].operation == "remove"):
        parent = value
        for key, following in pairwise(path):
            if isinstance(parent, dict) and key not in parent:
                parent[key] = [{}] if following == 0 else {}
            parent = parent[key]
        last: Any = path[-1]
        if change.operation == "append":
            parent.setdefault(last, []).append(change.value)
        else:
            parent[last] = GONE if change.operation == "remove" else copy.deepcopy(change.value)
    return pruned(value)


def pruned(value: Any) -> Any:
    """Take away what is gone, and what is emptied by it."""
    if not isinstance(value, (dict, list)):
        return value
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    inner = [(key, pruned(item)) for key, item in pairs]
    kept = [(key, item) for key, item in inner if item is not GONE]
    if len(kept) < len(pairs) and not kept:
        return GONE
    return dict(kept) if isinstance(value, dict) else [item for _, item in kept]


@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=10)
@given(numbers=st.sets(st.integers(0, 30)))
def test_any_fixes_together_mean_what_each_says(notation: str, numbers: set[int]) -> None:
    known, texts, fixes = app(notation)
    chosen: list[Change] = []
    for number in sorted(n % len(fixes) for n in numbers):
        more = settle(Path(), fixes[number], known, texts)
        try:
            edits(Path(), (*chosen, *more), known, texts)
        except CannotEdit:
            continue
        chosen += [change for change in more if change not in chosen]
    made = edits(Path(), tuple(chosen), known, texts)
    for name, text in texts.items():
        here = [
            (path[:2] if change.operation == "add" else path, plain(change, stack.id))
            for change in chosen
            for stack, path in [located(change.resource, change.path, known)]
            if stack.source == name
        ]
        now = parse(splice(text, [edit for edit in made if edit.place.path == name])).value
        assert now == meant(parse(text).value, here)


def plain(change: Change, stack: str) -> Change:
    return Change(change.resource, change.path, change.operation, written(change.value, stack))
