"""Who has to show a certificate before an API asks anything else: mutual TLS at its domains."""

from __future__ import annotations

from checkrein.catalog import endpoints
from checkrein.derive.entrances.authorizers import one
from checkrein.derive.stacks.directory import Directory

MAPPINGS = {  # what joins an API to a domain, and its path to the API
    "AWS::ApiGatewayV2::ApiMapping": "ApiId",
    "AWS::ApiGateway::BasePathMapping": "RestApiId",
}


def certified(directory: Directory, api: str) -> str:
    """Return the domain whose certificates let callers in, "" where an API has another way in.

    The API's own address has to be closed, and each of its domains has to ask.
    """
    found = directory.resources.get(api)
    if found is None or endpoints.closed(found) is not True:
        return ""
    mappings = (
        each
        for each in directory.members(directory.deployment(api))
        if each.type in MAPPINGS and one(directory, each.value(MAPPINGS[each.type])) == found
    )
    domains = [one(directory, each.value("DomainName")) for each in mappings]
    asking = [d.id for d in domains if d and d.value("MutualTlsAuthentication") is not None]
    return asking[0] if asking and len(asking) == len(domains) else ""
