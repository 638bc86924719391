"""The account that a plan is of: it spells the number out where files mean their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checkrein.model.values import Symbol, Text, Value
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.unknowns import concatenated

DIGITS = 12
OWN = Symbol("@aws", "AccountId")


def own_account(resources: Iterable[dict[str, Any]]) -> str:
    """Return the number that ``aws_caller_identity`` was told, "" where that is not one."""
    asked = [one for one in resources if one.get("type") == "aws_caller_identity"]
    told = {str((one.get("values") or {}).get("account_id")) for one in asked}
    numbers = [one for one in told if len(one) == DIGITS and one.isdigit()]
    return numbers[0] if len(told) == len(numbers) == 1 else ""


def meant(value: Value, account: str) -> Value:
    """Return a value that means its own account wherever it spells the number out."""
    if not account:
        return value
    if isinstance(value, str):
        return _text([value], account) if account in value else value
    if isinstance(value, Text):
        return _text(value.parts, account)
    if isinstance(value, Json):
        return Json(meant(value.value, account))
    if isinstance(value, dict):
        return {name: meant(one, account) for name, one in value.items()}
    return [meant(one, account) for one in value] if isinstance(value, list) else value


def _text(parts: Iterable[Any], account: str) -> Value:
    found: list[Value] = []
    for part in parts:
        pieces = part.split(account) if isinstance(part, str) else [part]
        for index, piece in enumerate(pieces):
            found += [OWN, piece] if index else [piece]
    return concatenated([part for part in found if part != ""])
