r"""Any website may read answers that carry the visitor's session.

## Why

A browser keeps answers from other websites unless they allow the website's origin. An answer that
allows whatever origin asks, with credentials, opens what a signed-in visitor may see to every page
that they open.

## Fix

Compare the origin with a list before it is sent back, or send no `Access-Control-Allow-Credentials`
where callers show a token rather than a cookie.

## Examples

```python bad
def handler(event, context):
    return {  #! any website may read what Example answers to its visitors: it allows event.headers.origin, with credentials
        "statusCode": 200,
        "headers": {
            "Access-Control-Allow-Origin": event["headers"]["origin"],
            "Access-Control-Allow-Credentials": "true",
        },
        "body": "{}",
    }
```

```javascript bad
const serverless = require("serverless-http");
const express = require("express");
const cors = require("cors");
const app = express();

app.use(cors({ origin: true, credentials: true })); //! any website may read what Example answers to its visitors: it allows every origin, with credentials
app.get("/me", (request, response) => response.json({ name: "Ada" }));

exports.handler = serverless(app);
```

```python good
ALLOWED = ("https://shop.example.com",)

def handler(event, context):
    origin = event["headers"]["origin"]
    if origin not in ALLOWED:
        return {
            "statusCode": 403,
            "headers": {"Access-Control-Allow-Origin": origin},
        }
    return {
        "statusCode": 200,
        "headers": {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
        },
        "body": "{}",
    }
```

```javascript good
const cors = require("cors")({ origin: "https://shop.example.com", credentials: true });
const open = require("cors")({ origin: true });
const ALLOWED = new Set(["https://shop.example.com"]);

exports.handler = async (event) => {
  const origin = event.headers.origin;
  const headers = { "Access-Control-Allow-Credentials": true };
  if (ALLOWED.has(origin)) headers["Access-Control-Allow-Origin"] = origin;
  return { statusCode: 200, headers, body: "{}" };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, every
from checkrein.checks.exposure import OUTSIDE
from checkrein.checks.questions import grouped, short
from checkrein.checks.tainted import finding, reached, said, sites_of, within_reach
from checkrein.model import App, CallSite, Entry, Finding, Function, Taint

ORIGIN = "headers.Access-Control-Allow-Origin"
CREDENTIALS = "headers.Access-Control-Allow-Credentials"
EVERY = {  # of libraries: what says which origins, with which value; what says with credentials
    "options.origin": (True, "options.credentials"),
    "with.allow_origins[]": ("*", "with.allow_credentials"),
}


@check(every(Function), fault=1, topics=("configuration",), frameworks=("CWE-942", "CWE-346"))
def any_origin_with_credentials(function: Function, app: App) -> Iterator[Finding]:
    name = short(function.id)
    begins = f"any website may read what {name} answers to its visitors: it allows "
    for fault in reached(function, app, "url", _reflects):
        message = f"{begins}{fault.fields}, with credentials"
        # what the page says of itself, and who asks is the visitor
        yield replace(finding(app, fault, message, "CWE-942"), by=(function.id,))
    entries = grouped(app, Entry, "function").get(function.id, [])
    if any(entry.kind in OUTSIDE for entry in entries):
        for site in sites_of(app, function):
            if site.kind == "use" and site.service == "cors" and _allows_every(site):
                yield Finding(
                    site.place,
                    f"{begins}every origin, with credentials",
                    cwe="CWE-942",
                    endangers=within_reach(app, function),
                    key=(site.operation,),
                    by=(function.id,),
                )


def _reflects(site: CallSite, taint: Taint) -> bool:
    if site.kind != "response" or taint.argument.casefold() != ORIGIN.casefold():
        return False
    origin = taint.source.attribute.casefold().endswith("headers.origin")
    allowed = said(site, CREDENTIALS)
    return origin and any(str(one).casefold() == "true" for one in allowed)


def _allows_every(site: CallSite) -> bool:
    return any(
        wanted in said(site, path) and True in said(site, credentials)
        for path, (wanted, credentials) in EVERY.items()
    )
