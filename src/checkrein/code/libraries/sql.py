"""What a statement of SQL asks of a database: which tables, columns and values, in which order.

A small reader of the statements that applications write. It never fails: what it cannot tell is
any column, any table, or no statement at all. Unqualified columns of several tables may be any of
theirs. Values stand by their placeholder; what code puts into the text itself is a *hole*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from checkrein.late import regex

HOLE = "\0"  # around the number of what the code puts there
TOKEN = regex(
    r"""(?xs)--[^\n]*|/\*.*?\*/ | '(?:[^'\\]|''|\\.)*' | "[^"]*" | `[^`]*` | \[\w[\w ]*\]
    | \x00\d+\x00 | %\(\w+\)s | %s | ::\w+ | \$\d+ | [:@]\w+ | \?\??
    | [A-Za-z_]\w* | \d+(?:\.\d+)? | <= | >= | <> | != | \S"""
)
HOLES = regex(r"\x00(\d+)\x00")
NAMED = regex(r"%\((\w+)\)s|[:@](\w+)")
WORD = regex(r"[A-Za-z_]\w*|\"[^\"]*\"|`[^`]*`|\[\w[\w ]*\]")
VERBS = {
    "select": "Select", "insert": "Insert", "replace": "Insert", "merge": "Insert",
    "update": "Update", "delete": "Delete", "truncate": "Delete", "with": "Select",
    "upsert": "Insert",
}  # fmt: skip
CHANGING = ("insert", "update", "delete")
KEYWORDS = frozenset({
    "select", "distinct", "all", "from", "where", "and", "or", "not", "in", "is", "null", "as",
    "on", "join", "left", "right", "inner", "outer", "full", "cross", "natural", "using", "group",
    "order", "by", "having", "limit", "offset", "union", "values", "set", "into", "returning",
    "case", "when", "then", "else", "end", "like", "ilike", "between", "asc", "desc",
    "for", "update", "delete", "insert", "conflict", "do", "nothing", "duplicate", "key", "ignore",
    "true", "false", "interval", "only", "lateral", "with", "default", "top", "output", "fetch",
    "first", "next", "rows", "row", "window", "over", "partition", "escape", "collate", "any",
    "some", "current_timestamp", "current_date", "current_time", "low_priority",
})  # fmt: skip
BETWEEN = frozenset({"only", "lateral", "ignore", "low_priority", "table"})
COUNTING = frozenset({"count", "exists", "now", "row_number", "rank", "uuid", "random", "curdate"})
COMPARING = frozenset({"=", "in", "like", "ilike", "any"})
MOST = 120  # columns that are told of one statement
LONGEST = 20_000  # letters; statements that are longer are data


class Value(NamedTuple):
    """Where a value comes from: ``?`` with a position, ``:`` with a name, or a hole's number."""

    kind: str
    number: int = 0
    name: str = ""


Given = tuple[str, tuple[Value, ...]]  # a column (``table.column``), and what goes into it


