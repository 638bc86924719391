"""What a GraphQL API reads and writes: its sources, and the roles in which it does."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Open
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.iam import trusting
from checkrein.read.serverless.parts import Part, word
from checkrein.read.serverless.plugins.appsync_shapes import GraphQL

TABLE = (
    "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem", "BatchGetItem",
    "BatchWriteItem", "ConditionCheckItem",
)  # fmt: skip
CLUSTER = (
    "DeleteItems", "ExecuteSql", "ExecuteStatement", "GetItems", "InsertItems", "UpdateItems",
)  # fmt: skip
SEARCH = ("Delete", "Get", "Head", "Post", "Put", "Patch")


def function_arn(config: Part, embedded: str, local: dict[str, Deployed]) -> Any:
    """Return the ARN of the function that a source or an authorizer is."""
    for key in ("functionArn", "lambdaFunctionArn"):
        if config[key]:
            return config[key]
    name = config["functionName"].word or embedded
    function = local.get(name)
    if function is None:
        return Open(f"the function {name}, which the service does not declare")
    alias = config["functionAlias"]
    own = attribute(function.id)
    return {"Fn::Join": [":", [own, alias]]} if alias else own


def add_role(
    document: Document, id: str, at: Part, statements: list[Any], name: str
) -> dict[str, Any]:
    """Add a role that the API takes, with its statements; return its ARN."""
    policy = {"Version": "2012-10-17", "Statement": statements}
    properties = {
        "AssumeRolePolicyDocument": trusting(["appsync.amazonaws.com"]),
        "Policies": [{"PolicyName": f"AppSync-Datasource-{name}", "PolicyDocument": policy}],
    }
    return attribute(document.put(id, "AWS::IAM::Role", properties, at))


def add_source(
    document: Document, api: GraphQL, name: str, source: Part, local: dict[str, Deployed]
) -> None:
    """Add a source, with the role in which the API reaches it."""
    id, config = api.id("Ds", name), source["config"]
    kind = source["type"].word
    shape = SHAPES.get(kind, _nothing)
    own = config["serviceRoleArn"]
    rights: list[Any] = list(config["iamRoleStatements"])
    target = function_arn(config, name, local) if kind == "AWS_LAMBDA" else None
    rights = rights or _rights(kind, config, target)
    role: Any = own or None
    if not role and rights:
        role = add_role(document, f"{id}Role", source, rights, name)
    document.put(
        id, "AWS::AppSync::DataSource",
        {
            "ApiId": api.api_id,
            "Name": name,
            "Description": source["description"],
            "Type": source["type"],
            "ServiceRoleArn": role,
            "LambdaConfig": {"LambdaFunctionArn": target} if target is not None else None,
            **shape(config),
        },
        source, title=name,
    )  # fmt: skip


def _nothing(_config: Part) -> dict[str, Any]:
    return {}


def _region(config: Part) -> Any:
    return config["region"] or {"Ref": "AWS::Region"}


def _table(config: Part) -> dict[str, Any]:
    return {
        "DynamoDBConfig": {
            "AwsRegion": _region(config),
            "TableName": config["tableName"],
            "UseCallerCredentials": config["useCallerCredentials"] or False,
        }
    }


def _cluster(config: Part) -> dict[str, Any]:
    names = {
        "DatabaseName": "databaseName",
        "Schema": "schema",
        "AwsSecretStoreArn": "awsSecretStoreArn",
    }
    endpoint = {
        "AwsRegion": _region(config),
        "DbClusterIdentifier": _cluster_arn(config),
        **{name: config[key] for name, key in names.items()},
    }
    kind = config["relationalDatabaseSourceType"] or "RDS_HTTP_ENDPOINT"
    both = {"RdsHttpEndpointConfig": endpoint, "RelationalDatabaseSourceType": kind}
    return {"RelationalDatabaseConfig": both}


def _cluster_arn(config: Part) -> dict[str, Any]:
    return arn("rds", "cluster:", config["dbClusterIdentifier"], region=_region(config))


def _search(config: Part) -> dict[str, Any]:
    domain = config["domain"].word
    own = joined("https://", attribute(domain, "DomainEndpoint")) if domain else None
    endpoint = {"AwsRegion": _region(config), "Endpoint": config["endpoint"] or own}
    return {"OpenSearchServiceConfig": endpoint}


def _http(config: Part) -> dict[str, Any]:
    signed = config["authorizationConfig"]
    found: dict[str, Any] = {"Endpoint": config["endpoint"]}
    if signed:
        aws = signed["awsIamConfig"]
        service = aws["signingServiceName"]
        region = aws["signingRegion"] or {"Ref": "AWS::Region"}
        found["AuthorizationConfig"] = {
            "AuthorizationType": signed["authorizationType"],
            "AwsIamConfig": {"SigningRegion": region, "SigningServiceName": service},
        }
    return {"HttpConfig": found}


def _bus(config: Part) -> dict[str, Any]:
    return {"EventBridgeConfig": {"EventBusArn": config["eventBusArn"]}}


SHAPES = {
    "AMAZON_DYNAMODB": _table,
    "RELATIONAL_DATABASE": _cluster,
    "AMAZON_OPENSEARCH_SERVICE": _search,
    "AMAZON_ELASTICSEARCH": _search,
    "HTTP": _http,
    "AMAZON_EVENTBRIDGE": _bus,
}


def _rights(kind: str, config: Part, target: Any) -> list[Any]:
    """Return the statements that the plugin gives a source of a kind."""
    found: list[tuple[list[str], list[Any]]] = []
    if kind == "AWS_LAMBDA":
        found = [(["lambda:invokeFunction"], [target, joined(target, ":*")])]
    elif kind == "AMAZON_DYNAMODB":
        table = [arn("dynamodb", "table/", config["tableName"], end, region=_region(config))
                 for end in ("", "/*")]  # fmt: skip
        found = [([f"dynamodb:{name}" for name in TABLE], table)]
    elif kind == "RELATIONAL_DATABASE":
        cluster, secret = _cluster_arn(config), config["awsSecretStoreArn"]
        actions = [f"rds-data:{name}" for name in CLUSTER]
        found = [
            (actions, [cluster, joined(cluster, ":*")]),
            (["secretsmanager:GetSecretValue"], [secret, joined(secret, ":*")]),
        ]
    elif kind in ("AMAZON_OPENSEARCH_SERVICE", "AMAZON_ELASTICSEARCH"):
        domain = config["domain"].word
        host = word(config["endpoint"].value).partition("://")[2]
        where = joined(attribute(domain), "/*") if domain else arn("es", f"domain/{host}/*")
        found = [([f"es:ESHttp{name}" for name in SEARCH], [where])]
    elif kind == "AMAZON_EVENTBRIDGE":
        found = [(["events:PutEvents"], [config["eventBusArn"]])]
    return [{"Effect": "Allow", "Action": a, "Resource": r} for a, r in found]
