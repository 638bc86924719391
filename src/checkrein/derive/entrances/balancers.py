"""Whom load balancers let through to functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkrein.derive.entrances.authorizers import ANYONE, authorizer_identity, dictionary
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Resource, Value
from checkrein.model.values import alternatives, symbols

RULES = {  # what forwards, and the property that says how
    "AWS::ElasticLoadBalancingV2::Listener": "DefaultActions",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "Actions",
}
SIGN_IN = {  # actions that ask who somebody is: where they say it, and what names who knows
    "AuthenticateCognitoConfig": "UserPoolArn",
    "AuthenticateOidcConfig": "Issuer",
}
PASSES = "allow"  # who is not signed in goes on to the next action


def balanced_identity(directory: Directory, group: Resource) -> str:
    """Return who may call a target group's functions: of several rules, the most open one's."""
    deployment = directory.deployment(group.id)
    found = [
        _signed_in(directory, deployment, actions)
        for rule in directory.members(deployment)
        if rule.type in RULES
        for actions in alternatives(rule.value(RULES[rule.type]))
        if any(symbol.owner == group.id for symbol in symbols(actions))
    ]
    return ANYONE if ANYONE in found or not found else found[0]


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
