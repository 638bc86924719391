"""Which slot holds which class: told by names in templates and code, and by how services work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checkrein.catalog.placeholders import is_placeholder
from checkrein.derive.content.events import announced
from checkrein.derive.content.flags import Flags
from checkrein.derive.content.paths import joined, tokens
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.words import likeness, short
from checkrein.derive.entrances.private import NETWORK
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.directory import Directory
from checkrein.detect.names import Match, classify
from checkrein.detect.own import Said
from checkrein.late import regex
from checkrein.model import (
    Basis,
    Element,
    Entry,
    Evidence,
    Place,
    Resource,
    Slot,
    Symbol,
    Text,
    Value,
)
from checkrein.model.items import shown
from checkrein.model.values import alternatives, symbols
from checkrein.model.workloads import CODE_TYPES, variables

POOL_WORDS = ("cognito", ":userpool/", "UserPool")  # in ARNs, issuers and names of parameters
OTHER_CLAIMS = (("sub", "pii.identifier"),)  # what every token of an identity provider says
CLAIMS = (("email", "pii.email"), ("cognito:username", "pii.username"))
NAMELESS = frozenset({"@anyone", "iam", "open", NETWORK})  # no token with claims comes with these
OUTSIDE = frozenset({"http", "websocket", "url"})
METHOD = "AWS::ApiGateway::Method"
BALANCED = "AWS::ElasticLoadBalancingV2::TargetGroup"
MODELS = ("AWS::ApiGateway::Model", "AWS::ApiGatewayV2::Model")
APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
SHOWN = "the caller's token"
UNSHOWN = regex(  # where authorizers find what no caller shows to say who they are
    r"(?i).*\bheader\.(x-forwarded-\w+|host|user-agent|via)$|.*\b(context|stagevariables)\."
    r"|.*\b(?:header|querystring)\.(?:x-)?(?:user|tenant|client|account|org)?[-_]?(?:name|id)$"
)
HOLE = "_"  # for what is filled in
NAMING = regex(r"(?:arn:|ssm:|secretsmanager:|alias/|/[\w.-]+/).*")  # where a secret is kept
CARRIERS = frozenset({  # path steps that say nothing about what they carry
    "[]", "body", "event", "queryStringParameters", "multiValueQueryStringParameters", "headers",
    "multiValueHeaders", "pathParameters", "detail", "Records", "dynamodb", "NewImage", "OldImage",
    "Keys", "Sns", "Message", "request", "arguments", "input", "requestContext", "authorizer",
    "claims", "jwt", "ResourceProperties", "response", "json", "data", "params", "identity",
    "userAttributes", "Item", "Payload", "read",
})  # fmt: skip


def element(slot: Slot, data: str, confidence: str, basis: Basis, note: Evidence) -> Element:
    """Make the fact that a slot holds a class."""
    items = f"[{shown(slot.items)}]" if slot.items else ""
    return Element(
        id=f"{slot.node}{items}.{slot.path}:{data}:{basis}",
        slot=slot,
        data=data,
        basis=basis,
        confidence=confidence,
        evidence=(note,),
    )


def named(slot: Slot, directory: Directory, place: Place, said: str = "") -> Iterator[Element]:
    """Yield the element that a slot's own name tells, if it tells any.

    ``said`` says how the name came here: "Checkout passes", "Checkout reads".
    """
    steps = _steps(slot)
    own = directory.own.name(steps[-1], slot.node) if steps else None
    if own and own.data:
        text = f"{joined(steps)} is {likeness(own.data)}, as the team declares"
        yield element(slot, own.data, "certain", Basis.CODED, Evidence(text, place))
    match = None if own or not steps else looks_like(slot, directory)
    if match:
        like = likeness(match.data)
        name = joined(steps)
        text = f"{said} {name}, which looks like {like}"
        if not said:
            text = f"{name} of {short(slot.node)} looks like {like}"
        yield element(slot, match.data, match.confidence, Basis.CODED, Evidence(text, place))
    elif not own:
        yield from _inside(slot, directory, place)


def _inside(slot: Slot, directory: Directory, place: Place) -> Iterator[Element]:
    """Yield the class that the team gives to what a field is a part of."""
    for step in reversed(_steps(slot)[:-1]):
        own = directory.own.name(step, slot.node)
        if own:
            if own.data:
                text = (
                    f"{joined(_steps(slot))} is part of {likeness(own.data)}, as the team declares"
                )
                yield element(slot, own.data, "likely", Basis.CODED, Evidence(text, place))
            return


def looks_like(slot: Slot, directory: Directory) -> Match | None:
    """Return what a slot's name tells by itself; a part of what the team says is nothing, none."""
    steps = _steps(slot)
    own = directory.own.name
    around = [step for step in steps[:-1] if not _is_none(own(step, slot.node))]
    if tokens(slot.path)[:1] == ("env",):
        return classify(steps[-1], ())
    return classify(steps[-1], (*_context(slot.node, directory), *around))


