"""JavaScript's web frameworks inside a function: what reaches a table, and what is answered.

Before each program stands its name, and what must be seen: ``route METHOD /path``, ``email PATH``
of the event that is put into the table, or an argument of the response.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Summary
from tests.code.conftest import claims, seen

HEAD = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const save = (email) => client.send(new PutCommand({ TableName: "t", Item: { email } }));

"""

EXPRESS = """
## body | route POST /mails | email body.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.use(express.json());
app.post("/mails", async (req, res) => { await save(req.body.email); res.sendStatus(204); });
module.exports.handler = serverless(app);

## destructured | email body.email
import express from "express";
import serverless from "serverless-http";
const app = express();
app.post("/mails", async ({ body: { email } }, res, next) => { try { await save(email); res.end(); } catch (e) { next(e); } });
export const handler = serverless(app);

## query, by the adapter of vendia | email queryStringParameters.email
const serverlessExpress = require("@vendia/serverless-express");
const app = require("express")();
app.get("/mails", (req, res) => { save(req.query.email); res.send("ok"); });
exports.handler = serverlessExpress({ app });

## path, by the adapter of codegenie | route GET /mails/:email | email pathParameters.email
const serverlessExpress = require("@codegenie/serverless-express");
const express = require("express");
const app = express();
app.get("/mails/:email", (req, res) => { save(req.params.email); res.send("ok"); });
exports.handler = serverlessExpress({ app });

## headers, by the first adapter | email headers.email
const awsServerlessExpress = require("aws-serverless-express");
const express = require("express");
const app = express();
app.get("/mails", (req, res) => { save(req.headers.email); res.send("ok"); });
const server = awsServerlessExpress.createServer(app);
exports.handler = (event, context) => { awsServerlessExpress.proxy(server, event, context); };

## get | email headers.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.get("/mails", (req, res) => { save(req.get("email") || req.header("email")); res.send("ok"); });
exports.handler = serverless(app);

## cookies | email cookies.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.use(require("cookie-parser")());
app.get("/mails", (req, res) => { save(req.cookies.email); res.send("ok"); });
exports.handler = serverless(app);

## a router in a router | route POST /api/mails | email body.email
const express = require("express");
const serverless = require("serverless-http");
const router = express.Router();
router.post("/mails", (req, res) => { save(req.body.email); res.send("ok"); });
const app = express();
app.use("/api", router);
exports.handler = serverless(app);

## route chains | route PUT /mails/:id | email body.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.route("/mails/:id").get((req, res) => res.send("ok")).put((req, res) => { save(req.body.email); res.send("ok"); });
exports.handler = serverless(app);

## middleware that sets | email headers.authorization
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.use((req, res, next) => { req.user = req.headers.authorization; next(); });
app.get("/mails", (req, res) => { save(req.user); res.send("ok"); });
exports.handler = serverless(app);

## middleware of the route | email headers.authorization
const express = require("express");
const serverless = require("serverless-http");
const app = express();
const user = (req, res, next) => { res.locals.user = req.headers.authorization; next(); };
app.get("/mails", user, (req, res) => { save(res.locals.user); res.send("ok"); });
exports.handler = serverless(app);

## a controller class | email body.email
const express = require("express");
const serverless = require("serverless-http");
class Mails { constructor(store) { this.store = store; } async create(req, res) { await this.store(req.body.email); res.json({}); } }
const mails = new Mails(save);
const app = express();
app.post("/mails", mails.create.bind(mails));
exports.handler = serverless(app);

## the event | email requestContext.authorizer.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.get("/mails", (req, res) => { save(req.apiGateway.event.requestContext.authorizer.email); res.send("ok"); });
exports.handler = serverless(app);

## the current invocation | email requestContext.authorizer.email
import serverlessExpress, { getCurrentInvoke } from "@vendia/serverless-express";
import express from "express";
const app = express();
app.get("/mails", (req, res) => { const { event } = getCurrentInvoke(); save(event.requestContext.authorizer.email); res.send("ok"); });
export const handler = serverlessExpress({ app });

## files of multer | email body.originalname
const express = require("express");
const multer = require("multer");
const serverless = require("serverless-http");
const app = express();
app.post("/mails", multer().single("file"), (req, res) => { save(req.file.originalname); res.send("ok"); });
exports.handler = serverless(app);

## all and any | route ANY /mails | email body.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.all("/mails", (req, res) => { save(req.body.email); res.send("ok"); });
exports.handler = serverless(app);

## an async wrapper of the program | email body.email
const express = require("express");
const serverless = require("serverless-http");
const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);
const app = express();
app.post("/mails", wrap(async (req, res) => { await save(req.body.email); res.json({}); }));
exports.handler = serverless(app);

## a handler that waits for the application | email body.email
const express = require("express");
const serverless = require("serverless-http");
const app = express();
app.post("/mails", (req, res) => { save(req.body.email); res.json({}); });
let server;
exports.handler = async (event, context) => { server = server ?? serverless(app); return server(event, context); };

## typed | email body.email
import express, { Request, Response } from "express";
import serverless from "serverless-http";
const app = express();
app.post("/mails", async (req: Request, res: Response): Promise<void> => { await save(req.body.email); res.status(201).json({}); });
export const handler = serverless(app);

## answer json | body.name ${event.queryStringParameters.name} | statusCode 201 | headers.Content-Type application/json
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.status(201).json({ name: req.query.name }); });
exports.handler = require("serverless-http")(app);

## answer html | body Hello ${event.queryStringParameters.name} | headers.Content-Type text/html
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.send("Hello " + req.query.name); });
exports.handler = require("serverless-http")(app);

## answer of a type | body ${event.queryStringParameters.name} | headers.Content-Type text/plain
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.type("text/plain").send(req.query.name); });
exports.handler = require("serverless-http")(app);

## answer a redirect | headers.Location ${event.queryStringParameters.next} | statusCode 302
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.redirect(req.query.next); });
exports.handler = require("serverless-http")(app);

## answer a redirect with a status | headers.Location ${event.queryStringParameters.next} | statusCode 301
const express = require("express");
const app = express();
app.get("/", (req, res) => res.redirect(301, req.query.next));
exports.handler = require("serverless-http")(app);

## answer a header | headers.X-Name ${event.queryStringParameters.name}
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.setHeader("X-Name", req.query.name); res.set("X-B", "b"); res.end(); });
exports.handler = require("serverless-http")(app);

## answer several headers | headers.X-Name ${event.queryStringParameters.name}
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.set({ "X-Name": req.query.name }).end(); });
exports.handler = require("serverless-http")(app);

## answer a cookie | headers.Set-Cookie session=${event.queryStringParameters.id}
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.cookie("session", req.query.id).end(); });
exports.handler = require("serverless-http")(app);

## answer a template | body.name ${event.queryStringParameters.name} | headers.Content-Type text/html
const express = require("express");
const app = express();
app.get("/", (req, res) => { res.render("page", { name: req.query.name }); });
exports.handler = require("serverless-http")(app);
"""

