"""Statements that come and go: what to allow, to deny and to revoke, as changes of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checkrein.catalog.arns import arn_attribute, arn_format
from checkrein.compare.principals import Principal, principal_of
from checkrein.compare.scene import ANYONE, Scene
from checkrein.compare.targets import EVERYTHING, Target, actions_of, target_of
from checkrein.derive.access.identities import HOLDERS, NAMED, ROLES
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.errors import UsageError
from checkrein.iam.actions import expand
from checkrein.model import Change, Grant, Path, Resource, Symbol, Value
from checkrein.model.facts import as_path
from checkrein.model.values import text

VERSION = "2012-10-17"
POLICY = "WhatIf"
FUNCTION = "AWS::Lambda::Function"
OWN_POLICIES = {  # types of resource whose policy is a resource of its own: its type
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket", str),
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues", list),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics", list),
    "AWS::SecretsManager::Secret": ("AWS::SecretsManager::ResourcePolicy", "SecretId", str),
}


def actions_in(word: str) -> tuple[str, ...]:
    """Return the actions of a list with commas; raise UsageError for what AWS does not know."""
    found = [each.strip() for each in word.split(",") if each.strip()]
    for each in found:
        if each != EVERYTHING:
            actions_of(each)
    return tuple(found)


def said(scene: Scene, effect: str, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what lets somebody do something to a resource, or denies it."""
    who = principal_of(scene, scene.book, words[0])
    actions, target = actions_in(words[1]), target_of(scene, scene.book, words[2])
    statement = {
        "Effect": effect,
        "Action": list(actions),
        "Resource": _written(scene.directory, target),
    }
    identity = scene.directory.resources.get(who.identity)
    if identity and identity.type in ROLES:
        document = {"Version": VERSION, "Statement": [statement]}
        policy = {"PolicyName": POLICY, "PolicyDocument": document}
        yield Change(identity.id, ("Policies",), "append", policy)
    else:
        yield from _on_resource(scene, who, target, statement)


def _written(directory: Directory, target: Target) -> list[Value]:
    """Return the ARNs of a target as a template would say them."""
    resource = directory.resources.get(target.id)
    if resource is None or target.name.startswith("arn:"):
        return [target.name if target.name.startswith("arn:") else EVERYTHING]
    attribute = arn_attribute(resource.type)
    own = Symbol(resource.id, attribute) if attribute else directory.arns(resource)[0]
    key = target.name.removeprefix(f"{short(target.id)}/")
    if key != target.name:
        return [text([own, f"/{key}"])]
    formats = arn_format(resource.type)
    parts = [each.removeprefix(formats[0]) for each in formats[1:]]
    return [own, *(text([own, part]) for part in parts if not part.startswith("arn:"))]


def _on_resource(
    scene: Scene, who: Principal, target: Target, statement: dict[str, Any]
) -> Iterator[Change]:
    """Yield what a resource's own policy says of somebody who has none here."""
    resource = scene.directory.resources.get(target.id)
    if resource is None or not (who.arn or who.name == ANYONE):
        raise UsageError(
            f"{who.name} has no policy here, and {target.name} is no resource of the app"
        )
    principal = _principal(who)
    if resource.type == FUNCTION:
        yield _permission(resource, principal, statement)
        return
    statement = {**statement, "Principal": principal}
    holder = _holder(scene.directory, resource)
    if holder:
        path: Path = (*as_path(HOLDERS[holder.type][0]), "Statement")
        yield Change(holder.id, path, "append", statement)
    elif resource.type in OWN_POLICIES:
        type, attribute, shape = OWN_POLICIES[resource.type]
        named: Any = Symbol(resource.id, "Ref")
        document = {"Version": VERSION, "Statement": [statement]}
        made = {
            "Type": type,
            "Properties": {
                attribute: [named] if shape is list else named,
                HOLDERS[type][0]: document,
            },
        }
        yield Change(f"{resource.id}{POLICY}Policy", (), "add", made)
    else:
        raise UsageError(
            f"{who.name} can be given nothing on {short(resource.id)}: it has no policy of its own"
        )


def _principal(who: Principal) -> Any:
    if who.name == ANYONE:
        return EVERYTHING
    service = who.identity.startswith("service:")
    return {"Service": who.arn} if service else {"AWS": who.arn}


def _permission(function: Resource, principal: Any, statement: dict[str, Any]) -> Change:
    named = principal if isinstance(principal, str) else next(iter(principal.values()))
    properties = {
        "FunctionName": Symbol(function.id, "Arn"),
        "Action": statement["Action"][0],
        "Principal": named,
    }
    value = {"Type": "AWS::Lambda::Permission", "Properties": properties}
    return Change(f"{function.id}{POLICY}Permission", (), "add", value)


