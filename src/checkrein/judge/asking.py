"""Asks checks about subjects: what each says becomes verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checkrein.checks import Check
from checkrein.digests import sha256
from checkrein.judge.conditions import combinations, said
from checkrein.judge.links import guesses
from checkrein.judge.refusals import refused
from checkrein.judge.severity import CONFIDENCE, Grade, severity
from checkrein.judge.undelivered import doubted
from checkrein.model import (
    App,
    Fact,
    Finding,
    Grant,
    Outcome,
    Persona,
    Resource,
    Undecided,
    Verdict,
)


def judge(app: App, checks: Iterable[Check]) -> list[Verdict]:
    """Ask every check about every subject it applies to; passes are kept. Never raises."""
    return [verdict for check in checks for verdict in verdicts(check, app)]


def verdicts(check: Check, app: App) -> Iterator[Verdict]:
    """Ask one check about every subject it applies to. Never raises."""
    for subject in subjects(check, app):
        yield from [subject] if isinstance(subject, Verdict) else on(check, subject, app)


def subjects(check: Check, app: App) -> list[Fact] | list[Verdict]:
    """Return what a check applies to, a verdict that says so where it fails to tell."""
    try:
        return list(check.subjects(app))
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        return [_crash(check, "", error)]


def on(check: Check, subject: Fact, app: App) -> Iterator[Verdict]:
    """Ask one check about one subject. Never raises."""
    try:
        findings = tuple(check.judge(subject, app))
    except Undecided as unknown:
        yield from _under_conditions(check, subject, app, str(unknown))
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        yield _crash(check, subject.id, error)
    else:
        yield from _outcomes(check, subject, app, findings, said(subject.when))


def _under_conditions(check: Check, subject: Fact, app: App, unknown: str) -> Iterator[Verdict]:
    """Judge the subject as it is under each combination of the conditions it depends on."""
    failing: dict[str, tuple[Finding, ...]] = {}
    cases = combinations(subject)
    for case, assumed in cases:
        try:
            findings = tuple(check.judge(assumed, app))
        except Undecided:
            cases = []
            break
        except Exception as error:  # noqa: BLE001 - as above
            yield _crash(check, subject.id, error)
            return
        if findings:
            failing[said(case)] = findings
    if not cases:
        persona = _persona(check, hygiene=False)
        yield Verdict(check.id, subject.id, Outcome.UNDECIDED, reason=unknown, persona=persona)
        return
    merged = {(f.place, f.message): f for findings in failing.values() for f in findings}
    yield from _outcomes(check, subject, app, tuple(merged.values()), " or ".join(failing))


def _outcomes(
    check: Check, subject: Fact, app: App, findings: tuple[Finding, ...], when: str
) -> Iterator[Verdict]:
    """Yield what was found, hygiene apart from what matters here; a pass if there is nothing."""
    if not findings:  # nine of ten
        persona = _persona(check, hygiene=False)
        yield Verdict(check.id, subject.id, Outcome.PASS, persona=persona)
        return
    for hygiene in (False, True):
        chosen = tuple(f for f in findings if f.hygiene is hygiene)
        for failed in _failed(check, subject, app, chosen, when):
            yield replace(failed, persona=_persona(check, hygiene=hygiene))


def _persona(check: Check, *, hygiene: bool) -> Persona:
    return Persona.AUDITOR if check.hygiene or hygiene else Persona.REGULAR


def _failed(
    check: Check, subject: Fact, app: App, findings: tuple[Finding, ...], when: str
) -> Iterator[Verdict]:
    """Yield the findings of a subject, those of one grade together: none borrows another's."""
    told = [doubted(app, subject, refused(app, subject, f)) for f in findings]
    graded: dict[Grade, list[Finding]] = {}
    for finding in _signed(check, subject, told):
        grade = severity(check.fault, finding, app)  # which link is meant says nothing of the fault
        guessed = any(guesses(app, subject.id, finding))
        graded.setdefault(grade, []).append(_weakened(finding) if guessed else finding)
    for grade, alike in sorted(graded.items(), key=lambda item: -_score(item[0])):
        rests = [guess for finding in alike for guess in guesses(app, subject.id, finding)]
        level, reason = grade.spoken
        said_too = [f"fails when {when}" if when else "", *dict.fromkeys(rests)]
        yield Verdict(
            check.id,
            subject.id,
            Outcome.FAIL,
            severity=level,
            confidence=max((f.confidence for f in alike), key=CONFIDENCE.__getitem__),
            findings=tuple(alike),
            reason="; ".join([reason, *filter(None, [*said_too, _added(app, subject)])]),
            score=_score(grade),
        )


def _score(grade: Grade) -> float:
    return grade.score + grade.value / 100


def _added(app: App, subject: Fact) -> str:
    """Say whose a subject is that a framework adds by itself, "" for what the team wrote."""
    ids = (subject.identity, subject.holder) if isinstance(subject, Grant) else (subject.id,)
    made = (each for id in ids for each in app.alternatives(Resource, id))
    return next((each.added for each in made if each.added), "")


def _weakened(finding: Finding) -> Finding:
    """Call what rests on a guess likely at most."""
    sure = min(finding.confidence, "likely", key=CONFIDENCE.__getitem__)
    return replace(finding, confidence=sure)


def _signed(check: Check, subject: Fact, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give findings their fingerprints: what each says of whom, never where on the page."""
    seen: Counter[str] = Counter()
    for finding in findings:
        told = "\0".join((check.id, _lasting(subject), *(finding.key or (finding.message,))))
        seen[told] += 1
        repeated = f"\0{seen[told]}" if seen[told] > 1 else ""
        yield replace(finding, fingerprint=sha256((told + repeated).encode()).hexdigest()[:16])


def _lasting(subject: Fact) -> str:
    """Name a subject wherever it stands: a statement by whose it is, not by its number."""
    return f"{subject.identity}<{subject.holder}" if isinstance(subject, Grant) else subject.id


def _crash(check: Check, subject: str, error: Exception) -> Verdict:
    reason = f"the check crashed: {type(error).__name__}: {error}"
    return Verdict(check.id, subject, Outcome.CRASHED, reason=reason)
