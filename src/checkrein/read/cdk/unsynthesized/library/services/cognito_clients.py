"""Cognito: clients of user pools, and their domains."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.cognito import STANDARD
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    is_unknown,
    joined,
    minutes,
    package,
    prop,
    switched,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, Traced

VERIFIED = {
    "emailVerified": "email_verified",
    "phoneNumberVerified": "phone_number_verified",
}


FLOWS = {
    "userPassword": "ALLOW_USER_PASSWORD_AUTH",
    "adminUserPassword": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "custom": "ALLOW_CUSTOM_AUTH",
    "userSrp": "ALLOW_USER_SRP_AUTH",
    "user": "ALLOW_USER_AUTH",
}


GRANTS = {
    "clientCredentials": "client_credentials",
    "implicitCodeGrant": "implicit",
    "authorizationCodeGrant": "code",
}


SCOPES = {
    "PHONE": "phone",
    "EMAIL": "email",
    "OPENID": "openid",
    "PROFILE": "profile",
    "COGNITO_ADMIN": "aws.cognito.signin.user.admin",
}


def _pool(world: World, made: Construct) -> Value:
    """Return the id of the pool that a construct is made for."""
    owner = world.construct(world.props(made, "userPool"))
    return world.attribute(owner, "userPoolId") if owner else Open("a user pool")


def _added(world: World, pool: Construct, called: Called, kind: str) -> Construct:
    """Return what a method of a pool makes, under the id that it is given."""
    return pool.child(world.text(argument(called, 0)), kind=kind, place=called.place)


@makes("aws_cognito.UserPoolClient")
def client(world: World, made: Construct) -> None:
    _client(world, made, _pool(world, made), made.given)


@method("addClient", of=("aws_cognito",))
def add_client(world: World, made: Construct, called: Called) -> Construct:
    found = _added(world, made, called, "aws_cognito.UserPoolClient")
    _client(world, found, world.attribute(made, "userPoolId"), argument(called, 1))
    return found


def _client(world: World, made: Construct, pool: Value, given: Traced) -> None:
    properties: dict[str, Value] = {
        "UserPoolId": pool,
        "ClientName": world.value(prop(given, "userPoolClientName")),
        "GenerateSecret": world.value(prop(given, "generateSecret")),
        "ExplicitAuthFlows": _flows(world, prop(given, "authFlows")),
        "AccessTokenValidity": minutes(world, prop(given, "accessTokenValidity")),
        "IdTokenValidity": minutes(world, prop(given, "idTokenValidity")),
        "RefreshTokenValidity": minutes(world, prop(given, "refreshTokenValidity")),
        "EnableTokenRevocation": world.value(prop(given, "enableTokenRevocation")),
        "PreventUserExistenceErrors": _errors(world, prop(given, "preventUserExistenceErrors")),
        "SupportedIdentityProviders": _providers(world, prop(given, "supportedIdentityProviders")),
        "ReadAttributes": _attributes(world, prop(given, "readAttributes")),
        "WriteAttributes": _attributes(world, prop(given, "writeAttributes")),
        **_oauth(world, given),
    }
    made.put("AWS::Cognito::UserPoolClient", properties, "Resource")


def _flows(world: World, traced: Traced) -> Value:
    if traced is None:
        return None
    found = switched(world, traced, FLOWS)
    return (
        [*found, "ALLOW_REFRESH_TOKEN_AUTH"] if isinstance(found, list) and found else found or None
    )


def _errors(world: World, traced: Traced) -> Value:
    found = world.value(traced)
    if found is None or is_unknown(found):
        return found
    return "ENABLED" if found else "LEGACY"


def _providers(world: World, listed: Traced) -> Value:
    if listed is None:
        return ["COGNITO"]
    return world.value(listed)


def _named(given: dict[str, Traced]) -> list[tuple[str, Traced]]:
    return list(given.items())


def _attributes(world: World, traced: Traced) -> Value:
    """Return the attributes that a client may read or write."""
    if traced is None:
        return None
    found: list[str] = []
    calls: list[Called] = []
    while isinstance(traced, Called):
        calls.append(traced)
        traced = traced.of
    for called in reversed(calls):
        first = argument(called, 0)
        if called.name == "withStandardAttributes" and isinstance(first, dict):
            found += [
                VERIFIED.get(n) or STANDARD.get(n) or n
                for n, on in _named(first)
                if world.value(on) is True
            ]
            if any(is_unknown(world.value(on)) for on in first.values()):
                return Open("the attributes of a client")
        elif called.name == "withCustomAttributes":
            names = [world.text(each) for each in called.arguments]
            found += [each if each.startswith("custom:") else f"custom:{each}" for each in names]
        else:
            return Open("the attributes of a client")
    return found or Open("the attributes of a client")


def _oauth(world: World, given: Traced) -> dict[str, Value]:
    oauth = prop(given, "oAuth")
    off = world.value(prop(given, "disableOAuth"))
    if off is True:
        return {"AllowedOAuthFlowsUserPoolClient": False}
    if is_unknown(off):
        names = ("AllowedOAuthFlowsUserPoolClient", "AllowedOAuthFlows", "AllowedOAuthScopes")
        return dict.fromkeys((*names, "CallbackURLs", "LogoutURLs"), off)
    flows = prop(oauth, "flows")
    granted_flows: Value = ["implicit", "code"]
    if flows is not None:
        granted_flows = switched(world, flows, GRANTS)
    scopes = prop(oauth, "scopes")
    listed: Value = ["profile", "phone", "email", "openid", "aws.cognito.signin.user.admin"]
    if isinstance(scopes, list):
        listed = [_scope(world, each) for each in scopes]
    elif scopes is not None:
        listed = [Open("a scope")]
    urls = world.value(prop(oauth, "callbackUrls"))
    if urls is None and granted_flows != ["client_credentials"]:
        urls = ["https://example.com"]
    return {
        "AllowedOAuthFlows": granted_flows,
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": listed,
        "CallbackURLs": urls,
        "LogoutURLs": world.value(prop(oauth, "logoutUrls")),
    }


def _scope(world: World, traced: Traced) -> Value:
    word = package(traced).rpartition(".")[2]
    if word in SCOPES:
        return SCOPES[word]
    if isinstance(traced, Called) and traced.name == "custom":
        return world.value(argument(traced, 0))
    if isinstance(traced, Called) and traced.name == "resourceServer":
        server, scope = world.value(argument(traced, 0)), argument(traced, 1)
        return joined(server, "/", world.value(prop(scope, "scopeName")))
    return Open("a scope")


@makes("aws_cognito.UserPoolDomain")
def domain(world: World, made: Construct) -> None:
    _domain(world, made, _pool(world, made), made.given)


@method("addDomain", of=("aws_cognito",))
def add_domain(world: World, made: Construct, called: Called) -> Construct:
    found = _added(world, made, called, "aws_cognito.UserPoolDomain")
    _domain(world, found, world.attribute(made, "userPoolId"), argument(called, 1))
    return found


def _domain(world: World, made: Construct, pool: Value, given: Traced) -> None:
    prefix = prop(given, "cognitoDomain", "domainPrefix")
    name = prefix if prefix is not None else prop(given, "customDomain", "domainName")
    properties = {"Domain": world.value(name), "UserPoolId": pool}
    made.put("AWS::Cognito::UserPoolDomain", properties, "Resource")


@method("baseUrl", "signInUrl", of=("aws_cognito",))
def base_url(world: World, made: Construct, called: Called) -> Value:
    name = made.properties.get("Domain")
    region = world.attribute(made, "region") if made.stack.region is None else made.stack.region
    del region
    return joined("https://", name, ".auth.", Open("a region"), ".amazoncognito.com")
