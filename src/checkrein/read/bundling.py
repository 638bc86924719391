"""What a project's own commands bundle: ``esbuild src/a.ts --outfile=dist/a.js``, by its output."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from checkrein import files
from checkrein.files import remembered
from checkrein.late import regex
from checkrein.read.named_archives import written_files
from checkrein.read.paths import joined

SAID_IN = frozenset({"package.json", "project.json"})
COMMAND = regex(
    r"esbuild\s+([\w./@-]+\.[cm]?[jt]sx?)\s([^\"&;|]*?)--outfile[= ]([\w./@-]+)\.[cm]?js\b"
)


@remembered
def bundled(root: Path) -> dict[str, str]:
    """Return the source of each file that a command bundles, by its path without its ending."""
    found: dict[str, str] = {}
    for file in written_files(root):
        if PurePosixPath(file).name not in SAID_IN:
            continue
        try:
            text = files.text(root / file, errors="replace")
        except (OSError, ValueError):
            continue
        for match in COMMAND.finditer(text):
            for base in PurePosixPath(file).parents:  # a command runs here, or where all begins
                source = joined(str(base), match[1])
                if files.is_file(root / source):
                    found.setdefault(joined(str(base), match[3]), source)
                    break
    return found
