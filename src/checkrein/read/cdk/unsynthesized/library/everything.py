"""All that is known of the library: importing this enters every class and method."""

from __future__ import annotations

from checkrein.read.cdk.unsynthesized.library.services import (  # noqa: F401 - importing enters them
    apigateway,
    apigateway_parts,
    cloudfront,
    cognito,
    cognito_clients,
    cognito_providers,
    core,
    dynamodb,
    events,
    functions,
    graphql,
    http_apis,
    http_authorizers,
    iam,
    invocations,
    messages,
    network,
    network_parts,
    notifications,
    others,
    relays,
    s3,
    secrets,
    workflows,
)
