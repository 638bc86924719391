"""Service files in TypeScript and JavaScript: what they plainly say."""

from pathlib import Path
from typing import Any

import pytest

from checkrein.model.values import Choice, Open, Symbol, Text
from checkrein.read.serverless.service import Service, open_service


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def service(root: Path, files: dict[str, str], path: str = "serverless.ts") -> Service:
    write(root, files)
    found = open_service(root, path)
    assert found is not None
    return found


def custom(root: Path, value: str, before: str = "", **files: str) -> Any:
    text = (
        f"{before}\nconst made = {{ service: 'shop', provider: {{ name: 'aws' }},\n"
        f"  custom: {{ it: {value} }} }}\nmodule.exports = made\n"
    )
    write(root, {name.replace("_DOT_", "."): content for name, content in files.items()})
    return service(root, {"serverless.ts": text}).value["custom"]["it"]


TEMPLATE = {
    "tsconfig.json": '{"extends": "./tsconfig.paths.json"}',
    "tsconfig.paths.json": '{"compilerOptions": {"baseUrl": ".", "paths":'
    ' {"@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"]}}}',
    "serverless.ts": "import type { AWS } from '@serverless/typescript';\n"
    "import hello from '@functions/hello';\n"
    "const configuration: AWS = {\n"
    "  service: 'shop',\n"
    "  provider: { name: 'aws', stage: '${opt:stage, \\'test\\'}' },\n"
    "  functions: { hello },\n"
    "  custom: { stage: `${'a'}-\\${sls:stage}` },\n"
    "};\n"
    "module.exports = configuration;\n",
    "src/functions/hello/index.ts": "import schema from './schema';\n"
    "import { handlerPath } from '@libs/handler-resolver';\n"
    "export default {\n"
    "  handler: `${handlerPath(__dirname)}/handler.main`,\n"
    "  events: [{ http: { method: 'post', path: 'hello', request: { schemas: {\n"
    "    'application/json': schema } } } }],\n"
    "};\n",
    "src/functions/hello/schema.ts": "export default { type: 'object' } as const;\n",
    "src/libs/handler-resolver.ts": "export const handlerPath = (context: string) => {\n"
    "  return `${context.split(process.cwd())[1].substring(1).replace(/\\\\/g, '/')}`\n"
    "};\n",
}


@pytest.mark.parametrize("folder", ["", "services/api/"])
def test_the_frameworks_own_template_is_read(tmp_path: Path, folder: str) -> None:
    files = {folder + name: content for name, content in TEMPLATE.items()}
    found = service(tmp_path, files, f"{folder}serverless.ts")
    request = {"schemas": {"application/json": {"type": "object"}}}
    assert found.value == {
        "service": "shop",
        "provider": {"name": "aws", "stage": "test"},
        "functions": {
            "hello": {
                "handler": "src/functions/hello/handler.main",
                "events": [{"http": {"method": "post", "path": "hello", "request": request}}],
            }
        },
        "custom": {"stage": "a-test"},
    }
    assert found.lost == []


def test_each_part_stands_in_the_module_that_says_it(tmp_path: Path) -> None:
    found = service(tmp_path, TEMPLATE)
    http = ("functions", "hello", "events", 0, "http")
    hello = ("functions", "hello")
    paths = [hello, http, (*http, "path"), ("provider", "name")]
    places = [found.place(path) for path in paths]
    assert [(place.path, place.line, place.column) for place in places] == [
        ("src/functions/hello/index.ts", 3, 16),
        ("src/functions/hello/index.ts", 5, 14),
        ("src/functions/hello/index.ts", 5, 44),
        ("serverless.ts", 5, 21),
    ]