FASTIFY = """
## body | route POST /mails | email body.email
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.post("/mails", async (request, reply) => { await save(request.body.email); return { ok: true }; });
export const handler = awsLambdaFastify(app);

## params | route GET /mails/:email | email pathParameters.email
const fastify = require("fastify");
const awsLambdaFastify = require("aws-lambda-fastify");
const app = fastify({ logger: true });
app.get("/mails/:email", { schema: {} }, async ({ params }, reply) => { await save(params.email); reply.send({}); });
module.exports.handler = awsLambdaFastify(app);

## route | route PUT /mails | email queryStringParameters.email
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.route({ method: "PUT", url: "/mails", handler: async (request) => { await save(request.query.email); return {}; } });
export const handler = awsLambdaFastify(app);

## a plugin | email body.email
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const routes = async (app, options) => { app.post("/mails", async (request) => { await save(request.body.email); return {}; }); };
const app = Fastify();
app.register(routes, { prefix: "/api" });
export const handler = awsLambdaFastify(app);

## a hook | email headers.authorization
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.addHook("preHandler", async (request) => { await save(request.headers.authorization); });
app.get("/mails", async () => ({}));
export const handler = awsLambdaFastify(app);

## answer | body.name ${event.queryStringParameters.name}
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.get("/", async (request, reply) => { return { name: request.query.name }; });
export const handler = awsLambdaFastify(app);

## answer of a type | body ${event.queryStringParameters.name} | headers.Content-Type text/html | statusCode 201
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.get("/", (request, reply) => { reply.code(201).type("text/html").send(request.query.name); });
export const handler = awsLambdaFastify(app);

## answer a redirect | headers.Location ${event.queryStringParameters.next} | statusCode 302
import Fastify from "fastify";
import awsLambdaFastify from "@fastify/aws-lambda";
const app = Fastify();
app.get("/", (request, reply) => { reply.header("X-A", "b").redirect(request.query.next); });
export const handler = awsLambdaFastify(app);
"""

