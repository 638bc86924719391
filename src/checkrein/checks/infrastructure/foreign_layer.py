"""Code of another account runs inside a function.

## Why

A layer's code runs in the function's process: it sees every event and may do all that the function may. Who
publishes the layer decides what that code is; a version is fixed, but whoever takes the next one by habit
takes what that account made of it.

The public layers that AWS publishes are left out; those of known vendors are for auditors.

## Fix

Publish the layer's content in your own account, or pack it with the function.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Layers:
        - arn:aws:lambda:eu-west-1:999988887777:layer:shared-tools:4  #! code of account 999988887777 (layer shared-tools) runs in Book, which handles e-mail address
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.resource("dynamodb").Table("orders").put_item(Item={"email": event["email"]})
```

```yaml good template.yaml
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Layers: [!Ref Tools, "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python314-x86_64:1"]
      Code: {ZipFile: "def handler(event, context): pass"}
  Tools:
    Type: AWS::Lambda::LayerVersion
    Properties: {Content: {S3Bucket: layers, S3Key: tools.zip}}
```

```yaml bad template.yaml
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Layers:
        - arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Extension:80  #? code of Datadog (layer Datadog-Extension) runs in Book
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.doors import CREDENTIALS, stored_by
from checkrein.checks.questions import titles
from checkrein.late import regex
from checkrein.model import App, Finding, Resource
from checkrein.model.values import alternatives

LAYER = regex(r":lambda:[^:]*:(\d{12}):layer:([^:]+)")
AWS = frozenset({  # accounts from which AWS itself publishes, as its documentation lists them
    "017000801446", "094274105915", "580247275435", "901920570463", "336392948345",
    "753240598075", "668099181075", "027255383542", "177933569100", "615299751070",
})  # fmt: skip
AWS_NAMES = regex(  # published from an account of each region
    r"AWS-AppConfig-Extension|AWS-Parameters-and-Secrets-Lambda-Extension|LambdaInsightsExtension"
    r"|aws-otel-|AWSLambdaPowertools|AWSSDKPandas|AWSDataWrangler|AWSLambda-Python|AmazonCodeGuru"
)
VENDORS = {  # accounts of vendors, as their own documentation names them
    "464622532012": "Datadog",
    "451483290750": "New Relic",
    "943013980633": "Sentry",
    "725887861453": "Dynatrace",
    "114300393969": "Lumigo",
    "770693421928": "Klayers",
}


@check(
    resource("AWS::Lambda::Function"),
    fault=2,
    topics=("third-parties",),
    frameworks=("CWE-829",),
    peers=("awslambda_function_using_cross_account_layers",),
)
def foreign_layer(function: Resource, app: App) -> Iterator[Finding]:
    layers = function.value("Layers")
    for index, layer in enumerate(layers if isinstance(layers, list) else []):
        for account, name in _published(layer):
            stored = [d for d in stored_by(app, function.id) if not d.startswith(CREDENTIALS)]
            handled = f", which handles {titles(stored)}" if stored else ""
            yield Finding(
                function.where(("Layers", index)),
                f"code of {VENDORS.get(account, f'account {account}')} (layer {name}) runs in"
                f" {function.name}{handled}",
                cwe="CWE-829",
                endangers=(function.id,),
                data=tuple(stored),
                key=(account, name),
                hygiene=not stored or account in VENDORS,
            )


def _published(layer: object) -> Iterator[tuple[str, str]]:
    """Yield the account and name of a layer that neither this application nor AWS published."""
    for option in alternatives(layer):
        found = LAYER.search(str(option))
        if found and found[1] not in AWS and not AWS_NAMES.match(found[2]):
            yield found[1], found[2]
