"""Terraform resources that CloudFormation has as parts of others, and parts that it has apart."""

from __future__ import annotations

from typing import Any

import pytest

from checkrein.model import Place, Symbol, Value
from checkrein.read.made import Lost
from checkrein.read.terraform.document import document
from checkrein.read.terraform.instances import Json, Root
from tests.read.terraform.test_document import FILE, HEADER, instance, lines, made, properties


def test_a_bucket_is_all_that_is_said_of_it() -> None:
    own = Symbol("aws_s3_bucket.b", "id")
    function = Symbol("aws_lambda_function.f", "arn")
    found = properties(
        instance("aws_s3_bucket.b", bucket="photos"),
        instance(
            "aws_s3_bucket_versioning.b",
            bucket=own,
            versioning_configuration=[{"status": "Enabled"}],
        ),
        instance("aws_s3_bucket_public_access_block.b", bucket=own, block_public_acls=True),
        instance("aws_s3_bucket_acl.b", bucket="photos", acl="public-read"),
        instance(
            "aws_s3_bucket_server_side_encryption_configuration.b",
            bucket=Symbol("aws_s3_bucket_versioning.b", "bucket"),
            rule=[{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms"}]}],
        ),
        instance(
            "aws_s3_bucket_notification.b",
            bucket=own,
            eventbridge=True,
            lambda_function=[
                {
                    "lambda_function_arn": function,
                    "events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                    "filter_suffix": ".jpg",
                }
            ],
        ),
        instance("aws_lambda_function.f"),
    )
    told = {
        "Function": Symbol("aws_lambda_function.f", "Arn"),
        "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".jpg"}]}},
    }

    assert found == {
        "BucketName": "photos",
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
        "AccessControl": "PublicRead",
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
            ]
        },
        "NotificationConfiguration": {
            "EventBridgeConfiguration": {"EventBridgeEnabled": True},
            "LambdaConfigurations": [
                {**told, "Event": "s3:ObjectCreated:*"},
                {**told, "Event": "s3:ObjectRemoved:*"},
            ],
        },
    }


def test_what_is_merged_stands_in_its_own_block() -> None:
    found = lines(
        instance("aws_s3_bucket.b", bucket="photos"),
        instance(
            "aws_s3_bucket_versioning.b",
            bucket=Symbol("aws_s3_bucket.b", "id"),  # 1
            expected_bucket_owner="1",  # 2
            versioning_configuration=[{"status": "Suspended"}],  # 3, the block 4, status 5
        ),
    )

    assert (found["BucketName"], found["VersioningConfiguration.Status"]) == (1, 5)


def test_a_role_has_the_policies_that_are_put_on_it() -> None:
    document_ = {"Version": "2012-10-17", "Statement": []}
    found = made(
        instance("aws_iam_role.fn", name="fn"),
        instance(
            "aws_iam_role_policy.db",
            name="db",
            role=Symbol("aws_iam_role.fn", "id"),
            policy=Json(document_),
        ),
        instance(
            "aws_iam_role_policy_attachment.basic",
            role=Symbol("aws_iam_role.fn", "name"),
            policy_arn="arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        instance(
            "aws_iam_role_policy_attachment.own",
            role="fn",
            policy_arn=Symbol("aws_iam_policy.own", "arn"),
        ),
        instance("aws_iam_policy.own", name="own", policy=Json(document_)),
        instance("aws_iam_role_policy.theirs", role="theirs", policy=Json(document_)),
    )

    assert {id: (each["Type"], each["Properties"]) for id, each in found.items()} == {
        "aws_iam_role.fn": (
            "AWS::IAM::Role",
            {
                "RoleName": "fn",
                "Policies": [{"PolicyName": "db", "PolicyDocument": document_}],
                "ManagedPolicyArns": [
                    "arn:aws:iam::aws:policy/ReadOnlyAccess",
                    Symbol("aws_iam_policy.own", "Ref"),
                ],
            },
        ),
        "aws_iam_policy.own": (
            "AWS::IAM::ManagedPolicy",
            {"ManagedPolicyName": "own", "PolicyDocument": document_},
        ),
        "aws_iam_role_policy.theirs": (
            "AWS::IAM::RolePolicy",
            {"RoleName": "theirs", "PolicyDocument": document_},
        ),
    }


def test_an_attachment_stands_on_its_own_line() -> None:
    found = lines(
        instance("aws_iam_role.fn", name="fn"),
        instance(
            "aws_iam_role_policy_attachment.basic",
            role=Symbol("aws_iam_role.fn", "name"),
            policy_arn="arn:aws:iam::aws:policy/AdministratorAccess",
        ),
    )

    assert found["ManagedPolicyArns.0"] == 2