def _is_none(said: Said | None) -> bool:
    return said is not None and not said.data


def _steps(slot: Slot) -> tuple[str, ...]:
    """Return the steps of a path that say something about what stands there."""
    return tuple(step for step in tokens(slot.path) if step not in CARRIERS)


def _context(node: str, directory: Directory) -> tuple[str, ...]:
    """Return the names around a node's content: what the team calls it, its physical name."""
    resource = directory.resources.get(node.partition("@")[0])
    if resource is None:
        return ()
    physical = directory.physical_name(resource)
    names = [resource.title or resource.name]
    if isinstance(physical, str) and physical != resource.name:
        names.append(physical)
    return tuple(names)


def elements(
    directory: Directory,
    slots: Mapping[str, Slots],
    entries: Iterable[Entry],
    boundary: Boundary,
) -> Iterator[Element]:
    """Yield every element that names and services' ways tell, before any flow."""
    yield from boundary.over(directory.of_type(*DECLARED), lambda r: _declared(r, directory))
    for entry in entries:
        yield from _implied(entry, directory)
    flags = Flags(slots.values())
    for each in slots.values():
        yield from (one for one in _coded(each, directory) if not flags.holds(one.slot))


# ------------------------------------------------------------------------------ templates


def _declared(resource: Resource, directory: Directory) -> Iterator[Element]:
    yield from DECLARED[resource.type](resource, directory)


def _table(table: Resource, directory: Directory) -> Iterator[Element]:
    for name in ("AttributeDefinitions", "KeySchema"):
        for index, item in enumerate(_list(table.value(name))):
            attribute = item.get("AttributeName") if isinstance(item, dict) else None
            if isinstance(attribute, str):
                place = table.where((name, index, "AttributeName"))
                yield from named(Slot(table.id, attribute), directory, place)


def _pool(pool: Resource, directory: Directory) -> Iterator[Element]:
    note = Evidence(f"{pool.name} keeps the passwords of its users", pool.place)
    sealed = Slot(f"{pool.id}@sealed", "password")  # no operation gives a password back
    yield element(sealed, "cred.password", "certain", Basis.CODED, note)
    names = Evidence(f"{pool.name} keeps the names of its users", pool.place)
    yield element(Slot(pool.id, "username"), "pii.username", "certain", Basis.CODED, names)
    for path in ("AliasAttributes", "UsernameAttributes", "AutoVerifiedAttributes"):
        for index, attribute in enumerate(_list(pool.value(path))):
            if isinstance(attribute, str):
                slot = Slot(pool.id, attribute)
                yield from named(slot, directory, pool.where((path, index)))
    for index, item in enumerate(_list(pool.value("Schema"))):
        attribute = item.get("Name") if isinstance(item, dict) else None
        if isinstance(attribute, str):
            place = pool.where(("Schema", index, "Name"))
            yield from named(Slot(pool.id, attribute), directory, place)


def _function(function: Resource, directory: Directory) -> Iterator[Element]:
    for name, variable in variables(function).items():
        slot, place = Slot(function.id, f"env.{name}"), function.where(variable.path)
        if variable.kept and _is_secret(variable.value, directory):
            note = Evidence(f"{function.name} is given a secret as {name}", place)
            yield element(slot, "cred.secret", "certain", Basis.CODED, note)
        for each in named(slot, directory, place):
            if _may_be_secret(variable.value, each.data):
                yield each


