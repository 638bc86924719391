"""A store that no template declares, as code holds it: a database that a client library reaches."""

from __future__ import annotations

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library, Structure, Thing

MODELS = frozenset(("sequelize", "sequelize-typescript"))  # whose classes stand for tables
DEPTH = 3  # in what a library's object was made with


class Store(Thing):
    """A database: what kind it is, where, and of which of its tables something is.

    ``address`` is the value that says where it is, nothing where none does. ``state`` holds what a
    cursor found (``rows``) and what a request was given by name (``given``).
    """

    __slots__ = ("address", "kind", "state", "table")

    def __init__(
        self, kind: str, address: Abstract, state: Structure | None = None, table: str = ""
    ) -> None:
        self.kind = kind
        self.address = address
        self.state = state
        self.table = table

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Store)
            and (self.kind, self.table) == (other.kind, other.table)
            and self.address == other.address
            and self.state is other.state
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.table))

    def of(self, table: str) -> Store:
        """Return one of its tables."""
        return Store(self.kind, self.address, self.state, table)


def store_of(one: Thing, depth: int = DEPTH) -> Store | None:
    """Return the store that something of a library was made of, None if it was of none."""
    if isinstance(one, Store):
        return one
    if isinstance(one, Structure):
        values = [v for name, v in one.fields.items() if name in {"bind", "connection", "client"}]
    else:
        values = [*one.arguments] if isinstance(one, Library) else []
    for value in values if depth else ():
        for inner in value.things:
            found = store_of(inner, depth - 1)
            if found is not None:
                return found
    return None


def model(base: Library, name: str) -> tuple[Abstract, ...]:
    """Return the table that a class of the program stands for, by its base class."""
    if base.module not in MODELS or base.path.rpartition(".")[2] != "Model":
        return ()
    return (Abstract(things=(Store("SQL", Abstract(), None, name),)),)
