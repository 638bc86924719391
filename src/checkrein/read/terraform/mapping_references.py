"""What one resource of a root module tells another, in the document's terms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, Final

from checkrein.catalog import arns, shapes
from checkrein.catalog.managed import managed_policy
from checkrein.catalog.terraform import Entry, data_source, entry, idle, is_of_aws
from checkrein.catalog.terraform_names import found_in, pascal
from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.model.addresses import logical_id
from checkrein.model.values import Choice, Open, Symbol, Text, Value, at_path, choice, text
from checkrein.read.terraform.document_policies import POLICY_DOCUMENT, policy, policy_places
from checkrein.read.terraform.instances import Instance, Json
from checkrein.read.terraform.mapping_values import as_text

HOLE: Final = regex(r"\$\{([^}]+)\}")
PSEUDO: Final = "AWS::"
LITERAL: Final = "="
ARGUMENT: Final = "."  # ${.name}: the argument of the instance itself
MANAGED: Final = "@managed"
DEEPEST: Final = 12
KEY: Final = regex(r'(?<=\w)\[(?:"(?:[^"\\]|\\.)*"|\d+)\](?=\Z)')
UNREAD: Final = "Terraform::"


def _name(instance: Instance, counts: Counter[str]) -> str:
    """Return what an instance is called: a block that makes one has no number, counted or not."""
    if instance.called:
        return instance.called
    one = counts[KEY.sub("", instance.address)] == 1
    return instance.address.removesuffix("[0]") if one else instance.address


def type_of(instance: Instance) -> str:
    """Return the CloudFormation type of an instance that is a resource of its own."""
    written = entry(instance.type)
    own = written.type if written and not written.into else ""
    if written and written.into:
        own = written.into.otherwise
    return own or f"{UNREAD}{instance.type}"


@dataclass
class References:
    """The instances of a root module by address; ``targets`` are where merged ones went.

    ``base`` is the root module's folder on the disk, if it may be looked into.
    """

    instances: dict[str, Instance]
    base: File | None = None
    targets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        managed = [each for each in self.instances.values() if not each.is_data]
        counts = Counter(KEY.sub("", each.address) for each in managed)
        self._names = {each.address: _name(each, counts) for each in managed}

    def name(self, address: str) -> str:
        """Return the logical id of an instance: its address, as the team wrote it."""
        return logical_id(self._names.get(address, address))

    def resolve(self, value: Value, depth: int = 0) -> tuple[Value, dict[Path, Place]]:
        """Return a value over the document's resources, and where its parts are if elsewhere."""
        if isinstance(value, Symbol):
            source = self.instances.get(value.owner)
            if source and source.type == POLICY_DOCUMENT and value.attribute.endswith("json"):
                return self._policy(source, depth), policy_places(source)
        return self.known(value, depth), {}

    def known(self, value: Any, depth: int = 0) -> Value:
        """Return a value over the document's resources."""
        if isinstance(value, Symbol):
            return self._symbol(value, depth)
        if isinstance(value, Text):
            return text([self._part(part, depth) for part in value.parts])
        if isinstance(value, Choice):
            return choice([(when, self.known(option, depth)) for when, option in value.options])
        if isinstance(value, dict):
            return {key: self.known(item, depth) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.known(item, depth) for item in value]
        return as_text(self.known(value.value, depth)) if isinstance(value, Json) else value

    def _part(self, part: Any, depth: int) -> Value:
        found = self.known(part, depth)
        return as_text(found) if isinstance(found, (dict, list)) else found

    def _policy(self, source: Instance, depth: int) -> Value:
        if depth > DEEPEST:
            return Open("a policy document that is made of itself")
        return policy(source.values, lambda value: self.resolve(value, depth + 1)[0])

    def _symbol(self, symbol: Symbol, depth: int) -> Value:
        source = self.instances.get(symbol.owner)
        if source is None or symbol.attribute[:1].isupper():
            return symbol  # not of this module, or in the document's terms already
        if depth > DEEPEST:
            return Open(f"{symbol.owner} refers to itself")
        if source.type == POLICY_DOCUMENT and symbol.attribute.endswith("json"):
            return self._policy(source, depth)
        attribute = plain_name(symbol.attribute)
        if source.is_data:
            return self._looked_up(source, attribute, depth + 1)
        return self._told(source, attribute, depth + 1)

    def _told(self, source: Instance, attribute: str, depth: int) -> Value:
        """Return what a resource tells by an attribute."""
        why = idle(source.type)
        given = self._argument(source, attribute, depth)
        if why or not is_of_aws(source.type):
            return given if given is not None else Open(why or f"{source.type} is not of AWS")
        written = entry(source.type)
        if written and written.into and not self._is_alone(source):
            return self._of_merged(source, written, attribute, depth)
        type = type_of(source)
        form = written.attributes.get(attribute) if written else None
        if form is not None:
            return self.filled(form, source, type, depth)
        return self._by_name(source, type, attribute, given)

    def _is_alone(self, source: Instance) -> bool:
        return self.targets.get(source.address, "") == source.address

    def _by_name(self, source: Instance, type: str, attribute: str, given: Value) -> Value:
        owner = self.name(source.address)
        if attribute == "id":
            return Symbol(owner, "Ref")
        if attribute == "arn":
            return self._arn(owner, type)
        written = entry(source.type)
        if written and attribute == written.name and arns.ref_is(type) == "name":
            return Symbol(owner, "Ref")
        if given is not None:
            return given
        shape = dict.fromkeys(shapes.attributes(type), "")
        found = found_in(shape, attribute) or found_in(shape, attribute.replace(".", ""))
        return Symbol(owner, found or pascal(attribute))

    def _arn(self, owner: str, type: str) -> Value:
        told = shapes.attributes(type)
        own = ("Arn", "ARN", f"{type.rpartition('::')[2]}Arn")
        attribute = next((name for name in own if name in told), None)
        if attribute and arns.ref_is(type) != "arn":
            return Symbol(owner, attribute)
        if arns.ref_is(type) == "arn" or not arns.arn_format(type):
            return Symbol(owner, "Ref")
        return arns.resource_arns(type, Symbol(owner, "Ref"))[0]

    def _of_merged(self, source: Instance, written: Entry, attribute: str, depth: int) -> Value:
        """Return what a resource tells that is a part of another one."""
        owner = self.targets.get(source.address)
        target = self.instances.get(owner) if owner else None
        form = written.attributes.get(attribute)
        if target and form is not None:
            return self.filled(form, target, type_of(target), depth)
        given = self._argument(source, attribute, depth)
        if given is not None:
            return given
        if target is None:
            return Open(f"what {source.address} configures is not in this module")
        return self._told(target, attribute, depth)

    def _looked_up(self, source: Instance, attribute: str, depth: int) -> Value:
        given = self._argument(source, attribute, depth)
        if given is not None:
            return given
        form = data_source(source.type).get(attribute)
        if form is not None:
            return self.filled(form, source, "", depth)
        return Open(idle(source.type) or f"{source.address} is looked up when it is applied")

    def _argument(self, source: Instance, attribute: str, depth: int) -> Value | None:
        way = tuple(int(key) if key.isdigit() else key for key in attribute.split("."))
        found = at_path(source.values, way)
        return None if found is None else self.known(found, depth)

    def filled(self, form: str, source: Instance, type: str, depth: int = 0) -> Value:
        """Return what a table's form says: an attribute, text with ``${…}`` in it, or ``=text``.

        ``${Arn}`` is the resource's attribute, ``${AWS::Region}`` a pseudo parameter, ``${.name}``
        the argument ``name``; ``${@ssm:name}`` what stands elsewhere under the name that it is.
        """
        if form.startswith(LITERAL):
            return form.removeprefix(LITERAL)
        if "${" not in form:
            return Symbol(self.name(source.address), form)
        pieces = HOLE.split(form)
        found = [
            piece if index % 2 == 0 else self._hole(piece, source, type, depth)
            for index, piece in enumerate(pieces)
        ]
        return text([each for each in found if each != ""])

    def _hole(self, name: str, source: Instance, type: str, depth: int) -> Value:
        if name.startswith(PSEUDO):
            return Symbol("@aws", name.removeprefix(PSEUDO))
        if name.startswith("@"):
            owner, _, argument = name.partition(":")
            given = self._argument(source, argument, depth)
            if owner == MANAGED:
                return _policy_arn(given)
            return Symbol(owner, str(given)) if given is not None else Open(f"a name at {owner}")
        if name.startswith(ARGUMENT):
            given = self._argument(source, name[1:], depth)
            return given if given is not None else Open(f"{source.address} has no {name[1:]}")
        if name == "Arn":
            return self._arn(self.name(source.address), type)
        return Symbol(self.name(source.address), name)


def _policy_arn(name: Value) -> Value:
    """Return the ARN of the policy that has a name: AWS's own, or one of this account."""
    if not isinstance(name, str):
        return Open("a policy that is looked up when it is applied")
    if managed_policy(name):
        return f"arn:aws:iam::aws:policy/{name}"
    account = Symbol("@aws", "AccountId")
    return text(["arn:", Symbol("@aws", "Partition"), ":iam::", account, f":policy/{name}"])


def plain_name(attribute: str) -> str:
    """Return an attribute without the position in a list of one: ``endpoint[0].address``."""
    dotted = attribute.replace("[", ".").replace("]", "").strip(".")
    return ".".join(key for key in dotted.split(".") if key != "0")
