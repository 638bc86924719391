"""Who can act, and every statement that lets them, as written and where."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from msgspec.structs import asdict

from checkrein.catalog.managed import managed_policy
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.directory import Directory
from checkrein.errors import InputError
from checkrein.iam.documents import Statement, statements
from checkrein.iam.grants import statement_of_permission, statements_of_acl
from checkrein.iam.principals import principal_ids
from checkrein.model import Evidence, Grant, Identity, Limit, Path, Resource, Value
from checkrein.model.values import Undecided, alternatives
from checkrein.model.workloads import role_path

ROLES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
ATTACHED = {  # policies, and the properties that say whom they are attached to
    "AWS::IAM::Policy": ("Roles", "Users", "Groups"),
    "AWS::IAM::ManagedPolicy": ("Roles", "Users", "Groups"),
    "AWS::IAM::RolePolicy": ("RoleName",),
    "AWS::IAM::UserPolicy": ("UserName",),
    "AWS::IAM::GroupPolicy": ("GroupName",),
}
GROUP = "AWS::IAM::Group"
USER = "AWS::IAM::User"
HOLDERS = {  # resource policies: the document, and what it is attached to (itself where empty)
    "AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::QueueInlinePolicy": ("PolicyDocument", "Queue"),
    "AWS::SNS::TopicInlinePolicy": ("PolicyDocument", "TopicArn"),
    "AWS::KMS::Key": ("KeyPolicy", ""),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy", "SecretId"),
    "AWS::DynamoDB::Table": ("ResourcePolicy.PolicyDocument", ""),
    "AWS::Kinesis::ResourcePolicy": ("ResourcePolicy", "ResourceArn"),
    "AWS::Logs::ResourcePolicy": ("PolicyDocument", ""),
    "AWS::Events::EventBusPolicy": ("Statement", "EventBusName"),
    "AWS::ApiGateway::RestApi": ("Policy", ""),
}
BUCKET, PERMISSION = "AWS::S3::Bucket", "AWS::Lambda::Permission"
SPEAKING = (*ROLES, *ATTACHED, *HOLDERS, BUCKET, PERMISSION)
NARROWING = frozenset({  # with one of these, "*" is not anyone on the internet
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:principalorgid",
    "aws:principalarn", "aws:principalaccount", "aws:sourcevpce", "aws:sourcevpc", "aws:sourceip",
    "kms:calleraccount", "kms:viaservice", "sns:endpoint",
})  # fmt: skip
BLOCKS = ("BlockPublicPolicy", "RestrictPublicBuckets")
UNTOLD = "unknown"  # stands for an operator: it depends on what nobody here has read
UNKNOWN = Statement(  # a boundary that nobody here has read
    effect="Allow",
    actions=("*",),
    resources=("*",),
    conditions={UNTOLD: {"the permissions boundary": "not known"}},
)
SHOWN = 4  # actions that fit a line of evidence
NAMED = (("ManagedPolicyArns",), ("PermissionsBoundary",))  # policies by their names
ACL: Path = ("AccessControl",)


def identities(directory: Directory, boundary: Boundary) -> Iterator[Identity | Grant]:
    """Yield every identity of the app and all its grants."""
    yield from boundary.over(directory.of_type(*SPEAKING), lambda r: _of(directory, r))


def _of(directory: Directory, resource: Resource) -> Iterator[Identity | Grant]:
    if resource.type in ROLES:
        deployment = directory.deployment(resource.id)
        yield Identity(id=resource.id, deployment=deployment, evidence=resource.evidence)
        yield from _own(directory, resource)
    elif resource.type in ATTACHED:
        yield from _attached(directory, resource)
    for said in spoken(directory, resource):
        for identity in _whom(directory, said):
            yield _grant(resource, said.path, said.statement, identity, said.holder)


class Spoken(NamedTuple):
    """A statement of a resource's policy, which stands at ``path`` in ``source``.

    ``path`` leads to the document, the statement's own path from there to the statement.
    """

    source: Resource
    path: Path
    statement: Statement
    holder: str

    @property
    def evidence(self) -> Evidence:
        """What the statement says, and where."""
        return _said(self.source, (*self.path, *self.statement.path), self.statement)


def spoken(directory: Directory, source: Resource) -> Iterator[Spoken]:
    """Yield what a resource says about the use of itself or of another, whomever it names."""
    if source.type in HOLDERS:
        yield from _held(directory, source)
    elif source.type == BUCKET:
        yield from _canned(directory, source)
    elif source.type == PERMISSION:
        yield from _permitted(directory, source)


def _permitted(directory: Directory, permission: Resource) -> Iterator[Spoken]:
    """Yield the statement that a permission adds to its function's own policy."""
    principal, action = permission.value("Principal"), permission.value("Action")
    if not isinstance(principal, str) or not isinstance(action, str):
        return
    said = statement_of_permission(permission.properties, "*")
    deployment = directory.deployment(permission.id)
    for holder in directory.find(permission.value("FunctionName"), deployment):
        yield Spoken(permission, (), said, holder)


