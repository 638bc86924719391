"""What a pull request lets whom reach, as one comment on it that is kept up to date.

By the environment: ``CHECKREIN_BASE`` (the commit that the request goes to), ``CHECKREIN_NUMBER``,
``CHECKREIN_PATHS`` (one a line), ``CHECKREIN_CATEGORY`` (tells apart comments about several
applications), ``GITHUB_REPOSITORY``, ``GITHUB_STEP_SUMMARY``, and for ``gh`` its ``GH_TOKEN``.
Where the token may not write, as for requests from forks, the summary of the step says it all. A
comment that was made stays when nothing is left to say, and says so; none is made for nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from github_scan import CHECKREIN, paths

MOST = 65_000  # characters; GitHub takes 65,536
CATEGORY = re.compile(r"[A-Za-z0-9._/-]{1,80}\Z")
COMMIT = re.compile(r"[0-9a-f]{40,64}\Z")
NUMBER = re.compile(r"[0-9]{1,10}\Z")
REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+\Z")
SAID = ("table", "access", "flows", "entries", "findings")  # parts of the difference as JSON
CUT = "\n\n… The rest is in the summary of the workflow's step.\n"


def main() -> int:
    environment = os.environ
    base = checked(environment, "CHECKREIN_BASE", COMMIT)
    number = checked(environment, "CHECKREIN_NUMBER", NUMBER)
    repository = checked(environment, "GITHUB_REPOSITORY", REPOSITORY)
    category = checked(environment, "CHECKREIN_CATEGORY", CATEGORY, "checkrein")
    if not fetched(base):
        print(f"::warning::commit {base} of the base is not here; check out with fetch-depth: 0")
        return 0
    within = [f"--in={path}" for path in paths(environment)]
    told, changed = difference(base, within)
    if told is None:
        print("::warning::checkrein diff failed; the pull request has no comment of it")
        return 0
    marker = f"<!-- checkrein-diff {category} -->"
    comments = Comments(repository, number, marker)
    if changed or comments.known():
        written = comments.write(fitting(marker, told))
        if not written or len(told) > MOST:
            summarize(environment, told)
    return 0


def checked(
    environment: Mapping[str, str], name: str, shape: re.Pattern[str], otherwise: str = ""
) -> str:
    """Return a value of a known shape; stop with a sentence where it has another."""
    value = environment.get(name, "").strip() or otherwise
    if not shape.match(value):
        raise SystemExit(f"::error::{name} is not what GitHub gives: {value!r:.80}")
    return value


def fetched(commit: str) -> bool:
    """Tell whether a commit is here, after asking for it if need be."""
    here = ["git", "cat-file", "-e", f"{commit}^{{commit}}"]
    if quiet(here) == 0:
        return True
    quiet(["git", "fetch", "--quiet", "--no-tags", "--depth=1", "origin", commit])
    return quiet(here) == 0


def quiet(command: list[str]) -> int:
    return subprocess.run(command, check=False, capture_output=True).returncode


def difference(base: str, within: list[str]) -> tuple[str | None, bool]:
    """Return what changed since a commit as Markdown, None if that failed, and whether anything."""
    with tempfile.TemporaryDirectory() as folder:
        made = [Path(folder) / f"difference.{form}" for form in ("markdown", "json")]
        for file in made:
            form = file.suffix.removeprefix(".")
            command = [*CHECKREIN, "diff", base, *within]
            subprocess.run([*command, f"--format={form}", f"--output={file}"], check=False)
        if not all(file.exists() for file in made):
            return None, False
        content = json.loads(made[1].read_bytes())
        return made[0].read_text(), any(told(content.get(part)) for part in SAID)


def told(part: Any) -> bool:
    """Tell whether anything stands in a part: in a list, however deep."""
    if isinstance(part, dict):
        return any(map(told, part.values()))
    return isinstance(part, list) and bool(part)


def fitting(marker: str, text: str) -> str:
    """Return a comment of a size that GitHub takes, cut at the end of a line."""
    if len(text) > MOST:
        text = text[:MOST].rpartition("\n")[0] + CUT
    return f"{marker}\n{text}"


class Comments:
    """The comments of one pull request that bear a marker."""

    def __init__(self, repository: str, number: str, marker: str) -> None:
        self._of = f"repos/{repository}/issues"
        self._number = number
        self._marker = marker
        self._known: list[str] | None = None

    def known(self) -> list[str]:
        """Return the ids of those that bear the marker, the first first."""
        if self._known is None:
            listing = f"{self._of}/{self._number}/comments?per_page=100"
            wanted = '.[] | {id, body: (.body // "")[0:200]}'
            found = gh(["--paginate", listing, "--jq", wanted])
            listed = map(json.loads, (found or "").splitlines())
            mine = [each for each in listed if each["body"].startswith(self._marker)]
            self._known = [str(each["id"]) for each in mine]
        return self._known

    def write(self, body: str) -> bool:
        """Put a text into the comment, or make one; tell whether that was allowed."""
        sent = json.dumps({"body": body})
        for id in self.known():
            # somebody else may have copied the marker: theirs cannot be written
            if (
                gh(["--method", "PATCH", f"{self._of}/comments/{id}", "--input", "-"], sent)
                is not None
            ):
                return True
        made = gh(["--method", "POST", f"{self._of}/{self._number}/comments", "--input", "-"], sent)
        return made is not None


def gh(arguments: list[str], sent: str | None = None) -> str | None:
    """Return what GitHub answers, None where it refuses."""
    command = ["gh", "api", *arguments]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, input=sent)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def summarize(environment: Mapping[str, str], text: str) -> None:
    """Put the whole into the summary of the step."""
    step = environment.get("GITHUB_STEP_SUMMARY")
    if step:
        with Path(step).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
    else:
        print(text)


if __name__ == "__main__":
    sys.exit(main())
