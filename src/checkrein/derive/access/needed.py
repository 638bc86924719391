"""Least privilege: which rights each function needs, for its calls and for its wiring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.access.called import called
from checkrein.derive.access.granted import Granted
from checkrein.derive.access.platform import Platform
from checkrein.derive.access.spelling import Spelling
from checkrein.derive.content.bindings import Binding
from checkrein.derive.content.flows import log_nodes
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Need


def needed(
    directory: Directory,
    bindings: Iterable[Binding],
    granted: Granted,
    roles: Mapping[str, str],
) -> Iterator[Need]:
    """Yield what functions need; ``roles``: function -> identity."""
    for need in _needed(directory, bindings, roles):
        target = need.resource if need.resource != "*" else None
        gives = granted.gives(roles.get(need.function, ""), need.action, target)
        yield replace(need, granted=gives)


def _needed(
    directory: Directory, bindings: Iterable[Binding], functions: Iterable[str]
) -> Iterator[Need]:
    spelling = Spelling(directory)
    for binding in bindings:
        yield from called(spelling, binding)
    platform = Platform(spelling, log_nodes(directory))
    for function in functions:
        yield from platform.needs(directory.resources[function])
