"""Instances of Terraform to documents in CloudFormation's shape."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

import pytest

from checkrein.model import Choice, Open, Path, Place, Symbol, Text
from checkrein.read.made import Lost
from checkrein.read.terraform.document import document, title
from checkrein.read.terraform.instances import Instance, Json, Root

FILE = "main.tf"
HEADER = 1000


def instance(address: str, /, *, when: str = "", **values: Any) -> Instance:
    """Return an instance whose n-th argument, nested ones too, stands on line n."""
    places: dict[Path, Place] = {}

    def place(value: Any, at: Path) -> None:
        places[at] = Place(FILE, len(places) + 1)
        items = value.items() if isinstance(value, dict) else ()
        for key, item in items or (enumerate(value) if isinstance(value, list) else ()):
            place(item, (*at, key))

    for name, value in values.items():
        place(value, (name,))
    parts = [part for part in address.split(".") if part != "data"]
    is_data = address.startswith("data.")
    return Instance(address, parts[-2], values, Place(FILE, HEADER), places, is_data, when)


def made(*instances: Instance) -> dict[str, dict[str, Any]]:
    """Return the resources of the document of some instances."""
    found: dict[str, dict[str, Any]] = document(Root("", (FILE,), instances))[0]["Resources"]
    return found


def properties(*instances: Instance) -> dict[str, Any]:
    """Return the properties of the first resource of some instances' document."""
    found: dict[str, Any] = next(iter(made(*instances).values()))["Properties"]
    return found


def lines(*instances: Instance) -> dict[str, int]:
    """Return the line of each property of the first resource, by its dotted path."""
    told = document(Root("", (FILE,), instances))[1]
    first = next(iter(told.places.values()))
    return {".".join(map(str, at)): place.line for at, place in first.items()}


# ------------------------------------------------------------------------------ names, nesting


def test_names_and_nesting_follow_the_schema() -> None:
    function = instance(
        "aws_lambda_function.orders",
        function_name="orders",
        memory_size=256,
        environment=[{"variables": {"STAGE": "prod"}}],
        vpc_config=[{"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}],
        file_system_config=[{"arn": "arn:fs", "local_mount_path": "/mnt/data"}],
        tags={"team": "shop"},
        timeouts=[{"create": "5m"}],
        description=None,
    )

    assert made(function) == {
        "aws_lambda_function.orders": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "orders",
                "MemorySize": 256,
                "Environment": {"Variables": {"STAGE": "prod"}},
                "VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
                "FileSystemConfigs": [{"Arn": "arn:fs", "LocalMountPath": "/mnt/data"}],
                "Tags": [{"Key": "team", "Value": "shop"}],
            },
        }
    }


def test_what_differs_is_in_the_table() -> None:
    table = instance(
        "aws_dynamodb_table.orders",
        name="orders",
        hash_key="id",
        range_key="day",
        attribute=[{"name": "id", "type": "S"}, {"name": "day", "type": "N"}],
        global_secondary_index=[
            {"name": "byDay", "hash_key": "day", "projection_type": "KEYS_ONLY"}
        ],
        server_side_encryption=[{"enabled": True, "kms_key_arn": "arn:key"}],
        point_in_time_recovery=[{"enabled": True}],
        ttl=[{"attribute_name": "until", "enabled": True}],
    )

    assert properties(table) == {
        "TableName": "orders",
        "KeySchema": [
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "day", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "N"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "byDay",
                "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": "arn:key"},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
    }


def test_json_text_is_read_as_what_it_says() -> None:
    task = instance(
        "aws_ecs_task_definition.web",
        family="web",
        container_definitions=Json(
            [{"name": "web", "portMappings": [{"containerPort": 80}], "image": "nginx"}]
        ),
    )
    machine = instance(
        "aws_sfn_state_machine.flow",
        definition=Text(('{"States": {"Do": {"Resource": "', Symbol("@aws", "Region"), '"}}}')),
    )

    assert properties(task)["ContainerDefinitions"] == [
        {"Name": "web", "PortMappings": [{"ContainerPort": 80}], "Image": "nginx"}
    ]
    assert properties(machine)["Definition"] == {
        "States": {"Do": {"Resource": Symbol("@aws", "Region")}}
    }


