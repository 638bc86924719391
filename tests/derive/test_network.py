from collections.abc import Callable

import pytest

from checkrein.model import Access, App, Row

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
    Resources:
      Ours: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: functions}}
      Theirs: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: database, SecurityGroupIngress: [{IpProtocol: tcp, RULE}]}}
      Store: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, VpcSecurityGroupIds: [!Ref Theirs]}}
      Api:
        Type: AWS::ApiGatewayV2::Api
        Properties: {ProtocolType: HTTP, Target: !GetAtt Work.Arn}
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/work
          VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Ours]}
          Code: {ZipFile: "import json\\ndef handler(event, context): return json.loads(event['body'])['email']"}
"""


@pytest.mark.parametrize(
    ("rule", "reaches"),
    [
        ("SourceSecurityGroupId: !Ref Ours", True),
        ("CidrIp: 10.0.0.0/16", True),
        ("SourceSecurityGroupId: sg-other", False),
    ],
)
def test_a_database_could_hold_what_connecting_functions_hold(
    derived: Scan,
    rule: str,
    reaches: bool,  # noqa: FBT001
) -> None:
    row = derived({"app.yaml": TEMPLATE.replace("RULE", rule)}).get(Row, "app/Store")

    assert row is not None
    assert ("pii.email" in row.potential) is reaches


CLOSED = """
    Resources:
      Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
      Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net}}
      Roads: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
      Joint: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Inside, RouteTableId: !Ref Roads}}
      Guard: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, GroupDescription: functions}}
      Ours: {Type: AWS::S3::Bucket, Properties: {BucketName: ours}}
      Door: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Net, RouteTableIds: [!Ref Roads], ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3" POLICY}}
      Role:
        Type: AWS::IAM::Role
        Properties: {Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: s3:PutObject, Resource: RESOURCE}}}]}
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: !GetAtt Role.Arn
          VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [!Ref Guard]}
          Code: {ZipFile: "def handler(event, context): return event['email'][0]"}
"""
NARROW = ', PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::ours/*"}]}'
HOME = NARROW.replace(
    '"arn:aws:s3:::ours/*"',
    '"*", Condition: {StringEquals: {"aws:ResourceAccount": !Ref "AWS::AccountId"}}',
)
FORBIDS = NARROW.replace(
    "[{", '[{Effect: Deny, Principal: "*", Action: "s3:PutObject", Resource: "*"}, {'
)


@pytest.mark.parametrize(
    ("policy", "resource", "leaves"),
    [
        ("", '"*"', True),
        (NARROW, '"*"', False),
        (FORBIDS, '"*"', False),
        (HOME, '"*"', False),
        (HOME.replace("ResourceAccount", "PrincipalAccount"), '"*"', True),
        ("", "arn:aws:s3:::ours/a", False),
    ],
    ids=[
        "open endpoint",
        "its policy allows ours",
        "its policy forbids",
        "own account only",
        "any account's resources",
        "the role may not",
    ],
)
def test_an_endpoint_is_a_way_out_unless_its_policy_forbids(
    derived: Scan,
    policy: str,
    resource: str,
    leaves: bool,  # noqa: FBT001
) -> None:
    text = CLOSED.replace(" POLICY", policy).replace("RESOURCE", resource)
    row = derived({"app.yaml": text}).get(Row, "app@internet")

    assert (row is not None and "pii.email" in row.potential) is leaves


def test_a_gateway_endpoint_serves_only_the_subnets_of_its_route_tables(derived: Scan) -> None:
    text = CLOSED.replace(" POLICY", "").replace("RESOURCE", '"*"')
    app = derived({"app.yaml": text.replace("RouteTableIds: [!Ref Roads], ", "")})
    row = app.get(Row, "app@internet")

    assert row is None or "pii.email" not in row.potential


@pytest.mark.parametrize(
    ("principal", "identities"),
    [
        ('"*"', ["app@anyone"]),
        ("s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId", ["service:s3.amazonaws.com"]),
        ('"111122223333"', ["account:111122223333"]),
        ('"*", PrincipalOrgID: o-1', []),
    ],
    ids=["anyone", "a service", "an account", "an organisation"],
)
def test_a_functions_own_policy_grants(
    derived: Scan, principal: str, identities: list[str]
) -> None:
    text = f"""
    Resources:
      Work:
        Type: AWS::Lambda::Function
        Properties: {{Runtime: java21, Handler: a.B, Role: arn:aws:iam::111122223333:role/w, Code: {{S3Bucket: b, S3Key: k}}}}
      Let: {{Type: AWS::Lambda::Permission, Properties: {{Action: lambda:InvokeFunction, FunctionName: !Ref Work, Principal: {principal}}}}}
    """
    app = derived({"app.yaml": text})

    assert [(a.identity, a.right, a.target) for a in app.every(Access)] == [
        (identity, "invoke", "app/Work") for identity in identities
    ]
