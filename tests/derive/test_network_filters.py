"""Security groups and network ACLs on the way out, as AWS documents them."""

from collections.abc import Callable

import pytest

Leaving = Callable[..., str]
ANY = "CidrIp: 0.0.0.0/0"


def guard(*rules: str, property: str = "SecurityGroupEgress") -> str:
    listed = ", ".join(f"{{{rule}}}" for rule in rules)
    return f"{{Type: AWS::EC2::SecurityGroup, Properties: {{VpcId: !Ref Net, GroupDescription: f, {property}: [{listed}]}}}}"


def tcp(port: int | str, to: str = ANY, last: int | str = "") -> str:
    return f"IpProtocol: tcp, FromPort: {port}, ToPort: {last or port}, {to}"


def egress(rule: str, group: str = "!Ref Guard") -> str:
    return f"{{Type: AWS::EC2::SecurityGroupEgress, Properties: {{GroupId: {group}, {rule}}}}}"


NOWHERE = "IpProtocol: -1, CidrIp: 127.0.0.1/32"
LISTED = "{Type: AWS::EC2::PrefixList, Properties: {Entries: [{Cidr: 203.0.113.0/24}]}}"
DEFAULT = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: [!GetAtt Net.DefaultSecurityGroup]}, Code: {ZipFile: \"def handler(event, context): return event['email'][0]\"}}}"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"Guard": guard(tcp(443))}, "certain"),
        ({"Guard": guard(tcp(25))}, "certain"),
        ({"Guard": guard("IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: 0.0.0.0/0")}, "certain"),
        ({"Guard": guard("IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0")}, "no"),
        ({"Guard": guard("IpProtocol: 6, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0")}, "certain"),
        ({"Guard": guard(tcp(443, "CidrIp: 10.0.0.0/16"))}, "no"),
        ({"Guard": guard(tcp(443, "CidrIp: !GetAtt Net.CidrBlock"))}, "no"),
        ({"Guard": guard(tcp(443, "CidrIp: 203.0.113.7/32"))}, "certain"),
        ({"Guard": guard(tcp(443, "CidrIp: !Ref Given"))}, "possible"),
        ({"Guard": guard(tcp("!Ref Given"))}, "possible"),
        ({"Guard": guard(tcp(443, last="!Ref Given"))}, "possible"),
        ({"Guard": guard(NOWHERE).replace("[{", "!If [Live, [{").replace("}]", "}], !Ref AWS::NoValue]")}, "possible"),
        ({"Guard": guard(tcp(443)).replace("[{", "!If [Live, [{").replace("}]", "}], !Ref AWS::NoValue]")}, "possible"),
        ({"Guard": guard("IpProtocol: !Ref Given, CidrIp: 0.0.0.0/0")}, "possible"),
        ({"Guard": guard(tcp(443, "DestinationPrefixListId: pl-1"))}, "possible"),
        ({"Guard": guard(tcp(443, "DestinationPrefixListId: !Ref List")), "List": LISTED}, "certain"),
        ({"Guard": guard(tcp(443, "DestinationSecurityGroupId: sg-1"))}, "no"),
        ({"Guard": guard()}, "certain"),
        ({"Guard": guard(NOWHERE)}, "no"),
        ({"Rule": egress(NOWHERE)}, "no"),
        ({"Guard": guard(NOWHERE), "Rule": egress(tcp(443))}, "certain"),
        ({"Guard": guard(tcp(443), property="SecurityGroupIngress")}, "certain"),
        ({"Work": DEFAULT}, "certain"),
        ({"Rule": egress(tcp(443)).replace("{Type", "{Condition: Live, Type", 1), "Guard": guard(NOWHERE)}, "possible"),
        ({"Rule": egress(NOWHERE).replace("{Type", "{Condition: Live, Type", 1)}, "possible"),
    ],
    ids=[
        "HTTPS to anywhere",
        "another port carries data too",
        "so does UDP",
        "ICMP is not counted",
        "a protocol by its number",
        "only to the VPC",
        "only to the VPC, by reference",
        "to one public address",
        "to an address that is not known",
        "on a port that is not known",
        "up to a port that is not known",
        "closed under a condition",
        "rules, or none and so the default, under a condition",
        "by a protocol that is not known",
        "to a list of AWS's or somebody's",
        "to a list in the template",
        "to members of a group",
        "without rules a group lets everything out",
        "a rule takes the default's place",
        "a separate rule too",
        "rules add up",
        "rules for what comes in do not count",
        "a VPC's default group lets everything out",
        "a rule under a condition",
        "a rule under a condition takes the default's place under it",
    ],
)  # fmt: skip
def test_security_groups_let_out(
    leaving: Leaving, changes: dict[str, str | None], answer: str
) -> None:
    assert leaving(**changes) == answer


def acl(subnet: str, *entries: str) -> dict[str, str]:
    """Return an ACL of a subnet: each entry is ``out|in number allow|deny protocol block ports``."""
    name = f"Acl{subnet}"
    made = {
        name: "{Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Net}}",
        f"{name}Joint": f"{{Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {{SubnetId: !Ref {subnet}, NetworkAclId: !Ref {name}}}}}",
    }
    return made | entered(f"!Ref {name}", name, *entries)


