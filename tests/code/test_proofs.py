"""Code that asks who calls: what comes after a secret or a signature is not for anyone."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function


def sites(root: Path, file: str, text: str) -> tuple[CallSite, ...]:
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return found.calls


def proofs(root: Path, file: str, text: str) -> dict[str, str]:
    """Return what callers have shown before the code gets to each table."""
    return {
        str(argument.value): site.proof
        for site in sites(root, file, text)
        if site.service == "dynamodb"
        for argument in site.arguments
        if argument.path == "TableName"
    }


PYTHON = """
import base64, hashlib, hmac, json, os, secrets
import boto3, jwt, stripe
from slack_sdk.signature import SignatureVerifier
from svix.webhooks import Webhook
from nacl.signing import VerifyKey
SECRET = os.environ["HOOK_SECRET"]
def fetched():
    return boto3.client("secretsmanager").get_secret_value(SecretId="hook")["SecretString"]
def sign(event, key=SECRET):
    return hmac.new(key.encode(), event["body"].encode(), hashlib.sha256).hexdigest()
def is_signed(event):
    shown = event["headers"].get("X-Hub-Signature-256")
    return bool(shown) and hmac.compare_digest("sha256=" + sign(event), shown)
def demand(event):
    if event["headers"].get("x-api-key") != SECRET:
        raise PermissionError("no")
def opened(event):
    return jwt.decode(event["headers"]["authorization"].split()[1], SECRET, algorithms=["HS256"])
