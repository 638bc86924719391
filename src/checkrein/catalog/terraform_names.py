"""Terraform's snake_case names among CloudFormation's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from checkrein.catalog import shapes

ENDINGS = (
    "", "s", "es", "list", "config", "configs", "configuration", "configurations", "settings",
    "set", "document", "specification", "options",
)  # fmt: skip
BEGINNINGS = ("", "db", "preferred")
SAME = {"kmskeyarn": "kmskeyid", "kmskeyid": "kmskeyarn"}  # either may stand where a key is named


def found_in(shape: Mapping[str, str], name: str, kind: str = "") -> str | None:
    """Return the property of a structure that a Terraform argument names, None if none does.

    Case and underscores do not count; a repeated block is named in the singular; a queue's name is
    its ``QueueName``, where ``kind`` is ``Queue``.
    """
    names = _by_plain_name(tuple(shape))
    plain = name.replace("_", "").lower()
    ways = [plain + ending for ending in ENDINGS]
    if plain.endswith("y"):
        ways.append(f"{plain[:-1]}ies")
    ways += [start + plain for start in (*BEGINNINGS[1:], kind.lower()) if start]
    ways.append(SAME.get(plain, ""))
    return next((names[way] for way in ways if way in names), None)


@cache
def _by_plain_name(names: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in names}


def pascal(name: str) -> str:
    """Return a name as CloudFormation would write it."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


class Target(NamedTuple):
    """A CloudFormation type as Terraform's arguments mean it, read forward or backward.

    ``within`` is the property that holds what stands at the top of a Terraform block, "" for none.
    """

    type: str
    within: str = ""

    def named(self, structure: str, key: str) -> str | None:
        """Return the property of a structure that is named as an argument, None if none is."""
        shape = shapes.structure(self.type, structure)
        if not shape:
            return pascal(key)
        if structure:
            return found_in(shape, key)
        kind = self.type.rpartition("::")[2]
        found = found_in(shape, key, kind)
        if found is None and self.within:
            inner = shapes.structure(self.type, self.kind("", (self.within,))[1:])
            name = found_in(inner, key, kind)
            return f"{self.within}.{name}" if name else None
        return found

    def kind(self, structure: str, way: tuple[str | int, ...]) -> str:
        """Return the kind of what stands at a path in a structure, "" if that is not known."""
        kind = f":{structure}"
        for key in way:
            kind = kind[1:] if isinstance(key, int) else self._member(kind, key)
        return kind

    def _member(self, kind: str, key: str) -> str:
        if kind.startswith("{"):
            return kind[1:]
        return shapes.structure(self.type, kind[1:]).get(key, "") if kind[:1] == ":" else ""
