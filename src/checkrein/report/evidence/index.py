"""The cover: of what, when, from which files, and how the controls stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from checkrein import __version__
from checkrein.catalog.frameworks import Framework
from checkrein.model import Deployment, Outcome, Unread, Verdict
from checkrein.model.result import Result
from checkrein.report.counts import counts
from checkrein.report.evidence.controls import MEANING
from checkrein.report.evidence.markdown import code, escaped, page, table
from checkrein.report.evidence.read import File, fingerprint
from checkrein.report.evidence.tallies import (
    COLUMNS,
    NOT_COVERED,
    NOTHING,
    STANDINGS,
    Control,
    all_verdicts,
    column,
)
from checkrein.report.wording import many

ALL = (*STANDINGS.values(), NOTHING, NOT_COVERED)
CONTENTS = {
    "controls.md": "control by control, the checks that speak to it (`controls.csv`)",
    "findings.md": "what failed, was held back or could not be judged (`verdicts.csv`)",
    "accepted.md": "findings that somebody accepted, with their reasons",
    "data.md": "the data inventory (`data.csv`)",
    "flow.md": "the data-flow diagram",
    "services.md": "who owns which layer, and eligibility (`services.csv`)",
    "files.csv": "the files that were read, with their hashes",
    "evidence.json": "this page for programs",
}


class Cover(Struct, frozen=True):
    """What stands on the cover."""

    framework: Framework
    result: Result
    controls: Sequence[Control]
    files: Sequence[File]
    day: date

    def facts(self) -> dict[str, Any]:
        """Return the cover for programs: all counts, and every control's standing."""
        standings = Counter(control.standing for control in self.controls)
        return {
            "framework": {
                name: getattr(self.framework, name)
                for name in ("id", "title", "version", "date", "source")
            },
            "date": self.day.isoformat(),
            "fingerprint": fingerprint(self.files),
            "read": msgspec.structs.asdict(counts(self.result)) | {"files": len(self.files)},
            "standings": {name: standings[name] for name in ALL},
            "controls": [_control(control) for control in self.controls],
            "unread": [
                {"path": u.path, "reason": u.reason, "effect": u.effect}
                for u in self.result.app.every(Unread)
            ],
        }


def _control(control: Control) -> dict[str, Any]:
    return {
        "number": control.number,
        "about": control.words,
        "standing": control.standing,
        "counts": control.counts,
        "checks": [tally.check.id for tally in control.tallies],
    }


def index_page(cover: Cover) -> bytes:
    """Return the cover for people."""
    return page(_lines(cover))


def _lines(cover: Cover) -> Iterator[str]:
    framework = cover.framework
    yield from (f"# Evidence: {framework.title} {framework.version}", "")
    yield from table(("", ""), _facts(cover))
    yield ""
    yield from (MEANING, "")
    if framework.own_words:
        yield from ("Controls are named in our own short words; the standard's text counts.", "")
    yield from ("## Contents", "")
    yield from (f"- [{name}]({name}): {words}" for name, words in CONTENTS.items())
    yield from ("", "## Controls", "")
    standings = Counter(control.standing for control in cover.controls)
    told = [f"{standings[name]} {name}" for name in ALL if standings[name]]
    yield from (f"{many(len(cover.controls), 'control')}: {', '.join(told)}.", "")
    covered = [control for control in cover.controls if control.tallies]
    yield from table(("control", "about", "standing", *COLUMNS), map(_row, covered))
    yield from _not_covered(cover)
    yield from _applications(cover)
    yield from _unread(cover)


def _facts(cover: Cover) -> Iterator[tuple[str, str]]:
    read = counts(cover.result)
    numbers = [
        many(read.templates, "template"),
        many(read.functions, "function"),
        many(read.resources, "resource"),
    ]
    dated = f", {cover.framework.date}" if cover.framework.date else ""
    yield "framework", f"{cover.framework.title} {cover.framework.version}{dated}"
    yield "its source", f"<{cover.framework.source}>"
    yield "date of this evidence", cover.day.isoformat()
    yield "made by", f"checkrein {__version__}"
    yield "folder", code(cover.result.root.name)
    yield "read", f"{', '.join(numbers)}, in {many(len(cover.files), 'file')}"
    yield "fingerprint of what was read", code(fingerprint(cover.files))


def _row(control: Control) -> tuple[object, ...]:
    about = escaped(control.words)
    return code(control.number), about, control.standing, *control.counts.values()


def _not_covered(cover: Cover) -> Iterator[str]:
    missing = [control.number for control in cover.controls if control.standing == NOT_COVERED]
    if missing:
        yield from (
            "",
            f"No check speaks to these {len(missing)}:",
            "",
        )
        yield ", ".join(code(number) for number in missing)


def _applications(cover: Cover) -> Iterator[str]:
    """Yield the applications, where there are several, with the verdicts on each."""
    deployments = cover.result.app.every(Deployment)
    if len(deployments) > 1:
        of_stack = {stack: each.id for each in deployments for stack in each.stacks}
        counted: dict[str, Counter[str]] = {each.id: Counter() for each in deployments}
        for verdict in all_verdicts(cover.result):
            owner = _owner(of_stack, verdict)
            if owner:
                counted[owner][column(verdict)] += 1
        yield from ("", "## Applications", "")
        yield from table(
            ("application", *COLUMNS),
            ((code(id), *(found[name] for name in COLUMNS)) for id, found in counted.items()),
        )


def _owner(of_stack: dict[str, str], verdict: Verdict) -> str:
    """Return the application of a verdict's subject, "" where its id does not tell."""
    parts = verdict.subject.partition("@")[0].split("/")
    stacks = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((of_stack[stack] for stack in stacks if stack in of_stack), "")


def _unread(cover: Cover) -> Iterator[str]:
    unread = cover.result.app.every(Unread)
    crashed = [v for v in all_verdicts(cover.result) if v.outcome is Outcome.CRASHED]
    if unread or crashed:
        yield from ("", f"## Not read or judged ({len(unread) + len(crashed)})", "")
        rows = [(code(u.path), escaped(u.reason), escaped(u.effect)) for u in unread]
        rows += [
            (code(v.subject), escaped(v.reason), f"{v.check} did not judge it") for v in crashed
        ]
        yield from table(("what", "why", "so"), rows)
