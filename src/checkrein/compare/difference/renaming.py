"""Templates and resources that are the same under another name: they are neither new nor gone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from checkrein.model import Line
from checkrein.model.difference import Known, Node, Recorded, Renamed

MOST = 0.6  # of a template's resources that must be there under its other name
LIKE = 0.5  # of the words of two names that must be the same
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def with_new_names(before: Recorded, after: Recorded) -> tuple[Recorded, tuple[Renamed, ...]]:
    """Return the version before in the names of the one after, and what was renamed."""
    stacks = _stacks(before.nodes, after.nodes)
    if stacks:
        before = _called(before, stacks, "(?=[/@])")
    resources = _resources(before.nodes, after.nodes)
    if resources:
        before = _called(before, resources, r"(?![\w.-])")
    return before, tuple(Renamed(old, new) for old, new in sorted({**stacks, **resources}.items()))


def _stacks(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, str]:
    """Return the templates that are gone, and the new ones that hold most of the same."""
    old, new = _by_stack(before), _by_stack(after)
    gone = {stack: held for stack, held in old.items() if stack not in new}
    come = {stack: held for stack, held in new.items() if stack not in old}
    return _paired(
        (_share(left, right, was, now), was, now)
        for was, left in gone.items()
        for now, right in come.items()
    )


def _paired(rated: Iterable[tuple[float, str, str]]) -> dict[str, str]:
    """Pair what is most alike first, each with one other."""
    found: dict[str, str] = {}
    for rate, was, now in sorted(rated, key=lambda each: (-each[0], each[1:])):
        if rate >= MOST and was not in found and now not in found.values():
            found[was] = now
    return found


def _by_stack(nodes: Mapping[str, Node]) -> dict[str, dict[str, Node]]:
    found: defaultdict[str, dict[str, Node]] = defaultdict(dict)
    for id, node in nodes.items():
        stack, slash, name = id.rpartition("/")
        if slash and node.alike:
            found[stack][name] = node
    return dict(found)


def _share(left: Mapping[str, Node], right: Mapping[str, Node], was: str, now: str) -> float:
    """Return which part of two templates' resources is the same, by name, else by likeness."""
    most = max(len(left), len(right))
    named = sum(name in right and node.type == right[name].type for name, node in left.items())
    if named >= MOST * most or _likeness(was, now) < LIKE:
        return named / most
    bones = (Counter((node.type, node.bones) for node in side.values()) for side in (left, right))
    return (next(bones) & next(bones)).total() / most


def _resources(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, str]:
    """Return the resources that are gone, and the new ones that are the same.

    Those are the only ones that are equal; or else, of the same bones, those called most alike.
    """
    gone = {id: node for id, node in before.items() if node.alike and id not in after}
    come = {id: node for id, node in after.items() if node.alike and id not in before}
    old, new = (_by_likeness(side, "alike") for side in (gone, come))
    equal = {
        ids[0]: new[alike][0]
        for alike, ids in old.items()
        if len(ids) == 1 and len(new.get(alike, ())) == 1
    }
    left = {id: node for id, node in gone.items() if id not in equal}
    right = {id: node for id, node in come.items() if id not in equal.values()}
    new = _by_likeness(right, "bones")
    return equal | _paired(
        (MOST + rate, was, now)
        for bones, ids in _by_likeness(left, "bones").items()
        for was in ids
        for now in new.get(bones, ())
        if (rate := _likeness(_name(was), _name(now), left[was].type)) >= LIKE
    )


def _by_likeness(nodes: Mapping[str, Node], which: str) -> dict[str, list[str]]:
    """Return nodes by what is alike and in the same template."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id, node in nodes.items():
        found[f"{id.rpartition('/')[0]} {getattr(node, which)}"].append(id)
    return dict(found)


def _name(id: str) -> str:
    return id.rpartition("/")[2]


def _likeness(left: str, right: str, type: str = "") -> float:
    """Return which part of two names' words both have, beside those that say the type."""
    plain = _words(type.rpartition("::")[2])
    one, other = (_words(name) - plain for name in (left, right))
    return len(one & other) / max(len(one | other), 1)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in WORD.findall(name))


def _called(version: Recorded, names: Mapping[str, str], end: str) -> Recorded:
    rename = _renamer(names, end)
    return replace(
        version,
        nodes={rename(id): node for id, node in version.nodes.items()},
        lines=tuple(_line(line, rename) for line in version.lines),
        findings=tuple(_finding(each, rename) for each in version.findings),
    )


def _renamer(names: Mapping[str, str], end: str) -> Callable[[str], str]:
    """Return what puts new names into a text, where they stand alone, before a certain end."""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w/.-])({known}){end}")
    return lambda text: pattern.sub(lambda found: names[found[1]], text)


def _line(line: Line, rename: Callable[[str], str]) -> Line:
    owner, key = rename(line.owner), rename(line.key)
    told = sorted(zip(_each(line.values, rename), line.steps, strict=True))
    return replace(
        line,
        id=" ".join(filter(None, (line.kind, owner, key))),
        owner=owner,
        key=key,
        values=tuple(value for value, _ in told),
        steps=tuple(steps for _, steps in told),
    )


def _finding(known: Known, rename: Callable[[str], str]) -> Known:
    return replace(known, subject=rename(known.subject), key=_each(known.key, rename))


def _each(words: Iterable[str], rename: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(map(rename, words))
