"""What comes after reading, loaded while a copy of the process reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module

from checkrein import checks

NEXT = ("checkrein.code.summary", "checkrein.derive", "checkrein.derive.access.means")


def loading() -> Iterator[None]:
    """Load the modules that each scan needs next, one after each step."""
    for name in (*NEXT, *checks.modules().values()):
        if name not in sys.modules:
            yield
            import_module(name)
