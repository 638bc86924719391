"""Comments that a fix may have made untrue are named, others are not."""

from __future__ import annotations

from checkrein.report.comments import doubtful

TABLE = """\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      # we keep it PROVISIONED: it is cheaper
      BillingMode: PROVISIONED
      TableName: orders  # of the shop
"""


def test_a_comment_above_that_names_the_value_that_was() -> None:
    after = TABLE.replace("BillingMode: PROVISIONED", "BillingMode: PAY_PER_REQUEST")
    assert list(doubtful("app.yaml", TABLE, after)) == [
        (5, "we keep it PROVISIONED: it is cheaper")
    ]


def test_a_comment_on_the_line_that_names_the_setting_in_words() -> None:
    before = "  point_in_time_recovery = false  # no point in time recovery in tests\n"
    after = before.replace("false", "true")
    assert list(doubtful("main.tf", before, after)) == [(1, "no point in time recovery in tests")]


def test_other_comments_are_left_alone() -> None:
    after = TABLE.replace("orders  #", "orders-2  #")
    assert list(doubtful("app.yaml", TABLE, after)) == []
    assert list(doubtful("app.json", TABLE, "")) == []


def test_a_comment_above_what_is_added() -> None:
    before = (
        'resource "aws_kms_key" "own" {\n  # rotation: enable_key_rotation is for next year\n}\n'
    )
    after = before.replace("year\n", "year\n  enable_key_rotation = true\n")
    assert list(doubtful("main.tf", before, after)) == [
        (2, "rotation: enable_key_rotation is for next year")
    ]


def test_comments_on_lines_that_were_only_aligned_anew_are_left_alone() -> None:
    before = "  role    = local.role  # the role of the function\n"
    after = before.replace("role    =", "role           =") + "  tracing_config = true\n"
    assert list(doubtful("main.tf", before, after)) == []
