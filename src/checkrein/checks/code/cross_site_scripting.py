r"""What somebody sends becomes a part of a page that others open.

## Why

A browser runs the scripts of a page with the rights of whoever opens it: their session, their data.
An answer is a page if its content type says so; Flask and Express say so of every text. Where a
link chooses the content type, whoever made it chooses a page.

## Fix

Escape what was sent (`html.escape`, `escape-html`), or let a template engine that escapes by itself make
the page. What is no page should say that it is `application/json`.
A header that only the sender's own program sets, `Host` and all others but `Referer`, shows its text to
them alone, unless the page is stored.

## Examples

```python bad
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    return {  #! anyone can put scripts into a page of Example through event.queryStringParameters.name
        "statusCode": 200,
        "headers": {"Content-Type": "text/html; charset=utf-8"},
        "body": f"<h1>Hello {name}</h1>",
    }
```

```javascript bad
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  const page = "<h1>Hello NAME</h1>".replace("NAME", name);
  return { statusCode: 200, headers: { "content-type": "text/html" }, body: page }; //! anyone can put scripts into a page of Example through event.queryStringParameters.name
};
```

```javascript bad
const serverless = require("serverless-http");
const express = require("express");
const app = express();

app.get("/hello", (request, response) => {
  response.send(`<p>${request.query.name}</p>`); //! anyone can put scripts into a page of Example through event.queryStringParameters.name
});

exports.handler = serverless(app);
```

```python bad
def handler(event, context):
    asked = event["queryStringParameters"]
    headers = {"Content-Type": asked["type"]}
    return {"statusCode": 200, "headers": headers, "body": asked["text"]}  #! anyone can put scripts into a page of Example through event.queryStringParameters.text
```

```javascript bad
const ejs = require("ejs");
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  const body = ejs.render("<p><%- name %></p>", { name });
  return { statusCode: 200, headers: { "content-type": "text/html" }, body }; //! anyone can put scripts into a page of Example through event.queryStringParameters.name
};
```

```javascript bad
const Mustache = require("mustache");
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  const body = Mustache.render(`<p>${name}, {{ greeting }}</p>`, { greeting: "hello" });
  return { statusCode: 200, headers: { "content-type": "text/html" }, body }; //! anyone can put scripts into a page of Example through event.queryStringParameters.name
};
```

```javascript bad
const page = require("handlebars").compile("<p>{{{ name }}}</p>");
exports.handler = async (event) => {
  const body = page(event.queryStringParameters);
  return { statusCode: 200, headers: { "content-type": "text/html" }, body }; //! anyone can put scripts into a page of Example through event.queryStringParameters
};
```

```javascript bad
const page = require("handlebars").compile("<p>{{ name }}</p>", { noEscape: true });
exports.handler = async (event) => {
  const body = page(event.queryStringParameters);
  return { statusCode: 200, headers: { "content-type": "text/html" }, body }; //! anyone can put scripts into a page of Example through event.queryStringParameters
};
```

```javascript bad
const ejs = require("ejs");
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  const body = ejs.render("<p><%= name %></p>", { name }, { escape: String });
  return { statusCode: 200, headers: { "content-type": "text/html" }, body }; //! anyone can put scripts into a page of Example through event.queryStringParameters.name
};
```

Template engines escape what they put into a page, if the template or an option does not say otherwise:

```javascript good
const ejs = require("ejs"), fs = require("fs"), Handlebars = require("handlebars");
const page = Handlebars.compile(fs.readFileSync(`${__dirname}/page.html`, "utf8"));
exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  const body = ejs.render("<p><%= name %></p>", { name }) + page({ name });
  return { statusCode: 200, headers: { "content-type": "text/html" }, body };
};
```

```python good
def handler(event, context):
    asked = event["queryStringParameters"]
    if asked["type"] not in ("text/plain", "text/csv"):
        return {"statusCode": 200, "headers": {"Content-Type": asked["type"]}, "body": "ok"}
    return {"statusCode": 200, "headers": {"Content-Type": asked["type"]}, "body": asked["text"]}
```

```python good
import html, json

def handler(event, context):
    asked = event["queryStringParameters"]
    if asked["kind"] == "json":
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "application/json"},
            "body": json.dumps({"name": asked["name"]}),
        }
    if asked["kind"] == "plain":
        return {"statusCode": 200, "body": "Hello " + asked["name"]}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/html"},
        "body": f"<h1>{html.escape(asked['name'])}</h1><p>{int(asked['count'])}</p>",
    }
```

```javascript good
const serverless = require("serverless-http");
const express = require("express");
const app = express();

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

app.get("/hello", (request, response) => {
  response.send(`<p>${escaped(request.query.name)}</p>`);
});
app.get("/json", (request, response) => {
  response.json({ name: request.query.name });
});

exports.handler = serverless(app);
```

One of several functions answers, and what goes out as JSON is no part of another's page:

```javascript good
const page = async () => ({ statusCode: 200, headers: { "Content-Type": "text/html" }, body: "<p>" });
const echo = async (event) => ({
  statusCode: 200,
  body: `{"name": "${event.queryStringParameters.name}"}`,
});
const routes = [{ path: "/", run: page }, { path: "/echo", run: echo }];

exports.handler = async (event) => {
  for (const route of routes) {
    if (route.path === event.rawPath) {
      const answer = await route.run(event);
      return event.again ? { ...answer, multiValueHeaders: { "Set-Cookie": ["a=b"] } } : answer;
    }
  }
  return { statusCode: 404 };
};
```

```python good
def page(event):
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": "<p>Hello</p>"}


def echo(event):
    return {"statusCode": 200, "body": event["queryStringParameters"]["name"]}


ROUTES = {"/": page, "/echo": echo}


def handler(event, context):
    return {**ROUTES[event["rawPath"]](event), "cookies": []}
```

```python bad
def page(event):
    name = event["queryStringParameters"]["name"]
    return {"statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": f"<p>{name}</p>"}


def echo(event):
    return {"statusCode": 200, "body": event["queryStringParameters"]["name"]}


ROUTES = {"/": page, "/echo": echo}


def handler(event, context):
    return {**ROUTES[event["rawPath"]](event), "cookies": []}  #! anyone can put scripts into a page of Example through event.queryStringParameters.name
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest

from checkrein.checks import check, every
from checkrein.checks.addresses import PATHS
from checkrein.checks.context import resources
from checkrein.checks.questions import grouped, short
from checkrein.checks.tainted import finding, kept, reached, said
from checkrein.late import regex
from checkrein.model import (
    App,
    CallSite,
    Entry,
    Finding,
    Function,
    Summary,
    Symbol,
    Taint,
    Text,
)
from checkrein.model.asking import of_app
from checkrein.model.values import alternatives

TYPES = ("headers.Content-Type", "multiValueHeaders.Content-Type[]", "ContentType")
PAGES = ("text/html", "application/xhtml", "image/svg")
TEXTS = ("queryStringParameters.", "pathParameters.", "headers.")  # no objects, for these are JSON
LINKED = ("queryStringParameters.", "multiValueQueryStringParameters.", "pathParameters.")
SIGNED_IN = "a signed-in caller"
AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")
APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
HEADER = regex(r"(?i)(multiValueH|h)eaders\.(?!referr?er\b)")


@check(every(Function), fault=2, topics=("cross-site-scripting",), frameworks=("CWE-79", "CWE-80"))
def cross_site_scripting(function: Function, app: App) -> Iterator[Finding]:
    fixed = _has_fixed_paths(app, function)
    for found in reached(function, app, "html", _is_page):
        fault = kept(
            found,
            lambda fault, taint: (
                _is_sendable(fault.site, taint, fixed=fixed) and not _asks_for_key(app, taint)
            ),
        )
        if not fault.taints:
            continue
        name = short(function.id)
        message = f"{fault.who} can put scripts into a page of {name} through {fault.fields}"
        yield finding(app, fault, message, "CWE-79")


def _is_page(site: CallSite, taint: Taint) -> bool:
    """Tell whether content stands in the text of a page; values of a template are escaped."""
    if site.kind == "response" or (site.kind, site.service) == ("sdk", "s3"):
        types = list(chain.from_iterable(said(site, path) for path in TYPES))
        page = any(str(one).startswith(PAGES) for one in types) or _says_which(site)
        return taint.argument.lower() == "body" and page
    used = (site.kind, site.service, taint.argument) == ("use", "html", "body")
    return used and any(_is_text(option, taint.source) for option in said(site, "body"))


def _says_which(site: CallSite) -> bool:
    """Tell whether a link says what kind of content an answer is: that it is a page."""
    return site.kind == "response" and any(
        source.owner == "event" and source.attribute.startswith(LINKED) and not harmless
        for argument in site.arguments
        if argument.path in TYPES
        for source, harmless in zip_longest(argument.sources, argument.harmless)
        if source in alternatives(argument.value)
    )


def _is_sendable(site: CallSite, taint: Taint, *, fixed: bool) -> bool:
    """Tell whether somebody else's browser can be made to send what a page shows.

    A link sets no header but where it stands, and no path but one that a route takes. Who stores
    the page sends what they want themselves.
    """
    source = taint.source
    if site.kind == "sdk" or source.owner != "event" or taint.enters != taint.function:
        return True
    if fixed and source.attribute in PATHS:
        return False
    return not HEADER.match(source.attribute)


def _asks_for_key(app: App, taint: Taint) -> bool:
    """Tell whether only who holds a key can send a body: no form of another site brings one along.

    Cookies are what browsers add by themselves.
    """
    posted = taint.source.owner == "event" and taint.source.attribute.startswith("body")
    asked = taint.who == SIGNED_IN and taint.enters == taint.function
    return posted and asked and not _reads_cookies(app)


@of_app
def _reads_cookies(app: App) -> bool:
    """Tell whether code, or what an API hands to an authorizer, is a cookie."""
    read = (read.source.attribute for each in app.every(Summary) for read in each.reads)
    asked = (each.value("IdentitySource") for each in resources(app, *AUTHORIZERS))
    bodies = (each.value("Body") for each in resources(app, *APIS))
    return any("cookie" in str(one).lower() for one in chain(read, asked)) or any(
        "request.header.cookie" in str(body).lower() for body in bodies
    )


def _has_fixed_paths(app: App, function: Function) -> bool:
    """Tell whether every route of a function has one path only."""
    routes = [e.route for e in grouped(app, Entry, "function").get(function.id, []) if e.route]
    return bool(routes) and not any("{" in route or "$default" in route for route in routes)


def _is_text(option: object, source: Symbol) -> bool:
    """Tell whether a value is a text with some content in it, rather than an object."""
    if option == source:
        return source.attribute.startswith(TEXTS)
    return isinstance(option, Text) and source in option.parts
