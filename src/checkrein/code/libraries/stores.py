"""Databases that code reaches by a client library: what is asked of them becomes a call like any.

Such a call is of the service ``database``, its operation one of Select, Insert, Update, Delete,
Query (what nobody here can read) and Define (a schema in code). Its request holds ``Kind`` and
``Address`` of the store, the tables (``Of.table``), what is written (``Item.users.email``), the
conditions (``Key.users.id``) and, of rows that come back, the columns by name
(``Columns.mail``: ``users.email``). Which packages reach which kind of store stands in
``stores.json``. Uses that can do harm (``harm.uses``) are recorded beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import package
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.stored import Store, store_of
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import NOTHING, constant, join_all, only_string, strings
from checkrein.code.harm.uses import is_statement
from checkrein.code.libraries import tables
from checkrein.code.libraries.statements import ROWS, asked
from checkrein.code.libraries.store_requests import data
from checkrein.code.running import assignment, calls
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

SQL = "statements"  # the family of stores that only take these
UNKNOWN_KIND = "SQL"
LISTING = (".fetch", ".fetch_all", ".all")


def concerns(one: Library) -> bool:
    """Tell whether something is of a library that reaches a store."""
    return package(one.module) in data()["kinds"]


def carried(one: Library) -> tuple[Abstract, ...]:
    """Return the store that something is of, to be handed on to what is made of it."""
    found = store_of(one)
    return (Abstract(things=(found,)),) if found is not None else ()


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what a store answers, or what a client makes; None where that is not known."""
    root = package(one.module)
    name = one.path.rpartition(".")[2]
    if root not in data()["kinds"]:
        return None
    if _connects(one, name):
        return _connected(run, one, root, given)
    store = _placed(run, root, store_of(one) or _handed(given))
    family = data()["families"].get(root, SQL)
    if family != SQL:
        told = tables.call(run, one, store, given, scope)
        if told is not None:
            return told
    return _by_statement(run, one, store, name, given, scope)


def _connects(one: Library, name: str) -> bool:
    """Tell whether a function makes a client, as its own name or its module's tells."""
    return "()" not in one.path and (not one.path or name in data()["makers"])


def _connected(run: Interpreter, one: Library, root: str, given: Arguments) -> Abstract:
    address = _address(given)
    store = Store(_kind(root, given), address, run.structure("dict"))
    run.registry.stores[root] = store
    return _made(one, store)


def _made(one: Library, store: Store, *before: Abstract) -> Abstract:
    """Return what a method of a client makes, which is of the same store."""
    path = f"{one.path}()"
    return Abstract(things=(Library(one.module, path, (*before, Abstract(things=(store,)))),))


def _placed(run: Interpreter, root: str, found: Store | None) -> Store:
    """Return a store, where nothing says where it is that of the client that was made last."""
    known = run.registry.stores.get(root) or Store(data()["kinds"][root], NOTHING)
    if found is None or found.address or not known.address:
        return found or known
    return Store(known.kind, known.address, found.state, found.table)


def _handed(given: Arguments) -> Store | None:
    """Return the store of what a function is given: ``execute_values(cursor, …)``."""
    for value in given.every():
        for one in value.things:
            found = store_of(one) if isinstance(one, Library) else None
            if found is not None:
                return found
    return None


def _kind(root: str, given: Arguments) -> str:
    """Return the kind of store: what options or an address say, else what the package is for."""
    kind: str = data()["kinds"][root]
    if kind != UNKNOWN_KIND:
        return kind
    for value in given.every():
        for text in _texts_in(value, ("dialect", "type", "client", "provider", "url")):
            scheme = text.partition("://")[0].partition("+")[0].lower()
            if scheme in data()["dialects"]:
                found: str = data()["dialects"][scheme]
                return found
    return kind


def _texts_in(value: Abstract, names: tuple[str, ...]) -> list[str]:
    found = [*strings(value)]
    found += [str(a.parts[0]) for a in value.atoms if isinstance(a, Text)]
    for one in value.things:
        for name in names if isinstance(one, Structure) else ():
            found += strings(one.fields.get(name, NOTHING))
    return found


def _address(given: Arguments, depth: int = 2) -> Abstract:
    """Return the value that says where a store is."""
    names = data()["addresses"]
    holders = [t.fields for v in given.positional for t in v.things if isinstance(t, Structure)]
    for fields in (given.named, *holders):
        inner = next((fields[name] for name in names if fields.get(name)), NOTHING)
        if inner.atoms:
            return inner
        if inner and depth:
            return _address(Arguments(given.at, [inner]), depth - 1)
    return next((value for value in given.positional if value.atoms), NOTHING)


