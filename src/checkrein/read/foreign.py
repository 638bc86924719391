"""CDK's apps that were not synthesized: counted, with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from checkrein.model import Evidence, Place, Unread

FILE = "cdk.json"
ADVICE = "run `npx cdk synth` there and scan again"
EFFECT = "its services are not in the table"


def is_cdk(path: str) -> bool:
    """Tell whether a file is what a CDK app is known by."""
    return path.rpartition("/")[2] == FILE


def unread(paths: Iterable[str], assemblies: Iterable[str] = ()) -> list[Unread]:
    """Return one fact for the folders that hold such files, none if there are none.

    ``assemblies`` are the folders that CDK wrote: the app that such a folder lies in is read.
    """
    read = {above for folder in assemblies for above in PurePosixPath(folder).parents}
    folders = {PurePosixPath(path).parent for path in paths} - read
    return [_counted(sorted(map(str, folders)))] if folders else []


def _counted(folders: list[str]) -> Unread:
    first, rest = folders[0], len(folders) - 1
    more = f" and {rest} more folders" if rest else ""
    reason = f"CDK is used in {first}{more}: {ADVICE}"
    evidence = (Evidence(reason, Place(first, 1)),)
    return Unread(
        id="CDK is not read", path=first, reason=reason, effect=EFFECT, fatal=False,
        evidence=evidence,
    )  # fmt: skip
