"""What is written about the parts of ARNs, forwarded rights and the platform's, against AWS's own."""

from hypothesis import given
from hypothesis import strategies as st

from checkrein.catalog.actions import documented, resource_formats, services
from checkrein.catalog.arn_parts import (
    filled,
    is_named,
    named_by,
    parts_of_arn,
    parts_of_type,
    variables,
)
from checkrein.catalog.arns import arn_format
from checkrein.catalog.tables import table

NAMES = st.text("abcXYZ019-_.", min_size=1, max_size=8)
FORMATS = sorted(
    {
        format
        for prefix in ("s3", "dynamodb", "sqs", "lambda", "states", "logs", "events", "glue")
        for formats in resource_formats(prefix).values()
        for format in formats
    }
)


@given(st.sampled_from(FORMATS), st.data())
def test_what_was_filled_in_is_found_again(format: str, data: st.DataObject) -> None:
    place = {name: name.lower() for name in ("Partition", "Region", "Account") if name in format}
    values = {name: data.draw(NAMES) for name in variables(format)} | place

    assert parts_of_arn(format, filled(format, values)) == values


def test_an_arn_of_another_kind_has_no_parts() -> None:
    table_arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"

    assert parts_of_arn("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", table_arn) is None


def test_a_types_name_is_a_variable_of_the_format() -> None:
    assert parts_of_type(
        "arn:${Partition}:s3:::${BucketName}/${ObjectName}", "AWS::S3::Bucket"
    ) == {
        "BucketName": "${Ref}",
        "ObjectName": "*",
    }


def test_a_format_of_another_service_has_nothing_of_a_type() -> None:
    assert parts_of_type("arn:${Partition}:s3:::${BucketName}", "AWS::SQS::Queue") is None


def test_an_arn_tells_its_resources_name_and_place() -> None:
    found = named_by("AWS::SQS::Queue", "arn:aws:sqs:eu-west-1:111122223333:jobs")

    assert found == {
        "Partition": "aws",
        "Region": "eu-west-1",
        "Account": "111122223333",
        "Ref": "jobs",
    }


def test_members_say_a_variable_by_their_names() -> None:
    assert is_named("QueueName", "QueueUrl")
    assert is_named("StateMachineName", "stateMachineArn")
    assert is_named("StateMachineName", "name", "CreateStateMachine")
    assert not is_named("StateMachineName", "name", "TagResource")
    assert not is_named("WorkgroupId", "WorkgroupName")
    assert not is_named("QueueName", "MessageBody")


def test_every_written_part_is_a_variable_of_its_service() -> None:
    written = table("arn_parts.yaml")
    wrong = [
        (prefix, variable)
        for section in ("parts", "qualifiers")
        for prefix, parts in written[section].items()
        for variable in parts
        if not any(
            variable in variables(format)
            for formats in resource_formats(prefix).values()
            for format in formats
        )
    ]

    assert not wrong
    assert {*written["parts"]} <= {*services()}


def test_every_written_kind_is_known() -> None:
    written = table("arn_parts.yaml")
    kinds = [(p, kind) for p, said in written["plain"].items() for kind in said.split(", ")]
    kinds += [(p, kind) for p, said in written["also"].items() for kind in said]

    assert [(p, kind) for p, kind in kinds if kind not in resource_formats(p)] == []


def test_every_right_that_is_used_in_someones_name_exists() -> None:
    lines = table("forwarded.yaml")["keys"]
    asked = {one.partition(" ")[0] for line in lines.values() for one in line.split(", ")}
    platform = table("platform_rights.yaml")
    used = [
        action
        for said in platform.values()
        for actions in (said.values() if isinstance(said, dict) else [said])
        for action in actions
        if ":" in action
    ]

    assert [a for a in (*lines, *asked, *used) if documented(a) != a] == []
    assert {*platform["networked"]} <= {*platform["trigger"]}


def test_every_type_with_a_key_of_its_own_has_arns() -> None:
    assert all(arn_format(type) for type in table("forwarded.yaml")["properties"])
