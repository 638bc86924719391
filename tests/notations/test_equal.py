"""The same application in every notation is the same app: cells, outcomes and needs are equal.

``shop`` holds it as CloudFormation in JSON, for the Serverless Framework and for Terraform;
``../read/cdk`` in SAM, with its code, and as CDK wrote it (which ``../read/test_cdk.py`` compares). Each notation has names of its own for what it makes by
itself, so things are compared by what the team calls them.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checkrein.checks import load
from checkrein.judge import judge
from checkrein.model import App, Need, Resource, Row
from checkrein.pipeline import learn

HERE = Path(__file__).parent
CDK = HERE.parent / "read" / "cdk"
SAM = "template.yaml"
# how a notation calls what the team's names do not name: an API's parts are the API
NAMES = {
    SAM: {
        "ApiprodStage": "Stage",
        "OrderPostPermissionprod": "Permission",
        "MailerPlaced": "Mapping",
    },
    "template.json": {
        "ApiProd": "Stage",
        "SignedIn|ApiOrdersPost": "Api",
        "ApiOrder": "Permission",
        "MailerPlaced": "Mapping",
    },
    "serverless.yml": {
        "(Mailer|Order)IamRoleLambdaExecution": r"\1Role",
        "(Mailer|Order)LogGroup": r"\1@logs",
        "ApiGatewayDeployment": "Stage",
        "ApiGatewayRestApi|ApiGatewayMethodOrdersPost|SignedIn": "Api",
        "OrderLambdaPermissionApiGateway": "Permission",
        "MailerEventSourceMappingSQSPlaced": "Mapping",
    },
    "main.tf": {
        r'aws_lambda_function\.function\["(.*)"\]': r"\1",
        r'aws_iam_role\.role\["(.*)"\]': r"\1Role",
        r"aws_api_gateway_stage\.prod": "Stage",
        r"aws_api_gateway_(method\.post|authorizer\.signed_in)": "Api",
        r"aws_lambda_permission\.api": "Permission",
        r"aws_lambda_event_source_mapping\.placed": "Mapping",
        r"aws_\w+\.(\w+)": r"\1",
    },
}
ADDED = {  # what a framework makes by itself, by type
    "serverless.yml": {
        "AWS::IAM::Role": 1,
        "AWS::Lambda::Version": 2,
        "AWS::S3::Bucket": 1,
        "AWS::S3::BucketPolicy": 1,
    },
}
GROUP = "AWS::Logs::LogGroup"
LOGS = "logs:"  # rights that follow from who makes the log group
ABOUT_GROUPS = {  # checks that ask whether a template declares a function's log group, and how
    "log-under-a-shared-key",
    "logs-kept-forever",
    "undeclared-log-group",
    "unmasked-personal-data-in-log",
}
INDEX = re.compile(r":(?:Policies|ManagedPolicyArns|PolicyDocument)\..*")  # of a statement


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, App]:
    return {name: app_of(tmp_path_factory.mktemp("shop"), name) for name in NAMES}


def app_of(folder: Path, name: str) -> App:
    for code in ("src", "mailer"):
        shutil.copytree(CDK / "shop" / code, folder / code)
    shutil.copy(CDK / "shop.yaml" if name == SAM else HERE / "shop" / name, folder / name)
    return learn([folder]).app


@pytest.mark.parametrize("name", [name for name in NAMES if name != SAM])
def test_the_same_app_is_the_same(name: str, apps: dict[str, App]) -> None:
    app, sam = apps[name], apps[SAM]

    assert cells(app, name) == cells(sam, SAM)
    assert needs(app, name) == needs(sam, SAM)
    assert outcomes(app, name) == outcomes(sam, SAM)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_framework_adds_is_listed(name: str, apps: dict[str, App]) -> None:
    added = Counter(each.type for each in apps[name].every(Resource) if each.added)

    assert added == ADDED.get(name, {})


def cells(app: App, name: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (row.type, plainly(row.id, name)): (row.intended, row.coded, row.potential, row.risk)
        for row in app.every(Row)
        if row.id not in added(app) or row.type == GROUP
    }


def needs(app: App, name: str) -> set[tuple[str, str, str]]:
    return {
        (plainly(need.function, name), need.action, plainly(need.resource, name))
        for need in app.every(Need)
        if need.needed and not need.action.startswith(LOGS)
    }


def outcomes(app: App, name: str) -> set[tuple[str, str, str]]:
    return {
        (each.check, plainly(each.subject, name), each.outcome)
        for each in judge(app, load())
        if each.check not in ABOUT_GROUPS
        and (each.subject not in added(app) or each.check == "data-in-logs")
    }


def added(app: App) -> set[str]:
    return {each.id for each in app.every(Resource) if each.added}


def plainly(id: str, name: str) -> str:
    """Name a subject as the team does, without its stack and without a statement's place."""
    return "<".join(_plainly(part, NAMES[name]) for part in id.replace("<http:", "<").split("<"))


def _plainly(id: str, names: dict[str, str]) -> str:
    own, at, rest = INDEX.sub("", id).rpartition("/")[2].partition("@")
    own = own if "/" in id else ""  # what belongs to a whole deployment
    own, colon, route = own.partition(":")
    for pattern, called in names.items():
        if re.fullmatch(pattern, own):
            own = re.sub(pattern, called, own)
            break
    return own + colon + route + at + rest
