"""Programs that make templates, or deploy without any: counted, with what to do instead.

A program is not guessed at. CDK, CDK for Terraform and SST before its third version write what
they deploy into a folder, which is read where it is there; so does Chalice where it is asked to.
Pulumi and later SST write none.
Sources: the manuals of the AWS CDK's command line (``app``, ``output`` of ``cdk.json``), CDKTF
(``output`` of ``cdktf.json``), SST, Pulumi and Chalice (``package``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import NamedTuple

from checkrein import files
from checkrein.late import regex
from checkrein.model import Evidence, Place, Unread
from checkrein.read.cdk.assembly import document
from checkrein.read.cdk.modules import entry
from checkrein.read.paths import joined

EFFECT = "its services are not in the table"
CHALICE, PACKAGED = ".chalice/config.json", "out/sam.json"
CDK, CDKTF, SST, SST_CONFIG = "cdk.json", "cdktf.json", "sst.json", "sst.config.ts"
PULUMI = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
NAMES = (CDK, CDKTF, SST, SST_CONFIG, *PULUMI)
LATER_SST = regex(r"\$config\s*\(")  # what its third version begins with
SYNTHESIZED = "/cdk.tf.json"  # what CDK for Terraform writes for each stack


class Program(NamedTuple):
    """A kind of program: what it is called, and what makes it readable."""

    name: str
    advice: str


APP = Program("CDK", "run `npx cdk synth` there and scan again")
BARE = Program(
    "CDK without an app in its cdk.json",
    "run `npx cdk synth --app` with the command that starts it there and scan again",
)
TERRAFORM = Program("CDK for Terraform", "run `npx cdktf synth` there and scan again")
STACKS = Program("SST before version 3", "run `npx sst build` there and scan again")
LATER = Program("SST 3 or later", "it deploys with Pulumi and writes no template that can be read")
DIRECT = Program("Pulumi", "it deploys by itself and writes no template that can be read")


WRITING = Program("Chalice", "run `chalice package out` there and scan again")


def is_foreign(path: str) -> bool:
    """Tell whether a file is what such a program is known by."""
    return path.rpartition("/")[2] in NAMES or _is_chalice(path)


def _is_chalice(path: str) -> bool:
    return f"/{path}".endswith(f"/{CHALICE}")


def is_app(path: str) -> bool:
    """Tell whether a file is what a CDK app begins with."""
    return path.rpartition("/")[2] == CDK


def programs(root: File, apps: Iterable[str]) -> list[str]:
    """Return those of some ``cdk.json`` whose program can be read."""
    return [each for each in apps if entry(root, _folder(each))]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def unread(
    root: File,
    paths: Iterable[str],
    assemblies: Iterable[str] = (),
    modules: Iterable[str] = (),
    apps: Iterable[str] = (),
) -> list[Unread]:
    """Return one fact for each kind of program that is not read, with the folders that hold it.

    ``assemblies`` are the folders that CDK wrote, ``modules`` files of Terraform's notation: the
    app that such a folder lies in, or that says it writes there, is read. ``apps`` are those whose
    program is read.
    """
    known = frozenset(apps)
    made = [*assemblies, *(path for path in modules if path.endswith(SYNTHESIZED))]
    found: dict[Program, set[str]] = {}
    for path in paths:
        if path in known:
            continue
        own = PurePosixPath(path).parent
        folder = joined(str(own.parent if _is_chalice(path) else own))
        if not _is_made(root, path, folder, made):
            found.setdefault(_program(root, path), set()).add(folder or ".")
    return [_counted(program, sorted(folders)) for program, folders in sorted(found.items())]


def unmade(root: File, paths: Iterable[str], assemblies: Iterable[str]) -> list[str]:
    """Return those of some files that start a CDK app whose assembly is not there."""
    apps = (path for path in paths if path.rpartition("/")[2] == CDK)
    made = [*assemblies]
    return [each for each in apps if not _is_made(root, each, each.rpartition("/")[0], made)]


def _is_made(root: File, path: str, folder: str, made: list[str]) -> bool:
    """Tell whether what an app writes is there: below its folder, or where it says."""
    name = PurePosixPath(path).name
    if name in PULUMI:
        return False
    if _is_chalice(path):
        return files.is_file(root / joined(folder, PACKAGED))
    fitting = [each for each in made if each.endswith(SYNTHESIZED) == (name == CDKTF)]
    if not fitting:
        return False
    said = document(root, path).get("output") if name in (CDK, CDKTF) else None
    below = [folder, joined(folder, said)] if isinstance(said, str) else [folder]
    return any(
        not start or f"{each}/".startswith(f"{start}/") for start in below for each in fitting
    )


def _program(root: File, path: str) -> Program:
    name = PurePosixPath(path).name
    if name == CDK:
        said = document(root, path)
        return BARE if said and not said.get("app") else APP
    if _is_chalice(path):
        return WRITING
    if name == SST_CONFIG:
        return LATER if LATER_SST.search(_text(root, path)) else STACKS
    return {CDKTF: TERRAFORM, SST: STACKS}.get(name, DIRECT)


def _text(root: File, path: str) -> str:
    try:
        return files.text(root / path, errors="replace")
    except (OSError, ValueError):
        return ""


def _counted(program: Program, folders: list[str]) -> Unread:
    first, rest = folders[0], len(folders) - 1
    more = f" and {rest} more folders" if rest else ""
    reason = f"{program.name} is used in {first}{more}: {program.advice}"
    evidence = (Evidence(reason, Place(first, 1)),)
    return Unread(
        id=f"{program.name} is not read", path=first, reason=reason, effect=EFFECT, fatal=False,
        evidence=evidence,
    )  # fmt: skip
