"""The core: outputs, parameters, resources of any type, functions of templates, secrets' values."""

from __future__ import annotations

from checkrein.model.values import SPECIAL, Open, Symbol, Text, Value
from checkrein.read.cdk.unsynthesized.library.l1 import pascal
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, joined, last_name, prop
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

KEPT = {"RETAIN": "Retain", "SNAPSHOT": "Snapshot", "DESTROY": "Delete"}
KEPT["RETAIN_ON_UPDATE_OR_DELETE"] = "RetainExceptOnCreate"

silent(
    "CfnMapping", "CfnRule", "addDependency", "addDependsOn",
    "applyRemovalPolicy", "addMetadata", "overrideLogicalId", "add", "setContext",
    "exportValue", "addTransform", "validate", "addValidation", "synth", "templateOptions",
    "addStackTag", "warnings", "acknowledgeWarning", "addWarning", "addInfo", "tag",
    "addPropertyOverrides", "lock", "aws_cloudwatch.Dashboard", "addWidgets",
    "aws_budgets.CfnBudget", "AssetStaging",
    "aws_servicecatalogappregistry.ApplicationAssociator", "addVersion",
)  # fmt: skip


def _kept(traced: Traced) -> Value:
    """Return what a removal policy writes; open where only running tells which it is."""
    name = last_name(traced)
    return KEPT.get(name, "") if name else Open("what is kept")


def kept(world: World, made: Construct, default: str = "Retain") -> dict[str, Value]:
    """Return what a construct's removal policy writes beside its properties."""
    given = world.props(made, "removalPolicy")
    word = _kept(given) if given is not None else default
    return {"DeletionPolicy": word, "UpdateReplacePolicy": word} if word else {}


@method("applyRemovalPolicy")
def apply_removal_policy(world: World, made: Construct, called: Called) -> None:
    given = argument(called, 0)
    word = _kept(given) if given is not None else ""
    if made.resource and word:
        made.resource.attributes |= {"DeletionPolicy": word, "UpdateReplacePolicy": word}


@makes("CfnOutput")
def output(world: World, made: Construct) -> None:
    found = {"Value": world.given(made, "value")}
    name = world.given(made, "exportName")
    if name is not None:
        found["Export"] = {"Name": name}
    made.stack.outputs["".join(made.path)] = found
    made.attributes["importValue"] = found["Value"]


@makes("CfnParameter")
def parameter(world: World, made: Construct) -> None:
    found = {"Type": world.given(made, "type") or "String"}
    if isinstance(found["Type"], SPECIAL):
        world.note("the type of a CfnParameter", made.place)
        found["Type"] = "String"
    names = {"default": "Default", "allowedValues": "AllowedValues", "noEcho": "NoEcho"}
    for name, to in names.items():
        value = world.given(made, name)
        if value is not None and not isinstance(value, SPECIAL):
            found[to] = value
        elif value is not None:
            world.note(f"{name} of a CfnParameter", made.place)
    name = "".join(made.path)
    made.stack.parameters[name] = found
    for each in ("valueAsString", "valueAsNumber", "valueAsList", "value", "ref"):
        made.attributes[each] = Symbol("@parameter", name)


@makes("CfnCondition")
def condition(world: World, made: Construct) -> None:
    """Make a condition of the template; its expression is one that only deploying decides."""
    made.stack.conditions["".join(made.path)] = {
        "Fn::Equals": [Open("a condition of the template"), True]
    }


@makes("CfnResource")
def resource(world: World, made: Construct) -> None:
    type = world.given(made, "type")
    properties = world.given(made, "properties")
    if not isinstance(type, str):
        world.note("a CfnResource of a type that is not known", made.place)
        return
    if properties is not None and not isinstance(properties, dict):
        world.note(f"the properties of {type}", made.place)
    made.put(type, properties if isinstance(properties, dict) else {})


@makes("CustomResource")
def custom_resource(world: World, made: Construct) -> None:
    given = world.given(made, "properties")
    properties = given if isinstance(given, dict) else {}
    if given is not None and not isinstance(given, dict):
        world.note("the properties of a CustomResource", made.place)
    spelled = world.given(made, "pascalCaseProperties")
    if spelled is True:
        properties = pascal(properties)
    elif isinstance(spelled, SPECIAL):
        world.note("how a CustomResource's properties are spelled", made.place)
    type = world.given(made, "resourceType")
    if isinstance(type, SPECIAL):
        world.note("the type of a CustomResource", made.place)
    properties = {"ServiceToken": world.given(made, "serviceToken"), **properties}
    made.put(
        type if isinstance(type, str) else "AWS::CloudFormation::CustomResource",
        properties,
        "Default",
        **kept(world, made, "Delete"),
    )


