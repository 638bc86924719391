r"""XML that a caller sends may name files and addresses to be read.

## Why

A document can declare an entity that stands for a file or an address. A parser that was told to resolve
them puts `/proc/self/environ`, where the function's credentials are, into what it gives back.

## Fix

Leave the resolving of entities off, as the parsers now have it by themselves.

## Examples

```python bad
from lxml import etree

parser = etree.XMLParser(resolve_entities=True, no_network=False)

def handler(event, context):
    tree = etree.fromstring(event["body"], parser)  #! anyone can read the files of Example by an XML document through event.body
    return tree.findtext("name")
```

```javascript bad
const libxml = require("libxmljs2");

exports.handler = async (event) => {
  const options = { noent: true };
  return libxml.parseXml(event.body, options).get("//name").text(); //! anyone can read the files of Example by an XML document through event.body
};
```

```python good
import xml.etree.ElementTree as tree
from lxml import etree

def handler(event, context):
    tree.fromstring(event["body"])
    etree.fromstring(event["body"])
    return etree.fromstring(event["body"], etree.XMLParser(resolve_entities=False))
```

```javascript good
const libxml = require("libxmljs2");
const { parseStringPromise } = require("xml2js");

exports.handler = async (event) => {
  libxml.parseXml(event.body, { noent: false });
  return parseStringPromise(event.body);
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, faults, finding
from checkrein.model import App, Finding, Function
from checkrein.model.values import alternatives

RESOLVING = "resolve_entities=True"


@check(every(Function), fault=3, topics=("external-entities",), frameworks=("CWE-611",))
def external_entities(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "xml"):
        if _resolves(fault):
            name = short(function.id)
            message = f"{fault.who} can read the files of {name} by an XML document through {fault.fields}"
            yield finding(app, fault, message, "CWE-611")


def _resolves(fault: Fault) -> bool:
    """Tell whether the parser was told to resolve entities: lxml 5 and libxml do not by themselves."""
    given = {argument.path: argument.value for argument in fault.site.arguments}
    told = any(RESOLVING in str(option) for option in alternatives(given.get("with.parser")))
    return told or given.get("with.options.noent") is True
