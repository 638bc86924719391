"""Traffic that moves to a new version step by step (serverless-plugin-canary-deployments).

CodeDeploy moves it, with a role that the plugin makes; hooks that it calls report back to it.
"""

from __future__ import annotations

from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import Document, arn, attribute
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.iam import trusting
from checkrein.read.serverless.naming import capital, letters
from checkrein.read.serverless.parts import Part

SETTINGS = "deploymentSettings"
ROLE = "CodeDeployServiceRole"
WHY = "to move traffic step by step, as serverless-plugin-canary-deployments does"
POLICIES = ("service-role/AWSCodeDeployRoleForLambdaLimited", "AWSLambda_FullAccess")
TELLING = "AmazonSNSFullAccess"
REPORT = "codedeploy:PutLifecycleEventHookExecutionStatus"
EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]


def add_gradual_deployments(document: Document, functions: list[Deployed]) -> None:
    """Add the application, its role, and for each function that asks for it a group and alias."""
    common = document.root.at("custom", SETTINGS)
    asking = [each for each in functions if not each.part[SETTINGS].is_absent]
    stages = [stage.word for stage in common["stages"]]
    if not asking or (stages and document.stage not in stages):
        return
    stack = text([document.name, "-", document.stage])
    application = f"{capital(letters(stack))}DeploymentApplication"
    document.put(
        application,
        "AWS::CodeDeploy::Application",
        {"ComputePlatform": "Lambda"},
        common,
        added=WHY,
    )
    if not common["codeDeployRole"]:
        _add_role(document, common, asking)
    groups = [_add(document, application, common, each) for each in asking]
    reporting = [group for group in groups if group]
    if reporting:
        document.allow({"Effect": "Allow", "Action": [REPORT], "Resource": reporting})


def _add_role(document: Document, common: Part, asking: list[Deployed]) -> None:
    tells = any(each.part[SETTINGS]["triggerConfigurations"] for each in asking)
    names = (*POLICIES, TELLING) if tells or common["triggerConfigurations"] else POLICIES
    properties: dict[str, Any] = {
        "AssumeRolePolicyDocument": trusting(["codedeploy.amazonaws.com"]),
        "ManagedPolicyArns": [f"arn:aws:iam::aws:policy/{name}" for name in names],
    }
    boundary = common["codeDeployRolePermissionsBoundary"]
    if boundary:
        properties["PermissionsBoundary"] = boundary
    document.put(ROLE, "AWS::IAM::Role", properties, common, added=WHY)


def _add(document: Document, application: str, common: Part, function: Deployed) -> Any:
    """Add what one function's traffic moves by; return its group's ARN where hooks report to it."""
    own = function.part[SETTINGS]
    said = {key: own[key] or common[key] for key in ("type", "alias", "codeDeployRole")}
    group = f"{function.id}DeploymentGroup"
    name = text([document.name, "-", document.stage, "-", group])
    properties: dict[str, Any] = {
        "ApplicationName": {"Ref": application},
        "AutoRollbackConfiguration": {"Enabled": True, "Events": EVENTS},
        "DeploymentGroupName": name,
        "DeploymentConfigName": text(["CodeDeployDefault.Lambda", said["type"].value]),
        "ServiceRoleArn": said["codeDeployRole"] or attribute(ROLE),
    }
    document.put(group, "AWS::CodeDeploy::DeploymentGroup", properties, own, added=WHY)
    alias = said["alias"]
    document.put(
        f"{function.id}Alias{alias.word}", "AWS::Lambda::Alias",
        {"FunctionName": {"Ref": function.id}, "FunctionVersion": "$LATEST", "Name": alias},
        own, added=WHY,
    )  # fmt: skip
    hooks = ("preTrafficHook", "postTrafficHook")
    if not any(own[hook] or common[hook] for hook in hooks):
        return None
    return arn("codedeploy", "deploymentgroup:", {"Ref": application}, "/", name)
