r"""A regular expression takes exponential time on what a caller sends.

## Why

`(\w+\s?)+$` tries every way to divide a text before it gives up: thirty letters and a comma keep the
function busy until its time is over, at its owner's cost, and enough of them use up the concurrency.
A caller who chooses the expression itself can do the same.

## Fix

Say each letter in one place only (`\w+(\s\w+)*$`), limit the text's length first, and escape what
becomes a part of an expression (`re.escape`).

## Examples

```python bad
import re

NAMES = re.compile(r"^([a-zA-Z]+\s?)+$")

def handler(event, context):
    asked = event["queryStringParameters"]
    if NAMES.match(asked["name"]):  #! anyone can keep Example busy by a slow pattern through event.queryStringParameters.name
        return {"found": re.findall(asked["pattern"], "a text")}  #! anyone can choose a pattern of Example through event.queryStringParameters.pattern
```

```javascript bad
const items = ["a", "b"];

exports.handler = async (event) => {
  const { mail, search } = JSON.parse(event.body);
  if (!/^([a-z0-9]+)*@shop\.example$/.test(mail)) return { statusCode: 400 }; //! anyone can keep Example busy by a slow pattern through event.body.mail
  return items.filter((item) => new RegExp("^" + search).test(item)); //! anyone can choose a pattern of Example through event.body.search
};
```

```typescript bad
export const handler = async (event: { headers: { accept: string } }) =>
  event.headers.accept.match(/^(?:(?:[a-z]+|\*),?)+$/); //! anyone can keep Example busy by a slow pattern through event.headers.accept
```

```python good
import re

def handler(event, context):
    asked = event["queryStringParameters"]
    re.match(r"^[a-zA-Z]+(\s[a-zA-Z]+)*$", asked["name"])
    re.match(r"([a-z]+)*", asked["name"])
    re.match(r"^([a-z]+\.)+$", asked["host"])
    re.match(r"^([a-z]{1,5}\s?){1,3}$", asked["name"])
    re.match(r"^([a-z]+)+$", "a constant")
    return re.findall(re.escape(asked["word"]), "a text")
```

```javascript good
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

exports.handler = async (event) => {
  const { mail, search } = JSON.parse(event.body);
  mail.replace(/\s+/g, " ").split(/,\s*/);
  new RegExp(escaped(search), "i").test("a text");
  return /^[a-z0-9]+(?:[._-][a-z0-9]+)*@[a-z]+\.example$/.test(mail);
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import faults, finding
from checkrein.model import App, Finding, Function


@check(
    every(Function),
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-1333", "CWE-625", "OWASP-2025:A05", "OWASP-2021:A03"),
)
def slow_pattern(function: Function, app: App) -> Iterator[Finding]:
    name = short(function.id)
    for fault in faults(function, app, "regex", within={"text"}):
        message = f"{fault.who} can keep {name} busy by a slow pattern through {fault.fields}"
        yield finding(app, fault, message, "CWE-1333")
    for fault in faults(function, app, "regex", within={"pattern"}):
        message = f"{fault.who} can choose a pattern of {name} through {fault.fields}"
        yield finding(app, fault, message, "CWE-625")
