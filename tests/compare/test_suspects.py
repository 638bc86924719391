"""Whoever is to blame is found, and nobody else, whatever readings show of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.compare.mending.proof import Blame
from checkrein.compare.mending.suspects import Suspects, id_of
from checkrein.model import Finding, Fix, Place, Severity
from checkrein.model.mended import Mend

MANY = 40


def mend(number: int) -> Mend:
    finding = Finding(Place("app.yaml", 1), "", fingerprint=str(number))
    return Mend("none", f"app/{number}", Severity.LOW, finding, Fix(""))


def sorted_out(number: int, near: Mapping[int, Collection[int]]) -> tuple[set[str], set[str], int]:
    """Try fixes of which some are guilty, each with others near it that look so too.

    Return who was mended and who was refused, and after how many readings.
    """
    mends = [mend(each) for each in range(number)]
    suspects = Suspects()
    done: set[str] = set()
    refused: set[str] = set()
    for reading in range(200):
        open = [each for each in mends if id_of(each) not in done | refused]
        if not open:
            return done, refused, reading
        batch = suspects.chosen(open)
        made = {id_of(each) for each in batch}
        wrong = [
            Blame(
                (str(guilty),),
                "",
                tuple(
                    tier
                    for tier in (tuple(m for m in batch if int(id_of(m)) in named), tuple(batch))
                    if tier
                ),
                sure=True,
            )
            for guilty, named in near.items()
            if str(guilty) in made
        ]
        found = suspects.learn(batch, wrong)
        if not wrong:
            done |= made
        refused |= found.keys() - done
    raise AssertionError


@settings(max_examples=60, deadline=None)
@given(
    st.integers(4, MANY),
    st.dictionaries(
        st.integers(0, 3), st.sets(st.integers(0, MANY), max_size=4), min_size=0, max_size=1
    ),
)
def test_the_guilty_one_is_found(number: int, near: dict[int, set[int]]) -> None:
    done, refused, readings = sorted_out(number, near)
    assert refused == {str(each) for each in near}
    assert done == {str(each) for each in range(number)} - refused
    assert readings <= 2 * number.bit_length() + 4


def test_all_groups_are_tried_at_once() -> None:
    """Eight guilty ones, each among four, take no more readings than the halving of four."""
    near = {first: range(first, first + 4) for first in range(0, 32, 4)}
    done, refused, readings = sorted_out(32, near)
    assert refused == {str(each) for each in near}
    assert len(done) == 32 - 8
    assert readings <= 8
