"""Every policy that has a say between one caller and one resource, for the policy engine.

What an app's facts say by other forms (ACLs, Lambda permissions, trust) are statements here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checkrein.derive.access.authority import symbols_of
from checkrein.derive.access.identities import BLOCKS, Spoken, spoken
from checkrein.derive.access.untold import unknown_statement, untold
from checkrein.derive.stacks.directory import Directory, directory_of
from checkrein.errors import InputError
from checkrein.iam import Authorizer, Policies, Statement, statements
from checkrein.iam.grants import statement_of
from checkrein.iam.matching import Matcher
from checkrein.model import (
    App,
    Choice,
    Evidence,
    Grant,
    Limit,
    Resource,
    Symbol,
    Undecided,
    Value,
)

TRUST = "AssumeRolePolicyDocument"
ROLE = "AWS::IAM::Role"
VERSION = "2012-10-17"


class Bench(NamedTuple):
    """An engine with the policies that concern one question, and who says what in them.

    ``evidence`` is by the statements' ``sid``.
    """

    authorizer: Authorizer
    evidence: dict[str, Evidence]
    trust: bool  # the resource's policy is a role's trust policy


class PolicyBook:
    """The policies of an app that is derived; ``symbols`` encode what a request is about."""

    def __init__(self, app: App) -> None:
        self.directory: Directory = directory_of(app)
        self.symbols = symbols_of(self.directory)
        self._matcher = Matcher(self.symbols)
        self._grants = app.every(Grant)
        self._limits = app.every(Limit)

    def bench(self, identity: str, target: str, *, elsewhere: str = "") -> Bench:
        """Return the engine for what an identity asks of a resource; either may be "" (none).

        ``elsewhere`` names policies of its own that stand in no template: perhaps they allow it.
        """
        evidence: dict[str, Evidence] = {}
        own = [g for g in self._grants if g.identity == identity and not g.holder]
        limits = [limit for limit in self._limits if limit.identity == identity]
        resource = self.directory.resources.get(target)
        said = list(self._about(resource)) if resource else []
        target_is_role = resource is not None and resource.type == ROLE
        policies = Policies(
            identity=(*self._granted(own, evidence), *self._untold(identity, elsewhere, evidence)),
            boundary=tuple(self._granted(limits, evidence)) if limits else None,
            resource=self._spoken(said, evidence) if said else None,
            restrict_public=bool(resource) and _is_shut(resource),
        )
        return Bench(Authorizer(policies, self.symbols, self._matcher), evidence, target_is_role)

    def arns(self, id: str) -> tuple[str, ...]:
        """Return the ARNs of a resource and its parts, encoded."""
        values = self.directory.arns(self.directory.resources[id])
        return tuple(arn for value in values for arn in self.symbols.encode(value))

    def caller(self, identity: str) -> str:
        """Return an identity as the principal of a request: its ARN, a service's host, or ""."""
        if identity in self.directory.resources:
            return self.arns(identity)[0]
        kind, _, name = identity.partition(":")
        if kind == "account" and name:
            return f"arn:aws:iam::{name}:root"
        return name if kind == "service" else "" if identity.endswith("@anyone") else identity

    def account(self) -> str:
        """Return the app's own account, encoded."""
        return self.symbols.encode(Symbol("@aws", "AccountId"))[0]

    def _about(self, resource: Resource) -> Iterator[Spoken]:
        """Yield what is said about a resource: by its own policy, permissions, ACL or trust."""
        deployment = self.directory.deployment(resource.id)
        for source in self.directory.members(deployment):
            yield from (
                said for said in spoken(self.directory, source) if said.holder == resource.id
            )
        if resource.type == ROLE:
            for statement in _trusting(resource):
                yield Spoken(resource, (TRUST,), statement, resource.id)

    def _granted(self, grants: Iterable[Grant], evidence: dict[str, Evidence]) -> Iterator[Value]:
        for grant in grants:
            yield _document([self._written(statement_of(grant), f"{len(evidence)}")])
            evidence[f"{len(evidence)}"] = grant.evidence[0]

    def _untold(
        self, identity: str, elsewhere: str, evidence: dict[str, Evidence]
    ) -> Iterator[Value]:
        """Yield what perhaps allows everything: policies of the identity that cannot be read."""
        resource = self.directory.resources.get(identity)
        unread = list(untold(self.directory, resource)) if resource else []
        for said in [*unread, Evidence(elsewhere)] if elsewhere else unread:
            yield _document([self._written(unknown_statement(said), f"{len(evidence)}")])
            evidence[f"{len(evidence)}"] = said

    def _spoken(self, found: Iterable[Spoken], evidence: dict[str, Evidence]) -> Value:
        written = []
        for said in found:
            written.append(self._written(said.statement, f"{len(evidence)}"))
            evidence[f"{len(evidence)}"] = said.evidence
        return _document(written)

    def _written(self, statement: Statement, sid: str) -> Value:
        """Return a statement as a document has it, references in it resolved to ARNs."""
        elements = {
            "Action": list(statement.actions),
            "NotAction": list(statement.not_actions),
            "Resource": list(statement.resources),
            "NotResource": list(statement.not_resources),
            "Principal": _principal(statement.principals),
            "NotPrincipal": _principal(statement.not_principals),
            "Condition": statement.conditions,
        }
        held = {name: self.directory.canonical(v) for name, v in elements.items() if v}
        written = {"Sid": sid, "Effect": statement.effect, **held}
        return Choice(((statement.when, written),)) if statement.when else written


def _document(written: list[Value]) -> Value:
    return {"Version": VERSION, "Statement": written}


def _principal(pairs: tuple[tuple[str, Value], ...]) -> Value:
    if any(kind == "*" for kind, _ in pairs):
        return "*"
    found: dict[str, list[Value]] = {}
    for kind, value in pairs:
        found.setdefault(kind, []).append(value)
    return found


def _trusting(role: Resource) -> tuple[Statement, ...]:
    document = role.value(TRUST)
    try:
        return statements(document) if isinstance(document, (dict, str)) else ()
    except (InputError, Undecided):
        return ()


def _is_shut(resource: Resource | None) -> bool:
    """Tell whether a bucket's public policies count for nobody outside its account."""
    if resource is None or resource.type != "AWS::S3::Bucket":
        return False
    return any(resource.value(("PublicAccessBlockConfiguration", name)) is True for name in BLOCKS)
