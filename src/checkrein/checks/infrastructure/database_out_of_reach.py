"""A function outside the network names a database that is inside one.

## Why

A database in a VPC answers only what is in that VPC, or the whole internet where it is made public. A
function that runs outside can not reach it, or goes through the internet, and then everybody else gets as far.
Only a function that must reach such a resource needs a VPC: for all others it adds cost and nothing else.

## Fix

Put the function into the database's VPC (`VpcConfig`), with a security group that the database lets in, and
keep the database private; or use the Data API.

## Examples

```yaml bad template.yaml
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      PubliclyAccessible: true
      DBSubnetGroupName: private
      ManageMasterUserPassword: true
  Rides:  #! Rides runs outside the network of Db and reaches it over the internet, as anyone can try
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {DB_HOST: !GetAtt Db.Endpoint.Address}}
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      PubliclyAccessible: false
      DBSubnetGroupName: private
      ManageMasterUserPassword: true
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      VpcConfig: {SubnetIds: [subnet-1, subnet-2], SecurityGroupIds: [sg-1]}
      Environment: {Variables: {DB_HOST: !GetAtt Db.Endpoint.Address}}
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml bad template.yaml
Resources:
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: sessions, CacheSubnetGroupName: private}
  Rides:  #! Rides runs outside the network of Cache, which it is told to use
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {CACHE: !GetAtt Cache.PrimaryEndPoint.Address}}
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource
from checkrein.model.values import symbols

INSIDE = (  # what only listens inside a VPC, with an address that others are told
    *("AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBProxy"),
    *("AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"),
    *("AWS::ElastiCache::ServerlessCache", "AWS::MemoryDB::Cluster", "AWS::DAX::Cluster"),
    *("AWS::Neptune::DBCluster", "AWS::Neptune::DBInstance"),
    *("AWS::DocDB::DBCluster", "AWS::DocDB::DBInstance", "AWS::Redshift::Cluster"),
)
PUBLIC = "PubliclyAccessible"


@check(
    resource("AWS::Lambda::Function"),
    fault=2,
    topics=("network",),
    frameworks=("CWE-1327",),
    peers=("CKV_AWS_117", "W89", "Lambda.3", "awslambda_function_inside_vpc", "LAMBDA_INSIDE_VPC"),
)
def database_out_of_reach(function: Resource, app: App) -> Iterator[Finding]:
    if function.value("VpcConfig") is not None:
        return
    databases = _told(app, function)
    open_ones = [database for database in databases if database.value(PUBLIC) is True]
    for some, words in (
        (open_ones, "and reaches it over the internet, as anyone can try"),
        ([each for each in databases if each not in open_ones], ""),
    ):
        if some:
            end = f" {words}" if words else ", which it is told to use"
            yield Finding(
                function.place,
                f"{function.name} runs outside the network of {listed(d.name for d in some)}{end}",
                cwe="CWE-1327",
                endangers=tuple(database.id for database in some),
                confidence="certain" if words else "likely",
                fault=2 if words else 1,
            )


def _told(app: App, function: Resource) -> list[Resource]:
    """Return the databases whose address stands in a function's variables."""
    named = {
        symbol.owner
        for symbol in symbols(function.value("Environment.Variables"))
        if "ndpoint" in symbol.attribute or "EndPoint" in symbol.attribute
    }
    found = [each for id in sorted(named) if (each := app.get(Resource, id))]
    return [each for each in found if each.type in INSIDE]
