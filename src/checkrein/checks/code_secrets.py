"""Secrets that stand in code: by a key's own shape, by the name beside them, by what takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import HOLE, words_in
from checkrein.catalog.uses import CREDENTIAL
from checkrein.checks.questions import grouped
from checkrein.detect.disclosing import GOOGLE
from checkrein.detect.names import classify
from checkrein.detect.secret_shapes import is_reference, is_stand_in, names_itself
from checkrein.detect.secrets import (
    CHOSEN,
    ISSUED,
    SCHEME,
    Secret,
    known_key,
    secret,
    signs_as_left,
)
from checkrein.model import (
    App,
    Argument,
    CallSite,
    Choice,
    Entry,
    Evidence,
    Literal,
    Place,
    Resource,
    Summary,
    Symbol,
    Value,
)
from checkrein.model.asking import settled, settled_at
from checkrein.model.values import alternatives
from checkrein.model.workloads import variables

KEY = "secret key"  # what an argument is judged as whose documentation says that it is secret
SHORT = {"pass": "password", "auth": "password", "basic_auth": "password", "http_auth": "password"}
ADDRESSES = frozenset({"url", "dsn", "host", "hosts", "uri", "connectionString"})
BESIDE = "with."
COLUMNS = "Columns."  # of a store: the names of what is read
MANY = 2  # texts: of more, nobody can tell which serves (a setting read by a name not known)
CATCHER = "1025"  # the port of those who catch mail: MailHog, MailDev, Mailpit
NEAR = 5  # lines between a key's id and the key
SIGN_IN = "authDomain"  # of a configuration that pages of Firebase are given


class Held(Struct, frozen=True):
    """A secret where it is written in code, once, and the functions whose code it is.

    ``role`` is that of the literal; ``uses`` are sentences with the places that take it, ``again``
    other places where the same text stands. ``key`` tells that it signs or encrypts, ``local`` that
    it is shown to the author's own machine only, ``page`` that every page is given it. It is a
    default where none of the ``variables`` is set; ``given`` is one that all the functions surely
    have. ``aside``: see ``Literal``.
    """

    place: Place
    secret: Secret
    name: str
    role: str = ""
    functions: tuple[str, ...] = ()
    uses: tuple[Evidence, ...] = ()
    again: tuple[Place, ...] = ()
    key: bool = False
    local: bool = False
    variables: tuple[str, ...] = ()
    given: str = ""
    aside: bool = False
    page: bool = False

    @property
    def weak(self) -> str:
        """Say why it opens nothing that is known here, "" where it may."""
        if self.local:
            return "it is shown to a server on somebody's own machine, or a catcher of mail"
        if self.page:
            return "it names a Firebase project, as all its pages do: its rules say who may do what"
        if self.given:
            return f"the template gives {self.given} to all that run this code: it is never taken"
        if self.aside and _is_chosen(self.secret):
            return "it only stands where no deployed function comes to"
        fallback = self.role == "default" and self.secret.data == "cred.password"
        made_up = fallback and is_stand_in(self.secret.value)
        return "it only stands for a password on somebody's own machine" if made_up else ""


@settled
def held(app: App) -> tuple[Held, ...]:
    """Return every secret in the code of an app's functions, by place."""
    names = {resource.name for resource in app.every(Resource)}
    found: dict[Place, Held] = {}
    for function in _read(app):
        for one in _in(app, function):
            if one.secret.value not in names:
                known = found.get(one.place)
                found[one.place] = _united(known, one) if known else one
    once = _once(_without_ids([found[place] for place in sorted(found)]))
    return tuple(replace(one, given=_given(app, one)) for one in once)


@settled
def _read(app: App) -> tuple[str, ...]:
    return tuple(dict.fromkeys(summary.function for summary in app.every(Summary)))


@settled_at
def _in(app: App, function: str) -> tuple[Held, ...]:
    """Return the secrets in one function's code."""
    decides = any(e.kind == "authorizer" for e in grouped(app, Entry, "function").get(function, []))
    known = grouped(app, Summary, "function").get(function, [])
    return tuple(one for summary in known for one in _of(summary, decides=decides))


