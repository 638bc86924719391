"""A distribution keeps one user's answer and hands it to the next.

## Why

CloudFront answers from its cache whoever asks with the same key. The key is the path and what the cache policy adds.
An origin request policy may send cookies, headers and query strings to the origin that are not in the key: the
origin then answers for the person it recognises, and the cache for everybody. `Authorization` goes along where the
policy sends all headers of the viewer. A minimum time to live above zero keeps even what the origin marks as private.

## Fix

Use the managed policy `CachingDisabled` for what differs from person to person, or put what tells them apart into the
cache key.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            session = event["headers"]["cookie"]
            found = boto3.resource("dynamodb").Table("people").get_item(Key={"session": session})["Item"]
            return {"statusCode": 200, "body": json.dumps({"email": found["email"]})}
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /profile, Method: get}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: api
            DomainName: !Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior:
          TargetOriginId: api
          ViewerProtocolPolicy: https-only
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6  #! Site may hand one user's answer of Api to another (session or signed token and e-mail address): cookies reach the origin, but are not in the cache key
          OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Profile:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            session = event["headers"]["cookie"]
            found = boto3.resource("dynamodb").Table("people").get_item(Key={"session": session})["Item"]
            return {"statusCode": 200, "body": json.dumps({"email": found["email"]})}
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /profile, Method: get}}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: api
            DomainName: !Sub "${Api}.execute-api.${AWS::Region}.amazonaws.com"
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior:
          TargetOriginId: api
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.caching import AUTHORIZATION, COOKIES, cached, sent
from checkrein.checks.context import kept, set_fix
from checkrein.checks.distributions import DISTRIBUTION, Part, behaviours, origin_of, sources
from checkrein.checks.exposure import unnamed
from checkrein.checks.questions import grouped, listed, titles
from checkrein.checks.webhooks import credential_reads
from checkrein.model import App, Entry, Finding, Resource

DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # the managed policy CachingDisabled
FIELD = "CachePolicyId"
UNKEPT = ("OPTIONS", "POST", "PUT", "PATCH", "DELETE")  # methods whose answers no cache keeps


@check(
    resource(DISTRIBUTION),
    fault=2,
    topics=("data-exposure",),
    frameworks=("CWE-524", "CWE-525", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:SC-4"),
)
def cache_shared_between_users(distribution: Resource, app: App) -> Iterator[Finding]:
    for behaviour in behaviours(distribution):
        origin = origin_of(distribution, behaviour)
        policy = cached(app, behaviour.settings)
        if origin is None or policy is None:
            continue
        reaching = sent(app, behaviour.settings) - policy.key
        for source in sources(app, origin):
            asked = _asked(app, source)
            hidden = sorted(asked & reaching)
            data = kept(app, source.id) if hidden else []
            if data:
                yield _finding(distribution, behaviour, (source, hidden, data))


def _finding(
    distribution: Resource, behaviour: Part, found: tuple[Resource, list[str], list[str]]
) -> Finding:
    source, hidden, data = found
    return Finding(
        distribution.where(behaviour.at(FIELD)),
        f"{distribution.name} may hand one user's answer of {source.name} to another"
        f" ({titles(data)}): {listed(hidden)} reach the origin, but are not in the cache key",
        cwe="CWE-524",
        endangers=(distribution.id, source.id),
        fix=set_fix(distribution, [(behaviour.at(FIELD), DISABLED)], "do not keep answers"),
        key=(source.id, *hidden),
        confidence="likely",
        data=tuple(data),
        by=("@anyone",),
    )


def _asked(app: App, source: Resource) -> set[str]:
    """Return what an origin knows people by: cookies that code reads, a token that is asked for."""
    entries = [
        entry
        for entry in grouped(app, Entry, "source").get(source.id, [])
        if not entry.route.startswith(UNKEPT)
    ]
    found = {AUTHORIZATION for entry in entries if not unnamed(entry.identity)}
    for function in {entry.function for entry in entries}:
        for read in credential_reads(app, function):
            name = read.source.attribute.lower()
            found |= {COOKIES} if "cookie" in name else set()
            found |= {AUTHORIZATION} if "authorization" in name else set()
    return found
