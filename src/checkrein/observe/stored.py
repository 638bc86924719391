"""Stored content: items of DynamoDB, as exports and scans write them.

Source: DynamoDB's reference of export formats (full and incremental) and of attribute values.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkrein import files
from checkrein.observe.shapes import mapping, parsed
from checkrein.observe.sightings import Named

SOURCE = "stored items"
MANIFEST = "manifest-summary.json"
TYPES = frozenset({"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})
IMAGES = ("Item", "NewImage", "OldImage")
LARGEST_MANIFEST = 100_000


def items_in(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the items in a line of an export, or in the answer of a scan, as plain JSON."""
    listed = value.get("Items")
    found = [value.get(name) for name in IMAGES]
    for item in [*found, *(listed if isinstance(listed, list) else ())]:
        if isinstance(item, dict) and item and all(map(_is_attribute, item.values())):
            yield {name: _plain(each) for name, each in item.items()}


def table_of(path: Path) -> tuple[Named, ...]:
    """Return the table that a file of an export is of, by the manifest above it."""
    for folder in (path.parent, path.parent.parent):
        manifest = folder / MANIFEST
        if files.is_file(manifest) and files.size(manifest) <= LARGEST_MANIFEST:
            try:
                arn = mapping(parsed(files.content(manifest))).get("tableArn")
            except OSError:
                continue
            return (Named(arn),) if isinstance(arn, str) else ()
    return ()


def _is_attribute(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in TYPES


def _plain(value: Any) -> Any:
    if not _is_attribute(value):
        return None
    ((type, inner),) = value.items()
    if type == "M" and isinstance(inner, dict):
        return {name: _plain(each) for name, each in inner.items()}
    if type == "L" and isinstance(inner, list):
        return [_plain(each) for each in inner]
    return None if type in {"B", "BS", "NULL", "BOOL"} else inner
