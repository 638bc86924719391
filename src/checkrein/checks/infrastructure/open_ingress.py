"""A security group lets in more than those who use what is behind it.

## Why

A group that is open to every address leaves a password as the only thing before a database; one that is open to a whole
network lets every function and host in it try. Who connects is known: name their security groups, and nobody else can.

## Fix

Set `SourceSecurityGroupId` to the group of the functions that connect.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: database
      VpcId: !Ref Network
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}  #! Door lets everybody in to Patients (diagnosis or condition) on port 5432
  Patients:
    Type: AWS::RDS::DBInstance
    Properties:
      {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true, VPCSecurityGroups: [!Ref Door]}
```

```yaml bad template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Host:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: host, VpcId: !Ref Network}
  Shell:  #? Host lets everybody in on port 22
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref Host, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Callers:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: functions, VpcId: !Ref Network}
  Door:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: database
      VpcId: !Ref Network
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref Callers}]
  Patients:
    Type: AWS::RDS::DBInstance
    Properties:
      {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true, VPCSecurityGroups: [!Ref Door]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.networks import ALL_PORTS, SECURITY_GROUP, WORLD, Rule, incoming, members
from checkrein.checks.questions import listed, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource

PUBLIC = (80, 443)  # what a web server is there for
SERVERS = (
    *("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::EC2::Instance", "AWS::ECS::Service"),
    "AWS::Lambda::Function",
)
SHARED = 1  # the fault of letting a network in


@check(
    resource(SECURITY_GROUP),
    fault=2,
    topics=("network",),
    frameworks=(
        *("CWE-284", "CWE-668", "OWASP-2025:A02", "OWASP-2021:A05", "AWS-FSBP:EC2.18"),
        *("AWS-FSBP:EC2.19", "PCI-DSS-4.0.1:1.3.1", "NIST-800-53r5:SC-7"),
    ),
    peers=(
        *("CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "EC2.13", "EC2.14", "EC2.18", "EC2.19"),
        *("W2", "W9", "W27", "W42", "AwsSolutions-EC23", "AwsSolutions-RDS8", "AWS-0107"),
        *("EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE", "RESTRICTED_COMMON_PORTS"),
        *("SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE", "RESTRICTED_SSH"),
        *("SECURITY_GROUP_INGRESS_PORT_RANGE_RULE",),
        *("SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_all_ports",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_any_port",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mysql_3306",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_postgres_5432",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_redis_6379",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_mongodb_27017_27018",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_memcached_11211",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_oracle_1521_2483",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_sql_server_1433_1434",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_telnet_23",),
        *("ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_ftp_20_21",),
        "ec2_securitygroup_allow_ingress_from_internet_to_any_port_from_ip",
        "ec2_securitygroup_allow_wide_open_public_ipv4",
    ),
)
def open_ingress(group: Resource, app: App) -> Iterator[Finding]:
    behind = members(app, group)
    for rule in incoming(app, group):
        ports = rule.ports
        if not rule.block or ports is None or (ports[0] == ports[1] and ports[0] in PUBLIC):
            continue
        everybody = rule.block in WORLD
        stores = [m for m in behind if m.type not in SERVERS and kept(app, m.id)]
        if everybody or stores:
            yield _finding(app, group, rule, stores)


def _finding(app: App, group: Resource, rule: Rule, stores: list[Resource]) -> Finding:
    everybody = rule.block in WORLD
    data = valuable(app, {data for store in stores for data in kept(app, store.id)})
    who = "everybody" if everybody else f"all of {rule.block}"
    to = f" to {listed(s.name for s in stores)} ({titles(data)})" if data else ""
    return Finding(
        rule.place,
        f"{group.name} lets {who} in{to} {_said(rule.ports or ALL_PORTS)}",
        cwe="CWE-284",
        endangers=tuple(store.id for store in stores) or (group.id,),
        key=(rule.block, str(rule.ports)),
        data=tuple(data),
        fault=0 if everybody else SHARED,
        hygiene=not data or not everybody,
    )


def _said(ports: tuple[int, int]) -> str:
    if ports == ALL_PORTS:
        return "on every port"
    first, last = ports
    return f"on port {first}" if first == last else f"on ports {first} to {last}"
