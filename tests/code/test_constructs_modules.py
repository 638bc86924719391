"""Programs of several files: whatever names a file of the program leads to it.

Each program has its files after lines ``--- path``, the handler's first. ``keep`` puts what it is
given as ``email`` into a table; the handler is to reach it with ``event["email"]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from checkrein.model import Argument, Symbol

PYTHON_STORE = """
import boto3
table = boto3.resource("dynamodb").Table("t")

def keep(email):
    table.put_item(Item={"email": email})
"""
JAVASCRIPT_STORE = """
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const put = (email) => client.send(new PutCommand({ TableName: "t", Item: { email } }));
"""

PYTHON = """
## import
--- app.py
import store
def handler(event, context):
    store.keep(event["email"])
--- store.py
STORE

## import as
--- app.py
import lib.store as s
def handler(event, context):
    s.keep(event["email"])
--- lib/__init__.py
--- lib/store.py
STORE

## import of a dotted module
--- app.py
import lib.store
def handler(event, context):
    lib.store.keep(event["email"])
--- lib/__init__.py
--- lib/store.py
STORE

## from a namespace package
--- app.py
from lib import store
def handler(event, context):
    store.keep(event["email"])
--- lib/store.py
STORE

## a star
--- app.py
from store import *
def handler(event, context):
    keep(event["email"])
--- store.py
STORE

## a star with __all__
--- app.py
from store import *
def handler(event, context):
    _keep(event["email"])
--- store.py
__all__ = ["_keep"]
STORE
_keep = keep

## a package's own names
--- app.py
from lib import keep
def handler(event, context):
    keep(event["email"])
--- lib/__init__.py
from .store import keep
--- lib/store.py
STORE

## relative imports
--- src/app.py
from .lib.mails import run
def handler(event, context):
    run(event)
--- src/__init__.py
--- src/lib/__init__.py
--- src/lib/mails.py
from ..store import keep
from . import reading
def run(event):
    keep(reading.read(event))
--- src/lib/reading.py
def read(event):
    return event["email"]
--- src/store.py
STORE

## a relative star in a package
--- app.py
import lib
def handler(event, context):
    lib.keep(event["email"])
--- lib/__init__.py
from .store import *
--- lib/store.py
STORE

## import in a function
--- app.py
def handler(event, context):
    from store import keep
    keep(event["email"])
--- store.py
STORE

## import in try
--- app.py
try:
    from lib.store import keep
except ImportError:
    from store import keep
def handler(event, context):
    keep(event["email"])
--- store.py
STORE

## importlib
--- app.py
import importlib
def handler(event, context):
    module = importlib.import_module("store")
    module.keep(event["email"])
--- store.py
STORE

## importlib and getattr
--- app.py
from importlib import import_module
def handler(event, context):
    getattr(import_module("lib.store"), "keep")(event["email"])
--- lib/store.py
STORE

## __import__
--- app.py
def handler(event, context):
    __import__("store").keep(event["email"])
--- store.py
STORE

## a circular import
--- app.py
import store
def email(event):
    return event["email"]
def handler(event, context):
    store.run(event)
--- store.py
import app
STORE
def run(event):
    keep(app.email(event))

## an instance in another module
--- app.py
from lib.service import service
def handler(event, context):
    service.run(event)
--- lib/service.py
from lib.store import keep
class Service:
    def run(self, event):
        keep(event["email"])
service = Service()
--- lib/store.py
STORE

## a handler that is imported
--- app.py
from lib.handlers import handler
--- lib/handlers.py
from lib.store import keep
def handler(event, context):
    keep(event["email"])
--- lib/store.py
STORE

## a base class in another module
--- app.py
from base import Base
from store import keep
class Own(Base):
    def keep(self, email):
        keep(email)
def handler(event, context):
    Own().run(event)
--- base.py
class Base:
    def run(self, event):
        self.keep(event["email"])
--- store.py
STORE

## a constant of another module
--- app.py
import names
from store import keep
def handler(event, context):
    keep(event[names.EMAIL])
--- names.py
EMAIL = "email"
--- store.py
STORE

## sys.path
--- src/app.py
import os
import sys
sys.path.append(os.path.join(os.path.dirname(__file__), "lib"))
import store
def handler(event, context):
    store.keep(event["email"])
--- src/lib/store.py
STORE

