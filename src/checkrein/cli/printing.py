"""How commands print, and what they exit with. Loads nothing that a plain scan does not need."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from checkrein.errors import UsageError

if TYPE_CHECKING:
    from checkrein.report.terminal.console import Draw

CLEAN, OTHERWISE, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130


def put(content: str | bytes) -> None:
    """Print to the end, and no further than it is read: the exit tells what was found anyway.

    Raises UsageError where it cannot be written.
    """
    try:
        if isinstance(content, str):
            sys.stdout.write(content)
        else:
            sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:  # what is left has to go somewhere, or Python complains at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise UsageError(f"cannot write the report: {error.strerror}") from None


def tell(text: str) -> None:
    """Print a text for people that nobody drew."""
    from checkrein.report import harmless  # noqa: PLC0415 - as below

    put(harmless.printed(text))


def write(content: bytes, output: Path | None, *, obeyed: bool = False) -> None:
    """Write a report to a file, or print it; ``obeyed`` as in ``report.harmless``."""
    from checkrein.report import harmless  # noqa: PLC0415 - not for what is printed again

    told = harmless.document(content, obeyed=obeyed)
    if output is None:
        put(told)
        return
    try:
        output.write_bytes(told)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from None


def draw(draw: Draw, output: Path | None) -> None:
    from checkrein.report.terminal.console import plain, shown  # noqa: PLC0415 - rich is heavy

    if output:
        write(plain(draw).encode(), output)
    else:
        put(shown(draw))


def complain(sentence: str) -> None:
    """Say on standard error what went wrong; it may quote a repository that nobody trusts."""
    from checkrein.report import harmless  # noqa: PLC0415 - not for what goes well

    said = "\n".join(map(harmless.line, f"checkrein: {sentence}".split("\n")))
    print(harmless.printed(said), file=sys.stderr)


def progress(text: str) -> None:
    """Say on a terminal what takes its time; the line replaces itself and leaves nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
