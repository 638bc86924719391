"""Lines of answers: those that say the same put together, and named after whom they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checkrein.compare.scene import Scene
from checkrein.compare.words import listed
from checkrein.model import Evidence, Fact, Way


def alike(ways: Iterable[Way]) -> Iterator[Way]:
    """Put together the lines that say the same of different people.

    Rights of one's own keep every statement. Chains must be the same but for their first step;
    those of the others stand in ``alike``.
    """
    groups: defaultdict[tuple[str, tuple[Evidence, ...]], list[Way]] = defaultdict(list)
    for way in ways:
        groups[way.text, () if way.level == "direct" else way.steps[1:]].append(way)
    for same in groups.values():
        who = tuple(dict.fromkeys(id for way in same for id in way.who))
        if same[0].level == "direct":
            steps = dict.fromkeys(step for way in same for step in way.steps)
            yield replace(same[0], who=who, steps=tuple(steps))
        else:
            others = dict.fromkeys(way.steps[0] for way in same[1:] if way.steps)
            yield replace(same[0], who=who, alike=tuple(others))


def named(scene: Scene, way: Way) -> Way:
    """Begin a line with the names of those it is about."""
    text = way.text.replace("; its code", "; their code") if len(way.who) > 1 else way.text
    return replace(way, text=f"{listed(map(scene.name, way.who))} {text}")


def evidence_of(facts: Iterable[Fact]) -> list[Evidence]:
    """Return what is said of some facts, each once, in order."""
    return list(dict.fromkeys(said for fact in facts for said in fact.evidence))
