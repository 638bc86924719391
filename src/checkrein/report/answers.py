"""The answers that a program reads: one document each, schema 1; docs/commands.md has its parts."""

from __future__ import annotations

from typing import Any

import msgspec

from checkrein import __version__
from checkrein.model import Decided, Explanation, Ruling, Unread, Way
from checkrein.model.result import Result
from checkrein.report.json import place, told


def explanation(result: Result, found: Explanation) -> bytes:
    """Return an explanation as a document."""
    return document(
        result,
        {
            "subject": found.subject,
            "kind": found.kind,
            "text": found.text,
            "described": found.described,
            "place": place(found.place),
            "notes": dict(found.notes),
            "parts": {part.id: list(map(_way, part.ways)) for part in found.parts},
        },
    )


def decision(result: Result, found: Decided) -> bytes:
    """Return the answer to whether somebody may do something as a document."""
    return document(
        result,
        {
            "principal": found.principal,
            "action": found.action,
            "resource": found.resource,
            "answer": found.answer,
            "text": found.text,
            "answers": [
                {
                    "actions": each.actions,
                    "answer": each.answer,
                    "depends": each.depends,
                    "statements": list(map(_ruling, each.rulings)),
                }
                for each in found.answers
            ],
            "otherwise": list(map(_way, found.otherwise)),
        },
    )


def _ruling(ruling: Ruling) -> dict[str, Any]:
    said = ruling.said
    return {
        "kind": ruling.kind,
        "effect": ruling.effect,
        "certain": ruling.certain,
        "text": said.text,
        "place": place(said.place),
    }


def document(result: Result, answer: dict[str, Any]) -> bytes:
    content = {
        "schema": 1,
        "tool": {"name": "checkrein", "version": __version__},
        **answer,
        "unread": [
            {"path": u.path, "reason": u.reason, "effect": u.effect}
            for u in result.app.every(Unread)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _way(way: Way) -> dict[str, Any]:
    return {**msgspec.structs.asdict(way), "steps": told(way.steps), "alike": told(way.alike)}
