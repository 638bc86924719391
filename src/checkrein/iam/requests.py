"""A question to the policy engine: who asks for what, and every policy that has a say.

What grants by other forms (ACLs, KMS grants, Lambda permissions, function URLs) is turned into
statements with principals first, so that one mechanism decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import force_setattr

from checkrein.model import Value


class Request(Struct, frozen=True, kw_only=True):
    """One call that somebody makes.

    ``principal``: the caller's ARN (``arn:aws:iam::111122223333:role/x``, a user, ``:root``,
    ``arn:aws:sts::111122223333:assumed-role/x/session``, ``…:federated-user/x``), a service
    (``sns.amazonaws.com``), or "" for an anonymous caller.
    ``resource``: an ARN, ``*`` for an action that names none. ``owner``: the account that the
    resource belongs to ("" where it is the caller's own).
    ``context``: condition keys, in any case, each with its value, or a tuple for a key with many;
    kept in lower case.
    ``open``: keys that ``context`` does not hold may have any value or none, as before there is a
    call; otherwise they are absent.
    """

    principal: str
    action: str
    resource: str
    owner: str = ""
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    open: bool = False

    def __post_init__(self) -> None:
        """Write the keys in lower case once, not in every decision."""
        if self.context:
            lowered = {key.lower(): value for key, value in self.context.items()}
            force_setattr(self, "context", lowered)


class Policies(Struct, frozen=True, kw_only=True):
    """Policy documents by what they are attached to: parsed, JSON text, or tuples of statements.

    None means that there is none of that kind, which is not the same as an empty one. Service and
    resource control policies come in groups, one for each level of the organisation, root first;
    every level must allow. ``restrict_public``: the bucket's RestrictPublicBuckets.
    """

    identity: tuple[Value, ...] = ()
    resource: Value = None
    boundary: tuple[Value, ...] | None = None
    session: Value = None
    service_control: tuple[tuple[Value, ...], ...] = ()
    resource_control: tuple[tuple[Value, ...], ...] = ()
    endpoint: tuple[Value, ...] | None = None
    restrict_public: bool = False
