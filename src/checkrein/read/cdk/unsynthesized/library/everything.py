"""All that is known of the library: importing this enters every class and method."""

from __future__ import annotations

from checkrein.read.cdk.unsynthesized.library.services import (
    apigateway,
    apigateway_parts,
    cloudfront,
    cognito,
    cognito_clients,
    core,
    dynamodb,
    events,
    functions,
    http_apis,
    http_authorizers,
    iam,
    invocations,
    messages,
    network,
    notifications,
    others,
    s3,
    secrets,
)

LOADED = (
    apigateway,
    apigateway_parts,
    cloudfront,
    cognito,
    cognito_clients,
    core,
    dynamodb,
    events,
    functions,
    http_apis,
    http_authorizers,
    iam,
    invocations,
    messages,
    network,
    notifications,
    others,
    s3,
    secrets,
)
