"""The condition operators, one function each family: IAM's user guide, "Condition operators".

Each takes the policy's value and the request's, and tells whether they match.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from tests.iam.reference import wildcards
from tests.iam.reference.certainty import Answer
from tests.iam.reference.variables import Context, joined, pieces

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
EPOCH = re.compile(r"[0-9]+(\.[0-9]+)?")
W3C = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


class Scope:
    """What a policy's values are read with; ``unresolved`` notes a variable without a value."""

    def __init__(self, context: Context, version: str) -> None:
        self.context = context
        self.version = version
        self.unresolved = False

    def pieces(self, text: str) -> tuple[tuple[str, bool], ...] | None:
        found = pieces(text, self.context, self.version)
        self.unresolved = self.unresolved or found is None
        return found


def string_equals(wanted: str, value: str, scope: Scope) -> Answer:
    """StringEquals: exact matching, case sensitive; variables allowed."""
    found = scope.pieces(wanted)
    return found is not None and joined(found) == value


def string_equals_ignore_case(wanted: str, value: str, scope: Scope) -> Answer:
    """StringEqualsIgnoreCase: exact matching, ignoring case; variables allowed."""
    found = scope.pieces(wanted)
    return found is not None and joined(found).lower() == value.lower()


def string_like(wanted: str, value: str, scope: Scope) -> Answer:
    """StringLike: case-sensitive; wildcards anywhere in the string; variables allowed."""
    found = scope.pieces(wanted)
    return found is not None and wildcards.glob(found, value)


def arn_like(wanted: str, value: str, scope: Scope) -> Answer:
    """ArnEquals and ArnLike behave identically; variables allowed."""
    found = scope.pieces(wanted)
    return found is not None and wildcards.arn_like(found, value)


def boolean(wanted: str, value: str, scope: Scope) -> Answer:
    """Bool: true or false. Two pages disagree on variables here: doubtful where one matches."""
    found = pieces(wanted, scope.context, scope.version)
    if found is None or joined(found).lower() != value.lower():
        return False
    if value.lower() not in ("true", "false"):
        return False
    return True if joined(found) == wanted else None


def binary(wanted: str, value: str, scope: Scope) -> Answer:
    """BinaryEquals: byte for byte, both as base-64 text; no variables."""
    try:
        return base64.b64decode(wanted, validate=True) == base64.b64decode(value, validate=True)
    except ValueError:
        return False


@lru_cache(maxsize=100_000)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=100_000)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def ip_address(wanted: str, value: str, scope: Scope) -> Answer:
    """IpAddress: standard CIDR, IPv4 or IPv6; no variables.

    Without a prefix "IAM uses the default prefix value of /32"; what that is for an IPv6 address
    (the address alone, or a /32 network) is doubtful.
    """
    address, network = _address(value), _network(wanted)
    if address is None or network is None:
        return False
    if address in network:
        return True
    wide = _network(f"{wanted}/32") if "/" not in wanted and network.version == 6 else None
    return None if wide is not None and address in wide else False


Compare = Callable[[Decimal, Decimal], bool]
ORDERS: dict[str, Compare] = {
    "Equals": lambda value, wanted: value == wanted,
    "LessThan": lambda value, wanted: value < wanted,
    "LessThanEquals": lambda value, wanted: value <= wanted,
    "GreaterThan": lambda value, wanted: value > wanted,
    "GreaterThanEquals": lambda value, wanted: value >= wanted,
}


@lru_cache(maxsize=100_000)
def numbers(text: str) -> tuple[Decimal, ...]:
    """Numeric operators compare "an integer or decimal value"; anything else is no number."""
    return (Decimal(text),) if NUMBER.fullmatch(text) else ()


@lru_cache(maxsize=100_000)
def dates(text: str) -> tuple[Decimal, ...]:
    """Date operators take the W3C forms of ISO 8601, or epoch time.

    Four digits are a year in the one and a second of 1970 in the other: both. A time without its
    zone is not in W3C's profile: a moment in UTC, or no date at all (no comparison holds).
    """
    found = [Decimal(text)] if EPOCH.fullmatch(text) else []
    match = W3C.fullmatch(text)
    return tuple(found + ([] if match is None else _moment(match)))


def _moment(match: re.Match[str]) -> list[Decimal]:
    year, month, day, time, second, fraction, zone = match.groups()
    offset = (zone or "Z").replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{time or '00:00'}:{second or '00'}{offset}"
        )
    except ValueError:
        return []
    whole = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return [Decimal(int(whole)) + Decimal(fraction or 0)]


def zoneless(text: str) -> bool:
    match = W3C.fullmatch(text)
    return match is not None and bool(match[4]) and not match[7]


def ordered(
    parse: Callable[[str], tuple[Decimal, ...]], order: str
) -> Callable[[str, str, Scope], Answer]:
    """Numeric… and Date… operators: no variables, no wildcards."""
    compare = ORDERS[order]

    def test(wanted: str, value: str, scope: Scope) -> Answer:
        answers = {compare(a, b) for a in parse(value) for b in parse(wanted)}
        if parse is dates and (zoneless(wanted) or zoneless(value)):
            answers |= {False}
        return None if len(answers) > 1 else True in answers

    return test


Test = Callable[[str, str, Scope], Answer]
POSITIVE: dict[str, Test] = {
    "StringEquals": string_equals,
    "StringEqualsIgnoreCase": string_equals_ignore_case,
    "StringLike": string_like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": boolean,
    "BinaryEquals": binary,
    "IpAddress": ip_address,
    **{f"Numeric{order}": ordered(numbers, order) for order in ORDERS},
    **{f"Date{order}": ordered(dates, order) for order in ORDERS},
}
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
NAMES = {name.lower(): name for name in (*POSITIVE, *NEGATED, "Null")}


def well_typed(operator: str, text: str) -> bool:
    """Tell whether a value is of the kind that the operator compares."""
    if operator.startswith("Numeric"):
        return bool(numbers(text))
    if operator.startswith("Date"):
        return bool(dates(text)) and not zoneless(text)
    if operator.startswith("Arn"):
        return text.count(":") >= wildcards.SEGMENTS - 1
    return operator != "IpAddress" or _network(text) is not None