def identity_of(directory: Directory, function: Resource) -> str:
    """Return the id of the role that a function runs as, its ARN if outside, or ``""``."""
    value = function.value(role_path(function.type))
    for id in directory.find(value, directory.deployment(function.id), ROLES):
        return id
    return value if isinstance(value, str) else ""


def anyone(deployment: str) -> str:
    """Return the id of the identity that stands for everybody on the internet."""
    return f"{deployment}@anyone"


def _own(directory: Directory, role: Resource) -> Iterator[Grant]:
    for index, policy in enumerate(_list(role.value("Policies"))):
        for option in alternatives(policy):
            document = option.get("PolicyDocument") if isinstance(option, dict) else None
            within = ("Policies", index, "PolicyDocument")
            yield from _grants(role, within, document, _with_members(directory, role.id))
    yield from _limits(directory, role)
    for index, value in enumerate(_list(role.value("ManagedPolicyArns"))):
        at: Path = ("ManagedPolicyArns", index)
        for option in alternatives(value):
            yield from _of_managed(directory, role, at, option)


def _of_managed(directory: Directory, role: Resource, at: Path, option: Value) -> Iterator[Grant]:
    """Yield the statements of a managed policy, AWS's or the app's own, that a role names."""
    holders = _with_members(directory, role.id)
    for statement in _managed(str(directory.canonical(option))):
        for holder in holders:
            yield _grant(role, at, statement, holder)
    deployment = directory.deployment(role.id)
    for id in directory.find(option, deployment, ("AWS::IAM::ManagedPolicy",)):
        policy = directory.resources[id]
        document = policy.value("PolicyDocument")
        yield from _grants(policy, ("PolicyDocument",), document, holders)


def _with_members(directory: Directory, id: str) -> tuple[str, ...]:
    """Return an identity, and of a group also its users: its policies are theirs."""
    if directory.resources[id].type != GROUP:
        return (id,)
    deployment = directory.deployment(id)
    found = {id: None}
    for each in directory.members(deployment):
        if each.type == USER and id in _all(directory, each, "Groups"):
            found[each.id] = None
        elif each.type == "AWS::IAM::UserToGroupAddition" and id in _all(
            directory, each, "GroupName"
        ):
            found |= dict.fromkeys(_all(directory, each, "Users"))
    return tuple(found)


def _all(directory: Directory, source: Resource, name: str) -> list[str]:
    """Return the identities that a property names, one or a list."""
    value, deployment = source.value((name,)), directory.deployment(source.id)
    named = value if isinstance(value, list) else [value]
    return [id for each in named for id in directory.find(each, deployment, ROLES)]


def _limits(directory: Directory, role: Resource) -> Iterator[Limit]:
    """Yield what a role's boundary allows; of one that is not known, perhaps everything."""
    at: Path = ("PermissionsBoundary",)
    for option in alternatives(role.value(at)):
        if option is None:
            continue
        grants = list(_of_managed(directory, role, at, option))
        for grant in grants or [_grant(role, at, UNKNOWN, role.id)]:
            yield Limit(**asdict(grant))


def _attached(directory: Directory, policy: Resource) -> Iterator[Grant]:
    named = [id for name in ATTACHED[policy.type] for id in _all(directory, policy, name)]
    holders = dict.fromkeys(each for id in named for each in _with_members(directory, id))
    yield from _grants(policy, ("PolicyDocument",), policy.value("PolicyDocument"), tuple(holders))


def _grants(
    source: Resource, path: Path, document: Value, holders: tuple[str, ...]
) -> Iterator[Grant]:
    for option in alternatives(document):
        for statement in _of_identity(option):
            for holder in holders:
                yield _grant(source, path, statement, holder)


@cache
def _managed(arn: str) -> tuple[Statement, ...]:
    """Return the statements of a policy that AWS manages, none of another."""
    return _of_identity(managed_policy(arn))


