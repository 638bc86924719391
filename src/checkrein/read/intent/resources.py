"""What resources are meant to hold, what their fields are, and those that no template declares."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.catalog import properties
from checkrein.late import regex
from checkrein.model import Fact, Place, Resource
from checkrein.model import Path as Keys
from checkrein.read.intent.classes import Classes
from checkrein.read.intent.known import ALONE, Known, is_node
from checkrein.read.intent.page import Page, nearest

FUNCTION = "AWS::Lambda::Function"
CONTENT_KEYS = ("holds", "may_hold", "fields")
CODE_KEYS = ("code", "handler", "runtime", "role", "policies", "environment", "events")
KEYS = ("type", "properties", *CONTENT_KEYS, *CODE_KEYS)
TYPE = regex(r"[A-Za-z0-9]+(::[A-Za-z0-9]+){1,3}\Z")
LIKE_TYPE = 0.9  # types are long, and many known ones differ in a few letters


class Declared(Struct, frozen=True):
    """An entry under ``resources``: as it is written, the resource's id, its type if it is new."""

    key: str
    id: str
    type: str
    told: dict[str, Any]

    @property
    def path(self) -> Keys:
        return ("resources", self.key)

    @property
    def stack(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]


class Resources:
    """The section ``resources``; ``new`` are those to be declared."""

    def __init__(self, page: Page, classes: Classes, known: Known) -> None:
        self.page, self.classes, self.known = page, classes, known
        found = [self._entry(*item) for item in page.section("resources")]
        self.entries = [each for each in found if each]
        new = [each for each in self.entries if each.type and each.id not in known.types]
        self.new = [each for each in new if not is_node(each.id)]
        self._nodes = [each for each in new if is_node(each.id)]

    def decisions(self) -> Iterator[Fact]:
        """Yield what is decided of each resource and of its fields."""
        for each in self.entries:
            says = self.page.says(f"declares {each.id}", each.path)
            told: dict[str, Any] = {
                key: self.classes.listed(each.told[key], (*each.path, key))
                for key in ("holds", "may_hold")
                if key in each.told
            }
            typed = {"type": each.type} if each.type else {}
            yield self.page.decision("resource", each.id, {**typed, **told}, says)
            yield from self._fields(each)
        for each in self._nodes:
            says = self.page.says(f"declares {each.id}", each.path)
            places: dict[Keys, Place] = {(): says.place}
            yield Resource(id=each.id, evidence=(says,), stack="", type=each.type, places=places)

    def _fields(self, entry: Declared) -> Iterator[Fact]:
        path = (*entry.path, "fields")
        for name, data in self.page.mapping(entry.told.get("fields"), path, "fields").items():
            if self.classes.is_class(data, (*path, name)):
                yield self.classes.name(name, data, (*path, name), entry.id)

    def _entry(self, key: str, content: Any) -> Declared | None:
        path: Keys = ("resources", key)
        if not isinstance(content, dict) and content is not None:
            self.page.mapping(content, path, key)
            return None
        told = {
            name: value
            for name, value in (content or {}).items()
            if self.page.knows(name, KEYS, (*path, name), "key")
        }
        type = self._type(told, (*path, "type"))
        if type is None:
            return None
        if type:
            return self._new(key, type, told)
        parts = [name for name in told if name not in CONTENT_KEYS]
        id = self.known.resource(key, self.page, path)
        if id and parts and id not in self.known.types:
            self.page.complain(f"{key} needs a type, such as {FUNCTION}", (*path, parts[0]))
            return None
        return self._told_elsewhere(Declared(key, id, "", told)) if id else None

    def _new(self, key: str, type: str, told: dict[str, Any]) -> Declared | None:
        id = key if "/" in key or is_node(key) else f"{ALONE}/{key}"
        declared = self.known.types.get(id)
        if declared and declared != type and "type" in told:
            problem = f"{id} is of type {declared}, as its template says"
            self.page.complain(problem, ("resources", key, "type"))
        return self._told_elsewhere(Declared(key, id, declared or type, told))

    def _told_elsewhere(self, entry: Declared) -> Declared:
        """Complain where a template already says what something is."""
        for name in entry.told if entry.id in self.known.types else ():
            if name == "properties" or name in CODE_KEYS:
                problem = f"{name} does not count: a template declares {entry.id}"
                self.page.complain(problem, (*entry.path, name))
        return entry

    def _type(self, told: dict[str, Any], path: Keys) -> str | None:
        """Return the type, "" where none is told, None where it is wrong."""
        type = told.get("type")
        if type is None:
            return FUNCTION if "code" in told else ""
        if not isinstance(type, str) or not TYPE.match(type):
            example = "AWS::DynamoDB::Table"
            problem = f"{type} is no CloudFormation type such as {example}"
            self.page.complain(f"{problem}{nearest(type, properties.types())}", path)
            return None
        if type in properties.types():
            return type
        alike = difflib.get_close_matches(type, properties.types(), 1, LIKE_TYPE)
        if alike:
            self.page.complain(f"unknown type {type}; did you mean {alike[0]}?", path)
            return None
        return type
