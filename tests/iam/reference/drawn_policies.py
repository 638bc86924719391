"""Policies, drawn so that they are about a given request, or nearly."""

from __future__ import annotations

import json
from typing import Any

from checkrein.iam.requests import Policies, Request
from tests.iam.reference.dice import Dice
from tests.iam.reference.drawn_conditions import Context, block
from tests.iam.reference.principals import Caller, caller
from tests.iam.reference.vocabulary import ACCOUNTS, CALLERS, NAMES

EVERYTHING: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def policies(dice: Dice, request: Request) -> Policies:
    who = caller(request.principal)
    cross = who.outside or request.owner not in ("", who.account)
    session = who.kind in ("session", "role", "federated")
    draw = Drawing(dice, request, who)
    return Policies(
        identity=() if who.kind == "root" or dice.chance(0.12) else draw.documents(2),
        resource=draw.attached() if dice.chance(0.93 if cross else 0.5) else None,
        boundary=draw.documents(1) if who.kind != "root" and dice.chance(0.15) else None,
        session=draw.document() if session and dice.chance(0.15) else None,
        service_control=draw.levels() if dice.chance(0.12) else (),
        resource_control=draw.levels(principals=True) if dice.chance(0.1) else (),
        endpoint=(draw.document(principals=True, mild=True),) if dice.chance(0.12) else None,
        restrict_public=request.action.startswith("s3:") and dice.chance(0.2),
    )


