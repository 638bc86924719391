"""SAM: what is made of a template does not depend on when it is read."""

from __future__ import annotations

import pytest

from checkrein.notation import parse
from checkrein.read.sam_translator import translate

API = """
Transform: AWS::Serverless-2016-10-31
%s
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, DefinitionBody: {swagger: "2.0", paths: {}}%s}
"""


@pytest.mark.parametrize(
    ("globals", "own"),
    [("", ", AlwaysDeploy: true"), ("Globals: {Api: {AlwaysDeploy: true}}", "")],
)
def test_a_deployment_of_each_time_is_read_the_same(
    globals: str, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for second in (1, 2):
        monkeypatch.setattr("time.time", lambda now=second: now)
        made.append(translate(parse(API % (globals, own), "template.yaml").value, {}))

    assert made[0] == made[1]
    assert any(
        each["Type"] == "AWS::ApiGateway::Deployment" for each in made[0]["Resources"].values()
    )
