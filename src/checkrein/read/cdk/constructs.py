"""Where a program makes the constructs of a path, as far as it plainly says.

A path is followed from the stack inwards: the class of what is made at one step is where what
stands below it is made. What a library makes by itself stands at the line that makes the library's
construct. Where several lines may have made something, none is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path as File
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.code import ir
from checkrein.code.lowering import lower
from checkrein.model import Place
from checkrein.read.cdk.calls import add_module
from checkrein.read.cdk.ids import Pattern, fits, is_text, letters, patterns, texts
from checkrein.read.cdk.modules import SUFFIXES, candidates, entry, file_of
from checkrein.read.cdk.program import THIS, Making, Program, Scope, Unit
from checkrein.read.cdk.textual import TEXTUAL, add_text
from checkrein.read.cdk.written import LARGEST, MOST_FILES, sources

LANGUAGES = {".py": "python", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript"}
SPEAKS_OF_CDK = ("aws-cdk", "aws_cdk", "onstruct", "Stack")
FEWEST_LETTERS = 3  # known ones of an id, for it to tell by itself
VERBS = frozenset({"POST", "PATCH", "DELETE", "HEAD", "OPTIONS"})
PLAIN = frozenset({"Construct", "Resource", "Stack", "NestedStack", "Stage", "App"})
Own = tuple[ir.Node, Scope]
Kinds = Callable[[str], str | None]


class Index(Struct, eq=False):
    """Makings by the ids that they surely give; ``others`` may give more than is known."""

    by_id: dict[str, list[Making]]
    others: list[Making]

    def about(self, id: str) -> list[Making]:
        """Return what may give an id."""
        return [*self.by_id.get(id, ()), *self.others]


class Step(Struct):
    """Where the search stands on a path: what may have made the last construct, and for below.

    ``units`` are where its parts are made, None where that is not known; ``library`` tells that
    a package makes what is inside. ``inside`` is what these units make, once it was asked for.
    """

    makings: list[Making]
    units: list[Unit] | None
    library: bool = False
    place: Place | None = None
    inside: Index | None = None


def made_at(root: File, app: str, construct: str, kinds: Kinds) -> Place | None:
    """Return where a construct, or the library's that it is a part of, is made; None if unclear.

    ``construct`` is a path, which begins with the stack; ``kinds`` gives the class that a path's
    construct has in its library, "" where that is not known.
    """
    program = program_of(root, app)
    parts = construct.strip("/").split("/")
    step: Step | None = None
    for index in range(len(parts)):
        path = "/".join(parts[: index + 1])
        if path not in program.steps:
            kind = kinds(path) or ""
            program.steps[path] = _next(program, step, _id(parts[index]), kind)
        step = cast("Step | None", program.steps[path])
        if step is None:
            return None
    return step.place if step else None


def _next(program: Program, step: Step | None, id: str, kind: str) -> Step | None:
    return _below(program, step, id, kind) if step else _beginning(program, id, kind)


def _beginning(program: Program, stack: str, kind: str) -> Step:
    made = [each for unit in program.units for each in unit.makings if not each.method]
    wanted = [each for each in made if _is_stack(program, each)]
    makings = _fitting(program, wanted, stack, kind)
    return Step(makings, _inside(program, makings) if makings else None)


def _id(part: str) -> str:
    """Return the id that the program gives: a nested stack's own parts are made for it."""
    return part.removesuffix(".NestedStack")


def _is_stack(program: Program, making: Making) -> bool:
    classes = _classes(program, making)
    return making.name in ("Stack", "Stage") or any(unit.bases for unit in classes)


def _below(program: Program, step: Step, id: str, kind: str) -> Step | None:
    """Return the next step of a path; None where nothing tells."""
    if step.library:
        makings = _fitting(program, _tied(step), id, kind, 1) or _by_a_method(program, step, id)
        if not makings:
            return step
    else:
        if step.inside is None:
            step.inside = _index(program, step.units or ())
        makings = _fitting(program, step.inside.about(id), id, kind)
        if not makings and not _has_parts_of_a_library(program, step):
            makings = _anywhere(program, id, kind)
    if not makings:  # a library makes it, or the program does not say how
        inner = Step(step.makings, step.units, True, step.place)  # noqa: FBT003
        return inner if step.place else None
    places = {each.place for each in makings}
    place = makings[0].place if len(places) == 1 else None
    units = _inside(program, makings)
    own = any(_classes(program, each) for each in makings)
    return Step(makings, units, not own, place)


