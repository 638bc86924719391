"""Every construct of JavaScript and TypeScript that people write: nothing gets lost.

Each text is a program whose handler puts ``event.email`` into a table, through ``save``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Argument, Symbol
from tests.code.conftest import programs

HEAD = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const save = (email) => client.send(new PutCommand({ TableName: "t", Item: { email } }));

"""

JAVASCRIPT = """
## destructuring of the parameter
export const handler = async ({ email }) => save(email);

## destructuring with a default and another name ~
export const handler = async ({ email: found = "x", ...rest } = {}) => { const e = rest; await save(found); };

## deep destructuring
export const handler = async (event) => {
  const { a: { b: [, first] } } = { a: { b: [1, event.email] } };
  await save(first);
};

## the rest of an object
export const handler = async (event) => {
  const { name, ...others } = event;
  await save(others.email);
};

## the rest of an array
export const handler = async (event) => {
  const [first, ...others] = [1, event.email];
  await save(others[0]);
};

## assignment by destructuring
export const handler = async (event) => {
  let email;
  ({ email } = event);
  await save(email);
};

## swap
export const handler = async (event) => {
  let a = 1, b = event.email;
  [a, b] = [b, a];
  await save(a);
};

## optional chaining ~
export const handler = async (event) => save(event?.email ?? "none");

## optional call and computed member
export const handler = async (event) => {
  const tools = { read: (e) => e["email"] };
  await save(tools?.read?.(event));
};

## logical assignment
export const handler = async (event) => {
  let email = null;
  email ??= event.email;
  await save(email);
};

## a template
export const handler = async (event) => save(`${event.email}`);

## a tagged template
const same = (texts, ...values) => values[0];
export const handler = async (event) => save(same`mail ${event.email} end`);

## String.raw ~
export const handler = async (event) => save(String.raw`${event.email}`);

## spread in a call
const keep = (a, email) => save(email);
export const handler = async (event) => keep(...[1, event.email]);

## rest of the parameters
const keep = (...all) => save(all[1]);
export const handler = async (event) => keep(1, event.email);

## arguments
function keep() { return save(arguments[0]); }
export const handler = async (event) => keep(event.email);

## all arguments forwarded
function outer() { return inner.apply(this, arguments); }
function inner(a, email) { return save(email); }
export const handler = async (event) => outer(1, event.email);

## spread in an array and an object
export const handler = async (event) => {
  const all = [...[event.email]];
  const item = { ...{ email: all[0] }, name: 1 };
  await save(item.email);
};

## computed key
export const handler = async (event) => {
  const key = "email";
  const item = { [key]: event[key] };
  await save(item.email);
};

## a method shorthand and this
const tools = { email: null, read(event) { this.email = event.email; return this; } };
export const handler = async (event) => save(tools.read(event).email);

## a getter
const make = (event) => ({ get email() { return event.email; } });
export const handler = async (event) => save(make(event).email);

## a getter of a class
class Event { constructor(event) { this.event = event; } get email() { return this.event.email; } }
export const handler = async (event) => save(new Event(event).email);

## a setter of a class
class Event { set email(value) { this._email = value; } get email() { return this._email; } }
export const handler = async (event) => { const it = new Event(); it.email = event.email; await save(it.email); };

## a private field
class Event { #email; constructor(event) { this.#email = event.email; } read() { return this.#email; } }
export const handler = async (event) => save(new Event(event).read());

## a private method
class Keep { #keep(email) { return save(email); } run(event) { return this.#keep(event.email); } }
export const handler = async (event) => new Keep().run(event);

## a static method and a static block
class Tools { static name; static { Tools.name = "email"; } static read(event) { return event[Tools.name]; } }
export const handler = async (event) => save(Tools.read(event));

## a static private
class Tools { static #read(event) { return event.email; } static run(event) { return save(Tools.#read(event)); } }
export const handler = async (event) => Tools.run(event);

## a class field arrow
class Keep { run = async (event) => save(event.email); }
export const handler = new Keep().run;

## a bound method as the handler
class Keep { async keep(email) { return save(email); } async run(event) { return this.keep(event.email); } }
const it = new Keep();
export const handler = it.run.bind(it);

## a new bound method as the handler
class Keep { async run(event) { return save(event.email); } }
export const handler = new Keep().run.bind(new Keep());

## inheritance
class Base { constructor(event) { this.event = event; } read() { return this.event.email; } }
class Own extends Base { constructor(event) { super(event); } read() { return super.read(); } }
export const handler = async (event) => save(new Own(event).read());

## a template method
class Base { run(event) { return this.keep(this.read(event)); } }
class Own extends Base { read(event) { return event.email; } keep(email) { return save(email); } }
export const handler = async (event) => new Own().run(event);

## a mixin
const Reads = (Base) => class extends Base { read(event) { return event.email; } };
class Own extends Reads(Object) {}
export const handler = async (event) => save(new Own().read(event));

## a prototype
function Event(event) { this.event = event; }
Event.prototype.read = function () { return this.event.email; };
export const handler = async (event) => save(new Event(event).read());

## a prototype as an object
function Event(event) { this.event = event; }
Event.prototype = { read: function () { return this.event.email; } };
export const handler = async (event) => save(new Event(event).read());

## Object.create
const base = { read() { return this.event.email; } };
export const handler = async (event) => { const it = Object.create(base); it.event = event; await save(it.read()); };

## util.inherits
const util = require("util");
function Base() {}
Base.prototype.read = function (event) { return event.email; };
function Own() { Base.call(this); }
util.inherits(Own, Base);
export const handler = async (event) => save(new Own().read(event));

## a factory
const make = ({ store }) => ({ run: (event) => store.put(event.email) });
export const handler = async (event) => make({ store: { put: save } }).run(event);

## a closure
const keeper = (event) => () => save(event.email);
export const handler = async (event) => keeper(event)();

## currying
const keep = (a) => (b) => async (event) => save(event.email);
export const handler = keep(1)(2);

## an immediately called function
export const handler = async (event) => { await (async () => { await save(event.email); })(); };

## hoisting
export const handler = async (event) => later(event);
async function later(event) { return save(event.email); }

## then
export const handler = (event) => Promise.resolve(event.email).then((email) => save(email));

## then twice
export const handler = (event) => Promise.resolve(event).then((e) => e.email).then(save);

## a promise of the program
const read = (event) => new Promise((resolve, reject) => { setTimeout(() => resolve(event.email), 10); });
export const handler = async (event) => save(await read(event));

## with resolvers
export const handler = async (event) => {
  const { promise, resolve } = Promise.withResolvers();
  resolve(event.email);
  await save(await promise);
};

## reject and catch ~
export const handler = (event) => Promise.reject(event.email).catch((email) => save(email));

## throw and catch ~
export const handler = async (event) => { try { throw { email: event.email }; } catch ({ email }) { await save(email); } };

## an error that carries ~
class Wrong extends Error { constructor(email) { super("wrong"); this.email = email; } }
export const handler = async (event) => { try { throw new Wrong(event.email); } catch (error) { await save(error.email); } };

## finally
export const handler = async (event) => { try { JSON.parse("{"); } finally { await save(event.email); } };

## Promise.all
const read = async (event) => event.email;
export const handler = async (event) => { const [one, two] = await Promise.all([read(event), 1]); await save(one); };

## Promise.all of a map
export const handler = async (event) => { await Promise.all([event].map(async (one) => { await save(one.email); })); };

## Promise.allSettled
const read = async (event) => event.email;
export const handler = async (event) => {
  const results = await Promise.allSettled([read(event)]);
  for (const one of results) { if (one.status === "fulfilled") await save(one.value); }
};

## await-to-js
import to from "await-to-js";
const read = async (event) => event.email;
export const handler = async (event) => {
  const [error, value] = await to(read(event));
  if (error) {
    throw error;
  }
  await save(value);
};

## Promise.race
export const handler = async (event) => save(await Promise.race([Promise.resolve(event.email)]));

## async iteration of promises
export const handler = async (event) => { for await (const email of [Promise.resolve(event.email)]) await save(email); };

## a generator
function* emails(event) { yield event.email; }
export const handler = async (event) => { for (const email of emails(event)) await save(email); };

## an async generator
async function* emails(event) { yield event.email; }
export const handler = async (event) => { for await (const email of emails(event)) await save(email); };

## yield star
function* inner(event) { yield event.email; }
function* outer(event) { yield* inner(event); }
export const handler = async (event) => save([...outer(event)][0]);

## next of a generator
function* emails(event) { yield event.email; }
export const handler = async (event) => save(emails(event).next().value);


## a generator method
class Mails { constructor(event) { this.event = event; } *[Symbol.iterator]() { yield this.event.email; } }
export const handler = async (event) => { for (const one of new Mails(event)) await save(one); };

## an iterator of the program's own
const mails = (event) => ({ [Symbol.iterator]() { return { next: () => ({ value: event.email, done: false }) }; } });
export const handler = async (event) => { for (const one of mails(event)) await save(one); };

## for in
export const handler = async (event) => { const item = {}; for (const key in { email: 1 }) item[key] = event[key]; await save(item.email); };

## for of entries
export const handler = async (event) => { for (const [key, value] of Object.entries({ a: event.email })) await save(value); };

## a counted loop
export const handler = async (event) => { const all = [event]; for (let i = 0; i < all.length; i++) await save(all[i].email); };

## a labelled loop
export const handler = async (event) => {
  outer: for (const one of [event]) { for (const other of [1, 2]) { if (other) { await save(one.email); continue outer; } } }
};

## do while ~
export const handler = async (event) => { let email; do { email = event.email; } while (!email); await save(email); };

## while shift
export const handler = async (event) => { const all = [event]; let one; while ((one = all.shift())) await save(one.email); };

## a switch
export const handler = async (event) => { let email; switch (event.kind) { case "a": email = event.email; break; default: return; } await save(email); };

## a switch that falls through
export const handler = async (event) => { switch (event.kind) { case "a": case "b": await save(event.email); break; } };

## a comma and void
export const handler = async (event) => { const email = (1, event.email); void 0; await save(email); };

## a conditional chain
export const handler = async (event) => save(event.a ? event.email : event.b ? event.email : event.email);

## and
export const handler = async (event) => save(event && event.email);

## map, filter and find
export const handler = async (event) => save([event].map((one) => one.email).filter(Boolean).find((x) => x));

## map with a function
const read = (event) => event.email;
export const handler = async (event) => save([event].map(read)[0]);

## flatMap
export const handler = async (event) => save([event].flatMap((one) => [one.email])[0]);

## forEach
export const handler = async (event) => { [event].forEach((one) => save(one.email)); };

## reduce to an object
export const handler = async (event) => save(["email"].reduce((found, key) => ({ ...found, [key]: event[key] }), {}).email);

## reduce by assignment
export const handler = async (event) => save(["email"].reduce((found, key) => { found[key] = event[key]; return found; }, {}).email);

## sort, slice, at
export const handler = async (event) => save([event.email].sort().slice(0).at(0));

## with and toSorted ~
export const handler = async (event) => save([event.email].toSorted().toReversed().at(-1));

## Object.entries and fromEntries
export const handler = async (event) => save(Object.fromEntries(Object.entries({ email: event.email }).map(([k, v]) => [k, v])).email);

## fromEntries of pairs
export const handler = async (event) => save(Object.fromEntries([["email", event.email]]).email);

## Object.assign
export const handler = async (event) => save(Object.assign({}, { email: event.email }).email);

## Object.keys
export const handler = async (event) => { const item = {}; Object.keys({ email: 1 }).forEach((key) => { item[key] = event[key]; }); await save(item.email); };

## Object.values
export const handler = async (event) => save(Object.values({ a: event.email })[0]);

## Object.groupBy
export const handler = async (event) => save(Object.groupBy([event], (one) => one.kind).a[0].email);

## a Map
export const handler = async (event) => { const map = new Map(); map.set("email", event.email); await save(map.get("email")); };

## a Map of entries
export const handler = async (event) => { const map = new Map([["email", event.email]]); await save(map.get("email")); };

## a Map iterated
export const handler = async (event) => { const map = new Map(); map.set("a", event.email); for (const [key, value] of map) await save(value); };

## a Map forEach
export const handler = async (event) => { const map = new Map(); map.set("a", event.email); map.forEach((value, key) => save(value)); };

## a Set
export const handler = async (event) => { const set = new Set([event.email]); for (const one of set) await save(one); };

## a Set that grows
export const handler = async (event) => { const set = new Set(); set.add(event.email); await save([...set][0]); };

## Array.from
export const handler = async (event) => save(Array.from([event], (one) => one.email)[0]);

## Array.from a set
export const handler = async (event) => save(Array.from(new Set([event.email]))[0]);

## Array.of
export const handler = async (event) => save(Array.of(event.email)[0]);

## a WeakMap
const known = new WeakMap();
export const handler = async (event) => { known.set(event, event.email); await save(known.get(event)); };

## a Proxy
export const handler = async (event) => { const it = new Proxy(event, { get: (target, name) => target[name] }); await save(it.email); };

## Reflect
export const handler = async (event) => save(Reflect.get(event, "email"));

## structuredClone and JSON
export const handler = async (event) => save(JSON.parse(JSON.stringify(structuredClone(event))).email);

## a callback
const read = (event, callback) => callback(null, event.email);
export const handler = (event, context, done) => { read(event, (error, email) => { save(email); done(null, {}); }); };

## promisify of the program's own
const { promisify } = require("util");
const read = (event, callback) => { setImmediate(() => callback(null, event.email)); };
export const handler = async (event) => save(await promisify(read)(event));

## callbackify
import util from "util";
const read = async (event) => event.email;
export const handler = (event, context, done) => { util.callbackify(read)(event, (error, email) => { save(email); done(); }); };

## an event emitter
import { EventEmitter } from "events";
const bus = new EventEmitter();
bus.on("mail", (email) => save(email));
export const handler = async (event) => { bus.emit("mail", event.email); };

## an event emitter of a class
import EventEmitter from "node:events";
class Bus extends EventEmitter {}
export const handler = async (event) => { const bus = new Bus(); bus.once("mail", ({ email }) => save(email)); bus.emit("mail", event); };

## a stream ~
import { Readable } from "stream";
export const handler = async (event) => {
  const stream = Readable.from([event.email]);
  for await (const chunk of stream) await save(chunk);
};

## a stream with data ~
import { Readable } from "stream";
export const handler = (event) => new Promise((resolve) => {
  let text = "";
  const stream = Readable.from([event.email]);
  stream.on("data", (chunk) => { text += chunk; });
  stream.on("end", () => { save(text); resolve(); });
});

## a transform ~
import { Transform, pipeline } from "stream";
export const handler = (event, context, done) => {
  const change = new Transform({ transform(chunk, encoding, callback) { save(chunk); callback(null, chunk); } });
  change.write(event.email);
};

## timers
export const handler = (event) => new Promise((resolve) => { setTimeout(async (email) => { await save(email); resolve(); }, 10, event.email); });

## nextTick and microtask
export const handler = async (event) => { process.nextTick(() => save(event.email)); };

## queueMicrotask
export const handler = async (event) => { queueMicrotask(() => save(event.email)); };

## bind with arguments
const keep = function (a, email) { return save(email); };
export const handler = async (event) => keep.bind(null, 1)(event.email);

## call and apply
function keep(email) { return save(email + this.x); }
function read() { return save(this.email); }
export const handler = async (event) => read.call(event);

## apply with a list
const keep = (a, email) => save(email);
export const handler = async (event) => keep.apply(null, [1, event.email]);

## a dispatch table
const actions = { keep: (event) => save(event.email), drop: () => {} };
export const handler = async (event) => actions[event.action](event);

## a dispatch table with a default
const keep = (event) => save(event.email);
const actions = { keep };
export const handler = async (event) => { const action = actions[event.action] ?? (() => {}); return action(event); };

## a dispatch Map
const actions = new Map([["keep", (event) => save(event.email)]]);
export const handler = async (event) => actions.get(event.action)(event);

## a method by name
class Keep { keep(event) { return save(event.email); } }
export const handler = async (event) => new Keep()[event.action](event);

## composed functions ~
const pipe = (...functions) => (value) => functions.reduce((found, one) => one(found), value);
export const handler = async (event) => pipe((e) => e.email, save)(event);

## a wrapper of the handler
const wrap = (inner) => async (event, context) => { try { return await inner(event, context); } catch (error) { return { statusCode: 500 }; } };
export const handler = wrap(async (event) => save(event.email));

## a middleware array
const before = [(event) => ({ ...event, x: 1 })];
const run = (inner) => async (event) => { let value = event; for (const one of before) value = one(value); return inner(value); };
export const handler = run(async (event) => save(event.email));

## a middleware chain with next
const chain = (...all) => async (event) => { const go = (i, e) => (i < all.length ? all[i](e, (n) => go(i + 1, n)) : undefined); return go(0, event); };
export const handler = chain((event, next) => next(event), (event) => save(event.email));

## a module global ~
let email;
export const handler = async (event) => { email = event.email; await run(); };
const run = () => save(email);

## a regular expression's groups ~
export const handler = async (event) => { const found = event.email.match(/(.*)@/); await save(found[0]); };

## exec and named groups ~
export const handler = async (event) => { const { groups } = /(?<name>.*)@/.exec(event.email); await save(groups.name); };

## matchAll ~
export const handler = async (event) => { for (const one of event.email.matchAll(/./g)) await save(one[0]); };

## URLSearchParams ~
export const handler = async (event) => { const form = new URLSearchParams(event.email); await save(form.get("a")); };

## Buffer
export const handler = async (event) => save(Buffer.from(event.email, "base64").toString("utf8"));

## TextDecoder ~
export const handler = async (event) => save(new TextDecoder().decode(new TextEncoder().encode(event.email)));

## a hash that is fed, by a chain ~
import crypto from "crypto";
export const handler = async (event) => save(crypto.createHash("sha256").update(event.email).digest("hex"));

## a hash that is fed ~
import crypto from "crypto";
export const handler = async (event) => { const hash = crypto.createHash("sha256"); hash.update(event.email); await save(hash.digest("hex")); };

## a form that is filled ~
export const handler = async (event) => { const form = new FormData(); form.append("a", event.email); await save(form.toString()); };

## delete and in
export const handler = async (event) => { if ("email" in event) { delete event.name; await save(event.email); } };

## a date and a number ~
export const handler = async (event) => save(String(event.email).trim().toLowerCase());

## lodash
import _ from "lodash";
export const handler = async (event) => save(_.get(event, "email"));

## lodash pick and map
import { pick, map } from "lodash";
export const handler = async (event) => save(pick(event, ["email"]).email);

## a using declaration
export const handler = async (event) => { using it = { email: event.email, [Symbol.dispose]() {} }; await save(it.email); };

## new.target and class expression
const Keep = class { run(email) { return save(email); } };
export const handler = async (event) => new Keep().run(event.email);

## a decorator of a class method
const logged = (target, context) => function (...args) { return target.apply(this, args); };
class Keep { @logged async run(event) { return save(event.email); } }
const it = new Keep();
export const handler = it.run.bind(it);

## dynamic property on a function
const keep = (event) => save(keep.read(event));
keep.read = (event) => event.email;
export const handler = async (event) => keep(event);

## globalThis
globalThis.keep = (event) => save(event.email);
export const handler = async (event) => globalThis.keep(event);

## an exported object of functions
const api = { async handler(event) { return save(event.email); } };
export const { handler } = api;

## top level await
const email = await Promise.resolve((event) => event.email);
export const handler = async (event) => save(email(event));

## an async wrapper that catches
const asyncHandler = (fn) => (event, context) => Promise.resolve(fn(event, context)).catch(console.error);
export const handler = asyncHandler(async (event) => { await save(event.email); });

## nested ternaries in a template ~
export const handler = async (event) => save(event ? `${event.email}` : "");

## increments
export const handler = async (event) => { let i = 0; const all = [event.email]; await save(all[i++]); };

## string concat
export const handler = async (event) => save("".concat(event.email));

## split and join ~
export const handler = async (event) => save(event.email.split("@").join("@"));

## replace with a function ~
export const handler = async (event) => { event.email.replace(/.*/, (whole) => { save(whole); return ""; }); };

## padStart, normalize ~
export const handler = async (event) => save(event.email.normalize().padStart(3));
"""