def _holder(directory: Directory, target: Resource) -> Resource | None:
    """Return what says a resource's policy already, itself or another, in a list of statements."""
    for each in directory.members(directory.deployment(target.id)):
        name, attribute = HOLDERS.get(each.type, ("", ""))
        listed = each.value((*as_path(name), "Statement")) if name else None
        if isinstance(listed, list):
            value = each.value((attribute,)) if attribute else Symbol(each.id, "Ref")
            named = value if isinstance(value, list) else [value]
            deployment = directory.deployment(each.id)
            if any(target.id in directory.find(one, deployment) for one in named):
                return each
    return None


# ------------------------------------------------------------------------------ revoking


def revoked(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what takes actions from somebody's own statements, on one resource or anywhere.

    Where a statement cannot say it (it is about more than the resource, or stands in a policy of
    AWS) a denial stands in for it. Raises UsageError where nothing of it is allowed.
    """
    who = principal_of(scene, scene.book, words[0])
    target = target_of(scene, scene.book, words[2]) if len(words) > 2 else None  # noqa: PLR2004
    gone = expand(actions_in(words[1]))
    if scene.directory.resources.get(who.identity) is None:
        raise UsageError(f"{who.name} has no policies here that could lose something")
    mine = [g for g in scene.app.every(Grant) if g.identity == who.identity and not g.holder]
    touched = [g for g in mine if g.effect == "Allow" and not gone.isdisjoint(_actions(g))]
    touched = [g for g in touched if target is None or _is_about(scene, g, target)]
    if not touched:
        on = f" on {target.name}" if target else ""
        raise UsageError(f"{who.name} is not allowed {words[1]}{on}: there is nothing to revoke")
    rest = False
    for grant in touched:
        narrowed = _narrowed(scene, grant, gone, target)
        rest = rest or narrowed is None
        yield from narrowed or ()
    if rest:
        yield from said(scene, "Deny", (words[0], words[1], words[2] if target else EVERYTHING))


def _actions(grant: Grant) -> frozenset[str]:
    return expand(grant.actions, negated=grant.not_actions)


def _is_about(scene: Scene, grant: Grant, target: Target) -> bool:
    return grant.not_resources or any(
        _of(scene, grant, value, target) or _is_wide(value) for value in grant.resources
    )


def _of(scene: Scene, grant: Grant, value: Value, target: Target) -> bool:
    """Tell whether a resource of a statement is the target, or a part of it."""
    deployment = scene.directory.deployment(grant.identity)
    if not target.id:
        return bool(value == target.name)
    return target.id in scene.directory.find(value, deployment)


def _is_wide(value: Value) -> bool:
    return value == EVERYTHING or (isinstance(value, str) and value.split(":")[-1].startswith("*"))


def _narrowed(
    scene: Scene, grant: Grant, gone: frozenset[str], target: Target | None
) -> list[Change] | None:
    """Return the changes that narrow one statement, None where it cannot say so little."""
    id, path = located(grant)
    resource = scene.directory.resources.get(id)
    written = resource.value(path) if resource else None
    if not isinstance(written, dict) or path[:1] in NAMED:
        return None
    if grant.not_actions or grant.not_resources or not isinstance(path[-1], int):
        return None
    here = [v for v in grant.resources if target is None or _of(scene, grant, v, target)]
    there = [v for v in grant.resources if v not in here]
    if any(map(_is_wide, there)) or (target and target.name != short(target.id) and target.id):
        return None
    kept = list(_left(grant.actions, gone))
    left = [{**written, "Action": kept, "Resource": here}] if kept and here else []
    left += [{**written, "Resource": there}] if there else []
    if not left:
        return [Change(id, path, "remove")]
    more = [Change(id, path[:-1], "append", each) for each in left[1:]]
    return [Change(id, path, "set", left[0]), *more]


def located(grant: Grant) -> tuple[str, Path]:
    """Return the resource as it was read, and the path there of a grant's statement."""
    id, _, dotted = grant.id.removeprefix(f"{grant.identity}<").rpartition(":")
    return id, as_path(dotted)


def _left(patterns: Iterable[str], gone: frozenset[str]) -> Iterator[str]:
    """Yield what is left of patterns: those that name nothing of it, or the rest by name."""
    for pattern in patterns:
        named = expand([pattern])
        if named.isdisjoint(gone):
            yield pattern
        else:
            yield from sorted(named - gone)
