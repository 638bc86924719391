"""What the user's files say where a policy stands."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from checkrein.errors import InputError
from checkrein.model import App, Stack
from checkrein.model import Path as Keys
from checkrein.model.values import at_path
from checkrein.notation import parse
from checkrein.write import CannotEdit
from checkrein.write.edits import located


class Files:
    """The documents of an app's templates as they are written, short tags as ``Fn::``."""

    def __init__(self, root: Path, app: App) -> None:
        self._root, self._app = root, app
        self._document = cache(self._read)

    def value(self, resource: str, path: Keys) -> Any:
        """Return what a source resource says at a path, None if nothing."""
        try:
            stack, keys = located(resource, path, self._app)
        except CannotEdit:
            return None
        return at_path(self._document(stack.source), keys)

    def notation(self, resource: str) -> str:
        """Return what a source resource is written in, "" for CloudFormation's notation."""
        try:
            return located(resource, (), self._app)[0].notation
        except CannotEdit:
            return ""

    def declared(self, stack: Stack) -> dict[str, Any]:
        """Return the resources of a stack as they are declared."""
        found = at_path(self._document(stack.source), ("Resources",))
        return found if isinstance(found, dict) else {}

    def _read(self, source: str) -> Any:
        try:
            return parse((self._root / source).read_bytes(), source).value
        except (OSError, InputError):
            return None
