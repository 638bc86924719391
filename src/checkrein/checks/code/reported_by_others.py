"""Another tool found something, and the model knows which data that endangers.

## Why

Scanners of code, of packages and of accounts know no data: each grades its findings by the rule
alone. Imported (`checkrein scan --import results.sarif`), they stand on the function or resource
that they are about, and are as severe as what it holds and who reaches it make them.

## Fix

Do what the other tool says. What is on nothing in the model is for auditors.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
```

```python bad src/app.py
import yaml

def handler(event, context):
    return yaml.load(event["body"], yaml.Loader)["email"]  #! linter: yaml.load runs what it reads
```

```json bad results.sarif
{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "linter"}}, "results": [
  {"ruleId": "L1", "level": "error", "message": {"text": "yaml.load runs what it reads"},
   "locations": [{"physicalLocation": {"artifactLocation": {"uri": "src/app.py"},
                                       "region": {"startLine": 4}}}]}]}]}
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
```

```json good results.sarif
{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "linter"}}, "results": [
  {"ruleId": "L1", "kind": "pass", "message": {"text": "yaml.load is not used"}}]}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import shorten

from checkrein.checks import check, every
from checkrein.checks.placing import named, standing
from checkrein.checks.questions import short
from checkrein.model import App, Claim, Finding, Function, Place, Resource

MOST = 160  # letters of another tool's message


@check(every(Claim), fault=2, topics=("configuration",))
def reported_by_others(claim: Claim, app: App) -> Iterator[Finding]:
    nodes = standing(app, claim.place)
    for name in claim.names:
        nodes = nodes or named(app, name)
    place = claim.place if claim.place.path else _declared(app, nodes, claim)
    subject = f" ({short(nodes[0])})" if nodes and not claim.place.path else ""
    yield Finding(
        place,
        f"{claim.tool}: {shorten(claim.message, MOST, placeholder=' …')}{subject}",
        evidence=tuple(claim.evidence),
        cwe=claim.cwe,
        endangers=tuple(nodes),
        key=(claim.rule, claim.message),
        confidence="likely",
        fault=claim.level,
        by=tuple(id for id in nodes if app.alternatives(Function, id)),
        hygiene=not nodes,
    )


def _declared(app: App, nodes: list[str], claim: Claim) -> Place:
    for id in nodes:
        for resource in app.alternatives(Resource, id):
            return resource.place
    return claim.place