@method("getAtt", "getAttString", "getResponseField")
def custom_attribute(world: World, made: Construct, called: Called) -> Value:
    name = world.text(argument(called, 0))
    return made.of(name) if made.key and name else Open(f"{called.name} of {made.kind}")


# ------------------------------------------------------------------------------ functions


@method("Fn.join")
def join(world: World, made: Construct, called: Called) -> Value:
    delimiter, items = world.value(argument(called, 0)), world.value(argument(called, 1))
    if isinstance(items, list) and isinstance(delimiter, str):
        parts: list[Value] = []
        for each in items:
            parts += [*([delimiter] if parts else []), each]
        return joined(*parts)
    return Open("a joined list that is not known")


@method("Fn.sub")
def sub(world: World, made: Construct, called: Called) -> Value:
    template, names = world.value(argument(called, 0)), world.value(argument(called, 1))
    if not isinstance(template, str) or names is not None:
        return Open("a text that Fn::Sub makes")
    pseudo = {"AccountId", "Region", "Partition", "URLSuffix"}
    parts: list[Value] = []
    for index, piece in enumerate(template.split("${")):
        name, mark, rest = piece.partition("}")
        if not index or not mark:
            parts.append(piece)
            continue
        short = name.removeprefix("AWS::")
        parts += [Symbol("@aws", short) if short in pseudo else Open(f"${{{name}}}"), rest]
    return joined(*parts)


@method("Fn.ref")
def ref(world: World, made: Construct, called: Called) -> Value:
    name = world.text(argument(called, 0))
    short = name.removeprefix("AWS::")
    if short in ("AccountId", "Region", "Partition", "URLSuffix"):
        return Symbol("@aws", short)
    return None if name == "AWS::NoValue" else Symbol("@parameter", name)


@method("Fn.importValue")
def import_value(world: World, made: Construct, called: Called) -> Value:
    name = world.value(argument(called, 0))
    return Symbol("@export", name) if isinstance(name, str) else Open(f"the export {name}")


@method("Fn.getAtt")
def get_att(world: World, made: Construct, called: Called) -> Value:
    key = f"{made.stack.name}|{world.text(argument(called, 0))}"
    name = world.text(argument(called, 1))
    return Symbol(key, name) if key in made.stack.resources else Open(f"{name} of a resource")


@method("Fn.select")
def select(world: World, made: Construct, called: Called) -> Value:
    index, items = world.value(argument(called, 0)), world.value(argument(called, 1))
    if isinstance(items, list) and isinstance(index, int) and index < len(items):
        return items[index]
    return Open("an item of a list that is not known")


@method("Token.asString", "Token.asAny", "Token.asNumber", "Token.asList", "Lazy.any")
def token(world: World, made: Construct, called: Called) -> Value:
    return world.value(argument(called, 0))


@method("SecretValue.unsafePlainText", "SecretValue.plainText")
def plain_text(world: World, made: Construct, called: Called) -> Value:
    return world.value(argument(called, 0))


@method("SecretValue.secretsManager")
def secrets_manager(world: World, made: Construct, called: Called) -> Value:
    name, key = (
        world.value(argument(called, 0)),
        world.value(prop(argument(called, 1), "jsonField")),
    )
    return secret(name, key)


def secret(name: Value, key: Value = None) -> Value:
    """Return what stands for a secret's value that is asked for when it is deployed."""
    if not isinstance(name, str):
        return Open(f"the secret {name}")
    return Symbol("@secretsmanager", f"{name}:{key}" if isinstance(key, str) else name)


@method("SecretValue.ssmSecure")
def ssm_secure(world: World, made: Construct, called: Called) -> Value:
    name = world.value(argument(called, 0))
    return Symbol("@ssm", name) if isinstance(name, str) else Open(f"the parameter {name}")


@method("formatArn", "Arn.format", "Stack.formatArn")
def format_arn(world: World, made: Construct, called: Called) -> Value:
    given = argument(called, 0)
    names = ("partition", "service", "region", "account")
    own = [world.value(prop(given, name)) for name in names]
    for index, name in enumerate(("Partition", "", "Region", "AccountId")):
        if own[index] is None and name:
            own[index] = Symbol("@aws", name)
    mark = last_name(prop(given, "arnFormat"))
    separator = world.value(prop(given, "sep")) or (":" if "COLON" in mark else "/")
    name = world.value(prop(given, "resourceName"))
    parts: list[Value] = ["arn"]
    for each in (*own, world.value(prop(given, "resource"))):
        parts += [":", each]
    return joined(*parts, *([] if name is None else [separator, name]))


@method("split", "slice", "replace", "toLowerCase", "substring", of=("value",))
def of_text(world: World, made: Construct, called: Called) -> Value:
    found = world.value(called.of)
    if isinstance(found, (Text, Symbol)):
        return Open(f"{called.name} of {found}")
    return found if isinstance(found, Open) else Open(f"{called.name} of a text")
