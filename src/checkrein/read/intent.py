"""What the team declares in ``checkrein.yaml``: values of classes, contents of resources, links.

::

    data:
      pii.email: 7                  # value 0 to 10; a class of a known family may be new
    resources:
      api/template/Orders:          # an id as reports print it, or a new one with a type
        type: AWS::DynamoDB::Table
        holds: [biz.order]          # meant to be there
        may_hold: [pii.email]       # accepted if it gets there
    links:
      api/template.TableName: data/template/Orders
    ignore:
      - id: public-function-url     # a check
        subject: api/template/*     # an id or a pattern, any if left out
        path: legacy/*              # of the file where the finding stands, any if left out
        reason: a public page
        expires: 2027-01-31         # the last day, never if left out
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from checkrein.catalog import data_classes, services
from checkrein.catalog.tables import table
from checkrein.errors import InputError, IntentError
from checkrein.model import Data, Decision, Evidence, Fact, Place, Resource
from checkrein.model import Path as Keys
from checkrein.notation import Tree, parse

FILE = "checkrein.yaml"
HIGHEST = 10
SECTIONS = ("data", "resources", "links", "ignore")
IGNORE_KEYS = ("id", "subject", "path", "reason", "expires")
RESOURCE_KEYS = ("type", "holds", "may_hold")
NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
TYPE = re.compile(r"[A-Za-z0-9]+(::[A-Za-z0-9]+){2,3}\Z")
LIKE = 0.75  # so near to a known word that it is rather a slip than a new one
LIKE_TYPE = 0.9  # types are long, and many known ones differ in a few letters


def read_intent(root: Path) -> list[Fact]:
    """Return the Decisions of ``checkrein.yaml``, Data for new classes, Resources with a type.

    Without the file nothing is declared. Raise IntentError, with path and line, at the first
    thing that cannot be meant.
    """
    try:
        text = (root / FILE).read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise IntentError(f"{FILE} cannot be read: {error.strerror}", FILE) from None
    try:
        tree = parse(text, FILE)
    except IntentError:
        raise
    except InputError as error:
        raise IntentError(str(error), FILE, error.line) from None
    return _Intent(tree).facts()


class _Intent(Struct):
    """The file at hand; every complaint knows its line."""

    tree: Tree
    new: dict[str, Data] = {}

    def facts(self) -> list[Fact]:
        for path, place in self.tree.duplicates:
            raise self._wrong(f"{path[-1]} stands twice; keep one", line=place.line)
        sections = self._mapping(self.tree.value or {}, (), "the file")
        for name in sections:
            self._one_of(name, SECTIONS, (name,), "section")
        return [
            *(fact for item in self._section("data") for fact in self._data(*item)),
            *(fact for item in self._section("resources") for fact in self._resource(*item)),
            *(fact for item in self._section("links") for fact in self._link(*item)),
            *(self._ignore(*item) for item in self._ignores()),
        ]

    def _section(self, name: str) -> list[tuple[str, Any]]:
        content = (self.tree.value or {}).get(name)
        return list(self._mapping(content or {}, (name,), name).items())

    def _data(self, id: str, value: Any) -> list[Fact]:
        path = ("data", id)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST:
            raise self._wrong(f"the value of {id} must be a whole number from 0 to 10", path)
        says = Evidence(f"{FILE} gives {id} the value {value}", self._place(path))
        facts: list[Fact] = [self._decision("data", id, {"value": value}, says)]
        if not data_classes.data_class(id):
            family = self._new_class(id, path)
            self.new[id] = Data(id=id, evidence=(says,), family=family, value=value)
            facts.append(self.new[id])
        return facts

    def _new_class(self, id: str, path: Keys) -> str:
        """Return the family of a class that the catalogue has not; refuse what is a slip."""
        known = [data.id for data in data_classes.classes()]
        family, dot, name = id.partition(".")
        families = sorted({each.partition(".")[0] for each in known})
        if not dot or not NAME.match(name):
            near = self._nearest(id, known)
            raise self._wrong(f"{id} is no data class; write family.class{near}", path)
        self._one_of(family, families, path, "family of data classes")
        siblings = [each.partition(".")[2] for each in known if each.startswith(f"{family}.")]
        alike = difflib.get_close_matches(name, siblings, 1, LIKE)
        if alike:
            raise self._wrong(f"unknown data class {id}; did you mean {family}.{alike[0]}?", path)
        return family

    def _resource(self, id: str, content: Any) -> list[Fact]:
        path = ("resources", id)
        told = self._mapping(content, path, id)
        for key in told:
            self._one_of(key, RESOURCE_KEYS, (*path, key), "key")
        says = Evidence(f"{FILE} declares {id}", self._place(path))
        lists: dict[str, Any] = {
            key: self._classes(told[key], (*path, key))
            for key in ("holds", "may_hold")
            if key in told
        }
        type = self._type(told.get("type"), (*path, "type"))
        declared = {"type": type} if type else {}
        facts: list[Fact] = [self._decision("resource", id, {**declared, **lists}, says)]
        if type:
            places: dict[Keys, Place] = {(): self._place(path)}
            facts.append(Resource(id=id, evidence=(says,), stack="", type=type, places=places))
        return facts

    def _type(self, type: Any, path: Keys) -> str:
        if type is None:
            return ""
        if not isinstance(type, str) or not TYPE.match(type):
            example = "AWS::DynamoDB::Table"
            raise self._wrong(f"{type} is no CloudFormation type such as {example}", path)
        known = _types()
        alike = difflib.get_close_matches(type, known, 1, LIKE_TYPE)
        if alike and type not in known:
            raise self._wrong(f"unknown type {type}; did you mean {alike[0]}?", path)
        return type

    def _classes(self, listed: Any, path: Keys) -> list[str]:
        if not isinstance(listed, list):
            raise self._wrong(f"{path[-1]} must be a list of data classes", path)
        known = [*(data.id for data in data_classes.classes()), *self.new]
        for index, id in enumerate(listed):
            self._one_of(str(id), known, (*path, index), "data class")
        return listed

    def _link(self, parameter: str, target: Any) -> list[Fact]:
        path = ("links", parameter)
        if not parameter.rpartition(".")[0]:
            raise self._wrong(
                f"{parameter} must be a stack and its parameter: api/template.X", path
            )
        if not isinstance(target, str) or not target:
            raise self._wrong(f"the link of {parameter} must name one resource by its id", path)
        says = Evidence(f"{FILE} links {parameter} to {target}", self._place(path))
        return [self._decision("link", parameter, {"target": target}, says)]

    def _ignores(self) -> Iterable[tuple[int, Any]]:
        listed = (self.tree.value or {}).get("ignore") or []
        if not isinstance(listed, list):
            raise self._wrong("ignore must be a list, each with an id and a reason", ("ignore",))
        return enumerate(listed)

    def _ignore(self, number: int, entry: Any) -> Decision:
        path = ("ignore", number)
        told = self._mapping(entry, path, "an ignore")
        for key, value in told.items():
            self._one_of(key, IGNORE_KEYS, (*path, key), "key")
            if not isinstance(value, str) or not value:
                raise self._wrong(f"{key} must be a text, not {value!r}", (*path, key))
        for key in ("id", "reason"):
            if key not in told:
                raise self._wrong(f"an ignore needs {key}", path)
        says = Evidence(f"{FILE} ignores {told['id']}: {told['reason']}", self._place(path))
        content = {key: value for key, value in told.items() if key != "id"}
        return Decision(
            id=f"ignore:{number}",
            evidence=(says,),
            kind="ignore",
            subject=told["id"],
            content=content,
        )

    def _decision(self, kind: str, subject: str, told: dict[str, Any], says: Evidence) -> Decision:
        id = f"{kind}:{subject}"
        return Decision(id=id, evidence=(says,), kind=kind, subject=subject, content=told)

    def _mapping(self, value: Any, path: Keys, what: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise self._wrong(f"{what} must hold names and what they are given, not {value!r}", path)

    def _one_of(self, word: str, known: Iterable[str], path: Keys, what: str) -> None:
        if word not in known:
            raise self._wrong(f"unknown {what} {word}{self._nearest(word, known)}", path)

    def _nearest(self, word: str, known: Iterable[str]) -> str:
        near = difflib.get_close_matches(word, list(known), 1, 0.5)
        return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"

    def _place(self, path: Keys) -> Place:
        return self.tree.key_places.get(path) or self.tree.places[path]

    def _wrong(self, problem: str, path: Keys = (), line: int = 0) -> IntentError:
        line = line or self._place(path).line
        return IntentError(f"{FILE} line {line}: {problem}", FILE, line)


def _types() -> list[str]:
    """Return the types that the catalogue describes; CloudFormation has many more."""
    told = table(services.FILE)
    return [type for part in ("holds", "passes") for types in told[part].values() for type in types]
