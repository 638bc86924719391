"""Least privilege: which rights each function needs, for its calls and for its wiring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from checkrein.derive.access.grounds import Grounds
from checkrein.derive.access.remembered import Asked, remembered_needs
from checkrein.derive.content.bindings import Binding
from checkrein.derive.content.flows import log_nodes
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, Grant, Need

if TYPE_CHECKING:
    from checkrein.derive.access.granted import Granted
    from checkrein.derive.access.platform import Platform
    from checkrein.derive.access.spelling import Spelling


def needed(
    directory: Directory,
    bindings: Mapping[str, Binding],
    rights: tuple[Iterable[Access], Iterable[Grant]],
    roles: Mapping[str, str],
    of: Grounds | None = None,
) -> Iterator[Need]:
    """Yield what functions need, each once; ``roles``: function -> identity.

    ``rights`` are all that is granted. What of it follows from ``of`` may be known.
    """
    making = _Making(directory, bindings, rights, roles)
    for function in dict.fromkeys((*bindings, *roles)):
        role = roles.get(function, "")
        here = role in directory.resources  # others may be granted something anywhere
        deployment = directory.deployment(function) if here else ""
        asked = Asked(function, role, deployment, bindings.get(function))
        yield from remembered_needs(asked, of, making.needs)


class _Making:
    """Makes the needs of one function after another."""

    def __init__(
        self,
        directory: Directory,
        bindings: Mapping[str, Binding],
        rights: tuple[Iterable[Access], Iterable[Grant]],
        roles: Mapping[str, str],
    ) -> None:
        self._directory, self._bindings = directory, bindings
        self._rights, self._roles = rights, roles

    def needs(self, function: str) -> list[Need]:
        found: dict[str, Need] = {}
        for need in self._asked(function):
            known = found.get(need.id)
            found[need.id] = _united(known, need) if known else need
        return [self._told(need) for need in found.values()]

    def _asked(self, function: str) -> Iterator[Need]:
        from checkrein.derive.access.called import called  # noqa: PLC0415 - most are known

        binding = self._bindings.get(function)
        if binding:
            yield from called(self._spelling, binding)
        if function in self._roles:
            yield from self._platform.needs(self._directory.resources[function])

    def _told(self, need: Need) -> Need:
        target = need.resource if need.resource != "*" else None
        gives = self._granted.gives(self._roles.get(need.function, ""), need.action, target)
        return replace(need, granted=gives)

    @cached_property
    def _spelling(self) -> Spelling:
        from checkrein.derive.access.spelling import Spelling  # noqa: PLC0415 - as above

        return Spelling(self._directory)

    @cached_property
    def _platform(self) -> Platform:
        from checkrein.derive.access.platform import Platform  # noqa: PLC0415 - as above

        return Platform(self._spelling, log_nodes(self._directory))

    @cached_property
    def _granted(self) -> Granted:
        from checkrein.derive.access.granted import Granted  # noqa: PLC0415 - as above

        return Granted(*self._rights)


def _united(known: Need, other: Need) -> Need:
    """Return one need of two on the same ARNs: what surely asks for it counts."""
    reasons = dict.fromkeys([*known.open.split("; "), *other.open.split("; ")])
    return replace(
        known,
        certain=known.certain or other.certain,
        open="; ".join(filter(None, reasons)),
        evidence=tuple(dict.fromkeys((*known.evidence, *other.evidence))),
    )
