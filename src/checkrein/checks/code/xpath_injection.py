r"""What a caller sends becomes part of an XPath expression.

## Why

A quote in the value ends the text that was meant and begins a condition of the caller's: the expression
then finds what others own in the document.

## Fix

Pass the value as a variable (`xpath("//user[@name = $name]", name=name)`), or compare in code.

## Examples

```python bad
from lxml import etree

users = etree.parse("users.xml")

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    return users.xpath(f"//user[@name = '{name}']/mail/text()")  #! anyone can change what Example looks for in a document through event.queryStringParameters.name
```

```javascript bad
const xpath = require("xpath");
const { DOMParser } = require("@xmldom/xmldom");
const users = new DOMParser().parseFromString("<users/>");

exports.handler = async (event) => {
  const { name } = event.queryStringParameters;
  return xpath.select("//user[@name = '" + name + "']", users); //! anyone can change what Example looks for in a document through event.queryStringParameters.name
};
```

```python good
from lxml import etree

users = etree.parse("users.xml")

def handler(event, context):
    asked = event["queryStringParameters"]
    users.xpath(f"//user[{int(asked['number'])}]")
    return users.xpath("//user[@name = $name]/mail/text()", name=asked["name"])
```

```javascript good
const xpath = require("xpath");
const { DOMParser } = require("@xmldom/xmldom");

exports.handler = async (event) => {
  const document = new DOMParser().parseFromString(event.body);
  const { name } = event.queryStringParameters;
  xpath.parse("//user[@name = $name]").select({ node: document, variables: { name } });
  return xpath.select("//user", document).filter((user) => user.nodeValue === name);
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import faults, finding
from checkrein.model import App, Finding, Function


@check(every(Function), fault=2, topics=("injection",), frameworks=("CWE-643",))
def xpath_injection(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "xpath", within={"path"}):
        name = short(function.id)
        message = (
            f"{fault.who} can change what {name} looks for in a document through {fault.fields}"
        )
        yield finding(app, fault, message, "CWE-643")
