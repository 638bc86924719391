"""Mutations of the ways into functions: who may use a route, and what sets a function off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.promise.mutants import Application, Found, Mutant, Told, named, node
from tests.promise.statements import FUNCTION

PLAIN = "AWS::Lambda::Function"
ANYONE = "@anyone"
FREE = "whatever body they send"
AUTHORIZED = ("COGNITO_USER_POOLS", "AWS_IAM", "CUSTOM")


def open_route(application: Application) -> Iterator[Mutant]:
    """A route without an authorizer: open to anyone."""
    for found, name, event in _routes(application):
        if _auth(event).get("Authorizer") == "NONE":
            continue
        keys = ("Properties", "Events", name, "Properties", "Auth")
        texts = application.changed(found, keys, {"Authorizer": "NONE"})
        told = _entry(found, _route(event), ANYONE)
        yield application.mutant("an authorizer removed", f"{found.name}.{name}", texts, told)


def open_api(application: Application) -> Iterator[Mutant]:
    """An API without its default authorizer: every route that has none of its own is open."""
    for api in application.resources("AWS::Serverless::Api"):
        if "DefaultAuthorizer" not in api.properties.get("Auth", {}):
            continue
        texts = application.changed(api, ("Properties", "Auth", "DefaultAuthorizer"), None)
        told = [
            _entry(found, _route(event), ANYONE)
            for found, _, event in _routes(application)
            if "Authorizer" not in _auth(event)
        ]
        yield application.mutant("no default authorizer", api.name, texts, *told)


def key_only(application: Application) -> Iterator[Mutant]:
    """An API key in place of an authorizer: a key tells clients apart, it signs nobody in."""
    for found, name, event in _routes(application):
        if _auth(event).get("Authorizer") == "NONE":
            continue
        keys = ("Properties", "Events", name, "Properties", "Auth")
        auth = {"Authorizer": "NONE", "ApiKeyRequired": True}
        texts = application.changed(found, keys, auth)
        told = _entry(found, _route(event), ANYONE)
        yield application.mutant("an API key instead", f"{found.name}.{name}", texts, told)


def no_scope(application: Application) -> Iterator[Mutant]:
    """A route that asks for no scope: every token of the pool does."""
    for found, name, event in _routes(application):
        if "AuthorizationScopes" in _auth(event):
            keys = ("Properties", "Events", name, "Properties", "Auth", "AuthorizationScopes")
            texts = application.changed(found, keys, None)
            told = Told("denial", found.id, _route(event))
            yield application.mutant("a scope removed", f"{found.name}.{name}", texts, told)


def open_method(application: Application) -> Iterator[Mutant]:
    """A method of a plain API that asks for nothing."""
    for found in application.resources("AWS::ApiGateway::Method"):
        if found.properties.get("AuthorizationType") in AUTHORIZED:
            texts = application.changed(found, ("Properties", "AuthorizationType"), "NONE")
            uri = str(found.properties["Integration"]["Uri"])
            name = uri.partition("functions/${")[2].partition(".Arn}")[0]
            owner = name or named(found.properties["RestApiId"])
            told = Told("entry", node(found.file, owner), "http ", gains=(ANYONE,))
            yield application.mutant("an open method", found.name, texts, told)


def resolver(application: Application) -> Iterator[Mutant]:
    """A field of a GraphQL API that takes items out of a table, and one that asks for more."""
    for found in application.resources("AWS::AppSync::Resolver"):
        before = str(found.properties["RequestMappingTemplate"])
        more = before.replace("GetItem", "DeleteItem")
        api = node(found.file, named(found.properties["ApiId"]))
        properties = {**found.properties, "TypeName": "Mutation", "FieldName": "forget"}
        added = {**found.resource, "Properties": {**properties, "RequestMappingTemplate": more}}
        told = (
            Told("entry", api, "appsync Mutation.forget", gains=("iam",)),
            Told("call", api, "", gains=("dynamodb:DeleteItem",)),
        )
        texts = application.with_resources(found.file, Forget=added)
        yield application.mutant("a resolver", found.name, texts, *told)
        texts = application.changed(found, ("Properties", "RequestMappingTemplate"), more)
        yield application.mutant("a resolver that does more", found.name, texts, told[1])


def graph_key(application: Application) -> Iterator[Mutant]:
    """A GraphQL API that asks for an API key, which signs nobody in."""
    for found in application.resources("AWS::AppSync::GraphQLApi"):
        texts = application.changed(found, ("Properties", "AuthenticationType"), "API_KEY")
        told = Told("entry", found.id, "appsync ", gains=(ANYONE,))
        yield application.mutant("an API key for a graph", found.name, texts, told)


def open_url(application: Application) -> Iterator[Mutant]:
    """A function URL that asks for nothing, with the permission that this takes."""
    for found in application.resources("AWS::Lambda::Url"):
        function = named(found.properties["TargetFunctionArn"])
        opened = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": function},
                "Action": "lambda:InvokeFunctionUrl",
                "Principal": "*",
                "FunctionUrlAuthType": "NONE",
            },
        }
        url = {**found.resource, "Properties": {**found.properties, "AuthType": "NONE"}}
        texts = application.with_resources(found.file, **{found.name: url, "Opened": opened})
        told = Told("entry", node(found.file, function), "url", gains=(ANYONE,))
        yield application.mutant("an open URL", found.name, texts, told)


def new_url(application: Application) -> Iterator[Mutant]:
    """A URL for anyone, for a function that had none."""
    for found in application.resources(FUNCTION):
        if "FunctionUrlConfig" not in found.properties:
            keys = ("Properties", "FunctionUrlConfig")
            texts = application.changed(found, keys, {"AuthType": "NONE"})
            told = Told("entry", found.id, "url", gains=(ANYONE,))
            yield application.mutant("a new URL", found.name, texts, told)


def new_route(application: Application) -> Iterator[Mutant]:
    """A route more, with whatever authorizer the API has by default."""
    for found, name, event in _routes(application):
        api = event["Properties"]["RestApiId"]
        added = {"RestApiId": api, "Path": "/all", "Method": "GET"}
        keys = ("Properties", "Events", "All")
        texts = application.changed(found, keys, {"Type": "Api", "Properties": added})
        yield application.mutant(
            "a new route", f"{found.name}.{name}", texts, Told("entry", found.id, "GET /all")
        )


def new_schedule(application: Application) -> Iterator[Mutant]:
    """A schedule that sets a function off."""
    for found in application.resources(FUNCTION):
        keys = ("Properties", "Events", "Hourly")
        event = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 hour)"}}
        texts = application.changed(found, keys, event)
        told = Told("entry", found.id, "schedule", gains=("events.amazonaws.com",))
        yield application.mutant("a schedule", found.name, texts, told)


def new_queue(application: Application) -> Iterator[Mutant]:
    """Another queue that sets a function off."""
    for found in application.resources(FUNCTION):
        for queue in application.resources("AWS::SQS::Queue"):
            if queue.file == found.file and queue.name not in str(found.properties.get("Events")):
                properties = {"Queue": {"Fn::GetAtt": [queue.name, "Arn"]}}
                keys = ("Properties", "Events", "More")
                event = {"Type": "SQS", "Properties": properties}
                texts = application.changed(found, keys, event)
                told = Told("entry", found.id, f"queue {queue.id}", gains=("sqs.amazonaws.com",))
                place = f"{queue.name} to {found.name}"
                yield application.mutant("another queue", place, texts, told)


def new_stream(application: Application) -> Iterator[Mutant]:
    """A table's stream that sets a function off: it sees all that is written."""
    for found in application.resources(FUNCTION):
        for table in application.resources("AWS::DynamoDB::Table"):
            if table.file != found.file or "StreamSpecification" in table.properties:
                continue
            streaming = {
                **table.resource,
                "Properties": {
                    **table.properties,
                    "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
                },
            }
            stream = {"Fn::GetAtt": [table.name, "StreamArn"]}
            properties = {"Stream": stream, "StartingPosition": "LATEST"}
            event = {"Type": "DynamoDB", "Properties": properties}
            events = {**found.properties.get("Events", {}), "Changes": event}
            function = {**found.resource, "Properties": {**found.properties, "Events": events}}
            texts = application.with_resources(
                found.file, **{table.name: streaming, found.name: function}
            )
            told = Told("entry", found.id, f"stream {table.id}")
            place = f"{table.name} to {found.name}"
            yield application.mutant("a stream", place, texts, told)


