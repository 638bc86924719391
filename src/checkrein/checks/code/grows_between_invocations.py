"""Memory of the function grows with every request.

## Why

Lambda keeps an execution environment for hours and sends it one request after another. A list of a
module that each request adds to, and that nothing shortens, holds all that everybody sent in that
time: whoever can read the function's memory (a debugger, a crash report, a fault in a library) reads
it, and whoever sends enough ends the function for others when its memory is full.

## Fix

Keep what belongs to a request in the handler's own variables. Where the last ones are wanted, say
how many: `deque(maxlen=100)`, a cache with a size and a time to live.

## Examples

```python bad
import json, uuid

seen = []
requests = {}

def handler(event, context):
    body = json.loads(event["body"])
    seen.append(body["email"])  #! seen of Example grows with event.body.email of every request
    requests[uuid.uuid4().hex] = body["address"]  #! requests[] of Example grows with event.body.address of every request
    return {"statusCode": 200, "body": "ok"}
```

```javascript bad
const seen = new Map();

exports.handler = async (event, context) => {
  seen.set(context.awsRequestId, JSON.parse(event.body).email); //! seen of Example grows with event.body.email of every request
  return { statusCode: 200, body: "ok" };
};
```

What is emptied or has a bound, a memory of results, and clients do not grow so:

```python good
import functools, json
from collections import deque
import boto3

last = deque(maxlen=20)
recent = []
batch = []
clients = {}
lengths = {}
profiles = {}
table = boto3.resource("dynamodb").Table("orders")

@functools.lru_cache(maxsize=None)
def words(text):
    return text.split()

def handler(event, context):
    body = json.loads(event["body"])
    last.append(body["email"])
    recent.append(body["email"])
    if len(recent) > 20:
        del recent[0]
    batch.append(body["address"])
    print(len(words(body["text"])), batch)
    batch.clear()
    if body["region"] not in clients:
        clients[body["region"]] = boto3.client("sns", region_name=body["region"])
    lengths[body["text"]] = len(body["text"])
    if body["user"] not in profiles:
        profiles[body["user"]] = table.get_item(Key={"userId": body["user"]})["Item"]
    return {"statusCode": 200, "body": "ok"}
```

```javascript good
const config = {};
let errors = [];
const recent = new Map();

class Order {
  constructor() {
    this.items = [];
  }
  add(item) {
    this.items.push(item);
  }
}

exports.handler = async (event, context) => {
  errors = [];
  const { items, email } = JSON.parse(event.body);
  const order = new Order();
  items.forEach((item) => order.add(item));
  if (!email) errors.push(items);
  config.last = email;
  recent.set(context.awsRequestId, email);
  if (recent.size > 100) recent.delete(recent.keys().next().value);
  return { statusCode: 200, body: JSON.stringify({ count: order.items.length }) };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every, outliving
from checkrein.checks.questions import listed, short
from checkrein.checks.tainted import sites_of
from checkrein.checks.worth import valuable
from checkrein.model import App, CallSite, Evidence, Finding, Function, Symbol


@check(
    every(Function),
    fault=1,
    topics=("isolation", "denial-of-service"),
    frameworks=("CWE-770", "CWE-401"),
)
def grows_between_invocations(function: Function, app: App) -> Iterator[Finding]:
    if not outliving.is_shared(app, function):
        return
    sites = sites_of(app, function)
    answered = {
        s.place for s in sites if s.service == "state"
    }  # `kept-between-invocations` says so
    for site in sites:
        if site.kind == "use" and site.service == "growth" and site.place not in answered:
            told = outliving.told(site)
            if told:
                yield _finding(function, app, site, told)


def _finding(function: Function, app: App, site: CallSite, told: list[Symbol]) -> Finding:
    name, place = short(function.id), site.operation
    return Finding(
        site.place,
        f"{place} of {name} grows with {listed(outliving.fields(told))} of every request",
        steps=(*site.steps, Evidence(f"{place} outlives the invocation", site.place)),
        cwe="CWE-770",
        endangers=(function.id,),
        key=(place,),
        confidence="likely",
        data=tuple(valuable(app, outliving.classes(app, function, told))),
        by=(function.id,),
    )
