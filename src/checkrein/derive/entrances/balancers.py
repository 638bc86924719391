"""Whom load balancers let through to functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkrein.derive.entrances.authorizers import ANYONE, authorizer_identity, dictionary, one
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Resource, Value
from checkrein.model.values import alternatives, symbols

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULES = {  # what forwards, and the property that says how
    LISTENER: "DefaultActions",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Actions",
}
SIGN_IN = {  # actions that ask who somebody is: where they say it, and what names who knows
    "AuthenticateCognitoConfig": "UserPoolArn",
    "AuthenticateOidcConfig": "Issuer",
}
PASSES = "allow"  # who is not signed in goes on to the next action


def balanced_identity(directory: Directory, group: Resource, unknown: str = ANYONE) -> str:
    """Return who may call a target group's functions: of several rules, the most open one's.

    ``unknown`` is who may where nothing here forwards to the group.
    """
    deployment = directory.deployment(group.id)
    found = [
        _signed_in(directory, deployment, actions) for _, actions in _forwarding(directory, group)
    ]
    if not found:
        return unknown
    return ANYONE if ANYONE in found else found[0]


def listeners_of(directory: Directory, group: Resource) -> Iterator[tuple[str, str]]:
    """Yield the listeners that forward to a target group, with their balancers, "" if not here."""
    deployment = directory.deployment(group.id)
    for rule, _ in _forwarding(directory, group):
        listener = rule if rule.type == LISTENER else one(directory, rule.value("ListenerArn"))
        if listener is None:
            yield "", ""
            continue
        balancers = directory.find(listener.value("LoadBalancerArn"), deployment)
        for balancer in balancers or ("",):
            yield listener.id, balancer


def is_internal(directory: Directory, group: Resource) -> bool:
    """Tell whether only balancers inside the network forward to a target group."""
    found = {balancer for _, balancer in listeners_of(directory, group)}
    known = [directory.resources[id].value("Scheme") for id in found if id]
    return bool(known) and all(scheme == "internal" for scheme in known)


def _forwarding(directory: Directory, group: Resource) -> Iterator[tuple[Resource, Value]]:
    """Yield the listeners and rules that forward to a target group, each with its actions."""
    for rule in directory.members(directory.deployment(group.id)):
        for actions in alternatives(rule.value(RULES[rule.type])) if rule.type in RULES else ():
            if any(symbol.owner == group.id for symbol in symbols(actions)):
                yield rule, actions


def _signed_in(directory: Directory, deployment: str, actions: Value) -> str:
    for name, config in _configs(actions):
        if config.get("OnUnauthenticatedRequest") != PASSES:
            pool = config.get(SIGN_IN[name])
            return authorizer_identity(directory, deployment, pool, None)
    return ANYONE


def _configs(actions: Value) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for action in actions if isinstance(actions, list) else ():
        for name in SIGN_IN:
            if name in dictionary(action):
                yield name, dictionary(dictionary(action)[name])
