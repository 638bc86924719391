"""Accepting what is new or gone: the lines of the lock as they are afterwards."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.checks.locked.comparing import current, holds
from checkrein.checks.worth import worst
from checkrein.errors import UsageError
from checkrein.model import LEVELS, Accepted, App, Finding, Function, Kind, Line, Row, Verdict
from checkrein.model.surface import Changed, changes, covers

APPROVED = 7  # a class from here on needs somebody who approves
SHORTEST = 4  # letters of a fingerprint
CELLS = (Kind.CODED, Kind.POTENTIAL)
WIDE = (Kind.RIGHT, Kind.DENIAL)  # kinds whose values may cover others
TELLING = (Kind.ENTRY, Kind.RIGHT, Kind.DENIAL, Kind.GAIN, Kind.INTENDED, Kind.CODED, Kind.FLOW,
           Kind.CALL, Kind.POTENTIAL)  # fmt: skip


class Choice(Struct, frozen=True):
    """What somebody accepts: findings with the lines that each of them writes."""

    findings: tuple[Finding, ...]
    lines: tuple[tuple[Changed, ...], ...]  # of each finding, all or some

    def valuable(self, app: App) -> str:
        """Return the most valuable class that it is about, "" where none needs an approver."""
        worth, data = worst(app, (data for finding in self.findings for data in finding.data))
        return data if worth >= APPROVED else ""


def first_lock(app: App) -> list[Accepted]:
    """Return what accepts an app as it is."""
    return [_accepted(line) for line in current(app).values()]


def choose(app: App, verdicts: Iterable[Verdict], wanted: Iterable[str]) -> Choice:
    """Return the findings about the lock that some words name, all for no word.

    A word is the beginning of a fingerprint, or a resource's id or the end of it: then what is
    told of this resource counts, of a function what is told of its role too, and of what is told
    of others the lines that are about it. Raise UsageError where a word names nothing.
    """
    told = [(verdict.subject, f) for verdict in verdicts for f in verdict.findings]
    found = [finding for _, finding in told]
    about = {finding.fingerprint: finding for finding in found if finding.lines}
    subjects = {finding.fingerprint: subject for subject, finding in told}
    chosen: dict[str, dict[Changed, None]] = {}
    words = tuple(wanted)
    if not words:
        chosen = {name: dict.fromkeys(finding.lines) for name, finding in about.items()}
    for word in words:
        named = _by_fingerprint(word, about, found) or _by_resource(
            app, word, [(subjects[name], finding) for name, finding in about.items()]
        )
        if not named and not _is_known(app, word):
            raise _nothing(word, about.values())
        for finding, lines in named:
            chosen.setdefault(finding.fingerprint, {}).update(dict.fromkeys(lines))
    accepted = tuple(tuple(lines) for lines in chosen.values())
    return Choice(tuple(about[name] for name in chosen), accepted)


def _by_fingerprint(
    word: str, about: dict[str, Finding], found: Iterable[Finding]
) -> list[tuple[Finding, tuple[Changed, ...]]]:
    if len(word) < SHORTEST:
        return []
    named = [finding for name, finding in about.items() if name.startswith(word)]
    if len(named) > 1:
        raise UsageError(f"{len(named)} findings begin with {word}; give more of the fingerprint")
    other = [finding for finding in found if finding.fingerprint.startswith(word)]
    if not named and other:
        known = next(filter(None, (finding.accepted for finding in other)), "")
        advice = f" ({known})" if known else "; ignore it in checkrein.yaml"
        raise UsageError(f"{word} is no difference to the lock{advice}")
    return [(finding, finding.lines) for finding in named]


def _by_resource(
    app: App, word: str, told: Iterable[tuple[str, Finding]]
) -> list[tuple[Finding, tuple[Changed, ...]]]:
    roles = {f.identity for f in app.every(Function) if _is_named(f.id, word)}
    named = []
    for subject, finding in told:
        whole = subject in roles or _is_named(subject, word)
        lines = tuple(
            each
            for each in finding.lines
            if whole or any(_is_named(node, word) for node in _nodes(each))
        )
        if lines:
            named.append((finding, lines))
    return named


def _nodes(each: Changed) -> Iterator[str]:
    yield from (each.owner, each.owner.partition("@")[0])
    if each.kind is Kind.RIGHT:
        yield each.key.rpartition(" ")[0]


def _is_named(id: str, word: str) -> bool:
    return id == word or id.endswith(f"/{word}")


def _is_known(app: App, word: str) -> bool:
    """Tell whether a resource has that name: nothing of it differs, and there is nothing to do."""
    return any(_is_named(row.id, word) for row in app.every(Row))


def _nothing(word: str, about: Iterable[Finding]) -> UsageError:
    named = {node.rpartition("/")[2] for f in about for each in f.lines for node in _nodes(each)}
    near = difflib.get_close_matches(word, named, 1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return UsageError(f"{word} names nothing that differs from checkrein.lock{meant}")


def accept(app: App, choice: Choice, reason: str, by: str, *, everything: bool) -> list[Accepted]:
    """Return the lock's lines with what was chosen; ``everything`` makes all lines the app's."""
    desk = _Desk(app, reason, by)
    for lines in choice.lines:
        desk.write(lines)
    if everything:
        desk.settle()
    return desk.accepted()


class _Desk:
    """The lines of the lock while they are being changed."""

    def __init__(self, app: App, reason: str, by: str) -> None:
        self._app = app
        self._said = {"reason": reason, "by": by}
        self._now = current(app)
        self._lines = {each.id: each for each in app.every(Accepted) if each.owner}

    def accepted(self) -> list[Accepted]:
        return list(self._lines.values())

    def write(self, lines: Iterable[Changed]) -> None:
        """Accept the lines of one finding; its reason stands at those that tell it."""
        told = min((TELLING.index(each.kind) for each in lines), default=0)
        for each in lines:
            telling = TELLING[told] is each.kind
            if each.kind in {*CELLS, Kind.INTENDED}:
                self._cell(each, telling=telling)
            else:
                self._line(each, telling=telling)

    def settle(self) -> None:
        """Make every line the app's own, but for what services are meant to hold."""
        for line in self._now.values():
            meant = line.kind is Kind.INTENDED and line.id in self._lines
            if not meant or holds(self._app, line.owner):
                self._put(line, line.values, telling=False)
        for id in [*self._lines]:
            if id not in self._now:
                del self._lines[id]

    def _line(self, each: Changed, *, telling: bool) -> None:
        id = _id(each.kind, each.owner, each.key)
        before = self._lines[id].values if id in self._lines else ()
        now = each.after.values if each.after and each.kind in WIDE else ()
        covered = {value for value in now if any(covers(wide, value) for wide in before)}
        values = tuple(sorted(({*before, *each.added} - {*each.removed}) | covered))
        if each.after and not changes([replace(each.after, values=values)], [each.after]):
            values = each.after.values
        if each.after is None and not values:
            self._lines.pop(id, None)
        else:
            line = each.after or each.before
            assert line is not None
            self._put(line, values, telling=telling)

    def _cell(self, each: Changed, *, telling: bool) -> None:
        """Make all that the lock says of some classes in a node what the app says of them."""
        owner, classes = each.owner, {*each.added, *each.removed}
        self._sync(Kind.CODED, owner, "", classes, telling=False)
        for level in LEVELS:
            self._sync(Kind.POTENTIAL, owner, level, classes, telling=telling)
        meant = self._lines.get(_id(Kind.INTENDED, owner, ""))
        row = self._app.get(Row, owner)
        if row is None:
            self._lines.pop(_id(Kind.INTENDED, owner, ""), None)
            return
        known = {*(meant.values if meant else ())}
        if each.kind in {Kind.CODED, Kind.INTENDED}:
            known = (known | {*each.added}) - {*each.removed}
        line = self._now.get(_id(Kind.INTENDED, owner, ""))
        if line:
            values = row.intended if holds(self._app, owner) else tuple(sorted(known))
            self._put(line, values, telling=telling and each.kind is not Kind.POTENTIAL)

    def _sync(self, kind: Kind, owner: str, key: str, classes: set[str], *, telling: bool) -> None:
        id = _id(kind, owner, key)
        line, known = self._now.get(id), self._lines.get(id)
        has = {*(line.values if line else ())} & classes
        values = ({*(known.values if known else ())} - classes) | has
        if not values:
            self._lines.pop(id, None)
        elif line:
            self._put(line, tuple(sorted(values)), telling=telling and bool(has))
        elif known:
            self._lines[id] = replace(known, values=tuple(sorted(values)))

    def _put(self, line: Line, values: tuple[str, ...], *, telling: bool) -> None:
        known = self._lines.get(line.id)
        made = replace(known, values=values) if known else _accepted(replace(line, values=values))
        changed = known is None or known.values != values
        self._lines[line.id] = replace(made, **self._said) if telling and changed else made


def _accepted(line: Line) -> Accepted:
    return Accepted(id=line.id, kind=line.kind, owner=line.owner, key=line.key, values=line.values)


def _id(kind: Kind, owner: str, key: str) -> str:
    return " ".join(filter(None, (kind, owner, key)))
