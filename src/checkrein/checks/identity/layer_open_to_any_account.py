"""Every AWS account may take a layer.

## Why

A layer's content, whatever was packed with it, can be downloaded by everybody with an AWS account. That is
meant for layers that are published, and for no others.

## Fix

Name the accounts in `Principal`, or the organisation in `OrganizationId`.

## Examples

```yaml bad template.yaml
Resources:
  Tools:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: {S3Bucket: layers, S3Key: tools.zip}}
  Everybody:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      Action: lambda:GetLayerVersion
      LayerVersionArn: !Ref Tools
      Principal: "*"  #? every AWS account may download Tools
```

```yaml good template.yaml
Resources:
  Tools:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: {S3Bucket: layers, S3Key: tools.zip}}
  Ours:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      Action: lambda:GetLayerVersion
      LayerVersionArn: !Ref Tools
      Principal: "*"
      OrganizationId: o-t194hfs8cz
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::Lambda::LayerVersionPermission"),
    fault=1,
    topics=("public-access",),
    frameworks=("CWE-284", "CIS-AWS-7.0:2.21"),
    hygiene=True,
)
def layer_open_to_any_account(permission: Resource, app: App) -> Iterator[Finding]:
    if permission.value("Principal") == "*" and permission.value("OrganizationId") is None:
        layers = sorted(map(short, owners(app, permission.value("LayerVersionArn"))))
        yield Finding(
            permission.where("Principal"),
            f"every AWS account may download {listed(layers or [permission.name])}",
            cwe="CWE-284",
            key=tuple(layers),
        )
