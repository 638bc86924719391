"""Data classes in names: of attributes, parameters, variables, columns.

An English compound says what it is in its last words: ``riderEmail`` is an e-mail address,
``emailSent`` is not. So a phrase of the lexicon must stand at the end of the name; the words
before it say whose it is, and where they do not, the enclosing names do.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from checkrein.catalog.data_classes import Lexicon, Sense, lexicon
from checkrein.detect.words import words

TECHNICAL = "technical"
UNKNOWN = "unknown"
PARTICIPLE = "ed"  # selectedUser, updatedName: a state of the thing, not another thing
LONGEST_PHRASE = 5


class Match(Struct, frozen=True):
    """A data class told by a name; ``confidence`` is certain, likely or possible.

    ``because`` are the words that told it: ``rider email``.
    """

    data: str
    confidence: str
    because: str = ""


@cache
def classify(name: str, context: tuple[str, ...] = ()) -> Match | None:
    """Return the data class that a name tells, or None where it tells nothing.

    ``context`` are the enclosing names (function, table, entity, parent keys), the nearest last.
    It decides only names that need it: ``name`` within ``Users`` is a person's.
    """
    known = lexicon()
    parts = words(name)
    while parts:
        match = _head(parts, context, known)
        if match is not None:
            return match if match.data else None
        if len(parts) == 1 or not (parts[-1] in known.transparent or parts[-1].isdigit()):
            return None
        parts = parts[:-1]
    return None


@cache
def entity(name: str) -> str | None:
    """Return what kind of thing a name stands for (person, order, booking, …), or None.

    Words that only hold things are passed over: ``UsersTable`` is about a person.
    """
    kind = _nearest(_inner(words(name), lexicon()), lexicon(), lexicon().containers)
    return None if kind in {"", UNKNOWN} else kind


NOTHING = Match("", "certain")


def _head(parts: tuple[str, ...], context: tuple[str, ...], known: Lexicon) -> Match | None:
    """Return what the longest phrase at the end means; NOTHING where it is a technical name."""
    for start in range(max(0, len(parts) - LONGEST_PHRASE), len(parts)):
        phrase, before = "".join(parts[start:]), parts[:start]
        if before and before[0] in known.verbs:
            continue
        senses = known.phrases.get(phrase)
        if senses == ():
            return NOTHING
        whole = Sense("@", "", known.strong.get(phrase, ""))
        found = _sense(senses or (), before, context, known) or _itself(whole, before, known)
        if found:
            return Match(found.data, found.confidence, " ".join(parts))
    return None


def _itself(whole: Sense, before: tuple[str, ...], known: Lexicon) -> Sense | None:
    """Return the sense of a noun that stands for the entity itself: ``rider``."""
    if not whole.kind or _nearest(before, known, known.adjectives) not in {"", whole.kind}:
        return None
    senses = (sense for sense in known.phrases["@"] if sense.kind == whole.kind)
    return next((s for s in senses if not known.exceptions[s.data] & {*before}), None)


def _sense(
    senses: tuple[Sense, ...], before: tuple[str, ...], context: tuple[str, ...], known: Lexicon
) -> Sense | None:
    own = _nearest(before, known, known.adjectives)
    kind = own or _around(context, known)
    for sense in sorted(senses, key=lambda sense: not sense.kind):
        if known.exceptions[sense.data] & {*before} or kind in known.foreign[sense.data]:
            continue
        if not sense.kind or sense.kind == (own if sense.own else kind):
            return sense
    return None


def _around(context: tuple[str, ...], known: Lexicon) -> str:
    """Return the kind of the nearest enclosing name that is more than a container."""
    for name in reversed(context):
        kind = _nearest(_inner(words(name), known), known, known.containers)
        if kind:
            return kind
    return ""


def _inner(parts: tuple[str, ...], known: Lexicon) -> tuple[str, ...]:
    while parts and (parts[-1] in known.containers or parts[-1].isdigit()):
        parts = parts[:-1]
    return parts


def _nearest(parts: tuple[str, ...], known: Lexicon, passed: frozenset[str]) -> str:
    """Return the kind of the last noun; "" where all words are passed over."""
    for end in range(len(parts), 0, -1):
        for start in range(max(0, end - 3), end):
            kind = known.nouns.get("".join(parts[start:end]))
            if kind:
                return kind
        word = parts[end - 1]
        if word in known.technical:
            return TECHNICAL
        if word not in passed and not word.isdigit() and not word.endswith(PARTICIPLE):
            return UNKNOWN
    return ""
