"""Whether code that opens tokens has somebody look at their signature."""

from __future__ import annotations

from checkrein.catalog.tokens import SIGNED_ANEW, opens, verifies
from checkrein.model import CallSite, Place, Symbol

PROVING = frozenset({
    *("InitiateAuth", "AdminInitiateAuth", "RespondToAuthChallenge", "SignUp", "ConfirmSignUp"),
    *("AdminRespondToAuthChallenge", "AdminCreateUser", "ConfirmForgotPassword"),
})  # fmt: skip

SHOWN = "secret"  # what callers have shown on a way, as sites say
VERIFYING = frozenset({"Verify", "VerifyMac"})  # of KMS


def checks_signature(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code checks a signature at all, or has Cognito look at the token."""
    return any(
        (site.kind == "use" and site.service == "signature" and site.operation != SIGNED_ANEW)
        or (opens(site) and verifies(site))
        or (site.operation == "GetUser" and any(a.path == "AccessToken" for a in site.arguments))
        for site in sites
    )


def believes_anything(sites: tuple[CallSite, ...]) -> bool:
    """Tell whether code opens a token, and nobody checks the signature of one."""
    return _unchecked(sites) is not None and not checks_signature(sites)


def believed(sites: tuple[CallSite, ...]) -> Place | None:
    """Return where code opens a token whose signature nobody checks, None where it does not."""
    if not believes_anything(sites):
        return None
    return _unchecked(sites)


def _unchecked(sites: tuple[CallSite, ...]) -> Place | None:
    """Return where a token is opened first that neither a library nor the code looked at."""
    opened = (site for site in sites if opens(site) and not verifies(site))
    return next((site.place for site in opened if not is_compared(sites, site)), None)


def is_compared(sites: tuple[CallSite, ...], site: CallSite) -> bool:
    """Tell whether code signed a token anew before it opened it, and went on if both are one."""
    anew = (one for one in sites if (one.service, one.operation) == ("signature", SIGNED_ANEW))
    return site.proof == SHOWN and any(share_a_way(one, site) for one in anew)


def is_looked_at(sites: tuple[CallSite, ...], index: int, token: Symbol) -> bool:
    """Tell whether code that opens a token hands it to who refuses a forged one.

    That is Cognito, which signed it, or KMS with a key that the caller does not name. Only what
    stands on the same way counts.
    """
    return any(
        _refuses(site, argument.path) and share_a_way(site, sites[index])
        for site in sites
        if site.kind == "sdk"
        for argument in site.arguments
        if token in argument.sources
    )


def _refuses(site: CallSite, path: str) -> bool:
    """Tell whether a service of AWS answers with an error if what it is given is forged."""
    if site.service == "kms" and site.operation in VERIFYING:
        keys = [argument for argument in site.arguments if argument.path == "KeyId"]
        return path == "Message" and all(s.owner != "event" for k in keys for s in k.sources)
    return site.service == "cognito-idp" and path == "AccessToken"


def share_a_way(one: CallSite, other: CallSite) -> bool:
    """Tell whether two calls stand on one way: it begins with the same call, or in the handler."""
    if one.steps and other.steps:
        return one.steps[0] == other.steps[0]
    begins = {(*(step.place for step in site.steps), site.place)[0] for site in (one, other)}
    return len({place.path for place in begins}) == 1


def asked_places(sites: tuple[CallSite, ...]) -> frozenset[Place]:
    """Return where code answers only who has shown what it asks for."""
    answers = [site for site in sites if site.kind == "response"]
    open_to_all = {site.place for site in answers if not site.proof}
    return frozenset(site.place for site in answers) - open_to_all


def signs_in(sites: tuple[CallSite, ...], site: CallSite) -> bool:
    """Tell whether a pool has callers show who they are, or makes them, on the way to a call."""
    asking = (one for one in sites if one.kind == "sdk" and one.service == "cognito-idp")
    return any(one.operation in PROVING and share_a_way(one, site) for one in asking)
