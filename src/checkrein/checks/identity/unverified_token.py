"""Code believes what a token says, and nobody checks its signature.

## Why

Everyone can write a token: it is three pieces of text, and only the signature tells who wrote it. Code
that reads the claims without checking it lets callers choose who they are and what they may do.

## Fix

Verify the token with the issuer's key and name the algorithms and the audience, or put an authorizer
that does it on the route and take the claims from `requestContext.authorizer`.

## Examples

```python bad
import boto3, jwt

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    token = event["headers"]["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})  #! Example believes sub of a token whose signature nobody checks: anyone can write one
    return orders.get_item(Key={"customer": claims["sub"]})["Item"]
```

```javascript bad
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});

const who = (header) => {
  const [, payload] = header.replace("Bearer ", "").split(".");
  return JSON.parse(Buffer.from(payload, "base64").toString("utf8")); //! Example believes cognito:groups and username of a token whose signature nobody checks: anyone can write one
};

exports.handler = async (event) => {
  const user = who(event.headers.Authorization);
  if (!user["cognito:groups"].includes("admin")) return { statusCode: 403 };
  return client.send(new GetItemCommand({ TableName: "orders", Key: { customer: { S: user.username } } }));
};
```

```python bad
import base64, boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    payload = event["headers"]["Authorization"].split(" ")[1].split(".")[1]
    payload += "=" * (-len(payload) % 4)
    claims = json.loads(base64.urlsafe_b64decode(payload))  #! Example believes sub of a token whose signature nobody checks: anyone can write one
    orders.delete_item(Key={"customer": claims.get("sub")})
```

```javascript bad
const jwt = require("jsonwebtoken");
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  const { payload } = jwt.decode(event.headers.authorization, { complete: true }); //! Example believes sub of a token whose signature nobody checks: anyone can write one
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key: { customer: { S: payload.sub } } }));
};
```

A session that is plain JSON, whatever it is packed in, has no signature at all:

```javascript bad
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  const session = JSON.parse(Buffer.from(event.headers.Authorization.substring(7), "base64").toString()); //! Example believes user_id of a token that nobody signs: anyone can write one
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key: { customer: { S: session.user_id } } }));
};
```

```python bad
import base64, boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    session = json.loads(base64.b64decode(event["headers"]["x-session"]))  #! Example believes is_admin of a token that nobody signs: anyone can write one
    if session["is_admin"]:
        return orders.scan()["Items"]
```

What only tells where a list goes on says nothing of who asks:

```javascript good
const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  const ExclusiveStartKey = JSON.parse(atob(event.queryStringParameters.nextToken));
  return new DynamoDBClient({}).send(new ScanCommand({ TableName: "orders", ExclusiveStartKey }));
};
```

```python good
import base64, boto3, hashlib, hmac, json, os

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    shown = event["headers"]["x-session"]
    mac = hmac.new(os.environ["SESSION_SECRET"].encode(), shown.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(mac, event["headers"]["x-session-signature"]):
        return {"statusCode": 401}
    session = json.loads(base64.b64decode(shown))
    return orders.get_item(Key={"customer": session["user_id"]})["Item"]
```

The key's name may be read before the signature is checked, and so may the time:

```python good
import boto3, jwt

orders = boto3.resource("dynamodb").Table("orders")
KEYS = {"2026": "…"}

def handler(event, context):
    token = event["headers"]["authorization"]
    claims = jwt.decode(token, options={"verify_signature": False})
    if claims["exp"] < 1700000000:
        return {"statusCode": 401}
    return {"statusCode": 200}

def another(event, context):
    claims = jwt.decode(event["headers"]["authorization"], KEYS["2026"], algorithms=["RS256"])
    return orders.get_item(Key={"customer": claims["sub"]})["Item"]
```

```javascript good
const jwt = require("jsonwebtoken");
const keys = require("jwks-rsa")({ jwksUri: process.env.KEYS });
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  const token = event.headers.authorization;
  const { header, payload } = jwt.decode(token, { complete: true });
  const key = await keys.getSigningKey(header.kid);
  jwt.verify(token, key.getPublicKey(), { algorithms: ["RS256"] });
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key: { customer: { S: payload.sub } } }));
};
```

Cognito refuses what it has not signed itself:

```javascript good
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const { DynamoDBClient, UpdateItemCommand } = require("@aws-sdk/client-dynamodb");

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64").toString());

exports.handler = async (event) => {
  const { accessToken, code } = JSON.parse(event.body);
  await new CognitoIdentityProvider({}).verifyUserAttribute({ AccessToken: accessToken, AttributeName: "email", Code: code });
  const Key = { customer: { S: claims(accessToken).sub } };
  return new DynamoDBClient({}).send(new UpdateItemCommand({ TableName: "orders", Key, UpdateExpression: "SET verified = :t" }));
};
```

But only the token that it is shown:

```javascript bad
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const { DynamoDBClient, UpdateItemCommand } = require("@aws-sdk/client-dynamodb");

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64").toString()); //! Example believes sub of a token whose signature nobody checks: anyone can write one

exports.handler = async (event) => {
  const { accessToken, idToken, code } = JSON.parse(event.body);
  await new CognitoIdentityProvider({}).verifyUserAttribute({ AccessToken: accessToken, AttributeName: "email", Code: code });
  const Key = { customer: { S: claims(idToken).sub } };
  return new DynamoDBClient({}).send(new UpdateItemCommand({ TableName: "orders", Key, UpdateExpression: "SET verified = :t" }));
};
```

KMS refuses what its key has not signed, too:

```javascript good
const { KMS } = require("@aws-sdk/client-kms");
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

class Tokens {
  kms = new KMS({});
  async verify(token) {
    const [header, payload, signature] = token.split(".");
    const Message = Buffer.from(`${header}.${payload}`);
    const Signature = Buffer.from(signature, "base64url");
    const asked = { KeyId: process.env.KEY, Message, Signature, SigningAlgorithm: "ECDSA_SHA_256" };
    return (await this.kms.verify(asked)).SignatureValid ?? false;
  }
  decode(token) {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  }
}

const subject = async (tokens, token) => {
  if (!(await tokens.verify(token))) throw new Error("forged");
  return tokens.decode(token).sub;
};

exports.handler = async (event) => {
  const token = event.headers.authorization.replace("Bearer ", "");
  const Key = { customer: { S: await subject(new Tokens(), token) } };
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key }));
};
```

But what it has signed says nothing of another token, and neither does a key of the caller's:

```javascript bad
const { KMS } = require("@aws-sdk/client-kms");
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()); //! Example believes sub of a token whose signature nobody checks: anyone can write one

exports.handler = async (event) => {
  const { receipt, signature } = JSON.parse(event.body);
  const Message = Buffer.from(receipt);
  await new KMS({}).verify({ KeyId: process.env.KEY, Message, Signature: signature, SigningAlgorithm: "ECDSA_SHA_256" });
  const Key = { customer: { S: claims(event.headers.authorization).sub } };
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key }));
};
```

```javascript bad
const { KMS } = require("@aws-sdk/client-kms");
const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()); //! Example believes sub of a token whose signature nobody checks: anyone can write one

exports.handler = async (event) => {
  const { token, signature, key } = JSON.parse(event.body);
  await new KMS({}).verify({ KeyId: key, Message: Buffer.from(token), Signature: signature, SigningAlgorithm: "ECDSA_SHA_256" });
  const Key = { customer: { S: claims(token).sub } };
  return new DynamoDBClient({}).send(new GetItemCommand({ TableName: "orders", Key }));
};
```

An authorizer that has checked the same header leaves nothing to check:

```yaml good template.yaml
Resources:
  Users:
    Type: AWS::Cognito::UserPool
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Checked:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Type: COGNITO_USER_POOLS
      IdentitySource: method.request.header.Authorization
      ProviderARNs: [!GetAtt Users.Arn]
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, jwt
          orders = boto3.resource("dynamodb").Table("orders")
          def handler(event, context):
              token = event["headers"]["Authorization"]
              claims = jwt.decode(token, options={"verify_signature": False})
              return orders.get_item(Key={"customer": claims["sub"]})["Item"]
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: COGNITO_USER_POOLS
      AuthorizerId: !Ref Checked
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Show.Arn}/invocations"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.tokens import UNSIGNED, claim, opens, verifies
from checkrein.checks import check, every
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.signatures import believes_anything, is_compared, is_looked_at
from checkrein.checks.tainted import sites_of, tainted, within_reach
from checkrein.late import regex
from checkrein.model import App, CallSite, Entry, Finding, Function, Taint

AUTHORIZATION = regex(r"(?i)^event\.(headers|multiValueHeaders|request\.headers)\.authorization")
LACKING = {False: "whose signature nobody checks", True: "that nobody signs"}
BY_IAM = "whoever may call it by IAM"  # as taints name them
TELLING = frozenset({"log", "response"})  # where a claim only is repeated


@check(every(Function), fault=3, topics=("authentication",), frameworks=("CWE-347", "CWE-290"))
def unverified_token(function: Function, app: App) -> Iterator[Finding]:
    sites = sites_of(app, function)
    if believes_anything(sites):
        for index, taints in tainted(function, app).items():
            site = sites[index]
            if not opens(site) or verifies(site) or is_compared(sites, site):
                continue
            forgeable = (taint for taint in taints if _is_forgeable(taint))
            chosen = [t for t in forgeable if not is_looked_at(sites, index, t.source)]
            if chosen:
                yield from _finding(function, app, index, chosen[0])


def _finding(function: Function, app: App, index: int, taint: Taint) -> Iterator[Finding]:
    sites = sites_of(app, function)
    decides = any(e.kind == "authorizer" for e in grouped(app, Entry, "function")[function.id])
    site = sites[index]
    used = [claim(path) for path in site.reads if decides or _is_used(sites, index, path)]
    claims = sorted({name for name in used if name})
    unsigned = site.operation == UNSIGNED
    if claims:
        yield Finding(
            site.place,
            f"{short(function.id)} believes {listed(claims)} of a token {LACKING[unsigned]}:"
            f" {taint.who} can write one",
            steps=taint.steps,
            cwe="CWE-347",
            endangers=within_reach(app, function),
            key=tuple(claims),
            confidence="certain" if taint.certain else "likely",
            by=(function.id,),
            fault=2 if taint.who == BY_IAM else 3,  # who has no rights of AWS gets no further
        )


def _is_forgeable(taint: Taint) -> bool:
    """Tell whether whoever chooses a token gets it past the authorizer of the route."""
    guarded = taint.who == "a signed-in caller" and AUTHORIZATION.match(taint.field.path)
    return taint.argument == "token" and not guarded


def _is_used(sites: tuple[CallSite, ...], index: int, path: str) -> bool:
    """Tell whether code does something by a claim: passes it on, or decides by it."""
    takers = [
        site.kind
        for site in sites
        for argument in site.arguments
        for source in argument.sources
        if source.owner == f"call:{index}" and source.attribute.startswith(path)
    ]
    return not takers or not TELLING.issuperset(takers)
