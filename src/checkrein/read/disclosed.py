"""Secrets in files that are neither templates nor code of functions: settings, states, keys, pages.

Which files are looked into is told by their paths, so that a walk through a folder costs nothing
more: settings (``.env``, ``secrets.json``), states and plans of Terraform, private keys, pages and
scripts; and what the program of a CDK app that was never synthesised takes in.
Files that say that they are examples, of tests, or of somebody's own machine count only for keys
whose issuers document their shape, or not at all. What git was told to ignore is not committed.
"""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path as File

from checkrein import files
from checkrein.detect.disclosing import Told, disclosed
from checkrein.errors import InputError, UsageError
from checkrein.files import Kept
from checkrein.late import regex
from checkrein.model import Disclosed, Evidence, Place, Unread
from checkrein.notation import decode
from checkrein.read import plan_files
from checkrein.read.cdk.modules import taken_in

KINDS = (  # the first that a name has
    ("state", regex(r"[^/]*\.tfstate(?:\.(?:backup|\d+(?:\.backup)?))?")),
    ("key", regex(r"[^/]+\.(?:pem|key|p8|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)", 2)),
    ("page", regex(r"[^/]+\.html?", 2)),
    ("script", regex(r"[^/]+\.(?:sh|bash|ps1|bat|cmd)", 2)),
    (
        "settings",
        regex(
            r"\.env|env|[^/]*\.env|(?:[^/]*\.)?env\.(?!d\.)[\w.-]*(?<!\.[cm]js)(?<!\.[jt]s)(?<!\.[jt]sx)(?<!\.py)(?<!\.go)"
            r"|(?![\w-]*(?:messages|labels|strings|translations?)\b|[\w-]*(?:messages|labels)_)[^/]+\.properties"
            r"|[^/]+\.(?:ini|conf|cfg|tfvars)|credentials|\.(?:npmrc|netrc|pypirc|pgpass)"
            r"|[^/]*(?:config|settings|secret|credential|service[-_]?account|firebase)[^/]*\.(?:json|ya?ml|toml)"
            r"|(?!requirements|robots|license|readme|changelog)[^/]+\.txt",
            2,
        ),
    ),
)
ENDS = (
    *(".env", ".pem", ".key", ".p8", ".ppk", ".html", ".htm", ".sh", ".bash", ".ps1", ".bat"),
    *(".cmd", ".properties", ".ini", ".conf", ".cfg", ".tfvars", ".txt", ".json", ".yml", ".yaml"),
    *(".toml", "rc", "pass", "credentials", "rsa", "dsa", "ed25519", "env"),
)  # in lower case
CODE = (".py", ".js", ".mjs", ".cjs", ".ts")
BY_HAND = regex(r"(?:^|/)(?:scripts?|bin|tools?|migrations?)(?:/|$)")  # folders of what people run
APART = regex(  # what nobody deploys, or another team wrote
    r"(?:^|/)(?:tests?|__\w+__|specs?|e2e|mocks?|fixtures?|test-?data|testing|samples?|vendor"
    r"|third[-_]party|i18n|locales?|lang(?:uages)?|translations?|localstack[\w-]*|node_modules|coverage|events?|cypress|playwright)/",
    2,
)
EXAMPLE = regex(
    r"(?:^|[._/-])(?:example|sample|template|tpl|dist|default|demo|localstack)s?(?:[._-]|$)", 2
)
OWN = regex(r"(?:^|[._/-])(?:test|testing|spec|mock|dummy|fake|localhost)s?(?:[._-]|$)", 2)
ON_HAND = regex(r"(?:^|[._/-])(?:dev|develop|development|local|docker|offline)(?:[._-]|$)", 2)
LARGEST = {"state": 20_000_000}
LARGE = 500_000  # bytes of another file
EFFECT = "secrets in it are not told"
STATE = "tfstate"  # of a plan: what was there before it


def kind_of(path: str) -> str:
    """Return what kind of file a path is of, "" for one that is not looked into."""
    folder, _, name = path.rpartition("/")
    low = name.lower()
    if low.endswith(CODE):
        return "source" if BY_HAND.search(folder) else ""
    if not (low.endswith(ENDS) or "env." in low or ".tfstate" in low):  # nearly all; patterns cost
        return "state" if plan_files.BINARY.fullmatch(name) else ""
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(low)), "")


