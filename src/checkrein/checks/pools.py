"""What the users of a user pool get at, and who may make accounts."""

from __future__ import annotations

from checkrein.checks.context import configuring, owners
from checkrein.checks.doors import CREDENTIALS, reached
from checkrein.checks.graphql import held
from checkrein.checks.questions import grouped
from checkrein.checks.worth import valuable
from checkrein.model import App, Entry, Resource

POOL = "AWS::Cognito::UserPool"
CLIENT = "AWS::Cognito::UserPoolClient"
GRAPHQL = "AWS::AppSync::GraphQLApi"


def opened(app: App, pool: str) -> tuple[str, ...]:
    """Return the valuable classes behind the routes that ask a pool who calls, the worst first."""
    found = set(reached(app, grouped(app, Entry, "identity").get(pool, [])))
    for api in configuring(app, pool, GRAPHQL, "UserPoolConfig.UserPoolId"):
        found |= set(held(app, api.id))
    return tuple(valuable(app, {data for data in found if not data.startswith(CREDENTIALS)}))


def pools_of(app: App, client: Resource) -> list[Resource]:
    """Return the pools here that a client belongs to."""
    found = [app.get(Resource, id) for id in sorted(owners(app, client.value("UserPoolId")))]
    return [pool for pool in found if pool is not None and pool.type == POOL]


def opened_by(app: App, client: Resource) -> tuple[str, ...]:
    """Return the valuable classes that the users of a client's pool get at."""
    return tuple(
        valuable(app, {data for pool in pools_of(app, client) for data in opened(app, pool.id)})
    )


def invites_only(pool: Resource) -> bool:
    """Tell whether only administrators make accounts; raise Undecided where it is open."""
    return pool["AdminCreateUserConfig.AllowAdminCreateUserOnly"] is True


def speaks_oauth(client: Resource) -> bool:
    """Tell whether a client signs in through the pool's own pages."""
    return client["AllowedOAuthFlowsUserPoolClient"] is True
