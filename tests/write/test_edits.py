"""Fixes in the user's own notation: comments, style and everything else stay."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import App, Change, Edit, Open, Place, Stack, Symbol, Text
from checkrein.notation import splice
from checkrein.write import CannotEdit, edits

APP = App([Stack(id="api/t", source="api/t.yaml"), Stack(id="api/t/Nested", source="api/n.yaml")])
STATEMENT = ("Policies", 0, "Statement", 0)


def change(path: tuple[str | int, ...], operation: str, value: Any = None) -> Change:
    return Change("api/t/Job", path, operation, value)


def after(folder: Path, text: str, *changes: Change) -> str:
    """The template's text after the changes."""
    (folder / "api").mkdir(exist_ok=True)
    (folder / "api/t.yaml").write_bytes(text.encode())
    return splice(text, edits(folder, changes, APP))


BLOCK = """\
Resources:
  Job: # nightly
    Type: AWS::Serverless::Function
    Properties:
      # who may what
      Policies:
        - Statement:
            - Effect: Allow
              Action:
                - s3:GetObject # read
                # once for an upload
                - s3:PutObject   # write

                - s3:ListBucket
              Resource: "*"
      Timeout: 5 # seconds
  Other: {Type: X}
"""


def test_a_list_item_goes_with_its_line(tmp_path: Path) -> None:
    removed = change((*STATEMENT, "Action", 1), "remove")
    expected = BLOCK.replace("                - s3:PutObject   # write\n", "")
    assert after(tmp_path, BLOCK, removed) == expected


def test_several_changes_count_in_the_file_as_it_was(tmp_path: Path) -> None:
    changes = [
        change((*STATEMENT, "Action", 0), "remove"),
        change((*STATEMENT, "Action", 2), "remove"),
        change((*STATEMENT, "Action"), "append", "s3:DeleteObject"),
        change((*STATEMENT, "Resource"), "set", Symbol("api/t/Files", "Arn")),
        change(("Timeout",), "remove"),
    ]
    assert (
        after(tmp_path, BLOCK, *changes)
        == """\
Resources:
  Job: # nightly
    Type: AWS::Serverless::Function
    Properties:
      # who may what
      Policies:
        - Statement:
            - Effect: Allow
              Action:
                # once for an upload
                - s3:PutObject   # write

                - s3:DeleteObject
              Resource: !GetAtt Files.Arn
  Other: {Type: X}
"""
    )


def test_what_is_emptied_goes_too(tmp_path: Path) -> None:
    changes = [change((*STATEMENT, key), "remove") for key in ("Effect", "Action", "Resource")]
    assert (
        after(tmp_path, BLOCK, *changes)
        == """\
Resources:
  Job: # nightly
    Type: AWS::Serverless::Function
    Properties:
      # who may what
      Timeout: 5 # seconds
  Other: {Type: X}
"""
    )


def test_the_first_key_behind_a_dash_goes(tmp_path: Path) -> None:
    expected = BLOCK.replace("- Effect: Allow\n              Action", "- Action")
    assert after(tmp_path, BLOCK, change((*STATEMENT, "Effect"), "remove")) == expected


def test_a_new_property_is_indented_as_its_neighbours(tmp_path: Path) -> None:
    tracing = change(("Tracing",), "set", "Active")
    limits = change(("Limits",), "set", {"Hosts": ["a", "b"], "On": "yes", "Rate": 3})
    assert after(tmp_path, BLOCK, tracing, limits) == BLOCK.replace("5 # seconds\n", """\
5 # seconds
      Tracing: Active
      Limits:
        Hosts:
          - a
          - b
        "On": "yes"
        Rate: 3
""")  # fmt: skip


