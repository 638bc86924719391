"""The data classes with their values, and the words that betray them in names.

Knowledge: ``data/data_classes.yaml`` (classes, phrases), ``data/entities.yaml`` (what the words
around a phrase mean) and ``data/aws_fields.yaml`` (names that AWS and HTTP define); all say where
they come from.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import Struct

from checkrein.catalog.tables import table
from checkrein.late import regex
from checkrein.model import Data

TECHNICAL = "technical"  # the kind of what belongs to the machinery
SEPARATORS = regex(r"[\W_]+")
STRENGTHS = ("certain", "likely", "possible")
FAMILIES = {  # what people call them
    "cred": "credentials",
    "pay": "card data",
    "bank": "bank data",
    "fin": "financial",
    "pii": "personal",
    "phi": "health",
    "special": "special category",
    "code": "code",
    "biz": "business",
    "infra": "infrastructure",
    "public": "public content",
    "untrusted": "unchecked input",
}


class Sense(Struct, frozen=True):
    """What a phrase means: a class, how surely, and which entity it must belong to.

    ``kind`` is empty where no entity is needed; ``own`` means that the entity must stand in the
    name itself rather than around it.
    """

    data: str
    confidence: str
    kind: str = ""
    own: bool = False


class Lexicon(Struct, frozen=True):
    """The words of data, every phrase joined to one lower-case word (``firstname``).

    ``phrases`` maps to senses (none: a technical name), ``nouns`` to the kind of entity they
    name, ``strong`` holds nouns that alone, as a whole name, stand for the entity itself.
    ``exceptions`` and ``foreign`` give, by class, the words and the kinds that rule it out,
    ``elsewhere`` the words of the enclosing name that do.
    ``fields`` are whole names as ``bare`` leaves them (None: a technical name), ``parts`` the words
    that name a part of a class's datum, by class; those of "" name a part of any datum.
    """

    phrases: dict[str, tuple[Sense, ...]]
    nouns: dict[str, str]
    strong: dict[str, str]
    exceptions: dict[str, frozenset[str]]
    foreign: dict[str, frozenset[str]]
    elsewhere: dict[str, frozenset[str]]
    adjectives: frozenset[str]
    transparent: frozenset[str]
    containers: frozenset[str]
    holders: frozenset[str]
    verbs: frozenset[str]
    modals: frozenset[str]
    abbreviations: dict[str, str]
    vocabulary: frozenset[str]
    fields: dict[str, Sense | None]
    parts: dict[str, frozenset[str]]
    counts: frozenset[str]
    countable: frozenset[str]
    doers: frozenset[str]
    runs: frozenset[str]
    moments: frozenset[str]
    happenings: frozenset[str]
    pair_lists: frozenset[str]
    pair_words: frozenset[str]


@cache
def classes() -> tuple[Data, ...]:
    """Return every data class, in the order of the data file."""
    return tuple(
        Data(id=id, family=id.partition(".")[0], value=told["value"], title=told["title"])
        for id, told in table("data_classes.yaml").items()
    )


@cache
def data_class(id: str) -> Data | None:
    """Return the class of that id, or None."""
    return next((data for data in classes() if data.id == id), None)


def title(id: str) -> str:
    """Return what a class is called; of one that only a team knows, the words of its id."""
    known = data_class(id)
    named = known.title if known else ""
    return named or id.partition(".")[2].replace("_", " ") or id


def bare(name: str) -> str:
    """Return a name in lower case, without what separates its words."""
    return SEPARATORS.sub("", name).lower()


@cache
def lexicon() -> Lexicon:
    """Return the words of data."""
    told, words = table("data_classes.yaml"), table("entities.yaml")
    kinds: dict[str, str] = words["kinds"]
    plain = {kind: nouns for kind, nouns in kinds.items() if not kind.startswith("strong ")}
    strong = {kind: kinds.get(f"strong {kind}", nouns) for kind, nouns in plain.items()}
    del strong[TECHNICAL]
    phrases: dict[str, tuple[Sense, ...]] = dict.fromkeys(_joined(words["technical names"]), ())
    for id, content in told.items():
        for phrase, sense in _senses(id, content):
            phrases[phrase] = (*phrases.get(phrase, ()), sense)
    return Lexicon(
        phrases=phrases,
        nouns=_inverted(plain),
        strong=_inverted(strong),
        exceptions={id: _joined(content.get("except", "")) for id, content in told.items()},
        foreign={id: _joined(content.get("not of", "")) for id, content in told.items()},
        elsewhere={id: _joined(content.get("not in", "")) for id, content in told.items()},
        adjectives=_joined(words["adjectives"]),
        transparent=_joined(words["transparent"]),
        containers=_joined(words["containers"]),
        holders=_joined(words["holders"]),
        verbs=_joined(words["verbs"]),
        modals=_joined(words["modals"]),
        abbreviations=words["abbreviations"],
        vocabulary=_vocabulary(told, words),
        fields=_fields(table("aws_fields.yaml")),
        parts={id: _joined(content["parts"]) for id, content in told.items() if "parts" in content}
        | {"": _joined(words["parts"])},
        counts=_joined(words["counts"]),
        countable=_joined(words["countable"]),
        doers=_joined(words["doers"]),
        runs=_joined(words["runs"]),
        moments=_joined(words["moments"]),
        happenings=_joined(words["happenings"]),
        pair_lists=_joined(words["pair lists"]),
        pair_words=_joined(words["pair words"]),
    )


def _senses(id: str, content: dict[str, Any]) -> list[tuple[str, Sense]]:
    found = [
        (phrase, Sense(id, strength))
        for strength in STRENGTHS
        for phrase in _joined(content.get(strength, ""))
    ]
    for place in ("of", "own"):
        for kind, phrases in content.get(place, {}).items():
            sense = Sense(id, "likely", kind, own=place == "own")
            found += [(phrase, sense) for phrase in _joined(phrases)]
    return found


def _fields(told: dict[str, Any]) -> dict[str, Sense | None]:
    technical = ",".join(told["technical"].values())
    fields: dict[str, Sense | None] = dict.fromkeys(map(bare, technical.split(",")))
    for id, content in told["carry"].items():
        for strength, names in content.items():
            fields |= {bare(name): Sense(id, strength) for name in names.split(",")}
    return fields


def _vocabulary(told: dict[str, Any], words: dict[str, Any]) -> frozenset[str]:
    texts = [text for text in words.values() if isinstance(text, str)]
    texts += words["kinds"].values()
    for content in told.values():
        texts += [content.get(strength, "") for strength in STRENGTHS]
        texts += [content.get("parts", ""), *content.get("of", {}).values()]
    return frozenset(word for text in texts for word in text.replace(",", " ").split())


def _inverted(kinds: dict[str, str]) -> dict[str, str]:
    return {noun: kind for kind, nouns in reversed(kinds.items()) for noun in _joined(nouns)}


def _joined(phrases: str) -> frozenset[str]:
    return frozenset(phrases.replace(" ", "").split(",")) - {""}
