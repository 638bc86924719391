"""Which calls code makes for whoever has signed in, without asking anything else of them there.

A caller has signed in where the template lets nobody else in, or where the code itself has opened
a token and checked its signature: on every way to the call (``CallSite.proof``), or at all requests
that get there. What a route asks of its callers says nothing of the others.
"""

from __future__ import annotations

from checkrein.catalog.tokens import is_caller, opens, verifies
from checkrein.checks.callers import TEST, is_lookup, privilege, signed_in, without_turns
from checkrein.checks.questions import grouped
from checkrein.checks.tainted import sites_of
from checkrein.model import App, CallSite, Function, Summary, Symbol
from checkrein.model.requests import may_be_one

SHOWN = "token"  # as a site's proof
CALL = "call:"
OF_TOKENS = frozenset({"aud", "iss", "token_use", "client_id", "exp", "iat", "nbf", "typ", "jti"})


def unasked(app: App, function: Function) -> dict[int, bool]:
    """Return the call sites where any signed-in caller is as good as any other, by their index.

    The value says whether the platform or a proof knows that they have signed in, else what their
    request shows is opened and checked, and nobody here can follow what comes of it.
    """
    sites = sites_of(app, function)
    behind = _behind(app, function, sites)
    if not behind:
        return {}
    asking = _asking(app, function, sites)
    if asking is None:
        return {}
    return {
        index: sure
        for index, sure in behind.items()
        if not any(may_be_one(one.request, sites[index].request) for one in asking)
    }


def _behind(app: App, function: Function, sites: tuple[CallSite, ...]) -> dict[int, bool]:
    if signed_in(app, function.id):
        return dict.fromkeys(range(len(sites)), True)
    checking = [frozenset(s.request) for s in sites if opens(s) and verifies(s) and s.request]
    found = {index: True for index, site in enumerate(sites) if site.proof == SHOWN}
    for index, site in enumerate(sites):
        if site.request and not site.proof and any(r.issuperset(site.request) for r in checking):
            found[index] = False
    return found


def _asking(app: App, function: Function, sites: tuple[CallSite, ...]) -> list[CallSite] | None:
    """Return the tests of what is known of a caller that decide, None where any call may be one's.

    A right that code reads without comparing it (``if (user.isAdmin)``) may decide anywhere.
    """
    tests = [site for site in sites if site.kind == "use" and site.service == TEST]
    deciding, compared = [], set[Symbol]()
    for site in tests:
        claims = {s for a in site.arguments if a.path == "claim" for s in a.sources}
        if any(claim.attribute.rpartition(".")[2] not in OF_TOKENS for claim in claims):
            deciding.append(site)
            compared |= claims
    return None if any(s not in compared for s in _rights(app, function, sites)) else deciding


def _rights(app: App, function: Function, sites: tuple[CallSite, ...]) -> set[Symbol]:
    """Return what code reads of a caller that says what they may do."""
    found = {
        read.source
        for summary in grouped(app, Summary, "function").get(function.id, [])
        for read in summary.reads
        if is_caller(read.source) and privilege(read.source.attribute)
    }
    for index, site in enumerate(sites):
        if is_lookup(site):
            paths = without_turns(site.reads)
            found |= {Symbol(f"{CALL}{index}", path) for path in paths if privilege(path)}
    return found