def test_a_lone_action_becomes_a_list(tmp_path: Path) -> None:
    text = "Resources:\n  Job:\n    Type: T\n    Properties:\n      Action: 's3:*' # all\n"
    read = change(("Action",), "set", ["s3:GetObject", "s3:ListBucket"])
    assert after(tmp_path, text, read) == textwrap.dedent("""\
        Resources:
          Job:
            Type: T
            Properties:
              Action:
                - s3:GetObject
                - s3:ListBucket # all
        """)
    assert after(tmp_path, text, change(("Action",), "set", "s3:Get*")) == text.replace(
        "s3:*", "s3:Get*"
    )
    assert after(tmp_path, text, change(("Action", 0), "set", "s3:Get*")) == text.replace(
        "s3:*", "s3:Get*"
    )


def test_a_resource_without_properties_gets_them(tmp_path: Path) -> None:
    text = "Resources:\n  Job:\n    Type: T\n  Next:\n    Type: T\n"
    assert after(
        tmp_path, text, change(("A", "B"), "set", value=True), change(("A", "C"), "set", 1)
    ) == (
        "Resources:\n  Job:\n    Type: T\n    Properties:\n      A:\n        B: true\n"
        "        C: 1\n  Next:\n    Type: T\n"
    )


def test_globals_are_a_place_to_edit(tmp_path: Path) -> None:
    text = "Globals:\n  Function:\n    Runtime: old\nResources:\n  Job:\n    Type: T\n"
    runtime = Change("api/t/Globals/Function", ("Runtime",), "set", "python3.13")
    assert after(tmp_path, text, runtime) == text.replace("old", "python3.13")
    gone = Change("api/t/Globals/Function", ("Runtime",), "remove")
    assert after(tmp_path, text, gone) == "Resources:\n  Job:\n    Type: T\n"


FLOW = "Resources:\n  Job: {Type: T, Properties: {Action: [a, 'b', c], Effect: Allow}}\n"


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ([change(("Action", 0), "remove")], "{Action: ['b', c], Effect: Allow}"),
        ([change(("Action", 2), "remove")], "{Action: [a, 'b'], Effect: Allow}"),
        ([change(("Action", i), "remove") for i in (1, 2)], "{Action: [a], Effect: Allow}"),
        ([change(("Action",), "remove")], "{Effect: Allow}"),
        ([change(("Effect",), "remove")], "{Action: [a, 'b', c]}"),
        ([change(("Action",), "append", "d")], "{Action: [a, 'b', c, d], Effect: Allow}"),
        ([change(("X",), "set", [1])], "{Action: [a, 'b', c], Effect: Allow, X: [1]}"),
        ([change(("Action",), "set", ["a", "x"])], "{Action: [a, x], Effect: Allow}"),
    ],
)
def test_flow_style_stays_flow(tmp_path: Path, changes: list[Change], now: str) -> None:
    expected = f"Resources:\n  Job: {{Type: T, Properties: {now}}}\n"
    assert after(tmp_path, FLOW, *changes) == expected


JSON = """\
{
    "Resources": {
        "Job": {
            "Type": "T",
            "Properties": {
                "Action": [
                    "a",
                    "b"
                ],
                "Effect": "Allow"
            }
        }
    }
}
"""


@pytest.mark.parametrize(
    ("made", "before", "now"),
    [
        (change(("Action", 0), "remove"), '"a",\n                    "b"', '"b"'),
        (change(("Action", 1), "remove"), '"a",\n                    "b"', '"a"'),
        (change(("Action",), "append", "c"), '"b"\n', '"b",\n                    "c"\n'),
        (change(("Effect",), "remove"), '],\n                "Effect": "Allow"', "]"),
        (change(("Effect",), "set", "Deny"), '"Allow"', '"Deny"'),
        (change(("On",), "set", {"a": []}), '"Allow"', (
            '"Allow",\n                "On": {\n                    "a": []\n                }'
        )),
        (change(("Key",), "set", Symbol("api/t/Key", "Arn")), '"Allow"', (
            '"Allow",\n                "Key": {\n                    "Fn::GetAtt": [\n'
            '                        "Key",\n                        "Arn"\n'
            '                    ]\n                }'
        )),
    ],
)  # fmt: skip
def test_json_stays_json(tmp_path: Path, made: Change, before: str, now: str) -> None:
    assert after(tmp_path, JSON, made) == JSON.replace(before, now)


