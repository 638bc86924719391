"""Data classes in names: of attributes, parameters, variables, columns.

An English compound says what it is in its last words: ``riderEmail`` is an e-mail address,
``emailSent`` is not. So a phrase of the lexicon must stand at the end of the name; the words
before it say whose it is, and where they do not, the enclosing names do. Names that AWS and HTTP
define are known whole; a part of a datum (``birthday.day``) is what the datum is.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from msgspec import Struct

from checkrein.catalog.data_classes import TECHNICAL, Lexicon, Sense, bare, data_class, lexicon
from checkrein.detect.words import singulars, words
from checkrein.late import regex

UNKNOWN = "unknown"
PARTICIPLE = "ed"  # selectedUser, updatedName: a state of the thing, not another thing
LONGEST_PHRASE = 5
ANYWHERE = frozenset(("cred.token", "cred.secret", "cred.connection", "cred.session"))
PEOPLE = frozenset(("person", "patient", "child"))
PAYING = "pay."  # begins the classes of what people pay with
PLACEHOLDER = "#"  # DynamoDB's ExpressionAttributeNames: `#productId` stands for another name
ROUTE = regex(r"[A-Z]+ /")
COMPOSITE = regex(r"[#|]+")  # names of keys that join several: `TenantId#OrderId`


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
    if name.startswith(PLACEHOLDER) or ROUTE.match(name):
        return None
    if COMPOSITE.search(name):
        found = [classify(part, context) for part in COMPOSITE.split(name)]
        return max(filter(None, found), key=_value, default=None)
    match = _field(name, context) or _told(words(name), context, lexicon()) or _part(name, context)
    return match if match and match.data else None


@cache
def entity(name: str) -> str | None:
    """Return what kind of thing a name stands for (person, order, booking, …), or None.

    Words that only hold things are passed over: ``UsersTable`` is about a person.
    """
    kind = _nearest(_inner(words(name), lexicon()), lexicon(), lexicon().containers)
    return None if kind in {"", UNKNOWN} else kind


NOTHING = Match("", "certain")
STRENGTH = ("possible", "likely", "certain")


def _value(match: Match) -> int:
    data = data_class(match.data)
    return data.value if data else 0


def _field(name: str, context: tuple[str, ...]) -> Match | None:
    """Return what a name that AWS or HTTP defines carries, if it can be theirs here."""
    known = lexicon().fields
    whole = bare(name)
    if whole not in known:
        return None
    sense = known[whole]
    if sense and sense.data in _others(context, alone=len(words(name)) == 1):
        return NOTHING
    return Match(sense.data, sense.confidence, " ".join(words(name))) if sense else NOTHING


def _told(parts: tuple[str, ...], context: tuple[str, ...], known: Lexicon) -> Match | None:
    """Return what the words tell; where the last says nothing, what those before it tell."""
    if _is_record_time(parts, known) or _is_key_of_pair(parts, context, known):
        return NOTHING
    while parts:
        match = _head(parts, context, known)
        if match is not None or len(parts) == 1:
            return match
        if not (parts[-1] in known.transparent or parts[-1].isdigit()):
            return None
        parts = parts[:-1]
    return None


def _is_record_time(parts: tuple[str, ...], known: Lexicon) -> bool:
    happened = known.happenings.intersection(parts) if len(parts) > 1 else ()
    return bool(happened) and all(part in known.moments or part in happened for part in parts)


def _is_key_of_pair(parts: tuple[str, ...], context: tuple[str, ...], known: Lexicon) -> bool:
    around = words(context[-1]) if context and "".join(parts) in known.pair_words else ()
    return around[-1:] != () and around[-1] in known.pair_lists


def _part(name: str, context: tuple[str, ...]) -> Match | None:
    """Return the class of the datum around a name that stands for a part or a form of it."""
    known, parts = lexicon(), words(name)
    whole = "".join(parts)
    owners = [id for id, named in known.parts.items() if whole in named]
    if not context or not owners:
        return None
    around = words(context[-1])
    for phrase in ((*parts, *around), (*around, *parts)):
        if known.phrases.get("".join(phrase)):
            return _head(phrase, context[:-1], known)
    if known.strong.keys() & {*around[-1:]}:
        return None  # a thing that has data, not a datum: `user.first`
    match = classify(context[-1], context[:-1])
    if match is None or not {"", match.data}.intersection(owners):
        return None
    return Match(match.data, min(match.confidence, "likely", key=STRENGTH.index), match.because)


def _head(parts: tuple[str, ...], context: tuple[str, ...], known: Lexicon) -> Match | None:
    """Return what the longest phrase at the end means; NOTHING where it is a technical name."""
    others = _others(context, alone=len(parts) == 1)
    for start in range(max(0, len(parts) - LONGEST_PHRASE), len(parts)):
        phrase, before = "".join(parts[start:]), parts[:start]
        if before and (before[0] in known.verbs or known.modals.intersection(before)):
            continue
        senses = known.phrases.get(phrase)
        if senses == () or _is_count(phrase, before, known):
            return NOTHING
        whole = Sense("@", "", known.strong.get(phrase, ""))
        found = _sense(senses or (), before, context, known) or _itself(whole, before, known)
        if found and _is_another_card(found, parts[start], context, known):
            return NOTHING
        if found and found.data in others and _is_nobodys(parts, known):
            return NOTHING
        if found:
            return Match(found.data, found.confidence, " ".join(parts))
        if not before:  # what the whole name is not of here, its end is not either
            others |= {s.data for s in senses or () if s.data not in ANYWHERE}
    return None


def _is_another_card(sense: Sense, word: str, context: tuple[str, ...], known: Lexicon) -> bool:
    """Tell whether names around say that nobody pays with it: a number in ``LoyaltyCards``."""
    if not sense.data.startswith(PAYING):
        return False
    others = known.exceptions[sense.data]
    around = (pair for name in context for pair in pairwise(words(name)))
    return any(
        one in others and (noun == word or known.nouns.get(noun) == (sense.kind or UNKNOWN))
        for one, noun in around
    )


def _is_count(phrase: str, before: tuple[str, ...], known: Lexicon) -> bool:
    counted = known.strong.get(phrase) in known.countable
    return counted and bool(known.counts.intersection(before))


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
    kind = own or _around(context)
    for sense in sorted(senses, key=lambda sense: not sense.kind):
        veto = own if kind == TECHNICAL and sense.confidence != STRENGTH[0] else kind
        if known.exceptions[sense.data] & {*before} or veto in known.foreign[sense.data]:
            continue
        if not sense.kind or sense.kind == (own if sense.own else kind):
            return sense
    return None


@cache
def _others(context: tuple[str, ...], *, alone: bool) -> frozenset[str]:
    """Return the classes whose words mean something else within some names.

    Of names around a card's number all count: a game's cards stand in a list of cards. A credential
    that more than one word tells is one anywhere: `accessToken` of a contract.
    """
    known = lexicon()
    found: set[str] = set()
    around = [words(name) for name in reversed(context)]
    telling = (at for at, parts in enumerate(around, 1) if _inner(parts, known))
    near = around[: next(telling, None)]
    for data, others in known.elsewhere.items():
        named = around if data.startswith(PAYING) else near
        if (alone or data not in ANYWHERE) and not all(map(others.isdisjoint, map(_spoken, named))):
            found.add(data)
    return frozenset(found)


def _is_nobodys(parts: tuple[str, ...], known: Lexicon) -> bool:
    """Tell whether the words of a name do not say that it is a person's."""
    return PEOPLE.isdisjoint([known.nouns.get(part, "") for part in parts[:-1]])