def test_a_method_has_its_integration_and_responses() -> None:
    api, resource = (
        Symbol("aws_api_gateway_rest_api.a", "id"),
        Symbol("aws_api_gateway_resource.r", "id"),
    )
    key: dict[str, Any] = {"rest_api_id": api, "resource_id": resource}
    found = made(
        instance("aws_api_gateway_rest_api.a", name="a"),
        instance("aws_api_gateway_resource.r", rest_api_id=api, path_part="orders"),
        instance("aws_api_gateway_method.post", **key, http_method="POST", authorization="NONE"),
        instance("aws_api_gateway_method.get", **key, http_method="GET", authorization="AWS_IAM"),
        instance(
            "aws_api_gateway_integration.post",
            **key,
            http_method=Symbol("aws_api_gateway_method.post", "http_method"),
            type="AWS_PROXY",
            uri="arn:post",
        ),
        instance("aws_api_gateway_integration.get", **key, http_method="GET", type="MOCK"),
        instance(
            "aws_api_gateway_integration_response.ok", **key, http_method="GET", status_code="200"
        ),
        instance("aws_api_gateway_method_response.ok", **key, http_method="GET", status_code="200"),
    )

    own = {
        "RestApiId": Symbol("aws_api_gateway_rest_api.a", "Ref"),
        "ResourceId": Symbol("aws_api_gateway_resource.r", "Ref"),
        "ApiKeyRequired": False,
    }
    assert found["aws_api_gateway_method.post"]["Properties"] == {
        **own,
        "HttpMethod": "POST",
        "AuthorizationType": "NONE",
        "Integration": {"Type": "AWS_PROXY", "Uri": "arn:post"},
    }
    assert found["aws_api_gateway_method.get"]["Properties"] == {
        **own,
        "HttpMethod": "GET",
        "AuthorizationType": "AWS_IAM",
        "Integration": {"Type": "MOCK", "IntegrationResponses": [{"StatusCode": "200"}]},
        "MethodResponses": [{"StatusCode": "200"}],
    }


def test_a_part_that_is_not_always_there_says_when() -> None:
    found = properties(
        instance("aws_s3_bucket.b"),
        instance(
            "aws_s3_bucket_versioning.b",
            when="IsProd",
            bucket=Symbol("aws_s3_bucket.b", "id"),
            versioning_configuration=[{"status": "Enabled"}],
        ),
        instance(
            "aws_s3_bucket_logging.b",
            bucket=Symbol("aws_s3_bucket.b", "id"),
            target_bucket="logs",
        ),
    )

    assert found == {
        "VersioningConfiguration": {
            "Status": {"Fn::If": ["IsProd", "Enabled", {"Ref": "AWS::NoValue"}]}
        },
        "LoggingConfiguration": {"DestinationBucketName": "logs"},
    }


def test_parts_of_what_is_not_here_are_told_once_for_each_type() -> None:
    parts = [instance(f"aws_s3_bucket_versioning.{name}", bucket=name) for name in "abc"]
    _, told = document(Root("", (FILE,), tuple(parts)))

    (lost,) = told.lost
    assert lost.reason == (
        "3 resources of the type aws_s3_bucket_versioning set something of others that this"
        " module does not make"
    )


def test_a_part_of_what_is_not_here_is_lost() -> None:
    found, told = document(
        Root("", (FILE,), (instance("aws_s3_bucket_versioning.b", bucket="theirs"),))
    )

    assert found["Resources"] == {}
    reason = (
        "aws_s3_bucket_versioning.b sets something of a resource that this module does not make"
    )
    assert told.lost == [
        Lost(reason, "what it sets is not in the table", Place(FILE, HEADER), fatal=False)
    ]


