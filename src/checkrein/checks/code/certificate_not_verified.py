"""A function talks to whoever answers, whatever certificate they show.

## Why

A connection that is encrypted to somebody unknown protects nothing: whoever stands between the
function and the other side shows a certificate of their own, reads what is sent, passwords and tokens
among it, and answers what they like.

## Fix

Leave verification on, which is the default. For a certificate of your own, or that of RDS, give its
authority: `verify="/var/task/ca.pem"`, `ca: fs.readFileSync("ca.pem")`. For SSH, load the keys of
the hosts that you know.

## Examples

```python bad
import os, ssl, urllib.request, boto3, paramiko, requests

session = requests.Session()
session.verify = False  #! Example takes whoever answers for the other side (verify)

def handler(event, context):
    requests.post("https://bank.example.com/pay", json=event, verify=False)  #! Example takes whoever answers for the other side (verify)
    boto3.client("s3", verify=False)  #! Example takes whoever answers for the other side (verify)
    trusting = ssl._create_unverified_context()  #! Example takes whoever answers for the other side (ssl._create_unverified_context)
    urllib.request.urlopen("https://bank.example.com/rates", context=trusting)
    ssh = paramiko.SSHClient()
    ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())  #! Example takes whoever answers for the other side (paramiko.AutoAddPolicy)
```

```javascript bad
const https = require("https");
const { Pool } = require("pg");
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false }); //! Example takes whoever answers for the other side (rejectUnauthorized)
const pool = new Pool({ host: process.env.HOST, ssl: { rejectUnauthorized: false } }); //! Example takes whoever answers for the other side (rejectUnauthorized)

exports.handler = async (event) => {
  const options = { method: "POST", rejectUnauthorized: false };
  require(event.protocol).request(Object.assign({}, options)); //! Example takes whoever answers for the other side (rejectUnauthorized)
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; //! Example takes whoever answers for the other side (NODE_TLS_REJECT_UNAUTHORIZED)
};
```

```yaml bad template.yaml
Resources:
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "exports.handler = async () => {};"}
      Environment:
        Variables:
          NODE_TLS_REJECT_UNAUTHORIZED: 0  #! Pay takes whoever answers for the other side (NODE_TLS_REJECT_UNAUTHORIZED)
```

```python good
import os, jwt, requests

def handler(event, context):
    jwt.decode(event["token"], options={"verify_signature": True}, verify=False)
    requests.post("https://bank.example.com/pay", json=event, verify="/var/task/ca.pem")
    requests.get("http://localhost:2773/secrets", verify=False)
    requests.get("https://bank.example.com", verify=os.environ.get("STAGE") != "local")
    requests.get("https://bank.example.com", verify=bool(event["strict"]) if event["id"] else False)
```

```javascript good
const fs = require("fs");
const https = require("https");
const { Pool } = require("pg");
const agent = new https.Agent({ rejectUnauthorized: true });
const pool = new Pool({ ssl: { ca: fs.readFileSync("rds.pem"), rejectUnauthorized: process.env.STAGE !== "local" } });

exports.handler = async () => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import once, said, sites_of, within_reach
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Resource

VARIABLE = "Environment.Variables.NODE_TLS_REJECT_UNAUTHORIZED"
BESIDE = regex(r"https?://(?:localhost|127\.|\[::1\]|0\.0\.0\.0)")  # the same machine


@check(every(Function), fault=2, topics=("certificates",), frameworks=("CWE-295", "CWE-322"))
def certificate_not_verified(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_found(function, app))


def _found(function: Function, app: App) -> Iterator[Finding]:
    begins = f"{short(function.id)} takes whoever answers for the other side"
    sites = sites_of(app, function)
    inside = _is_inside(app, function)
    local = {site.place for site in sites if site.kind == "http" and _is_local(site)}
    for site in sites:
        if site.kind == "use" and site.service == "tls" and site.place not in local:
            settings = sorted(str(one) for one in said(site, "setting")) or [site.operation]
            yield Finding(
                site.place,
                f"{begins} ({', '.join(settings)})",
                steps=site.steps,
                cwe="CWE-322" if "paramiko" in site.operation else "CWE-295",
                endangers=within_reach(app, function),
                key=(site.operation, *settings),
                confidence="possible" if inside else "certain" if site.certain else "likely",
                by=(function.id,),
            )
    resource = app.get(Resource, function.id)
    if resource is None or function.language != "javascript":
        return
    if str(resource[VARIABLE]) == "0":
        yield Finding(
            resource.where(VARIABLE),
            f"{begins} (NODE_TLS_REJECT_UNAUTHORIZED)",
            cwe="CWE-295",
            endangers=within_reach(app, function),
            key=(VARIABLE,),
            by=(function.id,),
        )


def _is_inside(app: App, function: Function) -> bool:
    """Tell whether code runs in a network of its own, where nobody may stand in between."""
    resource = app.get(Resource, function.id)
    return resource is not None and (
        resource.type.startswith("AWS::ECS::") or bool(resource.value("VpcConfig"))
    )


def _is_local(site: CallSite) -> bool:
    return any(BESIDE.match(str(url)) for url in said(site, "url"))
