"""The changes that leave roles with what their functions need, in the user's own notation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from checkrein.compare.least.cells import Shared, cells, shared_statements
from checkrein.compare.least.documents import Wish, document, grouped, statement
from checkrein.compare.least.files import Files
from checkrein.compare.least.names import Names
from checkrein.compare.least.pairs import ANY, LOGGING
from checkrein.compare.least.rights import Role, is_generated
from checkrein.compare.least.sam_fits import fitting
from checkrein.compare.least.scene import Scene
from checkrein.compare.least.statements import as_list, is_editable, narrowed
from checkrein.compare.least.wishes import wishes_of
from checkrein.model import Change, Path

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
POLICIES, MANAGED = "Policies", "ManagedPolicyArns"
WITHIN_ROLE = 2  # the length of the path of an entry of Policies


class Draft(Struct):
    """What becomes of the policies of some roles that share statements, or of one role."""

    roles: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)


class Entry(Struct):
    """A named policy (of AWS, or a template of SAM) that is taken away, and what is left of it."""

    resource: str
    path: Path
    wishes: list[Wish]


class Rewriter:
    """Makes the changes; ``roles`` are all roles of functions, by id."""

    def __init__(self, scene: Scene, files: Files, names: Names, roles: Mapping[str, Role]) -> None:
        self._scene, self._files, self._names, self._roles = scene, files, names, roles

    def drafts(self) -> list[Draft]:
        """Return what to change, one draft for each set of roles that share statements."""
        shared = shared_statements(self._scene, self._roles)
        joined = _joined(self._roles, shared)
        made = [
            self._draft(roles, [s for s in shared if s.pairs.keys() & roles]) for roles in joined
        ]
        return [draft for draft in made if draft.changes or draft.stuck]

    def _draft(self, roles: set[str], shared: list[Shared]) -> Draft:
        draft = Draft(roles)
        named: defaultdict[tuple[str, Path], list[Shared]] = defaultdict(list)
        documents: defaultdict[tuple[str, Path], list[Shared]] = defaultdict(list)
        for one in shared:
            if is_generated(one.grant):
                continue
            raw = self._files.value(one.grant.resource, one.grant.path)
            if is_editable(raw, one.grant):
                documents[one.grant.resource, _document(one.grant.path)].append(one)
            else:
                named[one.grant.resource, _entry(one.grant.path)].append(one)
        for (resource, path), statements in documents.items():
            self._rewrite(draft, resource, path, statements)
        self._replace(draft, named)
        return draft

    # ------------------------------------------------------------------ statements as written

    def _rewrite(self, draft: Draft, resource: str, path: Path, shared: list[Shared]) -> None:
        """Narrow the statements of one document; ``path`` leads to its Statement."""
        left: dict[Path, list[Any]] = {}
        for one in shared:
            if one.is_spare:
                made, stuck = cells(one, self._names)
                raw = self._files.value(resource, one.grant.path)
                left[one.grant.path] = narrowed(raw, self._scene, one.grant, made)
                draft.stuck += stuck
        written = as_list(self._files.value(resource, path))
        emptied = left and len(left) == len(written) and not any(left.values())
        if emptied:
            self._empty(draft, resource, path)
            return
        for at, statements in left.items():
            draft.changes += self._in_place(resource, path, at, statements)

    def _in_place(
        self, resource: str, path: Path, at: Path, statements: list[Any]
    ) -> Iterator[Change]:
        if self._files.value(resource, at) == (statements[0] if statements else None):
            return
        if not statements:
            yield Change(resource, at, "remove")
        elif at == path:  # a statement alone, without a list
            yield Change(resource, at, "set", statements[0] if len(statements) == 1 else statements)
        else:
            yield Change(resource, at, "set", statements[0])
            yield from (Change(resource, path, "append", other) for other in statements[1:])

    def _empty(self, draft: Draft, resource: str, path: Path) -> None:
        if path[:1] == (POLICIES,) and len(path) > 1:
            entry = path[:WITHIN_ROLE] if isinstance(path[1], int) else path[:1]
            draft.changes.append(Change(resource, entry, "remove"))
        else:
            name = resource.rpartition("/")[2]
            draft.stuck.append(f"nothing of {name} is needed: take the resource away by hand")

    # --------------------------------------------------------------------------- named policies

    def _replace(self, draft: Draft, named: Mapping[tuple[str, Path], list[Shared]]) -> None:
        """Replace named policies of which not all is needed; add what is missing."""
        freed: list[Entry] = []
        for (resource, path), statements in named.items():
            if any(one.is_spare for one in statements):
                raw = self._files.value(resource, path)
                if not _is_named(raw):
                    draft.stuck.append(self._otherwise(resource))
                    continue
                wishes, stuck = wishes_of(self._scene, self._names, raw, statements)
                freed.append(Entry(resource, path, wishes))
                draft.stuck += stuck
        for identity in sorted(draft.roles):
            own = [entry for entry in freed if entry.resource == self._owner(identity)]
            missing = self._missing(draft, identity)
            if own or missing:
                draft.changes += self._refilled(identity, own, missing)

    def _otherwise(self, resource: str) -> str:
        """Say why a policy is left as it is that is not written as CloudFormation has it."""
        name, notation = resource.rpartition("/")[2], self._files.notation(resource)
        if not notation:
            return f"{name} makes its policy otherwise"
        narrowing = "`checkrein fix --unsafe` narrows what it can there"
        return f"this writes no policies of {notation} ({name}); {narrowing}"

    def _owner(self, identity: str) -> str:
        role = self._scene.resource(identity)
        return role.origin(()).resource if role else ""

    def _missing(self, draft: Draft, identity: str) -> list[Wish]:
        found = []
        if not self._scene.resource(identity):
            return []
        for atom in self._roles[identity].missing():
            value = self._names.sayable(atom.value, identity)
            if atom.action in LOGGING:  # AWS's own policy for it names no group
                found.append(Wish(atom.action, ANY, (ANY,)))
            elif value is None:
                name = atom.need.resource.rpartition("/")[2]
                draft.stuck.append(f"{atom.action} is missing: a policy here cannot name {name}")
            elif not atom.is_any:
                found.append(Wish(atom.action, value, (atom.arn,), atom.need.conditions))
        return found

    def _refilled(self, identity: str, freed: list[Entry], missing: list[Wish]) -> Iterator[Change]:
        wishes = [*(wish for entry in freed for wish in entry.wishes), *missing]
        owner = self._owner(identity)
        role = self._scene.resource(identity)
        if role is not None and role.source_type:
            yield from self._in_function(identity, owner, freed, wishes)
        else:
            yield from self._in_role(identity, freed, wishes)

    def _in_function(
        self, identity: str, owner: str, freed: list[Entry], wishes: list[Wish]
    ) -> Iterator[Change]:
        """Yield the changes to the Policies of a function of SAM."""
        items: list[Any] = []
        statements = []
        for group in grouped(wishes):
            fits = fitting(self._scene, group, lambda value: self._names.sayable(value, identity))
            if fits:
                items.append(fits)
            else:
                statements.append(statement(group))
        items += [document(statements)] if statements else []
        if any(entry.path == (POLICIES,) for entry in freed):  # one policy, without a list
            yield Change(owner, (POLICIES,), "set" if items else "remove", items)
            return
        for number, entry in enumerate(freed):
            if number < len(items):
                yield Change(owner, entry.path, "set", items[number])
            else:
                yield Change(owner, entry.path, "remove")
        yield from (Change(owner, (POLICIES,), "append", item) for item in items[len(freed) :])

    def _in_role(self, identity: str, freed: list[Entry], wishes: list[Wish]) -> Iterator[Change]:
        """Yield the changes to a role: managed policies go, an inline one comes."""
        logs = any(wish.action in LOGGING for wish in wishes)
        rest = [wish for wish in wishes if wish.action not in LOGGING]
        arns = as_list(self._files.value(identity, (MANAGED,)))
        spare = list(freed)
        if logs and not any(_is_basic(arn) for arn in arns):
            if spare:
                yield Change(identity, spare.pop(0).path, "set", BASIC)
            else:
                yield Change(identity, (MANAGED,), "append", BASIC)
        yield from (Change(identity, entry.path, "remove") for entry in spare)
        if rest:
            made = [statement(group) for group in grouped(rest)]
            name = self._policy_name(identity, rest)
            policy = {"PolicyName": name, "PolicyDocument": document(made)}
            yield Change(identity, (POLICIES,), "append", policy)

    def _policy_name(self, identity: str, wishes: Iterable[Wish]) -> str:
        """Return a name for a policy: the services that it is about."""
        known = {
            policy.get("PolicyName")
            for policy in as_list(self._files.value(identity, (POLICIES,)))
            if isinstance(policy, dict)
        }
        services = sorted({wish.action.partition(":")[0] for wish in wishes})
        name = "-".join(services)
        return next(n for n in (name, *(f"{name}-{i}" for i in range(2, 99))) if n not in known)


def _joined(roles: Iterable[str], shared: Iterable[Shared]) -> list[set[str]]:
    """Return the roles, those together that share a statement."""
    sets = [{role} for role in roles if role]
    for one in shared:
        together = [each for each in sets if each & one.pairs.keys()]
        sets = [each for each in sets if each not in together]
        sets.append(set().union(*together))
    return sets


def _document(path: Path) -> Path:
    """Return the path of a document's Statement, for a path to one statement."""
    return path[:-1] if path and isinstance(path[-1], int) else path


def _entry(path: Path) -> Path:
    """Return the path of an entry of a list of policies, or of the only policy."""
    return path[:WITHIN_ROLE] if len(path) > 1 and isinstance(path[1], int) else path[:1]


def _is_named(raw: Any) -> bool:
    """Tell whether an entry names a policy: by name, by ARN, or as a template of SAM."""
    if isinstance(raw, str):
        return True
    if not isinstance(raw, dict) or len(raw) != 1:
        return False
    (name,) = raw
    return str(name).endswith("Policy") or name in {"Fn::Sub", "Fn::Join"}


def _is_basic(arn: Any) -> bool:
    return "AWSLambdaBasicExecutionRole" in str(arn)
