"""What ``fix`` did, for people (what was mended, what was left and why) and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff
from typing import Any

import msgspec

from checkrein.late import regex
from checkrein.model import Outcome
from checkrein.model.mended import Mend, Mended, Why
from checkrein.notation import decode
from checkrein.report.comments import doubtful
from checkrein.report.harmless import line
from checkrein.report.wording import listed, many

SHOWN = 4  # names that a line lists
LINE = regex(r"[^\n]*\n|[^\n]+")
LEFT = {
    Why.UNSAFE: "may change what works; look at --unsafe --dry-run",
    Why.DECISION: "needs a decision that only you can make",
    Why.CANNOT: "cannot be written",
    Why.REFUSED: "tried, and not kept",
}


def document(found: Mended, *, written: bool) -> bytes:
    """Return the document that a program reads; see docs/fixing.md."""
    content = {
        "schema": 1,
        "written": written,
        "files": list(found.files),
        "mended": [{**_mend(mend), "files": mend.files} for mend in found.done],
        "left": [{**_mend(mend), "why": mend.why, "reason": mend.reason} for mend in found.left],
        "without_fix": _without_fix(found),
        "comments": [
            {"path": path, "line": number, "text": told} for path, number, told in _comments(found)
        ],
        "diff": diff(found),
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _mend(mend: Mend) -> dict[str, Any]:
    return {
        "check": mend.check,
        "subject": mend.subject,
        "severity": mend.severity,
        "fingerprint": mend.finding.fingerprint,
        "place": msgspec.structs.asdict(mend.finding.place),
        "message": mend.finding.message,
        "fix": mend.fix.title,
        "safe": mend.fix.safe,
    }


def text(found: Mended, *, written: bool) -> str:
    """Return what a person reads; with the diff where nothing was written."""
    lines = [*_done(found, written=written), *_doubtful(found), *_left(found)]
    rest = _without_fix(found)
    if rest:
        verb, them = ("has", "it") if rest == 1 else ("have", "them")
        told = f"{many(rest, 'more finding')} {verb} no fix; `checkrein scan` tells {them}."
        lines += ["", told]
    shown = "\n".join([*map(line, lines), ""])
    return shown if written or not found.files else f"{shown}\n{diff(found)}"


def _done(found: Mended, *, written: bool) -> Iterator[str]:
    if not found.done:
        yield "Nothing mended: no finding has a fix that may be applied."
        return
    verb = "Mended" if written else "Would mend"
    yield f"{verb} {many(len(found.done), 'finding')} in {many(len(found.files), 'file')}."
    for path in found.files:
        yield from ("", path)
        yield from _grouped(mend for mend in found.done if path in mend.files)


def _doubtful(found: Mended) -> Iterator[str]:
    """Yield the comments that people have to read again: no tool knows whether they hold."""
    said = list(_comments(found))
    if said:
        verb = "speaks" if len(said) == 1 else "speak"
        yield from ("", f"{many(len(said), 'comment')} {verb} of what changed; read again:")
    for path, number, told in said:
        yield f"  {path}, line {number}: {told}"


def _comments(found: Mended) -> Iterator[tuple[str, int, str]]:
    for path, (before, after) in found.files.items():
        for number, told in doubtful(path, decode(before, path), after):
            yield path, number, told


def _left(found: Mended) -> Iterator[str]:
    if found.left:
        yield from ("", f"Left {many(len(found.left), 'finding')} that a change would mend:")
    for why, told in LEFT.items():
        same = [mend for mend in found.left if mend.why is why]
        if same:
            yield from ("", f"  {told}")
            yield from _grouped(same, "    ")


def _grouped(mends: Iterable[Mend], indent: str = "  ") -> Iterator[str]:
    """Yield a line for each check, fix and reason, with the names of what it is for."""
    groups: dict[tuple[str, str, str], list[Mend]] = {}
    for mend in mends:
        reason = mend.reason if mend.why in {Why.CANNOT, Why.REFUSED} else ""
        groups.setdefault((mend.check, mend.fix.title, reason), []).append(mend)
    for (check, title, reason), same in groups.items():
        named = listed([_name(mend) for mend in same], SHOWN)
        yield f"{indent}{same[0].severity}[{check}] {named}: {title}"
        if reason:
            yield f"{indent}  {reason}"


def _name(mend: Mend) -> str:
    return mend.subject.partition("<")[0].rpartition("/")[2]


def _without_fix(found: Mended) -> int:
    failing = [v for v in found.after.verdicts if v.outcome is Outcome.FAIL]
    return sum(finding.fix is None for verdict in failing for finding in verdict.findings)


def diff(found: Mended) -> str:
    """Return the unified diff, as ``patch -p1`` takes it in the scanned folder."""
    return "".join(
        each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n"
        for path, (before, after) in found.files.items()
        for each in unified_diff(
            LINE.findall(decode(before, path)), LINE.findall(after), f"a/{path}", f"b/{path}"
        )
    )
