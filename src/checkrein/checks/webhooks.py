"""Functions behind open doors that ask for themselves who calls: by a signature, by a token."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from checkrein.catalog.tokens import opens
from checkrein.checks.capabilities import shown
from checkrein.checks.questions import grouped
from checkrein.late import regex
from checkrein.model import App, Call, CallSite, Entry, EventRead, Function, Summary
from checkrein.model.requests import may_be_one

SIGNATURE = regex(  # Stripe-Signature, X-Hub-Signature-256, X-Shopify-Hmac-Sha256 …
    r"^(?:multiValue)?headers\b.*(?:signature|hmac)", re.IGNORECASE
)

CREDENTIAL = regex(
    r"^(?:multiValue)?headers\b.*(?:signature|hmac|authorization|token|api[-_]?key|cookie|secret)"
    r"|^cookies\b",
    re.IGNORECASE,
)

KNOWN, PERHAPS = "known", "perhaps"  # as ``capabilities.shown`` says it
CALL = "call:"  # begins the owner of what a call gives
SAYING = frozenset({"log", "response"})
BESIDE = frozenset({"credential", "caller"})  # uses that a token's being opened is recorded with
SIGN_IN = frozenset(
    {"AdminInitiateAuth", "AdminRespondToAuthChallenge", "InitiateAuth", "RespondToAuthChallenge"}
)
STRANGERS = SIGN_IN | {  # what a user pool does for who has no token yet
    *("ConfirmForgotPassword", "ConfirmSignUp", "ForgotPassword", "ResendConfirmationCode"),
    "SignUp",
}
OPEN_BY_NATURE = regex(  # POST /auth/login, /api/sign-in
    r"(?:^|[/_.-])(?:log-?(?:in|on)|sign-?in|authenticate)\b", re.IGNORECASE
)
JOINING = regex(
    r"(?:^|[/_.-])(?:sign-?up|register|registration|create-?account|(?:confirm|verify|forgot|reset)\b.*)\b",
    re.IGNORECASE,
)
KNOWN_OTHERWISE = regex(  # /payments/webhook, /auth/refresh, /invitations/{token}
    r"(?:^|[/_.-])(?:(?:web-?hooks?|hooks?|callback|refresh|sessions?|join)\b|auth(?:/\{proxy\+\})?$)"
    r"|password|\{[^}]*token\+?\}",
    re.IGNORECASE,
)
LISTING = regex(  # GET /sessions: whoever asks for all of them shows nothing of one
    r"^GET\b.*[/_.-](?:web-?hooks|hooks|sessions|registration)/?$", re.IGNORECASE
)
PLACES = ("own ", "path ", "route ", "resource ", "field ")  # begin what says where a request goes
WORDS = regex(r"(?<=[a-z])(?=[A-Z])")  # between the words of Mutation.signInWithCode
PROXY = regex(r"\{[^}]*\+\}")


def signature_reads(app: App, function: str) -> list[EventRead]:
    """Return where code reads a signature from a request's headers."""
    return _reads(app, function, SIGNATURE)


def credential_reads(app: App, function: str) -> list[EventRead]:
    """Return where code reads what a caller shows to be known by, from a request's headers.

    What stands before all routes reads for each of them; which of them have the token opened that
    was read is what tells.
    """
    reads = _reads(app, function, CREDENTIAL)
    return [_opened(app, function, each) for each in reads if not _is_idle(app, function, each)]


def _taking(app: App, function: str, read: EventRead) -> list[CallSite]:
    """Return the call sites that do something with what is read, but for telling it."""
    return [
        site
        for site in _sites(app, function)
        if any(read.source in argument.sources for argument in site.arguments)
        and site.kind not in SAYING
    ]


def _sites(app: App, function: str) -> tuple[CallSite, ...]:
    found = grouped(app, Summary, "function").get(function, [])
    return found[0].calls if found else ()


def _is_idle(app: App, function: str, read: EventRead) -> bool:
    """Tell whether a token is opened and checked, and the code goes on whatever comes of it."""
    taking = _taking(app, function, read)
    if not taking or not all(opens(site) and site.ignored for site in taking):
        return False
    sites = _sites(app, function)
    said = {f"{CALL}{number}" for number, site in enumerate(sites) if site in taking}
    used = (s.owner for site in sites for argument in site.arguments for s in argument.sources)
    return not any(site.reads for site in taking) and said.isdisjoint(used)