def bucket_event(application: Application) -> Iterator[Mutant]:
    """A bucket whose new objects set a function off."""
    for found in application.resources(PLAIN):
        for bucket in application.resources("AWS::S3::Bucket"):
            if bucket.file != found.file or "NotificationConfiguration" in bucket.properties:
                continue
            notified = {
                "Event": "s3:ObjectCreated:*",
                "Function": {"Fn::GetAtt": [found.name, "Arn"]},
            }
            properties = {
                **bucket.properties,
                "NotificationConfiguration": {"LambdaConfigurations": [notified]},
            }
            texts = application.with_resources(
                found.file,
                **{bucket.name: {**bucket.resource, "Properties": properties}},
                Opened=_permission(found, "s3.amazonaws.com"),
            )
            told = Told("entry", found.id, f"bucket {bucket.id}", gains=("s3.amazonaws.com",))
            place = f"{bucket.name} to {found.name}"
            yield application.mutant("a bucket's notification", place, texts, told)


def topic_event(application: Application) -> Iterator[Mutant]:
    """A function that subscribes to a topic."""
    for found in application.resources(PLAIN):
        for topic in application.resources("AWS::SNS::Topic"):
            if topic.file != found.file or found.name == "Notify":
                continue
            subscription = {
                "TopicArn": {"Ref": topic.name},
                "Protocol": "lambda",
                "Endpoint": {"Fn::GetAtt": [found.name, "Arn"]},
            }
            texts = application.with_resources(
                found.file,
                More={"Type": "AWS::SNS::Subscription", "Properties": subscription},
                Opened=_permission(found, "sns.amazonaws.com"),
            )
            told = Told("entry", found.id, f"topic {topic.id}", gains=("sns.amazonaws.com",))
            place = f"{topic.name} to {found.name}"
            yield application.mutant("a subscription", place, texts, told)


