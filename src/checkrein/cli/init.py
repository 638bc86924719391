"""``checkrein init``: write down what the app may do with its data, to be reviewed."""

from __future__ import annotations

from pathlib import Path

from checkrein.cli.commands import commands
from checkrein.cli.epilogues import INIT
from checkrein.cli.printing import progress, tell


@commands.command(help_epilogue=INIT)
def init(*paths: Path) -> int:
    """Write checkrein.lock: all that this application may do with its data, to review and commit.

    And a checkrein.yaml, for decisions by hand, where there is none.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.pipeline import locking  # noqa: PLC0415 - as above
    from checkrein.report.lock import first_text  # noqa: PLC0415 - as above

    locked = locking.first(paths or (Path(),), progress)
    written = locking.start(locked)
    progress("")
    app = locked.result.app
    tell(first_text(written, compare.locked(app), compare.worth_a_look(app)))
    return pipeline.answered(locked.result)
