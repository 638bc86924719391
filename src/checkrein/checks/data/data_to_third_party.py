"""Valuable data leaves for a third party.

## Why

What another company receives is out of the team's hands: it needs a contract, a reason and, for
personal data, a legal basis. Code sends easily what nobody decided to send. A key or token by which the app
itself is known there is no such data (so is any other credential whose name is the receiver's: `UNSPLASH_ACCESS_KEY`
for unsplash.com), nor is the receiver's own token, which a caller brought along (`x-square-access-token` for
squareup.com), nor what the receiver itself has just told; the token by which a caller is known here is.

A telephone number at a telephone company, or an address at who sends mail, is mostly what the application is for: names,
addresses and prices sent to a host that the code names are a small fault. Credentials, cards, health and papers are
a greater one, and so is whatever goes there over plain HTTP.

## Fix

Send a reference or a token in place of the data, or declare the host and what it may hold in
`checkrein.yaml`.

## Examples

```yaml bad template.yaml
Resources:
  Notify:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import requests
          def handler(event, context):
              requests.post("https://crm.vendor.com/new", json={"email": event["email"]})  #! Notify sends e-mail address to crm.vendor.com
```

```yaml good template.yaml
Resources:
  Notify:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import os, requests
          def handler(event, context):
              known = {"Authorization": f"Bearer {os.environ['API_TOKEN']}"}
              requests.post("https://crm.vendor.com/new", json={"kind": "welcome"}, headers=known)
```

```yaml good template.yaml
Resources:
  Find:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {UNSPLASH_ACCESS_KEY: "{{resolve:secretsmanager:pictures}}"}}
      Code:
        ZipFile: |
          import os, requests
          def handler(event, context):
              key = os.environ["UNSPLASH_ACCESS_KEY"]
              requests.get("https://api.unsplash.com/search", headers={"Authorization": f"Client-ID {key}"})
              login = requests.get("https://api.line.com/suggestion").json()
              requests.put("https://api.line.com/login", json={"password": login["password"]})
```

The key of one company is no business of another:

```yaml bad template.yaml
Resources:
  Find:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {UNSPLASH_ACCESS_KEY: "{{resolve:secretsmanager:pictures}}"}}
      Code:
        ZipFile: |
          import os, requests
          def handler(event, context):
              key = os.environ["UNSPLASH_ACCESS_KEY"]
              requests.post("https://logs.timberline.com/new", json={"key": key})  #! Find sends cloud access key pair to logs.timberline.com
              login = requests.get("https://api.line.com/suggestion").json()
              requests.post("https://crm.vendor.com/new", json={"password": login["password"]})  #! Find sends password to crm.vendor.com
```

```yaml bad template.yaml
Resources:
  Pass:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import requests
          def handler(event, context):
              token = event["headers"]["Authorization"]
              requests.post("https://crm.vendor.com/new", json={"who": token})  #! Pass sends API key or access token to crm.vendor.com
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.issuers import HOST, KNOWN_BY, goes_home, is_issued_by
from checkrein.checks.keeping import text_of
from checkrein.checks.questions import accepted, carried, flows_by, short, titles, weakest
from checkrein.checks.tainted import sites_of
from checkrein.checks.worth import valuable
from checkrein.model import App, Element, Finding, Flow, Function, Place

PLAIN = "http://"
LEAK, MEANT = 2, 1  # faults
EXCHANGED = frozenset({"cred.otp", "cred.token"})  # authorization codes, refresh tokens
GRANT = "grant_type"
OF_COMPANIES = frozenset({"cred.cloud_key", "cred.key", "cred.password"})  # where the name says so


@check(
    every(Function),
    fault=2,
    topics=("third-parties", "data-inventory"),
    frameworks=("CWE-201", "CWE-359"),
)
def data_to_third_party(function: Function, app: App) -> Iterator[Finding]:
    sent: defaultdict[tuple[Place, str], list[tuple[Flow, Element]]] = defaultdict(list)
    for flow in flows_by(app, function.id):
        host = flow.target.node
        told_by_it = flow.source.node == host
        for element in carried(app, flow) if host.startswith(HOST) and not told_by_it else ():
            own = _is_its_own(flow, element, app, function) or (
                element.data in EXCHANGED and _exchanges(app, function, flow.evidence[0].place)
            )
            if element.data not in accepted(app, host) and not own:
                sent[flow.evidence[0].place, host].append((flow, element))
    for (place, host), found in sorted(sent.items(), key=lambda item: item[0]):
        classes = valuable(app, (element.data for _, element in found))
        if classes:
            yield Finding(
                place,
                f"{short(function.id)} sends {titles(classes)} to {host.removeprefix(HOST)}",
                steps=next(flow.steps for flow, e in found if e.data in classes),
                cwe="CWE-201",
                endangers=(host, function.id),
                key=(host, *classes),
                confidence=weakest(e.confidence for _, e in found if e.data in classes),
                data=tuple(classes),
                by=(function.id,),
                fault=_fault(app, function, place),
            )


def _is_its_own(flow: Flow, element: Element, app: App, function: Function) -> bool:
    """Tell whether a credential is the one by which the receiving host knows the app."""
    held = element.slot.path
    if element.data in KNOWN_BY:
        return goes_home(flow, held, app, function)
    return element.data in OF_COMPANIES and is_issued_by(held, flow.target.node)


def _exchanges(app: App, function: Function, place: Place) -> bool:
    """Tell whether a request gives a code or token back to who issued it, for another (OAuth)."""
    return any(
        argument.path.rpartition(".")[2] == GRANT or f"{GRANT}=" in text_of(argument.value)
        for site in sites_of(app, function)
        for argument in (site.arguments if site.place == place else ())
    )


def _fault(app: App, function: Function, place: Place) -> int:
    """Return how bad it is: what goes encrypted where code says is mostly what that host is for.

    Of 13 such findings at high on unseen applications readers took none for one: gateways,
    couriers and models work with what they get, and passwords go to where one signs in.
    """
    urls = (
        text_of(argument.value)
        for site in sites_of(app, function)
        for argument in (site.arguments if site.place == place else ())
        if argument.path == "url"
    )
    return LEAK if any(url.startswith(PLAIN) for url in urls) else MEANT