def _by_statement(
    run: Interpreter, one: Library, store: Store, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    if name == "cursor":
        fresh = Store(store.kind, store.address, run.structure("dict"))
        return _made(one, fresh)
    if name == "input":  # of a request of mssql
        _named(run, store, given)
        return Abstract(things=(Library(one.module, one.path.rpartition(".")[0], one.arguments),))
    if name in data()["fetching"] and store.state is not None and not given.named:
        rows = store.state.fields.get(ROWS, NOTHING)
        if rows:
            return _fetched(run, rows, data()["fetching"][name])
    if name in data()["inside"]:
        return _inside(run, one, store, name, given, scope)
    if name in data()["statements"]:
        found = asked(run, store, given, scope)
        if found is not None:
            return _answer(run, one, store, found, given, scope)
    return None


def _named(run: Interpreter, store: Store, given: Arguments) -> None:
    key = only_string(given.first())
    if store.state is not None and key is not None and len(given.positional) > 1:
        value = constant(key)
        assignment.store(run, store.state, value, given.positional[-1], alone=False)


def _inside(
    run: Interpreter, one: Library, store: Store, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Hand a connection to functions that are given."""
    functions = [f for value in given.every() for f in calls.functions_in(value)]
    made = _made(one, store)
    if not functions:
        return made
    passed = [NOTHING, made] if name == "getConnection" else [made]
    every = [calls.apply(run, f, Arguments(given.at, passed), scope) for f in functions]
    return join_all(every)


def of_unknown(run: Interpreter, name: str, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what a method of something unknown finds, where it is given a statement of SQL."""
    if name not in data()["statements"] or not is_statement(given.first()):
        return None
    known = list(run.registry.stores.values())
    store = known[-1] if known else Store(UNKNOWN_KIND, NOTHING)
    return asked(run, store, given, scope)


# ------------------------------------------------------------------------------ answers


def _fetched(run: Interpreter, rows: Abstract, how: str) -> Abstract:
    return rows if how == "one" else run.built("list", None, rows)


def _answer(
    run: Interpreter,
    one: Library,
    store: Store,
    rows: Abstract,
    given: Arguments,
    scope: Scope,
) -> Abstract:
    """Return rows as a library hands them out, and to callbacks."""
    functions = [f for value in given.every() for f in calls.functions_in(value)]
    root = package(one.module)
    if scope.source.language == "python":
        if store.state is not None:
            assignment.store(run, store.state, constant(ROWS), rows, alone=True)
        many = run.built("list", None, rows) if one.name.endswith(LISTING) else rows
        return Abstract(many.atoms, (*many.things, *_again(one, store)), many.sources)
    if root in {"pg", "serverless-postgres", "@neondatabase/serverless", "@vercel/postgres"}:
        shaped = run.built("dict", {"rows": rows, "rowCount": Abstract(open=True)})
    elif root in {"mssql", "tedious"}:
        listed = run.built("list", {"0": rows})
        shaped = run.built("dict", {"recordset": rows, "recordsets": listed})
    elif root in {"mysql2", "sequelize", "knex"} and not _typed(given):
        made = run.structure("list", {"0": rows})
        made.fields["rows"] = rows
        made.rest = rows
        shaped = Abstract(things=(made,))
    else:
        shaped = rows
    handed = rows if root in {"mysql", "mysql2"} else shaped
    for function in functions:
        calls.apply(run, function, Arguments(given.at, [NOTHING, handed, NOTHING]), scope)
    return shaped


def _typed(given: Arguments) -> bool:
    """Tell whether sequelize is asked for the rows alone."""
    every = (one for value in given.positional[1:] for one in value.things)
    return any(isinstance(one, Structure) and "type" in one.fields for one in every)


def _again(one: Library, store: Store) -> tuple[Library, ...]:
    """Return what is fetched from where a statement answers with its cursor."""
    return (Library(one.module, f"{one.path}()", (Abstract(things=(store,)),)),)


def is_row(run: Interpreter, symbol: Symbol, scope: Scope) -> bool:
    """Tell whether Python counts the columns of what a symbol stands for: a row of a store."""
    if scope.source.language != "python" or symbol.attribute:
        return False
    return run.recorder.is_of_store(symbol)


def element(one: Library) -> Abstract:
    """Return a row of a cursor that is gone through, nothing of anything else."""
    found = store_of(one) if concerns(one) else None
    rows = found.state.fields.get(ROWS, NOTHING) if found is not None and found.state else NOTHING
    return rows or NOTHING
