"""Secrets that stand in templates: in properties, variables, scripts and defaults of parameters."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import template_words
from checkrein.checks.questions import grouped, short
from checkrein.checks.settings import Setting, settings
from checkrein.detect.names import classify
from checkrein.detect.secret_shapes import is_stand_in, is_wordy, names_itself
from checkrein.detect.secrets import (
    CHOSEN,
    Secret,
    is_default,
    lines_with,
    secret,
    signs_as_left,
)
from checkrein.late import regex
from checkrein.model import App, Deployment, Evidence, Place, Resource, Stack, Summary, Symbol
from checkrein.model.asking import of_app
from checkrein.model.facts import GIVEN

PARAMETER = "AWS::SSM::Parameter"
DEFAULT = "Default"
SSM = "AWS::SSM::"
READERS = frozenset({
    *("pydantic", "pydantic_settings", "environs", "decouple", "dynaconf", "django"),
    *("convict", "envalid", "env-var", "znv", "@t3-oss/env-core", "@nestjs/config", "config"),
})  # fmt: skip
TO_CHANGE = regex(  # wishes of whoever wrote a default, numbers beside them or not
    r"(?i)(?<![a-z])(?:change|replace)[-_ ]?(?:this|me|it|in|before|with)(?![a-z])"
    r"|(?<![a-z])in[-_ ]?prod(?:uction)?(?![a-z])"
)
LONG = 6  # characters: a shorter default stands in other texts by chance
LOCAL = regex(
    r"(?:^|/)\.env\.(?:dev|development|local|test|testing|example|sample|template|offline)$"
)


class Use(Struct, frozen=True):
    """A place that gets a secret: which setting of which resource."""

    resource: str
    name: str
    place: Place

    @property
    def said(self) -> Evidence:
        """Say it in a sentence."""
        return Evidence(f"{self.name} of {short(self.resource)} is set to it", self.place)


class Written(Struct, frozen=True):
    """A secret where it stands, once, and whoever gets it from there.

    ``owner`` is the stack whose parameter has it as a default, else the first resource that gets
    it; ``name`` the parameter's or the setting's.
    """

    owner: str
    name: str
    place: Place
    secret: Secret
    uses: tuple[Use, ...] = ()
    note: str = ""
    default: bool = False  # of a parameter

    def weak(self, app: App) -> str:
        """Say why it opens nothing that is known here, "" where it may."""
        if LOCAL.search(self.place.path) and is_stand_in(self.secret.value):
            return "it only stands for a secret on somebody's own machine"
        text = self.secret.value
        words = is_wordy(text) and any(each in text for each in "-_ ")
        if words and self.secret.data == "cred.secret" and _is_unread(app, self.uses):
            return "it is made of words, and no code here asks for it: nothing is signed by it"
        return ""

    @property
    def left(self) -> str:
        """Say why a deployment is to put another in its place, "" where it may be meant."""
        text = self.secret.value
        plain = is_default(text) or names_itself(text) or is_placeholder(text)
        if self.default and (plain or TO_CHANGE.search(text)):
            return "it says itself that a deployment is to put another in its place"
        return ""


def _is_unread(app: App, uses: tuple[Use, ...]) -> bool:
    """Tell whether only functions get it, all were read to their end, and none asks for it."""
    for use in uses:
        known = grouped(app, Summary, "function").get(use.resource, [])
        if not known or any(each.partial or _reads(each, use.name) for each in known):
            return False
    return bool(uses)


def _reads(summary: Summary, variable: str) -> bool:
    """Tell whether code asks for a variable, or has a package that asks for all."""
    whole = not READERS.isdisjoint(summary.packages)
    return whole or any(read.source == Symbol("env", variable) for read in summary.reads)


@of_app
def written(app: App) -> tuple[Written, ...]:
    """Return every secret that a template of the app has in clear."""
    found = {each.place: each for each in _defaults(app)}
    for holder in app.every(Resource):
        for setting, told in _secrets(app, holder):
            place, note = _place(app, holder, setting, told)
            use = Use(holder.id, setting.name, holder.where(setting.path))
            known = found.get(place) or Written(holder.id, setting.name, place, told, note=note)
            found[place] = replace(known, uses=(*known.uses, use))
    return _once(app, tuple(found.values()))


def _once(app: App, found: tuple[Written, ...]) -> tuple[Written, ...]:
    """Return secrets without those that a stack asks another for, which has them written."""
    asked = {(link.stack, link.target) for each in app.every(Deployment) for link in each.imports}
    asking = [w for w in found if (_stack(app, w.owner), w.secret.value) in asked]
    own = {w.secret.value: w for w in reversed(found) if w not in asking}
    for each in asking:
        source = own.get(each.secret.value)
        if source:
            own[each.secret.value] = replace(source, uses=(*source.uses, *each.uses))
    kept = (w for w in found if w not in asking or w.secret.value not in own)
    return tuple(own.get(w.secret.value, w) if _same(w, own) else w for w in kept)


def _same(written: Written, own: dict[str, Written]) -> bool:
    return written.place == getattr(own.get(written.secret.value), "place", None)


def _stack(app: App, owner: str) -> str:
    resource = app.get(Resource, owner)
    return resource.stack if resource else owner


def _defaults(app: App) -> Iterator[Written]:
    """Yield the secrets that are defaults of parameters whose names say so."""
    for stack in app.every(Stack):
        for name, declared in stack.parameters.items():
            default = declared.get(DEFAULT) if isinstance(declared, dict) else None
            if not isinstance(default, str) or SSM in str(declared.get("Type")):
                continue
            found = secret(default, name, used=_certain(name, default))
            place = stack.places.get(("Parameters", name, DEFAULT))
            if found and place and not _names_resource(app, default):
                yield Written(stack.id, name, place, found, default=True)


def _secrets(app: App, holder: Resource) -> Iterator[tuple[Setting, Secret]]:
    for setting in settings(holder):
        found = _secret(holder, setting)
        if found and not _names_resource(app, setting.text):
            yield setting, found


def _secret(holder: Resource, setting: Setting) -> Secret | None:
    """Return the secret that a setting is; names count where a name is a name of a value."""
    if template_words("speaking").intersection((*setting.around, setting.name)):
        return secret(setting.text)
    if "\n" in setting.text or template_words("scripts").intersection(
        (*setting.around, setting.name)
    ):
        return next((found for _, found in lines_with(setting.text)), None)
    name = setting.name
    if holder.type == PARAMETER and name == "Value":
        name = str(holder.value("Name") or holder.name)
    if name in template_words("secrets"):
        match = classify(name)
        demo = names_itself(setting.text) and not (match and match.data == "cred.password")
        return None if demo else secret(setting.text, name, used=True)
    around = setting.around if holder.type not in template_words("variables") else ()
    return secret(setting.text, name, around, used=_certain(name, setting.text))


def _certain(name: str, text: str) -> bool:
    """Tell whether a name leaves no doubt that its value is the secret, not the name of one."""
    match = classify(name)
    sure = match is not None and match.confidence == "certain" and match.data in CHOSEN
    return sure and (signs_as_left(name, text) or not (names_itself(text) or is_placeholder(text)))


def _place(app: App, holder: Resource, setting: Setting, told: Secret) -> tuple[Place, str]:
    """Return where a text is written, and what to say of it: its line, or what gives it.

    What a parameter file gives has no place of its own: the stack's first line stands for it.
    """
    place = holder.where(setting.path)
    below = [p for p in holder.places if p[: len(setting.path)] == setting.path]
    has_parts = any(p != setting.path for p in below)  # else it is written there, or is a variable
    given = next(_given(app, holder, told.value, whole=not has_parts), None)
    if given and (has_parts or _is_evaluated(app, holder)):
        return given
    if has_parts:
        place = holder.places[max(below, key=len)]
    return _line(place, setting.text), ""


def _line(place: Place, text: str) -> Place:
    """Return the line of a script that holds the secret, where its lines are those of the file."""
    number = next((number for number, _ in lines_with(text)), 0) if "\n" in text else 0
    if place.end_line - place.line < text.count("\n") or "\n" not in text:
        return place
    return Place(place.path, place.line + 1 + number)


def _is_evaluated(app: App, holder: Resource) -> bool:
    """Tell whether the notation puts parameters' values into texts before they are read."""
    stack = app.get(Stack, holder.stack)
    return bool(stack and stack.notation)


