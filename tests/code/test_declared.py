"""A validation that drops or refuses what its schema does not name gives the named fields."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
HEADS = {
    "javascript": """
const { z } = require("zod");
const Joi = require("joi");
const yup = require("yup");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocument.from({});
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
""",
    "python": """
import acme, boto3, json
from marshmallow import EXCLUDE, INCLUDE, Schema, fields
from pydantic import BaseModel, ConfigDict
table = boto3.resource("dynamodb").Table("things")
class Plain(BaseModel):
    id: str
    name: str = ""
class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str
class Wide(BaseModel, extra="allow"):
    id: str
class Derived(acme.BaseModel):
    id: str
class Loaded(Schema):
    id = fields.Str()
    name = fields.Str()
class Excluding(Loaded):
    class Meta:
        unknown = EXCLUDE
class Including(Loaded):
    class Meta:
        unknown = INCLUDE
def handler(event, context):
    body = json.loads(event["body"])
""",
}
PUTS = {
    "javascript": '\n  await db.put({{ TableName: "things", Item: {} }});\n}};',
    "python": "\n    table.put_item(Item={})\n",
}
ZOD = "z.object({ id: z.string(), name: z.string() })"
JOI = "Joi.object({ id: Joi.string(), name: Joi.string() })"
YUP = "yup.object({ id: yup.string(), name: yup.string() })"
NAMED = {"id", "name"}
WHOLE = {""}
JAVASCRIPT = [
    (f"{ZOD}.parse(body)", NAMED),
    (f"{ZOD}.strict().parse(body)", NAMED),
    (f"{ZOD}.safeParse(body).data", NAMED),
    (f"{ZOD}.omit({{ name: true }}).parse(body)", {"id"}),
    (f"{ZOD}.pick({{ name: true }}).parse(body)", {"name"}),
    (f"{ZOD}.partial().extend({{ age: z.number() }}).parse(body)", {"age", "id", "name"}),
    (f"{{ ...{ZOD}.parse(body), made: 1 }}", NAMED),
    (f"z.object({{ in: {ZOD} }}).parse(body)", {"in.id", "in.name"}),
    (f"{ZOD}.passthrough().parse(body)", WHOLE),
    (f"{ZOD}.catchall(z.any()).parse(body)", WHOLE),
    (f"{ZOD}.merge(event.schema).parse(body)", WHOLE),
    ("z.object({ id: z.string(), ...event.schema }).parse(body)", WHOLE),
    ("z.looseObject({ id: z.string() }).parse(body)", WHOLE),
    (f"({ZOD}.parse(body), body)", WHOLE),
    (f"{JOI}.validate(body).value", NAMED),
    (f"await {JOI}.validateAsync(body)", NAMED),
    (f"{JOI}.validate(body, {{ stripUnknown: true }}).value", NAMED),
    (f"{JOI}.validate(body, {{ allowUnknown: true }}).value", WHOLE),
    (f"{JOI}.validate(body, event.options).value", WHOLE),
    (f"{JOI}.validate(body, {{ ...event.options }}).value", WHOLE),
    (f"{JOI}.unknown().validate(body).value", WHOLE),
    (f"await {YUP}.validate(body, {{ stripUnknown: true }})", NAMED),
    (f"await {YUP}.noUnknown().validate(body)", NAMED),
    (f"await {YUP}.validate(body)", WHOLE),
]
PYTHON = [
    ("Plain.model_validate(body).model_dump()", NAMED),
    ('Plain.model_validate_json(event["body"]).dict()', NAMED),
    ("Open.model_validate(body).model_dump()", WHOLE),
    ("Wide.model_validate(body).model_dump()", WHOLE),
    ("Derived.model_validate(body).model_dump()", WHOLE),
    ("Loaded().load(body)", NAMED),
    ("Loaded(unknown=INCLUDE).load(body)", WHOLE),
    ("Excluding().load(body)", NAMED),
    ("Loaded().load(body, unknown=INCLUDE)", WHOLE),
    ("Including().load(body)", WHOLE),
]
CASES = [("javascript", *each) for each in JAVASCRIPT] + [("python", *each) for each in PYTHON]


@pytest.mark.parametrize(("language", "value", "expected"), CASES)
def test_only_named_fields_are_stored(
    tmp_path: Path, language: str, value: str, expected: set[str]
) -> None:
    (tmp_path / FILES[language]).write_text(HEADS[language] + PUTS[language].format(value))
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(tmp_path, function)
    assert summary.partial == ""
    found = {
        source.attribute.removeprefix("body").removeprefix(".")
        for call in summary.calls
        if call.operation == "PutItem"
        for argument in call.arguments
        if argument.path.startswith("Item")
        for source in argument.sources
        if source.attribute.startswith("body")
    }
    assert found == expected