def _of_identity(document: Value) -> tuple[Statement, ...]:
    """Return the statements of an identity's policy; IAM takes none there without a resource."""
    return tuple(s for s in _statements(document) if s.resources or s.not_resources)


def _statements(document: Value) -> tuple[Statement, ...]:
    """Return a document's statements; a broken one has none (its error is a check's matter)."""
    if not isinstance(document, (dict, str)):
        return ()
    try:
        return statements(document)
    except (InputError, Undecided):
        return ()


def _grant(
    source: Resource, path: Path, statement: Statement, identity: str, holder: str = ""
) -> Grant:
    whole = (*path, *statement.path)
    generated = path[:1] in NAMED
    origin = source.origin(path if generated else whole)
    return Grant(
        id=f"{identity}<{source.id}:{'.'.join(map(str, whole))}",
        identity=identity,
        resource=origin.resource,
        path=origin.path,
        effect=statement.effect,
        actions=tuple(map(str, statement.actions or statement.not_actions)),
        not_actions=bool(statement.not_actions),
        resources=statement.resources or statement.not_resources,
        not_resources=bool(statement.not_resources),
        conditions=_conditions(statement),
        holder=holder,
        evidence=(_said(source, path if generated else whole, statement),),
        when=tuple(sorted({*source.when, *statement.when})),
    )


def _conditions(statement: Statement) -> dict[str, Value]:
    known = statement.conditions
    if statement.not_principals:  # all but these: it depends on who asks
        excluded = [value for _, value in statement.not_principals]
        known = {**(known if isinstance(known, dict) else {}), "NotPrincipal": {"": excluded}}
    return known if isinstance(known, dict) else {"unknown": {"condition": known}}


def _said(source: Resource, path: Path, statement: Statement) -> Evidence:
    listed = tuple(map(str, statement.actions or statement.not_actions))
    actions = ", ".join(listed[:SHOWN]) + (" …" if len(listed) > SHOWN else "")
    verb = "allows" if statement.effect == "Allow" else "denies"
    negated = "all but " if statement.not_actions else ""
    return Evidence(f"{source.name} {verb} {negated}{actions}", source.where(path))


def _held(directory: Directory, source: Resource) -> Iterator[Spoken]:
    name, attribute = HOLDERS[source.type]
    path: Path = tuple(name.split("."))
    document = source.value(path)
    if name == "Statement" and isinstance(document, dict):
        document, path = {"Statement": [document]}, ()
    deployment = directory.deployment(source.id)
    target = source.value((attribute,)) if attribute else None
    holders = [
        id
        for each in (target if isinstance(target, list) else [target])
        for id in directory.find(each, deployment)
    ]
    for option in alternatives(document):
        for statement in _statements(option):
            for holder in holders if attribute else [source.id]:
                yield Spoken(source, path, statement, holder)


def _whom(directory: Directory, said: Spoken) -> Iterator[str]:
    """Yield the identities that a statement of a resource's policy is about."""
    deployment, statement = directory.deployment(said.source.id), said.statement
    if statement.not_principals:
        yield anyone(deployment)
    for principal in principal_ids(statement):
        if principal == "anyone":
            denied = statement.effect == "Deny"
            blocked = said.path != ACL and _blocked(directory, said.holder)
            if denied or not (_narrowed(statement) or blocked):
                yield anyone(deployment)
            continue
        roles = directory.find(principal, deployment, ROLES)
        yield from roles or ((principal,) if isinstance(principal, str) else ())


def _narrowed(statement: Statement) -> bool:
    keys = {
        str(key).lower()
        for condition in _conditions(statement).values()
        if isinstance(condition, dict)
        for key in condition
    }
    return bool(keys & NARROWING)


def _blocked(directory: Directory, holder: str) -> bool:
    """Tell whether a bucket refuses public policies, whatever its policy says."""
    bucket = directory.resources.get(holder)
    if bucket is None or bucket.type != BUCKET:
        return False
    return any(bucket.value(("PublicAccessBlockConfiguration", n)) is True for n in BLOCKS)


def _canned(directory: Directory, bucket: Resource) -> Iterator[Spoken]:
    ignored = bucket.value(("PublicAccessBlockConfiguration", "IgnorePublicAcls")) is True
    arn = directory.arns(bucket)[0]
    for statement in statements_of_acl(bucket.value(ACL), arn, ignore_public=ignored):
        yield Spoken(bucket, ACL, statement, bucket.id)


def _list(value: Value) -> list[Value]:
    for option in alternatives(value):
        if isinstance(option, list):
            return option
    return []
