"""GraphQL servers inside a function: each resolver is a way in of its own.

Whoever may send a request may ask for any field of the schema, so what a resolver does is done for
them unless it, or the function that makes the context, asks who calls. A resolver's arguments are
a part of the body by the field's name (``event.body.orders.id``), since no other field is given
them; which field is asked for is said as ``field Query.orders``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.requested import FIELD
from checkrein.code.domain.scopes import REQUEST, Scope
from checkrein.code.domain.things import Arguments, Closure, Library, Modelled, Structure, native
from checkrein.code.domain.values import NOTHING, UNKNOWN, join, join_all, symbolic
from checkrein.code.frameworks import routes
from checkrein.code.frameworks.event import BODY
from checkrein.code.frameworks.objects import modelled, request, value, web_request
from checkrein.code.frameworks.resolvers import NEXUS, Resolver, described, guarded, resolvers
from checkrein.code.frameworks.responding import Response
from checkrein.code.frameworks.routes import Registered
from checkrein.code.harm import facts
from checkrein.code.running import calls
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

SERVERS = frozenset(("ApolloServer", "createYoga", "GraphQLServerLambda", "GraphQLYoga"))
MODULES = frozenset((
    "apollo-server-lambda", "apollo-server", "apollo-server-express", "apollo-server-koa",
    "apollo-server-fastify", "apollo-server-hapi", "@apollo/server", "graphql-yoga",
    "express-graphql", "@as-integrations/aws-lambda", "@as-integrations/fastify",
    "@as-integrations/koa", "graphql-http/lib/use/express", "graphql-http", "graphql",
    "@apollo/server/express4",
    "@as-integrations/express4", "@as-integrations/express5",
))  # fmt: skip
HANDLERS = frozenset((  # functions that make a handler of a server or of options
    "startServerAndCreateLambdaHandler", "expressMiddleware", "koaMiddleware", "graphqlHTTP",
    "createHandler", "express-graphql", "fastifyApolloHandler",
))  # fmt: skip
MAKING = ("createHandler", "createLambdaHandler", "getMiddleware", "createHttpHandler")
ASKING = ("fetch", "handle", "handleNodeRequest", "executeOperation", "executeHTTPGraphQLRequest")
ARGUMENTS = {"schema": 0, "source": 1, "rootValue": 2, "contextValue": 3}  # of graphql()
HELD = "<options>"
CONTEXT = "<context>"  # no field: what stands before all of them


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    return one.module in MODULES | NEXUS


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return a server, or a handler of one, None where no schema's resolvers are known."""
    if one.module not in MODULES:
        return described(one, given)
    last = one.path.rpartition(".")[2] or one.module
    if last in SERVERS or (one.module == "graphql-yoga" and last == "createServer"):
        return _server(run, given, scope)
    if last in HANDLERS or (one.module == "express-graphql" and last in ("default", one.module)):
        found = _Executable(run, [*given.positional], scope)
        return found.handler if found.resolvers else None
    if one.module == "graphql" and last == "graphql":
        found = _Executable(run, [_of_graphql(run, given)], scope)
        if found.resolvers:
            found.run_all(given)
            return UNKNOWN
    return None


def _of_graphql(run: Interpreter, given: Arguments) -> Abstract:
    """Return the options of ``graphql({schema, …})`` and ``graphql(schema, source, root, …)``."""
    if len(given.positional) < len(ARGUMENTS) - 2:
        return given.first()
    return run.built("dict", {name: given.first(at) for name, at in ARGUMENTS.items()})


def _server(run: Interpreter, given: Arguments, scope: Scope) -> Abstract | None:
    found = _Executable(run, given.positional[:1], scope)
    if not found.resolvers:
        return None
    made = modelled(run, {HELD: given.first()}, applyMiddleware=found.apply, __call__=found.run_all)
    for name in MAKING:
        made.methods[name] = native(name, found.made)
    for name in ASKING:
        made.methods[name] = native(name, found.run_all)
    for name in ("start", "installSubscriptionHandlers", "stop"):
        made.methods[name] = native(name, lambda _: UNKNOWN)
    return value(made)


