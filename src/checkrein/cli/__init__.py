"""Commands: parse arguments, call the pipeline, print. Decides nothing; one file a command."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from checkrein.cli.printing import CLEAN, FAILED, INTERRUPTED, USAGE, complain, put
from checkrein.errors import CheckreinError

NO_CACHE = "--no-cache"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; what the user can mend is one sentence."""
    try:
        code = _perform(_heeding_no_cache(arguments))
        put("")
    except CheckreinError as error:
        complain(str(error).strip())
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever happens, one sentence
        if isinstance(error, OSError) and error.errno in FULL:
            complain(f"cannot write: {error.strerror}")
            return USAGE
        complain(_internal(error))
        return FAILED
    return code if isinstance(code, int) else CLEAN


def _perform(arguments: list[str]) -> Any:
    if not arguments or arguments[0] == "scan":
        from checkrein.cli.scanning import plain, scan  # noqa: PLC0415 - only where it is one

        order = plain(arguments)
        if order:
            return scan(*order)
    from checkrein.cli.program import perform  # noqa: PLC0415 - a plain scan must not pay for it

    return perform(arguments)


def _heeding_no_cache(arguments: list[str]) -> list[str]:
    """Take out ``--no-cache``, which all commands know, and heed it."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    if NO_CACHE not in arguments[:end]:
        return arguments
    os.environ["CHECKREIN_CACHE"] = "off"
    return [word for word in arguments[:end] if word != NO_CACHE] + arguments[end:]


def _internal(error: Exception) -> str:
    """Say where the tool itself failed, for a report of the fault."""
    import traceback  # noqa: PLC0415 - not for what goes well

    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"failed in {where} ({type(error).__name__}: {error}); please report this"
