"""What a CDK program makes where nobody knows which way it goes, and what is not followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.read.cdk.unsynthesized.trace import New
from checkrein.read.cdk.unsynthesized.tracing import traced
from tests.read.cdk_traces.telling import (
    SCRIPT,
    calls,
    constructs,
    lost,
    made,
    properties,
    python,
    script,
    shown,
    trace,
)

BUCKET = "aws_s3.Bucket"


def test_both_ways_are_gone_and_none_is_sure(tmp_path: Path) -> None:
    text = """new s3.Bucket(stack, 'a');
if (process.env.X) { new s3.Bucket(stack, 'b'); } else { new s3.Bucket(stack, 'c'); }
process.env.X && new s3.Bucket(stack, 'd');
const e = process.env.X ? new s3.Bucket(stack, 'e') : undefined;
e?.grantRead(stack);
new s3.Bucket(stack, 'f');
"""
    found = script(tmp_path, text)
    assert [one.removeprefix(f"{BUCKET} S/") for one in constructs(found)] == [
        "a", "b ?", "c ?", "d ?", "e ?", "f",
    ]  # fmt: skip
    assert calls(found) == ["<S/e>.grantRead(<S>) ?"]
    assert not lost(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("let v = 1; if (process.env.X) { v = 2; }", "2|1"),
        ("let v; if (process.env.X) { v = 1; } else { v = 2; }", "1|2"),
        ("let v = 1; if (process.env.X) { v = 2; } else { throw new Error('no'); }", 2),
        ("let v = 1; if (process.env.X) { let v = 2; }", 1),
        ("const o: any = { v: 1 }; if (process.env.X) { o.v = 2; } const v = o.v;", "2|1"),
        ("const f = () => { if (process.env.X) return 1; return 2; }; const v = f();", "1|2"),
        ("const f = () => { if (process.env.X) throw 1; return 2; }; const v = f();", 2),
        ("let v = 1; for (const x of process.env.X.split(',')) { v = 2; }", "2|1"),
        ("const v = ['a', 'b'].find((x) => x === process.env.X);", "a|b|None"),
    ],
)
def test_a_value_after_both_ways_is_a_choice(tmp_path: Path, text: str, value: object) -> None:
    found = script(tmp_path, f"{text}\nnew s3.Bucket(stack, 'a', {{ v }});")
    assert properties(found, "a") == {"v": value}
    assert constructs(found) == [f"{BUCKET} S/a"]


def test_after_a_return_that_is_not_sure_the_rest_of_the_function_is_not(tmp_path: Path) -> None:
    text = """function f(id) {
  if (process.env.X) return;
  new s3.Bucket(stack, id);
}
f('a'); new s3.Bucket(stack, 'b');
"""
    assert constructs(script(tmp_path, text)) == [f"{BUCKET} S/a ?", f"{BUCKET} S/b"]


def test_a_loop_over_what_is_not_known_runs_once_and_is_told(tmp_path: Path) -> None:
    text = """for (const name of process.env.NAMES.split(',')) new s3.Bucket(stack, `x-${name}`);
