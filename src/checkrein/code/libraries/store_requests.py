"""Requests to stores that a client library reaches, and what is known of such libraries."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import NOTHING, constant
from checkrein.code.libraries import requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.stored import Store
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter

SERVICE = "database"


@functools.cache
def data() -> dict[str, Any]:
    """Return what is known of the libraries, lists as sets."""
    text = Path(__file__).with_name("stores.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    listed = {"addresses"}
    return {
        name: frozenset(value) if isinstance(value, list) and name not in listed else value
        for name, value in found.items()
    }


def recorded(  # noqa: PLR0913 - as ``requests.send``, and the store
    run: Interpreter,
    store: Store,
    operation: str,
    parameters: dict[str, Abstract],
    given: Arguments,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    """Record what is asked of a store; return its answer."""
    made = {"Kind": constant(store.kind), "Address": store.address}
    made |= {name: value for name, value in parameters.items() if value}
    whole = requests.parameters(run, {name: value for name, value in made.items() if value})
    return requests.send(run, (SERVICE, operation), whole, given.at, scope, certain=certain)


def of(run: Interpreter, names: Iterable[str]) -> Abstract:
    """Return the tables that a request is about."""
    known = frozenset(filter(None, names))
    return run.built("dict", {"table": Abstract(known)}) if known else NOTHING


def tree(run: Interpreter, pairs: Iterable[tuple[str, Abstract]]) -> Abstract:
    """Return values by ``table.column`` as a structure; of a whole table as they are."""
    found: dict[str, Abstract] = {}
    for path, value in pairs:
        table, _, column = path.partition(".")
        if not value:
            value = Abstract(open=True)  # noqa: PLW2901 - a column is there, whatever it holds
        part = run.built("dict", {column: value}) if column else value
        found[table] = requests.united(run, found[table], part) if table in found else part
    if "" in found and len(found) == 1:
        return found[""]
    return run.built("dict", found) if found else NOTHING
