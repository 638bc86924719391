r"""What a caller sends runs as code of the function.

## Why

Code that a caller wrote does all that the function may do: it reads the credentials in its environment
and has every right of its role. A module that a caller names runs when it is loaded. A file that callers
fill and an interpreter is given is their code too.

## Fix

Look the action up in an object of functions instead. Read data with `JSON.parse`, `json.loads` or
`ast.literal_eval`, and arithmetic with a parser made for it.

## Examples

```python bad
import importlib, json

def handler(event, context):
    body = json.loads(event["body"])
    rule = "price > " + body["least"]
    compiled = compile(rule, "rule", "eval")  #! anyone can run code in Example through event.body.least
    importlib.import_module(body["plugin"]).run()  #! anyone can choose the code that Example loads through event.body.plugin
    return eval(body["formula"], {"__builtins__": {}})  #! anyone can run code in Example through event.body.formula
```

```javascript bad
const vm = require("vm");

exports.handler = async (event) => {
  const { filter, name } = JSON.parse(event.body);
  const keeps = new Function("order", "return " + filter); //! anyone can run code in Example through event.body.filter
  setTimeout(`notify("${name}")`, 1000); //! anyone can run code in Example through event.body.name
  require(name).start(); //! anyone can choose the code that Example loads through event.body.name
  return vm.runInNewContext(filter, {}); //! anyone can run code in Example through event.body.filter
};
```

A file that callers fill, run by a program or loaded by it:

```python bad
import runpy, subprocess

def handler(event, context):
    with open("/tmp/main.py", "w") as file:
        file.write(event["body"])
    subprocess.run(["timeout", "5", "python3", "/tmp/main.py"])  #! anyone can run code in Example through event.body
    runpy.run_path("/tmp/main.py")  #! anyone can run code in Example through event.body
```

```javascript bad
const fs = require("fs");
const { execSync } = require("child_process");

exports.handler = async (event) => {
  fs.writeFileSync("/tmp/rules.js", event.body);
  return execSync("node judge.js < /tmp/order.json"); //! anyone can run code in Example through event.body
};
```

A file that a program reads is no code:

```python good
import subprocess

def handler(event, context):
    with open("/tmp/in.svg", "w") as file:
        file.write(event["body"])
    subprocess.run(["python3", "/opt/draw.py", "/tmp/in.svg", "/tmp/out.png"])
    subprocess.run("rsvg-convert /tmp/in.svg > /tmp/out.png", shell=True)
```

```typescript bad
const actions = async (name: string) => (await import(name)) as { run(): void }; //! anyone can choose the code that Example loads through event.queryStringParameters.action

export const handler = async (event: { queryStringParameters: { action: string; sum: string } }) => {
  const { action, sum } = event.queryStringParameters;
  (await actions(action)).run();
  return { body: String(eval(`1 + ${sum}`)) }; //! anyone can run code in Example through event.queryStringParameters.sum
};
```

```python good
import ast, importlib, json

ACTIONS = {"add": "shop.add", "drop": "shop.drop"}

def handler(event, context):
    body = json.loads(event["body"])
    importlib.import_module(ACTIONS[body["action"]])
    importlib.import_module(f"shop.plugins.{body['plugin']}")
    if body["field"].isidentifier():
        eval("order." + body["field"])
    eval("a + b", {"a": float(body["a"]), "b": body["b"]})
    return ast.literal_eval(body["list"])
```

```javascript good
const actions = { add: (order) => order, drop: () => null };
const vm = require("vm");

exports.handler = async (event) => {
  const { action, name, delay, size } = JSON.parse(event.body);
  setTimeout(() => console.log(name), delay);
  new Function("order", "return order.size > " + Number(size));
  vm.runInNewContext("name.length", { name });
  require("./actions/" + (action === "add" ? "add" : "drop"));
  return actions[action](JSON.parse(event.body));
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, faults, finding
from checkrein.model import App, Finding, Function, Symbol, Text
from checkrein.model.values import alternatives

LOADING = frozenset({"require", "import", "importlib.import_module", "__import__"})
LATER = frozenset({"setTimeout", "setInterval"})  # most are given a function, not a text


@check(every(Function), fault=3, topics=("injection",), frameworks=("CWE-94", "CWE-95"))
def code_injection(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "code"):
        name = short(function.id)
        operation = fault.site.operation
        if operation in LOADING:
            if _is_chosen(fault):
                message = (
                    f"{fault.who} can choose the code that {name} loads through {fault.fields}"
                )
                yield finding(app, fault, message, "CWE-706")
        elif operation not in LATER or _is_text(fault):
            message = f"{fault.who} can run code in {name} through {fault.fields}"
            yield finding(app, fault, message, "CWE-94")


def _is_chosen(fault: Fault) -> bool:
    """Tell whether they choose the module from its first letter on: what follows a folder is one."""
    return any(
        isinstance(option, Symbol)
        or (isinstance(option, Text) and not str(option.parts[0]).strip())
        for argument in fault.site.arguments
        for option in alternatives(argument.value)
    )


def _is_text(fault: Fault) -> bool:
    """Tell whether a text is given, not a function."""
    return any(
        isinstance(option, (Symbol, Text))
        for argument in fault.site.arguments
        if argument.path == "source"
        for option in alternatives(argument.value)
    )
