"""AppSync: APIs and how callers are known, their data sources and resolvers."""

from __future__ import annotations

from checkrein.late import regex
from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.code import local
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.dynamodb import RIGHTS, let
from checkrein.read.cdk.unsynthesized.library.services.iam import make_role
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, joined, prop
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced, Unknown

NOT_IN_NAMES = regex(r"\W+")
CALLER = "appsync.amazonaws.com"


@makes("aws_appsync.GraphqlApi")
def api(world: World, made: Construct) -> None:
    given = made.given
    auth = prop(given, "authorizationConfig")
    more = prop(auth, "additionalAuthorizationModes")
    traced = world.value(prop(given, "xrayEnabled"))
    level = world.value(prop(given, "logConfig", "fieldLogLevel"))
    made.put(
        "AWS::AppSync::GraphQLApi",
        {
            "Name": world.value(prop(given, "name")),
            **_mode(world, prop(auth, "defaultAuthorization")),
            "AdditionalAuthenticationProviders": [_mode(world, each) for each in more]
            if isinstance(more, list)
            else world.value(more),
            "XrayEnabled": traced,
            "LogConfig": None if level is None else {"FieldLogLevel": level},
            "Visibility": world.value(prop(given, "visibility")),
        },
        "Resource",
    )
    made.attributes |= {"apiId": made.of("ApiId"), "arn": made.of("Arn")}
    schema = prop(given, "schema")
    if schema is None:
        schema = prop(given, "definition")
    while isinstance(schema, Called) and schema.arguments:
        schema = schema.arguments[0]
    where = local(world, schema) if isinstance(schema, str) else Open("a schema")
    made.child("Schema").put(
        "AWS::AppSync::GraphQLSchema", {"ApiId": made.of("ApiId"), "DefinitionS3Location": where}
    )


def _mode(world: World, given: Traced) -> dict[str, Value]:
    said = world.value(prop(given, "authorizationType"))
    found: dict[str, Value] = {"AuthenticationType": "API_KEY" if said is None else said}
    pool = world.construct(prop(given, "userPoolConfig", "userPool"))
    if pool:
        action = world.value(prop(given, "userPoolConfig", "defaultAction"))
        found["UserPoolConfig"] = {
            "UserPoolId": world.attribute(pool, "userPoolId"),
            "AwsRegion": Open("a region"),
            "DefaultAction": "ALLOW" if action is None else action,
        }
    return found


@method("addLambdaDataSource", "addDynamoDbDataSource", "addNoneDataSource", of=("aws_appsync",))
def add_source(world: World, made: Construct, called: Called) -> Construct:
    found = made.child(world.text(argument(called, 0)), kind="aws_appsync.DataSource")
    target = world.construct(argument(called, 1))
    given = prop(argument(called, 2), "name")
    _source(world, found, made, target, (called.name, given))
    return found


@makes("aws_appsync.LambdaDataSource", "aws_appsync.DynamoDbDataSource")
def source(world: World, made: Construct) -> None:
    owner = world.construct(world.props(made, "api"))
    which = "lambdaFunction" if "Lambda" in made.kind else "table"
    if owner:
        named = (made.kind, world.props(made, "name"))
        _source(world, made, owner, world.construct(world.props(made, which)), named)


def _source(
    world: World,
    made: Construct,
    owner: Construct,
    target: Construct | None,
    named: tuple[str, Traced],
) -> None:
    kind, said = named
    name = made.path[-1] if said is None else world.value(said)
    if isinstance(name, str):
        name = NOT_IN_NAMES.sub("", name)
    made.told["name"] = name
    properties: dict[str, Value] = {"ApiId": owner.of("ApiId"), "Name": name}
    type = "NONE" if "None" in kind else "AWS_LAMBDA" if "Lambda" in kind else "AMAZON_DYNAMODB"
    role = None if type == "NONE" else make_role(world, made.child("ServiceRole"), CALLER)
    if role and target and type == "AWS_LAMBDA":
        place = world.attribute(target, "functionArn")
        properties["LambdaConfig"] = {"LambdaFunctionArn": place}
        allow(world, role, granted([INVOKE], [place, joined(place, ":*")]))
    elif target is None and type != "NONE":
        section = "LambdaConfig" if type == "AWS_LAMBDA" else "DynamoDBConfig"
        properties[section] = Open("what a data source is of")
    elif role and target:
        table = world.attribute(target, "tableName")
        properties["DynamoDBConfig"] = {"TableName": table, "AwsRegion": Open("a region")}
        let(world, target, role, RIGHTS["grantReadWriteData"][0])
    if role:
        properties["ServiceRoleArn"] = role.of("Arn")
    made.put("AWS::AppSync::DataSource", {**properties, "Type": type}, "Resource")
    made.attributes["name"] = name
    made.parts["api"] = owner


@method("createResolver", of=("aws_appsync",))
def create_resolver(world: World, made: Construct, called: Called) -> Construct:
    owner = made.parts.get("api", made)
    first, given = argument(called, 0), argument(called, 1)
    if given is None:  # as before version 2.60: CDK makes the id of what is answered
        given = first
        name = "".join(str(world.value(prop(given, key))) for key in ("typeName", "fieldName"))
    else:
        name = world.text(first)
    found = owner.child(name, kind="aws_appsync.Resolver", place=called.place)
    _resolver(world, found, owner, made, given)
    return found


@makes("aws_appsync.Resolver")
def resolver(world: World, made: Construct) -> None:
    owner = world.construct(world.props(made, "api"))
    if owner:
        data = world.construct(world.props(made, "dataSource"))
        _resolver(world, made, owner, data, made.given)


def _resolver(
    world: World, made: Construct, owner: Construct, data: Construct | None, given: Traced
) -> None:
    code = prop(given, "code")
    templates = {
        f"{name}MappingTemplate": Open("a template")
        for name in ("Request", "Response")
        if prop(given, f"{name.lower()}MappingTemplate") is not None
    }
    made.put(
        "AWS::AppSync::Resolver",
        {
            "ApiId": owner.of("ApiId"),
            "TypeName": world.value(prop(given, "typeName")),
            "FieldName": world.value(prop(given, "fieldName")),
            "DataSourceName": data.told.get("name")
            if data
            else world.value(prop(given, "dataSource")),
            "Kind": _kind(prop(given, "pipelineConfig")),
            "Code": None if code is None else Open("the code of a resolver"),
            **templates,
        },
        "Resource",
    )


def _kind(pipeline: Traced) -> Value:
    if isinstance(pipeline, Unknown):
        return Open("whether it is a pipeline")
    return "UNIT" if pipeline is None else "PIPELINE"


@method("grantMutation", "grantQuery", "grantSubscription")
def grant(world: World, made: Construct, called: Called) -> None:
    kind = called.name.removeprefix("grant")
    fields = [world.value(each) for each in called.arguments[1:]] or ["*"]
    places = [joined(made.of("Arn"), f"/types/{kind}/fields/", each) for each in fields]
    allow(world, argument(called, 0), granted(["appsync:GraphQL"], places))
