"""A route that asks whom nobody here can name is no open route."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Entry
from checkrein.pipeline import learn

SERVICE = """\
service: desk
provider: {name: aws, runtime: nodejs22.x}
custom:
  function: arn:aws:lambda:${env:REGION}:${env:ACCOUNT}:function:auth-${sls:stage}-asks
  pool: arn:aws:cognito-idp:${env:REGION}:${env:ACCOUNT}:userpool/${env:POOL}
  nobody: {prod: aws_iam}
functions:
  read:
    handler: mail.handler
    events: [{KIND: {method: get, path: /mail, AUTHORIZER}}]
"""
NAMED = [
    ("http", "authorizer: '${self:custom.function}'"),
    ("http", "authorizer: '${self:custom.pool}'"),
    ("http", "authorizer: '${env:AUTHORIZER}'"),
    ("http", "authorizer: '${ssm:/desk/authorizer}'"),
    ("http", "authorizer: {arn: '${env:AUTHORIZER}'}"),
    ("http", "authorizer: {type: CUSTOM, authorizerId: '${env:AUTHORIZER}'}"),
    ("httpApi", "authorizer: '${env:AUTHORIZER}'"),
    ("httpApi", "authorizer: '${ssm:/desk/authorizer}'"),
]
NONE = [
    ("http", "private: false"),
    ("http", "authorizer: '${self:custom.nobody.${sls:stage}, null}'"),
    ("httpApi", "timeout: 3"),
]


def caller(folder: Path, kind: str, authorizer: str) -> str:
    text = SERVICE.replace("KIND", kind).replace("AUTHORIZER}}]", authorizer + "}}]")
    (folder / "serverless.yml").write_text(text)
    (folder / "mail.js").write_text("exports.handler = async () => 1\n")
    (found,) = learn([folder]).app.every(Entry)
    return found.identity


@pytest.mark.parametrize(("kind", "authorizer"), NAMED)
def test_who_is_asked_is_not_known_but_somebody_is(
    kind: str, authorizer: str, tmp_path: Path
) -> None:
    assert not caller(tmp_path, kind, authorizer).startswith("@anyone")


@pytest.mark.parametrize(("kind", "authorizer"), NONE)
def test_a_route_without_authorizer_is_open(kind: str, authorizer: str, tmp_path: Path) -> None:
    assert caller(tmp_path, kind, authorizer) == "@anyone"
