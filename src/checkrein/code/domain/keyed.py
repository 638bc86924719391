"""What a structure holds under keys that variables name: ``cache[process.env.ORDERS] = …``.

Such a key is not known, but it is the same in all of a deployment: what was put there under
one variable is not what is looked up under another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code.domain.values import ENVIRONMENT, NOTHING, join, plain
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.things import Structure

Key = frozenset[Any]  # all that one key may be


def fixed(key: Abstract) -> Key | None:
    """Return what a key is that only variables and constants make, None for all others."""
    if key.open or key.things or not key.atoms or not all(map(_is_fixed, key.atoms)):
        return None
    return frozenset(map(_bare, key.atoms))


def _bare(atom: Any) -> Any:
    """Return a part of a key without what it is known to be harmless for."""
    if isinstance(atom, Text):
        return Text(tuple(map(_bare, atom.parts)))
    return plain(atom) if isinstance(atom, Symbol) else atom


def _is_fixed(atom: Any) -> bool:
    if isinstance(atom, Text):
        return all(_is_fixed(part) for part in atom.parts)
    return atom.owner == ENVIRONMENT if isinstance(atom, Symbol) else isinstance(atom, str)


def put(one: Structure, key: Abstract, value: Abstract, *, surely: bool) -> None:
    """Remember what was put under such a key, if it is one."""
    name = fixed(key)
    if name is not None:
        one.named[name] = value if surely else join(one.named.get(name, NOTHING), value)


def held(one: Structure, key: Abstract) -> Abstract | None:
    """Return what stands under such a key, None where anything may that the structure has."""
    name = fixed(key) if one.named else None
    if name is None or not _is_told(one):
        return None
    if name in one.named:
        return one.named[name]
    apart = all(name.isdisjoint(other) for other in one.named)
    return NOTHING if apart and not one.fields and not one.rest else None


def _is_told(one: Structure) -> bool:
    """Tell whether all that has no plain key stands under such keys."""
    known = frozenset[Any]().union(*one.named)
    return known.issuperset(map(_bare, one.keys.atoms)) and not (one.keys.open or one.keys.things)


def spread(made: Structure, one: Structure, *, surely: bool) -> None:
    """Take over what another structure holds so."""
    for name, value in one.named.items():
        made.named[name] = value if surely else join(made.named.get(name, NOTHING), value)
