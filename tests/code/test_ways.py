"""What is known of requests at a place, and which fields only other requests have."""

from __future__ import annotations

import pytest

from checkrein.code.domain.ways import SEPARATE, Reads, Ways, is_other
from checkrein.model import Symbol

BODY = Symbol("event", "body")


def ways(*said: str) -> Ways:
    return frozenset(said)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (ways("method GET"), ways("method PUT"), True),
        (ways("method GET"), ways("method GET", "path /a"), False),
        (ways("method GET"), ways("path /a"), False),
        (ways("below /a"), ways("below /b"), False),  # it may be below both
        (ways("event.body.a = x"), ways("event.body.a = y"), True),
        (ways("event.body.a = x"), ways("event.body.b = y"), False),
        (ways("method GET", "method PUT"), ways("method POST"), False),  # one of two
        (ways("event.body.a = x", "event.body.a = y"), ways("event.body.a = z"), False),
    ],
)
def test_no_request_is_both(here: Ways, there: Ways, *, expected: bool) -> None:
    assert is_other(here, there) is expected
    assert is_other(there, here) is expected


def missing(*read: tuple[str, Ways]) -> set[str]:
    """Return which fields of the body a request for GET has not."""
    reads = Reads()
    for path, known in read:
        reads.read(Symbol("event", path), known)
    return set(reads.missing(BODY, ways("method GET")))


def test_fields_that_are_read_elsewhere_only_are_missing() -> None:
    put, post = ways("method PUT"), ways("method POST")

    assert missing(("body.card", put), ("body.name", ways("method GET"))) == {"card"}
    assert missing(("body.card", put), ("body.card", post)) == {"card"}
    assert missing(("body.card", put), ("body.card", ways("method GET"))) == set()
    assert missing(("body.card.id", ways("method GET")), ("body.card.number", put)) == set()
    assert missing(("body.cards[].id", put)) == {"cards"}
    assert missing(("body.card", put), ("body.card", ways()), ("body.card", post)) == set()


def test_a_field_that_is_read_in_many_ways_may_be_in_all() -> None:
    many = [("body.card", ways(f"path /{at}", "method PUT")) for at in range(SEPARATE)]

    assert missing(*many) == {"card"}
    assert missing(*many, ("body.card", ways("path /x", "method PUT"))) == set()


def test_what_every_request_may_have_is_no_news_of_one() -> None:
    reads = Reads()

    assert reads.read(BODY, ways())
    assert not reads.read(BODY, ways("method GET"))


def test_what_is_read_later_is_not_missing() -> None:
    here, body = ways("method GET"), Symbol("event", "body.card")
    reads = Reads()
    reads.read(body, ways("method PUT"))
    assert reads.missing(BODY, here) == {"card"}

    reads.read(body, here)

    assert reads.missing(BODY, here) == set()
