"""What is derived before the code was read is what is derived with it, whatever that does."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings

from checkrein.cache import Cache
from checkrein.catalog.arns import arn_format
from checkrein.derive import derive
from checkrein.derive.access import identities
from checkrein.derive.content.stores import PREFIX
from checkrein.derive.ground import early
from checkrein.model import Access, App, Deployment, Fact, Function, Resource, Summary, Unread
from checkrein.pipeline.reading import read
from tests.derive.test_physical_names import TABLES, function
from tests.derive.test_remembered import CHANGES, FIRST, facts

EXAMPLES = Path(__file__).parents[2] / "examples"
STORING = """
import pymysql
def handler(event, context):
    with pymysql.connect(host="db.example.com").cursor() as cursor:
        cursor.execute("SELECT name FROM users WHERE id = %s", (event["id"],))
"""
POLICY = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Admin:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      Policies: [{Statement: [{Effect: Allow, Action: "*", Resource: "*"}, {Effect: Allow, NotAction: "iam:*", Resource: "*"}]}]
"""


def before_code(found: list[Fact]) -> App:
    return App(fact for fact in found if not isinstance(fact, (Function, Summary)))


def of(root: Path) -> list[Fact]:
    return read([root], lambda _: None, lambda folder: Cache(folder, wanted=False)).facts


@settings(max_examples=8, deadline=None)
@given(CHANGES)
def test_what_templates_tell_early_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, change: dict[str, str]
) -> None:
    found = facts(tmp_path_factory.mktemp("app"), change)
    derived = list(derive(App(found), None, early(before_code(found))))
    assert derived == list(derive(App(found)))


@pytest.mark.parametrize("name", ["", "wild-rydes", "seven-rows"])
def test_nor_does_it_in_whole_applications(name: str) -> None:
    found = of(EXAMPLES / name)
    derived = derive(App(found), None, early(before_code(found)))
    assert list(derived) == list(derive(App(found)))
    assert derived.every(Resource)


def test_nor_where_code_reaches_what_no_template_declares(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(POLICY)
    (tmp_path / "app.py").write_text(STORING)
    found = of(tmp_path)
    known = early(before_code(found))
    derived = derive(App(found), None, known)
    (store,) = (each for each in derived.every(Resource) if each.type.startswith(PREFIX))
    assert list(derived) == list(derive(App(found)))
    assert known.means.authority.arns(store.id) == ()


OPEN = """
    Resources:
      Guests:
        Type: AWS::S3::Bucket
      Policy:
        Type: AWS::S3::BucketPolicy
        Properties:
          Bucket: !Ref Guests
          PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*"}]}
"""


def test_nor_where_code_alone_names_a_table(tmp_path: Path) -> None:
    told = function(name="'strangers'", arn="'*'")
    for name, text in {"a/open.yaml": OPEN, "b/join.yaml": told, "c/join.yaml": told}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(dedent(text))
    (tmp_path / "c" / "join.yaml").write_text(dedent(function("none")))
    found = of(tmp_path)
    derived = derive(App(found), None, early(before_code(found)))
    assert list(derived) == list(derive(App(found)))
    tables = {each.id for each in derived.every(Resource) if each.is_undeclared}
    assert tables & {access.target for access in derived.every(Access)}


def test_nor_where_code_says_the_name_of_what_another_stack_declares(tmp_path: Path) -> None:
    for name, text in {"a/tables.yaml": TABLES, "b/join.yaml": function(name="'members'")}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(dedent(text))
    found = of(tmp_path)
    derived = derive(App(found), None, early(before_code(found)))
    assert list(derived) == list(derive(App(found)))
    assert len(derived.every(Deployment)) == 1


@pytest.mark.parametrize("kind", ["SQL", "MongoDB", "Redis"])
def test_no_policy_is_about_a_store_that_code_reaches(kind: str) -> None:
    assert arn_format(f"{PREFIX}{kind}") == ()


def test_what_crashes_early_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = facts(tmp_path, FIRST)
    monkeypatch.setattr(identities, "statements", lambda _: 1 / 0)
    derived = derive(App(found), None, early(before_code(found)))
    assert list(derived) == list(derive(App(found)))
    assert derived.every(Unread)
