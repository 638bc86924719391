"""Files that a template takes in: ``AWS::Include``, API definitions, state machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Path
from checkrein.notation import Tree, decode, parse, text_tree
from checkrein.read.paths import local_path
from checkrein.read.sam_economies import copied
from checkrein.read.template import Template, asked, holds

# type -> (property that names a file, property that is its text, in a notation of its own)
RESOLVING = (
    ("CodeS3Location", "Code"),
    ("RequestMappingTemplateS3Location", "RequestMappingTemplate"),
    ("ResponseMappingTemplateS3Location", "ResponseMappingTemplate"),
)
TEXTS: dict[str, tuple[tuple[str, str], ...]] = {
    "AWS::Serverless::GraphQLApi": (("SchemaUri", "SchemaInline"),),
    "AWS::AppSync::GraphQLSchema": (("DefinitionS3Location", "Definition"),),
    "AWS::AppSync::Resolver": RESOLVING,
    "AWS::AppSync::FunctionConfiguration": RESOLVING,
}
TRANSFORM, INCLUDE = "Fn::Transform", "AWS::Include"
SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources", "Outputs")
GRAPH = "AWS::Serverless::GraphQLApi"
BARE = regex(r"([:\[,][ \t]*)(\$\{[A-Za-z0-9]+\})(?=\s*[,}\]\r\n])")
# type -> (property that names a file, property that the file's content is)
DEFINITIONS = {
    "AWS::Serverless::Api": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::HttpApi": ("DefinitionUri", "DefinitionBody"),
    "AWS::Serverless::StateMachine": ("DefinitionUri", "Definition"),
    "AWS::ApiGateway::RestApi": ("BodyS3Location", "Body"),
    "AWS::ApiGatewayV2::Api": ("BodyS3Location", "Body"),
    "AWS::StepFunctions::StateMachine": ("DefinitionS3Location", "Definition"),
}


def include_files(template: Template, root: File) -> list[str]:
    """Merge the local files that the template names; return a sentence for each missing one.

    Their places stay in those files.
    """
    inclusion = _Inclusion(template, root)
    inclusion.sections()
    for name, declared in template.own_resources().items():
        path: Path = ("Resources", name, "Properties")
        declared["Properties"] = inclusion.properties(declared, path)
    return inclusion.missing


class _Inclusion:
    def __init__(self, template: Template, root: File) -> None:
        self.template, self.root = template, root
        self.missing: list[str] = []

    def sections(self) -> None:
        """Merge files that the whole template, or one of its sections, takes in."""
        for macro in asked(self.template.value.get("Transform")):
            found = self.named(macro)
            if found and isinstance(found.value, dict):
                for name, content in found.value.items():
                    self.taken_in(name, content, found, (name,))
        for name in SECTIONS:
            section = self.template.value.get(name)
            macro = section.get(TRANSFORM) if isinstance(section, dict) else None
            found = self.named(macro)
            if found:
                self.taken_in(name, found.value, found, ())

    def taken_in(self, name: str, content: Any, found: Tree, start: Path) -> None:
        """Put a file's content into a section; what the template says itself stays."""
        if name not in SECTIONS or not isinstance(content, dict):
            return
        own = self.template.value.get(name)
        own = own if isinstance(own, dict) else {}
        new = {key: item for key, item in content.items() if key not in own}
        self.template.value[name] = {**new, **own}
        for key in new:
            self.template.grafts[(name, key)] = (found, (*start, key))

    def named(self, macro: Any) -> Tree | None:
        """Open the file that ``AWS::Include`` names, None for another macro or no such file."""
        if not isinstance(macro, dict) or macro.get("Name") != INCLUDE:
            return None
        parameters = macro.get("Parameters")
        location = parameters.get("Location") if isinstance(parameters, dict) else None
        found = self.open(location, _document)
        if found is None:
            self.missing.append(f"AWS::Include names a file that is not here: {location}")
        return found

    def properties(self, declared: dict[str, Any], path: Path) -> Any:
        """Return a resource's properties with the files that they name merged in."""
        kind, properties = declared["Type"], declared.get("Properties")
        if kind in DEFINITIONS or kind in TEXTS:
            properties = copied(properties)
            self.definition(kind, properties, path)
        return self.value(properties, path) if holds(properties, TRANSFORM) else properties

    def definition(self, kind: str, properties: Any, path: Path) -> None:
        """Put a definition file's content where an inline definition would stand."""
        if kind in DEFINITIONS:
            self._put(properties, DEFINITIONS[kind], path, _document)
        for names in TEXTS.get(kind, ()):
            self._put(properties, names, path, _text)
        if kind == GRAPH and isinstance(properties, dict):
            for inner, at in _resolving(properties):
                self._put(inner, ("CodeUri", "InlineCode"), (*path, *at), _text)

    def _put(
        self,
        properties: Any,
        names: tuple[str, str],
        path: Path,
        read: Callable[[bytes, str], Tree],
    ) -> None:
        source, target = names
        if not isinstance(properties, dict) or properties.get(target) is not None:
            return
        found = self.open(properties.get(source), read)
        if found is None:
            return
        properties[target] = found.value
        self.template.grafts[(*path, target)] = (found, ())
        del properties[source]

    def value(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return [self.value(item, (*path, i)) for i, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        macro = value.get(TRANSFORM)
        if isinstance(macro, dict) and macro.get("Name") == INCLUDE:
            return self.merged(value, macro, path)
        return {key: self.value(item, (*path, key)) for key, item in value.items()}

    def merged(self, value: dict[str, Any], macro: dict[str, Any], path: Path) -> Any:
        found = self.named(macro)
        if found is None:
            return value
        own = {key: item for key, item in value.items() if key != TRANSFORM}
        if not isinstance(found.value, dict):
            return found.value
        self.template.grafts[path] = (found, ())
        return {**found.value, **own}

    def open(self, location: Any, read: Callable[[bytes, str], Tree]) -> Tree | None:
        """Read the file of a location, whether a path, or the S3 URL it is uploaded to."""
        if isinstance(location, dict) and set(location) == {"Fn::Sub"}:
            location = location["Fn::Sub"]
        if not isinstance(location, str) or not location:
            return None
        for path in self._candidates(location):
            try:
                data = files.content(self.root / path)
            except (OSError, ValueError):  # a name that is too long, or holds NUL
                continue
            try:
                return read(data, path)
            except InputError as error:
                self.missing.append(f"{path} cannot be read: {error}")
        return None

    def _candidates(self, location: str) -> list[str]:
        folder = PurePosixPath(self.template.path).parent
        if "://" not in location:
            return [inside] if (inside := local_path(folder, location)) else []
        name = location.rpartition("/")[2]
        return [path for path in [local_path(folder, name)] if path] if "$" not in name else []


def _resolving(properties: dict[str, Any]) -> Iterator[tuple[Any, Path]]:
    """Yield the functions and the fields of SAM's graph of data, each of which may have code."""
    functions, types = properties.get("Functions"), properties.get("Resolvers")
    for name, function in functions.items() if isinstance(functions, dict) else ():
        yield function, ("Functions", name)
    for kind, fields in types.items() if isinstance(types, dict) else ():
        for name, field in fields.items() if isinstance(fields, dict) else ():
            yield field, ("Resolvers", kind, name)


def _document(data: bytes, path: str) -> Tree:
    return parse(quoted(decode(data, path)), path)


def _text(data: bytes, path: str) -> Tree:
    return text_tree(decode(data, path), path)


def quoted(text: str) -> str:
    """Quote bare ``${Name}`` values, which a definition file may hold for substitution.

    Columns after one shift by two on its line; lines stay.
    """
    return BARE.sub(r'\1"\2"', text) if text.lstrip()[:1] == "{" else text
