"""Valuable data reaches a log.

## Why

A log is read by more people, kept longer and protected less than the store the data belongs in.
A token or a password in a log opens the door for everybody who may read logs. One mail address there is a small fault;
two attributes of a person, as a name and a telephone number, tell who somebody is and are a greater one.

## Fix

Log identifiers and outcomes instead of whole events, or redact the fields that the path names.

## Examples

```yaml bad template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"])  #! the log of SignUp receives e-mail address
              return {"ok": True}
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: !GetAtt Users.Arn}}}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Events: {Order: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /order, Method: post}}}
      InlineCode: |
        from aws_lambda_powertools import Logger, Tracer
        logger, tracer = Logger(), Tracer()
        @logger.inject_lambda_context(log_event=True)  #! the log of Order receives API key or access token, passport and e-mail address
        def handler(event, context):
            tracer.put_metadata("event", event)
            logger.info(event["body"]["count"])
            tracer.put_annotation("passport", event["body"]["passportNumber"])  #! the log of Order receives passport
            return {"statusCode": 200}
```

```yaml good template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print("one more customer")
              return {"email": event["customer"]["email"]}
```

The words of an error that nobody catches are logged, too, and those of one that code catches are not:

```yaml bad template.yaml
Resources:
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          class Refused(Exception):
              pass

          def check(card):
              if len(card) != 16:
                  raise Refused(f"no such card: {card}")  #! the log of Pay receives payment card number

          def handler(event, context):
              check(event["creditCard"])
              return {"ok": True}
```

```yaml good template.yaml
Resources:
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          const check = (card) => {
            if (card.length !== 16) throw new Error(`no such card: ${card}`);
          };
          exports.handler = async (event) => {
            if (!event.creditCard) throw new Error("a card is missing");
            try {
              check(event.creditCard);
            } catch {
              return { ok: false };
            }
            return { ok: true };
          };
```

What code takes out, or puts something else in the place of, is not logged:

```yaml good template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          const log = (event, whole = false) => {
            if (whole) console.log(event);
          };
          exports.handler = async (event) => {
            const { email, ...rest } = event.customer;
            console.log(rest, { ...event.customer, email: "***" });
            log(event, false);
            return { email };
          };
```

What a host answers to one request says nothing of its other answers:

```yaml bad template.yaml
Resources:
  Shop:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          const HOST = "https://api.shop.com";
          exports.handler = async (event) => {
            const login = await fetch(`${HOST}/oauth/token`, { method: "POST" });
            const shown = await login.json();
            console.log(shown);  //! the log of Shop receives API key or access token
            const headers = { Authorization: shown.access_token };
            const found = await fetch(`${HOST}/items?q=${event.wanted}`, { headers });
            return found.json();
          };
```

```yaml good template.yaml
Resources:
  Shop:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          const HOST = "https://api.shop.com";
          exports.handler = async (event) => {
            const login = await fetch(`${HOST}/oauth/token`, { method: "POST" });
            const shown = await login.json();
            const headers = { Authorization: shown.access_token };
            const found = await fetch(`${HOST}/items?q=${event.wanted}`, { headers });
            const items = await found.json();
            console.log(items);
            return items;
          };
  Search:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import os, requests
          def handler(event, context):
              host = os.environ["HOST"]
              shown = requests.post(f"{host}/oauth/token", timeout=3).json()
              headers = {"Authorization": shown["access_token"]}
              items = requests.get(f"{host}/items", headers=headers, timeout=3).json()
              print(items)
              return items
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from checkrein.checks import check
from checkrein.checks.capabilities import CREDENTIAL
from checkrein.checks.missing import unlogged
from checkrein.checks.questions import (
    LOG,
    accepted,
    carried,
    flows_to,
    is_pointer,
    rows_of,
    short,
    titles,
    weakest,
)
from checkrein.checks.worth import valuable, value
from checkrein.model import (
    App,
    Basis,
    CallSite,
    Element,
    Evidence,
    Finding,
    Flow,
    Place,
    Resource,
    Row,
    Summary,
)
from checkrein.model.asking import of_app, settled
from checkrein.model.workloads import LAMBDA

HARMFUL = frozenset({"cred", "pay", "bank", "pii", "phi", "special"})
MACHINE = "AWS::StepFunctions::StateMachine"
RAISED = "raise"  # the operation of what is logged because nobody catches it
LEVELS = (
    "Environment.Variables.LOG_LEVEL",
    "Environment.Variables.POWERTOOLS_LOG_LEVEL",
    "LoggingConfig.ApplicationLogLevel",
)
STARTED = (
    *("LoggingConfig.ApplicationLogLevel", "Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER"),
    "Environment.Variables.AWS_LAMBDA_LOG_FORMAT",
)
STANDARD = "logging"  # as ``CallSite.service`` has it
GRAVE = 7  # what is worth less is a small fault in a log, one by one
DIRECT = frozenset({"pii.email", "pii.name", "pii.phone", "pii.address", "pii.birth"})
TELLING = 2  # so many of them tell who somebody is, and how to get at them
Logged = tuple[Flow, Element]


@check(
    rows_of(LOG),
    fault=2,
    topics=("data-exposure",),
    frameworks=("CWE-532", "OWASP-2025:A09", "OWASP-2021:A09"),
)
def data_in_logs(log: Row, app: App) -> Iterator[Finding]:
    unmeant = {d for d in valuable(app, log.coded) if _matters(app, d)}
    unmeant -= {*log.intended, *accepted(app, log.id)}
    seldom = {place for places in _seldom(app).values() for place in places}  # the others first
    by_place: defaultdict[Place, list[tuple[Flow, Element]]] = defaultdict(list)
    for flow in flows_to(app, log.id) if unmeant else ():
        if _is_execution(app, flow):
            continue
        for element in carried(app, flow, likely=True):
            if element.data not in unmeant or is_pointer(element):
                continue
            if not _became_another(app, flow, element):
                by_place[flow.evidence[0].place].append((flow, element))
    for place, (found, others) in sorted(_merged(by_place).items(), key=lambda at: at[0] in seldom):
        classes = valuable(app, (element.data for _, element in found))
        flow, element = next(each for each in found if each[1].data == classes[0])
        again = (Evidence(f"{short(flow.via)} logs it here too", other) for other in others)
        yield Finding(
            place,
            f"{_name(log)} receives {titles(classes)}",
            steps=tuple(dict.fromkeys((*element.evidence, *flow.steps, *again))),
            cwe="CWE-532",
            endangers=(log.id,),
            key=tuple(sorted(classes)),
            confidence=_confidence(app, [each for each in found if each[1].data == classes[0]]),
            data=tuple(classes),
            by=tuple(sorted({each.via for each, _ in found})),
            fault=2 if _is_grave(app, classes) and not _is_seldom(app, flow) else 1,
            usable=classes[0].startswith(CREDENTIAL),
        )


def _is_grave(app: App, classes: list[str]) -> bool:
    """Tell whether what a log receives opens or harms by itself, or tells who somebody is."""
    return value(app, classes[0]) >= GRAVE or len(DIRECT.intersection(classes)) >= TELLING


def _confidence(app: App, found: list[Logged]) -> str:
    if all(unlogged(app, flow.via) for flow, _ in found):
        return "possible"  # the role that the template gives may not write it
    told = [element.confidence for _, element in found]
    return weakest([*told, "likely"] if all(_is_seldom(app, flow) for flow, _ in found) else told)


def _is_seldom(app: App, flow: Flow) -> bool:
    """Tell whether content is logged only where a request fails, or somebody looks for a fault.

    What code refuses is often no such content, and Python writes no ``debug`` unless it is told to,
    in Lambda's own runtime no ``info`` either: ``basicConfig`` does nothing there.
    """
    return flow.evidence[0].place in _seldom(app).get(flow.via, ())


@settled
def _seldom(app: App) -> dict[str, set[Place]]:
    """Return where functions raise errors that nobody catches, and Python's lines for debugging."""
    found: dict[str, set[Place]] = {}
    for summary in app.every(Summary):
        logged = [site for site in summary.calls if site.kind == "log"]
        debugs = _debugs(app, summary.function)
        warns = not debugs and _keeps_levels(app.get(Resource, summary.function))
        hidden = (
            site
            for site in logged
            if (_is_for_debugging(site) and not debugs) or (warns and _is_below_levels(site))
        )
        raised = (site for site in logged if site.operation == RAISED)
        found[summary.function] = {site.place for site in (*raised, *hidden)}
    return found


