"""What one invocation leaves for the next: module variables, objects, containers, files."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}


def left(root: Path, language: str, text: str) -> set[tuple[str, str]]:
    """Return the places that keep something of a request, and what later gets it there."""
    file = FILES[language]
    (root / file).write_text(dedent(text))
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return {
        (found.calls[int(source.owner.partition(":")[2])].operation, call.kind)
        for call in found.calls
        for argument in call.arguments
        for source in argument.sources
        if source.owner.startswith("call:")
        and found.calls[int(source.owner.partition(":")[2])].service == "state"
    }


PYTHON = """
import copy, json, os, tempfile
last = None
items = []
nested = {"all": []}
by_user = {}
kept = {"user": None}
class Session:
    user = None
    def __init__(self):
        self.name = ""
    def remember(self, event):
        if event.get("name"):
            self.name = event["name"]
session = Session()
def handler(event, context):
    global last, items
"""
JAVASCRIPT = """
const fs = require("fs");
const os = require("os");
const path = require("path");
let last, owner;
const items = [];
const nested = { all: [] };
const byUser = new Map();
const kept = {};
class Session {
  remember(event) { if (event.name) this.name = event.name; }
}
const session = new Session();
exports.handler = async (event) => {
"""
KEPT = {
    "python": [
        ("if last is None: last = event['a']\nreturn last", "last"),
        ("last = last or event['a']\nreturn last", "last"),
        ("found = last\nif event['a']:\n    last = event['a']\nreturn found", "last"),
        ("if event['b']:\n    last = event['b']\nreturn {'x': f'hello {last}'}", "last"),
        ("items.append(event['a'])\nreturn items", "items"),
        ("items += [event['a']]\nreturn items", "items"),
        ("by_user[event['u']] = event['a']\nreturn list(by_user.values())", "by_user[]"),
        ("kept.setdefault('user', event['a'])\nreturn kept['user']", "kept"),
        ("if not kept['user']: kept['user'] = event['a']\nreturn kept['user']", "kept.user"),
        ("session.remember(event)\nreturn session.name", "self.name"),
        ("if event['a']: Session.user = event['a']\nreturn Session.user", "Session.user"),
        (
            "try:\n    last = json.loads(event['a'])\nexcept ValueError:\n    pass\nreturn last",
            "last",
        ),
        ("own = dict(nested)\nown['all'].append(event['a'])\nreturn nested", "own.all"),
        ("own = {**nested}\nown['all'].append(event['a'])\nreturn nested", "own.all"),
        ("own = items\nown.append(event['a'])\nreturn items", "own"),
        (
            ("p = '/tmp/a.txt'\nif event['a']:\n    with open(p, 'w') as f: f.write(event['a'])\n"
            "with open(p) as f: return f.read()"),
            "/tmp/a.txt",
        ),
    ],
    "javascript": [
        ("if (!last) last = event.a; return last;", "last"),
        ("last = last || event.a; return last;", "last"),
        ("last ??= event.a; return last;", "last"),
        ("if (event.b) last = event.b; return { x: `hello ${last}` };", "last"),
        ("items.push(event.a); return { items };", "items"),
        ("byUser.set(event.u, event.a); return [...byUser.values()];", "byUser"),
        ("if (event.a) kept.user = event.a; return kept;", "kept.user"),
        ("session.remember(event); return session.name;", "this.name"),
        ("const own = { ...nested }; own.all.push(event.a); return nested;", "own.all"),
        ("await Promise.all([1].map(async () => { if (event.a) last = event.a; })); return last;",
         "last"),
        ("if (owner !== event.a) owner = event.a; if (event.b) last = event.b; return last;",
         "last"),
        (("const p = path.join(os.tmpdir(), 'a'); if (event.a) fs.writeFileSync(p, event.a);"
         "return fs.readFileSync(p, 'utf8');"), "/tmp/a"),
    ],
}  # fmt: skip
OWN = {
    "python": [
        "last = event['a']\nreturn last",
        "last = None\nif event['a']: last = event['a']\nreturn last",
        "if event['b']:\n    last = event['b']\nelse:\n    last = ''\nreturn last",
        "try:\n    last = event['a']\nexcept KeyError:\n    last = ''\nreturn last",
        "if event['b']:\n    last = event['b']\n    return last\nreturn 'nobody'",
        "def fill():\n    global last\n    last = event['a']\nfill()\nreturn last",
        "items = []\nitems.append(event['a'])\nreturn items",
        "items.clear()\nitems.append(event['a'])\nreturn items",
        "items.append(event['a'])\nwhile items: print(items.pop())",
        "u = event['u']\nif u not in by_user: by_user[u] = event['a']\nreturn by_user[u]",
        "u = event['u']\nby_user.setdefault(u, event['a'])\nreturn by_user.get(u)",
        "kept['user'] = event['a']\nreturn kept",
        "session.name = event['a']\nreturn session.name",
        "if last is None: last = os.environ['A']\nreturn [last, event['a']]",
        *(
            f"own = {copied}\nif event['a']: own['user'] = event['a']\nreturn [own, kept]"
            for copied in ("dict(kept)", "{**kept}", "kept.copy()", "copy.copy(kept)")
        ),
        "own = list(items)\nown.append(event['a'])\nreturn [own, items]",
        "own = copy.deepcopy(nested)\nown['all'].append(event['a'])\nreturn [own, nested]",
        "own = None\nif own is None: own = event['a']\nreturn own",
        "with open('/tmp/a', 'w') as f: f.write(event['a'])\nreturn open('/tmp/a').read()",
        (
            "with open('/tmp/' + event['id'], 'w') as f: f.write(event['a'])\n"
            "return open('/tmp/' + event['id']).read()"
        ),
        "with tempfile.NamedTemporaryFile() as f:\n    f.write(event['a'])\n    return f.read()",
    ],
    "javascript": [
        "last = event.a; return last;",
        *(
            f"const own = {copied}; if (event.a) own.user = event.a; return [own, kept];"
            for copied in ("{ ...kept }", "Object.assign({}, kept)", "structuredClone(kept)")
        ),
        "const own = [...items]; own.push(event.a); return [own, items];",
        "const own = structuredClone(nested); own.all.push(event.a); return [own, nested];",
        "if (event.b) { last = event.b; } else { last = ''; } return last;",
        "switch (event.k) { case 1: last = event.a; break; default: last = ''; } return last;",
        "try { kept.user = event.a; } catch (e) { kept.user = ''; } return kept;",
        "const fill = async () => { last = event.a; }; await fill(); return last;",
        "items.push(event.a); return items.splice(0);",
        "items.length = 0; items.push(event.a); return items;",
        "if (!byUser.has(event.u)) byUser.set(event.u, event.a); return byUser.get(event.u);",
        "if (!kept[event.u]) kept[event.u] = event.a; return kept[event.u];",
        "if (owner !== event.u) { owner = event.u; last = event.a; } return last;",
        "if (!last || owner !== event.u) { owner = event.u; last = event.a; } return last;",
        "if (!last) last = await open(process.env.URL); return { last, a: event.a };",
        "let own; if (!own) own = event.a; return own;",
        "fs.writeFileSync('/tmp/a', event.a); return fs.readFileSync('/tmp/a', 'utf8');",
        "const p = `/tmp/${event.id}`; fs.writeFileSync(p, event.a); return fs.readFileSync(p);",
    ],
}


def _program(language: str, body: str) -> str:
    if language == "python":
        return PYTHON + "".join(f"    {line}\n" for line in body.splitlines())
    return f"{JAVASCRIPT}{body}\n}};\n"


@pytest.mark.parametrize(
    ("language", "body", "place"),
    [(language, *each) for language, every in KEPT.items() for each in every],
)
def test_the_next_invocation_gets_it(language: str, body: str, place: str, tmp_path: Path) -> None:
    assert left(tmp_path, language, _program(language, body)) == {(place, "response")}


@pytest.mark.parametrize(
    ("language", "body"), [(language, each) for language, every in OWN.items() for each in every]
)
def test_each_invocation_gets_its_own(language: str, body: str, tmp_path: Path) -> None:
    assert left(tmp_path, language, _program(language, body)) == set()


EXPRESS = """
const app = require("express")();
const users = [];
let caller;
app.use((req, res, next) => {{ {middleware} next(); }});
app.post("/users", (req, res) => {{ users.push(req.body.email); res.json({{ ok: true }}); }});
app.get("/users", (req, res) => {{ res.json({{ {answer} }}); }});
exports.handler = require("serverless-http")(app);
"""


def test_one_route_keeps_what_another_answers(tmp_path: Path) -> None:
    text = EXPRESS.format(middleware="caller = req.headers.user;", answer="users, caller")
    assert left(tmp_path, "javascript", text) == {("users", "response")}


def test_middleware_that_does_not_always_write(tmp_path: Path) -> None:
    middleware = "if (req.headers.user) caller = req.headers.user;"
    text = EXPRESS.format(middleware=middleware, answer="caller")
    assert left(tmp_path, "javascript", text) == {("caller", "response")}


def test_what_is_put_aside_in_another_module_s_global_never_fails(tmp_path: Path) -> None:
    (tmp_path / "kept.js").write_text(
        dedent("""
        const replace = (all) => global.KEPT = all;
        const set = (key, value) => {
          if (!global.KEPT) { global.KEPT = {}; }
          global.KEPT[key] = value;
        };
        const get = () => global.KEPT || {};
        module.exports = { replace, set, get };
        """)
    )
    text = """
        const kept = require("./kept");
        exports.handler = async (event) => {
          kept.replace({ other: event.headers["User-Agent"] });
          kept.set("mail", event.body);
          console.log(kept.get());
        };
        """
    left(tmp_path, "javascript", text)


MODEL = """
from pydantic import BaseModel
class Page(BaseModel):
    limit: str = ""
class Query({base}):
    page = Page()
    {constructor}
def handler(event, context):
    query = Query()
    if event["limit"]:
        query.page.limit = event["limit"]
    return query.page.limit
"""


@pytest.mark.parametrize(
    ("base", "constructor", "found"),
    [
        ("BaseModel", "sort: str = ''", set()),
        ("BaseModel", "def __init__(self, **data): super().__init__(**data)", set()),
        ("object", "sort: str = ''", {("query.page.limit", "response")}),  # one page for them all
    ],
)
def test_a_model_copies_its_defaults(
    base: str, constructor: str, found: set[tuple[str, str]], tmp_path: Path
) -> None:
    text = MODEL.format(base=base, constructor=constructor)
    assert left(tmp_path, "python", text) == found


BUILDER = """
const {{ Pool }} = require("pg");
const pool = new Pool();
class Builder {{
  clauses = [];
  values = [];
  add(clause, values = []) {{ this.clauses.push(clause); this.values.push(...values); }}
  build() {{
    let next = 1;
    const numbered = (one) => one.split("$").map((part, i) => (i ? `$${{next++}}${{part}}` : part));
    const text = this.clauses.map((one) => numbered(one).join("")).join(" ");
    return {{ text, values: [...this.values] }};
  }}
}}
const shared = new Builder();
exports.handler = async (event) => {{
  const other = new Builder();
  other.add("ORDER BY " + event.other);
  const builder = {builder};
  builder.add("SELECT * FROM t WHERE a = $", [event.bound]);
  builder.add({clause});
  await pool.query(builder.build());
}};
"""
KEPT_LIST = ("state", "this.clauses")


@pytest.mark.parametrize(
    ("builder", "clause", "found"),
    [
        ("new Builder()", "'AND b = $', [event.b]", set()),
        ("new Builder()", "`ORDER BY ${event.c}`", {("event", "c")}),
        ("shared", "`ORDER BY ${event.c}`", {("event", "c"), KEPT_LIST}),  # it outlives the call
    ],
)
def test_each_instance_has_lists_of_its_own(
    builder: str, clause: str, found: set[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "app.js").write_text(BUILDER.format(builder=builder, clause=clause))
    code = Code(folder=".", file="app.js")
    function = Function(
        id="t/F", runtime="", language="javascript", handler="app.handler", code=code
    )
    calls = analyse(tmp_path, function).calls
    (query,) = [call for call in calls if call.service == "sql"]
    (text,) = [each for each in query.arguments if each.path == "statement.text"]
    every = {(one.owner, one.attribute) for one in text.sources}
    kept = {(c.service, c.operation) for o, _ in every if o.startswith("call:")
            for c in [calls[int(o.partition(":")[2])]]}  # fmt: skip
    assert {each for each in every if each[0] == "event"} | kept == found
