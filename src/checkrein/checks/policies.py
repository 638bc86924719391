"""What the policies of resources give, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.checks.questions import grouped
from checkrein.errors import InputError
from checkrein.iam.documents import Statement, statements
from checkrein.iam.patterns import matches
from checkrein.late import regex
from checkrein.model import Access, App, Grant, Value

ACCOUNT = regex(r"account:(\d{12})")
ROLE = regex(r"arn:[^:]+:(?:iam|sts)::(\d{12}):(.+)")
NAMED = 4  # colons before what an ARN names
EXAMPLE = "123456789012"  # documentation's, in templates that nobody deploys as they are
VERBS = {
    "read": "read",
    "write": "write to",
    "delete": "delete from",
    "invoke": "invoke",
    "configure": "reconfigure",
    "permission": "change who may use",
}
# Types that hold a policy of a resource: where it stands, and where the resource is named ("" for
# a policy of the type's own).
DOCUMENTS = {
    "AWS::DynamoDB::Table": ("ResourcePolicy.PolicyDocument", ""),
    "AWS::KMS::Key": ("KeyPolicy", ""),
    "AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket"),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy", "SecretId"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
}


def valid_statements(document: Value) -> tuple[Statement, ...]:
    """Return a policy's statements, none where IAM would reject it: that is never deployed.

    Raises Undecided where a statement cannot be told.
    """
    try:
        return statements(document)
    except InputError:
        return ()


def rights_of(app: App, grant: Grant) -> set[str]:
    """Return the rights over its resource that a statement of a resource's policy gives."""
    return {
        access.right
        for access in grouped(app, Access, "target").get(grant.holder, [])
        if access.identity == grant.identity
        if any(matches(p, a, fold=True) for p in grant.actions for a in access.actions)
    }


def is_foreign(identity: str) -> bool:
    """Tell whether an identity is of another AWS account."""
    return bool(ACCOUNT.fullmatch(identity) or ROLE.fullmatch(identity))


def verbs(rights: Iterable[str]) -> Iterator[str]:
    """Yield how a sentence says some rights, before the name of the resource."""
    had = set(rights)
    return (verb for right, verb in VERBS.items() if right in had)


def other_account(arn: Value) -> str:
    """Return the number of the account that an ARN spells out, "" where it is the app's own."""
    written = arn if isinstance(arn, str) else ""
    number = written.split(":")[4] if written.count(":") > NAMED else ""
    return number if number.isdigit() and number != EXAMPLE else ""
