"""What AWS decides apart from any policy, for some actions and resources.

Sources: the KMS developer guide ("key policies"), the IAM User Guide ("service-linked roles",
"AWS managed policies") and the STS API reference.
"""

from __future__ import annotations

import re
from typing import Final

from checkrein.iam.arns import Manner, covers, truth
from checkrein.iam.callers import Caller
from checkrein.iam.matching import Matcher
from checkrein.iam.truth import MAYBE, NO, YES

AS_WRITTEN: Final = Manner(completed=False, negated=False)
KEYS: Final = "arn:*:kms:*:*:key/*"
TRUST: Final = frozenset(
    f"sts:{name}"
    for name in (
        "assumerole",
        "assumerolewithsaml",
        "assumerolewithwebidentity",
        "setsourceidentity",
        "tagsession",
    )
)
FREE: Final = "sts:getcalleridentity"
SERVICES: Final = frozenset({"iam", "kms", "sts"})  # the services with particulars

READS = r"iam:(get|list|generate|simulate)"
ALIASES = frozenset({"kms:createalias", "kms:deletealias", "kms:updatealias"})
ADMIN_OF_OWN = frozenset(
    {
        "iam:createservicelinkedrole",
        "iam:deleteservicelinkedrole",
        "iam:passrole",
        "iam:updateroledescription",
    }
)
EDITS = frozenset(
    f"iam:{name}"
    for name in (
        "attachrolepolicy",
        "createrole",
        "deleterole",
        "deleterolepermissionsboundary",
        "deleterolepolicy",
        "detachrolepolicy",
        "putrolepermissionsboundary",
        "putrolepolicy",
        "updateassumerolepolicy",
    )
)


def guarded(action: str, resource: str, matcher: Matcher) -> int:
    """Tell whether the resource's own policy has to allow, even within its account.

    So it is for keys, by key policy, and for roles to be assumed, by trust policy. ``action`` is
    in lower case here and below.
    """
    if action in TRUST:
        return YES
    return _named(KEYS, resource, matcher) if action.startswith("kms:") else NO


def closed(action: str, resource: str, who: Caller, matcher: Matcher) -> int:
    """Tell whether AWS refuses whatever policies say: what it manages itself, or root's roles."""
    if action == "sts:assumerole" and who.kind == "root":
        return YES
    if action in ALIASES:
        return _named("arn:*:kms:*:*:alias/aws/*", resource, matcher)
    if not action.startswith("iam:") or re.match(READS, action):
        return NO
    return max(
        _policy_closed(action, resource, matcher),
        _linked_closed(action, resource, matcher),
        _reserved_closed(action, resource, matcher),
    )


def _policy_closed(action: str, resource: str, matcher: Matcher) -> int:
    if action.startswith(("iam:attach", "iam:detach")):
        return NO
    return _named("arn:*:iam::aws:policy/*", resource, matcher)


def _linked_closed(action: str, resource: str, matcher: Matcher) -> int:
    if action in ADMIN_OF_OWN:
        return NO
    found = _named("arn:*:iam::*:role/aws-service-role/*", resource, matcher)
    return found if action in EDITS else min(found, MAYBE)


def _reserved_closed(action: str, resource: str, matcher: Matcher) -> int:
    found = _named("arn:*:iam::*:role/aws-reserved/*", resource, matcher)
    return min(found, MAYBE) if action == "iam:passrole" else found


def _named(pattern: str, resource: str, matcher: Matcher) -> int:
    return NO if resource == "*" else truth(covers(pattern, resource, matcher, AS_WRITTEN))
