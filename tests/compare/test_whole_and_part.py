"""A statement that goes takes its parts along: of both at once only the whole is a change."""

from __future__ import annotations

from checkrein.compare.whatif.changes import changed, widest
from checkrein.model import App, Change, Resource

STATEMENT = ("PolicyDocument", "Statement", 0)
WHOLE = Change("app/Policy", STATEMENT, "remove")
PART = Change("app/Policy", (*STATEMENT, "Action", 0), "remove")
OTHER = Change("app/Other", (*STATEMENT, "Action", 0), "remove")


def test_of_a_whole_and_its_part_only_the_whole_is_left() -> None:
    assert widest([PART, WHOLE, OTHER, WHOLE]) == [WHOLE, OTHER]


def test_both_can_be_made_in_any_order() -> None:
    statements = [{"Action": ["s3:GetObject", "s3:PutObject"]}, {"Action": "s3:ListBucket"}]
    document = {"PolicyDocument": {"Statement": statements}}
    policy = Resource(
        id="app/Policy", stack="app", type="AWS::S3::BucketPolicy", properties=document
    )
    app = App([policy])
    for changes in ([PART, WHOLE], [WHOLE, PART]):
        (left,) = changed(app, widest(changes)).every(Resource)
        assert left.value(STATEMENT[:-1]) == [{"Action": "s3:ListBucket"}]
