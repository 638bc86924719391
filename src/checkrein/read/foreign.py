"""Applications whose templates are not here, or not read yet: counted, with what to do instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from checkrein.model import Evidence, Place, Unread

NOTATIONS = {  # what to do instead
    "CDK": "run `npx cdk synth` there and scan again",
    "Terraform": "not read yet",
}
FILES = {"cdk.json": "CDK"}
SUFFIXES = (".tf",)  # besides those that templates have
EFFECT = "its services are not in the table"


def notation(path: str) -> str:
    """Return the notation that a file's name tells, "" if none."""
    name = path.rpartition("/")[2]
    return "Terraform" if name.endswith(".tf") else FILES.get(name, "")


def unread(paths: Iterable[str], assemblies: Iterable[str] = ()) -> list[Unread]:
    """Return one fact for each notation, with the number of folders that hold such files.

    ``assemblies`` are the folders that CDK wrote: the app that such a folder lies in is read.
    """
    folders: defaultdict[str, set[str]] = defaultdict(set)
    read = {above for folder in assemblies for above in PurePosixPath(folder).parents}
    for path in paths:
        folder = PurePosixPath(path).parent
        if notation(path) != "CDK" or folder not in read:
            folders[notation(path)].add(str(folder))
    return [_counted(name, sorted(folders[name])) for name in NOTATIONS if folders[name]]


def _counted(name: str, folders: list[str]) -> Unread:
    first, rest = folders[0], len(folders) - 1
    more = f" and {rest} more folders" if rest else ""
    reason = f"{name} is used in {first}{more}: {NOTATIONS[name]}"
    evidence = (Evidence(reason, Place(first, 1)),)
    return Unread(
        id=f"{name} is not read", path=first, reason=reason, effect=EFFECT, fatal=False,
        evidence=evidence,
    )  # fmt: skip
