"""Who can become an identity, and who can make a function run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.compare.chains import CODE, Chain, Chains
from checkrein.compare.lines import alike, named
from checkrein.compare.scene import OUTSIDE, Door, Scene
from checkrein.compare.words import count, may
from checkrein.derive.content.words import short
from checkrein.model import Entry, Way

SOURCES = {  # who makes a function run, by kind of entry; {} is the source
    "schedule": "a schedule makes it run",
    "custom-resource": "each deployment makes it run, for {}",
    "direct": "{} calls it",
    "authorizer": "each request to {} makes it run, as the authorizer",
}


def takers(scene: Scene, chains: Chains, identity: str, node: str) -> tuple[Way, ...]:
    """Return who can take over an identity; ``node`` is what acts as it, or the identity."""
    found = []
    for other, chain in chains.to_identities([identity]).items():
        if chain.length:
            found.append(_taker(scene, other, chain, {identity, node}))
    together = sorted(alike(found), key=lambda way: (not way.certain, len(way.steps), way.who))
    return tuple(named(scene, way) for way in together)


def _taker(scene: Scene, other: str, chain: Chain, targets: set[str]) -> Way:
    steps = f" in {chain.length} steps" if chain.length > 1 else ""
    return Way(
        text=f"{may(certain=not chain.uncertain)} take it over{steps}",
        who=scene.who(other),
        target=tuple(sorted(targets)),
        level="takeover",
        certain=not chain.uncertain,
        steps=chain.steps,
    )


def runners(scene: Scene, chains: Chains, function: str) -> tuple[Way, ...]:
    """Return who makes a function run, those outside first."""
    ways = chains.to_code({function: ()})
    known = {
        scene.roles.get(function),
        *(entry.identity for entry in scene.entries.get(function, ())),
    }
    others = [
        Way(
            text=f"{may(certain=not chain.uncertain)} make it run",
            who=scene.who(identity),
            target=(function,),
            level="influence",
            certain=not chain.uncertain,
            steps=chain.steps,
        )
        for identity, chain in ways.items()
        if not identity.startswith(CODE) and identity not in {*scene.strangers, *known}
        if not identity.startswith("service:")
    ]
    together = sorted(alike(others), key=lambda way: (not way.certain, len(way.steps), way.who))
    inside = (named(scene, way) for way in together)
    return (*_callers(scene, function, ways), *_triggers(scene, function), *inside)


def _callers(scene: Scene, function: str, ways: dict[str, Chain]) -> Iterator[Way]:
    """Tell who outside makes a function run, itself or through others; the shortest way each."""
    found: defaultdict[tuple[bool, str], list[tuple[int, Door, Chain]]] = defaultdict(list)
    for door in scene.doors:
        if chain := ways.get(CODE + door.function):
            found[not door.anyone, door.caller].append((chain.length, door, chain))
    for (_, caller), doors in sorted(found.items()):
        nearest = min(doors, key=lambda each: each[0])
        length, door, chain = nearest
        same = [each for each in doors if each[0] == length]
        through = f" through {scene.name(door.function)}" if length else ""
        more = f", in {count(len(same), 'way')}" if len(same) > 1 else ""
        yield Way(
            text=f"{caller} can make it run{through}{more}",
            who=(caller,),
            target=(function,),
            level="influence",
            steps=(*(said for _, each, _ in same[:3] for said in each.said), *chain.steps),
        )


def _triggers(scene: Scene, function: str) -> Iterator[Way]:
    for entry in scene.entries.get(function, ()):
        if entry.kind not in OUTSIDE:
            yield Way(
                text=_triggered(entry),
                who=(entry.source or entry.identity,),
                target=(function,),
                steps=entry.evidence[:1],
            )


def _triggered(entry: Entry) -> str:
    source = short(entry.source) if entry.source else entry.identity or "somebody"
    return SOURCES.get(entry.kind, "{} makes it run").format(source)
