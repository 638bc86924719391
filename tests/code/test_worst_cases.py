"""What multiplies in real code stays within the steps of a function, and nothing of it is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from checkrein.code import analyse
from checkrein.code.running import interpreter
from checkrein.model import Code, Function

if TYPE_CHECKING:
    from pathlib import Path

    from checkrein.model import Summary

# Services that make each other ready whenever they are looked up, as in service-workbench-on-aws.
CONTAINER = """
const { SNS } = require("@aws-sdk/client-sns");
class Container {
  constructor() { this.services = {}; }
  register(name, made) { this.services[name] = made; }
  async find(name) {
    const made = this.services[name];
    if (made.ready) return made;
    await made.prepare(this, name);
    return made;
  }
}
class Service {
  constructor(needs) { this.needs = needs; this.ready = false; }
  async prepare(container, name) {
    this.name = name;
    this.container = container;
    if (name !== "log") { this.log = await container.find("log"); }
    for (const other of this.needs) { await container.find(other); }
    this.ready = true;
  }
}
class Sender extends Service {
  async send(message) {
    const other = await this.container.find("store");
    await new SNS({}).publish({ TopicArn: process.env.TOPIC, Message: message });
    return other;
  }
}
exports.handler = async (event) => {
  const container = new Container();
  container.register("log", new Service([]));
SERVICES
  container.register("store", new Service(NAMES));
  container.register("sender", new Sender(["store"]));
  const sender = await container.find("sender");
  await sender.send(event.body);
};
"""

# A library that is given dozens of functions by whoever uses it; one of them does something.
SCHEMA = """
const { table } = require("some-orm");
const { SNS } = require("@aws-sdk/client-sns");
const told = (row) => new SNS({}).publish({ TopicArn: process.env.TOPIC, Message: row.text });
TABLES
const all = table("all", [NAMES, told]);
exports.handler = async (event) => {
USES
};
"""

# An object that is made ready again by each use of it.
READY = """
const { SNS } = require("@aws-sdk/client-sns");
class Service {
  prepare() {
SETTINGS
    return this;
  }
}
const service = new Service();
exports.handler = async (event) => {
USES
  await new SNS({}).publish({ TopicArn: service.p0, Message: event.body });
};
"""


LIMIT = 12_000


def read(folder: Path, name: str, text: str) -> Summary:
    (folder / name).write_text(text)
    language = "python" if name.endswith(".py") else "javascript"
    code = Code("", name)
    handler = Function(id="F", runtime="", language=language, handler="app.handler", code=code)
    return analyse(folder, handler)


def operations(found: Summary) -> set[str]:
    return {call.operation for call in found.calls}


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "STEPS", LIMIT)
    monkeypatch.setattr(interpreter, "MOST_STEPS", LIMIT)


def test_services_that_make_each_other_ready_do_not_multiply(tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(40)]
    lines = [
        f'  container.register("{name}", new Service({names[max(0, at - 4) : at]}));'
        for at, name in enumerate(names)
    ]
    text = CONTAINER.replace("SERVICES", "\n".join(lines)).replace("NAMES", str(names))
    found = read(tmp_path, "app.js", text)
    assert not found.partial
    (call,) = [call for call in found.calls if call.operation == "Publish"]
    sources = {str(one) for argument in call.arguments for one in argument.sources}
    assert any("event.body" in source for source in sources)


def test_functions_that_libraries_hold_are_not_asked_by_each_use(tmp_path: Path) -> None:
    names = [f"t{number}" for number in range(30)]
    tables = [
        f'const {name} = table("{name}", (row) => [row.a, row.b, row.c, table("x", (x) => x.id)]);'
        for name in names
    ]
    uses = [f"  all.where(event.part{number}).run(all);" for number in range(150)]
    text = SCHEMA.replace("TABLES", "\n".join(tables)).replace("NAMES", ", ".join(names))
    found = read(tmp_path, "app.js", text.replace("USES", "\n".join(uses)))
    assert not found.partial
    assert "Publish" in operations(found)


def test_an_object_that_is_made_ready_by_each_use_is_run_a_few_times(tmp_path: Path) -> None:
    settings = [f"    this.p{number} = process.env.P{number};" for number in range(30)]
    text = READY.replace("SETTINGS", "\n".join(settings))
    found = read(tmp_path, "app.js", text.replace("USES", "  service.prepare();\n" * 120))
    assert not found.partial
    (call,) = [call for call in found.calls if call.operation == "Publish"]
    sources = {str(one) for argument in call.arguments for one in argument.sources}
    assert {"${env.P0}", "${event.body}"} <= sources
