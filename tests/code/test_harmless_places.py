"""What makes a path or a URL harmless, and what only looks as if it did."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function


def harmless(root: Path, file: str, text: str) -> list[tuple[str, ...]]:
    """Return what the content of the last file that is opened, or URL asked, is harmless for."""
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    site = [call for call in found.calls if call.service == "path" or call.kind == "http"][-1]
    every = [a for a in site.arguments if a.path in {"file", "path", "url"}]
    return [families for a in every for families in a.harmless or ((),) * len(a.sources)]


PYTHON = """
import os, re, requests
from os import path
from pathlib import Path
from urllib.parse import urlparse, urlsplit
ROOT = "/tmp/reports"
HOSTS = ["a.example.com", "b.example.com"]
def handler(event, context):
    x = event["x"]
"""
JAVASCRIPT = """
const fs = require("node:fs");
const path = require("path");
const ROOT = "/tmp/reports";
const HOSTS = ["a.example.com"];
exports.handler = async (event) => {
  const x = event.x;
"""
SAFE = {
    "path": [
        "open(ROOT + '/' + os.path.basename(x))",
        "open(ROOT + '/' + x.split('/')[-1])",
        "open(ROOT + '/' + x.split('/').pop())",
        "open(ROOT + '/' + x.rsplit('/', 1)[-1])",
        "open(ROOT + '/' + Path('/' + x).name)",
        "open(ROOT + '/' + os.path.split(x)[1])",
        "open(ROOT + '/a' + os.path.splitext(x)[1])",
        "open(ROOT + '/' + x.replace('/', '_'))",
        "open(ROOT + '/' + x.replace('..', ''))",
        "open(ROOT + '/' + re.sub(r'[^a-zA-Z0-9_.-]', '', x))",
        "open(ROOT + '/' + re.sub('[^a-z]+', '-', x))",
        "if '..' in x: return\nopen(ROOT + '/' + x)",
        "if '/' not in x:\n    open(ROOT + '/' + x)",
        "m = re.fullmatch(r'[a-z]+', x)\nif not m: return\nopen(ROOT + '/' + x)",
        "for y in x:\n    ok = y in HOSTS\n    if ok: open(ROOT + '/' + y)",
        "p = os.path.realpath(os.path.join(ROOT, x))\nif not p.startswith(ROOT): raise ValueError\nopen(p)",
        "p = path.abspath(path.join(ROOT, x))\nif p.startswith(ROOT + os.sep):\n    open(p)",
        "p = os.path.normpath(ROOT + '/' + x)\nif os.path.commonpath([ROOT, p]) != ROOT: return\nopen(p)",
        "p = (Path(ROOT) / x).resolve()\nif not p.is_relative_to(ROOT): return\np.read_text()",
        "if not re.match(r'^[\\w-]+\\.pdf$', x): return\nopen(ROOT + '/' + x)",
        "if x not in os.listdir(ROOT): return\nopen(ROOT + '/' + x)",
        "def ok(v):\n    if v in ('a', 'b'): return True\n    return False\nif not ok(x): return\nopen(ROOT + '/' + x)",
        "def ok(v):\n    if v not in ('a', 'b'): return False\n    return True\nif ok(x): open(ROOT + '/' + x)",
        "if x == 'a' or x == 'b': open(ROOT + '/' + x)",
        "if x != 'a' and x != 'b': return\nopen(ROOT + '/' + x)",
    ],
    "url": [
        "if urlparse(x).hostname in HOSTS:\n    requests.get(x)",
        "u = urlparse(x)\nif u.netloc not in HOSTS: return\nrequests.get(x)",
        "h = urlsplit(x).hostname\nif h != 'a.example.com': return\nrequests.get(x)",
        "if urlparse(x).hostname.endswith('.example.com'):\n    requests.get(x)",
        "if not x.startswith('https://a.example.com/'): return\nrequests.get(x)",
        "if not x.startswith(('https://a.example.com/', 'https://b.example.com/')): return\nrequests.get(x)",
    ],
}
UNSAFE = {
    "path": [
        "m = True\nif event['q']: m = re.fullmatch(r'[a-z]+', x)\nif m: open(ROOT + '/' + x)",
        "m = re.fullmatch(r'[a-z]+', x)\nx = event['y']\nif m: open(ROOT + '/' + x)",
        "open(ROOT + '/' + x)",
        "open(os.path.join(ROOT, os.path.normpath(x)))",
        "open(ROOT + '/' + x.split('/', 1)[1])",
        "open(ROOT + '/' + x.rsplit('/', 1)[0])",
        "open(ROOT + '/' + x.split('.')[0])",
        "open(ROOT + '/' + os.path.splitext(x)[0])",
        "open(ROOT + '/' + os.path.dirname(x))",
        "open(ROOT + '/' + x.replace('../', ''))",
        "open(ROOT + '/' + x.replace('.', '/'))",
        "open(ROOT + '/' + re.sub(r'[^a-z/.]', '', x))",
        "p = os.path.join(ROOT, x)\nif not p.startswith(ROOT): raise ValueError\nopen(p)",
        "if not x.endswith('.pdf'): return\nopen(ROOT + '/' + x)",
        "p = Path(ROOT) / x\nif not p.is_relative_to(ROOT): return\np.read_text()",
        "if not re.match(r'[\\w-]+', x): return\nopen(ROOT + '/' + x)",
        "if '..' in x: print('strange')\nopen(ROOT + '/' + x)",
        "if x == 'a' or event['y'] == 'b': open(ROOT + '/' + x)",
        "if x != 'a' and event['y'] != 'b': return\nopen(ROOT + '/' + x)",
        "def ok(v):\n    if v in ('a', 'b'): return True\n    return False\nok(x)\nopen(ROOT + '/' + x)",
        "def ok(v):\n    if v in ('a', 'b'): print(v)\n    return True\nif ok(x): open(ROOT + '/' + x)",
        "if x[:2] == 'ab': open(ROOT + '/' + x)",
        "if not re.match(r'(?m)^[a-z]+$', x): return\nopen(ROOT + '/' + x)",
        "try:\n    if '/' in x: raise ValueError\nfinally:\n    open(ROOT + '/' + x)",
    ],
    "url": [
        "requests.get(x)",
        "if not x.startswith('https://'): return\nrequests.get(x)",
        "if urlparse(x).scheme == 'https':\n    requests.get(x)",
        "if urlparse(x).hostname.endswith('example.com'):\n    requests.get(x)",
        "if 'a.example.com' in x:\n    requests.get(x)",
        "if urlparse(x).hostname.startswith('a.'):\n    requests.get(x)",
        "if urlparse(event['y']).hostname in HOSTS:\n    requests.get(x)",
    ],
}
SAFE_SCRIPT = {
    "path": [
        "fs.readFileSync(ROOT + '/' + path.basename(x))",
        "fs.readFileSync(path.join(ROOT, path.parse(x).base))",
        "fs.readFileSync(`${ROOT}/${x.split('/').pop()}`)",
        "fs.readFileSync(`${ROOT}/${x.replace(/\\//g, '_')}`)",
        "fs.readFileSync(`${ROOT}/${x.replace(/[^a-z0-9]/gi, '')}`)",
        "fs.readFileSync(`${ROOT}/${x.replaceAll('/', '_')}`)",
        "if (x.includes('..')) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (x.indexOf('..') !== -1) throw new Error();\nfs.readFileSync(ROOT + '/' + x)",
        "if (x.indexOf('/') === -1) fs.readFileSync(ROOT + '/' + x)",
        "async function check(v) { if (!HOSTS.includes(v)) throw new Error(); }\nawait check(x);\nfs.readFileSync(ROOT + '/' + x)",
        "async function ok(v) { return HOSTS.includes(v); }\nif (!(await ok(x))) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (HOSTS.indexOf(x) > -1) fs.readFileSync(ROOT + '/' + x)",
        "if (HOSTS.indexOf(x) < 0) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (x === 'a' || x === 'b') fs.readFileSync(ROOT + '/' + x)",
        "const p = path.resolve(ROOT, x);\nif (!p.startsWith(ROOT + path.sep)) return;\nfs.readFileSync(p)",
        "const p = path.join(ROOT, x);\nif (p.startsWith(ROOT)) fs.readFileSync(p)",
        "const r = path.relative(ROOT, x);\nif (r.startsWith('..') || path.isAbsolute(r)) return;\nfs.readFileSync(x)",
        "if (!/^[a-z]+$/.test(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(Number(x))) throw new Error();\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (Number.isNaN(+x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (!Number.isInteger(Number(x)) || x < 1) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (isFinite(x)) fs.readFileSync(ROOT + '/' + x)",
        "if (!/^\\d+$/.test(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
    ],
    "url": [
        "const u = new URL(x);\nif (u.hostname !== 'a.example.com') return;\nawait fetch(u)",
        "const u = new URL(x);\nif (!HOSTS.includes(u.host)) throw new Error();\nawait fetch(u.href)",
        "const { hostname } = new URL(x);\nif (!HOSTS.includes(hostname)) throw new Error();\nawait fetch(x)",
        "if (new URL(x).origin === 'https://a.example.com') await fetch(x)",
        "const u = require('url').parse(x);\nif (u.hostname !== 'a.example.com') return;\nawait fetch(x)",
        "if (!x.startsWith('https://a.example.com/')) return;\nawait fetch(x)",
        "if (!/^https:\\/\\/a\\.example\\.com\\//.test(x)) return;\nawait fetch(x)",
    ],
}
UNSAFE_SCRIPT = {
    "path": [
        "fs.readFileSync(path.join(ROOT, x))",
        "fs.readFileSync(path.resolve(ROOT, path.normalize(x)))",
        "fs.readFileSync(`${ROOT}/${x.replace('..', '')}`)",
        "fs.readFileSync(`${ROOT}/${x.replace(/\\.\\.\\//g, '')}`)",
        "fs.readFileSync(path.join(ROOT, path.parse(x).dir))",
        "const p = ROOT + '/' + x;\nif (p.startsWith(ROOT)) fs.readFileSync(p)",
        "if (x.indexOf('..') !== -1) fs.readFileSync(ROOT + '/' + x)",
        "async function check(v) { if (!HOSTS.includes(v)) throw new Error(); }\ncheck(x);\nfs.readFileSync(ROOT + '/' + x)",
        "async function ok(v) { return HOSTS.includes(v); }\nif (!ok(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (x.indexOf('..') <= 0) fs.readFileSync(ROOT + '/' + x)",
        "if (HOSTS.indexOf(x) !== 0) fs.readFileSync(ROOT + '/' + x)",
        "if (HOSTS.includes(x.substring(0, 3))) fs.readFileSync(ROOT + '/' + x)",
        "if (!/^[a-z]+$/m.test(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (!x.endsWith('.txt')) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(parseInt(x))) throw new Error();\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(Number(x))) console.log('no number');\nfs.readFileSync(ROOT + '/' + x)",
        "if (Number.isNaN(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (!isNaN(Number(x))) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(Number(x.length))) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (isNaN(Number(x, 10), x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "const isNaN = () => false;\nif (isNaN(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
        "if (!/\\d+/.test(x)) return;\nfs.readFileSync(ROOT + '/' + x)",
    ],
    "url": [
        "await fetch(new URL(x))",
        "const u = new URL(x);\nif (u.protocol !== 'https:') return;\nawait fetch(u)",
        "if (!x.includes('a.example.com')) return;\nawait fetch(x)",
        "if (!/^https:/.test(x)) return;\nawait fetch(x)",
        "if (!/^https:\\/\\/a\\.example\\.com/.test(x)) return;\nawait fetch(x)",
        "if (!/a\\.example\\.com/.test(x)) return;\nawait fetch(x)",
    ],
}


def cases(every: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(family, code) for family, codes in every.items() for code in codes]


@pytest.mark.parametrize(("family", "code"), cases(SAFE))
def test_python_that_is_safe(tmp_path: Path, family: str, code: str) -> None:
    found = harmless(tmp_path, "app.py", PYTHON + indent(dedent(code), "    "))
    assert all({family, "all"} & set(one) for one in found)


@pytest.mark.parametrize(("family", "code"), cases(UNSAFE))
def test_python_that_only_looks_safe(tmp_path: Path, family: str, code: str) -> None:
    found = harmless(tmp_path, "app.py", PYTHON + indent(dedent(code), "    "))
    assert any(not {family, "all"} & set(one) for one in found)


@pytest.mark.parametrize(("family", "code"), cases(SAFE_SCRIPT))
def test_javascript_that_is_safe(tmp_path: Path, family: str, code: str) -> None:
    found = harmless(tmp_path, "app.js", JAVASCRIPT + code + "\n};\n")
    assert all({family, "all"} & set(one) for one in found)


@pytest.mark.parametrize(("family", "code"), cases(UNSAFE_SCRIPT))
def test_javascript_that_only_looks_safe(tmp_path: Path, family: str, code: str) -> None:
    found = harmless(tmp_path, "app.js", JAVASCRIPT + code + "\n};\n")
    assert any(not {family, "all"} & set(one) for one in found)
