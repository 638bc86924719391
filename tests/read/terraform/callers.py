"""Calls of published modules, for tests: what their blocks make of the stand-ins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkrein.catalog.terraform_modules import STAND_INS
from checkrein.read.terraform.instances import Instance, Root
from checkrein.read.terraform.roots import read_module

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:q"


def called(folder: Path, source: str, arguments: str = "", more: str = "") -> Root:
    """Return a root module that calls one; the source's namespace may be left out."""
    if source.partition("//")[0].count("/") == 1:
        source = f"terraform-aws-modules/{source}"
    text = f'module "m" {{\n  source = "{source}"\n{arguments}\n}}\n{more}'
    (folder / "main.tf").write_text(text)
    return read_module(folder, "")


def made(folder: Path, source: str, arguments: str = "") -> dict[str, dict[str, Any]]:
    """Return what a module block makes: values by address within the module."""
    found = called(folder, source, arguments).instances
    return {_inner(each): each.values for each in found if not each.is_data}


def statements(folder: Path, source: str, arguments: str, document: str) -> list[Any]:
    """Return the statements of one of a module's policy documents."""
    values = {_inner(each): each.values for each in called(folder, source, arguments).instances}
    return list(values[f"data.aws_iam_policy_document.{document}"]["statement"])


def _inner(instance: Instance) -> str:
    return instance.address.removeprefix("module.m.")


def stand_ins() -> list[str]:
    """Return the folders of all stand-ins."""
    found = {path.parent for path in STAND_INS.rglob("*.tf")}
    return sorted(path.relative_to(STAND_INS).as_posix() for path in found)


def source_of(folder: str) -> str:
    """Return what a module block calls a stand-in's folder by."""
    namespace, name, provider, *inner = folder.split("/")
    source = f"{namespace}/{name}/{provider}"
    return f"{source}//{'/'.join(inner)}" if inner else source
