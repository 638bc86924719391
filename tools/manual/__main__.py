"""Write the manual as a site that works from a folder, without a network.

python -m tools.manual     into build/manual
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.manual import pages
from tools.manual.guides import ROOT
from tools.manual.page import Page
from tools.manual.shell import HERE, rendered, styles

TARGET = ROOT / "build/manual"
COPIED = ("docs/images", "docs/schema", "LICENSE")


def write(folder: Path) -> int:
    """Write the site into a new folder, and return the number of pages."""
    found = pages()
    for page in found:
        target = folder / f"{page.path}.html"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rendered(page, found))
    for name in COPIED:
        _copy(ROOT / name, folder / name)
    (folder / "style.css").write_text(styles())
    (folder / "pages.js").write_text(f"const PAGES = {_index(found)};\n")
    shutil.copy(HERE / "search.js", folder)
    return len(found)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def _index(found: Iterable[Page]) -> str:
    """Return what the search looks through: path, title and the different words of each page."""
    rows = [
        (
            page.path,
            page.title,
            " ".join(dict.fromkeys(re.findall(r"[\w.:-]{3,}", page.text.lower()))),
        )
        for page in found
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    print(f"{write(TARGET)} pages: {TARGET / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
