"""Which literals of a function's files are kept as perhaps secret, with the names around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function, Literal, Summary

Seen = tuple[str, tuple[str, ...], str]  # text, names, role

PYTHON = {
    'SECRET_KEY = "words1"': ("words1", ("SECRET_KEY",), ""),
    'class Settings:\n    db_password: str = "words1"': ("words1", ("db_password",), ""),
    'def connect(password="words1"): pass': ("words1", ("password",), "default"),
    'config = {"db": {"password": "words1"}}': ("words1", ("config", "db", "password"), ""),
    'app.config["SECRET_KEY"] = "words1"': ("words1", ("SECRET_KEY",), ""),
    'self.api_token = "words1"': ("words1", ("api_token",), ""),
    'connect(host="h", password="words1")': ("words1", ("password",), ""),
    'TOKEN = os.environ.get("API_TOKEN", "words1")': ("words1", ("API_TOKEN",), "default"),
    'TOKEN = os.getenv("API_TOKEN", "words1")': ("words1", ("API_TOKEN",), "default"),
    'x = os.environ["API_TOKEN"] or "words1"': ("words1", ("x", "API_TOKEN"), "default"),
    'x = token == "words1"': ("words1", ("token",), "compared"),
    'x = "words1" != event["token"]': ("words1", ("token",), "compared"),
    'password = "words1".encode("utf-8")': ("words1", ("password",), ""),
    'password = base64.b64decode("words1")': ("words1", ("password",), ""),
    'password = a if b else "words1"': ("words1", ("password",), ""),
    'passwords = ["words1"]': ("words1", ("passwords",), ""),
    'headers = {"Authorization": f"Bearer {x}words1"}': (
        *("Bearer \ufffcwords1", ("headers", "Authorization"), ""),
    ),
    'x = "postgres://a:words1@" + host': ("postgres://a:words1@\ufffc", ("x",), ""),
}
JAVASCRIPT = {
    "const { API_TOKEN = 'words1' } = process.env": ("words1", ("API_TOKEN",), "default"),
    "const t = process.env.API_TOKEN ?? 'words1'": ("words1", ("t", "API_TOKEN"), "default"),
    "class A { password = 'words1' }": ("words1", ("password",), ""),
    "request.setRequestHeader('x-api-key', 'words1')": ("words1", ("x-api-key",), ""),
    "const key = { apiKey: Buffer.from('words1', 'hex') }": ("words1", ("key", "apiKey"), ""),
    "switch (token) { case 'words1': go() }": ("words1", ("token",), "compared"),
    "export default { db: { password: 'words1' } }": ("words1", ("db", "password"), ""),
    "const f = (password = 'words1') => password": ("words1", ("password",), "default"),
}
NONE = {
    "python": [
        'password = get_secret("words1")',
        'password = data["words1"]',
        'x = "words1"',
        '"""words1 password"""',
        'sort_key = ""',
        'print("password", "words1")',
        'Key = {"key": "words1"}',
    ],
    "javascript": [
        "const { password: words1 } = event",
        "log('words1')",
        "/password/.test(words1)",
    ],
}


def summary(folder: Path, files: dict[str, str], handler: str = "app.handler") -> Summary:
    """Return the summary of a function whose handler stands in the first file."""
    for path, text in files.items():
        (folder / path).write_text(text)
    file = next(iter(files))
    language = "python" if file.endswith(".py") else "javascript"
    function = Function(
        id="app/F", runtime="", language=language, handler=handler, code=Code(file=file)
    )
    return analyse(folder, function)


def seen(literals: tuple[Literal, ...]) -> list[Seen]:
    return [(literal.text, literal.names, literal.role) for literal in literals]


@pytest.mark.parametrize("line", PYTHON)
def test_python(line: str, tmp_path: Path) -> None:
    code = f"{line}\ndef handler(event, context): pass\n"
    assert seen(summary(tmp_path, {"app.py": code}).literals) == [PYTHON[line]]


@pytest.mark.parametrize("line", JAVASCRIPT)
def test_javascript(line: str, tmp_path: Path) -> None:
    code = f"{line}\nexports.handler = async () => 1\n"
    assert seen(summary(tmp_path, {"app.js": code}).literals) == [JAVASCRIPT[line]]


@pytest.mark.parametrize(("language", "line"), [(a, line) for a in NONE for line in NONE[a]])
def test_what_is_beside_no_name_is_not_kept(language: str, line: str, tmp_path: Path) -> None:
    ends = {"python": "def handler(event, context): pass", "javascript": "exports.handler = 1"}
    file = {"python": "app.py", "javascript": "app.js"}[language]
    assert summary(tmp_path, {file: f"{line}\n{ends[language]}\n"}).literals == ()


def test_code_that_does_not_run_is_read_too(tmp_path: Path) -> None:
    code = "def unused():\n    password = 'words1'\ndef handler(event, context): pass\n"
    (literal,) = summary(tmp_path, {"app.py": code}).literals
    assert (literal.place.path, literal.place.line, literal.place.column) == ("app.py", 2, 16)


USES = {
    "app.py": """import hmac, jwt
from config import words
def handler(event, context):
    inner = "the signing words"
    hmac.new(words.encode(), event["body"].encode(), "sha256")
    return jwt.encode({"a": event["b"]}, inner, algorithm="HS256")
""",
    "config.py": 'words = "other words"\n',
}


def test_constants_that_a_library_takes_as_secrets(tmp_path: Path) -> None:
    found = summary(tmp_path, USES)
    assert {(one.text, str(one.place)) for one in found.literals if one.role == "used"} == {
        ("the signing words", "app.py:4"),
        ("other words", "config.py:1"),
    }
    uses = [c for c in found.calls if (c.kind, c.service) == ("use", "credential")]
    assert [(c.operation, c.arguments[0].path, c.arguments[0].value) for c in uses] == [
        ("hmac.new", "key", "other words"),
        ("jwt.encode", "key", "the signing words"),
    ]


def test_a_long_chain_of_branches_is_walked(tmp_path: Path) -> None:
    chain = "if x == 0: pass\n" + "".join(f"elif x == {n}: pass\n" for n in range(1, 900))
    code = f"x = 1\n{chain}else: password = 'words1'\ndef handler(event, context): pass\n"
    assert seen(summary(tmp_path, {"app.py": code}).literals) == [("words1", ("password",), "")]


def test_json_files_that_code_requires(tmp_path: Path) -> None:
    files = {
        "app.js": "const c = require('./config.json'); const mysql = require('mysql');\n"
        "exports.handler = async () => mysql.createConnection({password: c.db.word})\n",
        "config.json": '{\n  "db": {\n    "word": "words1", "apiToken": "words2"\n  }\n}\n',
    }
    found = summary(tmp_path, files).literals
    assert [(one.text, one.names, one.role, str(one.place)) for one in found] == [
        ("words2", ("db", "apiToken"), "", "config.json:3"),
        ("words1", ("db", "word"), "used", "config.json:3"),
    ]
