"""Annotations for a GitHub workflow: commands in its log, which it shows beside the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checkrein.model import Severity, Unread
from checkrein.model.result import Result
from checkrein.report.details import because
from checkrein.report.order import Told, worst_first
from checkrein.report.run import Run
from checkrein.report.wording import many

KINDS = {
    Severity.LOW: "notice",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
MOST = 10  # annotations of one kind that GitHub shows of a step


def document(result: Result, run: Run) -> bytes:
    """Return the commands, the worst first, and a line that counts what GitHub would not show."""
    shown: Counter[str] = Counter()
    lines = []
    unread = [each for each in result.app.every(Unread) if each.fatal]
    for each in unread[:MOST]:
        shown["warning"] += 1
        path = each.path if each.path != "." else ""
        lines.append(_command("warning", _file(path, run), each.reason))
    left: Counter[str] = Counter()
    for told in worst_first(result):
        kind = KINDS[told.verdict.severity]
        if shown[kind] < MOST:
            shown[kind] += 1
            lines.append(_annotation(kind, told, run))
        else:
            left[told.verdict.severity] += 1
    lines += list(_rest(left))
    return "".join(f"{line}\n" for line in lines).encode()


def _rest(left: Counter[str]) -> Iterator[str]:
    """Say how many findings have no annotation."""
    if left:
        ranked = ", ".join(f"{left[s]} {s}" for s in reversed(Severity) if left[s])
        yield f"checkrein: {many(left.total(), 'finding')} without an annotation: {ranked}"


def _annotation(kind: str, told: Told, run: Run) -> str:
    verdict, finding = told
    place = finding.place
    where = {"title": f"{verdict.severity}[{verdict.check}]", **_file(place.path, run)}
    if place.line:
        where["line"] = str(place.line)
        where["endLine"] = str(max(place.line, place.end_line))
        if place.end_line == place.line:  # GitHub takes columns within one line only
            where |= {"col": str(place.column), "endColumn": str(place.end_column)}
    said = "\n".join([finding.message, *because(finding, run), verdict.reason])
    return _command(kind, where, said)


def _file(path: str, run: Run) -> dict[str, str]:
    """Say which file; what stands in none belongs to the whole step, not to a folder."""
    return {"file": run.path(path)} if path else {}


def _command(kind: str, properties: dict[str, str], text: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind}{' ' if told else ''}{told}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
