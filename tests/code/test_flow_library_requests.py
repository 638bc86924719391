"""Library functions that ask a service of AWS become calls, and give their results' content."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function, Summary, Symbol, Text


def summary(root: Path, file: str, text: str) -> Summary:
    (root / file).write_text(dedent(text))
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    return analyse(root, function)


Said = tuple[str, str, dict[str, object], tuple[str, ...]]


def asked(found: Summary) -> list[Said]:
    return [
        (c.service, c.operation, {a.path: a.value for a in c.arguments}, c.reads)
        for c in found.calls
        if c.kind == "sdk"
    ]


def answer(found: Summary) -> object:
    (response,) = [call for call in found.calls if call.kind == "response"]
    return response.arguments[0].value


NAME = Symbol("env", "NAME")
POWERTOOLS = "from aws_lambda_powertools.utilities import parameters\n"

PYTHON: dict[str, Said] = {
    "import os, botocore, boto3\n"
    "from aws_secretsmanager_caching import SecretCache, SecretCacheConfig\n"
    "cache = SecretCache(config=SecretCacheConfig(), client=boto3.client('secretsmanager'))\n"
    "def handler(event, context): return cache.get_secret_string(os.environ['NAME'])": (
        "secretsmanager", "GetSecretValue", {"SecretId": NAME}, ("SecretString",),
    ),
    f"import os\n{POWERTOOLS}"
    "def handler(event, context): return parameters.get_parameter(os.environ['NAME'])": (
        "ssm", "GetParameter", {"Name": NAME}, ("Parameter.Value",),
    ),
    f"{POWERTOOLS}"
    "def handler(event, context): return parameters.get_parameters_by_name({'/a': {}, '/b': {}})": (
        "ssm", "GetParameters", {"Names[]": "either"}, ("Parameters[].Value",),
    ),
    f"{POWERTOOLS}ssm = parameters.SSMProvider()\n"
    "def handler(event, context): return ssm.get_multiple('/app')": (
        "ssm", "GetParametersByPath", {"Path": "/app"}, ("Parameters[].Value",),
    ),
    f"import os\n{POWERTOOLS}store = parameters.DynamoDBProvider(table_name=os.environ['NAME'])\n"
    "def handler(event, context): return store.get('k')": (
        "dynamodb", "GetItem", {"TableName": NAME, "Key.id": "k"}, ("Item.value",),
    ),
    f"{POWERTOOLS}def handler(event, context): return parameters.get_secret(name='s')": (
        "secretsmanager", "GetSecretValue", {"SecretId": "s"}, ("SecretString",),
    ),
    "import json, os, urllib.request\n"
    "def handler(event, context):\n"
    "    port = os.environ.get('PORT', '2773')\n"
    "    url = f'http://localhost:{port}/secretsmanager/get?secretId=' + os.environ['NAME']\n"
    "    request = urllib.request.Request(url, headers={'X-Aws-Token': os.environ['T']})\n"
    "    return json.loads(urllib.request.urlopen(request).read())['SecretString']": (
        "secretsmanager", "GetSecretValue", {"SecretId": NAME}, ("SecretString",),
    ),
    "import requests\n"
    "def handler(event, context):\n"
    "    url = 'http://localhost:2773/systemsmanager/parameters/get'\n"
    "    return requests.get(url, params={'name': '/a'}).json()['Parameter']['Value']": (
        "ssm", "GetParameter", {"Name": "/a"}, ("Parameter.Value",),
    ),
}  # fmt: skip

JAVASCRIPT: dict[str, Said] = {
    "import { getParameter } from '@aws-lambda-powertools/parameters/ssm';\n"
    "export const handler = async () => getParameter(process.env.NAME);": (
        "ssm", "GetParameter", {"Name": NAME}, ("Parameter.Value",),
    ),
    "import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';\n"
    "const secrets = new SecretsProvider({ clientConfig: {} });\n"
    "export const handler = async () => await secrets.get('s');": (
        "secretsmanager", "GetSecretValue", {"SecretId": "s"}, ("SecretString",),
    ),
    "import middy from '@middy/core'; import ssm from '@middy/ssm';\n"
    "const run = async (event, context) => context.token;\n"
    "export const handler = middy(run).use(\n"
    "  ssm({ fetchData: { token: `/${process.env.NAME}/token` }, setToContext: true }));": (
        "ssm", "GetParameters", {"Names[]": Text(("/", NAME, "/token"))}, ("Parameters[].Value",),
    ),
    "const middy = require('@middy/core'); const secrets = require('@middy/secrets-manager');\n"
    "exports.handler = middy(async (event, { key }) => key)\n"
    "  .use(secrets({ fetchData: { key: 's' }, setToContext: true }));": (
        "secretsmanager", "GetSecretValue", {"SecretId": "s"}, ("SecretString",),
    ),
    "import axios from 'axios';\n"
    "export const handler = async () => {\n"
    "  const url = 'http://localhost:2773/systemsmanager/parameters/get?name=%2Fa&withDecryption=1';\n"
    "  return (await axios.get(url)).data.Parameter.Value;\n"
    "};": ("ssm", "GetParameter", {"Name": "/a"}, ("Parameter.Value",)),
    "export const handler = async () => {\n"
    "  const url = `http://127.0.0.1:2773/secretsmanager/get?secretId=${process.env.NAME}`;\n"
    "  const answer = await fetch(url, { headers: { 'X-Aws-Token': process.env.T } });\n"
    "  return (await answer.json()).SecretString;\n"
    "};": ("secretsmanager", "GetSecretValue", {"SecretId": NAME}, ("SecretString",)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        *(("app.py", text, expected) for text, expected in PYTHON.items()),
        *(("app.mjs", text, expected) for text, expected in JAVASCRIPT.items()),
    ],
)
def test_a_fetch_is_a_call_and_its_result_the_content(
    tmp_path: Path, file: str, text: str, expected: Said
) -> None:
    found = summary(tmp_path, file, text)
    ((service, operation, parameters, reads),) = asked(found)
    if expected[2].get("Names[]") == "either":
        assert str(parameters.pop("Names[]")) == "/a | /b"
        parameters["Names[]"] = "either"
    assert (service, operation, parameters, reads) == expected
    assert answer(found) == Symbol("call:0", reads[0])
    assert not [call for call in found.calls if call.kind == "http"]


def test_what_is_put_and_other_local_addresses(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        "app.py",
        """
        import requests
        from aws_lambda_powertools.utilities import parameters
        def handler(event, context):
            parameters.set_secret(name="s", value=event["key"])
            parameters.set_parameter("/p", value=event["note"])
            requests.get("http://localhost:8000/secretsmanager/get2?secretId=x")
            requests.get("http://example.com/secretsmanager/get?secretId=x")
        """,
    )
    assert [said[:3] for said in asked(found)] == [
        (
            "secretsmanager",
            "PutSecretValue",
            {"SecretId": "s", "SecretString": Symbol("event", "key")},
        ),
        ("ssm", "PutParameter", {"Name": "/p", "Value": Symbol("event", "note")}),
    ]
    assert len([call for call in found.calls if call.kind == "http"]) == 2
