"""Parts of an app that have nothing in common: no deployment and no file."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.model import App, Deployment, Outcome, Resource, Stack
from checkrein.model.mended import Mend
from checkrein.model.result import Result

Known = frozenset[tuple[str, str, str]]  # findings: the check, the subject, the fingerprint


class Parts:
    """Which stacks belong together, by their deployments and the files that they are written in."""

    def __init__(self, app: App) -> None:
        """Begin with an app that was derived."""
        self._first: dict[str, str] = {stack.id: stack.id for stack in app.every(Stack)}
        for deployment in app.every(Deployment):
            self._join(deployment.stacks)
        by_file: dict[str, set[str]] = {}
        for stack in app.every(Stack):
            by_file.setdefault(stack.source, set()).add(stack.id)
        for made in app.every(Resource):
            for place in {made.place.path, *(place.path for place in made.places.values())}:
                by_file.setdefault(place, set()).add(made.stack)
        for stacks in by_file.values():
            self._join(stacks)

    def _join(self, stacks: Iterable[str]) -> None:
        first, *rest = sorted({self._first.get(id, "") for id in stacks} - {""}) or [""]
        for id, now in self._first.items():
            if now in rest:
                self._first[id] = first

    def __len__(self) -> int:
        return len(set(self._first.values()))

    def stacks(self, part: str) -> frozenset[str]:
        """Return the ids of the stacks of a part."""
        return frozenset(id for id, first in self._first.items() if first == part)

    def of(self, id: str) -> str:
        """Return the part that a resource, function or statement belongs to, "" for none."""
        names = id.split("/")
        heads = ("/".join(names[:end]) for end in range(len(names), 0, -1))
        return next((self._first[head] for head in heads if head in self._first), "")

    def of_fix(self, mend: Mend) -> str:
        """Return the only part that a fix changes, "" if there are several."""
        ids = (mend.subject, *(change.resource for change in mend.fix.changes))
        found = {self.of(id) for id in ids}
        return found.pop() if len(found) == 1 else ""

    def known(self, result: Result, part: str) -> Known:
        """Return what is found in a part."""
        return frozenset(
            (verdict.check, verdict.subject, finding.fingerprint)
            for verdict in result.verdicts
            if verdict.outcome is Outcome.FAIL and self.of(verdict.subject) == part
            for finding in verdict.findings
        )
