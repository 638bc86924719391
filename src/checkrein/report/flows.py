"""Where data goes, for programs: one document, schema 1; docs/commands.md has its parts."""

from __future__ import annotations

from typing import Any

from checkrein.model import Slot
from checkrein.model.movement import Group, Hop, Movements, Start, Trail
from checkrein.model.result import Result
from checkrein.report.answers import document as answer


def document(result: Result, found: Movements) -> bytes:
    """Return all flows, who moves them, and the chains that they make."""
    numbers = {hop: number for number, hop in enumerate(found.hops)}
    return answer(
        result,
        {
            "subject": found.subject or None,
            "kind": found.kind,
            "classes": found.classes,
            "flows": [_flow(hop) for hop in found.hops],
            "functions": [_function(group) for group in found.groups if group.owner],
            "chains": [_chain(ways, numbers) for trail in found.trails for ways in chains(trail)],
        },
    )


def chains(trail: Trail) -> list[tuple[Trail, ...]]:
    """Return every way from a trail's origin to a last place."""
    if not trail.further:
        return [(trail,)]
    return [(trail, *rest) for each in trail.further for rest in chains(each)]


def _flow(hop: Hop) -> dict[str, Any]:
    return {
        "source": _slot(hop.source),
        "target": _slot(hop.target),
        "via": hop.via,
        "data": hop.data,
        "perhaps": hop.perhaps,
        "certain": hop.certain,
        "steps": [
            {"text": step.text, "path": step.place.path, "line": step.place.line}
            for step in hop.steps
        ],
        "kind": hop.kind,
        "operation": hop.operation,
        "family": hop.family,
        "who": hop.who,
        "harmless": hop.harmless,
        "from": str(hop.origin),
        "to": str(hop.goal),
    }


def _slot(slot: Slot) -> dict[str, str]:
    return {"node": slot.node, "path": slot.path}


def _function(group: Group) -> dict[str, Any]:
    return {"function": group.owner, "file": group.file, "starts": list(map(_start, group.ways))}


def _start(start: Start) -> dict[str, Any]:
    return {"source": start.source, "text": start.text, "who": start.who}


def _chain(ways: tuple[Trail, ...], numbers: dict[Hop, int]) -> dict[str, Any]:
    first, last = ways[0], ways[-1]
    return {
        "source": _slot(first.slot),
        "target": _slot(last.slot),
        "data": first.data,
        "certain": all(each.certain for each in ways),
        "flows": [numbers[each.hop] for each in ways if each.hop],
    }
