"""What an SDK operation is about: the resource it addresses, the IAM actions it needs.

Sources: ``data/addressed.yaml`` and ``data/operation_actions.yaml`` (each says its own),
``iam.pack`` for the actions that follow from an operation's name or HTTP verb (tools/catalog_iam.py
derives them from botocore, Apache-2.0), ``sdk.pack`` for the members of requests. Services carry
botocore's names.

The overlay is read at run time: it takes 3 ms, and mending a line needs no package and no tool.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

import msgspec

from checkrein.catalog import sdk_pack
from checkrein.catalog.packed import IAM
from checkrein.catalog.requirements import Requirement, needed, requirement
from checkrein.catalog.tables import table

Form = Literal["whole", "head", "prefix", "url", "within"]

ENDPOINT = "@endpoint"
FORMS: dict[str, Form] = {
    "head of ": "head",
    "prefix of ": "prefix",
    "url of ": "url",
    "within ": "within",
}


class Addressed(msgspec.Struct, frozen=True):
    """A member of a request that names a resource, and the CloudFormation types it may be of.

    ``path`` is dotted: ``TableName``, ``Entries[].EventBusName`` (any element),
    ``RequestItems{}`` (the keys of a map), or ``@endpoint`` (the URL the client was made with).
    ``form`` says how the value names it: ``whole`` a name, id, ARN or URL; ``head`` what stands
    before the first slash (``BUCKET/KEY``); ``prefix`` the beginning of the names of all that are
    addressed; ``url`` ``s3://BUCKET/KEY``; ``within`` somewhere in a text, such as a query.
    ``default`` is the name that is meant where the member is absent ("" if nothing is).
    ``required`` tells that no request is without it. Another that is absent addresses nothing: a
    text message has a ``PhoneNumber`` in place of a ``TopicArn``.
    """

    path: str
    types: tuple[str, ...]
    form: Form = "whole"
    default: str = ""
    required: bool = True


@functools.cache
def addressed(service: str, operation: str) -> tuple[Addressed, ...]:
    """Return which members of a request name the resources it is about, in the file's order.

    Empty for an operation of an account, for services without resources of their own, and for
    what is not known.
    """
    members = sdk_pack.members(service, operation)
    rules = table("addressed.yaml").get(service, {})
    return tuple(
        _rule(path, said, required=members.get(path.rstrip("[]{}"), path == ENDPOINT))
        for operations, paths in rules.items()
        if operations == "*" or operation in operations.split(", ")
        for path, said in paths.items()
        if _head(path) in members or path == ENDPOINT
    )


@functools.cache
def named_types(service: str, member: str) -> frozenset[str]:
    """Return the types of what a service calls so in any request or answer (``QueueUrl``)."""
    rules = table("addressed.yaml").get(service, {}).values()
    said = (said for paths in rules for path, said in paths.items() if path == member)
    return frozenset(type for each in said for type in _rule(member, each).types)


def actions(
    service: str, operation: str, request: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return the IAM actions an operation needs, as AWS writes them: ``("s3:ListBucket",)``.

    ``request`` maps the paths that a call passes (``TransactItems[].Put.TableName``) to their
    text where it is known, else "": with it, ``TransactWriteItems`` of a Put needs PutItem only,
    and ``PutObject`` with an ACL ``s3:PutObjectAcl`` too. Without it, every alternative is
    returned and nothing that only certain members ask for.

    Empty where IAM is not asked (``SignUp``, ``GetCallerIdentity``) and for operations that no
    SDK has. An operation whose action AWS has not documented gets its name by AWS's convention.
    """
    return tuple(dict.fromkeys(one.action for one in requirements(service, operation, request)))


def requirements(
    service: str, operation: str, request: Mapping[str, str] | None = None
) -> tuple[Requirement, ...]:
    """Return what ``actions`` does, each with the member that asks for it ("" if none does)."""
    if operation not in sdk_pack.operations(service):
        return ()
    written = _written(service).get(operation)
    if written is not None:
        return needed(written, request)
    prefix, others = _derived().get(service, (service, {}))
    action = others.get(operation, f"{prefix}:{operation}")
    return (Requirement(action),) if action else ()


def overlay() -> frozenset[tuple[str, str]]:
    """Return the services and operations whose actions are written by hand."""
    lines = table("operation_actions.yaml")["actions"].items()
    return frozenset((service, operation) for service, given in lines for operation in given)


def possible_actions(service: str, operation: str, request: Mapping[str, str]) -> tuple[str, ...]:
    """Return every IAM action that a call may need: nothing that it may use is left out.

    ``request`` as for :func:`actions`; what was passed without being known stands under "" and may
    hold any member.
    """
    written = _written(service).get(operation)
    if written is None or operation not in sdk_pack.operations(service):
        return actions(service, operation)
    asked = {one.action for one in requirements(service, operation, request)}
    return tuple(
        dict.fromkeys(
            one.action
            for one in written
            if one.when != "with" or "" in request or one.action in asked
        )
    )


def prefixes(service: str) -> tuple[str, ...]:
    """Return the prefixes that a service's IAM actions may have, the likeliest first."""
    known, _ = _derived().get(service, (service, {}))
    return tuple(dict.fromkeys((known, service)))


def services_of(prefix: str) -> tuple[str, ...]:
    """Return the services, by botocore's names, whose actions have a prefix."""
    return tuple(service for service, (known, _) in _derived().items() if known == prefix)


@functools.cache
def _derived() -> dict[str, tuple[str, dict[str, str]]]:
    """Return each service's prefix and the operations that need something else ("" nothing)."""
    return IAM.block("operations", dict[str, tuple[str, dict[str, str]]])


@functools.cache
def _written(service: str) -> dict[str, tuple[Requirement, ...]]:
    lines = table("operation_actions.yaml")["actions"].get(service, {})
    return {operation: tuple(map(requirement, given)) for operation, given in lines.items()}


def _rule(path: str, said: str, *, required: bool = False) -> Addressed:
    """Read one line of addressed.yaml."""
    types, _, default = said.partition(" else ")
    form = next((one for one in FORMS if said.startswith(one)), "")
    return Addressed(
        path,
        tuple(types.removeprefix(form).split(", ")),
        FORMS.get(form, "whole"),
        default,
        required,
    )


def _head(path: str) -> str:
    return path.partition(".")[0].rstrip("[]{}")
