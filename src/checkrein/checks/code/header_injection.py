"""A link to the site decides what a cookie or a header of the answer says.

## Why

Who makes somebody follow a link chooses its path and its query. Where that text goes into a
`Set-Cookie` as it is, a semicolon in it ends the value, and what follows are attributes: `Domain`
gives the cookie to every host beside this one, `Path` and `Max-Age` keep it there. Where it is a
header's name, they choose which header: `Set-Cookie`, `Location`, `Access-Control-Allow-Origin`.
Line breaks are another matter: HTTP allows none in a header, and gateways send none on.

## Fix

Encode it: `encodeURIComponent(value)`, `urllib.parse.quote(value, safe="")`, or let a framework's
own function set the cookie. Take names of headers from a list.

## Examples

```python bad
def handler(event, context):
    headers = {"Set-Cookie": f"theme={event['queryStringParameters']['theme']}; HttpOnly; Secure"}
    return {"statusCode": 200, "headers": headers, "body": ""}  #! who makes somebody follow a link to Example can write attributes of a cookie through event.queryStringParameters.theme
```

```python bad
def handler(event, context):
    headers = {"Content-Type": "text/plain"}
    headers[event["pathParameters"]["name"]] = "1"
    return {"statusCode": 200, "headers": headers, "body": ""}  #! who makes somebody follow a link to Example can choose a header through event.pathParameters.name
```

```javascript bad
exports.handler = async (event) => ({ //! who makes somebody follow a link to Example can write attributes of a cookie through event.queryStringParameters.lang
  statusCode: 200,
  cookies: ["lang=" + event.queryStringParameters.lang],
  body: "",
});
```

```javascript bad
exports.handler = async (event) => {
  const headers = { "X-Kind": "echo", ...event.queryStringParameters };
  return { statusCode: 200, headers, body: "" }; //! who makes somebody follow a link to Example can choose a header through event.queryStringParameters
};
```

```python good
import re
from urllib.parse import quote

def handler(event, context):
    query = event["queryStringParameters"]
    if not re.fullmatch(r"[a-z]{2}", query["lang"]):
        return {"statusCode": 400, "body": ""}
    headers = {"Set-Cookie": f"theme={quote(query['theme'])}; lang={query['lang']}; Secure"}
    headers["X-Request"] = query["request"]
    headers.update({"X-Query": str(query), "X-Agent": event["headers"]["user-agent"]})
    return {"statusCode": 200, "headers": headers, "body": query["theme"]}
```

```javascript good
const express = require("express");
const app = express();

app.get("/theme", (request, response) => {
  response.cookie("theme", request.query.theme);
  response.send("ok");
});
exports.handler = require("serverless-http")(app);
```

```javascript good
exports.handler = async (event) => ({
  statusCode: 200,
  headers: { "Set-Cookie": `theme=${encodeURIComponent(event.queryStringParameters.theme)}; Secure` },
  cookies: [`seen=${JSON.parse(event.body).seen}`],
  body: "",
});
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, is_verbatim, once, reached
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Taint

COOKIE = regex(r"(?i)(?:headers|multiValueHeaders)\.set-cookie(?:\[\])?$|cookies\[\]$")
NAMED = regex(r"(?:headers|multiValueHeaders)(?:\{\}(?:\[\])?)?$")  # whichever header
QUERIES = ("queryStringParameters", "multiValueQueryStringParameters")
LINKED = (*(f"{query}." for query in QUERIES), "pathParameters.")


@check(every(Function), fault=1, topics=("injection",), frameworks=("CWE-113",))
def header_injection(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_findings(function, app))


def _findings(function: Function, app: App) -> Iterator[Finding]:
    who = f"who makes somebody follow a link to {short(function.id)}"
    for fault in reached(function, app, "cookie", _ends_a_cookie):
        message = f"{who} can write attributes of a cookie through {fault.fields}"
        yield finding(app, fault, message, "CWE-113")
    for fault in reached(function, app, "header", _chooses_a_header):
        yield finding(app, fault, f"{who} can choose a header through {fault.fields}", "CWE-113")


def _ends_a_cookie(site: CallSite, taint: Taint) -> bool:
    return bool(COOKIE.match(taint.argument)) and _is_linked(site, taint)


def _chooses_a_header(site: CallSite, taint: Taint) -> bool:
    if not taint.argument.endswith(("}", "]")) and taint.source.attribute not in QUERIES:
        return False  # one text for all headers is none
    return bool(NAMED.match(taint.argument)) and _is_linked(site, taint)


def _is_linked(site: CallSite, taint: Taint) -> bool:
    """Tell whether a link chooses a part of an answer, as it is."""
    attribute = taint.source.attribute
    chosen = taint.source.owner != "event" or attribute.startswith(LINKED) or attribute in QUERIES
    return site.kind == "response" and chosen and is_verbatim(site, taint)
