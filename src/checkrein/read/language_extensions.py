"""``Fn::ForEach`` written out, before anything else reads the template."""

from __future__ import annotations

import re
from typing import Any

from checkrein.model import Path
from checkrein.model.values import SPECIAL, plain_text
from checkrein.read.intrinsics import Scope, resolve
from checkrein.read.template import Template, holds

PREFIX = "Fn::ForEach::"
MOST_COPIES = 1000


def expand_loops(template: Template, scope: Scope) -> list[str]:
    """Write out every loop in the template; return a sentence for each that stays closed.

    A loop over a list that is not known (a parameter without default) yields nothing.
    """
    expansion = _Expansion(template, scope)
    for section in ("Conditions", "Resources", "Outputs"):
        found = template.value.get(section)
        if isinstance(found, dict) and holds(found, PREFIX):
            template.value[section] = expansion.mapping(found, (section,), (section,), {})
    return expansion.closed


class _Expansion:
    def __init__(self, template: Template, scope: Scope) -> None:
        self.template, self.scope = template, scope
        self.closed: list[str] = []
        self.copies = 0

    def mapping(
        self, value: dict[str, Any], path: Path, written: Path, names: dict[str, str]
    ) -> dict[str, Any]:
        """Return a mapping with its loops written out; ``written`` is its path in the source."""
        found: dict[str, Any] = {}
        for key, item in value.items():
            below = (*written, key)
            if key.startswith(PREFIX):
                found |= self.loop(key, item, path, below, names)
                continue
            named = _named(key, names)
            self.moved((*path, named), below)
            found[named] = self.value(item, (*path, named), below, names)
        return found

    def value(self, value: Any, path: Path, written: Path, names: dict[str, str]) -> Any:
        if isinstance(value, dict):
            named = value.get("Ref")
            if isinstance(named, str) and named in names and len(value) == 1:
                return names[named]
            return self.mapping(value, path, written, names)
        if isinstance(value, list):
            return [
                self.value(item, (*path, i), (*written, i), names) for i, item in enumerate(value)
            ]
        return _named(value, names) if isinstance(value, str) else value

    def loop(
        self, key: str, item: Any, path: Path, written: Path, names: dict[str, str]
    ) -> dict[str, Any]:
        if not isinstance(item, list) or len(item) != 3 or not isinstance(item[2], dict):  # noqa: PLR2004
            self.closed.append(f"{key} needs a name, a list and a mapping")
            return {}
        identifier, collection, body = item
        items = resolve(self.value(collection, path, written, names), self.scope)
        if not isinstance(items, list) or any(isinstance(one, (*SPECIAL, dict)) for one in items):
            self.closed.append(f"{key} repeats over a list that is not known")
            return {}
        found: dict[str, Any] = {}
        for one in items:
            self.copies += 1
            if self.copies > MOST_COPIES:
                self.closed.append(f"{key} repeats more than {MOST_COPIES} times")
                break
            inner = {**names, str(identifier): plain_text(one)}
            found |= self.mapping(body, path, (*written, 2), inner)
        return found

    def moved(self, path: Path, written: Path) -> None:
        if len(path) == 2 and path != written:  # noqa: PLR2004 - a section's entry
            self.template.bases[path] = written


def _named(line: str, names: dict[str, str]) -> str:
    """Put the loop's variables into a text: ``${X}`` as written, ``&{X}`` without punctuation."""
    for name, value in names.items():
        line = line.replace("${" + name + "}", value)
        line = line.replace("&{" + name + "}", re.sub(r"[^A-Za-z0-9]", "", value))
    return line
