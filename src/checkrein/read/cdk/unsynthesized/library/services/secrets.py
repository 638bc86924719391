"""Secrets Manager, parameters, keys, and log groups."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Text, Value
from checkrein.read.cdk.unsynthesized.library.policies import (
    allow,
    document,
    granted,
    policy_document,
    root,
    statement,
)
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept, secret
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    imported_as,
    joined,
    last_name,
    package,
    prop,
    shaped,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

MONTHS = {
    "ONE_DAY": 1, "THREE_DAYS": 3, "FIVE_DAYS": 5, "ONE_WEEK": 7, "TWO_WEEKS": 14, "ONE_MONTH": 30,
    "TWO_MONTHS": 60, "THREE_MONTHS": 90, "FOUR_MONTHS": 120, "FIVE_MONTHS": 150,
    "SIX_MONTHS": 180, "ONE_YEAR": 365, "THIRTEEN_MONTHS": 400, "EIGHTEEN_MONTHS": 545,
    "TWO_YEARS": 731, "THREE_YEARS": 1096, "FIVE_YEARS": 1827, "SIX_YEARS": 2192,
    "SEVEN_YEARS": 2557, "EIGHT_YEARS": 2922, "NINE_YEARS": 3288, "TEN_YEARS": 3653,
}  # fmt: skip
silent("addReplicaRegion", "addMetricFilter", "addStream", "extractMetric")

# ------------------------------------------------------------------------------ keys


@makes("aws_kms.Key")
def key(world: World, made: Construct) -> None:
    given = made.given
    whole = prop(given, "policy")
    admin = {"Action": "kms:*", "Effect": "Allow", "Principal": {"AWS": root()}, "Resource": "*"}
    properties = {
        "Description": world.value(prop(given, "description")),
        "EnableKeyRotation": world.value(prop(given, "enableKeyRotation")),
        "Enabled": world.value(prop(given, "enabled")),
        "KeySpec": world.value(prop(given, "keySpec")),
        "KeyUsage": world.value(prop(given, "keyUsage")),
        "KeyPolicy": document([admin]) if whole is None else policy_document(world, whole),
    }
    made.put("AWS::KMS::Key", properties, "Resource", **kept(world, made))
    alias = world.value(prop(given, "alias"))
    if alias is not None:
        _alias(made, alias)


def _alias(made: Construct, name: Value) -> None:
    if isinstance(name, str) and not name.startswith("alias/"):
        name = f"alias/{name}"
    made.child("Alias").put(
        "AWS::KMS::Alias", {"AliasName": name, "TargetKeyId": made.of("Arn")}, "Resource"
    )


@makes("aws_kms.Alias")
def alias(world: World, made: Construct) -> None:
    target = world.construct(world.props(made, "targetKey"))
    if target:
        name = world.given(made, "aliasName")
        made.put(
            "AWS::KMS::Alias",
            {"AliasName": name, "TargetKeyId": world.attribute(target, "keyArn")},
            "Resource",
        )
        made.attributes["keyArn"] = world.attribute(target, "keyArn")


@method("addAlias", of=("aws_kms",))
def add_alias(world: World, made: Construct, called: Called) -> None:
    _alias(made, world.value(argument(called, 0)))


ON_KEY = {
    "grantDecrypt": ["kms:Decrypt"],
    "grantEncrypt": ["kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
    "grantEncryptDecrypt": [
        "kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*",
    ],
    "grantSign": ["kms:Sign"], "grantVerify": ["kms:Verify"],
    "grantSignVerify": ["kms:Sign", "kms:Verify"], "grantGenerateMac": ["kms:GenerateMac"],
    "grantVerifyMac": ["kms:VerifyMac"],
}  # fmt: skip


@method(*ON_KEY, of=("aws_kms",))
def grant_on_key(world: World, made: Construct, called: Called) -> None:
    let(world, made, argument(called, 0), list(ON_KEY[called.name]))


@method("grant", of=("aws_kms",))
def grant_some_on_key(world: World, made: Construct, called: Called) -> None:
    let(world, made, argument(called, 0), [world.text(each) for each in called.arguments[1:]])


def let(world: World, made: Construct, grantee: Traced, actions: list[str]) -> None:
    found = world.attribute(made, "keyArn")
    if not allow(world, grantee, granted(actions, [found])) and made.resource:
        from checkrein.read.cdk.unsynthesized.library.policies import (  # noqa: PLC0415
            resource_statement,
        )

        stated = resource_statement(world, grantee, actions, ["*"])
        made.properties["KeyPolicy"]["Statement"].append(stated)


def let_key(world: World, made: Construct, grantee: Traced, actions: list[str]) -> None:
    """Let a grantee use the key that a construct is encrypted with, if that has one of its own."""
    key = made.told.get("key")
    if isinstance(key, Construct):
        let(world, key, grantee, list(actions))


def key_arn(world: World, traced: Traced) -> Value:
    construct = world.construct(traced)
    return world.attribute(construct, "keyArn") if construct else Open("a key")


@method("aws_kms.Key.fromKeyArn", "aws_kms.Alias.fromAliasName", "aws_kms.Key.fromLookup")
def imported_key(world: World, made: Construct, called: Called) -> Construct:
    told = world.value(imported_as(called))
    if called.name == "fromKeyArn":
        made.attributes |= {"keyArn": told, "keyId": told}
    elif called.name == "fromAliasName":
        made.attributes |= {"keyArn": arn("kms", told), "keyId": told, "aliasName": told}
    return made


# ------------------------------------------------------------------------------ secrets


@makes("aws_secretsmanager.Secret", "aws_rds.DatabaseSecret", "aws_docdb.DatabaseSecret")
def make_secret(world: World, made: Construct) -> None:
    given = made.given
    generated = shaped(world, prop(given, "generateSecretString"), {
        "secretStringTemplate": "SecretStringTemplate", "generateStringKey": "GenerateStringKey",
        "excludePunctuation": "ExcludePunctuation", "excludeCharacters": "ExcludeCharacters",
        "passwordLength": "PasswordLength", "includeSpace": "IncludeSpace",
        "excludeUppercase": "ExcludeUppercase", "excludeNumbers": "ExcludeNumbers",
        "requireEachIncludedType": "RequireEachIncludedType",
    })  # fmt: skip
    plain = prop(given, "secretStringValue")
    if plain is None:
        plain = prop(given, "secretStringBeta1")
    parts = prop(given, "secretObjectValue")
    value = None if plain is None else world.value(plain)
    if parts is not None:
        value = _object(world, parts) if isinstance(parts, dict) else Open("a secret's fields")
    if plain is None and parts is None:
        generated = generated or {}
    encrypted = prop(given, "encryptionKey")
    if encrypted is not None:
        made.told["key"] = world.construct(encrypted)
    made.put(
        "AWS::SecretsManager::Secret",
        {
            "Name": world.value(prop(given, "secretName")),
            "Description": world.value(prop(given, "description")),
            "KmsKeyId": None if encrypted is None else key_arn(world, encrypted),
            "GenerateSecretString": generated,
            "SecretString": value,
        },
        "Resource",
        **kept(world, made, "Delete"),
    )
    made.attributes["secretName"] = Open("a secret's name")


@method("addRotationSchedule", "addRotationSingleUser", "addRotationMultiUser")
def rotate(world: World, made: Construct, called: Called) -> None:
    owner = made.parts.get("secret", made)
    if owner.key:
        made.child(world.text(argument(called, 0)) or "RotationSingleUser", place=called.place).put(
            "AWS::SecretsManager::RotationSchedule",
            {"SecretId": owner.of(), "RotationRules": Open("how often it changes")},
            "Resource",
        )


def _object(world: World, parts: dict[str, Traced]) -> Value:
    found: list[Value] = ["{"]
    for index, (name, each) in enumerate(parts.items()):
        found += ["," * bool(index), f'"{name}":"', world.value(each), '"']
    return joined(*found, "}")


@method("grantRead", "grantWrite", of=("aws_secretsmanager", "aws_rds.DatabaseSecret"))
def grant_secret(world: World, made: Construct, called: Called) -> None:
    read = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    write = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret",
             "secretsmanager:UpdateSecretVersionStage"]  # fmt: skip
    actions = read if called.name == "grantRead" else write
    found = made.attributes.get("arnForPolicies")
    place = world.attribute(made, "secretArn") if found is None else found
    allow(world, argument(called, 0), granted(actions, [place]))
    let_key(world, made, argument(called, 0), ["kms:Decrypt"])


@method("secretValueFromJson")
def secret_field(world: World, made: Construct, called: Called) -> Value:
    name = world.value(argument(called, 0))
    whole = made.attributes.get("secretName")
    if isinstance(whole, str):
        return secret(whole, name)
    owner = f"{made.key}" if made.key else "an imported secret"
    resource = made.resource
    named = resource.properties.get("Name") if resource else None
    told = named if isinstance(named, str) else owner.rpartition("|")[2]
    return Symbol("@secretsmanager", f"{told}:{name}" if isinstance(name, str) else told)


@method(
    "aws_secretsmanager.Secret.fromSecretNameV2",
    "aws_secretsmanager.Secret.fromSecretCompleteArn",
    "aws_secretsmanager.Secret.fromSecretPartialArn",
    "aws_secretsmanager.Secret.fromSecretArn",
    "aws_secretsmanager.Secret.fromSecretName",
    "aws_secretsmanager.Secret.fromSecretAttributes",
)
def imported_secret(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    if called.name == "fromSecretAttributes":
        whole = prop(told, "secretCompleteArn")
        told = prop(told, "secretPartialArn") if whole is None else whole
    value = world.value(told)
    if "Name" in called.name:
        made.attributes["secretName"] = value
        place = arn("secretsmanager", joined("secret:", value))
        made.attributes |= {"secretArn": place, "arnForPolicies": joined(place, "-??????")}
        made.attributes["secretFullArn"] = Open("a secret's whole ARN")
    else:
        made.attributes |= {"secretArn": value, "secretFullArn": value}
        partial = "Partial" in called.name
        made.attributes["arnForPolicies"] = joined(value, "-??????") if partial else value
        made.attributes["secretName"] = (
            value.rpartition(":")[2] if isinstance(value, str) else Open("a secret's name")
        )
    made.attributes["secretValue"] = secret(made.attributes["secretName"])
    return made


# ------------------------------------------------------------------------------ parameters


@makes("aws_ssm.StringParameter", "aws_ssm.StringListParameter")
def parameter(world: World, made: Construct) -> None:
    several = made.kind.endswith("ListParameter")
    value = world.given(made, "stringListValue" if several else "stringValue")
    if isinstance(value, list):
        parts: list[Value] = []
        for each in value:
            parts += [*([","] if parts else []), each]
        value = joined(*parts)
    made.put(
        "AWS::SSM::Parameter",
        {
            "Name": world.given(made, "parameterName"),
            "Type": "StringList" if several else "String",
            "Value": value,
            "Description": world.given(made, "description"),
        },
        "Resource",
    )
    name = world.given(made, "parameterName")
    if isinstance(name, str):
        made.attributes["parameterArn"] = _parameter_arn(name)
    else:
        made.attributes["parameterArn"] = _parameter_arn(made.of())


def _parameter_arn(name: Value) -> Value:
    if isinstance(name, str):
        return arn("ssm", f"parameter/{name.lstrip('/')}")
    if isinstance(name, Text) and str(name.parts[0]).startswith("/"):
        return arn("ssm", joined("parameter", name))
    return arn("ssm", joined("parameter/", name))


@method("grantRead", "grantWrite", of=("aws_ssm",))
def grant_parameter(world: World, made: Construct, called: Called) -> None:
    read = ["ssm:DescribeParameters", "ssm:GetParameters", "ssm:GetParameter",
            "ssm:GetParameterHistory"]  # fmt: skip
    actions = read if called.name == "grantRead" else ["ssm:PutParameter"]
    place = world.attribute(made, "parameterArn")
    allow(world, argument(called, 0), granted(actions, [place]))


@method(
    "aws_ssm.StringParameter.valueForStringParameter",
    "aws_ssm.StringParameter.valueFromLookup",
    "aws_ssm.StringParameter.valueForTypedStringParameterV2",
    "aws_ssm.StringParameter.valueForSecureStringParameter",
)
def parameter_value(world: World, made: Construct, called: Called) -> Value:
    name = world.value(argument(called, 1))
    return Symbol("@ssm", name) if isinstance(name, str) else Open(f"the parameter {name}")


@method(
    "aws_ssm.StringParameter.fromStringParameterName",
    "aws_ssm.StringParameter.fromStringParameterAttributes",
    "aws_ssm.StringParameter.fromSecureStringParameterAttributes",
    "aws_ssm.StringParameter.fromStringParameterArn",
)
def imported_parameter(world: World, made: Construct, called: Called) -> Construct:
    told = imported_as(called)
    name = world.value(told)
    if called.name.endswith("Attributes"):
        name = world.value(prop(told, "parameterName"))
    if called.name.endswith("Arn"):
        made.attributes["parameterArn"] = name
        return made
    known = isinstance(name, str)
    value = Symbol("@ssm", name) if known else Open(f"the parameter {name}")
    made.attributes |= {"stringValue": value, "parameterName": name}
    made.attributes["parameterArn"] = _parameter_arn(name)
    return made


# ------------------------------------------------------------------------------ logs


@makes("aws_logs.LogGroup")
def log_group(world: World, made: Construct) -> None:
    given = made.given
    encrypted = prop(given, "encryptionKey")
    made.put(
        "AWS::Logs::LogGroup",
        {
            "LogGroupName": world.value(prop(given, "logGroupName")),
            "RetentionInDays": retention(world, prop(given, "retention"), 731),
            "KmsKeyId": None if encrypted is None else key_arn(world, encrypted),
        },
        "Resource",
        **kept(world, made),
    )


def retention(world: World, traced: Traced, default: int | None = None) -> Value:
    """Return the days that logs are kept; None for ever."""
    if traced is None:
        return default
    if package(traced):
        word = last_name(traced)
        return None if word == "INFINITE" else MONTHS.get(word, Open(f"{word} of logs"))
    return world.value(traced)


@method("grantWrite", "grantRead", of=("aws_logs",))
def grant_logs(world: World, made: Construct, called: Called) -> None:
    write = ["logs:CreateLogStream", "logs:PutLogEvents"]
    read = ["logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetLogGroupFields",
            "logs:DescribeLogGroups", "logs:DescribeLogStreams"]  # fmt: skip
    actions = write if called.name == "grantWrite" else read
    found = world.attribute(made, "logGroupArn")
    allow(world, argument(called, 0), granted(actions, [found]))


@method("addToResourcePolicy", of=("aws_kms",))
def add_to_key_policy(world: World, made: Construct, called: Called) -> None:
    found = made.properties.get("KeyPolicy")
    if isinstance(found, dict):
        found["Statement"].append(statement(world, argument(called, 0)))


@method("aws_logs.LogGroup.fromLogGroupName", "aws_logs.LogGroup.fromLogGroupArn")
def imported_logs(world: World, made: Construct, called: Called) -> Construct:
    told = world.value(imported_as(called))
    name = called.name == "fromLogGroupName"
    made.attributes["logGroupName"] = told if name else Open("a log group's name")
    place = arn("logs", joined("log-group:", told, ":*")) if name else told
    made.attributes["logGroupArn"] = place
    return made
