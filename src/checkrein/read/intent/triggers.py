"""What sets a declared function off, in a word each: a route, a resource, a schedule, a URL.

::

    events:
      - POST /orders                  # anyone may call it
      - GET /orders: app/Users        # a user pool, an authorizer function, iam, or anyone
      - app/Jobs                      # a queue, stream, table, topic, bucket or rule
      - rate(5 minutes)               # or cron(…)
      - url: iam                      # the function's own URL; anyone if only url
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein.late import regex
from checkrein.model import Path as Keys
from checkrein.read.intent.known import near_id
from checkrein.read.intent.page import nearest
from checkrein.read.intent.sheet import Sheet

ROUTE = regex(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY|\*)\s+(/\S*)\Z", re.IGNORECASE)
SCHEDULE = regex(r"(?:rate|cron)\(.+\)\Z")
POLLED = (
    "AWS::SQS::Queue",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::Kinesis::Stream",
)
STREAMS = POLLED[1:3]
CALLERS = {  # who calls a function when such a resource sets it off
    "AWS::S3::Bucket": "s3.amazonaws.com",
    "AWS::SNS::Topic": "sns.amazonaws.com",
    "AWS::Events::Rule": "events.amazonaws.com",
    "AWS::Cognito::UserPool": "cognito-idp.amazonaws.com",
    "AWS::ApiGateway::RestApi": "apigateway.amazonaws.com",
    "AWS::ApiGatewayV2::Api": "apigateway.amazonaws.com",
    "AWS::AppSync::GraphQLApi": "appsync.amazonaws.com",
    "AWS::Logs::LogGroup": "logs.amazonaws.com",
    "AWS::SecretsManager::Secret": "secretsmanager.amazonaws.com",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "elasticloadbalancing.amazonaws.com",
}
ANYONE, IAM, URL = "anyone", "iam", "url"
POOL, FUNCTION = "AWS::Cognito::UserPool", "AWS::Lambda::Function"
API = "HttpApi"
ISSUER = "https://cognito-idp.${AWS::Region}.amazonaws.com/"
FORMS = "a route (POST /orders), a resource's id, rate(…), cron(…) or url"


class Triggers:
    """The triggers of one declared function, added to a sheet."""

    def __init__(self, sheet: Sheet, function: str) -> None:
        self.sheet, self.function = sheet, function
        self.page, self.known = sheet.references.page, sheet.references.known
        self._arn = {"Fn::GetAtt": [function, "Arn"]}
        self._made = 0

    def add(self, listed: Any, path: Keys) -> None:
        """Add each trigger of a list; complain of what can be none."""
        for index, item in enumerate(self.page.items(listed, path, FORMS)):
            for text, who in self._parted(item, (*path, index)):
                self._one(text, who, (*path, index))

    def _parted(self, item: Any, path: Keys) -> Iterator[tuple[str, str]]:
        """Yield a trigger with who may use it."""
        if isinstance(item, str):
            yield item.strip(), ANYONE
        elif isinstance(item, dict) and len(item) == 1 and all(map(_is_text, *item.items())):
            yield from item.items()
        else:
            self.page.complain(f"{item!r} is no trigger; write {FORMS}", path)

    def _one(self, text: str, who: str, path: Keys) -> None:
        route = ROUTE.match(text)
        if route:
            self._route(route[1].upper(), route[2], who, path)
        elif SCHEDULE.match(text):
            target = [{"Arn": self._arn, "Id": self.function}]
            rule = {"ScheduleExpression": text, "Targets": target}
            self._add("Schedule", "AWS::Events::Rule", rule, path)
        elif text == URL:
            self._url(who, path)
        else:
            self._resource(text, path)

    def _url(self, who: str, path: Keys) -> None:
        if self.page.knows(who, (ANYONE, IAM), path, "caller"):
            auth = "AWS_IAM" if who == IAM else "NONE"
            url = {"TargetFunctionArn": self._arn, "AuthType": auth}
            self._add("Url", "AWS::Lambda::Url", url, path)
            if who == ANYONE:
                permission = {
                    "FunctionName": self._arn,
                    "Action": "lambda:InvokeFunctionUrl",
                    "Principal": "*",
                    "FunctionUrlAuthType": auth,
                }
                self._add("Permission", "AWS::Lambda::Permission", permission, path)

    def _resource(self, text: str, path: Keys) -> None:
        found = self.known.find(text)
        if len(found) != 1:
            meant = f"; it may be {' or '.join(found[:3])}" if found else ""
            near = meant or near_id(text, self.known.types)
            self.page.complain(f"no trigger {text}: write {FORMS}{near}", path)
            return
        type, given = self.known.types[found[0]], self.sheet.references.whole
        if type in POLLED:
            source = given(found[0], "StreamArn" if type in STREAMS else "Arn")
            mapping = {"FunctionName": self._arn, "EventSourceArn": source}
            self._add("Source", "AWS::Lambda::EventSourceMapping", mapping, path)
        elif type in CALLERS:
            permission = {
                "FunctionName": self._arn,
                "Action": "lambda:InvokeFunction",
                "Principal": CALLERS[type],
                "SourceArn": given(found[0], "Arn"),
            }
            self._add("Permission", "AWS::Lambda::Permission", permission, path)
        else:
            self.page.complain(f"{found[0]} is of type {type}, which sets no function off", path)

    # ------------------------------------------------------------------------------ routes

    def _route(self, method: str, path: str, who: str, at: Keys) -> None:
        auth = self._authorization(who, at)
        if auth is None:
            return
        if API not in self.sheet.resources:
            api = {"Name": API, "ProtocolType": "HTTP"}
            self.sheet.add(API, "AWS::ApiGatewayV2::Api", at, api)
        integration = {
            "ApiId": {"Ref": API},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": self._arn,
            "PayloadFormatVersion": "2.0",
        }
        name = self._add("Integration", "AWS::ApiGatewayV2::Integration", integration, at)
        key = f"{'ANY' if method == '*' else method} {path}"
        target = {"Fn::Sub": f"integrations/${{{name}}}"}
        route = {"ApiId": {"Ref": API}, "RouteKey": key, "Target": target, **auth}
        self._add("Route", "AWS::ApiGatewayV2::Route", route, at)

    def _authorization(self, who: str, at: Keys) -> dict[str, Any] | None:
        """Return what a route says of its callers, None where nobody is meant."""
        if who in (ANYONE, IAM):
            return {"AuthorizationType": "AWS_IAM" if who == IAM else "NONE"}
        found = [id for id in self.known.find(who) if self.known.types[id] in (POOL, FUNCTION)]
        if len(found) != 1:
            able = [id for id, type in self.known.types.items() if type in (POOL, FUNCTION)]
            near = nearest(who, [ANYONE, IAM, *able])
            problem = f"{who} cannot say who calls: write anyone, iam, a user pool or a function"
            self.page.complain(f"{problem}{near}", at)
            return None
        return self._authorized(found[0], at)

    def _authorized(self, id: str, at: Keys) -> dict[str, Any]:
        given = self.sheet.references.whole
        authorizer: dict[str, Any] = {
            "ApiId": {"Ref": API},
            "IdentitySource": ["$request.header.Authorization"],
            "Name": id.rpartition("/")[2],
        }
        if self.known.types[id] == POOL:
            issuer = {"Fn::Join": ["", [{"Fn::Sub": ISSUER}, given(id, "Ref")]]}
            more = {"AuthorizerType": "JWT", "JwtConfiguration": {"Issuer": issuer}}
            name = self._add("Authorizer", "AWS::ApiGatewayV2::Authorizer", authorizer | more, at)
            return {"AuthorizationType": "JWT", "AuthorizerId": {"Ref": name}}
        more = {"AuthorizerType": "REQUEST", "AuthorizerUri": given(id, "Arn")}
        name = self._add("Authorizer", "AWS::ApiGatewayV2::Authorizer", authorizer | more, at)
        return {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": name}}

    def _add(self, part: str, type: str, properties: dict[str, Any], path: Keys) -> str:
        self._made += 1
        name = f"{self.function}{part}{self._made}"
        self.sheet.add(name, type, path, properties)
        return name


def has_routes(listed: Any) -> bool:
    """Tell whether triggers ask for an API of their own."""
    items = listed if isinstance(listed, list) else []
    texts = [next(iter(item), "") if isinstance(item, dict) else item for item in items]
    return any(isinstance(text, str) and ROUTE.match(text) for text in texts)


def _is_text(*values: Any) -> bool:
    return all(isinstance(value, str) and value for value in values)
