"""Stores that code reaches by a client library: which resource that is.

Where the client's address is that of a database of the template, it is that database. So it is
where the address is not known and the template has only one that it can be. Else it is a store of
its own, ``<deployment>/MySQL:DB_HOST``: named after its kind and what says where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.content.paths import Tokens, joined, tokens
from checkrein.derive.stacks.deployments import Joined
from checkrein.derive.stacks.directory import Directory, once
from checkrein.late import regex
from checkrein.model import (
    App,
    CallSite,
    Evidence,
    Open,
    Resource,
    Summary,
    Text,
    Value,
)
from checkrein.model.values import alternatives, substitute, symbols
from checkrein.model.workloads import variables

SERVICE = "database"  # of call sites; see ``code.libraries.stores``
INSERT = "Insert"
DEFINE = "Define"  # the operation of a schema in code, which asks for nothing
PREFIX = "Store::"
INSTANCE, CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
PROXY, PROXIED = "AWS::RDS::DBProxy", "AWS::RDS::DBProxyTargetGroup"
RELATIONAL = (CLUSTER, INSTANCE, PROXY, "AWS::DSQL::Cluster")
DOCUMENTS = ("AWS::DocDB::DBCluster", "AWS::DocDBElastic::Cluster", "AWS::DocDB::DBInstance")
DECLARED: Mapping[str, tuple[str, ...]] = {  # the types that a kind of store may be in a template
    "MySQL": RELATIONAL,
    "PostgreSQL": RELATIONAL,
    "SQLServer": RELATIONAL,
    "Oracle": RELATIONAL,
    "SQL": (*RELATIONAL, "AWS::QLDB::Ledger"),
    "MongoDB": DOCUMENTS,
    "Redshift": ("AWS::Redshift::Cluster", "AWS::RedshiftServerless::Namespace"),
}
SPOKEN = ("MySQL", "PostgreSQL", "SQLServer", "Oracle")  # what an ORM may speak to
OWN = {  # what is part of another, and the property that says of which
    INSTANCE: "DBClusterIdentifier",
    "AWS::DocDB::DBInstance": "DBClusterIdentifier",
}
TARGETS = ("DBClusterIdentifiers", "DBInstanceIdentifiers")  # of a proxy
LOCAL = regex(r"(?i)localhost$|127\.|0\.0\.0\.0$|host\.docker\.internal$|::1$|$")
HOST = regex(r"(?:\w[\w+.-]*:)?//(?:[^@/]*@)?([^/:?#,]+)")
NAME = regex(r"[\w.-]+")
ADDRESSING = regex(r"(?i)host|url|uri|endpoint|server|cluster|conn|dsn|database")
ANSWER = "data"
Bind = Callable[[Value], Value]


class Reaching:
    """What says which stores the call sites of one function reach."""

    def __init__(self, directory: Directory, deployment: str, bind: Bind) -> None:
        """``bind`` puts what the template says in place of the function's variables."""
        self.directory = directory
        self.deployment = deployment
        self.bind = bind

    def named(self, site: CallSite) -> tuple[tuple[str, ...], str, str]:
        """Return the template's resources that a site reaches, else kind and name of a store."""
        kind = next((str(a.value) for a in site.arguments if a.path == "Kind"), "SQL")
        said = [a.value for a in site.arguments if tokens(a.path)[:1] == ("Address",)]
        types = DECLARED.get(kind, ())
        label, elsewhere = "", False
        for option in (each for value in said for each in alternatives(value)):
            bound = self.bind(option)
            for one in alternatives(bound):
                found = self.directory.find(one, self.deployment, types) if types else ()
                if found:
                    return tuple(dict.fromkeys(self._whole(id) for id in found)), kind, ""
                name = _host(one)
                elsewhere = elsewhere or bool(name)
                label = label or name
            label = label or _variable(option)
        only = self._only(types)
        if only and not elsewhere:
            return (only,), kind, ""
        return (), kind, label

    def _only(self, types: tuple[str, ...]) -> str:
        """Return the one database of the deployment that a client can be for."""
        members = self.directory.members(self.deployment)
        found = {self._whole(r.id) for r in members if r.type in types and r.type != PROXY}
        return next(iter(found)) if len(found) == 1 else ""

    def _whole(self, id: str) -> str:
        """Return the database that an instance is of, or that a proxy stands before."""
        resource = self.directory.resources[id]
        if resource.type == PROXY:
            for group in self.directory.of_type(PROXIED):
                if _mentions(group.value("DBProxyName"), id):
                    for name in TARGETS:
                        found = self._owners(group.value(name))
                        if found:
                            return self._whole(found[0])
        found = self._owners(resource.value(OWN[resource.type])) if resource.type in OWN else []
        return found[0] if found else id

    def _owners(self, value: Value) -> list[str]:
        return [s.owner for s in symbols(value) if s.owner in self.directory.resources]

    def targets(self, site: CallSite) -> tuple[str, ...]:
        """Return the resources that a site reaches, among those that there are."""
        found, kind, label = self.named(site)
        if found:
            return found
        return self.known(kind, label)

    def known(self, kind: str, label: str) -> tuple[str, ...]:
        """Return the stores of a kind and name; of one that nothing names, the only one."""
        own = store_id(self.deployment, kind, label)
        if own in self.directory.resources:
            return (own,)
        only = _only(_stores(self.directory).get(self.deployment, ()), kind)
        return (only,) if only else ()


@once
def _stores(directory: Directory) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for type in directory.types:
        if type.startswith(PREFIX):
            for each in directory.of_type(type):
                found.setdefault(directory.deployment(each.id), []).append(each)
    return found


