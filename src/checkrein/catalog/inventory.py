"""What the catalogue of IAM is made of: its sources with their dates, its size, what it counts."""

from __future__ import annotations

import msgspec

from checkrein.catalog.operations import overlay
from checkrein.catalog.packed import IAM, Source


class Inventory(msgspec.Struct, frozen=True):
    """A data file, its size in bytes, the packages it was made from, numbers of what it holds."""

    file: str
    bytes: int
    sources: list[Source]
    counts: dict[str, int]


def inventory() -> Inventory:
    """Return what ``iam.pack`` says of itself, and how much the overlay by hand says first."""
    counts = IAM.index.counts | {"operations mapped by hand instead": len(overlay())}
    return Inventory(IAM.name, IAM.size, IAM.index.sources, counts)


def document(found: Inventory) -> bytes:
    """Return an inventory as JSON, with the fields of :class:`Inventory`."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"


def lines(found: Inventory) -> list[str]:
    """Return an inventory as lines of text in columns."""
    rows = [(one.name, one.version, one.licence, _dates(one)) for one in found.sources]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    listed = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    counted = [f"{number:10,}  {name}" for name, number in found.counts.items()]
    return [*listed, "", f"{found.bytes:10,}  bytes in {found.file}", *counted]


def _dates(one: Source) -> str:
    return f"{one.date}, its data to {one.newest}" if one.newest else one.date
