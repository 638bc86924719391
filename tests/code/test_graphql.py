"""GraphQL servers inside a function: each resolver with what its callers choose and have shown.

Of each program it is said what reaches a table: the field of the schema, the field of the event,
and what callers have shown by then (``-`` for nothing).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Summary
from tests.code.conftest import claims

HEAD = """
const jwt = require("jsonwebtoken");
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const get = async (email) => (await client.send(new GetCommand({ TableName: "t", Key: { email } }))).Item;
const find = (token) => { try { return jwt.verify(token, process.env.KEY); } catch { return null; } };
const guess = (token) => { try { return jwt.verify(token, process.env.KEY); } catch (e) { return e; } };

"""

APOLLO = """
## a map of types | Query.user email -
const { ApolloServer } = require("apollo-server-lambda");
const server = new ApolloServer({ typeDefs: "", resolvers: { Query: { user: (_, { email }) => get(email) } } });
exports.handler = server.createHandler();

## several maps | Query.user email - | Mutation.change email -
const { ApolloServer } = require("apollo-server-lambda");
const resolvers = [{ Query: { user: (_, { email }) => get(email) } }, { Mutation: { change: (_, a) => get(a.email) } }];
const server = new ApolloServer({ typeDefs: "", resolvers });
const inner = server.createHandler();
exports.handler = (event, context, callback) => inner(event, context, callback);

## a schema of its own, by the newer server | Query.user input.email -
const { ApolloServer } = require("@apollo/server");
const { startServerAndCreateLambdaHandler, handlers } = require("@as-integrations/aws-lambda");
const { makeExecutableSchema } = require("@graphql-tools/schema");
const resolvers = { Query: { user: { resolve: (_, args) => get(args.input.email) } } };
const server = new ApolloServer({ schema: makeExecutableSchema({ typeDefs: "", resolvers }) });
exports.handler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler());

## what is answered has functions | Query.users email -
const { ApolloServer } = require("apollo-server-lambda");
const resolvers = { Query: { users: () => ({ one: ({ email }) => get(email) }) } };
exports.handler = new ApolloServer({ typeDefs: "", resolvers }).createHandler();

## a context whose user is asked for | Query.user email token | Query.mine - token | Query.open email -
const { ApolloServer } = require("apollo-server-lambda");
const resolvers = { Query: {
  user: (_, { email }, { user }) => { if (!user) throw new Error("401"); return get(email); },
  mine: (_, args, context) => { if (!context.user) throw new Error("401"); return client.send(new GetCommand({ TableName: "t", Key: { email: context.user.email } })); },
  open: (_, { email }, { user }) => { if (!user) console.log("somebody"); return client.send(new GetCommand({ TableName: "t", Key: { email } })); },
} };
const context = ({ event }) => ({ user: find(event.headers.authorization) });
exports.handler = new ApolloServer({ typeDefs: "", resolvers, context }).createHandler();

## a context that may hold an error in the place of a user | Query.user email -
const { ApolloServer } = require("apollo-server-lambda");
const resolvers = { Query: { user: (_, { email }, { user }) => { if (!user) throw new Error("401"); return get(email); } } };
const context = ({ event }) => ({ user: guess(event.headers.authorization) });
exports.handler = new ApolloServer({ typeDefs: "", resolvers, context }).createHandler();

## a context that refuses strangers | Query.user email token
const { ApolloServer } = require("apollo-server-lambda");
const resolvers = { Query: { user: (_, { email }) => get(email) } };
const context = ({ event }) => ({ user: jwt.verify(event.headers.authorization, process.env.KEY) });
exports.handler = new ApolloServer({ typeDefs: "", resolvers, context }).createHandler();
"""

OTHERS = """
## yoga | Query.user email -
const { createYoga, createSchema } = require("graphql-yoga");
const yoga = createYoga({ schema: createSchema({ typeDefs: "", resolvers: { Query: { user: (_, a) => get(a.email) } } }) });
exports.handler = async (event, context) => { const answer = await yoga.fetch(event.path, {}, { event, context }); return answer; };

