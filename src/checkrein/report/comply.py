"""Eligibility for people (services by their standing, the worst first) and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from checkrein.model.eligibility import Compliance, Standing
from checkrein.report.wording import classes, listed, many

STANDINGS = ("not in scope", "unknown", "in scope")
OVERVIEW = ("in scope", "not in scope", "unknown")
AGE = """A statement is as old as its date. Look newer ones up with AWS (services in scope,
Artifact) and give them by --table. A service in scope makes nothing compliant by itself."""
WIDTH = 24  # columns of a service's name
NAMES = 3  # of resources that a line lists


def document(found: Sequence[Compliance]) -> bytes:
    """Return the document that a program reads; see docs/compliance.md."""
    content = {"schema": 1, "programs": [_program(one) for one in found]}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _program(one: Compliance) -> dict[str, Any]:
    return {
        "id": one.program,
        "title": one.title,
        "asked_by": one.asked_by,
        "breaches": [standing.service for standing in one.breaches],
        "counts": _counts(one),
        "services": [msgspec.structs.asdict(standing) for standing in one.standings],
    }


def _counts(one: Compliance) -> dict[str, int]:
    counted = Counter(standing.standing for standing in one.standings)
    return {standing: counted[standing] for standing in STANDINGS}


def text(found: Sequence[Compliance]) -> str:
    """Return what a person reads about some programs."""
    return "\n\n".join([*("\n".join(_said(one)) for one in found), AGE]) + "\n"


def overview(found: Sequence[Compliance]) -> str:
    """Return a line for each program: how many services in use are in its scope."""
    width = max(len(one.program) for one in found)
    lines = [f"services in use: {', '.join(OVERVIEW)}", ""]
    for one in found:
        counts = _counts(one)
        numbers = "".join(f"{counts[standing]:5}" for standing in reversed(STANDINGS))
        lines.append(
            f"  {one.program:{width}}{numbers[:5]}{numbers[10:]}{numbers[5:10]}  {one.title}"
        )
    return "\n".join([*lines, "", "Ask for one by --program.", ""])


def _said(one: Compliance) -> Iterator[str]:
    yield f"{one.title}: {_sentence(one)}"
    if one.asked_by:
        yield f"asked for by the data found: {classes(one.asked_by)}"
    for standing in STANDINGS:
        some = [each for each in one.standings if each.standing == standing]
        if some:
            yield ""
            yield f"{standing} ({len(some)})"
            for each in some:
                yield from _service(each)


def _sentence(one: Compliance) -> str:
    names = [standing.service for standing in one.breaches]
    if names:
        holds = "holds" if len(names) == 1 else "hold"
        return f"{listed(names, NAMES)} {holds} its data and {_are(names)} not in scope"
    counts = _counts(one)
    doubt = [s.service for s in one.standings if s.standing == "unknown" and (s.holds or s.could)]
    out = [s.service for s in one.standings if s.standing == "not in scope" and s.could]
    said = "no service out of scope holds its data"
    if out:
        said += f"; {listed(out, NAMES)} could"
    if doubt:
        said += f"; unknown for {listed(doubt, NAMES)}"
    return f"{said} ({many(counts['in scope'], 'service')} in scope)"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _service(one: Standing) -> Iterator[str]:
    dated = f"{one.date or 'undated'}, {one.source}" if one.source else ""
    yield f"  {one.service:{WIDTH}} {'; '.join(filter(None, (dated, one.note)))}".rstrip()
    if one.holds:
        yield f"      holds       {classes(one.holds)}"
        yield f"                  in {listed(one.holding, NAMES)}"
    if one.could:
        yield f"      could hold  {classes(one.could)}"
        yield f"                  {_where(one)}"


def _where(one: Standing) -> str:
    return f"{'in' if one.resources else 'called by'} {listed(one.able, NAMES)}"