TYPESCRIPT = """
## a tagged template with type arguments
const same = <T,>(texts: any, ...values: any[]) => values[0] as T;
export const handler = async (event: any) => save(await same<{ mail: (of: Array<string>) => void }[]>`mail ${event.email} end`);

## type arguments of a tag in a text that ends with a tag of HTML ~
const same = <T,>(texts: any, ...values: any[]) => values[0];
export const handler = async (event: any) => save(`<b>${same<string>`<i>${event.email}</i>`}</b>`);

## types and interfaces
interface Event { email: string }
type Handler<T> = (event: T) => Promise<void>;
export const handler: Handler<Event> = async (event: Event): Promise<void> => { await save(event.email as string); };

## assertions
export const handler = async (event: any) => save((<string>event.email)!);

## satisfies and const
export const handler = async (event: any) => { const item = { email: event.email } satisfies { email: string }; await save(item.email); };

## an enumeration
enum Field { Email = "email", Name = "name" }
export const handler = async (event: any) => save(event[Field.Email]);

## a const enumeration
const enum Field { Email = "email" }
export const handler = async (event: any) => save(event[Field.Email]);

## parameter properties
class Event { constructor(private readonly event: any, public name?: string) {} read() { return this.event.email; } }
export const handler = async (event: any) => save(new Event(event).read());

## a readonly parameter property
class Keep { constructor(readonly store: { put: (email: string) => unknown }) {} run(event: any) { return this.store.put(event.email); } }
export const handler = async (event: any) => new Keep({ put: save }).run(event);

## an abstract class
abstract class Base { abstract read(event: any): string; run(event: any) { return save(this.read(event)); } }
class Own extends Base { read(event: any): string { return event.email; } }
export const handler = async (event: any) => new Own().run(event);

## overloads
function read(event: string): string;
function read(event: any): string;
function read(event: any) { return event.email; }
export const handler = async (event: any) => save(read(event));

## generics
const first = <T,>(items: T[]): T => items[0];
export const handler = async (event: any) => save(first<string>([event.email]));

## a namespace
namespace Tools { export const read = (event: any) => event.email; }
export const handler = async (event: any) => save(Tools.read(event));

## a type guard
const known = (event: any): event is { email: string } => typeof event.email === "string";
export const handler = async (event: any) => { if (known(event)) await save(event.email); };

## an assertion function
function check(value: unknown): asserts value is string { if (typeof value !== "string") throw new Error(); }
export const handler = async (event: any) => { const email = event.email; check(email); await save(email); };

## a decorator of a method
function logged(target: any, key: string, descriptor: PropertyDescriptor) {
  const original = descriptor.value;
  descriptor.value = function (...args: any[]) { return original.apply(this, args); };
  return descriptor;
}
class Keep { @logged public async run(event: any) { return save(event.email); } }
const it = new Keep();
export const handler = async (event: any) => it.run(event);

## a decorator of a library
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { LambdaInterface } from "@aws-lambda-powertools/commons/types";
const tracer = new Tracer();
class Lambda implements LambdaInterface {
  @tracer.captureLambdaHandler()
  public async handler(event: any, context: unknown): Promise<void> { await save(event.email); }
}
const it = new Lambda();
export const handler = it.handler.bind(it);

## a class decorator
function sealed(constructor: Function) {}
@sealed
class Keep { async run(event: any) { return save(event.email); } }
export const handler = async (event: any) => new Keep().run(event);

## injected dependencies
import "reflect-metadata";
import { injectable, inject, container } from "tsyringe";
@injectable() class Store { put(email: string) { return save(email); } }
@injectable() class Service { constructor(private store: Store) {} run(event: any) { return this.store.put(event.email); } }
export const handler = async (event: any) => container.resolve(Service).run(event);

## accessors
class Event { private _email = ""; get email(): string { return this._email; } set email(value: string) { this._email = value; } }
export const handler = async (event: any) => { const it = new Event(); it.email = event.email; await save(it.email); };

## an optional parameter and definite assignment
class Keep { private email!: string; set(email?: string) { this.email = email!; return this; } run() { return save(this.email); } }
export const handler = async (event: any) => new Keep().set(event.email).run();

## an index signature and keyof
const pick = <T, K extends keyof T>(value: T, key: K): T[K] => value[key];
export const handler = async (event: any) => save(pick(event, "email"));

## a tuple and a readonly
export const handler = async (event: any) => { const pair: readonly [string, number] = [event.email, 1] as const; await save(pair[0]); };

## zod
import { z } from "zod";
const Event = z.object({ email: z.string().email() });
export const handler = async (event: any) => save(Event.parse(event).email);

## zod safeParse
import { z } from "zod";
const Event = z.object({ email: z.string() });
export const handler = async (event: any) => { const found = Event.safeParse(event); if (found.success) await save(found.data.email); };

## class-transformer
import { plainToInstance } from "class-transformer";
class Event { email!: string; }
export const handler = async (event: any) => save(plainToInstance(Event, event).email);

## io-ts and fp-ts
import { pipe } from "fp-ts/function";
export const handler = async (event: any) => pipe(event, (e: any) => e.email, save);

## joi
import Joi from "joi";
const schema = Joi.object({ email: Joi.string() });
export const handler = async (event: any) => { const { value, error } = schema.validate(event); await save(value.email); };

## yup
import * as yup from "yup";
const schema = yup.object({ email: yup.string() });
export const handler = async (event: any) => { const value = await schema.validate(event); await save(value.email); };

## an async iterable type
async function* read(event: any): AsyncGenerator<string> { yield event.email; }
export const handler = async (event: any) => { for await (const one of read(event)) await save(one); };

## a result object
type Result<T> = { ok: true; value: T } | { ok: false };
const read = (event: any): Result<string> => (event ? { ok: true, value: event.email } : { ok: false });
export const handler = async (event: any) => { const found = read(event); if (found.ok) await save(found.value); };

## import equals
import path = require("path");
export = { handler: async (event: any) => save(event.email) };
"""

Stored = Callable[..., list[Argument]]
EMAIL = Symbol("event", "email")


@pytest.mark.parametrize(
    ("file", "text", "exactly"), programs(("app.js", JAVASCRIPT), ("app.ts", TYPESCRIPT))
)
def test_the_field_arrives(stored: Stored, file: str, text: str, exactly: bool) -> None:  # noqa: FBT001
    (found,) = stored({file: HEAD + text})
    if exactly:
        assert found.value == EMAIL
    assert EMAIL in found.sources
