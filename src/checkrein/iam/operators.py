"""The comparisons of condition operators, one value of a policy against one of a request.

Each is made once for the policy's value and answers NO, MAYBE or YES. Where either side holds a
symbol, and the answer depends on it, the answer is MAYBE.

Sources: the IAM User Guide's "condition operators"; doubts are in docs/policy-engine.md.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from checkrein.iam.matching import Matcher
from checkrein.iam.patterns import expression, in_order
from checkrein.iam.symbols import IS_SYMBOL, Cover
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.iam.variables import LITERAL, QUESTION, STAR
from checkrein.late import regex

if TYPE_CHECKING:
    from decimal import Decimal

Comparison = Callable[[str], int]

NEGATED: Final = {  # what each negated operator negates
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "equals": operator.eq,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
}
ORDERED: Final = {f"{kind}{name}" for kind in ("numeric", "date") for name in RELATIONS}
TEXTUAL: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
)
POSITIVE: Final = TEXTUAL | ORDERED | {"bool", "binaryequals", "ipaddress"}
SEGMENTS = 6
NUMBER = regex(r"[+-]?\d+(\.\d+)?", re.ASCII)
EPOCH = regex(r"\d+(\.\d+)?", re.ASCII)
# W3C's profile of ISO 8601; it asks for a zone wherever there is a time.
W3C = regex(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
DATE_DASHES = 2
IPV4 = 4
WIDE = (2**32 - 1) << 96  # a /32 of IPv6


def has_symbol(text: str) -> bool:
    """Tell whether a text is only partly known; quick for the plain ones."""
    return not text.isascii() and IS_SYMBOL.search(text) is not None


def comparison(base: str, wanted: str, matcher: Matcher, *, unreadable: int = NO) -> Comparison:
    """Return the comparison of a positive operator (lower case) with one value of a policy.

    ``wanted`` may hold the characters that stand for an escaped ``*`` or ``?``. ``unreadable`` is
    the answer where a value is none of the operator's type.
    """
    if base in {"arnequals", "arnlike"}:
        return _arn(wanted, matcher, unreadable)
    if base in TEXTUAL:
        return _textual(base, wanted, matcher)
    literal = wanted.translate(LITERAL)
    if has_symbol(literal):
        return lambda _: MAYBE
    compare = _typed(base, literal, unreadable)
    return lambda value: MAYBE if has_symbol(value) else compare(value)


def _textual(base: str, wanted: str, matcher: Matcher) -> Comparison:
    if base == "stringlike":
        return _like(wanted, matcher)
    literal = wanted.translate(LITERAL)
    if base == "stringequalsignorecase":
        folded = _equal(literal.lower(), matcher)
        return lambda value: folded(value.lower())
    return _equal(literal, matcher)


def _equal(wanted: str, matcher: Matcher) -> Comparison:
    partly = has_symbol(wanted)

    def equal(value: str) -> int:
        if value == wanted:
            return YES
        if not partly and not has_symbol(value):
            return NO
        return MAYBE if matcher.cover(wanted, value) else NO

    return equal


def _like(wanted: str, matcher: Matcher) -> Comparison:
    match = _matcher(wanted)
    partly, escaped = has_symbol(wanted), STAR in wanted or QUESTION in wanted

    def like(value: str) -> int:
        if not partly and not has_symbol(value):
            return YES if match(value) else NO
        cover = matcher.cover(wanted.replace(STAR, "?").replace(QUESTION, "?"), value)
        return YES if cover is Cover.ALL and not escaped else MAYBE if cover else NO

    return like


def _matcher(wanted: str) -> Callable[[str], object]:
    if "?" in wanted:
        return re.compile(expression(wanted), re.DOTALL).fullmatch
    return in_order([part.translate(LITERAL) for part in wanted.split("*")])


def _arn(wanted: str, matcher: Matcher, unreadable: int) -> Comparison:
    """Compare ARNs by their six parts; a pattern of fewer parts is doubtful where it matches."""
    parts = wanted.split(":", SEGMENTS - 1)
    if len(parts) < SEGMENTS and not has_symbol(wanted):
        loose = _like(wanted, matcher)
        return lambda value: (
            max(unreadable, min(MAYBE, loose(value))) if _is_arn(value) else unreadable
        )
    if has_symbol(wanted):
        return lambda value: _symbolic_arn(wanted, value, matcher, unreadable)
    text = ":".join(map(_part, parts[:-1])) + ":" + expression(parts[-1])
    match = re.compile(text, re.DOTALL).fullmatch

    def same(value: str) -> int:
        if has_symbol(value):
            return _symbolic_arn(wanted, value, matcher, unreadable)
        return YES if match(value) else NO if _is_arn(value) else unreadable

    return same


def _part(pattern: str) -> str:
    """Return the expression of an ARN's part, whose wildcards cross no colon."""
    return expression(pattern, star="[^:]*", one="[^:]")


