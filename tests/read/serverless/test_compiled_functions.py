"""A service's functions, with the provider's settings merged in as the framework does."""

from __future__ import annotations

from tests.read.serverless.compiling import functions, read

FULL = """\
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  stage: prod
  timeout: 10
  memorySize: 512
  environment: {TABLE: orders, LEVEL: info}
  tags: {team: shop}
  vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
  tracing: {lambda: true}
  layers: [arn:layer]
functions:
  say-hello:
    handler: src/hello.main
    timeout: 20
    environment: {LEVEL: debug}
    tags: {part: a}
    reservedConcurrency: 0
    kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/k
    onError: arn:aws:sns:eu-west-1:123456789012:failed
    ephemeralStorageSize: 1024
  quiet:
    handler: src/quiet.main
    name: quiet-one
    vpc: null
    disableLogs: true
    layers: []
"""


def test_a_function_has_what_the_provider_gives_and_what_it_says_itself() -> None:
    assert read(FULL).of("SayDashhelloLambdaFunction") == {
        "FunctionName": "shop-prod-say-hello",
        "Handler": "src/hello.main",
        "Runtime": "nodejs22.x",
        "Code": ".",
        "MemorySize": 512,
        "Timeout": 20,
        "Role": "${IamRoleLambdaExecution.Arn}",
        "Environment": {"Variables": {"TABLE": "orders", "LEVEL": "debug"}},
        "Tags": [{"Key": "team", "Value": "shop"}, {"Key": "part", "Value": "a"}],
        "VpcConfig": {"SecurityGroupIds": ["sg-1"], "SubnetIds": ["subnet-1"]},
        "TracingConfig": {"Mode": "Active"},
        "Layers": ["arn:layer"],
        "ReservedConcurrentExecutions": 0,
        "KmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/k",
        "DeadLetterConfig": {"TargetArn": "arn:aws:sns:eu-west-1:123456789012:failed"},
        "EphemeralStorage": {"Size": 1024},
    }


def test_a_network_and_a_log_can_be_turned_off() -> None:
    found = read(FULL)
    quiet = found.of("QuietLambdaFunction")
    assert quiet["FunctionName"] == "quiet-one"
    assert "VpcConfig" not in quiet
    assert "QuietLogGroup" not in found.resources


def test_each_setting_stands_where_a_person_would_change_it() -> None:
    found = read(FULL)
    function = "SayDashhelloLambdaFunction"
    assert found.line(function) == "say-hello:"
    assert found.line(function, "Timeout") == "timeout: 20"
    assert found.line(function, "MemorySize") == "memorySize: 512"
    assert found.line(function, "Environment.Variables.LEVEL") == "environment: {LEVEL: debug}"
    assert found.line(function, "Environment.Variables.TABLE").startswith("environment: {TABLE")
    assert found.line(function, "Tags.1.Value") == "tags: {part: a}"
    assert found.line(function, "VpcConfig.SubnetIds").startswith("vpc: {securityGroupIds")
    assert found.line(function, "TracingConfig").startswith("tracing")
    assert found.made.constructs[function] == "functions.say-hello"
    assert found.made.titles[function] == "say-hello"


def test_what_the_framework_adds_by_itself_says_so() -> None:
    found = read(FULL)
    assert {id: r.added for id, r in found.resources.items() if r.added} == {
        "ServerlessDeploymentBucket": (
            "the Serverless Framework adds it by itself, for the archives that it deploys"
        ),
        "ServerlessDeploymentBucketPolicy": (
            "the Serverless Framework adds it by itself, to refuse requests without TLS"
        ),
        "SayDashhelloLambdaVersion": (
            "the Serverless Framework adds it by itself, to keep what was deployed before"
        ),
        "QuietLambdaVersion": (
            "the Serverless Framework adds it by itself, to keep what was deployed before"
        ),
    }


def test_outputs_are_exported_under_the_service_and_stage() -> None:
    outputs = read(FULL).document["Outputs"]
    assert outputs["QuietLambdaFunctionQualifiedArn"]["Export"] == {
        "Name": "sls-shop-prod-QuietLambdaFunctionQualifiedArn"
    }