def test_rules_of_a_security_group_name_one_source_each() -> None:
    own = Symbol("aws_security_group.web", "id")
    found = properties(
        instance(
            "aws_security_group.web",
            name="web",
            ingress=[
                {
                    "from_port": 443,
                    "to_port": 443,
                    "protocol": "tcp",
                    "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"],
                    "self": True,
                }
            ],
        ),
        instance(
            "aws_security_group_rule.out",
            type="egress",
            security_group_id=own,
            protocol="-1",
            from_port=0,
            to_port=0,
            source_security_group_id="sg-2",
        ),
        instance(
            "aws_vpc_security_group_ingress_rule.in",
            security_group_id=own,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="tcp",
        ),
    )

    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    assert found == {
        "GroupName": "web",
        "SecurityGroupIngress": [
            {**https, "CidrIp": "10.0.0.0/8"},
            {**https, "CidrIp": "192.168.0.0/16"},
            {**https, "SourceSecurityGroupId": Symbol("aws_security_group.web", "GroupId")},
            {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp"},
        ],
        "SecurityGroupEgress": [
            {
                "IpProtocol": "-1",
                "FromPort": 0,
                "ToPort": 0,
                "DestinationSecurityGroupId": "sg-2",
            }
        ],
    }


def test_a_security_group_without_rules_lets_nothing_out() -> None:
    rule = {"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp", "FromPort": 252, "ToPort": 86}

    for group in (instance("aws_security_group.a"), instance("aws_security_group.a", egress=[])):
        assert properties(group) == {"SecurityGroupEgress": [rule]}


def test_targets_of_a_rule_are_its_own() -> None:
    found = properties(
        instance("aws_cloudwatch_event_rule.daily", schedule_expression="rate(1 day)"),
        instance(
            "aws_cloudwatch_event_target.f",
            rule=Symbol("aws_cloudwatch_event_rule.daily", "name"),
            target_id="f",
            arn=Symbol("aws_lambda_function.f", "arn"),
            input_transformer=[{"input_paths": {"a": "$.a"}, "input_template": "<a>"}],
        ),
        instance("aws_lambda_function.f"),
    )

    assert found == {
        "ScheduleExpression": "rate(1 day)",
        "Targets": [
            {
                "Id": "f",
                "Arn": Symbol("aws_lambda_function.f", "Arn"),
                "InputTransformer": {"InputPathsMap": {"a": "$.a"}, "InputTemplate": "<a>"},
            }
        ],
    }


def test_arguments_that_are_resources_of_their_own() -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    found, told = document(
        Root(
            "",
            (FILE,),
            (
                instance("aws_sqs_queue.jobs", name="jobs", policy=Json(policy)),
                instance(
                    "aws_route_table.out",
                    vpc_id="vpc-1",
                    route=[
                        {"cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat-1", "gateway_id": ""}
                    ],
                ),
            ),
        )
    )

    assert {id: (each["Type"], each["Properties"]) for id, each in found["Resources"].items()} == {
        "aws_sqs_queue.jobs": ("AWS::SQS::Queue", {"QueueName": "jobs"}),
        "aws_sqs_queue.jobs.policy": (
            "AWS::SQS::QueuePolicy",
            {"PolicyDocument": policy, "Queues": [Symbol("aws_sqs_queue.jobs", "Ref")]},
        ),
        "aws_route_table.out": ("AWS::EC2::RouteTable", {"VpcId": "vpc-1"}),
        "aws_route_table.out.route[0]": (
            "AWS::EC2::Route",
            {
                "DestinationCidrBlock": "0.0.0.0/0",
                "NatGatewayId": "nat-1",
                "RouteTableId": Symbol("aws_route_table.out", "Ref"),
            },
        ),
    }
    assert told.titles["aws_sqs_queue.jobs.policy"] == "jobs"
    assert told.places[("aws_route_table.out.route[0]",)][()] == Place(FILE, 3)


@pytest.mark.parametrize("account_first", [True, False])
def test_what_closes_an_account_closes_its_buckets_and_opens_none(*, account_first: bool) -> None:
    own = Symbol("aws_s3_bucket.b", "id")
    account = instance(
        "aws_s3_account_public_access_block.all",
        block_public_acls=True,
        block_public_policy=False,
        account_id="111122223333",
    )
    bucket = instance(
        "aws_s3_bucket_public_access_block.b",
        bucket=own,
        block_public_acls=False,
        block_public_policy=True,
    )
    both = (account, bucket) if account_first else (bucket, account)
    found = made(*both, instance("aws_s3_bucket.b"), instance("aws_s3_bucket.c"))
    assert {name: each["Properties"] for name, each in found.items()} == {
        "aws_s3_bucket.b": {
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True}
        },
        "aws_s3_bucket.c": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
    }


@pytest.mark.parametrize(
    ("key", "resource"),
    [
        (Symbol("aws_kms_key.k", "key_id"), Symbol("aws_kms_key.k", "Arn")),
        (Symbol("aws_kms_key.k", "arn"), Symbol("aws_kms_key.k", "Arn")),
        ("arn:aws:kms:eu-west-1:111122223333:key/a", "arn:aws:kms:eu-west-1:111122223333:key/a"),
        ("a", "arn:aws:kms:*:*:key/a"),
    ],
)
def test_a_grant_is_a_right_of_the_role_that_it_is_for(key: Value, resource: Value) -> None:
    found = properties(
        instance("aws_iam_role.r", name="r"),
        instance("aws_kms_key.k"),
        instance(
            "aws_kms_grant.g",
            name="reads",
            key_id=key,
            grantee_principal=Symbol("aws_iam_role.r", "arn"),
            operations=["Decrypt"],
        ),
    )
    statement = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    policy = {"PolicyName": "reads", "PolicyDocument": document}
    assert found == {"RoleName": "r", "Policies": [policy]}


def test_a_mapping_means_its_domain_by_the_name() -> None:
    domain = instance("aws_api_gateway_domain_name.d", domain_name="api.example.org")
    name = Symbol("aws_api_gateway_domain_name.d", "domain_name")
    found = properties(instance("aws_api_gateway_base_path_mapping.m", domain_name=name), domain)
    assert found == {"DomainName": Symbol("aws_api_gateway_domain_name.d", "Ref")}
