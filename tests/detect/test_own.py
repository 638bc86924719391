"""A team's own names and patterns come before what is known of names."""

from __future__ import annotations

import pytest

from checkrein.detect.own import Own
from checkrein.model import Decision


def own(
    names: dict[str, str], patterns: tuple[str, ...] = (), table: dict[str, str] | None = None
) -> Own:
    told = {"value": 1, "names": ["loyalty*"], "patterns": list(patterns)}
    return Own(
        [
            Decision(id="d", kind="data", subject="biz.loyalty", content=told),
            *_named("", names),
            *_named("a/T", table or {}),
            Decision(id="r", kind="resource", subject="a/T", content={"holds": []}),
        ]
    )


def _named(resource: str, names: dict[str, str]) -> list[Decision]:
    return [
        Decision(
            id=f"{resource}{name}",
            kind="name",
            subject=name,
            content={"resource": resource, "data": data},
        )
        for name, data in names.items()
    ]


NAMES = {"card": "", "memo*": "phi.record", "memo_id": "pii.identifier", "loyaltyId": "", "x?": "y"}


@pytest.mark.parametrize(
    ("name", "resource", "expected"),
    [
        ("card", "", ""),
        ("Card", "b/T", ""),
        ("card", "a/T", "pii.photo"),
        ("cards", "", None),
        ("memoText", "", "phi.record"),
        ("MEMO-ID", "", "pii.identifier"),
        ("loyalty_no", "", "biz.loyalty"),
        ("loyalty_id", "", ""),
        ("x1", "", "y"),
        ("x", "", None),
        ("email", "", None),
    ],
)
def test_a_name_is_what_the_team_says(name: str, resource: str, expected: str | None) -> None:
    said = own(NAMES, table={"card": "pii.photo"}).name(name, resource)
    assert (said.data if said else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("LC-12", "biz.loyalty"), ("LC-123", None), ("xLC-12", None), ("", None)],
)
def test_a_text_is_what_has_its_pattern_as_a_whole(text: str, expected: str | None) -> None:
    said = own({}, ("LC-[0-9]{2}",)).text(text)
    assert (said.data if said else None) == expected


def test_a_pattern_of_a_schema_is_known_with_its_anchors() -> None:
    words = own({}, ("LC-[0-9]{2}",))
    said = words.pattern("^LC-[0-9]{2}$")
    assert (said and said.data, words.pattern("^LC-[0-9]+$")) == ("biz.loyalty", None)


def test_a_team_that_says_nothing_is_silent() -> None:
    assert (Own().is_silent, own({}).is_silent) == (True, False)
    assert Own().name("card") is None
