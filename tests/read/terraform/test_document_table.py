"""The table of Terraform's types against CloudFormation's schema and what the checks ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File

import pytest

import checkrein
from checkrein.catalog import shapes
from checkrein.catalog.terraform import SAME, Entry, Rule, entry, idle, lacking, written
from checkrein.catalog.terraform_names import Target, found_in
from checkrein.read.terraform.mapping import ITSELF, path_of
from checkrein.read.terraform.mapping_items import EACH
from checkrein.read.terraform.mapping_values import TURNED

ROOT = File(checkrein.__file__).parent
NAMED = re.compile(r"AWS::\w+::\w+")
LIST = "[]"


def asked() -> set[str]:
    """Return the types that a check or the model names."""
    return {
        type
        for room in ("checks", "derive")
        for file in (ROOT / room).rglob("*.py")
        for type in NAMED.findall(file.read_text(encoding="utf-8"))
    }


def made() -> set[str]:
    """Return the types that some Terraform resource becomes."""
    found = set()
    for each in written().values():
        found |= {each.type, each.into.otherwise if each.into else ""}
        found |= {beside.type for beside in each.beside.values()}
    return found


def named_after(type: str) -> str:
    """Return the name that Terraform would give a type by AWS's own naming."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", type.removeprefix("AWS::"))
    return "aws_" + "_".join(words).lower()


def test_every_type_that_is_asked_for_is_made_or_said_to_be_lacking() -> None:
    missing = {
        type
        for type in asked() - made() - set(lacking())
        if (found := entry(named_after(type))) is None or found.type != type
    }

    assert missing == set()


def test_what_is_lacking_is_not_made_and_has_a_reason() -> None:
    assert {type for type in lacking() if type in made()} == set()
    assert all(len(why) > 10 for why in lacking().values())


@pytest.mark.parametrize("type", sorted(written()))
def test_every_rule_leads_to_a_property_that_the_type_has(type: str) -> None:
    each = written()[type]

    assert list(astray(each)) == []


def astray(each: Entry) -> Iterator[str]:
    """Yield the rules of an entry that lead nowhere."""
    if each.into:
        yield from _astray_in_target(each)
        if each.into.otherwise:
            yield from _astray(each.into.otherwise, "", each.alone or each.move)
    else:
        yield from () if shapes.known(each.type) else [f"type {each.type!r}"]
        yield from _astray(each.type, "", each.move)
        yield from _forms_astray(each)
    for name, beside in each.beside.items():
        yield from _astray(beside.type, "", {name: Rule(to=beside.at, move=beside.move)})
        known = shapes.structure(beside.type)
        yield from (
            f"{name}: {key}" for key in {**beside.names, **beside.given} if key not in known
        )


def _astray_in_target(each: Entry) -> Iterator[str]:
    assert each.into
    target = entry(each.into.type[0])
    if target is None:
        yield f"into {each.into.type}"
        return
    yield from () if not each.into.each or each.into.each in EACH else [each.into.each]
    cases = [path for paths in each.into.cases.values() for path in paths.values()]
    for path in cases or [each.into.at]:
        kind = _kind(target.type, "", path.removesuffix(LIST)).lstrip("[")
        yield from () if kind else [path]
        same_side = "Egress" not in path  # the rules of both sides name what comes in
        if kind.startswith(":") and same_side:
            yield from _astray(target.type, kind[1:], each.move)


def _astray(type: str, structure: str, move: dict[str, Rule]) -> Iterator[str]:
    shape = shapes.structure(type, structure)
    for name, rule in move.items():
        if rule.to is None:
            continue
        kind = type.rpartition("::")[2] if not structure else ""
        to = found_in(shape, name, kind) if rule.to == SAME else rule.to
        inner = _kind(type, structure, to) if to is not None else ""
        if not inner:
            yield f"{structure}.{name} -> {to}"
        if rule.by and rule.by not in TURNED and rule.by != ITSELF:
            yield f"{name}: by {rule.by}"
        if rule.each and rule.each not in EACH:
            yield f"{name}: each {rule.each}"
        if rule.move and not rule.by and "Egress" not in (to or name.title()):
            yield from _astray(type, inner.lstrip("[").removeprefix(":"), rule.move)


def _forms_astray(each: Entry) -> Iterator[str]:
    """Yield the attributes that neither CloudFormation tells nor a property is."""
    told = shapes.attributes(each.type) | set(shapes.structure(each.type)) | {"Ref", "Arn"}
    for name, form in each.attributes.items():
        holes = re.findall(r"\$\{(\w[\w.]*)\}", form) if "$" in form else [form]
        for hole in holes:
            if not hole.startswith("=") and hole not in told:
                yield f"{name}: {hole}"


def _kind(type: str, structure: str, path: str) -> str:
    return Target(type).kind(structure, path_of(path))


def test_a_type_of_which_no_table_tells_goes_by_its_name() -> None:
    names = ("aws_kinesis_stream", "aws_glue_job", "awscc_s3_bucket", "aws_cloudwatch_log_stream")

    assert [found.type for name in names if (found := entry(name))] == [
        "AWS::Kinesis::Stream",
        "AWS::Glue::Job",
        "AWS::S3::Bucket",
        "AWS::Logs::LogStream",
    ]
    assert entry("aws_no_such_thing") is None
    assert entry("rabbitmq_queue") is None


def test_what_makes_nothing_says_why() -> None:
    assert idle("random_pet") == "a random value that Terraform makes"
    assert idle("aws_lambda_function") == ""
