"""A password or a signature is a hash that somebody can find another text for.

## Why

MD5 and SHA-1 are broken: two texts with one hash are made in seconds. And whoever gets a table of
passwords that a fast hash was made of, SHA-256 too, tries billions of guesses a second.

## Fix

For passwords a function that is slow on purpose, with a salt: `hashlib.scrypt`, `bcrypt`,
`crypto.scrypt`, or let Cognito keep them. For signatures `hmac` with SHA-256.

## Examples

```python bad
import hashlib, os, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def hashed(text):
    return hashlib.md5(text.encode("utf-8")).hexdigest()  #! Example protects event.password with md5

def handler(event, context):
    table.put_item(Item={"email": event["email"], "hash": hashed(event["password"])})
    slow = hashlib.sha256((event["email"] + event["password"]).encode()).hexdigest()  #! Example protects event.password with sha256, which is fast to guess
    table.put_item(Item={"email": event["email"], "password": slow})
    signed = hashlib.sha1((event["id"] + event["amount"]).encode()).hexdigest()  #! Example protects X-Signature with sha1
    return {"statusCode": 200, "headers": {"X-Signature": signed}}
```

```javascript bad
const crypto = require("crypto");
const CryptoJS = require("crypto-js");

exports.handler = async (event) => {
  const { email, password } = JSON.parse(event.body);
  const hash = crypto.createHash("sha1");
  hash.update(password);
  const kept = hash.digest("hex"); //! Example protects event.body.password with sha1
  const chained = crypto.createHash("md5").update(password).digest("base64"); //! Example protects event.body.password with md5
  const resetToken = CryptoJS.MD5(email).toString(); //! Example protects resetToken with md5
  return { statusCode: 200, body: JSON.stringify({ kept, chained, resetToken }) };
};
```

```python good
import hashlib, hmac, os, boto3, requests

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    table.put_item(Item={
        "id": hashlib.md5(event["body"].encode()).hexdigest(),
        "etag": hashlib.sha1(event["body"].encode()).hexdigest(),
        "tokenHash": hashlib.sha256(event["token"].encode()).hexdigest(),
        "password": hashlib.scrypt(event["password"].encode(), salt=os.urandom(16), n=2**14, r=8, p=1),
        "signature": hmac.new(os.environ["KEY"].encode(), event["body"].encode(), hashlib.sha256).hexdigest(),
    })
    leaked = hashlib.sha1(event["password"].encode()).hexdigest().upper()
    requests.get("https://api.pwnedpasswords.com/range/" + leaked[:5])
    boto3.client("s3").put_object(Bucket="b", Key="k", Body="x", ContentMD5=hashlib.md5(b"x").hexdigest())
    hashlib.md5(event["password"].encode(), usedforsecurity=False)
```

```javascript good
const crypto = require("crypto");

exports.handler = async (event) => {
  const etag = crypto.createHash("md5").update(event.body).digest("hex");
  const cacheKey = crypto.createHash("sha1").update(event.headers.Authorization).digest("hex");
  const salt = crypto.randomBytes(16);
  const password = crypto.scryptSync(event.password, salt, 64);
  const signature = crypto.createHmac("sha256", process.env.KEY).update(event.body).digest("hex");
  return { statusCode: 200, headers: { ETag: etag }, body: JSON.stringify({ cacheKey, password, signature }) };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.made_secrets import (
    PASSWORD,
    SIGNATURE,
    is_secret,
    kept_name,
    last,
    plain_name,
)
from checkrein.checks.questions import listed, short
from checkrein.checks.tainted import once, said, sites_of, within_reach
from checkrein.late import regex
from checkrein.model import App, Argument, CallSite, Finding, Function, Open, Symbol
from checkrein.model.values import alternatives

BROKEN = regex(r"md[245]|sha-?1|sha$|ripemd")
FAST = regex(r"sha-?(?:2|3|512|384|224)")
FOR_SECURITY = "with.usedforsecurity"
ALGORITHM = ("with.made", "with.algorithm")
LEAKED = "pwnedpasswords"  # a service that is asked with the start of a hash


@check(
    every(Function),
    fault=2,
    topics=("cryptography",),
    frameworks=("CWE-327", "CWE-328", "CWE-916", "SAS-2"),
)
def weak_hash(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_found(function, app))


def _found(function: Function, app: App) -> Iterator[Finding]:
    sites = sites_of(app, function)
    for index, site in enumerate(sites):
        if site.kind != "use" or site.service != "hash" or False in said(site, FOR_SECURITY):
            continue
        kept = list(_kept(sites, Symbol(f"call:{index}", "")))
        what = _weakly(site, kept)
        if what:
            password = any(_hashed(site))
            yield Finding(
                site.place,
                f"{short(function.id)} protects {what}",
                steps=site.steps,
                cwe="CWE-916" if password else "CWE-328",
                endangers=within_reach(app, function),
                key=(site.operation, what),
                confidence=_confidence(site, kept, password=password),
                by=(function.id,),
            )


def _confidence(site: CallSite, kept: list[tuple[CallSite, Argument]], *, password: bool) -> str:
    """Say how sure it is: who signs requests to others may have to do as they want."""
    if password:
        return "certain" if site.certain else "likely"
    return "possible" if all(one.kind == "http" for one, _ in kept) else "likely"


def _weakly(site: CallSite, kept: list[tuple[CallSite, Argument]]) -> str:
    """Say what a hash protects, and with which algorithm; "" if it is no fault."""
    algorithm = _algorithm(site)
    shown = dict.fromkeys(map(_shown, _hashed(site)))
    passwords = listed(shown) if shown else ""
    stored = any(one.kind == "sdk" for one, _ in kept)
    if passwords and any(LEAKED in str(argument.value) for _, argument in kept):
        return ""
    if passwords and BROKEN.search(algorithm):
        return f"{passwords} with {algorithm}"
    if passwords and stored and FAST.search(algorithm):
        return f"{passwords} with {algorithm}, which is fast to guess"
    names = dict.fromkeys(kept_name(one, argument) for one, argument in kept)
    named = [name for name in names if _protects(name, site)]
    return f"{listed(named)} with {algorithm}" if named and BROKEN.search(algorithm) else ""


def _algorithm(site: CallSite) -> str:
    asked = [str(one) for path in ALGORITHM for one in said(site, path)]
    parts = site.operation.removesuffix(".new").replace("/", ".").split(".")
    return (asked or parts[-1:])[0].lower()


def _hashed(site: CallSite) -> Iterator[Symbol]:
    """Yield the passwords that are hashed."""
    for argument in site.arguments:
        if argument.path == "data":
            for source in argument.sources:
                if PASSWORD.search(plain_name(last(source.attribute))):
                    yield source


def _shown(source: Symbol) -> str:
    return f"event.{source.attribute}" if source.owner == "event" else last(source.attribute)


def _kept(sites: tuple[CallSite, ...], result: Symbol) -> Iterator[tuple[CallSite, Argument]]:
    for site in sites:
        for argument in site.arguments if site.kind in ("sdk", "http", "response") else ():
            if result in argument.sources:
                yield site, argument


def _protects(name: str, site: CallSite) -> bool:
    """Tell whether a name is a signature's, or a token's that is made of nothing else unknown."""
    if SIGNATURE.search(plain_name(name)):
        return True
    data = [o for a in site.arguments if a.path == "data" for o in alternatives(a.value)]
    known = bool(data) and not any(isinstance(one, Open) or "<" in str(one) for one in data)
    return is_secret(name) and known