def _has_parts_of_a_library(program: Program, step: Step) -> bool:
    """Tell whether what is made is of a class that extends one of a library with parts."""
    classes = _with_bases(program, [u for each in step.makings for u in _classes(program, each)])
    bases = {base for unit in classes for base in unit.bases}
    return bool(bases - PLAIN - program.by_name.keys())


def _anywhere(program: Program, id: str, kind: str) -> list[Making]:
    """Return what makes an id in the whole program, where its text says so."""
    if program.every is None:
        program.every = _index(program, program.units)
    return _fitting(program, program.every.about(id), id, kind, FEWEST_LETTERS)


def _index(program: Program, units: Iterable[Unit]) -> Index:
    found = Index({}, [])
    for making in (each for unit in units for each in unit.makings if not each.method):
        surely = texts(_ids(program, making))
        for id in surely or ():
            found.by_id.setdefault(id, []).append(making)
        if surely is None:
            found.others.append(making)
    return found


def _fitting(
    program: Program, makings: Iterable[Making], id: str, kind: str = "", fewest: int = 0
) -> list[Making]:
    """Return the makings whose id fits best: by its whole text, or by most of it."""
    ranked: list[tuple[tuple[bool, int], Making]] = []
    for making in makings:
        if not _may_be(program, making, kind):
            continue
        best = max((_rank(each) for each in _ids(program, making) if fits(each, id)), default=None)
        if best is not None and _tells(making, best, kind, fewest):
            ranked.append((best, making))
    if not ranked:
        return []
    highest = max(rank for rank, _ in ranked)
    return [making for rank, making in ranked if rank == highest]


def _tells(making: Making, rank: tuple[bool, int], kind: str, fewest: int) -> bool:
    """Tell whether enough of an id is known: all, some letters, or else the class that is made."""
    whole, known = rank
    return whole or known >= max(fewest, 1) or bool(not fewest and kind and not making.method)


def _rank(pattern: Pattern) -> tuple[bool, int]:
    return is_text(pattern), letters(pattern)


def _ids(program: Program, making: Making) -> set[Pattern]:
    if id(making) not in program.ids:
        program.ids[id(making)] = _said(program, making)
    return cast("set[Pattern]", program.ids[id(making)])


def _said(program: Program, making: Making) -> set[Pattern]:
    """Return the ids that a call may give: as its class hands them on, or else as it says."""
    own = [unit for unit in _classes(program, making) if unit.own_id is not None]
    if not own or making.call is None:
        return patterns(program, making.id, making.within) if making.id is not None else set()
    found: set[Pattern] = set()
    for unit in own:
        alone = {**program.callers, unit.name: [(making.call.arguments, making.within)]}
        found |= patterns(replace(program, callers=alone), *cast("Own", unit.own_id))
    return found


def _may_be(program: Program, making: Making, kind: str) -> bool:
    """Tell whether what is called may give a construct of a library's class."""
    classes = _classes(program, making)
    if classes and not any(unit.bases for unit in classes):
        return False
    if not kind or making.method or not making.name[:1].isupper():
        return True
    if classes:
        bases = {base for unit in _with_bases(program, classes) for base in unit.bases}
        return kind in bases or kind in PLAIN or not bases & PLAIN
    _, member = program.imports.get((making.within.unit.path, making.name), ("", ""))
    return kind in (making.name, member) or kind in PLAIN


def _tied(step: Step) -> list[Making]:
    """Return what is made in the scope of a library's construct, or by a method of it."""
    found = []
    names = {each.assigned.removeprefix(f"{THIS}.") for each in step.makings} - {""}
    calls = {id(each.call) for each in step.makings}
    for unit in step.units or ():
        for making in unit.makings:
            base = making.scope.removeprefix(f"{THIS}.").removesuffix(".root")
            if id(making.chained) in calls or base in names:
                found.append(making)
    return found


