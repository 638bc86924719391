"""What code does only for callers of a role is a step further from the outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: {Variables: {DB_HOST: db.example.org, DB_NAME: clinic}}
      Events: {Any: {Type: HttpApi, Properties: {Method: ANY, Path: "/{proxy+}"}}}
"""
CODE = """
const express = require("express"); const serverless = require("serverless-http");
const jwt = require("jsonwebtoken"); const { Pool } = require("pg");
const pool = new Pool({ host: process.env.DB_HOST, database: process.env.DB_NAME });
const app = express();
const auth = (req, res, next) => {
  req.user = jwt.verify(req.headers.authorization, process.env.KEY);
  if (WHO) return res.status(403).json({});
  next();
};
app.post("/patients", auth, async (req, res) => {
  const found = await pool.query(`SELECT diagnosis, email FROM patients WHERE id = ${req.body.id}`);
  res.json(found.rows);
});
exports.handler = serverless(app);
"""


@pytest.mark.parametrize(
    ("who", "severity", "message"),
    [
        ("!req.user", "critical", "a signed-in caller can"),
        ('req.user.role !== "staff"', "high", "whoever has the role for it can"),
    ],
)
def test_an_injection_behind_a_role_is_no_longer_critical(
    tmp_path: Path, who: str, severity: str, message: str
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.js").write_text(CODE.replace("WHO", who))
    (verdict,) = (
        v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "sql-injection" and v.findings
    )
    assert verdict.severity == severity
    assert [finding.message.startswith(message) for finding in verdict.findings] == [True]
