from collections.abc import Callable

import pytest

from checkrein.model import App, Row

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
