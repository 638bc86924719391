r"""What a caller sends is read as a template, not filled into one.

## Why

A template is a program: `{{ cycler.__init__.__globals__ }}` or `<%= process.env %>` reads the function's
environment, with its credentials, and most engines run any code.

## Fix

Keep templates in files of the program and give what callers send as values. Where users must write
templates, use an engine without code (Mustache) or Jinja's `SandboxedEnvironment`.

## Examples

```python bad
from jinja2 import Environment, Template

environment = Environment(autoescape=True)

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    page = Template("<h1>Hello " + name + "</h1>").render()  #! anyone can run code in Example by a template through event.queryStringParameters.name
    return environment.from_string(event["body"]).render(name=name)  #! anyone can run code in Example by a template through event.body
```

```javascript bad
const ejs = require("ejs");
const Handlebars = require("handlebars");

exports.handler = async (event) => {
  const { greeting, name } = JSON.parse(event.body);
  Handlebars.compile(greeting)({ name }); //! anyone can run code in Example by a template through event.body.greeting
  return { body: ejs.render(`<p>${greeting}, <%= name %></p>`, { name }) }; //! anyone can run code in Example by a template through event.body.greeting
};
```

```typescript bad
import _ from "lodash";

export const handler = async (event: { body: string }) => _.template(event.body)({}); //! anyone can run code in Example by a template through event.body
```

```python good
from jinja2 import Environment, FileSystemLoader, Template
from jinja2.sandbox import SandboxedEnvironment
from string import Template as Plain

environment = Environment(loader=FileSystemLoader("templates"))

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    Template("<h1>Hello {{ name }}</h1>").render(name=name)
    environment.get_template("page.html").render(name=name)
    SandboxedEnvironment().from_string(event["body"]).render()
    return Plain(event["body"]).substitute(name=name)
```

```javascript good
const ejs = require("ejs");
const Mustache = require("mustache");
const _ = require("lodash");
const greeting = _.template("Hello <%- name %>");

exports.handler = async (event) => {
  const { text, name } = JSON.parse(event.body);
  Mustache.render(text, { name });
  return { body: ejs.render("<p><%= name %></p>", { name }) + greeting({ name }) };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import faults, finding
from checkrein.model import App, Finding, Function


@check(every(Function), fault=3, topics=("injection",), frameworks=("CWE-1336", "CWE-94"))
def template_injection(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "template"):
        name = short(function.id)
        message = f"{fault.who} can run code in {name} by a template through {fault.fields}"
        yield finding(app, fault, message, "CWE-1336")
