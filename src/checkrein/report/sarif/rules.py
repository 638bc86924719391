"""Checks as SARIF's rules: one for each severity, since GitHub knows a rule's severity only."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from checkrein.model import Severity
from checkrein.report.run import Rule, Run

LEVELS = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
PROBLEMS = {"note": "recommendation", "warning": "warning", "error": "error"}
# GitHub's bands: from 0.1 low, from 4.0 medium, from 7.0 high, above 9.0 critical.
SECURITY = {
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
TAGS = 10  # that GitHub shows
TEXT = 1000  # characters of a description; GitHub takes 1,024
CWE = re.compile(r"CWE-(\d+)")
NOTICES = {
    "unread": "Something could not be read",
    "undecided": "A question could not be decided",
    "crashed": "A check crashed",
    "told": "Something the scan was told needs a look",
    "accepted": "Findings were accepted",
    "left-out": "Results were left out",
}


class Rules(Struct):
    """The rules that results were told of, in the order in which they came."""

    run: Run
    told: dict[tuple[str, Severity], int] = {}
    weaknesses: dict[str, int] = {}

    def index(self, check: str, severity: Severity) -> int:
        """Return a rule's number, a new one where it was not told yet."""
        return self.told.setdefault((check, severity), len(self.told))

    def weakness(self, cwe: str) -> dict[str, Any] | None:
        """Return a reference to an entry of the CWE list, None if the id is none."""
        known = CWE.fullmatch(cwe)
        if not known:
            return None
        index = self.weaknesses.setdefault(known[1], len(self.weaknesses))
        return {"id": known[1], "index": index, "toolComponent": {"name": "CWE", "index": 0}}

    def descriptors(self) -> list[dict[str, Any]]:
        """Return the rules, in the order of their numbers."""
        return [self._descriptor(self.run.rule(check), level) for check, level in self.told]

    def taxonomy(self) -> dict[str, Any]:
        """Return the entries of the CWE list that results and rules name."""
        return {
            "name": "CWE",
            "organization": "MITRE",
            "shortDescription": {"text": "Common Weakness Enumeration"},
            "informationUri": "https://cwe.mitre.org/",
            "taxa": [{"id": number, "name": f"CWE-{number}"} for number in self.weaknesses],
        }

    def notices(self, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the kinds of notification that are used."""
        used = {note["descriptor"]["id"] for note in notes}
        return [
            {
                "id": id,
                "shortDescription": {"text": text},
                "fullDescription": {"text": text},
                "help": {"text": f"{text}."},
            }
            for id, text in NOTICES.items()
            if id in used
        ]

    def _descriptor(self, rule: Rule, severity: Severity) -> dict[str, Any]:
        why, fix = rule.section("Why"), rule.section("Fix")
        told = [text for text in (why, fix) if text]
        help = "\n\n".join([*told, f"To accept one: # checkrein: ignore[{rule.id}] reason"])
        markdown = f"# {rule.title}\n\n" + "\n\n".join(
            [
                *([f"## Why\n\n{why}"] if why else []),
                *([f"## Fix\n\n{fix}"] if fix else []),
                f"To accept one: `# checkrein: ignore[{rule.id}] reason`",
            ]
        )
        return {
            "id": rule_id(rule.id, severity),
            "name": "".join(word.capitalize() for word in rule.id.split("-")),
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": shortened(why or rule.title)},
            "help": {"text": help, "markdown": markdown},
            "defaultConfiguration": {"level": LEVELS[severity]},
            "properties": {
                "tags": tags(rule),
                "security-severity": SECURITY[severity],
                "problem.severity": PROBLEMS[LEVELS[severity]],
            },
        }


def rule_id(check: str, severity: Severity) -> str:
    """Return the rule's id: hierarchical, so that the check's own id leads it."""
    return f"{check}/{severity}"


def tags(rule: Rule) -> list[str]:
    """Return at most ten: what GitHub filters by first, then the newest frameworks."""
    weaknesses = [f"external/cwe/{id.lower()}" for id in rule.frameworks if CWE.fullmatch(id)]
    others = [id for id in rule.frameworks if not CWE.fullmatch(id)]
    domain = [rule.domain] if rule.domain else []
    return ["security", rule.id, *domain, *weaknesses, *reversed(others)][:TAGS]


def shortened(text: str) -> str:
    """Return a text in one line, cut at a word where it is too long for GitHub."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT else line[:TEXT].rpartition(" ")[0] + " …"
