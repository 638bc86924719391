"""A slow, literal reading of IAM's user guide, "Policy evaluation logic", one function a rule.

It shares nothing with the engine but the shape of the question, so that agreement says something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from checkrein.iam.requests import Policies, Request
from tests.iam.reference import coverage
from tests.iam.reference.certainty import Answer, both, doubted, either, opposite
from tests.iam.reference.principals import Caller, caller
from tests.iam.reference.public import public
from tests.iam.reference.statements import Applied, Call, any_of, applied

ALLOWED, EXPLICIT, IMPLICIT = "allowed", "explicitly denied", "implicitly denied"

READ = re.compile(r"iam:(get|list|generate|simulate)", re.IGNORECASE)
ROLE = re.compile(r"arn:[\w-]+:iam::\d*:role/(.*)", re.ASCII)
LINKED_ALLOWED = ("createservicelinkedrole", "deleteservicelinkedrole", "updateroledescription",
                  "passrole")  # fmt: skip
LINKED_DENIED = ("createrole", "deleterole", "putrolepolicy", "deleterolepolicy",
                 "attachrolepolicy", "detachrolepolicy", "updateassumerolepolicy",
                 "putrolepermissionsboundary", "deleterolepermissionsboundary")  # fmt: skip


class Said(NamedTuple):
    """What all policies of one kind say together; grants by the names that they are made to."""

    deny: Answer
    allow: Answer
    grants: dict[str, Answer]


def outcomes(request: Request, policies: Policies) -> set[str]:
    """Return every outcome that AWS's documentation leaves possible; contexts must be complete."""
    assert not request.open, "complete the context first"
    if get_caller_identity(request):
        return {ALLOWED}
    call = _call(request, policies)
    guards = [*control(call, policies), resource_control(call, policies), endpoint(call, policies)]
    held = Held(
        identity=identity(call, policies),
        boundary=boundary(call, policies),
        session=session(call, policies),
        resource=resource(call, policies),
    )
    denied = either([*(guard.deny for guard in guards), *(said.deny for said in held)])
    allowed = both(
        [
            *(guard.allow for guard in guards),
            granted(call, held),
            opposite(protected(request)),
            public_access(call, policies),
        ]
    )
    return _outcomes(denied, allowed)


class Held(NamedTuple):
    identity: Said
    boundary: Said
    session: Said
    resource: Said


def _call(request: Request, policies: Policies) -> Call:
    context = {key.lower(): value for key, value in request.context.items()}
    return Call(request, caller(request.principal), context, policies.boundary is not None)


def _outcomes(denied: Answer, allowed: Answer) -> set[str]:
    """An explicit deny in any policy overrides any allow; no allow is an implicit deny."""
    found = {EXPLICIT} if denied is not False else set()
    if denied is not True and allowed is not False:
        found.add(ALLOWED)
    if denied is not True and allowed is not True:
        found.add(IMPLICIT)
    return found


def _said(kind: str, documents: Iterable[Any], call: Call) -> Said:
    deny: list[Answer] = []
    grants: dict[str, list[Answer]] = {}
    for document in documents:
        found: Applied
        for found in applied(kind, document, call):
            effect, by = found
            coverage.saw(f"{kind} {effect}")
            if kind == "endpoint" and call.who.kind != "root":
                by["account"] = doubted(by.get("account", False), doubt=True)
            if effect == "Deny":
                deny.append(any_of(by))
            else:
                for name, answer in by.items():
                    grants.setdefault(name, []).append(answer)
    merged = {name: either(answers) for name, answers in grants.items()}
    return Said(either(deny), either(merged.values()), merged)


NOTHING = Said(deny=False, allow=False, grants={})
NO_LIMIT = Said(deny=False, allow=True, grants={})


def get_caller_identity(request: Request) -> bool:
    """sts:GetCallerIdentity: no permission is needed, and an explicit deny does not stop it, only
    that nobody signs."""
    return request.action.lower() == "sts:getcalleridentity" and bool(request.principal)


def identity(call: Call, policies: Policies) -> Said:
    """Identity-based policies speak for users, roles and their sessions.

    The root user has full access to its account; services and anonymous callers have no identity.
    """
    if call.who.outside:
        return NOTHING
    said = _said("identity", policies.identity, call)
    return said._replace(allow=True) if call.who.kind == "root" else said


def boundary(call: Call, policies: Policies) -> Said:
    """A permissions boundary limits what identity-based policies can grant to a user or role."""
    if policies.boundary is None or call.who.outside:
        return NO_LIMIT
    return _said("boundary", policies.boundary, call)


def session(call: Call, policies: Policies) -> Said:
    """A session policy limits its session.

    Without one a role session has the role's permissions, and a federated user session none.
    """
    if policies.session is None:
        return NOTHING if call.who.kind == "federated" else NO_LIMIT
    if call.who.outside:
        return NO_LIMIT
    return _said("session", [policies.session], call)


