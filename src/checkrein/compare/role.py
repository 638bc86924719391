"""A role, a user or a group: who it is, whom it trusts, what it is allowed and what follows."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.chains import Chains
from checkrein.compare.function import power
from checkrein.compare.owners import takers
from checkrein.compare.reach import Reach
from checkrein.compare.scene import Scene
from checkrein.compare.words import listed
from checkrein.derive.content.words import short
from checkrein.errors import InputError
from checkrein.iam.documents import Statement, statements
from checkrein.iam.principals import principal_ids
from checkrein.model import Evidence, Explanation, Grant, Part, Resource, Undecided, Way
from checkrein.model.values import written

TRUST = "AssumeRolePolicyDocument"
NAMED = {"anyone": "anyone", "account": "whoever this account's policies allow"}


def role(scene: Scene, id: str) -> Explanation:
    """Explain a role, a user or a group of the app."""
    chains = Chains(scene)
    resource = scene.directory.resources[id]
    reach = Reach(scene, chains, id)
    parts = (
        Part("trust", "Who may act as it", tuple(_trusted(scene, resource))),
        Part("owners", "Who can take it over", takers(scene, chains, id, id)),
        Part("statements", "What its policies say", (*_statements(scene, id), *_unread(reach, id))),
        *reach.parts,
    )
    return Explanation(
        subject=id,
        kind="role",
        text=f"{short(id)}: {_acting(scene, id, parts[0])}; {power(reach)}",
        described=f"{id}, {resource.type.rpartition('::')[2].lower()}",
        place=resource.place,
        parts=tuple(part for part in parts if part.ways),
    )


def _acting(scene: Scene, id: str, trust: Part) -> str:
    """Say who acts as a role: what the app has, else whom the role trusts."""
    nodes = sorted(set(scene.acting.get(id, ())))
    if nodes:
        several = len(nodes) > 1 or nodes[0].endswith("@users")
        return f"{listed(map(scene.name, nodes))} act{'' if several else 's'} as it"
    trusted = [way.who[0].rpartition("federated:")[2] for way in trust.ways if way.who]
    trusted = [name.removeprefix("service:") for name in trusted]
    return f"{listed(trusted)} may act as it" if trusted else "nothing here acts as it"


def _trusted(scene: Scene, role: Resource) -> Iterator[Way]:
    document = role.value(TRUST)
    if document is None:
        return
    try:
        found = statements(document)
    except (InputError, Undecided) as error:
        yield Way(text=f"its trust policy cannot be told: {error}", target=(role.id,))
        return
    for statement in found:
        for principal in principal_ids(statement):
            yield _principal(scene, role, statement, principal)


def _principal(scene: Scene, role: Resource, statement: Statement, principal: object) -> Way:
    known = scene.directory.find(principal, scene.directory.deployment(role.id))
    said = str(principal)
    who = known or (said,)
    name = (
        listed(map(short, known))
        if known
        else NAMED.get(said, said.rpartition("federated:")[2].removeprefix("service:"))
    )
    verb = "may" if statement.effect == "Allow" else "may not"
    under = ", under conditions" if statement.conditions else ""
    return Way(
        text=f"{name} {verb} assume it{under}",
        who=who,
        target=(role.id,),
        certain=not statement.conditions,
        steps=(Evidence(f"{role.name} trusts {name}", role.where((TRUST, *statement.path))),),
    )


def _statements(scene: Scene, id: str) -> Iterator[Way]:
    for grant in scene.app.every(Grant):
        if grant.identity == id and grant.evidence:
            said = grant.evidence[0]
            negated = "all but " if grant.not_resources else ""
            about = (
                f" on {negated}{listed(map(written, grant.resources), 3)}"
                if grant.resources
                else ""
            )
            under = f", if {_conditions(grant)}" if grant.conditions else ""
            yield Way(
                text=f"{said.text}{about}{under}",
                who=(id,),
                target=(grant.holder,) if grant.holder else (),
                level="direct",
                certain=not grant.conditions,
                steps=(said,),
            )


def _unread(reach: Reach, id: str) -> Iterator[Way]:
    for said in reach.untold:
        text = f"{written(said.text)} allows what nothing here tells"
        yield Way(text=text, who=(id,), level="direct", certain=False, steps=(said,))


def _conditions(grant: Grant) -> str:
    tests = (
        f"{key} {operator} {listed(map(str, values if isinstance(values, list) else [values]), 3)}"
        for operator, keys in grant.conditions.items()
        if isinstance(keys, dict)
        for key, values in keys.items()
    )
    return listed(tests)
