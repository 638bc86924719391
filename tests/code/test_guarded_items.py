"""Tests of lists, loops that end on a bad item, flags, exits: what they let through, and not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function


def harmless(root: Path, file: str, text: str) -> list[tuple[str, ...]]:
    """Return what the content of the last file or statement that is used is harmless for."""
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    sites = [call for call in found.calls if call.kind == "use"][-1:]  # none of constants
    every = [a for s in sites for a in s.arguments if a.path in {"file", "path", "statement"}]
    return [families for a in every for families in a.harmless or ((),) * len(a.sources)]


PYTHON = """
import os, re, sys
from contextlib import suppress
import contextlib
ROOT = "/tmp/reports"
KNOWN = ["a", "b"]
def handler(event, context):
    x = event["x"]
    xs = event["xs"]
"""
JAVASCRIPT = """
const fs = require("node:fs");
const path = require("path");
const ROOT = "/tmp/reports";
const KNOWN = ["a", "b"];
exports.handler = async (event) => {
  const { x, xs } = event;
"""
EACH = "for y in xs: open(ROOT + '/' + y)"
ONE = "open(ROOT + '/' + x)"
EACH_SCRIPT = "for (const y of xs) fs.readFileSync(ROOT + '/' + y);"
ONE_SCRIPT = "fs.readFileSync(ROOT + '/' + x);"
SAFE = {
    "python": [
        "for y in [y for y in xs if y in KNOWN]: open(ROOT + '/' + y)",
        "for y in filter(lambda v: v in KNOWN, xs): open(ROOT + '/' + y)",
        f"if any(y not in KNOWN for y in xs): return\n{EACH}",
        f"if not all(y in KNOWN for y in xs): raise ValueError\n{EACH}",
        f"if not all([y in KNOWN for y in xs]): raise ValueError\n{EACH}",
        f"for y in xs:\n    if y not in KNOWN: raise ValueError\n{EACH}",
        f"for y in xs:\n    if y in KNOWN: continue\n    return\n{EACH}",
        f"if x not in KNOWN: sys.exit(1)\n{ONE}",
        f"if x not in KNOWN:\n    print(x)\n    os._exit(1)\n{ONE}",
        f"if not re.match(r'^[a-z]+$', x, re.IGNORECASE): return\n{ONE}",
        f"if not re.compile(r'^[a-z]+$', re.I).match(x): return\n{ONE}",
        f"with suppress(ValueError):\n    if x in KNOWN: {ONE}",
        f"if '..' in x: return\n{ONE}",
        "if '..' in x: return\nopen(f'{ROOT}/{x}')",
        "if '..' in x: return\np = os.path.join(ROOT, x)\nif not p.startswith(ROOT): return\nopen(p)",
    ],
    "javascript": [
        "for (const y of xs.filter((v) => KNOWN.includes(v))) fs.readFileSync(ROOT + '/' + y);",
        f"if (!xs.every((y) => KNOWN.includes(y))) return;\n{EACH_SCRIPT}",
        f"if (xs.some((y) => !KNOWN.includes(y))) throw new Error();\n{EACH_SCRIPT}",
        f"const ok = (y) => KNOWN.includes(y);\nif (!xs.every(ok)) return;\n{EACH_SCRIPT}",
        f"for (const y of xs) {{ if (!KNOWN.includes(y)) throw new Error(); }}\n{EACH_SCRIPT}",
        f"xs.forEach((y) => {{ if (!KNOWN.includes(y)) throw new Error(); }});\n{EACH_SCRIPT}",
        f"if (!KNOWN.includes(x)) process.exit(1);\n{ONE_SCRIPT}",
        f"if (!new RegExp('^[a-z]+$', 'i').test(x)) return;\n{ONE_SCRIPT}",
        "if (x.includes('..')) return;\nfs.readFileSync(path.join(ROOT, x));",
        "if (x.includes('..')) return;\nfs.readFileSync(`${ROOT}/${x}`);",
    ],
}
UNSAFE = {
    "python": [
        f"[y for y in xs if y in KNOWN]\n{EACH}",
        "for y in [y for y in xs if y not in KNOWN]: open(ROOT + '/' + y)",
        f"filter(lambda v: v in KNOWN, xs)\n{EACH}",
        "for y in filter(lambda v: v not in KNOWN, xs): open(ROOT + '/' + y)",
        f"if not any(y in KNOWN for y in xs): return\n{EACH}",
        f"if all(y not in KNOWN for y in xs): return\n{EACH}",
        f"if not all(y in KNOWN for y in event['ys']): return\n{EACH}",
        f"for y in xs:\n    if y not in KNOWN: print(y)\n{EACH}",
        f"for y in xs:\n    if y not in KNOWN: continue\n{EACH}",
        f"for y in xs:\n    if y in KNOWN: break\n    raise ValueError\n{EACH}",
        f"for y in xs:\n    if x not in KNOWN: raise ValueError\n{ONE}",
        f"if x not in KNOWN: exit_later(1)\n{ONE}",
        f"if not re.match(r'^[a-z]+$', x, re.M): return\n{ONE}",
        f"if not re.match(r'^[a-z]+$', x, flags=re.MULTILINE | re.I): return\n{ONE}",
        f"if not re.compile(r'^[a-z]+$', re.M).match(x): return\n{ONE}",
        f"with suppress(ValueError):\n    if x not in KNOWN: raise ValueError\n{ONE}",
        f"with contextlib.suppress(Exception):\n    assert_known(x)\n    int(x)\n{ONE}",
        "if xs[0] not in KNOWN: return\nopen(ROOT + '/' + xs[1])",
        "if '..' in x: return\nopen(x)",
        "if '..' in x: return\nopen(os.path.join(ROOT, x))",
        "open(x.replace('..', ''))",
        'if "\'" in x: return\ncursor.execute("SELECT a FROM b WHERE c = " + x)',
    ],
    "javascript": [
        f"xs.filter((v) => KNOWN.includes(v));\n{EACH_SCRIPT}",
        "for (const y of xs.filter((v) => !KNOWN.includes(v))) fs.readFileSync(ROOT + '/' + y);",
        f"if (!xs.some((y) => KNOWN.includes(y))) return;\n{EACH_SCRIPT}",
        f"if (!xs.every((y) => y.length < 9)) return;\n{EACH_SCRIPT}",
        f"xs.every((y) => KNOWN.includes(y));\n{EACH_SCRIPT}",
        f"for (const y of xs) {{ if (!KNOWN.includes(y)) continue; }}\n{EACH_SCRIPT}",
        f"for (const y of xs) {{ if (KNOWN.includes(y)) break; return; }}\n{EACH_SCRIPT}",
        f"xs.forEach((y) => {{ if (!KNOWN.includes(y)) return; }});\n{EACH_SCRIPT}",
        "xs.forEach(async (y) => { if (!KNOWN.includes(y)) throw new Error(); });\n" + EACH_SCRIPT,
        f"if (!KNOWN.includes(x)) process.emit('exit');\n{ONE_SCRIPT}",
        f"if (!new RegExp('^[a-z]+$', 'm').test(x)) return;\n{ONE_SCRIPT}",
        f"const p = new RegExp('^[a-z]+$', 'gm');\nif (!p.test(x)) return;\n{ONE_SCRIPT}",
        "if (!KNOWN.includes(xs[0])) return;\nfs.readFileSync(ROOT + '/' + xs[1]);",
        "if (x.includes('..')) return;\nfs.readFileSync(x);",
        "if (x.includes('..')) return;\nfs.readFileSync(path.resolve(ROOT, x));",
        'if (x.includes("\'")) return;\nawait db.query("SELECT a FROM b WHERE c = " + x);',
    ],
}


def _found(root: Path, language: str, code: str) -> list[tuple[str, ...]]:
    if language == "python":
        return harmless(root, "app.py", PYTHON + indent(dedent(code), "    "))
    return harmless(root, "app.js", JAVASCRIPT + code + "\n};\n")


def _cases(every: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, code) for language, codes in every.items() for code in codes]


@pytest.mark.parametrize(("language", "code"), _cases(SAFE))
def test_only_harmless_items_pass(tmp_path: Path, language: str, code: str) -> None:
    assert all({"path", "all"} & set(one) for one in _found(tmp_path, language, code))


@pytest.mark.parametrize(("language", "code"), _cases(UNSAFE))
def test_others_pass_too(tmp_path: Path, language: str, code: str) -> None:
    found = _found(tmp_path, language, code)
    assert any(not {"path", "sql", "all"} & set(one) for one in found)