class _Executable:
    """A schema with its resolvers and the function that makes their context."""

    def __init__(self, run: Interpreter, options: list[Abstract], scope: Scope) -> None:
        self._run = run
        self._scope = scope
        every = [*options, *(o for v in options for o in _held(v))]
        self._context = [c for each in every for c in _contexts(each)]
        held = join_all(every)
        self.resolvers: list[Resolver] = [] if guarded(held) else resolvers(run, held, scope)
        self.handler = native("graphql", self.run_all)

    def made(self, given: Arguments) -> Abstract:
        """``server.createHandler({…})``."""
        self._context += _contexts(given.first())
        return self.handler

    def apply(self, given: Arguments) -> Abstract:
        """``server.applyMiddleware({ app, path })``."""
        for options in (t for t in given.first().things if isinstance(t, Structure)):
            for one in options.fields.get("app", NOTHING).things:
                application = one if isinstance(one, Library) else None
                at, every = given.at, (self.handler,)
                route = Registered("express", application, ("ANY",), "", every, at, self._scope, {})
                routes.remember(self._run, route)
        return UNKNOWN

    def run_all(self, given: Arguments) -> Abstract:
        """Run what each field's resolver does with a request."""
        passed, answering = self._passed(given), self._run.answering
        self._run.answering = ""
        try:
            context, known = self._context_of(passed)
            for one in self.resolvers:
                self._resolve(one, context, known, passed)
        finally:
            self._run.answering = answering
        return UNKNOWN

    def _context_of(self, passed: Arguments) -> tuple[Abstract, Facts]:
        """Return what resolvers are handed, and what its maker asks of every request.

        That it reads a token asks nothing: resolvers decide by what they are handed.
        """
        run, scope = self._run, Scope(self._scope.source, self._scope)
        if not self._context:
            return UNKNOWN, {}
        with run.branch(), facts.Framed(run, scope):
            facts.learn(run, _asked_for(CONTEXT))
            made = NOTHING
            for function in self._context:
                run.running.taken()
                made = join(made, calls.apply(run, function, passed, self._scope))
                ended = run.running.taken()
                facts.learn(run, ended.always if ended is not None else {})
            return made, facts.proven(run)

    def _resolve(self, one: Resolver, context: Abstract, known: Facts, passed: Arguments) -> None:
        run = self._run
        with run.branch(), facts.Framed(run, Scope(self._scope.source, self._scope)):
            facts.learn(run, {**known, **_asked_for(one.name)})
            arguments = symbolic("event", f"{BODY}.{one.name.rpartition('.')[2]}")
            every = [arguments, context] if one.of_root else [UNKNOWN, arguments, context, UNKNOWN]
            for function in one.function.things:
                at = function.definition.at if isinstance(function, Closure) else passed.at
                where = function.scope if isinstance(function, Closure) else self._scope
                only = Abstract(things=(function,))
                answer = calls.apply(run, only, Arguments(at, every), self._scope)
                for inner in calls.functions_in(answer):  # fields of what it answers
                    first = Arguments(at, [arguments, context])
                    answer = join(answer, calls.apply(run, inner, first, self._scope))
                body = run.built("dict", {BODY: answer}) if answer else NOTHING
                run.respond(body, at, where)

    def _passed(self, given: Arguments) -> Arguments:
        """Return what the context's function is given, by whatever name a server gives it."""
        run, scope = self._run, self._scope
        sent, answer = value(request(run, scope)), value(Response(run, scope).object)
        known = {
            "event": symbolic("event"),
            "context": symbolic("context"),
            "lambdaContext": symbolic("context"),
            "req": sent,
            "res": answer,
            "request": value(web_request(run, scope)),
            "express": run.built("dict", {"req": sent, "res": answer}),
        }
        return Arguments(given.at, [run.built("dict", known)])


def _asked_for(name: str) -> Facts:
    return {Symbol(REQUEST, f"{FIELD} {name}"): bits("caller")}


def _held(server: Abstract) -> list[Abstract]:
    """Return the options that a server was made with."""
    return [
        one.fields[HELD]
        for one in server.things
        if isinstance(one, Modelled) and HELD in one.fields
    ]


def _contexts(options: Abstract) -> list[Abstract]:
    """Return the functions that make a context, as options name them."""
    found = [
        one.fields.get(name, NOTHING)
        for one in options.things
        if isinstance(one, Structure)
        for name in ("context", "contextValue")
    ]
    return [each for each in found if any(map(calls.is_function, each.things))]
