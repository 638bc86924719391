"""Policies that an identity has and nobody here can read: what they allow is not known."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.managed import managed_policy
from checkrein.derive.access.identities import GROUP, UNTOLD, USER
from checkrein.derive.stacks.directory import Directory
from checkrein.errors import InputError
from checkrein.iam.documents import Statement, statements
from checkrein.model import Evidence, Path, Resource, Undecided, Value
from checkrein.model.values import alternatives

POLICIES: Path = ("Policies",)
MANAGED: Path = ("ManagedPolicyArns",)
GROUPS: Path = ("Groups",)
APP_POLICY = ("AWS::IAM::ManagedPolicy",)


def untold(directory: Directory, identity: Resource) -> Iterator[Evidence]:
    """Yield the policies of an identity, its groups' for a user, that cannot be read."""
    yield from _inline(identity)
    deployment = directory.deployment(identity.id)
    for at, value in _items(identity, MANAGED):
        known = managed_policy(str(directory.canonical(value)))
        if not known and not directory.find(value, deployment, APP_POLICY):
            yield Evidence(f"the policy {value}", identity.where(at))
    for at, value in _items(identity, GROUPS) if identity.type == USER else ():
        groups = directory.find(value, deployment, (GROUP,))
        for id in groups:
            yield from untold(directory, directory.resources[id])
        if not groups:
            yield Evidence(f"the group {value}", identity.where(at))


def unknown_statement(said: Evidence) -> Statement:
    """Return a statement that perhaps allows everything: one policy that cannot be read."""
    return Statement(
        effect="Allow",
        actions=("*",),
        resources=("*",),
        conditions={UNTOLD: {said.text: "not known"}},
    )


def _inline(identity: Resource) -> Iterator[Evidence]:
    for at, policy in _items(identity, POLICIES):
        document = policy.get("PolicyDocument") if isinstance(policy, dict) else policy
        for option in alternatives(document):
            if option is not None and not _is_told(option):
                yield Evidence(f"an inline policy of {identity.name}", identity.where(at))


def _is_told(document: Value) -> bool:
    try:
        statements(document)
    except Undecided:
        return False
    except InputError:
        return True  # and grants nothing: IAM takes no such policy
    return True


def _items(resource: Resource, path: Path) -> Iterator[tuple[Path, Value]]:
    """Yield the items of a list, or what stands in its place, with all alternatives."""
    for option in alternatives(resource.value(path)):
        items = enumerate(option) if isinstance(option, list) else ((None, option),)
        for index, item in items:
            at = path if index is None else (*path, index)
            yield from ((at, each) for each in alternatives(item) if each is not None)