def read_disclosed(
    root: File, paths: Iterable[str], apps: Iterable[str] = (), kept: Kept = files.unkept
) -> Iterator[Disclosed | Unread]:
    """Yield the secrets in some files, and in the program that each of some ``cdk.json`` starts.

    What was not looked into is told. ``kept`` may know a file from an earlier scan.
    """
    kinds = {path: kind_of(path) for path in paths if _is_deployed(path)}
    for app in apps:
        kinds |= dict.fromkeys(taken_in(root, app.rpartition("/")[0]), "program")
    found: list[Disclosed | Unread] = []
    for path, kind in sorted(kinds.items()):
        make = partial(_of, root, path, kind)
        try:
            found += kept(("disclosed", path, kind), list[Disclosed | Unread], make)
        except Exception as error:  # noqa: BLE001 - of one file; what it says may hold a secret
            found.append(
                _unread(path, f"checkrein failed on it: {type(error).__name__}", fatal=True)
            )
    ignored = _ignored(root, {each.path for each in found})
    yield from (each for each in found if each.path not in ignored)


def _is_deployed(path: str) -> bool:
    return not APART.search(path) and not OWN.search(path)


def _of(root: File, path: str, kind: str) -> list[Disclosed | Unread]:
    read = "prose" if path.endswith(".txt") else kind
    try:
        if not files.is_file(root / path):
            return []
        size = files.size(root / path)
        if size > LARGEST.get(kind, LARGE):
            large = f"the file has {size / 1_000_000:.1f} MB: too large to look for secrets in"
            return [] if read == "prose" else [_unread(path, large)]
        data = files.content(root / path)
    except OSError as error:
        return [_unread(path, f"the file cannot be opened ({error.strerror})")]
    except ValueError:  # it lies outside
        return []
    name = path.rpartition("/")[2]
    example, own = bool(EXAMPLE.search(path)), bool(ON_HAND.search(name))
    found = disclosed(_text(data, kind), read, example=example, own=own)
    packed = data.startswith(plan_files.ZIP)  # no line of the file is one of its text
    return [_fact(path, kind, each, packed=packed) for each in found]


def _text(data: bytes, kind: str) -> str:
    """Return the text of a file, of a plan the state in it, "" where it is none.

    Its lines end by newlines where those end that reports show, so that these know what to hide.
    """
    if kind == "state" and data.startswith(plan_files.ZIP):
        return _planned(data)
    try:
        return "\n".join(decode(data).splitlines())
    except InputError:
        return ""


def _planned(data: bytes) -> str:
    """Return the state that a plan in Terraform's own form begins with."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as plan:
            told = plan.getinfo(STATE)
            return plan.read(told).decode() if told.file_size < LARGEST["state"] else ""
    except (
        KeyError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
    ):
        return ""


def _fact(path: str, kind: str, told: Told, *, packed: bool) -> Disclosed:
    found = told.secret
    at = Place(path, told.line, told.column, told.end_line, told.end_column)
    at = Place(path, 1) if packed else at
    said = f"{told.name or found.title} stands in {path}"
    return Disclosed(
        id=f"{path}:{told.name or found.title}:{told.line}:{told.column}",
        evidence=(Evidence(said, at),),
        path=path,
        kind=kind,
        name=told.name,
        title=found.title,
        data=found.data,
        confidence=found.confidence,
        fault=told.fault,
    )


def _unread(path: str, reason: str, *, fatal: bool = False) -> Unread:
    evidence = (Evidence(reason, Place(path, 1)),)
    return Unread(
        id=f"{path}: {reason}",
        evidence=evidence,
        path=path,
        reason=reason,
        effect=EFFECT,
        fatal=fatal,
    )


def _ignored(root: File, paths: set[str]) -> set[str]:
    """Return those of some files that git was told to ignore and does not track."""
    if not paths:
        return set()
    from checkrein.read import git  # noqa: PLC0415 - loads much, where there is nothing to ask

    try:
        found = git.repository(root)
        if found.top is None:
            return set()
        below = {path: os.path.relpath(root / path, found.top) for path in paths}
        seen = {path for path in paths if any(git.index(found, below[path]))}
        return {p for p in paths - seen if below[p] not in git.untracked(found, below[p])}
    except UsageError:  # no repository, or no git
        return set()
