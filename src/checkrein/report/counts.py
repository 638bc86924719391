"""What was read, in numbers: the same in every form of report."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from checkrein.model import (
    INTENT,
    Call,
    Deployment,
    Function,
    Grant,
    Outcome,
    Resource,
    Stack,
    Unread,
)
from checkrein.model.result import Result

REPORT = "a fault of checkrein's own: please report it"


class Counts(Struct, frozen=True):
    """Numbers of facts and verdicts. ``calls_bound`` are those whose resource is known."""

    templates: int
    deployments: int
    functions: int
    languages: dict[str, int]
    resources: int
    grants: int
    calls: int
    calls_bound: int
    unread: int
    verdicts: dict[str, int]


def crashed(result: Result) -> list[str]:
    """Name each check that crashed, on how many resources, and with which error, once."""
    failed = (v for v in result.verdicts if v.outcome is Outcome.CRASHED)
    found = Counter((verdict.check, verdict.reason) for verdict in failed)
    return [
        f"{check}{f' on {number} resources' if number > 1 else ''}: {reason} ({REPORT})"
        for (check, reason), number in sorted(found.items())
    ]


def counts(result: Result) -> Counts:
    """Count what a scan read and judged."""
    app = result.app
    calls = app.every(Call)
    resources = app.every(Resource)
    unseen = {each.id: each.called for each in resources if each.is_undeclared}
    languages = Counter(f.language for f in app.every(Function) if f.language)
    outcomes = Counter(verdict.outcome for verdict in result.verdicts)
    return Counts(
        templates=len({stack.source for stack in app.every(Stack)} - {INTENT}),
        deployments=len(app.every(Deployment)),
        functions=len(app.every(Function)),
        languages=dict(sorted(languages.items())),
        resources=len(resources) - len(unseen),
        grants=len(app.every(Grant)),
        calls=len(calls),
        calls_bound=sum(
            call.target is not None and isinstance(unseen.get(call.target, ""), str)
            for call in calls
        ),
        unread=len(app.every(Unread)),
        verdicts={outcome.value: outcomes[outcome] for outcome in Outcome},
    )
