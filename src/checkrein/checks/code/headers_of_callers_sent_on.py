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
from checkrein.model import App, CallSite, Finding, Function, Symbol, Taint, Text

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
        host = _host(fault.site)
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


def _host(site: CallSite) -> str:
    """Return the host that a request goes to, as far as code writes it out."""
    for option in said(site, "url"):
        first = option.parts[0] if isinstance(option, Text) else option
        if isinstance(first, str) and "//" in first and not isinstance(option, Symbol):
            host = urlsplit(first).hostname
            if host and (isinstance(option, str) or urlsplit(first).path):
                return host
    return ""
