from __future__ import annotations

from collections.abc import Callable

import pytest

Lowered = Callable[[str, str], str]

EXPRESSIONS = {
    "42": "42",
    "0xff + 0b11 + 1_000n": "(+ 255 3 1000)",
    "1.5e3": "1500.0",
    "0777": "511",
    "[true, null, undefined]": "[True, None, None]",
    r"'a\n\x41\u{1F600}\ud83d\ude00\q'": "'a\\nA😀😀q'",
    "'a\\\nb'": "'ab'",
    "/a\\/b/gi": "/a\\/b/gi",
    "`a${b}\\n${c}`": r"f('a' b '\n' c)",
    "` a\n `": r"' a\n '",
    "sql`a${b} c`": "sql(['a', ' c'], b)",
    "a.b.c": "a.b.c",
    "a?.b?.[c]?.(d)": "a?.b[c](d)",
    "a['b'][0]": "a['b'][0]",
    "this.#a": "this.#a",
    "f(a, ...b)": "f(a, *b)",
    "f(/* why */ a)": "f(a)",
    "new A": "new A()",
    "new A.B(c)": "new A.B(c)",
    "[a, ...b, , c]": "[a, *b, None, c]",
    "({a, b: 1, 'c': 2, [d]: 3, ...e})": "{'a': a, 'b': 1, 'c': 2, d: 3, **e}",
    "({get a() {return 1}, async *b(c) {}})": (
        "{'a': def a() {return 1}(), 'b': async def* b(c) {}}"
    ),
    "a + b + c - d": "(- (+ a b c) d)",
    "a && b && c || d": "(or (and a b c) d)",
    "a ?? b": "(?? a b)",
    "a === b": "(== a b)",
    "a !== b": "(!= a b)",
    "a in b": "(in a b)",
    "a instanceof b": "(instanceof a b)",
    "!a": "(not a)",
    "typeof -a": "(typeof (- a))",
    "void delete a.b": "(void (delete a.b))",
    "a ? b : c ? d : e": "(a ? b : (c ? d : e))",
    "f((a, b, c))": "f((, a b c))",
    "f(a = b)": "f((a := b))",
    "f(a++)": "f((a := (+ a 1)))",
    "f(a ||= b)": "f((a := (or a b)))",
    "a => a": "def (a) {return a}",
    "async ({a, b: {c}}, [d] = [], ...e) => ({})": (
        "async def (pattern{'a': a, 'b': pattern{'c': c}}, [d]=[], *e) {return {}}"
    ),
    "(function* f(a) { yield* a; yield b })": "def* f(a) {yield *a; yield b}",
    "(class extends B {})": "class (B) {}",
    "await f(a)": "await f(a)",
    "import('a')": "import('a')",
    "import.meta.url": "import.meta.url",
    "require('a').b": "require('a').b",
}


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.items())
def test_an_expression(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "javascript") == expected


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.items())
def test_typescript_reads_the_same(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "typescript") == expected


