"""A template that was only laid out anew is not read again, and nothing else is taken for that."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checkrein import files
from checkrein.cache import VARIABLE, Cache
from checkrein.cache.alike import Differs
from checkrein.notation.likeness import counterparts
from checkrein.pipeline import reading, relaid
from tests.cache.test_edits import facts, facts_anew, put

TEMPLATE = r"""AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: >
  What it is for,
  in two lines

Parameters:
  Stage: {Type: String, Default: &stage prod}  # where
  Long:
    Type: String
    Default: "one
      two"
Globals:
  Function:
    Runtime: python3.12
Resources:
  # the function
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: |
        # no remark
        import boto3

        def handler(event, context):
            boto3.client("sns").publish(TopicArn="t", Message=event["text"])
      Environment: {Variables: {STAGE: *stage, TABLE: !Ref Table}}
      Policies:
        - Statement:
          - Effect: Allow
            Action: 's3:*'
            Resource: '*'
      Events:
        Api: {Type: Api, Properties: {Path: /put, Method: post}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub
        - "${Name}-#1"
        - Name: plain text
            over lines
      Tags: &tags
        - Key: a
          Value: |+
            kept

        - {Key: b, Value: ''}
      BillingMode: PAY_PER_REQUEST
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Tags: *tags
      BucketName:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml}}
Outputs:
  Name:
    Value: >-
      folded
      text
