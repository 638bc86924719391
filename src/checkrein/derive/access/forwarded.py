"""What services ask of KMS in the name of who calls them, for data with a key of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.forwarded import Forwarded, key_actions, key_members, key_property
from checkrein.derive.access.spelling import Spelled, Spelling
from checkrein.derive.content.bindings import Binding
from checkrein.model import CallSite, Need, Resource, Symbol, Value
from checkrein.model.values import alternatives

KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")
ALIAS = "alias/"
AWS_KEYS = "alias/aws/"
ANY_KEY = "arn:aws:kms:*:*:key/*"


class Key(Struct, frozen=True):
    """A key's ARN, the app's resource or ``*``, and why the ARN has a ``*``."""

    arn: Value
    resource: str = "*"
    open: str = ""
    certain: bool = True


def forwarded(spelling: Spelling, binding: Binding, site: CallSite, need: Need) -> Iterator[Need]:
    """Yield the rights on keys that a call needs because it needs another right.

    None where AWS keeps the key. Not certain where nobody here can see whose key it is.
    """
    for one in key_actions(need.action, f"{site.service}:{site.operation}"):
        if _asks(site, one):
            for key in _keys(spelling, binding, site, need):
                if key.certain or not one.seldom:
                    yield key_need(need, one.action, key)


def key_need(need: Need, action: str, key: Key) -> Need:
    """Return the right on a key that goes with another right."""
    return replace(
        need,
        id=f"{need.function}:{action}:{key.arn}:{need.action}",
        action=action,
        resource=key.resource,
        certain=need.certain and key.certain,
        arns=(key.arn,),
        open=key.open,
        conditions={"StringLike": {"kms:ViaService": [_via(need.action)]}},
        cause="forwarded",
    )


def _via(action: str) -> str:
    """Return the name by which KMS knows a service, in whatever region the client is."""
    return f"{action.partition(':')[0]}.*.amazonaws.com"


def _asks(site: CallSite, one: Forwarded) -> bool:
    given = [a.value for a in site.arguments if a.path == one.member]
    known = [value for value in given if isinstance(value, (str, bool))]
    if not one.member or len(known) < len(given):
        return True
    return any(str(value).upper().startswith(one.word) and value is not False for value in known)


def _keys(spelling: Spelling, binding: Binding, site: CallSite, need: Need) -> Iterator[Key]:
    passed = [a.value for a in site.arguments if a.path in key_members()]
    resource = spelling.directory.resources.get(need.resource)
    for value in passed:
        yield from keys_named(spelling, binding.deployment, binding.bind(value))
    if passed:
        return
    if resource is None:
        whose = "what is addressed" if need.resource == "*" else need.resource
        why = f"{whose} may have a key of the account's own"
        yield Key(spelling.value(ANY_KEY), open=why, certain=False)
    else:
        yield from keys_of(spelling, resource)


def keys_of(spelling: Spelling, resource: Resource) -> Iterator[Key]:
    """Yield the key that a resource's data is encrypted with, nothing if AWS keeps it."""
    path = key_property(resource.type)
    value = resource.value(path) if path else None
    if value is not None:
        yield from keys_named(spelling, spelling.directory.deployment(resource.id), value)


def keys_named(spelling: Spelling, deployment: str, value: Value) -> Iterator[Key]:
    """Yield what a value that names a key may mean, nothing for keys that AWS keeps."""
    for option in alternatives(value):
        found = spelling.directory.find(option, deployment, KEYS)
        yield from (Key(Symbol(id, "Arn"), id) for id in found)
        for spelled in () if found else spelling.spell(option):
            if not spelled.text.rpartition(":")[2].startswith(AWS_KEYS):
                yield _outside(spelling, spelled)


def _outside(spelling: Spelling, spelled: Spelled) -> Key:
    if ALIAS in spelled.text or not spelled.text.strip("*"):
        why = spelled.open or "an alias names the key"
        return Key(spelling.value(ANY_KEY), open=why)
    arn = spelled.text
    if not arn.startswith("arn:"):
        region, account = (spelling.symbol("@aws", name) for name in ("Region", "AccountId"))
        arn = f"arn:aws:kms:{region}:{account}:key/{arn}"
    return Key(spelling.value(arn), spelled.text, spelled.open)
