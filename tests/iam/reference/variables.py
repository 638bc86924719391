"""Policy variables: IAM's user guide, "Variables and tags"."""

from __future__ import annotations

import re
from collections.abc import Mapping

Context = Mapping[str, str | tuple[str, ...]]
Piece = tuple[str, bool]  # text, and whether it is literal (a variable's value)

VARIABLE = re.compile(r"\$\{([^{}]+)\}")
WITH_DEFAULT = re.compile(r"([^,]*), '(.*)'", re.DOTALL)
SPECIAL = ("*", "?", "$")


def pieces(text: str, context: Context, version: str) -> tuple[Piece, ...] | None:
    """Substitute the variables of a value; None where one of them has no value.

    "Earlier versions of the policy language don't support policy variables … treated as literal
    strings". A substituted value is literal: a * in it is no wildcard.
    """
    if version != "2012-10-17" or "${" not in text:
        return ((text, False),)
    found: list[Piece] = []
    end = 0
    for variable in VARIABLE.finditer(text):
        value = value_of(variable[1], context)
        if value is None:
            return None
        found += [(text[end : variable.start()], False), (value, True)]
        end = variable.end()
    return tuple(piece for piece in (*found, (text[end:], False)) if piece != ("", False))


def value_of(name: str, context: Context) -> str | None:
    """${*}, ${?} and ${$} are those characters; a default follows a comma and a space in quotes.

    "You can't use a multivalued condition key as a variable".
    """
    if name in SPECIAL:
        return name
    default = WITH_DEFAULT.fullmatch(name)
    value = context.get((default[1] if default else name).lower())
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else None
    return value if value is not None else default[2] if default else None


def joined(found: tuple[Piece, ...]) -> str:
    return "".join(text for text, _ in found)
