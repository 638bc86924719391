"""A task or machine that may touch valuable data has a public address.

## Why

With a public address everything that listens in a container or on a machine can be tried from anywhere; only its
security group is between. Its role then is one fault away from strangers. Behind a load balancer in a private
subnet it needs none.

## Fix

Put it into private subnets (`AssignPublicIp: DISABLED`), with endpoints or a NAT gateway for its way out.

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
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {TaskRoleArn: !GetAtt Role.Arn, ContainerDefinitions: [{Name: rides, Image: rides}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration:
        AwsvpcConfiguration:
          AssignPublicIp: ENABLED  #! Service, which may touch e-mail address, has a public address
          Subnets: [subnet-1]
```

```yaml good template.yaml
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
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: {TaskRoleArn: !GetAtt Role.Arn, ContainerDefinitions: [{Name: rides, Image: rides}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {AssignPublicIp: DISABLED, Subnets: [subnet-1]}}
```

```yaml bad template.yaml
Resources:
  Bastion:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
      NetworkInterfaces:
        - DeviceIndex: "0"
          AssociatePublicIpAddress: true  #? Bastion has a public address
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import targets_of, touched
from checkrein.checks.context import owners, set_fix
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Path, Resource, Value

SERVICE, MACHINE = "AWS::ECS::Service", "AWS::EC2::Instance"
ADDRESS = ("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp")


@check(
    resource(SERVICE, MACHINE),
    fault=1,
    topics=("network",),
    frameworks=("CWE-284", "AWS-FSBP:ECS.2", "AWS-FSBP:EC2.9"),
    peers=(
        *("CKV_AWS_333", "CKV_AWS_88", "ECS.2", "EC2.9", "ecs_service_no_assign_public_ip"),
        *("ec2_instance_public_ip", "ec2_instance_internet_facing_with_instance_profile"),
    ),
)
def public_machine(subject: Resource, app: App) -> Iterator[Finding]:
    for path in _addresses(subject):
        roles = list(_roles(app, subject))
        classes = tuple(dict.fromkeys(data for role in roles for data in touched(app, role)))
        may = f", which may touch {titles(classes)}," if classes else ""
        wanted = "DISABLED" if subject.type == SERVICE else False
        yield Finding(
            subject.where(path),
            f"{subject.name}{may} has a public address",
            cwe="CWE-284",
            endangers=(subject.id, *(t for role in roles for t in targets_of(app, role))),
            data=classes,
            fix=set_fix(subject, [(path, wanted)], "give it no public address"),
            key=tuple(map(str, path)),
            hygiene=not classes,
        )


def _addresses(subject: Resource) -> Iterator[Path]:
    """Yield where a public address is asked for."""
    if subject.type == SERVICE:
        if subject[ADDRESS] == "ENABLED":
            yield ADDRESS
        return
    cards = subject.value("NetworkInterfaces")
    for index, card in enumerate(cards if isinstance(cards, list) else []):
        if isinstance(card, dict) and card.get("AssociatePublicIpAddress") is True:
            yield "NetworkInterfaces", index, "AssociatePublicIpAddress"


def _roles(app: App, subject: Resource) -> Iterator[Value]:
    """Yield the roles that a service's tasks or a machine act as."""
    for property in ("TaskDefinition", "IamInstanceProfile"):
        for id in sorted(owners(app, subject.value(property))):
            found = app.get(Resource, id)
            if found is not None:
                yield found.value("TaskRoleArn") or found.value("Roles")