def _given(app: App, one: Held) -> str:
    """Return a variable that every function has whose code falls back to a text, "" for none.

    A text that a machine issued opens what it was issued for, whoever takes it.
    """
    if one.role != "default" or not _is_chosen(one.secret):
        return ""
    every = [app.get(Resource, function) for function in one.functions]
    return next((name for name in one.variables if all(_has(r, name) for r in every)), "")


def _is_chosen(secret: Secret) -> bool:
    """Tell whether people made a secret up, as far as its form tells."""
    return secret.data in CHOSEN and known_key(secret.value) is None


def _has(function: Resource | None, name: str) -> bool:
    """Tell whether a function's variable has a text in every deployment, and not an empty one.

    A parameter without a default has to be given one; what a service keeps or makes is none.
    """
    known = variables(function) if function is not None else {}
    if name not in known:
        return False
    options = list(alternatives(known[name].value))
    return bool(options) and all(map(_is_something, options))


def _is_something(value: Value) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, Symbol)


def _united(known: Held, other: Held) -> Held:
    """Return one secret that was found in two ways, or in the code of two functions."""
    named = other if other.key and not known.key else known
    shown = [each.local for each in (known, other) if each.uses]
    return replace(
        named,
        name=known.name or other.name,
        role=known.role or other.role,
        functions=tuple(dict.fromkeys((*known.functions, *other.functions))),
        uses=tuple(dict.fromkeys((*known.uses, *other.uses))),
        local=bool(shown) and all(shown),
        variables=known.variables or other.variables,
        aside=known.aside and other.aside,
    )


def _without_ids(found: list[Held]) -> Iterator[Held]:
    """Leave out ids of keys beside which the key itself stands."""
    keys = [one.place for one in found if one.secret.fault > 1 and "cloud" in one.secret.data]
    for one in found:
        beside = (k for k in keys if k.path == one.place.path)
        if one.secret.fault > 1 or not any(abs(k.line - one.place.line) <= NEAR for k in beside):
            yield one


def _once(found: Iterable[Held]) -> Iterator[Held]:
    """Unite what is written several times in the code of one stack."""
    first: dict[tuple[str, str], Held] = {}
    for one in found:
        stack = one.functions[0].rpartition("/")[0]
        known = first.setdefault((stack, one.secret.value), one)
        if known is not one:
            both = tuple(name for name in known.variables if name in one.variables)
            united = replace(_united(known, one), again=(*known.again, one.place), variables=both)
            first[stack, one.secret.value] = united
    yield from first.values()


def _of(summary: Summary, *, decides: bool) -> Iterator[Held]:
    """Yield the secrets of one function's code; ``decides`` who may come in, if authorizer."""
    functions = (summary.function,)
    for literal in summary.literals:
        found = _named(literal) or (_accepted(literal) if decides else None)
        if found:
            name = literal.names[-1] if literal.names else ""
            yield Held(
                *(literal.place, found, name, literal.role, functions),
                variables=literal.variables,
                aside=literal.aside,
                page=found.title == GOOGLE and _is_of_page(literal, summary.literals),
            )
    for call in summary.calls:
        for argument in call.arguments:
            taken = [_written(summary, call, argument, one) for one in _taken(call, argument)]
            pair = argument.path.endswith("[]")  # of a user and a password
            yield from sorted(taken, key=lambda one: one.place)[-1:] if pair else taken


def _is_of_page(key: Literal, others: Iterable[Literal]) -> bool:
    """Tell whether a key stands in a configuration of Firebase, beside where people sign in.

    https://firebase.google.com/docs/projects/api-keys
    """
    return any(
        other.names[-1:] == (SIGN_IN,)
        and other.names[:-1] == key.names[:-1]
        and other.place.path == key.place.path
        and abs(other.place.line - key.place.line) <= NEAR
        for other in others
    )


