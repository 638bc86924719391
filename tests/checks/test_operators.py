"""Operators in the questions to a database: how much is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: .
      Events: {Asked: {Type: HttpApi, Properties: {Method: post, Path: /ask}}}
"""
CODE = """
const mongoose = require("mongoose");
const Person = mongoose.model("Person", new mongoose.Schema({ email: String, password: String }));
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  ASKED
  return { statusCode: 200, body: "{}" };
};
"""


@pytest.mark.parametrize(
    ("asked", "severity"),
    [
        (
            "const one = await Person.findOne({ name: body.name }); if (!one) throw Error();",
            "medium",
        ),
        ("return { body: JSON.stringify(await Person.find({ name: body.name })) };", "high"),
        (
            (
                "const all = await Person.find({ name: body.name });"
                " let sum = 0; all.forEach((one) => { sum += one.owed * 2; });"
                " return { body: `${sum} owed by all` };"
            ),
            "medium",
        ),
        (
            (
                "const one = await Person.findOne({ name: body.name });"
                " if (one.password !== body.password) throw Error();"
                " return { body: JSON.stringify({ email: one.email }) };"
            ),
            "medium",
        ),
        ("if (!(await Person.findOne({ password: body.password }))) throw Error();", "high"),
        ("if (!(await Person.findOne(body))) throw Error();", "high"),
        ("await Person.deleteOne({ name: body.name });", "high"),
        ("await Person.findOneAndUpdate({ name: body.name }, { $set: { seen: 1 } });", "high"),
        ("await Person.findOne({ name: String(body.name) });", None),
    ],
)
def test_a_look_up_that_tells_nothing_is_a_small_fault(
    tmp_path: Path, asked: str, severity: str | None
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.js").write_text(CODE.replace("ASKED", asked))

    verdicts = pipeline.scan((tmp_path,)).verdicts

    found = [v for v in verdicts if v.check == "nosql-injection" and v.findings]
    assert [str(each.severity) for each in found] == ([severity] if severity else [])
