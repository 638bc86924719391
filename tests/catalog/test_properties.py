"""The properties that types take, by name."""

from __future__ import annotations

from checkrein.catalog.properties import properties, types


def test_a_type_takes_what_a_template_may_set() -> None:
    record = properties("AWS::Route53::RecordSet")
    assert {"Name", "Type", "AliasTarget", "HostedZoneId"} <= record
    assert "Id" not in record  # AWS gives it
    assert "Events" in properties("AWS::Serverless::Function")
    assert properties("Custom::Thing") == frozenset()


def test_all_types_are_known() -> None:
    assert {"AWS::CloudFront::Distribution", "AWS::Serverless::Api"} <= types()
    assert len(types()) > 1500
