"""Values as they are where things stand elsewhere: all that has a place, gone through."""

from __future__ import annotations

from operator import is_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.cache.alike import fields
from checkrein.model import Code, Place

PLAIN = frozenset({bool, int, float, type(None)})
SEQUENCES = frozenset({tuple, list, frozenset, set})


class Walk:
    """Makes values anew with other places; whoever knows these says so of places and texts."""

    def of(self, value: Any) -> Any:
        """Return a value with the places of now; raise Differs where one is not known."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is str:
            return self.text(value)
        if kind is Place:
            return self.place(value)
        if kind in SEQUENCES:
            items = [self.of(each) for each in value]
            return value if all(map(is_, items, value)) else kind(items)
        return self._whole(value)

    def place(self, place: Place) -> Place:
        """Return where a place is now; raise Differs as above."""
        raise NotImplementedError

    def text(self, text: str) -> str:
        """Return a text with the places of now, if it names any; raise Differs as above."""
        raise NotImplementedError

    def code(self, code: Code) -> Code:
        """Return where the text of a function is now; raise Differs as above."""
        moved: Code = self._struct(code)
        return moved

    def _whole(self, value: Any) -> Any:
        if isinstance(value, Code):
            return self.code(value)
        if isinstance(value, Struct):
            return self._struct(value)
        return self._mapping(value) if isinstance(value, dict) else value

    def _struct(self, value: Any) -> Any:
        changed = {}
        for name in fields(value):
            old = getattr(value, name)
            new = self.of(old)
            if new is not old:
                changed[name] = new
        return replace(value, **changed) if changed else value

    def _mapping(self, value: dict[Any, Any]) -> dict[Any, Any]:
        return {
            (self.text(key) if type(key) is str else key): self.of(item)
            for key, item in value.items()
        }
