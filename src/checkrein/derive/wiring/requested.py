"""What templates ask of services without code: from a request written there to flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checkrein.catalog import sdk_pack
from checkrein.derive.content.bindings import Binding
from checkrein.derive.content.elements import named
from checkrein.derive.content.events import announced
from checkrein.derive.content.slots import Slots, mentioned
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import wire
from checkrein.model import CallSite, Element, Evidence, Flow, Slot, Summary, Symbol
from checkrein.model.items import Items

SERVICES = {  # names in integrations' ARNs and in state machines, where botocore has another
    "states": "stepfunctions",
    "sfn": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "cognitoidentity": "cognito-identity",
    "email": "ses",
    "rdsdata": "rds-data",
    "iotdataplane": "iot-data",
    "bedrockruntime": "bedrock-runtime",
}
SAID = {"body": "its body", "": "all it holds"}


class Requested(Slots):
    """The slots of one request that a template writes down, as if a function had made it.

    Symbols of ``event`` name parts of the content of ``node``, the API or state machine.
    """

    def __init__(self, directory: Directory, node: str, site: CallSite) -> None:
        summary = Summary(id=node, function=node, calls=(site,))
        binding = Binding(directory, summary, ())
        tuple(binding.calls())  # resolves what the request addresses
        self.site = site
        super().__init__(binding, logs="")

    @property
    def operation(self) -> str:
        """The service and the operation, as shown to people."""
        return f"{self.site.service}:{self.site.operation}"

    def sources(self, symbol: Symbol) -> Iterator[Slot]:
        """Yield the slots that a symbol's content comes from."""
        if symbol.owner == "event":
            yield Slot(self.function, symbol.attribute)

    def items(self, site: CallSite, target: str) -> Items:  # noqa: ARG002 - of any
        """Return (): of a text that a template puts together not every literal is literal."""
        return ()

    def writes(self, who: str, via: str, above: str = "") -> Iterator[Flow]:
        """Yield what the request hands on.

        ``who`` begins the sentence that says so; ``above`` is the part of paths it leaves out.
        """
        for handed in self.written(self.site):
            for symbol in handed.argument.sources:
                for source in self.sources(symbol):
                    what, target = self._what(source, above), shown(handed.slot.node)
                    note = Evidence(
                        f"{who} puts {what} into {target} ({self.operation})", self.site.place
                    )
                    direct = mentioned(handed.argument.value, symbol)
                    flow = wire(source, handed.slot, via, note, certain=direct)
                    yield replace(flow, events=self.events(self.site))

    def _what(self, source: Slot, above: str) -> str:
        part = source.path.removeprefix(above).strip()
        if source.node == self.function:
            return SAID.get(part, part)
        return f"{part or 'content'} of {shown(source.node)}"


def shown(node: str) -> str:
    """Return a node's name for sentences."""
    return short(node.removesuffix("@response"))


def service_name(written: str) -> str:
    """Return botocore's name of a service that a template names."""
    return SERVICES.get(written, written)


def member(service: str, operation: str, path: str) -> str:
    """Return a request's path with its first member as the service spells it (``Input``)."""
    head, dot, rest = path.partition(".")
    plain = head.removesuffix("[]")
    known = {sdk_pack.fold(name): name for name in sdk_pack.members(service, operation)}
    spelt = known.get(sdk_pack.fold(plain), plain)
    return f"{spelt}{head[len(plain) :]}{dot}{rest}"


def told(directory: Directory, flows: Iterable[Flow]) -> Iterator[Element]:
    """Yield what the names at both ends of flows tell."""
    for flow in flows:
        for slot in (flow.source, flow.target):
            yield from announced(named(slot, directory, flow.place), flow.events)
