"""The law of writing: what is read back is exactly what was meant, in every style."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import App, Change, Stack
from checkrein.notation import parse, splice
from checkrein.write import edits

GONE = object()


class Indented(yaml.SafeDumper):
    """Lists are indented below their key, as most templates have them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Aligned(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


STYLES: dict[str, Callable[[Any], str]] = {
    "block": lambda value: yaml.dump(value, Dumper=Indented, sort_keys=False),
    "aligned": lambda value: yaml.dump(value, Dumper=Aligned, sort_keys=False, width=1000),
    "flow": lambda value: yaml.dump(value, Dumper=Aligned, default_flow_style=True),
    "mixed": lambda value: yaml.dump(value, Dumper=Indented, default_flow_style=None, indent=4),
    "json": lambda value: json.dumps(value, indent=2),
    "one line": json.dumps,
}
TEXTS = st.one_of(
    st.sampled_from(["Allow", "s3:*", "*", "", "yes", "2012-10-17", "0123", "a: b", "- x", "# no"]),
    st.sampled_from(["it's", 'say "so"', "two\nlines\n", "${A}/*", "é", "😀", "!Ref", "&x", " x "]),
    st.text(max_size=5),
)
SCALARS = st.one_of(TEXTS, st.integers(-99, 9999), st.booleans(), st.none())
NAMES = st.sampled_from(["Action", "Effect", "Resource", "Tags", "A", "b-c", "x.y", "5", "on"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
PROPERTIES = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a value."""
    found = [path] if path else []
    for key, item in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    ):
        found += paths(item, (*path, key))
    return found


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@st.composite
def changed(draw: st.DrawFn) -> tuple[dict[str, Any], list[Change]]:
    """Properties, and up to three changes of them that do not touch one another."""
    properties = draw(PROPERTIES)
    chosen: list[tuple[str | int, ...]] = []
    changes = []
    for path in draw(st.lists(st.sampled_from(paths(properties)), max_size=3, min_size=1)):
        if any(path[: len(p)] == p or p[: len(path)] == path for p in chosen):
            continue
        chosen.append(path)
        operation = draw(st.sampled_from(["set", "remove", "append", "new"]))
        here = at(properties, path)
        value = draw(VALUES)
        if operation == "append" and isinstance(here, list):
            changes.append(Change("app/t/X", path, "append", value))
        elif operation == "new" and isinstance(here, dict):
            changes.append(Change("app/t/X", (*path, "New"), "set", value))
        else:
            changes.append(
                Change("app/t/X", path, "remove" if operation == "remove" else "set", value)
            )
    return properties, changes


def expected(properties: Any, changes: list[Change]) -> Any:
    """The simplest model of the changes."""
    value = copy.deepcopy(properties)
    for change in changes:
        parent = at(value, change.path[:-1])
        if change.operation == "append":
            parent[change.path[-1]].append(copy.deepcopy(change.value))
        elif change.operation == "set":
            parent[change.path[-1]] = copy.deepcopy(change.value)
        else:
            parent[change.path[-1]] = GONE
    return without_gone(value)


def without_gone(value: Any) -> Any:
    if isinstance(value, dict):
        kept: Any = {key: without_gone(item) for key, item in value.items()}
        kept = {key: item for key, item in kept.items() if item is not GONE}
    elif isinstance(value, list):
        kept = [item for item in map(without_gone, value) if item is not GONE]
    else:
        return value
    return GONE if value and not kept else kept


@settings(max_examples=60, deadline=None)
@given(case=changed(), style=st.sampled_from(sorted(STYLES)))
def test_what_is_written_reads_back(case: tuple[dict[str, Any], list[Change]], style: str) -> None:
    properties, changes = case
    template = {
        "Resources": {"X": {"Type": "A::B::C", "Properties": properties}, "Y": {"Type": "t"}}
    }
    text = STYLES[style](template)
    read = parse(text).value
    properties = read["Resources"]["X"]["Properties"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.yaml").write_bytes(text.encode())
        app = App([Stack(id="app/t", source="t.yaml")])
        made = edits(Path(folder), tuple(changes), app)
    result = expected(properties, changes)
    if result is GONE:
        del read["Resources"]["X"]["Properties"]
    else:
        read["Resources"]["X"]["Properties"] = result
    assert parse(splice(text, made)).value == read
