"""Every control that a check or a topic names exists in its framework's list."""

from __future__ import annotations

import pytest

from checkrein import checks
from checkrein.catalog.frameworks import control, controls, frameworks, topics
from checkrein.catalog.tables import table

CHECKS = checks.load()
SHIPPED = {
    *("owasp-2010", "owasp-2013", "owasp-2017rc1", "owasp-2017", "owasp-2021", "owasp-2025"),
    *("owasp-api-2023", "owasp-serverless", "csa-sas", "cis", "aws-wa", "pci-4.0.1", "hipaa"),
    *("nist-800-53", "soc2", "iso-27001"),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_check_names_controls_that_exist(check: checks.Check) -> None:
    assert [id for id in check.controls if control(id) is None] == []
    assert set(check.topics) <= set(topics())


@pytest.mark.parametrize("topic", topics())
def test_a_topic_names_controls_that_exist(topic: str) -> None:
    assert [id for id in controls(topic) if control(id) is None] == []
    assert set(table("topics.yaml")[topic]) - {"title"} <= set(frameworks())


@pytest.mark.parametrize("id", sorted(SHIPPED))
def test_a_framework_lists_its_controls_in_words(id: str) -> None:
    framework = frameworks()[id]
    assert framework.title
    assert framework.version
    assert framework.source.startswith("https://")
    sections = {number for number, words in framework.controls.items() if words}
    wordless = set(framework.controls) - sections
    assert [
        number for number in wordless if number.rpartition(".")[0] not in framework.controls
    ] == []


def test_lists_are_as_long_as_the_frameworks() -> None:
    """Counted in the documents themselves."""
    assert {id: len(frameworks()[id].controls) for id in sorted(SHIPPED)} == {
        **dict.fromkeys(("owasp-2010", "owasp-2013", "owasp-2017rc1", "owasp-2017"), 10),
        **dict.fromkeys(("owasp-2021", "owasp-2025", "owasp-api-2023", "owasp-serverless"), 10),
        "csa-sas": 12,
        "cis": 70,
        "aws-wa": 63,
        "pci-4.0.1": 312,
        "hipaa": 61,
        "nist-800-53": 424,
        "soc2": 61,
        "iso-27001": 93,
    }


def test_ids_are_taken_apart() -> None:
    found = control("SAS-4")
    assert found is not None
    assert (found[0].id, found[1]) == ("csa-sas", "4")
    found = control("NIST-800-53r5:SC-7(5)")
    assert found is not None
    assert found[0].controls[found[1]] == "Deny by Default — Allow by Exception"
    assert control("CWE-79") is not None
    assert [control(id) for id in ("OWASP-2017:A05", "CWE-x", "PCI-DSS-4.0.1:13.1", "S3.8")] == [
        None
    ] * 4


def test_no_prefix_is_the_beginning_of_another() -> None:
    prefixes = [each.prefix for each in frameworks().values()]
    assert [a for a in prefixes for b in prefixes if a != b and b.startswith(a)] == []


def test_a_check_has_its_own_ids_and_those_of_its_topics() -> None:
    check = next(check for check in CHECKS if check.id == "takeover-path")
    assert check.controls[: len(check.frameworks)] == check.frameworks
    assert {"OWASP-2021:A01", "NIST-800-53r5:AC-6", "SAS-4"} <= set(check.controls)
