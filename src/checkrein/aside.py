"""Work for a second core: a copy of this process does it, and sends back what it made.

A copy begins with all that is loaded and known here, which a new process would load again.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")
Item = TypeVar("Item")
FIRST = 60  # one item of so many is worked on before there are copies
MOST = 256  # items that can wait in a queue: what a pipe takes at once, of two bytes each


def cores() -> int:
    """Return on how many cores this process may run."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def can_copy() -> bool:
    """Tell whether a copy of this process could do something meanwhile.

    Not while other threads run: what one of them holds locked stays locked in a copy. Not on macOS,
    whose own libraries do not survive being copied.
    """
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1
    return alone and hasattr(os, "fork") and sys.platform != "darwin" and cores() > 1


class _Copy:
    """A copy of this process that works, and writes the result into a pipe."""

    def __init__(self, process: int, pipe: int, work: Callable[[], bytes]) -> None:
        self.process = process
        self.pipe = pipe
        self.work = work

    def is_done(self) -> bool:
        """Tell whether the result can be read, or will never be."""
        import select  # noqa: PLC0415 - few scans do anything aside

        asked = select.poll()
        asked.register(self.pipe, select.POLLIN)
        return bool(asked.poll(0))

    def result(self) -> bytes:
        """Wait for the result; where there will be none, do the work here."""
        try:
            with os.fdopen(self.pipe, "rb") as stream:
                made = stream.read()
        finally:
            _, status = os.waitpid(self.process, 0)
        return self.work() if status else made


def _begun(work: Callable[[], bytes]) -> _Copy | None:
    """Begin some work in a copy of this process, None where no copy can be made."""
    if not can_copy():
        return None
    ours, theirs = os.pipe()
    gc.freeze()  # pages are shared until somebody writes into them, as a collection does
    try:
        copy = os.fork()
    except OSError:  # no more processes, or no memory for one
        gc.unfreeze()
        os.close(ours)
        os.close(theirs)
        return None
    if copy == 0:
        os.close(ours)
        _send(work, theirs)
    gc.unfreeze()
    os.close(theirs)
    return _Copy(copy, ours, work)


def aside(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin some work in a copy of this process; return what waits for its result.

    Where no copy can be made, or it ends without a result, the work is done here when the result
    is asked for: what it raises is raised there.
    """
    copy = _begun(work)
    return copy.result if copy else work


def each(
    work: Callable[[Item], T], items: Sequence[Item], meanwhile: Iterable[object] = ()
) -> list[T]:
    """Return what some work makes of each item; copies of this process take turns with it.

    What the work makes must be something that ``pickle`` knows. ``meanwhile`` are steps that are
    gone here while copies work, as far as there is time: to load what comes next. Where there are
    none, or many items, some are worked on before there are copies, which so begin with what every
    work loads.
    """
    ahead = iter(meanwhile)
    idle = not items or not can_copy() or next(ahead, ahead) is ahead
    if idle and (len(items) <= 1 or not can_copy()):
        return [work(item) for item in items]
    first = range(0, len(items), FIRST) if idle or len(items) > FIRST else ()
    made = {number: work(items[number]) for number in first}
    rest = [number for number in range(len(items)) if number not in made]
    step = -(-len(rest) // MOST)
    turns = queue([rest[start : start + step] for start in range(0, len(rest), step)])

    def taken() -> Iterator[list[tuple[int, T]]]:
        return ([(number, work(items[number])) for number in numbers] for numbers in turns)

    begun = [_begun(lambda: _written(taken())) for _ in range(min(cores() - 1, len(rest)))]
    copies = [copy for copy in begun if copy]
    while any(not copy.is_done() for copy in copies) and next(ahead, ahead) is not ahead:
        pass
    for turn in taken():
        made.update(turn)
    for copy in copies:
        for turn in _pieces(copy.result()):
            made.update(turn)
    return [made[n] if n in made else work(item) for n, item in enumerate(items)]


def _written(pieces: Iterable[object]) -> bytes:
    """Return pieces as bytes, each written when it is made: afterwards who reads them waits."""
    import pickle  # noqa: PLC0415 - few scans do anything aside

    into = BytesIO()
    pickler = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
    for piece in pieces:
        pickler.dump(piece)
    return into.getvalue()


def _pieces(data: bytes) -> Iterator[Any]:
    """Yield what ``_written`` was given; they share what was the same to it."""
    import pickle  # noqa: PLC0415 - as above

    stream = BytesIO(data)
    unpickler = pickle.Unpickler(stream)  # noqa: S301 - ours
    while stream.tell() < len(data):
        yield unpickler.load()


def queue(items: Sequence[T]) -> Iterator[T]:
    """Yield items that this process and the copies made of it take turns at, each item once.

    The one that is faster takes more. What a copy took that then ended without a result is lost.
    """
    if len(items) > MOST:
        raise ValueError(f"{len(items)} items do not fit in a queue of {MOST}")
    out, into = os.pipe()
    os.write(into, b"".join(number.to_bytes(2, "big") for number in range(len(items))))
    os.close(into)
    return _taken(items, out)


def _taken(items: Sequence[T], out: int) -> Iterator[T]:
    with os.fdopen(out, "rb", buffering=0) as waiting:
        while number := waiting.read(2):
            yield items[int.from_bytes(number, "big")]


def _send(work: Callable[[], bytes], to: int) -> NoReturn:
    """Do the work in the copy, write the result, and end without a word."""
    try:
        import signal  # noqa: PLC0415 - few scans do anything aside

        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who began it says what there is to say
        made = work()
        with os.fdopen(to, "wb") as pipe:
            pipe.write(made)
    except BaseException:  # noqa: BLE001 - it is raised where the work is done again
        os._exit(1)
    os._exit(0)
