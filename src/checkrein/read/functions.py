"""Find each function's code: runtime, handler, file, layers and the role it acts as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model import Code, Evidence, Fact, Function, Resource, Stack, Symbol, Text, Unread
from checkrein.model.values import alternatives
from checkrein.model.workloads import LAMBDA, role_path, runs_code, unread_id
from checkrein.read.cdk.sources import written
from checkrein.read.commands import started_by_script
from checkrein.read.environment import Texts, environment
from checkrein.read.handlers import Located, Wanted, as_written, files, locate, modules, spelled
from checkrein.read.images import ImageCode, image_code
from checkrein.read.inline import inline_code
from checkrein.read.layers import foreign_layers, layer_folders, layers_by_id
from checkrein.read.named_archives import made_of, only_one
from checkrein.read.paths import BEFORE, BESIDE, inside, joined
from checkrein.read.pods import pods
from checkrein.read.unbuilt import ARCHIVES, Missing, archives_of, source_of
from checkrein.read.undelivered import undelivered
from checkrein.read.unfound import SOURCE_SUFFIXES, missing, stored

LANGUAGES = {"python": "python", "nodejs": "javascript"}
BOTH = ("python", "javascript")
INLINE = "index"  # the file that Lambda keeps inline code as
EFFECT = "what this function does with data is not known"


class NotHere(Exception):
    """The code of a function is not in the scanned folder; the message is a sentence."""


class Around(Struct, frozen=True):
    """What surrounds a function: the scanned folder, its stacks, every layer and role."""

    root: Path
    sources: dict[str, str]  # stack id -> template file
    folders: dict[str, str]  # stack id -> the folder of that
    layers: dict[str, Resource]
    roles: dict[str, Resource]
    texts: Mapping[str, str]
    written: Texts
    stacks: dict[str, Stack] = {}
    taken: tuple[str, ...] = ()  # handlers of functions whose code is not inline
    archives: dict[str, tuple[str, ...]] = {}  # stack id -> the names of its functions' archives

    def folder(self, stack: str) -> str:
        return self.folders.get(stack, "")


def read_functions(
    root: Path,
    resources: list[Resource],
    stacks: list[Stack],
    texts: Mapping[str, str] | None = None,
) -> list[Fact]:
    """Return a Function for all that runs code, and an Unread where its code is not found.

    ``texts`` stand in for the content of some templates.
    ``root`` is the scanned folder. ``Function.handler`` is the one that runs the user's code: for
    wrappers it is the wrapped handler, for images the command's. A runtime of a language that is
    not read gives a Function without code and no Unread.
    """
    sources = {stack.id: stack.source for stack in stacks}
    folders = {id: joined(str(PurePosixPath(source).parent)) for id, source in sources.items()}
    around = Around(
        root,
        sources,
        folders,
        layers_by_id(resources, stacks),
        {each.id: each for each in resources if each.type == "AWS::IAM::Role"},
        texts or {},
        Texts(root),
        {stack.id: stack for stack in stacks},
        tuple(_word(each, "Handler") for each in resources if _has_its_own_code(each)),
        archives_of(resources),
    )
    told = pods(resources)
    facts: list[Fact] = [*told]
    for resource in (*resources, *told):
        if runs_code(resource.type) and not resource.is_only_named:
            facts.extend(_guarded(resource, around))
    return facts


def _guarded(resource: Resource, around: Around) -> list[Fact]:
    function = _bare(resource, around)
    if resource.type != LAMBDA:
        return _contained(function, resource, around)
    if not function.language and function.runtime:
        return [function]
    try:
        function = _with_code(function, resource, around)
        if function.code and not function.code.text:
            layers = layer_folders(around.root, resource, around.layers, around.folders)
            both = tuple(dict.fromkeys((*function.code.layers, *layers)))
            function = replace(function, code=replace(function.code, layers=both))
        if function.code:
            foreign = foreign_layers(resource, around.layers)
            code = replace(function.code, foreign=foreign)
            lacks = undelivered(around.root, resource, around.stacks.get(resource.stack), code)
            function = replace(function, code=replace(code, lacks=lacks))
    except NotHere as reason:
        if resource.added:
            return [function]  # the framework knows what its own code does, and nobody can add it
        return [function, _unread(resource, around, str(reason), fatal=False)]
    except Exception as error:  # noqa: BLE001 - one function never ends a scan
        crash = f"looking for the code failed ({type(error).__name__}: {error})"
        return [function, _unread(resource, around, crash, fatal=True)]
    return [function]


def _contained(function: Function, resource: Resource, around: Around) -> list[Fact]:
    try:
        from checkrein.read.container_images import Template  # noqa: PLC0415 - few have them
        from checkrein.read.containers import read_containers  # noqa: PLC0415 - as above

        template = Template.of(around.folder(resource.stack), around.stacks.get(resource.stack))
        return read_containers(around.root, resource, function, template)
    except Exception as error:  # noqa: BLE001 - one function never ends a scan
        crash = f"looking for the code failed ({type(error).__name__}: {error})"
        return [function, _unread(resource, around, crash, fatal=True)]


def _bare(resource: Resource, around: Around) -> Function:
    runtime = _word(resource, "Runtime")
    return Function(
        id=resource.id,
        evidence=(Evidence(f"{resource.name} is a function", resource.where()),),
        when=resource.when,
        runtime=runtime,
        language=_language(runtime),
        handler=_word(resource, "Handler"),
        identity=identity(resource.value(role_path(resource.type)), around.roles),
        environment=environment(around.written, resource, around.stacks.get(resource.stack)),
        before=_before(resource),
    )


def _before(resource: Resource) -> tuple[str, ...]:
    """Return the handlers that a build has run before a function's own, as it says."""
    named = resource.metadata.get(BEFORE)
    return tuple(one for one in named if isinstance(one, str)) if isinstance(named, list) else ()