SAID = [
    ("[1, ...[2], -3]", [1, 2, -3]),
    ("{ ...{ a: 1 }, b: 2, ...(false && { c: 3 }), ['d' + 1]: 4 }", {"a": 1, "b": 2, "d1": 4}),
    ("{ ...undefined, a: null }", {"a": None}),
    ("'a' + 1 + `${2}`", "a12"),
    ("60 * 5", 300),
    ("6 / 2 - 7 % 4", 0),
    ("7 / 2", 3.5),
    ("Object.values({ a: 1 })", [1]),
    ("(() => { const x = {}; Object.assign(x, { a: 1 }); return x })()", {"a": 1}),
    ("(() => { const x = [1]; x.push(2); return x })()", [1, 2]),
    ("(() => { let x = 1; if (true) { x = 2 } return x })()", 2),
    ("[1, 2, 3].slice(1, 2)", [2]),
    ("'a-a'.replaceAll('a', 'b') + 'a-a'.replace('a', 'b')", "b-bb-a"),
    ("['a'].includes('a') && 'abc'.includes('b') && 'abc'.startsWith('a')", True),
    ("1 > 2 ? 'a' : 'b'", "b"),
    ("!'' && 'x'", "x"),
    ("undefined ?? 'x'", "x"),
    ("process.env.NONE || 'x'", "x"),
    ("process.env.NONE ?? process.env.OTHER ?? 'x'", "x"),
    ("process.env.NONE", Open("the environment variable NONE of the deployment")),
    ("['a', 'b'].map((x, i) => x + i)", ["a0", "b1"]),
    ("['a', '', 'b'].filter(Boolean).join('/')", "a/b"),
    ("[1, 2, 3].filter(x => x !== 2).concat([4])", [1, 3, 4]),
    ("[1, 2].reduce((all, x) => ({ ...all, ['k' + x]: x }), {})", {"k1": 1, "k2": 2}),
    ("Object.fromEntries(Object.entries({ a: 1 }).map(([k, v]) => [k + k, v]))", {"aa": 1}),
    ("Object.assign({}, { a: 1 }, { b: 2 })", {"a": 1, "b": 2}),
    ("Object.keys({ a: 1 }).length", 1),
    ("JSON.stringify({ a: [1, true] })", '{"a":[1,true]}'),
    ("[[1], [2]].flat().slice(1)", [2]),
    ("(({ a, b = 2, ...rest }) => [a, b])({ a: 1 })", [1, 2]),
    ("((...all) => all)(1, 2)", [1, 2]),
    ("((a, b = a) => b)(1)", 1),
    ("'A-b'.toLowerCase().split('-')", ["a", "b"]),
    ("'${self:service}'", "shop"),
    ("'${cf:net.Id}'", Symbol("@stack-output", "net.Id")),
    ("<any>{ a: 1 as number }", {"a": 1}),
    ("({ a: 1 }) satisfies object", {"a": 1}),
    ("({ a: { b: 1 } })?.a?.b", 1),
    ("({}).a?.b", None),
    ("typeof (() => 1) === 'function' && typeof {} === 'object' && typeof undefined", "undefined"),
    ("[typeof 1, typeof true, typeof '']", ["number", "boolean", "string"]),
    ("process.argv.indexOf('--stage') === -1 ? process.argv.length : process.argv[3]", 3),
    ("(process.env.NONE || 'a') === 'a' ? 1 : 2", 1),
    ("(process.env.NONE || '') ? 1 : 2", 2),
    ("(process.env.NONE || 'a,b').split(',')", ["a", "b"]),
    ("parseInt(process.env.NONE || '7') + 1", 8),
    (
        "`${process.env.NONE || 'a'}-b` === 'a-b' && ['a', 'a-b'].includes(`${process.env.NONE || 'a'}`)",
        True,
    ),
    ("[1, 2].find(x => x > 1) + [1, 2].indexOf(2) + 'abc'.indexOf('c')", 5),
    ("[[1, 2].some(x => x > 1), [1, 2].every(x => x > 1)]", [True, False]),
    ("(() => { const x = [2]; x.unshift(0, 1); return x })()", [0, 1, 2]),
    (
        "(() => { const x = []; for (const i of [1, 2, 3]) { if (i === 2) continue; x.push(i) } return x })()",
        [1, 3],
    ),
    (
        "(() => { const x = []; for (const i of [1, 2, 3]) { if (i === 2) { break } x.push(i) } return x })()",
        [1],
    ),
    (
        "(x => { switch (x) { case 1: if (x) break; return 'a'; default: return 'b' } return 'c' })(1)",
        "c",
    ),
    ("await Promise.all([Promise.resolve(1), 2])", [1, 2]),
    ("Array.isArray([]) && !Array.isArray({})", True),
    ("(f => f ? 1 : 2)(() => 0)", 1),
    ("require('path').extname('a/b.json')", ".json"),
]


