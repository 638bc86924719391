"""The catalogue of data classes is whole, and its words can be found."""

from __future__ import annotations

from collections import Counter

from checkrein.catalog.data_classes import classes, data_class, lexicon
from checkrein.detect.words import words

FAMILIES = [
    "cred",
    "pay",
    "bank",
    "fin",
    "pii",
    "phi",
    "special",
    "code",
    "biz",
    "infra",
    "public",
    "untrusted",
]


def test_classes_have_known_families_and_values() -> None:
    assert list(dict.fromkeys(data.family for data in classes())) == FAMILIES
    assert all(0 <= data.value <= 10 and data.title for data in classes())
    assert all(data.id == data.id.lower() for data in classes())


def test_values_of_the_method() -> None:
    asked = ["cred.key", "pii.email", "pii.location", "pay.pan", "biz.entity", "biz.schedule"]
    found = [data_class(id) for id in [*asked, "public.content", "untrusted.any"]]
    assert [data.value for data in found if data] == [10, 5, 6, 9, 4, 2, 0, 3]
    assert data_class("pii.shoe_size") is None


def test_no_phrase_means_two_things_at_once() -> None:
    for phrase, senses in lexicon().phrases.items():
        most = Counter((sense.kind, sense.own) for sense in senses).most_common(1)
        assert not most or most[0][1] == 1 or phrase == "@", (phrase, senses)


def test_kinds_in_conditions_exist() -> None:
    kinds = {*lexicon().nouns.values(), "technical"}
    asked = {sense.kind for senses in lexicon().phrases.values() for sense in senses}
    asked |= {kind for kinds in lexicon().foreign.values() for kind in kinds}
    assert asked - {""} - kinds == set()


def test_every_phrase_can_be_found() -> None:
    unreachable = [
        phrase for phrase in lexicon().phrases if phrase != "@" and "".join(words(phrase)) != phrase
    ]
    assert unreachable == []
