"""All that is known of the library: importing this enters every class and method."""

from __future__ import annotations

from checkrein.read.cdk.unsynthesized.library.services import (
    apigateway,
    cloudfront,
    cognito,
    core,
    dynamodb,
    events,
    functions,
    http_apis,
    iam,
    messages,
    network,
    others,
    s3,
    secrets,
)

LOADED = (
    apigateway, cloudfront, cognito, core, dynamodb, events, functions, http_apis, iam, messages, network, others, s3, secrets,
)  # fmt: skip