def resource(call: Call, policies: Policies) -> Said:
    """A resource-based policy grants to the principals that it names."""
    if policies.resource is None:
        return NOTHING
    kind = "resource"
    if key_or_role(call.request):
        kind = "key" if call.request.action.lower().startswith("kms:") else "trust"
    return _said(kind, [policies.resource], call)


def control(call: Call, policies: Policies) -> list[Said]:
    """Service control policies limit every principal of the member account, its root user too;
    every level must allow. They "don't affect any service-linked role", nor callers of no account.
    """
    if call.who.outside:
        return []
    found = [_said("service control", level, call) for level in policies.service_control]
    return [_unless(service_linked(call.who), said) for said in found]


def resource_control(call: Call, policies: Policies) -> Said:
    """Resource control policies deny whoever calls, service-linked roles apart.

    RCPFullAWSAccess is attached everywhere and cannot be detached, so they always allow.
    """
    levels = [_said("resource control", level, call) for level in policies.resource_control]
    deny = Said(either(said.deny for said in levels), allow=True, grants={})
    return _unless(service_linked(call.who), deny)


def _unless(exempt: Answer, said: Said) -> Said:
    return Said(both([opposite(exempt), said.deny]), either([exempt, said.allow]), {})


def service_linked(who: Caller) -> Answer:
    """A service-linked role lies in the path aws-service-role; a session's ARN has no path, and
    other roles may have a name that begins like theirs: doubtful."""
    if who.kind == "session":
        return None if who.role.startswith("AWSServiceRoleFor") else False
    return who.kind == "role" and ":role/aws-service-role/" in who.arn


def endpoint(call: Call, policies: Policies) -> Said:
    """A VPC endpoint's policy limits what passes through it; it must name the principals.

    Of an account named there one page says that it means the root user only: doubtful for others.
    """
    if policies.endpoint is None:
        return NO_LIMIT
    return _said("endpoint", policies.endpoint, call)


def granted(call: Call, held: Held) -> Answer:
    """Within an account either side grants; across accounts both must; others need the resource's."""
    if call.who.outside:
        grants = held.resource.grants
        return either([grants.get("everyone", False), grants.get("self", False)])
    if call.who.kind == "root" and call.request.action.lower() == "sts:assumerole":
        return False  # "You cannot call AssumeRole by using … root user credentials"
    own = both([held.identity.allow, held.boundary.allow, held.session.allow])
    if call.request.owner not in ("", call.who.account):
        return both([own, held.resource.allow])
    direct = directly(held)
    if key_or_role(call.request):
        return either([direct, both([own, held.resource.grants.get("account", False)])])
    return either([direct, own])


def directly(held: Held) -> Answer:
    """What a resource-based policy grants without an identity-based one, within an account.

    To the user or session itself, and to everyone: no implicit deny of a boundary or session
    policy limits it. To the role's ARN, or the federating user's: both limit it. To the account:
    it only delegates.
    """
    grants = held.resource.grants
    limits = [held.boundary.allow, held.session.allow]
    return either(
        [
            grants.get("everyone", False),
            grants.get("self", False),
            both([grants.get("role", False), *limits]),
            both([grants.get("federating user", False), *limits]),
        ]
    )


def key_or_role(request: Request) -> bool:
    """KMS keys and roles are exceptions: their policies "must explicitly allow access"."""
    service = request.action.partition(":")[0].lower()
    if service == "kms":
        return ":key/" in request.resource
    return service == "sts" and ROLE.fullmatch(request.resource) is not None


def protected(request: Request) -> Answer:
    """What AWS keeps to itself: its managed policies, reserved paths of roles, its KMS aliases."""
    action = request.action.lower()
    if action.startswith("kms:"):
        aliases = ("kms:createalias", "kms:updatealias", "kms:deletealias")
        return action in aliases and ":alias/aws/" in request.resource
    if not action.startswith("iam:") or READ.match(action):
        return False
    return ":iam::aws:policy/" in request.resource or reserved_role(action[4:], request.resource)


def reserved_role(action: str, arn: str) -> Answer:
    """Roles under aws-reserved cannot be changed; service-linked ones only made, deleted,
    described and passed. What else can be done to them is doubtful."""
    match = ROLE.fullmatch(arn)
    path = match[1] if match else ""
    if path.startswith("aws-reserved/"):
        return None if action == "passrole" else True
    if not path.startswith("aws-service-role/") or action in LINKED_ALLOWED:
        return False
    return True if action in LINKED_DENIED else None


def public_access(call: Call, policies: Policies) -> Answer:
    """RestrictPublicBuckets: a bucket with a public policy is for its own account and services."""
    if not policies.restrict_public or policies.resource is None:
        return True
    if call.who.kind == "service" or (
        call.who.account and call.request.owner in ("", call.who.account)
    ):
        return True
    coverage.saw("public access block")
    return opposite(public(policies.resource))