## a layer
--- src/app.py
from shared.store import keep
def handler(event, context):
    keep(event["email"])
--- layer/python/shared/store.py
STORE

## a layer with site packages
--- src/app.py
import store
def handler(event, context):
    store.keep(event["email"])
--- layer/python/lib/python3.12/site-packages/store.py
STORE

## a layer by its mount
--- src/app.py
import sys
sys.path.insert(0, "/opt/common")
import store
def handler(event, context):
    store.keep(event["email"])
--- layer/common/store.py
STORE
"""

JAVASCRIPT = """
## require
--- app.js
const store = require("./store");
exports.handler = async (event) => store.keep(event.email);
--- store.js
STORE
exports.keep = put;

## require destructured
--- app.js
const { keep: it } = require("./lib/store.js");
module.exports.handler = async (event) => it(event.email);
--- lib/store.js
STORE
module.exports = { keep: put };

## a function as the module
--- app.js
exports.handler = async (event) => require("./store")(event.email);
--- store.js
STORE
module.exports = put;

## a class as the module
--- app.js
const Store = require("./store");
exports.handler = async (event) => new Store().keep(event.email);
--- store.js
STORE
module.exports = class Store { keep(email) { return put(email); } };

## exports and module.exports
--- app.js
const { keep, Store } = require("./store");
exports.handler = async (event) => keep(event.email);
--- store.js
STORE
class Store {}
exports = module.exports = Store;
exports.keep = put;

## exports by a loop
--- app.js
const { keep } = require("./lib");
exports.handler = async (event) => keep(event.email);
--- lib/index.js
Object.assign(module.exports, require("./store"));
--- lib/store.js
STORE
exports.keep = put;

## defined properties, as compilers write them
--- app.js
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
const store_1 = require("./store");
const handler = async (event) => { await (0, store_1.keep)(event.email); };
exports.handler = handler;
--- store.js
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.keep = void 0;
STORE
const keep = (email) => put(email);
exports.keep = keep;

## bundled exports, as esbuild writes them
--- app.js
var __defProp = Object.defineProperty;
var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };
var __toCommonJS = (mod) => mod;
var app_exports = {};
__export(app_exports, { handler: () => handler });
module.exports = __toCommonJS(app_exports);
STORE
var handler = async (event) => put(event.email);

## import
--- app.mjs
import { keep } from "./store.mjs";
export const handler = async (event) => keep(event.email);
--- store.mjs
STORE
export const keep = put;

## default and named
--- app.js
import keep, { name } from "./store.js";
export const handler = async (event) => keep(event[name]);
--- store.js
STORE
export const name = "email";
export default put;

## a default function
--- app.js
import run from "./store";
export default async function handler(event) { await run(event.email); }
export { handler };
--- store.js
STORE
export default async function (email) { return put(email); }

## a default class
--- app.js
import Store from "./store";
export const handler = async (event) => new Store().keep(event.email);
--- store.js
STORE
export default class { keep(email) { return put(email); } }

## a namespace
--- app.js
import * as store from "./store";
export const handler = async (event) => store.keep(event.email);
--- store.js
STORE
export { put as keep };

## re-exports
--- app.js
import { keep } from "./lib";
export const handler = async (event) => keep(event.email);
--- lib/index.js
export * from "./store";
--- lib/store.js
STORE
export const keep = put;

## renamed re-exports
--- app.js
import { save } from "./lib";
export const handler = async (event) => save(event.email);
--- lib/index.js
export { keep as save } from "./store";
--- lib/store.js
STORE
export const keep = put;

## a default re-export
--- app.js
import { Store } from "./lib";
export const handler = async (event) => Store.keep(event.email);
--- lib/index.js
export { default as Store } from "./store";
--- lib/store.js
STORE
export default { keep: put };

## a namespace re-export
--- app.js
import { store } from "./lib";
export const handler = async (event) => store.keep(event.email);
--- lib/index.js
export * as store from "./store";
--- lib/store.js
STORE
export const keep = put;

## import and export
--- app.js
import { keep } from "./lib/index.js";
export const handler = async (event) => keep(event.email);
--- lib/index.js
import { keep } from "./store.js";
export { keep };
--- lib/store.js
STORE
export const keep = put;

## a handler that is re-exported
--- app.js
export { run as handler } from "./lib/run";
--- lib/run.js
STORE
export const run = async (event) => put(event.email);

