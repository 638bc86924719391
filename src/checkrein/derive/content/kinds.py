"""The kinds of items that functions put into each store, as far as any reader asks for a kind.

A put tells its item's key for good: no update changes one. Its other attributes hold as long as
nothing that was read sets them to something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from checkrein.catalog.content import content
from checkrein.derive.content import requested_items
from checkrein.derive.content.paths import Tokens, tokens
from checkrein.derive.content.requested_items import Patterns
from checkrein.derive.content.stores import SERVICE
from checkrein.derive.stacks.directory import Directory
from checkrein.model import CallSite, Value
from checkrein.model.items import Items, Kind, both, meet, united
from checkrein.model.values import alternatives, at_path

if TYPE_CHECKING:
    from checkrein.derive.content.slots import Slots

COPYING = frozenset({"CopyObject", "UploadPartCopy", "RenameObject"})
UPDATING = frozenset({
    "UpdateItem", "TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement",
    "ExecuteTransaction",
})  # fmt: skip
KEY = "Key"
TABLE = "table"  # of a database: what tells its rows apart
INDEXES = ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
MOST_KINDS = 16
MOST_TEXTS = 16  # of one attribute; more say nothing


class _Update(NamedTuple):
    """What a request sets of the items that it is about; None where that may be anything."""

    items: Items
    assigned: dict[str, Patterns] | None


class _Write(NamedTuple):
    """What a request puts into items: the attributes, None where these may be any."""

    items: Items
    names: frozenset[str] | None


class Kinds:
    """What puts tell of their items, for all functions of an app."""

    def __init__(self, slots: Collection[Slots], others: Iterable[str]) -> None:
        """Take all functions' slots, and the stores that are written without code."""
        self._others = frozenset(others)
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self._updates: defaultdict[str, list[_Update]] = defaultdict(list)
        self._copied: set[str] = set()
        self._known: dict[tuple[str, int, str, int], Items] = {}
        self._puts: defaultdict[str, list[_Write]] = defaultdict(list)
        self._changes: defaultdict[str, list[_Write]] = defaultdict(list)  # by updates
        known = [
            (each, site)
            for each in slots
            for site in each.binding.summary.calls
            if site.service in {"dynamodb", "s3", SERVICE}
        ]
        for each, site in known:
            self._learn(each, site)
        for updates in (False, True):  # which change what was put
            for each, site in known:
                self._gather(each, site, updates=updates)

    def _learn(self, slots: Slots, site: CallSite) -> None:
        for target in slots.targets(site):
            if site.service == SERVICE:
                self._asked[target].add(TABLE)
            for kind in slots.items(site, target):
                self._asked[target].update(name for name, _ in kind)
            if site.operation in COPYING:
                self._copied.add(target)
            if site.service == "dynamodb" and site.operation in UPDATING:
                settled = slots.binding.settled
                found = requested_items.assigned(site, settled)
                about = self._addressed(slots, site, target)
                self._updates[target].append(_Update(about, found))

    def _gather(self, slots: Slots, site: CallSite, *, updates: bool) -> None:
        """Learn what puts put, or what updates change."""
        into = self._changes if updates else self._puts
        members = content(site.service, site.operation).put
        for target in slots.targets(site) if members else ():
            for number, member in enumerate(members):
                at = tokens(member)
                if _is_update(site, number) is updates and requested_items.is_given(site, at):
                    items = self.put(slots, site, target, number)
                    into[target].append(_Write(items, _names(slots, site, at, updates=updates)))

    def found(self, target: str, items: Items, name: str) -> Items:
        """Return of which items that is an attribute that somebody reads in some of them.

        Where all that writes it is known, an item of which a reader tells one attribute tells
        others too.
        """
        writes = [*self._puts.get(target, ()), *self._changes.get(target, ())]
        known = [each for each in writes if each.names is not None and name in each.names]
        known = known or [each for each in writes if each.names is None]
        return items if target in self._others else _within(known, items)

    def _addressed(self, slots: Slots, site: CallSite, target: str) -> Items:
        """Return the items that an update is about."""
        if site.operation != "UpdateItem":
            return ()
        return slots.items(site, target)

    def put(self, slots: Slots, site: CallSite, target: str, member: int) -> Items:
        """Return which items a request writes to with one of the members that hold content."""
        if not self._asked.get(target):
            return ()
        key = (slots.function, slots.position(site), target, member)
        if key not in self._known:
            self._known[key] = self._put(slots, site, target, member)
        return self._known[key]

    def _put(self, slots: Slots, site: CallSite, target: str, member: int) -> Items:
        known = content(site.service, site.operation)
        if known.name:
            settled = slots.binding.settled
            return () if target in self._copied else requested_items.named(site, settled, known)
        if not known.put:
            return ()
        keys = primary(slots.binding.directory, target)
        told = requested_items.attributes(site, tokens(known.put[member]), slots.binding.settled)
        if _is_update(site, member):  # keys of other tables may stand there too
            told = {name: told[name] for name in told if name in keys or not keys}
        asked = self._asked[target]
        own = tuple((name, told[name]) for name in sorted(told) if name in keys & asked)
        rest = {name: told[name] for name in told if name in asked - keys}
        if not _is_update(site, member):
            has = requested_items.names(site, tokens(known.put[member]))
            index = indexed(slots.binding.directory, target) & asked - keys
            rest |= dict.fromkeys(index - has if has is not None else (), ())
        found = [(name, self._lasting(target, own, name, rest[name])) for name in sorted(rest)]
        kind = (*own, *((name, texts) for name, texts in found if texts is not None))
        if kind and _is_update(site, member):
            return self._updated(target, kind, asked - keys if keys else frozenset())
        return (kind,) if kind else ()

    def _updated(self, target: str, kind: Kind, others: Collection[str]) -> Items:
        """Return what an update writes to: items that are put, or one that it makes itself.

        That has of the ``others``, attributes that readers ask for and that are no keys, only what
        updates set.
        """
        puts = self._puts.get(target, ()) if target not in self._others else ()
        known = _within(puts, (kind,))
        if known == (kind,):  # nobody here puts such an item, or not all is known of who does
            return known
        made = dict(kind)
        updates = [u.assigned for u in self._updates[target] if meet(u.items, (kind,))]
        for name in sorted(others):
            texts = [each[name] for each in updates if each and name in each]
            if None not in updates and all(texts):
                made[name] = tuple(dict.fromkeys(one for each in texts for one in each))
        return united(known, (tuple(made.items()),))

    def _lasting(self, target: str, own: Kind, name: str, texts: Patterns) -> Patterns | None:
        """Return what an attribute that is no key may become by updates, None for anything.

        ``texts`` are what it is at first, none where the item does not have it.
        """
        if target in self._others:
            return None
        found = dict.fromkeys(texts)
        for update in self._updates.get(target, ()):
            if not meet(update.items, (own,) if own else ()):
                continue
            if update.assigned is None or update.assigned.get(name) == ():
                return None
            found |= dict.fromkeys(update.assigned.get(name, ()))
        return tuple(found) if len(found) <= MOST_TEXTS else None


