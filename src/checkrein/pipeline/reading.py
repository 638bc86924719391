"""Everything that is read before anything follows from it: templates, intent, functions, code."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec.structs import replace

from checkrein import aside, code, files
from checkrein.cache import Cache, Memory, codec
from checkrein.errors import CheckreinError, UsageError
from checkrein.model import (
    INTENT,
    LOCK,
    Accepted,
    Data,
    Disclosed,
    Environment,
    Evidence,
    Fact,
    Function,
    Place,
    Resource,
    Stack,
    Summary,
    Unread,
)
from checkrein.pipeline.ahead import Ahead, loading
from checkrein.pipeline.partly import partly_read
from checkrein.pipeline.relaid import Relaid
from checkrein.read.disclosed import read_disclosed
from checkrein.read.discovery import Beside, find_templates
from checkrein.read.foreign import EFFECT as MADE_FIRST
from checkrein.read.functions import read_functions
from checkrein.read.intent import Settings, read_intent, read_settings
from checkrein.read.nesting import Templates
from checkrein.read.packaged import without_packaged
from checkrein.read.packages import read_packages
from checkrein.read.resolvers import read_resolvers

if TYPE_CHECKING:
    from checkrein.derive.ground import Early

NO_TEMPLATE = "no template found here: CloudFormation, SAM, CDK, Serverless Framework, Terraform"
MANY_FILES = 200  # to look for secrets in, from which on a copy of this process does
MANY = 40  # templates or functions, from which on a new process pays for its start
Progress = Callable[[str], None]
Name = tuple[str, ...]
Item = TypeVar("Item")
Made = TypeVar("Made")


class Read(NamedTuple):
    """What was read: by root template, beside the templates, and of the functions."""

    templates: Templates
    roots: dict[str, list[Fact]]
    united: list[Fact]  # of all roots, less what is a copy
    beside: list[Fact]
    code: list[Fact]
    known: Memory  # what was read of each, for ``with_texts``
    early: Early | None = None  # what was derived while the code was read

    @property
    def facts(self) -> list[Fact]:
        return [*self.united, *self.beside, *self.code]

    def part(self, stacks: Collection[str]) -> Read:
        """Return what was read of the root templates that make some stacks."""
        roots = {path: facts for path, facts in self.roots.items() if _makes(facts, stacks)}
        templates = replace(self.templates, roots=tuple(roots))
        united = _united(roots)
        return self._replace(templates=templates, roots=roots, united=united, early=None)


def read(
    paths: Iterable[Path],
    progress: Progress,
    memory: Callable[[Path], Memory] = Cache,
    ahead: Ahead | None = None,
) -> Read:
    """Read the applications in some folders or templates, code too.

    What was read of the same files before is taken from what ``memory`` knows of their folder.
    ``ahead`` finds what was concluded then, while code is read.
    """
    within = tuple(_existing(path) for path in paths)
    root = _root(within)
    with files.scan(root):
        kept = memory(root)
        found = _read(root, within, kept, progress, ahead)
        kept.save(shipped=any(map(is_shipped, found.code)))
    return found


def _read(
    root: Path, within: tuple[Path, ...], kept: Memory, progress: Progress, ahead: Ahead | None
) -> Read:
    progress("looking for templates")
    seen = Beside([], [])
    found, unread = _discover(root, within, kept, seen)
    excluded = read_settings(root).exclude
    seen = Beside(*([each for each in kind if not _is_excluded(each, excluded)] for kind in seen))
    found = [path for path in found if not _is_excluded(path, excluded)]
    unread = [each for each in unread if not _is_excluded(each.path, excluded)]
    progress(f"reading {len(found)} templates")
    relaid = Relaid(root, found, kept)
    templates = Templates.among(root, found, relaid.kept)
    made = _templates(templates, relaid, lambda _: loading(root, ahead))
    relaid.hold()
    disclosed = _disclosed(root, seen, kept)  # beside what finds functions, which one core does
    roots = dict(zip(templates.roots, made, strict=True))
    united = _united(roots)
    facts = [*united, *unread]
    whole = within == (root,)
    beside = [*unread, *_guard(INTENT, partial(read_intent, complete=whole), root, facts)]
    own = [fact.id for fact in beside if isinstance(fact, Data)]
    if files.exists(root / LOCK):
        beside += _guard(LOCK, partial(_accepted, complete=whole), root, own)
    if not any(map(_is_something, [*united, *beside])):
        beside = _without_any(beside)
    code = _functions(root, [*united, *beside], kept=kept, progress=progress, ahead=ahead)
    functions = [fact for fact in code if isinstance(fact, Function)]
    beside += _guard(".", read_packages, root, functions, kept.kept)
    beside += _guard(".", disclosed)
    progress("deriving who can do what")
    early = ahead.early if ahead else None
    return Read(templates, roots, united, beside, code, Memory(kept.known), early)


def _disclosed(root: Path, seen: Beside, kept: Memory) -> Callable[[], list[Disclosed | Unread]]:
    """Return what reads the secrets in files; a copy begins with many, where nothing is kept."""

    def read() -> list[Disclosed | Unread]:
        return list(read_disclosed(root, seen.files, seen.apps, kept.kept))

    if len(seen.files) + len(seen.apps) < MANY_FILES or (isinstance(kept, Cache) and kept.wanted):
        return read
    made = aside.aside(lambda: codec.encode(read()))
    return lambda: codec.decode(made(), list[Disclosed | Unread])


def _accepted(root: Path, own: Iterable[str], *, complete: bool) -> list[Accepted]:
    from checkrein.read.lock import read_lock  # noqa: PLC0415 - only where there is a lock

    return read_lock(root, own, complete=complete)


def settings(paths: Iterable[Path]) -> Settings:
    """Return what the team of some folders or templates wants for everybody who reads them."""
    return read_settings(top(paths))


def top(paths: Iterable[Path]) -> Path:
    """Return the folder to which paths are relative in what is read of some folders or templates.

    Raises UsageError where one does not exist.
    """
    return _root(tuple(_existing(path) for path in paths))


def _is_excluded(path: str, excluded: Iterable[str]) -> bool:
    """Tell whether a path, or a folder that it lies in, is one of those left out."""
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return any(fnmatchcase(head, left.strip("/")) for left in excluded for head in heads)


def _without_any(beside: list[Fact]) -> list[Fact]:
    """Say that nothing was found; where a program makes the templates, that says it already."""
    programs = [each for each in beside if isinstance(each, Unread) and each.effect == MADE_FIRST]
    if not programs:
        return [*beside, lost(".", NO_TEMPLATE)]
    return [replace(each, fatal=True) if each in programs else each for each in beside]


def _is_something(fact: Fact) -> bool:
    """Tell whether a fact shows that there is an application, be it one that cannot be read."""
    return isinstance(fact, (Stack, Resource)) or (isinstance(fact, Unread) and fact.fatal)


def with_texts(read: Read, texts: Mapping[str, str]) -> list[Fact]:
    """Return the facts as they are with other texts in some templates.

    Read again is only what asked for these, where what was read is ``known`` (``cache.Held``).
    Within ``files.scan`` of the folder nothing is asked of the disk twice.
    """
    root = read.templates.root
    with files.scan(root), files.standing_in(root, texts):
        made = _templates(read.templates, read.known)
        facts = [*_united(dict(zip(read.templates.roots, made, strict=True))), *read.beside]
        return [*facts, *_functions(root, facts, texts, kept=read.known)]


def _nothing(_: object) -> Iterable[object]:
    return ()


def _makes(facts: Iterable[Fact], stacks: Collection[str]) -> bool:
    return any(isinstance(fact, Stack) and fact.id in stacks for fact in facts)


def _united(roots: Mapping[str, list[Fact]]) -> list[Fact]:
    return without_packaged([fact for facts in roots.values() for fact in facts])


def _sources(facts: list[Fact]) -> set[str]:
    """Return the files that a root is written in: several, in notations that know no templates."""
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    found = {stack.source for stack in stacks}
    if any(stack.notation for stack in stacks):
        resources = (fact for fact in facts if isinstance(fact, Resource))
        found |= {place.path for each in resources for place in each.places.values()}
    return found


def _functions(
    root: Path,
    facts: list[Fact],
    texts: Mapping[str, str] | None = None,
    *,
    kept: Memory,
    progress: Progress = lambda _: None,
    ahead: Ahead | None = None,
) -> list[Fact]:
    """Find the functions' code and analyse it."""
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    found = _guard(".", read_functions, root, resources, stacks, texts)
    resolving = _guard(".", read_resolvers, root, resources, texts)
    found += [fact for fact in resolving if not isinstance(fact, Function)]
    functions = [fact for fact in found if isinstance(fact, Function)]
    functions += [fact for fact in resolving if isinstance(fact, Function)]
    progress(f"reading the code of {len(functions)} functions")
    shipped = any(map(is_shipped, found))

    def later(groups: list[_Alike]) -> Iterable[object]:
        ids = {one.id for group in groups for one in group.functions}
        return ahead.steps(root, facts, ids, shipped=shipped) if ahead else ()

    summaries = list(_summaries(root, functions, kept, later))
    return [*found, *summaries, *partly_read(functions, summaries)]


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"{path} does not exist; give a folder or a template")
    return path.resolve()


