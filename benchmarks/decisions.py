"""Times the policy engine beside ministack's evaluator and cedarpy, in one run; prints ratios.

    make bench                                   after the scan's own benchmark

The peers are installed into a folder of their own below the user's cache folder, once; they are no
dependencies of checkrein. One that cannot be had is left out, and named.

The workloads are made here, from a seed: 26 roles of a serverless shop with a few statements each
(*plain*), the same with conditions and variables (*conditions*), and with resource policies and
permissions boundaries (*all kinds*). All policies are read before the clock starts; a figure is the
best of five warm rounds over all requests, in processor time. Cedarpy is asked in its own
language, and without conditions.
"""

from __future__ import annotations

import importlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from checkrein.iam import Arns, Authorizer, Policies, Request
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Symbols

ACCOUNT, REGION = "111122223333", "eu-west-1"
ROUNDS, ROLES, REQUESTS = 5, 26, 1_000
TABLES = ("orders", "users", "carts", "feedback", "stock")
BUCKETS = ("receipts", "uploads", "site", "exports")
SERVICES = {  # what functions of such shops are granted, service by service
    "dynamodb": (
        ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem",
         "BatchWriteItem", "DescribeTable", "ConditionCheckItem"],
        ["GetItem", "Query", "Scan", "BatchGetItem", "DescribeTable"],
        ["*"],
    ),
    "s3": (
        ["GetObject", "PutObject", "DeleteObject", "ListBucket", "GetObjectVersion",
         "GetBucketLocation", "PutObjectAcl"],
        ["Get*", "List*"],
        ["*"],
    ),
    "sqs": (["SendMessage*", "GetQueueUrl"], ["ReceiveMessage", "DeleteMessage*", "GetQueue*"]),
    "sns": (["Publish"],),
    "lambda": (["InvokeFunction"], ["Invoke*", "GetFunction"]),
    "states": (["StartExecution"],),
    "ses": (["SendEmail", "SendRawEmail"],),
}  # fmt: skip
ACTIONS = tuple(
    f"{service}:{name}"
    for service, lists in SERVICES.items()
    for name in lists[0]
    if "*" not in name
)
ALWAYS = (
    (["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:*"),
    (["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
)
GUARDS = (  # what a company denies in every role
    {"Effect": "Deny", "Action": "*", "Resource": "*",
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
     "Condition": {"StringNotEquals": {"aws:RequestedRegion": [REGION, "eu-central-1"]},
                   "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin*"}}},
)  # fmt: skip
Plain = list[dict[str, Any]]
Case = tuple[int, str, str, dict[str, str]]  # role, action, resource, context


CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "checkrein-bench"
PEERS = {"ministack": "ministack==1.*", "cedarpy": "cedarpy==4.*"}


def main() -> int:
    """Run every workload and print a table."""
    sys.path.append(str(_installed()))
    chance = random.Random(7)
    plain = [_statements(chance) for _ in range(ROLES)]
    rich = [[*GUARDS, *(_conditioned(chance, each) for each in role)] for role in plain]
    workloads = {
        "plain": (plain, [_case(chance, plain, rich=False) for _ in range(REQUESTS)]),
        "conditions": (rich, [_case(chance, rich, rich=True) for _ in range(REQUESTS)]),
    }
    for name, (roles, cases) in workloads.items():
        print(f"{name}: {ROLES} roles, {REQUESTS:,} requests; decisions a second")
        ours = _best(_ours([Policies(identity=(_document(role),)) for role in roles], cases))
        _tell("checkrein", ours, ours)
        for peer, make in (("ministack", _ministack), ("cedarpy", _cedar)):
            run = make(roles, cases)
            _tell(peer, _best(run) if run else None, ours)
    _all_kinds(rich, workloads["conditions"][1])
    _bulk(plain, workloads["plain"][1])
    return 0


def _tell(name: str, figure: float | None, ours: float) -> None:
    if figure is None:
        print(f"  {name:12} left out: not importable, or not asked about conditions")
    else:
        print(f"  {name:12} {figure:14,.0f}   checkrein is {ours / figure:8.1f} x as fast")


def _best(run: Callable[[], int]) -> float:
    """Return decisions a second, of the best of five rounds after one to warm up."""
    run()
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        decided = run()
        best = max(best, decided / (time.process_time() - began))
    return best


# --------------------------------------------------------------------------------- workloads


@cache
def _arns(service: str) -> list[str]:
    """Return ARNs that actions of a service are asked about."""
    if service == "dynamodb":
        tables = [f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}" for name in TABLES]
        return [*tables, *(f"{table}/index/by-date" for table in tables)]
    if service == "s3":
        buckets = [f"arn:aws:s3:::{name}" for name in BUCKETS]
        return [*buckets, *(f"{bucket}/{day}/file.json" for bucket in buckets for day in range(20))]
    return [f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}" for name in ("jobs", "mails", "odd/x")]


def _patterns(chance: random.Random, service: str) -> list[str]:
    if chance.random() < 1 / 5:
        return ["*"]
    if service == "s3":
        names = chance.sample(BUCKETS, 2)
        return [f"arn:aws:s3:::{end}" for name in names for end in (name, f"{name}/*")]
    if service == "dynamodb":
        whole = f"arn:aws:dynamodb:{chance.choice([REGION, '*'])}:{ACCOUNT}:table/"
        names = chance.sample(TABLES, 2)
        return [f"{whole}{end}" for name in names for end in (name, f"{name}/index/*")]
    return [f"arn:aws:{service}:{REGION}:{ACCOUNT}:{chance.choice(['jobs', 'mails', '*'])}"]


def _statements(chance: random.Random) -> Plain:
    """Return one role's statements: its log and traces, services, now and then a denial."""
    found: Plain = [{"Effect": "Allow", "Action": a, "Resource": on} for a, on in ALWAYS]
    for service in chance.choices(list(SERVICES), weights=(4, 4, 2, 2, 2, 1, 1), k=5):
        actions = [f"{service}:{name}" for name in chance.choice(SERVICES[service])]
        found.append({"Effect": "Allow", "Action": actions, "Resource": _patterns(chance, service)})
    if chance.random() < 1 / 2:
        found.append({"Effect": "Deny", "Action": "s3:Put*", "Resource": "arn:aws:s3:::exports/*"})
    return found


def _conditioned(chance: random.Random, statement: dict[str, Any]) -> dict[str, Any]:
    """Add three conditions to a statement."""
    choices: list[dict[str, Any]] = [
        {"StringEquals": {"aws:PrincipalOrgID": "o-shop", "aws:RequestedRegion": [REGION]}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}},
        {"StringLike": {"s3:prefix": ["public/*", "1*", "home/${aws:username}/*"]}},
        {"NumericLessThan": {"s3:max-keys": "100"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalTag/team": "guests"}},
    ]  # fmt: skip
    condition: dict[str, Any] = {}
    for each in chance.sample(choices, 3):
        condition |= each
    return {**statement, "Condition": condition}


def _case(chance: random.Random, roles: list[Plain], *, rich: bool) -> Case:
    """Return a request: three of four for something that a statement of the role names."""
    role, action = chance.randrange(len(roles)), chance.choice(ACTIONS)
    if chance.random() < 3 / 4:
        granted = [each for each in roles[role] if each["Effect"] == "Allow"]
        listed = _listed(chance.choice(granted)["Action"])
        action = sys.intern(chance.choice(listed).replace("*", "Item"))
    resource = chance.choice(_arns(action.partition(":")[0]))
    return role, action, resource, _context(chance) if rich else {}


def _context(chance: random.Random) -> dict[str, str]:
    return {
        "aws:PrincipalOrgID": chance.choice(["o-shop", "o-shop", "o-other"]),
        "aws:RequestedRegion": chance.choice([REGION, REGION, "ap-south-1"]),
        "aws:SourceIp": f"{chance.choice([10, 10, 11])}.{chance.randrange(256)}.0.1",
        "aws:username": chance.choice(["ann", "bob"]),
        "aws:CurrentTime": f"2026-0{chance.randrange(1, 10)}-01T00:00:00Z",
        "aws:SecureTransport": chance.choice(["true", "true", "false"]),
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/app",
        "s3:prefix": chance.choice(["public/x", "home/ann/x", "1", "secret"]),
        "s3:max-keys": str(chance.randrange(200)),
    }


def _document(statements: Plain) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


@cache
def _role(index: int) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/app{index}"


# ------------------------------------------------------------------------------- the engines


def _ours(policies: list[Policies], cases: list[Case]) -> Callable[[], int]:
    authorizers = [Authorizer(each) for each in policies]
    asked = [
        (
            authorizers[role],
            Request(principal=_role(role), action=action, resource=arn, context=context),
        )
        for role, action, arn, context in cases
    ]

    def run() -> int:
        for authorizer, request in asked:
            authorizer.grade(request)
        return len(asked)

    return run


def _installed() -> Path:
    """Return the folder of the peers, installing what is not there yet."""
    folder = CACHE / "evaluators"
    for name, wanted in PEERS.items():
        if not (folder / name).exists():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
            subprocess.run([*pip, "--target", str(folder), wanted], check=False)
    return folder


def _ministack(roles: list[Plain], cases: list[Case]) -> Callable[[], int] | None:
    """Return ministack's evaluator over policies that it has parsed; values of a call are keys."""
    peer = _peer("ministack.core.iam_evaluator")
    if peer is None:
        return None
    parsed = [[peer.parse_policy_document(_document(role))] for role in roles]
    asked = [
        (
            peer.EvalContext(
                principal_arn=_role(role), principal_type="AssumedRole",
                principal_account=ACCOUNT, action=action, resource_arn=arn, region=REGION,
                source_ip=context.get("aws:SourceIp", "10.0.0.1"), secure_transport=True,
                service_context={key.lower(): value for key, value in context.items()},
            ),
            parsed[role],
        )
        for role, action, arn, context in cases
    ]  # fmt: skip

    def run() -> int:
        for context, policies in asked:
            peer.evaluate(context, policies)
        return len(asked)

    return run


def _cedar(roles: list[Plain], cases: list[Case]) -> Callable[[], int] | None:
    """Return cedarpy with each role's policies in its language; without conditions."""
    peer = _peer("cedarpy")
    if peer is None or any("Condition" in statement for statement in roles[0]):
        return None
    policies = ["\n".join(map(_in_cedar, role)) for role in roles]
    asked = [
        (
            {
                "principal": f'Role::"{_role(role)}"',
                "action": 'Action::"call"',
                "resource": 'Arn::"any"',
                "context": {"action": action.lower(), "arn": arn},
            },
            policies[role],
        )
        for role, action, arn, _ in cases[: len(cases) // 10]
    ]

    def run() -> int:
        for request, text in asked:
            peer.is_authorized(request, text, [])
        return len(asked)

    return run


def _in_cedar(statement: dict[str, Any]) -> str:
    effect = "permit" if statement["Effect"] == "Allow" else "forbid"
    listed = (_listed(statement["Action"]), _listed(statement["Resource"]))
    actions = " || ".join(f'context.action like "{each.lower()}"' for each in listed[0])
    arns = " || ".join(f'context.arn like "{each}"' for each in listed[1])
    return f"{effect}(principal, action, resource) when {{ ({actions}) && ({arns}) }};"


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# ------------------------------------------------------------------- more kinds, and in bulk


def _all_kinds(roles: list[Plain], cases: list[Case]) -> None:
    """Time identity policies with a boundary and a resource's policy; no peer has all of them."""
    boundary = _document(
        [
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "*", "Resource": "*",
             "Condition": {"StringNotEquals": {"aws:RequestedRegion": [REGION, "us-east-1"]}}},
        ]
    )  # fmt: skip
    bucket = _document(
        [
            {"Effect": "Allow", "Principal": {"AWS": _role(3)}, "Action": "s3:Get*",
             "Resource": "arn:aws:s3:::site/*"},
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
             "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        ]
    )  # fmt: skip
    policies = [
        Policies(identity=(_document(role),), boundary=(boundary,), resource=bucket)
        for role in roles
    ]
    figure = _best(_ours(policies, cases))
    print(f"conditions, with a boundary and a resource policy\n  {'checkrein':12} {figure:14,.0f}")


def _bulk(roles: list[Plain], cases: list[Case]) -> None:
    """Time whole tables, of fresh authorizers each round, beside ministack's single decisions."""
    matcher = Matcher(Symbols())
    chance = random.Random(11)
    arns = [arn for service in SERVICES for arn in _arns(service)]
    arns += [f"arn:aws:s3:::{chance.choice(BUCKETS)}/{n}.json" for n in range(2000)]
    policies = [Policies(identity=(_document(role),)) for role in roles]
    actions = [*ACTIONS, *(f"dynamodb:Made{n}" for n in range(35))]

    def run() -> int:
        universe, cells = Arns(arns, matcher), 0
        for index, each in enumerate(policies):
            question = Request(principal=_role(index), action="", resource="")
            table = Authorizer(each, matcher=matcher).table(question, actions, universe)
            cells += len(table.outcomes) * len(universe.arns)
        return cells

    ours = _best(run)
    size = f"{ROLES} roles x {len(actions)} actions x {len(set(arns))} ARNs"
    print(f"tables: {size}, policies read anew each round; decisions a second")
    _tell("checkrein", ours, ours)
    single = _ministack(roles, cases)
    _tell("ministack", _best(single) if single else None, ours)


if __name__ == "__main__":
    sys.exit(main())
