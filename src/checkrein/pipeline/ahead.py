"""What comes after reading, loaded while a copy of the process reads."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from importlib import import_module

from checkrein import checks

CODE = ("checkrein.code.summary",)  # after templates
NEXT = (
    *("checkrein.derive", "checkrein.derive.access.means"),
    *("checkrein.report.terminal", "checkrein.write"),
)


def loading() -> Iterator[None]:
    """Load the modules that each scan needs in the end, one after each step."""
    yield from each(NEXT)
    yield from each(checks.modules().values())


def each(names: Iterable[str]) -> Iterator[None]:
    """Load modules that are not loaded yet, one after each step."""
    for name in names:
        if name not in sys.modules:
            yield
            import_module(name)
