"""Fixes proved side by side are what each would be alone, and one that fails fails alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline, write
from checkrein.model import App, Change
from checkrein.write.batches import Draft, _false
from checkrein.write.edits import by_file, drafted
from checkrein.write.refusals import CannotEdit

TEMPLATE = """Resources:
  One: {Type: AWS::SNS::Topic, Properties: {TopicName: one}}
  Two:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: two
  Three: &three
    Type: AWS::SNS::Topic
    Properties: {TopicName: three}
  Four: *three
"""


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "app.yaml").write_text(TEMPLATE)
    return pipeline.learn((tmp_path,)).app


def renamed(resource: str, name: object = "new") -> tuple[Change, ...]:
    return (Change(f"app/{resource}", ("TopicName",), "set", name),)


def added(name: str) -> tuple[Change, ...]:
    return (Change(f"app/{name}", (), "add", {"Type": "AWS::SNS::Topic", "Properties": {}}),)


def alone(folder: Path, changes: tuple[Change, ...], app: App) -> object:
    try:
        return write.edits(folder, changes, app)
    except CannotEdit as error:
        return str(error)


def test_each_is_what_it_is_alone(app: App, tmp_path: Path) -> None:
    fixes = [
        *(renamed("One"), renamed("Two"), renamed("Two", "other"), renamed("Three")),
        *(renamed("Four"), renamed("Nobody"), added("New"), added("Newer")),
        (*renamed("One"), *added("Newest")),
    ]
    together = write.edits_of_each(tmp_path, fixes, app)

    assert [e if isinstance(e, tuple) else str(e) for e in together] == [
        alone(tmp_path, changes, app) for changes in fixes
    ]
    assert [isinstance(each, tuple) for each in together].count(False) >= 2


def test_one_that_does_not_read_back_is_found_among_the_others(app: App, tmp_path: Path) -> None:
    drafts = [
        Draft(number, tree, planned, [] if number == 1 else drafted(tree, planned))
        for number, changes in enumerate([renamed("One"), renamed("Two"), added("New")])
        for tree, planned in by_file(tmp_path, changes, app)
    ]

    assert [draft.fix for draft in _false(drafts)] == [1]