def _within(writes: Collection[_Write], items: Items) -> Items:
    """Return the items of some writes that are of some items; these, where nothing tells more."""
    found: Items = ()
    for each in writes:
        if not each.items:
            return items
        if meet(each.items, items):
            found = (*found, *both(each.items, items, MOST_KINDS))
    found = tuple(dict.fromkeys(found))
    return found if 0 < len(found) <= MOST_KINDS else items


def _names(slots: Slots, site: CallSite, at: Tokens, *, updates: bool) -> frozenset[str] | None:
    if not updates:
        return requested_items.names(site, at)
    assigned = requested_items.assigned(site, slots.binding.settled)
    told = requested_items.names(site, at)
    return None if assigned is None or told is None else told.union(assigned)


def _is_update(site: CallSite, member: int) -> bool:
    """Tell whether what a member writes goes into an item that another names by its key."""
    put = content(site.service, site.operation).put
    return bool(put) and tokens(put[member])[-1:] == (KEY,)


def primary(directory: Directory, table: str) -> frozenset[str]:
    """Return the attributes that a table's items are told apart by; none where nobody says."""
    resource = directory.resources.get(table)
    return _keys(resource.value("KeySchema")) if resource is not None else frozenset()


def indexed(directory: Directory, table: str) -> frozenset[str]:
    """Return the attributes that are keys of a table's indexes: items without one are not there."""
    resource = directory.resources.get(table)
    listed = [resource.value(name) for name in INDEXES] if resource is not None else []
    found: set[str] = set()
    for value in listed:
        for option in alternatives(value):
            for index in option if isinstance(option, list) else ():
                found |= _keys(at_path(index, ("KeySchema",)))
    return frozenset(found)


def _keys(schema: Value) -> frozenset[str]:
    """Return the attributes of a key, none where one is not known."""
    found: set[str] = set()
    for option in alternatives(schema):
        for part in option if isinstance(option, list) else ():
            name = at_path(part, ("AttributeName",))
            if not isinstance(name, str):
                return frozenset()
            found.add(name)
    return frozenset(found)
