"""Templates to facts: stacks, resources, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any

from checkrein.errors import InputError
from checkrein.model import Evidence, Fact, Origin, Path, Place, Resource, Stack, Unread
from checkrein.model.facts import GIVEN
from checkrein.model.values import Value, When, choice, text
from checkrein.read import foreign, notations
from checkrein.read.coercion import coerce
from checkrein.read.conditions import Conditions
from checkrein.read.includes import include_files
from checkrein.read.intrinsics import NOTHING, TRANSFORM, Scope, resolve
from checkrein.read.language_extensions import expand_loops
from checkrein.read.nesting import (
    NESTED,
    Templates,
    arguments,
    child_template,
    missing,
    stack_ids,
    template_body,
    within,
)
from checkrein.read.packaged import without_packaged
from checkrein.read.parameters import parameter_values, symbolic_parameters
from checkrein.read.sam import transform
from checkrein.read.sam_sources import Written
from checkrein.read.samconfig import file_values, stack_name
from checkrein.read.state_machines import STATE_MACHINE, normalise_definition
from checkrein.read.template import Template, open_template

ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy", "DependsOn")
DEEPEST = 8  # stacks inside stacks
LOST = "none of its resources are in the table"


def read_root(
    templates: Templates, path: str, texts: Mapping[str, str] | None = None
) -> list[Fact]:
    """Read one root and the templates that it nests; ``texts`` stand in for some files' content."""
    call = _Call(templates.ids[path], texts=texts or {})
    return _read(templates.root, path, call, tuple(templates.ids))


def read_templates(root: File, paths: list[str]) -> list[Fact]:
    """Read a set of templates (paths relative to ``root``) and return their facts.

    A template that another one nests is read as its child only, never as a root as well; the
    packaged form of a template beside it is not read.
    """
    templates = Templates.among(root, paths)
    facts = [fact for path in templates.roots for fact in read_root(templates, path)]
    return without_packaged(facts)


def read_template(root: File, path: str) -> list[Fact]:
    """Read one template and those it nests; a file that is no template gives no facts."""
    return _read(root, path, _Call(stack_ids([path])[path]), (path,))


def read_document(
    root: File, template: Template, stack: str, arguments: dict[str, Value]
) -> list[Fact]:
    """Read a document that stands for a template, as a stack whose parameters have values."""
    try:
        return _Reader(root, template, _Call(stack, arguments), ()).read()
    except Exception as error:  # noqa: BLE001 - one document never ends a run
        shown = f"{type(error).__name__}: {error}"
        return [
            unread(template.path, f"reading {stack} failed ({shown}); please report this", LOST)
        ]


@dataclass(frozen=True)
class _Call:
    """How a stack is made: its id, the parent's arguments and conditions, the chain of files.

    ``texts`` stand in for the content of some files; ``inside`` is where the parent says the
    template itself, as text.
    """

    stack: str
    arguments: dict[str, Value] = field(default_factory=dict)
    when: When = ()
    chain: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    inside: Place | None = None


def _read(root: File, path: str, call: _Call, known: tuple[str, ...]) -> list[Fact]:
    """Read a stack; whatever goes wrong becomes an Unread, and never ends the run."""
    try:
        if foreign.is_app(path):
            return _read_program(root, path, call)
        text = call.texts.get(path)
        other = notations.notation(path) and not call.inside
        template = (notations.compiled if other else open_template)(root, path, text)
        if template and call.inside:
            template.made = within(template.resources, call.inside)
        return _Reader(root, template, call, known).read() if template else []
    except InputError as error:
        place = Place(path, error.line) if error.line else Place(path, 1)
        return [unread(path, str(error), LOST, place)]
    except (RecursionError, MemoryError) as error:
        return [unread(path, f"it is too large or too deep ({type(error).__name__})", LOST)]
    except Exception as error:  # noqa: BLE001 - one template never ends a run
        shown = f"{type(error).__name__}: {error}"
        return [unread(path, f"reading it failed ({shown}); please report this", LOST)]


def _read_program(root: File, path: str, call: _Call) -> list[Fact]:
    """Read the stacks that a program of CDK's makes; say so where it plainly makes none."""
    found = notations.program(root, path, call.stack)
    facts = [
        fact
        for stack, template in found
        for fact in _Reader(root, template, replace(call, stack=stack), ()).read()
    ]
    return facts or list(foreign.unread(root, [path], apps=()))


def unread(
    path: str, reason: str, effect: str, place: Place | None = None, *, fatal: bool = True
) -> Unread:
    """Return the fact that something in a file could not be read."""
    evidence = (Evidence(reason, place or Place(path, 1)),)
    id = f"{path}: {reason}"
    return Unread(id=id, path=path, reason=reason, effect=effect, fatal=fatal, evidence=evidence)