process.env.NAMES.split(',').forEach((name, i) => new s3.Bucket(stack, `y-${i}`));
for (const name of process.env.NAMES.split(',')) console.log(name);
"""
    found = script(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/x-? ?", f"{BUCKET} S/y-? ?"]
    assert lost(found) == [
        "8: how often a loop runs is not known",
        "9: whether and with what a package calls a function",
    ]


def test_a_comprehension_over_what_is_not_known_runs_once(tmp_path: Path) -> None:
    text = "[s3.Bucket(stack, n) for n in os.environ['N'].split(',')]\n"
    found = python(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/? ?"]
    assert lost(found) == ["7: how often a loop runs is not known"]


WALK = """import * as fs from 'fs';
const walk = (value: any): any => {
  if (Array.isArray(value)) return value.map((one) => walk(one));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one)]));
  }
  if (typeof value === 'string' && %s && fs.existsSync(value)) {
    return walk(JSON.parse(fs.readFileSync(value, 'utf8')));
  }
  return value;
};
const shop = walk(app.node.tryGetContext('shop'));
new s3.Bucket(stack, shop.bucket.name, { bucketName: shop.more[0].bucket.name });
"""
FILES = {"conf/one.json": '{"name": "One"}', "conf/two.json": '{"name": "two"}'}
SHOP = {"bucket": "conf/one.json", "more": [{"bucket": "conf/two.json"}], "stage": "dev"}


def test_a_walk_through_files_of_the_repository_is_followed(tmp_path: Path) -> None:
    text = SCRIPT + WALK % "path.extname(value) === '.json'"
    found = trace(tmp_path, {"app.ts": text, **FILES}, context={"shop": SHOP})
    assert constructs(found) == [f"{BUCKET} S/One"]
    assert properties(found, "One") == {"bucketName": "two"}
    assert not lost(found)


def test_a_function_that_calls_itself_over_what_is_not_known_runs_once_and_is_told(
    tmp_path: Path,
) -> None:
    found = trace(tmp_path, {"app.ts": SCRIPT + WALK % "true", **FILES})
    assert len(constructs(found)) == 1
    assert {each.partition(": ")[2] for each in lost(found)} == {
        "a function that calls itself over what is not known"
    }


def test_a_function_that_calls_itself_with_something_else_goes_on(tmp_path: Path) -> None:
    text = """const f = (depth: number, more: any) => {
  new s3.Bucket(stack, `b${depth}`);
  if (depth < 3) f(depth + 1, more);
};
f(1, process.env.MORE);
"""
    found = script(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/b1", f"{BUCKET} S/b2", f"{BUCKET} S/b3"]
    assert not lost(found)


def test_the_same_id_in_a_loop_is_told_each_time(tmp_path: Path) -> None:
    found = script(tmp_path, "for (const x of [1, 2]) new s3.Bucket(stack, 'a', { x });")
    assert constructs(found) == [f"{BUCKET} S/a", f"{BUCKET} S/a"]


def test_one_of_several_classes_is_made_as_each(tmp_path: Path) -> None:
    text = "const k = process.env.X ? s3.Bucket : lambda.Function;\nnew k(stack, 'a', {});"
    assert constructs(script(tmp_path, text)) == [f"{BUCKET} S/a ?", "aws_lambda.Function S/a ?"]


def test_a_function_given_to_a_package_may_be_called_with_what_it_makes(tmp_path: Path) -> None:
    text = """import { Pipeline } from '@acme/pipelines';
new Pipeline(app, 'P', { stacks(scope: Construct) { new s3.Bucket(scope, 'a', {}); } });
"""
    found = script(tmp_path, text)
    assert constructs(found) == ["@acme/pipelines.Pipeline P", f"{BUCKET} P/a ?"]
    assert lost(found) == ["9: whether and with what a package calls a function"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("missing(stack);", "the name missing is bound nowhere"),
        ("import { x } from './gone';\nx(stack);", "the file of the module ./gone is not there"),
        ("import { x } from './there';\nx(stack);", "x of the module ./there is not there"),
        ("const o: any = {}; o.a.b(stack);", "b of nothing"),
        ("while (true) { }", "a loop that does not seem to end"),
        ("const f = () => f();\nf();", "calls that are too deep within each other"),
        ("const n = process.env.N as any; n(stack);", "what a call does is not known"),
        ("class A extends process.env.X {}\nnew A(stack, 'x', {});", "what the class A extends"),
    ],
)
def test_what_is_not_followed_is_told_and_the_rest_goes_on(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "there.ts").write_text("export const y = 1;\n")
    found = script(tmp_path, f"{text}\nnew s3.Bucket(stack, 'a');")
    assert f"{BUCKET} S/a" in constructs(found)
    assert any(why in one for one in lost(found)), lost(found)


def test_a_broken_line_is_told(tmp_path: Path) -> None:
    found = script(tmp_path, "new s3.Bucket(stack, 'a');\nconst = ;\nnew s3.Bucket(stack, 'b');")
    assert f"{BUCKET} S/a" in constructs(found)
    assert "9: a line that cannot be read" in lost(found)


def test_a_program_that_fails_ends_there(tmp_path: Path) -> None:
    text = "new s3.Bucket(stack, 'a');\nthrow new Error();\nnew s3.Bucket(stack, 'b');"
    found = script(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/a"]
    assert "1: the program ends with an error" in lost(found)


def test_a_check_that_would_end_the_program_surely_holds_where_it_is_run(tmp_path: Path) -> None:
    text = """const id = app.node.tryGetContext('id');
