"""Names of packages and of what they hold, as TypeScript has them."""

from __future__ import annotations

from checkrein.late import regex

STAGE = regex(r"[-_](?:alpha|beta)(?:\.\w+)?\Z")
CORE = ("", "core", "constructs")
SCRIPT = regex(r"(?:aws-cdk-lib|@aws-cdk|monocdk)(?:/([\w-]+))?(?:/.*)?\Z")
PYTHON = regex(r"(?:aws_cdk|monocdk)(?:\.(\w+))?\Z")
MODULES = (
    "aws_",
    "alexa_",
    "custom_resources",
    "pipelines",
    "region_info",
    "cloud_assembly_schema",
)


def package(module: str, *, python: bool) -> str:
    """Return the name that a package's module has in a trace: "" for the core."""
    if module == "constructs":
        return ""
    found = (PYTHON if python else SCRIPT).match(module)
    if found is None:
        return module
    return below("", (found[1] or "").replace("-", "_"), python=python)


def below(whole: str, name: str, *, python: bool) -> str:
    """Return the name of what a package's module or class has by a name."""
    if not whole and name.startswith(MODULES):
        return STAGE.sub("", name)
    if not whole and name in (*CORE, "default"):
        return ""
    if name == "default":
        return whole
    shown = camel(name) if python else name
    return f"{whole}.{shown}" if whole else shown


def camel(name: str) -> str:
    """Return ``table_name`` as ``tableName``; names of constants and classes stay."""
    if name.startswith("_"):
        return name
    bare = name.rstrip("_")
    if "_" not in bare or bare.isupper() or bare[:1].isupper():
        return bare
    first, *rest = bare.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