class _Reader:
    """Reads one stack."""

    def __init__(self, root: File, template: Template, call: _Call, known: tuple[str, ...]) -> None:
        self.root, self.template, self.call, self.known = root, template, call, known
        self.stack = call.stack
        self.declared = template.section("Parameters")
        self.values = template.made.values or file_values(root, template.path, self.declared)
        self.facts: list[Fact] = []

    def read(self) -> list[Fact]:
        template = self.template
        self.report(expand_loops(template, self.scope()), "what it would make is not in the table")
        self.report(include_files(template, self.root), "its content is not in the table")
        self.report_oddities()
        written = self.transform() if template.is_serverless else {}
        scope = self.scope()
        resources = [self.resource(name, scope, written) for name in template.resources]
        self.facts += [found for found in resources if found]
        self.facts.append(self.described(scope))
        self.facts += [
            unread(self.template.path, lost.reason, lost.effect, lost.place, fatal=lost.fatal)
            for lost in self.template.made.lost
        ]
        self.descend()
        return self.facts

    def transform(self) -> dict[str, Written]:
        """Apply the SAM transform, and say what it refused."""
        done = transform(self.template, self.scope().parameters)
        refused = [f"the SAM transform refuses: {reason}" for reason in done.refused]
        self.report(refused, "its properties are read directly; some rights may be missing")
        self.report([f"{name} is not read" for name in done.left_out], "it is not in the table")
        return done.written

    def report(self, reasons: list[str], effect: str) -> None:
        path = self.template.path
        self.facts += [unread(path, reason, effect, fatal=False) for reason in reasons]

    def report_oddities(self) -> None:
        """Say which macros are not applied, which keys stand twice, which documents are left."""
        tree = self.template.tree
        macros = [f"the macro {name} is not applied" for name in self.template.macros]
        self.report(macros, "what it would change is not known")
        for path, place in tree.duplicates:
            reason = f"{'.'.join(map(str, path))} stands twice; the last one counts"
            self.facts.append(unread(tree.path, reason, "the first is ignored", place, fatal=False))
        for place in tree.others:
            reason = "a second document begins; CloudFormation reads the first"
            self.facts.append(unread(tree.path, reason, "it is not read", place, fatal=False))

    def scope(self) -> Scope:
        """Return what names mean; conditions see no assumed values, only the parent's."""
        arguments = self.call.arguments
        assumed = parameter_values(self.stack, self.declared, self.values, arguments)
        certain = symbolic_parameters(self.stack, self.declared) | arguments
        names = frozenset(self.template.resources)
        mappings = self.template.section("Mappings")
        scope = Scope(self.stack, names, assumed, mappings)
        bare = Scope(self.stack, names, certain, mappings)
        declared = self.template.section("Conditions")
        scope.conditions = bare.conditions = Conditions(
            self.stack, declared, lambda value: resolve(value, bare)
        )
        return scope

    def resource(self, name: str, scope: Scope, written: dict[str, Written]) -> Resource | None:
        declared = self.template.resources[name]
        when = self.when(declared.get("Condition"), scope)
        if when is None:
            return None
        origin = written.get(name)
        path: Path = ("Resources", name)
        written_properties = _properties(declared)
        macro = written_properties.pop(TRANSFORM, None)
        properties = resolve(written_properties, scope)
        places, origins = self.written(path, origin)
        place = origin.place if origin else self.template.place(path)
        construct = self.template.made.constructs.get(name, "")
        logical = self.template.made.logical.get(name, name)
        made = (Evidence(f"{construct} makes {logical}", place),) if construct else ()
        return Resource(
            id=f"{self.stack}/{name}",
            stack=self.stack,
            type=declared["Type"],
            properties=_in_shape(declared["Type"], properties),
            places=places,
            origins=origins,
            metadata=self.metadata(declared, scope),
            source_type=origin.type if origin else "",
            added=self.template.made.added.get(name, ""),
            title=self.template.made.titles.get(name, ""),
            logical=logical if logical != name else "",
            unknown=resolve({TRANSFORM: macro}, scope).reason if macro is not None else "",
            evidence=(Evidence(f"{name} is declared as {_kind(declared, origin)}", place), *made),
            when=when,
        )

    def written(
        self, path: Path, origin: Written | None
    ) -> tuple[dict[Path, Place], dict[Path, Origin]]:
        told = origin.origins if origin else self.template.made.origins.get(str(path[-1]), {})
        origins = {
            below: Origin(f"{self.stack}/{source}", at) for below, (source, at) in told.items()
        }
        return origin.places if origin else self.template.places((*path, "Properties")), origins

    def when(self, condition: Any, scope: Scope) -> When | None:
        """Return what a resource assumes, None if it is never made."""
        if not isinstance(condition, str):
            return self.call.when
        own = scope.conditions.when(condition)
        return None if own is None else tuple(sorted({*self.call.when, *own}))

    def metadata(self, declared: dict[str, Any], scope: Scope) -> dict[str, Any]:
        """Return Metadata with the resource's attributes (DeletionPolicy …) beside it."""
        found = resolve(declared.get("Metadata") or {}, scope)
        attributes = {
            name: resolve(declared[name], scope) for name in ATTRIBUTES if name in declared
        }
        return {**(found if isinstance(found, dict) else {}), **attributes}

    def described(self, scope: Scope) -> Stack:
        outputs, exports = self.outputs(scope)
        children, given = {}, {}
        for name, declared in self.template.resources.items():
            if declared["Type"] in NESTED:
                id = f"{self.stack}/{name}"
                given[id] = resolve(arguments(declared), scope)
                if self.child(declared):
                    children[id] = id
        place = self.template.place(("Resources",))
        other = notations.notation(self.template.path)
        written: list[Path] = [("Parameters", name) for name in self.declared]
        written += [("Parameters", name, GIVEN) for name in self.template.made.values]
        written += [
            ("Parameters", name, "Default")
            for name, parameter in self.declared.items()
            if isinstance(parameter, dict) and "Default" in parameter
        ]
        return Stack(
            id=self.stack,
            source=self.template.path,
            made_by="" if other else self.template.made.by,
            notation=other,
            name=self.name(scope),
            parameters=self.declared,
            values=self.values,
            exports=exports,
            outputs=outputs,
            children=children,
            arguments=given,
            usual=self.usual(scope),
            macros=tuple(name for name in self.template.macros if not name.startswith("AWS::")),
            places={path: self.template.place(path) for path in written},
            evidence=(Evidence("the template", Place(place.path, 1)),),
            when=self.call.when,
        )

    def usual(self, scope: Scope) -> dict[str, bool]:
        """Return what defaults make of the conditions that nothing else decides, by their ids."""
        declared = self.template.section("Conditions")
        assumed = Conditions(self.stack, declared, lambda value: resolve(value, scope))
        return {
            f"{self.stack}#{name}": found
            for name in declared
            if not isinstance(scope.conditions.outcome(name), bool)
            and isinstance(found := assumed.outcome(name), bool)
        }

    def name(self, scope: Scope) -> Value:
        """Return what the stack is called where it is deployed; a nested one gets a name then."""
        if self.call.chain:
            return ""
        told = resolve(self.template.made.stack, scope)
        return told or stack_name(self.root, self.template.path)

    def outputs(self, scope: Scope) -> tuple[dict[str, Value], dict[str, Value]]:
        outputs: dict[str, Value] = {}
        exports: dict[str, Value] = {}
        for name, declared in self.template.section("Outputs").items():
            if not isinstance(declared, dict):
                continue
            value = resolve(declared.get("Value"), scope)
            when = self.when(declared.get("Condition"), scope)
            if when is None or value is NOTHING:
                continue
            outputs[name] = value if when == self.call.when else choice([(when, value)])
            export = declared.get("Export")
            if isinstance(export, dict) and "Name" in export:
                exports[str(text([resolve(export["Name"], scope)]))] = outputs[name]
        return outputs, exports

    def descend(self) -> None:
        """Read the templates that this one nests, as stacks of their own."""
        stack = next(fact for fact in self.facts if isinstance(fact, Stack))
        for name, declared in self.template.resources.items():
            id = f"{self.stack}/{name}"
            if declared["Type"] in NESTED:
                path = self.child(declared)
                chain = (*self.call.chain, self.template.path)
                body = template_body(declared)
                if not path:
                    reason, effect = missing(name, declared)
                    place = self.template.place(("Resources", name))
                    self.facts.append(
                        unread(self.template.path, reason, effect, place, fatal=False)
                    )
                elif not body and (path in chain or len(chain) > DEEPEST):
                    self.report([f"{name} nests a template that holds it"], "it is read once")
                else:
                    when = self.when(declared.get("Condition"), self.scope()) or ()
                    given = stack.arguments[id] if isinstance(stack.arguments[id], dict) else {}
                    texts = {**self.call.texts, path: body} if body else self.call.texts
                    body_at = ("Resources", name, "Properties", "TemplateBody")
                    inside = self.template.place(body_at) if body else None
                    call = _Call(id, given, when, chain, texts, inside)
                    self.facts += _read(self.root, path, call, self.known)

    def child(self, declared: dict[str, Any]) -> str:
        """Return the file that holds a nested template, "" where it is not here."""
        if template_body(declared):
            return self.template.path
        return child_template(self.template.path, declared, self.known, self.root)


def _properties(declared: dict[str, Any]) -> dict[str, Any]:
    found = declared.get("Properties")
    return found if isinstance(found, dict) else {}


def _in_shape(type: str, properties: Value) -> dict[str, Value]:
    if not isinstance(properties, dict):
        return {}
    if type == STATE_MACHINE:
        properties = normalise_definition(properties)
    return coerce(type, properties)


def _kind(declared: dict[str, Any], origin: Written | None) -> str:
    kind = declared["Type"]
    return f"{kind} (made from {origin.type})" if origin and origin.type else str(kind)
