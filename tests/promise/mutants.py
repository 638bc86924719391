"""An application's texts, and one change of them with what it must be reported as.

A kind of mutation is a function from an application to mutants: one for every place where the kind
applies. What a mutant must be told as (`Told`) follows from the kind and the place alone, by what
AWS documents, never from what checkrein says of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from checkrein.notation import parse

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
FOLDERS = {
    "wild-rydes": EXAMPLES / "wild-rydes",
    "seven-rows": EXAMPLES / "seven-rows",
    "clinic": HERE / "apps" / "clinic",
    "parcels": HERE / "apps" / "parcels",
}
Keys = tuple[str | int, ...]


class Told(NamedTuple):
    """A line that must be among the changes: ``gains`` are among its new words, ``loses`` gone.

    ``owner`` is exact; ``key`` is a part of the line's key. A new line gains all its words. With
    neither gains nor losses any change of such a line will do.
    """

    kind: str
    owner: str
    key: str = ""
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()


class Mutant(NamedTuple):
    """Some files of an application as they would be, and what must be told of that.

    ``told`` is empty where nothing changes: then nothing may be told. ``wider`` is true where the
    change only adds ways: no service may then hold less than before.
    """

    application: str
    kind: str
    place: str
    texts: dict[str, str]
    told: tuple[Told, ...] = ()
    wider: bool = False

    @property
    def name(self) -> str:
        return f"{self.application} · {self.kind} · {self.place}"


class Found(NamedTuple):
    """A resource in a template."""

    file: str
    name: str
    resource: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.resource.get("Type", ""))

    @property
    def properties(self) -> dict[str, Any]:
        found = self.resource.get("Properties")
        return found if isinstance(found, dict) else {}

    @property
    def id(self) -> str:
        return node(self.file, self.name)


class Application:
    """The files of a folder; templates also as plain values with long intrinsics."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.texts = {
            str(path.relative_to(folder)): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not {"__pycache__", ".checkrein"}.intersection(path.parts)
        }

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        read = {
            path: parse(text, path).value
            for path, text in self.texts.items()
            if path.endswith((".yaml", ".json"))
        }
        return {
            path: value
            for path, value in read.items()
            if isinstance(value, dict) and "Resources" in value
        }

    @property
    def code(self) -> dict[str, str]:
        return {p: text for p, text in self.texts.items() if p.endswith((".py", ".mjs", ".js"))}

    def resources(self, *types: str) -> Iterator[Found]:
        """Yield the resources of some types, of all if none is named."""
        for file, value in self.templates.items():
            for name, resource in value["Resources"].items():
                if not types or resource.get("Type") in types:
                    yield Found(file, name, resource)

    def anyone(self, found: Found) -> str:
        """Return the node of everybody: of the template, or of the first that it is joined to."""
        first = "site" if self.name == "wild-rydes" else found.file.rpartition(".")[0]
        return f"{first}@anyone"

    def mutant(self, kind: str, place: str, texts: dict[str, str], *told: Told) -> Mutant:
        return Mutant(self.name, kind, place, texts, told)

    def changed(self, found: Found, keys: Keys, value: Any) -> dict[str, str]:
        """Return the template with a value put below a resource; None takes it away."""
        return self.template(found.file, ("Resources", found.name, *keys), value)

    def with_resources(self, file: str, **added: dict[str, Any]) -> dict[str, str]:
        """Return a template with resources added, replaced or (an empty one) taken away."""
        whole = deepcopy(self.templates[file])
        kept = {**whole["Resources"], **added}
        whole["Resources"] = {name: resource for name, resource in kept.items() if resource}
        return {file: written(whole)}

    def template(self, file: str, keys: Keys, value: Any) -> dict[str, str]:
        return {file: written(put(self.templates[file], keys, value))}


Kind = Callable[[Application], Iterator[Mutant]]


@cache
def applications() -> list[Application]:
    return [Application(name, folder) for name, folder in FOLDERS.items()]


def written(value: Any) -> str:
    """Write a template out; JSON is YAML too, so the file keeps its name."""
    return json.dumps(value, indent=1) + "\n"


def put(value: Any, keys: Keys, new: Any) -> Any:
    """Return a copy with a value set at a path; None takes what stands there away."""
    copy = deepcopy(value)
    within = copy
    for key in keys[:-1]:
        within = within.setdefault(key, {}) if isinstance(within, dict) else within[key]
    if new is None:
        del within[keys[-1]]
    elif isinstance(within, list) and keys[-1] == len(within):
        within.append(new)
    else:
        within[keys[-1]] = new
    return copy


def node(file: str, name: str) -> str:
    """Return a resource's id: the template's path without suffix, and the logical id."""
    return f"{file.rpartition('.')[0]}/{name}"


def named(value: Any) -> str:
    """Return the logical id that a reference names first, "" for what is none."""
    if isinstance(value, dict) and len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref":
            return str(argument)
        if function == "Fn::GetAtt":
            return str(argument[0] if isinstance(argument, list) else argument.split(".")[0])
        if function == "Fn::Sub" and isinstance(argument, str) and argument.startswith("${"):
            return argument[2:].partition("}")[0].partition(".")[0]
    return ""


def walk(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Yield every value below with its path, outer ones first."""
    yield keys, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from walk(below, (*keys, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from walk(below, (*keys, index))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