def _named(literal: Literal) -> Secret | None:
    """Return the secret that a literal is by the names around it."""
    if literal.role in ("used", "claim"):
        return None
    *around, name = literal.names or ("",)
    sure = literal.role == "default" and _is_value(name, literal.text)
    return secret(literal.text, name, tuple(around), used=sure)


def _accepted(literal: Literal) -> Secret | None:
    """Return the text that an authorizer compares a token with: whoever reads it comes in."""
    name = literal.names[-1] if literal.names else ""
    text = SCHEME.sub("", literal.text)
    match = classify(name) if literal.role == "compared" else None
    if match is None or match.data not in CHOSEN | ISSUED or HOLE in text:
        return None
    if text.lower() in words_in("compared") or is_reference(text):
        return None
    return Secret("token that lets in", match.data, text, "likely")


def _is_value(name: str, text: str) -> bool:
    """Tell whether what takes the place of something so named is a secret, not the name of one."""
    match = classify(name)
    stands_in = names_itself(text) or is_placeholder(text)
    if match is None or (stands_in and not signs_as_left(name, text)):
        return False
    return match.data in ISSUED or (match.data in CHOSEN and match.confidence == "certain")


def _taken(call: CallSite, argument: Argument) -> Iterator[Secret]:
    """Yield the secrets that a call takes as such."""
    if call.kind not in ("use", "http", "sdk") or argument.path.startswith((BESIDE, COLUMNS)):
        return
    if call.kind == "use" and call.service != CREDENTIAL:
        return
    name = _judged_as(call, argument)
    texts = [one for one in _options(argument) if isinstance(one, str)]
    for text in texts if len(texts) <= MANY else ():
        found = secret(text, name, used=True)
        if found and not (_falls_back(argument) and names_itself(text)):
            yield found


def _options(argument: Argument) -> list[Value]:
    value = argument.value
    return [one for _, one in value.options] if isinstance(value, Choice) else [value]


def _falls_back(argument: Argument) -> bool:
    """Tell whether a text only serves where a variable of the function is not set."""
    return any(isinstance(one, Symbol) and one.owner == "env" for one in _options(argument))


def _judged_as(call: CallSite, argument: Argument) -> str:
    """Return the name by which an argument is judged: its own, or a key's where that says less."""
    name = argument.path.rpartition(".")[2].replace("[]", "")
    if name in SHORT:
        return SHORT[name]
    if call.kind != "use" or "." in argument.path or name in ADDRESSES or classify(name):
        return name
    return KEY


def _written(summary: Summary, call: CallSite, argument: Argument, found: Secret) -> Held:
    """Return the literal that a call takes; where none is it whole, the call's place."""
    used = [one for one in summary.literals if one.role == "used"]
    exact = [one.place for one in used if one.text == found.value]
    places = exact or [one.place for one in used if found.value in one.text] or [call.place]
    near = [place for place in places if place.path == call.place.path]
    name = argument.path.rpartition(".")[2].replace("[]", "")
    said = Evidence(f"{call.operation} takes it as {name}", call.place)
    return Held(
        (near or places)[0],
        found,
        name if classify(name) else f"the {name} of {call.operation}",
        "default" if _falls_back(argument) else "used",
        (summary.function,),
        (said,),
        key=_judged_as(call, argument) == KEY,
        local=_is_local(call, falls_back=_falls_back(argument)),
    )


def _is_local(call: CallSite, *, falls_back: bool) -> bool:
    """Tell whether a call shows its secret to the author's machine only, as far as texts tell.

    A secret for where a variable is missing goes to the host for where one is.
    """
    given = {argument.path.rpartition(".")[2]: argument for argument in call.arguments}
    if "port" in given and str(given["port"].value) == CATCHER:
        return True
    hosts = _options(given["host"]) if "host" in given else []
    known = [host for host in hosts if isinstance(host, str)]
    sure = len(known) == len(hosts) or (falls_back and _falls_back(given["host"]))
    return bool(known) and sure and words_in("local hosts").issuperset(known)
