r"""What a caller sends says which host the function asks.

## Why

The request comes from where the function stands: behind firewalls, inside a VPC, with addresses that
others trust. Python's `urlopen` reads files too, so that `file:///proc/self/environ` gives away the
function's credentials.

## Fix

Write the host into the code or the settings. Where it must be chosen, parse the URL and compare its
host with a list; the beginning of the text does not tell it (`https://example.com.evil.org`).

## Examples

```python bad
import urllib.request

def handler(event, context):
    url = event["queryStringParameters"]["url"]
    with urllib.request.urlopen(url) as answer:  #! anyone can make Example ask any host or read its files, and gets the answer, through event.queryStringParameters.url
        return {"body": answer.read().decode()}
```

```python bad
import requests

API = "https://api.example.com"

def handler(event, context):
    asked = event["pathParameters"]
    if asked["url"].startswith("https://"):
        requests.post(asked["url"], json={"ok": True})  #! anyone can make Example ask any host through event.pathParameters.url
    requests.get(API + asked["more"])  #! anyone can make Example ask any host through event.pathParameters.more
    requests.get(f"https://{asked['shop']}.example.com/" + asked["page"])  #! anyone can make Example ask any host through event.pathParameters.shop
```

```javascript bad
const axios = require("axios");

exports.handler = async (event) => {
  const { url, region } = JSON.parse(event.body);
  const answer = await axios.get(url); //! anyone can make Example ask any host, and gets the answer, through event.body.url
  await fetch(new URL(region)); //! anyone can make Example ask any host through event.body.region
  return { statusCode: 200, body: answer.data };
};
```

```javascript bad
const { execSync } = require("child_process");

exports.handler = async (event) => {
  const { url } = event.queryStringParameters;
  if (/^[\w:/.-]+$/.test(url)) {
    execSync(`cd /tmp && curl --silent -L ${url} -o page`); //! anyone can make Example ask any host through event.queryStringParameters.url
  }
};
```

```python good
import os, re
from urllib.parse import urlparse
import requests

HOSTS = {"images.example.com", "cdn.example.com"}

def handler(event, context):
    asked = event["queryStringParameters"]
    requests.get("https://api.example.com/" + asked["path"])
    requests.get(os.environ["API"] + asked["path"])
    requests.get("https://api.example.com?q=" + asked["query"])
    if re.fullmatch(r"[a-z0-9-]+", asked["region"]):
        requests.get(f"https://{asked['region']}.example.com/")
    parsed = urlparse(asked["image"])
    if parsed.hostname not in HOSTS:
        return {"statusCode": 400}
    requests.get(asked["image"])
    if asked["other"].startswith("https://cdn.example.com/"):
        requests.get(asked["other"])
```

```javascript good
const { execSync } = require("child_process");
const HOSTS = ["images.example.com"];

exports.handler = async (event) => {
  const { image, feed, page } = JSON.parse(event.body);
  const url = new URL(image);
  if (!HOSTS.includes(url.hostname)) throw new Error("not that host");
  await fetch(url);
  const other = new URL(feed);
  if (other.protocol !== "https:" || !other.host.endsWith(".example.com")) {
    return { statusCode: 400 };
  }
  await fetch(feed);
  await fetch(`https://api.example.com/pages/${page}`);
  if (/^[a-z]+$/.test(page)) {
    execSync(`curl -s https://api.example.com/${page}; echo curl ${page}; curl -o ${page} -H "Page: ${page}" https://example.com`);
  }
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, every
from checkrein.checks.addresses import chooses_host
from checkrein.checks.questions import short
from checkrein.checks.shell_requests import fetches_from
from checkrein.checks.tainted import Fault, finding, is_answered, is_argument, reached
from checkrein.model import App, CallSite, Finding, Function, Taint
from checkrein.model.values import alternatives


@check(every(Function), fault=2, topics=("server-side-requests",), frameworks=("CWE-918",))
def server_side_request_forgery(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "url", _says_host):
        read = is_answered(fault, app)
        files = read and _opens_files(fault)
        what = "ask any host" + (" or read its files" if files else "")
        gets = ", and gets the answer," if read else ""
        message = f"{fault.who} can make {short(function.id)} {what}{gets} through {fault.fields}"
        found = finding(app, fault, message, "CWE-918")
        yield replace(found, fault=3) if files else found


def _says_host(site: CallSite, taint: Taint) -> bool:
    if (site.kind, site.service) == ("use", "command"):
        return is_argument(taint.argument) and any(
            fetches_from(argument.value, taint.source)
            for argument in site.arguments
            if argument.path == taint.argument
        )
    if site.kind == "http":
        places = taint.argument == "url"
    else:
        places = site.kind == "use" and site.service == "url" and is_argument(taint.argument)
    return places and any(
        chooses_host(argument.value, taint.source)
        for argument in site.arguments
        if argument.path == taint.argument
    )


def _opens_files(fault: Fault) -> bool:
    """Tell whether the client takes ``file:`` where the whole URL is theirs."""
    urls = [a.value for a in fault.site.arguments if a.path == fault.taints[0].argument]
    whole = any(fault.taints[0].source in alternatives(url) for url in urls)
    return fault.site.service == "urllib" and whole
