"""The whole scan on one page: discover, read, analyse, derive, judge; then mend."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from checkrein import checks, compare, derive, write
from checkrein.errors import UsageError
from checkrein.judge import accepted, judge
from checkrein.judge.accepted import baseline as earlier
from checkrein.judge.claims import without_echoes
from checkrein.model import App, Edit, Finding, Outcome, Persona, Unread
from checkrein.model.cuts import Cuts
from checkrein.model.difference import Version
from checkrein.model.least import Leasts
from checkrein.model.mended import Mended
from checkrein.model.result import Remedy, Result
from checkrein.model.supposed import Supposed
from checkrein.pipeline import reading
from checkrein.pipeline.intent_notes import intent_notes
from checkrein.pipeline.reading import Progress
from checkrein.read.claims import read_claims

settings = reading.settings
BASELINE = Path(earlier.FILE)  # in the scanned folder


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
    notes = [*intent_notes(result.root, app), *accepted.idle(verdicts, app, found)]
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
    read = reading.read(paths, progress)
    return Result(read.templates.root, _derived(App(read.facts)))


def least(
    paths: Iterable[Path] = (Path(),),
    functions: Iterable[str] = (),
    progress: Progress = lambda _: None,
) -> Leasts:
    """Return the least rights of functions (by name or id, all if none), and the fixes.

    Raises UsageError where a path does not exist or no function has such a name.
    """
    read = reading.read(paths, progress)
    app = _derived(App(read.facts))
    progress("comparing what is granted with what is needed")
    root = read.templates.root
    question = compare.Question(app, root, functions)
    made = question.edits(lambda texts: _derived(App(reading.with_texts(read, texts))))
    return Leasts(root, app, tuple(question.leasts()), made)


def cuts(
    paths: Iterable[Path],
    subject: str,
    classes: Iterable[str] = (),
    progress: Progress = lambda _: None,
) -> tuple[Result, Cuts]:
    """Return what to take away so that a row holds no more than it is meant to, and the app.

    Raises UsageError where a path does not exist, or a word means nothing that can be asked for.
    """
    read = reading.read(paths, progress)
    before = App(read.facts)
    result = Result(read.templates.root, _derived(before))
    progress("looking for the cheapest cuts")
    return result, compare.Cutter(before, result.app, result.root).cuts(subject, classes)


def whatif(
    paths: Iterable[Path], words: Sequence[str], progress: Progress = lambda _: None
) -> Supposed:
    """Return how the app would differ with changes that words ask for, and what would break.

    Raises UsageError where a path does not exist, or the words mean nothing that can be done.
    """
    read = reading.read(paths, progress)
    facts = App(read.facts)
    with_it = compare.supposed(facts, _derived, words)
    progress("judging both")
    wanted = Wanted(baseline=None)
    before, after = (
        _judged(Result(read.templates.root, _derived(app)), wanted) for app in (facts, with_it)
    )
    versions = Version("as it is"), Version(" ".join(words))
    found = compare.between(compare.recorded(before), compare.recorded(after), versions)
    lost = tuple(compare.lost_needs(before.app, after.app))
    return Supposed(before, after, found, lost)


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
    read = reading.read(paths, progress)
    root = read.templates.root

    def again(texts: Mapping[str, str]) -> Result:
        progress("reading it again with the fixes")
        return _judged(Result(root, _derived(App(reading.with_texts(read, texts)))), wanted, texts)

    before = _judged(Result(root, _derived(App(read.facts))), wanted)
    return compare.Mender(before, asked, again).mended()


def put(found: Mended) -> None:
    """Write what was mended into the files; raise UsageError if one is not as it was read."""
    write.replace_files(found.root, found.files)


def mend(result: Result, findings: Collection[Finding]) -> Result:
    """Return the result with the edits that mend some of its findings, or why there are none."""
    fixes = {repr(f.fix.changes): f.fix.changes for f in findings if f.fix and f.fix.changes}
    edits = write.edits_of_each(result.root, fixes.values(), result.app)
    made = {wanted: _remedy(each) for wanted, each in zip(fixes, edits, strict=True)}
    unmade = Remedy(why_not="needs a decision that only you can make")
    remedies = {
        finding.fingerprint: made.get(repr(finding.fix.changes), unmade)
        for finding in findings
        if finding.fix
    }
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


def _baseline(root: Path, asked: Path | None) -> earlier.Baseline | None:
    """Read the baseline; the one that nobody asked for by name need not be there."""
    if asked is None:
        return None
    file = root / asked if asked is BASELINE else asked
    return None if asked is BASELINE and not file.exists() else earlier.read(file)


def _derived(app: App) -> App:
    """Derive the app; if that fails, go on with what was read and say so."""
    try:
        return derive.derive(app)
    except Exception as error:  # noqa: BLE001 - what was read is still worth a report
        reason = f"deriving the table failed ({type(error).__name__}: {error}); please report this"
        return app | [reading.lost(".", reason)]


def _remedy(made: tuple[Edit, ...] | Exception) -> Remedy:
    if isinstance(made, tuple):
        return Remedy(edits=made)
    if isinstance(made, write.CannotEdit):
        return Remedy(why_not=str(made))
    return Remedy(why_not=f"checkrein failed on it: {type(made).__name__}: {made}")
