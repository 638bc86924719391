"""An API keeps answers in a cache that is not encrypted.

## Why

A cache holds what functions answered, valuable data included, on disks of its own. REST APIs and GraphQL APIs
encrypt it only when told to. An API without a cache needs nothing.

## Fix

Set `CacheDataEncrypted: true` for the methods, `AtRestEncryptionEnabled` and `TransitEncryptionEnabled` for an
`AWS::AppSync::ApiCache`.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      DeploymentId: first
      CacheClusterEnabled: true
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true}  #? the answers of Api lie in a cache without encryption
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: AWS_IAM}
  Cache:  #? the answers of Graph lie in a cache without encryption
    Type: AWS::AppSync::ApiCache
    Properties: {ApiId: !GetAtt Graph.ApiId, ApiCachingBehavior: FULL_REQUEST_CACHING, Ttl: 60, Type: SMALL}
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: rides}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      DeploymentId: first
      CacheClusterEnabled: true
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true, CacheDataEncrypted: true}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: AWS_IAM}
  Cache:
    Type: AWS::AppSync::ApiCache
    Properties:
      ApiId: !GetAtt Graph.ApiId
      ApiCachingBehavior: FULL_REQUEST_CACHING
      Ttl: 60
      Type: SMALL
      AtRestEncryptionEnabled: true
      TransitEncryptionEnabled: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import owners, place_of, resources, set_fix
from checkrein.checks.doors import api_of, behind, every_method, inside, stages
from checkrein.checks.questions import short, titles
from checkrein.model import App, Finding, Path, Resource
from checkrein.model.facts import as_path

CACHE = "AWS::AppSync::ApiCache"
ENCRYPTED = ("AtRestEncryptionEnabled", "TransitEncryptionEnabled")
METHOD = "CacheDataEncrypted"


def _caches(app: App) -> list[Resource]:
    return [*stages(app), *resources(app, CACHE)]


@check(
    _caches,
    fault=1,
    topics=("encryption-at-rest",),
    frameworks=("CWE-311", "AWS-FSBP:APIGateway.5", "AWS-FSBP:AppSync.1", "AWS-FSBP:AppSync.6"),
    peers=(
        "AWS-0002",
        "APIGateway.5",
        "AppSync.1",
        "AppSync.6",
        "apigateway_restapi_cache_encrypted",
        *("API_GW_CACHE_ENABLED_AND_ENCRYPTED",),
    ),
)
def unencrypted_response_cache(cache: Resource, app: App) -> Iterator[Finding]:
    if cache.type == CACHE:
        apis = sorted(owners(app, cache.value("ApiId")))
        for path in [as_path(name) for name in ENCRYPTED if cache[name] is not True][:1]:
            yield _finding(app, cache, apis, path)
        return
    api = api_of(app, cache)
    if api is not None and cache[inside(cache, "CacheClusterEnabled")] is True:
        for path in _in_clear(cache):
            yield _finding(app, cache, [api.id], path)


def _in_clear(stage: Resource) -> Iterator[Path]:
    """Yield the settings under which answers are cached without encryption."""
    every = every_method(stage)
    for path, settings in every:
        if settings.get("CachingEnabled") is True and settings.get(METHOD) is not True:
            yield (*path, METHOD)
    described = inside(stage, METHOD)
    if not every and described != METHOD and stage.value(described) is not True:
        yield as_path(described)


def _finding(app: App, cache: Resource, apis: list[str], path: Path) -> Finding:
    classes = tuple(dict.fromkeys(data for api in apis for data in behind(app, api)))
    held = f" ({titles(classes)})" if classes else ""
    changes: list[tuple[str | Path, bool]] = [(path, True)]
    if cache.type == CACHE:
        changes = [(name, True) for name in ENCRYPTED]
    return Finding(
        place_of(cache, path) if cache.type == CACHE else cache.where(path),
        f"the answers of {short(apis[0]) if apis else cache.name}{held} lie in a cache without"
        " encryption",
        cwe="CWE-311",
        endangers=tuple(apis),
        data=classes,
        fix=set_fix(cache, changes, "encrypt the cache"),
        key=tuple(map(str, path)),
        hygiene=not classes,
    )
