"""What a CDK program in TypeScript or JavaScript makes, told without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.read.cdk_traces.telling import (
    calls,
    constructs,
    lost,
    made,
    properties,
    script,
    shown,
    trace,
)

BUCKET = "aws_s3.Bucket"


@pytest.mark.parametrize(
    "text",
    [
        "for (const name of ['a', 'b']) new s3.Bucket(stack, name);",
        "for (let i = 0; i < 2; i++) { new s3.Bucket(stack, ['a', 'b'][i]); }",
        "let i = 0; while (true) { if (i === 2) break; new s3.Bucket(stack, 'ab'[i]); i++; }",
        "for (const name in { a: 1, b: 2 }) new s3.Bucket(stack, name);",
        (
            "for (const [name, on] of Object.entries({ a: 1, c: 0, b: 1 })) {\n"
            "  if (!on) continue;\n  new s3.Bucket(stack, name);\n}"
        ),
        "Object.keys({ a: 1, b: 2 }).forEach((name) => { new s3.Bucket(stack, name); });",
        "['a', 'b'].map((name) => new s3.Bucket(stack, name));",
        "[['a'], ['b']].flatMap((x) => x).forEach((name) => new s3.Bucket(stack, name));",
        "['a', 'c', 'b'].filter((n) => n !== 'c').forEach((n) => new s3.Bucket(stack, n));",
        (
            "const all = ['a', 'b'].reduce((m, n) => ({ ...m, [n]: n }), {});\n"
            "Object.values(all).forEach((n: any) => new s3.Bucket(stack, n));"
        ),
        "new Map([['a', 1], ['b', 2]]).forEach((_, name) => new s3.Bucket(stack, name));",
        (
            "function* names() { yield 'a'; yield* ['b']; }\n"
            "for (const name of names()) new s3.Bucket(stack, name);"
        ),
        "const make = (id: string) => new s3.Bucket(stack, id);\nmake('a'); make('b');",
        "make('a'); make('b'); function make(id = 'c') { return new s3.Bucket(stack, id); }",
        "enum Name { A = 'a', B = 'b' }\n[Name.A, Name.B].forEach((n) => new s3.Bucket(stack, n));",
        (
            "async function main() { new s3.Bucket(stack, 'a'); return 'b'; }\n"
            "main().then((n) => new s3.Bucket(stack, n)).catch((e) => new s3.Bucket(stack, e));"
        ),
        (
            "switch ('x' as string) { case 'y': new s3.Bucket(stack, 'c'); break;\n"
            "case 'x': new s3.Bucket(stack, 'a'); default: new s3.Bucket(stack, 'b'); }"
        ),
        "try { new s3.Bucket(stack, 'a'); } finally { new s3.Bucket(stack, 'b'); }",
        (
            "const later: any[] = []; for (const n of ['a', 'b']) later.push(() => n);\n"
            "later.forEach((name) => new s3.Bucket(stack, name()));"
        ),
        (
            "const o = { id: 'a', make() { return new s3.Bucket(stack, this.id); } };\n"
            "o.make(); o.id = 'b'; o.make();"
        ),
        (
            "switch ('x' as string) { case 'x': if (process.env.X) break; console.log(1); }\n"
            "new s3.Bucket(stack, 'a'); new s3.Bucket(stack, 'b');"
        ),
        (
            "try { new s3.Bucket(stack, 'a'); throw new Error(); new s3.Bucket(stack, 'c'); }\n"
            "catch (e) { new s3.Bucket(stack, 'b'); }"
        ),
        (
            "const name = 'c'; if (name) { const name = 'a'; new s3.Bucket(stack, name); }\n"
            "new s3.Bucket(stack, name === 'c' ? 'b' : name);"
        ),
    ],
)
def test_what_a_program_surely_makes_is_told_in_its_order(tmp_path: Path, text: str) -> None:
    found = script(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/a", f"{BUCKET} S/b"]
    assert not lost(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import { Bucket } from 'aws-cdk-lib/aws-s3';\nnew Bucket(stack, 'a');", BUCKET),
        ("import { aws_s3 } from 'aws-cdk-lib';\nnew aws_s3.Bucket(stack, 'a');", BUCKET),
        ("import * as b from '@aws-cdk/aws-s3';\nnew b.Bucket(stack, 'a');", BUCKET),
        ("const b = require('aws-cdk-lib/aws-s3');\nnew b.Bucket(stack, 'a');", BUCKET),
        ("new cdk.aws_s3.Bucket(stack, 'a');", BUCKET),
        ("import { CfnOutput } from '@aws-cdk/core';\nnew CfnOutput(stack, 'a');", "CfnOutput"),
        (
            (
                "import { PythonFunction } from '@aws-cdk/aws-lambda-python-alpha';\n"
                "new PythonFunction(stack, 'a');"
            ),
            "aws_lambda_python.PythonFunction",
        ),
        ("import { Thing } from '@acme/lib';\nnew Thing(stack, 'a', {});", "@acme/lib.Thing"),
    ],
)
def test_a_package_s_class_has_one_name(tmp_path: Path, text: str, name: str) -> None:
    assert constructs(script(tmp_path, text)) == [f"{name} S/a"]


def test_own_classes_are_what_they_extend_and_keep_their_fields(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        {
            "bin/app.ts": """import { App } from 'aws-cdk-lib';