## dynamic import
--- app.mjs
export const handler = async (event) => { const { keep } = await import("./store.mjs"); await keep(event.email); };
--- store.mjs
STORE
export const keep = put;

## dynamic import of a default
--- app.mjs
export const handler = async (event) => (await import("./store.mjs")).default.keep(event.email);
--- store.mjs
STORE
export default { keep: put };

## createRequire
--- app.mjs
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { keep } = require("./store.cjs");
export const handler = async (event) => keep(event.email);
--- store.cjs
STORE
exports.keep = put;

## CommonJS from ESM
--- app.mjs
import store from "./store.cjs";
export const handler = async (event) => store.keep(event.email);
--- store.cjs
STORE
module.exports = { keep: put };

## JSON
--- app.js
import config from "./config.json" with { type: "json" };
STORE
export const handler = async (event) => put(event[config.name]);
--- config.json
{"name": "email"}

## JSON by require
--- app.js
const { name } = require("./config");
STORE
exports.handler = async (event) => put(event[name]);
--- config.json
{"name": "email"}

## a package of the program
--- app.js
const { keep } = require("@own/store");
exports.handler = async (event) => keep(event.email);
--- package.json
{"workspaces": ["packages/*"]}
--- packages/store/package.json
{"name": "@own/store", "main": "lib/main.js"}
--- packages/store/lib/main.js
STORE
exports.keep = put;

## exports of a package
--- app.js
import { keep } from "@own/store/keeping";
export const handler = async (event) => keep(event.email);
--- package.json
{"workspaces": ["packages/*"]}
--- packages/store/package.json
{"name": "@own/store", "exports": {".": "./src/index.js", "./keeping": {"import": "./src/deep/keep.js"}}}
--- packages/store/src/deep/keep.js
STORE
export const keep = put;

## imports of a package
--- app.js
import { keep } from "#store";
export const handler = async (event) => keep(event.email);
--- package.json
{"imports": {"#store": "./src/store.js", "#lib/*": "./src/lib/*.js"}}
--- src/store.js
STORE
export const keep = put;

## a pattern of imports
--- app.js
import { keep } from "#lib/store";
export const handler = async (event) => keep(event.email);
--- package.json
{"imports": {"#lib/*": "./src/lib/*.js"}}
--- src/lib/store.js
STORE
export const keep = put;

## a package in pnpm's workspace
--- app.js
import { keep } from "@own/store";
export const handler = async (event) => keep(event.email);
--- pnpm-workspace.yaml
packages:
  - "packages/*"
--- packages/store/package.json
{"name": "@own/store", "module": "src/index.js"}
--- packages/store/src/index.js
STORE
export const keep = put;

## a layer by its mount
--- src/app.js
const { keep } = require("/opt/nodejs/store");
exports.handler = async (event) => keep(event.email);
--- layer/nodejs/store.js
STORE
exports.keep = put;

## a layer's package
--- src/app.js
const { keep } = require("store");
exports.handler = async (event) => keep(event.email);
--- layer/nodejs/node_modules/store/index.js
STORE
exports.keep = put;

## a folder that the program adds by itself
--- lambdas/app.js
require("../paths");
const { keep } = require("app/");
const { also } = require("app/store");
exports.handler = async (event) => keep(event.email);
--- paths.js
require("app-module-path").addPath(__dirname);
--- package.json
{"dependencies": {"app-module-path": "2.2.0"}}
--- app/index.js
const { keep } = require("app/store");
module.exports = { keep };
--- app/store.js
STORE
exports.keep = put;

## a folder below src that a bundler knows
--- src/handlers/app.js
import { keep } from "lib/store";
export const handler = async (event) => keep(event.email);
--- package.json
{"devDependencies": {"babel-plugin-module-resolver": "4.0.0"}}
--- src/lib/store.js
STORE
exports.keep = put;

## an alias in the manifest
--- src/app.js
require("module-alias/register");
const { keep } = require("@own/store");
exports.handler = async (event) => keep(event.email);
--- package.json
{"_moduleAliases": {"@own": "src/lib", "@": "."}, "dependencies": {"module-alias": "2.2.2"}}
--- src/lib/store.js
STORE
exports.keep = put;

