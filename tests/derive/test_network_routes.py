"""Routes to the internet, as AWS documents route tables, NAT gateways and functions in a VPC."""

from collections.abc import Callable

import pytest

from checkrein.model import Row

Leaving = Callable[..., str]


def route(target: str, to: str = "DestinationCidrBlock: 0.0.0.0/0") -> str:
    return f"{{Type: AWS::EC2::Route, Properties: {{RouteTableId: !Ref PrivateTable, {to}, {target}}}}}"


def nat(properties: str) -> str:
    return f"{{Type: AWS::EC2::NatGateway, Properties: {{{properties}}}}}"


IPV6 = "DestinationIpv6CidrBlock: '::/0'"
DUAL = {
    "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24, Ipv6CidrBlock: '2600:1f00::/64'}}",
    "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, SecurityGroupEgress: [{IpProtocol: -1, CidrIpv6: '::/0'}]}}",
    "Door": "{Type: AWS::EC2::EgressOnlyInternetGateway, Properties: {VpcId: !Ref Net}}",
}


def work(config: str) -> str:
    return f"{{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, {config}, Code: {{ZipFile: \"def handler(event, context): return event['email'][0]\"}}}}}}"


def attached(subnets: str, groups: str = "[!Ref Guard]", more: str = "") -> str:
    return work(f"VpcConfig: {{SubnetIds: {subnets}, SecurityGroupIds: {groups}{more}}}")


