"""After ``init`` a plain scan tells every change of access, and nothing of what changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checkrein.model import Outcome
from checkrein.pipeline import locking, scan
from tests.promise import surroundings
from tests.promise.kinds import CHANGING, NEUTRAL, drawn
from tests.promise.mutants import FOLDERS, Kind, Mutant
from tests.promise.surfaces import laid_out

OF_THE_LOCK = frozenset({
    "data-not-in-lock", "entry-not-in-lock", "flow-not-in-lock", "gone-from-app",
    "intended-but-not-coded", "missing-permission", "potential-beyond-intent",
    "potential-not-in-lock", "right-not-in-lock", "service-not-in-lock",
})  # fmt: skip
EACH = 3  # one kind of so many in the tests; the surface's own tests have all of them
# what a service holds is decided in checkrein.yaml: that is no difference from it
DECIDED = surroundings.declared
Locked = Callable[[Mutant], list[str]]


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Locked:
    """Return what a scan tells about a mutant, with the lock of its application as it was."""
    locks: dict[str, str] = {}
    folder = tmp_path_factory.mktemp("locked")

    def told(mutant: Mutant) -> list[str]:
        if mutant.application not in locks:
            made = laid_out(Mutant(mutant.application, "", "", {}), folder / mutant.application)
            locking.start(locking.first([made], lambda _: None))
            locks[mutant.application] = (made / "checkrein.lock").read_text()
        texts = {**mutant.texts, "checkrein.lock": locks[mutant.application]}
        return _found(laid_out(mutant._replace(texts=texts), folder / "mutant"))

    return told


def _found(folder: Path) -> list[str]:
    verdicts = scan([folder]).verdicts
    assert not [verdict for verdict in verdicts if verdict.outcome is Outcome.CRASHED]
    failed = [v for v in verdicts if v.check in OF_THE_LOCK and v.outcome is Outcome.FAIL]
    return [finding.message for verdict in failed for finding in verdict.findings]


@pytest.mark.parametrize("application", FOLDERS)
def test_what_was_just_locked_differs_in_nothing(application: str, locked: Locked) -> None:
    assert locked(Mutant(application, "", "", {})) == []


@pytest.mark.parametrize(
    "kind",
    [kind for kind in CHANGING if kind is not DECIDED][::EACH],
    ids=lambda kind: kind.__name__,
)
def test_a_change_of_access_is_a_finding(kind: Kind, locked: Locked) -> None:
    (mutant,) = drawn(kind, 1)
    assert locked(mutant)


@pytest.mark.parametrize("kind", NEUTRAL[::EACH], ids=lambda kind: kind.__name__)
def test_what_changes_nothing_is_none(kind: Kind, locked: Locked) -> None:
    (mutant,) = drawn(kind, 1)
    assert locked(mutant) == []