HONO = """
## json | route POST /mails | email body.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.post("/mails", async (c) => { const { email } = await c.req.json(); await save(email); return c.json({}); });
export const handler = handle(app);

## query | email queryStringParameters.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails", async (c) => { await save(c.req.query("email")); return c.text("ok"); });
export const handler = handle(app);

## param | route GET /mails/:email | email pathParameters.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails/:email", async (c) => { const email = c.req.param("email"); await save(email); return c.text("ok"); });
export const handler = handle(app);

## all params | email pathParameters.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails/:email", async (c) => { const { email } = c.req.param(); await save(email); return c.text("ok"); });
export const handler = handle(app);

## header | email headers.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails", async (c) => { await save(c.req.header("email")); return c.text("ok"); });
export const handler = handle(app);

## cookie | email cookies.email
import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails", async (c) => { await save(getCookie(c, "email")); return c.text("ok"); });
export const handler = handle(app);

## form | email body.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.post("/mails", async (c) => { const form = await c.req.parseBody(); await save(form["email"]); return c.text("ok"); });
export const handler = handle(app);

## a validator | email body.email
import { Hono } from "hono";
import { zValidator } from "@hono/zod-validator";
import { z } from "zod";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.post("/mails", zValidator("json", z.object({ email: z.string() })), async (c) => { const data = c.req.valid("json"); await save(data.email); return c.json({}); });
export const handler = handle(app);

## the event | email requestContext.authorizer.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/mails", async (c) => { await save(c.env.event.requestContext.authorizer.email); return c.json({}); });
export const handler = handle(app);

## variables of a middleware | email headers.authorization
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.use("*", async (c, next) => { c.set("user", c.req.header("authorization")); await next(); });
app.get("/mails", async (c) => { await save(c.get("user")); return c.json({}); });
export const handler = handle(app);

## a sub application | route POST /api/mails | email body.email
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const mails = new Hono().post("/mails", async (c) => { await save((await c.req.json()).email); return c.json({}); });
const app = new Hono();
app.route("/api", mails);
export const handler = handle(app);

## answer html | body ${event.queryStringParameters.name} | headers.Content-Type text/html
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/", (c) => c.html(c.req.query("name")));
export const handler = handle(app);

## answer json | body.name ${event.queryStringParameters.name} | statusCode 201 | headers.Content-Type application/json
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/", (c) => c.json({ name: c.req.query("name") }, 201));
export const handler = handle(app);

## answer a redirect | headers.Location ${event.queryStringParameters.next} | statusCode 302
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/", (c) => c.redirect(c.req.query("next")));
export const handler = handle(app);

## answer a header | headers.X-Name ${event.queryStringParameters.name}
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
const app = new Hono();
app.get("/", (c) => { c.header("X-Name", c.req.query("name")); return c.body(null); });
export const handler = handle(app);
"""

KOA = """
## body | email body.email
const Koa = require("koa");
const bodyParser = require("koa-bodyparser");
const serverless = require("serverless-http");
const app = new Koa();
app.use(bodyParser());
app.use(async (ctx) => { await save(ctx.request.body.email); ctx.body = "ok"; });
module.exports.handler = serverless(app);

## a router | route GET /mails/:email | email pathParameters.email
const Koa = require("koa");
const Router = require("@koa/router");
const serverless = require("serverless-http");
const app = new Koa();
const router = new Router();
router.get("/mails/:email", async (ctx) => { await save(ctx.params.email); ctx.body = {}; });
app.use(router.routes()).use(router.allowedMethods());
module.exports.handler = serverless(app);

## query and next | email queryStringParameters.email
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx, next) => { ctx.state.email = ctx.query.email; await next(); });
app.use(async (ctx) => { await save(ctx.state.email); });
export const handler = serverless(app);

## header and cookie | email headers.email | email cookies.session
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx) => { await save(ctx.get("email")); await save(ctx.cookies.get("session")); });
export const handler = serverless(app);

## answer | body.name ${event.queryStringParameters.name} | statusCode 201
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx) => { ctx.status = 201; ctx.body = { name: ctx.query.name }; });
export const handler = serverless(app);

## answer a type | body ${event.queryStringParameters.name} | headers.Content-Type text/html
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx) => { ctx.type = "text/html"; ctx.body = ctx.query.name; });
export const handler = serverless(app);

## answer a redirect | headers.Location ${event.queryStringParameters.next}
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx) => { ctx.redirect(ctx.query.next); });
export const handler = serverless(app);

## answer a header | headers.X-Name ${event.queryStringParameters.name}
import Koa from "koa";
import serverless from "serverless-http";
const app = new Koa();
app.use(async (ctx) => { ctx.set("X-Name", ctx.query.name); });
export const handler = serverless(app);
"""

