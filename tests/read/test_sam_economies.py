"""What is left out of SAM's translator changes nothing that it makes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkrein.notation import parse
from checkrein.read import sam_economies, sam_translator
from checkrein.read.sam_prepare import prepare

NEEDED = ("SamParameterValues", "_deepcopy")  # the latter changes the hash of a deployment
EXAMPLES = Path(__file__).parents[2] / "examples"
TEMPLATE = """
Resources:
  Bucket: {Type: "AWS::S3::Bucket"}
  Layer: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: layer/}}
  Late: {Type: "AWS::SQS::Queue", DependsOn: [Layer]}
  Orders:
    Type: AWS::Serverless::Function
    Connectors: {Queue: {Properties: {Destination: {Id: Late}, Permissions: [Write]}}}
    Properties:
      Handler: a.b
      Runtime: python3.12
      CodeUri: src/
      Layers: [!Ref Layer]
      AutoPublishAlias: live
      Policies: [{S3ReadPolicy: {BucketName: !Ref Bucket}}]
      Events:
        Get: {Type: Api, Properties: {Path: /orders, Method: get}}
        Put: {Type: HttpApi, Properties: {Path: /orders, Method: put}}
        Made: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: "s3:ObjectCreated:*"}}
Outputs:
  Version: {Value: !Ref Orders.Version}
"""


def templates() -> Iterator[str]:
    yield TEMPLATE
    yield from (path.read_text() for path in sorted(EXAMPLES.rglob("template.yaml")))


@pytest.mark.parametrize("text", list(templates()))
def test_what_is_made_stays_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse(text).value
    made = sam_translator.translate(prepare(document).value, {})
    needed = tuple(each for each in sam_economies._changes() if each[1] in NEEDED)
    monkeypatch.setattr(sam_economies, "_changes", lambda: needed)
    assert sam_translator.translate(prepare(document).value, {}) == made


def test_the_translator_is_as_it_was_afterwards() -> None:
    sam_translator.translate(prepare(parse(TEMPLATE).value).value, {})
    changes = sam_economies._changes()
    assert changes
    assert not [name for holder, name, value in changes if getattr(holder, name) is value]


@pytest.mark.parametrize("document", [{"a": [{"b": [1, "x", None, 1.5, True]}]}, [], "x"])
def test_a_copy_shares_nothing(document: Any) -> None:
    made = sam_economies.copied(document)
    assert made == document
    if isinstance(document, dict):
        made["a"][0]["b"].append(2)
        assert 2 not in document["a"][0]["b"]


def test_what_a_release_does_not_have_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from samtranslator.sdk.resource import SamResourceType  # noqa: PLC0415 - as the code does

    monkeypatch.delattr(SamResourceType, "has_value")
    sam_economies._changes.cache_clear()
    names = {name for _, name, _ in sam_economies._changes()}
    sam_economies._changes.cache_clear()

    assert "has_value" not in names
    assert "SamParameterValues" in names


LOADED = """
import sys
from checkrein.read import sam_translator
sam_translator.policy_statements("S3ReadPolicy", {})
schemas = (*sam_translator.SCHEMAS, sam_translator.NAMED)
print([name for name in schemas if "__getattr__" not in vars(sys.modules[name])])
"""


def test_schemas_wait_until_a_template_needs_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, text=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("key", ["{Description: mine}", "7"])
def test_a_schema_whose_classes_are_named_in_annotations_is_heeded(key: str) -> None:
    written = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Graph:
    Type: AWS::Serverless::GraphQLApi
    Properties: {{SchemaInline: "type Query {{a: Int}}", Auth: {{Type: API_KEY}}, ApiKeys: {{One: {key}}}}}
"""
    document = prepare(parse(written).value).value
    if key == "7":
        with pytest.raises(Exception, match=r"'ApiKeys\.One' is invalid"):
            sam_translator.translate(document, {})
    else:
        assert "Graph" in sam_translator.translate(document, {})["Resources"]


@pytest.mark.parametrize("permissions", ["[Write]", "[Fly]"])
def test_schemas_are_heeded(permissions: str) -> None:
    document = parse(TEMPLATE.replace("[Write]", permissions)).value
    if permissions == "[Fly]":
        with pytest.raises(Exception, match="Permissions"):
            sam_translator.translate(prepare(document).value, {})
    else:
        assert sam_translator.translate(prepare(document).value, {})
