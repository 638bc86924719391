"""A Serverless Framework service: its file with every variable settled as far as it can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.model.values import Value, text
from checkrein.notation import decode
from checkrein.read.made import Lost
from checkrein.read.serverless.compose import passed
from checkrein.read.serverless.environment import environment
from checkrein.read.serverless.sources import PROGRAMS
from checkrein.read.serverless.substitutions import with_pseudo_parameters
from checkrein.read.serverless.syntax import marks_of
from checkrein.read.serverless.variables import Settling
from checkrein.read.serverless.written import (
    UNKNOWN,
    Written,
    is_special,
    load,
    merged,
    of_text,
    places,
)

NEEDED = ("service", "provider")
LISTS = ("functions", "resources")  # mappings that may be written as a list of their parts
PACKAGED = ".serverless/cloudformation-template-update-stack.json"
VERSION_4 = regex(r"\D*4(\D|\Z)")
DOTENV = "serverless-dotenv-plugin"
PSEUDO = "serverless-pseudo-parameters"


@dataclass(frozen=True)
class Service:
    """What a service file says.

    ``path`` is the file, relative to the scanned folder. ``value`` is plain JSON with
    CloudFormation's intrinsics and, where a variable is not known, values of ``model.values``.
    ``service`` in it is text, ``provider``, ``functions`` and ``resources`` are mappings, however
    they were written. ``places`` says where each path of it is written, in whatever file.
    """

    path: str
    value: dict[str, Any]
    places: dict[Path, Place]
    lost: list[Lost] = field(default_factory=list)

    def place(self, path: Path = ()) -> Place:
        """Return where a path, or its nearest parent that is written, stands."""
        keys = path
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, Place(self.path, 1))


def open_service(root: File, path: str, text: str | None = None) -> Service | None:
    """Read a service file; None where it is no service of the framework.

    ``text`` stands in for the file's content. Raise InputError with a sentence where it cannot be
    read. Nothing is run: of a program in TypeScript or JavaScript only what it plainly says is
    known. A service of another provider than AWS is given back with a ``Lost`` that says so.
    """
    found = _settled(root, path, text)
    if found is None:
        return None
    settled, lost = found
    return Service(path, settled.plain(), dict(places(settled)), list(lost))


@files.remembered
def _settled(root: File, path: str, text: str | None) -> tuple[Written, list[Lost]] | None:
    """Settle a service file, once in a scan: finding it and reading it both ask."""
    settling = _open(root, path, text)
    if settling is None:
        return None
    settling.parameters = _passed(settling, path)
    return _complete(settling), settling.lost


def packaged(root: File, path: str) -> str:
    """Return what the framework packaged of a service file, "" where nothing lies beside it.

    It is a plain CloudFormation template. Its logical ids are the framework's: a function ``hello``
    is ``HelloLambdaFunction`` (``-`` is ``Dash``, ``_`` is ``Underscore``), its log group
    ``HelloLogGroup``, the role of all ``IamRoleLambdaExecution``, the API ``ApiGatewayRestApi`` or
    ``HttpApi``, the bucket for code ``ServerlessDeploymentBucket``. The code of functions is named
    by where it is uploaded to; ``.serverless/NAME.zip`` holds it.
    """
    found = (PurePosixPath(path).parent / PACKAGED).as_posix()
    return found if files.is_file(root / found) else ""


def stack_name(root: File, path: str) -> Value:
    """Return what the stack of a service file is called; raise InputError where it is none."""
    settling = _open(root, path, None)
    if settling is None:
        raise InputError("this is no service of the Serverless Framework", path)
    named = settling.look(settling.document, ("provider", "stackName"))
    if isinstance(named, Written):
        return settling.settle(named).plain()
    service = settling.look(settling.document, ("service",))
    name = settling.settle(service).plain() if isinstance(service, Written) else ""
    return text([name, "-", settling.option("stage")])


def _open(root: File, path: str, text: str | None) -> Settling | None:
    """Return a service's document, ready to be settled."""
    folder = str(PurePosixPath(path).parent)
    folder = "" if folder == "." else folder
    document = _document(root, folder, path, text)
    if document is None:
        return None
    settling = Settling(root, folder, document)
    settling.marks = marks_of(_written(document, ("provider", "variableSyntax")))
    document = settling.document = settling.shallow(document)
    if not isinstance(document.value, dict) or any(key not in document.value for key in NEEDED):
        return None
    settling.document = _named(settling, document)
    _add_environment(settling)
    return settling


