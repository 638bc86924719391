"""Passwords, tokens and signatures that code makes: what of, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.secrets import keeps_secret
from checkrein.checks.tainted import sites_of
from checkrein.late import regex
from checkrein.model import App, Argument, CallSite, Function, Open, Symbol, Value
from checkrein.model.values import alternatives

PREFIX = "call:"
BORDER = regex(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
CODES = (
    "verification|verify|reset|auth|authentication|login|signin|security|mfa|sms|otp|one_time"
    "|onetime|two_factor|activation|invitation|invite|passwordless"
)
SECRET = regex(
    r"(?:^|_)(?:password|passwd|pwd|passcode|passphrase|otp|totp|pin|pin_code|secret|token|api_?key"
    rf"|csrf|xsrf|(?:access|private|signing|secret|encryption)_key|(?:{CODES})_code"
    r"|session_id)$"
)
TECHNICAL = regex(  # tokens that keep nobody out
    r"(?:client|request|idempotency|idempotent|next|page|paging|pagination|continuation|cursor"
    r"|sync|dedup\w*|creator|caller|device|push|fcm|expo)_token$"
)
REFERENCE = regex(  # may be what people quote, or only what tells requests apart
    r"(?:^|_)(?:confirm\w*|session|booking|order|payment|transaction)_(?:token|id|pin)$"
)
TEMPORARY = regex(r"(?:^|_)(?:temp|temporary|tmp|initial|first)_(?:password|passwd|pwd)$")
PASSWORD = regex(r"(?:^|_)(?:password|passwd|pwd|passphrase)$")
SIGNATURE = regex(r"(?:^|_)(?:signature|hmac|password|passwd|pwd)(?:_hash|_digest)?$")
COOKIE = regex(r"([\w-]*?(?:session|sid|auth|token)\w*)=", re.IGNORECASE)
COOKIES = ("set-cookie", "cookies[]")
CHALLENGE = "response.privateChallengeParameters."  # what Cognito compares the answer with
ANSWERED = ("body.", "headers.")
PLACEHOLDER = regex(r"^ExpressionAttributeValues\.(:\w+)")
KEEPING = frozenset({"dynamodb", "cognito-idp", "secretsmanager", "ssm", "rds-data", "events"})
OFFERED = "AuthParameters."  # what Cognito compares with the password that somebody has
SENDING = frozenset({"sns", "ses", "sesv2", "pinpoint", "pinpoint-sms-voice-v2"})
MESSAGE = regex(r"(?:^|\.)(?:Message|Data|MessageBody|Body)$")
CODE = regex(
    r"(?i)\b(?:otp|one[- ]time|verification|passcode|password|your (?:\w+ ){0,2}(?:code|pin)"
    r"|(?:security|login|sign[- ]?in|access|auth\w*) code)\b"
)


class Made(Struct, frozen=True):
    """Something that a call made and another keeps, sends or answers under a name."""

    name: str
    maker: CallSite
    site: CallSite
    argument: Argument


def plain_name(name: str) -> str:
    """Return a name in lower case with ``_`` between its words."""
    return BORDER.sub("_", name).strip("_").lower()


def last(path: str) -> str:
    """Return the last name in a dotted path."""
    return path.replace("[]", "").rpartition(".")[2]


def made(function: Function, app: App, family: str) -> Iterator[Made]:
    """Yield what calls of a family made that is kept under a name that says it protects."""
    sites = sites_of(app, function)
    for site in sites:
        for argument in site.arguments if site.kind != "use" else ():
            name = _kept_as(site, argument)
            for maker in makers(sites, argument.sources, family) if name else ():
                yield Made(name, maker, site, argument)


def makers(
    sites: tuple[CallSite, ...], sources: tuple[Symbol, ...], family: str, depth: int = 2
) -> Iterator[CallSite]:
    """Yield the calls of a family that sources come from, through hashes too."""
    for symbol in sources:
        if not symbol.owner.startswith(PREFIX):
            continue
        site = sites[int(symbol.owner.removeprefix(PREFIX))]
        if site.kind == "use" and site.service == family:
            yield site
        elif site.kind == "use" and site.service == "hash" and depth:
            for argument in site.arguments:
                yield from makers(sites, argument.sources, family, depth - 1)


def made_of_time(function: Function, app: App) -> Iterator[Made]:
    """Yield what is nothing but the time, and is kept under a name that says it protects."""
    sites = sites_of(app, function)
    for one in made(function, app, "clock"):
        if _is_time(one.argument, sites):
            yield one


def _is_time(argument: Argument, sites: tuple[CallSite, ...]) -> bool:
    """Tell whether nothing else is in a value that could not be foretold: a number, a hash of it.

    Two pieces of a text that are not known may be the time and something random.
    """
    used = [_site(symbol, sites) for symbol in argument.sources]
    if not all(site is not None and site.service in ("clock", "hash") for site in used):
        return False
    for site in used:
        inside = site.arguments if site is not None and site.service == "hash" else ()
        if any(a.path != "with" and not _is_time(a, sites) for a in inside if a.sources):
            return False
    return all(_is_one(option) for option in alternatives(argument.value))


def _is_one(value: Value) -> bool:
    """Tell whether no more than one piece of a text is not known: that is the time."""
    return sum(isinstance(part, Open) for part in getattr(value, "parts", (value,))) == 1


def _site(symbol: Symbol, sites: tuple[CallSite, ...]) -> CallSite | None:
    if not symbol.owner.startswith(PREFIX):
        return None
    found = sites[int(symbol.owner.removeprefix(PREFIX))]
    return found if found.kind == "use" else None


def kept_name(site: CallSite, argument: Argument) -> str:
    """Return the name under which an argument is kept; of a placeholder, that of its attribute."""
    found = PLACEHOLDER.search(argument.path)
    if found is None:
        return last(argument.path)
    given = {one.path: str(one.value) for one in site.arguments}
    said = re.search(rf"([#\w.]+)\s*=[^,=]*{found[1]}\b", given.get("UpdateExpression", ""))
    name = last(said[1]) if said else found[1].lstrip(":")
    return given.get(f"ExpressionAttributeNames.{name}", name)


def _kept_as(site: CallSite, argument: Argument) -> str:
    """Return the name under which an argument is kept, "" if that does not say it protects."""
    path = argument.path
    if site.kind == "sdk" and site.service in SENDING:
        told = MESSAGE.search(path) and CODE.search(str(argument.value))
        return f"a code that {site.operation} sends" if told else ""
    if path.casefold().endswith(COOKIES):
        found = COOKIE.search(str(argument.value))
        return f"cookie {found[1]}" if found else ""
    name = kept_name(site, argument)
    if site.kind == "sdk" and site.service in KEEPING:
        return name if is_secret(name) and not path.startswith(OFFERED) else ""
    if site.kind == "response":
        asked = path.startswith(ANSWERED) and is_secret(name)
        return name if asked or path.startswith(CHALLENGE) else ""
    return name if site.kind == "http" and path.startswith("body.") and is_secret(name) else ""


def may_be_reference(name: str) -> bool:
    """Tell whether what a name says to keep others out may as well be a mere reference."""
    return bool(REFERENCE.search(plain_name(name)))


def is_temporary(name: str) -> bool:
    """Tell whether a name says that it is a password which has to be changed."""
    return bool(TEMPORARY.search(plain_name(name)))


def is_keyed(one: Made) -> bool:
    """Tell whether a secret goes into what is kept, too: it is signed, or a hash with a key."""
    return any(
        keeps_secret(last(symbol.attribute), shown=False)
        for symbol in one.argument.sources
        if symbol.owner == "env" or symbol.owner.startswith(PREFIX)
    )


def is_secret(name: str) -> bool:
    """Tell whether a name says that what is kept under it keeps others out."""
    found = plain_name(name)
    return bool(SECRET.search(found)) and not TECHNICAL.search(found)
