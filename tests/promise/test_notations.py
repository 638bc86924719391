"""The promise in other notations: what changes access is told, and what changes nothing is not.

The shop for Terraform, for the Serverless Framework and as CDK wrote it (``tests/notations``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checkrein.derive.surface import lines
from checkrein.model import Changed, Line
from checkrein.model.surface import changes
from checkrein.pipeline import learn

TESTS = Path(__file__).parents[1]
CDK = TESTS / "read" / "cdk" / "shop"
MAIL = "mailer/mail.py"
TF, SLS = "main.tf", "serverless.yml"
PUBLIC_TF = """
resource "aws_s3_bucket_policy" "public" {
  bucket = aws_s3_bucket.Archive.id
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.Archive.arn}/*" },
  ] })
}
"""
PUBLIC_SLS = """
    Public:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Archive
        PolicyDocument:
          Statement:
            - {Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${Archive.Arn}/*"}
"""
URL_TF = """
resource "aws_lambda_function_url" "order" {
  function_name      = aws_lambda_function.function["Order"].function_name
  authorization_type = "NONE"
}
"""
Edit = tuple[str, str, str]  # a file, a text in it, and the text instead; at the end where none
# What is edited, and words that stand together in one line of what is told
CHANGING: dict[str, dict[str, tuple[Edit, tuple[str, ...]]]] = {
    TF: {
        "a wider action": (
            (TF, '"dynamodb:BatchWriteItem", "dy', '"dynamodb:Scan", "dynamodb:BatchWriteItem", "dy'),
            ("right", "Orders read", "dynamodb:Scan"),
        ),
        "all actions": ((TF, '"s3:PutObject", "s3:PutObjectLegalHold"', '"s3:*"'), ("right", "Archive read")),
        "another bucket": ((TF, '"${aws_s3_bucket.Archive.arn}/*"', '"${aws_s3_bucket.Site.arn}/*"'), ("right", "Site write")),
        "everything": ((TF, '"${aws_s3_bucket.Archive.arn}/*"', '"*"'), ("right", "s3:PutObject")),
        "no authorizer": (
            (TF, 'authorization = "COGNITO_USER_POOLS"\n  authorizer_id = aws_api_gateway_authorizer.signed_in.id', 'authorization = "NONE"'),
            ("entry", "POST /orders", "@anyone"),
        ),
        "a public policy": ((TF, "", PUBLIC_TF), ("@anyone", "Archive read")),
        "a public URL": ((TF, "", URL_TF), ("entry", "url", "@anyone")),
        "anyone may become the role": (
            (TF, 'type        = "Service"\n      identifiers = ["lambda.amazonaws.com"]', 'type        = "AWS"\n      identifiers = ["*"]'),
            ("role",),
        ),
        "no trigger": (
            (TF, 'event_source_arn = aws_sqs_queue.Placed.arn\n  function_name    = aws_lambda_function.function["Mailer"].arn', 'event_source_arn = aws_sqs_queue.Placed.arn\n  function_name    = aws_lambda_function.function["Order"].arn'),
            ("entry", "Mailer"),
        ),
        "another bucket in the code": ((TF, "ARCHIVE = aws_s3_bucket.Archive.id", "ARCHIVE = aws_s3_bucket.Site.id"), ("call", "Site")),
        "a log of a field": ((MAIL, "        archive.put", '        print(order["email"])\n        archive.put'), ("@logs", "pii.email")),
        "another field": ((MAIL, 'order["email"]', 'order["phone"]'), ("pii.phone",)),
    },
    SLS: {
        "a wider action": ((SLS, "          - dynamodb:PutItem\n", "          - dynamodb:PutItem\n          - dynamodb:Scan\n"), ("right", "Orders read", "dynamodb:Scan")),
        "all actions": ((SLS, "- s3:PutObject\n", "- s3:*\n"), ("right", "Archive read")),
        "another bucket": ((SLS, "${Archive.Arn}/*", "${Site.Arn}/*"), ("right", "Site write")),
        "everything": ((SLS, '!Sub "${Archive.Arn}/*"', '"*"'), ("right", "s3:PutObject")),
        "no authorizer": (
            (SLS, "\n          authorizer:\n            type: COGNITO_USER_POOLS\n            authorizerId: !Ref SignedIn", ""),
            ("entry", "POST /orders", "@anyone"),
        ),
        "a public policy": ((SLS, "", PUBLIC_SLS), ("@anyone", "Archive read")),
        "a public URL": ((SLS, "    timeout: 10\n", "    timeout: 10\n    url: true\n"), ("entry", "url", "@anyone")),
        "another route": ((SLS, "    events:\n      - http:", "    events:\n      - http: {path: other, method: get}\n      - http:"), ("entry", "GET /other", "@anyone")),
        "no trigger": ((SLS, "    events:\n      - sqs:\n          arn: !GetAtt Placed.Arn\n", ""), ("entry", "Mailer")),
        "another bucket in the code": ((SLS, "ARCHIVE: !Ref Archive", "ARCHIVE: !Ref Site"), ("call", "Site")),
        "another store by a variable": ((SLS, "storeName: Orders", "storeName: Placed"), ("call",)),
        "a log of a field": ((MAIL, "        archive.put", '        print(order["email"])\n        archive.put'), ("coded", "LogGroup", "pii.email")),
        "another field": ((MAIL, 'order["email"]', 'order["phone"]'), ("pii.phone",)),
    },
}  # fmt: skip
NEUTRAL: dict[str, dict[str, Edit]] = {
    TF: {
        "a comment": (TF, "provider", "# a comment\nprovider"),
        "the order of actions": (TF, '"dynamodb:BatchWriteItem", "dynamodb:PutItem"', '"dynamodb:PutItem", "dynamodb:BatchWriteItem"'),
        "a local renamed": (TF, "local.region", 'upper(lower("eu-west-1"))'),
        "a tag": (TF, 'resource "aws_s3_bucket" "Site" {}', 'resource "aws_s3_bucket" "Site" {\n  tags = { team = "shop" }\n}'),
        "an output": (TF, "", '\noutput "site" { value = aws_s3_bucket.Site.id }\n'),
        "a list for one": (TF, "Resource = aws_sqs_queue.Placed.arn", "Resource = [aws_sqs_queue.Placed.arn]"),
        "a text for a reference": (TF, "resources = [aws_sqs_queue.Placed.arn]", 'resources = ["${aws_sqs_queue.Placed.arn}"]'),
        "a variable of the code": (MAIL, "record", "each"),
        "formatting": (TF, "  hash_key       = ", "  hash_key =   "),
    },
    SLS: {
        "a comment": (SLS, "provider:", "# a comment\nprovider:"),
        "a list in a line": (SLS, "Action: [sqs:SendMessage, sqs:GetQueueAttributes, sqs:ListQueueTags]", "Action:\n          - sqs:ListQueueTags\n          - sqs:GetQueueAttributes\n          - sqs:SendMessage"),
        "a variable renamed": (SLS, "storeName", "nameOfStore"),
        "a tag": (SLS, "  runtime: nodejs22.x", "  tags: {team: shop}\n  runtime: nodejs22.x"),
        "the long form": (SLS, "!GetAtt Placed.Arn", "{Fn::GetAtt: [Placed, Arn]}"),
        "a list for one": (SLS, '        Resource: !Sub "${Archive.Arn}/*"', '        Resource: [!Sub "${Archive.Arn}/*"]'),
        "more memory": (SLS, "    timeout: 3\n", "    timeout: 3\n    memorySize: 512\n"),
        "a variable of the code": (MAIL, "record", "each"),
    },
}  # fmt: skip


def folder_of(folder: Path, name: str, edit: Edit | None = None) -> Path:
    for code in ("src", "mailer"):
        shutil.copytree(CDK / code, folder / code)
    shutil.copy(TESTS / "notations" / "shop" / name, folder / name)
    if edit:
        path, old, new = edit
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new) if old else text + new)
    return folder


def told(before: list[Line], folder: Path) -> list[str]:
    return list(map(said, changes(before, lines(learn([folder]).app))))


def is_told(found: list[str], words: tuple[str, ...]) -> bool:
    return any(all(word in one for word in words) for one in found)


def said(one: Changed) -> str:
    return f"{one.kind} {one.owner} {one.key} {one.added} {one.removed}"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Line]]:
    @cache
    def of(name: str) -> list[Line]:
        return lines(learn([folder_of(tmp_path_factory.mktemp("shop"), name)]).app)

    return of


def every(kinds: dict[str, dict[str, Any]]) -> Iterator[Any]:
    for notation, edits in kinds.items():
        for name, edit in edits.items():
            yield pytest.param(notation, edit, id=f"{notation} {name}")


@pytest.mark.parametrize(("notation", "mutation"), list(every(CHANGING)))
def test_what_changes_access_is_told(
    notation: str,
    mutation: tuple[Edit, tuple[str, ...]],
    before: Callable[[str], list[Line]],
    tmp_path: Path,
) -> None:
    edit, words = mutation
    found = told(before(notation), folder_of(tmp_path, notation, edit))
    assert is_told(found, words), found


@pytest.mark.parametrize(("notation", "edit"), list(every(NEUTRAL)))
def test_what_changes_nothing_is_not(
    notation: str, edit: Edit, before: Callable[[str], list[Line]], tmp_path: Path
) -> None:
    assert told(before(notation), folder_of(tmp_path, notation, edit)) == []


# ------------------------------------------------------------------- what a program made

Document = dict[str, Any]


def _statements(document: Document) -> Iterator[Document]:
    for resource in document["Resources"].values():
        policy = resource.get("Properties", {}).get("PolicyDocument", {})
        yield from policy.get("Statement", ())


def _all_of_the_queue(document: Document) -> None:
    for statement in _statements(document):
        if "sqs:SendMessage" in statement["Action"]:
            statement["Action"] = "sqs:*"


def _no_authorizer(document: Document) -> None:
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::ApiGateway::Method":
            resource["Properties"]["AuthorizationType"] = "NONE"
            resource["Properties"].pop("AuthorizerId", None)


def _turned(document: Document) -> None:
    document["Resources"] = dict(reversed(document["Resources"].items()))
    for statement in _statements(document):
        if isinstance(statement["Action"], list):
            statement["Action"].reverse()


# What is done to what CDK made, and words that stand together in one line of what is told
MADE: list[tuple[Callable[[Document], None], tuple[str, ...]]] = [
    (_all_of_the_queue, ("right", "Placed read")),
    (_no_authorizer, ("entry", "POST /orders", "@anyone")),
    (_turned, ()),
]


def made(mutate: Callable[[Document], None], folder: Path) -> list[str]:
    shutil.copytree(CDK, folder)
    earlier = lines(learn([folder]).app)
    template = folder / "cdk.out" / "Shop.template.json"
    document = json.loads(template.read_text())
    mutate(document)
    template.write_text(json.dumps(document))
    return told(earlier, folder)


@pytest.mark.parametrize(("mutate", "words"), MADE)
def test_what_a_program_makes_otherwise_is_told(
    mutate: Callable[[Document], None], words: tuple[str, ...], tmp_path: Path
) -> None:
    found = made(mutate, tmp_path / "shop")
    if words:
        assert is_told(found, words), found
    else:
        assert found == []
