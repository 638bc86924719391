r"""What a caller sends is read by a format that can run code.

## Why

pickle, YAML with Python's own types and serialisers of functions make whatever object the text asks for,
and run what it says on the way: whoever sends the text runs code with the function's rights.

## Fix

Exchange JSON. Read YAML with `yaml.safe_load`. Where a format of objects must stay, sign what is stored
and verify the signature before reading.

## Examples

```python bad
import base64, io, pickle, yaml

def handler(event, context):
    pickle.load(io.BytesIO(base64.b64decode(event["body"])))  #! anyone can run code in Example through event.body
    state = pickle.loads(base64.b64decode(event["headers"]["cookie"]))  #! anyone can run code in Example through event.headers.cookie
    config = yaml.load(event["body"], Loader=yaml.Loader)  #! anyone can run code in Example through event.body
    return yaml.load(event["body"], yaml.UnsafeLoader)  #! anyone can run code in Example through event.body
```

```javascript bad
const serialize = require("node-serialize");
const yaml = require("js-yaml");

exports.handler = async (event) => {
  const request = serialize.unserialize(event.body); //! anyone can run code in Example through event.body
  return yaml.load(request.rules, { schema: yaml.DEFAULT_FULL_SCHEMA }); //! anyone can run code in Example through event.body.rules
};
```

```typescript bad
import * as cryo from "cryo";

export const handler = async (event: { body: string }) => cryo.parse(event.body); //! anyone can run code in Example through event.body
```

```python good
import json, pickle, redis, yaml
from yaml import load, SafeLoader

cache = redis.Redis()

def handler(event, context):
    pickle.loads(cache.get(event["headers"]["session"]))
    pickle.loads(open("model.pickle", "rb").read())
    pickle.dumps(event["body"])
    yaml.safe_load(event["body"])
    yaml.load(event["body"], Loader=yaml.CSafeLoader)
    load(event["body"], SafeLoader)
    return json.loads(event["body"])
```

```javascript good
const serialize = require("serialize-javascript");
const yaml = require("js-yaml");

exports.handler = async (event) => {
  yaml.load(event.body);
  yaml.load(event.body, { schema: yaml.JSON_SCHEMA });
  return serialize(JSON.parse(event.body));
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

LOADERS = ("with.Loader", "with.options.schema")  # the argument that says which types are made
ASKED = {  # functions that make any type only where they are asked to: the words that ask
    **dict.fromkeys(("yaml.load", "yaml.load_all", "ruamel.yaml.load"), ("Loader", "UnsafeLoader")),
    **dict.fromkeys(("js-yaml.load", "js-yaml.loadAll"), ("DEFAULT_FULL_SCHEMA",)),
    "numpy.load": ("allow_pickle",),
    "torch.load": ("weights_only",),
}


@check(every(Function), fault=3, topics=("deserialisation",), frameworks=("CWE-502",))
def unsafe_deserialisation(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "deserialize"):
        if _makes_anything(fault):
            name = short(function.id)
            message = f"{fault.who} can run code in {name} through {fault.fields}"
            yield finding(app, fault, message, "CWE-502")


def _makes_anything(fault: Fault) -> bool:
    """Tell whether the format is read with every type; PyYAML and js-yaml have to be asked now."""
    asking = ASKED.get(fault.site.operation)
    given = {argument.path: argument.value for argument in fault.site.arguments}
    if asking is None:
        return True
    if fault.site.operation == "numpy.load":
        return given.get("with.allow_pickle") is True
    if fault.site.operation == "torch.load":
        return given.get("with.weights_only") is False
    named = [str(o) for path in LOADERS for o in alternatives(given.get(path))]
    return any(name.rpartition(".")[2] in asking for name in named)