def _opened(app: App, function: str, read: EventRead) -> EventRead:
    """Return a read with the requests at which its token is opened, where that is all it is for."""
    taking = _taking(app, function, read)
    if not any(map(opens, taking)) or not all(s.request and _is_of_token(s) for s in taking):
        return read
    return replace(read, request=tuple(dict.fromkeys(r for s in taking for r in s.request)))


def _is_of_token(site: CallSite) -> bool:
    return opens(site) or (site.kind == "use" and site.service in BESIDE)


def is_asked(app: App, function: Function, site: CallSite) -> bool:
    """Tell whether code looks at what callers show on a way to a call site, or lets them in."""
    if site.proof or is_own_door(site, joining=True):
        return True
    return is_read_at(credential_reads(app, function.id), site)


def is_held(app: App, function: Function, site: CallSite) -> bool:
    """Tell whether only who was told a token gets to a call site: the code has looked it up."""
    return bool(site.held) and shown(app, function.id, site) == KNOWN


def is_perhaps_asked(app: App, function: Function, site: CallSite) -> bool:
    """Tell whether callers may be known at a call site, by what nobody here could follow."""
    return site.perhaps or (bool(site.held) and shown(app, function.id, site) == PERHAPS)


def is_perhaps_asked_before(app: App, function: Function, sites: Iterable[CallSite]) -> bool:
    """Tell whether callers are known, or may be, at all calls of services; there must be some."""
    asking = [site for site in sites if site.kind == "sdk"]
    told = [
        site.proof or is_held(app, function, site) or is_perhaps_asked(app, function, site)
        for site in asking
    ]
    return bool(told) and all(told)


def is_read_at(shown: Iterable[EventRead], site: CallSite) -> bool:
    """Tell whether fields are read at each of the requests that get to a call site.

    Of routes that share a helper, one that reads nothing is open, whatever the others ask.
    """
    reads = [read.request for read in shown]
    return all(any(may_be_one(read, (one,)) for read in reads) for one in site.request or ((),))


def _reads(app: App, function: str, named: re.Pattern[str]) -> list[EventRead]:
    return [
        read
        for summary in grouped(app, Summary, "function").get(function, [])
        for read in summary.reads
        if read.source.owner == "event" and named.search(read.source.attribute)
    ]


def is_own_door(site: CallSite, *, joining: bool) -> bool:
    """Tell whether a call site is behind a route of the program's own to sign in, or to join."""
    named = [
        [said for said in request if said.startswith(PLACES) and _lets_in(said, joining=joining)]
        for request in site.request
    ]
    return bool(named) and all(named)


def _lets_in(route: str, *, joining: bool) -> bool:
    route = WORDS.sub("-", route)
    return bool(OPEN_BY_NATURE.search(route) or (joining and JOINING.search(route)))


def signs_in(app: App, entry: Entry) -> bool:
    """Tell whether a route is there to let in callers who prove who they are.

    Its name says so, or the code behind it asks a user pool.
    """
    return bool(OPEN_BY_NATURE.search(entry.route)) or _asks_pool(app, entry.function, SIGN_IN)


def may_be_known(entries: Iterable[Entry]) -> bool:
    """Tell whether routes are all named for callers who show what is no credential of an API.

    A service that was told an address, somebody who signs in or holds a link: what they show lies
    in the body or the path, and code looks it up or asks somebody else about it.
    """
    named = (KNOWN_OTHERWISE, OPEN_BY_NATURE, JOINING)
    return all(
        any(each.search(entry.route) for each in named) and not LISTING.search(entry.route)
        for entry in entries
    )


def is_for_strangers(app: App, entry: Entry) -> bool:
    """Tell whether a route is for who has no token yet: to join, to sign in, to be believed."""
    named = signs_in(app, entry) or JOINING.search(entry.route)
    return bool(named) or _asks_pool(app, entry.function, STRANGERS)


def _asks_pool(app: App, function: str, operations: frozenset[str]) -> bool:
    """Tell whether code asks a user pool for it; behind many routes nobody knows on which."""
    entries = grouped(app, Entry, "function").get(function, [])
    if len({entry.route for entry in entries}) > 1 or any(PROXY.search(e.route) for e in entries):
        return False
    calls = grouped(app, Call, "function").get(function, [])
    return any(call.service == "cognito-idp" and call.operation in operations for call in calls)
