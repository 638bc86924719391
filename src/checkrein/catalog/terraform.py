"""How Terraform's resources of AWS are named and shaped in CloudFormation's vocabulary.

Source: ``data/terraform/*.yaml``, written by hand from the documentation of the AWS provider and
CloudFormation's schema (see ``data/terraform/README.md`` for the language of the tables). A type
that no table names, and that AWS's own naming leads to, needs no entry.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from checkrein.catalog import shapes
from checkrein.catalog.packed import FOLDER, broken
from checkrein.catalog.tables import table

TABLES: Final = "terraform"
PROVIDERS: Final = ("aws_", "awscc_")
SAME: Final = "="
OTHERS: Final = "other.yaml"  # what makes nothing of AWS's, or has no type in CloudFormation


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an argument goes, and as what.

    ``to`` is a path in the structure that the argument stands in: "" is the structure itself, None
    nowhere, SAME the property of that name. ``by`` names what turns the value, with ``using`` for
    it, ``each`` what turns an item of a list into several. ``move`` are the rules inside a block.
    """

    to: str | None = SAME
    by: str = ""
    using: Any = None
    each: str = ""
    move: dict[str, Rule] = {}


class Into(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a resource is merged into: a Terraform type, named by which arguments, at which path.

    A path that ends in ``[]`` is a list that gets one more item, or those that ``each`` makes of
    it. Where there are ``cases``, an argument's value chooses the path: {argument: {value: path}}.
    ``otherwise`` is the CloudFormation type where there is nothing to merge it into.
    """

    type: tuple[str, ...]
    by: tuple[str, ...]
    at: str = ""
    each: str = ""
    cases: dict[str, dict[str, str]] = {}
    otherwise: str = ""


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A resource of its own that CloudFormation has for an argument, such as a queue's policy.

    The argument becomes its property ``at``, or its whole content where that is "". ``items``: each
    of a list is a resource. ``names`` are properties that name what it is for, ``given`` those that
    are always there.
    """

    type: str
    at: str = ""
    items: bool = False
    move: dict[str, Rule] = {}
    names: dict[str, Any] = {}
    given: dict[str, Any] = {}


class Entry(msgspec.Struct, frozen=True):
    """One Terraform type.

    ``attributes`` say what another resource gets by naming an attribute; ``given`` properties that
    are always there, ``default`` those that Terraform sets where nobody does; ``name`` the argument
    that names it; ``within`` the property that holds what has no place elsewhere. ``alone`` are the
    rules of one that is merged into nothing, ``beside`` the arguments that are resources of their
    own.
    """

    type: str
    move: dict[str, Rule] = {}
    attributes: dict[str, str] = {}
    given: dict[str, Any] = {}
    default: dict[str, Any] = {}
    name: str = "name"
    within: str = ""
    into: Into | None = None
    alone: dict[str, Rule] = {}
    beside: dict[str, Beside] = {}


@cache
def entry(type: str) -> Entry | None:
    """Return what a Terraform type is; None where neither a table nor its name tells."""
    written = _entries().get(type)
    if written is None:
        named = _by_name(type)
        return Entry(named) if named else None
    return written


def data_source(type: str) -> dict[str, str]:
    """Return what each attribute of a data source stands for; empty where nothing is known."""
    return _sources().get(type, {})


def idle(type: str) -> str:
    """Return why a type makes nothing that concerns us, "" if it does or is not known."""
    return _reason("idle", type)


def lacking() -> dict[str, str]:
    """Return the CloudFormation types that Terraform has no resource for, and why."""
    found: dict[str, str] = _others()["lacking"]
    return found


def written() -> dict[str, Entry]:
    """Return the entries of all tables."""
    return _entries()


def is_of_aws(type: str) -> bool:
    """Tell whether a Terraform type is one of AWS's."""
    return type.startswith(PROVIDERS)


@cache
def _reason(section: str, type: str) -> str:
    said = _others()[section]
    found: str = said.get(type) or next(
        (why for name, why in said.items() if name.endswith("*") and type.startswith(name[:-1])), ""
    )
    return found


@cache
def _by_name(type: str) -> str:
    """Return the CloudFormation type that a Terraform type is named after, "" if none is."""
    words = type.removeprefix("awscc_").removeprefix("aws_") if is_of_aws(type) else ""
    ways = [words]
    for start, meant in _others()["prefixes"].items():
        if words.startswith(start):
            ways += [each + words.removeprefix(start) for each in _listed(meant)]
    found = (_types_by_name().get(way.replace("_", "")) for way in ways)
    return next((each for each in found if each), "")


@cache
def _types_by_name() -> dict[str, str]:
    return {_plain(type.removeprefix("AWS::")): type for type in shapes.types()}


def _plain(name: str) -> str:
    return name.replace("::", "").lower()


@cache
def _entries() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name in _files():
        said = table(f"{TABLES}/{name}")
        try:
            found |= {type: _entry(type, line) for type, line in said["resources"].items()}
        except (msgspec.ValidationError, TypeError, AttributeError) as error:
            raise broken(f"{TABLES}/{name}", error) from error
    return found


def _entry(type: str, line: Any) -> Entry:
    said: dict[str, Any] = {"type": line} if isinstance(line, str) else dict(line)
    rules = {section: _rules(said.pop(section, {})) for section in ("move", "alone")}
    beside = {name: _beside(each) for name, each in said.pop("beside", {}).items()}
    if "into" in said:
        into = said["into"]
        said["into"] = {k: _listed(v) if k in ("type", "by") else v for k, v in into.items()}
    said.setdefault("type", _by_name(type))
    found = msgspec.convert(said, Entry, strict=True)
    return msgspec.structs.replace(found, beside=beside, **rules)


def _beside(line: Any) -> Beside:
    said: dict[str, Any] = dict(line)
    move = _rules(said.pop("move", {}))
    return msgspec.structs.replace(msgspec.convert(said, Beside, strict=True), move=move)


def _rules(lines: dict[str, Any]) -> dict[str, Rule]:
    return {name: _rule(line) for name, line in lines.items()}


def _rule(line: Any) -> Rule:
    if line is None or isinstance(line, str):
        return Rule(to=line)
    said: dict[str, Any] = dict(line)
    move = _rules(said.pop("move", {}))
    return msgspec.structs.replace(msgspec.convert(said, Rule, strict=True), move=move)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def _sources() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in _files():
        found |= table(f"{TABLES}/{name}").get("data", {})
    return found


@cache
def _others() -> dict[str, Any]:
    return table(f"{TABLES}/{OTHERS}")


@cache
def _files() -> tuple[str, ...]:
    folder = FOLDER / TABLES
    return tuple(sorted(file.name for file in folder.glob("*.yaml") if file.name != OTHERS))
