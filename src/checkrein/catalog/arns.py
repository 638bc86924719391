"""How resources of CloudFormation types are named, and what their ARNs look like.

Sources: ``data/arns.json``, written by hand for the types that serverless applications are made
of; for others ``data/iam.pack``, made by tools/catalog_iam.py, this part from cfn-policy-validator
(MIT-0).
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import msgspec

from checkrein.catalog.packed import IAM, load
from checkrein.late import regex
from checkrein.model.values import Symbol, Text, Value, text

Reference = Literal["name", "arn", "url", "id"]
REFERENCES: Final[dict[str, Value]] = {
    "Partition": Symbol("@aws", "Partition"),
    "Region": Symbol("@aws", "Region"),
    "Account": Symbol("@aws", "AccountId"),
}
BORROWED: Final = regex(r"arn:[^:]+:(iam|kms|secretsmanager):")  # of what it uses, not its own
PLACEHOLDER: Final = regex(r"\$\{(\w+)\}")
OPTIONAL: Final = regex(r"\[[^\]]*\]")  # rule/[${EventBusName}/]${RuleName}


class _Type(msgspec.Struct, frozen=True):
    ref: Reference
    name: str
    arns: tuple[str, ...]


class _Written(msgspec.Struct, frozen=True):
    types: dict[str, _Type]


def arn_format(cfn_type: str) -> tuple[str, ...]:
    """Return a type's ARNs: its own first, then its parts (``…/*``, ``…/index/*``); or none.

    ``${Partition}``, ``${Region}`` and ``${Account}`` stand for the pseudo parameters, ``${Ref}``
    for the resource's name (its generated id if it has none), ``*`` and ``?`` for what varies.
    """
    written = _written().get(cfn_type)
    if written:
        return written.arns
    attributes = _generated().get(cfn_type, {})
    chosen = next((attributes[a] for a in ("Arn", "Ref") if a in attributes), None)
    chosen = chosen or next((f for f in attributes.values() if not BORROWED.match(f)), None)
    return (_with_ref(chosen),) if chosen else ()


def ref_is(cfn_type: str) -> Reference:
    """Return what ``Ref`` gives: the name, the ARN, the URL, or (also if unknown) some id."""
    written = _written().get(cfn_type)
    if written:
        return written.ref
    return "arn" if "Ref" in _generated().get(cfn_type, {}) else "id"


def name_property(cfn_type: str) -> str | None:
    """Return the property that sets the name which ARNs and API calls use, None if there is none.

    A property that is only a label (the ``Name`` of an API) does not count.
    """
    written = _written().get(cfn_type)
    return written.name or None if written else None


def resource_arns(cfn_type: str, name: Value) -> tuple[Value, ...]:
    """Return the ARNs of ``arn_format`` as values over ``@aws`` symbols, for a resource's name.

    ``name`` is what ``name_property`` says, or any symbol that stands for the generated one.
    """
    return tuple(_filled(cfn_type, format, name) for format in arn_format(cfn_type))


def attribute_arn(cfn_type: str, attribute: str, name: Value) -> Value | None:
    """Return the ARN that ``Fn::GetAtt`` (or ``Ref``) gives, None where it gives something else.

    What only a deployment tells, such as a stream's label, is a ``*``.
    """
    formats = arn_format(cfn_type)
    own = {"Arn", "ARN", f"{cfn_type.rpartition('::')[2]}Arn"}
    if attribute == "Ref" and ref_is(cfn_type) != "arn":
        return None
    if attribute in {"Ref", *own} and formats:
        return _filled(cfn_type, formats[0], name)
    streams = [format for format in formats if "/stream/" in format]
    return _filled(cfn_type, streams[0], name) if attribute == "StreamArn" and streams else None


def arn_attribute(cfn_type: str) -> str | None:
    """Return the attribute (or ``Ref``) that gives a type's own ARN, None if none does."""
    if ref_is(cfn_type) == "arn":
        return "Ref"
    known = _generated().get(cfn_type, {})
    return next((a for a in ("Arn", f"{cfn_type.rpartition('::')[2]}Arn") if a in known), None)


def _filled(cfn_type: str, format: str, name: Value) -> Value:
    if cfn_type == "AWS::SSM::Parameter":
        name = _without_slash(name)  # the ARN of parameter /a/b is …:parameter/a/b
    return text([name if part is None else part for part in _pieces(format)])


@cache
def _pieces(format: str) -> tuple[Value, ...]:
    """Return a format's parts, None where the name stands."""
    return tuple(
        part if i % 2 == 0 else REFERENCES.get(part) for i, part in enumerate(_split(format))
    )


def _without_slash(name: Value) -> Value:
    if isinstance(name, str):
        return name.removeprefix("/")
    if isinstance(name, Text) and isinstance(name.parts[0], str):
        return text([name.parts[0].removeprefix("/"), *name.parts[1:]])
    return name


def _split(format: str) -> list[str]:
    return PLACEHOLDER.split(format)


def _with_ref(format: str) -> str:
    """Rewrite ``${ClusterName}/${ServiceName}`` as ``*/${Ref}``: the last part names it."""
    parts = _split(OPTIONAL.sub("", format))
    own = [i for i in range(1, len(parts), 2) if parts[i] not in REFERENCES]
    for i in range(1, len(parts), 2):
        last = bool(own) and i == own[-1]
        known = parts[i] in REFERENCES
        parts[i] = f"${{{parts[i]}}}" if known else "${Ref}" if last else "*"
    return "".join(parts)


@cache
def _written() -> dict[str, _Type]:
    return load("arns.json", _Written).types


@cache
def _generated() -> dict[str, dict[str, str]]:
    """Return the formats by type and attribute."""
    return IAM.block("arns", dict[str, dict[str, str]])
