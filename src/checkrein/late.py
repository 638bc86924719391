"""What is made where it is first used: patterns, and what a package offers of its modules.

A module of patterns is loaded for one of them, or for none: to compile all that a scan loads took
30 ms of each. To import one module of a package loads the package first.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would; what is wrong with the text is told at its first use.

    For what stands in a module: it is no ``re.Pattern`` to ``isinstance``, nor to functions of
    ``re``.
    """
    return cast("re.Pattern[AnyStr]", Late(text, flags))


class Late:
    """A pattern that is not compiled yet; it becomes one at its first use."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def compiled(self) -> re.Pattern[Any]:
        """Return the pattern itself; raise re.error where the text is none."""
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = self.compiled()
        for each in ("match", "fullmatch", "search", "sub", "finditer"):
            setattr(self, each, getattr(made, each))  # from now on found without asking here
        value = getattr(made, name)
        setattr(self, name, value)
        return value


def offered(package: str, names: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package that offers names, said by the module they are in."""
    homes = {name: module for module, those in names.items() for name in those}

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{homes[name]}"), name)

    return found
