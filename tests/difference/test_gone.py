"""What was denied of a thing is no news where the thing itself is gone."""

from __future__ import annotations

from tests.difference.conftest import TEMPLATE, Ask, Write

START = TEMPLATE.index("  Photos:")
PHOTOS = TEMPLATE[START : TEMPLATE.index("  Cards:")]
READ = '          - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Photos.Arn}/*"}\n'
DENIED = READ.replace("Allow", "Deny").replace("s3:GetObject", "s3:DeleteObject")


def test_a_store_that_is_gone_lets_nobody_do_more(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before", (READ, READ + DENIED)), write("after", (PHOTOS, "")))

    assert said.startswith("This change only takes away")
    assert "no longer denied" not in said


def test_a_store_that_stays_does(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before", (READ, READ + DENIED)), write("after"), "--all")

    assert "anyone is no longer denied s3:DeleteObject" in said