def test_an_archive_stands_for_the_code() -> None:
    found = functions(
        "package: {artifact: build/all.zip}\n"
        "functions:\n"
        "  one: {handler: a.b}\n"
        "  two: {handler: a.b, package: {artifact: build/two.jar}}\n"
        "  three: {handler: a.b, module: three, package: {individually: true}}\n"
    )
    ids = ("One", "Two", "Three")
    assert [found.of(f"{id}LambdaFunction", "Code") for id in ids] == [
        "build/all.zip",
        "build/two.jar",
        "build/all.zip",
    ]


def test_an_image_is_an_address_or_what_builds_it() -> None:
    found = read(
        "service: shop\n"
        "provider:\n"
        "  name: aws\n"
        "  ecr: {images: {base: {path: ./app, file: Dockerfile.lambda}}}\n"
        "functions:\n"
        "  one: {image: {name: base, command: [app.main]}}\n"
        "  two: {image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:1}\n"
    )
    one = found.resources["OneLambdaFunction"]
    assert one.metadata["DockerContext"] == "./app"
    assert one.metadata["Dockerfile"] == "Dockerfile.lambda"
    assert found.of("OneLambdaFunction", "ImageConfig") == {"Command": ["app.main"]}
    assert found.of("OneLambdaFunction", "PackageType") == "Image"
    assert str(found.of("TwoLambdaFunction", "Code.ImageUri")).endswith("/a@sha256:1")


def test_a_url_is_open_to_all_unless_it_asks_for_a_signature() -> None:
    found = functions(
        "functions:\n"
        "  open: {handler: a.b, url: {cors: {allowedOrigins: [https://a.example]}}}\n"
        "  signed: {handler: a.b, url: {authorizer: aws_iam}}\n"
    )
    assert found.of("OpenLambdaFunctionUrl", "AuthType") == "NONE"
    assert found.of("OpenLambdaFunctionUrl", "Cors.AllowOrigins") == ["https://a.example"]
    assert found.of("OpenLambdaPermissionFnUrl", "Principal") == "*"
    assert found.of("SignedLambdaFunctionUrl", "AuthType") == "AWS_IAM"
    assert "SignedLambdaPermissionFnUrl" not in found.resources


def test_results_go_to_functions_and_queues_with_the_rights_for_that() -> None:
    found = functions(
        "functions:\n"
        "  one: {handler: a.b}\n"
        "  two:\n"
        "    handler: a.b\n"
        "    maximumRetryAttempts: 0\n"
        "    destinations: {onSuccess: one, onFailure: arn:aws:sqs:eu-west-1:123456789012:q}\n"
    )
    assert found.of("TwoLambdaEvConf") == {
        "FunctionName": "${TwoLambdaFunction.Ref}",
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 0,
        "DestinationConfig": {
            "OnSuccess": {"Destination": "${OneLambdaFunction.Arn}"},
            "OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:123456789012:q"},
        },
    }
    assert [each["Action"] for each in found.statements()[2:]] == [
        "lambda:InvokeFunction",
        "sqs:SendMessage",
    ]


def test_triggers_go_to_the_alias_that_capacity_is_kept_for() -> None:
    found = functions(
        "functions:\n"
        "  one:\n"
        "    handler: a.b\n"
        "    provisionedConcurrency: 2\n"
        "    events: [schedule: rate(1 hour)]\n"
    )
    assert found.of("OneProvConcLambdaAlias", "Name") == "provisioned"
    target = found.of("OneEventsRuleSchedule1", "Targets.0.Arn")
    assert target == "${OneLambdaFunction.Arn}:provisioned"


def test_a_layer_says_who_else_may_use_it() -> None:
    found = functions(
        "layers:\n"
        "  common: {path: layer, allowedAccounts: ['*']}\n"
        "functions:\n"
        "  one: {handler: a.b, layers: [!Ref CommonLambdaLayer]}\n"
    )
    assert found.of("CommonLambdaLayer", "Content") == "layer"
    assert found.of("CommonWildLambdaLayerPermission", "Principal") == "*"
    assert found.of("OneLambdaFunction", "Layers") == ["${CommonLambdaLayer.Ref}"]


def test_what_cannot_be_told_is_said() -> None:
    found = functions("functions:\n  one: nothing\n  two: {events: []}\n")
    assert found.lost == [
        "what the function one is cannot be told (nothing)",
        "the function two has neither a handler nor an image",
    ]


def test_a_service_elsewhere_has_no_resources() -> None:
    found = read("service: shop\nprovider: {name: google}\nfunctions: {a: {handler: x}}\n")
    assert found.resources == {}