def test_what_is_not_known_stays_open() -> None:
    why = Open("only the plan tells")
    group = instance("aws_security_group.web", name=why, ingress=why, egress=why)

    assert properties(group) == {
        "GroupName": why,
        "SecurityGroupIngress": why,
        "SecurityGroupEgress": why,
    }


def test_each_alternative_of_a_choice_is_turned() -> None:
    acl = Choice((((("#Open", True),), "public-read"), ((("#Open", False),), "private")))

    assert properties(instance("aws_s3_bucket.site", acl=acl))["AccessControl"] == Choice(
        (((("#Open", True),), "PublicRead"), ((("#Open", False),), "Private"))
    )


# ------------------------------------------------------------------------------ references


def test_references_are_what_cloudformation_calls_them() -> None:
    queue = instance("aws_sqs_queue.jobs", name="jobs")
    topic = instance("aws_sns_topic.news", name="news")
    group = instance("aws_cloudwatch_log_group.logs", name="/aws/lambda/orders")
    function = instance(
        "aws_lambda_function.orders",
        timeout=7,
        environment=[
            {
                "variables": {
                    "URL": Symbol("aws_sqs_queue.jobs", "url"),
                    "NAME": Symbol("aws_sqs_queue.jobs", "name"),
                    "ARN": Symbol("aws_sqs_queue.jobs", "arn"),
                    "TOPIC": Symbol("aws_sns_topic.news", "arn"),
                    "LOGS": Text((Symbol("aws_cloudwatch_log_group.logs", "arn"), ":*")),
                    "ELSEWHERE": Symbol("@ssm", "/shop/key"),
                    "OWN": Symbol("aws_lambda_function.orders", "timeout"),
                }
            }
        ],
    )
    found = made(queue, topic, group, function)["aws_lambda_function.orders"]["Properties"]

    assert found["Environment"]["Variables"] == {
        "URL": Symbol("aws_sqs_queue.jobs", "Ref"),
        "NAME": Symbol("aws_sqs_queue.jobs", "QueueName"),
        "ARN": Symbol("aws_sqs_queue.jobs", "Arn"),
        "TOPIC": Symbol("aws_sns_topic.news", "Ref"),
        "LOGS": Text((
            "arn:", Symbol("@aws", "Partition"), ":logs:", Symbol("@aws", "Region"), ":",
            Symbol("@aws", "AccountId"), ":log-group:",
            Symbol("aws_cloudwatch_log_group.logs", "Ref"), ":*",
        )),
        "ELSEWHERE": Symbol("@ssm", "/shop/key"),
        "OWN": 7,
    }  # fmt: skip


def test_data_sources_say_what_they_look_up() -> None:
    function = instance(
        "aws_lambda_function.orders",
        environment=[
            {
                "variables": {
                    "ACCOUNT": Symbol("data.aws_caller_identity.me", "account_id"),
                    "KEY": Symbol("data.aws_ssm_parameter.key", "value"),
                    "QUEUE": Symbol("data.aws_sqs_queue.old", "arn"),
                    "VPC": Symbol("data.aws_vpc.default", "id"),
                    "RANDOM": Symbol("random_id.suffix", "hex"),
                }
            }
        ],
    )
    found = properties(
        function,
        instance("data.aws_caller_identity.me"),
        instance("data.aws_ssm_parameter.key", name="/shop/key"),
        instance("data.aws_sqs_queue.old", name="old"),
        instance("data.aws_vpc.default", default=True),
        instance("random_id.suffix", byte_length=4),
    )

    assert found["Environment"]["Variables"] == {
        "ACCOUNT": Symbol("@aws", "AccountId"),
        "KEY": Symbol("@ssm", "/shop/key"),
        "QUEUE": Text((
            "arn:", Symbol("@aws", "Partition"), ":sqs:", Symbol("@aws", "Region"), ":",
            Symbol("@aws", "AccountId"), ":old",
        )),
        "VPC": Open("data.aws_vpc.default is looked up when it is applied"),
        "RANDOM": Open("a random value that Terraform makes"),
    }  # fmt: skip