def _by_a_method(program: Program, step: Step, id: str) -> list[Making]:
    """Return the one call of a method that says an id, on whatever it is called."""
    methods = [each for unit in step.units or () for each in unit.makings if each.method]
    found = _fitting(program, methods, id, "", FEWEST_LETTERS + 1)
    whole = any(is_text(each) for making in found for each in _ids(program, making))
    return found if len(found) == 1 and whole and id not in VERBS else []


def _inside(program: Program, makings: Iterable[Making]) -> list[Unit]:
    """Return the units where the parts of what is made may be made."""
    found: list[Unit] = []
    for making in makings:
        classes = _classes(program, making)
        found += _with_bases(program, classes) if classes else [making.within.unit]
    return _with_callees(program, found)


def _with_bases(program: Program, units: Iterable[Unit]) -> list[Unit]:
    found: list[Unit] = []
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.append(unit)
            waiting += [other for base in unit.bases for other in _called(program, unit, base)]
    return found


def _with_callees(program: Program, units: list[Unit]) -> list[Unit]:
    """Return units with the functions and plain classes they call, which make parts for them."""
    found: list[Unit] = []
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit in found:
            continue
        found.append(unit)
        waiting += [
            other
            for name in set(unit.calls)
            for other in _called(program, unit, name)
            if not other.bases
        ]
    return found


def _classes(program: Program, making: Making) -> list[Unit]:
    """Return the team's own classes that a making may be of."""
    if making.method:
        return []
    return _called(program, making.within.unit, making.name, making.called.partition(".")[0])


def _called(program: Program, unit: Unit, name: str, first: str = "") -> list[Unit]:
    """Return what a name in a unit means: its file's own, what it imports, or all of that name."""
    every = program.by_name.get(name, []) if name else []
    here = [each for each in every if each.path == unit.path]
    if here or not every:
        return here
    for bound in (name, first):
        module, member = program.imports.get((unit.path, bound), ("", ""))
        for path in (module, f"{module}.{member}" if module.strip(".") else f"{module}{member}"):
            file = file_of(program.modules, unit.path, path)
            there = [each for each in every if each.path == file]
            if there:
                return there
    return every


@files.remembered
def program_of(root: File, app: str) -> Program:
    """Return what the files of an app say: those that its entry takes in, else all that may be."""
    program = Program([], {}, {}, {}, {}, {}, {})
    first = entry(root, app)
    waiting = [first] if first else _likely(root, app)
    seen = set(waiting)
    while waiting and len(seen) < MOST_FILES:
        path = waiting.pop(0)
        _add(root, program, path)
        for found in _imported(root, program, path):
            if found not in seen:
                seen.add(found)
                waiting.append(found)
    for path, text in sources(root, app, TEXTUAL):
        add_text(program, path, text)
    return program


def _likely(root: File, app: str) -> list[str]:
    texts = sources(root, app, SUFFIXES)
    return [path for path, text in texts if any(word in text for word in SPEAKS_OF_CDK)]


def _imported(root: File, program: Program, path: str) -> list[str]:
    found = []
    for (file, _), (module, member) in program.imports.items():
        if file == path:
            names = [module, f"{module}{'' if module.endswith('.') else '.'}{member}"]
            for name in names if path.endswith(".py") else names[:1]:
                there = (each for each in candidates(path, name) if _is_file(root, each))
                found.append(next(there, ""))
    return [each for each in found if each]


def _is_file(root: File, path: str) -> bool:
    return path.endswith(SUFFIXES) and not path.startswith("..") and files.is_file(root / path)


def _add(root: File, program: Program, path: str) -> None:
    try:
        data = files.content(root / path)
    except (OSError, ValueError):
        return
    if len(data) <= LARGEST:
        suffix = path[path.rindex(".") :]
        add_module(program, lower(data, LANGUAGES.get(suffix, "javascript"), path))
