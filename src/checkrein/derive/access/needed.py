"""Least privilege: which rights each function needs, for its calls and for its wiring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.access.called import called
from checkrein.derive.access.granted import Granted
from checkrein.derive.access.spelling import Spelling
from checkrein.derive.content.bindings import Binding
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Need


def needed(
    directory: Directory,
    bindings: Iterable[Binding],
    granted: Granted,
    roles: Mapping[str, str],
) -> Iterator[Need]:
    """Yield what functions need; ``roles``: function -> identity."""
    spelling = Spelling(directory)
    for binding in bindings:
        for need in called(spelling, binding):
            target = need.resource if need.resource != "*" else None
            gives = granted.gives(roles.get(need.function, ""), need.action, target)
            yield replace(need, granted=gives)
