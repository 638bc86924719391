"""What routes hand to one helper, controllers that a loop mounts, and DynamoDB's mappers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import CallSite, Summary

Analysed = Callable[..., Summary]

CONTROLLERS = """
import * as express from "express";
import { proxy, createServer } from "aws-serverless-express";
import { find } from "./store";

class Jobs {
  basePath = "/jobs";
  router() { return express.Router().get("/:id", async (req, res) => { res.json(await find(req.params.id, "job")); }); }
}
class Users {
  basePath = "/users";
  router() { return express.Router().get("/:id", async (req, res) => { res.json(await find(req.params.id, "user")); }); }
}
const app = express();
[new Jobs(), new Users()].forEach((one) => { app.use(one.basePath, one.router()); });
const server = createServer(app);
export const handler = (event, context) => proxy(server, event, context);
"""

STORE = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
export let client;
if (process.env.LOCAL === "true") client = 1;
else client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const find = (id, kind) => client.send(new GetCommand({ TableName: "t", Key: { id, kind } }));
"""


def asked(found: Summary) -> list[CallSite]:
    return [site for site in found.calls if site.service == "dynamodb"]


def told(site: CallSite) -> dict[str, object]:
    return {one.path: [str(s) for s in one.sources] or one.value for one in site.arguments}


def test_each_route_asks_a_helper_for_what_it_hands_on(analysed: Analysed) -> None:
    found = analysed({"app.ts": CONTROLLERS, "store.ts": STORE})
    assert {site.request: told(site)["Key.kind"] for site in asked(found)} == {
        (("method GET", "own /jobs/:id"),): "job",
        (("method GET", "own /users/:id"),): "user",
    }
    assert [(one.method, one.path) for one in found.routes] == [
        ("GET", "/jobs/:id"),
        ("GET", "/users/:id"),
    ]


def test_a_name_is_exported_as_it_is_in_the_end(analysed: Analysed) -> None:
    app = 'import { client, GetCommand } from "./made";\n'
    app += 'export const handler = (event) => client.send(new GetCommand({ TableName: "t", Key: { id: event.id } }));'
    made = 'export { GetCommand } from "@aws-sdk/lib-dynamodb";\n' + STORE.replace(
        "export const find", "const find"
    )
    (site,) = asked(analysed({"app.ts": app, "made.ts": made}))
    assert (site.operation, told(site)["Key.id"]) == ("GetItem", ["${event.id}"])


TYPED = """
import { TypeDynamo } from "type-dynamo";
const orders = new TypeDynamo({}).define(class {}, { tableName: "orders", partitionKey: "id" })
  .withGlobalIndex({ indexName: "byKind", partitionKey: "kind" }).getInstance();
"""
GOOSE = """
const dynamoose = require("dynamoose");
const orders = dynamoose.model("orders", new dynamoose.Schema({ id: String }));
"""


@pytest.mark.parametrize(
    ("head", "text", "expected"),
    [
        (TYPED, "orders.find({ id: event.id }).execute()", ("GetItem", "Key.id")),
        (TYPED, "orders.find().allResults().execute()", ("Scan", "")),
        (TYPED, "orders.onIndex.byKind.find({ kind: event.id }).execute()", ("Query", "KeyConditions.kind")),
        (TYPED, "orders.save({ id: 1, name: event.id }).execute()", ("PutItem", "Item.name")),
        (TYPED, "orders.update({ id: event.id }, { done: true }).execute()", ("UpdateItem", "Key.id")),
        (TYPED, "orders.delete({ id: event.id }).execute()", ("DeleteItem", "Key.id")),
        (GOOSE, "orders.get(event.id)", ("GetItem", "Key.id")),
        (GOOSE, 'orders.query("owner").eq(event.id).exec()', ("Query", "")),
        (GOOSE, "orders.create({ name: event.id })", ("PutItem", "Item.name")),
        (GOOSE, "new orders({ name: event.id }).save()", ("PutItem", "Item.name")),
        (GOOSE, "orders.delete(event.id)", ("DeleteItem", "Key.id")),
    ],
)  # fmt: skip
def test_a_mapper_asks_its_table(
    analysed: Analysed, head: str, text: str, expected: tuple[str, str]
) -> None:
    program = f"{head}\nexports.handler = async (event) => {{ return await {text}; }};"
    sites = asked(analysed({"app.js": program}))
    assert [site.operation for site in sites] == [expected[0]]
    said = told(sites[0])
    assert said["TableName"] == "orders"
    assert [path for path, value in said.items() if value == ["${event.id}"]] == [
        path for path in expected[1:] if path
    ]


def test_what_a_mapper_finds_goes_out(analysed: Analysed) -> None:
    program = f"{TYPED}\nexports.handler = async (event) => {{ const found = await orders.find({{ id: event.id }}).execute(); return {{ body: found.data.email }}; }};"
    answers = [c for c in analysed({"app.js": program}).calls if c.kind == "response"]
    assert [(a.path, [str(s) for s in a.sources]) for c in answers for a in c.arguments] == [
        ("body", ["${call:0.Item.email}"])
    ]
