"""A finding keeps its fingerprint through what changes nothing: baselines and diff rest on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Outcome, Persona
from checkrein.pipeline import Wanted, scan
from tests.promise.kinds import drawn
from tests.promise.mutants import FOLDERS, Kind, Mutant
from tests.promise.neutral import KINDS, wildcards
from tests.promise.surfaces import laid_out

WANTED = Wanted(Persona.AUDITOR, baseline=None)


def findings(folder: Path) -> set[str]:
    verdicts = scan([folder], wanted=WANTED).verdicts
    failed = (verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL)
    return {f"{v.check} {f.fingerprint} {f.message}".lower() for v in failed for f in v.findings}


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if kind is not wildcards],  # the pattern as written is its key
    ids=lambda kind: kind.__name__,
)
def test_findings_are_the_same(kind: Kind, tmp_path: Path) -> None:
    (mutant,) = drawn(kind, 1)
    assert findings(laid_out(mutant, tmp_path)) == findings(FOLDERS[mutant.application])


def test_a_statement_put_before_another_leaves_its_findings(tmp_path: Path) -> None:
    template = FOLDERS["wild-rydes"] / "template.yaml"
    queue = "            QueueName: !GetAtt Payments.QueueName\n"
    statement = "        - SQSPollerPolicy:\n" + queue
    text = template.read_text().replace(queue, queue + statement, 1)
    before = findings(FOLDERS["wild-rydes"])
    mutant = Mutant("wild-rydes", "a statement before", "", {"template.yaml": text})
    after = findings(laid_out(mutant, tmp_path))
    assert {each for each in before if "power-beyond-use" in each} <= after