"""
CHILD = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: q\n"
SAME = {
    "a remark above": f"# a remark\n{TEMPLATE}",
    "a remark between": TEMPLATE.replace("  Table:\n", "  # a remark\n\n  Table:\n"),
    "a remark beside": TEMPLATE.replace("PAY_PER_REQUEST", "PAY_PER_REQUEST  # a remark"),
    "a remark gone": TEMPLATE.replace("  # the function\n", ""),
    "a remark at the end": f"{TEMPLATE}# a remark",
    "other spaces": TEMPLATE.replace("{Key: b, Value: ''}", "{ Key: b,   Value: '' }"),
    "other indentation": TEMPLATE.replace("\n  Bucket:\n    Type:", "\n  Bucket:\n      Type:")
    .replace("    Properties:\n      Tags: *tags", "      Properties:\n        Tags: *tags")
    .replace("      BucketName:\n", "        BucketName:\n"),
    "lines joined": TEMPLATE.replace("{Type: String, Default: ", "{Type: String,\n    Default: "),
    "Windows' lines": TEMPLATE.replace("\n", "\r\n"),
    "a mark of byte order": f"\ufeff{TEMPLATE}",
}
OTHER = {
    "another value": TEMPLATE.replace("PAY_PER_REQUEST", "PROVISIONED"),
    "what looks like a remark in a text": TEMPLATE.replace("  import boto3", "  # one\n        import boto3", 1),
    "a blank line in a text": TEMPLATE.replace("import boto3\n", "import boto3\n\n", 1),
    "a blank line behind a kept one": TEMPLATE.replace("kept\n\n", "kept\n\n\n"),
    "another order": TEMPLATE.replace("Key: a", "Value: a"),
    "another style": TEMPLATE.replace("InlineCode: |", "InlineCode: >"),
    "a number for a text": TEMPLATE.replace("Value: ''", "Value: 1"),
    "another anchor": TEMPLATE.replace("&tags", "&others").replace("*tags", "*others"),
    "another tag": TEMPLATE.replace("!Ref Table", "!Condition Table"),
    "a document more": f"{TEMPLATE}---\na: b\n",
    "no YAML": f"{TEMPLATE}a: [\n",
    "a remark that is none": f"{TEMPLATE}#no\nremark: x\n",
}  # fmt: skip
LINES = (
    *("# a remark", "", "   ", "      # deep", "\t# a tab", "---", "...", "x: y", "  - a"),
    *("# \u2028 y: z", "# \u0085y: z", "Key: |", '"', "%YAML 1.1", "# {{ filled }}", "  ? a"),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("relaid")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(base / "user"))
        patch.delenv(VARIABLE)
        yield base / "app"


def begin(root: Path) -> None:
    """Let a scan know the application as it was."""
    write(root, TEMPLATE)
    put(root, "child.yaml", CHILD)
    facts(root)


def write(root: Path, text: str) -> None:
    root.mkdir(exist_ok=True)
    (root / "template.yaml").write_bytes(text.encode())


def not_again(*_: object) -> None:
    raise AssertionError("the template is read again")


@pytest.mark.parametrize("edit", SAME)
def test_another_layout_is_read_as_it_would_be_anew(
    root: Path, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    begin(root)
    write(root, SAME[edit])
    anew = facts_anew(root)
    monkeypatch.setattr(reading, "_template", not_again)

    assert facts(root) == anew
    assert facts(root) == anew  # as it is kept now


@pytest.mark.parametrize("edit", OTHER)
def test_what_says_something_else_is_read(root: Path, edit: str) -> None:
    begin(root)
    write(root, OTHER[edit])

    assert counterparts(TEMPLATE, OTHER[edit]) is None
    assert facts(root) == facts_anew(root)


def test_a_child_that_was_laid_out_anew_is_not_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(root)
    put(root, "child.yaml", f"# a remark\n\n{CHILD}")
    anew = facts_anew(root)
    monkeypatch.setattr(reading, "_template", not_again)

    assert facts(root) == anew


def test_where_another_file_has_changed_too_it_is_read(root: Path) -> None:
    begin(root)
    write(root, f"# a remark\n{TEMPLATE}")
    put(root, "child.yaml", CHILD.replace("q\n", "other\n"))

    assert facts(root) == facts_anew(root)


def test_what_changes_while_it_is_read_is_not_kept(root: Path) -> None:
    begin(root)
    cache = Cache(root)
    with files.scan(root):
        write(root, f"# first\n{TEMPLATE}")
        before = files.answer(("content", str(root / "template.yaml")))
        write(root, TEMPLATE.replace("PAY_PER_REQUEST", "PROVISIONED"))
        relaid.Relaid(root, ["template.yaml"], cache).hold()

    assert cache.find(("text", before), bytes) is None


def test_a_text_that_names_a_line_is_read_again(root: Path) -> None:
    moved = relaid._Elsewhere({"template.yaml": ({}, {})})

    for text in ("see template.yaml:12", "it is wrong in line 3"):
        with pytest.raises(Differs):
            moved.text(text)
    assert moved.text("template.yaml") == "template.yaml"


def _insert(text: str, at: int, line: str) -> str:
    lines = text.split("\n")
    lines.insert(at % len(lines), line)
    return "\n".join(lines)


def _swap(text: str, at: int, _: str) -> str:
    lines = text.split("\n")
    here = at % (len(lines) - 1)
    lines[here], lines[here + 1] = lines[here + 1], lines[here]
    return "\n".join(lines)


def _drop(text: str, at: int, _: str) -> str:
    lines = text.split("\n")
    del lines[at % len(lines)]
    return "\n".join(lines)


def _append(text: str, at: int, line: str) -> str:
    lines = text.split("\n")
    lines[at % len(lines)] += f"  {line}"
    return "\n".join(lines)


def _indent(text: str, at: int, _: str) -> str:
    lines = text.split("\n")
    lines[at % len(lines)] = f" {lines[at % len(lines)]}"
    return "\n".join(lines)


def _windows(text: str, *_: object) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


STEP = st.tuples(
    st.sampled_from([_insert, _insert, _swap, _drop, _append, _indent, _windows]),
    st.integers(0, 70),
    st.sampled_from(LINES),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=3))
@example([(_insert, 0, "# a remark")])
@example([(_append, 42, "# a remark")])
def test_whatever_is_edited_it_is_read_as_it_would_be_anew(
    root: Path, steps: list[tuple[Callable[..., str], int, str]]
) -> None:
    begin(root)
    text = TEMPLATE
    for step, at, line in steps:
        text = step(text, at, line)
    write(root, text)

    assert facts(root) == facts_anew(root)


@pytest.mark.parametrize("line", ["# a remark", ""])
def test_a_line_anywhere_is_read_as_it_would_be_anew(root: Path, line: str) -> None:
    begin(root)
    for at in range(TEMPLATE.count("\n") + 1):
        write(root, _insert(TEMPLATE, at, line))

        assert facts(root) == facts_anew(root)
