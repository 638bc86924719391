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
    """Yield what functions need, each once; ``roles``: function -> identity."""
    found: dict[str, Need] = {}
    for need in _needed(directory, bindings, roles):
        known = found.get(need.id)
        found[need.id] = _united(known, need) if known else need
    for need in found.values():
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


def _united(known: Need, other: Need) -> Need:
    """Return one need of two on the same ARNs: what surely asks for it counts."""
    reasons = dict.fromkeys([*known.open.split("; "), *other.open.split("; ")])
    return replace(
        known,
        certain=known.certain or other.certain,
        open="; ".join(filter(None, reasons)),
        evidence=tuple(dict.fromkeys((*known.evidence, *other.evidence))),
    )
