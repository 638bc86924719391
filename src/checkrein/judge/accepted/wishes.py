"""A request to accept a finding, good or not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct


class Wish(Struct, frozen=True):
    """One request to ignore a check; ``flaw`` says why it does not count."""

    reason: str
    flaw: str = ""


def dated(reason: str, expires: Any) -> Wish:
    """Return the wish for a reason, good until the end of a day; flawed without a reason."""
    if not reason.strip():
        return Wish("", "an ignore without a reason does not count")
    if expires is None:
        return Wish(reason)
    try:
        last = date.fromisoformat(str(expires))
    except ValueError:
        return Wish(reason, f"an ignore that expires on {expires!r} does not count: not a date")
    past = last < datetime.now(UTC).date()
    return Wish(reason, f"an ignore expired on {last}" if past else "")
