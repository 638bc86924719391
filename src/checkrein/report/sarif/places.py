"""Places as SARIF has them: from the root of the repository, lines and columns from 1."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from checkrein.model import Place
from checkrein.report.run import Run


def location(place: Place, run: Run, text: str = "") -> dict[str, Any]:
    """Return a location with what is to be seen there; a place without a file is the root."""
    found: dict[str, Any] = {"physicalLocation": physical(place, run)}
    return {**found, "message": {"text": text}} if text else found


def physical(place: Place, run: Run) -> dict[str, Any]:
    """Return a file and, where the place is in one, the span."""
    found: dict[str, Any] = {"artifactLocation": artifact(place, run)}
    return {**found, "region": region(place)} if place.path and place.line else found


def artifact(place: Place, run: Run) -> dict[str, Any]:
    """Return a file, by its path from the repository's root."""
    return {"uri": quote(run.path(place.path)), "uriBaseId": "%SRCROOT%"}


def region(place: Place) -> dict[str, int]:
    """Return what to mark; a place that is only known to begin somewhere is its line from there."""
    whole = span(place)
    empty = (place.line, place.column) == (place.end_line, place.end_column)
    return {key: whole[key] for key in ("startLine", "startColumn")} if empty else whole


def span(place: Place) -> dict[str, int]:
    """Return a span exactly; an empty one is where a text can be put in."""
    start = {"startLine": place.line, "startColumn": max(1, place.column)}
    if not place.end_line:
        return start
    return {**start, "endLine": place.end_line, "endColumn": max(1, place.end_column)}
