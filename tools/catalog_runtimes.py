"""Make ``catalog/data/runtimes.yaml``: the dates of AWS Lambda's runtimes.

Usage: ``python tools/catalog_runtimes.py`` (downloads cfn-lint's wheel with pip).
Source: cfn-lint (MIT-0), which keeps the dates of AWS's page "Lambda runtimes".
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/runtimes.yaml"
INSIDE = "cfnlint/data/AdditionalSpecs/LmbdRuntimeLifecycle.json"
# What a runtime's id begins with -> its language; the rest run what the function brings along.
LANGUAGES = {
    "dotnet": "dotnet",
    "go": "go",
    "java": "java",
    "nodejs": "javascript",
    "python": "python",
    "ruby": "ruby",
}
HEAD = """\
# Runtimes of AWS Lambda: language, and the days from which a runtime gets no more security fixes
# (deprecated), cannot be chosen for a new function (create) and for an existing one (update).
#
# Source: {source} (MIT-0), which keeps AWS's page "Lambda runtimes"; taken {today} by
# tools/catalog_runtimes.py. Days to come are AWS's forecast. Licence: as the project's.
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "cfn-lint", "--no-deps", "-qd", folder]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        name, version = wheel.name.split("-")[:2]
        with zipfile.ZipFile(wheel) as archive:
            content = json.loads(archive.read(INSIDE))
    source = f"{name.replace('_', '-')} {version}"
    head = HEAD.format(source=source, today=datetime.now(UTC).date().isoformat())
    TARGET.write_text(head + "".join(line(id, content[id]) for id in sorted(content)))


def line(id: str, dates: dict[str, str | None]) -> str:
    parts = {
        "language": next((LANGUAGES[one] for one in LANGUAGES if id.startswith(one)), '""'),
        "deprecated": dates["deprecated"],
        "create": dates["create-block"],
        "update": dates["update-block"],
    }
    said = ", ".join(f"{key}: {value or 'null'}" for key, value in parts.items())
    return f"{id}: {{{said}}}\n"


if __name__ == "__main__":
    main()
