"""What comes after reading, loaded while a copy of the process reads templates."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module

from checkrein import checks

NEXT = (
    *("checkrein.code.summary", "checkrein.derive", "checkrein.derive.access.means"),
    *("checkrein.report.terminal", "checkrein.write"),
)


def loading() -> Iterator[None]:
    """Load the modules that a scan needs in the end, one after each step.

    Only where templates are read: they take as long as this. Beside a changed function it saves
    nothing, and most checks are not even asked then.
    """
    for name in (*NEXT, *checks.modules().values()):
        if name not in sys.modules:
            yield
            import_module(name)
