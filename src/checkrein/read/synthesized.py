"""Templates that a program of the team wrote: what it made them of, and where that is said."""

from __future__ import annotations

import re
from pathlib import Path as File
from typing import Any

from checkrein.model import Path, Place
from checkrein.read import cdk
from checkrein.read.cdk_added import added_for
from checkrein.read.cdk_places import construct_path, places

CDK = "CDK"
SUFFIX = ".template.json"
HASH = re.compile(r"(?<=.)[0-9A-F]{8}\Z")  # what CDK appends to a construct's path


class Made:
    """What a program that wrote a template tells: by what, where it says so, in which words.

    ``places`` holds, under the name of a resource, where it and its properties are made;
    ``constructs`` what made a resource, ``titles`` what that is called, and ``added`` why the
    framework made it by itself.
    """

    def __init__(self) -> None:
        self.by = ""
        self.places: dict[Path, dict[Path, Place]] = {}
        self.constructs: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.added: dict[str, str] = {}

    def place(self, path: Path) -> Place | None:
        """Return where what stands at a path of the template is made, None if nothing says so."""
        own = self.places.get(path[1:2], {}) if path[:1] == ("Resources",) else {}
        inner = path[3:] if path[2:3] == ("Properties",) else path[2:]
        return next((own[inner[:n]] for n in range(len(inner), -1, -1) if inner[:n] in own), None)


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