if (!id) { new s3.Bucket(stack, 'a'); throw new Error('pass it by --context'); }
new s3.Bucket(stack, 'b');
try { if (!id) throw new Error(); new s3.Bucket(stack, 'c'); } catch (e) { }
"""
    found = script(tmp_path, text, context={"id": ""})
    assert constructs(found) == [f"{BUCKET} S/a", f"{BUCKET} S/b"]
    assert lost(found) == ["9: a check fails that surely holds where the program is run"]


def test_a_program_too_long_is_followed_as_far_as_the_limit(tmp_path: Path) -> None:
    text = """new s3.Bucket(stack, 'a');
for (let i = 0; i < 400; i++) { for (let j = 0; j < 400; j++) { j + 1; } }
new s3.Bucket(stack, 'b');
"""
    found = script(tmp_path, text)
    assert constructs(found) == [f"{BUCKET} S/a"]
    assert lost(found) == ["1: the program takes more steps than are followed"]


def test_values_that_grow_without_end_are_cut(tmp_path: Path) -> None:
    text = """let t = 'x'; for (let i = 0; i < 60; i++) { t = t + t; }
const l: any[] = [1]; for (let i = 0; i < 60; i++) { l.push(...l); }
const o: any = {}; o.self = o;
let u = process.env.X + 'x'; for (let i = 0; i < 60; i++) { u = `${u}${u}${t}`; }
let d: any = {}; for (let i = 0; i < 30; i++) { d = { a: d, b: d }; }
new s3.Bucket(stack, 'a', { o });
new s3.Bucket(stack, 'b', { d });
"""
    found = script(tmp_path, text)
    assert properties(found, "a") == {"o": {"self": "?"}}
    assert shown(made(found, "b").arguments) == ["?"]


def test_without_its_first_file_each_stack_is_made_once(tmp_path: Path) -> None:
    head = "import * as cdk from 'aws-cdk-lib';\nimport { Base } from './base';\n"
    for name, text in {
        "infra/cdk.json": '{"app": "npx ts-node bin/gone.ts"}',
        "infra/lib/base.ts": "import { Stack } from 'aws-cdk-lib';\n"
        "export class Base extends Stack { constructor(s, i, p) { super(s, i, p); } }\n",
        "infra/lib/data.ts": f"{head}export class Data extends Base {{ constructor(s, i, p) {{\n"
        "super(s, i, p); new cdk.aws_s3.Bucket(this, 'a', { bucketName: p.name }); } }\n",
        "infra/lib/node_modules/x.ts": f"{head}export class Not extends cdk.Stack {{}}\n",
        "infra/test/x.ts": f"{head}export class Not extends cdk.Stack {{}}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = traced(tmp_path, "infra")
    assert found is not None
    assert constructs(found) == [f"{BUCKET} Data/a ?"]
    assert properties(found, "a") == {"bucketName": "?"}
    assert [str(one.place) for one in found.done] == [
        "infra/cdk.json:1", "infra/lib/data.ts:3", "infra/lib/data.ts:4",
    ]  # fmt: skip
    assert lost(found) == ["1: the file that the app begins with is not there"]


def test_a_module_that_is_used_first_on_a_way_is_run_surely(tmp_path: Path) -> None:
    found = trace(
        tmp_path,
        {
            "app.ts": "import { stack, name } from './lib';\nimport * as s3 from 'aws-cdk-lib/aws-s3';\n"
            "if (process.env.X) { new s3.Bucket(stack, name); }\nnew s3.Bucket(stack, 'b');\n",
            "lib.ts": "import { App, Stack, CfnOutput } from 'aws-cdk-lib';\nexport let name = 'a';\n"
            "export const stack = new Stack(new App(), 'S');\nnew CfnOutput(stack, 'o');\n",
        },
    )
    assert constructs(found) == ["CfnOutput S/o", f"{BUCKET} S/a ?", f"{BUCKET} S/b"]


def test_no_first_file_is_no_trace(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text('{"app": "npx ts-node bin/gone.ts"}')
    assert traced(tmp_path, "") is None


def test_an_app_below_the_root_has_its_own_folder(tmp_path: Path) -> None:
    infra = tmp_path / "infra"
    infra.mkdir()
    trace(infra, {"app.ts": "import { App, Stack } from 'aws-cdk-lib';\n"
                            "import * as path from 'path';\n"
                            "new Stack(new App(), path.resolve('x'));\n"})  # fmt: skip
    found = traced(tmp_path, "infra")
    assert found is not None
    (stack,) = [one for one in found.done if isinstance(one, New) and one.kind == "Stack"]
    assert (stack.id, str(stack.place)) == ("/service/infra/x", "infra/app.ts:3")
