"""Plugins that add nothing to what is deployed beside code, and why that is known.

Each reason is the plugin's own purpose, from its published description.
"""

from __future__ import annotations

BUILDS = "it builds or bundles the code that the service names"
LOCAL = "it runs the service, or what it uses, on the developer's machine"
VARIABLES = "it only gives variables values"
UPLOADS = "it puts files into buckets once the stack is there"
AFTERWARDS = "it acts once the stack is deployed, or removes what is old"
TELLS = "it prints, checks or writes files, and changes nothing"
SPLITS = "it moves resources into nested stacks of the same content"

HARMLESS = {
    "@hewmen/serverless-plugin-typescript": BUILDS,
    "serverless-babel-plugin": BUILDS,
    "serverless-bundle": BUILDS,
    "serverless-esbuild": BUILDS,
    "serverless-go-build": BUILDS,
    "serverless-go-plugin": BUILDS,
    "serverless-optimize": BUILDS,
    "serverless-package-python-functions": BUILDS,
    "serverless-plugin-common-excludes": BUILDS,
    "serverless-plugin-include-dependencies": BUILDS,
    "serverless-plugin-monorepo": BUILDS,
    "serverless-plugin-optimize": BUILDS,
    "serverless-plugin-typescript": BUILDS,
    "serverless-python-requirements": BUILDS,
    "serverless-ruby-layer": "it packs gems into a layer",
    "serverless-layers": "it packs dependencies into a layer",
    "serverless-rust": BUILDS,
    "serverless-plugin-chrome": BUILDS,
    "serverless-rack": "it hands requests on to a Rack application",
    "serverless-tscpaths": BUILDS,
    "serverless-webpack": BUILDS,
    "serverless-jetpack": BUILDS,
    "serverless-nextjs-plugin": BUILDS,
    "serverless-plugin-parcel": BUILDS,
    "serverless-dynamodb": LOCAL,
    "serverless-dynamodb-local": LOCAL,
    "serverless-localstack": LOCAL,
    "serverless-offline": LOCAL,
    "serverless-offline-aws-eventbridge": LOCAL,
    "serverless-offline-dynamodb-streams": LOCAL,
    "serverless-offline-kinesis": LOCAL,
    "serverless-offline-local-authorizers-plugin": LOCAL,
    "serverless-offline-lambda": LOCAL,
    "serverless-offline-scheduler": LOCAL,
    "serverless-offline-sns": LOCAL,
    "serverless-offline-sqs": LOCAL,
    "serverless-offline-ssm": LOCAL,
    "serverless-offline-watcher": LOCAL,
    "serverless-mocha-plugin": LOCAL,
    "serverless-jest-plugin": LOCAL,
    "serverless-plugin-simulate": LOCAL,
    "serverless-s3-local": LOCAL,
    "serverless-step-functions-local": LOCAL,
    "serverless-cf-vars": VARIABLES,
    "serverless-dotenv-plugin": VARIABLES,
    "serverless-export-env": VARIABLES,
    "serverless-pseudo-parameters": VARIABLES,
    "serverless-secrets-plugin": VARIABLES,
    "serverless-stage-manager": VARIABLES,
    "serverless-finch": UPLOADS,
    "serverless-s3-deploy": UPLOADS,
    "serverless-single-page-app-plugin": UPLOADS,
    "serverless-alexa-skills": AFTERWARDS,
    "serverless-s3-sync": UPLOADS,
    "serverless-s3-remover": UPLOADS,
    "serverless-sync-s3": UPLOADS,
    "serverless-dynamodb-seed": AFTERWARDS,
    "serverless-cloudfront-invalidate": AFTERWARDS,
    "serverless-deployment-bucket": AFTERWARDS,
    "serverless-domain-manager": "it makes a domain name and a mapping beside the stack",
    "serverless-add-api-key": "it makes an API key beside the stack",
    "serverless-better-credentials": "it only finds credentials for the deployment",
    "serverless-api-gateway-caching": "it sets how a stage caches, once it is there",
    "serverless-associate-waf": "it puts a firewall before a stage, once it is there",
    "serverless-plugin-resource-tagging": "it only tags what is there",
    "serverless-hooks": AFTERWARDS,
    "serverless-hooks-plugin": AFTERWARDS,
    "serverless-sam": TELLS,
    "serverless-plugin-scripts": AFTERWARDS,
    "serverless-prune-plugin": AFTERWARDS,
    "serverless-apigateway-deploy": AFTERWARDS,
    "serverless-stack-termination-protection": AFTERWARDS,
    "serverless-appsync-simulator": LOCAL,
    "serverless-apigw-binary": "it says which bodies of a REST API are binary",
    "serverless-aws-documentation": TELLS,
    "serverless-openapi-documentation": TELLS,
    "serverless-openapi-documenter": TELLS,
    "serverless-stack-output": TELLS,
    "serverless-output-to-env": TELLS,
    "serverless-plugin-git-variables": VARIABLES,
    "serverless-manifest-plugin": TELLS,
    "serverless-plugin-utils": TELLS,
    "serverless-analyze-bundle-plugin": TELLS,
    "serverless-plugin-test-helper": TELLS,
    "serverless-plugin-nested-stacks": SPLITS,
    "serverless-plugin-split-stacks": SPLITS,
}

# plugins whose effect on the model is known and not read: what is said instead
NAMED = {
    "serverless-lumigo": "it wraps each function and sends what that is given to Lumigo",
    "serverless-plugin-datadog": "it wraps each function and sends what that is given to Datadog",
    "serverless-newrelic-lambda-layers": "it wraps each function and sends traces to New Relic",
    "serverless-plugin-ifelse": "it takes parts of the service out, or sets them, by conditions",
    "serverless-plugin-conditional-functions": "it takes out functions that are not enabled",
    "@swarmion/serverless-cdk-plugin": "it adds what a CDK construct makes when it runs",
}
OFFLINE = "serverless-offline"  # what runs there has this name, or it and a dash before its own


def changes_nothing(name: str) -> bool:
    """Tell whether a plugin adds nothing to what is deployed beside code."""
    return name in HARMLESS or name.startswith(f"{OFFLINE}-")
