"""What distributions hand out, by which behaviour, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.checks.context import kept, owners, resources, together
from checkrein.checks.worth import valuable
from checkrein.late import regex
from checkrein.model import App, Path, Resource, Value
from checkrein.model.values import items_of

DISTRIBUTION = "AWS::CloudFront::Distribution"
CONFIG = "DistributionConfig"
BUCKET = regex(r"(?P<name>[a-z0-9.-]+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")
WEBSITE = regex(r"\.?s3-website[.-]")
HOOKS = ("LambdaFunctionAssociations", "FunctionAssociations")


class Part(Struct, frozen=True):
    """A behaviour or an origin of a distribution: where it stands, and what it sets."""

    path: Path
    settings: dict[str, Any]

    def at(self, *keys: str | int) -> Path:
        """Return the path of one of its properties."""
        return (*self.path, *keys)


def behaviours(distribution: Resource) -> list[Part]:
    """Return the ways in which a distribution answers, the default one first."""
    default = distribution.value(f"{CONFIG}.DefaultCacheBehavior")
    first = [Part((CONFIG, "DefaultCacheBehavior"), default)] if isinstance(default, dict) else []
    return [*first, *_listed(distribution, "CacheBehaviors")]


def origins(distribution: Resource) -> list[Part]:
    """Return what a distribution fetches from."""
    return _listed(distribution, "Origins")


def _listed(distribution: Resource, name: str) -> list[Part]:
    found = distribution.value((CONFIG, name))
    items = enumerate(found if isinstance(found, list) else ())
    return [Part((CONFIG, name, index), item) for index, item in items if isinstance(item, dict)]


def origin_of(distribution: Resource, behaviour: Part) -> Part | None:
    """Return the origin that a behaviour fetches from; None for a group or where it is open."""
    wanted = behaviour.settings.get("TargetOriginId")
    return next((o for o in origins(distribution) if o.settings.get("Id") == wanted), None)


def runs_at_edge(behaviour: Part, phase: str) -> bool:
    """Tell whether code at the edge may see each ``request``, or ``response``, of a behaviour."""
    hooks = [hook for name in HOOKS for hook in items_of(behaviour.settings.get(name), name)]
    return any(not isinstance(h, dict) or phase in str(h.get("EventType")) for h in hooks)


def sources(app: App, origin: Part) -> list[Resource]:
    """Return the resources of the app that an origin's domain names: buckets, APIs, URLs."""
    domain = origin.settings.get("DomainName")
    named = owners(app, domain)
    if isinstance(domain, str) and (bucket := BUCKET.fullmatch(domain)):
        named |= owners(app, bucket["name"])
    return [found for id in sorted(named) if (found := app.get(Resource, id))]


def is_website_endpoint(domain: Value) -> bool:
    """Tell whether a domain is a bucket's website endpoint, which speaks plain HTTP only."""
    return bool(WEBSITE.search(str(domain)))


def buckets(app: App, distribution: Resource) -> Iterator[tuple[Part, Resource]]:
    """Yield the origins that are buckets of the app, by their own endpoint."""
    for origin in origins(distribution):
        for source in sources(app, origin):
            if source.type == "AWS::S3::Bucket" and "CustomOriginConfig" not in origin.settings:
                yield origin, source


def delivered(app: App, distribution: Resource) -> list[str]:
    """Return the valuable classes that a distribution hands out or takes in, the worst first."""
    behind = [s.id for origin in origins(distribution) for s in sources(app, origin)]
    return valuable(app, {data for id in (distribution.id, *behind) for data in kept(app, id)})


def signs_in(app: App, distribution: Resource) -> bool:
    """Tell whether people sign in on pages of a distribution: its application has a client."""
    clients = resources(app, "AWS::Cognito::UserPoolClient")
    pages = any(True for _ in buckets(app, distribution))
    return pages and any(together(app, client, distribution) for client in clients)
