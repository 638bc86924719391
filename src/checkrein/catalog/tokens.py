"""Whether code that opens a token checks its signature, and which of its claims say who calls.

Source: written by hand, 2026-11, from the documentation of PyJWT, python-jose, jsonwebtoken,
jwt-decode, jwt-simple, jose and aws-jwt-verify, and RFC 7519. Which functions open tokens stands
in ``data/uses.yaml``.
"""

from __future__ import annotations

from checkrein.late import regex
from checkrein.model import CallSite, Symbol
from checkrein.model.values import alternatives

FAMILY = "token"
PARSED = "JSON"  # how a site says that code parsed a part of a token itself
SIGNED_ANEW = "compared"  # how a site says that code made a signature itself, and compared it
UNSIGNED = "base64"  # a token that is nothing but JSON in base64, which has no signature at all
UNCHECKED = frozenset({  # these never look at the signature
    PARSED, UNSIGNED, "jose.jwt.get_unverified_claims", "jose.jws.get_unverified_claims",
    "jsonwebtoken.decode", "jwt-decode", "jwt-decode.default", "jwt-decode.jwtDecode",
    "@nestjs/jwt.JwtService().decode",
    "jose.decodeJwt", "jws.decode", "aws-jwt-verify/jwt.decomposeUnverifiedJwt",
})  # fmt: skip
SWITCHES = {  # arguments that switch the check off
    "with.verify": False,
    "with.options.verify_signature": False,
    "with.options.verify": False,
    "with.algorithms": False,  # the third argument of PyJWT 1 was verify
    "with.noVerify": True,
}
ALGORITHMS = regex(r"with\.(options\.)?algorithms(\[\])?$")
CLAIMS = regex(
    r"(?i)(^|[.:_/-])(sub|username|user|user_?name|user_?id|uid|oid|upn|unique_name|preferred_username"
    r"|e?mail|account_?id|customer_?id|client_?id|tenant|tenant_?id|organi[sz]ation_?id|org_?id"
    r"|company_?id|groups?|roles?|user_?role|scope|scopes|permissions|is_?admin|admin|custom:[\w-]+)"
    r"(\[\])?$"
)
PRIVILEGE = regex(  # names of what somebody may do
    r"(?i)(^|[._:\]-])(is[_-]?)?(admin|administrator|superuser|user[_-]?role|roles?|groups?|scopes?"
    r"|permissions?|privileges?|access[_-]?level)(\[\])?$"
)

SHOWN = regex(  # fields of a request by which callers say who they are
    r"(?i)^(?:multiValue)?headers\.(?:authorization|cookie|[\w-]*(?:token|session|auth|jwt)[\w-]*)"
    r"|^cookies\b"
)
CALLER = regex(r"(requestContext\.(authorizer|identity\.cognito)|identity\b)")


def is_caller(symbol: Symbol) -> bool:
    """Tell whether a symbol is what the platform says of the caller, who can not choose it.

    That is an authorizer's context, an identity pool's identity, and what AppSync knows.
    """
    return symbol.owner == "event" and CALLER.match(symbol.attribute) is not None


def shows(symbol: Symbol) -> bool:
    """Tell whether a symbol is what callers show to be known by."""
    return symbol.owner == "event" and SHOWN.match(symbol.attribute) is not None


def opens(site: CallSite) -> bool:
    """Tell whether a call site opens a token."""
    return site.kind == "use" and site.service == FAMILY


def verifies(site: CallSite) -> bool:
    """Tell whether a call site that opens a token checks its signature."""
    if site.operation in UNCHECKED:
        return False
    for argument in site.arguments:
        said = alternatives(argument.value)
        if argument.path in SWITCHES and SWITCHES[argument.path] in said:
            return False
        if ALGORITHMS.match(argument.path) and any(str(one).lower() == "none" for one in said):
            return False
    return True


def claim(path: str) -> str:
    """Return the claim at the start of a dotted path that says who somebody is or what they may do.

    It is "" where there is none; what libraries put around the claims is left out.
    """
    steps = path.removeprefix("payload.").split(".")
    for length, step in enumerate(steps, 1):
        if CLAIMS.search(step):
            return ".".join(steps[:length])
    return ""
