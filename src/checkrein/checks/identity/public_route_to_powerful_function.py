"""Anyone may call a function whose role has broad power.

## Why

Between the internet and everything the role may do stands only the function's own code. One
injection, one forgotten check, and a caller without a name has the whole power.

It is high or critical where that is known already: callers choose what runs, or which resource a call is
about, or the code does for them what gives others rights. Else it is medium, whole services too: an open
route alone lets callers have what the code does, and no more. Every right on everything is high there as well.

## Fix

Narrow the role to what the code uses, or ask callers who they are.

## Examples

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:*  #! anyone may call Rides, which is allowed dynamodb:* on everything
                Resource: "*"
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: AWS_IAM
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.rights import right
from checkrein.checks import check, every
from checkrein.checks.powers import (
    classes_of,
    doubted_powers,
    endangered,
    everything,
    fault_of,
    given_away,
    is_of_one,
    predicate,
    unused_powers,
)
from checkrein.checks.privilege import (
    Permit,
    coded_actions,
    given,
    narrowed,
    permits,
    place_of,
    written,
)
from checkrein.checks.questions import listed, public_entries, short
from checkrein.checks.spread import could_spread
from checkrein.checks.steering import came_with, idle, steered
from checkrein.checks.tainted import ROLE
from checkrein.model import App, Evidence, Finding, Function, Grant, Undecided

EVERYTHING = "*"  # whoever adds a line of code rules the account
NEEDLESS = 2  # the fault of what callers do not get at, where the check's own is that of any power


@check(
    every(Function),
    fault=3,
    topics=("authentication", "least-privilege"),
    frameworks=("CWE-250", "CWE-306", "CIS-AWS-7.0:2.14"),
)
def public_route_to_powerful_function(function: Function, app: App) -> Iterator[Finding]:
    entries = public_entries(app, function.id)
    if not entries:
        return
    ways = tuple(evidence for entry in entries for evidence in entry.evidence)
    doubts, told = [], False
    for permit in permits(app, function.identity):
        for finding in _findings(app, function, permit, ways):
            told = True
            yield finding
        doubts.append(doubted_powers(app, permit))
    if any(doubts) and not told:
        raise Undecided(next(filter(None, doubts)))


def _findings(
    app: App, function: Function, permit: Permit, ways: tuple[Evidence, ...]
) -> Iterator[Finding]:
    broad = {action: grant for grant, action in [*everything(permit.grants), *_giving(permit)]}
    if broad:
        yield _everything(app, function, broad, ways)
    else:
        yield from _needless(app, function, permit, ways)


def _everything(
    app: App, function: Function, wide: dict[str, Grant], ways: tuple[Evidence, ...]
) -> Finding:
    own = all(map(is_of_one, wide))  # of these nothing but what they are about is at stake
    reached = (given_away if own else endangered)(app, function.identity, wide)
    first, had = next(iter(wide)), _is_had(app, function, wide)
    all_rights = EVERYTHING in wide
    return Finding(
        place_of(app, wide[first], first),
        f"anyone may call {short(function.id)}, which is allowed {listed(wide)} on everything",
        (*ways, *could_spread(app, function.identity, wide)),
        cwe="CWE-250",
        endangers=tuple(reached) if own else tuple(sorted({function.id, *reached})),
        key=tuple(wide),
        data=(*classes_of(app, reached), *(ROLE if all_rights else ())),
        by=(function.id,),
        fault=fault_of(wide) or (0 if had or all_rights else NEEDLESS),
        confidence=_sure(app, function, had=had or all_rights),
        idle=not had and idle(app, (function.id,)),
        over=not had or all_rights,
    )


def _is_had(app: App, function: Function, wide: dict[str, Grant]) -> bool:
    """Tell whether callers are seen to get at some of what is allowed beyond what code does.

    Code that itself gives others rights does so for who calls it.
    """
    giving = tuple(action for action in wide if not action.endswith("*"))
    used = given(giving, coded_actions(app, function.identity))
    return bool(used) or steered(app, (function.id,))


def _needless(
    app: App, function: Function, permit: Permit, ways: tuple[Evidence, ...]
) -> Iterator[Finding]:
    powers = unused_powers(app, permit)
    if not powers:
        return
    actions = sorted({action for power in powers for action in power.actions})
    patterns = written(permit, actions)
    what = predicate(app, function.identity, powers, patterns, of_one=True)
    targets = sorted({power.target for power in powers})
    yield Finding(
        place_of(app, permit.grants[0], patterns[0]),
        f"anyone may call {short(function.id)}, which {what}",
        (*ways, *came_with(app, permit), *could_spread(app, function.identity, actions)),
        cwe="CWE-250",
        endangers=tuple(targets),
        fix=narrowed(app, permit, actions),
        key=tuple(patterns),
        data=classes_of(app, targets),
        by=(function.id,),
        confidence=_sure(app, function, had=steered(app, (function.id,))),
        fault=NEEDLESS,
        idle=idle(app, (function.id,)),
    )


def _sure(app: App, function: Function, *, had: bool) -> str:
    """Return how sure it is that callers get at rights: of code that is not read nobody knows."""
    return "certain" if had or idle(app, (function.id,)) else "possible"


def _giving(permit: Permit) -> Iterator[tuple[Grant, str]]:
    """Yield the actions that give rights to others, on every resource."""
    for grant in permit.grants:
        free = not grant.conditions and not grant.not_actions and not grant.not_resources
        if grant.effect == "Allow" and free and "*" in grant.resources and not grant.holder:
            yield from ((grant, a) for a in grant.actions if right(a) == "permission")
