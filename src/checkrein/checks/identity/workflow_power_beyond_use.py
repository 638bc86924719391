"""A workflow may do more with valuable data than its steps ever do.

## Why

A state machine acts with its own role. Its steps say all that it does; what the role may do beyond that
serves only whoever changes the definition, or passes the role on.

## Fix

Allow the actions that the steps name, on the resources that they name.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: tables
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:PutItem, dynamodb:Scan]  #! Welcome may read Customers (e-mail address), and no step of it does (dynamodb:Scan)
                Resource: !GetAtt Customers.Arn
  Welcome:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Save
        States:
          Save:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters: {TableName: customers, Item: {email: {"S.$": $.email}}}
            End: true
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: tables
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Customers.Arn}
  Welcome:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        StartAt: Save
        States:
          Save:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters: {TableName: customers, Item: {email: {"S.$": $.email}}}
            End: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.rights import rights
from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners
from checkrein.checks.keeping import with_data
from checkrein.checks.machines import MACHINE, actions_of
from checkrein.checks.policies import VERBS, verbs
from checkrein.checks.powers import HOUSEKEEPING
from checkrein.checks.privilege import covers, given, holders, place_of
from checkrein.checks.questions import grouped, listed
from checkrein.model import Access, App, Finding, Grant, Resource, Undecided
from checkrein.model.asking import of_app

DEEDS = ("read", "write", "delete", "permission")


@check(
    resource(MACHINE),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-250",),
)
def workflow_power_beyond_use(machine: Resource, app: App) -> Iterator[Finding]:
    for role in owners(app, machine.value("RoleArn")):
        if holders(app, role) or role in _elsewhere(app):
            continue  # what other code does with it is not seen here
        yield from _beyond(app, machine, role)


def _beyond(app: App, machine: Resource, role: str) -> Iterator[Finding]:
    over = [
        access
        for access in grouped(app, Access, "identity").get(role, [])
        if access.certain and access.right in DEEDS and kept(app, access.target)
    ]
    if not over:
        return
    needed, doubt = actions_of(app, machine)
    if doubt:
        raise Undecided(doubt)
    over = [each for each in over if each.actions[0].partition(":")[0] not in HOUSEKEEPING]
    used = {right for action in needed for right in _done(action)}
    idle = [each for each in over if not any({*_done(a)} & used for a in each.actions)]
    for grant in grouped(app, Grant, "identity").get(role, []):
        if grant.effect == "Allow" and not grant.holder and not grant.not_actions:
            yield from _of_grant(app, machine, grant, idle)


def _done(action: str) -> Iterator[tuple[str, str]]:
    """Yield what an action does, each with its service: ``("dynamodb", "read")``."""
    service = action.partition(":")[0]
    return ((service, right) for right in rights(action))


def _of_grant(app: App, machine: Resource, grant: Grant, idle: list[Access]) -> Iterator[Finding]:
    given_here = [
        access
        for access in idle
        if given(grant.actions, access.actions) and covers(app, grant, access.target)
    ]
    if not given_here:
        return
    targets = sorted({access.target for access in given_here})
    actions = tuple(action for access in given_here for action in access.actions)
    patterns = [pattern for pattern in grant.actions if given((pattern,), actions)]
    deeds = [right for right in VERBS if right in {access.right for access in given_here}]
    yield Finding(
        place_of(app, grant, patterns[0]),
        f"{machine.name} may {listed(verbs(deeds), len(DEEDS))}"
        f" {listed((with_data(app, id) for id in targets), 2)},"
        f" and no step of it does ({listed(patterns)})",
        grant.evidence,
        cwe="CWE-250",
        endangers=tuple(targets),
        key=(*deeds, *targets, *patterns),
        by=(grant.identity,),
    )


@of_app
def _elsewhere(app: App) -> set[str]:
    """Return what other things than state machines name as a role of theirs."""
    return {
        owner
        for each in app.every(Resource)
        if each.type not in (MACHINE, "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        for name, value in each.properties.items()
        if "Role" in name
        for owner in owners(app, value)
    }
