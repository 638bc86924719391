"""Work for a second core: done in a copy of the process, or here where none can be made.

The cases run in processes of their own: a test runner has threads, beside which nothing is copied.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checkrein import aside

two_cores = pytest.mark.skipif(aside.cores() < 2, reason="needs a second core")
no_copies = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be copied here")


PID = "PID = lambda: str(os.getpid()).encode()\n"


def pid() -> bytes:
    return str(os.getpid()).encode()


def alone(program: str) -> str:
    """Run a program in a process that has no threads; return what it prints."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import os, sys\nfrom checkrein import aside\n{PID}{program}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return ran.stdout + ran.stderr


@two_cores
@no_copies
def test_a_copy_does_the_work() -> None:
    said = alone("print('once', end=''); print(aside.aside(PID)() != PID())")

    assert said == "onceTrue\n"


@two_cores
@no_copies
def test_the_copy_is_gone_afterwards() -> None:
    said = alone("""
aside.aside(PID)()
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none left")
""")

    assert said == "none left\n"


def test_what_fails_is_raised_here() -> None:
    said = alone("""
wait = aside.aside(lambda: 1 // 0)
try:
    wait()
except ZeroDivisionError as error:
    print(error)
""")

    assert said == "integer division or modulo by zero\n"


@two_cores
@no_copies
def test_what_no_message_can_hold_is_made_here() -> None:
    assert alone("print([made() for made in aside.each(lambda n: lambda: n, [1, 2, 3])])") == (
        "[1, 2, 3]\n"
    )


@two_cores
@no_copies
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_work_of_a_copy_that_dies_is_done_here(number: int) -> None:
    said = alone(f"""
ours = os.getpid()
def work():
    if os.getpid() != ours:
        os.kill(os.getpid(), {number})
    return b"done"
print(aside.aside(work)())
""")

    assert said == "b'done'\n"


@two_cores
@no_copies
def test_a_queue_is_shared() -> None:
    said = alone("""
turns = aside.queue(range(256))
wait = aside.aside(lambda: bytes(turns))
print(sorted(bytes(turns) + wait()) == [*range(256)])
""")

    assert said == "True\n"


@two_cores
@no_copies
def test_each_item_is_worked_on_once_and_in_order() -> None:
    said = alone("""
import time
for size in (2, 8, aside.FIRST + 1, 600):
    made = aside.each(lambda item: (item, os.getpid(), time.sleep(0.001)), [*range(size)])
    print([item for item, *_ in made] == [*range(size)], len({by for _, by, _ in made}))
""")

    *few, (whole, processes) = (line.split() for line in said.splitlines())
    assert [ordered for ordered, _ in few] == ["True"] * 3
    assert (whole, int(processes)) == ("True", aside.cores())


@two_cores
@no_copies
def test_items_of_a_copy_that_dies_are_worked_on_here() -> None:
    said = alone("""
import time
ours = os.getpid()
def work(item):
    if os.getpid() != ours:
        os._exit(1)
    time.sleep(0.1)
    return item
print("".join(aside.each(work, [*"abcdefgh"])))
""")

    assert said == "abcdefgh\n"


@two_cores
@no_copies
@pytest.mark.parametrize(("items", "steps"), [(1, 3), (5, 3), (1, 10_000), (100, 2)])
def test_steps_are_gone_here_while_copies_work(items: int, steps: int) -> None:
    said = alone(f"""
import time
ours, gone = os.getpid(), []
def step(number):
    time.sleep(0.001)
    gone.append(os.getpid())
def work(item):
    time.sleep(0.05)
    return item, os.getpid()
made = aside.each(work, [*range({items})], map(step, range({steps})))
by_copy = made[-1][1] != ours or {items} > 1 or {steps} < 1000  # which may begin after few steps
print([item for item, _ in made] == [*range({items})], by_copy)
print(len(gone), {{*gone}} == {{ours}})
""")

    done, went = said.splitlines()
    assert done == "True True"
    count, here = went.split()
    assert here == "True"
    assert int(count) == steps or (steps > 1000 > int(count))


@pytest.mark.parametrize("items", [[], [1]])
def test_nothing_is_loaded_ahead_where_nothing_is_copied(items: list[int]) -> None:
    with _thread():
        assert aside.each(lambda item: item, items, map(bytes.fromhex, ["no"])) == items


def test_a_queue_says_what_it_cannot_hold() -> None:
    with pytest.raises(ValueError, match="257 items"):
        next(aside.queue(range(257)))


def test_nothing_is_copied_beside_threads() -> None:
    with _thread():
        assert not aside.can_copy()
        assert aside.aside(pid)() == pid()


def test_where_no_copy_can_be_made_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(aside, "can_copy", lambda: True)
    monkeypatch.setattr(os, "fork", refuse, raising=False)

    assert aside.aside(pid)() == pid()


@contextmanager
def _thread() -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
