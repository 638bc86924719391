"""Templates that CDK wrote: what it made them of, and where that is said."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from checkrein.read.cdk import assembly as cdk
from checkrein.read.cdk.added import added_for
from checkrein.read.cdk.names import names, rename
from checkrein.read.cdk.places import construct_path, places
from checkrein.read.made import Made

SUFFIX = ".template.json"


def adopt(root: File, path: str, document: dict[str, Any]) -> Made:
    """Return what is told of a template; have its document name code by where that lies."""
    made = Made()
    resources = document.get("Resources")
    if not path.endswith(SUFFIX) or not isinstance(resources, dict):
        return made
    assembly = cdk.with_local_code(root, path, resources)
    if assembly is None:
        return made
    made.by = cdk.CDK
    made.stack = cdk.stack_name(assembly, path)
    constructs = {name: construct_path(declared) for name, declared in resources.items()}
    called = names(document, constructs)
    made.logical = {new: old for old, new in called.items()}
    for name, own in places(root, assembly, resources).items():
        made.places[(called.get(name, name),)] = own
    for name, construct in constructs.items():
        known = called.get(name, name)
        made.constructs[known] = construct
        purpose = added_for(construct)
        if purpose:
            made.added[known] = f"{cdk.CDK} adds it by itself, {purpose}"
    rename(document, called)
    return made