def subscriber(application: Application) -> Iterator[Mutant]:
    """Somebody outside who is sent what a topic is told."""
    for topic in application.resources("AWS::SNS::Topic"):
        for protocol, endpoint in (
            ("https", "https://elsewhere.example/hook"),
            ("email", "someone@elsewhere.example"),
        ):
            properties = {
                "TopicArn": {"Ref": topic.name},
                "Protocol": protocol,
                "Endpoint": endpoint,
            }
            more = {"Type": "AWS::SNS::Subscription", "Properties": properties}
            texts = application.with_resources(topic.file, More=more)
            told = Told(
                "flow",
                f"{node(topic.file, 'More')}:email"
                if protocol == "email"
                else node(topic.file, "More"),
            )
            yield application.mutant(f"a subscriber by {protocol}", topic.name, texts, told)


def wider_rule(application: Application) -> Iterator[Mutant]:
    """A rule that matches more of a bus."""
    for found in application.resources("AWS::Events::Rule"):
        pattern = found.properties["EventPattern"]
        for key in pattern:
            texts = application.changed(found, ("Properties", "EventPattern", key), None)
            yield application.mutant(
                "a wider rule", f"{found.name}.{key}", texts, Told("denial", found.id, "filter")
            )


def no_filter(application: Application) -> Iterator[Mutant]:
    """A trigger or a subscription that no longer leaves anything out."""
    for found in application.resources(FUNCTION):
        for name, event in found.properties.get("Events", {}).items():
            if "FilterCriteria" in event["Properties"]:
                keys = ("Properties", "Events", name, "Properties", "FilterCriteria")
                texts = application.changed(found, keys, None)
                told = Told("denial", f"{found.id}{name}", "filter")
                yield application.mutant("a filter removed", f"{found.name}.{name}", texts, told)
    for found in application.resources("AWS::SNS::Subscription"):
        if "FilterPolicy" in found.properties:
            texts = application.changed(found, ("Properties", "FilterPolicy"), None)
            told = Told("denial", found.id, "filter")
            yield application.mutant("a filter removed", found.name, texts, told)


def no_validator(application: Application) -> Iterator[Mutant]:
    """A route that takes whatever body is sent."""
    for found, name, event in _routes(application):
        if "RequestModel" in event["Properties"]:
            keys = ("Properties", "Events", name, "Properties", "RequestModel")
            texts = application.changed(found, keys, None)
            told = Told("entry", found.id, _route(event), gains=(FREE,))
            yield application.mutant("a validator removed", f"{found.name}.{name}", texts, told)


KINDS = (
    open_route,
    open_api,
    key_only,
    no_scope,
    open_method,
    resolver,
    graph_key,
    open_url,
    new_url,
    new_route,
    new_schedule,
    new_queue,
    new_stream,
    bucket_event,
    topic_event,
    subscriber,
    wider_rule,
    no_filter,
    no_validator,
)


def _routes(application: Application) -> Iterator[tuple[Found, str, dict[str, Any]]]:
    for found in application.resources(FUNCTION):
        for name, event in found.properties.get("Events", {}).items():
            if event["Type"] == "Api":
                yield found, name, event


def _auth(event: dict[str, Any]) -> dict[str, Any]:
    auth = event["Properties"].get("Auth", {})
    return auth if isinstance(auth, dict) else {}


def _route(event: dict[str, Any]) -> str:
    return f"{event['Properties']['Method']} {event['Properties']['Path']}"


def _entry(found: Found, route: str, who: str) -> Told:
    return Told("entry", found.id, route, gains=(who,))


def _permission(found: Found, service: str) -> dict[str, Any]:
    properties = {
        "FunctionName": {"Ref": found.name},
        "Action": "lambda:InvokeFunction",
        "Principal": service,
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}
