"""Functions that are chosen by which request it is, and called later.

``const handle = method === "GET" ? read : write``, ``ROUTES[event.routeKey](event)``: what such a
function does belongs to the requests that it was chosen for, so it carries the facts of its choice
to where it is called (``Closure.chosen``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.requested import field, field_of, said
from checkrein.code.domain.things import Closure, Structure
from checkrein.code.domain.values import NOTHING, join
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.domain.things import Thing


def by_request(value: Abstract, index: Abstract) -> Abstract | None:
    """Return what a table holds under a word of the request, None where that tells nothing.

    Its functions remember which word they stand under.
    """
    tables = [one for one in value.things if isinstance(one, Structure)]
    if not tables or len(tables) < len(value.things) or value.atoms:
        return None
    parts = _parts(index)
    if not parts or not all(map(_is_table, tables)):
        return None
    found = NOTHING
    for one in tables:
        for key, held in one.fields.items():
            found = join(found, marked(held, _said(parts, key)))
    return found


def may_lack(value: Abstract) -> bool:
    """Tell whether a value was looked up under a word of the request: its table may lack it."""
    return any(type(one) is Closure and bool(one.chosen) for one in value.things)


def marked(value: Abstract, chosen: Iterable[Symbol]) -> Abstract:
    """Return a value whose functions remember under which facts they were chosen."""
    known = frozenset(chosen)
    if not known:
        return value
    things = tuple(_chosen(one, known) for one in value.things)
    return Abstract(value.atoms, things, value.sources, value.open)


def _chosen(one: Thing, known: frozenset[Symbol]) -> Thing:
    if type(one) is not Closure:
        return one
    return Closure(one.definition, one.scope, one.receiver, one.owner, one.chosen | known)


def _is_table(one: Structure) -> bool:
    """Tell whether a structure is a table of functions, of which every key is known."""
    if one.kind != "dict" or one.owner is not None or one.element or one.rest:
        return False
    held = [thing for value in one.fields.values() for thing in value.things]
    return any(type(thing) is Closure for thing in held)


def _parts(index: Abstract) -> tuple[str, ...]:
    """Return the pieces of a key: fields of the request, and the texts between them.

    Fields stand at even places, none where there is anything else.
    """
    if whole := field_of(index):
        return (whole,)
    if len(index.atoms) != 1 or index.things:
        return ()
    (atom,) = index.atoms
    if type(atom) is not Text or not index.sources <= {*atom.parts}:
        return ()
    pieces = tuple(
        part if at % 2 and isinstance(part, str) else field(part)
        for at, part in enumerate(atom.parts)
    )
    return pieces if all(pieces) and len(pieces) % 2 else ()


def _said(parts: tuple[str, ...], key: str) -> list[Symbol]:
    """Return what a key of a table says of the request, nothing where it is of another form."""
    pattern = "".join(re.escape(each) if at % 2 else "(.+?)" for at, each in enumerate(parts))
    found = re.fullmatch(pattern, key)
    if found is None:
        return []
    return [said(field, text) for field, text in zip(parts[::2], found.groups(), strict=True)]
