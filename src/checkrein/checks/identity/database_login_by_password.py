"""A database knows its users by passwords alone.

## Why

With IAM authentication a function signs in with its role, for 15 minutes at a time, and there is no password to leak. The
Data API and DSQL do so anyway.

## Fix

Set `EnableIAMDatabaseAuthentication: true` (`IamAuthEnabled` for Neptune) and grant `rds-db:connect`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #? Orders knows its users by passwords alone
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      MasterUsername: shop
      ManageMasterUserPassword: true
      EnableIAMDatabaseAuthentication: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.databases import CLUSTER, GRAPH, INSTANCE, is_member, told
from checkrein.model import App, Finding, Resource

PROPERTIES = {
    INSTANCE: "EnableIAMDatabaseAuthentication",
    CLUSTER: "EnableIAMDatabaseAuthentication",
    GRAPH: "IamAuthEnabled",
}
KNOWN = ("postgres", "mysql", "mariadb", "aurora")  # engines that can


@check(
    resource(*PROPERTIES),
    fault=1,
    topics=("authentication",),
    frameworks=("CWE-308", "AWS-FSBP:RDS.10", "AWS-FSBP:RDS.12", "NIST-800-53r5:IA-2"),
    peers=(
        *("CKV_AWS_161", "CKV_AWS_162", "RDS.10", "RDS.12", "Neptune.7", "AwsSolutions-RDS6"),
        *("AwsSolutions-N5", "rds_instance_iam_authentication_enabled", "AWS-0176"),
        *("rds_cluster_iam_authentication_enabled", "neptune_cluster_iam_authentication_enabled"),
    ),
    hygiene=True,
)
def database_login_by_password(database: Resource, app: App) -> Iterator[Finding]:
    property = PROPERTIES[database.type]
    if is_member(database) or database[property]:
        return
    if database.type != GRAPH and not str(database["Engine"]).startswith(KNOWN):
        return
    if database.value("EnableHttpEndpoint") is True:
        return  # functions use the Data API, which asks IAM
    data, _ = told(app, database)
    yield Finding(
        place_of(database, property),
        f"{database.name} knows its users by passwords alone",
        cwe="CWE-308",
        endangers=(database.id,),
        fix=set_fix(database, [(property, True)], "let roles sign in", safe=True),
        data=data,
    )
