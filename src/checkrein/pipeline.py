"""The whole scan on one page: discover, read, analyse, derive, judge; then mend."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from checkrein import checks, code, compare, derive, write
from checkrein.errors import CheckreinError, UsageError
from checkrein.judge import accepted, judge
from checkrein.judge.accepted import baseline as earlier
from checkrein.judge.claims import without_echoes
from checkrein.model import (
    App,
    Edit,
    Evidence,
    Fact,
    Finding,
    Fix,
    Function,
    Outcome,
    Persona,
    Place,
    Resource,
    Stack,
    Summary,
    Unread,
)
from checkrein.model.least import Leasts
from checkrein.model.mended import Mended
from checkrein.model.result import Remedy, Result
from checkrein.read.claims import read_claims
from checkrein.read.cloudformation import Templates, read_root
from checkrein.read.discovery import find_templates
from checkrein.read.functions import read_functions
from checkrein.read.intent import read_intent
from checkrein.read.packaged import without_packaged

BASELINE = Path(earlier.FILE)  # in the scanned folder
MANY = 40  # templates or functions, from which on a second process pays for its start
Progress = Callable[[str], None]
Item = TypeVar("Item")
Made = TypeVar("Made")


class Wanted(Struct, frozen=True):
    """What a scan is to tell: findings for whom, since which baseline, and whose beside our own.

    ``baseline`` is a file, None for none; by default the one in the scanned folder, if any.
    ``claims`` are files of other tools, SARIF or OCSF.
    """

    persona: Persona = Persona.REGULAR
    baseline: Path | None = BASELINE
    claims: tuple[Path, ...] = ()


def scan(
    paths: Iterable[Path] = (Path(),),
    progress: Progress = lambda _: None,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
) -> Result:
    """Read the applications in some folders or templates, and judge them; see ``learn``.

    What is for auditors alone is held back, unless the persona is that.
    Raises UsageError or InputError where a file that was asked for cannot be read.
    """
    result = learn(paths, progress)
    progress("judging")
    return _judged(result, wanted)


def _judged(result: Result, wanted: Wanted, texts: Mapping[str, str] | None = None) -> Result:
    """Return what was learnt with its verdicts; ``texts`` stand in for some files' content."""
    if wanted.claims:
        claims = [fact for file in wanted.claims for fact in read_claims(file, result.root)]
        result = replace(result, app=result.app | claims)
    app, found = result.app, checks.load()
    judged = without_echoes(judge(app, found), app, found)
    verdicts = list(accepted.without_ignored(judged, app, result.root, found, texts))
    notes = [*accepted.idle(verdicts, app, found)]
    before = _baseline(result.root, wanted.baseline)
    if before:
        verdicts = list(earlier.without_known(verdicts, before))
        notes += earlier.notes(verdicts, before)
    personas = {wanted.persona, Persona.REGULAR}
    return replace(
        result,
        verdicts=tuple(v for v in verdicts if v.persona in personas),
        held=tuple(v for v in verdicts if v.persona not in personas),
        notes=tuple(notes),
    )


def make_baseline(paths: Iterable[Path], progress: Progress) -> tuple[Result, bytes]:
    """Return a scan's result for auditors, and the baseline that makes all of it known."""
    result = scan(paths, progress, Wanted(Persona.AUDITOR, baseline=None))
    return result, earlier.written(result.verdicts)


def learn(paths: Iterable[Path] = (Path(),), progress: Progress = lambda _: None) -> Result:
    """Read the applications in some folders or templates, and derive all that follows.

    Paths in the result are relative to the folder, or to what several have in common.
    Raises UsageError where a path does not exist; whatever is wrong inside is an Unread fact.
    """
    read = _read(paths, progress)
    return Result(read.templates.root, _derived(App(read.facts)))


def least(
    paths: Iterable[Path] = (Path(),),
    functions: Iterable[str] = (),
    progress: Progress = lambda _: None,
) -> Leasts:
    """Return the least rights of functions (by name or id, all if none), and the fixes.

    Raises UsageError where a path does not exist or no function has such a name.
    """
    read = _read(paths, progress)
    app = _derived(App(read.facts))
    progress("comparing what is granted with what is needed")
    root = read.templates.root
    question = compare.Question(app, root, functions)
    made = question.edits(lambda texts: _derived(App(_with(read, texts))))
    return Leasts(root, app, tuple(question.leasts()), made)


def fix(
    paths: Iterable[Path] = (Path(),),
    asked: compare.Asked = compare.Asked(),  # noqa: B008 - frozen
    progress: Progress = lambda _: None,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
) -> Mended:
    """Scan, and make every fix that is asked for and proved to help; no file is written.

    Raises UsageError as ``scan`` does, and where no check has a name that was asked for.
    """
    known = [check.id for check in checks.load()]
    for name in asked.checks:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"no check is named {name}{meant}")
    read = _read(paths, progress)
    root = read.templates.root

    def again(texts: Mapping[str, str]) -> Result:
        progress("reading it again with the fixes")
        return _judged(Result(root, _derived(App(_with(read, texts)))), wanted, texts)

    before = _judged(Result(root, _derived(App(read.facts))), wanted)
    return compare.Mender(before, asked, again).mended()


