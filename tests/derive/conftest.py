from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.model import App, Row
from checkrein.pipeline import scan

Scan = Callable[..., App]


@pytest.fixture
def derived(tmp_path: Path) -> Scan:
    """Scan files given by name and text, and return the derived app."""

    def run(files: dict[str, str]) -> App:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text), encoding="utf-8")
        return scan([tmp_path]).app

    return run


NETWORK = {  # a function in a private subnet, with a NAT gateway in a public one
    "Net": "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}",
    "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24}}",
    "Public": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.2.0/24}}",
    "Gateway": "{Type: AWS::EC2::InternetGateway}",
    "PrivateTable": "{Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}",
    "PublicTable": "{Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}",
    "PrivateJoint": "{Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref PrivateTable}}",
    "PublicJoint": "{Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}}",
    "Nat": "{Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public}}",
    "Out": "{Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref PrivateTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}",
    "Up": "{Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}}",
    "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, GroupDescription: functions}}",
    "Role": "{Type: AWS::IAM::Role, Properties: {Policies: []}}",
    "Work": (
        "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Guard]},"
        " Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"
    ),
}
HEAD = """
Parameters: {Given: {Type: String}, Stage: {Type: String}}
Conditions: {Live: !Equals [!Ref Stage, live], Test: !Not [!Condition Live]}
Resources:
"""
Networked = Callable[..., App]


@pytest.fixture
def networked(derived: Scan) -> Networked:
    """Scan the network above with resources added, replaced, or (None) taken away."""

    def run(**changes: str | None) -> App:
        resources = {**NETWORK, **changes}
        lines = (f"  {name}: {text}\n" for name, text in resources.items() if text)
        return derived({"app.yaml": HEAD + "".join(lines)})

    return run


@pytest.fixture
def leaving(networked: Networked) -> Callable[..., str]:
    """Tell whether the function's e-mail addresses can leave: certain, possible, no."""

    def ask(**changes: str | None) -> str:
        row = networked(**changes).get(Row, "app@internet")
        for reason in row.reasons if row else ():
            if reason.data == "pii.email":
                said = reason.steps[-1].text
                return "certain" if said.startswith("Work can send") else "possible"
        return "no"

    return ask
