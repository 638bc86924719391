"""What another tool found and a check of our own judges too is told once: by our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.model import App, Claim, Outcome, Persona, Verdict


def without_echoes(
    verdicts: Iterable[Verdict], app: App, peers: Mapping[str, Iterable[str]]
) -> Iterator[Verdict]:
    """Yield the verdicts, those on Claims for auditors where one of our checks decided the same.

    Rules are the same where ``Check.peers`` says so, which ``peers`` has by the check's id;
    whether the fault counts here is then for the check that knows the app, pass or fail.
    """
    if not app.every(Claim):
        yield from verdicts
        return
    judged = list(verdicts)
    known = {peer: check for check, ids in peers.items() for peer in ids}
    decided = {
        (verdict.check, node)
        for verdict in judged
        if verdict.outcome in {Outcome.PASS, Outcome.FAIL}
        for node in _nodes(verdict)
    }
    for verdict in judged:
        own = {known.get(claim.rule, "") for claim in app.alternatives(Claim, verdict.subject)}
        said = sorted(id for id in own if any((id, node) in decided for node in _nodes(verdict)))
        if said:
            reason = f"{verdict.reason}; judged by our own {', '.join(said)}"
            yield replace(verdict, persona=Persona.AUDITOR, reason=reason)
        else:
            yield verdict


def _nodes(verdict: Verdict) -> set[str]:
    subject = verdict.subject.partition("<")[0].partition("@")[0]
    return {subject, *(id for finding in verdict.findings for id in finding.endangers)}