def _language(runtime: str) -> str:
    return next((name for start, name in LANGUAGES.items() if runtime.startswith(start)), "")


def identity(role: Any, roles: dict[str, Resource]) -> str:
    """Return the id of the role that a Role property names, its ARN if outside, or ""."""
    for option in alternatives(role):
        if isinstance(option, Symbol) and option.owner in roles:
            return option.owner
        if isinstance(option, (str, Text)):
            name = str(option).rpartition("/")[2]
            named = (id for id, each in roles.items() if each.value("RoleName") == name)
            return next(named, str(option))
    return ""


def _with_code(function: Function, resource: Resource, around: Around) -> Function:
    code = next(iter(alternatives(resource.value("Code"))))
    if isinstance(code, dict) and "ZipFile" in code:
        if deployed := _deployed_later(function, resource, around):
            return deployed
        inline, lines = inline_code(around.root, resource, code["ZipFile"], around.texts)
        return _found(function, resource, inline, f"its code is inline, {lines} lines")
    if _is_image(resource, code):
        return _image(function, resource, around)
    if isinstance(code, dict):
        return _uploaded(function, resource, around, code)
    if code is not None and not isinstance(code, str):
        raise NotHere(f"where its code lies is only known when it is deployed ({code})")
    if isinstance(code, str) and "://" in code:
        raise NotHere(f"its code is at {code}, not in the scanned folder")
    return _local(function, resource, around, code or ".")


def _has_its_own_code(resource: Resource) -> bool:
    if resource.type != LAMBDA:
        return False
    code = next(iter(alternatives(resource.value("Code"))))
    return not (isinstance(code, dict) and "ZipFile" in code)


def _deployed_later(function: Function, resource: Resource, around: Around) -> Function | None:
    """Return a function whose inline code only holds a place for what one file here has.

    Lambda keeps inline code as ``index``: another handler is never in it, but in what a script
    puts there after the template is deployed. What another function is made of is not that.
    """
    if function.handler.partition(".")[0] == INLINE or function.handler in around.taken:
        return None
    for wanted in _wanted(function, resource, around.root, ()):
        if located := only_one(around.root, wanted):
            return _at(located, wanted.handler, function, resource, around)
    return None


