"""Who calls, and whether a Principal or NotPrincipal element names the caller."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from tests.iam.reference.certainty import Answer, either

ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root|(\d{12})", re.ASCII)


class Caller(NamedTuple):
    """kind: anonymous, service, provider (an identity provider), root, user, role, session,
    federated (a session of GetFederationToken), other. ``role``: the role's name without path."""

    kind: str
    arn: str = ""
    account: str = ""
    role: str = ""

    @property
    def outside(self) -> bool:
        """Tell whether no account of its own speaks for the caller."""
        return self.kind in ("anonymous", "service", "provider")


@lru_cache(maxsize=100_000)
def caller(arn: str) -> Caller:
    if not arn.startswith("arn:"):
        return Caller("service", arn) if arn else Caller("anonymous")
    _, _, service, _, account, name = arn.split(":", 5)
    kind, _, rest = name.partition("/")
    if kind in ("saml-provider", "oidc-provider"):
        return Caller("provider", arn)
    if service == "sts" and kind == "assumed-role":
        return Caller("session", arn, account, rest.partition("/")[0])
    if service == "sts" and kind == "federated-user":
        return Caller("federated", arn, account)
    if kind == "role":
        return Caller("role", arn, account, rest.rpartition("/")[2])
    return Caller(kind if kind in ("root", "user") else "other", arn, account)


Names = Iterator[tuple[str, Answer]]


def named(element: Any, who: Caller) -> dict[str, Answer]:
    """By which kinds of name a Principal element covers the caller, and how certainly."""
    found: dict[str, Answer] = {}
    for kind, value in written(element):
        for by, answer in _named(kind, value, who):
            found[by] = either([found.get(by, False), answer])
    return found


def written(element: Any) -> Iterator[tuple[str, str]]:
    if isinstance(element, str):
        yield "AWS", element
        return
    for kind, values in element.items():
        for value in values if isinstance(values, list) else [values]:
            yield kind, value


def _named(kind: str, value: str, who: Caller) -> Names:
    if kind == "AWS" and value == "*":
        yield from everyone()
    elif kind == "AWS" and who.account:
        yield from account(value, who)
        yield from entity(value, who)
    elif kind in ("Service", "Federated"):
        yield from outsider(value, who)
    elif kind == "CanonicalUser":
        yield from canonical(who)


def everyone() -> Names:
    """A lone * is all principals, anonymous ones and services included. As a part of a name it
    is no wildcard ("You cannot use a wildcard to match part of a principal name or ARN")."""
    yield "everyone", True


def account(value: str, who: Caller) -> Names:
    """An account's id or its root ARN: all principals of the account; it delegates, only."""
    match = ROOT.fullmatch(value)
    if match and who.account in match.groups():
        yield "account", True


def entity(value: str, who: Caller) -> Names:
    """The ARN of a user, role or session.

    A role's ARN covers its sessions, as "role", not as themselves. A session's ARN may be the one
    that a caller known by its role has; a user's may be the one who federated: both doubtful.
    """
    if who.kind == "root":
        return
    if value == who.arn:
        yield ("role" if who.kind == "role" else "self"), True
        return
    other = caller(value) if value.count(":") >= 5 and value.startswith("arn:") else None
    if other is None or other.account != who.account:
        return
    if who.kind == "session" and other.kind == "role" and other.role == who.role:
        yield "role", True
    if who.kind == "role" and other.kind == "session" and other.role == who.role:
        yield "self", None
    if who.kind == "federated" and other.kind == "user":
        yield "federating user", None


def outsider(value: str, who: Caller) -> Names:
    """A service principal, or an identity provider, by its exact name; what a * means is
    doubtful."""
    if who.kind in ("service", "provider") and value in (who.arn, "*"):
        yield "self", True if value == who.arn else None


def canonical(who: Caller) -> Names:
    """S3's canonical user id is some account's; nothing here tells which: doubtful."""
    if who.account:
        yield "account", None


def excluded(element: Any, who: Caller, *, deny: bool, bounded: bool) -> Answer:
    """Tell whether NotPrincipal spares the caller.

    With Deny "you must also specify the account ARN of the not-denied principal. Otherwise, the
    policy might deny access to the entire account", and for an assumed role the role's ARN too:
    doubtful without. An account alone spares its root user; whether others, is doubtful. With a
    permissions boundary "NotPrincipal with a Deny effect will always deny".
    """
    if deny and bounded and not who.outside:
        return False
    names = named(element, who)
    if names.get("everyone"):
        return True
    exact = either([names.get("self", False), names.get("role", False)])
    if who.kind == "root" or who.outside:
        return either([exact, names.get("account", False)])
    if exact is False:
        return None if names else False
    return exact if not deny or _whole(names, who) else None


def _whole(names: dict[str, Answer], who: Caller) -> bool:
    """Account, role and session are all listed, as far as the caller has them."""
    needed = {"session": ("account", "role", "self"), "role": ("account", "role")}
    return all(names.get(by) for by in needed.get(who.kind, ("account", "self")))
