r"""What a caller sends says where the answer leads a browser.

## Why

A link to your domain that leads to another is made for phishing: it begins with a name that people
trust. In a sign-in flow it carries codes and tokens to the other host.

## Fix

Redirect to paths of your own, or take the host from a list. That a text begins with a slash is not
enough: `//evil.example.org` does too.

## Examples

```python bad
def handler(event, context):
    target = event["queryStringParameters"]["next"]
    return {"statusCode": 302, "headers": {"Location": target}}  #! anyone can make links to Example that lead to any host through event.queryStringParameters.next
```

```javascript bad
exports.handler = async (event) => {
  const next = event.queryStringParameters.next;
  const headers = { location: "/" + next };
  return { statusCode: 301, headers }; //! anyone can make links to Example that lead to any host through event.queryStringParameters.next
};
```

```python good
from urllib.parse import urlparse

PAGES = {"/home", "/orders"}

def handler(event, context):
    asked = event["queryStringParameters"]
    if asked["next"] in PAGES:
        return {"statusCode": 302, "headers": {"Location": asked["next"]}}
    if urlparse(asked["back"]).netloc == "shop.example.com":
        return {"statusCode": 302, "headers": {"Location": asked["back"]}}
    return {"statusCode": 302, "headers": {"Location": f"https://shop.example.com/?q={asked['q']}"}}
```

```javascript good
exports.handler = async (event) => {
  const { id } = event.pathParameters;
  return { statusCode: 302, headers: { Location: `${process.env.SITE}/orders/${id}` } };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.addresses import chooses_host
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, is_argument, reached, said
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Taint

LOCATION = regex(r"(?i)(?:headers|multiValueHeaders)\.location(?:\[\])?(?:\.value)?$")


@check(every(Function), fault=1, topics=("redirects",), frameworks=("CWE-601",))
def open_redirect(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "redirect", _leads_away):
        name = short(function.id)
        message = (
            f"{fault.who} can make links to {name} that lead to any host through {fault.fields}"
        )
        yield finding(app, fault, message, "CWE-601")


def _leads_away(site: CallSite, taint: Taint) -> bool:
    if site.kind == "response":
        places = bool(LOCATION.match(taint.argument))
    else:
        used = (site.kind, site.service) == ("use", "redirect")
        places = used and is_argument(taint.argument)
    return places and any(
        chooses_host(option, taint.source) for option in said(site, taint.argument)
    )
