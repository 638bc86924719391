"""Who makes a request, and how a statement's Principal or NotPrincipal names them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, auto
from functools import lru_cache

from msgspec import Struct

from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.operators import has_symbol
from checkrein.iam.symbols import Kind
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.late import regex
from checkrein.model import Value

PARTS = 6
KINDS = {
    "assumed-role": "session",
    "federated-user": "federated",
    "oidc-provider": "provider",
    "root": "root",
    "saml-provider": "provider",
    "user": "user",
}
OF_AN_ACCOUNT = frozenset({"root", "user", "role", "session", "federated"})
ROOT = regex(r"arn:[^:]+:iam::([^:]+):root")
ACCOUNT = regex(r"\d{12}")


class Naming(IntEnum):
    """How a resource's policy names a caller; that decides what else limits the caller."""

    ACCOUNT = auto()  # by the account, which only delegates to its identity policies
    ROLE = auto()  # by the role, whose boundary and session policy still limit
    DIRECT = auto()  # by the user, the session or the service itself
    ANYONE = auto()


class Caller(Struct, frozen=True):
    """The principal of a request.

    ``kind``: root, user, role, session (of a role), federated (of a user); or without policies of
    their own: service, provider (of identities), anonymous.
    """

    arn: str
    kind: str
    account: str = ""
    name: str = ""  # of the role or user, without its path

    @property
    def has_account(self) -> bool:
        """Tell whether policies of an account can be attached to the caller."""
        return self.kind in OF_AN_ACCOUNT

    @property
    def service_linked(self) -> int:
        """Tell a service's own role, which organisation policies do not limit.

        A session's ARN lacks the path that shows it, and other roles may be named alike.
        """
        if self.kind == "session" and self.name.startswith("AWSServiceRoleFor"):
            return MAYBE
        return YES if ":role/aws-service-role/" in self.arn else NO


@lru_cache(maxsize=4096)
def caller(principal: str) -> Caller:
    """Take a request's principal apart, which may hold symbols."""
    if not principal:
        return Caller(arn="", kind="anonymous")
    parts = principal.split(":")
    if len(parts) < PARTS:
        return Caller(arn=principal, kind="role" if has_symbol(principal) else "service")
    account, resource = parts[4], parts[5]
    kind, _, path = resource.partition("/")
    name = path.partition("/")[0] if kind == "assumed-role" else path.rpartition("/")[2]
    return Caller(principal, KINDS.get(kind, "role"), account, name)


Named = tuple[Naming, int]


def namings(statement: Statement, who: Caller, matcher: Matcher, *, bounded: bool) -> list[Named]:
    """Return how a statement names a caller, each with YES or MAYBE; nothing if it does not.

    ``bounded``: the caller has a permissions boundary, which makes NotPrincipal with Deny apply
    whomever it names.
    """
    if statement.not_principals:
        denied = statement.effect == "Deny" and bounded and who.has_account
        applies = YES if denied else _not_excluded(statement, who, matcher)
        return [(Naming.ANYONE, applies)] if applies else []
    return [
        named
        for kind, value in statement.principals
        for named in _named(kind, value, who, matcher)
        if named[1]
    ]


def _named(kind: str, value: Value, who: Caller, matcher: Matcher) -> Iterator[Named]:
    options = [_best(kind, text, who, matcher) for text in matcher.symbols.encode(value)]
    for how in dict.fromkeys(how for option in options for how in option):
        yield how, agreed([option.get(how, NO) for option in options])


def _best(kind: str, text: str, who: Caller, matcher: Matcher) -> dict[Naming, int]:
    found: dict[Naming, int] = {}
    for how, sure in _by_text(kind, text, who, matcher):
        found[how] = max(sure, found.get(how, NO))
    return found


def _by_text(kind: str, text: str, who: Caller, matcher: Matcher) -> Iterator[Named]:
    if kind == "*" or (kind == "AWS" and text == "*"):
        yield Naming.ANYONE, YES
    elif kind == "Account":  # an ACL's "authenticated users": anyone with an account
        yield Naming.ANYONE, YES if who.has_account else NO
    elif kind == "AWS":
        yield from _by_arn(text, who, matcher)
    elif kind == "CanonicalUser":  # whose account that is, nothing here tells
        yield Naming.ACCOUNT, MAYBE if who.has_account else NO
    elif kind in {"Service", "Federated"} and not who.has_account and who.arn:
        yield Naming.DIRECT, MAYBE if text == "*" else same(text, who.arn, matcher)


