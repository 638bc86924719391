"""Credentials that go back to whoever issued them: no leak, however they came here.

A caller may hand over what an app needs at another company: that company's own token. Its header
says so (``x-square-access-token``), or nobody else in the app asks for it: an API that is open to
anyone takes the ``Authorization``, or a ``usertoken``, that the other side then judges. Who is
asked whose a token is (``/userinfo``, ``/v2/user/me``) has issued it. What the app itself goes by,
and what names another company than the one that gets it, is a leak.
"""

from __future__ import annotations

import re

from checkrein.catalog.data_classes import bare
from checkrein.catalog.uses import EVERY
from checkrein.checks.exposure import anonymous
from checkrein.checks.keeping import text_of
from checkrein.checks.questions import flows_by, grouped
from checkrein.checks.tainted import sites_of
from checkrein.detect.words import words
from checkrein.late import regex
from checkrein.model import App, Entry, Evidence, Flow, Function, Symbol

KNOWN_BY = frozenset({"cred.secret", "cred.token"})  # what an app shows to be known elsewhere
OF_CALLERS = regex(r"event\.(?:(?:multiValue)?[hH]eaders|cookies|requestContext)\b")
HEADER = regex(r"event\.(?:multiValueH|h)eaders\.([\w-]+)")
SHOWN = "authorization"  # where a request says who asks
IN_REQUESTS = frozenset({f"headers.{SHOWN}", "auth", "headers.proxy-authorization"})
PLAIN = frozenset({  # words of headers that name no company
    *("x", "access", "api", "app", "auth", "authorization", "bearer", "client", "csrf", "id"),
    *("jwt", "key", "refresh", "secret", "session", "token", "user", "amz", "cookie", "account"),
    *("customer", "partner", "vendor", "merchant", "service", "internal", "web", "data", "connect"),
    *("login", "identity", "company", "forwarded", "request", "shop"),
})  # fmt: skip
NOBODY = regex(f"(?:{'|'.join(sorted(PLAIN))})+")  # usertoken, written as one word
SHORTEST = 3  # letters of a company's name
HOST = "host:"
WHOSE = regex(  # paths of addresses that say of a token whose it is
    r"/(?:user-?info|(?:access_)?token_?info|introspect|debug_token|me|accounts:lookup)/?(?:\?|$)",
    re.IGNORECASE,
)


def goes_home(flow: Flow, held: str, app: App, function: Function) -> bool:
    """Tell whether a credential at ``held``, a path in a function, is the receiving host's own.

    Paths that callers' headers, cookies and sessions are not at hold what the app has been given.
    """
    if not OF_CALLERS.match(held):
        return True
    header = HEADER.match(held)
    if header is None:
        return False
    if header[1].lower() == SHOWN:
        return _is_only_passed_on(flow, app, function)
    if _asks_whose(flow, app, function):
        return True
    if _names_nobody(header[1]):
        return _is_only_passed_on(flow, app, function)
    host = flow.target.node.removeprefix(HOST)
    return any(_names(word, host) for word in words(header[1]) if word not in PLAIN)


def is_issued_by(held: str, host: str) -> bool:
    """Tell whether the name that holds a credential is that of the company behind a host.

    ``env.UNSPLASH_ACCESS_KEY`` is of ``host:api.unsplash.com``, whatever kind of key it looks like,
    and ``env.M5C_ACCESS_KEY`` of ``host:api.m5clogs.com``.
    """
    labels = host.removeprefix(HOST).split(".")[:-1]
    if len(labels) > 1 and len(labels[-1]) < SHORTEST:  # api.shop.co.uk
        labels.pop()
    company = bare(labels[-1]) if labels else ""
    named = len(company) > SHORTEST and company not in PLAIN
    name = held.rpartition(".")[2]
    short = name.partition("_")[0].lower() if held.startswith("env.") else ""
    begins = short not in PLAIN and len(short) >= SHORTEST and company.startswith(short)
    return named and (begins or company in bare(name))


def _names_nobody(header: str) -> bool:
    """Tell whether a header says of no company that it is its token: ``x-access-token``."""
    return all(NOBODY.fullmatch(word) for word in words(header))


def _asks_whose(flow: Flow, app: App, function: Function) -> bool:
    """Tell whether a token is shown to who says whose it is, and is none that the app judges."""
    place = flow.evidence[0].place
    urls = (
        text_of(argument.value)
        for site in sites_of(app, function)
        for argument in (site.arguments if site.place == place else ())
        if argument.path == "url"
    )
    return any(map(WHOSE.search, urls)) and not _is_judged(app, function, flow)


def _names(word: str, host: str) -> bool:
    """Tell whether a word of a header begins a label of a host: ``square``, ``squareup.com``."""
    return len(word) >= SHORTEST and any(label.startswith(word) for label in host.split(".")[:-1])


def _is_only_passed_on(flow: Flow, app: App, function: Function) -> bool:
    """Tell whether nobody but one host judges the header by which callers say who they are."""
    doors = grouped(app, Entry, "function").get(function.id, [])
    if not doors or not all(anonymous(door.identity) for door in doors):
        return False
    shown = flow.target.path.lower()
    shows = any(shown == at or shown.startswith(f"{at}.") for at in IN_REQUESTS)
    if EVERY in flow.harmless or not shows:
        return False
    beside = [other for other in flows_by(app, function.id) if _is_beside(other, flow)]
    hosts = {each.target.node for each in beside if each.target.node.startswith(HOST)}
    return hosts == {flow.target.node} and not _is_judged(app, function, flow)


def _is_beside(other: Flow, flow: Flow) -> bool:
    """Tell whether a flow moves the same in the same request."""
    same = other.source.path.lower() == flow.source.path.lower()
    return same and _is_at_once(other.steps[:-1], flow)


def _is_at_once(steps: tuple[Evidence, ...], flow: Flow) -> bool:
    """Tell whether the way to a place begins as that of a flow does: the same route's."""
    ways = [[step.text for step in each[:1]] for each in (steps, flow.steps[:-1])]
    return not all(ways) or ways[0] == ways[1]


def _is_judged(app: App, function: Function, flow: Flow) -> bool:
    """Tell whether the function's own code reads what a flow moves as a token."""
    return any(
        _stands_at(symbol, flow.source.path)
        for site in sites_of(app, function)
        if site.service == "token" and _is_at_once(site.steps, flow)
        for argument in site.arguments
        for symbol in argument.sources
    )


def _stands_at(symbol: Symbol, held: str) -> bool:
    return f"{symbol.owner}.{symbol.attribute}".lower() == held.lower()
