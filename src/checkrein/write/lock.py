"""``checkrein.lock`` from what was accepted: in full, sorted, one short line an entry.

The same entries give the same bytes, in whatever order they come. ``read/lock.py`` reads it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.data_classes import FAMILIES
from checkrein.catalog.rights import RIGHTS
from checkrein.model import Accepted, Kind
from checkrein.notation.lock import (
    BETWEEN,
    BY,
    FORMAT,
    REASON,
    SET,
    SETS,
    VALUES,
    listing,
    phrase,
    quoted,
    scalar,
)

HEAD = f"""\
# What this application may do with its data, as its team accepted it. Review it like code.
# `checkrein init` made it and `checkrein accept` changes it; of comments it keeps those at the end
# of a line. A line by hand counts as well. Once this is here, all else is a finding.
lock: {FORMAT}
"""
SAYS = {
    Kind.INTENDED: "What each service is meant to hold; `holds` in checkrein.yaml counts before it",
    Kind.CODED: "What code and wiring bring there",
    Kind.POTENTIAL: "More than is meant: what rights, networks and triggers would let come there",
    Kind.ENTRY: "Ways into functions, and who may use them",
    Kind.FLOW: "Who moves what data from where to where",
    Kind.CALL: "What code asks of services",
    Kind.RIGHT: "What identities may do",
    Kind.DENIAL: "What they are denied",
    Kind.GAIN: "What they could get hold of in a step beyond their rights",
}
LONG = 4  # words that stand together, from which on they are worth a name
LONG_DATA = 8  # classes of data: a reader wants to see them, as long as the line is short
OFTEN = 3  # lines that hold them
CLASS = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z0-9_]+\Z")
ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*?]+(?: (?:on|if) .*)?\Z")
COMMENT = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^"'#]|(?<=\S)[#'])*?\s(#.*)\Z""")
SPELT = frozenset({Kind.INTENDED, Kind.CODED})  # what people review word by word
Name = tuple[str, str, str]  # kind, owner, key
Words = tuple[str, ...]


def lock_text(accepted: Iterable[Accepted], comments: Mapping[Name, str] | None = None) -> str:
    """Return the file that accepts some lines; ``comments`` are put at the ends of theirs."""
    lines = {(a.kind, a.owner, a.key): a for a in accepted if a.owner}
    remarks = comments or {}
    rights = {
        name: line
        for name, line in lines.items()
        if line.kind == Kind.RIGHT
        and line.key.rpartition(" ")[0]
        and line.key.rpartition(" ")[2] in RIGHTS
        if name not in remarks
    }
    alike = _alike(rights.values())
    names = _names(lines.values(), alike)
    rest = [line for name, line in lines.items() if name not in rights]
    entries = _Entries(names, remarks)
    return "".join([HEAD, *_listed(names), *entries.sections([*rest, *_joined(alike, names)])])


def comments_of(text: str, accepted: Iterable[Accepted]) -> dict[Name, str]:
    """Return the comments at the ends of entries, each of one line; those of a set are lost."""
    lines = text.splitlines()
    at: defaultdict[int, list[Name]] = defaultdict(list)
    for each in accepted:
        if each.owner:
            at[each.place.line].append((each.kind, each.owner, each.key))
    found = ((names, COMMENT.match(lines[number - 1])) for number, names in at.items())
    return {names[0]: remark[1] for names, remark in found if remark and len(names) == 1}


class _Same(NamedTuple):
    """What several rights of one identity have in common, for all that they are over."""

    line: Accepted  # without a key
    right: str
    targets: Words


def _alike(rights: Iterable[Accepted]) -> list[_Same]:
    """Group rights of an identity that are the same over several resources."""
    found: defaultdict[tuple[Accepted, str], list[str]] = defaultdict(list)
    for line in rights:
        target, _, right = line.key.rpartition(" ")
        found[replace(line, id="", key="", evidence=()), right].append(target)
    return [_Same(line, right, (*sorted(over),)) for (line, right), over in found.items()]


def _names(lines: Iterable[Accepted], alike: Iterable[_Same]) -> dict[Words, str]:
    """Name the sets of words that stand together often, the longest first."""
    number = Counter(line.values for line in lines if line.kind not in SPELT)
    often = {words for words, times in number.items() if times >= OFTEN and _is_long(words)}
    often |= {same.targets for same in alike if len(same.targets) >= LONG}
    counted: Counter[str] = Counter()
    named = {}
    for words in sorted(often, key=lambda each: (-len(each), each)):
        noun = _noun(words)
        counted[noun] += 1
        named[words] = noun if counted[noun] == 1 else f"{noun}-{counted[noun]}"
    return named


def _is_long(words: Words) -> bool:
    return len(words) >= (LONG_DATA if _noun(words) == "data" else LONG)


def _noun(words: Words) -> str:
    if all(map(CLASS.match, words)):
        return "data"
    return "actions" if all(map(ACTION.match, words)) else "nodes"


def _joined(alike: Iterable[_Same], names: Mapping[Words, str]) -> Iterator[Accepted]:
    """Yield rights as entries: each over a set or a resource, with all rights in equal words."""
    found: defaultdict[tuple[Accepted, str], list[str]] = defaultdict(list)
    for line, right, targets in alike:
        named = len(targets) >= LONG
        for target in [f"{SET}{names[targets]}"] if named else targets:
            found[line, target].append(right)
    for (line, target), rights in found.items():
        yield replace(line, key=f"{target} {BETWEEN.join(sorted(rights))}")


def _listed(names: Mapping[Words, str]) -> Iterator[str]:
    if names:
        yield f"\n# Names for what stands together below\n{SETS}:\n"
    for words, name in names.items():
        yield f"  {name}:\n"
        yield from (f"    - {scalar(word)}\n" for word in words)


class _Entries(Struct, frozen=True):
    """The sections of the file, with what the sets are called, and the comments to keep."""

    names: Mapping[Words, str]
    comments: Mapping[Name, str]

    def sections(self, entries: Iterable[Accepted]) -> Iterator[str]:
        of_kind: defaultdict[str, list[Accepted]] = defaultdict(list)
        for entry in sorted(entries, key=lambda each: (each.owner, each.key, each.values)):
            of_kind[entry.kind].append(entry)
        for kind in Kind:
            if of_kind[kind]:
                yield f"\n# {SAYS[kind]}\n{kind}:\n"
                yield from self._section(of_kind[kind])

    def _section(self, entries: Iterable[Accepted]) -> Iterator[str]:
        owner = ""
        for entry in entries:
            cell = entry.kind in SPELT
            if not cell and entry.owner != owner:
                owner = entry.owner
                yield f"  {scalar(owner)}:\n"
            head = f"  {scalar(entry.owner)}" if cell else f"    {scalar(entry.key)}"
            comment = self.comments.get((entry.kind, entry.owner, entry.key), "")
            yield f"{head}: {self._content(entry)}{comment and f'  {comment}'}\n"

    def _content(self, entry: Accepted) -> str:
        values = entry.values if entry.kind in SPELT else self._shortened(entry.values)
        if not (entry.reason or entry.by):
            return phrase(values)
        said = [(REASON, entry.reason), (BY, entry.by)]
        told = "".join(f", {name}: {quoted(text)}" for name, text in said if text)
        return f"{{{VALUES}: {listing(values)}{told}}}"

    def _shortened(self, values: Words) -> Words:
        """Return words with the sets that are among them by their names, the longest first."""
        left, used = set(values), []
        for words, name in self.names.items():
            if left.issuperset(words):
                left.difference_update(words)
                used.append(f"{SET}{name}")
        return (*used, *sorted(left))
