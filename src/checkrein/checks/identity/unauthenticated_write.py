"""Anyone may change valuable data, or have messages sent, through a route that asks nobody who they are.

## Why

A public form is often meant; that strangers change or delete what belongs to others, or choose the number
that the app's text messages go to, seldom is. Who pays for the messages, and whose data it was, finds out
last. A mail whose words are the app's own (a confirmation) costs little and says nothing of the caller's: that
anyone may have it sent is a small fault. So is what only counts by a number of the code's own: votes, what is left in
stock. What the app reads back for others is theirs also where nobody knows what kind of data it is, if callers choose
which item they change.

## Fix

Put an authorizer on the route. Where it must stay open, let the code check a signature or a token from the
request's headers, and limit the rate.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Forget:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              table.delete_item(Key={"email": event["queryStringParameters"]["email"]})
  ForgetUrl:  #! anyone may delete what Customers holds (e-mail address) through Forget
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Forget.Arn
      AuthType: NONE
  Invite:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              wanted = json.loads(event["body"])
              boto3.client("sns").publish(PhoneNumber=wanted["phone"], Message="Ride with us")
  InviteUrl:  #! anyone may have Invite send text messages to whom they name
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Invite.Arn
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
  Forget:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, hmac
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              if hmac.compare_digest(event["headers"]["x-signature"], "…"):
                  table.delete_item(Key={"email": event["queryStringParameters"]["email"]})
  ForgetUrl:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Forget.Arn
      AuthType: NONE
```

Who signs in or joins has no token yet:

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
        import boto3, json
        def handler(event, context):
            key = {"email": json.loads(event["body"])["email"]}
            boto3.resource("dynamodb").Table("customers").update_item(Key=key, UpdateExpression="SET seen = :now")
      Events:
        Post: {Type: HttpApi, Properties: {Path: /auth/login, Method: post}}
        Join: {Type: HttpApi, Properties: {Path: /auth/register, Method: post}}
```

What they may change is of another kind than what is valuable in the table:

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
  Vote:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            key = {"pk": "POLL#" + event["pathParameters"]["id"]}
            boto3.resource("dynamodb").Table("everything").update_item(Key=key, UpdateExpression="ADD votes :one", ExpressionAttributeValues={":one": 1})
      Events:
        Put: {Type: HttpApi, Properties: {Path: "/polls/{id}", Method: put}}
```

A table that a variable names is that table, also where the code has a default for it:

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Forget:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {TABLE: !Ref Customers}}
      Code:
        ZipFile: |
          const { DynamoDB } = require("@aws-sdk/client-dynamodb");
          const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
          const table = DynamoDBDocument.from(new DynamoDB({}));
          const TABLE = process.env.TABLE || "customers-dev";
          exports.handler = (event) =>
            table.delete({ TableName: TABLE, Key: { email: event.queryStringParameters.email } });
  ForgetUrl:  #! anyone may delete what Customers holds (e-mail address) through Forget
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Forget.Arn
      AuthType: NONE
```

What others rely on is theirs, whatever it is: a seat that strangers set free, an offer in the shop. What is only added
may be a form:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Seats:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: seats
      KeySchema: [{AttributeName: seat, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: seat, AttributeType: S}]
  Free:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            seat = event["pathParameters"]["seat"]
            boto3.resource("dynamodb").Table("seats").delete_item(Key={"seat": seat})
      Events:
        Delete: {Type: HttpApi, Properties: {Path: "/seats/{seat}", Method: delete}}  #! anyone may delete what Seats holds through DELETE /seats/{seat}
  Fly:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("seats").get_item(Key={"seat": event["seat"]})
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Goods:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: goods
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Offer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, uuid
        def handler(event, context):
            offer = json.loads(event["body"])
            item = {"id": str(uuid.uuid4()), "product_title": offer["product_title"]}
            boto3.resource("dynamodb").Table("goods").put_item(Item=item)
      Events:
        Post: {Type: HttpApi, Properties: {Path: /goods, Method: post}}  #! anyone may change what Goods holds through POST /goods
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("goods").scan()
      Events:
        Get: {Type: HttpApi, Properties: {Path: /goods, Method: get}}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Notes:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: notes
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json, uuid
        def handler(event, context):
            item = {"id": str(uuid.uuid4()), "note": json.loads(event["body"])["note"]}
            boto3.resource("dynamodb").Table("notes").put_item(Item=item)
      Events:
        Post: {Type: HttpApi, Properties: {Path: /notes, Method: post}}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("notes").scan()
```

A put by a key of the caller's choice takes the place of what is there: so somebody who joins becomes somebody else.

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Members:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: members
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import bcrypt, boto3, json
        def handler(event, context):
            member = json.loads(event["body"])
            hashed = bcrypt.hashpw(member["password"].encode(), bcrypt.gensalt())
            boto3.resource("dynamodb").Table("members").put_item(Item={"email": member["email"], "password": hashed})
      Events:
        Post: {Type: HttpApi, Properties: {Path: /register, Method: post}}  #! anyone may change what Members holds (password and e-mail address) through POST /register
  Enter:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import bcrypt, boto3, json
        def handler(event, context):
            given = json.loads(event["body"])
            known = boto3.resource("dynamodb").Table("members").get_item(Key={"email": given["email"]})
            return bcrypt.checkpw(given["password"].encode(), known["Item"]["password"])
      Events:
        Post: {Type: HttpApi, Properties: {Path: /login, Method: post}}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Members:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: members
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import bcrypt, boto3, json
        def handler(event, context):
            member = json.loads(event["body"])
            hashed = bcrypt.hashpw(member["password"].encode(), bcrypt.gensalt())
            item = {"email": member["email"], "password": hashed}
            table = boto3.resource("dynamodb").Table("members")
            table.put_item(Item=item, ConditionExpression="attribute_not_exists(email)")
      Events:
        Post: {Type: HttpApi, Properties: {Path: /register, Method: post}}
  Enter:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import bcrypt, boto3, json
        def handler(event, context):
            given = json.loads(event["body"])
            known = boto3.resource("dynamodb").Table("members").get_item(Key={"email": given["email"]})
            return bcrypt.checkpw(given["password"].encode(), known["Item"]["password"])
      Events:
        Post: {Type: HttpApi, Properties: {Path: /login, Method: post}}
```

Code that looks first puts in nobody's place:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Members:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: members
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import bcrypt, boto3, json
        def handler(event, context):
            member = json.loads(event["body"])
            table = boto3.resource("dynamodb").Table("members")
            if table.get_item(Key={"email": member["email"]}).get("Item"):
                return {"statusCode": 409}
            hashed = bcrypt.hashpw(member["password"].encode(), bcrypt.gensalt())
            table.put_item(Item={"email": member["email"], "password": hashed})
      Events:
        Post: {Type: HttpApi, Properties: {Path: /register, Method: post}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.rights import deeds
from checkrein.catalog.services import kind
from checkrein.checks import check, every
from checkrein.checks.adding import ANYONE, is_adding, is_put_in_place, only_counts, passed
from checkrein.checks.capabilities import held, last, token_held
from checkrein.checks.missing import is_in_vain
from checkrein.checks.questions import (
    elsewhere,
    grouped,
    listed,
    public_entries,
    short,
    titles,
    treasures,
)
from checkrein.checks.tainted import is_behind, is_doubtful, said, sites_of, tainted
from checkrein.checks.webhooks import (
    is_asked,
    is_for_strangers,
    is_held,
    is_perhaps_asked,
    may_be_known,
)
from checkrein.checks.worth import valuable
from checkrein.model import (
    App,
    Call,
    CallSite,
    Entry,
    Finding,
    Function,
    Row,
    Taint,
)
from checkrein.model.items import meet
from checkrein.model.requests import may_be_one

VERBS = {"write": "change", "delete": "delete"}
KEPT = frozenset({"store", "secret", "parameter"})  # queues and topics are asked by their readers
KEY = "Key"  # says which item
READING = ("GET", "HEAD", "OPTIONS")
MAIL = "e-mail"
UNTRUSTED = "untrusted.any"  # what is written where no class is known
CATALOGUE, PASSWORD = "biz.catalogue", "cred.password"
OFFERED = frozenset({"fin.price"})  # valuable in a catalogue
RELIED_ON = ("AWS::DynamoDB::Table", "Store::")
MESSAGES = {  # operation: what it sends, and where its request says to whom
    ("sns", "Publish"): ("text messages", "PhoneNumber"),
    ("pinpoint-sms-voice-v2", "SendTextMessage"): ("text messages", "DestinationPhoneNumber"),
    ("pinpoint-sms-voice-v2", "SendVoiceMessage"): ("calls", "DestinationPhoneNumber"),
    ("pinpoint", "SendMessages"): ("messages", "MessageRequest.Addresses"),
    ("ses", "SendEmail"): (MAIL, "Destination"),
    ("ses", "SendTemplatedEmail"): (MAIL, "Destination"),
    ("ses", "SendRawEmail"): (MAIL, "Destinations"),
    ("sesv2", "SendEmail"): (MAIL, "Destination"),
}


@check(
    every(Function),
    fault=2,
    topics=("authentication",),
    frameworks=("CWE-306", "CWE-862", "OWASP-2025:A01", "OWASP-2021:A01", "OWASP-API-2023:API6"),
)
def unauthenticated_write(function: Function, app: App) -> Iterator[Finding]:
    entries = [
        entry
        for entry in public_entries(app, function.id)
        if not entry.route.startswith(READING) and entry.kind != "websocket"
    ]
    strangers = {entry.id for entry in entries if is_for_strangers(app, entry)}
    if entries:
        yield from _written(app, function, entries, strangers)
        yield from _sent(app, function, [each for each in entries if each.id not in strangers])


class _Write(Struct, frozen=True):
    """A call by which anyone changes what a store holds."""

    call: Call
    done: frozenset[str]  # rights: write, delete
    classes: tuple[str, ...]  # valuable ones, of what it changes
    through: frozenset[str]  # ids of the ways in
    adds: bool  # what is there stays
    mild: bool  # what it adds may be a form's content, or only counts
    chosen: bool  # anyone says which item
    secret: str  # what they must know of the item, "" for nothing
    in_vain: bool  # it surely fails
    perhaps: bool  # code that is not here may ask before it who calls


def _writes(
    app: App, function: Function, entries: list[Entry], strangers: set[str]
) -> Iterator[_Write]:
    """Yield the writes; who joins, by a way in for ``strangers``, may not take another's place."""
    every = sites_of(app, function)
    for call in grouped(app, Call, "function").get(function.id, []):
        site = every[call.site]
        row = app.get(Row, call.target) if call.target and call.certain else None
        done = deeds(call.service, call.operation, passed(site)) & {*VERBS}
        if row is None or not done or is_asked(app, function, site):
            continue
        found = treasures(app, row, call.items) if kind(row.type) in KEPT else []
        placed = is_put_in_place(app, function, call, site)
        meant = () if placed and PASSWORD in found else strangers
        through = frozenset(
            each.id for each in entries if each.id not in meant and is_behind(app, each, site)
        )
        added = is_adding(call, site) and not placed
        offered = OFFERED.issuperset(found) and _is_offered(app, row, call)
        reads = list(_read_back(app, row, call)) if offered or not (added or found) else []
        adds = added or only_counts(site)
        secret = "" if adds else token_held(app, function.id, call.site, row.id)
        if through and (found or reads) and (secret or not is_held(app, function, site)):
            yield _Write(
                call,
                done,
                tuple(found),
                through,
                adds,
                adds and not (offered and any(_is_shown(app, row, each) for each in reads)),
                placed or (not adds and _is_chosen(function, app, call)),
                secret,
                is_in_vain(app, call),
                is_perhaps_asked(app, function, site),
            )