MIDDY = """
## parsed body | email body.email
import middy from "@middy/core";
import jsonBodyParser from "@middy/http-json-body-parser";
const lambda = async (event) => { await save(event.body.email); return { statusCode: 200 }; };
export const handler = middy(lambda).use(jsonBodyParser());

## handler at the end | email body.email
import middy from "@middy/core";
import httpErrorHandler from "@middy/http-error-handler";
const lambda = async (event) => { await save(JSON.parse(event.body).email); return { statusCode: 200 }; };
export const handler = middy().use(httpErrorHandler()).handler(lambda);

## a middleware of the program | email body.email
import middy from "@middy/core";
const parse = () => ({ before: async (request) => { request.event.data = JSON.parse(request.event.body); } });
export const handler = middy(async (event) => { await save(event.data.email); }).use(parse());

## a middleware that writes | email headers.Authorization
import middy from "@middy/core";
const log = { before: async ({ event }) => { await save(event.headers.Authorization); } };
export const handler = middy(async (event) => ({})).use([log]);

## before | email body.email
import middy from "@middy/core";
export const handler = middy(async (event) => ({})).before(async (request) => { await save(JSON.parse(request.event.body).email); });

## after | email body.email
import middy from "@middy/core";
export const handler = middy(async (event) => ({ statusCode: 200, body: event.body.email })).after(async (request) => { await save(request.response.body); });

## a wrapper in another function | email body.email
const middy = require("middy");
const { jsonBodyParser } = require("middy/middlewares");
const common = (lambda) => middy(lambda).use(jsonBodyParser());
module.exports.handler = common(async (event) => { await save(event.body.email); });

## powertools | email email
import middy from "@middy/core";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
const logger = new Logger();
export const handler = middy(async (event) => { await save(event.email); }).use(injectLambdaContext(logger, { logEvent: true }));

## the parser of powertools | email detail.email
import middy from "@middy/core";
import { parser } from "@aws-lambda-powertools/parser/middleware";
import { EventBridgeEnvelope } from "@aws-lambda-powertools/parser/envelopes";
import { z } from "zod";
const schema = z.object({ email: z.string() });
export const handler = middy(async (event) => { await save(event.email); }).use(parser({ schema, envelope: EventBridgeEnvelope }));
"""

POWERTOOLS = """
## a batch | email Records[].body.email
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
const processor = new BatchProcessor(EventType.SQS);
const one = async (record) => { await save(JSON.parse(record.body).email); };
export const handler = async (event, context) => processPartialResponse(event, one, processor, { context });

## a parser by a decorator | email body.email
import { parser } from "@aws-lambda-powertools/parser";
import { ApiGatewayEnvelope } from "@aws-lambda-powertools/parser/envelopes";
const schema = {};
class Lambda {
  @parser({ schema, envelope: ApiGatewayEnvelope })
  async handler(event, context) { await save(event.email); }
}
const it = new Lambda();
export const handler = it.handler.bind(it);

## an envelope by hand | email Records[].body.email
import { SqsEnvelope } from "@aws-lambda-powertools/parser/envelopes/sqs";
const schema = {};
export const handler = async (event) => { for (const one of SqsEnvelope.parse(event, schema)) await save(one.email); };

## idempotent | email email
import { makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
const one = async (event) => { await save(event.email); };
export const handler = makeIdempotent(one, { persistenceStore: new DynamoDBPersistenceLayer({ tableName: "i" }) });

## the event handler | route POST /mails | email body.email
import { Router } from "@aws-lambda-powertools/event-handler/http";
const app = new Router();
app.post("/mails", async ({ req }) => { const body = await req.json(); await save(body.email); return {}; });
export const handler = async (event, context) => app.resolve(event, context);

## the event handler of appsync | email arguments.email
import { AppSyncGraphQLResolver } from "@aws-lambda-powertools/event-handler/appsync-graphql";
const app = new AppSyncGraphQLResolver();
app.onMutation("createMail", async ({ email }) => { await save(email); return {}; });
export const handler = async (event, context) => app.resolve(event, context);
"""

