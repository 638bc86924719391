"""What methods of models, collections and query builders ask of a store: no statement stands there.

``User.create({…})``, ``db.collection("users").updateOne(…)``, ``prisma.user.findMany(…)``,
``supabase.from("users").select("id, email")``, ``knex("users").where({id}).update({…})``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from checkrein.catalog.uses import package
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure, Thing
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    join,
    join_all,
    less,
    only_string,
    strings,
)
from checkrein.code.libraries import requests
from checkrein.code.libraries.store_requests import data, of, recorded
from checkrein.code.running import calls
from checkrein.late import regex
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.stored import Store
    from checkrein.code.running.interpreter import Interpreter

DEFINING = frozenset(("model", "define"))
INIT = "init"  # of a class that is a model
WORDS = regex(r"[\w.]+")
MONGOOSE = "mongoose"
WRAPPED = ("values", "data", "create", "update", "defaults")  # options that hold what is written
WHERE, CHOSEN = "where", ("attributes", "select", "projection", "fields")
LISTED = frozenset(("fetchall", "fetchmany", "all", "scalars", "mappings"))  # of rows in Python
EQUAL = frozenset(("eq", "match", "where", "andWhere", "is", "in", "in_", "whereIn", "equals"))


class Asked:
    """A method of something that stands for a table, with what it is given."""

    def __init__(self, run: Interpreter, one: Library, store: Store, given: Arguments) -> None:
        self.run = run
        self.root = package(one.module)
        self.family = data()["families"][self.root]
        self.name = one.path.rpartition(".")[2]
        self.store = store
        self.table = store.table or _member_before(one)
        self.given = given
        self.one = one

    @property
    def options(self) -> Structure | None:
        """The object that is given first, if it is one."""
        found = [t for t in self.given.first().things if isinstance(t, Structure)]
        return found[0] if found else None


def call(
    run: Interpreter, one: Library, store: Store, given: Arguments, scope: Scope
) -> Abstract | None:
    """Return what a method of a table answers or makes, None if it is no such method."""
    asked = Asked(run, one, store, given)
    name = asked.name
    if name in DEFINING or (name == INIT and store.table):
        return _defined(asked, scope)
    if name in data()["naming"] or (asked.root == "knex" and name.endswith("()")):
        return _made(asked, only_string(given.first()) or "")
    if name.endswith("()") and store.table:
        return _made(asked, store.table, given.first())
    if asked.table or asked.family == "documents":
        found = _asked(asked, scope)
        if found is not None:
            return found
    if asked.family != "builder" or not store.table:
        return None
    return Abstract(things=(Library(one.module, one.path.rpartition(".")[0], one.arguments),))


def _asked(asked: Asked, scope: Scope) -> Abstract | None:
    """Record what a method asks of a table, None if it asks nothing."""
    for kind, ask in ASKING.items():
        if asked.name in data()[kind]:
            return ask(asked, scope)
    if asked.name == "save" and asked.store.table and len(asked.one.arguments) > 1:
        return _recorded(asked, "Insert", asked.one.arguments[0], NOTHING, scope)
    return None


def _insert(asked: Asked, scope: Scope) -> Abstract:
    return _recorded(asked, "Insert", _inserted(asked), NOTHING, scope)


def _update(asked: Asked, scope: Scope) -> Abstract:
    where, item = _updated(asked)
    return _recorded(asked, "Update", item, where, scope)


def _delete(asked: Asked, scope: Scope) -> Abstract:
    return _recorded(asked, "Delete", NOTHING, _where(asked), scope)


def _member_before(one: Library) -> str:
    """Return the table that a path names: ``PrismaClient().user.create``."""
    before = one.path.split(".")[:-1]
    last = before[-1] if len(before) > 1 else ""
    return "" if last.endswith(("()", "[]")) else last


def _made(asked: Asked, table: str, *before: Abstract) -> Abstract:
    store = Abstract(things=(asked.store.of(table),))
    path = f"{asked.one.path}()"
    return Abstract(things=(Library(asked.one.module, path, (*before, store)),))


def _defined(asked: Asked, scope: Scope) -> Abstract:
    """Record a schema that code defines for a table; return the model."""
    if asked.name == INIT:
        table, schema = asked.store.table, asked.given.first()
    else:
        table, schema = only_string(asked.given.first()) or "", asked.given.first(1)
    shapes = [*schema.things]
    for one in schema.things:
        if isinstance(one, Library):
            shapes += [t for value in one.arguments[:1] for t in value.things]
    names = [n for t in shapes if isinstance(t, Structure) for n in t.fields if n.isidentifier()]
    if names and table:
        columns = dict.fromkeys(names, Abstract(open=True))
        item = asked.run.built("dict", {table: asked.run.built("dict", columns)})
        parameters = {"Of": of(asked.run, [table]), "Item": item}
        recorded(asked.run, asked.store, "Define", parameters, asked.given, scope)
    return _made(asked, table)


# ------------------------------------------------------------------------------ what is given


def _part(asked: Asked, *names: str) -> Abstract:
    options = asked.options
    known = [options.fields[name] for name in names if options and options.fields.get(name)]
    return join_all(known)


def _inserted(asked: Asked) -> Abstract:
    """Return what is put into a table, an item of a list like one alone."""
    first = asked.given.first()
    if asked.family == "prisma":
        first = _part(asked, "data", "create", "update")
    elif asked.name == "findOrCreate":
        first = join(_part(asked, "defaults"), _part(asked, WHERE))
    first = join_all([first, *map(_written, first.things)])
    lists = [t for t in first.things if isinstance(t, Structure) and t.kind == "list"]
    if not lists:
        return _of_document(first)
    rest = tuple(one for one in first.things if one not in lists)
    items = join_all(one.items() for one in lists)
    return _of_document(join(Abstract(first.atoms, rest, first.sources, first.open), items))


def _of_document(given: Abstract) -> Abstract:
    """Return what a document was made of, where one is given: ``User.create(new User({…}))``."""
    made = [t for t in given.things if isinstance(t, Library) and len(t.arguments) > 1]
    if not made:
        return given
    rest = tuple(one for one in given.things if one not in made)
    return join_all(
        [
            Abstract(given.atoms, rest, given.sources),
            *(one.arguments[0] for one in made),
        ]
    )


def _written(one: Thing) -> Abstract:
    """Return what a document was made of that is put as a whole: ``create(new Order({…}))``."""
    made = isinstance(one, Library) and one.path.endswith("()") and len(one.arguments) > 1
    return one.arguments[0] if isinstance(one, Library) and made else NOTHING


def _updated(asked: Asked) -> tuple[Abstract, Abstract]:
    """Return the conditions of an update, and what it sets."""
    if asked.family == "prisma":
        return _part(asked, WHERE), _part(asked, "data", "update", "create")
    if asked.family == "builder":
        return NOTHING, asked.given.first()
    if asked.family == "models" and asked.root != MONGOOSE:
        options = Arguments(asked.given.at, asked.given.positional[1:])
        inner = Asked(asked.run, asked.one, asked.store, options)
        return _part(inner, WHERE), asked.given.first()
    item = asked.given.first(1, "update")
    first = asked.given.first(0, "filter")
    return _identified(asked, first), _set(asked.run, item)


def _set(run: Interpreter, item: Abstract) -> Abstract:
    """Return what an update sets: ``{$set: {…}, $push: {…}}`` without the operators."""
    found = NOTHING
    plain: list[Structure] = []
    for one in item.things:
        if isinstance(one, Structure) and any(name.startswith("$") for name in one.fields):
            for name, value in one.fields.items():
                part = value if name.startswith("$") else run.built("dict", {name: value})
                found = requests.united(run, found, part) if found else part
        elif isinstance(one, Structure):
            plain.append(one)
    rest = Abstract(item.atoms, tuple(plain), item.sources, item.open)
    return join(found, rest) if found else rest


def _where(asked: Asked) -> Abstract:
    """Return the conditions of a request."""
    if asked.family in {"prisma", "models"} and asked.root != MONGOOSE:
        if asked.name == "findByPk":
            return asked.run.built("dict", {"id": asked.given.first()})
        return _part(asked, WHERE)
    if asked.family == "builder":
        return _compared(asked.run, asked.name, asked.given)
    return _identified(asked, asked.given.first(0, "filter"))


def _identified(asked: Asked, first: Abstract) -> Abstract:
    if "ById" in asked.name or "by_id" in asked.name:
        return asked.run.built("dict", {"_id": first})
    return first


def _compared(run: Interpreter, name: str, given: Arguments) -> Abstract:
    """Return the conditions that a step of a builder adds: ``.eq("id", id)``, ``.where({id})``."""
    if name not in EQUAL:
        return NOTHING
    column = only_string(given.first())
    if column is not None and len(given.positional) > 1:
        return run.built("dict", {column.rpartition(".")[2]: given.positional[-1]})
    return given.first() if given.first().things else NOTHING


# ------------------------------------------------------------------------------ what is asked


def _recorded(
    asked: Asked, operation: str, item: Abstract, where: Abstract, scope: Scope
) -> Abstract:
    run, table = asked.run, asked.table
    parameters = {
        "Of": of(run, [table]),
        "Item": _in(run, table, item),
        "Key": _in(run, table, where),
    }
    functions = [f for value in asked.given.every() for f in calls.functions_in(value)]
    rows = recorded(run, asked.store, operation, parameters, asked.given, scope)
    for function in functions:
        calls.apply(run, function, Arguments(asked.given.at, [NOTHING, rows]), scope)
    return UNKNOWN if asked.name in data()["counting"] else rows  # how many rows it was


def _in(run: Interpreter, table: str, value: Abstract) -> Abstract:
    return run.built("dict", {table or "{}": value}) if value and table else value


def _found(asked: Asked, scope: Scope) -> Abstract:
    """Record what looks rows up; return them, as far as they are asked for."""
    run, table = asked.run, asked.table
    chosen, without = _chosen(asked)
    columns = {name: constant(f"{table}.{name}" if table else name) for name in chosen}
    parameters = {
        "Of": of(run, [table]),
        "Key": _in(run, table, _where(asked)),
        "Columns": run.built("dict", columns) if columns else NOTHING,
    }
    rows = recorded(run, asked.store, "Select", parameters, asked.given, scope)
    rows = less(rows, without) if without else rows
    for function in [f for value in asked.given.every() for f in calls.functions_in(value)]:
        calls.apply(run, function, Arguments(asked.given.at, [NOTHING, rows]), scope)
    if asked.family != "builder":
        return rows
    return Abstract(rows.atoms, (*rows.things, *_made(asked, table).things), rows.sources)


def _chosen(asked: Asked) -> tuple[list[str], list[str]]:
    """Return the columns that are asked for, none for all, and those that are left out."""
    if asked.name == "select" and asked.family == "builder":
        texts = [t for value in asked.given.positional for t in _texts(value)]
        names = [n for text in texts for n in _listed(text)]
        return ([] if any(part in text for text in texts for part in "*(") else names), []
    chosen: list[str] = []
    without: list[str] = []
    second = asked.given.first(1)
    for value in (asked.given.first(), second):
        for holder in value.things:
            for name in CHOSEN if isinstance(holder, Structure) else ():
                _choose(holder.fields.get(name, NOTHING), chosen, without)
    for name in CHOSEN:
        _choose(asked.given.named.get(name, NOTHING), chosen, without)
    if asked.root in {"pymongo", "motor", MONGOOSE}:
        _choose(second, chosen, without)
        for word in (word for text in strings(second) for word in text.split()):
            (without if word.startswith("-") else chosen).append(word.lstrip("-+"))
    return chosen, without


def _choose(value: Abstract, chosen: list[str], without: list[str]) -> None:
    """Take in a list of columns, ``{email: true, password: 0}`` or ``{exclude: […]}``."""
    for one in value.things:
        if isinstance(one, Structure) and one.kind == "list":
            chosen += [text for part in one.fields.values() for text in strings(part)]
        elif isinstance(one, Structure):
            for name, part in one.fields.items():
                if name == "exclude":
                    _choose(part, without, [])
                else:
                    left_out = bool(part.atoms) and part.atoms <= {0}
                    (without if left_out else chosen).append(name)


def _texts(value: Abstract) -> Iterable[str]:
    found = strings(value)
    for one in value.things:
        if isinstance(one, Structure) and one.kind == "list":
            found = [*found, *(t for each in one.fields.values() for t in strings(each))]
    return found


def _listed(text: str) -> list[str]:
    parts = (part.strip() for part in text.split(","))
    found = (WORDS.findall(part) for part in parts)
    return [words[0].rpartition(".")[2] for words in found if words]


ASKING: Final[dict[str, Callable[[Asked, Scope], Abstract]]] = {
    "inserting": _insert,
    "upserting": _insert,
    "updating": _update,
    "deleting": _delete,
    "finding": _found,
}

# ------------------------------------------------------------------------------ steps after it


def chained(run: Interpreter, receiver: Abstract, name: str, given: Arguments) -> Abstract | None:
    """Return what a step of a query gives behind what asked: the same rows; None of others."""
    symbols = [atom for atom in receiver.atoms if isinstance(atom, Symbol)]
    if not symbols or len(symbols) < len(receiver.atoms):
        return None
    if not all(map(run.recorder.is_of_store, symbols)):
        return None
    known = data()
    if name in known["inserting"] or name in known["updating"] or name in known["deleting"]:
        return Abstract(open=True)
    if name == "select" and given.positional:
        texts = strings(given.first())
        without = [n[1:] for text in texts for n in text.split() if n.startswith("-")]
        if without:
            return less(receiver, without)
    if name in LISTED and all(not symbol.attribute for symbol in symbols):
        return run.built("list", None, receiver)
    where = _compared(run, name, given)
    if where:
        table = run.recorder.table(symbols[0])
        key = _in(run, table, where)
        run.recorder.more(receiver, run.built("dict", {"Key": key}))
    return receiver
