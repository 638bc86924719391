"""ARNs as texts while they are put together, and as values of a template in the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from checkrein.catalog import arns
from checkrein.derive.stacks.directory import Directory
from checkrein.iam.symbols import IS_SYMBOL, Symbols, pieces
from checkrein.late import regex
from checkrein.model import CallSite, Open, Resource, Symbol, Text, Value
from checkrein.model.values import text

STARS = regex(r"\*\*+")
NAME_ATTRIBUTES = {  # where Ref gives something else than the name
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::StepFunctions::StateMachine": "Name",
    "AWS::StepFunctions::Activity": "Name",
}


class Spelled(NamedTuple):
    """A text with a character for each symbol of a template, and why parts of it are ``*``."""

    text: str
    open: str = ""


class Spelling:
    """One table of symbols for all needs of an app."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._symbols = Symbols()

    def spell(self, value: Value, calls: Sequence[CallSite] = ()) -> Iterator[Spelled]:
        """Yield each text that a bound value may be; what only running tells is ``*``.

        ``calls`` are those of the function whose code says the value.
        """
        for encoded in self._symbols.encode(self.directory.canonical(value)):
            reasons: dict[str, None] = {}
            shown = []
            for piece in pieces(encoded):
                reason = self._reason(piece, calls) if IS_SYMBOL.match(piece) else ""
                shown.append("*" if reason else piece)
                reasons.update({reason: None} if reason else {})
            yield Spelled(STARS.sub("*", "".join(shown)), "; ".join(reasons))

    def name(self, resource: Resource) -> str:
        """Return a resource's physical name as a text, the first if there are several."""
        return self._symbols.encode(self.directory.name(resource))[0]

    def own(self, resource: Resource) -> str:
        """Return a resource's own ARN as a text, "" if its type has none."""
        return self._symbols.encode(next(iter(self.directory.arns(resource)), ""))[0]

    def symbol(self, owner: str, attribute: str) -> str:
        """Return the text of a symbol."""
        return self._symbols.encode(Symbol(owner, attribute))[0]

    def value(self, arn: str, resource: Resource | None = None) -> Value:
        """Return an ARN as a template says it, through the attribute of the resource it is of."""
        if resource:
            attribute = arns.arn_attribute(resource.type)
            own = self.own(resource)
            rest = arn.removeprefix(own)
            if attribute and own and arn.startswith(own) and rest[:1] in {"", "/", ":"}:
                return text([Symbol(resource.id, attribute), *self._parts(rest)])
        return text(self._parts(arn))

    def _parts(self, encoded: str) -> list[Value]:
        known = self._symbols.decode(encoded)
        parts = list(known.parts) if isinstance(known, Text) else [known]
        if isinstance(parts[0], str) and parts[0].startswith("arn:aws:"):
            rest = parts[0].removeprefix("arn:aws")
            parts = ["arn:", Symbol("@aws", "Partition"), rest, *parts[1:]]
        return [self._named(part) if isinstance(part, Symbol) else part for part in parts]

    def _named(self, symbol: Symbol) -> Symbol:
        """Return the attribute that gives a name, where it was written as ``Ref``."""
        resource = self.directory.resources.get(symbol.owner)
        if resource is None or symbol.attribute != "Ref":
            return symbol
        return Symbol(symbol.owner, NAME_ATTRIBUTES.get(resource.type, "Ref"))

    def _reason(self, character: str, calls: Sequence[CallSite]) -> str:
        """Say why nobody but running code can tell a symbol, "" where a template can say it."""
        value = self._symbols.decode(character)
        if isinstance(value, Open):
            return value.reason
        if not isinstance(value, Symbol):
            return ""
        owner, attribute = value.owner, value.attribute
        if owner.startswith("call:"):
            site = calls[int(owner.partition(":")[2])]
            return f"it is in what {site.operation} answers"
        if owner == "@secretsmanager":
            return "a secret holds it"
        reasons = {
            "env": f"the environment variable {attribute} is set in no template",
            "event": "the event says it" + (f" (event.{attribute})" if attribute else ""),
            "context": "the invocation's context says it",
            "error": "an error says it",
        }
        return reasons.get(owner, "")