def _debugs(app: App, function: str) -> bool:
    """Tell whether a template asks a function to write what is for debugging."""
    holder = app.get(Resource, function)
    said = (holder.value(path) for path in LEVELS) if holder else ()
    return any(str(level).lower() in ("debug", "trace") for level in said)


def _is_for_debugging(site: CallSite) -> bool:
    return site.operation == "debug" and site.place.path.endswith(".py")


def _keeps_levels(function: Resource | None) -> bool:
    """Tell whether a function runs in Python's managed runtime, which logs from warnings on.

    Not an image or what an extension starts instead: there code sets up logging by itself.
    """
    if function is None or function.type != LAMBDA or function.unknown:
        return False
    if not str(function.value("Runtime") or "").startswith("python"):
        return False
    asked = any(function.value(path) is not None for path in STARTED)
    form = function.value("LoggingConfig.LogFormat")
    return not asked and form in (None, "Text")


def _is_below_levels(site: CallSite) -> bool:
    """Tell whether a line is written only where somebody sets a level, which nobody does here."""
    return site.service == STANDARD and site.operation in ("info", "debug")


def _is_execution(app: App, flow: Flow) -> bool:
    """Tell whether a state machine logs it itself: `data-in-execution-log` says so."""
    mover = app.get(Resource, flow.via)
    return mover is not None and mover.type == MACHINE


def _became_another(app: App, flow: Flow, element: Element) -> bool:
    """Tell whether what a log holds there may be something else by now: a claim, once a token."""
    path = element.slot.path.removeprefix(flow.source.path).lstrip(".")
    return (flow.target.node, path, element.data) in _doubtful(app)


@of_app
def _doubtful(app: App) -> set[tuple[str, str, str]]:
    """Return what nodes may hold: node, path and class."""
    return {
        (one.slot.node, one.slot.path, one.data)
        for one in app.every(Element)
        if one.basis == Basis.POTENTIAL
    }


def _merged(
    by_place: Mapping[Place, list[Logged]],
) -> dict[Place, tuple[list[Logged], list[Place]]]:
    """Unite places where the same functions log the same: the first, with the others."""
    first: dict[object, Place] = {}
    merged: dict[Place, tuple[list[Logged], list[Place]]] = {}
    for place, found in sorted(by_place.items(), key=lambda item: item[0]):
        same = frozenset((flow.via, element.data) for flow, element in found)
        at = first.setdefault(same, place)
        merged.setdefault(at, (found, []))
        if at != place:
            merged[at][1].append(place)
    return merged


def _matters(app: App, data: str) -> bool:
    """Tell whether a class harms somebody in a log: prices and plans of the business rarely do."""
    return data.partition(".")[0] in HARMFUL or value(app, data) >= GRAVE


def _name(log: Row) -> str:
    """Name a log: one that the template declares has a name of its own."""
    return f"the log of {short(log.id)}" if log.id.endswith("@logs") else short(log.id)
