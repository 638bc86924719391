"""Templates that CDK wrote: what it made them of, and where that is said."""

from __future__ import annotations

import re
from pathlib import Path as File
from typing import Any

from checkrein.read import cdk
from checkrein.read.cdk_added import added_for
from checkrein.read.cdk_places import construct_path, places
from checkrein.read.made import Made

CDK = "CDK"
SUFFIX = ".template.json"
HASH = re.compile(r"(?<=.)[0-9A-F]{8}\Z")  # what CDK appends to a construct's path


def adopt(root: File, path: str, document: dict[str, Any]) -> Made:
    """Return what is told of a template; have its document name code by where that lies."""
    made = Made()
    resources = document.get("Resources")
    if not path.endswith(SUFFIX) or not isinstance(resources, dict):
        return made
    assembly = cdk.with_local_code(root, path, resources)
    if assembly is None:
        return made
    made.by = CDK
    made.stack = cdk.stack_name(assembly, path)
    for name, own in places(root, assembly, resources).items():
        made.places[(name,)] = own
    for name, declared in resources.items():
        made.constructs[name] = construct_path(declared)
        if made.constructs[name] and HASH.search(name):
            made.titles[name] = HASH.sub("", name)
        purpose = added_for(made.constructs[name])
        if purpose:
            made.added[name] = f"{CDK} adds it by itself, {purpose}"
    return made