@pytest.mark.parametrize(("value", "expected"), SAID)
def test_what_an_expression_plainly_says_is_known(
    tmp_path: Path, value: str, expected: Any
) -> None:
    assert custom(tmp_path, value) == expected


NOT_SAID = [
    ("Math.random()", "what a call gives in line 3 of serverless.ts"),
    ("new Date().getTime()", "the name Date in line 3 of serverless.ts"),
    ("await fetch('x')", "the name fetch in line 3 of serverless.ts"),
    ("`a`.match(/a+/)", "what a call gives in line 3 of serverless.ts"),
    ("process.env.CI === 'true'", "a comparison in line 3 of serverless.ts"),
    ("() => 1", "a function of the program"),
    ("class { a() {} }", "a function of the program"),
    ("f(0)", "what calls give in line 1 of serverless.ts"),
    ("h(true)", "what a condition decides in line 1 of serverless.ts"),
    ("[1].slice(y)", "what a call gives in line 3 of serverless.ts"),
    ("1 % 0", "what is computed in line 3 of serverless.ts"),
    ("[1, 2].filter(x => x < y)", "what a call gives in line 3 of serverless.ts"),
    ("y || 'a'", "what a condition decides in line 3 of serverless.ts"),
    ("y ? { a: 1 } : 1", "what a condition decides in line 3 of serverless.ts"),
    ("!y", "a condition in line 3 of serverless.ts"),
    ("({ a: 1 })[y]", "a part chosen in line 3 of serverless.ts"),
    ("process.env.CI + '' === 'x'", "a comparison in line 3 of serverless.ts"),
    ("`${process.env.CI}` ? { a: 1 } : 1", "what a condition decides in line 3 of serverless.ts"),
    ("typeof y", "what is computed in line 3 of serverless.ts"),
    (
        "require('fs').readFileSync('none.json')",
        "what the file none.json says, which cannot be read",
    ),
    (
        "require('fs').existsSync('none') ? {} : 1",
        "what a condition decides in line 3 of serverless.ts",
    ),
    ("[y].indexOf(1)", "what a call gives in line 3 of serverless.ts"),
    ("[1].indexOf()", "what a call gives in line 3 of serverless.ts"),
    ("[1].map()", "what a call gives in line 3 of serverless.ts"),
    ("JSON.parse(require('./d.json'))", "what a call gives in line 3 of serverless.ts"),
    ("require('fs').readFileSync('logo.png')", "what the file logo.png says, which cannot be read"),
    ("[1, y].find(x => x > 1)", "what a call gives in line 3 of serverless.ts"),
    ("g(true)", "what a loop makes in line 1 of serverless.ts"),
]


@pytest.mark.parametrize(("value", "reason"), NOT_SAID)
def test_what_only_running_tells_is_open_and_says_which_line(
    tmp_path: Path, value: str, reason: str
) -> None:
    before = "const f = (n) => f(n + 1); const g = (x) => { while (x) { x = y } return x };"
    before += "const h = (x) => { if (y) { if (z) { return 1 } else { x = 2 } } return x }"
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "d.json").write_text('{"a": 1}')
    assert custom(tmp_path, value, before) == Open(reason)


GROWING = [
    "const a = { b: 1 }; a.c = a; const made = a;",
    "let made = {}; for (const i of many) { made = { made } }",
    "let made = [1]; for (const i of many) { made = [...made, ...made] }",
    "let made = ['a']; for (const i of many) { made.push(...made) }",
    "let made = ['a']; for (const i of many) { made = made.concat(made) }",
    "let made = 'aa'; for (const i of many) { made = made + made }",
    "let made = 'aa'; for (const i of many) { made = `${made}${made}` }",
    "let made = 'aa'; for (const i of many) { made = made.replaceAll('a', made) }",
    "let made = 'aa'; for (const i of many) { made = made.split('').join(made) }",
    "let made = {}; for (const i of many) { made = { a: made, b: made } }; made = JSON.stringify(made)",
    "let made = 10; for (const i of many) { made = made * made }",
    "const a = {}; a.a = a; const made = JSON.stringify(a)",
    "const f = () => f(); const made = f()",
]


