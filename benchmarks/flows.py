"""Times the reading of functions' code: what they do with which data, before anything is derived.

    make bench-flows                        our example, then generated applications that grow
    make bench-flows FOLDER="../one ../two" other applications
    make bench-flows PEERS=../rules         beside Semgrep with those rules, and Bandit

One core reads all functions of a folder, with no file parsed before; functions that run the same
code are read once, as in a scan. The best of three times, since machines are shared. Megabytes are
those of the files that were read, each counted once: a file that many functions import is run for
each of them, so the second figure counts it as often. Functions whose handler is not in the folder
are facts about the folder and stand apart from those that were not read to their end. Peers are
taken from PATH and read the same files: what they cost is processor time, start included, beside
that of a whole scan of ours without a cache, the median of three runs that take turns. Semgrep
gets the rules of the files' languages in one file, as its registry serves them: every file of a
folder of rules it checks in a process of its own, and 2,000 such take 30 times as long as its scan.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml
from msgspec import Struct

from checkrein import code
from checkrein.files import scan as one_scan
from checkrein.files import size as file_size
from checkrein.model import Function, Resource, Stack, Summary
from checkrein.read.cloudformation import read_root
from checkrein.read.discovery import find_templates
from checkrein.read.functions import read_functions
from checkrein.read.nesting import Templates

RUNS = 3
SIZES = (100, 200, 400, 800)
MEGABYTE = 1_000_000
ENDINGS = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
# What a summary says where the code that a template names is not in the folder.
ABSENT = ("There is no code to read.", " is not in ", " has no handler named ")
KILOBYTE = 1024  # ru_maxrss counts kilobytes
LANGUAGES = {"python", "javascript", "js", "typescript", "ts", "generic", "regex"}
ENDED = (0, 1)  # what a scan returns that came to its end; 1 says that it found something
MODULE = """\
import json, os, subprocess, sqlite3
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
bucket = boto3.client("s3")

def parse(event):
    body = json.loads(event["body"])
    if not body.get("id"):
        raise ValueError("an order needs an id")
    return {"id": body["id"], "name": body["name"].strip(), "lines": body.get("lines", [])}

def total(lines):
    amount = 0
    for line in lines:
        amount += int(line["count"]) * float(line["price"])
    return amount

def store(order):
    table.put_item(Item={**order, "total": total(order["lines"])})
    database = sqlite3.connect("/tmp/orders.db")
    database.execute(f"insert into orders values ('{order['id']}')")
    key = f"{order['id']}.json"
    bucket.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=json.dumps(order))

def handler(event, context):
    print(event)
    try:
        order = parse(event)
    except ValueError as error:
        return {"statusCode": 400, "body": str(error)}
    store(order)
    subprocess.run(["/opt/print", order["name"]], check=True)
    return {"statusCode": 200, "body": json.dumps({"number": NUMBER})}
"""
TEMPLATE = """
  Function{n}:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app{n}.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: src
"""


class Reading(Struct, frozen=True):
    """What reading the code of a folder's functions took; seconds are processor time.

    ``once`` counts each file once, ``each`` as often as a function reads it, in megabytes.
    """

    functions: int  # in all; those of the same code share a summary
    summaries: tuple[Summary, ...]
    files: tuple[Path, ...]
    once: float
    each: float
    seconds: float


def main() -> int:
    """Print throughput, memory, growth and, if asked, the peers' cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", default=["examples/wild-rydes"])
    parser.add_argument("--peers", metavar="RULES", default="", help="rules for Semgrep")
    options = parser.parse_args()
    gc.set_threshold(10_000_000, 50, 100)  # as the program does
    _generated(1)  # what is loaded once and for all, such as the grammars, is not the code's
    for folder in (Path(name).resolve() for name in options.folders):
        read = _best(folder)
        _show(folder.name, read)
        if options.peers:
            _beside(folder, read, Path(options.peers).resolve())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTE
    print(f"{'peak memory':26} {peak:6.0f} MB")
    for size in SIZES:
        _show(f"generated, {size} functions", _generated(size))
    return 0


def _generated(size: int) -> Reading:
    with tempfile.TemporaryDirectory() as name:
        _generate(Path(name), size)
        return _best(Path(name))


def _best(root: Path) -> Reading:
    return min((_reading(root) for _ in range(RUNS)), key=lambda read: read.seconds)