STATEMENTS = {
    "var a = 1, b": "var a = 1\nvar b = None",
    "let {a = 1, b: [c, , d = 2, ...e], ...f} = g": (
        "let pattern{'a': a or 1, 'b': [c, <hole>, d or 2, *e], **f} = g"
    ),
    "({a, b} = c)": "(pattern{'a': a, 'b': b} := c)",
    "[a, b] = [b, a]": "[a, b] = [b, a]",
    "a = b = c": "a = (b := c)",
    "a += b": "a = (+ a b)",
    "a--": "a = (- a 1)",
    "a = 1, b(), c++": "a = 1\nb()\nc = (+ c 1)",
    "f(); function f() {}": "def f() {}\nf()",
    "async function* f(a = 1) {}": "async def* f(a=1) {}",
    "if (a) b; else if (c) { d } else e": "if a {b} else {if c {d} else {e}}",
    "for (const [a, b] of c) d": "for let [a, b] in c {d}",
    "for (a in b) {}": "for a keys b {}",
    "for await (const a of b) {}": "for let a in b {}",
    "for (let i = 0, j; i < 9; i++, j = i) a": (
        "let i = 0\nlet j = None\nwhile (< i 9) {a; i = (+ i 1); j = i}"
    ),
    "for (;;) { break }": "while - {break}",
    "do a(); while (b)": "while b {a()}",
    "x: while (a) { continue x }": "while a {continue}",
    "try { a } catch (e) { b } finally { c }": "try {a} except e {b} finally {c}",
    "try { a } catch { b }": "try {a} except - {b}",
    "try { a } catch ({message}) { b }": (
        "try {a} except <caught> {let pattern{'message': message} = <caught>; b}"
    ),
    "throw new A(b)": "raise new A(b)",
    "with (a) { b }": "a\nb",
    "debugger;;": "",
    "#!/usr/bin/env node\na": "a",
    "switch (a) { case 1: case 2: b(); break; default: c() }": (
        "if (or (== a 1) (== a 2)) {b()} else {c()}"
    ),
    "switch (a.b) { case 1: c(); case 2: d(); return; case 3: e() }": (
        "const <subject> = a.b\nif (== <subject> 1) {c(); d(); return -} "
        "else {if (== <subject> 2) {d(); return -} else {if (== <subject> 3) {e()}}}"
    ),
    "switch (true) { case a > 1: b; break; case c: default: d }": "if (> a 1) {b} else {d}",
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_a_statement(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "javascript") == expected


MODULES = {
    "import a, * as b from 'm'": "import a = m / default\nimport b = m / *",
    "import {a, b as c, default as d} from 'm'": (
        "import a = m / a\nimport c = m / b\nimport d = m / default"
    ),
    "import 'm'": "import - = m / -",
    "export const a = 1, {b, c: [d]} = e": (
        "const a = 1\nconst pattern{'b': b, 'c': [d]} = e\nexport a = a\nexport b = b\nexport d = d"
    ),
    "export async function f() {}": "async def f() {}\nexport f = f",
    "export class A {}": "class A() {}\nexport A = A",
    "export default function f() {}": "def f() {}\nexport default = f",
    "export default a": "export default = a",
    "export default async () => {}": "export default = async def () {}",
    "export {a, b as c}": "export a = a\nexport c = b",
    "export {a as b, default} from 'm'": "export b = m / a\nexport default = m / default",
    "export * from 'm'": "export * = m / *",
    "export * as a from 'm'": "export a = m / *",
}


@pytest.mark.parametrize(("text", "expected"), MODULES.items())
def test_a_module(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "javascript") == expected


CLASS = """
@register class Order extends Base {
  #id = 1; static table = 'orders'; 'quoted' = 2; [computed] = 3; unset;
  constructor(id) { super(id) }
  get total() { return this.#id }
  set total(value) {}
  static create() {}
  @log async *items() {}
  static { init() }
}
"""


def test_a_class(lowered: Lowered) -> None:
    assert lowered(CLASS, "javascript") == (
        "@register class Order(Base) {#id = 1; table = 'orders'; 'quoted' = 2; computed = 3; "
        "static {} = def () {init()}(); constructor: def constructor(id) {super(id)}; "
        "get total: def total() {return this.#id}; set total: def total(value) {}; "
        "static create: def create() {}; items: @log async def* items() {}}"
    )


MARKUP = {
    "<a href={b} {...c} d>hi {e}{/* no */}<F.G/></a>": (
        "(jsx 'a' {'href': b, **c, 'd': True} 'hi ' e (jsx F.G {}))"
    ),
    "<><Page/></>": "(jsx '' {} (jsx Page {}))",
}


@pytest.mark.parametrize("language", ["javascript", "tsx"])
@pytest.mark.parametrize(("text", "expected"), MARKUP.items())
def test_markup(lowered: Lowered, text: str, expected: str, language: str) -> None:
    assert lowered(text, language) == expected
