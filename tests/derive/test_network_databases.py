"""Which functions can connect to a database: by groups, ports, ACLs, proxies, or from outside."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Row

Networked = Callable[..., App]
STORE = "{Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, DBSubnetGroupName: !Ref Places, VpcSecurityGroupIds: [!Ref Inner]}}"
PLACES = "{Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref Public]}}"
OUTSIDE = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"


def inner(rule: str) -> str:
    return f"{{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Net, SecurityGroupIngress: [{{{rule}}}]}}}}"


def guard(rule: str) -> str:
    return f"{{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Net, SecurityGroupEgress: [{{{rule}}}]}}}}"


def tcp(port: int, who: str) -> str:
    return f"IpProtocol: tcp, FromPort: {port}, ToPort: {port}, {who}"


FROM_GUARD = "SourceSecurityGroupId: !Ref Guard"
BASE: dict[str, str | None] = {
    "Store": STORE,
    "Places": PLACES,
    "Inner": inner(tcp(3306, FROM_GUARD)),
}


def connected(app: App) -> str:
    row = app.get(Row, "app/Store")
    for reason in row.reasons if row else ():
        if reason.data == "pii.email":
            said = [step.text for step in reason.steps]
            return "certain" if "Work can connect to Store" in said else "possible"
    return "no"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "certain"),
        ({"Inner": inner(tcp(5432, FROM_GUARD))}, "no"),
        ({"Inner": inner(tcp(3306, "SourceSecurityGroupId: sg-1"))}, "no"),
        ({"Inner": inner(tcp(3306, "CidrIp: 10.0.0.0/16"))}, "certain"),
        ({"Inner": inner(tcp(3306, "CidrIp: 10.0.9.0/24"))}, "no"),
        ({"Inner": inner(tcp(3306, "CidrIp: !Ref Given"))}, "possible"),
        ({"Inner": inner(tcp(3307, FROM_GUARD)), "Store": STORE.replace("Engine", "Port: 3307, Engine")}, "certain"),
        ({"Store": STORE.replace("Engine", "Port: !Ref Given, Engine")}, "possible"),
        ({"Store": STORE.replace("aurora-mysql", "aurora-postgresql")}, "no"),
        ({"Store": STORE.replace("[!Ref Inner]", "[sg-1]")}, "possible"),
        ({"Store": STORE.replace(", VpcSecurityGroupIds: [!Ref Inner]", "")}, "no"),
        ({"Guard": guard(tcp(3306, "DestinationSecurityGroupId: !Ref Inner"))}, "certain"),
        ({"Guard": guard(tcp(443, "CidrIp: 0.0.0.0/0"))}, "no"),
        ({"Inner": inner(tcp(3306, FROM_GUARD)), "Work": OUTSIDE}, "no"),
        ({"Inner": inner(tcp(3306, "CidrIp: 0.0.0.0/0")), "Work": OUTSIDE}, "no"),
        (
            {
                "Acl": "{Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Net}}",
                "AclJoint": "{Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref Public, NetworkAclId: !Ref Acl}}",
            },
            "no",
        ),
        ({"Places": PLACES.replace("!Ref Public", "!Ref Given")}, "possible"),
    ],
    ids=[
        "its group lets the function's in",
        "on another port",
        "it lets another group in",
        "it lets the VPC in",
        "it lets other addresses in",
        "it lets unknown addresses in",
        "on a port of its own",
        "on a port that is not known",
        "the port is the engine's",
        "a group that no template holds",
        "the VPC's own group lets its members in only",
        "the function's group lets out to it",
        "the function's group does not",
        "a function outside the VPC",
        "a function outside, a database open to all but private",
        "a network ACL closes its subnet",
        "subnets that no template holds",
    ],
)  # fmt: skip
def test_a_function_connects_to_a_database(
    networked: Networked, changes: dict[str, str | None], answer: str
) -> None:
    assert connected(networked(**{**BASE, **changes})) == answer


def test_a_public_database_takes_connections_from_outside_the_vpc(networked: Networked) -> None:
    store = STORE.replace("DBCluster", "DBInstance").replace(
        "VpcSecurityGroupIds", "VPCSecurityGroups"
    )
    public = store.replace("Engine: aurora-mysql", "Engine: mysql, PubliclyAccessible: true")
    changes = {**BASE, "Store": public, "Work": OUTSIDE}

    assert connected(networked(**{**changes, "Inner": inner(tcp(3306, "CidrIp: 0.0.0.0/0"))})) == (
        "possible"
    )
    some = {**changes, "Inner": inner(tcp(3306, "CidrIp: 203.0.113.0/24"))}
    within: dict[str, str | None] = {k: v for k, v in some.items() if k != "Work"}

    assert connected(networked(**changes)) == "no"
    assert connected(networked(**some)) == "possible"
    assert connected(networked(**within)) == "possible"
    assert connected(networked(**within, Out=None)) == "no"


def test_a_proxy_takes_connections_to_its_database(networked: Networked) -> None:
    changes = {
        **BASE,
        "Inner": inner(tcp(3306, "SourceSecurityGroupId: !Ref Middle")),
        "Middle": inner(tcp(3306, FROM_GUARD)),
        "Proxy": "{Type: AWS::RDS::DBProxy, Properties: {DBProxyName: p, EngineFamily: MYSQL, VpcSubnetIds: [!Ref Public], VpcSecurityGroupIds: [!Ref Middle]}}",
    }
    target = "{Type: AWS::RDS::DBProxyTargetGroup, Properties: {DBProxyName: !Ref Proxy, TargetGroupName: default, DBClusterIdentifiers: [!Ref Store]}}"

    assert connected(networked(**changes)) == "no"
    assert connected(networked(**changes, Target=target)) == "certain"


def test_an_instance_listens_where_its_cluster_does(networked: Networked) -> None:
    changes = {
        **BASE,
        "Heap": STORE,
        "Store": "{Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Heap}}",
    }

    assert connected(networked(**changes)) == "certain"
    assert connected(networked(**{**changes, "Inner": inner(tcp(22, FROM_GUARD))})) == "no"
