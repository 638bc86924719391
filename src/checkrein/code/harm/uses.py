"""Functions inside the process that a value can do harm in: recorded as call sites of kind use."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import (
    cleaned,
    derived,
    join_all,
    sources_of,
    strings,
    tainted,
)
from checkrein.code.harm import commanded
from checkrein.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

NESTING = 3  # of structures in which a secret is passed
OPENED = "open()"
READING = frozenset(("deserialize", "xml"))  # families of functions that read a file they are given
OPENING = "token"
RUNS = uses.Use("code", ("source",))
KNOWN = frozenset((OPENING, "hash", "random", "clock"))  # their results are known by the call
MADE = "(made)"  # what the object was made with, that a method is of
BESIDE = "with"  # where arguments stand that can not be the fault
STATEMENT = re.compile(
    r"""(?ix)[\s(]*(?:select\b | (?:insert|replace|merge)\s+into\b | insert\s+ignore\b
    | update\s+(?:\S+\s+set\b|$) | delete\s+from\b | truncate\s | call\s+\w* | exec(?:ute)?\s
    | (?:create|drop|alter)\s+(?:table|database|schema|view|index|user|role|function)\b
    | with\s+\w+\s+as\s*\( | grant\s.*\bto\b | copy\s.*\bfrom\b)"""
)


def of_library(
    run: Interpreter, one: Library, given: Arguments, sources: Sources, scope: Scope
) -> Abstract | None:
    """Record what a function of a library uses, if it is one that can do harm.

    ``sources`` is what flowed into the object that it is a method of. Return what it gives, if that
    is known by the call, as what a token says is.
    """
    found = None
    name = one.name.removeprefix("builtins.")
    use, credential, last, unsure = _known(one.module, name)
    if use is not None:
        if not use.parameters:
            given = Arguments(given.at, [])
        elif use.parameters[0].startswith("."):
            given = Arguments(given.at, [derived(sources), *given.positional], given.named)
        elif use.family == "archive":  # the path of one stands for what is in it
            inside = run.temporary.read(run.temporary.paths(given.positional[:1]))
            first = tainted(given.first(), inside)
            given = Arguments(given.at, [first, *given.positional[1:]], given.named)
        if MADE in use.parameters and one.arguments:
            given.named[MADE.strip("()")] = one.arguments[0]
        found = _recorded(run, use, name, given, scope)
    elif unsure is not None:
        _may_use(run, unsure, last, given, scope)
    if credential is not None and _counts(credential, name, given):
        record(run, credential, name, given, scope)
    return found


def _recorded(
    run: Interpreter, use: uses.Use, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Record a use, and what a command runs of written files; return what the call makes known."""
    made = record(run, use, name, given, scope)
    if use.family == "command":
        written = run.temporary.read(commanded.files(given, run.temporary.content))
        if written:
            record(run, RUNS, name, Arguments(given.at, [derived(written)]), scope)
    return made if use.family in KNOWN else None


@lru_cache(maxsize=8192)
def _known(module: str, name: str) -> tuple[uses.Use | None, uses.Use | None, str, uses.Use | None]:
    """Return how a function uses its arguments, which are secrets, its own name, and its use.

    The last is that of a method of this name, whosever it is.
    """
    last = name.rpartition(".")[2]
    use = uses.of_function(name) or uses.of_made(uses.package(module), last)
    return use, uses.of_credential(name), last, uses.of_unknown(last)


def _counts(credential: uses.Use, name: str, given: Arguments) -> bool:
    """Tell whether a secret may stand there, or a setting may be missing."""
    secrets = _secrets(credential, given)
    return (name in uses.in_clear() and bool(given.positional)) or any(map(_says, secrets))


def _secrets(use: uses.Use, given: Arguments) -> Iterator[Abstract]:
    """Yield the arguments that are secrets."""
    for parameter, value in zip(use.parameters, given.positional, strict=False):
        if not parameter.startswith("("):
            yield value
    yield from (given.named[name] for name in use.parameters if name in given.named)


def _says(value: Abstract, depth: int = 0) -> bool:
    """Tell whether a value has a text that the code says, within structures too."""
    if any(isinstance(atom, (str, Text)) for atom in value.atoms):
        return True
    parts = (part for one in value.things if isinstance(one, Structure) for part in one.parts())
    return depth < NESTING and any(_says(part, depth + 1) for part in parts)


def of_unknown(run: Interpreter, method: str, given: Arguments, scope: Scope) -> None:
    """Record what a method of an unknown receiver uses, if its argument says what it is."""
    use = uses.of_unknown(method)
    if use is not None:
        _may_use(run, use, method, given, scope)


def answering(name: str, given: Arguments) -> Arguments:
    """Return arguments as a function's answer holds them.

    A statement is marked: what it gives is rows that a caller's text in it may have chosen.
    """
    use = uses.of_unknown(name)
    if use is None or use.family != "sql" or not is_statement(given.first()):
        return given
    asked = cleaned(given.first(), uses.bits(uses.ROWS))
    return Arguments(given.at, [asked, *given.positional[1:]], given.named, given.rest)


def _may_use(run: Interpreter, use: uses.Use, method: str, given: Arguments, scope: Scope) -> None:
    packages = run.modules.packages
    if use.family == "nosql" and not uses.of_documents(method, packages):
        return
    if use.family != "sql" or is_statement(given.first()):
        record(run, use, method, given, scope)


def record(
    run: Interpreter, use: uses.Use, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Record a call site of kind use, with its arguments by name; return its symbolic result.

    One that only constants reach can do no harm, but for families that are about constants.
    """
    if use.family == "sql" and is_built(given.first()):
        return None
    made = run.structure("dict")
    beside = run.structure("dict")
    parameters = dict(enumerate(use.parameters))
    harmful = {name for name in use.parameters if not name.startswith("(")}
    for position, value in enumerate(given.positional):
        parameter = parameters.get(position, f"({position})")
        holder = made if parameter in harmful else beside
        holder.fields[parameter.strip("().")] = _content(run, use, _said(use, value), value)
        if use.family == "command" and not position:
            made.fields.update(_program(value))
    for parameter, value in given.named.items():
        (made if parameter in harmful else beside).fields[parameter] = _said(use, value)
    if not use.always and not any(map(sources_of, made.fields.values())):
        return None
    beside.rest = given.rest
    beside.fields = {name: _named_inside(run, use, value) for name, value in beside.fields.items()}
    if beside.fields or beside.rest:
        made.fields[BESIDE] = Abstract(things=(beside,))
    site = run.site(given.at, scope)
    return run.recorder.call(("use", use.family, name), site, Abstract(things=(made,)))


def _content(run: Interpreter, use: uses.Use, said: Abstract, value: Abstract) -> Abstract:
    """Return an argument with what was written to the file that it is, for what reads files."""
    if use.family == "code":  # ``runpy.run_path("/tmp/plugin.py")``
        return tainted(said, run.temporary.read(run.temporary.paths([value])))
    handles = tuple(t for t in value.things if isinstance(t, Library) and t.path == OPENED)
    if use.family not in READING or not handles:
        return said
    written = run.temporary.read(run.temporary.paths([Abstract(things=handles)]))
    return tainted(said, written)


def _said(use: uses.Use, value: Abstract) -> Abstract:
    """Return an argument that is something of a library (``yaml.SafeLoader``) by its name.

    What takes a secret is given what the library made, and its name is none.
    """
    made = all(isinstance(one, Library) for one in value.things)
    if use.family == uses.CREDENTIAL or value.atoms or not made:
        return value
    names = frozenset(" ".join((one.name, *_options(one))) for one in value.things)
    return Abstract(names, (), value.sources, value.open) if names else value


def _options(one: Library) -> list[str]:
    return [text for value in one.arguments for text in strings(value) if "=" in text]


def _named_inside(run: Interpreter, use: uses.Use, value: Abstract) -> Abstract:
    """Return options of which those that are something of a library are its name."""
    things = tuple(
        run.structure("dict", {name: _said(use, part) for name, part in one.fields.items()})
        if isinstance(one, Structure) and one.kind == "dict" and one.fields
        else one
        for one in value.things
    )
    return Abstract(value.atoms, things, value.sources, value.open)


def _program(value: Abstract) -> dict[str, Abstract]:
    """Return the program of a command that is given as a list."""
    lists = [one for one in value.things if isinstance(one, Structure) and one.kind == "list"]
    return {"program": join_all(one.fields["0"] for one in lists if "0" in one.fields)}


def is_statement(value: Abstract) -> bool:
    """Tell whether a value begins like a statement of SQL."""
    begins = [*strings(value), *(str(a.parts[0]) for a in value.atoms if isinstance(a, Text))]
    return any(STATEMENT.match(text) for text in begins)


def is_built(value: Abstract) -> bool:
    """Tell whether a library made a statement itself, with the values apart from the text."""
    return not value.atoms and any(isinstance(one, Library) for one in value.things)
