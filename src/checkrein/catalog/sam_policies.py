"""SAM's policy templates: what each allows, and which come in several sizes.

Source: ``data/sam_policy_templates.json``, made by tools/catalog_sam_policies.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import combinations

from msgspec import Struct

from checkrein.catalog.packed import Source, load

MOST = 2  # templates that may stand in for one
FAMILIES = {  # templates of several sizes for one kind of resource, by their only parameter
    "TableName": ("DynamoDBReadPolicy", "DynamoDBWritePolicy", "DynamoDBCrudPolicy"),
    "BucketName": ("S3ReadPolicy", "S3WritePolicy", "S3CrudPolicy", "S3FullAccessPolicy"),
    "QueueName": ("SQSSendMessagePolicy", "SQSPollerPolicy"),
    "TopicName": ("SNSPublishMessagePolicy", "SNSCrudPolicy"),
    "StreamName": ("KinesisStreamReadPolicy", "KinesisCrudPolicy"),
    "DeliveryStreamName": ("FirehoseWritePolicy", "FirehoseCrudPolicy"),
}


class TemplateStatement(Struct, frozen=True):
    """A statement of a policy template; ``resources`` hold ``${Parameter}`` and ``${AWS::…}``."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditional: bool


class SamTemplate(Struct, frozen=True):
    """A policy template: the names of its parameters, and its statements."""

    parameters: tuple[str, ...]
    statements: tuple[TemplateStatement, ...]


class _File(Struct, frozen=True):
    sources: list[Source]
    templates: dict[str, SamTemplate]


class PolicyTemplate(Struct, frozen=True):
    """A policy template: its only parameter, and the actions that it allows on the resource."""

    name: str
    parameter: str
    actions: frozenset[str]


@cache
def sam_templates() -> dict[str, SamTemplate]:
    """Return all templates by name, 81 of them."""
    return load("sam_policy_templates.json", _File).templates


@cache
def policy_templates() -> tuple[PolicyTemplate, ...]:
    """Return the templates of which there are smaller or greater ones."""
    known = sam_templates()
    return tuple(
        PolicyTemplate(name, parameter, _actions(known[name]))
        for parameter, family in FAMILIES.items()
        for name in family
    )


def is_only_size(actions: Iterable[str]) -> bool:
    """Tell whether some actions are those of a template of which there is no smaller one."""
    return frozenset(actions) in _only_sizes()


@cache
def _only_sizes() -> frozenset[frozenset[str]]:
    several = {name for family in FAMILIES.values() for name in family}
    known = sam_templates().items()
    return frozenset(_actions(found) for name, found in known if name not in several)


def _actions(template: SamTemplate) -> frozenset[str]:
    return frozenset(action for each in template.statements for action in each.actions)


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
