"""Code that is not here and may ask who calls makes "nobody asks" possible only, no other code does."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from tests.checks.asked import (
    PYTHON,
    TEMPLATE,
    told_of_javascript,
    told_of_others,
    told_of_python,
)

PLAIN = "async (event) => save(event)"
EXPRESS = """
const app = require("express")();
const asked = require("@acme/auth"), cors = require("cors"), helmet = require("helmet");
BEFORE
app.post("/customers/:id", WITH async (req, res) => res.json(await put(req.params.id, req.body)));
exports.handler = require("serverless-http")(app);
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"exports.handler = {PLAIN};", "open"),
        # what wraps the handler
        (f"exports.handler = require('@acme/common').withAuth({PLAIN});", "perhaps"),
        (f"exports.handler = require('./lib/wrap')({PLAIN});", "perhaps"),
        (f"exports.handler = require('@sentry/serverless').AWSLambda.wrapHandler({PLAIN});", "open"),
        (f"exports.handler = require('datadog-lambda-js').datadog({PLAIN});", "open"),
        (f"exports.handler = require('@acme/logger').traced({PLAIN});", "open"),
        (f"exports.handler = middy({PLAIN}).use(require('@acme/auth').guard());", "perhaps"),
        (f"exports.handler = middy({PLAIN}).use(require('@middy/http-cors')());", "open"),
        (f"exports.handler = middy({PLAIN}).use({{ before: (r) => console.log(r) }});", "open"),
        # what is called on the way
        ("const { checkAuth } = require('@acme/auth'); CALLED checkAuth(event); SAVED", "perhaps"),
        ("const { load } = require('@acme/x'); CALLED await load(event.headers); SAVED", "perhaps"),
        ("const { isAllowed } = require('@acme/x'); CALLED if (!isAllowed(event)) return; SAVED",
         "perhaps"),
        ("const { logEvent } = require('@acme/x'); CALLED logEvent(event); SAVED", "open"),
        ("const { parseEvent } = require('@acme/x'); CALLED parseEvent(event); SAVED", "open"),
        ("const { resize } = require('@acme/x'); CALLED resize(event.pathParameters.id); SAVED",
         "open"),
        (("const { checkAuth } = require('@acme/auth');"
         " CALLED const done = await save(event); await checkAuth(event); return done; };"), "open"),
        (("const { checkAuth } = require('@acme/auth');"
         " CALLED if (event.body) { await checkAuth(event); } SAVED"), "open"),
        (("const { checkAuth } = require('@acme/auth');"
         " CALLED try { await checkAuth(event); } catch (e) { console.log(e); } SAVED"), "open"),
    ],
)  # fmt: skip
def test_code_of_packages_may_ask_in_javascript(tmp_path: Path, code: str, expected: str) -> None:
    code = code.replace("CALLED", "exports.handler = async (event) => {")
    assert told_of_javascript(tmp_path, code.replace("SAVED", "return save(event); };")) == expected


@pytest.mark.parametrize(
    ("before", "beside", "expected"),
    [
        ("app.use(asked.requireAuth);", "", "perhaps"),
        ("", "asked.requireAuth('admin'),", "perhaps"),
        ("app.use(cors()); app.use(helmet());", "", "open"),
        ("app.get('/other', asked.requireAuth, (req, res) => res.json({}));", "", "open"),
    ],
)
def test_middleware_of_packages_may_ask(
    tmp_path: Path, before: str, beside: str, expected: str
) -> None:
    code = EXPRESS.replace("BEFORE", before).replace("WITH", beside)
    assert told_of_javascript(tmp_path, code) == expected


FASTAPI = """
from fastapi import Depends, FastAPI, Request
from mangum import Mangum
app = FastAPI()
BEFORE
@app.post("/customers/{id}")
def post(id: str, body: dict WITH):
    return put(id, body)
handler = Mangum(app)
"""
GATE = """
async def gate(request, call_next):
    if request.headers.get("x-api-key") != os.environ["API_KEY"]:
        return {}
    return await call_next(request)
"""
CLASS = f"""
from starlette.middleware.base import BaseHTTPMiddleware
class Gate(BaseHTTPMiddleware):
{indent(GATE.replace("gate(", "dispatch(self, "), "    ")}
app.add_middleware(Gate)
"""
ASGI = """
class Gate:
    def __init__(self, app): self.app = app
    async def __call__(self, scope, receive, send): await self.app(scope, receive, send)
app.add_middleware(Gate)
"""


