r"""What a caller sends becomes part of an LDAP filter.

## Why

A bracket or a star in the value ends the condition that was meant, or makes it true for everybody:
whoever chooses it signs in as another or reads the directory.

## Fix

Escape the value with the library's own function (`escape_filter_chars`), or let it build the filter.

## Examples

```python bad
import ldap3

connection = ldap3.Connection(ldap3.Server("directory"))

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    connection.search("dc=shop", f"(&(uid={name})(active=1))")  #! anyone can change the condition of a search in Example through event.queryStringParameters.name
```

```javascript bad
const ldap = require("ldapjs");
const client = ldap.createClient({ url: "ldap://directory" });

exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  client.search("dc=shop", { filter: `(uid=${name})`, scope: "sub" }, (error, found) => found); //! anyone can change the condition of a search in Example through event.body.name
};
```

```python good
import ldap3
from ldap3.utils.conv import escape_filter_chars

connection = ldap3.Connection(ldap3.Server("directory"))

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    connection.search("dc=shop", f"(uid={escape_filter_chars(name)})")
```

```javascript good
const ldap = require("ldapjs");
const client = ldap.createClient({ url: "ldap://directory" });

exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  client.search("dc=shop", { filter: new ldap.EqualityFilter({ attribute: "uid", value: name }) }, () => null);
  if (/^\w+$/.test(name)) client.search("dc=shop", { filter: `(uid=${name})` }, () => null);
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import faults, finding
from checkrein.model import App, Finding, Function

FILTERS = frozenset({"filter", "filter.filter", "search_filter"})


@check(every(Function), fault=2, topics=("injection",), frameworks=("CWE-90",))
def ldap_injection(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "ldap", within=FILTERS):
        if any(taint.certain for taint in fault.taints):
            name = short(function.id)
            message = (
                f"{fault.who} can change the condition of a search in {name} through {fault.fields}"
            )
            yield finding(app, fault, message, "CWE-90")
