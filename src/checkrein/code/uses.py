"""Functions inside the process that a value can do harm in: recorded as call sites of kind use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.things import Structure
from checkrein.code.values import Abstract, join_all, sources_of, strings
from checkrein.model import Text

if TYPE_CHECKING:
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope
    from checkrein.code.things import Arguments, Library

OPENING = "token"
BESIDE = "with"  # where arguments stand that can not be the fault
STATEMENTS = "select insert update delete replace create drop alter merge with call exec truncate"


def of_library(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Record what a function of a library uses, if it is one that can do harm.

    Return what it gives, if that is known by the call, as what a token says is.
    """
    name = one.name.removeprefix("builtins.")
    use = uses.of_function(name) or uses.of_made(_package(one.module), name.rpartition(".")[2])
    if use is None:
        return None
    found = record(run, use, name, given, scope)
    return found if use.family == OPENING else None


def of_unknown(run: Interpreter, method: str, given: Arguments, scope: Scope) -> None:
    """Record what a method of an unknown receiver uses, if its argument says what it is."""
    use = uses.of_unknown(method)
    if use is not None and (use.family != "sql" or _is_statement(given.first())):
        record(run, use, method, given, scope)


def record(
    run: Interpreter, use: uses.Use, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Record a call site of kind use, with its arguments by name; return its symbolic result.

    One that only constants reach can do no harm, but for families that are about constants.
    """
    made = run.structure("dict")
    beside = run.structure("dict")
    parameters = dict(enumerate(use.parameters))
    harmful = {name for name in use.parameters if not name.startswith("(")}
    for position, value in enumerate(given.positional):
        parameter = parameters.get(position, f"({position})")
        holder = made if parameter in harmful else beside
        holder.fields[parameter.strip("()")] = value
        if use.family == "command" and not position:
            made.fields.update(_program(value))
    for parameter, value in given.named.items():
        (made if parameter in harmful else beside).fields[parameter] = value
    if not use.always and not any(map(sources_of, made.fields.values())):
        return None
    beside.rest = given.rest
    if beside.fields or beside.rest:
        made.fields[BESIDE] = Abstract(things=(beside,))
    site = run.site(given.at, scope)
    return run.recorder.call(("use", use.family, name), site, Abstract(things=(made,)))


def _program(value: Abstract) -> dict[str, Abstract]:
    """Return the program of a command that is given as a list."""
    lists = [one for one in value.things if isinstance(one, Structure) and one.kind == "list"]
    return {"program": join_all(one.fields["0"] for one in lists if "0" in one.fields)}


def _package(module: str) -> str:
    """Return the package of a module: ``psycopg2.extras`` and ``mysql2/promise`` are its parts."""
    if module.startswith("@"):
        return "/".join(module.split("/")[:2])
    return module.partition("/")[0].partition(".")[0]


def _is_statement(value: Abstract) -> bool:
    """Tell whether a value begins like a statement of SQL."""
    begins = [*strings(value), *(str(a.parts[0]) for a in value.atoms if isinstance(a, Text))]
    return any(
        text.lstrip("( \n\t").partition(" ")[0].lower() in STATEMENTS.split() for text in begins
    )
