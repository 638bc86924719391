"""What follows from the facts that were read: ``derive/`` makes these."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from checkrein.model.facts import Basis, Fact
from checkrein.model.items import Items
from checkrein.model.places import Evidence
from checkrein.model.values import Path, Symbol, Value

LEVELS = ("direct", "takeover", "influence")  # of how somebody gets at something, the nearest first


class Slot(Struct, frozen=True, order=True, gc=False):
    """Where content sits: ``("api/Rides", "User")``, ``("host:x", "body.card")``.

    ``items`` tells of which items of a table, or objects of a bucket; () of any.
    """

    node: str
    path: str = ""
    items: Items = ()


# of events on a bus: the fields that are told, each with the values that it may have
Events = tuple[tuple[str, tuple[str, ...]], ...]


class Link(Struct, frozen=True):
    """A stack's parameter, or a name that it asks for, joined to a resource of another stack."""

    parameter: str  # STACK.PARAMETER, or STACK.NAME
    target: Value
    basis: (
        str  # nested, declared, guessed; of a name: export, named where parts are not known, called
    )
    certain: bool
    stack: str = ""  # the one that asks


class Deployment(Fact, frozen=True):
    """Stacks that make one application; named after its first root."""

    stacks: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()  # of parameters
    imports: tuple[Link, ...] = ()  # of names: exports, outputs, secrets, what is called so …


class Identity(Fact, frozen=True):
    """Someone who can act: a role, a user, a service principal, ``<deployment>@anyone``."""

    deployment: str = ""


class Grant(Fact, frozen=True):
    """A policy statement as written, for one identity, and where it stands.

    ``resource`` and ``path`` name the source property that holds the statement (for fixes).
    ``holder`` is the resource whose policy this is, for resource policies; else empty.
    """

    identity: str
    resource: str
    path: Path
    effect: str  # Allow, Deny
    actions: tuple[str, ...] = ()
    not_actions: bool = False
    resources: tuple[Value, ...] = ()
    not_resources: bool = False
    conditions: dict[str, Any] = field(default_factory=dict)
    holder: str = ""


class Limit(Grant, frozen=True):
    """A statement of an identity's permission boundary: what it has, this must allow as well."""


class Entry(Fact, frozen=True):
    """A way into a function, and who may use it.

    ``kind``: http websocket url appsync queue topic stream bucket schedule event trigger
    authorizer custom-resource direct. ``identity``: ``@anyone``, ``iam``, a user pool's id, an
    authorizer function's id, or a service principal. ``source`` is the resource the event comes
    from, ``route`` its part in it (``POST /ride``, a bucket's event and prefix).
    ``proxy`` is False where an API hands over what a mapping template makes of the request, not
    the request itself; ``content`` is where the request's body then sits in the event.
    ``validated`` is True where the API checks the body against a model first. ``scopes`` are those
    of which a caller's token must have one. ``proof`` is what the function's own code asks of all
    callers whom the API lets through unasked: ``secret``, ``token``, ``claims`` (what an authorizer
    says, so that it refuses everybody where there is none), ``key`` where the API asks for no more
    than one of its keys, "" where neither asks. ``form`` is that of the event, where an API or a
    function URL makes it: ``1.0`` or ``2.0``, "" where it is another or not known.
    """

    function: str
    kind: str
    identity: str
    asynchronous: bool = False
    source: str = ""
    route: str = ""
    proxy: bool = True
    content: str = "event.body"
    validated: bool = False
    scopes: tuple[str, ...] = ()
    proof: str = ""
    form: str = ""


class Call(Fact, frozen=True):
    """What code asks of a service; one Call for each resource addressed.

    ``target`` is a resource id, an ARN or physical name outside the app, or None where open.
    ``site`` is the index in the function's ``Summary.calls``. ``actions`` are all IAM actions that
    it may need, those that only some members of a request ask for too. ``items`` tells of which
    items of a store it is, () of any.
    """

    function: str
    service: str
    operation: str
    target: str | None
    site: int
    certain: bool = True
    addresses: bool = True  # False for operations that address no resource (ListTables)
    actions: tuple[str, ...] = ()
    items: Items = ()


class Integration(Fact, frozen=True):
    """A route of an API that asks a service itself, without a function, about a resource.

    ``api``, ``route``, ``kind`` and ``identity`` are as in an Entry, ``resource`` is its id;
    ``rights`` are what callers so do to it: those that the operation takes, that its role gives,
    and of which the answer brings anything. ``filled`` tells whether callers fill in anything of
    the request, ``named`` whether they name the resource itself, ``keyed`` whether the route asks
    for an API key.
    """

    api: str
    route: str
    kind: str
    identity: str
    service: str
    operation: str
    resource: str
    rights: tuple[str, ...]
    filled: bool = True
    named: bool = False
    keyed: bool = False


class Element(Fact, frozen=True):
    """A slot holds content of a data class."""

    slot: Slot
    data: str
    basis: Basis
    confidence: str  # certain, likely, possible