def test_policy_documents_of_data_sources_are_written_out() -> None:
    trust = instance(
        "data.aws_iam_policy_document.trust",
        statement=[
            {
                "actions": ["sts:AssumeRole"],
                "principals": [
                    {"type": "Service", "identifiers": ["lambda.amazonaws.com"]},
                    {"type": "Service", "identifiers": ["edgelambda.amazonaws.com"]},
                ],
                "condition": [
                    {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]}
                ],
            },
            {
                "sid": "No",
                "effect": "Deny",
                "actions": ["*"],
                "resources": ["arn:aws:s3:::b/&{aws:username}"],
            },
        ],
    )
    role = instance(
        "aws_iam_role.fn",
        assume_role_policy=Symbol("data.aws_iam_policy_document.trust", "json"),
    )

    assert properties(role, trust) == {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["sts:AssumeRole"],
                    "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
                    "Condition": {"StringEquals": {"aws:SourceAccount": ["1"]}},
                },
                {
                    "Sid": "No",
                    "Effect": "Deny",
                    "Action": ["*"],
                    "Resource": ["arn:aws:s3:::b/${aws:username}"],
                },
            ],
        }
    }


def test_a_policy_document_starts_from_others_and_is_overridden() -> None:
    base = instance(
        "data.aws_iam_policy_document.base",
        statement=[
            {"sid": "A", "actions": ["s3:GetObject"]},
            {"sid": "B", "actions": ["s3:PutObject"]},
        ],
    )
    whole = instance(
        "data.aws_iam_policy_document.whole",
        source_policy_documents=[Symbol("data.aws_iam_policy_document.base", "json")],
        override_policy_documents=['{"Statement": {"Sid": "B", "Effect": "Deny", "Action": "*"}}'],
    )
    policy = instance(
        "aws_iam_policy.p", policy=Symbol("data.aws_iam_policy_document.whole", "json")
    )

    assert properties(policy, base, whole)["PolicyDocument"]["Statement"] == [
        {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"]},
        {"Sid": "B", "Effect": "Deny", "Action": "*"},
    ]


# ------------------------------------------------------------------------------ code


def code(function: Instance, *others: Instance) -> Any:
    return made(function, *others)["aws_lambda_function.f"]["Properties"].get("Code")


def test_code_is_what_the_archive_holds() -> None:
    folder = instance("data.archive_file.zip", source_dir="./src/orders", output_path="./f.zip")
    by_name = instance(
        "aws_lambda_function.f", filename=Symbol("data.archive_file.zip", "output_path")
    )
    by_hash = instance(
        "aws_lambda_function.f",
        filename="build/f.zip",
        source_code_hash=Symbol("data.archive_file.zip", "output_base64sha256"),
    )
    by_path = instance("aws_lambda_function.f", filename="f.zip")

    assert [code(each, folder) for each in (by_name, by_hash, by_path)] == ["src/orders"] * 3
    assert code(by_path) == "f.zip"


def test_code_comes_from_a_bucket_an_image_or_text() -> None:
    archive = instance("data.archive_file.zip", source_file="src/app.py", output_path="f.zip")
    upload = instance(
        "aws_s3_object.code",
        bucket="artifacts",
        key="f.zip",
        source=Symbol("data.archive_file.zip", "output_path"),
    )
    inline = instance(
        "data.archive_file.zip", source=[{"content": "def f(e, c): ...", "filename": "app.py"}]
    )
    uploaded = instance(
        "aws_lambda_function.f", s3_bucket="artifacts", s3_key=Symbol("aws_s3_object.code", "key")
    )
    stored = instance("aws_lambda_function.f", s3_bucket="theirs", s3_key="g.zip")
    theirs = instance("data.aws_s3_object.code", bucket="theirs", key="h.zip")
    put = instance(
        "aws_lambda_function.f", s3_bucket="b", s3_key=Symbol("data.aws_s3_object.code", "key")
    )
    image = instance("aws_lambda_function.f", image_uri="1.dkr.ecr/x:1", package_type="Image")
    zipped = instance(
        "aws_lambda_function.f", filename=Symbol("data.archive_file.zip", "output_path")
    )

    assert code(uploaded, upload, archive) == "src/app.py"
    assert code(stored, upload, archive) == {"S3Bucket": "theirs", "S3Key": "g.zip"}
    assert code(put, theirs) == {"S3Bucket": "b", "S3Key": "h.zip"}
    assert code(image) == {"ImageUri": "1.dkr.ecr/x:1"}
    assert code(zipped, inline) == {"ZipFile": "def f(e, c): ..."}


def test_an_image_says_what_it_is_built_from() -> None:
    image = instance(
        "docker_image.app",
        name="1.dkr.ecr/app",
        build=[{"context": "./app", "dockerfile": "Dockerfile.lambda", "target": "run"}],
    )
    pushed = instance("docker_registry_image.app", name=Symbol("docker_image.app", "name"))
    function = instance(
        "aws_lambda_function.f", image_uri=Symbol("docker_registry_image.app", "name")
    )

    assert made(function, image, pushed)["aws_lambda_function.f"] == {
        "Type": "AWS::Lambda::Function",
        "Metadata": {
            "DockerContext": "app",
            "Dockerfile": "Dockerfile.lambda",
            "DockerBuildTarget": "run",
        },
        "Properties": {"Code": {"ImageUri": "1.dkr.ecr/app"}},
    }


def test_text_of_an_archive_is_the_file_that_holds_it(tmp_path: File) -> None:
    (tmp_path / "lambda").mkdir()
    (tmp_path / "lambda" / "app.py").write_text("def run(e, c): ...\n")
    archive = instance(
        "data.archive_file.zip",
        source=[{"content": "def run(e, c): ...\n", "filename": "app.py"}],
    )
    function = instance(
        "aws_lambda_function.f",
        handler="app.run",
        filename=Symbol("data.archive_file.zip", "output_path"),
    )
    root = Root("", (FILE,), (function, archive))

    def read(base: File | None) -> Any:
        return document(root, base)[0]["Resources"]["aws_lambda_function.f"]["Properties"]

    assert read(tmp_path) == {"Handler": "app.run", "Code": "lambda/app.py"}
    assert read(None) == {"Handler": "index.run", "Code": {"ZipFile": "def run(e, c): ...\n"}}


# ------------------------------------------------------------------------------ the whole


def test_types_without_a_counterpart_stay_and_are_counted() -> None:
    unknown = [instance(f"aws_no_such.x{n}", some_thing=n) for n in range(2)]
    others = [instance("rabbitmq_queue.q"), instance("rabbitmq_binding.b")]
    random = instance("random_id.r")
    found, told = document(Root("", (FILE,), (*unknown, *others, random)))

    assert {id: each["Type"] for id, each in found["Resources"].items()} == {
        "aws_no_such.x0": "Terraform::aws_no_such",
        "aws_no_such.x1": "Terraform::aws_no_such",
    }
    place = Place(FILE, HEADER)
    effect = "its arguments are read by their names alone"
    assert told.lost == [
        Lost("2 resources are of the type aws_no_such, which is not known here", effect, place),
        Lost(
            "2 resources are of the provider rabbitmq, not of AWS",
            "they are not in the table",
            place,
        ),
    ]


def test_conditions_and_protection_are_the_resources() -> None:
    table = instance("aws_dynamodb_table.t", when="IsProd", lifecycle=[{"prevent_destroy": True}])

    assert made(table) == {
        "aws_dynamodb_table.t": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {},
            "Condition": "IsProd",
            "DeletionPolicy": "Retain",
        }
    }


