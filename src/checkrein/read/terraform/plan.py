"""A plan in JSON (``terraform show -json``): what Terraform itself has evaluated.

Where the module's files lie beside the plan, they give the places and what refers to what; the
plan gives variables' values, which instances there are, and what is known of them. Without them
the plan's own ``configuration`` says what refers to what, and places are in the plan.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.model.values import Open, Value
from checkrein.read.made import Lost
from checkrein.read.terraform.instances import Instance, Json, Root
from checkrein.read.terraform.plan_references import References
from checkrein.read.terraform.roots import read_root
from checkrein.read.terraform.structured import is_structured, structured
from checkrein.read.terraform.unknowns import is_known

LARGEST = 100_000_000
KNOWN_LATER = Open("it is only known after the plan is applied")


def is_plan(value: Any) -> bool:
    """Tell whether a parsed document is a plan."""
    return isinstance(value, dict) and "planned_values" in value and "format_version" in value


def read_plan(root: File, path: str) -> Root:
    """Return what a plan declares; raise InputError where it is none."""
    text, document = _document(root, path)
    folder = posixpath.dirname(path)
    variables = _section(document, "variables")
    assigned = {name: _section(variables, name).get("value") for name in variables}
    beside = read_root(root, folder, {k: v for k, v in assigned.items() if v is not None})
    plan = _Plan(text, document, path, beside)
    return Root(
        folder,
        (path, *beside.files),
        tuple(plan.instances()),
        beside.conditions,
        beside.variables,
        beside.outputs or plan.outputs(),
        beside.places,
        [one for one in beside.lost if not _is_absent_module(one)],
    )


def _is_absent_module(lost: Lost) -> bool:
    """Tell whether something was lost that the plan has: a module that is not in the repository."""
    return lost.reason.startswith("the module ") or "instances" in lost.reason


def _document(root: File, path: str) -> tuple[str, dict[str, Any]]:
    try:
        if files.size(root / path) > LARGEST:
            raise InputError("the plan is larger than 100 MB", path, 1)
        text = files.text(root / path)
        document = json.loads(text)
    except OSError as error:
        raise InputError(f"the file cannot be opened ({error.strerror})", path) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON ({error})", path) from None
    if not is_plan(document):
        raise InputError("this is no plan of Terraform or OpenTofu", path, 1)
    return text, document


def _section(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _listed(value: Any, name: str) -> list[dict[str, Any]]:
    found = value.get(name) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


class _Plan:
    def __init__(self, text: str, document: dict[str, Any], path: str, beside: Root) -> None:
        self.text = text
        self.document = document
        self.path = path
        self.beside = {each.address: each for each in beside.instances}
        self.references = References(_section(_section(document, "configuration"), "root_module"))
        changes = _listed(document, "resource_changes")
        self.changes = {str(one.get("address")): _section(one, "change") for one in changes}

    def instances(self) -> Iterator[Instance]:
        """Yield what will be there, and the data sources that were read or will be."""
        seen: set[str] = set()
        state = _section(_section(self.document, "prior_state"), "values")
        planned = _resources(_section(_section(self.document, "planned_values"), "root_module"))
        read = _resources(_section(state, "root_module"))
        for resource in (*planned, *(one for one in read if one.get("mode") == "data")):
            address = str(resource.get("address"))
            if address not in seen:
                seen.add(address)
                yield self._instance(address, resource)
        for address, each in self.beside.items():
            if each.is_data and address not in seen:
                yield each

    def _instance(self, address: str, resource: dict[str, Any]) -> Instance:
        written = self.beside.get(address)
        unknown = self.changes.get(address, {}).get("after_unknown")
        values = self._values(address, resource, unknown if isinstance(unknown, dict) else {})
        is_data = resource.get("mode") == "data"
        if written is None:
            place = self._place(address)
            return Instance(address, str(resource.get("type")), values, place, {}, is_data)
        merged = {**written.values, **{k: v for k, v in values.items() if v is not None}}
        for name, value in written.values.items():
            merged[name] = _better(value, values.get(name))
        return replace(written, values=merged, condition="")

    def _values(
        self, address: str, resource: dict[str, Any], unknown: dict[str, Any]
    ) -> dict[str, Any]:
        """Return a resource's values, what is not known yet by what it refers to."""
        own = self.references.of(address)
        found = {
            name: _read(value, unknown.get(name), own.get(name))
            for name, value in _section(resource, "values").items()
        }
        for name, later in unknown.items():
            if later and found.get(name) is None and name in own:
                found[name] = _named(own[name])
        return found

    def _place(self, address: str) -> Place:
        at = self.text.find(f'"address":{json.dumps(address)}')
        at = at if at >= 0 else self.text.find(f'"address": {json.dumps(address)}')
        if at < 0:
            return Place(self.path, 1)
        column = at - self.text.rfind("\n", 0, at)
        return Place(self.path, self.text.count("\n", 0, at) + 1, column)

    def outputs(self) -> dict[str, Any]:
        found = _section(_section(self.document, "planned_values"), "outputs")
        return {name: _section(found, name).get("value", KNOWN_LATER) for name in found}


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _listed(module, "resources")
    for child in _listed(module, "child_modules"):
        yield from _resources(child)


def _named(reference: Any) -> Value:
    return reference if not isinstance(reference, (dict, list)) else KNOWN_LATER


def _read(value: Any, later: Any, reference: Any) -> Value:
    """Return a planned value; what is only known later by what it refers to."""
    if later is True:
        return _named(reference) if reference is not None else KNOWN_LATER
    if isinstance(value, dict):
        inner = later if isinstance(later, dict) else {}
        own = reference if isinstance(reference, dict) else {}
        found = {key: _read(one, inner.get(key), own.get(key)) for key, one in value.items()}
        missing = {k: _read(None, v, own.get(k)) for k, v in inner.items() if v is True}
        return {**found, **{k: v for k, v in missing.items() if found.get(k) is None}}
    if isinstance(value, list):
        inner_list = later if isinstance(later, list) else []
        own_list = reference if isinstance(reference, list) else []
        return [_read(one, _at(inner_list, i), _at(own_list, i)) for i, one in enumerate(value)]
    return structured(value, None) if isinstance(value, str) and is_structured(value) else value


def _at(values: list[Any], position: int) -> Any:
    return values[position] if position < len(values) else None


def _better(written: Value, planned: Value) -> Value:
    """Return which says more: symbols keep who is meant, the plan what is known."""
    if planned is None or (isinstance(planned, Open) and not isinstance(written, Open)):
        return written
    if is_known(written):
        return planned if not isinstance(written, Json) or isinstance(planned, Json) else written
    return planned if _is_undecided(written) and not _is_undecided(planned) else written


def _is_undecided(value: Value) -> bool:
    """Tell whether something in a value is open or depends on a condition."""
    if isinstance(value, Json):
        return _is_undecided(value.value)
    if isinstance(value, dict):
        return any(map(_is_undecided, value.values()))
    if isinstance(value, list):
        return any(map(_is_undecided, value))
    parts = getattr(value, "parts", ())
    return isinstance(value, Open) or hasattr(value, "options") or any(map(_is_undecided, parts))
