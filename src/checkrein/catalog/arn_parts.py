"""The variable parts of the ARNs that actions are limited to, and which request members say them.

Sources: the action catalogue and ``arns.json`` for the formats, ``data/arn_parts.yaml`` for members
whose names do not tell. A format: ``arn:${Partition}:sqs:${Region}:${Account}:${QueueName}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from checkrein.catalog import arns
from checkrein.catalog.tables import table
from checkrein.late import regex

VARIABLE = regex(r"\$\{(\w+)\}")
PLACE = ("Partition", "Region", "Account")
SUFFIXES = ("identifier", "name", "arn", "url", "id")


@cache
def variables(format: str) -> tuple[str, ...]:
    """Return the names of a format's variable parts, partition, region and account left out."""
    return tuple(name for name in VARIABLE.findall(format) if name not in PLACE)


@cache
def parts_of_type(format: str, cfn_type: str) -> Mapping[str, str] | None:
    """Return what an action's variables are in the ARNs of a CloudFormation type, None if nothing.

    ``s3:::${BucketName}/${ObjectName}`` and AWS::S3::Bucket give ``{"BucketName": "${Ref}",
    "ObjectName": "*"}``: the bucket's name, and anything.
    """
    service = _service(format)
    near = (own for own in arns.arn_format(cfn_type) if "$" in service or _service(own) == service)
    patterns = (_pattern(format, among="").fullmatch(own) for own in near)
    found = [match.groupdict() for match in patterns if match]
    naming = [parts for parts in found if any("${Ref}" in part for part in parts.values())]
    exact = (parts for parts in naming if "${Ref}" in parts.values())
    return next(exact, next(iter(naming), None)) or _by_word(format, cfn_type)


def parts_of_arn(format: str, arn: str) -> Mapping[str, str] | None:
    """Return all variables of a format, partition and so on included, None if an ARN is another."""
    found = _pattern(format, among="PRA").fullmatch(arn)
    return found.groupdict() if found else None


@cache
def named_by(cfn_type: str, arn: str) -> Mapping[str, str] | None:
    """Return ``Ref`` (the name), Partition, Region and Account of a type's ARN; None if another."""
    for own in arns.arn_format(cfn_type):
        found = _of_type(own).fullmatch(arn)
        if found:
            return found.groupdict()
    return None


def filled(format: str, values: Mapping[str, str]) -> str:
    """Return a format with values for its variables, ``*`` where there is none."""
    return VARIABLE.sub(lambda found: values.get(found[1], "*"), format)


def members(prefix: str, variable: str) -> tuple[str, ...]:
    """Return the paths of members that say a variable, the likeliest first; see the table."""
    written = table("arn_parts.yaml")["parts"].get(prefix, {}).get(variable, "")
    return tuple(filter(None, written.split(", ")))


def is_named(variable: str, member: str, operation: str = "") -> bool:
    """Tell whether a member's name says that it is a variable: ``QueueUrl`` is ``QueueName``.

    So is the ``name`` of CreateQueue. An id is no name: ``WorkgroupName`` is not ``WorkgroupId``.
    """
    (stem, suffix), (other, end) = _stem(variable), _stem(member)
    if other in SUFFIXES and operation.lower().endswith(stem):
        other, end = stem, other
    return stem == other and not {suffix, end} >= {"id", "name"}


def qualifier(prefix: str, variable: str) -> str:
    """Return the member that stands behind a variable and a colon, "" if none does."""
    found: str = table("arn_parts.yaml")["qualifiers"].get(prefix, {}).get(variable, "")
    return found


def plain_kinds(prefix: str) -> frozenset[str]:
    """Return the kinds of resource that a plain name means to a service; none: any."""
    written = table("arn_parts.yaml")["plain"].get(prefix, "")
    return frozenset(filter(None, written.split(", ")))


def also(prefix: str, kind: str) -> tuple[str, ...]:
    """Return what may follow an ARN so that policies must list both (``:*`` of log groups)."""
    written = table("arn_parts.yaml")["also"].get(prefix, {}).get(kind, "")
    return tuple(filter(None, written.split(", ")))


def _service(format: str) -> str:
    return format.split(":", 3)[2]


def _stem(name: str) -> tuple[str, str]:
    name = name.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix), suffix
    return name, ""


def _by_word(format: str, cfn_type: str) -> Mapping[str, str] | None:
    """Return the variable that has the name of a type whose ARNs nobody wrote down."""
    word = cfn_type.rpartition("::")[2].lower()
    named = [v for v in variables(format) if _stem(v)[0] == word]
    if arns.arn_format(cfn_type) or len(named) != 1:
        return None
    return {v: "${Ref}" if v in named else "*" for v in variables(format)}


@cache
def _pattern(format: str, among: str) -> re.Pattern[str]:
    """Return a pattern of the ARNs of a format; with ``among`` of real ones, else of formats."""
    pieces = VARIABLE.split(format)
    names = [name for name in pieces[1::2] if name not in PLACE]
    shown = [re.escape(pieces[0])]
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        if name in PLACE:
            shown.append(f"(?P<{name}>[^:]*)" if among else re.escape(f"${{{name}}}"))
        else:
            shown.append(f"(?P<{name}>{'.+' if name == names[-1] else '[^/:]+'})")
        shown.append(re.escape(after))
    return re.compile("".join(shown))


@cache
def _of_type(format: str) -> re.Pattern[str]:
    pieces = VARIABLE.split(format)
    shown = [_free(pieces[0])]
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        shown += [f"(?P<{name}>{'[^:]*' if name in PLACE else '[^/:]+'})", _free(after)]
    return re.compile("".join(shown))


def _free(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
