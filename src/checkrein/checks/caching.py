"""What a distribution's answers are told apart by in its cache, and what reaches the origin."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from checkrein.checks.context import owners
from checkrein.model import App, Resource, Value
from checkrein.model.values import at_path

COOKIES, AUTHORIZATION = "cookies", "Authorization"

# Source: CloudFront's lists of managed policies. Those that are not here keep nothing by default.
MANAGED_KEYS: dict[str, frozenset[str]] = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": frozenset(),  # CachingOptimized
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": frozenset(),  # …ForUncompressedObjects
    "2e54312d-136d-493c-8eb9-b001f22f67d2": frozenset({COOKIES, AUTHORIZATION}),  # Amplify
}
ALL_VIEWER = frozenset(
    {
        "216adef6-5c7f-47e4-b989-5492eafa07d3",  # AllViewer
        "b689b0a8-53d0-40ab-baf2-68738e2966ac",  # AllViewerExceptHostHeader
        "33f36d7e-f396-46d9-90e0-52428a34d9dc",  # AllViewerAndCloudFrontHeaders-2022-06
    }
)
CONFIGS = ("CachePolicyConfig", "OriginRequestPolicyConfig")
KEY = "ParametersInCacheKeyAndForwardedToOrigin"


class Keeping(Struct, frozen=True):
    """How answers are kept: what of the person who asks is in the key."""

    key: frozenset[str]


def cached(app: App, behaviour: dict[str, Any]) -> Keeping | None:
    """Return how a behaviour keeps answers; None where it keeps none, or nobody here can see.

    Without a cache policy what is forwarded is in the key: nobody gets another's answer.
    """
    id = behaviour.get("CachePolicyId")
    if isinstance(id, str):
        return Keeping(MANAGED_KEYS[id]) if id in MANAGED_KEYS else None
    policy = _declared(app, id, "AWS::CloudFront::CachePolicy")
    if policy is None or not _keeps(policy):
        return None
    return Keeping(_named(policy.value((CONFIGS[0], KEY))))


def sent(app: App, behaviour: dict[str, Any]) -> frozenset[str]:
    """Return what of the person who asks reaches the origin by an origin request policy.

    Authorization goes there alone only with all headers of the viewer.
    """
    id = behaviour.get("OriginRequestPolicyId")
    if isinstance(id, str):
        return frozenset({COOKIES, AUTHORIZATION}) if id in ALL_VIEWER else frozenset()
    policy = _declared(app, id, "AWS::CloudFront::OriginRequestPolicy")
    return _named(policy.value(CONFIGS[1])) if policy else frozenset()


def _declared(app: App, value: Value, type: str) -> Resource | None:
    found = (app.get(Resource, id) for id in owners(app, value))
    return next((each for each in found if each and each.type == type), None)


def _keeps(policy: Resource) -> bool:
    """Tell whether answers are kept that say nothing of being kept."""
    limits = [policy.value((CONFIGS[0], name)) for name in ("MinTTL", "DefaultTTL", "MaxTTL")]
    least, usual, most = limits
    return most != 0 and bool(usual or least)


def _named(config: Value) -> frozenset[str]:
    cookies = at_path(config, ("CookiesConfig", "CookieBehavior"))
    behaviour = at_path(config, ("HeadersConfig", "HeaderBehavior"))
    names = at_path(config, ("HeadersConfig", "Headers"))
    named = {str(name).lower() for name in (names if isinstance(names, list) else ())}
    found = set() if cookies in (None, "none") else {COOKIES}
    if str(behaviour).startswith("allViewer") or "authorization" in named:
        found.add(AUTHORIZATION)
    return frozenset(found)
