"""Valuable data leaves for a third party.

## Why

What another company receives is out of the team's hands: it needs a contract, a reason and, for
personal data, a legal basis. Code sends easily what nobody decided to send. A key or token by which the app
itself is known there is no such data; the token of a caller is.

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
from checkrein.checks.questions import accepted, carried, flows_by, short, titles, weakest
from checkrein.checks.worth import valuable
from checkrein.late import regex
from checkrein.model import App, Element, Finding, Flow, Function, Place

HOST = "host:"
KNOWN_BY = frozenset({"cred.secret", "cred.token"})  # what an app shows to be known elsewhere
CALLERS = regex(r"event\.(?:(?:multiValue)?[hH]eaders|cookies|requestContext)\b")


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
        for element in carried(app, flow) if host.startswith(HOST) else ():
            if element.data not in accepted(app, host) and not _is_known_by(element):
                sent[flow.evidence[0].place, host].append((flow, element))
    for (place, host), found in sorted(sent.items(), key=lambda item: item[0]):
        classes = valuable(app, (element.data for _, element in found))
        if classes:
            yield Finding(
                place,
                f"{short(function.id)} sends {titles(classes)} to {host.removeprefix(HOST)}",
                steps=found[0][0].steps,
                cwe="CWE-201",
                endangers=(host, function.id),
                key=(host, *classes),
                confidence=weakest(e.confidence for _, e in found if e.data in classes),
                data=tuple(classes),
                by=(function.id,),
            )


def _is_known_by(element: Element) -> bool:
    """Tell whether an element is the app's own key for the other side, not a caller's for the app."""
    return element.data in KNOWN_BY and not CALLERS.match(element.slot.path)