def _root(within: tuple[Path, ...]) -> Path:
    folders = [path if path.is_dir() else path.parent for path in within]
    return Path(os.path.commonpath(folders))


def _discover(
    root: Path, within: tuple[Path, ...], kept: Memory, aside: Beside
) -> tuple[list[str], list[Unread]]:
    templates: set[str] = set()
    unread: list[Unread] = []
    for start in within:
        folder = start if start.is_dir() else start.parent
        below = PurePosixPath(folder.relative_to(root).as_posix())
        seen = Beside([], [])
        found, lost = find_templates(start, kept.kept, seen)
        for known, paths in zip(aside, seen, strict=True):
            known += [str(below / path) for path in paths]
        templates.update(str(below / path) for path in found)
        unread += [replace(each, path=str(below / each.path)) for each in lost]
    return sorted(templates), unread


def _templates(
    templates: Templates, kept: Memory, later: Callable[[object], Iterable[object]] = _nothing
) -> list[list[Fact]]:
    """Read the roots; what a template is depends on which others there are."""
    others = files.digest(repr(templates.ids).encode())
    names: list[Name] = [("template", path, others) for path in templates.roots]
    read = partial(_template, templates, {})
    pairs = list(zip(names, templates.roots, strict=True))
    return _anew(kept, read, pairs, list[Stack | Resource | Unread], later)


