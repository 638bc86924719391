"""Seeded questions to the policy engine: requests, and policies that are about them, or nearly."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.iam.requests import Policies, Request
from tests.iam.reference.dice import Dice
from tests.iam.reference.drawn_conditions import context
from tests.iam.reference.drawn_policies import policies
from tests.iam.reference.vocabulary import (
    ACCOUNTS,
    CALLERS,
    COMMON,
    ENTITIES,
    KEYS,
    NAMES,
    REGIONS,
    SERVICES,
)

Question = tuple[Request, Policies]
REQUESTS = 4  # to the same policies


def questions(seed: int | str) -> Iterator[Question]:
    """Yield some requests to one set of policies, the first being what they were made for."""
    dice = Dice(seed)
    first = request(dice)
    asked = policies(dice, first)
    yield first, asked
    for _ in range(REQUESTS - 1):
        yield near(dice, first), asked


def request(dice: Dice) -> Request:
    home = dice.pick(ACCOUNTS)
    principal = dice.pick(CALLERS[:ENTITIES] if dice.chance(0.7) else CALLERS)
    service, actions, arns = dice.pick(SERVICES[:COMMON] if dice.chance(0.6) else SERVICES)
    owner = home if dice.chance(0.7) else dice.pick(ACCOUNTS)
    return Request(
        principal=principal.format(account=home),
        action=f"{service}:{dice.pick(actions)}",
        resource=_arn(dice, dice.pick(arns), owner),
        owner="" if owner == home and "arn:" in principal and dice.chance(0.5) else owner,
        context=context(dice),
    )


def _arn(dice: Dice, form: str, owner: str) -> str:
    return form.format(
        owner=owner, region=dice.pick(REGIONS), name=dice.pick(NAMES), key=dice.pick(KEYS)
    )


def near(dice: Dice, first: Request) -> Request:
    """Another request of the same kind: other circumstances, and sometimes another resource."""
    resource = first.resource
    if dice.chance(0.3) and resource != "*":
        resource = resource.replace(dice.pick(NAMES), dice.pick(NAMES))
    return Request(
        principal=first.principal,
        action=first.action if dice.chance(0.9) else first.action.swapcase(),
        resource=resource,
        owner=first.owner if dice.chance(0.9) else dice.pick(ACCOUNTS),
        context=context(dice),
    )
