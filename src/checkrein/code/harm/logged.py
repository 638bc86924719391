"""What a log line holds beside what it is given: all variables, a request that failed.

Node prints an error with all of its fields, so the request that an AxiosError holds; a logger's
library tells the message and the stack only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import ASKED, ENVIRONMENT, UNKNOWN, derived, join
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.domain.things import Thing
    from checkrein.code.running.interpreter import Interpreter
    from checkrein.model import CallSite

ENVIRONMENTS: Final[frozenset[str]] = frozenset(("os.environ", "process.env", "os.environb"))
WHOLE = Symbol(ENVIRONMENT, "")  # every variable
TEXTS = frozenset(("JSON.stringify", "json.dumps", "util.inspect", "str"))  # of all that they take
LISTS = frozenset(("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter"))  # of names
CONSOLE = "console."
STANDARD: Final = "logging"  # Python's own loggers
# Packages that may set levels for them, as far as their names tell.
SETTERS = re.compile(
    r"(?i)(?!logging$).*(?:log|shared|layer)|(?:.*[._-])?(?:common|util|core|helper)|libs?$"
)


def told(one: Library, given: Arguments) -> Arguments:
    """Return a log line's arguments with what they hold beside their own fields."""
    wholes = [_whole(value) for value in given.positional]
    if not any(wholes) and one.name.startswith(CONSOLE):
        return given
    positional, named = [], dict(given.named)
    for position, value in enumerate(given.positional):
        for name in wholes[position]:
            named |= {f"[{position}].{name}": _all()} if name else {}
        held = join(value, _all()) if "" in wholes[position] else value
        positional.append(held if one.name.startswith(CONSOLE) else _worded(held))
    return Arguments(given.at, positional, named, given.rest)


def library(one: Library) -> str:
    """Return what is told of a log line's library: whether it is one of Python's own loggers."""
    return STANDARD if one.module.partition(".")[0] == STANDARD else ""


def by_level(
    run: Interpreter, calls: tuple[CallSite, ...], packages: Iterable[str]
) -> tuple[CallSite, ...]:
    """Return calls without the mark of Python's loggers where something may set their levels."""
    if not any(call.service == STANDARD and call.kind == "log" for call in calls):
        return calls
    set_here = any(module.sets_levels for module, _ in run.modules.lowered)
    if not (set_here or run.partial or run.modules.lost or any(map(SETTERS.match, packages))):
        return calls
    return tuple(replace(call, service="") if call.kind == "log" else call for call in calls)


def made(name: str, value: Abstract) -> Abstract | None:
    """Return what a function makes of all variables, None of anything else: a text, or names."""
    if not is_whole(value):
        return None
    if name in LISTS:
        return UNKNOWN
    return derived(frozenset((WHOLE,))) if name in TEXTS else None


def is_whole(value: Abstract) -> bool:
    """Tell whether a value is all variables of a process."""
    return any(map(_is_environment, value.things))


def _all() -> Abstract:
    return Abstract(atoms=frozenset((WHOLE,)))


def _whole(value: Abstract) -> list[str]:
    """Return the fields of a value that are all variables, "" for the value itself."""
    found = [""] if is_whole(value) else []
    for one in value.things:
        if isinstance(one, Structure):
            found += [name for name, inner in one.fields.items() if is_whole(inner)]
    return found


def _is_environment(one: Thing) -> bool:
    return isinstance(one, Library) and one.name in ENVIRONMENTS


def _worded(value: Abstract) -> Abstract:
    """Return a value without the requests that errors hold."""
    held = frozenset(each for each in value.sources if each.owner == ASKED)
    if not held:
        return value
    return Abstract(value.atoms, value.things, value.sources - held, value.open)
