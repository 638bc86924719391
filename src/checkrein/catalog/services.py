"""What CloudFormation's types are: the service's name, its kind, whether it keeps the app's data.

Source: ``data/services.yaml``, written by hand. A type that it does not know is named after its
service, is of kind ``other`` and holds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from checkrein.catalog.tables import table

FILE = "services.yaml"


@cache
def service(cfn_type: str) -> str:
    """Return the display name of a type's service: ``AWS::Logs::LogGroup`` -> CloudWatch Logs."""
    names = table(FILE)["names"]
    prefix = cfn_type.rpartition("::")[0]
    parts = cfn_type.split("::")
    named = names.get(cfn_type) or names.get(prefix) or names.get(parts[0])
    return named or (parts[1] if len(parts) > 1 else cfn_type)


@cache
def kind(cfn_type: str) -> str:
    """Return what a type is, in one word.

    One of store, stream, queue, topic, bus, compute, api, log, pool, cdn, dns, secret, parameter,
    key, workflow, network and other. Parts of a thing (a route, a queue's policy) are other.
    """
    found = _kinds("holds").get(cfn_type) or _kinds("passes").get(cfn_type)
    return found or str(table(FILE)["kinds"].get(cfn_type.rpartition("::")[0], "other"))


def holds_content(cfn_type: str) -> bool:
    """Say whether data of the app stays in or passes through such a resource, as in a row."""
    return cfn_type in _kinds("holds")


def purpose(cfn_type: str, properties: Mapping[str, Any] | None = None) -> frozenset[str] | None:
    """Return the families of data (``infra``, ``public``…) that a resource is for; None for any.

    A log group is for infra, public and biz data only; a bucket whose properties make it a
    website for public and infra only. What else is found there is not intended.
    """
    purposes = _purposes()
    narrowed = [
        purposes.get((cfn_type, name)) for name, value in (properties or {}).items() if value
    ]
    return next(filter(None, narrowed), purposes.get((cfn_type, "")))


@cache
def _kinds(part: str) -> dict[str, str]:
    return {type: kind for kind, types in table(FILE)[part].items() for type in types}


@cache
def _purposes() -> dict[tuple[str, str], frozenset[str]]:
    """Return the purposes by type and the property that narrows it ("" for none)."""
    read: dict[tuple[str, str], frozenset[str]] = {}
    for said, families in table(FILE)["purposes"].items():
        cfn_type, _, property = said.partition(" with ")
        read[cfn_type, property] = frozenset(families)
    return read
