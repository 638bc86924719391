"""Values as strings: what is not known becomes one character of Unicode's private-use area.

A pattern and an ARN that both hold ``${AWS::AccountId}`` then agree by plain equality of
characters, and every algorithm on strings works on values that are not known. How much a
character may stand for is its :class:`Kind`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum, IntEnum
from itertools import chain

from checkrein.late import regex
from checkrein.model import Choice, Open, Symbol, Text, Value
from checkrein.model.values import alternatives, plain_text, text

RANGES = ((0xE000, 0xF900), (0xF0000, 0xFFFFE), (0x100000, 0x10FFFE))
IS_SYMBOL = regex("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
ALONE = regex(f"({IS_SYMBOL.pattern})")
# A template that writes ``arn:aws:`` is meant for that partition, so its symbol means the same.
KNOWN = {("@aws", "Partition"): "aws", ("@aws", "URLSuffix"): "amazonaws.com"}
VARIABLE = regex(r"\$\{([^{}$]+)\}")
ESCAPED = {"*": "*", "?": "?", "$": "$"}
CODE_OWNERS = ("env", "event", "context", "error")
MOST_ALTERNATIVES = 16
RANDOM = regex(r"[A-Za-z0-9]{8,16}")  # what a name that is made ends in, after a dash
KEPT = 8  # letters of a logical id that stay in a name however long the stack's is


class Kind(Enum):
    """What a symbol may stand for."""

    ANY = "any text"
    ACCOUNT = "twelve digits"
    REGION = "a region's name"
    STACK = "a stack's name"
    RESOURCE = "a name that no other resource has"


class Cover(IntEnum):
    """How much of what an ARN stands for a pattern covers.

    An ARN with a wildcard, such as ``bucket/*``, stands for many resources.
    """

    NONE = 0  # none of it, whatever the symbols stand for
    MAYBE = 1  # that depends on what the symbols stand for
    SOME = 2  # for certain some of it
    ALL = 3  # for certain all of it


class Symbols:
    """One table of characters for one app; patterns and ARNs to compare must share it.

    ``names`` are symbols, such as parameters, that each name a resource of the app: where two of
    them stand in the same place, they are not the same resource's. ``generated`` are resources
    (owners of symbols) whose names CloudFormation makes: ``stack-LogicalId-1ABC2DEF3GHI``.
    ``elsewhere`` tells of a symbol whether it names none of the app's resources.
    """

    def __init__(
        self,
        names: Iterable[Symbol] = (),
        generated: Iterable[str] = (),
        elsewhere: Callable[[Symbol], bool] = lambda _: False,
    ) -> None:
        self._names = frozenset(names)
        self._elsewhere = elsewhere
        self._generated = frozenset(generated)
        self._code_points = chain.from_iterable(range(*ends) for ends in RANGES)
        self._characters: dict[Symbol, str] = {}
        self._values: dict[str, Symbol | Open] = {}
        self._kinds: dict[str, Kind] = {}
        self._identities: dict[str, str] = {}

    def encode(self, value: Value) -> tuple[str, ...]:
        """Return one string for each value that ``value`` may have (at most 16).

        An Open becomes a new character each time: two things that are not known are not equal.
        Structures (lists, dicts) count as open.
        """
        if not isinstance(value, Choice):
            return (self._string(value),)
        options = alternatives(value)
        if len(options) > MOST_ALTERNATIVES:
            options = [Open("many values")]
        return tuple(dict.fromkeys(self._string(option) for option in options))

    def encode_pattern(self, value: Value) -> tuple[str, ...]:
        """Encode a policy's Resource: ``${aws:username}`` is a symbol, ``${*}`` any character."""
        return tuple(
            dict.fromkeys(
                VARIABLE.sub(lambda found: self._variable(found[1]), string)
                for string in self.encode(value)
            )
        )

    def decode(self, string: str) -> Value:
        """Return the value that a string made by this table stands for."""
        if string.isascii():
            return string
        return text([self._values.get(piece, piece) for piece in pieces(string)])

    def kind(self, character: str) -> Kind:
        """Return what a symbol's character may stand for."""
        return self._kinds.get(character, Kind.ANY)

    def identity(self, character: str) -> str:
        """Return which resource a symbol names, as a text to compare; empty if it names none."""
        return self._identities.get(character, "")

    def may_be(self, character: str, text: str) -> bool:
        """Tell whether a symbol may stand for a text: a name that is made holds the logical id.

        Long ones are cut off, so its beginning is enough; case is lost in buckets' names. Of a
        text that is known in part, the stack's own name and what stands last count.
        """
        value = self._values.get(character)
        if not isinstance(value, Symbol) or value.owner not in self._generated:
            return True
        stack, _, logical = value.owner.rpartition("/")
        known = text.removeprefix(self._characters.get(Symbol(f"{stack}@stack", "StackName"), ""))
        if IS_SYMBOL.search(known):
            _, dash, last = known.rpartition("-")
            return not dash or IS_SYMBOL.search(last) is not None or bool(RANDOM.fullmatch(last))
        return f"-{logical[:KEPT].lower()}" in known.lower()

    def _string(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Text):
            return "".join([p if type(p) is str else self._string(p) for p in value.parts])
        if isinstance(value, Symbol):
            return self._character(value)
        if isinstance(value, (Open, dict, list, Choice)):
            return self._new(value if isinstance(value, Open) else Open("a structure"))
        return plain_text(value)

    def _character(self, symbol: Symbol) -> str:
        found = self._characters.get(symbol)
        if found is None:
            known = KNOWN.get((symbol.owner, symbol.attribute))
            found = self._characters[symbol] = known or self._new(symbol)
        return found

    def _new(self, value: Symbol | Open) -> str:
        character = chr(next(self._code_points))
        self._values[character] = value
        if isinstance(value, Symbol):
            self._kinds[character] = found = kind(value)
            if found is Kind.RESOURCE:
                self._identities[character] = value.owner
            elif value in self._names or self._elsewhere(value):
                self._identities[character] = str(value)
        return character

    def _variable(self, name: str) -> str:
        escaped = ESCAPED.get(name)
        return "?" if escaped in {"*", "?"} else escaped or self._character(Symbol("@policy", name))


def pieces(string: str) -> list[str]:
    """Return an encoded string split before and behind each symbol's character."""
    return [string] if string.isascii() else ALONE.split(string)


def kind(symbol: Symbol) -> Kind:
    """Return what a symbol may stand for, by its owner and attribute."""
    if symbol.owner == "@aws":
        return {"AccountId": Kind.ACCOUNT, "Region": Kind.REGION}.get(symbol.attribute, Kind.ANY)
    if symbol.owner.endswith("@stack") and symbol.attribute == "StackName":
        return Kind.STACK
    passed_on = symbol.attribute.startswith("Outputs.")
    code = symbol.owner in CODE_OWNERS or symbol.owner.startswith("call:")
    return Kind.ANY if "@" in symbol.owner or passed_on or code else Kind.RESOURCE