def _is_secret(value: Value, directory: Directory) -> bool:
    """Tell whether what a variable is filled from is kept as a secret."""
    owners = [symbol.owner for symbol in symbols(value)]
    keepers = [directory.resources[owner].type for owner in owners if owner in directory.resources]
    return "AWS::SecretsManager::Secret" in keepers or "@secretsmanager" in owners


def _may_be_secret(value: Value, data: str) -> bool:
    """Tell whether a variable's class is to be believed: plain settings are no people's data.

    What fills it at deployment has a name as well, which then says the same. What says where a
    secret is kept (``/shop/api-key``, an ARN) is not the secret.
    """
    said = value
    if isinstance(value, Text):
        said = "".join(part if isinstance(part, str) else HOLE for part in value.parts)
    if isinstance(said, str) and NAMING.match(said):
        return False
    if isinstance(value, str):
        return data.startswith("cred.") and not is_placeholder(value)
    if isinstance(value, Symbol) and value.owner.endswith("@parameter"):
        match = classify(value.attribute, ())
        return data.startswith("cred.") or (match is not None and match.data == data)
    return True


def _secret(secret: Resource, _: Directory) -> Iterator[Element]:
    note = Evidence(f"{secret.name} is kept as a secret", secret.place)
    yield element(Slot(secret.id, "value"), "cred.secret", "certain", Basis.CODED, note)


def _parameter(parameter: Resource, directory: Directory) -> Iterator[Element]:
    if parameter.value("Type") == "SecureString":
        yield from _secret(parameter, directory)
        return
    name = parameter.value("Name")
    last = name.rpartition("/")[2] if isinstance(name, str) else parameter.name
    found = list(named(Slot(parameter.id, last), directory, parameter.place))
    note = Evidence(f"{parameter.name} is configuration", parameter.place)
    yield from found or [
        element(Slot(parameter.id, "value"), "infra.name", "likely", Basis.CODED, note)
    ]


def _bucket(bucket: Resource, _: Directory) -> Iterator[Element]:
    if isinstance(bucket.value("WebsiteConfiguration"), dict):
        place = bucket.where("WebsiteConfiguration")
        note = Evidence(f"{bucket.name} holds web pages", place)
        yield element(Slot(bucket.id, "page"), "public.content", "certain", Basis.CODED, note)


def _described(resource: Resource, directory: Directory) -> Iterator[Element]:
    for schema, path, title in schemas(resource):
        for name in _fields(schema):
            slot = Slot(resource.id, f"{title}.{name}")
            yield from named(slot, directory, resource.where(path))


def schemas(resource: Resource) -> Iterator[tuple[Value, str, str]]:
    """Yield the JSON schemas that a model or an API says, each with its property and its title."""
    if resource.type in MODELS:
        yield resource.value("Schema"), "Schema", "body"
    elif resource.type in APIS:
        body = next((b for b in alternatives(resource.value("Body")) if isinstance(b, dict)), {})
        found = body.get("definitions") or (body.get("components") or {}).get("schemas") or {}
        for title, schema in found.items() if isinstance(found, dict) else ():
            yield schema, "Body", title


def _fields(schema: Value, depth: int = 6) -> Iterator[str]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        yield str(name)
        if depth and isinstance(inner, dict):
            nested = inner.get("items") if inner.get("type") == "array" else inner
            yield from (f"{name}.{below}" for below in _fields(nested, depth - 1))


def _list(value: Value) -> list[Value]:
    for option in alternatives(value):
        if isinstance(option, list):
            return option
    return []


DECLARED = {
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::Cognito::UserPool": _pool,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::SSM::Parameter": _parameter,
    "AWS::S3::Bucket": _bucket,
    **dict.fromkeys((*MODELS, *APIS), _described),
    **dict.fromkeys(CODE_TYPES, _function),
}

# ------------------------------------------------------------------------------ services' ways


