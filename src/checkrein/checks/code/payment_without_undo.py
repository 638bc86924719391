"""A step after a payment may fail, and nothing gives the money back.

## Why

A workflow that takes money and then reserves, ships or books has to say what happens when the later step
fails: without a `Catch` the execution ends there, the customer has paid, and nobody refunds.

## Fix

Catch errors of the steps after the payment and lead to one that refunds.

## Examples

```yaml bad template.yaml
Resources:
  Checkout:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition:
        StartAt: ChargeCard
        States:
          ChargeCard:
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:111122223333:function:charge
            Next: ReserveStock
          ReserveStock:  #! if ReserveStock fails after ChargeCard, nothing in Checkout undoes the payment
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:111122223333:function:reserve
            End: true
```

```yaml good template.yaml
Resources:
  Checkout:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition:
        StartAt: ChargeCard
        States:
          ChargeCard:
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:111122223333:function:charge
            Next: ReserveStock
          ReserveStock:
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:111122223333:function:reserve
            Catch: [{ErrorEquals: [States.ALL], Next: Refund}]
            End: true
          Refund:
            Type: Task
            Resource: arn:aws:lambda:eu-west-1:111122223333:function:refund
            End: true
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.machines import MACHINE, Step, all_steps
from checkrein.late import regex
from checkrein.model import App, Finding, Resource

TAKES = regex(r"(?:charge|debit|capture|collect|take|process|make|execute)", re.IGNORECASE)
MONEY = regex(r"(?:payment|card|money|funds|credit_?card)", re.IGNORECASE)
ALONE = regex(r"(?:^|[^a-z])(?:charge|pay|debit)(?:[^a-z]|$)", re.IGNORECASE)
UNDOES = regex(r"refund|revert|cancel|undo|compensat|rollback|fail|void|release", re.IGNORECASE)
TELLS = regex(r"notif|mail|message|log|report|emit|event|sms", re.IGNORECASE)


@check(
    resource(MACHINE),
    fault=1,
    topics=("business-logic", "error-handling"),
    frameworks=("CWE-755", "CWE-841"),
)
def payment_without_undo(machine: Resource, _: App) -> Iterator[Finding]:
    steps = {step.name: step for step in all_steps(machine)}
    for paid in steps.values():
        if paid.is_task and _takes_money(paid.name):
            later = next((step for step in _after(steps, paid) if _may_fail(step)), None)
            if later:
                yield Finding(
                    machine.where(later.path),
                    f"if {later.name} fails after {paid.name}, nothing in {machine.name} undoes the"
                    " payment",
                    cwe="CWE-755",
                    endangers=(machine.id,),
                    key=(paid.name, later.name),
                    confidence="likely",  # names say what the steps do
                )
                return


def _takes_money(name: str) -> bool:
    if UNDOES.search(name):
        return False
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return bool(TAKES.search(name) and MONEY.search(name)) or bool(ALONE.search(words))


def _may_fail(step: Step) -> bool:
    """Tell whether a step does something, may fail, and says nothing of what happens then."""
    harmless = UNDOES.search(step.name) or TELLS.search(step.name)
    return step.is_task and "Catch" not in step.content and not harmless


def _after(steps: dict[str, Step], first: Step) -> Iterator[Step]:
    """Yield the steps that follow one in the normal course of things, nearest first."""
    seen, waiting = {first.name}, _nexts(first)
    while waiting:
        name = waiting.pop(0)
        if name in steps and name not in seen:
            seen.add(name)
            yield steps[name]
            waiting += _nexts(steps[name])


def _nexts(step: Step) -> list[str]:
    choices = step.content.get("Choices")
    listed = [c for c in choices if isinstance(c, dict)] if isinstance(choices, list) else []
    ways = [step.content, *listed, {"Next": step.content.get("Default")}]
    return [name for way in ways if isinstance(name := way.get("Next"), str)]
