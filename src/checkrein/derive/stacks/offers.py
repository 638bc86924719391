"""What stacks offer to others by name, and which offer a name means.

Exports, stacks' outputs, parameters of Parameter Store and secrets: one stack gives them a name,
another asks for that name. Names are texts that may hold parts which only a deployment tells; two
names agree where one covers the other, the unknown parts standing for anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct

from checkrein.derive.stacks.neighbourhood import Neighbourhood
from checkrein.late import regex
from checkrein.model import Open, Resource, Stack, Symbol, Value
from checkrein.model.values import choice, mentioned

EXPORT, OUTPUT, SSM, SECRET = "@export", "@stack-output", "@ssm", "@secretsmanager"
OWNERS = frozenset({EXPORT, OUTPUT, SSM, SECRET})
NAMED = {"AWS::SSM::Parameter": SSM, "AWS::SecretsManager::Secret": SECRET}
ITSELF = "\1"  # stands before the id of a resource that gives itself a name
ANY = "\0"  # stands for a part of a name that is not known
UNKNOWN = regex(r"\$\{[^}]*\}|<[^<>]*>")
WORD = regex(r"[A-Za-z][a-z]+|[A-Z]+|[a-z]+")
SHORTEST_WORD = 3  # letters that say something
WHOLE = 1_000_000  # the agreement of names that are wholly known


class Offer(Struct, frozen=True):
    """Something that a stack gives a name to: of which kind, its name, and what it is."""

    owner: str
    name: str
    stack: str
    value: Value
    piece: str  # of the name, the longest that is known


class Wish(Struct, frozen=True, order=True):
    """A name that a stack asks for."""

    stack: str
    symbol: Symbol


class Meant(Struct, frozen=True):
    """What a name means, as far as offers tell; ``certain`` where both names are known."""

    wish: Wish
    offer: Offer
    value: Value
    certain: bool


class Exports:
    """The names that stacks export; of a template that is elsewhere none is known."""

    def __init__(self, stacks: Iterable[Stack]) -> None:
        named = {one for stack in stacks for name in stack.exports for one in name.split(" | ")}
        self._names = {UNKNOWN.sub(ANY, name) for name in named}
        self._found: dict[str, bool] = {}

    def lack(self, symbol: Symbol) -> bool:
        """Tell whether a symbol is another stack's export that none of these can have made.

        CloudFormation imports what a stack exports by exactly that name, so what it means is none
        of the resources of these stacks.
        """
        if symbol.owner != EXPORT:
            return False
        name = symbol.attribute
        if name not in self._found:
            asked = UNKNOWN.sub(ANY, name)
            alike = (_covers(one, asked) or _covers(asked, one) for one in self._names)
            self._found[name] = not any(alike)
        return self._found[name]


class Offers:
    """All offers of a set of stacks."""

    def __init__(self, near: Neighbourhood, said: Mapping[Symbol, Value]) -> None:
        """``said`` gives what nested and declared joins say of parameters."""
        self._near = near
        self._said = {str(symbol): str(value) for symbol, value in said.items()}
        for stack in near.stacks.values():
            if stack.name:
                self._said[str(Symbol(f"{stack.id}@stack", "StackName"))] = str(stack.name)
            for resource in near.resources.get(stack.id, []):
                if resource.type in NAMED:
                    self._said[str(Symbol(resource.id, "Ref"))] = f"{ITSELF}{resource.id}"
        self._by_owner: defaultdict[str, list[Offer]] = defaultdict(list)
        self._known: defaultdict[tuple[str, str], list[Offer]] = defaultdict(list)
        for offer in self._every():
            self._by_owner[offer.owner].append(offer)
            self._known[offer.owner, offer.name].append(offer)

    def _every(self) -> Iterator[Offer]:
        for stack in self._near.stacks.values():
            for name, value in stack.exports.items():
                yield from self._named(EXPORT, name, stack.id, value)
            for resource in self._near.resources.get(stack.id, []):
                yield from self._kept(resource)
        for stack in self._near.roots:
            for name, value in stack.outputs.items():
                called = f"{stack.name}" if stack.name else ANY
                yield from self._named(OUTPUT, f"{called}.{name}", stack.id, value)

    def _kept(self, resource: Resource) -> Iterator[Offer]:
        """Yield a parameter or secret by its name, and by reference."""
        if resource.type not in NAMED:
            return
        is_secret = NAMED[resource.type] == SECRET
        value = Symbol(resource.id, "SecretString") if is_secret else resource.value("Value")
        for name in (resource.value("Name"), Symbol(resource.id, "Ref")):
            if name:
                yield from self._named(NAMED[resource.type], str(name), resource.stack, value)

    def _named(self, owner: str, name: str, stack: str, value: Value) -> Iterator[Offer]:
        for one in name.split(" | "):
            known = self._pattern(one)
            yield Offer(owner, known, stack, value, _longest(known))

    def _pattern(self, name: str) -> str:
        """Return a name with what is known put in, and a mark for each part that is not."""
        for _ in range(3):
            name = UNKNOWN.sub(lambda found: self._said.get(found[0], found[0]), name)
        return re.sub(f"{ANY}+", ANY, UNKNOWN.sub(ANY, name))

    def meant(self, wish: Wish) -> Meant | None:
        """Return the one offer that a wish means, None where there is none or several.

        Those of the wishing application's own stacks come first, then the nearest. Of several that
        are as near, environments or regions, the one whose file is called most alike counts. What
        names nothing that its own template has, one of several parts, is meant only alone.
        """
        name = self._pattern(wish.symbol.attribute)
        same = self._known.get((wish.symbol.owner, name)) if ANY not in name else None
        piece = _longest(name)
        offers = same or [
            offer for offer in self._by_owner[wish.symbol.owner]
            if offer.piece in name or piece in offer.name
        ]  # fmt: skip
        rated = [(rate, offer) for offer in offers if (rate := self._agreement(offer, name))]
        best = max((rate for rate, _ in rated), default=0)
        alike = [offer for rate, offer in rated if rate == best]
        told = [offer for offer in alike if not isinstance(offer.value, Open)]
        found = self._nearest(wish.stack, told or alike)
        stacks = {offer.stack for offer in found}
        if len(stacks) != 1:
            return None
        value = choice([((), offer.value) for offer in found])
        if wish.symbol.owner == SECRET:
            value = _part(value, found[0].name, name)
        return Meant(wish, found[0], value, certain=best == WHOLE)

    def _agreement(self, offer: Offer, name: str) -> int:
        """Return how many letters two names share, 0 where they do not agree."""
        if offer.owner == SECRET:
            name = _secret(offer.name, name)
        if offer.name == name and ANY not in name:
            return WHOLE
        if not (_covers(offer.name, name) or _covers(name, offer.name)):
            return 0
        shared = min(_letters(offer.name), _letters(name))
        meant = shared >= SHORTEST_WORD and (offer.owner != OUTPUT or self._speaks_of(offer, name))
        return shared if meant else 0

    def _speaks_of(self, offer: Offer, name: str) -> bool:
        """Tell whether a stack's name, where only one side knows it, fits its file's."""
        called = name.rpartition(".")[0]
        if not offer.name.startswith(ANY):
            return True
        return bool(_words(called) & _words(self._near.stacks[offer.stack].source))

    def _nearest(self, stack: str, offers: list[Offer]) -> list[Offer]:
        own = [offer for offer in offers if offer.stack == stack]
        tree = self._near.tree(stack)
        own = own or [offer for offer in offers if self._near.tree(offer.stack) == tree]
        if own:
            return own
        kept = [offers[index] for _, index in self._near.nearest(stack, _numbered(offers))]
        words = _words(self._near.stacks[stack].source)
        likeness = [len(words & _words(self._near.stacks[offer.stack].source)) for offer in kept]
        return [each for each, like in zip(kept, likeness, strict=True) if like == max(likeness)]


def wishes(near: Neighbourhood, asked: Mapping[str, Iterable[Symbol]]) -> list[Wish]:
    """Return what stacks ask for by name, in what they give on and in resources, in order.

    ``asked`` says the latter of each stack.
    """
    found = {
        Wish(stack.id, symbol)
        for stack in near.stacks.values()
        for symbol in (*mentioned(stack.outputs), *asked.get(stack.id, ()))
        if symbol.owner in OWNERS
    }
    return sorted(found)


def _numbered(offers: Iterable[Offer]) -> list[tuple[str, Value]]:
    return [(offer.stack, index) for index, offer in enumerate(offers)]


def _secret(offered: str, name: str) -> str:
    """Return the secret's part of a name that may say one of its keys too."""
    head, _, key = name.rpartition(":")
    return head if key and _covers(offered, head) else name


def _part(value: Value, offered: str, name: str) -> Value:
    key = name.rpartition(":")[2] if _secret(offered, name) != name else ""
    return Symbol(value.owner, f"{value.attribute}.{key}") if key else value


def _longest(name: str) -> str:
    return max(name.split(ANY), key=len)


def _letters(name: str) -> int:
    return sum(map(len, WORD.findall(name)))


def _words(name: str) -> frozenset[str]:
    found = WORD.findall(name)
    return frozenset(word.lower() for word in found if len(word) >= SHORTEST_WORD)


def _covers(pattern: str, name: str) -> bool:
    """Tell whether a pattern's unknown parts can stand for what another name has there."""
    return _compiled(pattern).fullmatch(name) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, pattern.split(ANY))), re.DOTALL)