def _by_arn(text: str, who: Caller, matcher: Matcher) -> Iterator[Named]:
    root = ROOT.fullmatch(text)
    bare = has_symbol(text) and ":" not in text
    if bare and matcher.symbols.kind(text[0]) is Kind.ANY:
        yield Naming.ANYONE, MAYBE  # a parameter may hold "*" as well
    elif not who.has_account:
        return
    elif (
        root or ACCOUNT.fullmatch(text) or (bare and len(text) == 1 and _is_account(text, matcher))
    ):
        yield Naming.ACCOUNT, same(root[1] if root else text, who.account, matcher)
    else:
        how = Naming.ROLE if who.kind == "role" else Naming.DIRECT
        yield how, same(text, who.arn, matcher)
        yield Naming.ROLE, _behind(text, who, matcher)
        yield Naming.DIRECT, _ahead(text, who, matcher)


def _is_account(text: str, matcher: Matcher) -> bool:
    return matcher.symbols.kind(text) is Kind.ACCOUNT


def _behind(text: str, who: Caller, matcher: Matcher) -> int:
    """Tell whether an ARN is of the role or the user that a session comes from."""
    if who.kind not in {"session", "federated"}:
        return NO
    parts = text.split(":")
    if len(parts) < PARTS:
        return MAYBE if has_symbol(text) else NO
    kind, _, path = parts[5].partition("/")
    of_account = same(parts[4], who.account, matcher)
    if who.kind == "federated":  # a federated session's ARN does not tell its user
        return min(of_account, MAYBE) if kind == "user" else NO
    if parts[2] != "iam" or (kind != "role" and not has_symbol(kind)):
        return NO
    return min(of_account, same(path.rpartition("/")[2], who.name, matcher))


def _ahead(text: str, who: Caller, matcher: Matcher) -> int:
    """Tell whether an ARN may be the session that a caller known by its role calls in."""
    parts = text.split(":")
    if who.kind != "role" or len(parts) < PARTS or not parts[5].startswith("assumed-role/"):
        return NO
    of_role = same(parts[5].split("/")[1], who.name, matcher)
    return min(MAYBE, same(parts[4], who.account, matcher), of_role)


def same(left: str, right: str, matcher: Matcher) -> int:
    """Compare two texts without wildcards, which may hold symbols."""
    if left == right:
        return YES
    if not has_symbol(left) and not has_symbol(right):
        return NO
    return MAYBE if matcher.cover(left, right) else NO


def _not_excluded(statement: Statement, who: Caller, matcher: Matcher) -> int:
    """Tell whether NotPrincipal leaves a caller in.

    With Deny AWS asks to name a user with its account, a session with its role and account. Where
    only some of these are named, whether the caller is left out is doubtful.
    """
    found: dict[Naming, int] = {}
    for kind, value in statement.not_principals:
        for how, sure in _named(kind, value, who, matcher):
            found[how] = max(found.get(how, NO), sure)
    if Naming.ANYONE in found:
        return YES - found[Naming.ANYONE]
    if not any(found.values()):
        return YES
    itself = max(found.get(Naming.ROLE, NO), found.get(Naming.DIRECT, NO))
    whole = min(found.get(how, NO) for how in _levels(who))
    return NO if YES in (whole, statement.effect == "Allow" and itself) else MAYBE


def _levels(who: Caller) -> tuple[Naming, ...]:
    """Return all the ways in which NotPrincipal must name a caller to leave it out."""
    if who.kind == "session":
        return Naming.ACCOUNT, Naming.ROLE, Naming.DIRECT
    if who.kind == "role":
        return Naming.ACCOUNT, Naming.ROLE
    if who.kind in {"user", "federated"}:
        return Naming.ACCOUNT, Naming.DIRECT
    return (Naming.ACCOUNT,) if who.kind == "root" else (Naming.DIRECT,)
