"""A function logs a secret from its own settings.

## Why

A variable that holds a key, a password or a connection string is given to one function. In the log it is given to
everybody who reads logs, and it stays there. All variables together (`process.env`, `os.environ`) hold the credentials of the
function's role too, with which a reader of the log acts as the function for some hours.

## Fix

Log that a variable is set, not what it is set to. Then change the secret: it is in every line since.

## Examples

```python bad
import logging
import os


def handler(event, context):
    print(dict(os.environ))  #! Example logs all its variables, the credentials of its role too
    logging.warning("asks with %s", os.environ["PARTNER_API_KEY"])  #! Example logs its variable PARTNER_API_KEY (API key or access token)
    return {}
```

```typescript bad
export const handler = async () => {
  console.log("check:", { JWT_SECRET: process.env.JWT_SECRET, STAGE: process.env.STAGE }); //! Example logs its variable JWT_SECRET (shared secret)
  return {};
};
```

```python good
import logging
import os


def handler(event, context):
    print("API_KEY" in os.environ, bool(os.environ.get("PARTNER_API_KEY")), len(os.environ["DB_PASSWORD"]))
    print(os.environ["STAGE"], os.getenv("SECRET_ARN"), os.getenv("TOKEN_TABLE"), os.getenv("CLIENT_ID"))
    print(sorted(os.environ), list(os.environ))
    logging.debug("asks with %s", os.environ["PARTNER_API_KEY"])
    return {}
```

```typescript good
export const handler = async () => {
  console.log("JWT_SECRET:", process.env.JWT_SECRET ? "set" : "missing", !!process.env.DB_PASSWORD);
  console.log(Object.keys(process.env), process.env.SECRET_NAME, process.env.PUBLIC_KEY);
  return {};
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.data_classes import title
from checkrein.catalog.secrets import keeps_secret
from checkrein.checks import check, every
from checkrein.checks.questions import grouped, short
from checkrein.checks.worth import value
from checkrein.detect.names import classify
from checkrein.detect.secrets import secret
from checkrein.model import App, CallSite, Evidence, Finding, Resource, Summary, Symbol, Value
from checkrein.model.values import alternatives
from checkrein.model.workloads import variables

ALL = ""  # the name of all variables
GRAVE = 7  # what is worth less is no secret
DEBUG = "debug"  # a level that Python does not write unless it is told to
ROLE = "cred.cloud_key"
GIVEN = ("@parameter", "@secretsmanager", "@ssm")  # owners of what is put in when it is deployed


@check(
    every(Summary),
    fault=2,
    topics=("data-exposure", "secrets"),
    frameworks=("CWE-532", "CWE-526", "OWASP-2025:A09", "OWASP-2021:A09"),
)
def settings_in_log(code: Summary, app: App) -> Iterator[Finding]:
    first: dict[str, Finding] = {}
    for site in code.calls:
        hidden = site.operation == DEBUG and site.place.path.endswith(".py")
        for name in _names(site) if site.kind == "log" and not hidden else ():
            data = ROLE if name == ALL else _class(app, code.function, name)
            if data and name not in first:
                first[name] = _finding(code.function, site, name, data)
    yield from first.values()


def _names(site: CallSite) -> Iterator[str]:
    """Yield the variables whose content, whole, stands in a log line."""
    for argument in site.arguments:
        for source in argument.sources:
            whole = source.attribute == ALL
            if source.owner == "env" and (whole or _stands(argument.value, source)):
                yield source.attribute


def _stands(value: Value, source: Symbol) -> bool:
    return any(
        option == source or source in getattr(option, "parts", ()) for option in alternatives(value)
    )


def _class(app: App, function: str, name: str) -> str:
    """Return the class of the secret that a variable holds, "" where it only says where one is."""
    found = classify(name)
    if found is None or found.confidence == "possible" or not keeps_secret(name, shown=False):
        return ""
    if not found.data.startswith("cred.") or value(app, found.data) < GRAVE:
        return ""
    resource = grouped(app, Resource, "id").get(function, [None])[0]
    given = variables(resource).get(name) if resource else None
    options = list(alternatives(given.value)) if given else []
    return "" if options and not any(_is_secret(each, name) for each in options) else found.data


def _is_secret(option: Value, name: str) -> bool:
    """Tell whether what a template gives a variable may be a secret itself."""
    if isinstance(option, str):
        return secret(option, name, used=True) is not None
    return not isinstance(option, Symbol) or option.owner.endswith(GIVEN)


def _finding(function: str, site: CallSite, name: str, data: str) -> Finding:
    what = "all its variables, the credentials of its role too"
    said = what if name == ALL else f"its variable {name} ({title(data)})"
    log = Evidence("the log keeps it", site.place)
    return Finding(
        site.place,
        f"{short(function)} logs {said}",
        steps=(*site.steps, log),
        cwe="CWE-532",
        endangers=(function,),
        key=(name,),
        data=(data,),
        by=(function,),
        confidence="certain" if name == ALL else "likely",
    )
