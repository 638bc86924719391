"""The app as it would be with something else in it: changes of what was read, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checkrein.compare.scene import Scene
from checkrein.compare.whatif.asked import Wish, wishes
from checkrein.compare.whatif.changes import changed
from checkrein.compare.whatif.rights import revoked, said
from checkrein.compare.whatif.settings import assigned, removed, unset
from checkrein.compare.whatif.triggers import triggered, untriggered
from checkrein.compare.words import written
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import App, Change, Evidence, Need
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
    still = {need.id for need in after.every(Need) if need.granted}
    stays = {need.id for need in after.every(Need)}
    for need in before.every(Need):
        if need.needed and need.granted and need.id in stays - still:
            on = "" if need.resource == "*" else f" on {short(written(need.resource))}"
            yield Evidence(f"{short(need.function)} needs {need.action}{on}", need.place)


__all__ = ["lost_needs", "supposed"]
