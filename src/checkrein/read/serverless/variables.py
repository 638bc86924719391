"""Settling the variables of a service: what each ``${…}`` stands for, as far as files tell.

A deployment without options is what is looked at: ``opt:stage`` is the stage that the file gives,
``env:X`` has the value of a committed ``.env`` and its default. The environment of this machine is
never asked. A variable that only AWS can tell becomes a symbol, one that only the deployment
tells is open and says so.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from checkrein.errors import InputError
from checkrein.model.values import (
    Choice,
    Open,
    Symbol,
    Text,
    Value,
    at_path,
    choice,
    plain_text,
    text,
)
from checkrein.read.made import Lost
from checkrein.read.serverless.sources import SOURCES, Absent, Asked, Found, of_plugin
from checkrein.read.serverless.substitutions import substituted
from checkrein.read.serverless.syntax import DEFAULT, Parts, Source, Variable, parts
from checkrein.read.serverless.written import Written, is_special, load, member, of_plain, weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path as File

    from checkrein.model import Place
    from checkrein.read.serverless.program.evaluation import Evaluation

LONGEST_CHAIN = 60  # collections and variables that lead to each other
MOST_PARTS, MOST_LEVELS = 200_000, 90  # of what variables bring together
MOST_LETTERS = 200_000
TOO_LONG = Open(f"a text of more than {MOST_LETTERS:,} letters")
NOT_CERTAIN = ("ssm", "cf", "s3")  # where a fallback follows, what they name may not be there
DEFAULTS = {"stage": "dev", "region": "us-east-1"}


class Settling:
    """One service file on its way to a Service.

    ``root`` is the scanned folder and ``folder`` the service's, relative to it; ``lost`` gathers
    what should be there and could not be read. ``environment`` is what ``.env`` files say,
    ``parameters`` what a compose file passes.
    """

    def __init__(self, root: File, folder: str, document: Written) -> None:
        self.root, self.folder, self.document = root, folder, document
        self.lost: list[Lost] = []
        self.environment: dict[str, Written] = {}
        self.parameters: dict[str, Written] = {}
        self.marks = DEFAULT
        self.options: dict[str, Value] = {}  # what is known of the options of a deployment
        self._known: dict[int, tuple[Written, Written]] = {}
        self._settled: dict[int, tuple[Written, Written]] = {}
        self._waiting: dict[int, str] = {}
        self._sizes: dict[int, tuple[int, int]] = {}  # how many parts, how many levels
        self._documents: dict[str, Written] = {}

    # --------------------------------------------------------------------------- settling

    def settle(self, part: Written) -> Written:
        """Return a part with every variable in it settled."""
        part = self.shallow(part)
        if not isinstance(part.value, (dict, list)):
            return part
        known = self._settled.get(id(part))
        if known is not None:
            return known[1]
        if id(part) in self._waiting:
            return self._circular(part)
        self._waiting[id(part)] = f"line {part.place.line}"
        settled = self._bounded(self._inside(part))
        del self._waiting[id(part)]
        self._settled[id(part)] = part, settled
        self._settled[id(settled)] = settled, settled
        return settled

    def _bounded(self, part: Written) -> Written:
        """Return a collection; raise InputError where variables make it grow beyond reason."""
        inner = part.value.values() if isinstance(part.value, dict) else part.value
        below = [self._sizes.get(id(one), (1, 1)) for one in inner]
        count = 1 + sum(size for size, _ in below)
        levels = 1 + max((depth for _, depth in below), default=0)
        if count > MOST_PARTS or levels > MOST_LEVELS:
            place = part.place
            bound = f"{MOST_PARTS:,} values or {MOST_LEVELS} levels"
            sentence = f"line {place.line}: variables bring together more than {bound}"
            raise InputError(sentence, place.path, place.line)
        self._sizes[id(part)] = count, levels
        return part

    def _inside(self, part: Written) -> Written:
        if isinstance(part.value, list):
            listed = [self.settle(item) for item in part.value]
            same = all(a is b for a, b in zip(listed, part.value, strict=True))
            return part if same else Written(listed, part.place)
        inner = {key: self.settle(item) for key, item in part.value.items()}
        if all(inner[key] is item for key, item in part.value.items()):
            return part
        return substituted(Written(inner, part.place))

    def shallow(self, part: Written) -> Written:
        """Return what a part is, itself no variable; what is below it may hold more."""
        if not isinstance(part.value, (str, Text)) or self._is_plain(part.value):
            return part
        known = self._known.get(id(part))
        if known is not None:
            return known[1]
        if id(part) in self._waiting or len(self._waiting) > LONGEST_CHAIN:
            return self._circular(part)
        self._waiting[id(part)] = str(part.value)
        found = self._text(part)
        del self._waiting[id(part)]
        self._known[id(part)] = part, found
        self._known[id(found)] = found, found
        return found

    def _is_plain(self, value: str | Text) -> bool:
        pieces = value.parts if isinstance(value, Text) else (value,)
        opening = self.marks[0]
        return not any(isinstance(piece, str) and opening in piece for piece in pieces)

    def _circular(self, part: Written) -> Written:
        if id(part) not in self._waiting:
            return Written(Open(f"more than {LONGEST_CHAIN} variables that lead on"), part.place)
        asked = list(self._waiting)
        circle = list(self._waiting.values())[asked.index(id(part)) :]
        reason = "the variables lead back to themselves: " + ", ".join(dict.fromkeys(circle))
        self.lose(reason, part.place)
        return Written(Open(reason), part.place)

    def lose(self, reason: str, place: Place) -> None:
        """Note what should be there and could not be read."""
        if all(known.reason != reason for known in self.lost):
            self.lost.append(Lost(reason, "what depends on it is not known", place))

    # --------------------------------------------------------------------------- variables

    def _text(self, part: Written) -> Written:
        pieces = self._pieces(part.value)
        if len(pieces) == 1 and isinstance(pieces[0], Variable):
            return self.shallow(self._certain(self.variable(pieces[0], part.place), part.place))
        return Written(self.joined(tuple(pieces), part.place), part.place)

    def _pieces(self, value: str | Text) -> list[Any]:
        if isinstance(value, str):
            return list(parts(value, self.marks))
        found: list[Any] = []
        for piece in value.parts:
            found += parts(piece, self.marks) if isinstance(piece, str) else (piece,)
        return found

    def joined(self, pieces: Parts | tuple[Any, ...], place: Place) -> Value:
        """Return what the pieces of a text make together."""
        known = [self._piece(piece, place) for piece in pieces]
        if TOO_LONG in known or sum(map(weight, known)) > MOST_LETTERS:
            return TOO_LONG
        return text(known)

    def _piece(self, piece: Any, place: Place) -> Value:
        if not isinstance(piece, Variable):
            return piece
        found = self.settle(self._certain(self.variable(piece, place), place)).plain()
        if isinstance(found, float) and found.is_integer():
            return str(int(found))
        return found

    def _certain(self, found: Found, place: Place) -> Written:
        return found if isinstance(found, Written) else Written(Open(str(found)), place)

    def variable(self, variable: Variable, place: Place) -> Found:
        """Ask a variable's sources in turn."""
        reason = Absent("an empty variable")
        for index, source in enumerate(variable.sources):
            last = index == len(variable.sources) - 1
            found = self._source(source, place, last=last)
            if isinstance(found, Absent):
                reason = found
            elif source.kind.partition(".")[0] in NOT_CERTAIN and not last:
                rest = Variable(variable.text, variable.sources[index + 1 :])
                return self._either(found, self.variable(rest, place))
            else:
                return found
        return reason

    def _either(self, first: Written, second: Found) -> Found:
        if isinstance(second, Absent):
            return first
        both = [first.plain(), self.settle(second).plain()]
        return Written(choice([((), value) for value in both]), first.place)

    def _source(self, source: Source, place: Place, *, last: bool) -> Found:
        if not source.kind:
            return self._literal(source.literal, place)
        handler = SOURCES.get(source.kind.partition(".")[0], of_plugin)
        arguments = [self.joined(parameter, place) for parameter in source.parameters]
        address = self.joined(source.address, place)
        options = address.options if isinstance(address, Choice) else (((), address),)
        found = [
            (when, self._present(handler(self, Asked(source.kind, arguments, one, place, last))))
            for when, one in options
        ]
        if len(found) == 1:
            return found[0][1]
        settled = [(when, self.settle(self._certain(one, place))) for when, one in found]
        return Written(choice([(when, one.plain()) for when, one in settled]), place)

    def _present(self, found: Found) -> Found:
        """Take null for absent, as the framework does."""
        if isinstance(found, Absent):
            return found
        found = self.shallow(found)
        return Absent("nothing: it is null") if found.value is None else found

    def _literal(self, literal: Any, place: Place) -> Found:
        if not isinstance(literal, tuple):
            return Written(literal, place)
        if len(literal) == 1 and isinstance(literal[0], Variable):
            return self.variable(literal[0], place)
        return Written(self.joined(literal, place), place)

    # --------------------------------------------------------------------------- looking up

    def look(self, part: Written, keys: Sequence[str]) -> Found:
        """Return what stands below some keys, following the variables on the way."""
        for index, key in enumerate(keys):
            part = self.shallow(part)
            if is_special(part.value):
                return self._below(part, keys[index:])
            found = part.get(key)
            if found is None:
                return Absent(f"nothing stands at {'.'.join(keys)}")
            part = found
        return self.shallow(part)

    def _below(self, part: Written, keys: Sequence[str]) -> Found:
        if isinstance(part.value, Symbol):
            return Written(member(part.value, ".".join(keys)), part.place)
        found = at_path(part.value, tuple(keys))
        return (
            Absent(f"nothing stands at {'.'.join(keys)}")
            if found is None
            else of_plain(found, part.place)
        )

    def document_at(self, path: str) -> Written:
        """Return what a YAML or JSON file says, read once; raise InputError."""
        if path not in self._documents:
            self._documents[path] = load(self.root, path)
        return self._documents[path]

    def literally(self, value: str, place: Place) -> Written:
        """Return a text in which nothing is a variable."""
        found = Written(value, place)
        self._known[id(found)] = found, found
        return found

    def option(self, name: str) -> Value:
        """Return what a deployment without options takes: ``stage`` and ``region`` of the file.

        While that is found out, it is what the framework takes where the file says nothing.
        """
        if name not in self.options:
            with self._asking(name):
                found = self.look(self.document, ("provider", name))
                known = None if isinstance(found, Absent) else self.settle(found).plain()
            if isinstance(known, (int, float)):
                known = plain_text(known)
            is_name = is_special(known) or (isinstance(known, str) and known)
            self.options[name] = known if is_name else DEFAULTS[name]
        return self.options[name]

    @cached_property
    def programs(self) -> Evaluation:
        """What the service's modules say, each evaluated once."""
        from checkrein.read.serverless.program.evaluation import (  # noqa: PLC0415 - loads a grammar
            Evaluation,
        )

        return Evaluation(self.root, self.folder)

    def forget(self) -> None:
        """Settle anew: more is known now than before."""
        self.options.clear()
        self._known.clear()
        self._settled.clear()

    @contextmanager
    def _asking(self, name: str) -> Iterator[None]:
        """Keep what is settled on the way apart: it rests on what is not known yet."""
        before = self._known, self._settled, self._waiting
        self._known, self._settled, self._waiting = {}, {}, {}
        self.options[name] = DEFAULTS[name]
        try:
            yield
        finally:
            self._known, self._settled, self._waiting = before
