"""Everything that is read before anything follows from it: templates, intent, functions, code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from checkrein import code
from checkrein.errors import CheckreinError, UsageError
from checkrein.model import Evidence, Fact, Function, Place, Resource, Stack, Summary, Unread
from checkrein.read.cloudformation import Templates, read_root
from checkrein.read.discovery import find_templates
from checkrein.read.functions import read_functions
from checkrein.read.intent import FILE, Settings, read_intent, read_settings
from checkrein.read.packaged import without_packaged
from checkrein.read.packages import read_packages

NO_TEMPLATE = "no CloudFormation or SAM template found here"
MANY = 40  # templates or functions, from which on a second process pays for its start
Progress = Callable[[str], None]
Item = TypeVar("Item")
Made = TypeVar("Made")


class Read(NamedTuple):
    """What was read: by root template, beside the templates, and of the functions."""

    templates: Templates
    roots: dict[str, list[Fact]]
    beside: list[Fact]
    code: list[Fact]

    @property
    def facts(self) -> list[Fact]:
        return [*_united(self.roots), *self.beside, *self.code]


def read(paths: Iterable[Path], progress: Progress) -> Read:
    """Read the applications in some folders or templates, code too."""
    within = tuple(_existing(path) for path in paths)
    root = _root(within)
    progress("looking for templates")
    found, unread = _discover(root, within)
    excluded = read_settings(root).exclude
    found = [path for path in found if not _is_excluded(path, excluded)]
    unread = [each for each in unread if not _is_excluded(each.path, excluded)]
    progress(f"reading {len(found)} templates")
    templates = Templates.among(root, found)
    roots = dict(_each(partial(_template, templates, {}), list(templates.roots)))
    facts = [*_united(roots), *unread]
    whole = within == (root,)
    beside = [*unread, *_guard(FILE, partial(read_intent, complete=whole), root, facts)]
    if not any(map(_is_something, [*_united(roots), *beside])):
        beside.append(lost(".", NO_TEMPLATE))
    code = _functions(root, [*_united(roots), *beside], progress=progress)
    functions = [fact for fact in code if isinstance(fact, Function)]
    beside += _guard(".", read_packages, root, functions)
    progress("deriving who can do what")
    return Read(templates, roots, beside, code)


def settings(paths: Iterable[Path]) -> Settings:
    """Return what the team of some folders or templates wants for everybody who reads them."""
    return read_settings(_root(tuple(_existing(path) for path in paths)))


def _is_excluded(path: str, excluded: Iterable[str]) -> bool:
    """Tell whether a path, or a folder that it lies in, is one of those left out."""
    parts = path.split("/")
    heads = ["/".join(parts[: end + 1]) for end in range(len(parts))]
    return any(fnmatchcase(head, left.strip("/")) for left in excluded for head in heads)


def _is_something(fact: Fact) -> bool:
    """Tell whether a fact shows that there is an application, be it one that cannot be read."""
    return isinstance(fact, (Stack, Resource)) or (isinstance(fact, Unread) and fact.fatal)


def with_texts(read: Read, texts: Mapping[str, str]) -> list[Fact]:
    """Return the facts as they are with other texts in some templates.

    Only these are read again, and the code only of functions that became others.
    """
    roots = {
        path: facts
        if _sources(facts).isdisjoint(texts)
        else _template(read.templates, texts, path)[0][1]
        for path, facts in read.roots.items()
    }
    facts = [*_united(roots), *read.beside]
    code = partial(read_functions, texts=texts)
    return [*facts, *_functions(read.templates.root, facts, code, known=read.code)]


def _united(roots: Mapping[str, list[Fact]]) -> list[Fact]:
    return without_packaged([fact for facts in roots.values() for fact in facts])


def _sources(facts: list[Fact]) -> set[str]:
    return {fact.source for fact in facts if isinstance(fact, Stack)}


def _functions(
    root: Path,
    facts: list[Fact],
    find: Callable[..., list[Fact]] = read_functions,
    progress: Progress = lambda _: None,
    known: Iterable[Fact] = (),
) -> list[Fact]:
    """Find the functions' code and analyse it, but for what is known of the same code."""
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    found = _guard(".", find, root, resources, stacks)
    functions = [fact for fact in found if isinstance(fact, Function)]
    same = {_ran(fact) for fact in known if isinstance(fact, Function)}
    kept = {fact.function: fact for fact in known if isinstance(fact, Summary)}
    old = [kept[each.id] for each in functions if each.id in kept and _ran(each) in same]
    done = {summary.function for summary in old}
    rest = [each for each in functions if each.id not in done]
    progress(f"reading the code of {len(rest)} functions")
    return [*found, *old, *_summaries(root, rest)]


def _ran(function: Function) -> str:
    """Say what of a function its analysis rests on."""
    return repr((function.id, function.language, function.handler, function.code))


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"{path} does not exist; give a folder or a template")
    return path.resolve()


def _root(within: tuple[Path, ...]) -> Path:
    folders = [path if path.is_dir() else path.parent for path in within]
    return Path(os.path.commonpath(folders))


def _discover(root: Path, within: tuple[Path, ...]) -> tuple[list[str], list[Unread]]:
    templates: set[str] = set()
    unread: list[Unread] = []
    for start in within:
        folder = start if start.is_dir() else start.parent
        below = PurePosixPath(folder.relative_to(root).as_posix())
        found, lost = find_templates(start)
        templates.update(str(below / path) for path in found)
        unread += [replace(each, path=str(below / each.path)) for each in lost]
    return sorted(templates), unread


def _template(
    templates: Templates, texts: Mapping[str, str], path: str
) -> list[tuple[str, list[Fact]]]:
    return [(path, _guard(path, read_root, templates, path, texts))]


def _summaries(root: Path, functions: list[Function]) -> Iterator[Fact]:
    """Read the code of functions; what several of them run is read once."""
    groups = code.alike(functions)
    read = list(_each(partial(_code, root), [first for first, *_ in groups]))
    known = {fact.function: fact for fact in read if isinstance(fact, Summary)}
    for group in groups:
        if group[0].id in known:
            known |= {one.id: code.shared(known[group[0].id], one) for one in group}
    yield from (known[function.id] for function in functions if function.id in known)
    yield from (fact for fact in read if not isinstance(fact, Summary))


def _code(root: Path, function: Function) -> list[Fact]:
    place = function.code.file if function.code else function.place.path
    return _guard(place, lambda: [code.analyse(root, function)])


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


def _each(read: Callable[[Item], list[Made]], items: list[Item]) -> Iterator[Made]:
    """Read every item, on all cores where there are many."""
    workers = os.cpu_count() or 1
    if len(items) < MANY or workers == 1:
        yield from (made for item in items for made in read(item))
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - few scans need it

    with ProcessPoolExecutor(workers) as pool:
        for made in pool.map(read, items, chunksize=max(1, len(items) // (8 * workers))):
            yield from made