def _written(
    app: App, function: Function, entries: list[Entry], strangers: set[str]
) -> Iterator[Finding]:
    known = list(_writes(app, function, entries, strangers))
    surely = [each for each in known if not each.perhaps]
    stores = {each.call.target for each in surely}
    perhaps = [each for each in known if each.perhaps and each.call.target not in stores]
    for some in (surely, perhaps):
        if some:
            yield _changing(app, function, entries, some)


def _changing(app: App, function: Function, entries: list[Entry], known: list[_Write]) -> Finding:
    writes = [each for each in known if not each.in_vain] or known
    ways = frozenset[str]().union(*(each.through for each in writes))
    entries = [entry for entry in entries if entry.id in ways]
    stores = sorted({each.call.target for each in writes if each.call.target})
    done = frozenset[str]().union(*(each.done for each in writes))
    verbs = listed(verb for right, verb in VERBS.items() if right in done)
    classes = tuple(valuable(app, {data for each in writes for data in each.classes}))
    hold = f"{'holds' if len(stores) == 1 else 'hold'}{f' ({titles(classes)})' if classes else ''}"
    routes = listed(entry.route or short(function.id) for entry in entries)
    secret = min(each.secret for each in writes)
    doubted = may_be_known(entries) or all(each.in_vain or each.perhaps for each in writes)
    who = f"whoever knows its {last(secret)}" if secret else "anyone"
    small = all(each.mild or each.secret for each in writes)
    return Finding(
        entries[0].place,
        f"{who} may {verbs} what {listed(map(short, stores))} {hold} through {routes}",
        steps=(
            *dict.fromkeys(step for each in writes for step in each.call.evidence),
            *entries[0].evidence,
        ),
        cwe="CWE-306",
        endangers=tuple(stores),
        key=(*sorted(done), *stores),
        # a public form may be meant, callers be known by what they show in it, a role be wider
        confidence="possible" if doubted else "likely",
        fault=1 if small else 2,
        data=classes or (UNTRUSTED,),
        over=any(each.chosen for each in writes) and not secret,
        by=(function.id,),
    )


