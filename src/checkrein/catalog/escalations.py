"""The steps by which an identity gets further than its own rights.

Source: ``data/escalations.yaml``, which says where each is published.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from checkrein.catalog.tables import table

INFLUENCES = "code"
AlternativeActions = tuple[str, ...]  # one of them is enough


class Rule(Struct, frozen=True):
    """A step: the rights it takes and what it gains; ``data/escalations.yaml`` explains the words.

    ``needs`` and ``anywhere`` hold one entry for each right that it takes, with its alternatives.
    """

    id: str
    gains: str
    says: str
    published: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    needs: tuple[AlternativeActions, ...] = ()
    anywhere: tuple[AlternativeActions, ...] = ()
    passes: str = ""
    trusted: bool = False
    by: str = ""
    through: str = ""

    @property
    def level(self) -> str:
        """Return ``takeover``, or ``influence`` where the other only does what its code does."""
        return "influence" if self.gains == INFLUENCES else "takeover"


@cache
def escalations() -> tuple[Rule, ...]:
    """Return all rules, in the file's order."""
    return tuple(_rule(id, said) for id, said in table("escalations.yaml")["rules"].items())


@cache
def escalations_on(cfn_type: str) -> tuple[Rule, ...]:
    """Return the rules about resources of a type, those that pass a role aside."""
    return tuple(rule for rule in escalations() if cfn_type in rule.targets)


@cache
def passing() -> tuple[Rule, ...]:
    """Return the rules that pass a role to a service."""
    return tuple(rule for rule in escalations() if rule.passes)


def _rule(id: str, said: dict[str, str]) -> Rule:
    return Rule(
        id=id,
        gains=said["gains"],
        says=said["says"],
        published=_split(said.get("published", ""), ","),
        targets=_split(said.get("target", ""), ","),
        needs=_actions(said.get("needs", "")),
        anywhere=_actions(said.get("anywhere", "")),
        passes=said.get("passes", ""),
        trusted=bool(said.get("trusted")),
        by=said.get("by", ""),
        through=said.get("through", ""),
    )


def _actions(text: str) -> tuple[AlternativeActions, ...]:
    return tuple(_split(part, "|") for part in _split(text, ","))


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, text.split(separator))))
