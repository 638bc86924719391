"""A code, token or password is made of numbers that can be foretold.

## Why

`random` and `Math.random` make a sequence that follows from its state, and a few numbers tell the
state: who asks for some codes of their own knows the next ones, those of others. `uuid1` is made of
the time and the machine's address. So somebody takes over the account whose reset code they foretell.
A first password that has to be changed lasts for less, and what is signed with a key is not made of numbers alone.

## Fix

Take them from the system: `secrets.token_urlsafe()`, `secrets.randbelow(1000000)`, `uuid.uuid4()`;
`crypto.randomBytes(32)`, `crypto.randomInt(1000000)`, `crypto.randomUUID()`.

## Examples

```python bad
import os, random, string, uuid, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def digits(length):
    return "".join(random.choice(string.digits) for _ in range(length))  #! who knows some numbers of random.choice can foretell a code that Publish sends of Example

def handler(event, context):
    code = digits(6)
    table.put_item(Item={"email": event["email"], "resetToken": str(uuid.uuid1()), "ttl": 600})  #! who knows some numbers of uuid.uuid1 can foretell resetToken of Example
    table.update_item(
        Key={"email": event["email"]}, UpdateExpression="SET seen = :t, #o = :o",
        ExpressionAttributeNames={"#o": "otp"},
        ExpressionAttributeValues={":t": 1, ":o": random.randint(0, 999999)},  #! who knows some numbers of random.randint can foretell otp of Example
    )
    boto3.client("sns").publish(PhoneNumber=event["phone"], Message=f"Your verification code is {code}")
    boto3.client("cognito-idp").admin_set_user_password(
        UserPoolId="pool", Username=event["email"], Permanent=True,
        Password="".join(random.choices(string.ascii_letters, k=12)),  #! who knows some numbers of random.choices can foretell Password of Example
    )
```

```javascript bad
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

function session() {
  let made = "";
  for (let i = 0; i < 24; i++) made += LETTERS[Math.floor(Math.random() * LETTERS.length)]; //! who knows some numbers of Math.random can foretell cookie session of Example
  return made;
}

exports.handler = async (event) => {
  return {
    statusCode: 200,
    headers: { "Set-Cookie": `session=${session()}; HttpOnly; Secure` },
    body: JSON.stringify({ accessToken: Math.random().toString(36).slice(2) }), //! who knows some numbers of Math.random can foretell accessToken of Example
  };
};
```

```javascript bad
exports.handler = async (event) => {
  const answer = String(Math.floor(100000 + Math.random() * 900000)); //! who knows some numbers of Math.random can foretell answer of Example
  event.response.privateChallengeParameters = { answer };
  return event;
};
```

What is made of the time is known to all who ask at that time:

```python bad
import hashlib, time, boto3

table = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    code = int(time.time()) % 1000000  #! who knows when Example ran can foretell otp of Example
    made = hashlib.sha256(str(time.time_ns()).encode()).hexdigest()  #! who knows when Example ran can foretell resetToken of Example
    table.put_item(Item={"email": event["email"], "resetToken": made, "otp": code})
```

```javascript bad
exports.handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({ accessToken: `t-${Date.now()}` }), //! who knows when Example ran can foretell accessToken of Example
});
```

```javascript good
const { nanoid } = require("nanoid");
const jwt = require("jsonwebtoken");

exports.handler = async (event) => ({
  statusCode: 200,
  body: JSON.stringify({
    accessToken: `${nanoid()}-${Date.now()}`,
    token: jwt.sign({ at: Date.now() }, process.env.KEY),
    nextToken: `${Date.now()}`,
    id: Date.now(),
  }),
});
```

```python good
import os, random, secrets, string, time, uuid, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    time.sleep(random.uniform(0, 1))
    code = "".join(secrets.choice(string.digits) for _ in range(6))
    table.put_item(Item={
        "email": event["email"], "resetToken": secrets.token_urlsafe(), "code": code,
        "id": str(uuid.uuid1()), "nextToken": str(random.random()), "price": random.randint(1, 100), "statusCode": random.choice([200, 500]),
        "tokenCount": random.randint(1, 100), "zipCode": str(random.randint(10000, 99999)),
    })
    boto3.client("sns").publish(TopicArn="orders", Message=f"Your order {random.randint(1, 100)} is on its way")
    boto3.client("stepfunctions").start_execution(stateMachineArn="m", name=f"job-{random.random()}")
    boto3.client("ecs").run_task(taskDefinition="t", clientToken=str(random.random()))
```

```javascript good
const crypto = require("crypto");

exports.handler = async (event) => {
  const sampled = Math.random() < 0.1;
  const delay = Math.floor(Math.random() * 1000);
  await new Promise((resolve) => setTimeout(resolve, delay));
  return {
    statusCode: 200,
    headers: { "Set-Cookie": `session=${crypto.randomBytes(24).toString("hex")}; HttpOnly; Secure` },
    body: JSON.stringify({ accessToken: crypto.randomUUID(), otp: crypto.randomInt(1000000), sampled, delay }),
  };
};
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.checks import check, every
from checkrein.checks.capabilities import CALL
from checkrein.checks.made_secrets import (
    Made,
    is_keyed,
    is_temporary,
    made,
    made_of_time,
    may_be_reference,
)
from checkrein.checks.questions import listed, short
from checkrein.checks.tainted import sites_of, within_reach
from checkrein.model import App, Evidence, Finding, Function, Place

SMALL = 1  # fault: whoever gets such a password has to change it, or nobody sees such numbers
USE, ACCOUNTS = "use", "cognito-idp"


@check(
    every(Function),
    fault=2,
    topics=("cryptography",),
    frameworks=("CWE-338", "CWE-330", "CWE-340", "SAS-2"),
)
def predictable_secret(function: Function, app: App) -> Iterator[Finding]:
    name = short(function.id)
    for kept in _by_maker(one for one in made(function, app, "random") if not is_keyed(one)):
        maker = kept[0].maker
        hidden = not _is_seen(app, function, maker.operation)
        who = f"who knows some numbers of {maker.operation}"
        yield _finding(app, function, kept, who, hidden=hidden)
    for kept in _by_maker(made_of_time(function, app)):
        yield _finding(app, function, kept, f"who knows when {name} ran")


def _is_seen(app: App, function: Function, operation: str) -> bool:
    """Tell whether numbers of a generator leave code for anything but the accounts of a pool.

    What nobody ever sees foretells nothing. All functions of a module share one generator.
    """
    sites = sites_of(app, function)
    generator = _module(operation)
    makers = {f"{CALL}{n}" for n, each in enumerate(sites) if _module(each.operation) == generator}
    return any(
        source.owner in makers
        for site in sites
        if site.kind not in (USE, "log") and site.service != ACCOUNTS
        for argument in site.arguments
        for source in argument.sources
    )


def _module(operation: str) -> str:
    return operation.rpartition(".")[0]


def _by_maker(every: Iterable[Made]) -> Iterator[list[Made]]:
    """Yield what one call made; of several numbers for one secret, the first."""
    found: dict[Place, list[Made]] = {}
    for one in every:
        found.setdefault(one.maker.place, []).append(one)
    told: set[tuple[object, ...]] = set()
    for kept in found.values():
        same = tuple((one.name, one.site.place) for one in kept)
        if same not in told:
            told.add(same)
            yield kept


def _finding(
    app: App, function: Function, kept: list[Made], who: str, *, hidden: bool = False
) -> Finding:
    maker = kept[0].maker
    names = listed(dict.fromkeys(one.name for one in kept))
    doubtful = all(may_be_reference(one.name) for one in kept)
    others = dict.fromkeys(one.site.place for one in kept)
    return Finding(
        maker.place,
        f"{who} can foretell {names} of {short(function.id)}",
        steps=(*maker.steps, *(Evidence("what it makes goes here", p) for p in others)),
        cwe="CWE-338",
        endangers=within_reach(app, function),
        key=(maker.operation, names),
        confidence="possible" if doubtful else "likely",
        by=(function.id,),
        fault=SMALL if hidden or all(is_temporary(one.name) for one in kept) else 0,
    )
