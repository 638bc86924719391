"""Stores that code reaches and that nothing names: one is made where none of the others is meant."""

from __future__ import annotations

import pytest

from checkrein.derive.content.stores import with_stores
from checkrein.derive.stacks.deployments import join
from checkrein.model import App, Argument, CallSite, Evidence, Place, Resource, Stack, Summary

FUNCTION = "AWS::Lambda::Function"


def made(*asked: tuple[str, str]) -> list[str]:
    """Return the stores of an app whose functions reach some, each by its kind and its host."""
    evidence = (Evidence("it is there", Place("template.yaml", 1)),)
    facts: list[Stack | Resource | Summary] = [
        Stack(id="shop", source="template.yaml", evidence=evidence)
    ]
    for number, (kind, host) in enumerate(asked):
        id = f"shop/F{number}"
        facts.append(Resource(id=id, stack="shop", type=FUNCTION, evidence=evidence))
        arguments = (Argument("Kind", kind), *([Argument("Address", host)] if host else []))
        site = CallSite("sdk", "database", "Select", Place("app.js", number + 1), arguments)
        facts.append(Summary(id=id, function=id, calls=(site,), evidence=evidence))
    app = App(facts)
    return [r.id for r in with_stores(app, join(app)).resources if r.type.startswith("Store::")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([("MySQL", ""), ("MySQL", "")], ["shop/MySQL"]),
        ([("MySQL", "a.example.com"), ("MySQL", "")], ["shop/MySQL:a.example.com"]),
        ([("MySQL", "a.example.com"), ("SQL", "")], ["shop/MySQL:a.example.com"]),
        ([("SQL", ""), ("MySQL", "")], ["shop/MySQL"]),  # what an ORM speaks to is the other
        ([("SQL", ""), ("MongoDB", "")], ["shop/MongoDB", "shop/SQL"]),
        (  # nobody knows which of the two is meant, so it is a third, once
            [("MySQL", "a.io"), ("MySQL", "b.io"), ("MySQL", ""), ("MySQL", "")],
            ["shop/MySQL", "shop/MySQL:a.io", "shop/MySQL:b.io"],
        ),
    ],
)
def test_what_nothing_names_is_a_store_of_its_own_where_no_other_is_meant(
    asked: list[tuple[str, str]], found: list[str]
) -> None:
    assert sorted(made(*asked)) == found