class Flow(Fact, frozen=True):
    """Data moves from slot to slot; it carries every element at or below its source.

    None of the fields of the source that it is ``lacking``: code took them out before. Into a bus
    or out of one it moves only such ``events``.
    """

    source: Slot
    target: Slot
    via: str  # the function, trigger or statement that moves it
    basis: Basis
    certain: bool = True
    steps: tuple[Evidence, ...] = ()
    harmless: tuple[str, ...] = ()  # families of use (``catalog.uses``), as in an Argument
    lacking: tuple[str, ...] = ()
    events: Events = ()


class Taint(Fact, frozen=True):
    """Content that somebody may choose reaches an argument of a call site.

    ``site`` is the index in the function's ``Summary.calls``, ``argument`` the path of the Argument
    and ``source`` the symbol in it. ``who`` says in words who may choose ("anyone", "a signed-in
    caller"), ``enters`` is the node where it comes in (a function, or a resource that somebody may
    write) and ``field`` the slot there. ``harmless`` are the families of use that it was made
    harmless for on the way; ``steps`` are the whole way with places, across functions and stores.
    """

    function: str
    site: int
    argument: str
    source: Symbol
    who: str
    enters: str
    field: Slot
    harmless: tuple[str, ...] = ()
    certain: bool = True
    steps: tuple[Evidence, ...] = ()


class Need(Fact, frozen=True):
    """A right that a function needs (``granted`` or not) or has without need (``needed`` false).

    ``action`` is an IAM action as AWS writes it; where not needed, the pattern as it was granted.
    ``resource`` is what the call addresses: a resource's id, an ARN or physical name outside the
    app, ``*`` where the code leaves it open or the action is about no resource.

    ``arns`` are what the Resource of a policy must list for a right that is needed, in the words
    of a template: ``*``, an ARN, a Symbol that is an ARN (``Symbol("app/Orders", "Arn")``, for
    topics, secrets and the like ``Ref``) or a Text that has symbols of resources, parameters and
    ``@aws`` in it (``Text((Symbol("app/Uploads", "Arn"), "/in/*"))``). Never an Open, a Choice or
    a symbol of code: what only running would tell is a ``*`` in the ARN, and ``open`` says why in
    a few words; it is empty where the ARNs are as narrow as the action allows. Empty (not needed):
    ask the grant.

    ``conditions`` may be set on the statement without losing the right, as in a Grant
    (``{"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com"]}}``). ``cause`` says who asks:
    ``call`` (the code), ``forwarded`` (a service in the caller's name, such as S3 of KMS), or
    the platform: ``trigger network log trace delivery environment files``.
    ``certain`` is False where the call may address something else (one of several resources, or
    what is open), and for the right on a key where nobody here can see whether the data has one
    of the account's own. A policy that leaves out what is not certain may break the function.
    An action on one resource has several needs where the code names several parts of it (keys).
    """

    function: str
    action: str
    resource: str
    needed: bool
    granted: bool
    certain: bool = True
    grants: tuple[str, ...] = ()  # ids of the Grants that give it
    arns: tuple[Value, ...] = ()
    open: str = ""
    conditions: dict[str, Any] = field(default_factory=dict)
    cause: str = "call"


class Access(Fact, frozen=True):
    """An identity's right over a resource.

    ``right``: list read write delete configure permission invoke (read and write mean content).
    ``level``: direct, takeover, influence. ``actions`` are the granted IAM actions behind it.
    """

    identity: str
    right: str
    target: str
    basis: Basis
    certain: bool = True
    level: str = "direct"
    actions: tuple[str, ...] = ()


class Escalation(Fact, frozen=True):
    """One step by which an identity gets further than its own rights; steps chain.

    ``level`` is ``takeover`` or ``influence``. ``gains`` says what of the ``target``: ``runner``,
    the rights of the code that runs there; ``identity``, those of that role or user; ``content``,
    all it holds, to read and write; ``copy``, the same, to read; ``settings``, its variables;
    ``account``, everything of the deployment (``target`` then ends in ``@account``); ``grants``
    and ``boundary``, to write what the target is allowed (of use to who is, or takes over, the
    target); ``code``, the only influence: the target, a function, does what its code does, when
    or with what the identity wants.
    ``rule`` is an id of ``catalog/data/escalations.yaml``; ``actions`` are the rights it takes.
    """

    identity: str
    target: str
    level: str
    gains: str
    rule: str
    certain: bool = True
    actions: tuple[str, ...] = ()


class Reason(Struct, frozen=True):
    """Why a cell holds a class: the path of places that makes it true."""

    data: str
    basis: Basis
    level: str
    steps: tuple[Evidence, ...]


class Row(Fact, frozen=True):
    """One row of the table: a resource, its data on each basis, and the risk (0 to 3).

    ``proposed`` is what it would be meant to hold if nobody had said so. ``reasons`` say why a
    class is coded or potential, ``seen`` why it is observed.
    """

    type: str
    service: str
    deployment: str
    intended: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    potential: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    risk: int = 0
    reasons: tuple[Reason, ...] = ()
    seen: tuple[Reason, ...] = ()
