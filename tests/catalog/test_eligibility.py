"""Every type leads to a service or says why not; statements carry dates; newer tables win."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.catalog.eligibility import (
    Statement,
    listed,
    programs,
    service_called,
    service_of,
    shipped,
    united,
)
from checkrein.catalog.tables import table
from checkrein.errors import InputError, UsageError

TYPES = sorted(
    {
        type
        for part in ("holds", "passes")
        for types in table("services.yaml")[part].values()
        for type in types
    }
    | {name for name in table("services.yaml")["names"] if name.count("::") == 2}
)


@pytest.mark.parametrize("cfn_type", TYPES)
def test_every_type_of_the_catalogue_is_placed(cfn_type: str) -> None:
    assert listed(cfn_type)


def test_services_that_types_name_are_in_the_table() -> None:
    told = table("eligibility.yaml")
    named = {*told["services"].values(), *told["notes"]}
    assert named - set(shipped().rows) == set()
    unlisted = {"Bedrock AgentCore", "EventBridge Scheduler", "MediaConvert"}
    assert set(told["clients"].values()) - set(shipped().rows) == unlisted


def test_statements_are_dated_and_sourced() -> None:
    for service, cells in shipped().rows.items():
        assert set(cells) == {program.column for program in programs().values()}, service
        for said in cells.values():
            assert (said.standing == "unknown") != bool(said.date and said.source), (service, said)


def says(service: str, program: str) -> tuple[str, str]:
    said = shipped().says(service, programs()[program])
    return said.standing, said.date


def test_known_statements() -> None:
    assert says("CloudFront", "fedramp-moderate") == ("in scope", "2026-04")
    assert says("CloudFront", "fedramp-high") == ("not in scope", "2026-04")
    assert says("AppSync", "fedramp-moderate") == ("not in scope", "2026-04")
    assert says("Lambda", "pci") == ("in scope", "2022-07")
    assert says("PrivateLink", "soc") == ("unknown", "")
    assert says("Bedrock", "pci") == ("unknown", "")
    assert says("MemoryDB", "hipaa") == ("not in scope", "2022-07")


@pytest.mark.parametrize(
    ("cfn_type", "properties", "service"),
    [
        ("AWS::Lambda::Function", {}, "Lambda"),
        ("AWS::ECS::TaskDefinition", {"RequiresCompatibilities": ["EC2", "FARGATE"]}, "Fargate"),
        ("AWS::ECS::TaskDefinition", {}, "ECS"),
        ("AWS::RDS::DBCluster", {"Engine": "aurora-postgresql"}, "Aurora (Serverless)"),
        ("AWS::RDS::DBCluster", {"Engine": "mysql"}, "RDS"),
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface"}, "PrivateLink"),
        ("AWS::EC2::VPCEndpoint", {}, "VPC"),
        ("AWS::EC2::Instance", {}, "EC2"),
        ("Custom::Seed", {}, ""),
        ("AWS::CloudFormation::WaitCondition", {}, ""),
        ("AWS::Pipes::Pipe", {}, None),
        ("AWS::Nowhere::Thing", {}, None),
    ],
)
def test_the_service_of_a_type(
    cfn_type: str, properties: dict[str, object], service: str | None
) -> None:
    assert service_of(cfn_type, properties) == service


def test_clients() -> None:
    called = [service_called(name) for name in ("bedrock-runtime", "sts", "nowhere")]
    assert called == ["Bedrock", "", None]


def test_which_data_a_program_is_about() -> None:
    about = [id for id, one in programs().items() if one.concerns("pay.pan")]
    assert {"pci", "fedramp-high", "soc"} <= set(about)
    assert "hipaa" not in about
    assert programs()["pci"].concerns("pay.truncated") is False
    assert programs()["soc"].concerns("public.content") is False
    asked = [id for id, one in programs().items() if one.suggested_by("phi.diagnosis")]
    assert asked == ["hipaa"]


def test_a_newer_table_wins_where_it_speaks(tmp_path: Path) -> None:
    newer = tmp_path / "newer.csv"
    newer.write_text("# from Artifact\nservice, pci, fedramp_high\nAppSync, n@2026-11-02,\n\n")
    found = united(newer)

    expected = Statement("not in scope", "2026-11-02", "newer.csv")
    assert found.says("AppSync", programs()["pci"]) == expected
    assert found.says("AppSync", programs()["fedramp-high"]).date == "2026-04"
    assert found.says("Lambda", programs()["pci"]).standing == "in scope"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("service,pci\n\nLamda,Y\n", ":3: no service is called 'Lamda'; is it Lambda?"),
        ("service,pci\nLambda,perhaps\n", ":2: 'perhaps' is none of Y, N and unknown"),
        ("service,pci\nLambda,Y@2026-13\n", ":2: 'Y@2026-13' is none of"),
        ("service,pcii\n", ":1: no program is called 'pcii'; there are pci, hipaa"),
        ("Lambda,Y\n", ":1: the heading begins with 'Lambda', not with 'service'"),
        ("service,pci\nLambda,Y,N\n", ":2: 3 cells stand under 2 headings"),
        ("", " has no heading"),
    ],
)
def test_a_wrong_table_names_its_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "newer.csv"
    path.write_text(content)
    with pytest.raises(InputError) as raised:
        united(path)
    assert str(raised.value).startswith(f"{path}{said}")


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*none\.csv: No such file"):
        united(tmp_path / "none.csv")