class Statement(NamedTuple):
    """What a statement does: paths are ``table.column``, or ``table`` for all of its columns.

    ``columns`` are what its rows hold, by the name under which they come, in order; no path where
    it holds nothing of the tables (a count). ``known`` is whether these are all.
    """

    verb: str
    tables: tuple[str, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    written: tuple[Given, ...] = ()
    where: tuple[Given, ...] = ()
    known: bool = True


@lru_cache(maxsize=1024)
def statement(text: str) -> Statement | None:
    """Return what a statement does, None if it reads and writes no rows that are known."""
    if len(text) > LONGEST:
        return None
    tokens = [each for each in TOKEN.findall(text) if not each.startswith(("--", "/*", "::"))]
    first = next((t.lower() for t in tokens if t != "("), "")
    if first not in VERBS:
        return None
    return _Reader(tokens).read(VERBS[first])


class _Reader:
    """The tokens of one statement, with the tables that they name."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.lower = [token.lower() for token in tokens]
        self.depths: list[int] = []
        self.values: dict[int, tuple[Value, ...]] = {}
        depth = count = 0
        for at, word in enumerate(tokens):
            depth -= word == ")"
            self.depths.append(depth)
            depth += word == "("
            if word in {"?", "%s", "??"}:
                self.values[at] = (Value("?", count),)
                count += 1
            elif found := _value(word):
                self.values[at] = found
        self.tables: dict[str, str] = {}  # by alias
        self.made: set[str] = set()  # names that the statement gives to its own parts

    def read(self, verb: str) -> Statement:
        self._find_tables()
        if self.lower[0] == "with":
            outer = [t for t, depth in zip(self.lower, self.depths, strict=True) if not depth]
            verb = next((VERBS[t] for t in outer if t in CHANGING), verb)
        names = tuple(dict.fromkeys(self.tables.values()))
        if verb == "Select":
            columns, known = self._selected("select")
            return Statement(verb, names, columns, (), tuple(self._where()), known)
        columns, known = self._selected("returning") if "returning" in self.lower else ((), True)
        written = tuple(self._inserted() if verb == "Insert" else self._set())
        if verb == "Insert":
            written += tuple(self._set())
        return Statement(verb, names, columns, written[:MOST], tuple(self._where()), known)

    # -------------------------------------------------------------------------- tables

    def _find_tables(self) -> None:
        for at, word in enumerate(self.lower):
            if word == "as" and at and self.tokens[at + 1 : at + 2] == ["("]:
                self.made.add(_plain(self.tokens[at - 1]))
        for at, word in enumerate(self.lower):
            before = self.lower[at - 1] if at else ""
            if word in {"from", "join", "into", "truncate", "using"} or (
                word == "update" and before not in {"key", "for", "do"}
            ):
                self._named_from(at + 1)

    def _named_from(self, at: int) -> None:
        while at < len(self.tokens):
            while self.lower[at : at + 1] and self.lower[at] in BETWEEN:
                at += 1
            name, end = self._name(at)
            if not name:
                return
            end = self._aliased(name.rpartition(".")[2], end)
            if self.tokens[end : end + 1] != [","]:
                return
            at = end + 1

    def _aliased(self, table: str, end: int) -> int:
        """Take in a table with the alias that follows it; return where that ends."""
        alias = table
        if self.lower[end : end + 1] == ["as"]:
            end += 1
        following = self.tokens[end : end + 1]
        if following and WORD.fullmatch(following[0]) and following[0].lower() not in KEYWORDS:
            alias, end = _plain(following[0]), end + 1
        if table not in self.made:
            self.tables[alias] = table
        return end

    def _name(self, at: int) -> tuple[str, int]:
        """Return a dotted name that begins at a token, and where it ends."""
        parts: list[str] = []
        while at < len(self.tokens):
            token = self.tokens[at]
            if not WORD.fullmatch(token) or (not parts and token.lower() in KEYWORDS):
                break
            name = _plain(token)
            if HOLE in name:
                return "", at
            parts.append(name)
            at += 1
            if self.tokens[at : at + 1] != ["."]:
                break
            at += 1
        return ".".join(parts), at

    def _paths(self, name: str) -> tuple[str, ...]:
        """Return the columns that a name may be: ``u.email`` of the table that u stands for."""
        owner, _, column = name.rpartition(".")
        owner = owner.rpartition(".")[2]
        if owner in self.tables:
            return (f"{self.tables[owner]}.{column}",)
        tables = dict.fromkeys(self.tables.values())
        return tuple(f"{table}.{column}" for table in tables)

    # -------------------------------------------------------------------------- what is read

    def _selected(self, word: str) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], bool]:
        """Return the columns of the rows that come back, and whether they are all."""
        starts = [at for at, w in enumerate(self.lower) if w == word]
        start = min(starts, key=lambda at: (self.depths[at], -at), default=-1)
        if start < 0:
            return (), False
        depth, end = self.depths[start], start + 1
        while end < len(self.tokens) and not (
            self.depths[end] <= depth and self.lower[end] in {"from", "union", ";", ")", "into"}
        ):
            end += 1
        found: list[tuple[str, tuple[str, ...]]] = []
        known = True
        for begin, stop in self._parted(start + 1, end):
            name, paths, whole = self._column(begin, stop)
            known = known and not whole and bool(name or not paths)
            found.append((name, paths))
        return tuple(found[:MOST]), known and len(found) <= MOST

    def _column(self, begin: int, end: int) -> tuple[str, tuple[str, ...], bool]:
        """Return a column's name, what it holds, and whether it stands for several."""
        while begin < end and self.lower[begin] in {"distinct", "all"}:
            begin += 1
        words = self.tokens[begin:end]
        if words and words[-1] == "*" and (len(words) == 1 or words[-2] == "."):
            owner = _plain(words[-3]) if len(words) > 2 else ""  # noqa: PLR2004 - t . *
            tables = (self.tables[owner],) if owner in self.tables else self.tables.values()
            return "", tuple(dict.fromkeys(tables)), True
        if any(at in self.values and self.values[at][0].kind == HOLE for at in range(begin, end)):
            return "", tuple(dict.fromkeys(self.tables.values())), True
        alias, last = "", end - 1
        if last > begin and WORD.fullmatch(self.tokens[last]):
            before = self.tokens[last - 1]
            if before.lower() == "as" or before == ")" or WORD.fullmatch(before):
                alias, end = _plain(self.tokens[last]), last - (before.lower() == "as")
        names, counts = self._names(begin, end)
        paths = () if counts else tuple(dict.fromkeys(p for n in names for p in self._paths(n)))
        single = names[0].rpartition(".")[2] if len(names) == 1 else ""
        return alias or single, paths, False

    def _names(self, begin: int, end: int) -> tuple[list[str], bool]:
        """Return the columns in an expression, and whether it only counts them."""
        found: list[str] = []
        at, counts = begin, False
        while at < end:
            name, after = self._name(at)
            if not name:
                at += 1
            elif self.tokens[after : after + 1] == ["("]:
                counts = counts or name.lower() in COUNTING
                at = after + 1
            else:
                found.append(name)
                at = after
        return found, counts

    def _parted(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a list: from where to where."""
        depth = self.depths[begin] if begin < len(self.depths) else 0
        start = begin
        for at in range(begin, end):
            if self.tokens[at] == "," and self.depths[at] == depth:
                yield start, at
                start = at + 1
        if start < end:
            yield start, end

    # -------------------------------------------------------------------------- what is written

    def _inserted(self) -> Iterator[Given]:
        """Yield what an INSERT puts into the columns of its table."""
        table = next(iter(self.tables.values()), "")
        columns, at = self._into()
        if self.lower[at : at + 1] == ["set"] and at + 1 in self.values:
            yield table, self.values[at + 1]  # INSERT INTO t SET ?
        if self.lower[at : at + 1] != ["values"]:
            return
        at += 1
        while at < len(self.tokens) and self.tokens[at] in {"(", ","}:
            close = self._close(at) if self.tokens[at] == "(" else at
            for number, (begin, end) in enumerate(self._parted(at + 1, close)):
                name = columns[number] if number < len(columns) else ""
                found = self._values(begin, end)
                if found:
                    yield ".".join(filter(None, (table, name))), found
            at = close + 1
        if at in self.values:
            yield table, self.values[at]  # VALUES ?

    def _into(self) -> tuple[list[str], int]:
        """Return the columns that an INSERT names, and where these end."""
        at = self.lower.index("into") + 1 if "into" in self.lower else 1
        while at < len(self.tokens) and self.lower[at] not in {"(", "values", "select", "set"}:
            at += 1
        if self.tokens[at : at + 1] != ["("] or self.lower[at + 1 : at + 2] == ["select"]:
            return [], at
        close = self._close(at)
        parts = self._parted(at + 1, close)
        return [self._name(begin)[0].rpartition(".")[2] for begin, _ in parts], close + 1

    def _values(self, begin: int, end: int) -> tuple[Value, ...]:
        return tuple(v for at in range(begin, end) for v in self.values.get(at, ()))

    def _close(self, at: int) -> int:
        """Return where a bracket closes."""
        depth = self.depths[at]
        for end in range(at + 1, len(self.tokens)):
            if self.tokens[end] == ")" and self.depths[end] == depth:
                return end
        return len(self.tokens)

    def _set(self) -> Iterator[Given]:
        """Yield what SET assigns, and ON DUPLICATE KEY UPDATE."""
        table = next(iter(self.tables.values()), "")
        before = ("", *self.lower)
        starts = [
            at
            for at, word in enumerate(self.lower)
            if word == "set" or (word == "update" and before[at] == "key")
        ]
        for start in starts:
            end = start + 1
            while end < len(self.tokens) and self.lower[end] not in {"where", "returning", ";"}:
                end += 1
            for begin, stop in self._parted(start + 1, end):
                name, after = self._name(begin)
                found = self._values(begin, stop)
                if found and name and self.tokens[after : after + 1] == ["="]:
                    path = f"{table}.{name.rpartition('.')[2]}"
                    yield self._paths(name)[0] if "." in name else path, found
                elif found:
                    yield table, found  # SET ?, or columns that code puts together

    def _where(self) -> Iterator[Given]:
        """Yield what conditions compare columns with."""
        if "where" not in self.lower:
            return
        before = self.lower.index("where")  # the last word that is no value, nor between values
        for at in range(before, len(self.tokens)):
            if at not in self.values:
                before = before if self.tokens[at] in {"(", ","} else at
                continue
            left = before
            if self.lower[left] in COMPARING:
                left -= 1
                if self.lower[left] in COMPARING or self.lower[left] == "not":
                    left -= 1
                for path in self._ending(left):
                    yield path, self.values[at]

    def _ending(self, at: int) -> tuple[str, ...]:
        """Return the columns that a name which ends at a token may be; of ``LOWER(x)`` x."""
        if self.tokens[at] == ")":
            at -= 1
        begin = at
        while begin > 1 and self.tokens[begin - 1] == ".":
            begin -= 2
        name, end = self._name(begin)
        return self._paths(name) if name and end == at + 1 else ()


def _plain(token: str) -> str:
    return token.strip('`"[]')


def _value(token: str) -> tuple[Value, ...]:
    """Return the values that a token stands for."""
    if token.startswith("$") and token[1:].isdigit():
        return (Value("?", int(token[1:]) - 1),)
    named = NAMED.fullmatch(token)
    if named:
        return (Value(":", name=named[1] or named[2]),)
    return tuple(Value(HOLE, int(number)) for number in HOLES.findall(token))