def _reading(root: Path) -> Reading:
    paths, _ = find_templates(root)
    templates = Templates.among(root, paths)
    facts = [fact for path in templates.roots for fact in read_root(templates, path)]
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    found = read_functions(root, resources, stacks)
    functions = [fact for fact in found if isinstance(fact, Function)]
    with one_scan():
        began = time.process_time()
        read = {group[0].id: code.analyse(root, group[0]) for group in code.alike(functions)}
        seconds = time.process_time() - began
    summaries = tuple(read.values())
    sizes = _sizes(root, summaries)
    each = sum(sizes.get(name, 0) for summary in summaries for name in summary.files)
    files = tuple(root / name for name in sizes)
    once = sum(sizes.values()) / MEGABYTE
    return Reading(len(functions), summaries, files, once, each / MEGABYTE, seconds)


def _sizes(root: Path, summaries: Iterable[Summary]) -> dict[str, int]:
    """Return the sizes of the code files that were read; code inside templates is left out."""
    names = sorted({name for summary in summaries for name in summary.files})
    return {name: file_size(root / name) for name in names if name.endswith(ENDINGS)}


def _show(name: str, read: Reading) -> None:
    lacking = [one.partial for one in read.summaries if one.partial]
    absent = sum(any(words in partial for words in ABSENT) for partial in lacking)
    count = len(read.summaries)
    print(
        f"{name:26} {read.functions:6} functions, {count} of different code, {read.seconds:7.2f} s "
        f"{read.seconds / max(count, 1) * 1000:7.2f} ms each {read.once:7.2f} MB "
        f"{read.once / read.seconds:6.2f} MB/s ({read.each:.2f} MB {read.each / read.seconds:.2f} "
        f"MB/s as often as read) {len(lacking) - absent} not to the end, {absent} not here"
    )


def _generate(root: Path, size: int) -> None:
    (root / "src").mkdir()
    for n in range(size):
        text = MODULE.replace("NUMBER", str(n))
        (root / "src" / f"app{n}.py").write_text(text, encoding="utf-8")
    parts = [TEMPLATE.format(n=n) for n in range(size)]
    (root / "app.yaml").write_text("Resources:" + "".join(parts), encoding="utf-8")


# ------------------------------------------------------------------------------ peers


def _beside(folder: Path, read: Reading, rules: Path) -> None:
    files = [str(path) for path in read.files if path.is_file()]  # not what lies in an archive
    scripts = [path for path in files if path.endswith(".py")]
    ours = [sys.executable, "-m", "checkrein", "scan", str(folder), "--no-cache"]
    with tempfile.TemporaryDirectory() as name:
        joined = Path(name) / "rules.yaml"
        joined.write_text(json.dumps({"rules": list(_rules(rules))}), encoding="utf-8")
        semgrep = ["semgrep", "scan", "--metrics=off", "--no-git-ignore", "--quiet"]
        peers = {
            "semgrep": ([*semgrep, "--config", str(joined), *files], files),
            "bandit": (["bandit", "--quiet", *scripts], scripts),
        }
        able = {name: run for name, (run, of) in peers.items() if of and shutil.which(name)}
        runs = {"checkrein, whole scan": ours, **able}
        rounds = [{name: _processor(runs[name]) for name in runs} for _ in range(RUNS)]
    took = {name: statistics.median(one[name] for one in rounds) for name in runs}
    for name, seconds in took.items():
        times = seconds / took["checkrein, whole scan"]
        given = f", {len(peers[name][1])} files" if name in peers else ""
        print(f"{name:26} {seconds:8.2f} s cpu {times:6.1f} x{given}")
    for name in peers.keys() - able.keys():
        print(f"{name:26} not on PATH, or no file of its language")


def _rules(source: Path) -> Iterator[dict[str, object]]:
    """Yield the rules for our languages of a file or folder, each under a name of its own."""
    paths = [source] if source.is_file() else sorted(source.rglob("*.y*ml"))
    for path in paths:
        if ".test" in path.suffixes:  # what a rule about rules is tried on
            continue
        try:
            text = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        except yaml.YAMLError:  # what a rule is tried on
            continue
        found = text.get("rules") if isinstance(text, dict) else None
        for number, rule in enumerate(found if isinstance(found, list) else ()):
            if isinstance(rule, dict) and LANGUAGES.intersection(rule.get("languages", ())):
                yield {**rule, "id": f"{'.'.join(path.with_suffix('').parts[-4:])}.{number}"}


def _processor(command: list[str]) -> float:
    """Return the processor seconds of a process and its children; end if it failed."""
    quiet = {**os.environ, "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    before = _children()
    ended = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=quiet, check=False
    ).returncode
    if ended not in ENDED:
        raise SystemExit(f"{command[0]} returned {ended}: it did not scan, so it has no cost")
    return _children() - before


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
