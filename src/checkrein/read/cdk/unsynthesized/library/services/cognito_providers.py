"""Cognito: who else may sign users of a pool in."""

from __future__ import annotations

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.registry import makes
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.world import World

KINDS = {
    "Google": ("Google", "Google"),
    "Facebook": ("Facebook", "Facebook"),
    "Amazon": ("LoginWithAmazon", "LoginWithAmazon"),
    "Apple": ("SignInWithApple", "SignInWithApple"),
    "Oidc": ("OIDC", ""),
    "Saml": ("SAML", ""),
}
DETAILS = {
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "clientSecretValue": "client_secret",
    "issuerUrl": "oidc_issuer",
    "privateKey": "private_key",
    "privateKeyValue": "private_key",
    "keyId": "key_id",
    "teamId": "team_id",
}


@makes(*(f"aws_cognito.UserPoolIdentityProvider{kind}" for kind in KINDS))
def provider(world: World, made: Construct) -> None:
    type, fixed = KINDS[made.kind.rpartition("Provider")[2]]
    owner = world.construct(world.props(made, "userPool"))
    said = None if fixed else world.given(made, "name")
    made.put(
        "AWS::Cognito::UserPoolIdentityProvider",
        {
            "ProviderName": fixed or ("".join(made.path) if said is None else said),
            "ProviderType": type,
            "UserPoolId": world.attribute(owner, "userPoolId") if owner else Open("a user pool"),
            "ProviderDetails": {"MetadataURL": Open("a description of the provider")}
            if type == "SAML"
            else _details(world, made),
            "AttributeMapping": None
            if world.props(made, "attributeMapping") is None
            else Open("attributes of the provider"),
        },
        "Resource",
    )
    made.attributes["providerName"] = made.of()


def _details(world: World, made: Construct) -> dict[str, Value]:
    details: dict[str, Value] = {}
    for name, to in DETAILS.items():
        value = world.given(made, name)
        if value is not None:
            details[to] = value
    scopes = world.given(made, "scopes")
    if scopes is not None:
        known = isinstance(scopes, list) and all(isinstance(each, str) for each in scopes)
        details["authorize_scopes"] = " ".join(scopes) if known else Open("scopes")
    return details