def _document(root: File, folder: str, path: str, text: str | None) -> Written | None:
    if PurePosixPath(path).suffix in PROGRAMS:
        from checkrein.read.serverless.typescript import configuration  # noqa: PLC0415 - a grammar

        return configuration(root, folder, path, text)
    document = load(root, path) if text is None else of_text(decode(text.encode(), path), path)
    return document if isinstance(document.value, (dict, str)) else None


def _written(part: Written, keys: tuple[str, ...]) -> Any:
    for key in keys:
        below = part.get(key)
        if below is None:
            return None
        part = below
    return part.value


def _named(settling: Settling, document: Written) -> Written:
    """Return the document with a provider as a mapping, and the service as its name."""
    value = dict(document.value)
    provider = _provider(settling.shallow(value["provider"]))
    service = settling.shallow(value["service"])
    named = service.get("name")
    key = service.get("awsKmsKeyArn")
    if key is not None:
        provider = Written({"kmsKeyArn": key, **provider.value}, provider.place)
    value["provider"], value["service"] = provider, named or service
    return Written(value, document.place)


def _provider(part: Written) -> Written:
    if isinstance(part.value, dict):
        return part
    if isinstance(part.value, str) or is_special(part.value):
        return Written({"name": part}, part.place)
    path, line = part.place.path, part.place.line
    raise InputError(f"line {line}: provider names no cloud; write `name: aws`", path, line)


def _add_environment(settling: Settling) -> None:
    """Let committed ``.env`` files speak, where the framework reads them."""
    version = _written(settling.document, ("frameworkVersion",))
    fourth = VERSION_4.match(str(version)) is not None
    plugins = _plugins(settling)
    if not (fourth or _written(settling.document, ("useDotenv",)) or DOTENV in plugins):
        return
    stage = settling.option("stage")
    name = stage if isinstance(stage, str) else ""
    found = environment(settling.root, settling.folder, name, all_of_them=fourth)
    if found:
        settling.environment = found
        settling.forget()


def _plugins(settling: Settling) -> list[Any]:
    for keys in (("plugins", "modules"), ("plugins",)):
        found = settling.look(settling.document, keys)
        if isinstance(found, Written) and isinstance(found.value, list):
            return [settling.shallow(item).value for item in found.value]
    return []


def _passed(settling: Settling, path: str) -> dict[str, Written]:
    try:
        return passed(settling.root, path)
    except InputError as error:
        place = Place(error.path or path, error.line or 1)
        settling.lose(f"the compose file cannot be read: {error}", place)
        return {}


def _complete(settling: Settling) -> Written:
    value = dict(settling.settle(settling.document).value)
    for key in LISTS:
        if key in value:
            value[key] = _one_mapping(settling, key, value[key])
    settled = _without_unknown(settling, Written(value, settling.document.place))
    if PSEUDO in _plugins(settling):
        settled = with_pseudo_parameters(settled)
    _say_provider(settling, settled)
    return settled


def _one_mapping(settling: Settling, key: str, part: Written) -> Written:
    """Return a list of mappings as one; what is no mapping is lost, and said so."""
    listed = part.value if isinstance(part.value, list) else [part]
    whole = Written({}, part.place)
    for item in listed:
        if isinstance(item.value, dict):
            whole = merged(whole, item)
        elif item.value is not None:
            what = item.value if is_special(item.value) else "no mapping"
            settling.lose(f"a part of {key} is not known: {what}", item.place)
    return whole if isinstance(part.value, list) else Written(whole.value, part.place)


def _without_unknown(settling: Settling, part: Written) -> Written:
    """Take out the entries without a name, which a program's spreads leave, and say so."""
    if isinstance(part.value, list):
        return Written([_without_unknown(settling, item) for item in part.value], part.place)
    if not isinstance(part.value, dict):
        return part
    kept: dict[str, Written] = {}
    for key, item in part.value.items():
        if key.startswith(UNKNOWN):
            settling.lose(f"some entries are not known: {item.value}", item.place)
        else:
            kept[key] = _without_unknown(settling, item)
    return Written(kept, part.place)


def _say_provider(settling: Settling, settled: Written) -> None:
    provider = settled.value["provider"]
    name = provider.get("name")
    if name is None or not isinstance(name.value, str) or name.value == "aws":
        return
    reason = f"the service runs at {name.value}, and only AWS is read"
    settling.lost.append(Lost(reason, "the service is not looked at", name.place, fatal=True))
