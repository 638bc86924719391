"""A part of a service: what it says, and the path that says where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkrein.model import Path
from checkrein.model.values import SPECIAL, Choice, Open, Symbol, Text, Value, alternatives, at_path

EMPTY = (None, False, "", 0)


@dataclass(frozen=True)
class Part:
    """A value of a service with its path; true where it is there and says something.

    What lies below a value that is not known is just as unknown, as ``at_path`` has it.
    """

    value: Value
    path: Path

    def __getitem__(self, key: str | int) -> Part:
        return Part(at_path(self.value, (key,)), (*self.path, key))

    def __bool__(self) -> bool:
        return self.value is not None and self.value not in EMPTY

    def at(self, *keys: str | int) -> Part:
        """Return what stands below a path of keys."""
        return Part(at_path(self.value, keys), (*self.path, *keys))

    def first(self, *keys: str) -> Part:
        """Return the first of several keys that says something, else the last."""
        return next((self[key] for key in keys if self[key]), self[keys[-1]])

    @property
    def is_absent(self) -> bool:
        return self.value is None

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def is_open(self) -> bool:
        return isinstance(self.value, SPECIAL)

    @property
    def word(self) -> str:
        """The text, or "" where it is none."""
        return self.value if isinstance(self.value, str) else ""

    def items(self) -> Iterator[tuple[str, Part]]:
        """Yield the entries of a map, or of a list of maps, as the framework merges them."""
        if isinstance(self.value, dict):
            for key in self.value:
                yield key, self[key]
        elif isinstance(self.value, list):
            for part in self:
                yield from part.items()

    def __iter__(self) -> Iterator[Part]:
        """Yield the items of a list; of one value, that value."""
        if isinstance(self.value, list):
            for index in range(len(self.value)):
                yield self[index]
        elif self.value is not None:
            yield self


def plain(value: Any) -> Any:
    """Return a value with every part in it replaced by what it says."""
    if isinstance(value, Part):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def word(value: Value) -> str:
    """Return a value as the words that a logical id is made of."""
    if isinstance(value, Part):
        return word(value.value)
    if isinstance(value, Text):
        return "".join(map(word, value.parts))
    if isinstance(value, Choice):
        return word(alternatives(value)[0])
    if isinstance(value, dict):
        return _intrinsic(value)
    if isinstance(value, Open) or value is None:
        return ""
    return value.attribute if isinstance(value, Symbol) else str(value)


def _intrinsic(value: dict[str, Any]) -> str:
    """Return the words of a text that CloudFormation makes, a reference as what it names."""
    if "Fn::Sub" in value:
        found = value["Fn::Sub"]
        return word(found[0] if isinstance(found, list) and found else found)
    joined = value.get("Fn::Join")
    if isinstance(joined, list) and len(joined) == 2 and isinstance(joined[1], list):  # noqa: PLR2004
        return word(joined[0]).join(map(word, joined[1]))
    return word(value.get("Ref"))
