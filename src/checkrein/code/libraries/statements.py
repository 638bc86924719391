"""Statements of SQL that code asks a store, with the values that go in apart from the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.catalog.uses import ROWS as MARK
from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    clean,
    constant,
    derived,
    extend,
    join,
    join_all,
    ordered,
    sources_of,
)
from checkrein.code.libraries.sql import HOLE, Statement, Value, statement
from checkrein.code.libraries.store_requests import of, recorded, tree
from checkrein.code.running import calls
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.stored import Store
    from checkrein.code.running.interpreter import Interpreter

    Values = Callable[[Value], Abstract]

ROWS = "rows"
MOST_TEXTS = 8  # of one statement that is put together in several ways
PARAMETERS = ("values", "parameters", "params", "replacements", "bind", "bindings", "args", "vars")
TEXTS = ("sql", "text", "query", "statement", "operation")
NAMED_TEXT = frozenset(("text()", "raw()", "sql()", "literal()", "SQL()"))


def asked(run: Interpreter, store: Store, given: Arguments, scope: Scope) -> Abstract | None:
    """Record what a call's statement asks; return the rows, None where there is no statement."""
    value, rest = _statement(given)
    texts = _texts(value)
    parameters = _parameters(run, store, rest, given)
    found = [
        _recorded(run, store, read, _values(parameters, holes), given, scope)
        for text, holes in texts[:MOST_TEXTS]
        if (read := statement(text)) is not None
    ]
    if found:
        return _built(join_all(found), sources_of(value))
    if texts or not (value.atoms or value.open or value.sources):
        return None
    item = join(derived(sources_of(value)), parameters)
    return recorded(run, store, "Query", {"Item": item}, given, scope, certain=False)


def _built(rows: Abstract, sources: Sources) -> Abstract:
    """Return rows of which a caller's text in the statement may have made anything.

    That they make another statement then is first of all the fault of this one.
    """
    if not sources:
        return rows
    flowing = frozenset(clean(source, bits(MARK)) for source in sources)
    return Abstract(rows.atoms, (*rows.things, Library("", ROWS)), rows.sources | flowing)


def _statement(given: Arguments) -> tuple[Abstract, list[Abstract]]:
    """Return a call's statement, and what stands behind it."""
    named = next((given.named[name] for name in TEXTS if name in given.named), None)
    if named is not None:
        return named, given.positional
    for at, value in enumerate(given.positional[:2]):
        for one in value.things:
            for name in TEXTS if isinstance(one, Structure) else ():
                if one.fields.get(name):
                    return one.fields[name], [value, *given.positional[at + 1 :]]
            if isinstance(one, Library) and one.path.rpartition(".")[2] in NAMED_TEXT:
                return (one.arguments or (NOTHING,))[0], given.positional[at + 1 :]
        if value.atoms or value.open:
            return value, given.positional[at + 1 :]
    return NOTHING, []


def _texts(value: Abstract) -> list[tuple[str, list[Any]]]:
    """Return what a statement may be: its text with holes, and what stands in these."""
    found: list[tuple[str, list[Any]]] = []
    for atom in ordered(value.atoms):
        if isinstance(atom, str):
            found.append((atom, []))
        elif isinstance(atom, Text):
            holes = [part for part in atom.parts if not isinstance(part, str)]
            numbers = iter(range(len(holes)))
            text = "".join(
                part if isinstance(part, str) else f"{HOLE}{next(numbers)}{HOLE}"
                for part in atom.parts
            )
            found.append((text, holes))
    return found


def _parameters(run: Interpreter, store: Store, rest: list[Abstract], given: Arguments) -> Abstract:
    """Return the values that stand apart from a statement's text."""
    options = [t.fields for v in rest[:1] for t in v.things if isinstance(t, Structure)]
    told = (each.get(name) for each in (given.named, *options) for name in PARAMETERS)
    named = next(filter(None, told), None)
    if named is not None:
        return named
    plain = [
        value
        for value in rest
        if not calls.functions_in(value)
        and not any(isinstance(one, Library) for one in value.things)
    ]
    if not plain and store.state is not None:
        return Abstract(things=(store.state,))
    if len(plain) > 1 and not any(plain[0].things):  # run(statement, 1, 2)
        return run.built("list", {str(at): value for at, value in enumerate(plain)})
    return plain[0] if plain else NOTHING


def _values(parameters: Abstract, holes: list[Any]) -> Values:
    """Return what tells the value of a placeholder."""
    known = [(t, _rows(t)) for t in parameters.things if isinstance(t, Structure)]

    def value(one: Value) -> Abstract:
        if one.kind == HOLE:
            found = holes[one.number] if one.number < len(holes) else None
            return Abstract(frozenset((found,))) if isinstance(found, Symbol) else NOTHING
        key = one.name if one.kind == ":" else str(one.number)
        found = NOTHING
        for thing, rows in known:
            own = thing.fields.get(key) or join(thing.element, derived(sources_of(thing.rest)))
            inner = [row.fields[key] for row in rows if key in row.fields]
            found = join_all((found, *inner) if inner else (found, own))
        plain = Abstract(parameters.atoms, (), parameters.sources, parameters.open)
        if plain.atoms and one.kind == "?":
            return join(found, plain)
        named = (extend(a, key) for a in plain.atoms if isinstance(a, Symbol))
        found = join(found, Abstract(frozenset(named)))
        return join(found, derived(plain.sources)) if plain.sources else found

    return value


def _rows(parameters: Structure) -> list[Structure]:
    """Return the rows of a list of nothing else, each with its values by place or name."""
    parts = [part for part in (*parameters.fields.values(), parameters.element) if part]
    if parameters.kind != "list" or any(part.atoms or not part.things for part in parts):
        return []
    return [one for part in parts for one in part.things if isinstance(one, Structure)]


def _recorded(
    run: Interpreter, store: Store, read: Statement, value: Values, given: Arguments, scope: Scope
) -> Abstract:
    """Record a statement; return its rows."""
    columns = run.structure("dict")
    for at, (name, paths) in enumerate(read.columns):
        if not (paths or read.known):
            continue  # all columns of a table that is not known
        key = name if name.isidentifier() and paths else f"({at})"
        texts = Abstract(frozenset(paths or ("",)))  # what only counts has its place too
        columns.fields[key] = join(columns.fields.get(key, NOTHING), texts)
    if not read.known:
        columns.fields["*"] = constant(1)
    parameters = {
        "Of": of(run, read.tables),
        "Columns": Abstract(things=(columns,)) if columns.fields else NOTHING,
        "Item": tree(run, ((path, join_all(map(value, v))) for path, v in read.written)),
        "Key": tree(run, ((path, join_all(map(value, v))) for path, v in read.where)),
    }
    return recorded(run, store, read.verb, parameters, given, scope)