## a mark for the program's own
--- src/app.js
import { keep } from "@/lib/store";
export const handler = async (event) => keep(event.email);
--- package.json
{"name": "app"}
--- src/lib/store.js
STORE
exports.keep = put;

## a jsconfig
--- src/app.js
import { keep } from "%/store";
export const handler = async (event) => keep(event.email);
--- jsconfig.json
{"compilerOptions": {"paths": {"%/*": ["src/lib/*"]}}}
--- src/lib/store.js
STORE
exports.keep = put;

## AWS's SDK in a layer is the one that is known
--- src/app.js
STORE
exports.handler = async (event) => put(event.email);
--- layer/nodejs/node_modules/@aws-sdk/lib-dynamodb/index.js
exports.PutCommand = () => ({});
"""

TYPESCRIPT = """
## without an ending
--- app.ts
import { keep } from "./store";
import type { Mail } from "./types";
export const handler = async (event: Mail) => keep(event.email);
--- store.ts
STORE
export const keep = (email: string) => put(email);
--- types.ts
export interface Mail { email: string }

## with the ending of what is compiled
--- app.ts
import { keep } from "./store.js";
export const handler = async (event: any) => keep(event.email);
--- store.ts
STORE
export const keep = put;

## aliases
--- src/app.ts
import { keep } from "@lib/store";
export const handler = async (event: any) => keep(event.email);
--- tsconfig.json
{ // comments are allowed
  "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["src/lib/*"] }, },
}
--- src/lib/store.ts
STORE
export const keep = put;

## a base
--- src/app.ts
import { keep } from "lib/store";
export const handler = async (event: any) => keep(event.email);
--- tsconfig.json
{"compilerOptions": {"baseUrl": "./src"}}
--- src/lib/store.ts
STORE
export const keep = put;

## inherited aliases
--- src/app.ts
import { keep } from "~/store";
export const handler = async (event: any) => keep(event.email);
--- tsconfig.json
{"extends": "./tsconfig.base.json"}
--- tsconfig.base.json
{"compilerOptions": {"paths": {"~/*": ["./src/lib/*"]}}}
--- src/lib/store.ts
STORE
export const keep = put;

## enumerations of another file
--- app.ts
import { Field } from "./field";
STORE
export const handler = async (event: any) => put(event[Field.Email]);
--- field.ts
export enum Field { Email = "email" }

## a class in an index
--- app.ts
import { Store } from "./lib";
const store = new Store("t");
export const handler = async (event: any) => store.keep(event.email);
--- lib/index.ts
export { Store } from "./store";
export type { Options } from "./types";
--- lib/store.ts
STORE
export class Store { constructor(private readonly name: string) {} keep(email: string) { return put(email); } }
--- lib/types.ts
export type Options = {};

## export equals and import equals
--- app.ts
import store = require("./store");
export const handler = async (event: any) => store.keep(event.email);
--- store.ts
STORE
const api = { keep: put };
export = api;

## a default as
--- app.ts
import { default as keep } from "./store";
export const handler = async (event: any) => keep(event.email);
--- store.ts
STORE
export { put as default };

## a package's typescript
--- app.ts
import { keep } from "@own/store";
export const handler = async (event: any) => keep(event.email);
--- package.json
{"workspaces": ["packages/*"]}
--- packages/store/package.json
{"name": "@own/store", "main": "dist/index.js", "types": "src/index.ts"}
--- packages/store/src/index.ts
STORE
export const keep = put;
"""

Stored = Callable[..., list[Argument]]
EMAIL = Symbol("event", "email")


def programs() -> list[object]:
    """Give the files of each program."""
    found: list[object] = []
    for text, store in (
        (PYTHON, PYTHON_STORE),
        (JAVASCRIPT, JAVASCRIPT_STORE),
        (TYPESCRIPT, JAVASCRIPT_STORE),
    ):
        parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)[1:]
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            files = re.split(r"^--- (.*)\n", body, flags=re.MULTILINE)[1:]
            written = {
                path: code.replace("STORE\n", store)
                for path, code in zip(files[::2], files[1::2], strict=True)
            }
            found.append(pytest.param(written, id=f"{files[0].rpartition('.')[2]} {name}"))
    return found


@pytest.mark.parametrize("files", programs())
def test_a_file_is_found(stored: Stored, files: dict[str, str]) -> None:
    (found,) = stored(files)
    assert found.value == EMAIL
