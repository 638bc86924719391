"""VPC endpoints: what they lead to, and whether data can go to other accounts through them."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Row

Leaving = Callable[..., str]
Networked = Callable[..., App]
CLOSED = {"Out": None, "Nat": None}  # no NAT gateway: endpoints are all there is
BUCKET = "{Type: AWS::S3::Bucket, Properties: {BucketName: ours}}"


def door(
    service: str, policy: str = "", tables: str = "[!Ref PrivateTable]", more: str = ""
) -> str:
    document = f", PolicyDocument: {{Statement: [{policy}]}}" if policy else ""
    return f"{{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref Net, ServiceName: !Sub 'com.amazonaws.${{AWS::Region}}.{service}', RouteTableIds: {tables}{document}{more}}}}}"


def interface(service: str, more: str = "SecurityGroupIds: [!Ref Inner]", policy: str = "") -> str:
    document = f", PolicyDocument: {{Statement: [{policy}]}}" if policy else ""
    return f"{{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref Net, VpcEndpointType: Interface, ServiceName: !Sub 'com.amazonaws.${{AWS::Region}}.{service}', PrivateDnsEnabled: true, SubnetIds: [!Ref Public], {more}{document}}}}}"


def inner(rule: str) -> str:
    return f"{{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Net, SecurityGroupIngress: [{rule}]}}}}"


def role(*statements: str) -> str:
    return f"{{Type: AWS::IAM::Role, Properties: {{Policies: [{{PolicyDocument: {{Statement: [{', '.join(statements)}]}}}}]}}}}"


def allow(action: str, resource: str = "'*'", more: str = "") -> str:
    return f"{{Effect: Allow, Action: {action}, Resource: {resource}{more}}}"


def everyone(
    action: str = "'*'", resource: str = "'*'", more: str = "", effect: str = "Allow"
) -> str:
    return f"{{Effect: {effect}, Principal: '*', Action: {action}, Resource: {resource}{more}}}"


def when(operator: str, key: str, value: str = "!Ref AWS::AccountId") -> str:
    return f", Condition: {{{operator}: {{'{key}': {value}}}}}"


PUT = role(allow("s3:PutObject"))


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ("", "certain"),
        (everyone(), "certain"),
        (everyone("'s3:*'"), "certain"),
        (everyone("[s3:GetObject, s3:ListBucket]"), "no"),
        (everyone("'s3:*'", "'arn:aws:s3:::*/*'"), "certain"),
        (everyone("'s3:*'", "'arn:aws:s3:::ours/*'"), "no"),
        (everyone("'s3:*'", "!Sub '${Ours.Arn}/*'"), "no"),
        (everyone("'s3:*'", "'arn:aws:s3:::theirs/*'"), "possible"),
        (everyone("'s3:*'", "!Sub 'arn:aws:s3:::${Given}/*'"), "possible"),
        ("{Effect: Allow, Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::ours/*'}", "certain"),
        ("{Effect: Allow, Principal: '*', NotAction: 's3:Put*', Resource: '*'}", "no"),
        (everyone() + ", " + everyone("'s3:Put*'", effect="Deny"), "no"),
        (everyone() + ", " + everyone("'s3:Put*'", "'arn:aws:s3:::ours/*'", effect="Deny"), "certain"),
        (everyone() + ", {Effect: Deny, Principal: '*', Action: '*', NotResource: !Sub '${Ours.Arn}/*'}", "no"),
        (everyone(more=when("StringEquals", "aws:ResourceAccount")), "no"),
        (everyone(more=when("StringEquals", "s3:ResourceAccount")), "no"),
        (everyone(more=when("StringEquals", "aws:ResourceOrgID", "o-1")), "no"),
        (everyone(more=when("StringNotEquals", "aws:ResourceAccount")), "certain"),
        (everyone(more=when("StringEquals", "aws:PrincipalAccount")), "certain"),
        (everyone(more=when("StringEquals", "aws:PrincipalOrgID", "o-1")), "certain"),
        (everyone(more=when("StringNotEquals", "aws:PrincipalAccount")), "no"),
        (everyone(more=when("Bool", "aws:SecureTransport", "true")), "certain"),
        (everyone(more=when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8")), "possible"),
        (everyone() + ", " + everyone(effect="Deny", more=when("StringNotEquals", "aws:ResourceAccount")), "no"),
        (everyone() + ", " + everyone(effect="Deny", more=when("StringNotEqualsIfExists", "aws:ResourceOrgID", "o-1")), "no"),
        (everyone() + ", " + everyone(effect="Deny", more=when("StringEquals", "aws:ResourceAccount")), "certain"),
        (everyone() + ", " + everyone(effect="Deny", more=", Condition: {StringNotEquals: {'aws:ResourceAccount': !Ref AWS::AccountId}, BoolIfExists: {'aws:PrincipalIsAWSService': false}}"), "no"),
        (everyone() + ", " + everyone(effect="Deny", more=", Condition: {StringNotEquals: {'aws:ResourceAccount': !Ref AWS::AccountId}, Bool: {'aws:PrincipalIsAWSService': true}}"), "certain"),
        (everyone() + ", " + everyone(effect="Deny", more=when("StringEquals", "aws:PrincipalTag/team", "x")), "possible"),
        ("{Effect: Allow, Principal: {AWS: 'arn:aws:iam::111122223333:role/other'}, Action: '*', Resource: '*'}", "possible"),
    ],
    ids=[
        "no policy allows everything",
        "everything",
        "every action",
        "reading only",
        "objects of any bucket",
        "a bucket of ours by name",
        "a bucket of ours by reference",
        "a bucket that no template holds",
        "a bucket by a parameter",
        "all buckets but ours",
        "all actions but writing",
        "a denial of writing",
        "a denial for our own bucket",
        "a denial for all but our bucket",
        "resources of the account",
        "resources of the account, the key of S3",
        "resources of the organisation",
        "resources of other accounts",
        "callers of the account",
        "callers of the organisation",
        "callers of other accounts",
        "over TLS",
        "a condition that is not known",
        "a denial of other accounts' resources",
        "a denial of other organisations' resources",
        "a denial of the account's own",
        "a denial of other accounts' resources, services aside",
        "a denial of other accounts' resources to services only",
        "a denial under an unknown condition",
        "another caller",
    ],
)  # fmt: skip
def test_an_endpoints_policy_narrows_what_leaves(
    leaving: Leaving, policy: str, answer: str
) -> None:
    assert leaving(**CLOSED, Door=door("s3", policy), Ours=BUCKET, Role=PUT) == answer


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (role(allow("s3:PutObject")), "certain"),
        (role(allow("'s3:*'")), "certain"),
        (role(allow("s3:GetObject")), "no"),
        (role(allow("sqs:SendMessage")), "no"),
        (role(allow("s3:PutObject", "!Sub '${Ours.Arn}/*'")), "no"),
        (role(allow("s3:PutObject", "'arn:aws:s3:::ours/*'")), "no"),
        (role(allow("s3:PutObject", "'arn:aws:s3:::theirs/*'")), "possible"),
        (role(allow("s3:PutObject", "!Sub 'arn:aws:s3:::${Given}/*'")), "possible"),
        (role(allow("s3:PutObject", more=when("StringEquals", "aws:ResourceAccount"))), "no"),
        (role(allow("s3:PutObject"), "{Effect: Deny, Action: s3:PutObject, NotResource: 'arn:aws:s3:::ours/*'}"), "no"),
        ("{Type: AWS::SNS::Topic}", "no"),
    ],
    ids=[
        "to any bucket",
        "anything to any bucket",
        "reading only",
        "another service",
        "to our bucket",
        "to our bucket by name",
        "to a bucket that no template holds",
        "to a bucket by a parameter",
        "to buckets of the account",
        "a denial of all other buckets",
        "without a policy",
    ],
)  # fmt: skip
def test_the_role_must_allow_it_too(leaving: Leaving, given: str, answer: str) -> None:
    changes = {"Role": given} if "IAM" in given else {}

    assert leaving(**CLOSED, Door=door("s3"), Ours=BUCKET, **changes) == answer


def test_a_boundary_must_allow_it_too(leaving: Leaving) -> None:
    def bounded(resource: str) -> dict[str, str]:
        return {
            "Bound": f"{{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: [{allow('s3:PutObject', resource)}]}}}}}}",
            "Role": PUT.replace("Properties: {", "Properties: {PermissionsBoundary: !Ref Bound, "),
        }

    assert leaving(**CLOSED, Door=door("s3"), **bounded("'*'")) == "certain"
    assert (
        leaving(**CLOSED, Door=door("s3"), **bounded("!Sub '${Ours.Arn}/*'"), Ours=BUCKET) == "no"
    )


def test_a_role_that_no_template_holds_may_write_anywhere(leaving: Leaving) -> None:
    function = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !Ref Given, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Guard]}, Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"

    assert leaving(**CLOSED, Door=door("s3"), Work=function) == "possible"
    assert leaving(**CLOSED, Work=function) == "no"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"Door": door("s3", tables="[!Ref PublicTable]")}, "no"),
        ({"Door": door("s3", tables="[]")}, "no"),
        ({"Door": door("s3", tables="!Split [',', !Ref Given]")}, "possible"),
        ({"Door": door("s3"), "PrivateJoint": None}, "no"),
        ({"Door": door("s3", more=", VpcEndpointType: Gateway")}, "certain"),
        ({"Door": door("s3"), "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}]}}"}, "no"),
        ({"Door": door("s3"), "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: pl-1}]}}"}, "possible"),
        ({"Door": door("s3"), "Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}]}}"}, "no"),
        ({"Door": door("dynamodb")}, "no"),
        ({"Door": door("s3").replace("{Type", "{Condition: Live, Type", 1)}, "possible"),
    ],
    ids=[
        "it serves the subnets of its route tables",
        "none",
        "tables that are not known",
        "a subnet with the main table",
        "said to be a gateway",
        "the group must let out to the service's addresses",
        "by its prefix list",
        "on its port",
        "another service",
        "under a condition",
    ],
)  # fmt: skip
def test_a_gateway_endpoint_serves(
    leaving: Leaving, changes: dict[str, str | None], answer: str
) -> None:
    assert leaving(**{**CLOSED, "Role": PUT, **changes}) == answer


FROM_GUARD = "{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !Ref Guard}"
SEND = role(allow("sqs:SendMessage"))


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"Inner": inner(FROM_GUARD)}, "certain"),
        ({"Inner": inner(FROM_GUARD.replace("443", "80"))}, "no"),
        ({"Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}")}, "certain"),
        ({"Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.9.0/24}")}, "no"),
        ({"Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.1.128/25}")}, "possible"),
        ({"Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Given}")}, "possible"),
        ({"Inner": inner("")}, "no"),
        ({"Door": interface("sqs", "SecurityGroupIds: [sg-1]")}, "possible"),
        ({"Door": interface("sqs", "SecurityGroupIds: [!Ref AWS::NoValue]")}, "no"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sqs").replace("!Ref Net", "vpc-1")}, "certain"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sqs-fips")}, "certain"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sns")}, "no"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sqs", policy=everyone("sqs:SendMessage", "!Sub 'arn:aws:sqs:*:${AWS::AccountId}:*'"), more="SecurityGroupIds: [!Ref Inner]")}, "no"),
        ({"Inner": inner(FROM_GUARD), "Role": role(allow("sqs:SendMessage", "!Sub 'arn:aws:sqs:*:${AWS::AccountId}:*'"))}, "no"),
        ({"Inner": inner(FROM_GUARD), "Role": role(allow("sqs:SendMessage", "'arn:aws:sqs:*:111122223333:*'"))}, "possible"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sqs").replace("!Sub 'com.amazonaws.${AWS::Region}.sqs'", "com.amazonaws.vpce.eu-west-1.vpce-svc-1")}, "possible"),
        ({"Inner": inner(FROM_GUARD), "Door": interface("sqs").replace("!Sub 'com.amazonaws.${AWS::Region}.sqs'", "!Ref Given")}, "possible"),
        ({"Guard": "{Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Net, SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationSecurityGroupId: !GetAtt Inner.GroupId}]}}", "Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/16}")}, "certain"),
    ],
    ids=[
        "its group lets the function's in",
        "on its port",
        "its group lets the VPC in",
        "its group lets other addresses in",
        "its group lets some of the subnet's addresses in",
        "its group lets unknown addresses in",
        "its group lets nobody in",
        "a group that no template holds",
        "the VPC's own group lets its members in only",
        "the subnets tell where it is",
        "a FIPS endpoint",
        "another service",
        "its policy allows the account's queues",
        "the role is for the account's queues",
        "the role is for another account's queues",
        "a service that somebody else runs",
        "a service that is not known",
        "the function's group lets out to the endpoint's only",
    ],
)  # fmt: skip
def test_an_interface_endpoint_serves(
    leaving: Leaving, changes: dict[str, str | None], answer: str
) -> None:
    base: dict[str, str | None] = {**CLOSED, "Role": SEND, "Door": interface("sqs")}

    assert leaving(**{**base, **changes}) == answer


def test_the_vpcs_own_group_lets_its_members_talk_to_each_other(leaving: Leaving) -> None:
    function = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!GetAtt Net.DefaultSecurityGroup]}, Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"
    own = interface("sqs", "SecurityGroupIds: [!Ref AWS::NoValue]")

    assert leaving(**CLOSED, Role=SEND, Door=own, Work=function) == "certain"


def test_an_endpoint_of_another_vpc_serves_only_over_peering(leaving: Leaving) -> None:
    other = {
        "Other": "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}",
        "There": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Other, CidrBlock: 10.9.1.0/24}}",
        "Inner": inner("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}"),
        "Door": interface("sqs").replace("[!Ref Public]", "[!Ref There]"),
        "Role": SEND,
    }
    peering = "{Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref PrivateTable, DestinationCidrBlock: 10.9.0.0/16, VpcPeeringConnectionId: pcx-1}}"

    assert leaving(**CLOSED, **other) == "no"
    assert leaving(**CLOSED, **other, Peering=peering) == "possible"


SHUT = "{Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 0.0.0.0/0}]}}"


def potential(app: App) -> set[str]:
    row = app.get(Row, "app/Store")
    return set(row.potential) if row else set()


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        (CLOSED, False),
        ({**CLOSED, "Door": door("s3")}, True),
        ({**CLOSED, "Door": door("dynamodb")}, False),
        ({**CLOSED, "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Given}}"}, True),
        ({**CLOSED, "Private": None}, True),
        ({**CLOSED, "Private": "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Given}}", "Guard": SHUT}, False),
    ],
    ids=[
        "by a NAT gateway",
        "no way to the service",
        "by an endpoint",
        "by no endpoint of another service",
        "a VPC that no template holds may have endpoints",
        "a subnet that no template holds",
        "an endpoint that no template holds is of no use to a group that lets nothing out",
    ],
)  # fmt: skip
def test_a_right_is_of_no_use_without_a_way_to_the_service(
    networked: Networked,
    changes: dict[str, str | None],
    holds: bool,  # noqa: FBT001
) -> None:
    app = networked(Store="{Type: AWS::S3::Bucket}", Role=PUT, **changes)

    assert ("pii.email" in potential(app)) is holds


def test_a_mounted_file_system_may_read_and_write_a_bucket_for_its_function(
    networked: Networked,
) -> None:
    mounted = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, FileSystemConfigs: [{Arn: !Ref Given, LocalMountPath: /mnt/a}], VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!Ref Guard]}, Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"
    app = networked(Store="{Type: AWS::S3::Bucket}", Role=PUT, Work=mounted, **CLOSED)

    assert "pii.email" in potential(app)
