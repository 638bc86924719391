"""A function is deployed with a package that its code does not use.

## Why

Every package brings its own faults, those of the packages that it asks for, and whoever publishes the next
version. One that no code imports brings only these.

What is said of `package.json` is sure only as far as code and settings beside it name what they load: a package
that is loaded by a computed name, or that another package wants beside it (a peer), looks unused.

## Fix

Take it out of the dependencies; what only builds or tests need belongs to `devDependencies`.

## Examples

```yaml bad template.yaml
Resources:
  Customize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
```

```javascript bad src/app.js
const mysql = require("mysql2/promise");
exports.handler = async () => (await mysql.createConnection({ host: process.env.HOST })).end();
```

```json bad src/package.json
{
  "name": "customize",
  "dependencies": {
    "mysql2": "3.11.0",
    "left-pad": "^1.3.0"  #? no code of Customize uses left-pad ^1.3.0
  }
}
```

```yaml good template.yaml
Resources:
  Customize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
```

```javascript good src/app.js
const mysql = require("mysql2/promise");
exports.handler = async () => (await mysql.createConnection({ host: process.env.HOST })).end();
```

```json good src/package.json
{
  "name": "customize",
  "dependencies": {
    "mysql2": "3.11.0"
  },
  "devDependencies": {
    "left-pad": "^1.3.0"
  }
}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Package


@check(
    every(Package),
    fault=1,
    topics=("dependencies",),
    frameworks=("CWE-1104",),
    hygiene=True,
)
def unused_package(package: Package, _: App) -> Iterator[Finding]:
    if not package.used:
        yield Finding(
            package.place,
            f"no code of {listed(map(short, package.functions))} uses {package.name} {package.version}",
            cwe="CWE-1104",
            endangers=package.functions,
            key=(package.name,),
            by=package.functions,
            confidence="likely",
        )