def _given(app: App, holder: Resource, secret: str, *, whole: bool) -> Iterator[tuple[Place, str]]:
    """Yield where a parameter gets a secret, of the stack or one that nests it, nearest first.

    ``whole`` asks for parameters that are the secret, not a part of it.
    """
    stacks = [s for s in app.every(Stack) if f"{holder.stack}/".startswith(f"{s.id}/")]
    for stack in sorted(stacks, key=lambda each: -len(each.id)):
        for name in stack.parameters:
            yield from _parameter(stack, name, secret, whole=whole)
        for id, arguments in stack.arguments.items():
            nested = app.get(Resource, id)
            for name in arguments if nested and f"{holder.stack}/".startswith(f"{id}/") else ():
                if nested and _has(arguments[name], secret):
                    yield nested.where(("Parameters", name)), f"it is given to {name} of {id}"


def _parameter(stack: Stack, name: str, secret: str, *, whole: bool) -> Iterator[tuple[Place, str]]:
    declared, given = stack.parameters[name], stack.values.get(name)
    place = stack.places.get(("Parameters", name, DEFAULT), stack.place)
    beside = stack.places.get(("Parameters", name, GIVEN))
    if given == secret and beside:
        yield beside, ""
    elif _has(given, secret) and not whole:
        yield place, f"samconfig.toml or a parameter file gives it to the parameter {name}"
    elif isinstance(declared, dict) and _has(declared.get(DEFAULT), secret, whole=whole):
        yield place, f"it is the default of the parameter {name} of {stack.source}"


def _has(given: object, secret: str, *, whole: bool = False) -> bool:
    """Tell whether what a parameter is given is a secret, or a part of it unless all is wanted."""
    if given == secret or whole:
        return given == secret
    return isinstance(given, str) and len(given) >= LONG and given in secret


def _names_resource(app: App, text: str) -> bool:
    """Tell whether a text is the name of something in the app rather than a secret."""
    return text in _names(app)


@of_app
def _names(app: App) -> set[str]:
    return {id.rpartition("/")[2] for id in grouped(app, Resource, "id")}
