"""What a function answers as a page, and what as something else in the same place."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function
from checkrein.model.values import alternatives

EXPRESS = """
const express = require("express");
const serverless = require("serverless-http");
const app = express();
ROUTES
exports.handler = serverless(app);
"""
HELPER = """
const answer = (res, said) => {
  res.status(said.statusCode || 200)
    .set({ ...said.headers, "Access-Control-Allow-Origin": "x" })
    .set("Content-Type", said.type ?? "application/json")
    .send(said.body);
};
const fixed = async (req) => ({ body: `<p>${req.query.PAGE}</p>`, type: "text/html" });
const data = async (req) => ({ body: JSON.stringify({ all: req.query.DATA }) });
app.get("/page", async (req, res) => { answer(res, await fixed(req)); });
app.get("/data", async (req, res) => { answer(res, await data(req)); });
"""
ADAPTER = """
const adapt = (handler) => async (req, res) => {
  const { statusCode, body } = await handler({ path: req.query.x });
  try {
    res.status(statusCode).json(JSON.parse(body));
  } catch (e) {
    res.setHeader("content-type", "TYPE");
    res.status(statusCode).send(body);
  }
};
app.get("/a", adapt(async (event) => ({ statusCode: 200, body: "hello " + event.path })));
"""
BRANCHES = """
exports.handler = async (event) => {
  let headers = { "content-type": "application/json" };
  let body = "";
  if (event.rawPath === "/x") {
    headers = { "Content-Type": "text/html" };
    body = `<p>${PAGE}</p>`;
  } else {
    body = `{"a": ${DATA}}`;
  }
  return { statusCode: 200, headers, body };
};
"""
SWITCH = """
exports.handler = async (event) => {
  let type = "application/json", body = "";
  switch (event.rawPath) {
    case "/x":
      type = "text/html";
      body = `<p>${PAGE}</p>`;
      break;
    case "/y":
      body = `{"a": ${DATA}}`;
      break;
  }
  return { statusCode: 200, headers: { "Content-Type": type }, body };
};
"""
TAKEN_APART = """
const made = (type, body) => ({ headers: { "content-type": type }, body, statusCode: 200 });
const route = (event) => {
  if (event.rawPath === "/x") return made("text/html", `<p>${PAGE}</p>`);
  return made("application/json", `{"a": ${DATA}}`);
};
exports.handler = async (event) => {
  const { headers, body, statusCode } = route(event);
  return { statusCode, headers: { ...headers, "x-id": "1" }, body };
};
"""
PYTHON = """
def route(event):
    if event["rawPath"] == "/x":
        return "text/html", "<p>" + PAGE + "</p>"
    return "application/json", DATA

def handler(event, context):
    kind, body = route(event)
    return {"statusCode": 200, "headers": {"Content-Type": kind}, "body": body}
"""
TYPED_LATER = """
def handler(event, context):
    answer = {"statusCode": 200, "headers": {"content-type": "text/plain"}, "body": DATA}
    if event["rawPath"] == "/x":
        answer["headers"] = {"content-type": "text/html"}
        answer["body"] = PAGE
    return answer
"""
FIELD = "event.queryStringParameters.a"
DICT = "event['queryStringParameters']['a']"


def pages(root: Path, file: str, text: str) -> set[str]:
    """Return what of the event stands in the bodies of answers that may be pages."""
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    made = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    answers = [call for call in analyse(root, made).calls if call.kind == "response"]
    assert answers
    return {
        source.attribute
        for call in answers
        if "text/html"
        in {o for a in call.arguments if "ype" in a.path for o in alternatives(a.value)}
        for argument in call.arguments
        if argument.path == "body"
        for source in argument.sources
        if source.owner == "event"
    }


@pytest.mark.parametrize(
    ("file", "text", "nothing"),
    [
        ("app.js", BRANCHES, "1"),
        ("app.js", SWITCH, "1"),
        ("app.js", TAKEN_APART, "1"),
        ("app.py", PYTHON, "''"),
        ("app.py", TYPED_LATER, "''"),
    ],
    ids=["branches", "switch", "taken-apart", "tuple", "typed-later"],
)
def test_a_body_goes_with_its_own_type(tmp_path: Path, file: str, text: str, nothing: str) -> None:
    field = DICT if file.endswith("py") else FIELD
    other = text.replace("DATA", field).replace("PAGE", nothing)
    page = text.replace("PAGE", field).replace("DATA", nothing)

    assert pages(tmp_path, file, other) == set()
    assert pages(tmp_path, file, page) == {"queryStringParameters.a"}


def test_routes_that_answer_by_one_function(tmp_path: Path) -> None:
    app = EXPRESS.replace("ROUTES", HELPER)

    assert pages(tmp_path, "app.js", app) == {"queryStringParameters.PAGE"}


@pytest.mark.parametrize(("type", "found"), [("text/plain", set()), ("text/html", {"x"})])
def test_upper_and_lower_case_are_one(tmp_path: Path, type: str, found: set[str]) -> None:
    app = EXPRESS.replace("ROUTES", ADAPTER).replace("TYPE", type)

    assert pages(tmp_path, "app.js", app) == {f"queryStringParameters.{each}" for each in found}


def test_a_later_type_of_another_case_counts(tmp_path: Path) -> None:
    send = 'app.get("/", (req, res) => { res.set("Content-Type", "text/html"); MORE res.send(req.query.x); });'
    app = EXPRESS.replace("ROUTES", send)

    assert pages(tmp_path, "app.js", app.replace("MORE", "")) == {"queryStringParameters.x"}
    later = app.replace("MORE", 'res.set("content-type", "text/plain");')
    assert pages(tmp_path, "app.js", later) == set()


def test_answers_of_one_type_are_one(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text(EXPRESS.replace("ROUTES", HELPER))
    code = Code(folder=".", file="app.js")
    made = Function(id="t/F", runtime="", language="javascript", handler="app.handler", code=code)
    answers = [call for call in analyse(tmp_path, made).calls if call.kind == "response"]

    assert len(answers) == 2