def test_addresses_are_ids_and_titles_what_the_team_says() -> None:
    routes = instance('aws_apigatewayv2_route.this["GET /orders"]', route_key="GET /orders")
    _, told = document(Root("", (FILE,), (routes,)))

    assert told.by == "Terraform"
    assert told.constructs == {
        'aws_apigatewayv2_route.this["GET :orders"]': 'aws_apigatewayv2_route.this["GET /orders"]'
    }
    assert [
        title(address)
        for address in (
            "aws_s3_bucket.photos",
            "module.users.aws_dynamodb_table.this",
            'module.users.aws_dynamodb_table.this["eu"]',
            "module.shop.module.api.aws_lambda_function.orders[0]",
            "aws_sqs_queue.this",
        )
    ] == ["photos", "users", "users_eu", "orders", "this"]


def test_properties_stand_where_the_user_wrote_them() -> None:
    function = instance(
        "aws_lambda_function.orders",  # line 1000
        function_name="orders",  # 1
        environment=[{"variables": {"KEY": "abc"}}],  # 2: the block 3, variables 4, KEY 5
        tags={"team": "shop"},
    )
    found = lines(function)

    assert (found[""], found["FunctionName"]) == (HEADER, 1)
    assert found["Environment.Variables.KEY"] == 5


def test_variables_stand_where_they_are_declared() -> None:
    declared, default = Place(FILE, 7), Place(FILE, 8)
    places: dict[Path, Place] = {
        ("Parameters", "token"): declared,
        ("Parameters", "token", "Default"): default,
    }
    told = document(Root("", (FILE,), (), places=places))[1]
    assert told.place(("Parameters", "token", "Type")) == declared
    assert told.place(("Parameters", "token", "Default")) == default


