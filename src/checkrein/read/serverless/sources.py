"""What each kind of variable stands for: ``self file env opt sls param ssm cf s3 aws …``."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import Struct

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Place
from checkrein.model.values import Open, Symbol, Text, Value
from checkrein.notation import decode
from checkrein.read import service_files
from checkrein.read.paths import local_path
from checkrein.read.serverless.written import YAML, Written

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.read.serverless.variables import Settling

SECRETS = "/aws/reference/secretsmanager/"
PROGRAMS = tuple(f".{suffix}" for suffix in service_files.PROGRAMS)
SUFFIX = regex(r"~\w+\Z")  # ``~true`` once asked for decryption, ``~split`` for a list
TRUE, FALSE = ("true", "1"), ("false", "0")
OPTIONS = ("stage", "region")
OF_IAM = ("iot", "saml", "ec2", "transfer", "redshift", "identitystore", "glue", "graph")
OF_DEPLOYMENT = {  # kinds that need an account, a service or a tool: what they give
    "git": "what git says of the commit that is deployed",
    "terraform": "an output of Terraform's state",
    "vault": "a secret of Vault",
    "doppler": "a secret of Doppler",
    "output": "an output of another service, which the framework's dashboard keeps",
    "state": "an output of another service, which the framework's dashboard keeps",
    "secrets": "a secret of the framework's dashboard",
    "uuid": "an id that each deployment makes",
    "timestamp": "the time of the deployment",
}


class Absent(str):
    """Nothing has a value there; the text is part of a sentence that says so."""

    __slots__ = ()


class Asked(Struct, frozen=True):
    """One source with its own variables settled; ``last`` if no fallback follows it."""

    kind: str
    parameters: list[Value]
    address: Value
    place: Place
    last: bool


Found = Written | Absent


def _self(settling: Settling, asked: Asked) -> Found:
    address = asked.address
    if not isinstance(address, str):
        return _nameless("a part of this file", asked)
    keys = _keys(address)
    found = settling.look(settling.document, keys)
    if not isinstance(found, Absent):
        return found
    if keys == ["service", "name"]:  # the first versions keep the service as an object
        return settling.look(settling.document, keys[:1])
    if len(keys) > 1 and keys[0] == "provider" and keys[1] in OPTIONS:
        return Written(settling.option(keys[1]), asked.place)
    return found


def _keys(address: str) -> list[str]:
    return [key.strip("'\" ") for key in address.split(".")] if address else []


def _nameless(what: str, asked: Asked) -> Written:
    return Written(Open(f"{what} whose name is not known: {asked.address}"), asked.place)


def _file(settling: Settling, asked: Asked) -> Found:
    location = asked.parameters[0] if asked.parameters else ""
    if not isinstance(location, str) or not isinstance(asked.address, str):
        shown = location if isinstance(asked.address, str) else asked.address
        return Written(
            Open(f"a file or a part of it whose name is not known: {shown}"), asked.place
        )
    path = local_path(PurePosixPath(settling.folder), location)
    if not path or not files.is_file(settling.root / path):
        return _missing(settling, asked, location, path)
    try:
        return _content(settling, path, _keys(asked.address))
    except InputError as error:
        settling.lose(
            f"a file that the service takes in cannot be read: {error}",
            Place(error.path or path, error.line or 1),
        )
        return Written(Open(f"the file {path} cannot be read"), asked.place)


def _missing(settling: Settling, asked: Asked, location: str, path: str) -> Absent:
    where = "is not here" if path else "lies outside the scanned folder"
    if asked.last:
        settling.lose(f"the file {location} {where}, and no default follows", asked.place)
    return Absent(f"the file {location}, which {where}")


def _content(settling: Settling, path: str, keys: list[str]) -> Found:
    suffix = PurePosixPath(path).suffix
    if suffix in PROGRAMS:
        from checkrein.read.serverless.typescript import exported  # noqa: PLC0415 - loads a grammar

        return exported(settling.programs, path, keys)
    if suffix in YAML:
        return settling.look(settling.document_at(path), keys)
    try:
        found = decode(files.content(settling.root / path), path).strip()
    except OSError as error:
        raise InputError(f"it cannot be opened ({error.strerror})", path) from None
    return settling.look(Written(found, Place(path, 1)), keys)


def _env(settling: Settling, asked: Asked) -> Found:
    if not isinstance(asked.address, str):
        return _nameless("an environment variable", asked)
    known = settling.environment.get(asked.address)
    return known or Absent(f"the environment variable {asked.address} of the deployment")


def _opt(settling: Settling, asked: Asked) -> Found:
    if not isinstance(asked.address, str):
        return _nameless("an option", asked)
    if asked.address in OPTIONS and asked.last:
        return Written(settling.option(asked.address), asked.place)
    shown = f" --{asked.address}" if asked.address else "s"
    return Absent(f"the option{shown} of the deployment")


def _sls(settling: Settling, asked: Asked) -> Found:
    if asked.address == "stage":
        return Written(settling.option("stage"), asked.place)
    return Written(Open("an id that each deployment makes"), asked.place)


def _param(settling: Settling, asked: Asked) -> Found:
    if not isinstance(asked.address, str):
        return _nameless("a parameter", asked)
    stage = settling.option("stage")
    passed = settling.parameters.get(asked.address)
    if passed is not None:
        return passed
    name = asked.address
    for stage_name in [stage, "default"] if isinstance(stage, str) else ["default"]:
        for keys in (("stages", stage_name, "params", name), ("params", stage_name, name)):
            found = settling.look(settling.document, keys)
            if isinstance(found, Written) and found.value is not None:
                return found
    return Absent(f"the parameter {name} of the deployment")


def _ssm(_settling: Settling, asked: Asked) -> Found:
    path = known_name(asked.address)
    if path is None:
        return _nameless("a parameter of Parameter Store", asked)
    path = SUFFIX.sub("", path)
    if path.startswith(SECRETS):
        return Written(Symbol("@secretsmanager", path.removeprefix(SECRETS)), asked.place)
    return Written(Symbol("@ssm", path), asked.place)


def _cf(_settling: Settling, asked: Asked) -> Found:
    output = known_name(asked.address)
    if output is None:
        return _nameless("an output of a stack", asked)
    return Written(Symbol("@stack-output", output), asked.place)


def _s3(_settling: Settling, asked: Asked) -> Found:
    return Written(Open(f"what the object {asked.address} in S3 holds"), asked.place)


def known_name(address: Value) -> str | None:
    """Return a name as text, its symbols shown; None where a part of it is not known."""
    if isinstance(address, str):
        return address
    if isinstance(address, Text) and not any(isinstance(part, Open) for part in address.parts):
        return str(address)
    return str(address) if isinstance(address, Symbol) else None


def _aws(settling: Settling, asked: Asked) -> Found:
    known = {"accountId": "AccountId", "region": "Region"}.get(str(asked.address))
    if known:
        return Written(Symbol("@aws", known), asked.place)
    return settling.literally(f"${{aws:{asked.address}}}", asked.place)  # a variable of IAM


def _str_to_bool(_settling: Settling, asked: Asked) -> Found:
    value = asked.parameters[0] if asked.parameters else ""
    word = str(value).strip().lower()
    if word in TRUE + FALSE:
        return Written(word in TRUE, asked.place)
    return Written(value if isinstance(value, Open) else Open(f"{value} is no truth"), asked.place)


def _construct(_settling: Settling, asked: Asked) -> Found:
    """Return what a construct of Lift gives, which is known once it is compiled."""
    return Written(Symbol("@construct", str(asked.address)), asked.place)


def of_plugin(settling: Settling, asked: Asked) -> Found:
    """Return what a variable of a plugin, of the dashboard, or of IAM stands for."""
    if "." in asked.kind or asked.kind in OF_IAM:
        return settling.literally(f"${{{asked.kind}:{asked.address}}}", asked.place)
    told = OF_DEPLOYMENT.get(asked.kind, "a value that a plugin fills in")
    return Absent(f"{told}: {asked.kind}:{asked.address}")


SOURCES: dict[str, Callable[[Settling, Asked], Found]] = {
    "self": _self,
    "file": _file,
    "env": _env,
    "opt": _opt,
    "sls": _sls,
    "param": _param,
    "ssm": _ssm,
    "cf": _cf,
    "s3": _s3,
    "aws": _aws,
    "construct": _construct,
    "strToBool": _str_to_bool,
}
