"""No web ACL stands before a public way in to valuable data.

## Why

Without a web ACL every request reaches the code: floods, lists of stolen passwords, scanners. Where other entries
of the application have one, callers take the one that has none: an API behind a filtered distribution still
answers at its own address.

## Fix

Associate a web ACL with rate rules, or close the entry (`DisableExecuteApiEndpoint`, a private API). An HTTP API takes
no web ACL: put a distribution before it.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}  #! anyone goes around Firewall by way of Api, to payment card number
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context): return {"statusCode": 200, "body": json.loads(event["body"])["card_number"]}
      Events: {Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /order, Method: post}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Firewall.Arn
        Origins:
          - Id: api
            DomainName: !Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior: {TargetOriginId: api, ViewerProtocolPolicy: https-only}
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: CLOUDFRONT
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context): return {"statusCode": 200, "body": json.loads(event["body"])["card_number"]}
      Events: {Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /order, Method: post}}}
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
  Attached:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !GetAtt Firewall.Arn
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/v1"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, resources, together
from checkrein.checks.distributions import DISTRIBUTION
from checkrein.checks.exposure import Exposure, exposure
from checkrein.checks.firewalls import ACL, STAGE, behind, is_filtered
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

POOL, BALANCER = "AWS::Cognito::UserPool", "AWS::ElasticLoadBalancingV2::LoadBalancer"
GRAPH = "AWS::AppSync::GraphQLApi"


@check(
    resource(DISTRIBUTION, STAGE, GRAPH, POOL, BALANCER),
    fault=1,
    topics=("waf",),
    frameworks=(
        "CWE-693",
        "CWE-770",
        "OWASP-2025:A06",
        "OWASP-2021:A04",
        "AWS-FSBP:APIGateway.4",
        "AWS-FSBP:CloudFront.6",
    ),
    peers=(
        *("CKV_AWS_68", "CKV2_AWS_29", "CKV2_AWS_33", "CKV2_AWS_47", "CloudFront.6"),
        *("APIGateway.4", "ELB.16", "AwsSolutions-CFR2", "AwsSolutions-APIG3", "AWS-0011"),
        *("CLOUDFRONT_ASSOCIATED_WITH_WAF", "ALB_WAF_ENABLED", "API_GW_ASSOCIATED_WITH_WAF"),
        *("cloudfront_distributions_using_waf", "apigateway_restapi_waf_acl_attached"),
        *("elbv2_waf_acl_attached", "cognito_user_pool_waf_acl_attached"),
    ),
)
def unfiltered_public_entry(entry: Resource, app: App) -> Iterator[Finding]:
    if is_filtered(app, entry.id) or _is_closed(app, entry):
        return
    apis = sorted(owners(app, entry.value("RestApiId"))) if entry.type == STAGE else []
    if any(is_filtered(app, api) for api in apis):
        return  # an ARN of the API's stage names the API
    data = behind(app, entry)
    named = apis[0].rpartition("/")[2] if apis else entry.name
    firewalls = [acl for acl in resources(app, ACL) if together(app, acl, entry)]
    open_to_all = max(exposure(app, id) for id in apis or [entry.id]) is Exposure.ANYONE
    matters = bool(data and firewalls and open_to_all and entry.type != POOL)
    yield Finding(
        entry.place,
        f"anyone goes around {firewalls[0].name} by way of {named}, to {titles(data)}"
        if matters
        else f"no web ACL stands before {named}",
        cwe="CWE-693",
        endangers=tuple(apis or [entry.id]),
        key=(named,),
        data=tuple(data),
        by=("@anyone",) if matters else (),
        hygiene=not matters,
    )


def _is_closed(app: App, entry: Resource) -> bool:
    """Tell whether an entry is not to be had from the internet."""
    if entry.type == BALANCER:
        return bool(entry.value("Scheme") == "internal" or entry.value("Type") == "network")
    for id in owners(app, entry.value("RestApiId")) if entry.type == STAGE else ():
        api = app.get(Resource, id)
        types = api.value("EndpointConfiguration.Types") if api else ()
        private = isinstance(types, list) and "PRIVATE" in types
        if private or (api and api.value("DisableExecuteApiEndpoint") is True):
            return True
    return False
