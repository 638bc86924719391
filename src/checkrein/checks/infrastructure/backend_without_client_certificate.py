"""A backend can not tell an API's requests from those of others.

## Why

A REST API that passes requests on over HTTP sends them to an address that everybody can reach. With a client
certificate the backend knows that a request came through this API, with its authorizers and limits.

## Fix

Make an `AWS::ApiGateway::ClientCertificate`, name it in the stage's `ClientCertificateId`, and let the backend
ask for it; or reach the backend through a VPC link.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com/rides"}
  Stage:  #? the backend of Api can not tell its requests from those of others
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: first}
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: "https://backend.example.com/rides"}
  Known:
    Type: AWS::ApiGateway::ClientCertificate
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: first, ClientCertificateId: !Ref Known}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import configuring
from checkrein.checks.doors import REST, api_of, inside, stages
from checkrein.model import App, Change, Finding, Fix, Resource, Symbol

METHOD = "AWS::ApiGateway::Method"
HTTP = ("HTTP", "HTTP_PROXY")


@check(
    stages,
    fault=1,
    topics=("certificates",),
    frameworks=("CWE-295", "AWS-FSBP:APIGateway.2"),
    peers=("APIGateway.2", "CKV2_AWS_51", "apigateway_restapi_client_certificate_enabled"),
    hygiene=True,
)
def backend_without_client_certificate(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    path = inside(stage, "ClientCertificateId")
    if api is None or api.type != REST or stage.value(path) is not None:
        return
    integrations = [m.value("Integration") for m in configuring(app, api.id, METHOD, "RestApiId")]
    if any(_is_outside(integration) for integration in integrations):
        certificate = f"{api.id}Certificate"
        made = {"Type": "AWS::ApiGateway::ClientCertificate", "Properties": {}}
        origin = stage.origin(path)
        yield Finding(
            stage.place,
            f"the backend of {api.name} can not tell its requests from those of others",
            cwe="CWE-295",
            endangers=(api.id,),
            fix=Fix(
                "send a client certificate",
                changes=(
                    Change(certificate, (), "add", made),
                    Change(origin.resource, origin.path, "set", Symbol(certificate, "Ref")),
                ),
            ),
            key=(api.id,),
        )


def _is_outside(integration: object) -> bool:
    """Tell whether an integration goes to an HTTP address, and not through a VPC link."""
    if not isinstance(integration, dict) or integration.get("ConnectionType") == "VPC_LINK":
        return False
    return integration.get("Type") in HTTP
