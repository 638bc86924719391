"""A machine gives its role's credentials to any program that can send a request.

## Why

The metadata service hands out the credentials of a machine's role. In its first version a plain GET is enough: a
server-side request forgery in any program on the machine takes the role. The second version asks for a token
first, which such a request can not get. `HttpTokens` is optional unless the image or the account says otherwise.

## Fix

Set `MetadataOptions: {HttpTokens: required}` in a launch template.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}]
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [!Ref Role]}
  Worker:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: ami-1
        IamInstanceProfile: {Arn: !GetAtt Profile.Arn}
        MetadataOptions:
          HttpTokens: optional  #! any request from Worker gets its credentials, and e-mail address with them
```

```yaml good template.yaml
Resources:
  Worker:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: ami-1
        MetadataOptions: {HttpTokens: required}
```

```yaml bad template.yaml
Resources:
  Worker:  #? any request from Worker gets its credentials
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData: {ImageId: ami-1}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import targets_of, touched
from checkrein.checks.context import owners, place_of, set_fix
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

TEMPLATE, MACHINE = "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"
TOKENS, PROFILE = "MetadataOptions.HttpTokens", "IamInstanceProfile"


@check(
    resource(TEMPLATE, MACHINE),
    fault=2,
    topics=("server-side-requests",),
    frameworks=("CWE-918", "AWS-FSBP:EC2.8"),
    peers=(
        "CKV_AWS_79",
        "EC2.8",
        "ec2_instance_imdsv2_enabled",
        "ec2_launch_template_imdsv2_required",
    ),
)
def open_machine_credentials(machine: Resource, app: App) -> Iterator[Finding]:
    inner = "LaunchTemplateData." if machine.type == TEMPLATE else ""
    path = f"{inner}{TOKENS}"
    if machine[path] == "required" or (machine.type == MACHINE and machine.value("LaunchTemplate")):
        return
    profiles = (app.get(Resource, id) for id in owners(app, machine.value(f"{inner}{PROFILE}")))
    roles = [profile.value("Roles") for profile in profiles if profile is not None]
    classes = tuple(dict.fromkeys(data for role in roles for data in touched(app, role)))
    gained = f", and {titles(classes)} with them" if classes else ""
    yield Finding(
        place_of(machine, path),
        f"any request from {machine.name} gets its credentials{gained}",
        cwe="CWE-918",
        endangers=tuple(target for role in roles for target in targets_of(app, role)),
        data=classes,
        fix=set_fix(machine, [(path, "required")], "ask for a token")
        if machine.type == TEMPLATE
        else None,
        hygiene=not classes,
    )
