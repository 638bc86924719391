"""The whole scan on one page: discover, read, analyse, derive, judge; then mend.

What only compares an app with how it might be is in ``alternatives``: a scan does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.cache import Cache, Memory
from checkrein.cache.prints import UNFIT, printed
from checkrein.cache.shift import Moved
from checkrein.judge import accepted
from checkrein.judge.accepted import baseline as earlier
from checkrein.judge.claims import without_echoes
from checkrein.judge.kept import Judging, Said, judge
from checkrein.model import App, Change, Edit, Fact, Finding, Outcome, Persona, Unread
from checkrein.model.result import Remedy, Result
from checkrein.pipeline import reading
from checkrein.pipeline.ahead import Ahead
from checkrein.pipeline.intent_notes import intent_notes
from checkrein.pipeline.observed_notes import incidents, observed_notes
from checkrein.pipeline.reading import Progress, Read

if TYPE_CHECKING:
    from checkrein.derive.ground import Early

settings = reading.settings
FAILED = "checkrein failed on it"
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
    memory: Callable[[Path], Memory] = Cache,
    following: Callable[[App], App] | None = None,
) -> Result:
    """Read the applications in some folders or templates, and judge them; see ``learn``.

    What is for auditors alone is held back, unless the persona is that.
    Raises UsageError or InputError where a file that was asked for cannot be read.
    """
    ahead = Ahead()
    read = reading.read(paths, progress, memory, ahead)
    cache = kept(read, ahead)
    found = concluded(read, progress, wanted, cache, following)
    cache.save()
    return found


def kept(read: Read, ahead: Ahead) -> Cache:
    """Return what earlier scans concluded from what they read in the same folder."""
    shipped = any(map(reading.is_shipped, read.code))
    return ahead.cache(read.templates.root, shipped=shipped)


def concluded(
    read: Read,
    progress: Progress,
    wanted: Wanted,
    cache: Cache,
    following: Callable[[App], App] | None = None,
) -> Result:
    """Derive and judge what was read, but for what an earlier scan knew; see ``scan``."""
    app = App(read.facts)
    known = cache if cache.wanted else None
    result = Result(
        read.templates.root, following(app) if following else derived(app, known, read.early)
    )
    progress("judging")
    return judged(result, wanted, cache=cache)


def found(
    read: Read, progress: Progress, cache: Cache, moved: Moved | None = None
) -> tuple[App, list[Said], Callable[[], None]]:
    """Return the app that follows from what was read, what checks say of it, and what keeps that.

    ``moved`` tells where stands now what an earlier scan judged.
    """
    app = derived(App(read.facts), cache if cache.wanted else None, read.early)
    progress("judging")
    judging = Judging(app, cache, moved)
    return app, list(judging.said()), judging.keep


def judged(
    result: Result,
    wanted: Wanted,
    texts: Mapping[str, str] | None = None,
    cache: Cache | None = None,
) -> Result:
    """Return what was learnt with its verdicts; ``texts`` stand in for some files' content.

    Verdicts of an earlier scan are taken from the cache, and kept there.
    """
    if wanted.claims:
        from checkrein.read.claims import read_claims  # noqa: PLC0415 - only where asked for

        claims = [fact for file in wanted.claims for fact in read_claims(file, result.root)]
        result = replace(result, app=result.app | claims)
    said = list(judge(result.app, cache or Cache(result.root, wanted=False)))
    return weighed(result, said, wanted, texts)


def weighed(
    result: Result, said: Iterable[Said], wanted: Wanted, texts: Mapping[str, str] | None = None
) -> Result:
    """Return what was learnt with what checks say of it, less what was accepted."""
    said, app = list(said), result.app
    peers = {each.check: each.peers for each in said}
    judged = without_echoes((v for each in said for v in each.verdicts), app, peers)
    verdicts = list(accepted.without_ignored(judged, app, result.root, peers, texts))
    notes = [*intent_notes(result.root, app), *observed_notes(app)]
    notes += accepted.idle(verdicts, app, peers)
    before = _baseline(result.root, wanted.baseline)
    if before:
        verdicts = list(earlier.without_known(verdicts, before))
        notes += earlier.notes(verdicts, before)
    notes += incidents(verdicts)
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


def learn(
    paths: Iterable[Path] = (Path(),),
    progress: Progress = lambda _: None,
    memory: Callable[[Path], Memory] = Cache,
    following: Callable[[App], App] | None = None,
) -> Result:
    """Read the applications in some folders or templates, and derive all that follows.

    Paths in the result are relative to the folder, or to what several have in common.
    ``following`` stands in for ``derived``, as one that remembers would.
    Raises UsageError where a path does not exist; whatever is wrong inside is an Unread fact.
    """
    read = reading.read(paths, progress, memory)
    return Result(read.templates.root, (following or derived)(App(read.facts)))


def observing(words: Sequence[str]) -> Callable[[App], App] | None:
    """Return what derives an app and adds what records tell of it; None for no records.

    ``words`` are paths of files and folders, or RESOURCE=PATH where a file says not whose it is.
    """
    if not words:
        return None
    from checkrein.observe import Given, observed  # noqa: PLC0415 - only where asked for

    return lambda app: observed(derived(app), [Given.said(word) for word in words])


def mend(result: Result, findings: Collection[Finding]) -> Result:
    """Return the result with the edits that mend some of its findings, or why there are none."""
    fixes = {repr(f.fix.changes): f.fix.changes for f in findings if f.fix and f.fix.changes}
    made = _edits(fixes, result) if fixes else {}
    unmade = Remedy(why_not="needs a decision that only you can make")
    remedies = {
        finding.fingerprint: made.get(repr(finding.fix.changes), unmade)
        for finding in findings
        if finding.fix
    }
    return replace(result, remedies=remedies)


def _edits(fixes: Mapping[str, tuple[Change, ...]], result: Result) -> dict[str, Remedy]:
    from checkrein import write  # noqa: PLC0415 - as above

    edits = write.edits_of_each(result.root, fixes.values(), result.app)
    return {wanted: _remedy(each) for wanted, each in zip(fixes, edits, strict=True)}


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


def _baseline(root: Path, asked: Path | None) -> earlier.Baseline | None:
    """Read the baseline; the one that nobody asked for by name need not be there."""
    if asked is None:
        return None
    file = root / asked if asked is BASELINE else asked
    return None if asked is BASELINE and not files.exists(file) else earlier.read(file)


def print_of(facts: Iterable[Fact]) -> str:
    """Return what stands for facts that were read, "" where nothing can."""
    try:
        return printed(facts)
    except UNFIT:
        return ""


def lasts(result: Result) -> bool:
    """Tell whether all was read, derived and judged: a failure may be of this process."""
    crashed = any(v.outcome is Outcome.CRASHED for v in (*result.verdicts, *result.held))
    return not crashed and answered(result) == 0


def derived(app: App, memory: Memory | None = None, early: Early | None = None) -> App:
    """Derive the app; if that fails, go on with what was read and say so."""
    from checkrein import derive  # noqa: PLC0415 - what an earlier scan told needs none of it

    try:
        return derive.derive(app, memory, early)
    except Exception as error:  # noqa: BLE001 - what was read is still worth a report
        reason = f"deriving the table failed ({type(error).__name__}: {error}); please report this"
        return app | [reading.lost(".", reason)]


def _remedy(made: tuple[Edit, ...] | Exception) -> Remedy:
    from checkrein.write import CannotEdit  # noqa: PLC0415 - as above

    if isinstance(made, tuple):
        return Remedy(edits=made)
    if isinstance(made, CannotEdit):
        return Remedy(why_not=str(made))
    return Remedy(why_not=f"{FAILED}: {type(made).__name__}: {made}")