def handler(event, context):
"""
JAVASCRIPT = """
const crypto = require("crypto");
const jwt = require("jsonwebtoken");
const AWS = require("aws-sdk");
const Stripe = require("stripe");
const twilio = require("twilio");
const { Webhook } = require("svix");
const { verify } = require("@octokit/webhooks-methods");
const { jwtVerify } = require("jose");
const db = new AWS.DynamoDB.DocumentClient();
const stripe = new Stripe(process.env.STRIPE_KEY);
const sign = (event) => crypto.createHmac("sha256", process.env.SECRET).update(event.body).digest("hex");
function isSigned(event) {
  const shown = event.headers["x-signature"];
  if (!shown) return false;
  return crypto.timingSafeEqual(Buffer.from(sign(event)), Buffer.from(shown));
}
async function demand(event) {
  if (event.headers["x-api-key"] !== process.env.API_KEY) throw new Error("no");
}
function safeCompare(a, b) { let d = 0; for (let i = 0; i < a.length; i++) d |= a.charCodeAt(i) ^ b.charCodeAt(i); return d === 0; }
exports.handler = async (event) => {
"""
THEN_PYTHON = 'boto3.client("dynamodb").put_item(TableName="t", Item=json.loads(event["body"]))'
THEN_JAVASCRIPT = 'await db.put({ TableName: "t", Item: JSON.parse(event.body) }).promise();\n};\n'
PROVING_PYTHON = [
    'if event["headers"]["x-api-key"] != os.environ["API_KEY"]:\n    return {"statusCode": 401}',
    'if event["headers"].get("x-api-key") != fetched():\n    return {"statusCode": 401}',
    'if event["headers"].get("authorization") != f"Bearer {SECRET}":\n    return {"statusCode": 401}',
    'if not is_signed(event):\n    return {"statusCode": 401}',
    'good = is_signed(event)\nif not good:\n    return {"statusCode": 401}',
    (
        'key = event["headers"].get("x-api-key")\nif not key or not secrets.compare_digest(key, SECRET):\n'
        '    return {"statusCode": 401}'
    ),
    "demand(event)",
    'if event["headers"]["x-api-key"] not in os.environ["API_KEYS"].split(","):\n    return {}',
    (
        'event = {**event, "said": stripe.Webhook.construct_event(event["body"], '
        'event["headers"]["stripe-signature"], SECRET)}'
    ),
    (
        'try:\n    Webhook(SECRET).verify(event["body"], event["headers"])\n'
        'except Exception:\n    return {"statusCode": 400}'
    ),
    'if not SignatureVerifier(SECRET).is_valid_request(event["body"], event["headers"]):\n    return {}',
    'VerifyKey(bytes.fromhex("aa")).verify(event["body"].encode(), event["headers"]["x-signature"])',
]
DECEIVING_PYTHON = [
    'if event["headers"]["x-api-key"] != os.environ["API_KEY"]:\n    print("no")',
    'if event["headers"]["x-api-key"] != "a1b2c3":\n    return {"statusCode": 401}',
    'if event["headers"]["x-api-key"] != event["queryStringParameters"]["key"]:\n    return {}',
    'if event["headers"]["x-api-version"] != os.environ["API_VERSION"]:\n    return {}',
    'if event["headers"].get("x-api-key") and event["headers"]["x-api-key"] != SECRET:\n    return {}',
    'shown = event["headers"].get("x-signature")\nif shown != sign(event, "a1b2c3"):\n    return {}',
    'if event["headers"]["x-sum"] != hashlib.sha256(event["body"].encode()).hexdigest():\n    return {}',
    "is_signed(event)",
    'print(event["headers"]["x-api-key"], SECRET)',
    'try:\n    demand(event)\nexcept PermissionError:\n    print("no")',
    'key = event["headers"].get("x-api-key") or SECRET\nif key != SECRET:\n    return {}',
    'try:\n    Webhook(SECRET).verify(event["body"], event["headers"])\nexcept Exception:\n    pass',
    'Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify(event["body"], event["headers"])',
    'jwt.decode(event["headers"]["authorization"], options={"verify_signature": False})',
    'if event["headers"]["x-client-id"] != os.environ["PUBLIC_KEY"]:\n    return {}',
]
PROVING_JAVASCRIPT = [
    'if (event.headers["x-api-key"] !== process.env.API_KEY) return { statusCode: 401 };',
    "if (!process.env.CRON_SECRET || event.headers.authorization !== `Bearer ${process.env.CRON_SECRET}`) return {};",
    "if (!isSigned(event)) return { statusCode: 401 };",
    "const good = isSigned(event); if (!good) throw new Error();",
    'const key = event.headers["x-api-key"]; const good = key && key === process.env.API_KEY; if (!good) return {};',
    "await demand(event);",
    'if (!Buffer.from(sign(event)).equals(Buffer.from(event.headers["x-hmac"]))) return {};',
    'if (!safeCompare(event.headers["x-api-key"], process.env.API_KEY)) return {};',
    'if (!process.env.API_KEYS.split(",").includes(event.headers["x-api-key"])) return {};',
    (
        'try { stripe.webhooks.constructEvent(event.body, event.headers["Stripe-Signature"], process.env.WEBHOOK_SECRET); }'
        " catch (error) { return { statusCode: 400 }; }"
    ),
    "new Webhook(process.env.SECRET).verify(event.body, event.headers);",
    'if (!twilio.validateRequest(process.env.TOKEN, event.headers["x-twilio-signature"], "https://a", event.body)) return {};',
    'if (!(await verify(process.env.SECRET, event.body, event.headers["x-hub-signature-256"]))) return {};',
]
DECEIVING_JAVASCRIPT = [
    'if (event.headers["x-api-key"] !== process.env.API_KEY) console.log("no");',
    'if (event.headers["x-api-key"] !== "a1b2c3") return { statusCode: 401 };',
    "if (event.headers.csrf !== event.headers.cookie) return { statusCode: 401 };",
    'if (event.headers["x-api-key"] && event.headers["x-api-key"] !== process.env.API_KEY) return {};',
    "if (event.queryStringParameters.stage !== process.env.STAGE) return {};",
    "demand(event);",  # nobody waits for it
    "isSigned(event);",
    'try { await demand(event); } catch (error) { console.log("no"); }',
    'if (!verify(process.env.SECRET, event.body, event.headers["x-hub-signature-256"])) return {};',
    'if (!(await verify("a1b2c3", event.body, event.headers["x-hub-signature-256"]))) return {};',
    "if (!twilio.validateRequest(process.env.TOKEN, process.env.TOKEN, process.env.URL)) return {};",
    'new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify(event.body, event.headers);',
]


@pytest.mark.parametrize("guard", PROVING_PYTHON)
def test_what_comes_after_a_secret_is_for_who_holds_it(tmp_path: Path, guard: str) -> None:
    text = PYTHON + indent(f"{guard}\n{THEN_PYTHON}\n", "    ")

    assert proofs(tmp_path, "app.py", text) == {"t": "secret"}


@pytest.mark.parametrize("guard", DECEIVING_PYTHON)
def test_what_only_looks_like_it_is_for_anyone(tmp_path: Path, guard: str) -> None:
    text = PYTHON + indent(f"{guard}\n{THEN_PYTHON}\n", "    ")

    assert proofs(tmp_path, "app.py", text) == {"t": ""}


@pytest.mark.parametrize("guard", PROVING_JAVASCRIPT)
def test_what_comes_after_a_secret_in_javascript(tmp_path: Path, guard: str) -> None:
    assert proofs(tmp_path, "app.js", f"{JAVASCRIPT}{guard}\n{THEN_JAVASCRIPT}") == {"t": "secret"}


@pytest.mark.parametrize("guard", DECEIVING_JAVASCRIPT)
def test_what_only_looks_like_it_in_javascript(tmp_path: Path, guard: str) -> None:
    assert proofs(tmp_path, "app.js", f"{JAVASCRIPT}{guard}\n{THEN_JAVASCRIPT}") == {"t": ""}


@pytest.mark.parametrize(
    ("guard", "proof"),
    [
        ("jwt.verify(event.headers.authorization, process.env.KEY);", "token"),
        ("await jwtVerify(event.headers.authorization, process.env.KEY);", "token"),
        ("jwtVerify(event.headers.authorization, process.env.KEY);", ""),
        ("jwt.decode(event.headers.authorization);", ""),
        ("jwt.verify(event.headers.authorization, process.env.KEY, (error, said) => {});", ""),
        ('jwt.verify(event.headers.authorization, "", { algorithms: ["none"] });', ""),
    ],
)  # fmt: skip
def test_a_token_proves_where_its_signature_is_looked_at(
    tmp_path: Path, guard: str, proof: str
) -> None:
    assert proofs(tmp_path, "app.js", f"{JAVASCRIPT}{guard}\n{THEN_JAVASCRIPT}") == {"t": proof}


def test_a_token_that_python_opens(tmp_path: Path) -> None:
    guard = "try:\n    who = opened(event)\nexcept Exception:\n    return {}"
    text = PYTHON + indent(f"{guard}\n{THEN_PYTHON}\n", "    ")

    assert proofs(tmp_path, "app.py", text) == {"t": "token"}


def test_a_proof_ends_with_its_branch(tmp_path: Path) -> None:
    text = f"""{JAVASCRIPT}
  if (event.path === "/a") {{ await demand(event); await db.put({{ TableName: "a" }}).promise(); }}
  await db.put({{ TableName: "b" }}).promise();
  if (isSigned(event)) {{ await db.put({{ TableName: "c" }}).promise(); }}
  else {{ await db.put({{ TableName: "d" }}).promise(); }}
}};
"""
    assert proofs(tmp_path, "app.js", text) == {"a": "secret", "b": "", "c": "secret", "d": ""}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", [("secret", (("form 1.0", "method GET"),)), ("", ())]),
        ("POST", [("", ()), ("secret", ())]),
    ],
)
def test_what_one_helper_reads_is_told_apart_by_what_callers_showed(
    tmp_path: Path, method: str, expected: list[tuple[str, object]]
) -> None:
    guarded = """
    if event["httpMethod"] == "GET":
        demand(event)
        return load(event)
    return save(event, load(event))
"""
    open_first = """
    known = load(event)
    demand(event)
    return save(event, load(event))
"""
    helpers = """
def load(event):
    return boto3.client("dynamodb").scan(TableName="orders")["Items"]
def save(event, known):
    return {"statusCode": 201, "body": str(len(known))}
"""
    code = PYTHON + (guarded if method == "GET" else open_first) + helpers

    read = [each for each in sites(tmp_path, "app.py", code) if each.service == "dynamodb"]

    assert [(each.proof, each.request) for each in read] == expected
