"""Cognito: user pools, their clients, domains and triggers; identity pools."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept
from checkrein.read.cdk.unsynthesized.library.services.permissions import permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    days,
    imported_as,
    is_unknown,
    joined,
    last_name,
    prop,
    shaped,
    switched,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

STANDARD = {
    "address": "address", "birthdate": "birthdate", "email": "email", "givenName": "given_name",
    "familyName": "family_name", "gender": "gender", "locale": "locale",
    "middleName": "middle_name", "fullname": "name", "nickname": "nickname",
    "phoneNumber": "phone_number", "profilePicture": "picture", "preferredUsername":
    "preferred_username", "profilePage": "profile", "timezone": "zoneinfo",
    "lastUpdateTime": "updated_at", "website": "website",
}  # fmt: skip
TRIGGERS = {
    "createAuthChallenge": "CreateAuthChallenge", "customEmailSender": "CustomEmailSender",
    "customMessage": "CustomMessage", "customSmsSender": "CustomSMSSender",
    "defineAuthChallenge": "DefineAuthChallenge", "postAuthentication": "PostAuthentication",
    "postConfirmation": "PostConfirmation", "preAuthentication": "PreAuthentication",
    "preSignUp": "PreSignUp", "preTokenGeneration": "PreTokenGeneration",
    "userMigration": "UserMigration",
    "verifyAuthChallengeResponse": "VerifyAuthChallengeResponse",
}  # fmt: skip
PASSWORD = {
    "minLength": "MinimumLength",
    "requireLowercase": "RequireLowercase",
    "requireUppercase": "RequireUppercase",
    "requireDigits": "RequireNumbers",
    "requireSymbols": "RequireSymbols",
    "tempPasswordValidity": ("TemporaryPasswordValidityDays", days),
}
RECOVERY = {
    "EMAIL_ONLY": ["verified_email"],
    "PHONE_ONLY_WITHOUT_MFA": ["verified_phone_number"],
    "EMAIL_AND_PHONE_WITHOUT_MFA": ["verified_email", "verified_phone_number"],
    "PHONE_WITHOUT_MFA_AND_EMAIL": ["verified_phone_number", "verified_email"],
    "NONE": ["admin_only"],
}
ALIASES = {"email": "email", "phone": "phone_number", "preferredUsername": "preferred_username"}
FACTORS = {"sms": "SMS_MFA", "otp": "SOFTWARE_TOKEN_MFA", "email": "EMAIL_OTP"}
silent("registerIdentityProvider")


@makes("aws_cognito.UserPool")
def pool(world: World, made: Construct) -> None:
    given = made.given
    properties: dict[str, Value] = {
        "UserPoolName": world.value(prop(given, "userPoolName")),
        "AdminCreateUserConfig": _signup(world, prop(given, "selfSignUpEnabled")),
        "Policies": _policies(world, prop(given, "passwordPolicy")),
        "MfaConfiguration": world.value(prop(given, "mfa")),
        "EnabledMfas": _second_factors(world, given),
        "AccountRecoverySetting": _recovery(prop(given, "accountRecovery")),
        "Schema": _schema(world, given),
        "DeletionProtection": _protected(world, prop(given, "deletionProtection")),
        "UserPoolAddOns": _threats(world, given),
        "UserPoolTier": world.value(prop(given, "featurePlan")),
        **_sign_in(world, given),
    }
    case = prop(given, "signInCaseSensitive")
    if case is not None:
        properties["UsernameConfiguration"] = {"CaseSensitive": world.value(case)}
    made.put("AWS::Cognito::UserPool", properties, "Resource", **kept(world, made))
    triggers = prop(given, "lambdaTriggers")
    for name, each in triggers.items() if isinstance(triggers, dict) else ():
        _trigger(world, made, name, each)
    if triggers is not None and not isinstance(triggers, dict):
        made.properties["LambdaConfig"] = Open("which functions run")


def _signup(world: World, traced: Traced) -> Value:
    found = world.value(traced)
    if is_unknown(found):
        return {"AllowAdminCreateUserOnly": found}
    return {"AllowAdminCreateUserOnly": not found}


def _policies(world: World, traced: Traced) -> Value:
    if traced is None:
        return None
    return {"PasswordPolicy": shaped(world, traced, PASSWORD)}


def _second_factors(world: World, given: Traced) -> Value:
    traced, mode = prop(given, "mfaSecondFactor"), world.value(prop(given, "mfa"))
    if traced is None or mode == "OFF" or (mode is None and not isinstance(traced, Unknown)):
        return None
    return switched(world, traced, FACTORS)


def _recovery(traced: Traced) -> Value:
    if traced is None:
        names = RECOVERY["PHONE_WITHOUT_MFA_AND_EMAIL"]
    elif last_name(traced) in RECOVERY:
        names = RECOVERY[last_name(traced)]
    else:
        return None if last_name(traced) else Open("how accounts are recovered")
    return {
        "RecoveryMechanisms": [{"Name": name, "Priority": n} for n, name in enumerate(names, 1)]
    }


def _protected(world: World, traced: Traced) -> Value:
    found = world.value(traced)
    if found is None or is_unknown(found):
        return found
    return "ACTIVE" if found else "INACTIVE"


def _threats(world: World, given: Traced) -> Value:
    for name in ("advancedSecurityMode", "standardThreatProtectionMode"):
        found = world.value(prop(given, name))
        if found is not None:
            return {"AdvancedSecurityMode": found}
    return None


def _sign_in(world: World, given: Traced) -> dict[str, Value]:
    """Return by what users sign in, and what is verified of them by itself."""
    aliases, verified = prop(given, "signInAliases"), prop(given, "autoVerify")
    said = switched(world, aliases, ALIASES)
    named = True if aliases is None else world.value(prop(aliases, "username"))
    found: dict[str, Value] = {}
    if is_unknown(named):
        found = dict.fromkeys(("AliasAttributes", "UsernameAttributes"), Open("how users sign in"))
    elif said:
        found["AliasAttributes" if named else "UsernameAttributes"] = said
    listed = said if verified is None else switched(world, verified, ALIASES)
    if isinstance(listed, list):
        listed = [each for each in listed if each != "preferred_username"] or None
    return {**found, "AutoVerifiedAttributes": listed}


def _schema(world: World, given: Traced) -> Value:
    found: list[Value] = []
    standard = prop(given, "standardAttributes")
    for name, to in STANDARD.items():
        each = prop(standard, name)
        if each is not None:
            mutable = world.value(prop(each, "mutable"))
            required = world.value(prop(each, "required"))
            found.append({
                "Name": to,
                "Mutable": True if mutable is None else mutable,
                "Required": False if required is None else required,
            })  # fmt: skip
    custom = prop(given, "customAttributes")
    if isinstance(custom, Unknown):
        return Open(custom.why)
    for name, each in custom.items() if isinstance(custom, dict) else ():
        kind = getattr(each, "kind", "").rpartition(".")[2].removesuffix("Attribute")
        inner = argument(each, 0) if isinstance(each, New) else None
        mutable = world.value(prop(inner, "mutable"))
        found.append({
            "Name": name,
            "AttributeDataType": {"DateTime": "DateTime"}.get(kind, kind) or Open("a type"),
            "Mutable": mutable,
        })  # fmt: skip
    return [{k: v for k, v in each.items() if v is not None} for each in found] or None


@method("addTrigger")
def add_trigger(world: World, made: Construct, called: Called) -> None:
    operation = last_name(argument(called, 0)).lower().replace("_", "")
    name = next((each for each in TRIGGERS if each.lower() == operation), "")
    if not name:
        name = "preTokenGeneration" if operation.startswith("pretokengeneration") else ""
    if name:
        _trigger(world, made, name, argument(called, 1))
    else:
        world.note("a trigger of a user pool", called.place)


def _trigger(world: World, made: Construct, name: str, traced: Traced) -> None:
    function = world.construct(traced)
    config = made.properties.setdefault("LambdaConfig", {})
    if name not in TRIGGERS or not isinstance(config, dict):
        return
    if function is None:
        config[TRIGGERS[name]] = Open("a function")
        return
    config[TRIGGERS[name]] = world.attribute(function, "functionArn")
    id = f"{TRIGGERS[name]}Cognito"
    permit(function, made, id, "cognito-idp.amazonaws.com", made.of("Arn"))


# ------------------------------------------------------------------------------ clients


@makes("aws_cognito.UserPoolGroup")
def group(world: World, made: Construct) -> None:
    owner = world.construct(world.props(made, "userPool"))
    role = world.construct(world.props(made, "role"))
    made.put(
        "AWS::Cognito::UserPoolGroup",
        {
            "GroupName": world.given(made, "groupName"),
            "UserPoolId": world.attribute(owner, "userPoolId") if owner else Open("a user pool"),
            "RoleArn": world.attribute(role, "roleArn") if role else world.given(made, "role"),
            "Precedence": world.given(made, "precedence"),
        },
        "Resource",
    )


@method("addGroup", of=("aws_cognito",))
def add_group(world: World, made: Construct, called: Called) -> Construct:
    found = made.child(world.text(argument(called, 0)), kind="aws_cognito.UserPoolGroup")
    given = argument(called, 1)
    name = world.value(prop(given, "groupName"))
    properties = {"GroupName": name, "UserPoolId": world.attribute(made, "userPoolId")}
    found.put("AWS::Cognito::UserPoolGroup", properties, "Resource")
    return found


@method("addResourceServer")
def add_server(world: World, made: Construct, called: Called) -> Construct:
    given = argument(called, 1)
    found = made.child(world.text(argument(called, 0)), kind="aws_cognito.UserPoolResourceServer")
    identifier = world.value(prop(given, "identifier"))
    found.put(
        "AWS::Cognito::UserPoolResourceServer",
        {
            "Identifier": identifier,
            "Name": world.value(prop(given, "userPoolResourceServerName")) or identifier,
            "UserPoolId": world.attribute(made, "userPoolId"),
        },
        "Resource",
    )
    return found


@method("grant", of=("aws_cognito",))
def grant(world: World, made: Construct, called: Called) -> None:
    actions = [world.text(each) for each in called.arguments[1:]]
    allow(world, argument(called, 0), granted(actions, [world.attribute(made, "userPoolArn")]))


@method(
    "aws_cognito.UserPool.fromUserPoolId",
    "aws_cognito.UserPool.fromUserPoolArn",
    "aws_cognito.UserPoolClient.fromUserPoolClientId",
)
def imported(world: World, made: Construct, called: Called) -> Construct:
    told = world.value(imported_as(called))
    if called.name == "fromUserPoolClientId":
        made.attributes["userPoolClientId"] = told
    elif called.name == "fromUserPoolId":
        place = arn("cognito-idp", joined("userpool/", told))
        made.attributes |= {"userPoolId": told, "userPoolArn": place}
    else:
        id = told.rpartition("/")[2] if isinstance(told, str) else Open("a user pool's id")
        made.attributes |= {"userPoolArn": told, "userPoolId": id}
    return made