import { DataStack, ApiStack } from '../lib';
const app = new App();
const data = new DataStack(app, 'Data', { names: ['a', 'b'] });
new ApiStack(app, 'Api', { table: data.tables.a, same: data.first });
""",
            "lib/index.ts": "export * from './data';\nexport { Api as ApiStack } from './api';\n",
            "lib/base.ts": """import { Stack } from 'aws-cdk-lib';
export abstract class Base extends Stack {
  protected prefix = this.named();
  protected named() { return 'base'; }
  get shout() { return this.prefix.toUpperCase(); }
}
""",
            "lib/data.ts": """import * as ddb from 'aws-cdk-lib/aws-dynamodb';
import { Base } from './base';
export class DataStack extends Base {
  readonly tables: Record<string, ddb.Table> = {};
  constructor(scope, id, private readonly props: { names: string[] }) {
    super(scope, id);
    for (const name of this.props.names) this.tables[name] = this.table(name);
  }
  named() { return super.named().replace('base', 'data'); }
  private table = (name: string) => new ddb.Table(this, `${this.shout}-${name}`);
  get first() { return this.tables.a; }
}
""",
            "lib/api.ts": """import { Stack } from 'aws-cdk-lib';
import { Function, Code } from 'aws-cdk-lib/aws-lambda';
import * as path from 'path';
class Own extends Function {
  static HANDLER = 'index.handler';
  constructor(scope, id, { memory = 128, ...rest }) {
    super(scope, id, { handler: Own.HANDLER, memorySize: memory, ...rest });
  }
}
export class Api extends Stack {
  constructor(scope, id, props) {
    super(scope, id, { description: 'api' });
    const code = Code.fromAsset(path.join(__dirname, '..', 'src'));
    const fn = new Own(this, 'Fn', { code, environment: { T: props.table.tableName } });
    props.table.grantReadData(fn);
    props.same.grantWriteData(fn);
  }
}
""",
        },
    )
    assert constructs(found) == [
        "aws_dynamodb.Table Data/DATA-a",
        "aws_dynamodb.Table Data/DATA-b",
        "aws_lambda.Function Api/Fn",
    ]
    assert properties(found, "Fn") == {
        "handler": "index.handler",
        "memorySize": 128,
        "code": "aws_lambda.Code.fromAsset(/service/src)",
        "environment": {"T": "<Data/DATA-a>.tableName"},
    }
    assert calls(found)[1:] == [
        "<Data/DATA-a>.grantReadData(<Api/Fn>)",
        "<Data/DATA-a>.grantWriteData(<Api/Fn>)",
    ]
    assert shown(made(found, "Api").arguments) == [{"description": "api"}]
    assert str(made(found, "Fn").place) == "lib/api.ts:14"
    assert not lost(found)


def test_a_method_of_a_package_above_an_own_class_is_its_own_call(tmp_path: Path) -> None:
    text = """class Own extends lambda.Function {
  addEnvironment(name, value) { return super.addEnvironment(name, `own ${value}`); }
}
const fn = new Own(stack, 'Fn', {});
fn.addEnvironment('A', 1);
fn.grantInvoke(fn.role);
const cfn = fn.node.defaultChild as lambda.CfnFunction;
cfn.memorySize = 256;
"""
    assert calls(script(tmp_path, text)) == [
        "<S/Fn>.addEnvironment(A, own 1)",
        "<S/Fn>.grantInvoke(<S/Fn>.role)",
        "<S/Fn>.node.defaultChild.=(memorySize, 256)",
    ]


def test_a_chained_call_stands_where_its_name_is_written(tmp_path: Path) -> None:
    text = """new lambda.Function(stack, 'Fn', {})
  .addAlias('live')
  .addAutoScaling({});
"""
    found = script(tmp_path, text)
    assert [(str(one.place), one.place.column) for one in found.done[2:]] == [
        ("app.ts:8", 1),
        ("app.ts:9", 4),
        ("app.ts:10", 4),
    ]


def test_what_is_handed_over_is_what_it_was_then(tmp_path: Path) -> None:
    text = """const environment: any = { A: '1' };
