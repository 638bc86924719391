"""CloudTrail: who asked for what of which resource, refused or not, and what changes access."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import App, Observation, Unread
from checkrein.observe import Given, observed

from .conftest import Told

ROLE = "arn:aws:iam::111122223333:role/shop-SaveOrderOfCustomerRole-1ABCDEFGHIJKL"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/shop-Orders-1ABCDEFGHIJKL"
HEAD = {"eventVersion": "1.09", "eventTime": "2026-01-01T00:00:00Z", "awsRegion": "eu-west-1"}


def assumed(role: str, session: str = "session") -> dict[str, Any]:
    name = role.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::111122223333:assumed-role/{name}/{session}",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role}},
    }


def record(operation: str, who: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {
        "eventSource": "dynamodb.amazonaws.com",
        "eventName": operation,
        "userIdentity": who or assumed(ROLE),
        "requestParameters": {"tableName": "shop-Orders-1ABCDEFGHIJKL"},
    }
    return {**HEAD, **said, **more}


def test_a_role_of_one_function_is_that_function(told: Told) -> None:
    seen = told({"Records": [record("PutItem")]}, "kind", "actor", "known", "operation", "node")

    function = "template/SaveOrderOfCustomer"
    assert seen == [("call", function, True, "dynamodb:PutItem", "template/Orders")]


def test_resources_are_named_by_arn(told: Told) -> None:
    resources = [{"type": "AWS::DynamoDB::Table", "ARN": TABLE}]
    records = [record("Query", requestParameters=None, resources=resources)]

    assert told({"Records": records}, "node", "right") == [("template/Orders", "read")]


def test_objects_are_their_bucket(told: Told) -> None:
    objects = [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::uploads-live-of-shop/a/ada.txt"}]
    put = record(
        "PutObject",
        eventSource="s3.amazonaws.com",
        resources=objects,
        requestParameters={"bucketName": "uploads-live-of-shop", "key": "a/ada.txt"},
    )

    assert told({"Records": [put]}, "node", "right", "path") == [("template/Uploads", "write", "")]


@pytest.mark.parametrize(
    ("who", "actor", "known"),
    [
        ({"type": "IAMUser", "arn": "arn:aws:iam::1:user/ops/ann"}, "user/ops/ann", False),
        ({"type": "IAMUser", "arn": "arn:aws:iam::1:user/ann@at-home.org"}, "user/…@at-home.org", False),
        (assumed("arn:aws:iam::1:role/Other", "ada@at-home.org"), "role/Other", False),
        ({"type": "AWSService", "invokedBy": "backup.amazonaws.com"}, "service backup.amazonaws.com", True),
        ({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"}, "anyone", False),
        ({"type": "AWSAccount", "accountId": "anonymous", "principalId": ""}, "anyone", False),
        ({"type": "IAMUser", "arn": "arn:aws:iam::1:user/anonymous"}, "user/anonymous", False),
        ({"type": "AWSAccount", "accountId": "444455556666"}, "account 444455556666", False),
        (assumed("arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"),
         "role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", True),
    ],
)  # fmt: skip
def test_who_did_it(told: Told, who: dict[str, Any], actor: str, *, known: bool) -> None:
    assert told({"Records": [record("GetItem", who)]}, "actor", "known") == [(actor, known)]


def test_a_session_counts_only_in_lambda(told: Told) -> None:
    who = assumed("arn:aws:iam::1:role/shared", "shop-mail-live")
    inside = record("GetItem", who, userAgent="Boto3/1.4 exec-env/AWS_Lambda_python3.14")

    assert told({"Records": [inside]}, "actor") == [("template/Mail",)]
    assert told({"Records": [record("GetItem", who)]}, "actor") == [("role/shared",)]


def test_a_refused_request_is_no_call(told: Told) -> None:
    assert told({"Records": [record("Scan", errorCode="AccessDenied")]}, "kind") == [("refused",)]


@pytest.mark.parametrize(
    ("operation", "more", "kind"),
    [
        ("PutResourcePolicy", {}, "change"),
        ("PutResourcePolicy", {"userAgent": "cloudformation.amazonaws.com"}, "call"),
        ("PutResourcePolicy", {"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9"}, "call"),
        ("UpdateTimeToLive", {}, "call"),
    ],
)
def test_what_changes_access(told: Told, operation: str, more: dict[str, Any], kind: str) -> None:
    assert told({"Records": [record(operation, **more)]}, "kind") == [(kind,)]


def test_what_a_service_changes_for_somebody_is_not_by_hand(told: Told) -> None:
    who = {**assumed(ROLE), "invokedBy": "backup.amazonaws.com"}

    assert told({"Records": [record("PutResourcePolicy", who)]}, "kind") == [("call",)]


def test_attributes_change_access_where_one_is_a_policy(told: Told) -> None:
    def set(name: str) -> dict[str, Any]:
        url = "https://sqs.eu-west-1.amazonaws.com/1/jobs"
        request = {"queueUrl": url, "attributes": {name: "…"}}
        return record(
            "SetQueueAttributes", eventSource="sqs.amazonaws.com", requestParameters=request
        )

    assert told({"Records": [set("Policy"), set("DelaySeconds")]}, "kind", "node") == [
        ("call", "template/Jobs"),
        ("change", "template/Jobs"),
    ]


def test_one_attribute_may_be_a_policy(told: Told) -> None:
    request = {"topicArn": "template/Jobs", "attributeName": "Policy"}
    change = record(
        "SetTopicAttributes", eventSource="sns.amazonaws.com", requestParameters=request
    )

    assert told({"Records": [change]}, "kind") == [("change",)]


def test_resources_of_another_service_count_where_no_own_is_named(told: Told) -> None:
    secret = {"ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:shop/keys-a1B2c3"}
    decrypt = record("Decrypt", eventSource="kms.amazonaws.com", resources=[secret])

    assert told({"Records": [decrypt]}, "node") == [("template/Keys",)]
    scan = record("Scan", resources=[secret, {"ARN": TABLE}])
    assert told({"Records": [scan]}, "node") == [("template/Orders",)]


def test_operations_lose_their_version(told: Told) -> None:
    request = {"functionName": "arn:aws:lambda:eu-west-1:1:function:shop-mail-live:3"}
    invoke = record(
        "Invoke20150331v2", eventSource="lambda.amazonaws.com", requestParameters=request
    )

    assert told({"Records": [invoke]}, "node", "actions") == [
        ("template/Mail", ("lambda:InvokeFunction",))
    ]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"Records": [record("Scan")]},
        record("Scan"),
        {"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(record("Scan"))}]},
        {"detail-type": "AWS API Call via CloudTrail", "detail": record("Scan")},
    ],
)  # fmt: skip
def test_wrappers_of_a_record(told: Told, wrapped: object) -> None:
    assert told(wrapped, "operation", "count") == [("dynamodb:Scan", 1)]
    assert told(json.dumps(wrapped, indent=2), "operation", "count") == [("dynamodb:Scan", 1)]


def test_packed_and_one_a_line(shop: App, tmp_path: Path) -> None:
    (tmp_path / "a.json.gz").write_bytes(
        gzip.compress(json.dumps({"Records": [record("Scan")]}).encode())
    )
    (tmp_path / "b").write_text("".join(json.dumps(record("Scan")) + "\n" for _ in range(3)))
    (found,) = observed(shop, [Given(tmp_path)]).every(Observation)

    assert found.count == 4
    assert [each.text for each in found.evidence] == [
        f"seen 4 times (CloudTrail), first at {tmp_path}/a.json.gz:1:14"
    ]


def test_what_is_of_another_application_is_counted(shop: App, tmp_path: Path) -> None:
    other = record("Scan", requestParameters={"tableName": "payroll"})
    (tmp_path / "a.json").write_text(json.dumps({"Records": [other, other, record("Scan")]}))
    app = observed(shop, [Given(tmp_path)])

    assert [each.reason for each in app.every(Unread)] == [
        "2 records are about no resource here: dynamodb 2"
    ]
