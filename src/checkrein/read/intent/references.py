"""How one declared resource names another: by id, as a whole value or in ``${}`` inside a text.

``deploy/Role`` as a value is that resource: its ARN where the key asks for one (``Role``,
``Resource``, ``SourceArn``), else what ``Ref`` gives. ``${site/Website.Arn}`` is an attribute.
CloudFormation's ``!Ref``, ``!GetAtt`` and ``!Sub`` do the same, and names without a stack are
looked for in the own one first.
"""

from __future__ import annotations

import re
from typing import Any

from checkrein.late import regex
from checkrein.model import Path as Keys
from checkrein.model import Symbol
from checkrein.read.intent.known import Known, near_id
from checkrein.read.intent.page import Page

NAMED = regex(r"\$\{(!?)\s*([^{}]*?)\s*\}")
ARN_KEYS = frozenset({"Role", "Resource", "NotResource", "AWS", "Principal"})
ARN_KEY = regex(r"(?:Arn|ARN)s?\Z")
FILLED_LATER = ("stageVariables.", "context.", "request.", "integration.")  # by API Gateway
LITERAL = "${!"
SOURCES = {  # what sets a function off in SAM's words: keys whose text must name a resource
    "RestApiId": "Ref",
    "ApiId": "Ref",
    "Topic": "Ref",
    "Bucket": "Ref",
    "UserPool": "Ref",
    "Queue": "Arn",
}


class References:
    """Texts of one stack with the resources that they name in CloudFormation's own notation.

    What names a resource of another stack becomes a parameter; ``arguments`` are their values.
    """

    def __init__(self, page: Page, known: Known, stack: str, own: frozenset[str]) -> None:
        """``own`` are the ids that are declared in the stack; others a template may declare."""
        self.page, self.known, self.stack, self.own = page, known, stack, own
        self.arguments: dict[str, Symbol] = {}

    def rewritten(self, value: Any, path: Keys) -> Any:
        """Return a value with every reference in it; complain of those that name nothing."""
        if isinstance(value, dict):
            return self._called(value, path) or {
                key: self.rewritten(item, (*path, key)) for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.rewritten(item, (*path, index)) for index, item in enumerate(value)]
        return self._text(value, path) if isinstance(value, str) else value

    def whole(self, text: str, attribute: str) -> Any:
        """Return what stands for a resource's attribute (``Ref`` too), which must be known."""
        return self._value(self.known.find(text)[0], attribute)

    def _called(self, value: dict[str, Any], path: Keys) -> Any:
        """Return a call of CloudFormation's with the names in it understood, None if it is none."""
        if len(value) != 1:
            return None
        ((name, argument),) = value.items()
        if name == "Ref" and isinstance(argument, str):
            return value if "::" in argument else self._of(argument, "Ref", path)
        if name == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
            return self._of(str(parts[0]), ".".join(map(str, parts[1:])), path)
        if name == "Fn::Sub" and isinstance(argument, str):
            return {"Fn::Sub": self._filled(argument, path)}
        return None

    def _text(self, text: str, path: Keys) -> Any:
        if path[-1] in SOURCES and "events" in path and ":" not in text:
            return self._of(text, SOURCES[str(path[-1])], path) or text
        if "/" in text and text in self.known.types:
            return self._value(text, _wanted(path))
        if "${" not in text:
            return text
        filled = self._filled(text, path)
        return {"Fn::Sub": filled} if "${" in filled.replace(LITERAL, "") else text

    def _filled(self, text: str, path: Keys) -> str:
        return NAMED.sub(lambda found: self._variable(found, path), text)

    def _variable(self, found: re.Match[str], path: Keys) -> str:
        literal, name = found.groups()
        if literal or "AWS::" in name:
            return found[0]
        if ":" in name or name.startswith(FILLED_LATER):  # IAM's own variables, API Gateway's
            return LITERAL + name + "}"
        owner, attribute = self._parted(name)
        value = self._of(owner, attribute, path)
        if value is None:
            return LITERAL + name + "}"
        if "Ref" in value:
            return "${" + str(value["Ref"]) + "}"
        return "${" + ".".join(value["Fn::GetAtt"]) + "}"

    def _parted(self, name: str) -> tuple[str, str]:
        """Part a resource from its attribute: an id may have dots in the names of its folders."""
        head, slash, last = name.rpartition("/")
        owner, dot, attribute = last.partition(".")
        return head + slash + owner, attribute if dot else "Ref"

    def _of(self, word: str, attribute: str, path: Keys) -> Any:
        """Return what stands for an attribute of what a word names; complain of what names none."""
        own = f"{self.stack}/{word}"
        if own in self.known.types:
            return self._value(own, attribute)
        found = self.known.find(word)
        if len(found) == 1:
            return self._value(found[0], attribute)
        if found:
            self.page.complain(f"{word} may be {' or '.join(found[:3])}; write which", path)
        elif self.known.complete:
            near = near_id(word, self.known.types)
            self.page.complain(f"no resource is called {word}{near}", path)
        return None

    def _value(self, id: str, attribute: str) -> Any:
        name = id.rpartition("/")[2]
        if id in self.own:
            return {"Ref": name} if attribute == "Ref" else {"Fn::GetAtt": [name, attribute]}
        parameter = f"{id}.{attribute}"
        for number, known in enumerate(self.arguments.values()):
            if f"{known.owner}.{known.attribute}" == parameter:
                return {"Ref": f"Given{number}"}
        given = f"Given{len(self.arguments)}"
        self.arguments[given] = Symbol(id, attribute)
        return {"Ref": given}


def _wanted(path: Keys) -> str:
    """Return the attribute that stands at a path: an ARN where its key asks for one."""
    key = next((key for key in reversed(path) if isinstance(key, str)), "")
    return "Arn" if key in ARN_KEYS or ARN_KEY.search(key) else "Ref"
