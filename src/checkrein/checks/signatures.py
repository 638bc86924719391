"""Whether code that opens tokens has somebody look at their signature."""

from __future__ import annotations

from checkrein.catalog.tokens import opens, verifies
from checkrein.model import CallSite


def checks_signature(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code checks a signature at all, or has Cognito look at the token."""
    return any(
        (site.kind == "use" and site.service == "signature")
        or (opens(site) and verifies(site))
        or (site.operation == "GetUser" and any(a.path == "AccessToken" for a in site.arguments))
        for site in sites
    )


def believes_anything(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code opens a token, and nobody checks the signature of one."""
    opened = any(opens(site) and not verifies(site) for site in sites)
    return opened and not checks_signature(sites)
