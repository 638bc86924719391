"""What holds of every comparison: nothing differs from itself, and both directions tell the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.compare.difference import between
from checkrein.model import Kind, Line
from checkrein.model.difference import Node, Recorded
from tests.difference.conftest import PUT, WIDER, Ask, Write

NODES = {
    "app/Order": Node("Lambda", "AWS::Lambda::Function"),
    "app/Cards": Node("DynamoDB", "AWS::DynamoDB::Table"),
    "app/Photos": Node("S3", "AWS::S3::Bucket", people=""),
    "app@anyone": Node(people="anyone"),
    "host:x.org": Node("Third party", "host"),
}
KEYS = {
    Kind.INTENDED: [""],
    Kind.CODED: [""],
    Kind.POTENTIAL: ["direct", "takeover", "influence"],
    Kind.ENTRY: ["http app/Order POST /x", "queue app/Cards", "assumed", "connections tcp 443", "sign-up"],
    Kind.FLOW: ["event.body -> app/Cards card", "all -> host:x.org", "event -> @logs", "all -> all"],
    Kind.CALL: ["app/Cards", "?", "*"],
    Kind.RIGHT: ["app/Cards read", "app/Photos write", "*", "arn:aws:s3:::x/*"],
    Kind.DENIAL: ["app/Cards", "network", "boundary", "all but x"],
    Kind.GAIN: ["takeover account", "takeover content", "influence code", "acts as"],
}  # fmt: skip
WORDS = {
    Kind.ENTRY: ["@anyone", "iam", "app/Order", "whatever body they send", "0.0.0.0/0"],
    Kind.RIGHT: ["s3:*", "s3:GetObject", "s3:PutObject on in/*", "dynamodb:Scan if x is y", "*"],
    Kind.DENIAL: ["s3:*", "all but x"],
    Kind.CALL: ["dynamodb:Scan"],
    Kind.GAIN: ["app/Cards", "app@account"],
}
CLASSES = ["pay.pan", "pii.email", "public.content", "untrusted.any"]


@st.composite
def lines(draw: st.DrawFn) -> Line:
    kind = draw(st.sampled_from(list(Kind)))
    owner, key = draw(st.sampled_from(sorted(NODES))), draw(st.sampled_from(KEYS[kind]))
    values = draw(st.sets(st.sampled_from(WORDS.get(kind, CLASSES)), min_size=1))
    told = tuple(sorted(values))
    return Line(
        id=" ".join(filter(None, (kind, owner, key))), kind=kind, owner=owner, key=key,
        values=told, steps=((),) * len(told),
    )  # fmt: skip


@st.composite
def versions(draw: st.DrawFn) -> Recorded:
    found = {line.id: line for line in draw(st.lists(lines(), max_size=8))}
    worth = {"pay.pan": 9, "pii.email": 5}
    return Recorded("0", NODES, worth, tuple(found[id] for id in sorted(found)))


@given(versions())
def test_nothing_differs_from_itself(version: Recorded) -> None:
    found = between(version, version)

    assert [*found.points, *found.changed, *found.table] == []
    assert found.text.startswith("Nothing changes")


@given(versions(), versions())
def test_what_differs_is_told_in_both_directions(before: Recorded, after: Recorded) -> None:
    there, back = between(before, after), between(after, before)

    assert bool(there.points) is bool(back.points)
    assert bool(there.changed) or not there.points
    assert {row.resource for row in there.table} == {row.resource for row in back.table}
    assert [(each.owner, each.key, each.added, each.removed) for each in there.changed] == [
        (each.owner, each.key, each.removed, each.added) for each in back.changed
    ]
    assert there.text.startswith("Nothing changes") is not bool(there.points)


def test_what_one_direction_adds_the_other_takes_away(write: Write, ask: Ask) -> None:
    before, after = write("before"), write("after", (PUT, WIDER))
    there, back = (
        json.loads(ask(*pair, "--format", "json")[1]) for pair in ((before, after), (after, before))
    )

    for part in ("access", "flows", "entries"):
        assert there[part]["added"] == back[part]["removed"]
        assert there[part]["removed"] == back[part]["added"]
    assert there["findings"]["new"] == back["findings"]["gone"]


@pytest.mark.parametrize("level", ["direct", "takeover"])
def test_what_comes_nearer_is_told(level: str) -> None:
    def version(key: str) -> Recorded:
        line = Line(id=f"potential app/Cards {key}", kind=Kind.POTENTIAL, owner="app/Cards", key=key, values=("pay.pan",), steps=((),))  # fmt: skip
        return Recorded("0", NODES, {"pay.pan": 9}, (line,))

    nearer, further = version(level), version("influence")
    assert [point.widens for point in between(further, nearer).points] == [True]
    assert [point.widens for point in between(nearer, further).points] == [False]