ON_IPV6 = attached("[!Ref Private]", more=", Ipv6AllowedForDualStack: true")


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "certain"),
        ({"Out": None}, "no"),
        ({"PrivateJoint": None}, "no"),
        ({"Out": route("GatewayId: !Ref Gateway")}, "no"),
        ({"Up": None}, "no"),
        ({"Nat": nat("SubnetId: !Ref Private")}, "no"),
        ({"Nat": nat("SubnetId: !Ref Public, ConnectivityType: private")}, "no"),
        ({"Nat": nat("VpcId: !Ref Net, AvailabilityMode: regional"), "Up": None}, "certain"),
        ({"Nat": nat("SubnetId: !Ref Given")}, "possible"),
        ({"Out": route("NatGatewayId: !Ref Given")}, "possible"),
        ({"Out": route("TransitGatewayId: tgw-1")}, "possible"),
        ({"Out": route("NetworkInterfaceId: eni-1")}, "possible"),
        ({"Out": route("GatewayId: !Ref Given")}, "possible"),
        ({"Out": route("GatewayId: igw-1")}, "no"),
        ({"Out": route("VpcPeeringConnectionId: pcx-1")}, "no"),
        ({"Out": route("NatGatewayId: !Ref Nat", "DestinationCidrBlock: 10.0.0.0/8")}, "no"),
        ({"Out": route("NatGatewayId: !Ref Nat", "DestinationCidrBlock: 192.0.2.0/24")}, "certain"),
        ({"Out": route("NatGatewayId: !Ref Nat", "DestinationCidrBlock: !Ref Given")}, "possible"),
        ({"Out": route("NatGatewayId: !Ref Nat", "DestinationPrefixListId: pl-1")}, "possible"),
        (
            {
                "Low": route("VpcPeeringConnectionId: pcx-1", "DestinationCidrBlock: 0.0.0.0/1"),
                "High": route("VpcPeeringConnectionId: pcx-1", "DestinationCidrBlock: 128.0.0.0/1"),
            },
            "no",
        ),
        (
            {
                "Net": "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 30.0.0.0/16}}",
                "Out": route("NatGatewayId: !Ref Nat", "DestinationCidrBlock: 30.0.0.0/16"),
            },
            "no",
        ),
    ],
    ids=[
        "by a NAT gateway in a public subnet",
        "a private subnet has no way",
        "an unassociated subnet uses the main table that has local routes only",
        "functions have no public IPv4 address for an internet gateway",
        "a NAT gateway needs a route to an internet gateway",
        "a NAT gateway in a private subnet leads nowhere",
        "a private NAT gateway does not reach the internet",
        "a regional NAT gateway brings its own route",
        "the NAT gateway's subnet is not known",
        "the NAT gateway is not known",
        "what is behind a transit gateway is not known",
        "an instance may translate",
        "an unknown gateway may be a virtual private one",
        "an internet gateway by its id",
        "a peer's gateways cannot be used",
        "private addresses are not the internet",
        "a route to a few public addresses",
        "a route to unknown addresses",
        "a route to a prefix list",
        "the longest prefix decides",
        "a VPC's own addresses stay local",
    ],
)
def test_a_route_to_the_internet(
    leaving: Leaving, changes: dict[str, str | None], answer: str
) -> None:
    assert leaving(**changes) == answer


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        (
            {"Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6), "Work": ON_IPV6},
            "certain",
        ),
        ({"Out": route("GatewayId: !Ref Gateway", IPV6), "Work": ON_IPV6}, "certain"),
        ({"Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6)}, "no"),
        (
            {
                "Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6),
                "Work": ON_IPV6,
                "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net}}",
            },
            "no",
        ),
        (
            {
                "Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6),
                "Work": ON_IPV6,
                "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net}}",
                "Block": "{Type: AWS::EC2::SubnetCidrBlock, Properties: {SubnetId: !Ref Private, Ipv6CidrBlock: '2600:1f00::/64'}}",
            },
            "certain",
        ),
        (
            {
                "Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6),
                "Work": ON_IPV6,
                "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net}}",
            },
            "possible",
        ),
        (
            {
                "Out": route("EgressOnlyInternetGatewayId: !Ref Door", IPV6),
                "Work": ON_IPV6,
                "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, SecurityGroupEgress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]}}",
            },
            "no",
        ),
        (
            {
                "Out": route("NatGatewayId: !Ref Nat", "DestinationIpv6CidrBlock: '64:ff9b::/96'"),
                "Work": ON_IPV6,
            },
            "certain",
        ),
    ],
    ids=[
        "an egress-only gateway",
        "an internet gateway",
        "a function must be allowed IPv6",
        "its subnet needs IPv6 addresses",
        "addresses may be given apart",
        "CloudFormation may not add the default IPv6 rule",
        "an IPv4 rule lets no IPv6 out",
        "a NAT gateway translates the addresses of IPv4",
    ],
)
def test_a_way_out_over_ipv6(leaving: Leaving, changes: dict[str, str | None], answer: str) -> None:
    assert leaving(**{**DUAL, **changes}) == answer


@pytest.mark.parametrize(
    ("config", "answer"),
    [
        ("MemorySize: 128", "certain"),
        ("VpcConfig: {SubnetIds: [], SecurityGroupIds: []}", "certain"),
        ("VpcConfig: {SubnetIds: [!Ref Public], SecurityGroupIds: [!Ref Guard]}", "no"),
        ("VpcConfig: {SubnetIds: [!Ref Public, !Ref Private], SecurityGroupIds: [!Ref Guard]}", "certain"),
        ("VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Guard]}", "possible"),
        ("VpcConfig: {SubnetIds: !Split [',', !Ref Given], SecurityGroupIds: [!Ref Guard]}", "possible"),
        ("VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [sg-1]}", "possible"),
        ("VpcConfig: !If [Live, {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Guard]}, !Ref AWS::NoValue]", "certain"),
        ("VpcConfig: !If [Live, {SubnetIds: [!Ref Public], SecurityGroupIds: [!Ref Guard]}, !Ref AWS::NoValue]", "possible"),
    ],
    ids=[
        "outside a VPC",
        "no subnets",
        "in a public subnet",
        "one of two subnets has a way",
        "a subnet that no template holds",
        "a list that is not known",
        "a group that no template holds",
        "in a VPC or not, it can send",
        "in a closed VPC or in none",
    ],
)  # fmt: skip
def test_where_a_function_is_attached(leaving: Leaving, config: str, answer: str) -> None:
    assert leaving(Work=work(config)) == answer


@pytest.mark.parametrize(
    ("condition", "answer"), [("", "possible"), ("Condition: Live, ", "certain")]
)
def test_a_conditional_route_is_certain_only_for_what_shares_its_condition(
    leaving: Leaving, condition: str, answer: str
) -> None:
    out = route("NatGatewayId: !Ref Nat").replace("{Type", "{Condition: Live, Type", 1)
    function = attached("[!Ref Private]").replace("{Type", "{" + condition + "Type", 1)

    assert leaving(Out=out, Work=function) == answer


ISOLATED = "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net}}"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        (
            {
                "Out": route("NatGatewayId: !Ref Nat").replace("{Type", "{Condition: Live, Type", 1),
                "Beside": route("VpcPeeringConnectionId: pcx-1").replace("{Type", "{Condition: Test, Type", 1),
            },
            "possible",
        ),
        ({"Out": route("NatGatewayId: !If [Live, !Ref Nat, !Ref AWS::NoValue]")}, "possible"),
        ({"PrivateJoint": "{Condition: Live, Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Private, RouteTableId: !Ref PrivateTable}}"}, "possible"),
        ({"Out": route("NatGatewayId: !If [Live, !Ref Nat, !Ref Other]"), "Other": nat("SubnetId: !Ref Public")}, "certain"),
        ({"Out": route("NatGatewayId: !If [Live, !Ref Nat, !Ref Other]"), "Other": nat("SubnetId: !Ref Private")}, "possible"),
        ({"Isolated": ISOLATED, "Work": attached("[!If [Live, !Ref Isolated, !Ref Private]]")}, "possible"),
        ({"Isolated": ISOLATED, "Work": attached("!If [Live, [!Ref Isolated], [!Ref Isolated, !Ref Private]]")}, "possible"),
        ({"Isolated": ISOLATED, "Work": attached("[!Ref Isolated, !If [Live, !Ref Private, !Ref AWS::NoValue]]")}, "possible"),
        ({"Work": attached("[!Ref Private, !If [Live, !Ref Public, !Ref AWS::NoValue]]")}, "certain"),
        ({"Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [!If [Live, {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue], {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 10.0.0.0/8}]}}"}, "possible"),
    ],
    ids=[
        "routes under opposite conditions",
        "a NAT gateway under a condition",
        "a route table under a condition",
        "one of two NAT gateways",
        "one of two, the other leads nowhere",
        "one of two subnets",
        "one of two lists of subnets",
        "another subnet under a condition",
        "another closed subnet under a condition",
        "a rule of a group under a condition",
    ],
)  # fmt: skip
def test_what_conditions_leave_open_is_possible(
    leaving: Leaving, changes: dict[str, str | None], answer: str
) -> None:
    assert leaving(**changes) == answer


def test_a_managed_instance_has_its_providers_network(leaving: Leaving) -> None:
    config = "CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: !GetAtt Fleet.Arn}}"
    fleet = "{Type: AWS::Lambda::CapacityProvider, Properties: {VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Guard]}}}"

    assert leaving(Work=work(config), Fleet=fleet) == "certain"
    assert leaving(Work=work(config), Fleet=fleet, Out=None) == "no"


def test_each_step_of_a_way_out_stands_at_its_place(networked: Callable[..., object]) -> None:
    app = networked()
    row = app.get(Row, "app@internet")  # type: ignore[attr-defined]
    steps = next(reason.steps for reason in row.reasons if reason.data == "pii.email")

    assert [(step.text, step.place.line) for step in steps[-4:]] == [
        ("Out sends 0.0.0.0/0 to NAT gateway Nat", 14),
        ("Nat stands in Public", 13),
        ("security groups and network ACLs let out TCP on any port to any address", 18),
        ("Work can send to the internet", 18),
    ]
