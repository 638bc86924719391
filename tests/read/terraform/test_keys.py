"""Keys of ``for_each`` as teams have them: routes, addresses, words of any letters."""

from pathlib import Path

from checkrein.model import Resource
from checkrein.pipeline import learn

TABLES = """\
resource "aws_dynamodb_table" "orders" {
  for_each = toset(["GET /orders", "a@b.org", "a|<b>&'q]`"])
  name     = "orders-${each.key}"
  hash_key = "id"
}
"""


def test_no_key_is_taken_for_a_part_of_an_id(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TABLES)
    found = learn([tmp_path]).app.every(Resource)
    assert {each.id: each.value("TableName") for each in found} == {
        'main/aws_dynamodb_table.orders["GET :orders"]': "orders-GET /orders",
        'main/aws_dynamodb_table.orders["a(at)b.org"]': "orders-a@b.org",
        'main/aws_dynamodb_table.orders["a|<b>&\'q]`"]': "orders-a|<b>&'q]`",
    }
    assert {each.name.partition("[")[0] for each in found} == {"aws_dynamodb_table.orders"}
