"""Resources that no template declares join the app as if one did.

Properties are CloudFormation's, references are ids (``references.py``). A function may be told
shorter: ``code`` (a folder or file, seen from checkrein.yaml), ``handler``, ``runtime``, ``role``
or ``policies``, ``environment``, ``events`` (``triggers.py``). Without a role and without policies
nobody knows what it may do, and nothing is assumed.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from checkrein.catalog.properties import properties
from checkrein.model import INTENT as FILE
from checkrein.model import Evidence, Fact, Resource, Stack, Unread
from checkrein.model import Path as Keys
from checkrein.read.cloudformation import read_document
from checkrein.read.handlers import SOURCES, source_files
from checkrein.read.intent.known import Known
from checkrein.read.intent.page import LIKE, Page, nearest
from checkrein.read.intent.references import References
from checkrein.read.intent.resources import CODE_KEYS, FUNCTION, Declared
from checkrein.read.intent.sheet import Sheet
from checkrein.read.intent.triggers import API, Triggers, has_routes
from checkrein.read.paths import inside, joined

SAM_FUNCTION = "AWS::Serverless::Function"
FUNCTIONS = (FUNCTION, SAM_FUNCTION)
NEWEST = {"python": "python3.13", "javascript": "nodejs22.x"}
ASSUMED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def declared(root: Path, page: Page, known: Known, new: Iterable[Declared]) -> Iterator[Fact]:
    """Yield the facts of declared resources, stack by stack; complain of what cannot be.

    ``known`` holds the declared ones too.
    """
    by_stack: defaultdict[str, list[Declared]] = defaultdict(list)
    for each in new:
        by_stack[each.stack].append(each)
    for stack, entries in by_stack.items():
        own = frozenset((*(each.id for each in entries), *made_with(entries)))
        sheet = Sheet(page.tree, References(page, known, stack, own))
        for entry in entries:
            _Writer(root, page, sheet, entry).write()
        template, arguments = sheet.template(), sheet.references.arguments
        for fact in read_document(root, template, stack, dict(arguments)):
            yield from _joined(fact, known)


def made_with(new: Iterable[Declared]) -> dict[str, str]:
    """Return what is made for functions that are told shortly, by id with its type."""
    found: dict[str, str] = {}
    for each in new:
        if each.type == FUNCTION and "policies" in each.told and "role" not in each.told:
            found[f"{each.id}Role"] = "AWS::IAM::Role"
        if each.type == FUNCTION and has_routes(each.told.get("events")):
            found[f"{each.stack}/{API}"] = "AWS::ApiGatewayV2::Api"
    return found


def _joined(fact: Fact, known: Known) -> Iterator[Fact]:
    """Yield a fact of a declared stack as one of the app's."""
    if isinstance(fact, Stack):
        if fact.id not in known.stacks:
            says = Evidence(f"{FILE} declares it", fact.place)
            yield replace(fact, parameters={}, values={}, places={}, evidence=(says,))
    elif isinstance(fact, Resource):
        said = f"{fact.name} is declared in {FILE} as {fact.type}"
        yield replace(fact, evidence=(Evidence(said, fact.place),))
    elif isinstance(fact, Unread):
        yield fact


