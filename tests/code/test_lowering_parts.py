"""Who walks through a tree sees all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checkrein.code import ir
from checkrein.code.lowering import lower

PYTHON = b"""\
import a
from b import c as d
__all__ = ["x"]
@made(one)
class Rider(Base, metaclass=meta):
    kind: ClassVar[int] = start
    other: Kind
    @late
    async def go(self, x: int = first, *rest, **named):
        global shared
        async for n in every:
            if n and not skip or n in (a, [b], {c}):
                continue
            elif low < n < high:
                break
        else:
            yield n
        while n[1:upper]:
            total += n.value ** -power
        try:
            raise Wrong(f"{n} is {kind!r}") from cause
        except (Bad, Worse) as error:
            return await call(*things, key=value, **options)
        finally:
            with opened(path) as file, lock:
                pass
make = lambda y, z=default: {y: z, **more} if y else [i for i in inner if check]
if (found := find(x)) is None:
    del found.part[index]
match subject:
    case Point(x=here) | {"key": there}:
        assert here
"""
JAVASCRIPT = b"""\
import whole, { part as own } from "m";
export default class Rider extends Base {
  static kind = start;
  #own;
  get name() { return this.#own?.text ?? fallback; }
  static { setup(); }
}
export const { a, b: [c = first, , ...others], ...rest } = source;
const make = async (x, { y = z } = {}, ...more) => ({ ...x, [key]: `${y} and ${more}` });
for (const one of every) { if (!one) break; else continue; }
for (let i = 0; i < end; i++) total += i;
switch (kind) { case low: if (x) break; run(); default: stop(); }
try { throw new Wrong(tag`${text}`); } catch ({ message }) { log(message); } finally { end(); }
export * from "other";
function* steps() { yield* inner; label: while (true) { do { typeof x } while (y ? z : w) } }
"""


def _attributes(kind: type[Any]) -> list[str]:
    native: tuple[str, ...] = getattr(kind, "__mypyc_attrs__", ())
    return [*native, *(name for each in kind.__mro__ for name in getattr(each, "__slots__", ()))]


def _held(value: Any) -> Iterator[Any]:
    """Yield what an attribute holds, if that is a part of the tree."""
    if isinstance(value, tuple):
        for one in value:
            yield from _held(one)
    elif type(value).__module__.startswith(ir.__name__):
        yield value


@pytest.mark.parametrize(("text", "language"), [(PYTHON, "python"), (JAVASCRIPT, "javascript")])
def test_parts_are_all_that_a_node_holds(text: bytes, language: str) -> None:
    module = lower(text, language, "app")
    assert module.errors == ()
    waiting: list[Any] = [module]
    seen: set[type[Any]] = set()
    while waiting:
        node = waiting.pop()
        parts = ir.parts(node)
        held = [one for name in _attributes(type(node)) for one in _held(getattr(node, name))]
        assert {*map(id, parts)} == {*map(id, held)}, type(node)
        seen.add(type(node))
        waiting += parts
    assert len(seen) > 30