@pytest.mark.parametrize("program", GROWING)
def test_a_program_that_grows_without_end_is_left(tmp_path: Path, program: str) -> None:
    many = "const many = 'abcdefghij'.repeat(20).split('');"
    found = custom(tmp_path, "made", f"{many} {program}")
    while isinstance(found, dict):
        found = found.get("c", found.get("made"))
    assert isinstance(found, (Open, Text)) or len(found) <= 20_000


def test_a_condition_that_is_not_known_leaves_both_values(tmp_path: Path) -> None:
    assert custom(tmp_path, "process.env.CI ? 'a' : 'b'") == Choice((((), "a"), ((), "b")))


def test_a_spread_that_is_not_known_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    text = (
        "import more from 'some-package';\n"
        "export default { service: 'shop', provider: 'aws',\n"
        "  functions: { ...more, own: { handler: 'a.b' } } };\n"
    )
    found = service(tmp_path, {"serverless.ts": text})
    assert found.value["functions"] == {"own": {"handler": "a.b"}}
    assert [(lost.reason, lost.place.line) for lost in found.lost] == [
        ("some entries are not known: <what the package some-package gives>", 3)
    ]


@pytest.mark.parametrize(
    "export",
    [
        "module.exports = made",
        "export default made",
        "exports.service = made.service; exports.provider = made.provider",
        "module.exports = () => made",
        "module.exports = (async () => made)()",
        "let later = {}; later = made; module.exports = later",
        "const all = { service: 'shop' }; all.provider = made.provider; module.exports = all",
        "const all = Object.assign({}, made); module.exports = all",
        "function make(x) { if (x) { return made } return {} } module.exports = make(1)",
        "const all = {}; for (const k of ['service', 'provider']) { all[k] = made[k] }; module.exports = all",
        "import * as self from './serverless'; export default made",
    ],
)
@pytest.mark.parametrize("suffix", ["ts", "js"])
def test_a_configuration_may_be_exported_in_many_ways(
    tmp_path: Path, export: str, suffix: str
) -> None:
    text = f"const made = {{ service: 'shop', provider: {{ name: 'aws' }} }}\n{export}\n"
    found = service(tmp_path, {f"serverless.{suffix}": text}, f"serverless.{suffix}")
    assert found.value == {"service": "shop", "provider": {"name": "aws"}}


def test_typescripts_own_export_is_one(tmp_path: Path) -> None:
    text = "const made = { service: 'shop', provider: 'aws' }\nexport = made\n"
    assert service(tmp_path, {"serverless.ts": text}).value["service"] == "shop"


def test_modules_hand_on_what_others_export(tmp_path: Path) -> None:
    files = {
        "serverless.ts": "import all, { one, two as second } from './all';\n"
        "import data from './data.json';\nimport * as everything from './all';\n"
        "const { three } = require('./old');\nenum Colour { Red = 'red' }\n"
        "export default { service: 'shop', provider: 'aws', custom: {\n"
        "  it: [all, one, second, data.x, everything.one, three, Colour.Red] } };\n",
        "all/index.ts": "export { one } from './one';\nexport * from './two';\nexport default 0;\n",
        "all/one.ts": "export const one = 1;\n",
        "all/two.ts": "const two = 2;\nexport { two };\n",
        "old.js": "exports.three = 3;\n",
        "data.json": '{"x": 4}',
    }
    assert service(tmp_path, files).value["custom"]["it"] == [0, 1, 2, 4, 1, 3, "red"]


