"""Answers to browsers that ask before a request to another origin (CORS) of a REST API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.events.http_api import HEADERS
from checkrein.read.serverless.events.rest_routes import Paths, Route, api
from checkrein.read.serverless.naming import path_name
from checkrein.read.serverless.parts import Part, word

METHODS = "DELETE,GET,HEAD,PATCH,POST,PUT"


@dataclass
class Preflight:
    """What all events of one path allow together; of single settings the last counts."""

    at: Part
    origin: str = "*"
    origins: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)

    def add(self, route: Route) -> None:
        """Add what an event allows."""
        cors = route["cors"]
        options = cors if cors.is_map else Part({}, cors.path)
        self.origin = word(options["origin"].value) if options["origin"] else "*"
        self.origins = _union(options["origins"], self.origins)
        self.headers = _union(options["headers"] or HEADERS, self.headers)
        methods = [word(each.value) for each in options["methods"]]
        self.methods = _union([*methods, "OPTIONS", route.method], self.methods)
        for key, name in (("maxAge", "Access-Control-Max-Age"), ("cacheControl", "Cache-Control")):
            if options[key]:
                self.more[name] = f"'{options[key].value}'"
        if options["allowCredentials"]:
            self.more["Access-Control-Allow-Credentials"] = "'true'"

    def answered(self) -> dict[str, str]:
        """Return the headers of the answer."""
        origins = self.origins or [each.strip() for each in self.origin.split(",")]
        methods = ",".join(self.methods).replace("ANY", METHODS)
        return {
            "Access-Control-Allow-Origin": f"'{origins[0]}'",
            "Access-Control-Allow-Headers": f"'{','.join(self.headers)}'",
            "Access-Control-Allow-Methods": f"'{methods}'",
            **self.more,
        }

    def chosen(self) -> list[str]:
        """Return the origins of which the answer names the one that asks."""
        several = [each.strip() for each in self.origin.split(",")]
        return self.origins or (several if len(several) > 1 else [])


def _union(more: Any, known: list[str]) -> list[str]:
    listed = [word(each.value) if isinstance(each, Part) else str(each) for each in more]
    return list(dict.fromkeys([*listed, *known]))


def add_preflights(document: Document, paths: Paths, found: list[Route]) -> None:
    """Add the method that answers OPTIONS for each path that other origins may ask."""
    preflights: dict[str, Preflight] = {}
    for route in found:
        if route["cors"]:
            preflights.setdefault(route.path, Preflight(route["cors"])).add(route)
    for path, preflight in preflights.items():
        _add(document, paths, path, preflight)


def _add(document: Document, paths: Paths, path: str, preflight: Preflight) -> None:
    headers = {f"method.response.header.{k}": v for k, v in preflight.answered().items()}
    answer = {
        "StatusCode": "200",
        "ResponseParameters": headers,
        "ResponseTemplates": {"application/json": _template(preflight.chosen())},
    }
    integration = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": "{statusCode:200}"},
        "ContentHandling": "CONVERT_TO_TEXT",
        "IntegrationResponses": [answer],
    }
    known = {"StatusCode": "200", "ResponseParameters": dict.fromkeys(headers, True)}
    document.put(
        f"ApiGatewayMethod{path_name(path)}Options", "AWS::ApiGateway::Method",
        {
            "AuthorizationType": "NONE",
            "HttpMethod": "OPTIONS",
            "MethodResponses": [{**known, "ResponseModels": {}}],
            "RequestParameters": {},
            "Integration": integration,
            "ResourceId": paths.resource(path, preflight.at),
            "RestApiId": api(document),
        },
        preflight.at, Metadata=paths.told(path),
    )  # fmt: skip


def _template(origins: list[str]) -> str:
    """Return the template that names the asking origin where it is one of those allowed."""
    if not origins:
        return ""
    asked = '$input.params("Origin")'
    patterns = [each.replace(".", "[.]").replace("*", ".+") for each in origins]
    matched = " || ".join(f'$origin.matches("{each}")' for each in patterns)
    header = "$context.responseOverride.header.Access-Control-Allow-Origin"
    return f"#set($origin = {asked})\n#if({matched}) #set({header} = $origin) #end"