def _template(templates: Templates, texts: Mapping[str, str], path: str) -> list[Fact]:
    from checkrein.read.cloudformation import read_root  # noqa: PLC0415 - what is kept is not read

    return _guard(path, read_root, templates, path, texts)


def _summaries(
    root: Path,
    functions: list[Function],
    kept: Memory,
    later: Callable[[list[_Alike]], Iterable[object]],
) -> Iterator[Fact]:
    """Read the code of functions; what several of them run is read once."""
    groups = [_Alike.of(group) for group in code.alike(functions)]
    names: list[Name] = [("code", repr(group.bare)) for group in groups]
    pairs = list(zip(names, groups, strict=True))
    read = _anew(kept, partial(_code, root), pairs, list[Summary], later, _Alike.is_known)
    for group, facts in zip(groups, read, strict=True):
        summaries = [fact for fact in facts if isinstance(fact, Summary)]
        yield from (fact for fact in facts if not isinstance(fact, Summary))
        for one in group.functions:
            found = next((fact for fact in summaries if code.fits(fact, one.environment)), None)
            if found:
                yield code.shared(found, one)


class _Alike(NamedTuple):
    """Functions of the same code, and each environment that it runs in."""

    functions: list[Function]
    bare: Function
    environments: list[Environment]

    @classmethod
    def of(cls, functions: list[Function]) -> _Alike:
        environments = {repr(one.environment): one.environment for one in functions}
        return cls(functions, code.bare(functions[0]), [*environments.values()])

    def is_known(self, facts: list[Fact]) -> bool:
        """Tell whether facts say what the code does in each of the environments."""
        found = [fact for fact in facts if isinstance(fact, Summary)]
        return all(any(code.fits(one, each) for one in found) for each in self.environments)


