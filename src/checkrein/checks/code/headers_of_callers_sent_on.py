"""A request to others carries whatever headers a caller sends.

## Why

Among a caller's headers are `Authorization` and `Cookie`: who gets them all may sign in as the
caller. And who chooses the headers of a request that the function makes chooses how the other side
takes it: for whom (`X-User-Id`, `X-Forwarded-For`), at which host (`Host`), by which method
(`X-HTTP-Method-Override`), as something that your function's own address may ask for.

## Fix

Name the headers that go on, and take their values one by one.

## Examples

```python bad
import json, requests

def handler(event, context):
    requests.get("https://api.partner.example/rates", headers=event["headers"])  #! Example sends all headers of its callers, their tokens too, to api.partner.example
    asked = json.loads(event["body"])
    requests.post("https://api.partner.example/orders", json=1, headers=asked["headers"])  #! anyone can choose the headers of requests that Example sends to api.partner.example
```

```javascript bad
exports.handler = async (event) => {
  const headers = { ...event.headers, host: "api.partner.example" };
  const answer = await fetch("https://api.partner.example/rates", { headers }); //! Example sends all headers of its callers, their tokens too, to api.partner.example
  return { statusCode: 200, body: await answer.text() };
};
```

```yaml bad template.yaml
Resources:
  Passing:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
      Environment: {Variables: {PARTNER: "https://api.partner.example"}}
  Address:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Passing.Arn, AuthType: NONE}
  Anyone:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Passing, Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: NONE}
```

```javascript bad src/app.js
const axios = require("axios");
exports.handler = async (event) => {
  const headers = event.headers || {};
  await axios({ url: `${process.env.PARTNER}/rates`, method: "GET", headers }); //! Passing sends all headers of its callers, their tokens too, to api.partner.example
};
```

```python good
import os, requests

def handler(event, context):
    sent = event["headers"]
    headers = {"Accept-Language": sent["accept-language"], "X-Request": sent["x-request-id"]}
    requests.get("https://api.partner.example/rates", headers=headers)
    requests.get(os.environ["BACKEND"] + "/rates", headers=sent)
```

```javascript good
exports.handler = async (event) => {
  const { language } = JSON.parse(event.body);
  const { authorization, cookie, ...rest } = event.headers;
  const kept = Object.fromEntries(["accept", "accept-language"].map((n) => [n, event.headers[n]]));
  await fetch("https://api.partner.example/rates", { headers: kept });
  await fetch("https://api.partner.example/rates", { headers: { "accept-language": language } });
  return { statusCode: 200, body: Object.keys(rest).join() };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, once, reached, said
from checkrein.model import App, CallSite, Finding, Function, Resource, Symbol, Taint, Text

HEADERS = ("headers", "multiValueHeaders")
OTHERS = "another host"
CHOSEN = ("body", "queryStringParameters", "multiValueQueryStringParameters")


@check(
    every(Function),
    fault=1,
    topics=("data-exposure", "third-parties"),
    frameworks=("CWE-200", "CWE-441"),
)
def headers_of_callers_sent_on(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_findings(function, app))


def _findings(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "header", _is_all_headers):
        host = _host(app, function, fault.site)
        if fault.taints[0].source.attribute not in HEADERS:
            to = f"that {short(function.id)} sends to {host or OTHERS}"
            message = f"{fault.who} can choose the headers of requests {to}"
            yield finding(app, fault, message, "CWE-441")
        elif host:
            to = f"sends all headers of its callers, their tokens too, to {host}"
            yield finding(app, fault, f"{short(function.id)} {to}", "CWE-200")


def _is_all_headers(site: CallSite, taint: Taint) -> bool:
    """Tell whether the headers of a request are whatever somebody sends, names and all."""
    source = taint.source
    whole = site.kind == "http" and taint.argument == "headers" and source.owner == "event"
    known = source.attribute in HEADERS or source.attribute.startswith(CHOSEN)
    return whole and known and source in said(site, taint.argument)


def _host(app: App, function: Function, site: CallSite) -> str:
    """Return the host that a request goes to, as far as code or the template writes it out."""
    for option in said(site, "url"):
        first = option.parts[0] if isinstance(option, Text) else option
        begun = isinstance(option, Text)
        if isinstance(first, Symbol) and first.owner == "env":
            first, begun = _variable(app, function, first.attribute), False
        if isinstance(first, str) and "//" in first:
            host = urlsplit(first).hostname
            if host and (not begun or urlsplit(first).path):
                return host
    return ""


def _variable(app: App, function: Function, name: str) -> object:
    """Return what the template gives a function's variable, None where it does not say."""
    for resource in app.alternatives(Resource, function.id):
        return resource.value(("Environment", "Variables", name))
    return None
