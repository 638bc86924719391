"""What invocations heap up: containers of modules that grow, and files that nobody removes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
PYTHON = """
import csv, glob, io, json, os, shutil, subprocess, tempfile, uuid, zipfile
from collections import defaultdict, deque
from pathlib import Path
import boto3
s3 = boto3.client("s3")
items, table = [], {}
bounded = deque(maxlen=3)
groups = defaultdict(list)
class Store:
    kept = []
    def add(self, one):
        self.kept.append(one)
class Fresh(Store):
    def start(self):
        self.found = []
    def add(self, one):
        self.found.append(one)
store, fresh = Store(), Fresh()
def handler(event, context):
    global items
"""
JAVASCRIPT = """
const fs = require("fs");
const { pipeline } = require("stream/promises");
const { S3Client, GetObjectCommand } = require("@aws-sdk/client-s3");
const s3 = new S3Client({});
let items = [];
const table = {}, map = new Map(), set = new Set();
const store = { put: (one) => s3.send(one), add: (one) => items.push(one) };
exports.handler = async (event, context) => {
"""
HEAPED = {
    "python": [
        ("items.append(event['a'])", {"items"}),
        ("items.append({'x': [event['a']]})", {"items"}),
        ("table[context.aws_request_id] = event['a']", {"table[]"}),
        ("table.setdefault(uuid.uuid4().hex, event['a'])", {"table"}),
        ("groups[event['u']].append(event['a'])", {"groups[]"}),
        ("store.add(event['a'])", {"self.kept"}),
        ("open(f'/tmp/{uuid.uuid4()}', 'w').write(event['a'])", {"/tmp/…"}),
        ("open('/tmp/in/' + event['k'], 'wb').write(event['a'])", {"/tmp/in/…"}),
        (
            "with open(f'/tmp/{event[\"k\"]}.csv', 'w') as f:\n    csv.writer(f).writerow([event['a']])",
            {"/tmp/…"},
        ),
        ("s3.download_file('b', event['k'], f'/tmp/{event[\"k\"]}')", {"/tmp/…"}),
        (
            "Path(tempfile.mkdtemp(), 'x').write_text(event['a'])",
            {"a temporary file"},
        ),
        (
            "zipfile.ZipFile(io.BytesIO(event['a'])).extractall('/tmp/out')",
            {"/tmp/out…"},
        ),
        (
            "p = '/mnt/x' if event['a'] else f\"/tmp/{event['k']}\"\nopen(p, 'w').write(event['a'])",
            {"/tmp/…"},
        ),
    ],
    "javascript": [
        ("items.push(event.a);", {"items"}),
        ("table[context.awsRequestId] = event.a;", {"table[]"}),
        ("map.set(context.awsRequestId, event.a);", {"map"}),
        ("set.add(event.a);", {"set"}),
        ("store.add(event.a);", {"items"}),
        ("fs.writeFileSync(`/tmp/${event.k}`, event.a);", {"/tmp/…"}),
        ("fs.writeFileSync(fs.mkdtempSync('/tmp/x-') + '/a', event.a);", {"a temporary file"}),
        (
            (
                "const o = await s3.send(new GetObjectCommand({ Key: event.k }));\n"
                "await pipeline(o.Body, fs.createWriteStream(`/tmp/${event.k}`));"
            ),
            {"/tmp/…"},
        ),
    ],
}
NOT_HEAPED = {
    "python": [
        "items.append(event['a'])\nif len(items) > 9: items.pop(0)",
        "items.append(event['a'])\nif len(items) > 9: del items[0]",
        "items.append(event['a'])\nitems = items[-9:]",
        "items = []\nitems.append(event['a'])",
        "items.append(1)",
        "bounded.append(event['a'])",
        "table['last'] = event['a']",
        "table[event['a']] = event['a'].upper()",
        "table[event['u']] = s3.get_object(Bucket='b', Key=event['u'])['Body']",
        "fresh.start()\nfresh.add(event['a'])",
        "found = []\nfound.append(event['a'])",
        "open('/tmp/x', 'w').write(event['a'])",
        "open('/mnt/x' if event['a'] else '/mnt/y', 'w').write(event['a'])",
        "open(f\"/tmp/{os.environ['NAME']}\", 'w').write(event['a'])",
        "p = f\"/tmp/{event['k']}\"\nopen(p, 'w').write(event['a'])\nos.remove(p)",
        "p = Path('/tmp', event['k'])\np.write_text(event['a'])\np.unlink()",
        "p = f\"/tmp/{event['k']}\"\nif not os.path.exists(p): s3.download_file('b', event['k'], p)",
        "open(f\"/tmp/{event['k']}\", 'w').write(event['a'])\nfor f in glob.glob('/tmp/*'): os.remove(f)",
        "open(f\"/tmp/{event['k']}\", 'w').write(event['a'])\nshutil.rmtree('/tmp')",
        "open(f\"/tmp/{event['k']}\", 'w').write(event['a'])\nsubprocess.run('rm -rf /tmp/*', shell=True)",
        "with tempfile.TemporaryDirectory() as d:\n    open(d + '/x', 'w').write(event['a'])",
        "with tempfile.NamedTemporaryFile() as f:\n    f.write(event['a'])",
        "io.BytesIO().write(event['a'])",
    ],
    "javascript": [
        "items = [];\nitems.push(event.a);",
        "items.push(event.a);\nif (items.length > 9) items = items.slice(-9);",
        "map.set(context.awsRequestId, event.a);\nif (map.size > 9) map.clear();",
        "set.add(event.a);\nset.delete(event.a);",
        "table[context.awsRequestId] = event.a;\ndelete table[context.awsRequestId];",
        "table.last = event.a;",
        "store.put({ a: event.a });",
        "fs.writeFileSync('/tmp/x', event.a);",
        "fs.writeFileSync(`/tmp/${event.k}`, event.a);\nfs.unlinkSync(`/tmp/${event.k}`);",
        "fs.writeFileSync(`/tmp/${event.k}`, event.a);\nfs.rm('/tmp', { recursive: true }, () => {});",
    ],
}


def heaped(root: Path, language: str, body: str) -> set[str]:
    """Return the containers that grow and the files that stay when a handler has run."""
    head, end = (PYTHON, "") if language == "python" else (JAVASCRIPT, "};")
    text = f"{dedent(head)}{indent(body, '    ')}\n{end}"
    (root / FILES[language]).write_text(text)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(root, function)
    assert summary.partial == ""
    return {call.operation for call in summary.calls if call.service in ("growth", "left")}


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [(language, *case) for language, cases in HEAPED.items() for case in cases],
)
def test_what_every_invocation_adds_is_seen(
    tmp_path: Path, language: str, body: str, expected: set[str]
) -> None:
    assert heaped(tmp_path, language, body) == expected


@pytest.mark.parametrize(
    ("language", "body"),
    [(language, body) for language, cases in NOT_HEAPED.items() for body in cases],
)
def test_what_ends_or_has_a_bound_is_none(tmp_path: Path, language: str, body: str) -> None:
    assert heaped(tmp_path, language, body) == set()