def _read_back(app: App, row: Row, call: Call) -> Iterator[Call]:
    """Yield the calls that read what a call changes, whatever it is: the app relies on it."""
    for other in grouped(app, Call, "target").get(row.id, []):
        if (
            row.type.startswith(RELIED_ON)
            and _is_elsewhere(app, call, other)
            and "read" in deeds(other.service, other.operation)
            and meet(call.items, other.items)
        ):
            yield other


def _is_shown(app: App, row: Row, call: Call) -> bool:
    """Tell whether anyone is shown what a call reads, who need not know which item it is."""
    function = app.get(Function, call.function)
    site = sites_of(app, function)[call.site] if function else None
    if site is None or held(app, call.function, call.site, row.id):
        return False
    return any(is_behind(app, each, site) for each in public_entries(app, call.function))


def _is_offered(app: App, row: Row, call: Call) -> bool:
    """Tell whether goods and offers stand where a call is about: no form that the public fills in."""
    return CATALOGUE in {*row.intended, *row.coded} - elsewhere(app, row, call.items)


def _is_elsewhere(app: App, call: Call, other: Call) -> bool:
    """Tell whether two calls are never made for the same request."""
    if call.function != other.function:
        return True
    function = app.get(Function, call.function)
    sites = sites_of(app, function) if function else ()
    return not may_be_one(sites[call.site].request, sites[other.site].request)


