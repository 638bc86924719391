"""The routes of a REST API, as events name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checkrein.model.values import PATH, Open, Value
from checkrein.read.serverless.document import Document, attribute
from checkrein.read.serverless.functions import Deployed, uses
from checkrein.read.serverless.naming import REST_API, capital, path_name
from checkrein.read.serverless.parts import Part

PROXIES = ("AWS_PROXY", "HTTP_PROXY")
INTEGRATIONS = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}
EFFECT = "it is not in the table"


@dataclass(frozen=True)
class Route:
    """One event of a REST API; ``path`` has no slash at either end, ``method`` is in capitals."""

    function: Deployed
    event: Part
    method: str
    path: str

    @property
    def name(self) -> str:
        return f"{path_name(self.path)}{capital(self.method.lower())}"

    @property
    def method_id(self) -> str:
        return f"ApiGatewayMethod{self.name}"

    @property
    def integration(self) -> str:
        """How requests reach the function, in API Gateway's words."""
        asked = self["integration"].word.upper().replace("-", "_")
        if asked:
            return INTEGRATIONS.get(asked, asked)
        return "AWS" if self["async"] else "AWS_PROXY"

    def __getitem__(self, key: str) -> Part:
        return self.event[key] if self.event.is_map else Part(None, (*self.event.path, key))

    @property
    def schemas(self) -> Part:
        return self["request"].first("schemas", "schema")


def routes(document: Document, functions: list[Deployed]) -> list[Route]:
    """Return the routes of a service; say which events name none."""
    found = []
    for function, event, _, _ in uses(functions, "http"):
        words = event.word.split()
        method = event["method"].word if event.is_map else words[0] if words else ""
        path: Value = event["path"].value if event.is_map else words[-1] if words[1:] else None
        if not isinstance(path, str) or not method:
            reason = f"which route {event.value} is cannot be told"
            document.lose(reason, EFFECT, event)
            continue
        found.append(Route(function, event, method.upper(), path.strip("/")))
    return found


def api(document: Document) -> Any:
    """Return the reference to the service's REST API, which may be made elsewhere."""
    return document.provider.at("apiGateway", "restApiId") or {"Ref": REST_API}


def option(document: Document, name: str) -> Part:
    """Return a setting of the API; before version 2 some stood at the provider itself."""
    return document.provider.at("apiGateway", name) or document.provider[name]


class Paths:
    """The resources of an API's paths, made as far as nothing else makes them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._made: dict[str, Any] = {}
        known = document.provider.at("apiGateway", "restApiResources")
        for path, id in known.items():
            self._made[path.strip("/")] = id
        if isinstance(known.value, list):
            for part in known:
                self._made[part["path"].word.strip("/")] = part["resourceId"]
        self._elsewhere = tuple(path for path in self._made if path)

    def told(self, path: str) -> dict[str, str]:
        """Return Metadata that say a path of which a part is made elsewhere, where none can tell.

        The template says of that part only its resource's id.
        """
        above = any(f"{path}/".startswith(f"{known}/") for known in self._elsewhere)
        return {PATH: f"/{path}"} if above else {}

    def resource(self, path: str, event: Part) -> Any:
        """Return the reference to the resource of a path; make it and those above it."""
        if not path:
            options = self._document.provider["apiGateway"]
            own = attribute(REST_API, "RootResourceId")
            elsewhere = Open("the root of an API that is made elsewhere")
            return options["restApiRootResourceId"] or (elsewhere if options["restApiId"] else own)
        if path not in self._made:
            above, _, part = path.rpartition("/")
            id = f"ApiGatewayResource{path_name(path)}"
            properties = {
                "ParentId": self.resource(above, event),
                "PathPart": part,
                "RestApiId": api(self._document),
            }
            self._document.put(id, "AWS::ApiGateway::Resource", properties, event)
            self._made[path] = {"Ref": id}
        return self._made[path]
