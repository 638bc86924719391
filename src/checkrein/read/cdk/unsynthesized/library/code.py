"""Where a function's code lies: paths relative to the app, as readers of functions take them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, prop
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import HOME, Called, New, Traced
from checkrein.read.paths import joined

SCRIPTS = (".ts", ".tsx", ".js", ".mjs", ".cjs", ".mts", ".cts", ".jsx", ".py")
NEWEST = "@aws-cdk/aws-lambda-nodejs:useLatestRuntimeVersion"
HANDLER, INDEX = "handler", "index.py"


def placed(world: World, path: Value) -> Value:
    """Return a path relative to the scanned folder; open where it is not known."""
    if not isinstance(path, str):
        return path if isinstance(path, Open) else Open(f"the path {path}")
    if path == HOME or path.startswith(f"{HOME}/"):
        return joined(path[len(HOME) + 1 :])
    return joined(world.folder, path)


def local(world: World, path: Value) -> Value:
    """Return a path relative to the app's folder, from which the readers of code count."""
    found = placed(world, path)
    if not isinstance(found, str):
        return found
    return _from(world.folder, found)


def _from(folder: str, path: str) -> str:
    base, parts = PurePosixPath(folder or ".").parts, PurePosixPath(path or ".").parts
    same = 0
    while same < min(len(base), len(parts)) and base[same] == parts[same]:
        same += 1
    return "/".join([*[".."] * (len(base) - same), *parts[same:]]) or "."


def code(world: World, traced: Traced) -> Value:
    """Return what ``Code`` is: a path here, inline text, or an object in a bucket."""
    if isinstance(traced, New) and traced.kind.endswith(("AssetCode", "InlineCode")):
        inline = traced.kind.endswith("InlineCode")
        return (
            {"ZipFile": world.value(argument(traced, 0))}
            if inline
            else local(world, world.value(argument(traced, 0)))
        )
    if not isinstance(traced, Called):
        return Open("code that is not plain")
    first, second = argument(traced, 0, "path"), argument(traced, 1)
    if traced.name in ("fromInline", "inline"):
        return {"ZipFile": world.value(first)}
    if traced.name in ("fromBucket", "fromBucketV2", "bucket"):
        bucket = world.construct(first)
        name = world.attribute(bucket, "bucketName") if bucket else world.value(first)
        return {"S3Bucket": name, "S3Key": world.value(second)}
    if traced.name in ("fromAsset", "asset", "fromDockerBuild", "fromCustomCommand"):
        return local(world, world.value(first))
    return Open(f"code by {traced.name}")


def image(world: World, traced: Traced) -> tuple[Value, dict[str, Any] | None]:
    """Return what ``Code`` and ``Metadata`` of a function in an image are."""
    if isinstance(traced, Called) and traced.name == "fromImageAsset":
        given = argument(traced, 1)
        context = local(world, world.value(argument(traced, 0)))
        metadata = {
            "DockerContext": context,
            "Dockerfile": world.value(prop(given, "file")) or "Dockerfile",
            "DockerBuildArgs": world.value(prop(given, "buildArgs")) or {},
            "DockerBuildTarget": world.value(prop(given, "target")) or "",
        }
        command = world.value(prop(given, "cmd"))
        if command is not None:
            metadata["DockerCommand"] = command
        return {"ImageUri": Open("an image that is built when it is deployed")}, metadata
    return {"ImageUri": Open("an image of a repository")}, None


def entry_code(world: World, made: Construct, properties: dict[str, Value]) -> None:
    """Set code, handler and runtime of a function whose class bundles an entry file."""
    given = made.given
    name = world.value(prop(given, "handler")) or HANDLER
    entry = world.value(prop(given, "entry"))
    if made.kind.startswith("aws_lambda_python"):
        index = world.value(prop(given, "index")) or INDEX
        properties["Code"] = local(world, entry)
        stem = index.removesuffix(".py") if isinstance(index, str) else ""
        known = stem and isinstance(name, str)
        properties["Handler"] = f"{stem}.{name}" if known else Open("a handler")
        return
    newest = world.flags.get(NEWEST) is True
    properties.setdefault("Runtime", "nodejs24.x" if newest else "nodejs16.x")
    whole = world.value(prop(given, "code"))
    if whole is not None:
        properties["Code"] = code(world, prop(given, "code"))
        return
    path = placed(world, entry) if entry is not None else _beside(made)
    if not isinstance(path, str) or not isinstance(name, str):
        properties["Code"] = Open("the entry of a function") if not isinstance(path, str) else path
        properties["Handler"] = Open("a handler")
        return
    base = _package(world, path)
    stem = _without_suffix(path[len(base) :].lstrip("/"))
    properties["Code"] = _from(world.folder, base)
    properties["Handler"] = name if "." in name and entry is None else f"{stem}.{name}"


def _package(world: World, path: str) -> str:
    """Return the folder of the package that a file belongs to, the scanned one if of none.

    What it bundles comes from there; its own files too, wherever they lie below.
    """
    for folder in PurePosixPath(path).parents:
        if world.root and files.is_file(world.root / folder / "package.json"):
            return joined(str(folder))
    inside = not world.folder or f"{path}/".startswith(f"{world.folder}/")
    return world.folder if inside else ""


def _beside(made: Construct) -> str:
    """Return the file that a function without an entry is made of, beside the one that says so."""
    return f"{_without_suffix(made.place.path)}.{made.path[-1]}.ts"


def _without_suffix(path: str) -> str:
    end = next((each for each in SCRIPTS if path.endswith(each)), "")
    return path[: len(path) - len(end)]