def _is_chosen(function: Function, app: App, call: Call) -> bool:
    """Tell whether anyone says which item it is that a call changes: one of somebody else."""
    return any(
        taint.who.startswith(ANYONE) and taint.argument.startswith(KEY)
        for taint in tainted(function, app).get(call.site, [])
    )


def _sent(app: App, function: Function, entries: list[Entry]) -> Iterator[Finding]:
    every = sites_of(app, function)
    sites = [
        (every[index], taints)
        for index, taints in sorted(tainted(function, app).items())
        if not is_asked(app, function, every[index])
        if any(_names_recipient(every[index], t) for t in taints)
    ]
    entries = [each for each in entries if any(is_behind(app, each, site) for site, _ in sites)]
    if entries:
        what = listed(sorted({MESSAGES[site.service, site.operation][0] for site, _ in sites}))
        doubted = all(
            is_perhaps_asked(app, function, site) or is_doubtful(t)
            for site, taints in sites
            for t in taints
            if _names_recipient(site, t)
        )
        yield Finding(
            entries[0].place,
            f"anyone may have {short(function.id)} send {what} to whom they name",
            steps=(*sites[0][0].steps, *entries[0].evidence),
            cwe="CWE-862",
            endangers=(function.id,),
            key=(what,),
            confidence="possible" if doubted else "likely",  # as above
            by=(function.id,),
            fault=2 if any(_is_at_will(site, taints) for site, taints in sites) else 1,
        )


def _is_at_will(site: CallSite, taints: list[Taint]) -> bool:
    """Tell whether a message costs its sender by each, or says what anyone wants it to."""
    if MESSAGES[site.service, site.operation][0] != MAIL:
        return True
    return any(
        taint.who.startswith(ANYONE)
        and not _names_recipient(site, taint)
        and taint.source in said(site, taint.argument)
        for taint in taints
    )


def _names_recipient(site: CallSite, taint: Taint) -> bool:
    """Tell whether a message goes where anyone says."""
    _, recipient = MESSAGES.get((site.service, site.operation), ("", ""))
    named = bool(recipient) and taint.argument.startswith(recipient)
    return named and taint.who.startswith(ANYONE)
