"""The words that generated questions are made of: few enough to meet each other often."""

from __future__ import annotations

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-west-1", "us-east-1")
NAMES = ("data", "Data", "data-1", "logs", "orders")
KEYS = ("in/a", "in/b", "out/x:y", "v1", "*")[:4]
SESSIONS = ("build", "web")

Service = tuple[str, tuple[str, ...], tuple[str, ...]]

# service, actions, ARNs that they are about
SERVICES: tuple[Service, ...] = (
    ("s3", ("GetObject", "PutObject", "GetObjectTagging"), ("arn:aws:s3:::{name}/{key}",)),
    ("s3", ("ListBucket", "GetBucketPolicy"), ("arn:aws:s3:::{name}",)),
    (
        "dynamodb",
        ("GetItem", "Query", "PutItem"),
        (
            "arn:aws:dynamodb:{region}:{owner}:table/{name}",
            "arn:aws:dynamodb:{region}:{owner}:table/{name}/index/{key}",
        ),
    ),
    ("sqs", ("SendMessage", "ReceiveMessage"), ("arn:aws:sqs:{region}:{owner}:{name}",)),
    (
        "logs",
        ("PutLogEvents", "GetLogEvents"),
        ("arn:aws:logs:{region}:{owner}:log-group:{name}:log-stream:{key}",),
    ),
    (
        "lambda",
        ("InvokeFunction",),
        (
            "arn:aws:lambda:{region}:{owner}:function:{name}:{key}",
            "arn:aws:lambda:{region}:{owner}:function:{name}",
        ),
    ),
    ("kms", ("Decrypt", "GenerateDataKey"), ("arn:aws:kms:{region}:{owner}:key/{name}",)),
    (
        "kms",
        ("CreateAlias", "DeleteAlias", "UpdateAlias", "ListAliases"),
        (
            "arn:aws:kms:{region}:{owner}:alias/aws/{name}",
            "arn:aws:kms:{region}:{owner}:alias/{name}",
        ),
    ),
    (
        "sts",
        ("AssumeRole", "TagSession", "AssumeRoleWithWebIdentity", "SetSourceIdentity"),
        ("arn:aws:iam::{owner}:role/{name}", "arn:aws:iam::{owner}:role/team/{name}"),
    ),
    (
        "iam",
        (
            "PassRole",
            "PutRolePolicy",
            "GetRole",
            "UpdateRoleDescription",
            "TagRole",
            "CreateServiceLinkedRole",
            "CreateRole",
        ),
        (
            "arn:aws:iam::{owner}:role/{name}",
            "arn:aws:iam::{owner}:role/aws-reserved/sso.amazonaws.com/{name}",
            "arn:aws:iam::{owner}:role/aws-service-role/sqs.amazonaws.com/{name}",
        ),
    ),
    (
        "iam",
        ("CreatePolicyVersion", "GetPolicy", "DeletePolicy"),
        ("arn:aws:iam::aws:policy/{name}", "arn:aws:iam::{owner}:policy/{name}"),
    ),
    ("s3", ("ListAllMyBuckets",), ("*",)),
    ("sts", ("GetCallerIdentity", "GetSessionToken"), ("*",)),
)
COMMON = 7  # so many of them, the first ones, make most questions

CALLERS = (
    "arn:aws:iam::{account}:user/ann",
    "arn:aws:iam::{account}:user/team/ann",
    "arn:aws:iam::{account}:role/worker",
    "arn:aws:iam::{account}:role/team/worker",
    "arn:aws:sts::{account}:assumed-role/worker/build",
    "arn:aws:sts::{account}:assumed-role/worker/web",
    "arn:aws:sts::{account}:federated-user/ann",
    "arn:aws:iam::{account}:root",
    "lambda.amazonaws.com",
    "",
    "cognito-identity.amazonaws.com",
    "arn:aws:iam::{account}:saml-provider/office",
    "arn:aws:iam::{account}:role/aws-service-role/sqs.amazonaws.com/AWSServiceRoleForSQS",
    "arn:aws:sts::{account}:assumed-role/AWSServiceRoleForSQS/build",
)
ENTITIES = 6  # so many of them, the first ones, make most questions

