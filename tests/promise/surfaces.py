"""What checkrein tells of a mutant: the lines of the application before and after."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from checkrein.derive.surface import lines
from checkrein.model import Changed, Line
from checkrein.model.surface import changes
from checkrein.pipeline import learn
from tests.promise.mutants import FOLDERS, Mutant, Told

DATA = ("coded", "potential")


class Surfaces:
    """Tells the lines of applications and of mutants; ``folder`` is for their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, list[Line]] = {}

    def before(self, application: str) -> list[Line]:
        if application not in self._before:
            self._before[application] = lines(learn([FOLDERS[application]]).app)
        return self._before[application]

    def after(self, mutant: Mutant) -> list[Line]:
        """Return a mutant's lines, read from a folder as anybody's are."""
        return lines(learn([laid_out(mutant, self._folder / "mutant")]).app)


def laid_out(mutant: Mutant, folder: Path) -> Path:
    """Write a mutant's files into a folder of its own, and return that."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(FOLDERS[mutant.application], folder)
    for path, text in mutant.texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def told_wrong(mutant: Mutant, surfaces: Surfaces) -> list[str]:
    """Return what is wrong with what is told of a mutant, in words; nothing if all is right.

    Of a change: what should have been told, and which data a service would no longer hold though
    the change only adds ways. Of one that changes nothing: whatever is told.
    """
    before, after = surfaces.before(mutant.application), surfaces.after(mutant)
    changed = changes(before, after)
    if not mutant.told:
        return [f"told: {one.kind} {one.owner} {one.key}" for one in changed]
    wrong = [f"missed: {told}" for told in missed(mutant, changed)]
    return [*wrong, *_narrower(changed), *_lost(before, after)] if mutant.wider else wrong


def missed(mutant: Mutant, changed: Iterable[Changed]) -> list[Told]:
    """Return what should have been told of a mutant and was not."""
    known = list(changed)
    return [told for told in mutant.told if not any(_tells(one, told) for one in known)]


def _narrower(changed: Iterable[Changed]) -> list[str]:
    """Return the rights that are told to be gone."""
    return [
        f"narrower: {one.owner} {one.key} {', '.join(one.removed)}"
        for one in changed
        if one.kind == "right" and one.removed
    ]


def _lost(before: Iterable[Line], after: Iterable[Line]) -> list[str]:
    held, kept = _held(before), _held(after)
    return [f"lost: {owner} {data}" for owner in held for data in held[owner] - kept[owner]]


def _held(lines: Iterable[Line]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.kind in DATA:
            found[line.owner].update(line.values)
    return found


def _tells(one: Changed, told: Told) -> bool:
    if one.kind != told.kind or told.owner not in ("", one.owner) or told.key not in f"{one.key} ":
        return False
    added = one.added
    return all(_among(word, added) for word in told.gains) and all(
        _among(word, one.removed) for word in told.loses
    )


def _among(word: str, values: Iterable[str]) -> bool:
    """Tell whether a value says a word: itself, or for an action, a pattern that it matches."""
    for value in values:
        action = value.partition(" ")[0]
        if word in (value, action):
            return True
        if action.endswith("*") and word.startswith(action[:-1]):
            return True
    return False
