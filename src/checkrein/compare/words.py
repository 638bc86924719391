"""How people, rights and data are called in answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CONTROL = frozenset({"read", "write", "delete", "permission", "configure"})
RIGHTS = {  # in the order in which they are told
    "control": "fully control",
    "read": "read",
    "write": "write to",
    "delete": "delete from",
    "permission": "give others rights over",
    "configure": "reconfigure",
    "invoke": "run",
    "list": "see the settings of",
}
DOES = {
    "control": "fully controls",
    "read": "reads",
    "write": "writes to",
    "delete": "deletes from",
    "permission": "gives others rights over",
    "configure": "reconfigures",
    "invoke": "runs",
    "list": "sees the settings of",
}
MANY = 4  # names that a sentence holds


def listed(names: Iterable[str], most: int = MANY) -> str:
    """Join names for a sentence: ``a, b and c``, ``a, b and 4 more``."""
    known = list(dict.fromkeys(names))
    if len(known) > most + 1:
        known = [*known[:most], f"{len(known) - most} more"]
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} and {known[-1]}"


def either(names: Iterable[str]) -> str:
    """Join names as a choice: ``a, b or c``."""
    known = list(dict.fromkeys(names))
    return known[0] if len(known) == 1 else f"{', '.join(known[:-1])} or {known[-1]}"


def deeds(rights: Iterable[str]) -> str:
    """Say rights as verbs: ``read, write to and delete from``; seeing settings only if alone."""
    return _said(RIGHTS, rights)


def does(rights: Iterable[str]) -> str:
    """Say what somebody does: ``reads and writes to``."""
    return _said(DOES, rights)


def _said(words: Mapping[str, str], rights: Iterable[str]) -> str:
    held = set(rights)
    shown = held - {"list"} or held
    if shown >= CONTROL:
        shown = shown - CONTROL | {"control"}
    return listed((word for right, word in words.items() if right in shown), len(words))


def may(*, certain: bool) -> str:
    """Say that somebody may, perhaps only where conditions hold."""
    return "may" if certain else "may, under conditions,"


def ordered(rights: Iterable[str]) -> tuple[str, ...]:
    """Return rights in the order in which they are told."""
    held = set(rights)
    return tuple(right for right in RIGHTS if right in held)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 function``, ``3 functions``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
