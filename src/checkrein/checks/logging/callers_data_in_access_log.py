"""An API's access log takes down who the caller is, beyond what a log needs.

## Why

`$context.authorizer.claims.email` and the like put personal data, or `$context.identity.apiKey` a key, into every
line of the log: for as long as logs are kept, for everybody who may read them. An id that means nothing outside
the application (`sub`, `principalId`) says as well who called.

## Fix

Log `$context.authorizer.claims.sub` or `$context.authorizer.principalId`, and `$context.identity.apiKeyId`.

## Examples

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      AccessLogSettings:
        DestinationArn: arn:aws:logs:eu-west-1:111122223333:log-group:rides
        Format: '{"who":"$context.authorizer.claims.email","route":"$context.routeKey"}'  #! each line of the access log of Api holds e-mail address ($context.authorizer.claims.email)
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      AccessLogSettings:
        DestinationArn: arn:aws:logs:eu-west-1:111122223333:log-group:rides
        Format: '{"who":"$context.authorizer.claims.sub","route":"$context.routeKey"}'
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import set_fix
from checkrein.checks.doors import api_of, inside, stages
from checkrein.checks.questions import listed, titles
from checkrein.checks.worth import valuable
from checkrein.detect.names import classify
from checkrein.late import regex
from checkrein.model import App, Finding, Resource
from checkrein.model.values import alternatives

FORMATS = ("AccessLogSetting.Format", "AccessLogSettings.Format")
CLAIM = regex(r"\$context\.authorizer\.(?:claims\.)?([\w:]+)")
PLAIN = frozenset(
    {"sub", "principalId", "error", "status", "latency", "requestId", "scope", "integrationLatency"}
)
KEYS = "$context.identity.apiKey"
KEY = regex(rf"{re.escape(KEYS)}\b")
ID = "$context.authorizer.claims.sub"


@check(
    stages,
    fault=1,
    topics=("data-exposure", "logging"),
    frameworks=("CWE-532",),
)
def callers_data_in_access_log(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    for path in (inside(stage, name) for name in FORMATS):
        for text in alternatives(stage.value(path)):
            if not isinstance(text, str):
                continue
            found = dict(_named(text))
            classes = valuable(app, found.values())
            names = [name for name, data in found.items() if data in classes]
            if names:
                yield Finding(
                    stage.where(path),
                    f"each line of the access log of {(api or stage).name} holds {titles(classes)}"
                    f" ({listed(names)})",
                    cwe="CWE-532",
                    endangers=(api.id,) if api else (),
                    data=tuple(classes),
                    by=(stage.id,),
                    fix=set_fix(stage, [(path, _less(text, names))], "log ids instead"),
                    key=tuple(names),
                )


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Yield the variables of a format that tell more than an id, with their classes."""
    for claim in CLAIM.finditer(text):
        found = classify(claim[1].rpartition(":")[2]) if claim[1] not in PLAIN else None
        if found:
            yield claim[0], found.data
    if KEY.search(text):
        yield KEYS, "cred.token"


def _less(text: str, names: list[str]) -> str:
    """Return a format with ids in the place of some variables."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, f"{KEYS}Id" if name == KEYS else ID)
    return text
