"""The app as it would be with something else in it: changes of what was read, and what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from checkrein.compare.scene import Scene
from checkrein.compare.whatif.asked import Wish, wishes
from checkrein.compare.whatif.changes import changed
from checkrein.compare.whatif.rights import revoked, said
from checkrein.compare.whatif.settings import assigned, removed, unset
from checkrein.compare.whatif.triggers import triggered, untriggered
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import Access, App, Change, Evidence, Function, Need
from checkrein.model.values import written
from checkrein.write import CannotEdit

Make = Callable[[Scene, tuple[str, ...]], Iterator[Change]]
MAKE: dict[str, Make] = {
    "allow": lambda scene, words: said(scene, "Allow", words),
    "deny": lambda scene, words: said(scene, "Deny", words),
    "revoke": revoked,
    "set": assigned,
    "unset": unset,
    "trigger": triggered,
    "no-trigger": untriggered,
    "remove": removed,
}


def supposed(read: App, derive: Callable[[App], App], words: Sequence[str]) -> App:
    """Return what was read with everything in it that is asked for, one after the other.

    ``derive`` derives an app. Raises UsageError where words mean nothing, or cannot be done.
    """
    for wish in wishes(words):
        read = _with(read, Scene(derive(read)), wish)
    return read


def _with(read: App, scene: Scene, wish: Wish) -> App:
    try:
        return changed(read, MAKE[wish.verb](scene, wish.words))
    except CannotEdit as error:
        raise UsageError(f"{wish} cannot be done: {error}") from None


def lost_needs(before: App, after: App) -> Iterator[Evidence]:
    """Yield the rights that functions' code needs, and had before and has no more."""
    had, has = _actions(before), _actions(after)
    roles = {function.id: function.identity for function in before.every(Function)}
    now = {need.id: need for need in after.every(Need)}
    for need in before.every(Need):
        later = now.get(need.id)
        on = roles.get(need.function, ""), need.resource
        denied = need.action in had.get(on, ()) and need.action not in has.get(on, ())
        if later and need.needed and need.granted and (denied or not later.granted):
            where = "" if need.resource == "*" else f" on {short(written(need.resource))}"
            yield Evidence(f"{short(need.function)} needs {need.action}{where}", need.place)


def _actions(app: App) -> Mapping[tuple[str, str], set[str]]:
    """Return the actions that each identity has on each resource."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for access in app.every(Access):
        found[access.identity, access.target].update(access.actions)
    return found


__all__ = ["lost_needs", "supposed"]
