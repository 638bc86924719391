"""Policy variables: ``${aws:username}``, with a default ``${aws:PrincipalTag/team, 'none'}``.

Only documents of version 2012-10-17 have them. ``${*}``, ``${?}`` and ``${$}`` are those
characters themselves; in patterns they become characters of their own, since ``*`` is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from checkrein.iam.symbols import Symbols
from checkrein.late import regex
from checkrein.model import Symbol, Value

# Unicode's noncharacters: no text of the world holds them.
STAR: Final = "\ufdd0"
QUESTION: Final = "\ufdd1"
LITERAL: Final = str.maketrans({STAR: "*", QUESTION: "?"})
PATTERN: Final = str.maketrans({"*": STAR, "?": QUESTION})
ESCAPES: Final = {"*": STAR, "?": QUESTION, "$": "$"}
PLACE = regex(r"\$\{([^{}]*)\}")
NAME = regex(r"\s*([^,\s][^,]*?)\s*(?:,\s*'([^']*)'\s*)?")


class Variable(NamedTuple):
    """A place for a condition key's value; ``default`` counts where the key is not there."""

    key: str  # lower case
    default: str | None


Pieces = tuple[str | Variable, ...]


@lru_cache(maxsize=16384)
def pieces(text: str) -> Pieces:
    """Split a value into what stands there and its variables; what is no variable stays text."""
    found: list[str | Variable] = []
    for index, part in enumerate(PLACE.split(text)):
        if index % 2 == 0:
            found.append(part)
        elif part in ESCAPES:
            found.append(ESCAPES[part])
        elif name := NAME.fullmatch(part):
            found.append(Variable(name[1].lower(), name[2]))
        else:
            found.append(f"${{{part}}}")
    if any(isinstance(part, Variable) for part in found):
        return tuple(part for part in found if part != "")
    return ("".join(map(str, found)),)


def filled(
    template: Pieces, context: Mapping[str, Value], symbols: Symbols, *, open: bool
) -> str | None:
    """Put the values of a request into a template; None where a variable has no value.

    What is put in counts literally, wildcards too. An ``open`` request's unknown value is a
    symbol, the same for the same key.
    """
    found = []
    for piece in template:
        text = piece if isinstance(piece, str) else _value(piece, context, symbols, open=open)
        if text is None:
            return None
        found.append(text)
    return "".join(found)


def _value(
    variable: Variable, context: Mapping[str, Value], symbols: Symbols, *, open: bool
) -> str | None:
    value = context.get(variable.key)
    if value is None and open:
        return symbols.encode(Symbol("@policy", variable.key))[0]
    if isinstance(value, (tuple, list)):  # "You can't use a multivalued condition key"
        value = value[0] if len(value) == 1 else None
    elif value is None:
        value = variable.default
    return None if value is None else str(value).translate(PATTERN)


def lacks_value(template: Pieces, context: Mapping[str, Value]) -> bool:
    """Tell whether a variable of a template has no value, or none that is given."""
    return any(isinstance(piece, Variable) and _is_void(piece, context) for piece in template)


def _is_void(variable: Variable, context: Mapping[str, Value]) -> bool:
    value = context.get(variable.key)
    if isinstance(value, (tuple, list)):
        return len(value) != 1
    return value is None and variable.default is None


def variable_keys(templates: Iterable[Pieces]) -> Iterator[str]:
    """Yield the condition keys that templates put in."""
    for template in templates:
        yield from (piece.key for piece in template if isinstance(piece, Variable))