def _anew(
    kept: Memory,
    read: Callable[[Item], list[Fact]],
    pairs: list[tuple[Name, Item]],
    kind: Any,
    later: Callable[[list[Item]], Iterable[object]],
    fits: Callable[[Item, list[Fact]], bool] = lambda *_: True,
) -> list[list[Fact]]:
    """Read every item, but for those of which is kept what would be read, where that ``fits``.

    ``later`` are the steps that find what comes next, while a copy of this process reads some.
    """
    known: dict[Name, list[Fact]] = {}
    for name, item in pairs:
        facts = kept.find(name, kind)
        if facts is not None and fits(item, facts):
            known[name] = facts
    rest = [(name, item) for name, item in pairs if name not in known]
    items = [item for _, item in rest]
    made = _each(partial(_asked, read), items, later(items))
    for (name, _), (facts, asked) in zip(rest, made, strict=True):
        known[name] = facts
        if all(map(_lasts, facts)):
            kept.keep(name, facts, asked)
    return [known[name] for name, _ in pairs]


def _asked(read: Callable[[Item], Made], item: Item) -> tuple[Made, files.Asked]:
    with files.asking() as asked:
        return read(item), asked


def _lasts(fact: Fact) -> bool:
    """Tell whether a fact follows from the files alone: a failure may be of this process."""
    if isinstance(fact, Summary):
        return not code.failed(fact)
    return not (isinstance(fact, Unread) and fact.fatal)


def is_shipped(fact: Fact) -> bool:
    """Tell whether a function is built from all of the scanned folder: with what is kept there."""
    codes = [each.code for each in fact.programs] if isinstance(fact, Function) else []
    return any(not code.text and "" in {code.folder, *code.layers} for code in codes)


def _code(root: Path, group: _Alike) -> list[Fact]:
    """Read what several functions run, once for all environments in which it does the same."""
    function = group.bare
    place = function.code.file if function.code else function.place.path
    found: list[Fact] = []
    for each in group.environments:
        if not any(isinstance(one, Summary) and code.fits(one, each) for one in found):
            within = replace(function, environment=each)
            found += _guard(place, lambda within=within: [code.analyse(root, within)])
    return found


def _guard(path: str, read: Callable[..., Iterable[Fact]], *arguments: object) -> list[Fact]:
    """Read one file; what goes wrong is a fact about that file, and the rest goes on."""
    try:
        return list(read(*arguments))
    except CheckreinError as error:
        return [lost(path, str(error))]
    except RecursionError:
        return [lost(path, "is nested too deeply")]
    except Exception as error:  # noqa: BLE001 - one broken file must not end the scan
        return [lost(path, f"checkrein failed on it: {type(error).__name__}: {error}")]


def lost(path: str, reason: str) -> Unread:
    effect = "nothing in it was judged"
    evidence = (Evidence(reason, Place(path, 1)),)
    return Unread(id=path, path=path, reason=reason, effect=effect, evidence=evidence)


def _each(
    read: Callable[[Item], Made], items: list[Item], later: Iterable[object]
) -> Iterable[Made]:
    """Read every item, on all cores; where no process can be copied, if there are many."""
    if len(items) < MANY or aside.can_copy() or aside.cores() == 1:
        return aside.each(read, items, later)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - few scans need it

    workers = aside.cores()
    chunk = max(1, len(items) // (8 * workers))
    with ProcessPoolExecutor(workers, initializer=files.go_on, initargs=(files.scanned(),)) as pool:
        return list(pool.map(read, items, chunksize=chunk))
