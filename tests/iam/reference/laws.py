"""Laws that hold of the engine's answers to related questions.

Each takes a question and dice, and says what breaks the law, or "" if nothing does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import asdict, replace

from checkrein.iam import Arns, Authorizer
from checkrein.iam.requests import Policies, Request
from checkrein.iam.symbols import Symbols
from checkrein.model import Symbol, Text, Value
from checkrein.model.values import substitute, text
from tests.iam.reference.dice import Dice
from tests.iam.reference.drawn_conditions import context
from tests.iam.reference.drawn_policies import EVERYTHING, listed
from tests.iam.reference.evaluator import ALLOWED, EXPLICIT, outcomes
from tests.iam.reference.vocabulary import ACCOUNTS, NAMES, REGIONS

SAMPLES = 3


def open_request(request: Request, policies: Policies, dice: Dice) -> str:
    """What holds of an open request holds of every completion of its context."""
    known = {key: value for key, value in request.context.items() if dice.chance(0.5)}
    asked = replace(request, context=known, open=True)
    must, may, denied = Authorizer(policies).grade(asked)
    given = {key.lower() for key in known}
    for sample in range(SAMPLES):
        drawn = context(dice) if sample else dict(request.context)
        rest = {
            key: value
            for key, value in drawn.items()
            if key.lower() not in given and _of_its_kind(key, value)
        }
        completed = replace(request, context={**rest, **known})
        found = outcomes(completed, policies)
        if _unsound(found, must=must, may=may, denied=denied):
            return f"open {asked}: {must, may, denied}, but {found} for {completed.context}"
    return ""


def _of_its_kind(key: str, value: str | tuple[str, ...]) -> bool:
    """Only a key of many values has many: such keys cannot be variables."""
    return isinstance(value, str) or key.lower() == "aws:tagkeys"


def _unsound(found: set[str], *, must: bool, may: bool, denied: bool) -> bool:
    wrongly_allowed = must and found != {ALLOWED}
    return wrongly_allowed or (not may and ALLOWED in found) or (denied and found != {EXPLICIT})


UNKNOWN = {
    "account": Symbol("@aws", "AccountId"),
    "region": Symbol("@aws", "Region"),
    "name": Symbol("app@parameter", "Name"),
}
INSTANCES = {
    "account": (*ACCOUNTS, "777788889999"),
    "region": (*REGIONS, "ap-south-1"),
    "name": (*NAMES, "a/b", "a:b", "x"),
}
PLACES = {
    "account": re.compile(ACCOUNTS[0]),
    "region": re.compile(REGIONS[0]),
    "name": re.compile("data|orders"),
}


def symbols(request: Request, policies: Policies, dice: Dice) -> str:
    """What holds of accounts, regions and names not known holds of every one there may be."""
    kinds = [kind for kind in UNKNOWN if dice.chance(0.6)]
    general = _parsed(policies)
    for kind in kinds:
        general = _generalised(general, kind)
    asked = {
        field: _generalised_by(getattr(request, field), kinds)
        for field in ("principal", "resource", "owner", "context")
    }
    table = Symbols()
    encoded = replace(request, **{field: _encoded(value, table) for field, value in asked.items()})
    must, may, denied = Authorizer(Policies(**general), table).grade(encoded)
    for _ in range(SAMPLES):
        chosen = {UNKNOWN[kind]: dice.pick(INSTANCES[kind]) for kind in kinds}
        concrete = Policies(**{kind: _filled(value, chosen) for kind, value in general.items()})
        one = replace(request, **{field: _filled(value, chosen) for field, value in asked.items()})
        found = outcomes(one, concrete)
        if _unsound(found, must=must, may=may, denied=denied):
            return f"symbols {asked} {general}: {must, may, denied}, but {found} for {chosen}"
    return ""


def _parsed(policies: Policies) -> dict[str, Any]:
    return {
        kind: json.loads(value) if isinstance(value, str) else value
        for kind, value in asdict(policies).items()
    }


def _generalised_by(value: Any, kinds: list[str]) -> Any:
    for kind in kinds:
        value = _generalised(value, kind)
    return value


def _generalised(value: Any, kind: str) -> Any:
    """Put a symbol wherever a value of its kind stands in a text."""
    if isinstance(value, str):
        parts = PLACES[kind].split(value)
        joined: list[Any] = [parts[0]]
        for part in parts[1:]:
            joined += [UNKNOWN[kind], part]
        return text(joined)
    if isinstance(value, dict):
        return {key: _generalised(inner, kind) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_generalised(inner, kind) for inner in value])
    if isinstance(value, Text):
        return text([_generalised(part, kind) for part in value.parts])
    return value


def _encoded(value: Value, table: Symbols) -> Any:
    if isinstance(value, dict):
        return {key: _encoded(inner, table) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(_encoded(inner, table) for inner in value)
    return table.encode(value)[0]


def _filled(value: Any, chosen: dict[Symbol, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_filled(inner, chosen) for inner in value)
    if isinstance(value, dict):
        return {key: _filled(inner, chosen) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, chosen) for inner in value]
    return substitute(value, chosen.get)


def denial(request: Request, policies: Policies, dice: Dice) -> str:
    """Adding a Deny never adds access."""
    statement = {**EVERYTHING, "Effect": "Deny", "Principal": "*"}
    statement["Action"] = dice.pick((request.action, "*", "ec2:*", f"{request.action[:6]}*"))
    statement["Resource"] = dice.pick((request.resource, "*", f"{request.resource[:-3]}*"))
    more: dict[str, Any] = {"identity": (*policies.identity, {"Statement": statement})}
    if policies.resource is not None and dice.chance(0.5):
        document = _parsed(policies)["resource"]
        both = [*listed(document["Statement"]), statement]
        more = {"resource": {**document, "Statement": both}}
    before = Authorizer(policies).grade(request)
    after = Authorizer(replace(policies, **more)).grade(request)
    added = (after.must and not before.must) or (after.may and not before.may)
    return f"denial {more} adds access to {request} {policies}" if added else ""


def order(request: Request, policies: Policies, dice: Dice) -> str:
    """Splitting, merging and reordering statements changes nothing."""
    kinds = _parsed(policies)
    for kind in ("identity", "boundary", "endpoint"):
        if kinds[kind]:
            kinds[kind] = tuple(_shuffled(document, dice) for document in reversed(kinds[kind]))
    for kind in ("resource", "session"):
        if kinds[kind] is not None:
            kinds[kind] = _shuffled(kinds[kind], dice)
    before = Authorizer(policies).grade(request)
    after = Authorizer(Policies(**kinds)).grade(request)
    return f"order: {before} but {after} for {request} {policies}" if before != after else ""


def _shuffled(document: dict[str, Any], dice: Dice) -> dict[str, Any]:
    """Split statements by their actions, repeat some, and put them in another order."""
    statements = [
        {**statement, "Action": action} if "Action" in statement else statement
        for statement in listed(document["Statement"])
        for action in listed(statement.get("Action", ""))
    ]
    repeated = [*statements, *(each for each in statements if dice.chance(0.3))]
    return {**document, "Statement": sorted(repeated, key=lambda _: dice.roll())}


def width(request: Request, policies: Policies, dice: Dice) -> str:
    """A wider pattern in an Allow never takes access away, in a Deny never adds any."""
    for effect in ("Allow", "Deny"):
        wider = tuple(_widened(document, effect, dice) for document in policies.identity)
        before = Authorizer(policies).grade(request)
        after = Authorizer(replace(policies, identity=wider)).grade(request)
        pairs = [(before, after)] if effect == "Allow" else [(after, before)]
        for low, high in pairs:
            if (low.must and not high.must) or (low.may and not high.may):
                return f"width {effect}: {before}, {after} for {request} {policies} {wider}"
    return ""


def _widened(document: dict[str, Any], effect: str, dice: Dice) -> dict[str, Any]:
    statements = [
        {**statement, "Resource": [_wide(each, dice) for each in listed(statement["Resource"])]}
        if statement["Effect"] == effect and "Resource" in statement
        else statement
        for statement in listed(document["Statement"])
    ]
    return {**document, "Statement": statements}


def _wide(pattern: str, dice: Dice) -> str:
    """Cut a pattern's last part, which is what wildcards may stand in without doubt."""
    parts = pattern.split(":", 5)
    if len(parts) < 6 or "$" in pattern:
        return pattern
    kept = parts[5][: int(dice.roll() * len(parts[5]))]
    return ":".join([*parts[:5], f"{kept}*"])


def table(request: Request, policies: Policies, dice: Dice) -> str:
    """A table says of every ARN what a single decision says."""
    authorizer = Authorizer(policies)
    near = request.resource.replace(dice.pick(NAMES), dice.pick(NAMES))
    arns = Arns([request.resource, near, f"{near[:-1]}*", f"{near[:-1]}?", "*"], authorizer.matcher)
    asked = replace(request, open=dice.chance(0.3))
    outcome = authorizer.table(asked, [request.action], arns).outcomes[request.action]
    for at, arn in enumerate(arns.arns):
        single = authorizer.grade(replace(asked, resource=arn))
        if tuple(bool(bits >> at & 1) for bits in outcome) != tuple(single):
            return f"table: {outcome} but {single} on {arn} of {arns.arns} for {asked} {policies}"
    return ""


Law = Callable[[Request, Policies, Dice], str]
LAWS: tuple[Law, ...] = (open_request, symbols, denial, order, width, table)


def broken(request: Request, policies: Policies, dice: Dice) -> Iterator[str]:
    """Yield what breaks a law, of all laws."""
    for law in LAWS:
        found = law(request, policies, dice)
        if found:
            yield found
