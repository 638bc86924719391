r"""A caller's keys are assigned to objects within objects.

## Why

In JavaScript `target["__proto__"]` is what all objects inherit from. A body with that key gives every
object of the process the property that it names, in later requests of other callers too: `isAdmin` where
none was set, or options that make libraries start programs.

## Fix

Skip the keys `__proto__`, `constructor` and `prototype`, keep what callers name in a `Map`, or let a schema
say which keys there are.

## Examples

```javascript bad
const settings = { theme: { colour: "blue" } };

function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === "object") {
      if (!target[key]) target[key] = {};  //! anyone can change the prototype of all objects in Example through event.body
      merge(target[key], source[key]);
    } else {
      target[key] = source[key]; //! anyone can change the prototype of all objects in Example through event.body
    }
  }
  return target;
}

exports.handler = async (event) => {
  const { group, name, value } = event.queryStringParameters;
  settings[group][name] = value; //! anyone can change the prototype of all objects in Example through event.queryStringParameters.group
  return merge(settings, JSON.parse(event.body));
};
```

```typescript bad
type Tree = { [key: string]: any };

const deep = (target: Tree, source: Tree): Tree => {
  Object.keys(source).forEach((key) => {
    target[key] = target[key] && source[key] instanceof Object ? deep(target[key], source[key]) : source[key]; //! anyone can change the prototype of all objects in Example through event.body
  });
  return target;
};

export const handler = async (event: { body: string }) => deep({ page: {} }, JSON.parse(event.body));
```

What cleans an object's own values merges nothing:

```javascript good
const clean = (item) => {
  for (const key in item) {
    if (typeof item[key] === "object") clean(item[key]);
    else item[key] = String(item[key]).trim();
  }
  return item;
};

exports.handler = async (event) => ({ body: JSON.stringify(clean(JSON.parse(event.body))) });
```

```javascript good
const settings = { theme: { colour: "blue" } };
const UNSAFE = ["__proto__", "constructor", "prototype"];

function merge(target, source) {
  for (const key of Object.keys(source)) {
    if (UNSAFE.includes(key)) continue;
    target[key] = source[key] instanceof Object ? merge(target[key] || {}, source[key]) : source[key];
  }
  return target;
}

function copy(value) {
  const made = {};
  for (const key in value) {
    made[key.toLowerCase()] = value[key] instanceof Object ? copy(value[key]) : value[key];
  }
  return made;
}

exports.handler = async (event) => {
  const { group, name, value } = JSON.parse(event.body);
  if (group === "__proto__") return { statusCode: 400 };
  const counts = {};
  counts[group] = (counts[group] || 0) + 1;
  settings[group][name] = value;
  settings.theme[name] = value;
  return { ...merge(settings, JSON.parse(event.body)), ...copy(JSON.parse(event.body)) };
};
```

```python good
def merge(target, source):
    for key in source:
        if isinstance(source[key], dict):
            merge(target[key], source[key])
        else:
            target[key] = source[key]

def handler(event, context):
    merge({}, event["body"])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, faults, finding, kept
from checkrein.checks.texts import may_be_object
from checkrein.model import App, Finding, Function, Taint

MERGE = "merge"


@check(every(Function), fault=2, topics=("injection",), frameworks=("CWE-1321",))
def prototype_pollution(function: Function, app: App) -> Iterator[Finding]:
    for found in faults(function, app, "property"):
        fault = kept(found, _is_deep)
        if fault.taints:
            name = short(function.id)
            message = (
                f"{fault.who} can change the prototype of all objects in {name}"
                f" through {fault.fields}"
            )
            yield finding(app, fault, message, "CWE-1321")


def _is_deep(fault: Fault, taint: Taint) -> bool:
    """Tell whether a merge gets as far as a key in a key: only JSON goes deeper."""
    return fault.site.operation != MERGE or may_be_object(taint)