# Condition keys by the operators that suit them; a tuple is a key with many values.
STRING_VALUES = ("red", "Red", "blue", "re", "", "ann", "red*", "a:b")
CONTEXT: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "aws:PrincipalTag/team": STRING_VALUES,
    "aws:username": ("ann", "bob", "data"),
    "s3:prefix": ("in/", "in/a", "out/", ""),
    "aws:PrincipalOrgID": ("o-1", "o-2"),
    "aws:TagKeys": (("red",), ("red", "blue"), ("Red", "blue"), (), ("",), ("green", "red", "x")),
    "s3:max-keys": ("10", "10.0", "9.5", "100", "-1", "ten", "1e1", "+10", " 10", "010"),
    "aws:CurrentTime": (
        "2026-01-31T12:00:00Z",
        "2026-01-31T14:00:00+02:00",
        "2026-02-01",
        "2026",
        "1769860800",
        "2026-01-31T12:00:00.5Z",
        "2026-01-31T12:00:00",
        "soon",
    ),
    "aws:SecureTransport": ("true", "false", "True"),
    "app:Digest": ("cmVk", "Ymx1ZQ==", "cmVkcmVk"),
    "aws:SourceIp": ("203.0.113.7", "10.1.2.3", "198.51.100.1", "2001:db8::7", "2001:db9::1", "x"),
    "aws:SourceArn": (
        "arn:aws:sns:eu-west-1:111122223333:orders",
        "arn:aws:s3:::data",
        "arn:aws:lambda:us-east-1:444455556666:function:data:v1",
        "orders",
    ),
    "aws:SourceVpc": ("vpc-1", "vpc-2", "vpc-?"),
}
WANTED: dict[str, tuple[str | bool | int, ...]] = {
    "String": (
        "red", "blue", "RED", "re*", "r?d", "*", "", "in/*", "ann", "o-1", "vpc-1", "vpc-*", "vpc-?",
        "${aws:username}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'red'}",
        "re${*}", "re${?}", "${aws:TagKeys}", "${AWS:UserName}*", "x${$}", "${s3:prefix, ''}a",
    ),
    "Numeric": ("10", 10, "9.5", "100", "0", "-1", "10.00", "abc", "${s3:max-keys}", "1e1"),
    "Date": (
        "2026-01-31T12:00:00Z", "2026-01-31T12:00Z", "2026-01-31", "2026-02", "2026", "1769860800",
        "2026-01-31T13:30:00+01:30", "2026-01-31T12:00:00.25Z", "2026-01-31T12:00:00", "never",
    ),
    "Bool": ("true", "false", True, False, "${aws:SecureTransport}"),
    "Binary": ("cmVk", "Ymx1ZQ==", "Y"),
    "Ip": (
        "203.0.113.0/24", "10.0.0.0/8", "0.0.0.0/0", "203.0.113.7", "2001:db8::/32", "2001:db8::1",
        "8.0.0.0/6", "192.168.0.0/16", "203.0.113.9/28", "::/0", "nowhere",
    ),
    "Arn": (
        "arn:aws:sns:*:111122223333:*", "arn:aws:sns:eu-west-1:111122223333:orders", "arn:aws:s3:::*",
        "arn:aws:*", "*", "arn:aws:lambda:*:*:function:dat?:*", "arn:aws:sns:*:orders",
        "arn:aws:s3:::${aws:username}", "orders", "arn:*:*:*:444455556666:*",
    ),
}  # fmt: skip
FITTING = {
    "String": ("aws:PrincipalTag/team", "aws:username", "s3:prefix", "aws:PrincipalOrgID",
               "aws:TagKeys", "aws:TagKeys", "aws:SourceVpc"),
    "Numeric": ("s3:max-keys",),
    "Date": ("aws:CurrentTime",),
    "Bool": ("aws:SecureTransport",),
    "Binary": ("app:Digest",),
    "Ip": ("aws:SourceIp",),
    "Arn": ("aws:SourceArn",),
}  # fmt: skip