def _is_image(resource: Resource, code: Any) -> bool:
    declared = resource.value("PackageType") == "Image" or "Dockerfile" in resource.metadata
    return declared or (isinstance(code, dict) and "ImageUri" in code)


def _image(function: Function, resource: Resource, around: Around) -> Function:
    folder = around.folder(resource.stack)
    image = image_code(around.root, resource, folder)
    if isinstance(image, str):
        raise NotHere(image)
    found: ImageCode = image
    named = replace(
        function,
        runtime=found.runtime,
        language=found.located.language,
        handler=found.handler,
    )
    code = Code(found.located.folder, found.located.file, layers=found.folders)
    return _found(named, resource, code, f"its image runs {found.located.file}, {found.how}")


def _uploaded(
    function: Function, resource: Resource, around: Around, code: Mapping[str, Any]
) -> Function:
    """Return a function whose archive somebody puts into a bucket, if its name tells its folder."""
    keys = [str(each) for each in alternatives(code.get("S3Key"))]
    for name in (PurePosixPath(key).name for key in keys):
        archive = PurePosixPath(name)
        if archive.suffix not in ARCHIVES or "${" in name:
            continue
        for wanted in _wanted(function, resource, around.root, ()):
            if located := made_of(around.root, archive, wanted):
                return _at(located, wanted.handler, function, resource, around)
    for key in keys:
        if unbuilt := _unbuilt(function, resource, around, key):
            return unbuilt
    raise NotHere(stored(code))


def _local(function: Function, resource: Resource, around: Around, path: str) -> Function:
    path = path.replace("\\", "/")
    folders = _folders(around, resource, path)
    tried = []
    for wanted in _wanted(function, resource, around.root, folders):
        for folder in folders:
            located = _locate(around.root, folder, wanted)
            if located:
                located = written(around.root, located, wanted.handler) or located
                return _at(located, wanted.handler, function, resource, around)
            tried.append(folder)
    is_there = any((around.root / each).exists() for each in folders)
    unbuilt = None if is_there else _unbuilt(function, resource, around, path)
    if unbuilt:
        return unbuilt
    raise NotHere(missing(around.root, function, path, tried))


def _unbuilt(function: Function, resource: Resource, around: Around, path: str) -> Function | None:
    """Return a function with the source of the code that a build makes later, if that is sure."""
    handler = function.handler
    code = Missing(
        path,
        resource.name,
        around.folder(resource.stack),
        around.archives.get(resource.stack, ()),
        frozenset(around.folders.values()),
        around.taken.count(handler) == 1,
    )
    for wanted in () if resource.added else _wanted(function, resource, around.root, ()):
        if located := source_of(around.root, code, wanted):
            return _at(located, wanted.handler, function, resource, around)
    return None


def _wanted(
    function: Function, resource: Resource, root: Path, folders: Sequence[str]
) -> Iterator[Wanted]:
    languages = (function.language,) if function.language else BOTH
    for handler in _handlers(function, resource, root, folders):
        yield Wanted(handler, languages, _entry_points(resource))


def _at(
    located: Located, handler: str, function: Function, resource: Resource, around: Around
) -> Function:
    how = f" ({located.how})" if located.how else ""
    named = replace(function, handler=handler, language=located.language)
    packed = (*located.packed, *_beside(around, resource))
    code = Code(located.folder, located.file, layers=packed)
    return _found(named, resource, code, f"{handler} is in {located.file}{how}")


