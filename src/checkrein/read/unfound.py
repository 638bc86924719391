"""Why the code of a function is not known: the ends of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkrein.archives import index
from checkrein.model import Function

SOURCE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts")


def missing(root: Path, function: Function, path: str, tried: list[str]) -> str:
    """Say why no folder or archive that was tried has the handler's file."""
    folder = next((each for each in tried if (root / each).exists()), None)
    if not tried:
        return f"its handler is only known when it is deployed ({function.handler or 'none'})"
    if folder is None:
        return f"its code, {path}, is not in the scanned folder; a build may make it"
    if (root / folder).is_file():
        if folder.endswith(SOURCE_SUFFIXES):
            return f"its code is {folder} alone, which is not the file of {function.handler}"
        if index(str(root / folder)):
            return f"{folder} is an archive that holds no source file for {function.handler}"
        return f"{folder} is neither a folder nor an archive that can be opened"
    return f"{folder or 'the scanned folder'} holds no source file for {function.handler}"


def stored(code: Mapping[str, Any]) -> str:
    """Say where in the cloud the code lies."""
    if "S3Bucket" in code or "S3Key" in code:
        return f"its code is the object {code.get('S3Key')} in the bucket {code.get('S3Bucket')}"
    return "the template does not say where its code is"
