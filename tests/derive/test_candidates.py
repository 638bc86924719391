"""The sieve before the policy engine lets through whatever the engine would grant."""

import pytest

from checkrein.derive.access.candidates import Candidates
from checkrein.iam.symbols import Symbols
from checkrein.model import Grant, Resource, Symbol, Text

REGION, ACCOUNT = Symbol("@aws", "Region"), Symbol("@aws", "AccountId")


def table(name: str | Symbol) -> Text:
    return Text(("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/", name))


MEMBERS = {
    "app/Named": Text(("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/rides")),
    "app/Unnamed": table(Symbol("app/Unnamed", "Ref")),
    "app/Pages": "arn:aws:s3:::pages",
    "app/Cluster": Text(("arn:aws:rds:", REGION, ":", ACCOUNT, ":cluster:main")),
}

TYPES = {
    "app/Named": "AWS::DynamoDB::Table",
    "app/Unnamed": "AWS::DynamoDB::Table",
    "app/Pages": "AWS::S3::Bucket",
    "app/Cluster": "AWS::RDS::DBCluster",
}


def sieve(action: str, resource: object) -> list[str]:
    symbols = Symbols()
    members = [Resource(id=id, stack="app", type=TYPES[id]) for id in MEMBERS]
    candidates = Candidates(members, lambda r: symbols.encode(MEMBERS[r.id]), symbols)
    grant = Grant(
        id="g", identity="i", resource="r", path=(), effect="Allow",
        actions=(action,), resources=(resource,),
    )  # fmt: skip
    return [each.id for each in candidates.of([grant], symbols.encode_pattern)]


@pytest.mark.parametrize(
    ("action", "resource", "through"),
    [
        ("dynamodb:GetItem", "*", ["app/Named", "app/Unnamed"]),
        ("*", "*", [*MEMBERS]),
        ("dynamodb:GetItem", MEMBERS["app/Named"], ["app/Named", "app/Unnamed"]),
        ("dynamodb:GetItem", MEMBERS["app/Unnamed"], ["app/Unnamed"]),
        ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/*", ["app/Named", "app/Unnamed"]),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/rides/index/byDay", ["app/Named", "app/Unnamed"]),
        ("s3:GetObject", "arn:aws:s3:::pages/*", ["app/Pages"]),
        ("s3:GetObject", "arn:aws:s3:::other/*", []),
        ("rds-data:ExecuteStatement", "*", ["app/Cluster"]),
        ("s3*:GetObject", "*", [*MEMBERS]),
    ],
)  # fmt: skip
def test_what_comes_through(action: str, resource: object, through: list[str]) -> None:
    assert sieve(action, resource) == through
