"""Whatever a root module holds, its document is made, and everything in it has a place."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from checkrein.catalog.terraform import written
from checkrein.model import Choice, Open, Place, Symbol, Text
from checkrein.read.terraform.document import document
from checkrein.read.terraform.instances import Instance, Json, Root

FILE = "main.tf"
TYPES = [*sorted(written()), "aws_no_such", "random_id", "aws_iam_policy_document", "archive_file"]
NAMES = ("name", "bucket", "role", "policy", "id", "rule", "tags", "statement", "source", "type")
CONDITIONS = (("#Prod", True),)

words = some.sampled_from(["", "a", "*", "{}", '{"Statement": [1]}', "[", "ingress", "${x"])
symbols = some.builds(
    Symbol,
    some.sampled_from([f"{type}.x" for type in TYPES] + ["@aws", "data.aws_region.x", "nobody"]),
    some.sampled_from(["id", "arn", "name", "json", "a[0].b", "Ref"]),
)
plain = some.one_of(some.none(), some.booleans(), some.integers(-1, 9), words)
parts = some.lists(some.one_of(words.filter(bool), symbols), min_size=2, max_size=3)
leaves = some.one_of(
    plain,
    symbols,
    some.builds(Open, some.just("why")),
    parts.map(lambda found: Text(tuple(found))),
)


def deeper(inner: Any) -> Any:
    return some.one_of(
        some.lists(inner, max_size=2),
        some.dictionaries(some.sampled_from(NAMES), inner, max_size=3),
        some.builds(Json, inner),
        inner.map(lambda value: Choice(((CONDITIONS, value), ((("#Prod", False),), None)))),
    )


values = some.recursive(leaves, deeper, max_leaves=8)


@some.composite
def instances(draw: Any) -> Instance:
    type = draw(some.sampled_from(TYPES))
    known = [*(written()[type].move if type in written() else ()), *NAMES]
    into = written()[type].into if type in written() else None
    known += [*into.by, *into.cases] if into else []
    said = draw(some.dictionaries(some.sampled_from(known), values, max_size=4))
    is_data = type in ("aws_iam_policy_document", "archive_file")
    address = f"data.{type}.x" if is_data else f"{type}.x"
    place = Place(FILE, draw(some.integers(1, 99)))
    return Instance(address, type, said, place, {(name,): place for name in said}, is_data)


@settings(max_examples=40)
@given(some.lists(instances(), max_size=6, unique_by=lambda each: each.address))
def test_every_module_has_a_document(found: list[Instance]) -> None:
    made, told = document(Root("", (FILE,), tuple(found)))

    for id, declared in made["Resources"].items():
        places = told.places[(id,)]
        assert places[()].path == FILE
        told_of = {at[0] for at in places if at}
        assert set(declared["Properties"]) <= told_of | ADDED


ADDED = {  # by the table, not by an argument
    name.partition(".")[0]
    for each in written().values()
    for added in (each.given, each.default, *(b.names for b in each.beside.values()))
    for name in added
} | {name for each in written().values() for b in each.beside.values() for name in b.given}
