"""What somebody accepted is neither a finding nor a pass: it is an outcome, shown and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from checkrein.judge.accepted import others, own
from checkrein.judge.accepted.files import Files, concerned
from checkrein.judge.accepted.wishes import Wish
from checkrein.model import App, Decision, Finding, Outcome, Verdict


def without_ignored(
    verdicts: Iterable[Verdict],
    app: App,
    root: Path,
    peers: Mapping[str, Iterable[str]],
    texts: Mapping[str, str] | None = None,
) -> Iterator[Verdict]:
    """Yield the verdicts with accepted findings apart: ignored, with the reason given.

    ``peers`` are the ids of other tools' rules by our checks' ids (``Check.peers``). ``texts``
    stand in for the content of some files.
    """
    files, known = Files(root, texts), {check: frozenset(ids) for check, ids in peers.items()}
    for verdict in verdicts:
        if verdict.outcome is Outcome.FAIL:
            yield from _parted(verdict, app, files, known)
        else:
            yield verdict


def idle(verdicts: Iterable[Verdict], app: App, checks: Iterable[str]) -> Iterator[str]:
    """Yield, as sentences, the entries of checkrein.yaml that nothing answers to."""
    known = list(checks)
    found = [(verdict, finding) for verdict in verdicts for finding in verdict.findings]
    for decision in app.every(Decision):
        if decision.kind != "ignore":
            continue
        at = f"{decision.place.path} line {decision.place.line}"
        if decision.subject not in known:
            from difflib import get_close_matches  # noqa: PLC0415 - few names are wrong

            near = get_close_matches(decision.subject, known, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield f"{at}: no check is named {decision.subject}{meant}"
        elif not any(own.covers(decision, *each) for each in found):
            yield f"{at}: nothing to ignore, {decision.subject} finds nothing there"


def _parted(
    verdict: Verdict, app: App, files: Files, peers: Mapping[str, frozenset[str]]
) -> Iterator[Verdict]:
    left: list[Finding] = []
    flaws: list[str] = []
    taken: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        wish = _wish(verdict, finding, app, files, peers.get(verdict.check, frozenset()))
        if wish and not wish.flaw:
            taken.setdefault(wish.reason, []).append(finding)
            continue
        left.append(finding)
        flaws += [wish.flaw] if wish else []
    for reason, findings in taken.items():
        yield replace(verdict, outcome=Outcome.IGNORED, findings=tuple(findings), reason=reason)
    if left:
        reason = "; ".join([verdict.reason, *dict.fromkeys(flaws)])
        yield replace(verdict, findings=tuple(left), reason=reason)


def _wish(
    verdict: Verdict, finding: Finding, app: App, files: Files, peers: frozenset[str]
) -> Wish | None:
    """Return a good wish if there is any, else a flawed one."""
    resources = [*concerned(app, verdict, finding)]
    asked = [
        *own.wishes(app, files, verdict, finding, resources),
        *others.wishes(files, resources, peers),
        *([Wish(finding.accepted)] if finding.accepted else ()),
    ]
    return next((wish for wish in asked if not wish.flaw), next(iter(asked), None))
