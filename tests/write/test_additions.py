"""What a fix adds: new resources, and settings whose parents are not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein.model import App, Change, Stack, Symbol, Text
from checkrein.notation import parse, splice
from checkrein.write import CannotEdit, edits

APP = App([Stack(id="t", source="t.yaml")])
GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}}
NEW = Change("t/Logs", (), "add", GROUP)


def set_(path: tuple[str | int, ...], value: Any) -> Change:
    return Change("t/Job", path, "set", value)


def after(folder: Path, text: str, *changes: Change) -> str:
    (folder / "t.yaml").write_bytes(text.encode())
    return splice(text, edits(folder, changes, APP))


def test_blank_lines_part_new_resources_where_they_part_the_others(tmp_path: Path) -> None:
    text = "Resources:\n  Job:\n    Type: T\n\n  Next:\n    Type: T\n\nOutputs: {}\n"
    assert after(tmp_path, text, NEW) == (
        "Resources:\n  Job:\n    Type: T\n\n  Next:\n    Type: T\n\n  Logs:\n"
        "    Type: AWS::Logs::LogGroup\n    Properties:\n      RetentionInDays: 30\n\nOutputs: {}\n"
    )
    dense = text.replace("\n\n  Next", "\n  Next")
    assert "    Type: T\n  Logs:\n" in after(tmp_path, dense, NEW)


def test_tabs_stay_tabs(tmp_path: Path) -> None:
    template = {"Resources": {"Job": {"Type": "T", "Properties": {"A": {}}}}}
    text = json.dumps(template, indent="\t")
    template["Resources"]["Logs"] = GROUP
    template["Resources"]["Job"]["Properties"] = {"A": {"B": [1]}}
    found = after(tmp_path, text, NEW, set_(("A", "B"), [1]))
    assert found == json.dumps(template, indent="\t")


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("mark", ["|", "|-", "|+", ">", "!Sub |", "!Sub |+"])
def test_lines_may_follow_a_text_that_ends_the_file(mark: str, end: str, tmp_path: Path) -> None:
    text = f"Resources:\n  Job:\n    Type: T\n    Properties:\n      Code: {mark}\n        a\n        b{end}"
    expected = parse(text).value
    expected["Resources"]["Logs"] = GROUP
    expected["Resources"]["Job"]["Properties"]["B"] = 1
    assert parse(after(tmp_path, text, NEW, set_(("B",), 1))).value == expected


def test_an_empty_mapping_becomes_lines_where_its_parent_has_lines(tmp_path: Path) -> None:
    text = "Resources:\n  Job:\n    Type: T\n    Properties: {} # none\n"
    assert after(tmp_path, text, set_(("A", "B"), 1)) == (
        "Resources:\n  Job:\n    Type: T\n    Properties:\n      A:\n        B: 1 # none\n"
    )


RULES = "Resources:\n  Job:\n    Type: T\n    Properties:\n      K: 1\n"


@pytest.mark.parametrize(
    ("changes", "meant"),
    [
        ([set_(("A", 0, "B", "C"), 1)], {"K": 1, "A": [{"B": {"C": 1}}]}),
        (
            [set_(("A", 0, "B"), 1), set_(("A", 0, "C"), 2), set_(("A", 0, "B"), 1)],
            {"K": 1, "A": [{"B": 1, "C": 2}]},
        ),
        (
            [Change("t/Job", ("A", "B"), "append", 1), Change("t/Job", ("A", "B"), "append", 2)],
            {"K": 1, "A": {"B": [1, 2]}},
        ),
        (
            [Change("t/Job", ("K",), "append", 2), Change("t/Job", ("K",), "append", 3)],
            {"K": [1, 2, 3]},
        ),
        ([set_(("A",), {"B": 1}), set_(("A", "C"), 2)], {"K": 1, "A": {"B": 1, "C": 2}}),
    ],
)
def test_changes_that_meet_are_united(
    changes: list[Change], meant: dict[str, Any], tmp_path: Path
) -> None:
    found = parse(after(tmp_path, RULES, *changes)).value
    assert found["Resources"]["Job"]["Properties"] == meant


@pytest.mark.parametrize(
    "changes",
    [
        [set_(("K",), 2), set_(("K",), 3)],
        [set_(("K",), 2), Change("t/Job", ("K",), "remove")],
        [Change("t/Job", ("K",), "remove"), set_(("K", "L"), 3)],
        [set_(("A", "B"), 2), set_(("A", "B"), 3)],
        [set_(("A", "B"), [2]), set_(("A", "B"), [3])],
        [set_(("A",), 2), set_(("A", "B"), 3)],
        [NEW, Change("t/Logs", (), "add", {"Type": "X"})],
    ],
)
def test_changes_that_contradict_each_other_are_refused(
    changes: list[Change], tmp_path: Path
) -> None:
    with pytest.raises(CannotEdit, match=r"another change of t/(Job|Logs) says something else"):
        after(tmp_path, RULES, *changes)


def test_attributes_stand_beside_the_properties(tmp_path: Path) -> None:
    assert after(tmp_path, RULES, set_(("DeletionPolicy",), "Retain")) == (
        RULES + "    DeletionPolicy: Retain\n"
    )


TAKEN = """\
Parameters:
  Key: {Type: String}
Resources:
  Job:
    Type: T
    Condition: IsProd
    Properties:
      K: 1
  Logs:
    Type: T
"""


def test_a_taken_name_gets_a_number_and_what_refers_to_it_follows(tmp_path: Path) -> None:
    key = Change("t/Key", (), "add", {"Type": "T", "Properties": {"L": Symbol("t/Logs", "Arn")}})
    names = [Symbol("t/Logs"), Text(("x", Symbol("t/Key", "Arn")))]
    found = after(tmp_path, TAKEN, NEW, key, set_(("A",), names))
    assert found == TAKEN.replace("K: 1\n", """\
K: 1
      A:
        - !Ref Logs2
        - !Sub "x${Key2.Arn}"
""") + """\
  Logs2:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: 30
  Key2:
    Type: T
    Properties:
      L: !GetAtt Logs2.Arn
"""  # fmt: skip


def test_what_is_there_just_so_is_not_added_again(tmp_path: Path) -> None:
    once = after(tmp_path, TAKEN, NEW)
    assert "Logs2" in once
    again = Change("t/Logs2", (), "add", GROUP)
    assert after(tmp_path, once, again, set_(("K",), Symbol("t/Logs2"))) == once.replace(
        "K: 1", "K: !Ref Logs2"
    )


def test_a_companion_is_made_under_the_condition_of_what_it_names(tmp_path: Path) -> None:
    alarm = {"Type": "T", "Properties": {"Of": Symbol("t/Job")}}
    found = parse(after(tmp_path, TAKEN, Change("t/Alarm", (), "add", alarm))).value
    assert found["Resources"]["Alarm"] == {
        "Type": "T", "Condition": "IsProd", "Properties": {"Of": {"Ref": "Job"}}
    }  # fmt: skip


def test_a_companion_of_two_conditions_is_not_made(tmp_path: Path) -> None:
    text = TAKEN + "    Condition: IsTest\n"
    both = {"Type": "T", "Properties": {"Of": [Symbol("t/Job"), Symbol("t/Logs")]}}
    with pytest.raises(CannotEdit) as caught:
        after(tmp_path, text, Change("t/Alarm", (), "add", both))
    assert str(caught.value) == "Alarm would need all of the conditions IsProd and IsTest at once"
