"""What other tools check is known by id, and our checks name only ids that exist."""

from __future__ import annotations

import re

from checkrein.catalog.peers import peers
from checkrein.checks import load

SHAPES = {"cdk-nag": re.compile(r"AwsSolutions-")}  # whose ids nothing else has, and are all known


def test_ids_that_checks_name_exist() -> None:
    known = {
        tool: {id for tools in peers().values() for id in tools.get(tool, ())} for tool in SHAPES
    }
    named = [(check.id, peer) for check in load() for peer in check.peers]

    assert [
        (check, peer)
        for check, peer in named
        for tool, shape in SHAPES.items()
        if shape.match(peer) and peer not in known[tool]
    ] == []


def test_services_have_the_ids_of_several_tools() -> None:
    functions = peers()["Lambda"]

    assert "CKV_AWS_45" in functions["Checkov"]
    assert "Lambda.2" in functions["FSBP"]
    assert "AwsSolutions-L1" in functions["cdk-nag"]
    assert "awslambda_function_using_supported_runtimes" in functions["Prowler"]
    assert "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED" in functions["cfn-guard"]