@cache
def _spoken(parts: tuple[str, ...]) -> frozenset[str]:
    """Return the last words of a name, or all where it names no person, also as singulars."""
    known = lexicon()
    parts = _inner(parts, known) or parts
    last = ("".join(parts[-2:]), *parts[-1:])
    about = {known.nouns.get(part) for part in parts}
    spoken = last if about & PEOPLE else (*last, *parts)
    return frozenset(form for word in spoken for form in (word, *singulars(word)))


@cache
def _around(context: tuple[str, ...]) -> str:
    """Return the kind of the nearest enclosing name that is more than a container."""
    known = lexicon()
    for name in reversed(context):
        parts = words(name)
        inner = _inner(parts, known)
        if known.doers.intersection(inner[-1:]) and known.runs.intersection(parts[-1:]):
            continue  # `OrderSenderFunction`: it sends, nobody's orders are meant
        kind = _nearest(inner, known, known.containers)
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
            noun = "".join(parts[start:end])
            if noun in known.holders:
                return _nearest(parts[:start], known, passed) or known.nouns[noun]
            if noun in known.nouns:
                return known.nouns[noun]
        word = parts[end - 1]
        if word not in passed and not word.isdigit() and not word.endswith(PARTICIPLE):
            return UNKNOWN
    return ""
