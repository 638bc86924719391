"""Whether somebody may do something to a resource, by which statements, and how else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checkrein.catalog.rights import rights
from checkrein.compare.chains import Chains
from checkrein.compare.principals import Principal, principal_of
from checkrein.compare.reasons import reasons, rulings
from checkrein.compare.resource import Reachers
from checkrein.compare.rights import TOLD
from checkrein.compare.scene import Scene
from checkrein.compare.targets import Target, actions_of, target_of
from checkrein.compare.words import count
from checkrein.derive.access.policies import Bench, PolicyBook
from checkrein.errors import UsageError
from checkrein.iam import Request
from checkrein.model import Answer, App, Decided, Way

OF_AN_SDK = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
Context = Mapping[str, str | tuple[str, ...]]

ARN_PARTS = 6
YES, MAYBE, NO = "yes", "maybe", "no"


def context_of(pairs: Iterable[str]) -> Context:
    """Return condition keys with their values from ``KEY=VALUE``; several of a key are a list."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{pair} is no KEY=VALUE; write it as aws:SourceIp=192.0.2.1")
        found[key] = (*found.get(key, ()), value)
    return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def can(app: App, principal: str, action: str, resource: str, context: Context) -> Decided:
    """Answer whether a principal may do an action, or each that a pattern names, to a resource.

    ``context`` are condition keys that the request brings; others may have any value. Raises
    UsageError where a word means nothing, or several things.
    """
    actions = actions_of(action)
    scene = Scene(app)
    book = scene.book
    who, what = principal_of(scene, book, principal), target_of(scene, book, resource)
    asked = [(each, arn) for each in actions if (arn := what.arn_for(each, only=len(actions) == 1))]
    if not asked:
        raise UsageError(f"{action} is never done to {what.name}")
    benches = _benches(book, who, what)
    found = [_answer(benches, _request(who, each, arn, context), who) for each, arn in asked]
    answers = _grouped(found)
    verdict = _summed(answers)
    otherwise = _otherwise(scene, who, what, [each for each, _ in asked]) if verdict != YES else ()
    return Decided(
        principal=who.identity or who.name,
        action=action,
        resource=what.id or what.name,
        answer=verdict,
        text=_text(verdict, who, action, what, len(asked)),
        answers=answers,
        otherwise=otherwise,
    )


def _request(who: Principal, action: str, arn: str, context: Context) -> Request:
    known: dict[str, str | tuple[str, ...]] = {**OF_AN_SDK, **_of_caller(who), **context}
    return Request(
        principal=who.arn, action=action, resource=arn, owner=who.owner, context=known, open=True
    )


def _of_caller(who: Principal) -> dict[str, str]:
    """Return the condition keys that every request of a caller brings."""
    if not who.arn.startswith("arn:"):
        return {}
    account, name = who.arn.split(":", ARN_PARTS - 1)[ARN_PARTS - 2 :]
    known = {"aws:PrincipalArn": who.arn, "aws:PrincipalAccount": account}
    if name.startswith("user/"):
        known["aws:username"] = name.rpartition("/")[2]
    return known | {"kms:CallerAccount": account}


def _benches(book: PolicyBook, who: Principal, what: Target) -> tuple[Bench, Bench]:
    """Return the engine for a principal's policies, and for those that it may have elsewhere."""
    bench = book.bench(who.identity, what.id)
    if who.known or not who.owner:
        return bench, bench
    return bench, book.bench(who.identity, what.id, elsewhere=f"a policy of {who.name}")


def _answer(benches: tuple[Bench, Bench], request: Request, who: Principal) -> Answer:
    bench, abroad = benches
    decision = bench.authorizer.decide(request)
    if not decision.may and any(each.statement.effect == "Allow" for each in decision.deciding):
        # the resource's policy lets it: then its own account decides
        bench, decision = abroad, abroad.authorizer.decide(request)
    unknown = not who.known and not who.owner and not decision.denied
    answer = YES if decision.must else MAYBE if decision.may or unknown else NO
    why = [f"the policies of {who.name} stand in no template here"] if unknown else []
    why += reasons(bench, decision, request, answer)
    return Answer((request.action,), answer, tuple(why), tuple(rulings(bench, decision)))


def _grouped(found: Iterable[Answer]) -> tuple[Answer, ...]:
    """Put together the actions that are answered alike, for the same reasons."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for each in found:
        key = each.answer, each.depends, each.rulings
        groups.setdefault(key, []).extend(each.actions)
    order = (YES, MAYBE, NO)
    answers = [Answer(tuple(a), k[0], k[1], k[2]) for k, a in groups.items()]  # type: ignore[arg-type]
    return tuple(sorted(answers, key=lambda each: order.index(each.answer)))


def _summed(answers: Iterable[Answer]) -> str:
    found = {each.answer for each in answers}
    return found.pop() if len(found) == 1 else MAYBE


def _text(verdict: str, who: Principal, action: str, what: Target, number: int) -> str:
    word = {YES: "may do", MAYBE: "may perhaps do", NO: "may not do"}[verdict]
    some = f" ({count(number, 'action')})" if number > 1 else ""
    return f"{verdict}: {who.name} {word} {action}{some} on {what.name}"


def _otherwise(
    scene: Scene, who: Principal, what: Target, actions: Iterable[str]
) -> tuple[Way, ...]:
    """Return how a principal gets the rights behind some actions through others."""
    wanted = {right for action in actions for right in rights(action)}
    told = tuple(right for right in TOLD if right in wanted)
    if not what.id or not told or not who.identity:
        return ()
    return Reachers(scene, Chains(scene), what.id, what.name, told).further(who.identity)
