from __future__ import annotations

from collections.abc import Callable

import pytest

Lowered = Callable[[str, str], str]

EXPRESSIONS = {
    "42": "42",
    "0x1F + 0o17 + 1_000": "(+ 31 15 1000)",
    "0777L": "511",
    "1.5e3": "1500.0",
    "2j": "'2j'",
    "True, None, ...": "True\nNone\nNone",
    r"'a\n\x41\u00e9\'\q'": r'"a\nAé' + "'" + r'\\q"',
    r"'\N{BULLET}\101'": "'•A'",
    "'a\\\nb'": "'ab'",
    r"r'\n'": r"'\\n'",
    "b'x'": "'x'",
    '"""two\nlines"""': r"'two\nlines'",
    "('a' 'b'\n 'c')": "'abc'",
    "f'a{b}c{{}}'": "f('a' b 'c{}')",
    "f'{a!r:>{width}}'": "f(repr(a) width)",
    "f'{a[\"b\"]}' 'c' f'{d}e'": "f(a['b'] 'c' d 'e')",
    "f'plain'": "'plain'",
    "f'{f\"{a}\"}'": "f(f(a))",
    "'%s %d' % (a, b)": "(% '%s %d' (a, b))",
    "a.b.c": "a.b.c",
    "a['b'][0]": "a['b'][0]",
    "a[1:2]": "a[1:2]",
    "a[:2], a[1:], a[::3]": "a[None:2]\na[1:]\na[None:None:3]",
    "a[1, 2:3]": "a[(1, 2:3)]",
    "a[1,]": "a[(1)]",
    "f(a, *b, c=1, **d)": "f(a, *b, c=1, **d)",
    "f(x for x in y)": "f(generator(x for x in y))",
    "f(  # why\n a)": "f(a)",
    "{'a': 1, **b}": "{'a': 1, **b}",
    "{1, 2}": "{1, 2}",
    "[1, *a]": "[1, *a]",
    "(1,)": "(1)",
    "a + b + c - d": "(- (+ a b c) d)",
    "a ** b ** c": "(** a (** b c))",
    "a and b and c or not d": "(or (and a b c) (not d))",
    "-a, +a, ~a": "(- a)\n(+ a)\n(~ a)",
    "a < b <= c": "(and (< a b) (<= b c))",
    "a not in b": "(not-in a b)",
    "a is not b": "(is-not a b)",
    "a <> b": "(!= a b)",
    "a if b else c if d else e": "(b ? a : (d ? c : e))",
    "lambda a, b=1, *c: a": "def (a, b=1, *c) {return a}",
    "(a := b)": "(a := b)",
    "[x for x in y if z if w for v in u]": "list(x for x in y if z if w for v in u)",
    "{k: v for k, v in a}": "dict({k: v} for (k, v) in a)",
    "{x for x in y}": "set(x for x in y)",
    "[x async for x in y]": "list(x for x in y)",
    "await f(a)": "await f(a)",
    "(yield)": "yield -",
}


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.items())
def test_an_expression(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "python") == expected


