"""A database has a public address.

## Why

With `PubliclyAccessible: true` the name of a database leads to an address that the internet can reach: only its security
group and a password stand before the data, and both have been wrong before. Where the group lets everybody in, only
the password does; before a graph of Neptune that asks no IAM, nothing does, and that is the graver fault.

## Fix

Set `PubliclyAccessible: false`, and put the functions that use it into its network, or use the Data API.

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
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 0.0.0.0/0}]
  Patients:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: clinic
      ManageMasterUserPassword: true
      VPCSecurityGroups: [!Ref Door]
      PubliclyAccessible: true  #! Patients (diagnosis or condition) has a public address, and Door lets everybody in
```

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: shop
      ManageMasterUserPassword: true
      PubliclyAccessible: true  #? Orders has a public address
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Patients:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true, PubliclyAccessible: false}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners, place_of, set_fix
from checkrein.checks.databases import CLUSTER, GRAPH, INSTANCE, WAREHOUSE, told
from checkrein.checks.networks import groups_of, world_rules
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource

PROPERTY = "PubliclyAccessible"
INNER = ("AWS::Neptune::DBInstance", "AWS::DMS::ReplicationInstance")
LOCKLESS = ("AWS::Neptune::",)  # what asks for no password: its network is its door
UNLOCKED, LOCKED = 3, 2  # the fault where everybody gets in, and where a door or a password is left


@check(
    resource(INSTANCE, CLUSTER, GRAPH, WAREHOUSE, "AWS::RedshiftServerless::Workgroup", *INNER),
    fault=2,
    topics=("public-access",),
    frameworks=(
        *("CWE-668", "CWE-284", "OWASP-2025:A01", "OWASP-2021:A01", "AWS-FSBP:RDS.2"),
        *("PCI-DSS-4.0.1:1.4.4", "NIST-800-53r5:SC-7"),
    ),
    peers=(
        *("CKV_AWS_17", "CKV_AWS_87", "CKV_AWS_89", "RDS.2", "Redshift.1", "DMS.1", "F22"),
        *("RDS_INSTANCE_PUBLIC_ACCESS_CHECK", "REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK"),
        *("rds_instance_no_public_access", "redshift_cluster_public_access", "AWS-0180"),
    ),
)
def public_database(database: Resource, app: App) -> Iterator[Finding]:
    if database.value(PROPERTY) is None or not database[PROPERTY]:
        return
    cluster = _cluster(app, database)
    data, named = told(app, database)
    data = tuple(valuable(app, {*data, *(d for c in cluster for d in kept(app, c.id))}))
    named = named or (told(app, cluster[0])[1] if cluster else "")
    doors = [g for one in (database, *cluster) for g in groups_of(app, one)]
    open_doors = [group for group in doors if world_rules(app, group)]
    more = f", and {open_doors[0].name} lets everybody in" if open_doors else ""
    yield Finding(
        place_of(database, PROPERTY),
        f"{database.name}{named} has a public address{more}",
        cwe="CWE-668",
        endangers=(database.id, *(c.id for c in cluster)),
        fix=set_fix(database, [(PROPERTY, False)], "take the public address away"),
        key=(PROPERTY, *(group.id for group in open_doors)),
        data=data,
        by=("@anyone",) if open_doors else (),
        fault=UNLOCKED if open_doors and _asks_nobody(database, *cluster) else LOCKED,
        hygiene=not data and not open_doors,
    )


def _asks_nobody(*databases: Resource) -> bool:
    """Tell whether a database believes everybody who reaches it: Neptune, unless IAM is asked."""
    lockless = any(one.type.startswith(LOCKLESS) for one in databases)
    return lockless and not any(one.value("IamAuthEnabled") for one in databases)


def _cluster(app: App, database: Resource) -> list[Resource]:
    named = owners(app, database.value("DBClusterIdentifier"))
    return [found for id in sorted(named) if (found := app.get(Resource, id))]