class _Writer:
    """Writes one declared resource into the sheet of its stack."""

    def __init__(self, root: Path, page: Page, sheet: Sheet, entry: Declared) -> None:
        self.root, self.page, self.sheet, self.entry = root, page, sheet, entry
        self.path, self.told = entry.path, entry.told

    def write(self) -> None:
        """Write it with its properties and, if it is a function, what is told of it shorter."""
        self.sheet.add(self.entry.name, self.entry.type, self.path, {})
        told = self.page.mapping(self.told.get("properties"), (*self.path, "properties"), "it")
        taken = properties(self.entry.type)
        for key, value in told.items():
            at = (*self.path, "properties", key)
            if taken and key not in taken:
                near = nearest(key, taken)
                self.page.complain(f"{self.entry.type} has no property {key}{near}", at)
            else:
                self._put(key, value, at)
        if self.entry.type in FUNCTIONS:
            self._function()
        else:
            for key in [key for key in CODE_KEYS if key in self.told]:
                problem = f"{key} is for functions; {self.entry.key} is of type {self.entry.type}"
                self.page.complain(problem, (*self.path, key))

    def _put(self, key: str, value: Any, path: Keys) -> None:
        self.sheet.write(self.entry.name, key, value, path)

    # --------------------------------------------------------------------------- functions

    def _function(self) -> None:
        is_sam = self.entry.type == SAM_FUNCTION
        names = {"handler": "Handler", "runtime": "Runtime"}
        for key, name in names.items():
            if key in self.told and self._is_text(key):
                self._put(name, self.told[key], (*self.path, key))
        if "code" in self.told and self._is_text("code"):
            self._code("CodeUri" if is_sam else "Code")
        if "environment" in self.told:
            at = (*self.path, "environment")
            variables = self.page.mapping(self.told["environment"], at, "environment")
            self._put("Environment", {"Variables": variables}, at)
        if is_sam:
            self._in_sam()
        else:
            self._role()
            triggers = Triggers(self.sheet, self.entry.name)
            triggers.add(self.told.get("events"), (*self.path, "events"))

    def _in_sam(self) -> None:
        for key, name in {"role": "Role", "policies": "Policies", "events": "Events"}.items():
            if key in self.told:
                self._put(name, self.told[key], (*self.path, key))

    def _is_text(self, key: str) -> bool:
        value = self.told[key]
        good = isinstance(value, str) and bool(value)
        if not good:
            self.page.complain(f"{key} must be a text, not {value!r}", (*self.path, key))
        return good

    def _code(self, name: str) -> None:
        """Write where the code is, and what it plainly is: a runtime, the handler's file."""
        path, at = str(self.told["code"]), (*self.path, "code")
        if not inside(joined(path)):
            self.page.complain(f"{path} lies outside the folder of {FILE}", at)
            return
        if not (self.root / path).exists():
            near = _near(self.root, path)
            self.page.complain(f"there is no {path} beside {FILE}{near}", at)
            return
        self._put(name, path, at)
        made = self.sheet.resources[self.entry.name]["Properties"]
        if "Runtime" not in made:
            language = _language(self.root, path)
            made |= {"Runtime": NEWEST[language]} if language else {}
        if "Handler" not in made:
            needed = "its handler is not told; add handler: file.function"
            self.page.complain(f"{self.entry.key}: {needed}", self.path)

    def _role(self) -> None:
        """Write the role: the one that is told, or one that holds the policies."""
        role, at = self.told.get("role"), (*self.path, "role")
        known = self.sheet.references.known
        if isinstance(role, str) and len(known.find(role)) == 1:
            made = self.sheet.references.whole(role, "Arn")
            self.sheet.write(self.entry.name, "Role", role, at)
            self.sheet.resources[self.entry.name]["Properties"]["Role"] = made
        elif isinstance(role, str) and not role.startswith("arn:") and known.complete:
            roles = [id for id, type in known.types.items() if type == "AWS::IAM::Role"]
            self.page.complain(f"no role is called {role}{nearest(role, roles)}", at)
        elif role is not None:
            self._put("Role", role, at)
        elif "policies" in self.told:
            self._own_role()

    def _own_role(self) -> None:
        at = (*self.path, "policies")
        listed = self.page.items(self.told["policies"], at, "statements or managed policies")
        name = f"{self.entry.name}Role"
        managed: list[Any] = []
        statements: list[Any] = []
        document = {"Version": "2012-10-17", "Statement": statements}
        policies = [{"PolicyName": name, "PolicyDocument": document}]
        role = {"AssumeRolePolicyDocument": ASSUMED, "ManagedPolicyArns": managed}
        self.sheet.add(name, "AWS::IAM::Role", at, {**role, "Policies": policies})
        for index, item in enumerate(listed):
            if isinstance(item, str):
                self.sheet.stands(name, ("ManagedPolicyArns", len(managed)), (*at, index))
                arn = item if item.startswith("arn:") else f"arn:aws:iam::aws:policy/{item}"
                managed.append(self.sheet.references.rewritten(arn, (*at, index)))
            elif not (isinstance(item, dict) and {"Effect", "Statement"} & item.keys()):
                sam = f"SAM's policy templates need type: {SAM_FUNCTION}"
                problem = f"{item!r} is neither a statement nor a managed policy; {sam}"
                self.page.complain(problem, (*at, index))
                continue
            for statement, where in _statements(item, (*at, index)):
                below = ("Policies", 0, "PolicyDocument", "Statement", len(statements))
                self.sheet.stands(name, below, where)
                statements.append(self.sheet.references.rewritten(statement, where))
        if not statements:
            del self.sheet.resources[name]["Properties"]["Policies"]
        arn_of = {"Fn::GetAtt": [name, "Arn"]}
        self.sheet.resources[self.entry.name]["Properties"]["Role"] = arn_of


def _statements(item: Any, path: Keys) -> Iterator[tuple[Any, Keys]]:
    """Yield the statements of an entry of policies, be it one itself or a document."""
    if isinstance(item, dict) and "Statement" not in item:
        yield item, path
    elif isinstance(item, dict):
        found = item["Statement"]
        if isinstance(found, list):
            yield from ((each, (*path, "Statement", n)) for n, each in enumerate(found))
        else:
            yield found, (*path, "Statement")


def _near(root: Path, path: str) -> str:
    """Say which file or folder of the same folder is nearest to one that is not there."""
    folder, _, name = joined(path).rpartition("/")
    there = (root / folder).iterdir() if (root / folder).is_dir() else ()
    alike = difflib.get_close_matches(name, sorted(each.name for each in there), 1, LIKE)
    return f"; did you mean {joined(folder, alike[0])}?" if alike else ""


def _language(root: Path, path: str) -> str:
    """Return the language of a file, or of most files of a folder, "" if none is known."""
    files = [path] if (root / path).is_file() else list(source_files(root, joined(path)))
    counts = {name: sum(file.endswith(end) for file in files) for name, end in SOURCES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
