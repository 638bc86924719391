"""A database's first password is given by the template.

## Why

A password that a person makes is known by that person, stands in the parameters of deployments, and is never changed. RDS makes and
rotates one in Secrets Manager that nobody has to see.

## Fix

Set `ManageMasterUserPassword: true`, and let functions read the secret, or sign in by IAM.

## Examples

```yaml bad template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      MasterUsername: shop
      MasterUserPassword: !Ref Password  #? the password of Orders is somebody's to keep and to change
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.databases import CLUSTER, DOCUMENTS, INSTANCE, WAREHOUSE
from checkrein.model import App, Finding, Resource
from checkrein.model.values import symbols

PROPERTY = "MasterUserPassword"


@check(
    resource(INSTANCE, CLUSTER, WAREHOUSE, DOCUMENTS),
    fault=1,
    topics=("secret-rotation",),
    frameworks=("CWE-522", "OWASP-2025:A07", "OWASP-2021:A07", "NIST-800-53r5:IA-5"),
    peers=(
        *(
            "F23",
            "F34",
            "F35",
            "F70",
            "AwsSolutions-DOC3",
            "RDS_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD",
        ),
        "RDS_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD",
    ),
    hygiene=True,
)
def unmanaged_database_password(database: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    password = database.value(PROPERTY)
    if password is None or isinstance(password, str):
        return  # one in clear is told by plaintext-secret
    owners = {symbol.owner for symbol in symbols(password)}
    if owners and all(owner.endswith("@parameter") for owner in owners):
        yield Finding(
            database.where(PROPERTY),
            f"the password of {database.name} is somebody's to keep and to change",
            cwe="CWE-522",
            endangers=(database.id,),
        )
