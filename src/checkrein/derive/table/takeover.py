"""What an identity gets by taking over another: all that the other gets, and puts, is its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checkrein.catalog.services import holds_content
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import PASSWORD, Edge, Level
from checkrein.model import Access, Escalation, Evidence

SETTINGS = "@settings"  # what the variables of a function hold
TAKEOVER = "takeover"
READ_ONLY = frozenset({"settings", "copy"})


def taken_over(
    directory: Directory,
    actors: Mapping[str, list[str]],
    escalations: Iterable[Escalation],
) -> Iterator[Edge]:
    """Yield both ways between those who may take over and what they gain."""
    steps = [step for step in escalations if step.level == TAKEOVER]
    for step in steps:
        for actor in actors.get(step.identity, ()):
            for node in _gained(step, actors):
                yield from _both(directory, actor, node, step)
    yield from _of_hubs(directory, {step.target for step in steps if step.gains == "account"})


def become(
    directory: Directory,
    actors: Mapping[str, list[str]],
    accesses: Iterable[Access],
    escalations: Iterable[Escalation],
) -> Iterator[Edge]:
    """Yield the edges of roles that nobody acts as by itself, but somebody may become."""
    gained = {step.target for step in escalations if step.gains == "identity"}
    roles = gained - actors.keys()
    for access in accesses:
        if access.identity in roles and holds_content(directory.resources[access.target].type):
            note = access.evidence[0] if access.evidence else Evidence("is allowed to")
            if access.right == "read":
                yield Edge(access.target, access.identity, note, access.certain, Level.TAKEOVER)
            elif access.right == "write":
                yield Edge(access.identity, access.target, note, access.certain, Level.TAKEOVER)


def _gained(step: Escalation, actors: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes whose content a step gains; to write grants alone gains none."""
    if step.gains == "identity":
        return actors.get(step.target) or [step.target]
    if step.gains == "settings":
        return [f"{step.target}{SETTINGS}"]
    return [step.target] if step.gains in {"account", "content", "copy", "runner"} else []


def _both(directory: Directory, actor: str, node: str, step: Escalation) -> Iterator[Edge]:
    if actor == node:
        return
    resource = directory.resources.get(node)
    # a pool takes passwords in, and gives none back
    sealed = PASSWORD if resource and resource.type == "AWS::Cognito::UserPool" else ""
    note = step.evidence[0]
    yield Edge(node, actor, note, step.certain, Level.TAKEOVER, sealed)
    if step.gains not in READ_ONLY:
        yield Edge(actor, node, note, step.certain, Level.TAKEOVER, sealed)


def _of_hubs(directory: Directory, hubs: set[str]) -> Iterator[Edge]:
    """Yield both ways between an account and all that its deployment holds."""
    for hub in hubs:
        for resource in directory.members(hub.removesuffix("@account")):
            if holds_content(resource.type):
                note = Evidence(f"who may write its own rights has {resource.name}", resource.place)
                yield Edge(resource.id, hub, note, level=Level.TAKEOVER)
                yield Edge(hub, resource.id, note, level=Level.TAKEOVER)
