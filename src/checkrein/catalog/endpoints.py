"""What an API says of the address that AWS gives it, by a property or in its definition.

Source: API Gateway's developer guide, the OpenAPI extension of endpoints (of the document in REST
APIs, of a server in HTTP APIs). SAM writes its ``DisableExecuteApiEndpoint`` so.
"""

from __future__ import annotations

from checkrein.model import Resource, Value
from checkrein.model.values import at_path

PROPERTY = "DisableExecuteApiEndpoint"
EXTENSION = ("x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint")


def closed(api: Resource) -> Value:
    """Return what closes an API's own address, True if it is closed, None if nothing says so."""
    said = api.value(PROPERTY)
    body = api.value("Body") if said is None else None
    places = (EXTENSION, ("servers", 0, *EXTENSION)) if isinstance(body, dict) else ()
    found = (at_path(body, place) for place in places)
    return next((each for each in found if each is not None), said)
