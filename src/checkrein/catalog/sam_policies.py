"""SAM's policy templates that come in several sizes: ``DynamoDBReadPolicy`` for a ``…CrudPolicy``.

Source: ``data/sam_policies.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import combinations

from msgspec import Struct

from checkrein.catalog.tables import table

MOST = 2  # templates that may stand in for one


class PolicyTemplate(Struct, frozen=True):
    """A policy template: its only parameter, and the actions that it allows on the resource."""

    name: str
    parameter: str
    actions: frozenset[str]


@cache
def policy_templates() -> tuple[PolicyTemplate, ...]:
    """Return the templates of which there are smaller or greater ones."""
    return tuple(
        PolicyTemplate(name, parameter, frozenset(actions.split(", ")))
        for parameter, family in table("sam_policies.yaml").items()
        for name, actions in family.items()
    )


def policy_template(actions: Iterable[str]) -> PolicyTemplate | None:
    """Return the template that allows exactly some actions."""
    wanted = frozenset(actions)
    return next((found for found in policy_templates() if found.actions == wanted), None)


def narrower(template: PolicyTemplate, needed: Iterable[str]) -> tuple[PolicyTemplate, ...]:
    """Return the template, or the two, that allow what is needed and least else; () for none."""
    wanted = frozenset(needed)
    family = [one for one in policy_templates() if one.parameter == template.parameter]
    fitting = [
        (len(allowed), number, some)
        for number in range(1, MOST + 1)
        for some in combinations(family, number)
        if wanted <= (allowed := frozenset[str]().union(*(one.actions for one in some)))
        and len(allowed) < len(template.actions)
    ]
    return min(fitting, key=lambda each: each[:2])[2] if fitting else ()