def entered(acl: str, name: str, *entries: str) -> dict[str, str]:
    made = {}
    for at, entry in enumerate(entries):
        way, number, action, protocol, block, ports = entry.split()
        first, _, last = ports.partition("-")
        ranged = "" if ports == "*" else f", PortRange: {{From: {first}, To: {last or first}}}"
        block = block.replace("GIVEN", "!Ref Given")
        made[f"{name}{at}"] = (
            f"{{Type: AWS::EC2::NetworkAclEntry, Properties: {{NetworkAclId: {acl}, RuleNumber: {number}, RuleAction: {action},"
            f" Protocol: {protocol}, CidrBlock: {block}, Egress: {str(way == 'out').lower()}{ranged}}}}}"
        )
    return made


ALL_OUT = "out 100 allow -1 0.0.0.0/0 *"
ALL_IN = "in 100 allow -1 0.0.0.0/0 *"
BACK = "in 100 allow 6 0.0.0.0/0 1024-65535"


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ([], "no"),
        ([ALL_OUT, ALL_IN], "certain"),
        (["out 100 allow 6 0.0.0.0/0 443", BACK], "certain"),
        ([ALL_OUT], "no"),
        ([ALL_IN], "no"),
        ([ALL_OUT, "in 100 allow 6 0.0.0.0/0 443"], "no"),
        ([ALL_OUT, "in 100 allow 6 0.0.0.0/0 32768-60999"], "possible"),
        ([ALL_OUT, ALL_IN, "out 90 deny -1 0.0.0.0/0 *"], "no"),
        ([ALL_OUT, ALL_IN, "out 110 deny -1 0.0.0.0/0 *"], "certain"),
        ([ALL_OUT, ALL_IN, "out 90 deny 6 0.0.0.0/0 443"], "certain"),
        ([ALL_OUT, ALL_IN, "in 90 deny 6 0.0.0.0/0 1024-65535", "in 80 deny 17 0.0.0.0/0 1024-65535"], "no"),
        (["out 100 allow -1 10.0.0.0/8 *", ALL_IN], "no"),
        (["out 100 allow -1 GIVEN *", ALL_IN], "possible"),
        ([ALL_OUT, ALL_IN, "out 90 deny -1 GIVEN *"], "possible"),
        (["out 100 allow 17 0.0.0.0/0 53", ALL_IN], "certain"),
        (["out 100 allow 1 0.0.0.0/0 *", ALL_IN], "no"),
    ],
    ids=[
        "an ACL without rules lets nothing pass",
        "all both ways",
        "HTTPS out and answers in",
        "no answer comes in",
        "nothing gets out",
        "answers come to ephemeral ports",
        "to some ephemeral ports",
        "a lower number decides",
        "a higher number does not",
        "other ports stay open",
        "a denial of answers",
        "only private addresses",
        "an allowance to unknown addresses",
        "a denial of unknown addresses",
        "UDP only",
        "ICMP only",
    ],
)  # fmt: skip
def test_network_acls_let_pass_by_the_first_rule_that_matches(
    leaving: Leaving, entries: list[str], answer: str
) -> None:
    assert leaving(**acl("Private", *entries)) == answer


@pytest.mark.parametrize(
    ("entries", "answer"),
    [
        ([ALL_OUT, ALL_IN], "certain"),
        ([ALL_OUT, "in 100 allow 6 10.0.1.0/24 443", "in 110 allow 6 0.0.0.0/0 1024-65535"], "certain"),
        ([ALL_OUT, "in 100 allow 6 0.0.0.0/0 1024-65535"], "certain"),
        ([ALL_OUT, "in 100 allow 6 10.0.1.0/24 *"], "no"),
        (["out 100 allow 6 0.0.0.0/0 443", ALL_IN], "no"),
        (["out 100 allow 6 0.0.0.0/0 443", "out 110 allow 6 10.0.1.0/24 1024-65535", ALL_IN], "certain"),
        ([ALL_OUT, ALL_IN, "in 90 deny -1 10.0.1.0/24 *"], "no"),
    ],
    ids=[
        "all both ways",
        "HTTPS from the private subnet, answers from outside",
        "only high ports get in",
        "no answer from outside gets in",
        "no answer gets to the private subnet",
        "answers get to the private subnet",
        "the private subnet is denied",
    ],
)  # fmt: skip
def test_the_network_acl_of_a_nat_gateways_subnet_filters_too(
    leaving: Leaving, entries: list[str], answer: str
) -> None:
    assert leaving(**acl("Public", *entries)) == answer


def test_a_rule_for_ipv6_does_not_count_for_ipv4(leaving: Leaving) -> None:
    changes = acl("Private", "out 100 allow -1 X *", ALL_IN)
    changes["AclPrivate0"] = changes["AclPrivate0"].replace("CidrBlock: X", "Ipv6CidrBlock: '::/0'")

    assert leaving(**changes) == "no"


def test_a_vpcs_default_acl_lets_all_pass_until_a_rule_with_a_lower_number_denies(
    leaving: Leaving,
) -> None:
    default = "!GetAtt Net.DefaultNetworkAcl"

    assert leaving(**entered(default, "Late", "out 110 deny -1 0.0.0.0/0 *")) == "certain"
    assert leaving(**entered(default, "Early", "out 90 deny -1 0.0.0.0/0 *")) == "no"
