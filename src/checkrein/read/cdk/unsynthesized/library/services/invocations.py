"""Lambda: URLs, versions and aliases of functions, and who may run them; imported functions."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    granted,
    one_or_all,
    principal,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE, PERMISSION
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    imported_as,
    joined,
    prop,
    seconds,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced


@makes("aws_lambda.Alias")
def alias(world: World, made: Construct) -> None:
    version = world.construct(world.props(made, "version"))
    if version is None:
        return
    name = world.given(made, "aliasName")
    made.put(
        "AWS::Lambda::Alias",
        {"FunctionName": version.of(), "FunctionVersion": Open("a version"), "Name": name},
        "Resource",
    )
    made.attributes["functionArn"] = made.of()
    if "role" in version.parts:
        made.parts["role"] = version.parts["role"]


@makes("aws_lambda.Version")
def version(world: World, made: Construct) -> None:
    function = world.construct(world.props(made, "lambda"))
    if function:
        made.put("AWS::Lambda::Version", {"FunctionName": function.of()}, "Resource")
        made.attributes["functionArn"] = made.of()
        made.parts |= {"lambda": function, **function.parts}


@method("addAlias")
def add_alias(world: World, made: Construct, called: Called) -> Construct:
    found = made.child(f"Alias{world.text(argument(called, 0))}", kind="aws_lambda.Alias")
    found.put(
        "AWS::Lambda::Alias",
        {
            "FunctionName": made.of(),
            "FunctionVersion": Open("a version"),
            "Name": world.value(argument(called, 0)),
        },
        "Resource",
    )
    return found


@makes("aws_lambda.FunctionUrl")
def function_url(world: World, made: Construct) -> None:
    target = world.construct(world.props(made, "function"))
    if target:
        _url(world, target, made, made.given)


@method("addFunctionUrl")
def add_function_url(world: World, made: Construct, called: Called) -> Construct:
    found = made.child("FunctionUrl", kind="aws_lambda.FunctionUrl", place=called.place)
    _url(world, made, found, argument(called, 0))
    return found


def _url(world: World, target: Construct, made: Construct, given: Traced) -> None:
    said = prop(given, "authType")
    auth = "AWS_IAM" if said is None else world.value(said)
    cors = shaped(world, prop(given, "cors"), {
        "allowCredentials": "AllowCredentials", "allowedHeaders": "AllowHeaders",
        "allowedMethods": "AllowMethods", "allowedOrigins": "AllowOrigins",
        "exposedHeaders": "ExposeHeaders", "maxAge": ("MaxAge", seconds),
    })  # fmt: skip
    made.put(
        "AWS::Lambda::Url",
        {
            "AuthType": auth,
            "TargetFunctionArn": world.attribute(target, "functionArn"),
            "Cors": cors,
            "InvokeMode": world.value(prop(given, "invokeMode")),
        },
        "Resource",
    )
    made.parts["function"] = target
    if auth != "NONE":
        return
    common = {"FunctionName": world.attribute(target, "functionArn"), "Principal": "*"}
    target.child("invoke-function-url").put(
        PERMISSION,
        {**common, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"},
    )
    target.child("invoke-function").put(
        PERMISSION, {**common, "Action": INVOKE, "InvokedViaFunctionUrl": True}
    )


@method("grantInvoke", "grantInvokeLatestVersion", "grantInvokeVersion", "grantInvokeUrl")
def grant_invoke(world: World, made: Construct, called: Called) -> None:
    url = called.name == "grantInvokeUrl" or made.kind.endswith("FunctionUrl")
    target = made.parts.get("function", made)
    action = "lambda:InvokeFunctionUrl" if url else INVOKE
    found = world.attribute(target, "functionArn")
    places = [found] if url else [found, joined(found, ":*")]
    grantee = argument(called, 0)
    if allow(world, grantee, granted([action], places)) or not target.key:
        return
    stated: dict[str, Value] = {}
    who = principal(world, grantee, stated)
    only = next(iter(who.values())) if isinstance(who, dict) else who
    target.child(f"Invoke{len(target.stack.resources)}").put(
        PERMISSION, {"Action": action, "FunctionName": found, "Principal": only}
    )


@method("addPermission", of=("aws_lambda", "aws_lambda_nodejs", "aws_lambda_python"))
def add_permission(world: World, made: Construct, called: Called) -> None:
    given = argument(called, 1)
    stated: dict[str, Value] = {}
    who = principal(world, prop(given, "principal"), stated)
    if isinstance(who, dict):
        who = one_or_all(next(iter(who.values())))
    conditions = stated.get("Condition") or {}
    source = next(
        (c.get("aws:SourceArn") for c in conditions.values() if "aws:SourceArn" in c), None
    )
    scope = world.construct(prop(given, "scope")) or made
    found = scope.child(world.text(argument(called, 0)), place=called.place)
    found.condition = world.condition
    found.put(
        PERMISSION,
        {
            "Action": world.value(prop(given, "action")) or INVOKE,
            "FunctionName": world.attribute(made, "functionArn"),
            "Principal": who,
            "SourceArn": world.value(prop(given, "sourceArn")) or source,
            "SourceAccount": world.value(prop(given, "sourceAccount")),
            "EventSourceToken": world.value(prop(given, "eventSourceToken")),
            "FunctionUrlAuthType": world.value(prop(given, "functionUrlAuthType")),
        },
    )


@method(
    "aws_lambda.Function.fromFunctionName",
    "aws_lambda.Function.fromFunctionArn",
    "aws_lambda.Function.fromFunctionAttributes",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    made.kind = "aws_lambda.Function"
    if called.name == "fromFunctionAttributes":
        made.attributes["functionArn"] = world.value(prop(told, "functionArn"))
        role = world.construct(prop(told, "role"))
        if role:
            made.parts["role"] = role
    elif called.name == "fromFunctionArn":
        made.attributes["functionArn"] = world.value(told)
    else:
        made.attributes["functionName"] = world.value(told)
        made.attributes["functionArn"] = arn("lambda", joined("function:", world.value(told)))
    return made
