"""What one caller sends is still there when the next one calls.

## Why

Lambda keeps an execution environment and sends it one request after another: variables of modules
and files under `/tmp` stay as they are. What code keeps there of one request, and a later request
finds where it did not write first, goes to somebody else: their name, their order, their token.

## Fix

Keep what belongs to a request in the handler's own variables, and hand it on as an argument. Where
something must be kept, keep it under a key of whom it belongs to, or write it before it is read.
Give files a name of their own (`tempfile`, `fs.mkdtempSync`), and remove them.

## Examples

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")
profile = None
notices = []

def load(user):
    global profile
    if profile is None:
        profile = orders.get_item(Key={"userId": user})["Item"]  #! Order keeps in profile what it reads for one caller, and answers later ones with it
    return profile

def handler(event, context):
    found = load(event["requestContext"]["authorizer"]["claims"]["sub"])
    notices.append(json.loads(event["body"])["email"])  #! Order keeps event.body.email of one caller in notices, and answers later ones with it
    return {"statusCode": 200, "body": json.dumps({"email": found["email"], "notices": notices})}
```

```javascript bad
const fs = require("fs");
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
const session = {};

exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  if (body.email) session.email = body.email; //! Example keeps event.body.email of one caller in session.email, and stores it for later ones
  if (body.address) fs.writeFileSync("/tmp/label.txt", body.address); //! Example keeps event.body.address of one caller in /tmp/label.txt, and answers later ones with it
  await client.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: body.id }, email: { S: session.email } } }));
  return { statusCode: 200, body: fs.readFileSync("/tmp/label.txt", "utf8") };
};
```

A cache under a key of the request, what is written before it is read, and what is the same for all
callers are no such thing:

```python good signed-in
import boto3, json, os

orders = boto3.resource("dynamodb").Table("orders")
profiles = {}
settings = None
current = None
names = []

def handler(event, context):
    global current, settings
    user = event["requestContext"]["authorizer"]["claims"]["sub"]
    current = json.loads(event["body"])["email"]
    names.clear()
    names.append(current)
    if user not in profiles:
        profiles[user] = orders.get_item(Key={"userId": user})["Item"]
    if settings is None:
        settings = boto3.client("ssm").get_parameter(Name=os.environ["NAME"])["Parameter"]["Value"]
    with open("/tmp/label.txt", "w") as file:
        file.write(current)
    with open("/tmp/label.txt") as file:
        label = file.read()
    return {"statusCode": 200, "body": json.dumps([profiles[user], settings, current, names, label])}
```

```javascript good
const response = { statusCode: 200, headers: {}, body: "" };
const queue = [];
let lastUser, lastProfile, stage;

class Service {
  start(event) {
    this.email = JSON.parse(event.body).email;
  }
}
const service = new Service();

exports.handler = async (event) => {
  service.start(event);
  queue.push(service.email);
  const taken = queue.splice(0, 10);
  if (!stage) stage = event.requestContext.stage;
  if (lastUser !== event.headers["x-user"]) {
    lastUser = event.headers["x-user"];
    lastProfile = await (await fetch(`https://profiles.example.com/${lastUser}`)).json();
  }
  try {
    response.body = JSON.stringify({ email: service.email, lastProfile, stage, taken, queue });
  } catch (error) {
    response.body = "";
  }
  return response;
};
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.checks import check, every, outliving
from checkrein.checks.questions import carried, flows_by, grouped, listed, short
from checkrein.checks.tainted import sites_of
from checkrein.checks.worth import valuable
from checkrein.model import App, CallSite, Evidence, Finding, Function, Summary, Symbol

FAMILY = "state"
DISTINCT = 6  # fields
PASSING = {
    "response": "answers later ones with it",
    "sdk": "stores it for later ones",
    "http": "sends it on for later ones",
}
TAKING = {
    "response": "answers with what is there",
    "sdk": "stores what is there",
    "http": "sends what is there",
}


@check(
    every(Function),
    fault=2,
    topics=("isolation",),
    frameworks=("CWE-488", "CWE-226"),
)
def kept_between_invocations(function: Function, app: App) -> Iterator[Finding]:
    if not outliving.is_shared(app, function):
        return
    sites = sites_of(app, function)
    for number, site in enumerate(sites):
        if site.kind != "use" or site.service != FAMILY:
            continue
        told = outliving.told(site)
        receiving = [s for s in sites if s.kind in PASSING and _receives(s, f"call:{number}")]
        if told and receiving:
            yield _finding(function, app, site, told, receiving)


def _receives(site: CallSite, owner: str) -> bool:
    return any(source.owner == owner for a in site.arguments for source in a.sources)


def _finding(
    function: Function,
    app: App,
    site: CallSite,
    told: list[Symbol],
    receiving: list[CallSite],
) -> Finding:
    first = min(receiving, key=lambda each: list(PASSING).index(each.kind))
    classes = valuable(app, _classes(app, function, told, receiving))
    name, place = short(function.id), site.operation
    # Where code was not followed to its end, what empties or overwrites may stand in the rest.
    # Of very many fields, what an object holds under one name was taken for all that it holds.
    cut = any(each.partial for each in grouped(app, Summary, "function").get(function.id, []))
    fields = outliving.fields(told)
    kept = f"{listed(fields)} of one caller in {place}" if fields else ""
    kept = kept or f"in {place} what it reads for one caller"
    notes = (Evidence(f"{name} {TAKING[s.kind]}", s.place) for s in receiving)
    return Finding(
        site.place,
        f"{name} keeps {kept}, and {PASSING[first.kind]}",
        steps=(*site.steps, Evidence(f"{place} outlives the invocation", site.place), *notes),
        cwe="CWE-488",
        endangers=(function.id,),
        key=(place, first.kind),
        confidence="possible" if cut else "likely",
        data=tuple(classes),
        by=(function.id,),
        fault=2 if classes and not cut and len(told) <= DISTINCT else 1,
    )


def _classes(
    app: App, function: Function, told: list[Symbol], receiving: Iterable[CallSite]
) -> Iterator[str]:
    """Yield what is kept: of the event by its fields, of stores by what flows on."""
    yield from outliving.classes(app, function, told)
    if all(symbol.owner == "event" for symbol in told):
        return
    places = {site.place for site in receiving}
    for flow in flows_by(app, function.id):
        if flow.source.node != function.id and flow.evidence[0].place in places:
            yield from (element.data for element in carried(app, flow))
