"""A plan in JSON (``terraform show -json``): what Terraform itself has evaluated.

Where the module's files lie beside the plan, they give the places and what refers to what; the
plan gives variables' values, which instances there are, and what is known of them. Without them
the plan's own ``configuration`` says what refers to what, and places are in the plan.
"""

from __future__ import annotations

import json
import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Place
from checkrein.notation import decode
from checkrein.read.made import Lost
from checkrein.read.terraform.instances import Instance, Root
from checkrein.read.terraform.plan_account import meant, own_account
from checkrein.read.terraform.plan_beside import compared, declared
from checkrein.read.terraform.plan_modules import called
from checkrein.read.terraform.plan_references import References
from checkrein.read.terraform.plan_values import KNOWN_LATER, Planned, better
from checkrein.read.terraform.roots import read_root

LARGEST = 100_000_000
ADDRESS = regex(r'"address":\s*("(?:[^"\\]|\\.)*")')


def is_plan(value: Any) -> bool:
    """Tell whether a parsed document is a plan."""
    return isinstance(value, dict) and isinstance(value.get("planned_values"), dict)


def read_plan(root: File, path: str) -> Root:
    """Return what a plan declares; raise InputError where it is none."""
    text, document = _document(root, path)
    folder = posixpath.dirname(path)
    variables = _section(document, "variables")
    assigned = {name: _section(variables, name).get("value") for name in variables}
    beside = read_root(root, folder, {k: v for k, v in assigned.items() if v is not None})
    plan = _Plan(text, document, path, beside)
    both = compared(beside, declared(root, folder), list(plan.resources))
    instances = [each for each in plan.instances() if each.address not in both.gone]
    lost = [one for one in beside.lost if not _is_absent_module(one)]
    return Root(
        folder,
        (path, *beside.files),
        (*instances, *both.new),
        beside.conditions,
        beside.variables,
        beside.outputs or plan.outputs(),
        beside.places,
        [*lost, *both.lost(Place(path, 1))],
    )


def _is_absent_module(lost: Lost) -> bool:
    """Tell whether something was lost that the plan has: a module that is not in the repository."""
    return lost.reason.startswith("the module ") or "instances" in lost.reason


def _document(root: File, path: str) -> tuple[str, dict[str, Any]]:
    try:
        if files.size(root / path) > LARGEST:
            raise InputError("the plan is larger than 100 MB", path, 1)
        text = decode(files.content(root / path), path)
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
        listed = _listed(document, "resource_changes")
        # what is left of a replaced object goes by the address of what replaces it
        changes = [one for one in listed if not one.get("deposed")]
        self.changes = {str(one.get("address")): _section(one, "change") for one in changes}
        self.resources = {str(one.get("address")): one for one in self._resources()}
        self.account = own_account(self.resources.values())
        values = {address: self._told(address) for address in self.resources}
        module = _section(_section(document, "configuration"), "root_module")
        self.planned = Planned(References(module, values))
        managed = {each: one.get("mode") != "data" for each, one in self.resources.items()}
        self.called = called(module, managed)

    def _resources(self) -> Iterator[dict[str, Any]]:
        """Yield the data sources that were read, and what will be there."""
        state = _section(_section(self.document, "prior_state"), "values")
        for one in _resources(_section(state, "root_module")):
            if one.get("mode") == "data":
                yield one
        yield from _resources(_section(_section(self.document, "planned_values"), "root_module"))

    def _told(self, address: str) -> dict[str, Any]:
        """Return what is known of a resource: what the plan gives, or what will be after it."""
        given = _section(self.resources[address], "values")
        return given or _section(self.changes.get(address), "after")

    def instances(self) -> Iterator[Instance]:
        """Yield what will be there, and the data sources that were read or will be."""
        for address, resource in self.resources.items():
            yield self._instance(address, resource)
        for address, each in self.beside.items():
            if each.is_data and address not in self.resources:
                yield each

    def _instance(self, address: str, resource: dict[str, Any]) -> Instance:
        written = self.beside.get(address)
        unknown = _section(self.changes.get(address), "after_unknown")
        told = self.planned.values(address, self._told(address), unknown)
        values = {name: meant(value, self.account) for name, value in told.items()}
        if written is None:
            place, is_data = self._place(address), resource.get("mode") == "data"
            kind, name = str(resource.get("type")), self.called.get(address, "")
            return Instance(address, kind, values, place, {}, is_data, called=name)
        merged = {name: better(value, values.get(name)) for name, value in written.values.items()}
        merged |= {n: v for n, v in values.items() if n not in merged and v is not None}
        return replace(written, values=merged, condition="")

    def _place(self, address: str) -> Place:
        at = self._positions.get(json.dumps(address))
        if at is None:
            return Place(self.path, 1)
        column = at - self.text.rfind("\n", 0, at)
        return Place(self.path, bisect_left(self._ends, at) + 1, column)

    @cached_property
    def _positions(self) -> dict[str, int]:
        """Where each address first stands."""
        found: dict[str, int] = {}
        for each in ADDRESS.finditer(self.text):
            found.setdefault(each[1], each.start())
        return found

    @cached_property
    def _ends(self) -> list[int]:
        return [each.start() for each in re.finditer("\n", self.text)]

    def outputs(self) -> dict[str, Any]:
        found = _section(_section(self.document, "planned_values"), "outputs")
        return {name: _section(found, name).get("value", KNOWN_LATER) for name in found}


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from _listed(module, "resources")
    for child in _listed(module, "child_modules"):
        yield from _resources(child)
