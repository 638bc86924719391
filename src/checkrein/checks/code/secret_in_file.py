r"""A secret stands in a file that is kept with the code.

## Why

Whoever reads the repository, a fork or a backup of it has the secret, and it stays in every old version
after it was deleted. Settings (`.env`), states and plans of Terraform, private keys, pages, scripts and
programs that deploy are no place for one: a state holds every attribute of every resource in clear, and a page is sent to
everybody who asks.

Not told: what a file only shows as an example, for tests or for somebody's own machine, what is public by design
(a key that stands in every page), test keys, tokens that end by themselves, and files that git was told to ignore.

## Fix

Change the secret first: it is known. Then keep it in Secrets Manager or as a SecureString parameter, let git ignore
the file, and keep Terraform's state in an encrypted bucket.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```

```ini bad server/prod.env
PORT=3000
STAGE=prod
MONGODB_URI=mongodb+srv://orders:eQ7nTz81kmykrZ@shop.fk4wlw8.mongodb.net  #! MONGODB_URI stands in server/prod.env in clear (connection string with a password)
```

```json bad terraform/terraform.tfstate
{
  "version": 4,
  "resources": [
    {"type": "aws_api_gateway_api_key", "name": "client", "instances": [{"attributes": {
      "value": "H9GpwBDXAQ9vw1vbmyunv2M3zebI5iyq1sVidc8g"  //! aws_api_gateway_api_key.client.value stands in terraform/terraform.tfstate in clear (API key or access token)
    }}]}
  ]
}
```

```html bad web/index.html
<script>
  if (adminPassword === 'Skiing12!') { //! adminPassword is compared with a text in web/index.html, which every visitor is sent (password)
    showOrders();
  }
</script>
```

```json bad cdk.json
{"app": "python3 app.py"}
```

```python bad app.py
from shop.stack import Shop

Shop()
```

```python bad shop/stack.py
class Shop(Stack):
    def __init__(self):
        lambda_.Function(self, "Login", environment={
            "TABLE": "users",
            "JWT_SECRET_KEY": "lightweight",  #! JWT_SECRET_KEY stands in shop/stack.py in clear (shared secret)
        })
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```

```ini good server/prod.env
PORT=3000
JWT_SECRET=your-secret-key-change-in-production
DB_HOST=localhost
DB_PASSWORD=postgres1
DATABASE_URL=postgres://orders:s3cretpass@db:5432/orders
VITE_MAPS_KEY=AIzaSyB2c8d7e6f5g4h3j2k1l0m9n8o7p6q5r4s
VITE_STRIPE_KEY=pk_live_51HqK2eLkdIwHu7ixUPz9mVJx
COGNITO_CLIENT_ID=4lt6ia3cqkk5a8o1tfbfm7p2c1
TOKEN_TTL=3600
```

```ini good server/.env.example
DB_PASSWORD=Skiing12!
```

```json good terraform/terraform.tfstate
{
  "version": 4,
  "resources": [
    {"type": "aws_ssm_parameter", "name": "region", "instances": [{"attributes": {
      "type": "String",
      "value": "eu-west-1"
    }}]},
    {"type": "aws_secretsmanager_secret_version", "name": "to_be_set", "instances": [{"attributes": {
      "secret_string": "{\"password\": \"CHANGE_ME\"}"
    }}]}
  ]
}
```

```html good web/index.html
<script>
  const firebase = { apiKey: "AIzaSyB2c8d7e6f5g4h3j2k1l0m9n8o7p6q5r4s" };
  if (field.type === 'password' && passwordStrength === 'weak') {
    warn();
  }
</script>
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.code_secrets import held
from checkrein.checks.template_secrets import written
from checkrein.model import App, Disclosed, Finding
from checkrein.model.asking import of_app

PAGE = "page"


@check(
    every(Disclosed),
    fault=2,
    topics=("secrets",),
    frameworks=("CWE-540", "CWE-798", "CWE-312", "OWASP-2025:A07", "OWASP-2021:A07"),
)
def secret_in_file(found: Disclosed, app: App) -> Iterator[Finding]:
    at, length = found.place, found.place.end_column - found.place.column
    here = {(at.path, at.line), (at.path, found.data, length)}
    given = {(found.data, length)} if found.kind == "settings" else set()
    if not _told(app).isdisjoint(here | given):
        return
    yield Finding(
        at,
        _said(found),
        cwe="CWE-540",
        key=(found.name or found.title, found.path),
        confidence=found.confidence,
        data=(found.data,),
        fault=found.fault,
        secret=True,
    )


def _said(found: Disclosed) -> str:
    if found.kind == PAGE:
        page = f"{found.path}, which every visitor is sent ({found.title})"
        name = found.name or "a key"
        return f"{name} is compared with a text in {page}" if found.name else f"{name} is in {page}"
    return f"{found.name or 'a key'} stands in {found.path} in clear ({found.title})"


@of_app
def _told(app: App) -> set[tuple[str | int, ...]]:
    """Return what the checks of templates and of functions' code tell.

    Lines; and as class and length, since no fact holds a secret's text, what stands anywhere in a
    file whose line is known by another's, and what a file beside a template gives it.
    """
    known = [(each.place, each.secret) for each in written(app)]
    known += ((each.place, each.secret) for each in held(app))
    found: set[tuple[str | int, ...]] = {(place.path, place.line) for place, _ in known}
    found |= {(place.path, secret.data, len(secret.value)) for place, secret in known}
    given = (each.secret for each in written(app) if each.note)
    return found | {(secret.data, len(secret.value)) for secret in given}