def _locate(root: Path, folder: str, wanted: Wanted) -> Located | None:
    """Locate a handler below a folder; a file or archive stands for the folder it lies in."""
    where = PurePosixPath(folder)
    if where.suffix in ARCHIVES:
        return _packed(root, where, wanted)
    if (root / folder).is_file():
        stem = str(where.with_suffix(""))
        same = (each for name in wanted.languages for each in files(root, stem, name))
        language = next((name for name in wanted.languages if next(same, None) == folder), "")
        named = {PurePosixPath(each).name for each in modules(wanted.handler, language or "python")}
        if language and where.stem in named:
            return Located(joined(str(where.parent)), folder, language)
        folder = joined(str(where.parent))
    elif where.suffix in SOURCE_SUFFIXES:  # a build makes it, where it stands alone
        folder = joined(str(where.parent))
    return locate(root, folder, wanted)


def _packed(root: Path, archive: PurePosixPath, wanted: Wanted) -> Located | None:
    """Locate a handler in what an archive was made of, as it is written there, else inside."""
    names = (joined(str(archive.with_suffix(""))), joined(str(archive.parent)))
    beside = [each for each in names if inside(each)]
    searches = [(as_written, (*beside, str(archive))), (locate, beside)]
    found = (search(root, each, wanted) for search, places in searches for each in places)
    there = next((each for each in found if each), None)
    return there or (None if (root / archive).exists() else made_of(root, archive, wanted))


def _folders(around: Around, resource: Resource, path: str) -> list[str]:
    """Return where a local path may point: beside the template first, else in the root."""
    beside, top = joined(around.folder(resource.stack), path), joined(path)
    if not inside(beside):
        raise NotHere(f"its code, {path}, lies outside the scanned folder")
    beside = spelled(around.root, beside)
    if (around.root / beside).exists() or not inside(top) or top == beside:
        return [beside]
    return [beside, spelled(around.root, top)]


def _handlers(
    function: Function, resource: Resource, root: Path, folders: Sequence[str]
) -> list[str]:
    """Return the handler, and what it wraps or starts.

    A wrapping handler is told the real one by an environment variable; a script (``run.sh``, for
    the web adapter) starts a server.
    """
    variables = resource.value("Environment.Variables")
    told = variables.items() if isinstance(variables, dict) else ()
    names = [function.handler]
    names += [
        value for name, value in told if name.upper().endswith("HANDLER") and isinstance(value, str)
    ]
    for folder in folders if function.handler.endswith(".sh") else ():
        script = root / folder / function.handler
        if script.is_file():
            names += started_by_script(script.read_text(encoding="utf-8", errors="replace"))
    return [name for name in dict.fromkeys(names) if "." in name]


def _entry_points(resource: Resource) -> tuple[str, ...]:
    build = resource.metadata.get("BuildProperties")
    points = build.get("EntryPoints") if isinstance(build, dict) else None
    return tuple(each for each in points if isinstance(each, str)) if points else ()


def _beside(around: Around, resource: Resource) -> tuple[str, ...]:
    """Return the folders in which lies what a build puts beside a function's code."""
    named = resource.metadata.get(BESIDE)
    found = (
        joined(str(PurePosixPath(around.folder(resource.stack), folder).parent))
        for folder in (named if isinstance(named, list) else ())
        if isinstance(folder, str)
    )
    return tuple(dict.fromkeys(folder for folder in found if inside(folder)))


def _found(function: Function, resource: Resource, code: Code, sentence: str) -> Function:
    path = "Handler" if resource.value("Handler") else "Code"
    evidence = (*function.evidence, Evidence(sentence, resource.where(path)))
    return replace(function, code=code, evidence=evidence)


def _unread(resource: Resource, around: Around, reason: str, *, fatal: bool) -> Unread:
    return Unread(
        id=unread_id(resource.id),
        evidence=(Evidence(f"{resource.name}: {reason}", resource.where("Code")),),
        when=resource.when,
        path=resource.where().path or around.sources.get(resource.stack, ""),
        reason=f"{resource.name}: {reason}",
        effect=EFFECT,
        fatal=fatal,
    )


def _word(resource: Resource, path: str) -> str:
    for option in alternatives(resource.value(path)):
        if isinstance(option, str):
            return option.strip()
    return ""
