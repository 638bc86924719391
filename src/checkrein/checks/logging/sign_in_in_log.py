"""A sign-in leaves what it was made with in the log.

## Why

The code that an identity provider sends a browser back with, and the token in the address that the browser is then sent
to, open an account to whoever has them. In a log they are told to everybody who reads logs, for as long as it is kept.

## Fix

Log which provider and which route it is, and whether it went well.

## Examples

```python bad
import json
import os

import jwt
import requests


def handler(event, context):
    print("callback", json.dumps(event))  #! Example logs the code that it signs somebody in with
    code = event["queryStringParameters"]["code"]
    answer = requests.post(
        "https://login.example.com/token",
        data={"client_id": os.environ["CLIENT"], "code": code, "grant_type": "authorization_code"},
    ).json()
    token = jwt.encode({"sub": answer["id"]}, os.environ["SIGNING_KEY"], algorithm="HS256")
    target = f"https://shop.example.com/home?token={token}"
    print("redirects to", target)  #! Example logs an address with a token
    return {"statusCode": 302, "headers": {"Location": target}}
```

```python good
import os

import jwt
import requests


def handler(event, context):
    print("callback", event["rawPath"], event["queryStringParameters"].get("country"))
    code = event["queryStringParameters"]["code"]
    answer = requests.post(
        "https://login.example.com/token",
        data={"client_id": os.environ["CLIENT"], "code": code, "grant_type": "authorization_code"},
    ).json()
    token = jwt.encode({"sub": answer["id"]}, os.environ["SIGNING_KEY"], algorithm="HS256")
    print("signed in", len(token), f"https://api.example.com/list?page_token={answer['page']}")
    return {"statusCode": 200, "body": token}
```

```python good
import json

import requests


def handler(event, context):
    print(json.dumps(event))
    requests.post("https://api.example.com/countries", json={"code": event["queryStringParameters"]["code"]})
    return {"statusCode": 200}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.late import regex
from checkrein.model import (
    App,
    Argument,
    CallSite,
    Evidence,
    Finding,
    Open,
    Summary,
    Symbol,
    Text,
    Value,
)
from checkrein.model.values import alternatives

CODE, ADDRESS = "code", "address"
EXCHANGE = frozenset({"client_secret", "grant_type", "code_verifier", "redirect_uri"})
IN_ADDRESS = regex(
    r"[?&#](?:(?:access|id|refresh|auth|session|reset|login|jwt)_?)?(?:token|jwt)=$", 2
)
SESSION = "cred.session"
SAID = {
    CODE: "logs the code that it signs somebody in with",
    ADDRESS: "logs an address with a token",
}


@check(
    every(Summary),
    fault=2,
    topics=("data-exposure", "authentication"),
    frameworks=("CWE-532", "CWE-598", "OWASP-2025:A09", "OWASP-2021:A09"),
)
def sign_in_in_log(code: Summary, _: App) -> Iterator[Finding]:
    exchanged = {symbol: site for site in code.calls for symbol in _codes(site)}
    first: dict[str, Finding] = {}
    for site in code.calls:
        for argument in site.arguments if site.kind == "log" else ():
            for what, at in _told(argument, exchanged):
                if what not in first:
                    first[what] = _finding(code.function, site, what, at)
    yield from first.values()


def _codes(site: CallSite) -> Iterator[Symbol]:
    """Yield the fields of the request that are sent to be exchanged for a token."""
    names = {argument.path.rpartition(".")[2] for argument in site.arguments}
    for argument in site.arguments if site.kind == "http" and names & EXCHANGE else ():
        if argument.path.rpartition(".")[2] == CODE:
            yield from (s for s in argument.sources if s.owner == "event" and s.attribute)


def _told(
    argument: Argument, exchanged: dict[Symbol, CallSite]
) -> Iterator[tuple[str, CallSite | None]]:
    """Yield what of a sign-in stands in a log line, and the call that it was, or is from."""
    for part, before in _parts(argument.value):
        if isinstance(part, Symbol) and part.owner == "event":
            for symbol, site in exchanged.items():
                if not part.attribute or f"{symbol.attribute}.".startswith(f"{part.attribute}."):
                    yield CODE, site
        if isinstance(part, (Symbol, Open)) and IN_ADDRESS.search(before):
            yield ADDRESS, None


def _parts(value: Value) -> Iterator[tuple[Value, str]]:
    """Yield each part of each option of a value, with the text before it."""
    for option in alternatives(value):
        before = ""
        for part in option.parts if isinstance(option, Text) else (option,):
            yield part, before
            before = part if isinstance(part, str) else ""


def _finding(function: str, site: CallSite, what: str, at: CallSite | None) -> Finding:
    return Finding(
        site.place,
        f"{short(function)} {SAID[what]}",
        steps=(
            *((Evidence("it is exchanged for a token here", at.place),) if at else ()),
            *site.steps,
        ),
        cwe="CWE-532",
        endangers=(function,),
        key=(what,),
        data=(SESSION,),
        by=(function,),
        confidence="likely",
    )
