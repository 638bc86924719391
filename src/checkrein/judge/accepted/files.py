"""What stands around a finding: the lines of its file, the resource that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from checkrein import files
from checkrein.model import App, Finding, Resource, Verdict


class Files:
    """Reads lines of the scanned files, each file once."""

    def __init__(self, root: Path, texts: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._texts = dict(texts or {})
        self._lines: dict[str, list[str]] = {}
        self._mentions: dict[tuple[str, str], bool] = {}

    def line(self, path: str, number: int) -> str:
        """Return a line of a file by its number, "" where there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file, none where it cannot be read."""
        if path not in self._lines:
            self._lines[path] = self._text(path).splitlines()
        return self._lines[path]

    def mention(self, path: str, word: str) -> bool:
        """Tell whether a file has a word in it: most have no word of ours or of another tool."""
        key = path, word
        if key not in self._mentions:
            self._mentions[key] = word in self._text(path)
        return self._mentions[key]

    def _text(self, path: str) -> str:
        if path not in self._texts:
            self._texts[path] = self._read(path) if path else ""
        return self._texts[path]

    def _read(self, path: str) -> str:
        try:
            return files.text(self.root / path, errors="replace")
        except (OSError, ValueError):
            return ""


def concerned(app: App, verdict: Verdict, finding: Finding) -> Iterator[Resource]:
    """Yield the resources that a finding is about: its subject, and what the user wrote for it.

    Ids of other subjects begin with a resource's: ``template/Fn<…``, ``template/Table@logs``.
    """
    seen: set[str] = set()
    for id in (verdict.subject, *finding.by[:1]):
        for name in (id, id.partition("<")[0].partition("@")[0]):
            resource = _resource(app, name)
            if resource is None:
                continue
            for found in (resource, _resource(app, resource.origin(()).resource)):
                if found is not None and found.id not in seen:
                    seen.add(found.id)
                    yield found


def _resource(app: App, id: str) -> Resource | None:
    return next((r for r in app.alternatives(Resource, id)), None)
