"""The team's data classes: values, names of fields, patterns of texts; and what a name is not."""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Iterator
from typing import Any

from checkrein.catalog import data_classes
from checkrein.code.harm.backtracking import exponential
from checkrein.detect.own import NONE
from checkrein.late import regex
from checkrein.model import Data, Decision, Fact
from checkrein.model import Path as Keys
from checkrein.read.intent.page import Page, nearest

HIGHEST = 10
SINGLE = ("value", "title")
KEYS = (*SINGLE, "names", "patterns")
NAME = regex(r"[a-z][a-z0-9_]*\Z")
LIKE = 0.75  # so near to a known word that it is rather a slip than a new one
LONGEST = 500  # characters of a pattern


class Classes:
    """The sections ``data`` and ``names``; ``known`` are the ids of classes, the team's too."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.known = [data.id for data in data_classes.classes()]
        self.facts = [fact for item in page.section("data") for fact in self._data(*item)]

    def named(self) -> Iterator[Decision]:
        """Yield what the section ``names`` says: the class of fields of a name, or none."""
        for name, data in self.page.section("names"):
            if self.is_class(data, ("names", name)):
                yield self.name(name, data, ("names", name))

    def name(self, name: str, data: str, path: Keys, resource: str = "") -> Decision:
        """Return the decision that fields of a name hold a class; all, or those of a resource."""
        of = f" of {resource}" if resource else ""
        says = self.page.says(f"says that {name}{of} is {data or NONE}", path)
        told = {"resource": resource, "data": "" if data == NONE else data}
        decision = self.page.decision("name", name, told, says)
        return Decision(
            id=f"name:{resource}:{name}",
            evidence=decision.evidence,
            kind="name",
            subject=name,
            content=told,
        )

    def is_class(self, data: Any, path: Keys) -> bool:
        """Tell whether a word is a class or ``none``; complain where it is neither."""
        return self.page.knows(data, [*self.known, NONE], path, "data class")

    def listed(self, value: Any, path: Keys) -> list[str]:
        """Return the known classes of a list, and complain of the others."""
        found = self.page.items(value, path, "data classes")
        return [
            str(id)
            for index, id in enumerate(found)
            if self.page.knows(str(id), self.known, (*path, index), "data class")
        ]

    # ------------------------------------------------------------------------------- data

    def _data(self, id: str, content: Any) -> Iterator[Fact]:
        path = ("data", id)
        is_new = not data_classes.data_class(id)
        if is_new and not self._may_be_new(id, path):
            return
        told = self._told(id, content, path)
        if is_new and "value" not in told:
            if isinstance(content, dict) and "value" not in content:
                self.page.complain(f"the new class {id} needs a value from 0 to 10", path)
            return
        if not told:
            return
        self.known.append(id)
        value = f" the value {told['value']}" if "value" in told else " names of its own"
        says = self.page.says(f"gives {id}{value}", path)
        yield self.page.decision("data", id, told, says)
        if is_new:
            family, title = id.partition(".")[0], told.get("title") or data_classes.title(id)
            yield Data(id=id, evidence=(says,), family=family, value=told["value"], title=title)

    def _told(self, id: str, content: Any, path: Keys) -> dict[str, Any]:
        """Return what is said of a class, each key only where it is right."""
        if not isinstance(content, dict):
            return {"value": content} if self._is_value(id, content, path) else {}
        told: dict[str, Any] = {}
        for key, value in content.items():
            at = (*path, key)
            if not self.page.knows(key, KEYS, at, "key"):
                continue
            if key in SINGLE:
                good = self._is_value(id, value, at) if key == "value" else self._is_text(value, at)
                told |= {key: value} if good else {}
            elif key == "names":
                told[key] = self.page.words(value, at, "names of fields")
            elif key == "patterns":
                patterns = enumerate(self.page.words(value, at, "patterns"))
                told[key] = [p for i, p in patterns if self._is_pattern(p, (*at, i))]
        return told

    def _is_value(self, id: str, value: Any, path: Keys) -> bool:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST
        if not good:
            self.page.complain(f"the value of {id} must be a whole number from 0 to 10", path)
        return good

    def _is_text(self, value: Any, path: Keys) -> bool:
        good = isinstance(value, str) and bool(value)
        if not good:
            self.page.complain(f"{path[-1]} must be a text, not {value!r}", path)
        return good

    def _is_pattern(self, pattern: str, path: Keys) -> bool:
        problem = _problem(pattern)
        if problem:
            self.page.complain(f"the pattern {pattern} {problem}", path)
        return not problem

    def _may_be_new(self, id: str, path: Keys) -> bool:
        """Tell whether an id can be a class that the catalogue has not; complain of a slip."""
        family, dot, name = id.partition(".")
        families = sorted({each.partition(".")[0] for each in self.known})
        if not dot or not NAME.match(name):
            near = nearest(id, self.known)
            self.page.complain(f"{id} is no data class; write family.class{near}", path)
            return False
        if not self.page.knows(family, families, path, "family of data classes"):
            return False
        known = [data.id for data in data_classes.classes()]
        siblings = [each.partition(".")[2] for each in known if each.startswith(f"{family}.")]
        alike = difflib.get_close_matches(name, siblings, 1, LIKE)
        if alike:
            meant = f"{family}.{alike[0]}"
            self.page.complain(f"unknown data class {id}; did you mean {meant}?", path)
        return not alike


def _problem(pattern: str) -> str:
    """Say what is wrong with a regular expression, "" if it may be used on any text."""
    if len(pattern) > LONGEST:
        return f"is longer than {LONGEST} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expression = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression: {error}"
    if expression.fullmatch(""):
        return "matches a text of no letters, and so everything"
    if exponential(pattern, whole=True):
        return "may take for ever on some texts: it repeats what is itself a repetition"
    return ""
