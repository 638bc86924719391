"""Whether something equals a secret says nothing of the secret; what is made of it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

JAVASCRIPT = """
const crypto = require("crypto");
const bcrypt = require("bcryptjs");
const argon2 = require("argon2");
const lodash = require("lodash");
const safe = require("safe-compare");
const S = process.env.API_SECRET;
const same = (a, b) => a === b;
exports.handler = async (event) => {
  const t = event.queryStringParameters.token;
  console.log(ASKED);
};
"""
PYTHON = """
import hmac, operator, os, secrets
import bcrypt
from passlib.context import CryptContext
from werkzeug.security import check_password_hash
S = os.environ["API_SECRET"]
def handler(event, context):
    t = event["queryStringParameters"]["token"]
    print(ASKED)
"""
TOLD = {
    JAVASCRIPT: [
        "t === S",
        "t && t === `Bearer ${S}`",
        "same(t, S)",
        "[S].includes(t)",
        "{ valid: t === S }",
        "t === S ? 'admin' : 'guest'",
        "!!S",
        "typeof S",
        "Buffer.from(S).equals(Buffer.from(t))",
        "crypto.timingSafeEqual(Buffer.from(t), Buffer.from(S))",
        "crypto.createHmac('sha256', S).update(t).digest('hex') === t",
        "bcrypt.compareSync(t, S)",
        "await argon2.verify(S, t)",
        "lodash.isEqual(t, S)",
        "safe(t, S)",
    ],
    PYTHON: [
        "t == S",
        "S is None",
        "S.__eq__(t)",
        "isinstance(S, str)",
        "hmac.compare_digest(t, S)",
        "secrets.compare_digest(t, S)",
        "operator.eq(t, S)",
        "bcrypt.checkpw(t, S)",
        "check_password_hash(S, t)",
        "CryptContext().verify(t, S)",
        "any(t == each for each in S.split(','))",
        "'admin' if t == S else 'guest'",
    ],
}
HELD = {
    JAVASCRIPT: [
        "S",
        "`Bearer ${S}`",
        "S || t",
        "t === S ? S : t",
        "S.slice(0, 4)",
        "{ valid: t === S, S }",
        "Buffer.from(S).toString('base64')",
        "lodash.island(S)",
        "db.from('keys').eq('key', S)",
    ],
    PYTHON: ["S", "S if t == S else t", "S[:4]", "S.encode()", "operator.add(S, t)"],
}


def logged(root: Path, text: str) -> set[str]:
    """Return the variables of the environment whose content is logged."""
    file = "app.js" if "require" in text else "app.py"
    (root / file).write_text(text)
    language = "javascript" if file == "app.js" else "python"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    logs = [call for call in analyse(root, function).calls if call.kind == "log"]
    assert logs
    found = {s for call in logs for argument in call.arguments for s in argument.sources}
    return {source.attribute for source in found if source.owner == "env"}


@pytest.mark.parametrize(("program", "asked"), [(p, a) for p, some in TOLD.items() for a in some])
def test_an_answer_to_a_comparison(tmp_path: Path, program: str, asked: str) -> None:
    assert logged(tmp_path, program.replace("ASKED", asked)) == set()


@pytest.mark.parametrize(("program", "asked"), [(p, a) for p, some in HELD.items() for a in some])
def test_what_is_made_of_a_secret(tmp_path: Path, program: str, asked: str) -> None:
    assert logged(tmp_path, program.replace("ASKED", asked)) == {"API_SECRET"}
