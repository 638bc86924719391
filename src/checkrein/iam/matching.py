"""How far a policy's pattern covers an ARN when parts of both are not known."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.iam.patterns import WILD, literal_ends, matcher, overlap
from checkrein.iam.symbols import IS_SYMBOL, Cover, Kind, Symbols
from checkrein.late import regex

FIRST = 0xE000
ARN_PARTS = 6
SEPARATORS = ":/"
SEPARATOR = regex(f"[{SEPARATORS}]")
Outline = tuple[str | bool | tuple[tuple[Kind, int], ...], ...]


class Matcher:
    """Compares encoded patterns with encoded ARNs of one symbol table; remembers every answer."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self._covers: dict[tuple[str, str], Cover] = {}
        self._agreeing: dict[Outline, bool] = {}

    def cover(self, pattern: str, arn: str) -> Cover:
        """Tell how much of an ARN the pattern covers."""
        key = (pattern, arn)
        found = self._covers.get(key)
        if found is None:
            found = self._covers[key] = self._cover(pattern, arn)
        return found

    def cover_value(self, options: tuple[str, ...], arn: str) -> Cover:
        """Tell how much one value covers; where its alternatives differ, only perhaps."""
        if len(options) == 1:
            return self.cover(options[0], arn)
        covers = [self.cover(pattern, arn) for pattern in options]
        return min(covers) or (Cover.MAYBE if any(covers) else Cover.NONE)

    def is_one_part(self, text: str) -> bool:
        """Tell whether the symbols of a text can hold no colon."""
        return all(self.symbols.kind(found) is not Kind.ANY for found in IS_SYMBOL.findall(text))

    def _cover(self, pattern: str, arn: str) -> Cover:
        if matcher(pattern)(arn):
            return Cover.ALL
        if _ends_differ(pattern, arn):  # most: another service
            return Cover.NONE
        left, right = _remainders(pattern, arn)
        if _ends_differ(left, right) or self._names_differ(left, right):
            return Cover.NONE
        if self._strange(pattern, arn):
            return Cover.NONE
        if WILD.search(right) and overlap(left, right) is not None:
            return Cover.SOME
        symbolic = IS_SYMBOL.search(left) or IS_SYMBOL.search(right)
        agree = symbolic and self._may_agree(left, right, whole=len(left) == len(pattern))
        return Cover.MAYBE if agree else Cover.NONE

    def _may_agree(self, left: str, right: str, *, whole: bool) -> bool:
        """Ask for a unification, once for all texts that differ only in which symbols they hold."""
        outline = self._outline(left, right, whole=whole)
        found = self._agreeing.get(outline)
        if found is None:
            found = Unification(left, right, self.symbols, whole=whole).possible()
            self._agreeing[outline] = found
        return found

    def _outline(self, left: str, right: str, *, whole: bool) -> Outline:
        """Return both texts with symbols numbered, and of each its kind and whose name it is."""
        names: dict[str, int] = {}
        numbers: dict[str, int] = {}
        known = []
        for symbol in IS_SYMBOL.findall(left + right):
            if symbol not in numbers:
                numbers[symbol] = len(numbers)
                identity = self.symbols.identity(symbol)
                which = names.setdefault(identity, len(names)) if identity else -1
                known.append((self.symbols.kind(symbol), which))
        texts = (
            IS_SYMBOL.sub(lambda found: chr(FIRST + numbers[found[0]]), text)
            for text in (left, right)
        )
        return (*texts, whole, tuple(known))

    def _names_differ(self, left: str, right: str) -> bool:
        """Tell two resources' names apart, each a single symbol: what most comparisons come to."""
        if len(left) != 1 or len(right) != 1 or left == right:
            return False
        one, another = self.symbols.identity(left), self.symbols.identity(right)
        return bool(one and another and one != another)

    def _strange(self, pattern: str, arn: str) -> bool:
        """Tell that one text names a resource whose name is made, and the other something else."""
        left, right = _remainders(_named(pattern), _named(arn))
        return self._is_not(left, right) or self._is_not(right, left)

    def _is_not(self, one: str, other: str) -> bool:
        """Tell that the name that a text begins with cannot be what the other begins with.

        A name ends before a separator, so it would have to be all of the other up to there.
        """
        symbol, tail = one[:1], one[1:]
        if not symbol or not _symbol(symbol) or (tail and tail[0] not in SEPARATORS):
            return False
        text = SEPARATOR.split(other, maxsplit=1)[0]
        return not WILD.search(text) and not self.symbols.may_be(symbol, text)


