from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.code.loading.parsing import parse

Lowered = Callable[[str, str], str]

TEXTS = {
    "a as B": "a",
    "<B>a": "a",
    "a!.b": "a.b",
    "a ?? b!.c": "(?? a b.c)",
    "a || b![0]!.c(d!)": "(or a b[0].c(d))",
    "!a!.b": "(not a.b)",
    "a + b!\n.c": "(+ a b.c)",
    "async () => await a!.b()": "async def () {return await a.b()}",
    "a !== b.c": "(!= a b.c)",
    "a satisfies B": "a",
    "f<T>(a)": "f(a)",
    "const a: B[] = []": "const a = []",
    "function f(this: A, a: string, b?: number, ...c: B[]): void {}": (
        "def f(a: string, b: number, *c: B[]) {}"
    ),
    "const f = async ({a}: Event, b: T = c): Promise<void> => {}": (
        "const f = async def f(pattern{'a': a}: Event, b: T=c) {}"
    ),
    "function f(a: string): void; function f(a) {}": "def f(a) {}",
    "interface A {} type B = A; declare const c: A; declare module 'm' {}": "",
    "import type {A} from 'm'; import {type B, c} from 'm'": "import c = m / c",
    "export type {A}; export interface B {}": "",
    "import a = require('m')": "const a = require('m')",
    "import a = B.C": "const a = B.C",
    "export = a": "module.exports = a",
    "enum A { B, C = 5, D, 'E-F' = 'g' }": "const A = {'B': 0, 'C': 5, 'D': 6, 'E-F': 'g'}",
    "export const enum A { B = 1 << 2 }": "const A = {'B': (<< 1 2)}\nexport A = A",
    "namespace A { export const b = 1; const c = 2 }": (
        "const A = def () {const b = 1; const c = 2; return {'b': b}}()"
    ),
    "namespace A.B { export function c() {} }": (
        "const A = {'B': def () {def c() {}; return {'c': c}}()}"
    ),
    "abstract class A<T> extends B<T> implements C { abstract a(): void; b(): void; b() {} }": (
        "class A(B) {b: def b() {}}"
    ),
    "class A { constructor(private readonly a: B, c: D) { e() } }": (
        "class A() {constructor: def constructor(a: B, c: D) {this.a = a; e()}}"
    ),
    "@A({b: 1}) export class C { @D() private e: F = 1; @G() h(@I('j') k: L) {} }": (
        "@A({'b': 1}) class C() {e = 1; h: @G() def h(@I('j') k: L) {}}\nexport C = C"
    ),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_what_typescript_adds(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "typescript") == expected


@pytest.mark.parametrize(
    "text",
    [
        "a = `Hello<br>`;",
        "f = () =>`x`;",
        "b = x < y && z >`k`;",
        "c = `<b>${x}</b>`;",
        "d = x >`k`;",
    ],
)
def test_only_type_arguments_of_tags_are_left_out(text: str) -> None:
    assert parse(text.encode(), "typescript").root_node.text == text.encode()


def test_what_is_exported_as_types_alone_is_no_error() -> None:
    text = b"""export type * from './a.js'
export type * as b from "./b.js";
const c = 1"""
    tree = parse(text, "typescript")
    assert not tree.root_node.has_error
    assert tree.root_node.text is not None
    assert tree.root_node.text.split() == [b"const", b"c", b"=", b"1"]
