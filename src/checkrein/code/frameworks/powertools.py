"""Powertools for Lambda, in both languages: batches, envelopes, decorators and middleware."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code.domain import shapes
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import Scope
from checkrein.code.domain.things import Arguments, Library, native
from checkrein.code.domain.values import NOTHING, UNKNOWN, only_string, symbolic
from checkrein.code.harm import facts, schemas, uncaught
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.running.interpreter import Interpreter

MODULES = ("aws_lambda_powertools", "@aws-lambda-powertools/")
BATCHES = (
    *("process_partial_response", "async_process_partial_response"),
    *("processPartialResponse", "processPartialResponseSync"),
)
ENVELOPES = {  # what an envelope takes out of the event; [] makes a list of it
    "ApiGatewayEnvelope": "body",
    "ApiGatewayV2Envelope": "body",
    "APIGatewayEnvelope": "body",
    "APIGatewayV2Envelope": "body",
    "LambdaFunctionUrlEnvelope": "body",
    "VpcLatticeEnvelope": "body",
    "VpcLatticeV2Envelope": "body",
    "API_GATEWAY_REST": "body",
    "API_GATEWAY_HTTP": "body",
    "EventBridgeEnvelope": "detail",
    "EVENTBRIDGE": "detail",
    "CLOUDWATCH_EVENTS_SCHEDULED": "detail",
    "SqsEnvelope": "Records[].body",
    "SQSEnvelope": "Records[].body",
    "SQS": "Records[].body",
    "SnsEnvelope": "Records[].Sns.Message",
    "SNSEnvelope": "Records[].Sns.Message",
    "SNS": "Records[].Sns.Message",
    "SnsSqsEnvelope": "Records[].body.Message",
    "KinesisDataStreamEnvelope": "Records[].kinesis.data",
    "KINESIS_DATA_STREAM": "Records[].kinesis.data",
    "KinesisFirehoseEnvelope": "records[].data",
    "KafkaEnvelope": "records[].value",
    "DynamoDBStreamEnvelope": "Records[].dynamodb",
    "CloudWatchLogsEnvelope": "awslogs.data.logEvents[].message",
    "CloudWatchEnvelope": "awslogs.data.logEvents[].message",
    "BedrockAgentEnvelope": "inputText",
}
DECORATORS = frozenset(("event_parser", "validator"))
VALIDATING = "aws_lambda_powertools.utilities.validation.validate"
PARSERS = frozenset(("parse", "safeParse"))
FUNCTION = re.compile(r"^\w+\((.*)\)$")  # of JMESPath


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a function of Powertools is known here, else None."""
    if not one.module.startswith(MODULES):
        return None
    head, _, last = one.path.rpartition(".")
    if last in BATCHES:
        return _batch(run, given.first(1, "record_handler"), given, scope)
    if last == "batch_processor":
        _batch(run, given.named.get("record_handler", NOTHING), given, scope)
        return native("decorator", lambda passed: passed.first())
    if head.endswith("Processor()") and last in ("", "async_processor"):
        return None
    if one.path.endswith("Processor()"):
        return _batch(run, given.named.get("handler", given.first(1)), given, scope)
    return _parsed(run, one, given, scope) or _of_class(one, given)


def _of_class(one: Library, given: Arguments) -> Abstract | None:
    """Return the event that a data class is made of."""
    return given.first() if ".data_classes" in one.module and given.positional else None


def _batch(run: Interpreter, handler: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call a record handler with a record of the event."""
    record = symbolic("event", "Records[]")
    with uncaught.Catching(run):
        calls.apply(run, handler, Arguments(given.at, [record]), scope)
    return UNKNOWN


def _parsed(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what the parser gives: a decorator, middleware, or the content of an envelope."""
    head, _, last = one.path.rpartition(".")
    if last in DECORATORS and not _is_function(given):
        schema = given.named.get("inbound_schema", NOTHING)
        return _decorator(run, given.named.get("envelope", NOTHING), scope, schema)
    if one.name == VALIDATING:
        found = unwrapped(run, given.first(0, "event"), given.named["envelope"], given.at, scope)
        schemas.learn(run, found, shapes.of_json(given.first(1, "schema")))
        return given.first(0, "event")
    if last == "parser" and one.module.startswith("@aws-lambda-powertools/parser"):
        return _parser(run, given, scope)
    if last not in PARSERS or "pars" not in one.module:
        return None
    if head in ENVELOPES:  # SqsEnvelope.parse(event, schema)
        found = unwrapped(
            run, given.first(), Abstract(things=(Library("", head),)), given.at, scope
        )
    else:
        envelope = given.first(2, "envelope")
        found = unwrapped(run, given.first(0, "event"), envelope, given.at, scope)
    if last == "safeParse":
        return run.built("dict", {"success": UNKNOWN, "data": found})
    return found


def _is_function(given: Arguments) -> bool:
    return any(any(map(calls.is_function, value.things)) for value in given.positional)


def _parser(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return ``parser({schema, envelope})``, a decorator and middy's middleware."""
    envelope = fields.read(run, given.first(), "envelope", given.at, scope)

    def before(passed: Arguments) -> Abstract:
        for one in passed.first().things:
            event = one.fields.get("event", NOTHING)
            one.fields["event"] = unwrapped(run, event, envelope, passed.at, scope)
        return NOTHING

    made = run.structure("dict", {"before": native("before", before)})
    made.fields["__call__"] = _decorator(run, envelope, scope)
    return Abstract(things=(made,))


def _decorator(
    run: Interpreter, envelope: Abstract, scope: Scope, schema: Abstract = NOTHING
) -> Abstract:
    """Return a decorator that hands the content of an envelope to a handler, as a schema says."""

    def decorate(passed: Arguments) -> Abstract:
        function = passed.first()
        if not envelope and not schema:
            return function

        def perform(given: Arguments) -> Abstract:
            content = unwrapped(run, given.first(), envelope, given.at, scope)
            every = [content, *given.positional[1:]]
            with facts.Framed(run, Scope(scope.source, scope)):
                schemas.learn(run, content, shapes.of_json(schema))
                return calls.apply(run, function, Arguments(given.at, every, given.named), scope)

        return native("handler", perform)

    return native("decorator", decorate)


def unwrapped(
    run: Interpreter, event: Abstract, envelope: Abstract, at: ir.Span, scope: Scope
) -> Abstract:
    """Return what an envelope takes out of the event: the event itself if there is none."""
    path = ""
    for one in envelope.things:
        if isinstance(one, Library):
            path = ENVELOPES.get(one.path.removesuffix("()").rpartition(".")[2], path)
    text = only_string(envelope) or ""
    while found := FUNCTION.match(text):
        text = found[1]
    head, several, rest = (path or text.replace("[*]", "[]")).partition("[]")
    value = _read(run, event, head, at, scope)
    if not several:
        return value
    inner = _read(run, fields.element(run, value), rest.lstrip("."), at, scope)
    return run.built("list", None, inner)


def _read(run: Interpreter, value: Abstract, path: str, at: ir.Span, scope: Scope) -> Abstract:
    for name in filter(None, path.replace("[]", ".[]").split(".")):
        value = fields.read(run, value, name, at, scope)
    return value