const seen = [environment];
new lambda.Function(stack, 'Before', { environment });
environment.B = 2; seen[0].A = 'changed';
new lambda.Function(stack, 'After', { environment });
"""
    found = script(tmp_path, text)
    assert properties(found, "Before") == {"environment": {"A": "1"}}
    assert properties(found, "After") == {"environment": {"A": "changed", "B": 2}}


def test_modules_that_import_each_other_are_followed(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        {
            "app.ts": "import './one';\n",
            "one.ts": "import { App } from 'aws-cdk-lib';\nimport { Two } from './two';\n"
            "export const ID = 'one';\nexport const app = new App();\nnew Two(app, 'T');\n",
            "two.ts": "import { Stack, CfnOutput } from 'aws-cdk-lib';\nimport { ID } from './one';\n"
            "export class Two extends Stack {\n"
            "  constructor(scope, id) { super(scope, id); new CfnOutput(this, ID); }\n}\n",
        },
    )
    assert constructs(found) == ["CfnOutput T/one"]
    assert not lost(found)


def test_what_was_compiled_beside_its_source_is_not_taken(tmp_path: Path) -> None:
    head = "import { CfnOutput } from 'aws-cdk-lib';\n"
    found = trace(
        tmp_path,
        {
            "app.ts": "import { App, Stack } from 'aws-cdk-lib';\nimport { add } from './lib/add';\n"
            "add(new Stack(new App(), 'S'));\n",
            "lib/add.ts": f"{head}export const add = (s) => new CfnOutput(s, 'New');\n",
            "lib/add.js": f"{head}export const add = (s) => new CfnOutput(s, 'Old');\n",
        },
    )
    assert constructs(found) == ["CfnOutput S/New"]


def test_compiled_programs_are_followed(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        {
            "app.js": '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n'
            'const cdk = __importStar(require("aws-cdk-lib"));\nconst s_1 = require("./s");\n'
            "new s_1.S(new cdk.App(), 'S', { env: {} });\n",
            "s.js": 'const cdk = require("aws-cdk-lib");\nclass S extends cdk.Stack {\n'
            "  constructor(scope, id, props) { super(scope, id, props);\n"
            "    new cdk.aws_s3.Bucket(this, 'a'); }\n}\nexports.S = S;\n",
        },
    )
    assert constructs(found) == [f"{BUCKET} S/a"]
    assert not lost(found)


def test_files_of_the_app_are_read(tmp_path: Path) -> None:
    (tmp_path / "conf.json").write_text('{"names": ["a"]}')
    (tmp_path / "more.json").write_text('["b"]')
    text = """import conf from './conf.json';
import * as fs from 'fs';
const more = JSON.parse(fs.readFileSync(path.join(__dirname, 'more.json'), 'utf8'));
[...conf.names, ...more].forEach((name) => new s3.Bucket(stack, name));
"""
    assert constructs(script(tmp_path, text)) == [f"{BUCKET} S/a", f"{BUCKET} S/b"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("path.resolve('src')", "/service/src"),
        ("path.join('src', '/x')", "src/x"),
        ("path.dirname(new URL('./src/x.js', import.meta.url).pathname)", "/service/src"),
        ("__filename", "/service/app.ts"),
        ("app.node.tryGetContext('known')", "yes"),
        ("app.node.tryGetContext('other') ?? 'dev'", "?|dev"),
        ("process.env.STAGE || 'dev'", "?|dev"),
        ("`x-${process.env.STAGE || 'dev'}`", "x-?|dev"),
        ("({ dev: 1, prod: 2 } as any)[process.env.STAGE]", "1|2"),
        ("process.env.X === 'y' ? { a: 1 } : { a: 2 }", "{'a': 1}|{'a': 2}"),
        ("undefined?.a ?? 'none'", "none"),
        ("JSON.stringify({ a: stack.region, b: [1] })", '{"a":"<S>.region","b":[1]}'),
        ("cdk.Stack.of(stack).account", "<S>.account"),
        ("cdk.Lazy.string({ produce: () => 'late' })", "late"),
        ("({} as any).a?.['b'] ?? 'none'", "none"),
        ("(function (this: any, x) { return x; })(5)", 5),
        ("lambda.Runtime.NODEJS_20_X", "aws_lambda.Runtime.NODEJS_20_X"),
        ("[1, ...[2, 3]].length + 'a'.length", 4),
        ("typeof stack.region === 'string' ? 1 : 2", "1|2"),
        ("'a-b'.split('-').map((x) => x.toUpperCase()).join('')", "AB"),
        ("[...new Set(Array.from({ length: 20 }, (_, i) => `${i}`))].length", 20),
        ("Array.from(new Set(['a', 'b', 'a'])).join()", "a,b"),
        ("new Map([['a', 1]]).size + new Set(['a', 'a']).size", 2),
        ("({ a: 1 } as any).size ?? 'small'", "small"),
        ("'a'.nothing === 'x' ? 1 : 2", "1|2"),
        ("process.argv.slice(2).includes('x')", False),
    ],
)
def test_a_value_is_as_plain_as_it_can_be(tmp_path: Path, text: str, value: object) -> None:
    found = script(
        tmp_path, f"new s3.Bucket(stack, 'a', {{ v: {text} }});", context={"known": "yes"}
    )
    assert properties(found, "a") == {"v": value}
