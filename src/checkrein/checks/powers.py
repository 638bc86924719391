"""Rights over valuable data that a place gives and no code uses, and how a sentence says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from checkrein.catalog.rights import rights
from checkrein.checks.privilege import (
    POLLING,
    Permit,
    called_actions,
    coded_actions,
    covers,
    given,
    holders,
    is_used,
    permit_with,
    used_rights,
)
from checkrein.checks.questions import MANY, grouped, listed, short, titles, treasures
from checkrein.checks.sideways import borrows_everything, sideways
from checkrein.checks.unseen import unseen
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Grant, Row
from checkrein.model.asking import of_app

DEEDS = {"read": "read", "write": "change", "delete": "delete"}  # done to content
CONTROL = {"permission": "give others rights over", "configure": "remove or reconfigure"}
NOUNS = {  # what to call many resources of a type
    "AWS::Lambda::Function": "functions",
    "AWS::DynamoDB::Table": "tables",
    "AWS::S3::Bucket": "buckets",
    "AWS::SQS::Queue": "queues",
    "AWS::SNS::Topic": "topics",
    "AWS::Logs::LogGroup": "logs",
    "AWS::Cognito::UserPool": "user pools",
    "AWS::SecretsManager::Secret": "secrets",
}
LENDS = "and lends it to services that it calls"
HOUSEKEEPING = frozenset({"logs", "xray", "kms", "ec2", "sts"})  # what functions get as a whole
IDENTITIES = frozenset({"iam", "sts", "organizations", "sso", "identitystore", "account"})
WATCHING = frozenset({"logs", "xray", "cloudwatch"})  # who has all of it sees how things run
STEERING = frozenset({  # or moves what is deployed: between versions, sizes and labels
    "codedeploy", "autoscaling-plans", "application-autoscaling", "tag", "resource-groups",
    "servicequotas", "health",
})  # fmt: skip


class Power(Struct, frozen=True):
    """A right over a resource that a statement gives and that no function of the role uses."""

    right: str
    target: str
    actions: tuple[str, ...]


def unused_powers(app: App, permit: Permit) -> list[Power]:
    """Return the rights over valuable data that a place surely gives and no code uses."""
    return [p for p in _powers(app, permit) if not _unseen(app, permit, p)]


def doubted_powers(app: App, permit: Permit) -> str:
    """Say why nobody can tell whether code uses some rights over valuable data, "" if all can."""
    reasons = (_unseen(app, permit, power) for power in _powers(app, permit))
    return next(filter(None, reasons), "")


def _unseen(app: App, permit: Permit, power: Power) -> str:
    return unseen(app, permit.identity, power.actions, state=False)


def _powers(app: App, permit: Permit) -> tuple[Power, ...]:
    return _powers_of(app, permit.identity, permit.id)


@of_app
def _powers_of(app: App, identity: str, first: str) -> tuple[Power, ...]:
    permit = permit_with(app, identity, first)
    return tuple(
        Power(access.right, access.target, actions)
        for access in _needless(app, identity)
        for grant in permit.grants
        if not grant.not_actions and not grant.conditions and not set(grant.actions) <= POLLING
        if (actions := _idle(app, grant, access)) and covers(app, grant, access.target)
    )


def _idle(app: App, grant: Grant, access: Access) -> tuple[str, ...]:
    """Return the actions of a right that a statement gives and that nothing needs.

    An action that gives a used right too (a batch that writes and deletes) is needed.
    """
    used = _used_on(app, access.identity, access.target)
    return tuple(
        action
        for action in given(grant.actions, access.actions)
        if not sideways(app, access.identity, action) and not used & {*rights(action)}
    )


@of_app
def _used_on(app: App, identity: str, target: str) -> frozenset[str]:
    used = used_rights(app, identity) or ()
    return frozenset(right for right, where in used if where in {target, ""})


@of_app
def _needless(app: App, identity: str) -> tuple[Access, ...]:
    """Return the sure rights of an identity over valuable data that nothing uses."""
    return tuple(
        access
        for access in grouped(app, Access, "identity").get(identity, [])
        if access.certain and not is_used(app, access) and _over_treasure(app, access)
    )


def _over_treasure(app: App, access: Access) -> bool:
    row = app.get(Row, access.target) if access.right in {*DEEDS, *CONTROL} else None
    return bool(row and treasures(app, row))


def everything(grants: Iterable[Grant]) -> list[tuple[Grant, str]]:
    """Return the grants, with the action, of a whole service (or all) on every resource."""
    return [
        (grant, action)
        for grant in grants
        if grant.effect == "Allow" and not grant.not_actions and not grant.conditions
        if "*" in grant.resources and not grant.not_resources and not grant.holder
        for action in grant.actions
        if action == "*" or action.endswith(":*")
    ]


def endangered(app: App, identity: str, actions: Iterable[str]) -> list[str]:
    """Return the resources with valuable data that an identity has power over by whole services."""
    wide = tuple(a for a in actions if a.partition(":")[0] not in HOUSEKEEPING)
    return sorted(
        {
            access.target
            for access in grouped(app, Access, "identity").get(identity, [])
            if given(wide, access.actions) and _over_treasure(app, access)
        }
    )


def given_away(app: App, identity: str, actions: Iterable[str]) -> list[str]:
    """Return the resources with valuable data over which an identity may give others rights."""
    return sorted(
        {
            access.target
            for access in grouped(app, Access, "identity").get(identity, [])
            if given((*actions,), access.actions) and _over_treasure(app, access)
        }
    )


def is_of_one(action: str) -> bool:
    """Tell whether an action only opens what it is about: ``s3:PutObjectAcl``, ``kms:CreateGrant``.

    Who writes policies of roles and users gets everything by it.
    """
    return not action.endswith("*") and action.partition(":")[0] not in IDENTITIES


def fault_of(actions: Iterable[str]) -> int:
    """Return how bad whole services are that give no store, key or right; 0 if one gives any."""
    services = {action.partition(":")[0] for action in actions}
    if services <= WATCHING:
        return 1
    return 2 if services <= WATCHING | STEERING else 0


def classes_of(app: App, targets: Iterable[str]) -> tuple[str, ...]:
    """Return the valuable classes that some resources hold, the most valuable first."""
    rows = [row for target in targets if (row := app.get(Row, target))]
    return tuple(valuable(app, {data for row in rows for data in treasures(app, row)}))


def predicate(
    app: App, identity: str, powers: list[Power], patterns: list[str], *, of_one: bool = False
) -> str:
    """Say what someone may do and never does: ``may delete … in Customers (…), though …``.

    It is said of all functions of the identity, or ``of_one`` of them.
    """
    if not any("*" in pattern for pattern in patterns):
        return f"may {deeds(app, powers)} ({listed(patterns)}), though its code never does"
    has = "have" if _are_many(app, identity) and not of_one else "has"
    used = use(app, identity, patterns, of_one=of_one)
    return f"{has} {listed(patterns)} on {_where(app, powers)} {used}"


def _are_many(app: App, identity: str) -> bool:
    return len(holders(app, identity)) > 1


def use(app: App, identity: str, patterns: Iterable[str], *, of_one: bool = False) -> str:
    """Say how much of what some patterns allow is called: ``and uses only GetItem of it``.

    Of what code calls nothing of, what Lambda itself does with the role is told.
    """
    others = len(holders(app, identity)) - 1
    many = others > 0 and not of_one
    if borrows_everything(app, identity):
        return "and lend it to services that they call" if many else LENDS
    asked = tuple(patterns)
    beside = f", with {others} more of its role," if others > 0 and of_one else ""
    uses = f"and{beside} {'use' if many else 'uses'}"
    if used := given(asked, coded_actions(app, identity)):
        return f"{uses} only {_operations(used)} of it"
    if run := given(asked, called_actions(app, identity)):
        return f"{uses} none of it, but for what Lambda does with it ({_operations(run)})"
    return f"{uses} none of it"


def _operations(actions: Iterable[str]) -> str:
    return listed(action.partition(":")[2] for action in actions)


def deeds(app: App, powers: list[Power]) -> str:
    done = [power for power in powers if power.right in DEEDS]
    ruled = [power for power in powers if power.right in CONTROL]
    parts = []
    for alike in _by_rights(done):
        held = titles(classes_of(app, {power.target for power in alike}))
        parts.append(f"{_verbs(DEEDS, alike)} {held} in {_where(app, alike)}")
    if ruled:
        parts.append(f"{_verbs(CONTROL, ruled)} {_where(app, ruled)}")
        if not done:
            held = titles(classes_of(app, {power.target for power in ruled}))
            parts[-1] += f" with its {held}"
    return ", and ".join(parts)


def _by_rights(powers: list[Power]) -> Iterable[list[Power]]:
    """Part powers so that each part is all of its rights over all of its resources."""
    rights: dict[str, frozenset[str]] = {
        target: frozenset(power.right for power in powers if power.target == target)
        for target in sorted({power.target for power in powers})
    }
    parts: dict[frozenset[str], list[Power]] = {}
    for target, some in rights.items():
        parts.setdefault(some, []).extend(p for p in powers if p.target == target)
    return parts.values()


def _verbs(words: dict[str, str], powers: list[Power]) -> str:
    rights = {power.right for power in powers}
    return listed((word for right, word in words.items() if right in rights), len(words))


def _where(app: App, powers: list[Power]) -> str:
    """Name what powers are over; many by their number: ``21 functions and 2 tables``."""
    targets = sorted({power.target for power in powers})
    if len(targets) <= MANY:
        return listed(map(short, targets))
    rows = [row for target in targets if (row := app.get(Row, target))]
    number = Counter(NOUNS.get(row.type, "other resources") for row in rows)
    return listed(
        f"{count} {noun if count > 1 else noun.removesuffix('s')}"
        for noun, count in number.most_common()
    )