def _only(stores: Iterable[Resource], kind: str) -> str:
    """Return the one of some stores that a client of a kind can be for, "" of none or several."""
    kinds = {kind, *(SPOKEN if kind == "SQL" else ())}
    alike = [each.id for each in stores if each.type.removeprefix(PREFIX) in kinds]
    return alike[0] if len(alike) == 1 else ""


def store_id(deployment: str, kind: str, label: str) -> str:
    """Return the id of a store that no template declares."""
    return f"{deployment}/{kind}:{label}" if label else f"{deployment}/{kind}"


def _mentions(value: Value, id: str) -> bool:
    return any(symbol.owner == id for symbol in symbols(value))


def _host(value: Value) -> str:
    """Return the host that an address names, "" where it names none or this machine."""
    if not isinstance(value, str):
        return _host(str(value)) if isinstance(value, Text) and "@" in str(value) else ""
    match = HOST.match(value)
    host = match[1] if match else value.partition(":")[0]
    known = NAME.fullmatch(host) and ("." in host or match)
    return host.lower() if known and not LOCAL.match(host) else ""


def _variable(value: Value) -> str:
    """Return the variable that an address comes from."""
    named = [s.attribute for s in symbols(value) if s.owner == "env" and s.attribute]
    return next((name for name in named if ADDRESSING.search(name)), "")


# ------------------------------------------------------------------------------ as resources


def with_stores(app: App, known: Joined) -> Joined:
    """Return what was joined with the stores that code reaches and no template declares."""
    asking = [
        (summary.function, sites)
        for summary in app.every(Summary)
        if (sites := [each for each in summary.calls if each.service == SERVICE])
    ]
    if not asking:
        return known
    resources = tuple(r for r in known.resources if not r.type.startswith(PREFIX))
    known = replace(known, resources=resources)
    made = list(_reached(Directory(resources, known.of_stack), asking))
    found = {each.id: each for label, each in reversed(made) if label}
    return _with(known, _unnamed(made, [*found.values()], {each.id for each in resources}))


def _unnamed(
    made: list[tuple[str, Resource]], found: list[Resource], declared: set[str]
) -> list[Resource]:
    """Return the stores found, and those that nothing names where none of these can be meant."""
    there = {*declared, *(each.id for each in found)}
    stores: dict[str, list[Resource]] = {}
    for each in found:
        stores.setdefault(each.stack, []).append(each)
    for label, each in sorted(made, key=lambda one: one[1].type == f"{PREFIX}SQL"):
        own = stores.setdefault(each.stack, [])
        if not (label or each.id in there or _only(own, each.type.removeprefix(PREFIX))):
            found.append(each)
            own.append(each)
            there.add(each.id)
    return found


def _reached(
    directory: Directory, asking: Iterable[tuple[str, list[CallSite]]]
) -> Iterator[tuple[str, Resource]]:
    """Yield the stores that are in no template, each with what names it, for each call site."""
    for id, sites in asking:
        function = directory.resources.get(id)
        if function is not None:
            reach = Reaching(directory, directory.deployment(id), _binding(function))
            for site in sites:
                there, kind, label = reach.named(site)
                if not there:
                    yield label, _resource(reach.deployment, kind, label, site)


def _with(known: Joined, found: Iterable[Resource]) -> Joined:
    found = tuple(found)
    homes = known.of_stack | {each.stack: each.stack for each in found}
    return replace(known, resources=(*known.resources, *found), of_stack=homes)


def _binding(function: Resource) -> Bind:
    told = {name: each.value for name, each in variables(function).items()}

    def bind(value: Value) -> Value:
        return substitute(value, lambda s: told.get(s.attribute) if s.owner == "env" else None)

    return bind


def _resource(deployment: str, kind: str, label: str, site: CallSite) -> Resource:
    where = f" at {label}" if label else ""
    said = f"code reaches a database ({kind}{where}) that no template here declares"
    return Resource(
        id=store_id(deployment, kind, label),
        stack=deployment,
        type=f"{PREFIX}{kind}",
        evidence=(Evidence(said, site.place),),
    )


# ------------------------------------------------------------------------------ rows that are read


def selected(site: CallSite, wanted: Tokens) -> Iterator[str]:
    """Yield which columns of a store (``users.email``) a part of a statement's answer holds."""
    names = tuple(step for step in wanted if step != "[]")
    names = names[1:] if names[:1] == (ANSWER,) else names  # of supabase
    columns = {
        path[1]: [str(one) for one in alternatives(argument.value)]
        for argument in site.arguments
        if len(path := tokens(argument.path)) > 1 and path[0] == "Columns"
    }
    whole = columns.pop("*", None) is not None
    if names and names[0].isdigit():  # Python counts them
        listed = [] if whole else list(columns)
        at = int(names[0])
        names = (listed[at], *names[1:]) if at < len(listed) else names[1:]
    tables = [
        str(one)
        for argument in site.arguments
        if argument.path == "Of.table"
        for one in alternatives(argument.value)
        if not isinstance(one, Open)
    ]
    if names and names[0] in columns:
        yield from (joined((*tokens(p), *names[1:])) for p in columns[names[0]] if p)
    elif names and columns and not whole:
        return
    elif names:
        starred = {p for each in columns.values() for p in each if "." not in p}
        yield from (joined((table, *names)) for table in starred or tables or [""])
    elif columns:
        yield from dict.fromkeys(p for each in columns.values() for p in each if p)
    else:
        yield from tables or [""]
