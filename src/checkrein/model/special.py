"""The types of values that are not plain; what is done with them stands in ``values``."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

Condition = tuple[str, bool]  # ("STACK#IsProd", True)
When = tuple[Condition, ...]  # sorted; all must hold


class Symbol(Struct, frozen=True, order=True, tag=True, gc=False):
    """A value that is known only by where it comes from. Equal symbols are equal values."""

    owner: str
    attribute: str = "Ref"

    def __str__(self) -> str:
        return f"${{{self.owner}.{self.attribute}}}" if self.attribute else f"${{{self.owner}}}"


class Open(Struct, frozen=True, order=True, tag=True, gc=False):
    """A value that nothing here can tell, and why."""

    reason: str

    def __str__(self) -> str:
        return f"<{self.reason}>"


RANDOM = Open("made at random")  # so that nobody guesses it


class Text(Struct, frozen=True, tag=True, gc=False):
    """A string whose parts are partly symbolic; never all plain, never nested."""

    parts: tuple[str | Symbol | Open, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


class Choice(Struct, frozen=True, tag=True):
    """One of several values, each under the conditions it assumes (empty: not known which)."""

    options: tuple[tuple[When, Any], ...]

    def __str__(self) -> str:
        return " | ".join(str(value) for _, value in self.options)
