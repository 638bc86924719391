"""SARIF 2.1.0 within the limits of GitHub code scanning; docs/reports.md tells its parts."""

from __future__ import annotations

from typing import Any

import msgspec

from checkrein import __version__
from checkrein.model import Outcome
from checkrein.model.result import Result
from checkrein.report.order import worst_first
from checkrein.report.run import Run
from checkrein.report.sarif.notifications import notifications
from checkrein.report.sarif.results import result
from checkrein.report.sarif.rules import Rules

MOST = 25_000  # results of a run; GitHub refuses a file with more, and shows the worst 5,000


def document(found: Result, run: Run) -> bytes:
    """Return the log: one run, the worst results first; what was accepted last, suppressed.

    It is told only where the run asks for all: GitHub would open alerts for suppressed results.
    """
    rules = Rules(run)
    told = worst_first(found)
    accepted = worst_first(found, Outcome.IGNORED, Outcome.KNOWN)
    kept = [*told, *(accepted if run.all else ())][:MOST]
    results = [result(each, found, run, rules) for each in kept]
    left = len(told) + (len(accepted) if run.all else 0) - len(kept)
    notes = notifications(found, run, left_out=left, accepted=0 if run.all else len(accepted))
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [_run(run, rules, results, notes)],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _run(
    run: Run, rules: Rules, results: list[dict[str, Any]], notes: list[dict[str, Any]]
) -> dict[str, Any]:
    time = run.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "tool": {
            "driver": {
                "name": "checkrein",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": rules.descriptors(),
                "notifications": rules.notices(notes),
                "supportedTaxonomies": [{"name": "CWE", "index": 0}],
            }
        },
        "automationDetails": {"id": f"checkrein/{run.below}/" if run.below else "checkrein/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the repository's root"}}},
        "invocations": [
            {
                "executionSuccessful": not any(note["level"] == "error" for note in notes),
                "exitCode": run.exit_code,
                "endTimeUtc": time,
                "toolExecutionNotifications": notes,
            }
        ],
        "taxonomies": [rules.taxonomy()],
        "results": results,
    }
