"""A finding stands on the line of the user's own file that a person would change."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from checkrein.checks import load
from checkrein.judge import judge
from checkrein.pipeline import learn

SHOP = Path(__file__).parent / "shop"
CDK = Path(__file__).parent.parent / "read" / "cdk"
FILES = {
    "template.yaml": CDK / "shop.yaml",
    "template.json": SHOP / "template.json",
    "serverless.yml": SHOP / "serverless.yml",
    "main.tf": SHOP / "main.tf",
}

EXPECTED = {
    "template.yaml": {
        "no-point-in-time-recovery": ["Orders:"],
        "queue-without-redrive": ["Placed:"],
        "unlimited-concurrency": ["Order:"],
        "unthrottled-api": ["Api:"],
        "unvalidated-request": ["Post:"],
    },
    "template.json": {
        "no-point-in-time-recovery": ['"Orders": {'],
        "power-beyond-use": ['"dynamodb:DeleteItem",', '"s3:PutObjectLegalHold",'],
        "queue-without-redrive": ['"Placed": {'],
        "unlimited-concurrency": ['"Order": {'],
        "unthrottled-api": ['"ApiProd": {'],
        "unvalidated-request": ['"ApiOrdersPost": {'],
    },
    "serverless.yml": {
        "no-point-in-time-recovery": ["Orders:"],
        "power-beyond-use": ["- dynamodb:DeleteItem", "- s3:PutObjectLegalHold"],
        "queue-without-redrive": ["Placed:"],
        "unlimited-concurrency": ["Order:"],
        "unthrottled-api": ["provider:"],
        "unvalidated-request": ["- http:"],
    },
    "main.tf": {
        "no-point-in-time-recovery": ['resource "aws_dynamodb_table" "Orders" {'],
        "power-beyond-use": [
            '"s3:PutObject", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectTagging",',
            "actions = [",
        ],
        "queue-without-redrive": ['resource "aws_sqs_queue" "Placed" {}'],
        "unlimited-concurrency": ['resource "aws_lambda_function" "function" {'],
        "unthrottled-api": ['resource "aws_api_gateway_stage" "prod" {'],
        "unvalidated-request": ['resource "aws_api_gateway_method" "post" {'],
    },
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """Return, by notation and check, the lines on which findings stand."""
    return {name: lines(tmp_path_factory.mktemp("shop"), name) for name in FILES}


def lines(root: Path, name: str) -> dict[str, set[str]]:
    for code in ("src", "mailer"):
        shutil.copytree(CDK / "shop" / code, root / code)
    shutil.copy(FILES[name], root / name)
    told: defaultdict[str, set[str]] = defaultdict(set)
    for verdict in judge(learn([root]).app, load()):
        for finding in verdict.findings:
            text = (root / finding.place.path).read_text().splitlines()
            told[verdict.check].add(text[finding.place.line - 1].strip())
    return told


@pytest.mark.parametrize(
    ("name", "check"), [(name, check) for name in EXPECTED for check in EXPECTED[name]]
)
def test_a_finding_stands_where_it_is_mended(
    name: str, check: str, found: dict[str, dict[str, set[str]]]
) -> None:
    assert sorted(found[name][check]) == EXPECTED[name][check]


@pytest.mark.parametrize("name", FILES)
def test_a_finding_of_code_stands_in_the_code(
    name: str, found: dict[str, dict[str, set[str]]]
) -> None:
    assert found[name]["data-in-logs"] == {'console.log("thanks", order.email);'}
