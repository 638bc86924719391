"""Methods of REST APIs: who may call them, and what answers."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Text, Value, alternatives, choice
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    joined,
    package,
    prop,
    seconds,
    whether,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

METHOD = "AWS::ApiGateway::Method"
ALL_METHODS = ["OPTIONS", "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"]
HEADERS = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
]
PARAMETERS = {
    "requestParameters": "RequestParameters",
    "requestTemplates": "RequestTemplates",
    "passthroughBehavior": "PassthroughBehavior",
    "cacheKeyParameters": "CacheKeyParameters",
    "contentHandling": "ContentHandling",
}


def add_method(world: World, made: Construct, called: Called) -> Construct:
    verb = world.text(argument(called, 0)).upper() or "ANY"
    return make_method(
        world, made, verb, argument(called, 1, "integration"), argument(called, 2), called
    )


def make_method(
    world: World,
    made: Construct,
    verb: str,
    integration: Traced,
    options: Traced,
    called: Called | None = None,
) -> Construct:
    """Make a method of a resource; what it does not say is said above."""
    api = made.parts.get("api")
    owner = api if made.told.get("path") == "/" and api else made
    path = (*owner.path, "Default", verb) if owner is api else (*owner.path, verb)
    found = Construct("aws_apigateway.Method", path, made.stack, made.place)
    found.condition = world.condition or made.condition
    if called:
        found.place = called.place
    if integration is None:
        integration = made.told.get("integration")
    properties: dict[str, Value] = {
        "HttpMethod": verb,
        "ResourceId": world.attribute(made, "resourceId"),
        "RestApiId": world.attribute(api, "restApiId") if api else Open("an API"),
        **_authorized(world, made, options, api),
    }
    properties |= _asked(world, made, found, options)
    properties["MethodResponses"] = _responses(world, _option(made, options, "methodResponses"))
    properties["Integration"] = _integration(world, found, made, integration, verb)
    found.put(METHOD, properties, "Resource")
    found.parts |= {"resource": made} | ({"api": api} if api else {})
    if api:
        api.told.setdefault("methods", []).append(found)
    return found


def _asked(world: World, made: Construct, found: Construct, options: Traced) -> dict[str, Value]:
    """Return what a request must have."""
    names = {
        "requestParameters": "RequestParameters",
        "operationName": "OperationName",
        "apiKeyRequired": "ApiKeyRequired",
    }
    asked = {to: world.value(_option(made, options, name)) for name, to in names.items()}
    models = _option(made, options, "requestModels")
    if isinstance(models, dict):
        asked["RequestModels"] = {k: _id(world, each) for k, each in models.items()}
    elif models is not None:
        asked["RequestModels"] = Open("models of a request")
    validator = _option(made, options, "requestValidator")
    inner = _option(made, options, "requestValidatorOptions")
    if validator is not None:
        asked["RequestValidatorId"] = _id(world, validator)
    elif inner is not None:
        asked["RequestValidatorId"] = _validator(world, found, made.parts.get("api"), inner)
    return asked


def _option(made: Construct, options: Traced, name: str) -> Traced:
    said = prop(options, name)
    return prop(made.told.get("options"), name) if said is None else said


def _id(world: World, traced: Traced) -> Value:
    construct = world.construct(traced)
    if construct and construct.key:
        return construct.of()
    word = package(traced).rpartition(".")[2]
    return {"EMPTY_MODEL": "Empty", "ERROR_MODEL": "Error"}.get(word, Open("a model or validator"))


def _validator(world: World, made: Construct, api: Construct | None, given: Traced) -> Value:
    names = ("validateRequestBody", "validateRequestParameters")
    found = {each[:1].upper() + each[1:]: world.value(prop(given, each)) for each in names}
    where = world.attribute(api, "restApiId") if api else Open("an API")
    validator = made.child("validator", kind="aws_apigateway.RequestValidator")
    return validator.put(
        "AWS::ApiGateway::RequestValidator", {**found, "RestApiId": where}, "Resource"
    )


def _authorized(
    world: World, made: Construct, options: Traced, api: Construct | None
) -> dict[str, Value]:
    """Return who may call a method."""
    authorizer = _option(made, options, "authorizer")
    said = _option(made, options, "authorizationType")
    found: dict[str, Value] = {}
    if authorizer is not None:
        construct = world.construct(authorizer)
        if construct and construct.resource:
            _attach(world, construct, api)
            found["AuthorizerId"] = construct.of()
            cognito = construct.properties.get("Type") == "COGNITO_USER_POOLS"
            found["AuthorizationType"] = "COGNITO_USER_POOLS" if cognito else "CUSTOM"
        elif isinstance(authorizer, New | dict):
            found["AuthorizerId"] = world.value(prop(authorizer, "authorizerId"))
            said = prop(authorizer, "authorizationType") if said is None else said
            found["AuthorizationType"] = Open("an authorizer")
        elif construct:
            found["AuthorizationType"] = Open("an authorizer")
        else:
            found["AuthorizationType"] = Open("whether it has an authorizer")
    if said is not None and (
        "AuthorizationType" not in found or isinstance(found["AuthorizationType"], Open)
    ):
        found["AuthorizationType"] = world.value(said)
    found.setdefault("AuthorizationType", "NONE")
    scopes = world.value(_option(made, options, "authorizationScopes"))
    if scopes is not None:
        found["AuthorizationScopes"] = scopes
    return found


def _attach(world: World, made: Construct, api: Construct | None) -> None:
    """Give an authorizer the API that it is used in, and let that run its function."""
    if api is None or made.told.get("attached"):
        return
    made.told["attached"] = True
    made.properties["RestApiId"] = world.attribute(api, "restApiId")
    function = made.told.get("permit")
    if isinstance(function, Construct):
        source = joined(_execute(world, api), "/authorizers/", made.of())
        permit(function, function, f"{''.join(made.path)}:Permissions",
               "apigateway.amazonaws.com", source)  # fmt: skip


def _execute(world: World, api: Construct) -> Value:
    return joined(
        "arn:", Symbol("@aws", "Partition"), ":execute-api:", Symbol("@aws", "Region"), ":",
        Symbol("@aws", "AccountId"), ":", world.attribute(api, "restApiId"),
    )  # fmt: skip


def _responses(world: World, listed: Traced) -> Value:
    if not isinstance(listed, list):
        return world.value(listed)
    found = []
    for each in listed:
        models = prop(each, "responseModels")
        found.append({
            "StatusCode": world.value(prop(each, "statusCode")),
            "ResponseParameters": world.value(prop(each, "responseParameters")) or {},
            "ResponseModels": {k: _id(world, one) for k, one in models.items()}
            if isinstance(models, dict) else None,
        })  # fmt: skip
    return [{k: v for k, v in each.items() if v is not None} for each in found]


# ------------------------------------------------------------------------------ integrations


def _integration(
    world: World, found: Construct, made: Construct, traced: Traced, verb: str
) -> Value:
    if not isinstance(traced, New):
        if isinstance(traced, tuple):  # of an API that one function answers
            return _of_function(world, found, made, traced[1], None, verb)
        return {"Type": "MOCK"} if traced is None else Open("what answers")
    kind = traced.kind.rpartition(".")[2]
    if kind == "LambdaIntegration":
        return _of_function(
            world, found, made, argument(traced, 0, "handler"), argument(traced, 1), verb
        )
    if kind == "MockIntegration":
        return {"Type": "MOCK", **options(world, argument(traced, 0))}
    if kind == "HttpIntegration":
        return _of_host(world, traced)
    known = kind in ("AwsIntegration", "Integration")
    return _of_service(world, argument(traced, 0), kind) if known else Open(f"a {kind}")


def _of_host(world: World, traced: New) -> Value:
    given = argument(traced, 1)
    proxy = whether(world, prop(given, "proxy"), "HTTP_PROXY", "HTTP")
    proxy = "HTTP_PROXY" if prop(given, "proxy") is None else proxy
    method = world.value(prop(given, "httpMethod")) or "GET"
    return {
        "Type": proxy,
        "Uri": world.value(argument(traced, 0)),
        "IntegrationHttpMethod": method,
        **options(world, prop(given, "options")),
    }


def _of_function(
    world: World, found: Construct, made: Construct, traced: Traced, given: Traced, verb: str
) -> Value:
    function = world.construct(traced)
    place = world.attribute(function, "functionArn") if function else Open("a function")
    proxy = whether(world, prop(given, "proxy"), "AWS_PROXY", "AWS")
    proxy = "AWS_PROXY" if prop(given, "proxy") is None else proxy
    api = made.parts.get("api")
    if function and api:
        path = made.told.get("path", "/")
        where = "/".join("*" if part.startswith("{") else part for part in path.split("/"))
        stage = api.parts.get("deploymentStage")
        name = stage.of() if stage else "*"
        verb = "*" if verb == "ANY" else verb
        for stage_name, word in ((name, ""), ("test-invoke-stage", "Test.")):
            source = joined(_execute(world, api), "/", stage_name, f"/{verb}", where)
            id = f"ApiPermission.{word}{''.join(api.path)}.{verb}.{path}"
            permit(function, found, id, "apigateway.amazonaws.com", source)
    return {
        "Type": proxy,
        "IntegrationHttpMethod": "POST",
        "Uri": joined(
            "arn:", Symbol("@aws", "Partition"), ":apigateway:", Symbol("@aws", "Region"),
            ":lambda:path/2015-03-31/functions/", place, "/invocations",
        ),
        **options(world, given),
    }  # fmt: skip


def _of_service(world: World, given: Traced, kind: str) -> Value:
    if kind == "Integration":
        return {
            "Type": world.value(prop(given, "type")),
            "Uri": world.value(prop(given, "uri")),
            "IntegrationHttpMethod": world.value(prop(given, "integrationHttpMethod")),
            **options(world, prop(given, "options")),
        }
    service = world.value(prop(given, "service"))
    path, action = world.value(prop(given, "path")), world.value(prop(given, "action"))
    region = world.value(prop(given, "region")) or Symbol("@aws", "Region")
    method = world.value(prop(given, "integrationHttpMethod")) or "POST"
    tail = joined("path/", path) if path is not None else joined("action/", action)
    uri = joined(
        "arn:", Symbol("@aws", "Partition"), ":apigateway:", region, ":", service, ":", tail
    )
    return {
        "Type": whether(world, prop(given, "proxy"), "AWS_PROXY", "AWS"),
        "Uri": uri,
        "IntegrationHttpMethod": method,
        **options(world, prop(given, "options")),
    }


def options(world: World, given: Traced) -> dict[str, Value]:
    """Return what every integration may say."""
    if isinstance(given, Unknown):
        return {"RequestTemplates": Open(given.why)}
    found = {to: world.value(prop(given, name)) for name, to in PARAMETERS.items()}
    role = world.construct(prop(given, "credentialsRole"))
    if role:
        found["Credentials"] = world.attribute(role, "roleArn")
    else:
        passed = prop(given, "credentialsPassthrough")
        found["Credentials"] = whether(world, passed, "arn:aws:iam::*:user/*")
        if prop(given, "credentialsRole") is not None:
            found["Credentials"] = Open("a role that is not plain")
    listed = prop(given, "integrationResponses")
    if isinstance(listed, list):
        names = {"statusCode": "StatusCode", "selectionPattern": "SelectionPattern",
                 "responseParameters": "ResponseParameters",
                 "responseTemplates": "ResponseTemplates",
                 }  # fmt: skip
        found["IntegrationResponses"] = [
            {to: each for name, to in names.items()
             if (each := world.value(prop(one, name))) is not None} for one in listed
        ]  # fmt: skip
    found["TimeoutInMillis"] = _millis(seconds(world, prop(given, "timeout")))
    return {key: each for key, each in found.items() if each is not None}


def _millis(found: Value) -> Value:
    return found * 1000 if isinstance(found, int) else found


# ------------------------------------------------------------------------------ CORS


def cors(world: World, made: Construct) -> None:
    """Make the OPTIONS method that answers browsers before they call another."""
    given = made.told.get("cors")
    if made.told.get("has cors"):
        return
    made.told["has cors"] = True
    origins = _words(world, prop(given, "allowOrigins"), ["*"])
    answer = _answer(world, given, origins)
    status = joined(world.value(prop(given, "statusCode")) or 204)
    names = {f"method.response.header.{name}": value for name, value in answer.items()}
    several: dict[str, Value] = {}
    if not all(isinstance(each, list) and len(each) == 1 for each in alternatives(origins)):
        several["ResponseTemplates"] = {"application/json": Open("which origin is answered")}
    api = made.parts.get("api")
    path = (*api.path, "Default") if made.told.get("path") == "/" and api else made.path
    found = Construct("aws_apigateway.Method", (*path, "OPTIONS"), made.stack, made.place)
    found.condition = made.condition
    found.put(
        METHOD,
        {
            "HttpMethod": "OPTIONS",
            "ResourceId": world.attribute(made, "resourceId"),
            "RestApiId": world.attribute(api, "restApiId") if api else Open("an API"),
            "AuthorizationType": "NONE",
            "ApiKeyRequired": False,
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": "{ statusCode: 200 }"},
                "IntegrationResponses": [
                    {"StatusCode": status, "ResponseParameters": names, **several}
                ],
            },
            "MethodResponses": [
                {"StatusCode": status, "ResponseParameters": dict.fromkeys(names, True)}
            ],
        },
        "Resource",
    )


def _answer(world: World, given: Traced, origins: Value) -> dict[str, Value]:
    """Return the headers that browsers are answered with."""
    methods = _words(world, prop(given, "allowMethods"), ALL_METHODS)
    headers = _words(world, prop(given, "allowHeaders"), HEADERS)
    answer: dict[str, Value] = {
        "Access-Control-Allow-Headers": _quoted(headers),
        "Access-Control-Allow-Origin": _first(origins),
        "Access-Control-Allow-Methods": _quoted(methods),
        **_varied(origins),
    }
    credentials = whether(world, prop(given, "allowCredentials"), "'true'")
    if credentials is not None:
        answer["Access-Control-Allow-Credentials"] = credentials
    age = seconds(world, prop(given, "maxAge"))
    if age is not None:
        answer["Access-Control-Max-Age"] = joined("'", age, "'")
    return answer


def _words(world: World, traced: Traced, default: list[str]) -> Value:
    if traced is None:
        return default
    word = package(traced).rpartition(".")[2]
    if word in ("ALL_ORIGINS", "ALL_METHODS", "DEFAULT_HEADERS"):
        return {"ALL_ORIGINS": ["*"], "ALL_METHODS": ALL_METHODS, "DEFAULT_HEADERS": HEADERS}[word]
    return world.value(traced)


def _first(origins: Value) -> Value:
    """Return the origin that is answered unless another of them asks."""
    each = [_quoted(one[:1] if isinstance(one, list) else one) for one in alternatives(origins)]
    return choice([((), one) for one in each])


def _varied(origins: Value) -> dict[str, Value]:
    """Return what says that an answer is one origin's: not where every origin has the same."""
    firsts = [one[0] if isinstance(one, list) and one else None for one in alternatives(origins)]
    if all(one == "*" for one in firsts):
        return {}
    known = all(isinstance(one, (str, Text, Symbol)) and one != "*" for one in firsts)
    return {"Vary": "'Origin'" if known else Open("whether an answer is one origin's")}


def _quoted(listed: Value) -> Value:
    if not isinstance(listed, list):
        return Open("a list that is not known")
    parts: list[Value] = ["'"]
    for index, each in enumerate(listed):
        parts += ["," * bool(index), each]
    return joined(*parts, "'")
