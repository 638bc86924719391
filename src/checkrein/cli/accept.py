"""``checkrein accept``: write into the lock what is meant, with the reason."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from checkrein.cli.commands import Within, commands
from checkrein.cli.epilogues import ACCEPT
from checkrein.cli.printing import CLEAN, progress, tell
from checkrein.errors import UsageError


@commands.command(help_epilogue=ACCEPT)
def accept(
    *what: str,
    reason: str,
    by: str = "",
    all: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    within: Within = (),
) -> int:
    """Write into checkrein.lock what differs from it and is meant; what is gone, out of it.

    Parameters
    ----------
    what
        Findings (a fingerprint or its beginning) or resources (an id or its end).
    reason
        Why it is meant; it stands in the lock beside the line.
    by
        Who approves it: required where it is about data of value 7 or more.
    all
        Everything that differs, where nothing is named.
    dry_run
        Change nothing; show the lock's changes as a diff.
    within
        Folder or template to read, the current folder if none; repeat it for more.
    """
    if bool(what) == all:
        advice = "name findings or resources, or give --all for everything that differs"
        raise UsageError(advice if all is False else "give names or --all, not both")
    if not reason.strip():
        raise UsageError("--reason must say why")
    from checkrein.pipeline import locking  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.report.lock import accepted_text, lock_diff  # noqa: PLC0415 - as above

    asked = locking.Asked(what, reason.strip(), by.strip(), everything=all)
    locked = locking.accept(within or (Path(),), asked, progress)
    progress("")
    if dry_run:
        tell(lock_diff(locked.before, locked.after))
        return CLEAN
    if locked.approve:
        raise UsageError(_needs_approval(locked.approve))
    locking.put(locked)
    told = accepted_text(locked.findings, locked.left, locked.before, locked.after)
    tell(told)
    return CLEAN


def _needs_approval(data: str) -> str:
    you = _git_user()
    proposal = f" (git says that you are {you})" if you else ""
    return f"this is about {data}: somebody must approve what is so valuable, --by NAME{proposal}"


def _git_user() -> str:
    """Return the user's name as git knows it, "" for none."""
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        found = subprocess.run(  # noqa: S603 - no word of it comes from outside
            [git, "config", "user.name"], capture_output=True, text=True, check=False, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