## nexus by fields and by blocks | Query.user email - | Mutation.change email - | Query.all email -
const { makeSchema, queryField, mutationField, extendType } = require("nexus");
const { ApolloServer } = require("apollo-server-lambda");
const query = { user: queryField("user", { type: "User", resolve: (_, { email }) => get(email) }) };
const change = mutationField("change", { type: "User", resolve: (_, { email }) => get(email) });
const all = extendType({ type: "Query", definition(t) { t.list.field("all", { type: "User", resolve: (_, { email }) => get(email) }); } });
exports.handler = new ApolloServer({ schema: makeSchema({ types: [query, change, all] }) }).createHandler();

## graphql-js behind a route of express | Query.user email secret
const express = require("express");
const { graphqlHTTP } = require("express-graphql");
const { GraphQLSchema, GraphQLObjectType } = require("graphql");
const Query = new GraphQLObjectType({ name: "Query", fields: () => ({ user: { resolve: (_, { email }) => get(email) } }) });
const app = express();
app.use("/graphql", (req, res, next) => { if (req.headers["x-api-key"] !== process.env.API_KEY) return res.sendStatus(401); next(); }, graphqlHTTP({ schema: new GraphQLSchema({ query: Query }) }));
exports.handler = require("serverless-http")(app);

## functions of a root value | Query.user email -
const { graphql, buildSchema } = require("graphql");
const root = { user: ({ email }) => get(email) };
exports.handler = async (event) => graphql({ schema: buildSchema(""), source: event.body, rootValue: root });
"""

SHIELDED = """
const { ApolloServer } = require("apollo-server-lambda");
const { makeExecutableSchema } = require("@graphql-tools/schema");
const { applyMiddleware } = require("graphql-middleware");
const { shield } = require("graphql-shield");
const resolvers = { Query: { user: (_, { email }) => get(email) } };
const schema = applyMiddleware(makeExecutableSchema({ typeDefs: "", resolvers }), shield({}));
exports.handler = new ApolloServer({ schema }).createHandler();
"""

Analysed = Callable[..., Summary]


def reached(found: Summary) -> list[str]:
    """Give by which field of the schema, with which variable, after what proof a table is read."""
    return [
        f"{field.removeprefix('field ')} {_variable(source.attribute)} {site.proof or '-'}"
        for site in found.calls
        if site.service == "dynamodb"
        for request in site.request
        for field in request
        if field.startswith("field")
        for argument in site.arguments
        if argument.path == "Key.email"
        for source in argument.sources
        if source.owner != "event" or source.attribute.startswith(f"body.{field.split('.')[1]}.")
    ]


def _variable(attribute: str) -> str:
    return attribute.removeprefix("body.").partition(".")[2] or "-"


@pytest.mark.parametrize(("text", "claimed"), claims({"apollo": APOLLO, "others": OTHERS}))
def test_a_server(analysed: Analysed, text: str, claimed: list[str]) -> None:
    found = analysed({"app.js": HEAD + text})
    assert sorted(reached(found)) == sorted(claimed)


def test_what_resolvers_answer_goes_out(analysed: Analysed) -> None:
    text = 'const { ApolloServer } = require("apollo-server-lambda");\n'
    text += "const resolvers = { Query: { user: (_, { email }) => get(email) } };\n"
    text += "exports.handler = new ApolloServer({ resolvers }).createHandler();"
    answers = [c for c in analysed({"app.js": HEAD + text}).calls if c.kind == "response"]
    assert [
        (one.path, [str(s) for s in one.sources], c.request) for c in answers for one in c.arguments
    ] == [("body", ["${call:0.Item}"], (("field Query.user",),))]


def test_behind_a_shield_that_nobody_follows_no_field_is_said_to_be_open(
    analysed: Analysed,
) -> None:
    found = analysed({"app.js": HEAD + SHIELDED})
    assert not any("field Query" in part for c in found.calls for r in c.request for part in r)
