"""The laws of the lock: what it accepts is no finding, all else is, and accepting takes it away."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checkrein import checks, compare
from checkrein.derive import derive
from checkrein.derive.surface import lines
from checkrein.judge import judge
from checkrein.model import Accepted, App, Data, Fact, Kind, Verdict
from checkrein.pipeline import reading
from checkrein.read.lock import read_text
from checkrein.write import lock_text

EXAMPLES = Path(__file__).parents[2] / "examples"
LOCK = (
    *("data-not-in-lock", "entry-not-in-lock", "flow-not-in-lock", "gone-from-app"),
    *("intended-but-not-coded", "potential-not-in-lock", "right-not-in-lock"),
    "service-not-in-lock",
)
CHECKS = [check for check in checks.load() if check.id in LOCK]


@cache
def facts(folder: str = "wild-rydes") -> tuple[Fact, ...]:
    """Return what is read of an example."""
    return tuple(reading.read((EXAMPLES / folder,), lambda _: None).facts)


@cache
def first(folder: str = "wild-rydes") -> tuple[Accepted, ...]:
    """Return the lock that init makes of an example."""
    app = derive(App(facts(folder)))
    return tuple(sorted(compare.first_lock(app | lines(app)), key=lambda line: line.id))


def scanned(lock: list[Accepted], folder: str = "wild-rydes") -> tuple[App, list[Verdict]]:
    """Judge an example with a lock as it is after writing and reading."""
    own = [fact.id for fact in facts(folder) if isinstance(fact, Data)]
    app = derive(App([*facts(folder), *read_text(lock_text(lock).encode(), own)]))
    return app, judge(app, CHECKS)


def told(verdicts: list[Verdict]) -> set[str]:
    return {finding.fingerprint for verdict in verdicts for finding in verdict.findings}


def outcomes(verdicts: list[Verdict]) -> set[str]:
    return {verdict.outcome for verdict in verdicts}


@pytest.mark.parametrize("folder", ["wild-rydes", "seven-rows"])
def test_what_init_accepts_is_no_finding(folder: str) -> None:
    _, verdicts = scanned([*first(folder)], folder)
    assert outcomes(verdicts) <= {"pass"}


def test_the_order_in_which_lines_come_changes_no_byte() -> None:
    shuffled = random.Random(7).sample(first(), len(first()))
    assert lock_text(shuffled) == lock_text(first())


def test_an_empty_lock_accepts_nothing_and_accepting_all_gives_what_init_gives() -> None:
    app, verdicts = scanned([])
    choice = compare.choose(app, verdicts, ())
    accepted = compare.accept(app, choice, "", "", everything=True)
    assert len(told(verdicts)) > 5
    assert told(scanned(accepted)[1]) == set()
    assert {a.id: a.values for a in accepted if a.kind != Kind.INTENDED} == {
        a.id: a.values for a in first() if a.kind != Kind.INTENDED
    }


@st.composite
def locks(draw: st.DrawFn) -> list[Accepted]:
    """Draw a lock that differs: lines and values that are not there, and others that are too much."""
    kept = {line.id: line for line in first()}
    for line in draw(st.lists(st.sampled_from(first()), max_size=4)):
        what = draw(st.sampled_from(["line", "value", "more"]))
        if what == "line":
            kept.pop(line.id, None)
        elif what == "value" and line.values:
            left = set(line.values) - {draw(st.sampled_from(line.values))}
            kept[line.id] = replace(line, values=tuple(sorted(left)))
        elif what == "more":
            more = "bank.iban" if "." in "".join(line.values) else "more:More"
            kept[line.id] = replace(line, values=tuple(sorted({*line.values, more})))
    return list(kept.values())


@given(lock=locks())
@settings(max_examples=5)
def test_accepting_all_leaves_nothing(lock: list[Accepted]) -> None:
    app, verdicts = scanned(lock)
    choice = compare.choose(app, verdicts, ())
    accepted = compare.accept(app, choice, "why", "Ada", everything=True)
    assert told(scanned(accepted)[1]) == set()


@given(lock=locks(), data=st.data())
@settings(max_examples=5)
def test_accepting_one_finding_takes_exactly_that_one_away(
    lock: list[Accepted], data: st.DataObject
) -> None:
    app, verdicts = scanned(lock)
    found = told(verdicts)
    if not found:
        return
    one = data.draw(st.sampled_from(sorted(found)))
    choice = compare.choose(app, verdicts, (one,))
    accepted = compare.accept(app, choice, "why", "Ada", everything=False)
    assert told(scanned(accepted)[1]) == found - {one}