def _implied(entry: Entry, directory: Directory) -> Iterator[Element]:
    """Yield what an event carries by the way it comes in, whatever the code reads of it."""
    if entry.kind in OUTSIDE:
        yield from _request(entry, directory)
    elif entry.kind == "authorizer" and _asks_for_token(entry, directory):
        yield _carried(entry, "event.authorizationToken", "cred.token", SHOWN)
        yield _carried(entry, "event.headers.Authorization", "cred.token", SHOWN)
    elif entry.kind == "trigger" and entry.identity.startswith("cognito"):
        yield _carried(entry, "event.userName", "pii.username", "the user's name")
        attributes = "event.request.userAttributes.email"
        yield _carried(entry, attributes, "pii.email", "the user's attributes")
    elif entry.kind == "custom-resource":
        source = directory.resources.get(entry.source)
        names = [name for name in source.properties if name != "ServiceToken"] if source else []
        for name in names:
            path = f"event.ResourceProperties.{name}"
            yield _carried(entry, path, "infra.name", f"{name}, from the template")


def _asks_for_token(entry: Entry, directory: Directory) -> bool:
    """Tell whether callers show an authorizer who they are, not only how they came."""
    authorizer = directory.resources.get(entry.id.rpartition("<authorizer:")[2].rstrip(":"))
    asked = authorizer.value("IdentitySource") if authorizer else None
    sources = asked.split(",") if isinstance(asked, str) else asked
    if not isinstance(sources, list) or not sources:
        return True
    return not all(isinstance(one, str) and UNSHOWN.match(one.strip()) for one in sources)


def _request(entry: Entry, directory: Directory) -> Iterator[Element]:
    """Yield what every request passed on whole brings, by who may send it."""
    if not entry.proxy or entry.identity.endswith(".amazonaws.com"):
        return  # a mapping template chooses, or nobody knows the route
    ip = "event.requestContext.identity.sourceIp"
    yield _carried(entry, ip, "pii.ip", "the caller's IP address")
    spoken = (
        entry.kind == "websocket" and entry.route != "$connect"
    )  # only connecting shows a token
    if entry.identity in NAMELESS or spoken:
        return
    source = directory.resources.get(entry.source)
    if source and source.type == BALANCED:
        yield _carried(entry, "event.headers.x-amzn-oidc-accesstoken", "cred.token", SHOWN)
        return
    yield _carried(entry, "event.headers.Authorization", "cred.token", SHOWN)
    authorizer = directory.resources.get(entry.identity)
    if _is_asked_of_code(entry, directory):
        return  # what such a function says of the caller, its code tells
    issued = authorizer is not None or any(word in entry.identity for word in POOL_WORDS)
    for claim, data in CLAIMS if issued else OTHER_CLAIMS:
        path = f"event.requestContext.authorizer.claims.{claim}"
        yield _carried(entry, path, data, f"the caller's {claim}")


def _is_asked_of_code(entry: Entry, directory: Directory) -> bool:
    """Tell whether a function says who the caller is, be it one of another stack."""
    source, authorizer = map(directory.resources.get, (entry.source, entry.identity))
    if source and source.type == METHOD and source.value("AuthorizationType") == "CUSTOM":
        return True
    if authorizer:
        return authorizer.type == "AWS::Lambda::Function"
    return entry.identity == "CUSTOM" or ":lambda:" in entry.identity


def _carried(entry: Entry, path: str, data: str, what: str) -> Element:
    way = entry.route or entry.source.rpartition("/")[2]
    note = Evidence(f"every event from {way} brings {what}", entry.place)
    return element(Slot(entry.function, path), data, "certain", Basis.POTENTIAL, note)


# ------------------------------------------------------------------------------ code


def _coded(slots: Slots, directory: Directory) -> Iterator[Element]:
    name = slots.binding.function.name
    for read in slots.binding.summary.reads:
        if read.source.owner != "env":  # the template says what a variable holds
            for slot in slots.sources(read.source):
                yield from named(slot, directory, read.place, f"{name} reads")
    for slot, place in slots.elsewhere():
        yield from named(slot, directory, place, f"{name} reads")
    for slot, place, events in slots.handed():
        yield from announced(named(slot, directory, place, f"{name} passes"), events)
    for slot, place in slots.defined():
        yield from named(slot, directory, place, f"{name} defines")
    for slot, place in slots.taken():
        yield from named(slot, directory, place, f"{name} reads")