def _named(arn: str) -> str:
    """Return the part of an ARN that names the resource; all of what is no whole ARN."""
    parts = arn.split(":", ARN_PARTS - 1)
    return parts[-1] if len(parts) == ARN_PARTS else arn


def _remainders(left: str, right: str) -> tuple[str, str]:
    """Strip what both patterns begin and end with, up to a star: those parts stand for the same.

    So ``${StackName}-input`` and ``${StackName}-output`` are told apart.
    """
    start = _shared(left.partition("*")[0], right.partition("*")[0])
    left, right = left[start:], right[start:]
    end = _shared(left.rpartition("*")[2][::-1], right.rpartition("*")[2][::-1])
    return left[: len(left) - end], right[: len(right) - end]


def _shared(left: str, right: str) -> int:
    """Return how many characters two texts begin with alike."""
    alike, most = 0, min(len(left), len(right))
    while alike < most:
        half = (alike + most + 1) // 2
        if left[alike:half] == right[alike:half]:
            alike = half
        else:
            most = half - 1
    return alike


def _ends_differ(left: str, right: str) -> bool:
    """Tell two patterns apart by what stands before their first and after their last wildcard."""
    (head, tail), (other_head, other_tail) = literal_ends(left), literal_ends(right)
    heads_agree = head.startswith(other_head) or other_head.startswith(head)
    tails_agree = tail.endswith(other_tail) or other_tail.endswith(tail)
    return not (heads_agree and tails_agree)


State = tuple[int, int, bool, bool]


class Unification:
    """Searches whether symbols can stand for texts that make two patterns share a text.

    Walks both strings at once. A symbol takes in characters of the other side as long as its kind
    allows, a name at least one. Occurrences of one symbol are not forced to agree, so the answer
    may be yes where it is no, never the reverse.
    """

    def __init__(self, left: str, right: str, symbols: Symbols, *, whole: bool = True) -> None:
        """``whole`` tells that the patterns begin where the texts do."""
        self._strings = (left, right)
        self._symbols = symbols
        self._whole = whole

    def possible(self) -> bool:
        """Tell whether some choice of texts for the symbols makes the patterns overlap."""
        start: State = (0, 0, False, False)
        seen, waiting = {start}, [start]
        ends = tuple(map(len, self._strings))
        while waiting:
            state = waiting.pop()
            if state[:2] == ends:
                return True
            for following in self._following(state):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False

    def _following(self, state: State) -> Iterator[State]:
        at, beside, begun, other_begun = state
        left, right = self._strings[0][at : at + 1], self._strings[1][beside : beside + 1]
        if left and right and _agree(left, right):
            yield at + 1, beside + 1, False, False
        if begun or self._may_be_empty(left):
            yield at + 1, beside, False, other_begun
        if other_begun or self._may_be_empty(right):
            yield at, beside + 1, begun, False
        if right and self._takes_in(left, right, at):
            begins = left != "*"
            yield (at, beside, begins, True) if _symbol(right) else (at, beside + 1, begins, False)
        if left and self._takes_in(right, left, beside):
            begins = right != "*"
            yield (at, beside, True, begins) if _symbol(left) else (at + 1, beside, False, begins)

    def _may_be_empty(self, character: str) -> bool:
        if character == "*":
            return True
        unnamed = _symbol(character) and not self._symbols.identity(character)
        return unnamed and self._symbols.kind(character) is Kind.ANY

    def _takes_in(self, taker: str, character: str, position: int) -> bool:
        """Tell whether a star or a symbol may stand for a text that holds the character."""
        if taker == "*" or not _symbol(taker):
            return taker == "*"
        kind = self._symbols.kind(taker)
        if _symbol(character):
            return self._compatible(taker, kind, character)
        if character == "?" or kind is Kind.ANY:
            return True
        if kind is Kind.ACCOUNT:
            return character.isdigit()
        if kind in {Kind.REGION, Kind.STACK}:
            return character.isalnum() or character == "-"
        # A name inside an ARN holds no separator; at its start the symbol may be a whole ARN.
        return (self._whole and position == 0) or character not in ":/"

    def _compatible(self, symbol: str, kind: Kind, other: str) -> bool:
        """Tell whether two symbols may share a text: resources' names are never alike."""
        one, another = self._symbols.identity(symbol), self._symbols.identity(other)
        if one and another:
            return one == another
        return {kind, self._symbols.kind(other)} != {Kind.ACCOUNT, Kind.REGION}


def _symbol(character: str) -> bool:
    return IS_SYMBOL.match(character) is not None


def _agree(left: str, right: str) -> bool:
    """Tell whether two positions may hold the same single character."""
    if left == right:
        return True
    return "?" in {left, right} and not any(c == "*" or _symbol(c) for c in (left, right))