def _is_arn(value: str) -> bool:
    return value.count(":") >= SEGMENTS - 1 or has_symbol(value)


def _symbolic_arn(wanted: str, value: str, matcher: Matcher, unreadable: int) -> int:
    whole = _like(wanted, matcher)(value)
    parts, others = wanted.split(":", SEGMENTS - 1), value.split(":", SEGMENTS - 1)
    if len(parts) < SEGMENTS or len(others) < SEGMENTS:  # perhaps no ARN at all
        return max(unreadable, min(whole, MAYBE))
    if whole != YES:
        return whole
    alike = all(
        matcher.cover(part, other) is Cover.ALL and (part == other or matcher.is_one_part(other))
        for part, other in zip(parts[:-1], others[:-1], strict=True)
    )
    last = matcher.cover(parts[-1], others[-1]) is Cover.ALL
    return YES if alike and last else MAYBE


def _typed(base: str, wanted: str, unreadable: int) -> Comparison:
    if base == "ipaddress":
        return _address(wanted, unreadable)
    if base in ORDERED:
        kind = "numeric" if base.startswith("numeric") else "date"
        return _ordered(kind, RELATIONS[base.removeprefix(kind)], wanted, unreadable)
    return _parsed(_boolean if base == "bool" else _binary, wanted)


def _ordered(
    kind: str, relation: Callable[[Any, Any], bool], wanted: str, unreadable: int
) -> Comparison:
    read = _numbers if kind == "numeric" else _dates
    limits = read(wanted)
    if not limits:
        return lambda _: unreadable

    def compare(value: str) -> int:
        found = read(value)
        if len(found) == len(limits) == 1:
            return YES if relation(found[0], limits[0]) else NO
        answers = [
            unreadable if a is None or b is None else YES if relation(a, b) else NO
            for a in found
            for b in limits
        ]
        return agreed(answers) if answers else unreadable

    return compare


def _parsed(parse: Callable[[str], Any], wanted: str) -> Comparison:
    expected = parse(wanted)
    return lambda value: YES if parse(value) == expected is not None else NO


def _boolean(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())


def _decimal(text: str) -> Decimal:
    from decimal import Decimal  # noqa: PLC0415 - few policies hold numbers

    return Decimal(text)


@lru_cache(maxsize=16384)
def _numbers(text: str) -> tuple[Decimal | None, ...]:
    return (_decimal(text),) if NUMBER.fullmatch(text) else ()


@lru_cache(maxsize=16384)
def _dates(text: str) -> tuple[Decimal | None, ...]:
    """Return the moments that a date may be, in seconds since 1970; None is no date.

    Four digits are a year or a number of seconds. Whether a time without its zone is one in UTC
    or no date at all, is not documented.
    """
    seconds = [_decimal(text)] if EPOCH.fullmatch(text) else []
    form = W3C.fullmatch(text)
    moments = _moments(text, zoned="T" not in text or bool(form["zone"])) if form else ()
    return (*seconds, *moments)


def _moments(text: str, *, zoned: bool) -> tuple[Decimal | None, ...]:
    from datetime import UTC, datetime  # noqa: PLC0415 - few policies hold dates

    try:
        found = datetime.fromisoformat(text + "-01" * (DATE_DASHES - text[:8].count("-")))
    except ValueError:
        return ()
    moment = found if found.tzinfo else found.replace(tzinfo=UTC)
    return (_decimal(str(moment.timestamp())), *(() if zoned else (None,)))


def _binary(text: str) -> bytes | None:
    from base64 import b64decode  # noqa: PLC0415 - hardly any policy holds binary values

    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _address(wanted: str, unreadable: int) -> Comparison:
    from ipaddress import ip_network  # noqa: PLC0415 - most policies hold no addresses

    try:
        network = ip_network(wanted, strict=False)
    except ValueError:
        return lambda _: unreadable
    version, mask = network.version, int(network.netmask)
    base = int(network.network_address)
    # "IAM uses the default prefix value of /32": of an IPv6 address as well, perhaps
    wide = mask if "/" in wanted or version == IPV4 else WIDE

    def inside(value: str) -> int:
        address = _ip(value)
        if address is None:
            return unreadable
        if address[0] != version or address[1] & wide != base & wide:
            return NO
        return YES if address[1] & mask == base else MAYBE

    return inside


@lru_cache(maxsize=65536)
def _ip(text: str) -> tuple[int, int] | None:
    from ipaddress import ip_address  # noqa: PLC0415 - most policies hold no addresses

    try:
        found = ip_address(text)
    except ValueError:
        return None
    return found.version, int(found)
