r"""What a caller sends becomes part of a command.

## Why

A shell runs whatever stands behind a semicolon, and a function's shell has the function's credentials
in its environment: whoever chooses a part of the command has every right of the function's role.

## Fix

Do without the shell: call a library, or pass the arguments as a list to a program named by a constant.
Let through only values from a list, or that match an expression without spaces and punctuation.

## Examples

```python bad
import subprocess

def handler(event, context):
    wanted = event["queryStringParameters"]["file"]
    subprocess.run(f"convert {wanted} out.png", shell=True)  #! anyone can run commands as Example through event.queryStringParameters.file
    subprocess.run(["convert", wanted, "out.png"])
```

```javascript bad
const { execSync, execFileSync } = require("child_process");
const list = (name) => `ls /tmp/${name}`;

exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  execFileSync("ls", ["-l", name]);
  return { body: execSync(list(name)).toString() }; //! anyone can run commands as Example through event.body.name
};
```

```python good
import os, re, shlex

SIZES = ("small", "large")

def handler(event, context):
    asked = event["queryStringParameters"]
    if asked["size"] not in SIZES or not re.fullmatch(r"[\w-]+", asked["name"]):
        return {"statusCode": 400}
    os.system("convert -size " + asked["size"] + " " + asked["name"])
    os.system("convert " + shlex.quote(asked["file"]))
    os.system("convert -quality %d" % int(asked["quality"]))
```

```javascript good
const { exec } = require("child_process");

const checked = (name) => {
  if (!/^[a-z0-9]+$/.test(name)) throw new Error("no such file");
  return name;
};

exports.handler = async (event) => {
  const { name, page } = event.queryStringParameters;
  exec(`head -n ${Number(page)} /tmp/${checked(name)}`);
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

SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "cmd", "cmd.exe", "powershell", "pwsh"})
LISTS = frozenset({  # functions that start a program without a shell, unless asked for one
    "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
    "subprocess.Popen", "child_process.spawn", "child_process.spawnSync", "child_process.execFile",
    "child_process.execFileSync", "child_process.fork", "execa", "execa.execa", "os.execl",
    "os.execv", "os.execvp", "os.spawnl", "os.spawnv", "pty.spawn",
    "asyncio.create_subprocess_exec",
})  # fmt: skip
SHELL = ("with.shell", "with.options.shell")
PROGRAM = ("program", "command", "file", "path")


@check(every(Function), fault=3, topics=("injection",), frameworks=("CWE-78", "CWE-88"))
def command_injection(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "command"):
        if _is_run(fault):
            name = short(function.id)
            message = f"{fault.who} can run commands as {name} through {fault.fields}"
            yield finding(app, fault, message, "CWE-78")


def _is_run(fault: Fault) -> bool:
    """Tell whether a shell reads what they choose, or they choose the program itself."""
    given = {argument.path: argument.value for argument in fault.site.arguments}
    if fault.site.operation not in LISTS or any(given.get(path) is True for path in SHELL):
        return True
    programs = [option for path in PROGRAM for option in alternatives(given.get(path))]
    shells = any(str(program).rpartition("/")[2] in SHELLS for program in programs)
    return shells or any(taint.argument in PROGRAM for taint in fault.taints)