NEST = """
## a controller | route POST /mails | email body.email
import { Body, Controller, Module, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import serverlessExpress from "@codegenie/serverless-express";
@Controller("mails")
class MailsController { @Post() async create(@Body() mail: any) { await save(mail.email); return {}; } }
@Module({ controllers: [MailsController] }) class AppModule {}
let server: any;
async function bootstrap() { const app = await NestFactory.create(AppModule); await app.init(); return serverlessExpress({ app: app.getHttpAdapter().getInstance() }); }
export const handler = async (event: any, context: any, callback: any) => { server = server ?? (await bootstrap()); return server(event, context, callback); };

## a service | route GET /mails/:email | email pathParameters.email
import { Controller, Get, Injectable, Module, Param } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import serverless from "serverless-http";
@Injectable() class Mails { async put(email: string) { return save(email); } }
@Controller("mails")
class MailsController { constructor(private readonly mails: Mails) {} @Get(":email") async get(@Param("email") email: string) { return this.mails.put(email); } }
@Module({ controllers: [MailsController], providers: [Mails] }) class AppModule {}
export const handler = async (event: any, context: any) => { const app = await NestFactory.create(AppModule); return serverless(app.getHttpAdapter().getInstance())(event, context); };

## a query and a header | email queryStringParameters.email | email headers.email
import { Controller, Get, Headers, Query } from "@nestjs/common";
@Controller()
export class MailsController { @Get("mails") async get(@Query("email") email: string, @Headers("email") other: string) { await save(email); await save(other); } }
export const handler = async (event: any) => {};

## the request | email body.email
import { Controller, Post, Req } from "@nestjs/common";
@Controller()
export class MailsController { @Post("mails") async post(@Req() request: any) { await save(request.body.email); } }
export const handler = async (event: any) => {};

## answer | body.name ${event.queryStringParameters.name}
import { Controller, Get, Query } from "@nestjs/common";
@Controller()
export class MailsController { @Get("mails") get(@Query("name") name: string) { return { name }; } }
export const handler = async (event: any) => {};
"""

TRPC = """
## a mutation | email body.email
import { initTRPC } from "@trpc/server";
import { awsLambdaRequestHandler } from "@trpc/server/adapters/aws-lambda";
import { z } from "zod";
const t = initTRPC.create();
const appRouter = t.router({ create: t.procedure.input(z.object({ email: z.string() })).mutation(async ({ input }) => { await save(input.email); return {}; }) });
export const handler = awsLambdaRequestHandler({ router: appRouter });

## a query with a middleware | email queryStringParameters.input.email
import { initTRPC } from "@trpc/server";
import { awsLambdaRequestHandler } from "@trpc/server/adapters/aws-lambda";
const t = initTRPC.context<any>().create();
const secured = t.procedure.use(({ ctx, next }) => next({ ctx: { user: "x" } }));
const appRouter = t.router({ get: secured.input((value: any) => value).query(({ input, ctx }) => { save(input.email); return input; }) });
export const handler = awsLambdaRequestHandler({ router: appRouter, createContext: ({ event }) => ({ event }) });
"""

Analysed = Callable[..., Summary]
ALL = {
    "express": EXPRESS,
    "fastify": FASTIFY,
    "hono": HONO,
    "koa": KOA,
    "middy": MIDDY,
    "powertools": POWERTOOLS,
    "nest": NEST,
    "trpc": TRPC,
}


@pytest.mark.parametrize(("text", "claimed"), claims(ALL))
def test_a_framework(analysed: Analysed, text: str, claimed: list[str]) -> None:
    found = analysed({"app.ts": HEAD + text})
    assert [claim for claim in claimed if claim not in seen(found)] == []


def test_what_a_template_shows_is_escaped(analysed: Analysed) -> None:
    text = """
    const app = require("express")();
    app.get("/", (req, res) => { res.render("page", { name: req.query.name }); });
    exports.handler = require("serverless-http")(app);
    """
    (answer,) = [call for call in analysed({"app.js": text}).calls if call.kind == "response"]
    said = {one.path: one.harmless for one in answer.arguments}
    assert said == {"headers.Content-Type": (), "body.name": (("html",),)}
