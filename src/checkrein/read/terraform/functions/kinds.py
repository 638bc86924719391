"""Functions that change or ask a value's kind."""

from __future__ import annotations

from collections.abc import Callable

from checkrein.model.values import Value
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.operators import TRUTHS, number
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import UNKNOWN, Failed, concatenated, shown


def unchanged(given: list[Value], scope: Scope) -> Value:
    return given[0]


def to_string(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if value is None or isinstance(value, (*UNKNOWN, Json)):
        return value
    return concatenated([value])


def to_number(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    return value if value is None or isinstance(value, UNKNOWN) else number(value)


def to_bool(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if value is None or isinstance(value, (bool, *UNKNOWN)):
        return value
    if value not in TRUTHS:
        raise Failed(f"{shown(value)[:40]} is neither true nor false")
    return TRUTHS[value]


def nothing(given: list[Value], scope: Scope) -> Value:
    return None


KINDS: dict[str, Callable[[list[Value], Scope], Value]] = {
    "sensitive": unchanged,
    "nonsensitive": unchanged,
    "defaults": unchanged,
    "ephemeralasnull": nothing,
    "tostring": to_string,
    "tonumber": to_number,
    "tobool": to_bool,
}
