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
from checkrein.model import Accepted, App, Data, Fact, Kind, Resource, Verdict
from checkrein.pipeline import reading
from checkrein.read.lock import read_text
from checkrein.write import lock_text

EXAMPLES = Path(__file__).parents[2] / "examples"
LOCK = (
    *("data-not-in-lock", "entry-not-in-lock", "flow-not-in-lock", "gone-from-app"),
    *("intended-but-not-coded", "potential-not-in-lock", "right-not-in-lock"),
    "service-not-in-lock",
)
NEED = "missing-permission"
OF_DATA = (Kind.INTENDED, Kind.CODED, Kind.POTENTIAL, Kind.FLOW)
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
    verdicts = judge(app, CHECKS)
    assert "crashed" not in outcomes(verdicts)
    return app, verdicts


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


CHANGES = [  # kind, owner, key; what is taken out and put in; what the scan then tells, of whom
    ("intended", "template/RidesApi", "", "pay.pan", "", "data-not-in-lock template/RidesApi"),
    (
        "intended",
        "template/RidesApi",
        "",
        "",
        "bank.iban",
        "intended-but-not-coded template/RidesApi",
    ),
    ("coded", "template/Payments", "", "pay.pan", "", "data-not-in-lock template/Payments"),
    ("coded", "template/Payments", "", "", "bank.iban", "gone-from-app template/Payments"),
    (
        "potential",
        "template/Payments",
        "direct",
        "cred.token",
        "",
        "potential-not-in-lock template/Payments",
    ),
    (
        "potential",
        "template/Payments",
        "direct",
        "",
        "bank.iban",
        "gone-from-app template/Payments",
    ),
    (
        "potential",
        "template/Payments",
        "takeover",
        "",
        "bank.iban",
        "gone-from-app template/Payments",
    ),
    (
        "entry",
        "template/RequestRide",
        "http template/RidesApi POST /rides",
        "site/UserPool",
        "",
        "entry-not-in-lock template/RequestRide",
    ),
    (
        "entry",
        "template/RequestRide",
        "http template/RidesApi POST /rides",
        "",
        "@anyone",
        "gone-from-app template/RequestRide",
    ),
    (
        "entry",
        "template/RequestRide",
        "http template/RidesApi GET /more",
        "",
        "@anyone",
        "gone-from-app template/RequestRide",
    ),
    (
        "flow",
        "template/Charge",
        "template/Rides email -> host:api.coachpay.example body.email",
        "pii.email",
        "",
        "flow-not-in-lock template/Charge",
    ),
    (
        "flow",
        "template/Charge",
        "template/Rides name -> host:api.coachpay.example body.name",
        "",
        "pii.name",
        "gone-from-app template/Charge",
    ),
    (
        "call",
        "template/Charge",
        "template/Rides",
        "dynamodb:UpdateItem",
        "",
        "flow-not-in-lock template/Charge",
    ),
    (
        "call",
        "template/Charge",
        "template/Rides",
        "",
        "dynamodb:DeleteItem",
        "gone-from-app template/Charge",
    ),
    (
        "right",
        "template/ShowRideRole",
        "template/Rides read",
        "dynamodb:Scan",
        "",
        "right-not-in-lock template/ShowRideRole",
    ),
    (
        "right",
        "template/ShowRideRole",
        "template/Rides read",
        "",
        "dynamodb:PartiQLSelect",
        "gone-from-app template/ShowRide",
    ),
    (
        "right",
        "template/ShowRideRole",
        "template/Rides read",
        "dynamodb:Scan",
        "dynamodb:*",
        "gone-from-app template/ShowRide",
    ),
    (
        "right",
        "site/SettingsWriterRole",
        "*",
        "cognito-idp:DeleteUserPool",
        "",
        "right-not-in-lock site/SettingsWriterRole",
    ),
    (
        "denial",
        "template/ShowRideRole",
        "template/Rides",
        "",
        "dynamodb:DeleteItem",
        "right-not-in-lock template/ShowRideRole",
    ),
    (
        "gain",
        "template/RequestRideRole",
        "influence code",
        "template/Charge",
        "",
        "right-not-in-lock template/RequestRideRole",
    ),
    (
        "gain",
        "template/RequestRideRole",
        "influence code",
        "",
        "template/ShowRide",
        "gone-from-app template/RequestRide",
    ),
]


