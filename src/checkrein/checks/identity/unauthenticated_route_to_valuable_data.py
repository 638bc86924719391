"""Anyone may read valuable data through a route that asks nobody who they are.

## Why

A route without authentication is a publication. What its function reads from a store and answers
with is public, whatever protects the store itself. A route to sign in has to be open, and code that
looks itself at the token of a request asks who calls.

Where the route's name says that it is public, where a store of wares tells their prices, where they stand and
nothing else of worth (not even whose they are, but for who offers them), or where nothing but a name goes out, be it that
under which somebody wants to be known in public (`displayName`, `nickname`) or one that need not be a person's (`author`
of a poll), it is a small fault.

## Fix

Put an authorizer on the route, or answer with the harmless fields only.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              item = table.get_item(Key={"email": event["pathParameters"]["id"]})["Item"]
              return {"statusCode": 200, "body": json.dumps(item)}
  Url:  #! anyone may read e-mail address of Customers through Show
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Show.Arn
      AuthType: NONE
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              item = table.get_item(Key={"email": event["pathParameters"]["id"]})["Item"]
              return {"statusCode": 200, "body": json.dumps({"known": bool(item)})}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Show.Arn
      AuthType: AWS_IAM
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  SignIn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, os
        def handler(event, context):
            asked = json.loads(event["body"])
            given = {"USERNAME": asked["email"], "PASSWORD": asked["password"]}
            boto3.client("cognito-idp").initiate_auth(
                ClientId=os.environ["CLIENT"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
            found = boto3.resource("dynamodb").Table("customers").get_item(Key={"email": asked["email"]})
            return {"statusCode": 200, "body": json.dumps(found["Item"])}
      Events:
        Post: {Type: HttpApi, Properties: {Path: /sessions, Method: post}}
  Mine:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, jwt, os
        def handler(event, context):
            token = event["headers"]["authorization"].split()[1]
            who = jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])
            found = boto3.resource("dynamodb").Table("customers").get_item(Key={"email": who["email"]})
            return {"statusCode": 200, "body": json.dumps(found["Item"])}
      Events:
        Get: {Type: HttpApi, Properties: {Path: /me, Method: get}}
```

A token that nobody checks is no answer to who calls:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Mine:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, jwt
        def handler(event, context):
            token = event["headers"]["authorization"].split()[1]
            who = jwt.decode(token, options={"verify_signature": False})
            found = boto3.resource("dynamodb").Table("customers").get_item(Key={"email": who["email"]})
            return {"statusCode": 200, "body": json.dumps(found["Item"])}
      Events:
        Get: {Type: HttpApi, Properties: {Path: /me, Method: get}}  #! anyone may read e-mail address of Customers through GET /me
```

Under a name of their own choice people mean to be seen; it is a small fault:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Agents:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: agents
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            asked = json.loads(event["body"])
            boto3.resource("dynamodb").Table("agents").put_item(Item={"id": asked["id"], "displayName": asked["displayName"]})
  Agent:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("agents").get_item(Key={"id": event["pathParameters"]["id"]})["Item"]
      Events:
        Get: {Type: HttpApi, Properties: {Path: "/agents/{id}", Method: get}}  #! anyone may read name of a person of Agents through GET /agents/{id}
```

Who reads one kind of items of a table does not get another:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Everything:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: everything
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            email = json.loads(event["body"])["email"]
            boto3.resource("dynamodb").Table("everything").put_item(Item={"pk": f"USER#{email}", "email": email})
  Offer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            key = {"pk": "COURSE#" + event["pathParameters"]["id"]}
            return boto3.resource("dynamodb").Table("everything").get_item(Key=key)["Item"]
      Events:
        Get: {Type: HttpApi, Properties: {Path: "/courses/{id}", Method: get}}
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from checkrein.checks import check, every
from checkrein.checks.capabilities import answered_of, answers, held, last, named_of
from checkrein.checks.meant_for_all import fault_of
from checkrein.checks.missing import is_in_vain
from checkrein.checks.portions import called, is_of_many_kinds, one_of, tables_of
from checkrein.checks.questions import (
    carried,
    flows_to,
    grouped,
    is_kept,
    is_pointer,
    listed,
    public_entries,
    short,
    titles,
    weakest,
)
from checkrein.checks.signatures import asked_places, believed, believes_anything
from checkrein.checks.tainted import is_behind, sites_of
from checkrein.checks.webhooks import (
    credential_reads,
    is_held,
    is_own_door,
    is_perhaps_asked,
    is_read_at,
    may_be_known,
    signs_in,
)
from checkrein.checks.worth import valuable
from checkrein.model import (
    App,
    Call,
    CallSite,
    Element,
    Entry,
    Evidence,
    Finding,
    Flow,
    Function,
)
from checkrein.model.items import meet
from checkrein.model.requests import may_be_one

_Told = tuple[str, list[tuple[Flow, list[Element]]]]  # of a store: its flows, and what they carry
BELIEVES = "it asks for a token, and nobody checks the signature of that"


@check(
    every(Function),
    fault=3,
    topics=("authentication",),
    frameworks=("CWE-306", "CWE-200", "OWASP-2025:A01", "OWASP-2021:A01", "OWASP-API-2023:API3"),
    peers=(
        "CKV_AWS_59",
        "APIGateway.8",
        "AwsSolutions-APIG4",
        "apigateway_restapi_authorizers_enabled",
        "apigatewayv2_api_authorizers_enabled",
    ),
)
def unauthenticated_route_to_valuable_data(function: Function, app: App) -> Iterator[Finding]:
    entries = [e for e in public_entries(app, function.id) if not signs_in(app, e)]
    if not entries:
        return
    asked = asked_places(sites_of(app, function))
    cause = believed(sites_of(app, function))
    why = (Evidence(BELIEVES, cause),) if cause else ()
    by_store: defaultdict[str, list[tuple[Flow, list[Element]]]] = defaultdict(list)
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for flow in flows_to(app, f"{function.id}@response"):
        if flow.steps and flow.steps[-1].place in asked:
            continue
        elements = _told(app, function, flow)
        if is_kept(app, flow.source.node) and valuable(app, (e.data for e in elements)):
            answered = {entry.id for entry in entries if _answers(app, function, flow, entry)}
            if answered:
                by_store[flow.source.node].append((flow, elements))
                ways[flow.source.node] |= answered
    for store, found in sorted(by_store.items()):
        through = [entry for entry in entries if entry.id in ways[store]]
        for some in _by_surety(app, function, store, through):
            yield _finding(app, function, (store, found), some, why)


def _by_surety(
    app: App, function: Function, store: str, through: list[Entry]
) -> Iterator[list[Entry]]:
    """Yield the ways to what a store holds: those that nobody asks at, and those where code may."""
    every = sites_of(app, function)
    calls = grouped(app, Call, "function").get(function.id, [])
    asked = [every[call.site] for call in calls if call.target == store]
    asking = list(_unasked(app, function, asked))
    sites = [site for site in asking if not is_perhaps_asked(app, function, site)]
    surely = [each for each in through if any(is_behind(app, each, site) for site in sites)]
    known = surely if asking else through
    yield from (some for some in (known, [e for e in through if e not in known]) if some)


def _finding(
    app: App, function: Function, told: _Told, through: list[Entry], why: tuple[Evidence, ...]
) -> Finding:
    store, found = told
    elements = [element for _, some in found for element in some]
    classes = valuable(app, (element.data for element in elements))
    routes = listed(entry.route or short(function.id) for entry in through)
    secret = _held(app, function, store, through)
    asking = _asking(app, function, store)
    asked = [one_of(app, asking)] if asking else []
    who = f"whoever knows its {last(secret)}" if secret else "anyone"
    return Finding(
        through[0].place,
        f"{who} may read {titles(classes)} of {called(store, tables_of(elements))} through {routes}",
        steps=(*found[0][0].steps, *through[0].evidence, *why),
        cwe="CWE-306",
        endangers=(store,),
        key=(store, *classes),
        confidence="possible"
        if _is_doubtful(app, function, told, through)
        else weakest((*(e.confidence for e in elements if e.data in classes), *asked)),
        data=tuple(classes),
        by=(function.id,),
        fault=1
        if secret or _is_named(app, function, store, elements, classes)
        else fault_of(app, store, [e for e in elements if e.data in classes], through),
        cause=why[0].place if why else None,
    )


def _told(app: App, function: Function, flow: Flow) -> list[Element]:
    """Return what a flow tells a caller of a store, who knows what his own request wrote there."""
    known = answered_of(app, function.id, flow.source.node)
    return [
        element
        for element in carried(app, flow)
        if not is_pointer(element) and element.slot.path.partition(".")[0] not in known
    ]


def _is_named(
    app: App, function: Function, store: str, elements: list[Element], classes: list[str]
) -> bool:
    """Tell whether callers had to name all that is known to be told of value, as an address is."""
    named = named_of(app, function.id, store)
    return all(e.slot.path.partition(".")[0] in named for e in elements if e.data in classes)


def _held(app: App, function: Function, store: str, through: list[Entry]) -> str:
    """Return what callers must know of an item that any of some routes brings, "" for nothing."""
    every = sites_of(app, function)
    calls = grouped(app, Call, "function").get(function.id, [])
    asking = {c.site for c in calls if c.target == store and answers(c, every[c.site])}
    behind = [index for index in asking if any(is_behind(app, e, every[index]) for e in through)]
    names = {held(app, function.id, index, store) for index in behind}
    return min(names, default="")


def _is_doubtful(app: App, function: Function, told: _Told, through: list[Entry]) -> bool:
    """Tell whether what is known of a store may well not be what goes out to anyone."""
    store, found = told
    flows = [flow for flow, _ in found]
    elements = [e for _, some in found for e in some if valuable(app, [e.data])]
    if may_be_known(through) or is_of_many_kinds(app, store, flows, elements):
        return True
    asking = _asking(app, function, store)
    every = sites_of(app, function)
    sites = _unasked(app, function, [every[call.site] for call in asking])
    open_to = [site for site in sites if any(is_behind(app, e, site) for e in through)]
    if open_to and all(is_perhaps_asked(app, function, site) for site in open_to):
        return True
    return bool(asking) and all(is_in_vain(app, call) for call in asking)


def _asking(app: App, function: Function, store: str) -> list[Call]:
    """Return the calls that bring a function what a store holds."""
    every = sites_of(app, function)
    calls = grouped(app, Call, "function").get(function.id, [])
    return [call for call in calls if call.target == store and answers(call, every[call.site])]


def _answers(app: App, function: Function, flow: Flow, entry: Entry) -> bool:
    """Tell whether what a flow brings into the answer can be the answer to an entry's request.

    For that request both the answer and what asks the store must be made, the latter for anyone.
    """
    every = sites_of(app, function)
    places = {each.place for each in flow.evidence}
    answers = [site for site in every if site.place in places]
    calls = grouped(app, Call, "function").get(function.id, [])
    asking = [
        every[call.site]
        for call in calls
        if call.target == flow.source.node and meet(call.items, flow.source.items)
    ]
    told = not answers or any(is_behind(app, entry, site) for site in answers)
    shown = [] if believes_anything(every) else credential_reads(app, function.id)
    unasked = _unasked(app, function, asking)
    if not asking:
        return told and not shown
    asked = (site for site in unasked if not answers or any(_are_one(site, a) for a in answers))
    return told and any(is_behind(app, entry, site) for site in asked)


def _unasked(app: App, function: Function, sites: Iterable[CallSite]) -> Iterator[CallSite]:
    """Yield the call sites before which code is not seen to ask who calls."""
    shown = [] if believes_anything(sites_of(app, function)) else credential_reads(app, function.id)
    for site in sites:
        asked = site.proof or is_read_at(shown, site) or is_held(app, function, site)
        if not asked and not is_own_door(site, joining=False):
            yield site


def _are_one(asking: CallSite, answer: CallSite) -> bool:
    """Tell whether one request may get to both what asks the store and the answer."""
    return may_be_one(asking.request, answer.request)
