"""Fixes where they belong: in Globals or a parameter's default only if all who use it ask."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from checkrein.model import App, Change, Place, Resource
from checkrein.model import Path as Keys
from checkrein.model.mended import Mend
from checkrein.model.values import at_path
from checkrein.write import CannotEdit
from checkrein.write.edits import GLOBALS, PARAMETERS, located, tree_of
from checkrein.write.intrinsics import written

SET = "set"
HCL = (".tf", ".tofu")
AS_IT_IS = "which need it as it is"
CHOSEN = {
    "Fn::If": "a condition chooses it (Fn::If); set it in the branch that needs it",
    "Fn::FindInMap": "a mapping gives it, and others may use that too; set it there",
}
Part = tuple[str, Keys, str]  # what is shared: its id, a path in it, the value that is asked for


class Shared:
    """The parts of templates that several resources use, and who asks for a change of them."""

    def __init__(
        self, app: App, root: Path, texts: Mapping[str, str], asking: Iterable[Mend]
    ) -> None:
        self._app, self._root, self._texts = app, root, texts
        self._askers: defaultdict[Part, set[str]] = defaultdict(set)
        self._paths: defaultdict[Part, set[tuple[str, Keys]]] = defaultdict(set)
        self._wanted: set[tuple[str, Keys, str]] = set()
        for mend in asking:
            for change in mend.fix.changes:
                self._wanted.add((change.resource, change.path, change.operation))
                self._askers[_part(change)].add(self._source(mend.subject))
                if found := self._parameter(change):
                    self._paths[found].add((change.resource, change.path))

    def placed(self, mend: Mend) -> tuple[Change, ...]:
        """Return a fix's changes at the places where they change nothing for anybody else.

        Raise CannotEdit where there is no such place.
        """
        self._refuse_wanted_by_one(mend)
        changes = (self._beside_globals(change, mend) for change in mend.fix.changes)
        return tuple(self._through_parameter(change) for change in changes)

    # -------------------------------------------------------------------------- Terraform

    def _refuse_wanted_by_one(self, mend: Mend) -> None:
        """Refuse what is written once for several instances of a module, unless all ask for it."""
        for change in mend.fix.changes:
            made = next(iter(self._app.alternatives(Resource, change.resource)), None)
            if made is None or not is_terraform(made):
                continue
            there = made.where(change.path)
            others = {
                other.name
                for other in self._written_at[made.place, made.type]
                if other.id != made.id
                and other.where(change.path) == there
                and (other.id, change.path, change.operation) not in self._wanted
            }
            if others:
                named = ", ".join(sorted(others)[:3])
                raise CannotEdit(f"{there.path}, line {there.line} makes {named} too, {AS_IT_IS}")

    @cached_property
    def _written_at(self) -> Mapping[tuple[Place, str], list[Resource]]:
        """Return Terraform's resources by what makes them: those of one module or loop share it."""
        found: defaultdict[tuple[Place, str], list[Resource]] = defaultdict(list)
        for resource in self._app.every(Resource):
            if is_terraform(resource):
                found[resource.place, resource.type].append(resource)
        return found

    # --------------------------------------------------------------------------- Globals

    def _beside_globals(self, change: Change, mend: Mend) -> Change:
        """Move a change of Globals to the resource where others use the same entry."""
        if _section(change) != GLOBALS:
            return change
        others = self._users(change) - self._askers[_part(change)]
        if not others:
            return change
        own = self._source(mend.subject)
        merges = change.operation == SET and not isinstance(change.value, (list, tuple))
        if merges and self._is_of(own, change.resource.rpartition("/")[2]):
            return replace(change, resource=own)
        named = ", ".join(sorted(id.rpartition("/")[2] for id in others))
        raise CannotEdit(f"Globals says it for {named} too, which need it as it is")

    def _users(self, change: Change) -> set[str]:
        """Return the source resources that take from Globals what a change is about."""
        stack, _, kind = change.resource.rpartition(f"/{GLOBALS}/")
        found: set[str] = set()
        for resource in self._app.every(Resource):
            if resource.stack == stack and any(
                origin.resource == change.resource and _overlap(origin.path, change.path)
                for origin in resource.origins.values()
            ):
                found.add(resource.origin(()).resource)
        unset = {
            resource.origin(()).resource
            for resource in self._app.every(Resource)
            if resource.stack == stack and resource.source_type == f"AWS::Serverless::{kind}"
        }
        return found or unset

    def _is_of(self, resource: str, kind: str) -> bool:
        """Tell whether a resource is one that a section of Globals is about."""
        try:
            stack, path = located(resource, (), self._app)
            document = tree_of(self._root, stack.source, self._texts).value
        except CannotEdit:
            return False
        return bool(at_path(document, (*path[:2], "Type")) == f"AWS::Serverless::{kind}")

    def _source(self, subject: str) -> str:
        """Return the id of what the user wrote for a subject."""
        id = subject.partition("<")[0].partition("@")[0]
        found = next(iter(self._app.alternatives(Resource, id)), None)
        return found.origin(()).resource if found else id

    # ------------------------------------------------------------------------ parameters

    def _through_parameter(self, change: Change) -> Change:
        """Change the default of the parameter that gives a value, if all who use it ask."""
        for name, reason in CHOSEN.items():
            if change.operation == SET and name in self._now(change):
                raise CannotEdit(reason)
        part = self._parameter(change)
        if part is None:
            return change
        stack, _, name = part[0].rpartition(f"/{PARAMETERS}/")
        document = self._document(change)
        uses = sum(1 for _ in _uses(document, name))
        if uses > len(self._paths[part]):
            raise CannotEdit(f"the parameter {name} gives it, and to others too; set it there")
        declared = document[PARAMETERS][name]
        if not _accepts(declared, change.value):
            raise CannotEdit(f"the parameter {name} gives it, which takes no {change.value}")
        return Change(f"{stack}/{PARAMETERS}/{name}", ("Default",), SET, change.value)

    def _parameter(self, change: Change) -> Part | None:
        """Return the parameter that gives what a change would set, its path and the value."""
        name = self._now(change).get("Ref")
        if change.operation != SET or not isinstance(name, str):
            return None
        declared = self._document(change).get(PARAMETERS)
        if not isinstance(declared, dict) or name not in declared:
            return None
        stack, _ = located(change.resource, change.path, self._app)
        return f"{stack.id}/{PARAMETERS}/{name}", (), repr(change.value)

    def _now(self, change: Change) -> dict[str, Any]:
        """Return what the file says where a change is, if that is a mapping."""
        try:
            stack, path = located(change.resource, change.path, self._app)
            value = at_path(tree_of(self._root, stack.source, self._texts).value, path)
        except (CannotEdit, LookupError, TypeError):
            return {}
        same = change.operation == SET and value == _plain(change.value, stack.id)
        return value if isinstance(value, dict) and not same else {}

    def _document(self, change: Change) -> dict[str, Any]:
        stack, _ = located(change.resource, change.path, self._app)
        found = tree_of(self._root, stack.source, self._texts).value
        return found if isinstance(found, dict) else {}