@pytest.mark.parametrize(("kind", "owner", "key", "out", "into", "says"), CHANGES)
def test_each_kind_of_line_changes_exactly_what_it_should(
    kind: str, owner: str, key: str, out: str, into: str, says: str
) -> None:
    id = " ".join(filter(None, (kind, owner, key)))
    kept = {line.id: line for line in first()}
    known = kept.get(id) or Accepted(id=id, kind=kind, owner=owner, key=key)
    values = ({*known.values} - {out}) | ({into} - {""})
    kept[id] = replace(known, values=tuple(sorted(values)))
    assert (out in known.values, into in known.values) == (bool(out), False)

    app, verdicts = scanned(list(kept.values()))
    failing = [verdict for verdict in verdicts if verdict.outcome == "fail"]
    assert " ".join(f"{v.check} {v.subject}" for v in failing) == says
    choice = compare.choose(app, verdicts, told(verdicts))
    assert told(scanned(compare.accept(app, choice, "", "", everything=False))[1]) == set()


@pytest.mark.parametrize("kind", Kind)
def test_lines_that_allow_nothing_by_hand_fail_no_check(kind: str) -> None:
    emptied = [replace(line, values=()) if line.kind == kind else line for line in first()]
    app, verdicts = scanned(emptied)
    choice = compare.choose(app, verdicts, ())
    assert told(scanned(compare.accept(app, choice, "", "", everything=True))[1]) == set()


def test_what_code_brought_before_and_rights_still_let_come_is_known() -> None:
    coded, could = "coded template/Payments", "potential template/Payments direct"
    kept = {line.id: line for line in first()}
    left = tuple(data for data in kept[could].values if data != "cred.token")
    kept[could] = replace(kept[could], values=left)
    kept[coded] = replace(kept[coded], values=(*kept[coded].values, "cred.token"))

    app, verdicts = scanned(list(kept.values()))
    assert [v.check for v in verdicts if v.outcome == "fail"] == ["gone-from-app"]
    choice = compare.choose(app, verdicts, ())
    assert told(scanned(compare.accept(app, choice, "", "", everything=False))[1]) == set()


def test_a_right_that_is_gone_and_still_needed_is_told_once() -> None:
    def without(fact: Fact) -> Fact:
        if not isinstance(fact, Resource) or fact.id != "template/RequestRideRole":
            return fact
        policies = fact.properties["Policies"]
        return replace(fact, properties={**fact.properties, "Policies": policies[:1]})

    app = derive(App([*map(without, facts()), *first(), Accepted(id="lock", kind="lock")]))
    found = judge(app, [check for check in checks.load() if check.id in {*LOCK, NEED}])
    rights = {
        verdict.check: [str(line.removed) for line in f.lines if line.kind is Kind.RIGHT]
        for verdict in found
        for f in verdict.findings
    }
    assert rights == {"gone-from-app": ["('dynamodb:Scan',)"], NEED: []}


EDITS = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from(["line", "value", "more", "none"]),
        st.integers(0, 20),
    ),
    max_size=4,
)


def edited(edits: list[tuple[int, str, int]]) -> list[Accepted]:
    """Return a lock without some lines and values, and with some that are too much."""
    kept = {line.id: line for line in first()}
    for number, what, which in edits:
        line = first()[number % len(first())]
        values = {*line.values} if what != "none" else set()
        if what == "line":
            kept.pop(line.id, None)
            continue
        if what == "value" and values:
            values.discard(line.values[which % len(line.values)])
        if what == "more":
            values.add("bank.iban" if line.kind in OF_DATA else "more:More")
        kept[line.id] = replace(line, values=tuple(sorted(values)))
    return list(kept.values())


@given(edits=EDITS)
@settings(max_examples=5)
def test_accepting_all_leaves_nothing(edits: list[tuple[int, str, int]]) -> None:
    app, verdicts = scanned(edited(edits))
    choice = compare.choose(app, verdicts, ())
    accepted = compare.accept(app, choice, "why", "Ada", everything=True)
    assert told(scanned(accepted)[1]) == set()


@given(edits=EDITS, pick=st.integers(0, 20))
@settings(max_examples=5)
def test_accepting_one_finding_takes_exactly_that_one_away(
    edits: list[tuple[int, str, int]], pick: int
) -> None:
    app, verdicts = scanned(edited(edits))
    found = sorted(told(verdicts))
    if not found:
        return
    one = found[pick % len(found)]
    choice = compare.choose(app, verdicts, (one,))
    accepted = compare.accept(app, choice, "why", "Ada", everything=False)
    assert told(scanned(accepted)[1]) == {*found} - {one}
