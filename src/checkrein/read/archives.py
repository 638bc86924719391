"""Code that lies in an archive: not read, and said so."""

from __future__ import annotations

from pathlib import Path

SOURCE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts")


def archive_reason(file: Path, path: str) -> str:
    """Say why a code file was not read: a sentence about the archive at ``path``."""
    import zipfile  # noqa: PLC0415 - few functions lie in an archive

    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return f"{path} is neither a folder nor an archive that can be opened"
    sources = sum(name.endswith(SOURCE_SUFFIXES) for name in names)
    if sources:
        return f"{path} is an archive with {sources} source files; archives are not read"
    return f"{path} is an archive without source files that are read"