def test_statements_stand_in_the_data_source_that_writes_them() -> None:
    trust = instance(
        "data.aws_iam_policy_document.trust",
        statement=[{"effect": "Allow", "actions": ["sts:AssumeRole"]}],  # block 2, effect 3
    )
    role = instance(
        "aws_iam_role.fn",
        name="fn",
        path="/",
        max_session_duration=3600,
        assume_role_policy=Symbol("data.aws_iam_policy_document.trust", "json"),
    )
    found = lines(role, trust)

    assert found["AssumeRolePolicyDocument"] == 4
    assert found["AssumeRolePolicyDocument.Statement.0"] == 2
    assert found["AssumeRolePolicyDocument.Statement.0.Effect"] == 3


def test_an_app_of_amplify_has_a_domain() -> None:
    found = properties(
        instance(
            "aws_amplify_domain_association.d",
            app_id=Symbol("aws_amplify_app.a", "id"),
            domain_name="example.com",
            wait_for_verification=False,
            sub_domain=[{"branch_name": "main", "prefix": "www"}],
        ),
        instance("aws_amplify_app.a"),
    )
    assert found == {
        "AppId": Symbol("aws_amplify_app.a", "AppId"),
        "DomainName": "example.com",
        "SubDomainSettings": [{"BranchName": "main", "Prefix": "www"}],
    }


@pytest.mark.parametrize(
    ("address", "values", "expected"),
    [
        ("aws_kinesis_stream.s", {"encryption_type": "NONE"}, {}),
        (
            "aws_kinesis_stream.s",
            {"encryption_type": "KMS"},
            {"StreamEncryption": {"EncryptionType": "KMS"}},
        ),
        (
            "aws_apigatewayv2_stage.s",
            {"route_settings": [{"route_key": "GET /a", "throttling_rate_limit": 5}]},
            {"RouteSettings": {"GET /a": {"ThrottlingRateLimit": 5}}},
        ),
        (
            "aws_fsx_windows_file_system.f",
            {"kms_key_id": "k", "throughput_capacity": 8},
            {
                "KmsKeyId": "k",
                "WindowsConfiguration": {"ThroughputCapacity": 8},
                "FileSystemType": "WINDOWS",
            },
        ),
    ],
)
def test_what_real_plans_have(
    address: str, values: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert properties(instance(address, **values)) == expected
