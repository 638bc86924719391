"""What can go wrong, as one tree. Every message says what to do next.

::

    CheckreinError          anything a user can cause and mend
    ├── UsageError          a wrong argument: exit 2
    ├── InputError          a file that cannot be understood; has a path and a line
    │   └── IntentError     checkrein.yaml says something impossible
    └── CatalogError        a data file of the tool itself is missing or broken
"""

from __future__ import annotations


class CheckreinError(Exception):
    """A failure with one clear sentence; never shown as a traceback."""


class UsageError(CheckreinError):
    """The command was asked for something it cannot do."""


class InputError(CheckreinError):
    """A file cannot be understood; ``path`` and ``line`` (1-based, 0 if unknown) say where."""

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class IntentError(InputError):
    """The intent file says something that cannot be true of any app."""


class CatalogError(CheckreinError):
    """A data file that ships with the tool is missing or broken."""