def is_terraform(resource: Resource) -> bool:
    """Tell whether a file of Terraform makes a resource."""
    return resource.place.path.endswith(HCL)


def _section(change: Change) -> str:
    return change.resource.split("/")[-2] if "/" in change.resource else ""


def _part(change: Change) -> Part:
    return change.resource, change.path, f"{change.operation} {change.value!r}"


def _plain(value: Any, stack: str) -> Any:
    try:
        return written(value, stack)
    except CannotEdit:
        return None


def _overlap(one: Keys, other: Keys) -> bool:
    return one[: len(other)] == other or other[: len(one)] == one


def _accepts(declared: Any, value: Any) -> bool:
    """Tell whether a parameter has a default and may have another one."""
    if not isinstance(declared, dict) or "Default" not in declared:
        return False
    if not isinstance(value, (str, int, float)):
        return False
    allowed = declared.get("AllowedValues")
    if isinstance(allowed, list) and str(value) not in map(str, allowed):
        return False
    try:
        return bool(re.fullmatch(str(declared.get("AllowedPattern", ".*")), str(value)))
    except re.error:
        return False


def _uses(value: Any, name: str) -> Iterator[None]:
    """Yield once for each reference to a parameter."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and item == name:
                yield None
            elif key == "Fn::Sub":
                yield from (None for _ in re.findall(rf"\$\{{{re.escape(name)}\}}", str(item)))
            else:
                yield from _uses(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _uses(item, name)
