"""Reading checkrein.lock: what it says, and a sentence with the line for what it cannot mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.errors import IntentError
from checkrein.read.lock import read_lock, read_text

SMALL = """\
lock: 1
sets:
  nodes: [app/A, app/B]
intended:
  app/Orders: biz.order, pii.email  # since release 3
  app/Make@logs: nothing
potential:
  app/Orders:
    takeover: {values: [pii.phone], reason: "support needs it", by: Ada}
right:
  app/Role:
    app/Orders read, write: dynamodb:*
    =nodes invoke: lambda:InvokeFunction
"""


def test_every_line_becomes_a_fact_with_its_place() -> None:
    lock, *said = read_text(SMALL.encode())
    assert (lock.kind, lock.place.line) == ("lock", 1)
    assert [(a.kind, a.owner, a.key, a.values, a.place.line) for a in said] == [
        ("intended", "app/Orders", "", ("biz.order", "pii.email"), 5),
        ("intended", "app/Make@logs", "", (), 6),
        ("potential", "app/Orders", "takeover", ("pii.phone",), 9),
        ("right", "app/Role", "app/Orders read", ("dynamodb:*",), 12),
        ("right", "app/Role", "app/Orders write", ("dynamodb:*",), 12),
        ("right", "app/Role", "app/A invoke", ("lambda:InvokeFunction",), 13),
        ("right", "app/Role", "app/B invoke", ("lambda:InvokeFunction",), 13),
    ]
    assert (said[2].reason, said[2].by) == ("support needs it", "Ada")


def test_without_the_file_nothing_is_accepted(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == []


def test_classes_of_the_team_and_of_another_catalogue_may_stand() -> None:
    text = "lock: 1\nintended:\n  app/A: biz.horse\n  app/B: phi.genome_of_tomorrow\n"
    assert [a.values for a in read_text(text.encode(), ["biz.horse"])[1:]] == [
        ("biz.horse",),
        ("phi.genome_of_tomorrow",),
    ]


WRONG = {
    "intended: {}": "line 1: no format is said; the file begins with lock: 1",
    "lock: 2": "line 1: a newer checkrein wrote it (format 2, and this one reads 1); update checkrein",
    "lock: yes": "line 1: there is no format True; 1 is meant",
    "lock: 1\nintend: {}": "line 2: unknown section intend; did you mean intended?",
    "lock: 1\nintended:\n  a: pii.emial": "line 3: unknown data class pii.emial; did you mean pii.email?",
    "lock: 1\nintended:\n  a: email": "line 3: 'email' is no data class such as pii.email",
    "lock: 1\nintended:\n  a: 7": "line 3: a must be words with commas between, or nothing, not 7",
    "lock: 1\nintended:\n  a: pii.email\n  a: pii.name": "line 3: a stands twice; keep one",
    "lock: 1\npotential:\n  a:\n    directly: pii.email": "line 4: unknown level directly; did you mean direct?",
    "lock: 1\nright:\n  r: dynamodb:PutItem": "line 3: r must hold names and what they are given, not 'dynamodb:PutItem'",
    "lock: 1\nsets:\n  nodes: a, b\nright:\n  r:\n    =node read: x": "line 6: unknown set =node; did you mean =nodes?",
    "lock: 1\nright:\n  r:\n    a/T raed: x": "line 4: unknown right raed; did you mean read?",
    "lock: 1\nsets:\n  nodes: a, b\nright:\n  r:\n    =nodes wirte: x": "line 6: unknown right wirte; did you mean write?",
    "lock: 1\nentry:\n  f:\n    url u: {values: [a], why: x}": "line 4: unknown key why; known are values, reason, by",
    "lock: 1\n<<<<<<< ours\nintended: {}\n=======\n>>>>>>> theirs": "line 2: a merge was not finished: "
    "keep the lines that are meant of both sides, and take the marks out",
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), WRONG.items())
def test_what_cannot_be_meant_is_one_sentence_with_its_line(text: str, says: str) -> None:
    with pytest.raises(IntentError) as caught:
        read_text(text.encode())
    line = int(says.partition(":")[0].removeprefix("line "))
    assert (str(caught.value), caught.value.line) == (f"checkrein.lock {says}", line)


def test_what_is_no_yaml_says_so() -> None:
    with pytest.raises(IntentError, match=r"checkrein\.lock: this is not valid YAML"):
        read_text(b"lock: [1")


def test_sets_that_stand_for_endless_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkrein.read.lock.MOST", 6)
    with pytest.raises(IntentError, match="line 2: its sets stand for more than 6 lines"):
        read_text(SMALL.encode())


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("app/A read, write", ["app/A read", "app/A write"]),
        ("a, b read", ["a, b read"]),
        ("app/A if read, so", ["app/A if read, so"]),
        ("app/A " + "read, " * 10_000 + "so", ["app/A " + "read, " * 10_000 + "so"]),
    ],
    ids=["rights", "comma", "condition", "long"],
)
def test_what_a_key_joins(key: str, expected: list[str]) -> None:
    _, *said = read_text(f"lock: 1\nright:\n  R:\n    ? {key}\n    : s3:GetObject\n".encode())
    assert [line.key for line in said] == expected