def put(found: Mended) -> None:
    """Write what was mended into the files; raise UsageError if one is not as it was read."""
    write.replace_files(found.root, found.files)


def mend(result: Result, findings: Iterable[Finding]) -> Result:
    """Return the result with the edits that mend some of its findings, or why there are none."""
    remedies = {}
    made: dict[str, Remedy] = {}  # several findings may ask for the same
    for finding in findings:
        if finding.fix:
            wanted = repr(finding.fix.changes)
            made[wanted] = made.get(wanted) or _remedy(result, finding.fix)
            remedies[finding.fingerprint] = made[wanted]
    return replace(result, remedies=remedies)


def exit_code(result: Result, fail_on: str) -> int:
    """Return 1 for findings at or above a severity, 3 for anything unread or crashed, else 0."""
    levels = ("low", "medium", "high", "critical")
    failing = levels[levels.index(fail_on) :]
    if any(v.outcome is Outcome.FAIL and v.severity in failing for v in result.verdicts):
        return 1
    crashed = any(v.outcome is Outcome.CRASHED for v in result.verdicts)
    return 3 if crashed else answered(result)


def answered(result: Result) -> int:
    """Return the exit code of an answer: 3 for anything unread, else 0."""
    return 3 if any(unread.fatal for unread in result.app.every(Unread)) else 0


def apply(root: Path, made: Iterable[Edit]) -> tuple[str, ...]:
    """Write edits into their files and return the files' paths; raise UsageError if it fails."""
    texts = compare.edited(root, made)
    write.replace_files(root, {p: ((root / p).read_bytes(), text) for p, text in texts.items()})
    return tuple(texts)


def least_code(found: Leasts) -> int:
    """Return 1 where a function has too much or lacks something, 3 for anything unread, else 0."""
    if any(one.excess or one.missing for one in found.leasts):
        return 1
    return 3 if any(unread.fatal for unread in found.app.every(Unread)) else 0


class _Read(NamedTuple):
    """What was read: by root template, beside the templates, and of the functions."""

    templates: Templates
    roots: dict[str, list[Fact]]
    beside: list[Fact]
    code: list[Fact]

    @property
    def facts(self) -> list[Fact]:
        return [*_united(self.roots), *self.beside, *self.code]


def _read(paths: Iterable[Path], progress: Progress) -> _Read:
    """Read the applications in some folders or templates, code too."""
    within = tuple(_existing(path) for path in paths)
    root = _root(within)
    progress("looking for templates")
    found, unread = _discover(root, within)
    progress(f"reading {len(found)} templates")
    templates = Templates.among(root, found)
    roots = dict(_each(partial(_template, templates, {}), list(templates.roots)))
    beside = [*unread, *_guard("checkrein.yaml", read_intent, root)]
    if not any(isinstance(fact, (Stack, Resource)) for fact in [*_united(roots), *beside]):
        beside.append(_unread(".", "no CloudFormation or SAM template found here"))
    code = _functions(root, [*_united(roots), *beside], progress=progress)
    progress("deriving who can do what")
    return _Read(templates, roots, beside, code)


def _with(read: _Read, texts: Mapping[str, str]) -> list[Fact]:
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


def _baseline(root: Path, asked: Path | None) -> earlier.Baseline | None:
    """Read the baseline; the one that nobody asked for by name need not be there."""
    if asked is None:
        return None
    file = root / asked if asked is BASELINE else asked
    return None if asked is BASELINE and not file.exists() else earlier.read(file)


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
        return [_unread(path, str(error))]
    except RecursionError:
        return [_unread(path, "is nested too deeply")]
    except Exception as error:  # noqa: BLE001 - one broken file must not end the scan
        return [_unread(path, f"checkrein failed on it: {type(error).__name__}: {error}")]


def _unread(path: str, reason: str) -> Unread:
    effect = "nothing in it was judged"
    evidence = (Evidence(reason, Place(path, 1)),)
    return Unread(id=path, path=path, reason=reason, effect=effect, evidence=evidence)


def _derived(app: App) -> App:
    """Derive the app; if that fails, go on with what was read and say so."""
    try:
        return derive.derive(app)
    except Exception as error:  # noqa: BLE001 - what was read is still worth a report
        reason = f"deriving the table failed ({type(error).__name__}: {error}); please report this"
        return app | [_unread(".", reason)]


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


def _remedy(result: Result, fix: Fix) -> Remedy:
    if not fix.changes:
        return Remedy(why_not="needs a decision that only you can make")
    try:
        return Remedy(edits=write.edits(result.root, fix.changes, result.app))
    except write.CannotEdit as error:
        return Remedy(why_not=str(error))
    except Exception as error:  # noqa: BLE001 - a fix that fails must not hide its finding
        return Remedy(why_not=f"checkrein failed on it: {type(error).__name__}: {error}")
