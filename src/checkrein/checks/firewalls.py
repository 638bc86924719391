"""Web ACLs: what they stand before, and what their rules look for and do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks.context import kept, owners, resources
from checkrein.checks.distributions import CONFIG, DISTRIBUTION, delivered
from checkrein.model import App, Path, Resource, Value
from checkrein.model.asking import of_app

ACL = "AWS::WAFv2::WebACL"
ASSOCIATION = "AWS::WAFv2::WebACLAssociation"
STAGE = "AWS::ApiGateway::Stage"
MANAGED = "ManagedRuleGroupStatement"
REFERENCE = "RuleGroupReferenceStatement"


@of_app
def _attached(app: App) -> dict[str, tuple[str, ...]]:
    """Return the web ACLs by what they stand before, "?" for one that no template here holds."""
    found: dict[str, list[str]] = {}
    for distribution in resources(app, DISTRIBUTION):
        value = distribution.value(f"{CONFIG}.WebACLId")
        if value:
            found.setdefault(distribution.id, []).extend(_acls(app, value))
    for association in resources(app, ASSOCIATION, "AWS::WAFRegional::WebACLAssociation"):
        acls = _acls(app, association.value("WebACLArn") or association.value("WebACLId"))
        for id in owners(app, association.value("ResourceArn")):
            found.setdefault(id, []).extend(acls)
    return {id: tuple(acls) for id, acls in found.items()}


def _acls(app: App, value: Value) -> list[str]:
    named = [id for id in owners(app, value) if app.get(Resource, id)]
    return named or ["?"]


def is_filtered(app: App, id: str) -> bool:
    """Tell whether a web ACL stands before a resource; for an API, before one of its stages."""
    return bool(_attached(app).get(id))


def acls_of(app: App, entry: Resource) -> list[Resource]:
    """Return the web ACLs of the app that stand before a resource."""
    found = (app.get(Resource, id) for id in _attached(app).get(entry.id, ()))
    return [acl for acl in found if acl]


def guarded(app: App, acl: Resource) -> list[Resource]:
    """Return what a web ACL stands before."""
    ids = [id for id, acls in _attached(app).items() if acl.id in acls]
    return [found for id in sorted(ids) if (found := app.get(Resource, id))]


def behind(app: App, entry: Resource) -> list[str]:
    """Return the valuable classes behind an entry, the worst first: of a stage, its API's."""
    if entry.type == DISTRIBUTION:
        return delivered(app, entry)
    apis = owners(app, entry.value("RestApiId")) if entry.type == STAGE else set()
    return [data for id in sorted(apis or {entry.id}) for data in kept(app, id)]


def rules(acl: Resource) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the rules of a web ACL or a rule group, with their paths."""
    found = acl.value("Rules")
    for index, rule in enumerate(found if isinstance(found, list) else ()):
        if isinstance(rule, dict):
            yield ("Rules", index), rule


def blocks(rule: dict[str, Any]) -> bool:
    """Tell whether a rule may stop a request: it blocks or challenges, or a group's rules do."""
    action, override = rule.get("Action"), rule.get("OverrideAction")
    if isinstance(action, dict):
        return bool({"Block", "Captcha", "Challenge"} & set(action))
    if isinstance(override, dict):
        return "Count" not in override
    return True  # cannot be told


def statements_of(app: App, acl: Resource) -> set[str]:
    """Return the kinds of statements that rules use, and the names of managed groups."""
    return set(_kinds(app, acl.id))


@of_app
def _kinds(app: App, id: str) -> frozenset[str]:
    acl = app.get(Resource, id)
    return frozenset(_walk(app, acl.value("Rules"))) if acl else frozenset()


def _walk(app: App, value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key.endswith("Statement"):
                yield key
            if key == MANAGED and isinstance(inner, dict):
                yield str(inner.get("Name"))
            if key == REFERENCE and isinstance(inner, dict):
                yield from _referred(app, inner.get("Arn"))
            yield from _walk(app, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(app, inner)


def _referred(app: App, arn: Value) -> Iterator[str]:
    groups = [found for id in owners(app, arn) if (found := app.get(Resource, id))]
    for group in groups:
        yield from _walk(app, group.value("Rules"))
    if not groups:
        yield "?"  # a group that no template here holds
