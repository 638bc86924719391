"""What comes after reading, done while copies of the process read: loaded, or looked up."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checkrein import checks
from checkrein.cache import Cache, Held, store
from checkrein.judge.kept import looking_at
from checkrein.model import App, Fact
from checkrein.pipeline.moved import Earlier
from checkrein.pipeline.states import States, file_of

if TYPE_CHECKING:
    from checkrein.derive.ground import Early

NEXT = (
    *("checkrein.code.summary", "checkrein.derive", "checkrein.derive.access.means"),
    *("checkrein.judge.asking", "checkrein.report.terminal", "checkrein.write"),
)
DERIVING = "checkrein.derive"
JUDGING = "checkrein.judge.asking"


def loading(root: Path, ahead: Ahead | None) -> Iterator[None]:
    """Load the modules that a scan needs in the end, one after each step.

    Only where templates are read: they take as long as this, and every check is asked then, unless
    all only stands elsewhere now, as ``ahead`` may know.
    """
    if ahead:
        yield from ahead.telling(root, wanted=True)
    yield from _loaded((*NEXT, *checks.modules().values()))


class Ahead:
    """What earlier scans concluded in a folder, found while a copy of the process reads code."""

    def __init__(self, *modules: str) -> None:
        """Begin; modules are those that tell of what is concluded."""
        self._modules = modules
        self._cache: Held | None = None
        self._earlier: Earlier | None = None
        self._told: Cache | None = None
        self.early: Early | None = None  # what follows whatever the code does

    def cache(self, root: Path, *, shipped: bool) -> Held:
        """Return what was concluded; nothing where a build would ship what is kept."""
        if self._cache is None:
            file = self._of_last(store.JUDGED, root, wanted=not shipped)
            self._cache = Held(root, judged=True, wanted=not shipped, file=file)
        return self._cache

    def earlier(self, root: Path, *, wanted: bool) -> Earlier:
        """Return what was concluded as a whole, for facts that only stand elsewhere now."""
        if self._earlier is None or not wanted:
            file = self._of_last(store.CONCLUDED, root, wanted=wanted)
            self._earlier = Earlier(root, wanted=wanted, file=file)
        return self._earlier

    def told(self, root: Path, *, wanted: bool) -> Cache:
        """Return what was told, beside which stands which state was seen last."""
        if self._told is None or not wanted:
            self._told = Cache(root, judged=True, wanted=wanted, file=store.TOLD)
        return self._told

    def _of_last(self, file: str, root: Path, *, wanted: bool) -> str:
        """Return that one of a pair of files in which is what followed from the last state."""
        return file_of(States.of(self.told(root, wanted=wanted)).last, file)

    def telling(self, root: Path, *, wanted: bool) -> Iterator[None]:
        """Load what tells of what may only stand elsewhere now, one part after each step."""
        if self._modules:
            yield from _loaded(self._modules)
            yield
            yield from self.earlier(root, wanted=wanted).steps()

    def steps(
        self, root: Path, facts: Iterable[Fact], functions: Collection[str], *, shipped: bool
    ) -> Iterator[None]:
        """Load what is needed once some functions have been read anew, one after each step.

        Where all is loaded, since templates were read, and nothing is kept: derive from ``facts``,
        all that was read before the code, what does not rest on that. Last is what is only needed
        where all stands elsewhere: that is told soonest by itself.
        """
        if DERIVING in sys.modules:
            if not self.cache(root, shipped=shipped).wanted:
                yield
                self.early = _early(facts)
            return
        if self._modules:
            yield from _loaded(self._modules)
            yield
            self.earlier(root, wanted=not shipped)
        yield from _loaded((DERIVING, JUDGING))
        yield
        known = self.cache(root, shipped=shipped)
        modules = checks.modules()
        asked = looking_at(known, functions)
        yield from _loaded(modules[id] for id in modules if id in asked)
        yield from self.telling(root, wanted=not shipped)


def _early(facts: Iterable[Fact]) -> Early | None:
    from checkrein.derive.ground import early  # noqa: PLC0415 - it is loaded where this is asked

    try:
        return early(App(facts))
    except Exception:  # noqa: BLE001 - it is derived again with all, and said there
        return None


def _loaded(names: Iterable[str]) -> Iterator[None]:
    for name in names:
        if name not in sys.modules:
            yield
            import_module(name)
