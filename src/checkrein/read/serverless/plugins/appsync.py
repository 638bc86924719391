"""GraphQL APIs of serverless-appsync-plugin, as its versions 1 and 2 declare them.

Source: the plugin's documentation and what its version 2 (MIT) makes of services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checkrein import files
from checkrein.model.values import Open
from checkrein.notation import decode
from checkrein.read.paths import inside
from checkrein.read.paths import joined as joined_path
from checkrein.read.serverless.document import Document, attribute, joined
from checkrein.read.serverless.functions import Deployed, tags
from checkrein.read.serverless.parts import Part
from checkrein.read.serverless.plugins.appsync_shapes import GraphQL, described
from checkrein.read.serverless.plugins.appsync_sources import add_role, add_source, function_arn

SCRIPT = {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}
HANDED_ON = (
    "export function request() { return {} }\n"
    "export function response(ctx) { return ctx.prev.result }\n"
)  # what a pipeline does by itself: it answers what its last function gave
MISSING = "what it says is not in the table"


def add_graphql(document: Document, functions: list[Deployed]) -> None:
    """Add the API with its schema, sources, functions and resolvers."""
    local = {function.key: function for function in functions}
    for api in described(document.root):
        _add_whole(document, api, local)


def _add_whole(document: Document, api: GraphQL, local: dict[str, Deployed]) -> None:
    _add_api(document, api, local)
    _add_schema(document, api)
    for key in api.keys:
        name = key["name"].word if key.is_map else key.word
        properties = {
            "ApiId": api.api_id,
            "Description": key["description"] if key.is_map else name,
        }
        document.put(api.id("Api", name), "AWS::AppSync::ApiKey", properties, key)
    for name, source in api.sources.items():
        add_source(document, api, name, source, local)
    for name, function in api.functions.items():
        _add_function(document, api, name, function)
    for name, resolver in api.resolvers.items():
        _add_resolver(document, api, name, resolver)


def _add_api(document: Document, api: GraphQL, local: dict[str, Deployed]) -> None:
    part, logs = api.part, api.part.first("logging", "logConfig")
    logged = logs and logs["enabled"].value is not False
    introspection = part["introspection"]
    document.put(
        api.id("Api"), "AWS::AppSync::GraphQLApi",
        {
            "Name": part["name"] or joined(document.name, "-", document.stage),
            "XrayEnabled": part["xrayEnabled"] or False,
            "Tags": tags(part["tags"]) or None,
            "EnvironmentVariables": part["environment"] or None,
            **_authentication(document, api, api.authentication, local),
            "AdditionalAuthenticationProviders": [
                _authentication(document, api, each, local) for each in api.more_authentication
            ] or None,
            "LogConfig": _logging(document, api, logs) if logged else None,
            "Visibility": part["visibility"],
            "IntrospectionConfig": None if introspection.is_absent else Part(
                "ENABLED" if introspection.value else "DISABLED", introspection.path
            ),
            "QueryDepthLimit": part["queryDepthLimit"],
            "ResolverCountLimit": part["resolverCountLimit"],
        },
        part,
    )  # fmt: skip
    _add_around(document, api)


def _add_around(document: Document, api: GraphQL) -> None:
    """Add a cache; name what is not read."""
    part = api.part
    cache = part["caching"]
    if cache and cache["enabled"].value is not False:
        document.put(
            api.id("Caching"), "AWS::AppSync::ApiCache",
            {
                "ApiId": api.api_id,
                "ApiCachingBehavior": cache["behavior"],
                "AtRestEncryptionEnabled": cache["atRestEncryption"] or False,
                "TransitEncryptionEnabled": cache["transitEncryption"] or False,
                "Ttl": cache["ttl"] or 3600,
                "Type": cache["type"] or "T2_SMALL",
            },
            cache,
        )  # fmt: skip
    for key in ("waf", "wafConfig", "domain"):
        if part[key] and part[key]["enabled"].value is not False:
            reason = f"{key} of the GraphQL API is not read"
            document.lose(reason, "what it adds is not in the table", part[key])


def _authentication(
    document: Document, api: GraphQL, asked: Part, local: dict[str, Deployed]
) -> dict[str, Any]:
    kind = asked.first("type", "authenticationType")
    config = asked["config"] or asked
    pool, issuer, function = (
        config[key] or config
        for key in ("userPoolConfig", "openIdConnectConfig", "lambdaAuthorizerConfig")
    )
    found: dict[str, Any] = {"AuthenticationType": kind}
    if kind.value == "AMAZON_COGNITO_USER_POOLS":
        found["UserPoolConfig"] = {
            "AwsRegion": pool["awsRegion"] or {"Ref": "AWS::Region"},
            "UserPoolId": pool["userPoolId"],
            "AppIdClientRegex": pool["appIdClientRegex"],
            "DefaultAction": pool["defaultAction"],
        }
    elif kind.value == "OPENID_CONNECT":
        names = {"Issuer": "issuer", "ClientId": "clientId", "IatTTL": "iatTTL"}
        found["OpenIDConnectConfig"] = {name: issuer[key] for name, key in names.items()}
    elif kind.value == "AWS_LAMBDA":
        target = function_arn(function, f"{api.part['name'].word}Authorizer", local)
        found["LambdaAuthorizerConfig"] = {
            "AuthorizerUri": function["authorizerUri"] or target,
            "IdentityValidationExpression": function["identityValidationExpression"],
            "AuthorizerResultTtlInSeconds": function["authorizerResultTtlInSeconds"],
        }
        permission = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": target,
            "Principal": "appsync.amazonaws.com",
            "SourceArn": {"Ref": api.id("Api")},
        }
        type = "AWS::Lambda::Permission"
        document.put(f"{api.prefix}LambdaAuthorizerPermission", type, permission, asked)
    return found


def _logging(document: Document, api: GraphQL, logs: Part) -> dict[str, Any]:
    role = logs.first("roleArn", "loggingRoleArn")
    days = logs["retentionInDays"] or document.provider["logRetentionInDays"]
    name = joined("/aws/appsync/apis/", api.api_id)
    properties = {"LogGroupName": name, "RetentionInDays": days or None}
    group = document.put(api.id("ApiLogGroup"), "AWS::Logs::LogGroup", properties, logs,
                         added="for the API's log")  # fmt: skip
    if not role:
        actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        writing = {"Effect": "Allow", "Action": actions, "Resource": [attribute(group)]}
        add_role(document, f"{group}Role", logs, [writing], "logs")
    return {
        "CloudWatchLogsRoleArn": role or attribute(f"{group}Role"),
        "FieldLogLevel": logs["level"],
        "ExcludeVerboseContent": logs["excludeVerboseContent"],
    }


def _add_schema(document: Document, api: GraphQL) -> None:
    declared = api.part["schema"]
    asked = [each.word for each in declared] or ["schema.graphql"]
    texts = [text for name in asked for text in _matching(document, name)]
    at = declared or api.part
    if not texts:
        document.lose(f"the schema {', '.join(asked)} is not here", MISSING, at)
    definition = "\n".join(texts) if texts else Open("a schema that is not here")
    properties = {"ApiId": api.api_id, "Definition": Part(definition, at.path)}
    document.put(api.id("Schema"), "AWS::AppSync::GraphQLSchema", properties, at)


def _matching(document: Document, pattern: str) -> Iterator[str]:
    """Yield the texts of the files that a name, which may hold stars, stands for."""
    path = joined_path(str(document.folder), pattern)
    for found in files.matching(document.files, path) if inside(path) else ():
        if files.is_file(found):
            yield decode(files.content(found), pattern)


def _text(document: Document, named: Part, folder: str = "") -> Any:
    """Return what a file says that a part names, None where it names none."""
    if not named:
        return None
    path = f"{folder}{named.word}" if named.word else ""
    found = next(_matching(document, path), None) if path else None
    if found is None:
        document.lose(f"the file {named.value} is not here", MISSING, named)
        return Part(Open("what a file says that is not here"), named.path)
    return Part(found, named.path)


def _mapped(document: Document, api: GraphQL, part: Part) -> dict[str, Any]:
    """Return how a resolver or function changes requests and answers."""
    if part["code"]:
        return {"Code": _text(document, part["code"]), "Runtime": SCRIPT}
    if not part["request"] and not part["response"]:
        return {"Code": HANDED_ON, "Runtime": SCRIPT} if part["functions"] else {}
    folder = api.part["mappingTemplatesLocation"].word
    before = f"{folder or 'mapping-templates'}/" if "custom" in part.path[:1] else ""
    return {
        "RequestMappingTemplate": _text(document, part["request"], before),
        "ResponseMappingTemplate": _text(document, part["response"], before),
    }


def _add_function(document: Document, api: GraphQL, name: str, part: Part) -> None:
    source = part["dataSource"].word or name
    document.put(
        api.id("FunctionConfiguration", name), "AWS::AppSync::FunctionConfiguration",
        {
            "ApiId": api.api_id,
            "Name": name,
            "DataSourceName": attribute(api.id("Ds", source), "Name"),
            "Description": part["description"],
            "FunctionVersion": "2018-05-29",
            "MaxBatchSize": part["maxBatchSize"],
            **_mapped(document, api, part),
        },
        part, title=name,
    )  # fmt: skip


def _add_resolver(document: Document, api: GraphQL, name: str, resolver: Part) -> None:
    type, _, field = name.partition(".")
    type = resolver["type"].word or type if resolver.is_map else type
    field = resolver["field"].word or field if resolver.is_map else field
    unit = not resolver.is_map or resolver["kind"].value == "UNIT" or (
        resolver["dataSource"] and not resolver["functions"]
    )  # fmt: skip
    source = resolver.word or resolver["dataSource"].word or re.sub(r"[^a-zA-Z_]", "_", name)
    steps = [
        each.word or f"{re.sub(r'[^a-zA-Z_]', '_', name)}_{index}"
        for index, each in enumerate(resolver["functions"])
    ]
    functions = [attribute(api.id("FunctionConfiguration", s), "FunctionId") for s in steps]
    document.put(
        api.id("Resolver", type, field), "AWS::AppSync::Resolver",
        {
            "ApiId": api.api_id,
            "TypeName": type,
            "FieldName": field,
            "Kind": "UNIT" if unit else "PIPELINE",
            "DataSourceName": attribute(api.id("Ds", source), "Name") if unit else None,
            "PipelineConfig": None if unit else {"Functions": functions},
            "MaxBatchSize": resolver["maxBatchSize"] if resolver.is_map else None,
            **(_mapped(document, api, resolver) if resolver.is_map else {}),
        },
        resolver, DependsOn=[api.id("Schema")],
    )  # fmt: skip
