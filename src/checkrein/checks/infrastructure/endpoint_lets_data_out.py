"""An endpoint's policy lets data leave for buckets, queues and tables of others.

## Why

A network without a way to the internet still has its endpoints. Without a policy an endpoint passes on every request to its
service, and S3 or SQS hold everybody's buckets and queues: whoever runs code in the network writes the data it can
read into an account of his own.

## Fix

Set a `PolicyDocument` that names the application's own resources, or demands `aws:ResourceAccount` to be the account.

## Examples

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24}}
  Routes: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Network}}
  Subnet: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Routes, SubnetId: !Ref Inside}}
  Functions:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: functions
      VpcId: !Ref Network
      SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
  Storage:  #! Storage lets payment card number leave for buckets of other accounts
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Network
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      RouteTableIds: [!Ref Routes]
  Bill:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [!Ref Functions]}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("s3").put_object(Bucket="bills", Key="1", Body=event["card_number"])
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: bills
          PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]}
```

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Storage:  #? Storage passes on every request to its service
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Network, ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"}
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: !Ref Network
      ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3"
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: "*"
            Resource: "*"
            Condition: {StringEquals: {"aws:ResourceAccount": !Ref "AWS::AccountId"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of
from checkrein.checks.policies import valid_statements
from checkrein.checks.questions import titles
from checkrein.checks.ways_out import through
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource, Value

POLICY = "PolicyDocument"
NOUNS = {"s3": "buckets", "dynamodb": "tables", "sqs": "queues", "sns": "topics"}


@check(
    resource("AWS::EC2::VPCEndpoint"),
    fault=2,
    topics=("egress",),
    frameworks=(
        *("CWE-284", "CWE-441", "OWASP-2025:A02", "OWASP-2021:A05", "PCI-DSS-4.0.1:1.3.2"),
        *("NIST-800-53r5:SC-7", "NIST-800-53r5:AC-4"),
    ),
    peers=("vpc_endpoint_connections_trust_boundaries",),
)
def endpoint_lets_data_out(endpoint: Resource, app: App) -> Iterator[Finding]:
    classes, steps = through(app, endpoint)
    data = valuable(app, classes)
    if not data and not _passes_all(endpoint.value(POLICY)):
        return
    service = str(endpoint.value("ServiceName")).rpartition(".")[2]
    noun = NOUNS.get(service, "resources")
    yield Finding(
        place_of(endpoint, POLICY),
        f"{endpoint.name} lets {titles(data)} leave for {noun} of other accounts"
        if data
        else f"{endpoint.name} passes on every request to its service",
        steps=steps,
        cwe="CWE-441",
        endangers=(endpoint.id,),
        key=("policy",),
        data=tuple(data),
        hygiene=not data,
    )


def _passes_all(document: Value) -> bool:
    """Tell whether a policy, or its absence, allows everything on everything without condition."""
    if document is None:
        return True
    return any(
        s.effect == "Allow" and "*" in s.actions and "*" in s.resources and not s.conditions
        for s in valid_statements(document)
    )