class Drawing:
    def __init__(self, dice: Dice, request: Request, who: Caller) -> None:
        self.dice = dice
        self.request = request
        self.who = who
        self.context: Context = dict(request.context)

    def documents(self, most: int) -> tuple[Any, ...]:
        return tuple(self.document() for _ in range(1 + int(self.dice.roll() * most)))

    def levels(self, *, principals: bool = False) -> tuple[tuple[Any, ...], ...]:
        """One or two levels, with the full-access policy that AWS attaches, or without it."""
        return tuple(
            (
                *([_full(principals=principals)] if principals or self.dice.chance(0.8) else []),
                *([self.document(principals=principals)] if self.dice.chance(0.7) else []),
            )
            for _ in range(1 + self.dice.chance(0.3))
        )

    def attached(self) -> Any:
        """A resource's own policy; a role's and a key's mostly let the account decide."""
        document = self.document(principals=True)
        if self.dice.chance(0.3) and self.who.account:
            delegation = {**EVERYTHING, "Principal": {"AWS": self.who.account}}
            document["Statement"] = [delegation, *listed(document["Statement"])]
        return json.dumps(document) if self.dice.chance(0.03) else document

    def document(self, *, principals: bool = False, mild: bool = False) -> dict[str, Any]:
        statements = [
            self.statement(principals=principals) for _ in range(1 + self.dice.chance(0.6))
        ]
        if self.dice.chance(0.6 if mild else 0.25):
            statements.append(_full(principals=principals)["Statement"])
        found: dict[str, Any] = {"Statement": statements}
        if self.dice.chance(0.9):
            found["Version"] = "2012-10-17" if self.dice.chance(0.93) else "2008-10-17"
        if len(statements) == 1 and self.dice.chance(0.5):
            found["Statement"] = statements[0]
        return found

    def statement(self, *, principals: bool) -> dict[str, Any]:
        dice = self.dice
        found: dict[str, Any] = {"Effect": "Deny" if dice.chance(0.3) else "Allow"}
        found["NotAction" if dice.chance(0.1) else "Action"] = self._one_or_list(self.action)
        if not principals or dice.chance(0.85):
            negated = dice.chance(0.12)
            found["NotResource" if negated else "Resource"] = self._one_or_list(self.resource)
        if principals and dice.chance(0.97):
            found["NotPrincipal" if dice.chance(0.12) else "Principal"] = self.principal()
        if dice.chance(0.55):
            found["Condition"] = block(dice, self.context)
        return found

    def _one_or_list(self, make: Any) -> Any:
        return make() if self.dice.chance(0.75) else [make() for _ in range(2)]

    def action(self) -> str:
        service, _, name = self.request.action.partition(":")
        return self.dice.pick(
            (
                "*",
                f"{service}:*",
                f"{service}:*",
                self.request.action,
                self.request.action.upper(),
                f"{service}:{name[:3]}*",
                f"{service}:*{name[-4:]}",
                f"{service}:?{name[1:]}",
                f"{service}:{name}?",
                f"{service}:{name},{service}:Other",
                f"{service}:Other",
                f"{service}:{name} ",
            )
        )

    def resource(self) -> str:
        arn = self.request.resource
        if arn == "*" or self.dice.chance(0.35):
            return "*" if self.dice.chance(0.85) else f"arn:aws:s3:::{self.dice.pick(NAMES)}"
        if self.dice.chance(0.6):
            return self.dice.pick(
                (arn, f"{arn[:-2]}*", f"{arn[:-1]}?", f"{arn}*", f"{arn}/*", arn.swapcase())
            )
        return self._other_pattern(arn.split(":", 5))

    def _other_pattern(self, parts: list[str]) -> str:
        """Wildcards, variables and missing parts at places where they mean something special."""
        head, name = ":".join(parts[:5]), parts[5]
        return self.dice.pick(
            (
                f"arn:aws:{parts[2]}:*:*:{name}",
                f"arn:aws:{parts[2]}:*",
                f"arn:aws:{parts[2]}",
                f"arn:aws:{parts[2]}:*:{name}",
                f"arn:aws:{parts[2]}:*:{name[:3]}*",
                f"arn:aws:{parts[2][:2]}*:*:*:*",
                f"arn:aws:{parts[2]}:{parts[3][:2]}*{parts[4][-2:]}:{name}",
                f"arn:aws:{parts[2]}:{parts[3][:2]}",
                f"arn:aws:{parts[2]}:*{parts[4][-2:]}:{name}",
                f"{head}:*{name[-2:]}",
                f"{head}:{name[:1]}*{name[-1:]}",
                f"{head}:{name.partition(':')[0]}:*{name[-2:]}",
                f"{head}:{name.rpartition('/')[0]}/${{aws:username}}",
                f"{head}:${{aws:username}}{name[4:]}",
                f"{head}:${{aws:PrincipalTag/team, 'data'}}{name[4:]}",
                f"{head}:${{aws:PrincipalTag/team}}",
                f"{head}:{name[:-1]}${{*}}",
                f"{head}:${{aws:TagKeys}}*",
                f"arn:aws:{parts[2]}:{parts[3]}:${{aws:PrincipalAccount, '{parts[4]}'}}:{name}",
                f"*{name}",
                "arn:*",
                f"arn:aws:{parts[2]}:*:{ACCOUNTS[0]}:*",
            )
        )

    def principal(self) -> Any:
        dice = self.dice
        if dice.chance(0.25):
            return "*" if dice.chance(0.6) else {"AWS": "*"}
        kinds: dict[str, Any] = {}
        for _ in range(1 + dice.chance(0.3)):
            kind, value = self._name()
            kinds.setdefault(kind, []).append(value)
            if kind == "AWS" and dice.chance(0.3):
                kinds[kind].append(f"arn:aws:iam::{self.who.account or ACCOUNTS[0]}:root")
        return {kind: values if len(values) > 1 else values[0] for kind, values in kinds.items()}

    def _name(self) -> tuple[str, str]:
        dice, who = self.dice, self.who
        if not who.account and who.arn and dice.chance(0.7):
            return (
                "Service" if who.kind == "service" and dice.chance(0.7) else "Federated"
            ), who.arn
        if dice.chance(0.06):
            return "CanonicalUser", "79a59df900b949e5"
        account = who.account or dice.pick(ACCOUNTS)
        if dice.chance(0.35) and who.arn.startswith("arn:"):
            return "AWS", who.arn
        if dice.chance(0.4):
            return "AWS", account if dice.chance(0.5) else f"arn:aws:iam::{account}:root"
        near = dice.pick((*CALLERS[:7], "arn:aws:iam::{account}:role/*")).format(account=account)
        return "AWS", near if dice.chance(0.9) else dice.pick(ACCOUNTS)


def _full(*, principals: bool) -> dict[str, Any]:
    statement = {**EVERYTHING, "Principal": "*"} if principals else EVERYTHING
    return {"Version": "2012-10-17", "Statement": statement}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