def test_line_ends_stay(tmp_path: Path) -> None:
    text = BLOCK.replace("\n", "\r\n")
    limits = change(("Limits",), "set", {"Rate": 3})
    line = "      Timeout: 5 # seconds\r\n"
    expected = text.replace(line, f"{line}      Limits:\r\n        Rate: 3\r\n")
    assert after(tmp_path, text, limits) == expected


def test_symbols_are_written_as_the_template_says_them(tmp_path: Path) -> None:
    value = [
        Symbol("api/t/Files"),
        Symbol("@aws", "Region"),
        Symbol("api/t@parameter", "Stage"),
        Text((Symbol("api/t/Files", "Arn"), "/public/*")),
    ]
    text = "Resources:\n  Job:\n    Type: T\n    Properties:\n      A: []\n"
    assert after(tmp_path, text, change(("A",), "set", value)) == (
        "Resources:\n  Job:\n    Type: T\n    Properties:\n      A:\n        - !Ref Files\n"
        "        - !Ref AWS::Region\n        - !Ref Stage\n"
        '        - !Sub "${Files.Arn}/public/*"\n'
    )


def test_an_edit_says_where(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api/n.yaml").write_text("Resources:\n  Job:\n    Properties:\n      A: 1\n")
    made = edits(tmp_path, (Change("api/t/Nested/Job", ("A",), "set", 2),), APP)
    assert made == (Edit(Place("api/n.yaml", 4, 10, 4, 11), "2"),)


SHARED = """\
Resources:
  Job:
    Type: T
    Properties: &both
      Action: [a, b]
  Other:
    Type: T
    Properties: *both
"""
CHOSEN = """\
Resources:
  Job:
    Type: T
    Properties:
      Action: !If [IsProd, [a], [b]]
      Name: !Sub "${A}-b"
"""


@pytest.mark.parametrize(
    ("text", "made", "reason"),
    [
        (SHARED, change(("Action", 0), "remove"),
         "line 4 of api/t.yaml is used in several places (anchor)"),
        (CHOSEN, change(("Action",), "append", "c"),
         "api/t/Job holds no list at Action"),
        (CHOSEN, change(("Name", "X"), "set", "c"),
         "Name.X of api/t/Job cannot stand inside what is written there"),
        (CHOSEN, change(("Role",), "remove"),
         "api/t/Job has no Role to remove"),
        (CHOSEN, change(("Role",), "set", Symbol("db/t/Role", "Arn")),
         "db/t/Role has no name in the template of api/t"),
        (CHOSEN, change(("Role",), "set", Open("not known")),
         "no template can say <not known>"),
        (CHOSEN, Change("api/t/Made", ("A",), "set", 1),
         "api/t.yaml does not write api/t/Made; something generates it"),
        (CHOSEN, Change("web/X", ("A",), "set", 1),
         "web/X is in no template that was read"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said(
    tmp_path: Path, text: str, made: Change, reason: str
) -> None:
    with pytest.raises(CannotEdit) as caught:
        after(tmp_path, text, made)
    assert str(caught.value) == reason


def test_inside_a_function_call_is_edited_where_it_is_written(tmp_path: Path) -> None:
    made = change(("Action", "Fn::If", 1), "append", "x")
    assert after(tmp_path, CHOSEN, made) == CHOSEN.replace("[a]", "[a, x]")


def test_a_short_tag_is_written_anew_as_a_whole(tmp_path: Path) -> None:
    made = change(("Name", "Fn::Sub"), "set", "${A}-c")
    assert after(tmp_path, CHOSEN, made) == CHOSEN.replace('!Sub "${A}-b"', '!Sub "${A}-c"')


def test_a_resource_is_added_behind_the_others(tmp_path: Path) -> None:
    made = Change("api/t/Model", (), "add", {"Type": "X", "Properties": {"For": "y"}})
    added = "  Model:\n    Type: X\n    Properties:\n      For: y\n"
    assert after(tmp_path, BLOCK, made) == BLOCK + added
