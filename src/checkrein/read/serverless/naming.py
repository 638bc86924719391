"""The logical ids that the framework gives to what it makes; ``resources:`` and outputs use them.

Source: the framework's documented naming of resources and its MIT-licensed version 3.
"""

from __future__ import annotations

import re

from checkrein.late import regex
from checkrein.model.values import Value
from checkrein.read.serverless.parts import word

WORDS = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
ROLE = "IamRoleLambdaExecution"
BUCKET = "ServerlessDeploymentBucket"
REST_API = "ApiGatewayRestApi"
HTTP_API = "HttpApi"
WEBSOCKETS = "WebsocketsApi"


def capital(name: str) -> str:
    """Return a name with its first letter as a capital."""
    return name[:1].upper() + name[1:]


def normalised(name: str) -> str:
    """Return a function's (or other resource's) name as logical ids hold it."""
    return capital(name.replace("-", "Dash").replace("_", "Underscore"))


def letters(name: Value) -> str:
    """Return only the letters and digits of a name, the first a capital."""
    return capital(re.sub(r"[^0-9A-Za-z]", "", word(name)))


def path_name(path: str) -> str:
    """Return a route's path as logical ids hold it: ``users/{id}`` is ``UsersIdVar``."""
    return "".join(map(_path_part, path.split("/")))


def _path_part(part: str) -> str:
    named = re.sub(r"\{(.*)\}", r"\1Var", part.lower().replace("-", "Dash"))
    return capital(re.sub(r"[^0-9A-Za-z]", "", named))


def camel(text: str) -> str:
    """Return the words of a text, each with a capital."""
    return "".join(capital(found.lower()) for found in WORDS.findall(text))


def start_case(text: str) -> str:
    """Return the words of a text, each with its first letter as a capital and the rest kept."""
    return "".join(map(capital, WORDS.findall(text)))


def websocket_route(route: str) -> str:
    """Return a WebSocket route's key as logical ids hold it."""
    pairs = (("$", "S"), ("/", "Slash"), ("-", "Dash"), ("_", "Underscore"), (".", "Period"))
    for sign, name in pairs:
        route = route.replace(sign, name)
    return f"{route}WebsocketsRoute"
