"""What Amazon S3 calls a public bucket policy.

Source: the S3 User Guide, "The meaning of public": one that allows anyone, without a condition
that holds one of some keys to fixed values. RestrictPublicBuckets then keeps everybody outside the
bucket's account out, but for services: also those whom a statement of the policy names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from checkrein.iam.conditions import operator
from checkrein.iam.documents import Statement
from checkrein.iam.truth import MAYBE, NO, YES
from checkrein.late import regex
from checkrein.model import Value
from checkrein.model.values import SPECIAL

NARROWING: Final = frozenset(
    {
        "aws:principalorgid",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
PERHAPS: Final = frozenset({"aws:principalaccount", "aws:principalarn", "aws:principalorgpaths"})
ANYONE: Final = frozenset({"*", "AWS", "Account"})
FIXING: Final = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)
WIDEST = {4: 8, 6: 32}  # prefixes of address ranges that are not public
OF_AN_ACCOUNT = regex("(?:[^:]*:){4}([^:]+)")  # an ARN


def is_public(statements: Iterable[Statement]) -> int:
    """Tell whether a bucket's policy is public: NO, MAYBE or YES."""
    return max((_public(each) for each in statements if each.effect == "Allow"), default=NO)


def _public(statement: Statement) -> int:
    to_anyone = bool(statement.not_principals) or any(
        kind == "Federated" or (value == "*" and kind in ANYONE)
        for kind, value in statement.principals
    )
    to_unknown = any(isinstance(value, SPECIAL) for kind, value in statement.principals)
    if not to_anyone:
        return MAYBE if to_unknown and _width(statement) else NO
    return _width(statement)


def _width(statement: Statement) -> int:
    """Tell whether the conditions leave a statement public."""
    if not isinstance(statement.conditions, dict):
        return MAYBE
    return min(_widths(statement.conditions), default=YES)


def _widths(conditions: dict[str, Value]) -> Iterator[int]:
    for name, keys in conditions.items():
        taken = operator(name)
        if taken is None or not isinstance(keys, dict):
            yield MAYBE
        elif taken.base in FIXING and not taken.negated:
            vacuous = taken.if_exists or taken.quantifier == "forallvalues"
            for key, values in keys.items():
                found = _of_key(key.lower(), values if isinstance(values, list) else [values])
                yield max(found, MAYBE) if vacuous else found


def _of_key(key: str, values: list[Value]) -> int:
    if key not in NARROWING and key not in PERHAPS:
        return YES
    widest = max((_of_value(key, value) for value in values), default=YES)
    return max(widest, MAYBE) if key in PERHAPS else widest


def _of_value(key: str, value: Value) -> int:
    if isinstance(value, SPECIAL):
        return MAYBE
    text = str(value)
    if key == "aws:sourceip":
        return YES if _is_wide(text) else NO
    if key == "s3:dataaccesspointarn":  # its account has to be fixed, its name need not
        of_account = OF_AN_ACCOUNT.match(text)
        if not of_account:
            return YES
        text = of_account[1]
    return YES if any(sign in text for sign in ("*", "?", "${")) else NO


def _is_wide(text: str) -> bool:
    from ipaddress import ip_network  # noqa: PLC0415 - few policies hold addresses

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return True
    return network.prefixlen < WIDEST[network.version]
