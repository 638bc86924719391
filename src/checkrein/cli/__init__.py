"""Commands: parse arguments, call the pipeline, print. Decides nothing; one file a command."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from cyclopts import CycloptsError

from checkrein.cli import (  # noqa: F401 - each adds commands
    ask,
    comply,
    diff,
    evidence,
    fix,
    graph,
    known,
    least,
    scan,
)
from checkrein.cli.commands import CLEAN, FAILED, INTERRUPTED, USAGE, commands
from checkrein.errors import CheckreinError


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; what the user can mend is one sentence."""
    try:
        code = commands(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
        sys.stdout.flush()
    except (CycloptsError, CheckreinError) as error:
        print(f"checkrein: {str(error).strip()}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader has seen enough; Python must not complain at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever happens, one sentence
        print(f"checkrein: {_internal(error)}", file=sys.stderr)
        return FAILED
    return code if isinstance(code, int) else CLEAN


def _internal(error: Exception) -> str:
    """Say where the tool itself failed, for a report of the fault."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"failed in {where} ({type(error).__name__}: {error}); please report this"