@pytest.mark.parametrize(
    ("before", "beside", "expected"),
    [
        ("", "", "open"),
        ("from acme import current_user", ", user=Depends(current_user)", "perhaps"),
        ("def size(limit: int = 1): return limit", ", limit=Depends(size)", "open"),
        ("from acme import AuthMiddleware\napp.add_middleware(AuthMiddleware)", "", "perhaps"),
        ("from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware)",
         "", "open"),
        (f"@app.middleware('http'){GATE}", "", "known"),
        (("@app.middleware('http')\nasync def timed(request, call_next):\n"
         "    return await call_next(request)"), "", "open"),
        (CLASS, "", "known"),
        (CLASS.replace("x-api-key", "x-trace").replace("return {}", "print('')"), "", "open"),
        (ASGI, "", "perhaps"),
    ],
)  # fmt: skip
def test_middleware_of_fastapi_is_run(
    tmp_path: Path, before: str, beside: str, expected: str
) -> None:
    code = FASTAPI.replace("BEFORE", before).replace(" WITH", beside)
    assert told_of_python(tmp_path, code) == expected


HANDLER = "def handler(event, context):\n    return save(event)\n"
FLASK = """
import serverless_wsgi
from flask import Flask, request
app = Flask(__name__)
BEFORE
@app.route("/customers/<id>", methods=["POST"])
WITH
def post(id):
    return put(id, request.json)
def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (HANDLER, "open"),
        (f"from acme import login_required\n@login_required\n{HANDLER}", "perhaps"),
        (f"from acme import require\n@require(role='admin')\n{HANDLER}", "perhaps"),
        (f"from aws_lambda_powertools import Tracer\n@Tracer().capture_method\n{HANDLER}", "open"),
        (f"from acme import log_calls\n@log_calls\n{HANDLER}", "open"),
        ("from acme import verify\nCALLED    verify(event)\n", "perhaps"),
        ("from acme import who\nCALLED    if not who(event):\n        return {}\n", "perhaps"),
        (("from acme import verify\nCALLED    try:\n        verify(event)\n"
         "    except Exception:\n        print('no')\n"), "open"),
        ("from acme import verify\nCALLED    verify(event['pathParameters'])\n", "perhaps"),
        ("from acme import resize\nCALLED    resize(event['pathParameters'])\n", "open"),
        ("from acme import load\nCALLED    load(json.loads(event['body'])['userToken'])\n", "perhaps"),
        ("from acme import load\nCALLED    load(json.loads(event['body'])['pageToken'])\n", "open"),
        ("CALLED    context.tools.authorize(event)\n", "perhaps"),
        ("CALLED    context.tools.resize(event)\n", "open"),
        (FLASK.replace("BEFORE", "").replace("WITH", ""), "open"),
        (FLASK.replace("BEFORE", "from flask_login import login_required").replace(
            "WITH", "@login_required"), "perhaps"),
        (FLASK.replace("BEFORE", "from flask_cors import cross_origin").replace(
            "WITH", "@cross_origin()"), "open"),
        (FLASK.replace("BEFORE", "from acme import check\n@app.before_request\n"
                       "def gate():\n    check(request)").replace("WITH", ""), "perhaps"),
    ],
)  # fmt: skip
def test_code_of_packages_may_ask_in_python(tmp_path: Path, code: str, expected: str) -> None:
    called = "CALLED" in code
    code = code.replace("CALLED", "def handler(event, context):\n")
    assert told_of_python(tmp_path, code + "    return save(event)\n" * called) == expected


URL = """  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Save.Arn, AuthType: NONE}
"""


@pytest.mark.parametrize(
    ("check", "template"),
    [
        ("public-function-url", TEMPLATE + URL),
        ("internal-route-exposed", TEMPLATE.replace("/customers/{id}", "/admin/{id}")),
    ],
)
@pytest.mark.parametrize(
    ("before", "expected"),
    [("from acme import verify\n    verify(event)", True), ("print('none')", False)],
)
def test_other_claims_of_absence_are_doubted_too(
    tmp_path: Path, check: str, template: str, before: str, *, expected: bool
) -> None:
    code = f"{PYTHON}def handler(event, context):\n    {before}\n    return save(event)\n"
    files = {"template.yaml": template.replace("RUNTIME", "python3.14"), "app.py": code}
    found = told_of_others(tmp_path, files, check)
    assert [one == "possible" for one in found] == [expected]
