"""What a comparison needs of one version: its lines, its nodes and its findings, no more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from checkrein import __version__
from checkrein.checks.exposure import Exposure, exposure
from checkrein.checks.worth import value
from checkrein.compare.scene import Scene
from checkrein.derive.surface import lines
from checkrein.model import (
    App,
    Choice,
    Finding,
    Function,
    Line,
    Outcome,
    Persona,
    Resource,
    Row,
    Symbol,
    Text,
    Unread,
    Value,
    Verdict,
    When,
)
from checkrein.model.difference import Known, Lost, Node, Reach, Recorded
from checkrein.model.result import Result

CALLED = frozenset({"Handler", "Code", "Description", "Tags"})  # beside its name
POLICY_NAME = "PolicyName"
REACH = {  # records keep these numbers for good
    Exposure.INSIDE: Reach.INSIDE,
    Exposure.HOLDING: Reach.HOLDING,
    Exposure.RANKED: Reach.HOLDING,
    Exposure.AUTHENTICATED: Reach.SIGNED_IN,
    Exposure.ANYONE: Reach.ANYONE,
}


def recorded(result: Result) -> Recorded:
    """Return what a scan's result holds for a comparison; lost is what could not be read."""
    found = _lines(result.app)
    app = result.app
    return Recorded(
        tool=__version__,
        nodes=_nodes(result, found),
        values={data: value(app, data) for data in sorted(_classes(found))},
        lines=found,
        findings=tuple(_findings(result)),
        lost=tuple(Lost(each.path, each.reason, each.fatal) for each in app.every(Unread)),
    )


@lru_cache(maxsize=1)  # two versions of which the same was read are one app
def _lines(app: App) -> tuple[Line, ...]:
    return tuple(lines(app))


def _classes(found: tuple[Line, ...]) -> Iterator[str]:
    for line in found:
        if line.kind in {"intended", "coded", "potential", "flow"}:
            yield from line.values


def _nodes(result: Result, found: tuple[Line, ...]) -> dict[str, Node]:
    """Describe every row and resource, and every other owner of a line."""
    app = result.app
    strangers = Scene(app).strangers
    rows = {row.id: row for row in app.every(Row)}
    resources = {each.id: each for each in app.every(Resource)}
    types = {id: each.type for id, each in resources.items()}
    functions = {each.id for each in app.every(Function)}
    ids = {*rows, *resources, *functions, *(line.owner for line in found)}
    return {
        id: Node(
            service=rows[id].service if id in rows else "",
            type=rows[id].type if id in rows else types.get(id, ""),
            risk=rows[id].risk if id in rows else 0,
            reach=REACH[exposure(app, id)],
            people=strangers.get(id, ""),
            place=resources[id].place if id in resources else Node().place,
            alike=_alike(resources[id], types) if id in resources else "",
            bones=_bones(resources[id], types) if id in resources else "",
        )
        for id in sorted(ids)
    }


def _alike(resource: Resource, types: dict[str, str]) -> str:
    said = f"{resource.type} {_when(resource.when)} {_nameless(resource.properties, types)}"
    return sha256(said.encode(errors="replace")).hexdigest()[:16]


def _bones(resource: Resource, types: dict[str, str]) -> str:
    """Return what stays of a resource's likeness where somebody gives it another name."""
    kept = {
        key: _unnamed(value)
        for key, value in resource.properties.items()
        if key not in CALLED and not key.endswith("Name")
    }
    said = f"{resource.type} {_when(resource.when)} {_nameless(kept, types)}"
    return sha256(said.encode(errors="replace")).hexdigest()[:16]


def _unnamed(policies: Value) -> Value:
    """Leave out what inline policies are called."""
    if not isinstance(policies, (list, tuple)):
        return policies
    return [
        {key: one for key, one in each.items() if key != POLICY_NAME}
        if isinstance(each, dict) and POLICY_NAME in each
        else each
        for each in policies
    ]


def _nameless(value: Value, types: dict[str, str]) -> str:
    """Return a value as text in which resources are called by their types."""
    if isinstance(value, dict):
        inner = (f"{key}: {_nameless(item, types)}" for key, item in sorted(value.items(), key=str))
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_nameless(item, types) for item in value)}]"
    if isinstance(value, Symbol):
        return f"{types.get(value.owner, value.owner)}.{value.attribute}"
    if isinstance(value, Text):
        return " + ".join(_nameless(part, types) for part in value.parts)
    if isinstance(value, Choice):
        return " | ".join(
            f"{_when(when)}: {_nameless(item, types)}" for when, item in value.options
        )
    return repr(value)


def _when(conditions: When) -> When:
    """Return conditions without the template that declares them."""
    return tuple((name.rpartition("#")[2], holds) for name, holds in conditions)


def _findings(result: Result) -> Iterator[Known]:
    kept = (Outcome.FAIL, Outcome.KNOWN, Outcome.IGNORED)
    for verdict in result.verdicts:
        if verdict.outcome in kept and verdict.persona is Persona.REGULAR:
            yield from (_known(verdict, finding) for finding in verdict.findings)


def _known(verdict: Verdict, finding: Finding) -> Known:
    return Known(
        check=verdict.check,
        subject=verdict.subject,
        key=finding.key or (finding.message,),
        severity=verdict.severity,
        message=finding.message,
        place=finding.place,
        reason=verdict.reason,
        confidence=verdict.confidence,
        score=verdict.score,
        fingerprint=finding.fingerprint,
        accepted=verdict.outcome is Outcome.IGNORED,
    )