def test_what_typescript_compiled_is_read(tmp_path: Path) -> None:
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/common/package.json": '{"name": "@shop/common", "main": "lib/index.js"}',
        "packages/common/lib/index.js": '"use strict";\n'
        "var __exportStar = (this && this.__exportStar) || function (m, exports) { };\n"
        "var __importDefault = (this && this.__importDefault) || function (mod) { };\n"
        'Object.defineProperty(exports, "__esModule", { value: true });\n'
        'const one_1 = __importDefault(require("./one"));\n'
        '__exportStar(require("./two"), exports);\n'
        "exports.one = (0, one_1.default)(1);\n"
        "exports.Kind = void 0;\nvar Kind;\n(function (Kind) { Kind['A'] = 'a'; })"
        "(Kind || (Kind = exports.Kind || (exports.Kind = {})));\n",
        "packages/common/lib/one.js": 'Object.defineProperty(exports, "__esModule", {});\n'
        "exports.default = (x) => x;\n",
        "packages/common/lib/two.js": "exports.two = void 0;\nexports.two = 2;\n",
        "api/serverless.ts": "import { one, two, three, Kind } from '@shop/common';\n"
        "export default { service: 'shop', provider: 'aws', custom: { it: [one, two, three, Kind.A] } };\n",
    }
    found = service(tmp_path, files, "api/serverless.ts")
    assert found.value["custom"]["it"] == [1, 2, Open("three of the module @shop/common"), "a"]


@pytest.mark.parametrize("text", ["", "export {}", "const a = 1", "export default { a: 1 }"])
def test_a_program_without_a_service_is_none(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"serverless.ts": text})
    assert open_service(tmp_path, "serverless.ts") is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("if (y) { made.push({ a: 1 }) }", "what a condition decides"),
        ("if (y) { for (const i of [1]) { made.unshift(i) } }", "what a condition decides"),
        ("while (y) { try { made.push(1) } finally { } }", "what a loop makes"),
    ],
)
def test_what_may_be_added_to_a_list_is_open(tmp_path: Path, change: str, where: str) -> None:
    found = custom(tmp_path, "made", f"const made = [0]; {change}")
    assert found == [0, Open(f"{where} in line 1 of serverless.ts")]


def test_what_may_be_added_to_an_object_is_told(tmp_path: Path) -> None:
    text = (
        "const functions = { own: { handler: 'a.b' } };\n"
        "if (require('some-package').more) {\n  Object.assign(functions, { more: { handler: 'c.d' } });\n}\n"
        "module.exports = { service: 'shop', provider: 'aws', functions };\n"
    )
    found = service(tmp_path, {"serverless.ts": text})
    assert found.value["functions"] == {"own": {"handler": "a.b"}}
    assert [lost.reason for lost in found.lost] == [
        "some entries are not known: <what a condition decides in line 2 of serverless.ts>"
    ]


@pytest.mark.parametrize(
    ("name", "content", "load"),
    [
        ("d.json", '{\n  "a": {\n    "b": 1 } }', "JSON.parse(fs.readFileSync('d.json', 'utf8'))"),
        (
            "d.json",
            '{\n  "a": {\n    "b": 1 } }',
            "JSON.parse(fs.readFileSync(__dirname + '/d.json'))",
        ),
        ("d.yml", "# data\na:\n  b: 1\n", "require('js-yaml').load(fs.readFileSync('./d.yml'))"),
    ],
)
def test_what_a_program_reads_stands_in_that_file(
    tmp_path: Path, name: str, content: str, load: str
) -> None:
    text = (
        f"import fs from 'fs';\nconst d = {load};\n"
        "export default { service: 'shop', provider: 'aws', custom: d };\n"
    )
    found = service(
        tmp_path, {"api/serverless.ts": text, f"api/{name}": content}, "api/serverless.ts"
    )
    assert found.value["custom"] == {"a": {"b": 1}}
    assert found.place(("custom", "a", "b")).path == f"api/{name}"
    assert found.place(("custom", "a", "b")).line == 3


def test_a_text_of_no_data_is_open(tmp_path: Path) -> None:
    read = "require('js-yaml').load(require('fs').readFileSync('d.yml', 'utf8'))"
    found = custom(tmp_path, read, d_DOT_yml="a: [\n")
    assert found == Open("what a call gives in line 3 of serverless.ts")