STATEMENTS = {
    "a = b = c": "a = (b := c)",
    "a: int = 1": "a = 1",
    "a: int": "a: -",
    "a += b": "a = (+ a b)",
    "a //= b": "a = (// a b)",
    "a, (b, *c) = d": "(a, (b, *c)) = d",
    "[a, b] = c": "[a, b] = c",
    "a.b, c[0] = d": "(a.b, c[0]) = d",
    "del a, b[0]": "(delete a b[0])",
    "assert a, 'no'": "if (not a) {raise 'no'}",
    "raise": "raise -",
    "raise A('b') from c": "raise A('b')",
    "raise A, 'b'": "raise A('b')",
    "print 'a', b": "print('a', b)",
    "print >>f, a": "print(file=f, a)",
    "print('a')": "print('a')",
    "exec a in b": "exec(a, b)",
    "global a, b": "global a, b",
    "nonlocal a": "nonlocal a",
    "pass; a": "a",
    "type A = int": "",
    "import a.b, c.d as e": "import a = a / -\nimport e = c.d / -",
    "from ..a import b, c as d": "import b = ..a / b\nimport d = ..a / c",
    "from . import a": "import a = . / a",
    "from a import *": "import * = a / *",
    "from __future__ import annotations": "import annotations = __future__ / annotations",
    "if a:\n b\nelif c:\n d\nelse:\n e": "if a {b} else {if c {d} else {e}}",
    "for a, b in c:\n  continue\nelse:\n  d": "for let (a, b) in c {continue}\nif (unknown) {d}",
    "while a:\n  break": "while a {break}",
    "try:\n a\nexcept (A, B) as e:\n b\nexcept:\n c\nelse:\n d\nfinally:\n f": (
        "try {a; d} except e {b} except - {c} finally {f}"
    ),
    "try:\n a\nexcept A, e:\n b": "try {a} except e {b}",
    "try:\n a\nexcept A, (b, c):\n d": "try {a} except <caught> {(b, c) = <caught>; d}",
    "try:\n a\nexcept* A as e:\n b": "try {a} except e {b}",
    "with a() as b, c:\n d": "<context 1:6> = a()\nb = (enter <context 1:6>)\n(enter c)\nd\n(exit c)\n(exit <context 1:6>)",
    "with (a, c as (d, e)):\n f": "(enter a)\n(d, e) = (enter c)\nf\n(exit c)\n(exit a)",
    "with (\n a as b\n):\n c": "b = (enter a)\nc\n(exit a)",
    "with (a as b):\n return c": "b = (enter a)\n(exit a)\nreturn c",
    "async with a as b:\n c": "b = await (enter a)\nc\n(exit a)",
    "async for a in b:\n c": "for let a in b {c}",
    "def f(a, /, b: str = 'x', *, c=1, **d) -> int:\n return a": (
        "def f(a, b: str='x', c=1, **d) {return a}"
    ),
    "def f(*a: int):\n yield from a": "def* f(*a: int) {yield *a}",
    "def f():\n def g():\n  yield\n return g": "def f() {def* g() {yield -}; return g}",
    "@a.b('c')\nasync def f(): pass": "@a.b('c') async def f() {}",
    "def f(a, (b, c)): pass": "def f(a, (b, c)) {}",
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_a_statement(lowered: Lowered, text: str, expected: str) -> None:
    assert lowered(text, "python") == expected


CLASS = """
@register
class Order(Base, metaclass=Meta):
    table = "orders"
    email: str
    def __init__(self, id): self.id = id
    @staticmethod
    def a(): pass
    @classmethod
    def b(cls): pass
    @property
    def c(self): return 1
    @c.setter
    def c(self, value): pass
    if DEBUG:
        def d(self): pass
    class Inner: pass
"""


def test_a_class(lowered: Lowered) -> None:
    assert lowered(CLASS, "python") == (
        "@register class Order(Base) {table = 'orders'; email = -; Inner = class Inner() {}; "
        "__init__: def __init__(self, id) {self.id = id}; "
        "static a: @staticmethod def a() {}; class b: @classmethod def b(cls) {}; "
        "get c: @property def c(self) {return 1}; set c: @c.setter def c(self, value) {}; "
        "d: def d(self) {}}"
    )


MATCHES = {
    "case 'a' | 'b': c": "if (or (== x 'a') (== x 'b')) {c}",
    "case A.B | -1: c": "if (or (== x A.B) (== x (- 1))) {c}",
    "case {'a': {'b': y}, **r}: c": ("if (match x) {pattern{'a': pattern{'b': y}, **r} = x; c}"),
    "case [1, y, *_]: c": "if (match x) {[_, y, *_] = x; c}",
    "case P(q, z=w): c": "if (instanceof x P) {pattern{0: q, 'z': w} = x; c}",
    "case str() as s: c": "if (instanceof x str) {s = x; c}",
    "case y if y > 1: c": "if (and (y := x) (> y 1)) {c}",
    "case _: c": "if True {c}",
    "case a, b: c": "if True {(a, b) = x; c}",
    "case *a,: c": "if True {(*a) = x; c}",
}


@pytest.mark.parametrize(("case", "expected"), MATCHES.items())
def test_a_match(lowered: Lowered, case: str, expected: str) -> None:
    assert lowered(f"match x:\n  {case}", "python") == expected


def test_a_match_is_a_chain_over_its_subject(lowered: Lowered) -> None:
    text = "match f(x):\n  case 1: a\n  case _: b"
    assert lowered(text, "python") == (
        "<subject> = f(x)\nif (== <subject> 1) {a} else {if True {b}}"
    )
