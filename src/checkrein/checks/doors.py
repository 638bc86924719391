"""What an API lets through and to whom: its routes by caller, the data behind them, its stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checkrein.checks.context import kept, owners, resources, set_fix
from checkrein.checks.exposure import OUTSIDE, anonymous
from checkrein.checks.questions import elements_by_node, grouped, listed
from checkrein.checks.worth import valuable
from checkrein.model import App, Call, Entry, Fix, Function, Path, Resource
from checkrein.model.asking import of_app
from checkrein.model.facts import as_path

REST = "AWS::ApiGateway::RestApi"
HTTP = "AWS::ApiGatewayV2::Api"  # WebSocket APIs too
GRAPHQL = "AWS::AppSync::GraphQLApi"
DEPLOYMENT = "AWS::ApiGateway::Deployment"
STAGES = ("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage")
ROUTE = "AWS::ApiGatewayV2::Route"
CREDENTIALS = "cred."  # what callers bring along to say who they are
CLAIMS = "requestContext.authorizer."  # what a token says of its owner
SERVICE = ".amazonaws.com"
WAYS = 3  # routes that a message names


def routes_of(app: App, api: str) -> list[Entry]:
    """Return the ways through an API into functions; preflight requests do not count."""
    return [
        entry
        for entry in grouped(app, Entry, "source").get(api, [])
        if entry.kind in OUTSIDE and not entry.route.startswith("OPTIONS")
        if not entry.identity.endswith(SERVICE)  # a permission alone says nothing of callers
    ]


def open_routes(app: App, api: str) -> list[Entry]:
    """Return the routes of an API that ask nobody who they are; of a closed API none.

    Behind some of them the function's own code may ask (``Entry.proof``).
    """
    found = app.get(Resource, api)
    if found is not None and is_closed(found):
        return []
    return [entry for entry in routes_of(app, api) if anonymous(entry.identity)]


def is_closed(api: Resource) -> bool:
    """Tell whether an API is private, or its policy lets in only some."""
    policy = api.value("Policy")
    narrowed = policy is not None and ("Condition" in str(policy) or "Deny" in str(policy))
    return narrowed or "PRIVATE" in str(api.value("EndpointConfiguration"))


def named(routes: Iterable[Entry]) -> str:
    """Name routes for a sentence, each once: ``GET /rides, POST /rides and 3 more``."""
    return listed(sorted({entry.route or "its route" for entry in routes}), WAYS)


def behind(app: App, api: str) -> tuple[str, ...]:
    """Return the valuable classes that an API passes on or its functions' stores keep.

    The worst first. Credentials that callers show to say who they are do not count.
    """
    return _behind(app).get(api) or tuple(_passed(app, api))


def reached(app: App, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the valuable classes that the functions behind some routes handle or store."""
    functions = {entry.function for entry in entries}
    handled = {data for id in functions for data in (*kept(app, id), *stored_by(app, id))}
    return tuple(valuable(app, {d for d in handled if not d.startswith(CREDENTIALS)}))


@of_app
def _behind(app: App) -> Mapping[str, tuple[str, ...]]:
    apis = {entry.source for entry in app.every(Entry) if entry.kind in OUTSIDE and entry.source}
    return {api: _classes(app, api) for api in apis}


def _classes(app: App, api: str) -> tuple[str, ...]:
    functions = {entry.function for entry in routes_of(app, api)}
    stored = {data for function in functions for data in stored_by(app, function)}
    kept_there = {data for data in stored if not data.startswith(CREDENTIALS)}
    return tuple(valuable(app, {*kept_there, *_passed(app, api)}))


def _passed(app: App, api: str) -> list[str]:
    """Return what an API passes on, apart from what only its callers' own tokens say of them."""
    elements = elements_by_node(app).get(api, [])
    brought = {each.data for each in elements if CLAIMS in each.slot.path}
    brought -= {each.data for each in elements if CLAIMS not in each.slot.path}
    return [d for d in kept(app, api) if not d.startswith(CREDENTIALS) and d not in brought]


def stored_by(app: App, function: str) -> list[str]:
    """Return the valuable classes in the resources that a function's code calls."""
    targets = {
        call.target
        for call in grouped(app, Call, "function").get(function, [])
        if call.target and call.target != function
    }
    return valuable(app, {data for target in targets for data in kept(app, target)})


def api_of(app: App, stage: Resource) -> Resource | None:
    """Return the API that a stage serves."""
    for property in ("RestApiId", "ApiId"):
        for owner in owners(app, stage.value(property)):
            found = app.get(Resource, owner)
            if found is not None and found.type in {REST, HTTP}:
                return found
    return None


@of_app
def stages_of(app: App) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the stages that serve each API, by the API's id."""
    found: dict[str, list[str]] = {}
    for stage in resources(app, *STAGES):
        api = api_of(app, stage)
        if api is not None:
            found.setdefault(api.id, []).append(stage.id)
    return {api: tuple(ids) for api, ids in found.items()}


def is_websocket(api: Resource) -> bool:
    return bool(api.value("ProtocolType") == "WEBSOCKET")


def is_answered(app: App, entry: Entry) -> bool:
    """Tell whether callers get what a function returns; over WebSockets only if the route asks.

    Nobody waits for what runs asynchronously.
    """
    if entry.asynchronous:
        return False
    return entry.kind != "websocket" or any(
        route.value("RouteResponseSelectionExpression") is not None
        for route in resources(app, ROUTE)
        if route.value("RouteKey") == entry.route
        and entry.source in owners(app, route.value("ApiId"))
    )


def is_encoded(app: App, function: str, path: str) -> bool:
    """Tell whether a field of an event keeps its percent signs: path parameters of REST APIs.

    HTTP APIs decode them, REST APIs hand them over as the caller wrote them.
    """
    ways = [e for e in grouped(app, Entry, "function").get(function, []) if e.kind in OUTSIDE]
    sources = [app.get(Resource, way.source) for way in ways]
    return path.startswith("event.pathParameters.") and all(
        source is not None and source.type == REST for source in sources
    )


def stages(app: App) -> list[Resource]:
    """Select what makes APIs answer: stages, and the deployments that make one by naming it."""
    found = resources(app, *STAGES)
    made = {owner for stage in found for owner in owners(app, stage.value("DeploymentId"))}
    alone = [
        each
        for each in resources(app, DEPLOYMENT)
        if each.value("StageName") is not None and each.id not in made and not each.source_type
    ]
    return [*found, *alone]


def inside(stage: Resource, path: str) -> str:
    """Return where a setting of a stage stands: deployments describe theirs in one property."""
    return f"StageDescription.{path}" if stage.type == DEPLOYMENT else path


def every_method(stage: Resource) -> list[tuple[Path, Mapping[str, Any]]]:
    """Return a REST stage's settings for methods, with their paths."""
    path = as_path(inside(stage, "MethodSettings"))
    found = stage.value(path)
    return [
        ((*path, index), each)
        for index, each in enumerate(found if isinstance(found, list) else [])
        if isinstance(each, dict)
    ]


def stage_fix(app: App, stage: Resource, path: str, value: Any, title: str) -> Fix:
    """Return the fix that sets something of a stage, where the user wrote its API.

    Without changes where no resource of the user's stands for it (SAM's implicit APIs).
    """
    if app.get(Function, stage.origin(()).resource) is not None:
        return Fix(f"declare the API and {title}")
    return set_fix(stage, [(inside(stage, path), value)], title)
