"""What the team accepted that the app may do with its data: ``checkrein.lock``.

``checkrein init`` makes the file and ``checkrein accept`` changes it (``write/lock.py``); its
spelling is described in ``notation/lock.py``. It may be edited by hand, so every complaint has
the line and the nearest right word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from checkrein import files
from checkrein.catalog import data_classes
from checkrein.catalog.rights import RIGHTS
from checkrein.errors import InputError, IntentError
from checkrein.late import regex
from checkrein.model import LEVELS, PART, Accepted, Evidence, Kind, Place
from checkrein.model import Path as Keys
from checkrein.notation import Tree, parse
from checkrein.notation.lock import (
    BETWEEN,
    BY,
    FILE,
    FORMAT,
    NOTHING,
    REASON,
    SET,
    SETS,
    VALUES,
    words,
)

HEAD = "lock"
CELLS = (Kind.INTENDED, Kind.CODED)  # kinds whose lines have no key
OF_DATA = (*CELLS, Kind.POTENTIAL, Kind.FLOW)  # kinds whose values are classes of data
CLASS = regex(r"[a-z][a-z0-9_]*\.[a-z0-9_]+\Z")
CONFLICT = regex(rb"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \r\n]|\Z)", re.MULTILINE)
MOST = 300_000  # lines: a few sets that stand for one another's would be endlessly many
ALIKE = 0.7  # so near to a right that it is no part of a resource's name
LIKE = 0.85  # so near to a known word that it is rather a slip than another catalogue's


def read_lock(root: Path, own: Iterable[str] = (), *, complete: bool = True) -> list[Accepted]:
    """Return what ``checkrein.lock`` of a folder accepts, one of kind ``lock`` first.

    Nothing without the file. ``own`` are classes of data that ``checkrein.yaml`` makes. Where only
    a part of the folder is read (``complete`` is False) the first one's key is ``part``. Raise
    IntentError, with path and line, at the first thing that cannot be meant.
    """
    try:
        text = files.content(root / FILE)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise IntentError(f"{FILE} cannot be read: {error.strerror}", FILE) from None
    lock, *lines = read_text(text, own)
    return [lock if complete else replace(lock, key=PART), *lines]


def read_text(text: bytes, own: Iterable[str] = ()) -> list[Accepted]:
    """Return what the text of a lock accepts; see ``read_lock``."""
    conflict = CONFLICT.search(text)
    if conflict:
        line = text.count(b"\n", 0, conflict.start()) + 1
        advice = "keep the lines that are meant of both sides, and take the marks out"
        raise IntentError(f"{FILE} line {line}: a merge was not finished: {advice}", FILE, line)
    try:
        tree = parse(text, FILE)
    except InputError as error:
        raise IntentError(f"{FILE}: {error}", FILE, error.line) from None
    return list(_Lock(tree, known=frozenset(own) | _catalogue()).accepted())


def _parted(key: str) -> tuple[str, list[str]]:
    """Return the resource and the rights over it that a key joins, none where it joins none."""
    *before, last = key.split(BETWEEN)
    rights: list[str] = []
    while before and last in RIGHTS:
        rights.append(last)
        last = before.pop()
    target, _, first = last.rpartition(" ")
    if not target or first not in RIGHTS:
        return key, []
    return BETWEEN.join([*before, target]), [first, *reversed(rights)]


def _catalogue() -> frozenset[str]:
    return frozenset(data.id for data in data_classes.classes())


class _Lock(Struct):
    """The file at hand; every complaint knows its line."""

    tree: Tree
    known: frozenset[str]
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def accepted(self) -> Iterator[Accepted]:
        for path, place in self.tree.duplicates:
            raise self._wrong(f"{path[-1]} stands twice; keep one", line=place.line)
        content = self._mapping(self.tree.value or {}, (), "the file")
        self._version(content.get(HEAD))
        for name in content:
            self._one_of(name, (HEAD, SETS, *Kind), (name,), "section")
        said = Evidence(f"{FILE} says what is accepted", self._place((HEAD,)))
        yield Accepted(id=HEAD, evidence=(said,), kind=HEAD)
        for name, listed in self._section(SETS):
            self.sets[f"{SET}{name}"] = self._words(listed, (SETS, name))
        told = ((kind, *each) for kind in Kind for each in self._section(kind))
        lines = chain.from_iterable(self._of_owner(*each) for each in told)
        yield from islice(lines, MOST)
        if next(lines, None):
            raise self._wrong(f"its sets stand for more than {MOST:,} lines", (SETS,))

    def _version(self, version: Any) -> None:
        if version is None:
            raise self._wrong(f"no format is said; the file begins with {HEAD}: {FORMAT}", line=1)
        if type(version) is int and version > FORMAT:
            newer = f"a newer checkrein wrote it (format {version}, and this one reads {FORMAT})"
            raise self._wrong(f"{newer}; update checkrein", (HEAD,))
        if type(version) is not int or version != FORMAT:
            raise self._wrong(f"there is no format {version}; {FORMAT} is meant", (HEAD,))

    def _section(self, name: str) -> list[tuple[str, Any]]:
        content = self.tree.value.get(name)
        return list(self._mapping({} if content is None else content, (name,), name).items())

    def _of_owner(self, kind: Kind, owner: str, told: Any) -> Iterator[Accepted]:
        if kind in CELLS:
            yield self._line(kind, owner, "", told, (kind, owner))
            return
        for key, content in self._mapping(told, (kind, owner), owner).items():
            path = (kind, owner, key)
            if kind is Kind.POTENTIAL:
                self._one_of(key, LEVELS, path, "level")
            for name in self._keys(kind, key, path):
                yield self._line(kind, owner, name, content, path)

    def _keys(self, kind: Kind, key: str, path: Keys) -> Iterator[str]:
        """Yield the keys that an entry stands for: of each resource of a set, of each right."""
        target, rights = _parted(key) if kind is Kind.RIGHT else (key, [])
        if kind is Kind.RIGHT and not rights:
            self._no_slip(key, path)
        targets: tuple[str, ...] = (target,)
        if target.startswith(SET):
            self._one_of(target, self.sets, path, "set")
            targets = self.sets[target]
        for each in targets:
            yield from (f"{each} {right}" for right in rights) if rights else (each,)

    def _no_slip(self, key: str, path: Keys) -> None:
        """Refuse a key whose last word is no right, and rather a slip for one."""
        resource, _, last = key.rpartition(" ")
        near = difflib.get_close_matches(last, RIGHTS, 1, ALIKE) if resource else ()
        if near:
            raise self._wrong(f"unknown right {last}; did you mean {near[0]}?", path)

    def _line(self, kind: Kind, owner: str, key: str, content: Any, path: Keys) -> Accepted:
        told = content if isinstance(content, dict) else {VALUES: content}
        for name in told:
            self._one_of(name, (VALUES, REASON, BY), (*path, name), "key")
        inner = (*path, VALUES) if isinstance(content, dict) else path
        values = self._words(told.get(VALUES), inner)
        if kind in OF_DATA:
            self._classes(values, path)
        reason, by = (str(told.get(name) or "") for name in (REASON, BY))
        line = self._place(path).line
        return Accepted(
            id=" ".join(filter(None, (kind, owner, key))),
            evidence=(Evidence(f"{FILE} line {line} accepts it", self._place(path)),),
            kind=kind,
            owner=owner,
            key=key,
            values=values,
            reason=reason,
            by=by,
        )

    def _words(self, told: Any, path: Keys) -> tuple[str, ...]:
        """Return the words of a text or a list, sets spelled out, sorted."""
        if isinstance(told, str):
            listed = words(told)
        elif isinstance(told, list) and all(isinstance(word, str) for word in told):
            listed = tuple(told)
        else:
            problem = f"{path[-1]} must be words with commas between, or {NOTHING}, not {told!r}"
            raise self._wrong(problem, path)
        found: set[str] = set()
        for word in listed:
            if word.startswith(SET):
                self._one_of(word, self.sets, path, "set")
                found.update(self.sets[word])
            else:
                found.add(word)
        return tuple(sorted(found))

    def _classes(self, values: Iterable[str], path: Keys) -> None:
        """Refuse a class that is rather a slip; one that only another catalogue has may stand."""
        for word in values:
            if word in self.known:
                continue
            near = difflib.get_close_matches(word, self.known, 1, LIKE)
            if near:
                raise self._wrong(f"unknown data class {word}; did you mean {near[0]}?", path)
            if not CLASS.match(word):
                raise self._wrong(f"{word!r} is no data class such as pii.email", path)

    def _mapping(self, value: Any, path: Keys, what: str) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise self._wrong(f"{what} must hold names and what they are given, not {value!r}", path)

    def _one_of(self, word: str, known: Iterable[str], path: Keys, what: str) -> None:
        if word in known:
            return
        names = list(map(str, known))
        near = difflib.get_close_matches(word, names, 1, 0.5)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(names) or 'none'}"
        raise self._wrong(f"unknown {what} {word}; {meant}", path)

    def _place(self, path: Keys) -> Place:
        node = self.tree.keys.get(path) or self.tree.nodes.get(path)
        return self.tree.span(node) if node else Place(FILE, 1)

    def _wrong(self, problem: str, path: Keys = (), line: int = 0) -> IntentError:
        line = line or self._place(path).line
        return IntentError(f"{FILE} line {line}: {problem}", FILE, line)
